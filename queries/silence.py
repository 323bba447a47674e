"""How many agencies that should know a child have not seen the child: for the worklist's order, never shown as a score.

An agency is silent about a child where the child is on its register, or it is working with the child, and no contact it made
within the signal's window saw the child in person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from lastseen.graph.schema import SEEN
from lastseen.graph.store import Store
from lastseen.queries.narrowing import table_about

TIES = """
MATCH (c:Person)-[t:REGISTERED_WITH|INVOLVED_WITH]->(g:Agency)
WHERE child(c) AND open(t)
RETURN DISTINCT c.id AS child, g.id AS agency, coalesce(g.name, g.id) AS name
"""
SIGHTS = """
MATCH (c:Person)<-[a:ABOUT]-()
WHERE child(c) AND known(a) AND a.level >= $level AND a.occurred_on > $since AND a.agency IS NOT NULL
RETURN c.id AS child, a.agency AS agency, a.occurred_on AS seen_on
"""
_TIES = pa.schema([("child", pa.string()), ("agency", pa.string()), ("name", pa.string())])
_SIGHTS = pa.schema([("child", pa.string()), ("agency", pa.string()), ("seen_on", pa.date32())])


@dataclass(frozen=True)
class Ties:
    """Each child's agencies (id to name, in the order of the ids), and the last day on which each of them saw the child."""

    agencies: dict[str, dict[str, str]]
    seen: dict[tuple[str, str], date]

    def silent(self, child: str, as_at: date, window: int) -> list[str]:
        """Ids of the child's agencies without a sighting in the `window` days up to the day."""
        limit = as_at - timedelta(days=window)
        return [agency for agency in self.agencies.get(child, {}) if self.seen.get((child, agency), date.min) <= limit]


def ties(store: Store, as_at: date, children: Collection[str], window: int) -> Ties:
    """Ties of these children (of all, where they are many), looking back `window` days at most."""
    given = {"level": SEEN, "since": as_at - timedelta(days=window)}
    agencies: dict[str, dict[str, str]] = defaultdict(dict)
    for child, agency, name in _cells(table_about(store, TIES, as_at, children, _TIES).sort_by("agency")):
        agencies[child][agency] = name
    # The latest of each is looked for here: grouping millions of sightings by an agency's id takes the engine seconds.
    sights = table_about(store, SIGHTS, as_at, children, _SIGHTS, **given)
    latest = sights.group_by(["child", "agency"]).aggregate([("seen_on", "max")])
    return Ties(agencies, {(child, agency): day for child, agency, day in _cells(latest)})


def _cells(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
