"""Silence in a history is said aloud."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lastseen.commands.histories import told, with_gaps

ROWS: list[dict[str, Any]] = [
    {"on": date(2012, 6, 16), "contact": "visit"},
    {"on": date(2012, 6, 27), "contact": "review"},
    {"on": date(2013, 6, 27), "contact": "visit"},
]
END = date(2013, 8, 1)


def kinds(rows: list[dict[str, Any]], days: int = 90) -> list[str]:
    return [row["contact"] for row in with_gaps(rows, END, days)]


def test_a_contact_is_told_in_words() -> None:
    row = {
        "occurred_on": date(2016, 4, 11), "kind": "welfare_visit", "role": "subject", "agency": "Police", "worker": "D. Hol",
        "level": 3, "outcome": None, "place_name": "27 Quarry Rise", "seen_too_name": ["Fay", "Wren"], "not_seen_name": ["Ali"],
    }  # fmt: skip
    assert told([row]) == [
        {
            "on": date(2016, 4, 11), "contact": "police welfare visit", "by": "Police, D. Hol",
            "this person": "3 seen in person",
            "where": "27 Quarry Rise", "others": "seen: Fay, Wren; not seen: Ali",
        }
    ]  # fmt: skip


def test_what_a_source_does_not_say_is_left_empty_and_a_role_is_named() -> None:
    row = {
        "occurred_on": None, "kind": "claim", "role": "spoken_about", "agency": None, "worker": None, "level": None,
        "outcome": "no_further_action", "place_name": None, "seen_too_name": [], "not_seen_name": None,
    }  # fmt: skip
    assert told([row]) == [
        {
            "on": None, "contact": "said to be elsewhere, spoken about", "by": "", "this person": "no further action",
            "where": None, "others": "",
        }
    ]  # fmt: skip


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
    assert kinds([{"on": None, "contact": "letter"}]) == ["letter"]
