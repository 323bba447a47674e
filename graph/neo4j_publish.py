"""Writing a build to a Neo4j server: constraints, then what was added or changed in batches, removals last.

Each batch moves the marker's `done` (rows of the plan written so far) in its own transaction. So a publish that was killed
goes on at the very row where it stopped, and a batch whose answer got lost is not written twice.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import neo4j
import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.graph.difference import Part, difference, identity, removals, whole
from lastseen.graph.errors import LastseenError, NotAvailable
from lastseen.graph.neo4j_lock import MARKER, MarkerLock, check_workspace
from lastseen.graph.neo4j_server import ALONE, ClashError
from lastseen.graph.neo4j_write import BATCH, read_back, server_counts, set_up, write_statement
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Progress, table_schema

PAST = {"create": "added", "merge": "added or changed", "label": "labelled", "remove": "removed"}
Mode = Literal["nothing", "first", "difference", "whole"]


@dataclass(frozen=True)
class Edition:
    """What is to stand on the server: a build's tables, and what its marker says of the workspace."""

    workspace: str
    build: str
    tables: GraphTables
    area: str = ""
    title: str = ""
    default_as_at: date | None = None
    fictional: bool = False

    def properties(self) -> dict[str, Any]:
        """What the marker says of the workspace."""
        as_at = self.default_as_at.isoformat() if self.default_as_at else None
        return {"area": self.area, "title": self.title, "default_as_at": as_at, "fictional": self.fictional}


@dataclass
class PublishReport:
    """What a publish did. `rows` counts the rows sent, under 'added or changed', 'labelled' and 'removed'; `notes` are
    sentences for the person who publishes (why it went whole, that it went on where another had stopped)."""

    url: str
    build: str
    mode: Mode = "nothing"
    rows: dict[str, int] = field(default_factory=dict)
    resumed: bool = False
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0


def schema_hash() -> str:
    """Changes with the vocabulary: tables of another vocabulary can't be told apart row by row."""
    text = repr([(name, table_schema(name).to_string()) for name in (*NODES, *EDGES)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_hash(plan: Sequence[Part]) -> str:
    """Equal where two plans have the same rows in the same order, which is what going on at a row needs."""
    digest = hashlib.sha256()
    for part in plan:
        with part.path.open("rb") as file:
            said = f"{part.action} {part.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n"
        digest.update(said.encode())
    return digest.hexdigest()


def publish_edition(
    lock: MarkerLock, edition: Edition, standing: Callable[[str], GraphTables | None], noted: Collection[str], work: Path, *,
    full: bool = False, today: date | None = None, progress: Progress | None = None, batch: int = BATCH,
) -> PublishReport:
    """Bring the server to `edition`. `standing` gives the tables of a build, None where they are not at hand; `noted` are the
    builds that this workspace noted as published, and `work` is a private scratch directory.

    Raises Refused for another workspace's server, NotAvailable where it can't be reached or another publish is under way.
    """
    begun = time.monotonic()
    report = PublishReport(lock.at.url, edition.build)
    try:
        say = progress or (lambda _: None)
        return _Publisher(lock, edition, standing, noted, work, today or date.today(), say, batch, report).go(full)
    finally:
        report.seconds = time.monotonic() - begun


@dataclass
class _Publisher:
    lock: MarkerLock
    edition: Edition
    standing: Callable[[str], GraphTables | None]
    noted: Collection[str]
    work: Path
    today: date
    progress: Progress
    batch: int
    report: PublishReport

    def go(self, full: bool) -> PublishReport:
        marker = self.lock.read()
        if marker:
            check_workspace(marker, self.edition.workspace, self.lock.at)
            if not full and self._is_there(marker):
                set_up(self.lock)
                return self.report
        now = datetime.now(UTC).isoformat()
        first = {"workspace": self.edition.workspace, "phase": "publishing", "since": now, **self.edition.properties()}
        marker = self.lock.take(self.edition.workspace, first)
        try:
            set_up(self.lock)
            plan = self._resumed(marker) if not full else None
            if plan is None:
                plan = self._begun(marker, full)
            if not self._written(plan):
                self._note("The server did not hold what was last published to it, so everything is sent again.")
                self._write(self._begin("whole", [], None))
            if self.report.mode == "whole":
                self._remove_rest()
            if wrong := self._mismatch():
                raise NotAvailable(f"After publishing, {wrong}.", ALONE)
            self.lock.say(
                phase="ready", build=self.edition.build, since=datetime.now(UTC).isoformat(), day=self.today.isoformat(),
                schema=schema_hash(), target=None, origin=None, mode=None, done=None, total=None, plan=None,
                **self.edition.properties(),
            )
        finally:
            self._give_back()
        return self.report

    def _give_back(self) -> None:
        try:
            self.lock.give_back()
        except LastseenError:
            self._note("The server went away before the lock could be given back; it ends by itself in two minutes.")

    def _note(self, sentence: str) -> None:
        self.report.notes.append(sentence)
        self.progress(sentence)

    # --- what is to be done ---

    def _is_there(self, marker: Mapping[str, Any]) -> bool:
        """Whether the server holds this very edition, whole, with today's labels; then nothing at all is written."""
        said = {name: marker.get(name) for name in self.edition.properties()}
        if marker["phase"] != "ready" or marker["build"] != self.edition.build or said != self.edition.properties():
            return False
        if marker.get("schema") != schema_hash() or self._mismatch():
            return False
        before = date.fromisoformat(marker["day"])
        return not difference(self.edition.tables, [self.edition.tables], self.today, before, self.work)

    def _resumed(self, marker: Mapping[str, Any]) -> list[Part] | None:
        """The plan of an interrupted publish of this very build; None where there is none or it can't be made again."""
        if marker["phase"] != "publishing" or marker.get("target") != self.edition.build:
            return None
        if marker.get("schema") != schema_hash():
            return None
        origin = [self.standing(build) for build in marker["origin"]]
        if any(tables is None for tables in origin):
            return None
        self.today = date.fromisoformat(marker["day"])
        self.report.mode = marker["mode"]
        before = date.fromisoformat(marker["day_before"]) if marker.get("day_before") else None
        plan = self._plan([tables for tables in origin if tables], before)
        if plan_hash(plan) != marker["plan"]:
            return None
        self.report.resumed = True
        self._note(f"Going on where an earlier publish stopped, after {marker['done']:,} of {marker['total']:,} rows.")
        return plan

    def _begun(self, marker: Mapping[str, Any], full: bool) -> list[Part]:
        """The plan from what the marker says stands on the server."""
        stands = [build for build in (*(marker.get("origin") or []), marker.get("target"), marker.get("build")) if build]
        stands = list(dict.fromkeys(stands))
        if not stands:
            return self._begin("first", [], None)
        if full:
            return self._begin("whole", [], None)
        if marker.get("schema") != schema_hash():
            self._note("The server holds another version's vocabulary, so everything is sent again.")
        elif marker.get("mode") in ("first", "whole"):
            self._note("An earlier publish of everything did not finish, so everything is sent again.")
        elif marker["build"] not in self.noted or any(self.standing(build) is None for build in stands):
            self._note("The server does not hold what this workspace published there last, so everything is sent again.")
        else:
            day = marker.get("day_before") or marker.get("day")
            same_day = marker["phase"] == "ready"  # else labels stand at one of two days: all are sent
            return self._begin("difference", stands, date.fromisoformat(day) if day and same_day else None)
        return self._begin("whole", [], None)

    def _begin(self, mode: Mode, origin: Sequence[str], day_before: date | None) -> list[Part]:
        """Work out the plan, then say on the marker that it has begun."""
        self.report.mode = mode
        self.progress("Working out what has changed." if mode == "difference" else "Getting everything ready.")
        plan = self._plan([tables for tables in map(self.standing, origin) if tables], day_before)
        self.lock.say(
            phase="publishing", target=self.edition.build, origin=list(origin), mode=mode, schema=schema_hash(), done=0,
            total=sum(part.rows for part in plan), plan=plan_hash(plan), since=datetime.now(UTC).isoformat(),
            day=self.today.isoformat(), day_before=day_before.isoformat() if day_before else None,
        )
        return plan

    def _plan(self, standing: Sequence[GraphTables], day_before: date | None) -> list[Part]:
        if self.report.mode == "difference":
            return difference(self.edition.tables, standing, self.today, day_before, self.work)
        return whole(self.edition.tables, self.today, self.work, "create" if self.report.mode == "first" else "merge")

    # --- doing it ---

    def _write(self, plan: Sequence[Part]) -> None:
        done, start = self._done(), 0
        for part in plan:
            left = start + part.rows - max(start, done)
            if left > 0:
                self._write_part(part, start, done)
                name = {"label": "labelled", "remove": "removed"}.get(part.action, "added or changed")
                self.report.rows[name] = self.report.rows.get(name, 0) + left
            start += part.rows

    def _written(self, plan: Sequence[Part]) -> bool:
        """Write a plan; whether the server then holds what it should (after a whole one the removals tell)."""
        try:
            self._write(plan)
        except ClashError:
            if self.report.mode == "whole":
                raise
            return False
        return self.report.mode == "whole" or not self._mismatch()

    def _done(self) -> int:
        marker = self.lock.read() or {}
        return int(marker.get("done") or 0)

    def _write_part(self, part: Part, start: int, done: int) -> None:
        """Write a part whose first row is row `start` of the plan, but for what is `done`."""
        statement, position, said_at = write_statement(part), start, 0.0
        for rows in pq.ParquetFile(part.path).iter_batches(self.batch):
            end = position + rows.num_rows
            if end > done:
                skip = max(0, done - position)
                self._write_batch(statement, part, rows.slice(skip), position + skip)
                if time.monotonic() - said_at > 1:
                    said_at = time.monotonic()
                    self.progress(f"{part.name}: {end - start:,} of {part.rows:,} {PAST[part.action]}")
            position = end

    def _write_batch(self, statement: str, part: Part, batch: pa.RecordBatch, position: int) -> None:
        rows = [list(row) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)]
        after = position + len(rows)

        def work(transaction: neo4j.ManagedTransaction) -> None:
            done = self.lock.hold(transaction)
            if done == after:
                return  # committed before, and only the answer was lost
            if done != position:
                raise NotAvailable(f"The publish to {self.lock.at.url} lost its place.", "Publish again with --full.")
            written = transaction.run(statement, rows=rows).single(strict=True)[0]
            if part.action != "remove" and written != len(rows):
                raise ClashError(
                    f"{len(rows) - written} of {len(rows)} {part.name} rows found no place on {self.lock.at.url}.",
                    ALONE,
                )
            transaction.run(f"MATCH {MARKER} SET m.done = $after", after=after).consume()

        self.lock.write(work)

    def _remove_rest(self) -> None:
        """After everything was sent: remove what the server holds beyond it (ids and keys are read back for that)."""
        held = self.work / "read back"
        held.mkdir(exist_ok=True)
        counts = server_counts(self.lock)
        for name in (*NODES, *EDGES):
            if counts[name] != pq.read_metadata(self.edition.tables.path(name)).num_rows:
                self.progress(f"{name}: reading back what the server holds")
                read_back(self.lock, name, held)
            else:
                table = pq.read_table(self.edition.tables.path(name), columns=[identity(name)])
                pq.write_table(table, held / f"{name}.parquet")
        plan = removals(self.edition.tables, GraphTables(held), self.work)
        # No plan has this hash, so after a kill everything is sent and compared again.
        self.lock.say(done=0, total=sum(part.rows for part in plan), plan="removals")
        self._write(plan)

    def _mismatch(self) -> str:
        """How the server's counts differ from the build's; empty where they agree."""
        counts = server_counts(self.lock)
        for name in (*NODES, *EDGES):
            wanted = pq.read_metadata(self.edition.tables.path(name)).num_rows
            if counts[name] != wanted:
                return f"the server holds {counts[name]:,} {name} where the build has {wanted:,}"
        return ""
