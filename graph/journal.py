"""What people decide about records: same person or not, with name, time and reason; nothing is deleted, only undone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from lastseen.graph.errors import Refused
from lastseen.graph.journal_file import must_say_who_and_why, opened

Verdict = Literal["same", "not_same"]

_TABLE = """CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT NOT NULL, verdict TEXT NOT NULL, record_a TEXT, record_b TEXT,
    undoes INTEGER UNIQUE REFERENCES decisions (id), by TEXT NOT NULL, reason TEXT NOT NULL)"""


@dataclass(frozen=True)
class Decision:
    """One person's word on two records (in a fixed order). `undone_by` is the id of the entry that took it back."""

    id: int
    made_at: datetime
    verdict: Verdict
    record_a: str
    record_b: str
    by: str
    reason: str
    undone_by: int | None = None
    undone_at: datetime | None = None
    undone_who: str | None = None
    undone_reason: str | None = None


class Journal:
    """The decisions in a workspace's `journal.sqlite`, which is made with the first one. They hang on record ids, so they live
    through every rebuild, and outrank identifiers and rules."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def same(self, record_a: str, record_b: str, by: str, reason: str) -> int:
        """Decide that two records are one person; returns the decision's id. Raises Refused where a part is missing."""
        return self._decide("same", record_a, record_b, by, reason)

    def not_same(self, record_a: str, record_b: str, by: str, reason: str) -> int:
        """Decide that two records are two people; returns the decision's id."""
        return self._decide("not_same", record_a, record_b, by, reason)

    def undo(self, decision: int, by: str, reason: str) -> int:
        """Take a decision back; what stood before it stands again. Raises Refused where it isn't there or is undone."""
        known = {entry.id: entry for entry in self.decisions()}
        if decision not in known:
            raise Refused(f"There is no decision {decision}.", "See the list of decisions for its number.")
        if known[decision].undone_by is not None:
            raise Refused(f"Decision {decision} is undone already.", "Decide anew instead.")
        return self._write("undo", None, None, decision, by, reason)

    def decisions(self) -> list[Decision]:
        """Every decision ever made, oldest first, undone ones among them."""
        if not self.path.exists():
            return []
        with opened(self.path, _TABLE) as connection:
            rows = connection.execute(
                "SELECT d.id, d.made_at, d.verdict, d.record_a, d.record_b, d.by, d.reason, u.id, u.made_at, u.by, u.reason "
                "FROM decisions d LEFT JOIN decisions u ON u.undoes = d.id WHERE d.undoes IS NULL ORDER BY d.id"
            ).fetchall()
        return [
            Decision(number, datetime.fromisoformat(made), verdict, a, b, by, reason, undone,
                     datetime.fromisoformat(undone_at) if undone_at else None, undone_who, undone_reason)
            for number, made, verdict, a, b, by, reason, undone, undone_at, undone_who, undone_reason in rows
        ]  # fmt: skip

    def standing(self) -> list[Decision]:
        """The decisions that count: not undone, the newest of each pair of records; oldest first."""
        newest = {(entry.record_a, entry.record_b): entry for entry in self.decisions() if entry.undone_by is None}
        return sorted(newest.values(), key=lambda entry: entry.id)

    def fingerprint(self) -> str:
        """A hash of what stands: equal where identity would come out equal."""
        said = "\n".join(f"{entry.verdict}\t{entry.record_a}\t{entry.record_b}" for entry in self.standing())
        return hashlib.sha256(said.encode()).hexdigest()

    def _decide(self, verdict: Verdict, record_a: str, record_b: str, by: str, reason: str) -> int:
        if record_a == record_b:
            raise Refused("A decision needs two different records.", "Give two record ids, such as gp_list:123.")
        if not all(":" in record for record in (record_a, record_b)):
            raise Refused("A decision is about record ids, written source:own id.", "Give two record ids, such as gp_list:123.")
        first, second = sorted((record_a, record_b))
        return self._write(verdict, first, second, None, by, reason)

    def _write(self, verdict: str, record_a: str | None, record_b: str | None, undoes: int | None, by: str, reason: str) -> int:
        must_say_who_and_why(by, reason)
        with opened(self.path, _TABLE) as connection:
            cursor = connection.execute(
                "INSERT INTO decisions (made_at, verdict, record_a, record_b, undoes, by, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    verdict,
                    record_a,
                    record_b,
                    undoes,
                    by.strip(),
                    reason.strip(),
                ),
            )
            return int(cursor.lastrowid or 0)
