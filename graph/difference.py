"""What to send to a server that already holds some build: a difference of Parquet tables, worked out by DuckDB.

The plan is a list of parts in the order in which they must be written (nodes, edges, labels, then removals: edges before
nodes), each with its rows in one Parquet file in a fixed order. So the same two builds give the same plan, row for row,
and an interrupted publish can go on at the row where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow.parquet as pq

from lastseen.graph.duck import connect, quoted
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, table_schema

Action = Literal["create", "merge", "label", "remove"]

LABELS = {
    "Child": "child_from <= {day} AND (child_until IS NULL OR child_until > {day})",
    "Adult": "adult_on <= {day} OR (adult_on IS NULL AND age_known_on IS NOT NULL AND child_from IS NULL)",
}
"""Labels for people who browse a server, by age on a day; questions never use them."""


@dataclass(frozen=True)
class Part:
    """Some rows of one label or type, and what is to be done with them. Columns: those of the graph table; for 'remove'
    the id or key alone; for 'label' the id and one truth value a label of `LABELS`, in that order."""

    action: Action
    name: str
    path: Path
    rows: int


def identity(name: str) -> str:
    """The column that is unique in a table: `id` of a label, `key` of a type."""
    return "id" if name in NODES else "key"


def whole(tables: GraphTables, day: date, work: Path, action: Literal["create", "merge"]) -> list[Part]:
    """Everything, to an empty server ('create') or over whatever one holds ('merge'); removals are another matter."""
    parts = [_part(action, name, tables.path(name)) for name in (*NODES, *EDGES)]
    with connect(work, memory="1500MB") as connection:
        parts.append(_labels(connection, _labelled(tables, day, "true" if action == "merge" else " OR ".join(LABELS)), work))
    return [part for part in parts if part.rows]


def difference(
    tables: GraphTables, standing: Sequence[GraphTables], day: date, day_before: date | None, work: Path
) -> list[Part]:
    """From a server that stands at one of the builds in `standing`, or partly at each, to `tables`.

    A row is sent unless every one of those builds has it just so; whatever one of them has and `tables` has not is
    removed. `day` is the day for which the browsing labels are worked out, `day_before` that of those on the server (None
    where it is not known: then everyone's are sent).
    """
    parts: list[Part] = []
    with connect(work, memory="1500MB") as connection:
        for name in (*NODES, *EDGES):
            others = [other.path(name) for other in standing]
            if any(not _same_bytes(tables.path(name), other) for other in others):
                parts.append(_changed(connection, name, tables.path(name), others, work))
        parts.append(_labels(connection, _relabelled(tables, day, standing, day_before), work))
        for name in (*EDGES, *NODES):
            others = [other.path(name) for other in standing]
            if any(not _same_bytes(tables.path(name), other) for other in others):
                parts.append(gone(connection, name, tables.path(name), others, work))
    return [part for part in parts if part.rows]


def _changed(connection: duckdb.DuckDBPyConnection, name: str, new: Path, others: Iterable[Path], work: Path) -> Part:
    unique, columns = identity(name), table_schema(name).names
    listed = ", ".join(f'n."{column}"' for column in columns)
    same = " AND ".join(f'n."{column}" IS NOT DISTINCT FROM o."{column}"' for column in columns if column != unique)
    found = " UNION ".join(
        f'SELECT {listed} FROM {_scan(new)} n LEFT JOIN {_scan(other)} o ON n."{unique}" = o."{unique}" '
        f'WHERE o."{unique}" IS NULL OR NOT ({same or "true"})'
        for other in others
    )
    return _written(connection, "merge", name, f'SELECT * FROM ({found}) ORDER BY "{unique}"', work)


def gone(connection: duckdb.DuckDBPyConnection, name: str, new: Path, others: Iterable[Path], work: Path) -> Part:
    """Ids or keys that one of the Parquet files `others` has and `new` has not."""
    unique = identity(name)
    had = " UNION ".join(f'SELECT "{unique}" FROM {_scan(other)}' for other in others)
    sql = f'SELECT "{unique}" FROM ({had}) ANTI JOIN {_scan(new)} USING ("{unique}") ORDER BY "{unique}"'
    return _written(connection, "remove", name, sql, work)


def removals(tables: GraphTables, held: GraphTables, work: Path) -> list[Part]:
    """What a server holds (ids and keys as read from it, in `held`) that `tables` has not."""
    with connect(work, memory="1500MB") as connection:
        parts = [gone(connection, name, tables.path(name), [held.path(name)], work) for name in (*EDGES, *NODES)]
    return [part for part in parts if part.rows]


def _labelled(tables: GraphTables, day: date, which: str) -> str:
    wanted = ", ".join(f"coalesce({rule.format(day=_day(day))}, false) AS {label}" for label, rule in LABELS.items())
    return f"SELECT * FROM (SELECT id, {wanted} FROM {_scan(tables.path('Person'))}) WHERE {which}"


def _relabelled(tables: GraphTables, day: date, standing: Sequence[GraphTables], day_before: date | None) -> str:
    now = _labelled(tables, day, "true")
    if day_before is None:
        return now
    return " UNION ".join(f"({now} EXCEPT {_labelled(other, day_before, 'true')})" for other in standing)


def _labels(connection: duckdb.DuckDBPyConnection, sql: str, work: Path) -> Part:
    return _written(connection, "label", "Person", f"SELECT * FROM ({sql}) ORDER BY id", work)


def _written(connection: duckdb.DuckDBPyConnection, action: Action, name: str, sql: str, work: Path) -> Part:
    path = work / f"{action}-{name}.parquet"
    connection.execute(f"COPY ({sql}) TO {quoted(path)} (FORMAT parquet)")
    return _part(action, name, path)


def _part(action: Action, name: str, path: Path) -> Part:
    return Part(action, name, path, pq.read_metadata(path).num_rows)


def _same_bytes(one: Path, other: Path) -> bool:
    """Whether two files are equal to the byte: most tables of two builds are, and need no join."""
    if one == other or one.samefile(other):
        return True
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while chunk := a.read(1 << 20):
            if chunk != b.read(1 << 20):
                return False
    return True


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _scan(path: Path) -> str:
    return f"read_parquet({quoted(path)})"
