"""Data on standard output, as a table, CSV or JSON; messages on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lastseen.commands.guard import printable, say
from lastseen.commands.options import Format

Row = Mapping[str, Any]

__all__ = ["full_date", "plain", "say", "write", "write_json", "write_text"]


def write(columns: Sequence[str], rows: Sequence[Row], output: Format) -> None:
    """Write rows of named columns; every value in full, whatever the width of the screen."""
    if output is Format.json:
        write_json([{column: row.get(column) for column in columns} for row in rows])
    elif output is Format.csv:
        write_csv(columns, rows)
    else:
        write_table(columns, rows)


def write_json(value: Any) -> None:
    """Indented JSON with ISO dates."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value) + "\n")


def _json_value(value: Any) -> Any:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | tuple):
        return list(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def write_csv(columns: Sequence[str], rows: Iterable[Row]) -> None:
    """CSV that a spreadsheet opens as text: a cell that would be read as a formula is quoted with an apostrophe."""
    from lastseen.governance.spreadsheets import csv_text

    sys.stdout.write(csv_text(columns, ([row.get(column) for column in columns] for row in rows)))


def write_table(columns: Sequence[str], rows: Sequence[Row]) -> None:
    """A rich table on a terminal (long values folded, never cut); aligned plain text where output is piped."""
    headings = [column.replace("_", " ") for column in columns]
    cells = [[printable(plain(row.get(column))) for column in columns] for row in rows]
    if sys.stdout.isatty():
        _rich_table(headings, cells)
    else:
        _plain_table(headings, cells)


def _rich_table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout).print(table)


def _plain_table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    widths = [max(cell_len(row[i]) for row in [headings, *cells]) for i in range(len(headings))]
    for row in [headings, ["-" * width for width in widths], *cells]:
        line = "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def write_text(text: str) -> None:
    sys.stdout.write(printable_lines(text) + "\n")


def printable_lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def plain(value: Any) -> str:
    """One cell: ISO dates, yes and no, lists by semicolons, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return "; ".join(plain(item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {plain(item)}" for name, item in value.items())
    return str(value)


def full_date(day: date) -> str:
    """20 July 2018."""
    return f"{day.day} {day:%B %Y}"
