"""CSV for people who open it in a spreadsheet: no cell of ours is ever run as a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

STARTS_A_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""The last four are the full-width forms of the first, which some spreadsheets read alike."""


def neutral(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula (spaces before it do not help it)."""
    first = text.lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}")[:1]
    return f"'{text}" if first and first in STARTS_A_FORMULA else text


def cell(value: Any) -> str:
    """One value as CSV text: ISO dates, true and false, lists by '; ', nothing for None; only texts need neutralising."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | date):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, list | tuple):
        return neutral("; ".join(cell(item) for item in value))
    return neutral(str(value).replace("\r\n", "\n").replace("\r", "\n"))  # a lone return would end the line unquoted


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A header line and one line a row (LF line ends, quoted where needed)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([neutral(column) for column in columns])
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()
