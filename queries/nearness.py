"""Whether anybody, or anybody near one child, has an edge of a type: a cheap look before a text that would read whole tables.

Near is every person within two steps of the child, a step being a stated parent or partner, or an address that both were
ever stated at. That is wider than any question means, so whoever is not near cannot be in its rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from lastseen.graph.schema import EDGES
from lastseen.graph.store import Store

STEPS = 2
MANY = 400
"""People after whom the look is given up: then somebody counts as near."""
TIED = "MATCH (p:Person)-[:PARENT_OF|PARTNER_OF]-(o:Person) WHERE p.id = $one RETURN DISTINCT o.id"
HOMES = "MATCH (p:Person)-[:LIVES_AT]->(h:Address) WHERE p.id = $one RETURN DISTINCT h.id"
RESIDENTS = "MATCH (h:Address)<-[:LIVES_AT]-(o:Person) WHERE h.id = $one RETURN DISTINCT o.id"


def anybody_near(store: Store, child: str | None, edge: str) -> bool:
    """Whether the child, or somebody near, has an edge of the type (a name of the vocabulary); without a child, whether anybody
    has one. False positives may be."""
    marked = set(_ids(store, f"MATCH (x:{EDGES[edge].start})-[:{edge}]->() RETURN DISTINCT x.id"))
    if child is None:
        return bool(marked)
    near, rim, homes = {child}, {child}, set[str]()
    for _ in range(STEPS if marked else 0):
        found: set[str] = set()
        for person in sorted(rim):
            found |= set(_ids(store, TIED, person))
            for home in set(_ids(store, HOMES, person)) - homes:
                homes.add(home)
                found |= set(_ids(store, RESIDENTS, home))
        rim = found - near
        near |= rim
        if len(near) > MANY:
            return True
    return not marked.isdisjoint(near)


def _ids(store: Store, text: str, one: str | None = None) -> Iterable[str]:
    return (str(row[0]) for row in store.run(text, {} if one is None else {"one": one}).rows)
