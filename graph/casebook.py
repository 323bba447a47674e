"""What people decide about findings: closed, snoozed, reopened; a fact disputed, and the dispute upheld or rejected.

Entries hang on a record's id and a signal's, so they live through rebuilds, merges and splits. Nothing is ever deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from lastseen.graph.errors import Refused
from lastseen.graph.journal_file import must_say_who_and_why, opened

Action = Literal["close", "snooze", "reopen", "dispute", "uphold", "reject"]

_TABLE = """CREATE TABLE IF NOT EXISTS findings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT NOT NULL, action TEXT NOT NULL, record TEXT NOT NULL,
    signal TEXT NOT NULL, as_at TEXT NOT NULL, until TEXT, row TEXT, settles INTEGER UNIQUE REFERENCES findings (id),
    by TEXT NOT NULL, reason TEXT NOT NULL)"""


@dataclass(frozen=True)
class Entry:
    """One thing somebody decided about the finding `signal` of the child with that record, knowing what was known on `as_at`.

    `until` is a snooze's last day, `row` the fact disputed ('load:file:line'), `settles` the dispute that a verdict ends.
    """

    id: int
    made_at: datetime
    action: Action
    record: str
    signal: str
    as_at: date
    by: str
    reason: str
    until: date | None = None
    row: str | None = None
    settles: int | None = None


class Casebook:
    """The entries in a workspace's journal, which is made with the first one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def close(self, record: str, signal: str, as_at: date, by: str, reason: str) -> int:
        """Close a finding; it returns when facts arrive that were not known on `as_at`. Returns the entry's id."""
        return self._write("close", record, signal, as_at, by, reason)

    def snooze(self, record: str, signal: str, as_at: date, until: date, by: str, reason: str) -> int:
        """Put a finding aside to the end of `until`; newer facts bring it back before. Raises Refused for a past day."""
        if until <= as_at:
            raise Refused(f"A snooze ends after the day asked, {as_at.isoformat()}.", "Give a later day.")
        return self._write("snooze", record, signal, as_at, by, reason, until=until)

    def reopen(self, record: str, signal: str, as_at: date, by: str, reason: str) -> int:
        """Take a closing or a snooze back."""
        return self._write("reopen", record, signal, as_at, by, reason)

    def dispute(self, record: str, signal: str, row: str, as_at: date, by: str, reason: str) -> int:
        """Say that a fact behind a finding is wrong; it stands, shown as disputed, until somebody settles it."""
        if any(entry.row == row for entry in self.open_disputes()):
            raise Refused(f"The row {row} is disputed already.", "Settle that dispute first.")
        return self._write("dispute", record, signal, as_at, by, reason, row=row)

    def settle(self, dispute: int, verdict: Literal["uphold", "reject"], as_at: date, by: str, reason: str) -> int:
        """Uphold a dispute (the fact counts as withdrawn from `as_at`) or reject it. Raises Refused where it isn't open."""
        found = next((entry for entry in self.open_disputes() if entry.id == dispute), None)
        if found is None:
            raise Refused(f"There is no open dispute {dispute}.", "See the list of disputes for its number.")
        return self._write(verdict, found.record, found.signal, as_at, by, reason, row=found.row, settles=dispute)

    def entries(self) -> list[Entry]:
        """Everything ever decided, oldest first."""
        if not self.path.exists():
            return []
        with opened(self.path, _TABLE) as connection:
            rows = connection.execute(
                "SELECT id, made_at, action, record, signal, as_at, by, reason, until, row, settles FROM findings ORDER BY id"
            ).fetchall()
        return [
            Entry(id_, datetime.fromisoformat(made), action, record, signal, date.fromisoformat(as_at), by, reason,
                  date.fromisoformat(until) if until else None, row, settles)
            for id_, made, action, record, signal, as_at, by, reason, until, row, settles in rows
        ]  # fmt: skip

    def open_disputes(self) -> list[Entry]:
        entries = self.entries()
        settled = {entry.settles for entry in entries if entry.settles}
        return [entry for entry in entries if entry.action == "dispute" and entry.id not in settled]

    def withdrawn(self) -> dict[str, date]:
        """The facts withdrawn by upheld disputes: 'load:file:line' and the day from which each no longer counts."""
        return {entry.row: entry.as_at for entry in self.entries() if entry.action == "uphold" and entry.row}

    def _write(
        self, action: Action, record: str, signal: str, as_at: date, by: str, reason: str, *,
        until: date | None = None, row: str | None = None, settles: int | None = None,
    ) -> int:  # fmt: skip
        must_say_who_and_why(by, reason)
        with opened(self.path, _TABLE) as connection:
            cursor = connection.execute(
                "INSERT INTO findings (made_at, action, record, signal, as_at, until, row, settles, by, reason)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (datetime.now(UTC).isoformat(timespec="seconds"), action, record, signal, as_at.isoformat(),
                 until.isoformat() if until else None, row, settles, by.strip(), reason.strip()),
            )  # fmt: skip
            return int(cursor.lastrowid or 0)
