"""How many agencies that should know a child have not seen the child: for the worklist's order, never shown as a score.

An agency is silent about a child where the child is on its register, or it is working with the child, and no contact it made
within the signal's window saw the child in person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from lastseen.graph.schema import SEEN
from lastseen.graph.store import Store
from lastseen.queries.narrowing import run_about

TIES = """
MATCH (c:Person)-[t:REGISTERED_WITH|INVOLVED_WITH]->(g:Agency)
WHERE child(c) AND open(t)
RETURN DISTINCT c.id AS child, g.id AS agency, coalesce(g.name, g.id) AS name
"""
SIGHTS = """
MATCH (c:Person)<-[a:ABOUT]-()
WHERE child(c) AND known(a) AND a.level >= $level AND a.occurred_on > $since AND a.agency IS NOT NULL
WITH c, a.agency AS agency, max(a.occurred_on) AS last_seen
RETURN c.id AS child, agency, last_seen
"""

@dataclass(frozen=True)
class Ties:
    """Each child's agencies (id to name), and the last day on which each of them saw the child."""

    agencies: dict[str, dict[str, str]]
    seen: dict[tuple[str, str], date]

    def silent(self, child: str, as_at: date, window: int) -> list[str]:
        """Ids of the child's agencies without a sighting in the `window` days up to the day."""
        limit = as_at - timedelta(days=window)
        return [agency for agency in self.agencies.get(child, {}) if self.seen.get((child, agency), date.min) <= limit]


def ties(store: Store, as_at: date, children: Collection[str], window: int) -> Ties:
    """Ties of these children (of all, where they are many), looking back `window` days at most."""
    given = {"level": SEEN, "since": as_at - timedelta(days=window)}
    sights = run_about(store, SIGHTS, as_at, children, **given)
    agencies: dict[str, dict[str, str]] = defaultdict(dict)
    for row in run_about(store, TIES, as_at, children):
        agencies[row["child"]][row["agency"]] = row["name"]
    return Ties(agencies, {(row["child"], row["agency"]): row["last_seen"] for row in sights})
