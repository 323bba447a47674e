"""What people and places are called as at a day: from records known by then, and nothing for a protected place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from lastseen.graph.naming import commonest
from lastseen.graph.store import Store
from lastseen.queries.answer import PROTECTED, in_words
from lastseen.queries.texts import run

NO_NAME = "name not known"

NAMES_OF_ONE = """
MATCH (p:Person {id: $one})<-[:IDENTIFIES]-(r:Record)
WHERE known(r)
RETURN p.id AS person, r.id AS record, r.source AS source, r.name AS name, r.name_key AS key
"""
NAMES = "UNWIND $ids AS one" + NAMES_OF_ONE.replace("$one", "one")
FEW = 100
"""Up to so many people are looked up one by one on Ladybug (some ms each): for a list it reads every record (1.3 s)."""

PLACES = """
UNWIND $ids AS one
MATCH (h:Address {id: one})
RETURN h.id AS place, h.kind AS kind, h.line AS line, h.postcode AS postcode, h.area AS area, h.protected AS protected
"""
AGENCIES = """
UNWIND $ids AS one
MATCH (g:Agency {id: one})
RETURN g.id AS agency, coalesce(g.name, g.id) AS name
"""
RECORDS = """
UNWIND $ids AS one
MATCH (r:Record {id: one})
WHERE known(r)
RETURN r.id AS record, r.name AS name
"""
BIRTHS = """
UNWIND $ids AS one
MATCH (p:Person {id: one})
RETURN p.id AS person, born(p) AS born_on, p.born_precision AS precision, p.expected_on AS expected_on, unborn(p) AS unborn
"""


def names(store: Store, people: Collection[str], as_at: date) -> dict[str, str]:
    """Each person's name as at the day: the one most sources write, the first record's where they draw."""
    written: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if len(people) <= FEW and store.dialect == "ladybug":
        rows = [row for one in sorted(people) for row in run(store, NAMES_OF_ONE, as_at, one=one)]
    else:
        rows = run(store, NAMES, as_at, ids=sorted(people))
    for row in rows:
        written[row["person"]].append(row)
    return {person: commonest(written[person]) or NO_NAME for person in people}


def agency_names(store: Store, ids: Collection[str], as_at: date) -> dict[str, str]:
    """Each agency's name, or its id where it has none."""
    return {row["agency"]: row["name"] for row in run(store, AGENCIES, as_at, ids=sorted(ids))}


def record_names(store: Store, records: Collection[str], as_at: date) -> dict[str, str]:
    """What each record that was known by the day calls its person."""
    return {row["record"]: row["name"] or NO_NAME for row in run(store, RECORDS, as_at, ids=sorted(records))}


def people_labels(store: Store, people: Collection[str], as_at: date) -> dict[str, str]:
    """'Tam Marlowe, born 11 June 2012', for choosing between people."""
    called = names(store, people, as_at)
    labels = {}
    for row in run(store, BIRTHS, as_at, ids=sorted(people)):
        labels[row["person"]] = called[row["person"]] + _birth(row)
    return labels


def _birth(row: Mapping[str, Any]) -> str:
    if row["unborn"]:
        return f", expected {in_words(row['expected_on'])}"
    day = row["born_on"]
    if day is None:
        return ""
    return {"month": f", born {day:%B %Y}", "year": f", born {day.year}", "estimated": f", born about {day.year}"}.get(
        row["precision"] or "day", f", born {in_words(day)}")


def places(store: Store, ids: Collection[str], as_at: date) -> dict[str, str]:
    """Each place's label; `PROTECTED` for a protected one."""
    return {row["place"]: _place(row) for row in run(store, PLACES, as_at, ids=sorted(ids))}


def _place(row: Mapping[str, Any]) -> str:
    if row["protected"]:
        return PROTECTED
    if row["kind"] == "no_fixed_abode":
        return "no fixed abode"
    if row["kind"] == "not_known":
        return "address not known"
    if row["kind"] == "area":
        return row["area"] or "area not named"
    return ", ".join(part for part in (row["line"], row["postcode"]) if part) or "address without text"


def shown_place(place: str | None, labels: Mapping[str, str]) -> tuple[str | None, str | None]:
    """A place's id and label as they may be shown; a protected one's id would tell who shares it."""
    label = labels.get(place) if place else None
    return ("protected" if label == PROTECTED else place), label
