"""The board's figures: how many children each signal finds, by age band and area, at the end of each month.

Each figure is asked as at its month's end with what was known then, not worked back from today. Exact counts stay in the
build's folder; what is shown has small numbers hidden (governance/suppression.py), with coverage and freshness beside it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.governance.suppression import SMALL, Shown, rounded, suppressed
from lastseen.graph.schema import AGE_BANDS
from lastseen.graph.store import Store
from lastseen.queries.areas import UNKNOWN, areas
from lastseen.queries.catalogue import registers, signals
from lastseen.queries.days import month_ends
from lastseen.queries.findings import Overrides, evaluate
from lastseen.queries.freshness import loads, not_loaded, stale_registers
from lastseen.queries.kept import ABOUT, about, held_throughout, put, standings
from lastseen.queries.texts import run

MONTHS = 12
FIGURES = "board.parquet"
_DAYS = b"lastseen_days"
EVERYBODY = ""
"""Stands where a signal's id does for the children asked about."""
POPULATION = """
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
RETURN c.id AS child, age_band(c) AS band
"""
_SCHEMA = pa.schema([
    ("as_at", pa.date32()), ("signal", pa.string()), ("band", pa.string()), ("area", pa.string()),
    ("children", pa.int64()), ("cannot_tell", pa.int64()),
])  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One signal at the end of one month as it may be shown. `cannot_tell` is rounded, None where it is small."""

    as_at: date
    signal: str
    title: str
    shown: Shown
    cannot_tell: int | None


@dataclass(frozen=True)
class Board:
    """Figures by month and signal, and for each month which registers were late (`stale`) or never loaded."""

    as_at: date
    months: list[date]
    figures: list[Figure]
    population: dict[date, Shown]
    stale: dict[date, list[str]]
    not_loaded: list[str]

    def at(self, month: date) -> list[Figure]:
        return [figure for figure in self.figures if figure.as_at == month]

    def series(self, signal: str) -> list[Figure]:
        return [figure for figure in self.figures if figure.signal == signal]


def board(
    store: Store, as_at: date, kept: Path | None = None, *, months: int = MONTHS, overrides: Overrides | None = None,
    progress: Callable[[str], None] | None = None,
) -> Board:  # fmt: skip
    """The board as at a day. `kept` is a build's folder, where the figures are read if they are there, and else kept."""
    ends = month_ends(as_at, months)
    holds = about(store, overrides)
    done, table = _read(kept, holds) if kept else ([], _SCHEMA.empty_table())
    if missing := [day for day in ends if day not in done]:
        table = pa.concat_tables([table, _worked_out(store, missing, kept, overrides, progress or (lambda _: None))])
        if kept and held_throughout(store, overrides, holds):
            days = json.dumps([day.isoformat() for day in [*done, *missing]])
            put(table.replace_schema_metadata({ABOUT: holds.encode(), _DAYS: days.encode()}), kept / FIGURES)
    loaded = loads(store)
    late = {month: stale_registers(loaded, month) for month in ends}
    stale = {month: [one.title for name, one in registers().items() if name in late[month]] for month in ends}
    rows: defaultdict[tuple[date, str], list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        rows[row["as_at"], row["signal"]].append(row)
    cells = sorted({row["area"] for group in rows.values() for row in group})
    return Board(
        as_at, ends, [_figure(rows[month, signal], month, signal, cells) for month in ends for signal in signals()],
        {month: _shown(rows[month, EVERYBODY], cells) for month in ends}, stale, not_loaded(loaded),
    )  # fmt: skip


def _worked_out(
    store: Store, days: Sequence[date], kept: Path | None, overrides: Overrides | None, say: Callable[[str], None]
) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for month in sorted(days, reverse=True):
        say(f"Working out the board's figures as at {month.isoformat()}")
        bands = {row["child"]: row["band"] for row in run(store, POPULATION, month)}
        if month == max(days):  # the worklist and each child's page ask about that day: kept for them, so it is the first
            found = [one.finding for one in standings(store, month, kept, overrides=overrides).standings]
        else:
            found = evaluate(store, month, overrides=overrides)
        where = areas(store, month, {*bands, *(finding.child for finding in found)})
        rows += _counted(month, EVERYBODY, ((band, where.get(child, UNKNOWN), False) for child, band in bands.items()))
        for signal in signals():
            rows += _counted(
                month, signal,
                ((one.band, where.get(one.child, UNKNOWN), one.cannot_tell) for one in found if one.signal == signal),
            )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _counted(month: date, signal: str, children: Iterable[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    told: Counter[tuple[str, str]] = Counter()
    blind: Counter[tuple[str, str]] = Counter()
    for band, area, cannot_tell in children:
        (blind if cannot_tell else told)[band, area] += 1
    return [
        {"as_at": month, "signal": signal, "band": band, "area": area, "children": told[band, area],
         "cannot_tell": blind[band, area]}
        for band, area in sorted({*told, *blind})
    ]  # fmt: skip


def _figure(rows: Sequence[Mapping[str, Any]], month: date, signal: str, cells: Sequence[str]) -> Figure:
    blind = sum(row["cannot_tell"] for row in rows)
    told = None if 1 <= blind <= SMALL else rounded(blind)
    return Figure(month, signal, signals()[signal].header.title, _shown(rows, cells), told)


def _shown(rows: Sequence[Mapping[str, Any]], cells: Sequence[str]) -> Shown:
    band, area = dict.fromkeys(AGE_BANDS, 0), dict.fromkeys(cells, 0)
    for row in rows:
        band[row["band"]] += row["children"]
        area[row["area"]] += row["children"]
    return suppressed({"band": band, "area": area} if cells else {"band": band})


HIDDEN = "hidden"
"""Stands for a count of 1 to 5, or one that would give such a count away."""
LONG = ("as_at", "signal", "title", "breakdown", "cell", "children")


def shown_count(count: int | None) -> int | str:
    return HIDDEN if count is None else count


def long_rows(found: Board) -> list[dict[str, Any]]:
    """A row a figure and cell, for a spreadsheet; `children` is 'hidden' where it may not be shown."""
    return [
        {"as_at": figure.as_at, "signal": figure.signal, "title": figure.title, "breakdown": breakdown, "cell": cell,
         "children": shown_count(count)}
        for figure in found.figures
        for breakdown, line in (("all, rounded to 10", {"": figure.shown.total}), *figure.shown.lines.items())
        for cell, count in line.items()
    ]  # fmt: skip


# --- kept beside the build ----------------------------------------------------------------------------------------


def _read(folder: Path, holds: str) -> tuple[list[date], pa.Table]:
    """The days whose figures are kept (in one file), and those; none where they are of anything else, or spoilt."""
    try:
        table = pq.read_table(folder / FIGURES, schema=_SCHEMA)
        kept = pq.read_schema(folder / FIGURES).metadata or {}
        if kept.get(ABOUT) == holds.encode():
            return [date.fromisoformat(day) for day in json.loads(kept[_DAYS])], table
    except (OSError, ValueError, KeyError, pa.ArrowInvalid):
        pass
    return [], _SCHEMA.empty_table()
