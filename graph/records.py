"""The record tables: what every source's rows become, and the only thing a source has to fill.

A load writes one Parquet file a table into its folder of the archive. Rows are never edited afterwards. Every table
starts with `ROW`; ids of people, contacts, agencies, workers and places are the source's *own* ids, unique within the
source; they become 'source:own id' when loads are folded together (`graph/folding.py`).

Dates are `date32`; a table's own dates (`valid_from`, `valid_to`, `occurred_on`) are when it was so, `recorded_on` is the
row's own recorded date where the source has one. `known_on` is not stored: it follows from all loads of the source.
"""

from __future__ import annotations

import pyarrow as pa

TEXT, DATE, INT, BOOL, FLOAT = pa.string(), pa.date32(), pa.int64(), pa.bool_(), pa.float64()

ROW = {"file": TEXT, "line": INT, "scope": TEXT, "recorded_on": DATE, "withdrawn_on": DATE}
"""`file` is the input's (member's) name within the load, `line` counts from 1 and includes the header line; `scope` is the
practice, school, team or council that the row belongs to, 'all' for a source without scopes."""

SPAN = {"valid_from": DATE, "valid_to": DATE}

TABLES: dict[str, pa.Schema] = {
    name: pa.schema([*ROW.items(), *columns.items()])
    for name, columns in {
        # one row a person a source row names; age_group 'child'/'adult' where the source says so without a birth date
        "people": {"person": TEXT, "given_name": TEXT, "family_name": TEXT, "born_on": DATE, "born_precision": TEXT,
                   "expected_on": DATE, "died_on": DATE, "sex": TEXT, "age_group": TEXT, "restricted": BOOL, **SPAN},
        # other names of the same record: kind alias, former
        "names": {"person": TEXT, "given_name": TEXT, "family_name": TEXT, "kind": TEXT, **SPAN},
        # scheme nhs, upn, la_child_id, … ; only agreed schemes link records (graph/identity.py)
        "identifiers": {"person": TEXT, "scheme": TEXT, "value": TEXT},
        # a place the source names; first_line/postcode/uprn as written (`line` is the row's own)
        "places": {"place": TEXT, "kind": TEXT, "first_line": TEXT, "postcode": TEXT, "uprn": TEXT, "area": TEXT,
                   "protected": BOOL},
        "residences": {"person": TEXT, "place": TEXT, "basis": TEXT, "kind": TEXT, "stated_by": TEXT, "stated_with": TEXT,
                       "household_list": TEXT, **SPAN},
        "registrations": {"person": TEXT, "agency": TEXT, "register": TEXT, "end_reason": TEXT, **SPAN},
        "involvements": {"person": TEXT, "agency": TEXT, "worker": TEXT, "status": TEXT, "hours": FLOAT, "end_reason": TEXT,
                         **SPAN},
        # relation: 'parent' (person is parent of other; parent_kind), 'partner', or one of schema.RELATIONS
        "relations": {"person": TEXT, "other": TEXT, "relation": TEXT, "parent_kind": TEXT, **SPAN},
        "flags": {"person": TEXT, "agency": TEXT, "flag": TEXT, "review_on": DATE, **SPAN},
        "contacts": {"contact": TEXT, "kind": TEXT, "occurred_on": DATE, "agency": TEXT, "worker": TEXT, "place": TEXT,
                     "outcome": TEXT, "reported_by": TEXT},
        "participants": {"contact": TEXT, "person": TEXT, "role": TEXT, "level": INT, "at_home": BOOL, "bedroom": BOOL},
        "agencies": {"agency": TEXT, "kind": TEXT, "name": TEXT, "area": TEXT},
        "workers": {"worker": TEXT, "name": TEXT, "role": TEXT, "phone": TEXT, "agency": TEXT},
        # written by loading itself: who stands on a list in a row that was rejected, and so has not left it
        "unread": {"person": TEXT},
    }.items()
}

SNAPSHOT_TABLES = ("residences", "registrations", "involvements", "relations", "flags")
"""Claims that end when a later whole snapshot of the same scope no longer says them."""
