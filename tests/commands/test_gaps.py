"""Silence in a history is said aloud."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lastseen.commands.gaps import with_gaps

ROWS: list[dict[str, Any]] = [
    {"on": date(2012, 6, 16), "kind": "visit"},
    {"on": date(2012, 6, 27), "kind": "review"},
    {"on": date(2013, 6, 27), "kind": "visit"},
]
END = date(2013, 8, 1)


def kinds(rows: list[dict[str, Any]], days: int = 90) -> list[str]:
    return [row["kind"] for row in with_gaps(rows, "on", END, days)]


def test_a_long_gap_between_two_contacts_has_its_own_row() -> None:
    assert kinds(ROWS) == ["visit", "review", "(365 days: nothing on record)", "visit"]


def test_newest_first_has_the_same_gaps_in_its_own_order() -> None:
    assert kinds(ROWS[::-1]) == ["visit", "(365 days: nothing on record)", "review", "visit"]


@pytest.mark.parametrize("rows", [ROWS, ROWS[::-1]])
def test_the_time_from_the_last_contact_to_the_day_asked_is_a_gap_too(rows: list[dict[str, Any]]) -> None:
    found = kinds(rows, 35)
    assert found.count("(35 days: nothing on record)") == 1
    assert found[-1 if rows is ROWS else 0] == "(35 days: nothing on record)"


def test_a_single_old_contact_is_followed_by_its_gap() -> None:
    assert kinds(ROWS[:1]) == ["visit", "(411 days: nothing on record)"]


def test_an_empty_history_and_contacts_without_a_day_make_no_gap() -> None:
    assert kinds([]) == []
    assert kinds([{"on": None, "kind": "letter"}]) == ["letter"]
