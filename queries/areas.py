"""Where a child lives, coarsely: the postcode district of the registered or observed home, for filters and counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lastseen.graph.store import Store
from lastseen.queries.narrowing import run_about

HOMES = """
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE child(c) AND open(l) AND l.basis <> 'claimed'
RETURN c.id AS child, l.basis AS basis, l.valid_from AS since, h.id AS place, h.postcode AS postcode, h.area AS area,
       coalesce(h.protected, false) AS protected
"""
PROTECTED = "protected"
UNKNOWN = "not known"


def areas(store: Store, as_at: date, children: Collection[str]) -> dict[str, str]:
    """Each child's area as at the day: a postcode district, the name of an area, 'protected' or 'not known'.

    Among several homes a registered one counts before an observed one, then the later. A child with a protected address
    is under 'protected' alone.
    """
    found: dict[str, str] = dict.fromkeys(children, UNKNOWN)
    for row in sorted(run_about(store, HOMES, as_at, children), key=_rank):
        if row["child"] in found and found[row["child"]] != PROTECTED:
            found[row["child"]] = PROTECTED if row["protected"] else _district(row["postcode"]) or row["area"] or UNKNOWN
    return found


def _rank(row: dict[str, object]) -> tuple[bool, bool, str, str]:
    return bool(row["protected"]), row["basis"] == "registered", str(row["since"] or ""), str(row["place"])


def _district(postcode: str | None) -> str:
    return (postcode or "").split(" ")[0]
