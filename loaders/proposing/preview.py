"""What a mapping would make of a file: loaded by the real loader into a workspace that is thrown away, and read back."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from lastseen.graph.archive import Load, Workspace
from lastseen.graph.duck import connect, named, quoted
from lastseen.graph.errors import Refused
from lastseen.graph.records import ROW, TABLES
from lastseen.loaders.dating import UNDATED
from lastseen.loaders.loading import LoadReport, load
from lastseen.loaders.mapping import Mapping

MOST_REJECTS = 20


@dataclass(frozen=True)
class Record:
    """One record: the line of the row that gives it first, its table, and what it says."""

    line: int
    table: str
    says: dict[str, Any]

    @property
    def words(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.says.items())


@dataclass(frozen=True)
class Preview:
    """The report of the dry run, how many records of each table it gave, those of the first rows, and the first rejects
    (file, line, column, reason, mend). `refused` says why nothing could be loaded at all; then there is nothing else."""

    refused: str = ""
    report: LoadReport | None = None
    counts: dict[str, int] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    rejects: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def preview(
    mapping: Mapping, path: Path, work: Path, *, rows: int = 5, extract_date: date | None = None, scope: str | None = None
) -> Preview:
    """Load a file into an empty workspace below `work`, with every share of rejects allowed, and show the first `rows` rows.

    Where neither the file nor the caller says when it was taken, today is taken, and a note says so.
    """
    workspace = Workspace.open(work / "dry-run", create=True)
    workspace.save_settings(replace(workspace.settings, refuse_share=1.0))
    notes: list[str] = []
    try:
        report = load(workspace, mapping, [path], extract_date=extract_date, scope=scope, publish=False)
    except Refused as refused:
        if UNDATED in refused.what and not extract_date:
            shown = preview(mapping, path, work, rows=rows, extract_date=date.today(), scope=scope)
            return replace(shown, notes=["Nothing says when it was taken: loading it needs the day. Today is taken here."])
        return Preview(refused=f"{refused.what} {refused.mend}".strip())
    loaded = workspace.loads()[-1]
    return Preview("", report, loaded.tables, _records(loaded, rows, work), _rejects(loaded), notes)


def _records(loaded: Load, rows: int, work: Path) -> list[Record]:
    connection = connect(work, memory="500MB")
    try:
        tables = [name for name in TABLES if name in loaded.tables and name != "unread"]
        each = " UNION ".join(f"SELECT line FROM read_parquet({quoted(loaded.table(name))})" for name in tables)
        lines = [line for (line,) in connection.execute(f"SELECT line FROM ({each}) ORDER BY line LIMIT {rows}").fetchall()]
        found = []
        for table in tables:
            columns = [name for name in TABLES[table].names if name not in ROW or name == "recorded_on"]
            listed = ", ".join(named(name) for name in ("line", *columns))
            rows_of = f"read_parquet({quoted(loaded.table(table))})"
            query = f"SELECT {listed} FROM {rows_of} WHERE line IN (SELECT unnest(?)) ORDER BY ALL"
            for line, *values in connection.execute(query, [lines]).fetchall():
                says = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
                found.append(Record(line, table, says))
        return sorted(found, key=lambda one: one.line)
    finally:
        connection.close()


def _rejects(loaded: Load) -> list[dict[str, str]]:
    """Where, why and how to mend; not what the cells hold."""
    if not loaded.rejected_rows.exists():
        return []
    with loaded.rejected_rows.open(encoding="utf-8", newline="") as file:
        rows = islice(csv.DictReader(file), MOST_REJECTS)
        return [{name: row[name] for name in ("file", "line", "column", "reason", "mend")} for row in rows]
