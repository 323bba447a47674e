"""What people decide about findings is kept, and an upheld dispute withdraws the fact."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.casebook import Casebook
from lastseen.graph.errors import Refused

DAY = date(2020, 6, 1)


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook(tmp_path / "journal.sqlite")


def test_decisions_are_kept_in_order_with_who_and_why(book: Casebook):
    book.close("gp_list:1", "G01", DAY, "Fay Example", "Seen at a private nursery")
    book.reopen("gp_list:1", "G01", date(2020, 6, 3), "Fay Example", "It was her brother")
    assert [(entry.action, entry.record, entry.signal, entry.as_at, entry.by, entry.reason) for entry in book.entries()] == [
        ("close", "gp_list:1", "G01", DAY, "Fay Example", "Seen at a private nursery"),
        ("reopen", "gp_list:1", "G01", date(2020, 6, 3), "Fay Example", "It was her brother"),
    ]
    assert (book.path.stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize(("by", "reason"), [("", "why"), ("who", " ")])
def test_nobody_decides_without_a_name_and_a_reason(book: Casebook, by, reason):
    with pytest.raises(Refused, match="name"):
        book.close("gp_list:1", "G01", DAY, by, reason)
    assert book.entries() == []


def test_a_snooze_ends_after_the_day_it_begins(book: Casebook):
    with pytest.raises(Refused, match="later day"):
        book.snooze("gp_list:1", "G01", DAY, DAY, "Fay Example", "waiting")


def test_a_dispute_waits_until_somebody_settles_it_and_only_once(book: Casebook):
    number = book.dispute("gp_list:1", "G12", "3:claims.csv:4", DAY, "Fay Example", "Her aunt's child, not her")
    assert [entry.id for entry in book.open_disputes()] == [number]
    with pytest.raises(Refused, match="disputed already"):
        book.dispute("gp_list:1", "G12", "3:claims.csv:4", DAY, "Fay Example", "again")
    assert book.withdrawn() == {}
    book.settle(number, "uphold", date(2020, 6, 5), "Sam Sample", "The school confirms it")
    assert book.withdrawn() == {"3:claims.csv:4": date(2020, 6, 5)}
    with pytest.raises(Refused, match="no open dispute"):
        book.settle(number, "reject", DAY, "Sam Sample", "twice")


def test_a_rejected_dispute_withdraws_nothing(book: Casebook):
    number = book.dispute("gp_list:1", "G12", "3:claims.csv:4", DAY, "Fay Example", "wrong child")
    book.settle(number, "reject", DAY, "Sam Sample", "The claim was about her")
    assert (book.withdrawn(), book.open_disputes()) == ({}, [])
