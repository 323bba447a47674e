"""Data on standard output, as a table, CSV or JSON; messages on standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lastseen.commands.guard import printable, say
from lastseen.commands.options import Format

Row = Mapping[str, Any]
FOLDS = 1.5
"""A table this many times as wide as the screen is not folded but written a block a row."""
SHORT = 12
"""Columns of dates and numbers are at most this wide and are never folded."""

__all__ = ["full_date", "json_text", "plain", "say", "write", "write_json", "write_text"]


def write(columns: Sequence[str], rows: Sequence[Row], output: Format) -> None:
    """Write rows of named columns; every value in full, whatever the width of the screen."""
    if output is Format.json:
        write_json([{column: row.get(column) for column in columns} for row in rows])
    elif output is Format.csv:
        write_csv(columns, rows)
    else:
        write_table(columns, rows)


def put(text: str) -> None:
    """Write to standard output and see it through, so that a reader that went away is noticed before anything else is said."""
    sys.stdout.write(text)
    sys.stdout.flush()


def write_json(value: Any) -> None:
    """Indented JSON with ISO dates."""
    put(json_text(value))


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_json_value) + "\n"


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

    put(csv_text(columns, ([row.get(column) for column in columns] for row in rows)))


def write_table(columns: Sequence[str], rows: Sequence[Row], fold: bool = False) -> None:
    """A rich table on a terminal, where one too wide to read becomes a block a row (unless `fold`); aligned text where piped.

    Every value is there in full, folded where it must be, never cut.
    """
    headings = [column.replace("_", " ") for column in columns]
    cells = [[printable(plain(row.get(column))) for column in columns] for row in rows]
    if not sys.stdout.isatty():
        _plain_table(headings, cells)
    elif not fold and sum(_widths(headings, cells)) > FOLDS * shutil.get_terminal_size().columns:
        _blocks(headings, cells)
    else:
        _rich_table(headings, cells)


def _blocks(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Each row as lines of 'column  value'; a value that is not there has no line."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout)
    for number, row in enumerate(cells, 1):
        console.rule(Text(f"{number} of {len(cells)}"), align="left")
        block = Table.grid(padding=(0, 2))
        block.add_column(style="bold", no_wrap=True)
        block.add_column(overflow="fold")
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                block.add_row(Text(heading), Text(cell))
        console.print(block)


def _rich_table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading, width in zip(headings, _widths(headings, cells), strict=True):
        table.add_column(Text(heading), overflow="fold", no_wrap=width <= SHORT)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout).print(table)


def _plain_table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    widths = _widths(headings, cells)
    lines = [
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [headings, ["-" * width for width in widths], *cells]
    ]
    put("\n".join(lines) + "\n")


def _widths(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    return [max(cell_len(row[i]) for row in [headings, *cells]) for i in range(len(headings))]


def write_text(text: str) -> None:
    put(printable_lines(text) + "\n")


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
