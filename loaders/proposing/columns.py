"""A table's columns as they are found: how full, how many different values, and what shape those have. Nothing is judged here.

Values are read by the loaders' own reader and tidied by their own SQL, so that a proposal sees what a load will see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lastseen.graph.duck import connect, quoted
from lastseen.graph.errors import Refused
from lastseen.loaders.inputs import Text
from lastseen.loaders.proposing.dates import DateStyles, date_styles
from lastseen.loaders.proposing.words import squeezed, vocabulary
from lastseen.loaders.reading import read_header, read_rows
from lastseen.loaders.tidying import prepare

MOST_VALUES = 50_000
"""Different values of one column that are looked at; a code list is far shorter, and dates have hardly more."""
LONGEST = 200
MOST = 0.9
"""A shape is a column's when this share of its different values has it."""
_SHAPES = {
    "nhs": "nhs_is_valid(squeezed(v))", "upn": "upn_is_shaped(squeezed(v))",
    "postcode": "regexp_matches(upper(replace(v, ' ', '')), '^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$')",
    "number": "regexp_matches(v, '^-?[0-9]+([.][0-9]+)?$')", "word": "regexp_matches(v, '^[^0-9@]*$')",
    "yesno": "lower(v) IN ('y', 'n', 'yes', 'no', 'true', 'false', 't', 'f')",
}


@dataclass(frozen=True)
class Found:
    """One column. `shapes` gives the share of its different values that have each shape; `values` its different values with
    how often each stands there, the most frequent first, without those that stand for nothing (`unknown`)."""

    name: str
    rows: int
    filled: int
    different: int
    values: dict[str, int]
    unknown: set[str]
    shapes: dict[str, float]
    dates: DateStyles | None

    @property
    def is_dates(self) -> bool:
        """Whether nearly all values are dates, whatever the header says."""
        return self.dates is not None and self.dates.share >= MOST

    def is_mostly(self, shape: str) -> bool:
        return self.shapes.get(shape, 0.0) >= MOST


def look(text: Text, title_rows: int, delimiter: str, work: Path) -> list[Found]:
    """Every column of a table. Raises Refused for a header that is a row, stands twice or has no rows under it."""
    header = read_header(text, title_rows, delimiter)
    names = [name for name in header.names if name]
    twice = sorted({name for name in names if [squeezed(one) for one in names].count(squeezed(name)) > 1})
    if twice:
        raise Refused(f"{text.name} has {', '.join(twice)} more than once.", "Have each column given a header of its own.")
    raw = read_rows(text, header, delimiter, range(len(header.names)), work / "looked-at")
    connection = connect(work, memory="1GB")
    try:
        prepare(connection)
        if not raw.rows:
            raise Refused(f"{text.name} has a header and no row that can be read.", "Give a file with some rows.")
        if _is_row(connection, names):
            raise Refused(f"The first line of {text.name} looks like a row, not like a header.", "Have a header line put in.")
        rows = f"read_parquet({quoted(raw.path)})"
        return [_found(connection, rows, i, name) for i, name in enumerate(header.names) if name]
    finally:
        connection.close()


def _is_row(connection: duckdb.DuckDBPyConnection, names: list[str]) -> bool:
    """Whether a header holds what none does: a date, a postcode, somebody's number, or numbers in a third of its cells."""
    shapes = [_shapes(connection, [name]) for name in names]
    own = any(one["nhs"] or one["upn"] or one["postcode"] for one in shapes) or any(date_styles([name]) for name in names)
    return own or sum(one["number"] for one in shapes) * 3 >= len(names)


def _found(connection: duckdb.DuckDBPyConnection, rows: str, number: int, name: str) -> Found:
    cell = f"left(unwrapped(plain(c{number})), {LONGEST})"
    counted = connection.execute(f"""
        SELECT {cell} AS v, count(*) AS n FROM {rows} GROUP BY v ORDER BY n DESC, v LIMIT {MOST_VALUES}
    """).fetchall()
    total, different = connection.execute(f"SELECT count(*), approx_count_distinct(c{number}) FROM {rows}").fetchone() or (0, 0)
    blank = {word.casefold() for word in vocabulary()["unknown"]}
    unknown = {v for v, _ in counted if v and v.casefold() in blank}
    values = {v: n for v, n in counted if v and v not in unknown}
    nothing = sum(n for v, n in counted if not v or v in unknown)
    different = len(values) if len(counted) < MOST_VALUES else int(different)
    sample = [*values][:5000]
    return Found(name, total, total - nothing, different, values, unknown, _shapes(connection, sample), date_styles([*values]))


def _shapes(connection: duckdb.DuckDBPyConnection, values: list[str]) -> dict[str, float]:
    tests = ", ".join(f"coalesce(avg(CASE WHEN {test} THEN 1.0 ELSE 0.0 END), 0)" for test in _SHAPES.values())
    row = connection.execute(f"SELECT {tests} FROM (SELECT unnest(?::VARCHAR[]) AS v)", [values]).fetchone() or ()
    return {shape: float(share) for shape, share in zip(_SHAPES, row, strict=True)}


# --- the layout ---------------------------------------------------------------------------------------------------

_MARKS = (",", ";", "\t", "|")
_FIRST_LINES = 40


def layout(text: Text, known: set[str]) -> tuple[int, str]:
    """(lines before the header, delimiter). The header is the line that is as wide as the rows are and has the most headers
    that somebody knows (`known`, squeezed); the first such line."""
    marks = (",",) if text.made else _MARKS
    with text.path.open("rb") as file:
        file.seek(text.start)
        lines = [file.readline(1 << 16).decode(errors="replace").rstrip("\r\n") for _ in range(_FIRST_LINES)]
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    full = [line for line in lines if line.strip()] or [""]
    delimiter = max(marks, key=lambda mark: sorted(_width(line, mark) for line in full)[len(full) // 2])
    widths = [_width(line, delimiter) if line.strip() else -1 for line in lines]
    usual = max({*widths} - {-1} or {0}, key=lambda width: (widths.count(width), width))
    likely = [i for i, line in enumerate(lines[:20]) if widths[i] == usual and _cells(line, delimiter) * 2 > usual] or [0]
    best = max(likely, key=lambda i: (sum(squeezed(cell) in known for cell in re.split(re.escape(delimiter), lines[i])), -i))
    return best, delimiter


def _width(line: str, mark: str) -> int:
    """Cells of a line, those in quotes as one."""
    return re.sub(r'"[^"]*"', "", line).count(mark)


def _cells(line: str, mark: str) -> int:
    return sum(bool(cell.strip(' "')) for cell in line.split(mark))
