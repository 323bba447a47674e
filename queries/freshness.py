"""How far each register reaches as at a day, worked out from the Load nodes, so that both engines say the same.

As at D a source promises to know what happened up to D minus its lag minus its cadence. An event source keeps that
promise where a load covers that day; a snapshot source where an extract is dated between that day and D. One scope
(practice, school, team) that does is enough: which child belongs to which scope is not known here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lastseen.graph.store import Store
from lastseen.queries.answer import Freshness
from lastseen.queries.catalogue import registers

LOADS = """MATCH (l:Load)
RETURN l.source, l.shape, l.extract_date, l.covers_from, l.covers_to, l.registers, l.lag, l.expected_every"""


@dataclass(frozen=True)
class Loaded:
    """What freshness needs of one Load node."""

    source: str
    shape: str
    extract_date: date
    covers_from: date | None
    covers_to: date | None
    registers: tuple[str, ...]
    lag: int
    expected_every: int

    @property
    def patience(self) -> timedelta:
        return timedelta(days=self.lag + self.expected_every)

    def keeps(self, as_at: date) -> bool:
        """Whether this load shows what its source should know as at the day."""
        day = as_at - self.patience
        if self.shape == "snapshot":
            return day <= self.extract_date <= as_at
        return self.covers_from is not None and self.covers_from <= day <= (self.covers_to or self.extract_date)

    def reaches(self, as_at: date) -> date | None:
        """The last day not after `as_at` for which this load speaks; None where it is about later days only."""
        start, end = (
            (self.extract_date, self.extract_date)
            if self.shape == "snapshot"
            else (self.covers_from or self.extract_date, self.covers_to or self.extract_date)
        )
        return min(end, as_at) if start <= as_at else None


def loads(store: Store) -> list[Loaded]:
    """Every load of the published graph."""
    return [_loaded(row) for row in store.run(LOADS).rows]


def _loaded(row: tuple[Any, ...]) -> Loaded:
    source, shape, extract, start, end, names, lag, every = row
    return Loaded(source, shape, extract, start, end, tuple((names or source).split()), lag or 0, every or 0)


def reach(loaded: Sequence[Loaded], as_at: date, wanted: Iterable[str] = ()) -> list[Freshness]:
    """One entry for each register and source that was loaded, those of `wanted` first and in that order."""
    groups: dict[tuple[str, str], list[Loaded]] = defaultdict(list)
    for load in loaded:
        for register in load.registers:
            groups[register, load.source].append(load)
    order = {name: at for at, name in enumerate(wanted)}
    keys = sorted(groups, key=lambda key: (order.get(key[0], len(order)), key))
    return [_entry(register, source, groups[register, source], as_at) for register, source in keys]


def _entry(register: str, source: str, group: list[Loaded], as_at: date) -> Freshness:
    speaking = [(day, load.extract_date, load) for load in group if (day := load.reaches(as_at)) is not None]
    if not speaking:
        return Freshness(register, source, None, None, stale=True, late_by_days=None)
    day, extract, latest = max(speaking, key=lambda one: one[:2])
    stale = not any(load.keeps(as_at) for load in group)
    late = max(0, (as_at - latest.patience - day).days) if stale else 0
    return Freshness(
        register, source, extract, None if latest.shape == "snapshot" else latest.covers_to or extract, stale, late
    )


def stale_registers(loaded: Sequence[Loaded], as_at: date) -> frozenset[str]:
    """Registers that no load keeps fresh as at the day, those never loaded among them."""
    fresh = {register for load in loaded if load.keeps(as_at) for register in load.registers}
    return frozenset(registers()) - fresh


def not_loaded(loaded: Sequence[Loaded]) -> list[str]:
    """Registers of the catalogue that no load ever served, by name."""
    served = {register for load in loaded for register in load.registers}
    return [name for name in registers() if name not in served]
