"""Decisions: written once, undone but never deleted, with name, time and reason."""

from __future__ import annotations

import stat

import pytest

from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.journal import Journal


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal.sqlite")


def test_a_decision_is_kept_with_who_when_and_why(journal):
    number = journal.same("b:2", "a:1", by=" Officer Example ", reason="same mother")
    (entry,) = journal.decisions()
    assert (entry.id, entry.verdict, entry.record_a, entry.record_b) == (number, "same", "a:1", "b:2")
    assert (entry.by, entry.reason, entry.undone_by) == ("Officer Example", "same mother", None)
    assert entry.made_at.utcoffset() is not None


def test_undoing_keeps_both_entries_and_the_older_word_stands_again(journal):
    first = journal.same("a:1", "b:2", by="A", reason="x")
    second = journal.not_same("a:1", "b:2", by="B", reason="y")
    assert [entry.id for entry in journal.standing()] == [second]
    journal.undo(second, by="C", reason="z")
    assert [entry.id for entry in journal.standing()] == [first]
    undone = journal.decisions()[1]
    assert (undone.undone_who, undone.undone_reason) == ("C", "z")


def test_the_fingerprint_follows_what_stands(journal):
    empty = journal.fingerprint()
    number = journal.same("a:1", "b:2", by="A", reason="x")
    assert journal.fingerprint() != empty
    journal.undo(number, by="A", reason="x")
    assert journal.fingerprint() == empty


@pytest.mark.parametrize(
    "said", [("a:1", "a:1", "A", "x"), ("a", "b:1", "A", "x"), ("a:1", "b:1", " ", "x"), ("a:1", "b:1", "A", "")]
)
def test_a_decision_without_two_records_a_name_and_a_reason_is_refused(journal, said):
    with pytest.raises(Refused):
        journal.same(*said)
    assert journal.decisions() == []


def test_undoing_nothing_or_twice_is_refused(journal):
    with pytest.raises(Refused):
        journal.undo(1, by="A", reason="x")
    number = journal.same("a:1", "b:2", by="A", reason="x")
    journal.undo(number, by="A", reason="x")
    with pytest.raises(Refused):
        journal.undo(number, by="A", reason="x")


def test_the_journal_is_private_and_reading_makes_none(journal):
    assert journal.decisions() == []
    assert not journal.path.exists()
    journal.same("a:1", "b:2", by="A", reason="x")
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_a_damaged_journal_is_told(journal):
    journal.path.write_bytes(b"not a database, and long enough to be looked at as one" * 40)
    with pytest.raises(NotAvailable):
        journal.decisions()
