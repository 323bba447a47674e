"""A small builder of stories: record tables written by hand as loads of a real workspace, projected to graph tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from numbering import row_names

from lastseen.graph.archive import Load, StagedLoad, Workspace
from lastseen.graph.journal import Journal
from lastseen.graph.projection import project
from lastseen.graph.records import TABLES
from lastseen.graph.store import GraphTables

Row = dict[str, Any]


@dataclass
class World:
    """A workspace, and its graph as tables. Rows are dicts; a row's line is its place unless it says another."""

    workspace: Workspace
    home: Path
    shapes: dict[str, Row] = field(default_factory=dict)
    builds: int = 0

    def source(self, name: str, **settings: Any) -> None:
        """What the loads of a source share: shape, lag, trust."""
        self.shapes[name] = settings

    def load(
        self,
        source: str,
        extract_date: str,
        *,
        scopes: Iterable[str] = ("all",),
        covers: tuple[str | None, str | None] = (None, None),
        **tables: list[Row],
    ) -> int:
        """Append one extract; returns the load's number. Days are written YYYY-MM-DD."""
        with self.workspace.writing():
            staged = self.workspace.stage()
            written(staged, source, extract_date, list(scopes), covers, tables, self.shapes.get(source, {}))
            self.workspace.commit([staged], None)
        return staged.n

    def project(self, loads: list[Load] | None = None) -> GraphTables:
        self.builds += 1
        return project(self.workspace, self.workspace.loads() if loads is None else loads, self.home / f"build{self.builds}")

    def read(self, name: str, *columns: str, **where: Any) -> list[Row]:
        """Rows of a graph table (of a new projection), only some columns, only those that are as `where` says, sorted."""
        return rows(self.project(), name, *columns, **where)

    @property
    def journal(self) -> Journal:
        return Journal(self.workspace.journal)


def written(
    staged: StagedLoad,
    source: str,
    extract_date: str,
    scopes: list[str],
    covers: tuple[str | None, str | None],
    tables: dict[str, list[Row]],
    shape: Row,
) -> Load:
    """Write record tables and the manifest of a staged load."""
    for table, said in tables.items():
        whole = [{"file": f"{source}.csv", "line": place, "scope": scopes[0], **row} for place, row in enumerate(said, start=2)]
        schema = TABLES[table]
        days = {name for name, kind in zip(schema.names, schema.types, strict=True) if pa.types.is_date(kind)}
        columns = {name: [_day(row.get(name)) if name in days else row.get(name) for row in whole] for name in schema.names}
        unknown = {name for row in whole for name in row} - set(schema.names)
        assert not unknown, f"{table} has no {unknown}"
        staged.write_table(table, pa.table(columns, schema=schema))
    return staged.finish({
        "source": source, "scopes": scopes, "extract_date": extract_date, "covers_from": covers[0], "covers_to": covers[1],
        "registers": [source], "files": [], "read": 1, "kept": 1, "rejected": 0, "reasons": {}, "mapping_version": "1",
        "shape": "event", "lag": 0, "trust": 50, "expected_every": 31, **shape,
    })  # fmt: skip


def rows(tables: GraphTables, name: str, *columns: str, **where: Any) -> list[Row]:
    """A table's rows, those where the columns are so, with 'load:file:line' told."""
    told = row_names(tables)
    found = [row | {"row": told.told(row["row"])} if "row" in row else row for row in tables.read(name).to_pylist()]
    found = [row for row in found if all(row[key] == value for key, value in where.items())]
    picked = [{column: row[column] for column in columns} if columns else row for row in found]
    return sorted(picked, key=lambda row: [str(value) for value in row.values()])


def _day(text: str | date | None) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Workspace.open(tmp_path / "home", create=True), tmp_path)


@pytest.fixture(scope="session")
def write_load() -> Callable[..., Load]:
    """`write_load(staged, source, extract_date, scopes, covers, tables, shape)`: a load of no workspace."""
    return written
