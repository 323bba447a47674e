"""What is wrong with what was loaded, so that somebody can mend it: at the agency where the row is, or in the matching here.

Told from the archive (record tables, rejected rows, manifests) and the people of the current build, by DuckDB: rejected rows
are not in the graph at all, and the others are wanted by file and line. So a server alone can't be asked.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import duckdb

from lastseen.graph.archive import Build, Load, Workspace
from lastseen.graph.duck import connect
from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.scratch import scratch
from lastseen.loaders import quality_checks, quality_ground
from lastseen.loaders.coverage import Coverage, Trend, coverage, trends
from lastseen.loaders.fewer import all_falls, rejected_from
from lastseen.loaders.held import Held, held_back
from lastseen.loaders.quality_checks import REJECTED

EXAMPLES = 20
SHOWN = 5
"""Rows of one fault that are kept as examples, and that a person is shown; the file for the agency has all."""
COLUMNS = ("source", "load", "extract_date", "file", "line", "column", "check", "what", "mend", "id")
"""Of the CSV that goes back to an agency: it tells nothing of what other sources say, nor who they are."""


@dataclass(frozen=True)
class Example:
    """A row that shows a finding. `id` is the source's own; `against` is for this workspace's eyes: rows of other sources."""

    file: str
    line: int | None
    id: str | None
    against: str | None


@dataclass(frozen=True)
class Group:
    """All rows of one load with one thing wrong."""

    source: str
    load: int
    check: str
    column: str
    what: str
    mend: str
    count: int
    examples: list[Example]

    @property
    def where(self) -> str:
        """'reviews.csv line 12, 13, 19, 20, 21 and 1,282 more'."""
        by_file: dict[str, list[str]] = {}
        for row in self.examples[:SHOWN]:
            by_file.setdefault(row.file, []).append(str(row.line))
        said = "; ".join(f"{file} line {', '.join(lines)}" for file, lines in by_file.items())
        return said + (f" and {self.count - SHOWN:,} more" if self.count > SHOWN else "")


@dataclass
class Report:
    """What `lastseen quality` tells of some loads; `notes` is what it could not tell, and what was accepted or held back."""

    loads: list[Load]
    findings: list[Group] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    trends: list[Trend] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain values; of a load what its manifest counts."""
        names = ("n", "source", "scopes", "extract_date", "covers_from", "covers_to", "read", "kept", "rejected", "reasons")
        return {
            "loads": [{name: getattr(load, name) for name in names} for load in self.loads],
            "findings": [asdict(one) for one in self.findings],
            "coverage": [one.to_json() for one in self.coverage],
            "trends": [one.to_json() for one in self.trends],
            "held_back": [asdict(one) for one in self.held],
            "notes": self.notes,
        }


def chosen(workspace: Workspace, which: str | None) -> list[Load]:
    """The loads asked about: one by its number; else the newest of each scope, of one source or of all.

    Raises Refused for what is neither a load nor a source that was loaded.
    """
    loads = workspace.loads()
    if which and which.isdecimal():
        return [workspace.load(int(which))]
    if which and which not in {load.source for load in loads}:
        raise Refused(f"{which!r} is neither a load's number nor a source that was loaded.", "`lastseen loads` lists both.")
    newest: dict[tuple[str, str], Load] = {}
    for load in sorted(loads, key=lambda load: (load.extract_date, load.n)):
        if which in (None, load.source):
            newest |= {(load.source, scope): load for scope in load.scopes}
    wanted = {load.n for load in newest.values()}
    return [load for load in loads if load.n in wanted]


@contextmanager
def examined(workspace: Workspace, which: str | None = None, day: date | None = None) -> Iterator[tuple[Report, Rows]]:
    """The report, and all rows behind its findings while the block lasts. `day` is the one that lateness is judged by."""
    loads = chosen(workspace, which)
    every = workspace.loads()
    kin = [load for load in every if load.source in {one.source for one in loads}]
    build, notes = _build(workspace, loads)
    with scratch(workspace.home) as work:
        connection = connect(work)
        try:
            quality_ground.begin(connection, loads, kin, build)
            quality_checks.run(connection)
            _add_rejected(connection, loads)
            notes += [
                f"{fall}: taken as it is, so who is missing has left." for fall in all_falls(kin, workspace.settings)
                if fall.later in loads
            ]  # fmt: skip
            notes += filter(None, (rejected_from(kin, load) for load in loads))
            today = day or workspace.settings.default_as_at or date.today()
            sources = {load.source for load in loads}
            yield Report(
                loads, _groups(connection, loads), coverage(kin, workspace.settings, today),
                trends(kin, workspace.settings.warn_share),
                [one for one in held_back(workspace) if which is None or one.source in sources], notes,
            ), Rows(connection, loads)  # fmt: skip
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.OutOfMemoryException) as error:
            raise NotAvailable(
                f"The archive could not be read ({type(error).__name__}).", "Look for a damaged load: `lastseen check`."
            ) from error
        finally:
            connection.close()


def quality(workspace: Workspace, which: str | None = None, day: date | None = None) -> Report:
    """The report alone."""
    with examined(workspace, which, day) as (report, _):
        return report


class Rows:
    """Every row behind the findings, as the agency gets it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
        self.connection = connection
        self.loads = {load.n: load for load in loads}

    def __iter__(self) -> Iterator[list[Any]]:
        """Cells in the order of `COLUMNS`, by load, file and line."""
        found = self.connection.execute("""
            SELECT load, file, line, "column", "check", what, mend, id FROM finding ORDER BY ALL
        """)
        while batch := found.fetchmany(10_000):
            for n, *rest in batch:
                yield [self.loads[n].source, n, self.loads[n].extract_date, *rest]


def _build(workspace: Workspace, loads: Sequence[Load]) -> tuple[Build | None, list[str]]:
    try:
        build = workspace.current_build()
    except NotAvailable as error:
        return None, [f"{error.what} {error.mend} Without it nothing is told of what sources disagree on."]
    waiting = [load.n for load in loads if build is None or load.n not in build.loads]
    if waiting:
        numbers = ", ".join(str(n) for n in waiting)
        return build, [
            f"Not in the graph yet: {numbers}. What sources disagree on is not told of it: run `lastseen publish` first."
        ]
    return build, []


def _add_rejected(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
    """The rejected rows as findings, without their raw cells."""
    for load in loads:
        if not load.rejected_rows.exists():
            continue
        try:
            with load.rejected_rows.open(encoding="utf-8", newline="") as file:
                rows = [
                    [load.n, REJECTED, row["column"], row["reason"], row["mend"], row["file"], int(row["line"])]
                    for row in csv.DictReader(file)
                ]
        except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
            what = f"The rejected rows of load {load.n} can't be read."
            raise NotAvailable(what, "Restore the load from a backup; `lastseen check` says what else has changed.") from error
        connection.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)", rows)


def _groups(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> list[Group]:
    """The rejected first, then the most frequent."""
    found = connection.execute(f"""
        SELECT load, "check", "column", what, mend, count(*) AS n,
            list({{'file': file, 'line': line, 'id': id, 'against': against}} ORDER BY file, line, id)[:{EXAMPLES}]
        FROM finding GROUP BY load, "check", "column", what, mend ORDER BY "check" <> '{REJECTED}', n DESC, load, "check", what
    """).fetchall()
    sources = {load.n: load.source for load in loads}
    return [
        Group(sources[n], n, check, column, what, mend, count, [Example(**one) for one in examples])
        for n, check, column, what, mend, count, examples in found
    ]
