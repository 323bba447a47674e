"""Where a row of the graph comes from: load, file and line, and the first and the last extract that said the same.

A node or an edge keeps the row that said it first ('load:file:line', see `rows`). Which extracts of that source and scope have
said it since is told from the archive: the same claim, contact or person, whatever else of its row may have changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from lastseen.graph.claims import CLAIMS
from lastseen.graph.duck import connect
from lastseen.graph.errors import Refused
from lastseen.graph.folding import add_raw
from lastseen.graph.loads import Load
from lastseen.graph.scratch import scratch

SAME = {
    "people": ("person",), "names": ("person", "given_name", "family_name"), "identifiers": ("person", "scheme", "value"),
    "places": ("place",), "agencies": ("agency",), "workers": ("worker",), "contacts": ("contact",),
    "participants": ("contact", "person", "role"), **{claim.table: (*claim.slot, "valid_from") for claim in CLAIMS},
}  # fmt: skip
"""What makes two rows of a record table say the same thing, beside their source and scope."""

_MENTIONS = ("people", "participants", *(claim.table for claim in CLAIMS))
TABLES_OF = {
    "Record": _MENTIONS, "IDENTIFIES": _MENTIONS, "Contact": ("contacts",), "ABOUT": ("participants",),
    "MADE_BY": ("contacts",), "MADE_IN_PERSON_BY": ("contacts",), "AT": ("contacts",), "PARENT_OF": ("relations",),
    "PARTNER_OF": ("relations",), "RELATED_TO": ("relations",), "LIVES_AT": ("residences", "participants"),
    "REGISTERED_WITH": ("registrations",), "INVOLVED_WITH": ("involvements",), "FLAGGED_BY": ("flags",),
    "ALLOCATED_TO": ("involvements",), "WORKS_FOR": ("workers",), "Agency": ("agencies",),
}  # fmt: skip
"""Which record tables say what has a `row` in the graph, the first that the row fills."""

_ROW = re.compile(r"(\d+):(.+):(\d+)")


@dataclass(frozen=True)
class Origin:
    """What one row says in one record table, and the extract dates of the first and last extract that say so."""

    row: str
    record: str
    source: str
    scope: str
    load: int
    file: str
    line: int
    extract_date: date
    first_said: date
    last_said: date


def origins(loads: Sequence[Load], rows: Iterable[str]) -> dict[str, dict[str, Origin]]:
    """Row ('load:file:line') → record table → where it comes from. A row that no load has is left out.

    Raises Refused for a text that is no row.
    """
    asked = [_parsed(row) for row in rows]
    numbers = {load for load, _, _ in asked}
    sources = {load.source for load in loads if load.n in numbers}
    kin = [load for load in loads if load.source in sources]
    found: defaultdict[str, dict[str, Origin]] = defaultdict(dict)
    if not kin:
        return {}
    with _archive(kin) as connection:
        connection.execute("CREATE TABLE asked (load BIGINT, file VARCHAR, line BIGINT)")
        connection.executemany("INSERT INTO asked VALUES (?, ?, ?)", asked or [(0, "", 0)])
        for table in SAME:
            for one in _said(connection, table, kin):
                found[one.row][table] = one
    return dict(found)


def origin(loads: Sequence[Load], kind: str, row: str) -> Origin | None:
    """The same for one row of a node or edge type; None where no load says it."""
    said = origins(loads, [row]).get(row, {})
    return next((said[table] for table in TABLES_OF[kind] if table in said), None)


def rows_of_agency(loads: Sequence[Load], code: str) -> list[str]:
    """The first row of each source that lists an agency, by its code: for one that nothing else in the graph is about."""
    with _archive(loads) as connection:
        add_raw(connection, "agencies", loads)
        found = connection.execute("""
            SELECT min_by(load || ':' || file || ':' || line, (extract_date, load, file, line))
            FROM raw_agencies JOIN extract USING (load) WHERE agency = ? GROUP BY source
        """, [code]).fetchall()  # fmt: skip
    return sorted(row for (row,) in found)


@contextmanager
def _archive(loads: Sequence[Load]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the table `extract` of these loads."""
    if not loads:
        raise Refused("Nothing is loaded that could say so.", "`lastseen loads` lists what is.")
    with scratch(loads[0].directory.parents[1]) as work, connect(work) as connection:
        connection.execute("CREATE TABLE extract (load BIGINT, source VARCHAR, extract_date DATE)")
        for load in loads:
            connection.execute("INSERT INTO extract VALUES (?, ?, ?)", [load.n, load.source, load.extract_date])
        yield connection


def _said(connection: duckdb.DuckDBPyConnection, table: str, loads: Sequence[Load]) -> list[Origin]:
    if not any(load.tables.get(table) for load in loads):
        return []
    add_raw(connection, table, loads)
    same = " AND ".join(f"o.{column} IS NOT DISTINCT FROM t.{column}" for column in ("scope", *SAME[table]))
    rows = connection.execute(f"""
        SELECT t.load || ':' || t.file || ':' || t.line, '{table}', x.source, any_value(t.scope), t.load, t.file, t.line,
            x.extract_date, min(y.extract_date), max(y.extract_date)
        FROM raw_{table} t SEMI JOIN asked USING (load, file, line) JOIN extract x ON x.load = t.load
        JOIN extract y ON y.source = x.source JOIN raw_{table} o ON o.load = y.load AND {same}
        GROUP BY t.load, t.file, t.line, x.source, x.extract_date
    """).fetchall()
    return [Origin(*row) for row in rows]


def _parsed(row: str) -> tuple[int, str, int]:
    parts = _ROW.fullmatch(row)
    if not parts:
        raise Refused(f"{row!r} is no row.", "Write it as answers do: load:file:line, for example 7:gp_list.csv:12.")
    return int(parts[1]), parts[2], int(parts[3])
