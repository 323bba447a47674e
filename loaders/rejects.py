"""The rows that were set aside: counted by column and reason, and written for the people who can mend them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lastseen.governance.spreadsheets import cell
from lastseen.loaders.checking import words
from lastseen.loaders.inputs import Text

COLUMNS = ("file", "line", "column", "reason", "mend", "row")
_LONGEST = 2000
"""Characters of a row's raw cells that are kept with its reason."""


@dataclass(frozen=True)
class Origin:
    """Where a sheet's rows come from, for telling people: its text, and its column names by number."""

    text: Text
    columns: Mapping[int, str]


def begin(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty list of rejected rows: sheet, line, where the record lies in its text, and its faults."""
    connection.execute("CREATE TABLE bad (sheet INTEGER, line BIGINT, begins BIGINT, size BIGINT, faults VARCHAR)")


def reasons(connection: duckdb.DuckDBPyConnection, origins: Sequence[Origin]) -> dict[str, int]:
    """'COLUMN: reason' → how many rows have it, the most first. A row with two faults counts under both."""
    counted: dict[str, int] = {}
    rows = connection.execute("""
        SELECT sheet, fault, count(*) FROM (SELECT sheet, unnest(list_distinct(string_split(faults, ';'))) AS fault FROM bad)
        GROUP BY ALL ORDER BY count(*) DESC, fault
    """).fetchall()
    for sheet, fault, count in rows:
        column, reason, _ = words(fault, origins[sheet].columns)
        said = f"{column}: {reason}" if column else reason
        counted[said] = counted.get(said, 0) + count
    return counted


def first_few(connection: duckdb.DuckDBPyConnection, origins: Sequence[Origin], limit: int = 5) -> list[str]:
    """The first rejected rows in words, without what their cells hold."""
    rows = connection.execute("SELECT sheet, line, faults FROM bad ORDER BY sheet, line LIMIT ?", [limit]).fetchall()
    said = []
    for sheet, line, faults in rows:
        column, reason, mend = words(faults.split(";")[0], origins[sheet].columns)
        said.append(f"{origins[sheet].text.name} line {line}{', ' + column if column else ''}: {reason}. {mend}")
    return said


def write(connection: duckdb.DuckDBPyConnection, origins: Sequence[Origin], path: Path) -> None:
    """rejected.csv: one line a row, all its faults in it, its raw cells last; safe to open in a spreadsheet."""
    found = connection.execute("SELECT sheet, line, begins, size, faults FROM bad ORDER BY sheet, line")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)  # a lone return would else end a line
        writer.writerow(COLUMNS)
        while batch := found.fetchmany(10_000):
            for sheet in sorted({row[0] for row in batch}):
                origin = origins[sheet]
                with origin.text.path.open("rb") as text:
                    for _, line, begins, size, faults in (row for row in batch if row[0] == sheet):
                        text.seek(begins)
                        raw = text.read(min(size, 4 * _LONGEST)).decode(errors="replace")[:_LONGEST].replace("\0", "")
                        said = [words(fault, origin.columns) for fault in faults.split(";")]
                        told = ["; ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*said, strict=True)]
                        writer.writerow([cell(value) for value in (origin.text.name, line, *told, raw.strip("\r"))])
