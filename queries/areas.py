"""Where a child lives, coarsely: the postcode district of the registered or observed home, for filters and counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lastseen.graph.store import Store
from lastseen.queries.narrowing import table_about

HOMES = """
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE child(c) AND open(l) AND l.basis <> 'claimed'
RETURN c.id AS child, coalesce(l.basis = 'registered', false) AS registered, l.valid_from AS since, h.id AS place,
       h.postcode AS postcode, h.area AS area, coalesce(h.protected, false) AS protected
"""
_HOMES = pa.schema([
    ("child", pa.string()), ("registered", pa.bool_()), ("since", pa.date32()), ("place", pa.string()),
    ("postcode", pa.string()), ("area", pa.string()), ("protected", pa.bool_()),
])  # fmt: skip
PROTECTED = "protected"
UNKNOWN = "not known"


def areas(store: Store, as_at: date, children: Collection[str]) -> dict[str, str]:
    """Each child's area as at the day: a postcode district, the name of an area, 'protected' or 'not known'.

    Among several homes a registered one counts before an observed one, then the later. A child with a protected address
    is under 'protected' alone.
    """
    homes = table_about(store, HOMES, as_at, children, _HOMES)
    since = pc.fill_null(homes["since"], date.min)
    homes = homes.set_column(homes.column_names.index("since"), "since", since)
    homes = homes.sort_by([(name, "ascending") for name in ("protected", "registered", "since", "place")])
    # A later row of the same child takes the place of an earlier one.
    found = dict(zip(homes["child"].to_pylist(), _named(homes).to_pylist(), strict=True))
    return {child: found.get(child) or UNKNOWN for child in children}


def _named(homes: pa.Table) -> pa.ChunkedArray:
    """The area of each home: the district of its postcode, else its own name; empty where neither is stated."""
    district = pc.replace_substring_regex(homes["postcode"], " .*", "")
    stated = pc.if_else(pc.equal(pc.coalesce(district, ""), ""), homes["area"], district)
    return pc.if_else(homes["protected"], PROTECTED, stated)
