"""How far each source and scope reaches and where it says nothing; and how its rejected rows go from month to month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb

from lastseen.graph.archive import Load, Settings
from lastseen.graph.duck import quoted

Window = tuple[date, date]
RISEN = 2
"""So many times the share of before is worth a word, where it is above the share that is warned about at all."""


@dataclass(frozen=True)
class Coverage:
    """One scope's extracts. `windows` are the days an event source says it covers, or the days of a list; `gaps` are days that
    no extract covers, or stretches between two lists that are longer than lists are apart. `due_on` is the day by which the
    next extract should speak; `late_by` counts days since. `latest_event` is the last day anything is told of."""

    source: str
    scope: str
    shape: str
    extracts: int
    last_load: int
    last_extract: date
    latest_event: date | None
    windows: list[Window]
    gaps: list[Window]
    expected_every: int
    due_on: date
    late_by: int

    @property
    def reaches(self) -> Window:
        """The first and the last day of any extract."""
        return self.windows[0][0], max(end for _, end in self.windows)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def together(entries: Sequence[Coverage]) -> list[tuple[Coverage, list[str]]]:
    """Scopes of a source that are alike in everything but their latest event (the last of any is told) as one entry."""
    alike: defaultdict[Any, list[Coverage]] = defaultdict(list)
    for one in entries:
        alike[one.source, one.extracts, tuple(one.windows), one.due_on].append(one)
    return [
        (replace(group[0], latest_event=max((one.latest_event for one in group if one.latest_event), default=None)),
         [one.scope for one in group])
        for group in alike.values()
    ]  # fmt: skip


@dataclass(frozen=True)
class Trend:
    """A source's rows in the month (its first day) of its newest extracts, and in the month of extracts before it."""

    source: str
    month: date
    read: int
    rejected: int
    before: date | None
    share_before: float | None
    risen: bool

    @property
    def share(self) -> float:
        return self.rejected / self.read if self.read else 0.0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "share": self.share, "said": str(self)}

    def __str__(self) -> str:
        """'gp_list rejected 12 % in February 2018, 0.3 % in January 2018'."""
        told = f"{self.source} rejected {percent(self.share)} in {self.month:%B %Y}"
        return told if self.before is None or self.share_before is None else (
            f"{told}, {percent(self.share_before)} in {self.before:%B %Y}"
        )


def percent(share: float) -> str:
    """'12 %', '0.3 %'; never a plain 0 or 100 where it is not."""
    if share in (0, 1) or 0.1 <= share < 0.995:
        return f"{share:.0%}".replace("%", " %")
    return "under 0.1 %" if share < 0.0005 else "over 99 %" if share > 0.1 else f"{100 * share:.1f} %"


def coverage(loads: Sequence[Load], settings: Settings, day: date) -> list[Coverage]:
    """One entry a source and scope, by what its extracts say of days up to `day` (when they were loaded plays no part)."""
    scopes: defaultdict[tuple[str, str], list[Load]] = defaultdict(list)
    for load in sorted(loads, key=lambda load: (load.extract_date, load.n)):
        for scope in load.scopes if _window(load)[0] <= day else ():
            scopes[load.source, scope].append(load)
    latest = {load.n: _latest(load) for load in loads}
    return [_entry(source, scope, group, latest, settings, day) for (source, scope), group in sorted(scopes.items())]


def _entry(
    source: str, scope: str, group: Sequence[Load], latest: dict[int, dict[str, date]], settings: Settings, day: date
) -> Coverage:
    last = group[-1]
    every = settings.expected_every.get(source, last.expected_every)
    windows = sorted({_window(load) for load in group})
    step = every if last.shape == "snapshot" else 1
    ends = max(end for _, end in windows)
    gaps, reached = [], windows[0][1]
    for _, (start, end) in pairwise(windows):
        if start > reached + timedelta(days=step):
            gaps.append((reached + timedelta(days=1), start - timedelta(days=1)))
        reached = max(reached, end)
    due = ends + timedelta(days=every + last.lag)
    events = [found for load in group if (found := latest[load.n].get(scope))]
    return Coverage(
        source, scope, last.shape, len(group), last.n, last.extract_date, max(events, default=None), windows, gaps, every, due,
        max(0, (day - due).days),
    )


def _window(load: Load) -> Window:
    if load.shape == "snapshot":
        return load.extract_date, load.extract_date
    return load.covers_from or load.covers_to or load.extract_date, load.covers_to or load.extract_date


def _latest(load: Load) -> dict[str, date]:
    """Scope → the last day of a contact, else of the beginning of something on a list, that the load tells."""
    for table, column in (("contacts", "occurred_on"), ("registrations", "valid_from"), ("involvements", "valid_from")):
        if table in load.tables:
            with duckdb.connect() as connection:
                found = connection.execute(f"""
                    SELECT coalesce(scope, 'all'), max({column}) FROM read_parquet({quoted(load.table(table))})
                    WHERE {column} <= DATE '{load.extract_date}' GROUP BY 1
                """).fetchall()
            return {scope: day for scope, day in found if day}
    return {}


def trends(loads: Sequence[Load], warn_share: float) -> list[Trend]:
    """One entry a source: its newest month of extracts beside the one before."""
    months: defaultdict[str, defaultdict[date, list[Load]]] = defaultdict(lambda: defaultdict(list))
    for load in loads:
        months[load.source][load.extract_date.replace(day=1)].append(load)
    found = []
    for source, of in sorted(months.items()):
        newest, *earlier = sorted(of, reverse=True)
        read, rejected = _rows(of[newest])
        before = earlier[0] if earlier else None
        was = _share(*_rows(of[before])) if before else None
        share = _share(read, rejected)
        risen = was is not None and share > warn_share and share > RISEN * was
        found.append(Trend(source, newest, read, rejected, before, was, risen))
    return found


def _rows(loads: Sequence[Load]) -> tuple[int, int]:
    return sum(load.read for load in loads), sum(load.rejected for load in loads)


def _share(read: int, rejected: int) -> float:
    return rejected / read if read else 0.0
