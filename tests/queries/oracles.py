"""The two headline questions worked out again, in pandas, from design and domain and not from the Cypher.

They read graph tables (Parquet) and give comparable rows. Deliberately plain: one child at a time where that is clearer.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from numbering import row_names

from lastseen.graph.store import GraphTables

Row = dict[str, Any]


def rows(tables: GraphTables, name: str) -> list[Row]:
    """A table's rows as dicts, dates as `datetime.date`, rows as 'load:file:line'."""
    told = row_names(tables)
    return [row | {"row": told.told(row["row"])} if "row" in row else row for row in tables.read(name).to_pylist()]


def _by(day: date | None, as_at: date) -> bool:
    return day is not None and day <= as_at


def stands(fact: Row, as_at: date, starts: str) -> bool:
    """Design section 1: known by D, not withdrawn by D, and not after D."""
    return (
        _by(fact["known_on"], as_at)
        and not _by(fact["withdrawn_on"], as_at)
        and (fact[starts] is None or fact[starts] <= as_at)
    )


def is_over(fact: Row, as_at: date) -> bool:
    """An end counts only when its source knew of it by D."""
    return _by(fact["valid_to"], as_at) and _by(fact["end_known_on"], as_at)


def children(tables: GraphTables, as_at: date) -> tuple[dict[str, Row], set[str]]:
    """Children as at D by the definition of design section 2 (from birth dates, not from `child_from`), born and unborn."""
    born: dict[str, Row] = {}
    unborn: set[str] = set()
    for person in rows(tables, "Person"):
        if not _by(person["first_known_on"], as_at) or not _by(person["age_known_on"], as_at):
            continue
        if _by(person["died_on"], as_at) and _by(person["died_known_on"], as_at):
            continue
        if person["born_on"] is None:
            said_adult = person["child_from"] is None
            if said_adult:
                continue
        elif (as_at - timedelta(days=0)) >= _eighteenth(person["born_on"]):
            continue
        is_born = _by(person["born_on"], as_at) and _by(person["born_known_on"], as_at)
        if not is_born and person["expected_on"] is not None and _by(person["expected_known_on"], as_at):
            unborn.add(person["id"])
        else:
            born[person["id"]] = person
    return born, unborn


def _eighteenth(day: date) -> date:
    try:
        return day.replace(year=day.year + 18)
    except ValueError:
        return date(day.year + 18, 3, 1)


def not_seen(tables: GraphTables, as_at: date, level: int, days: int) -> dict[str, tuple[date | None, int]]:
    """Each child listed, with its last sighting and the days."""
    born, _ = children(tables, as_at)
    about = pd.DataFrame(rows(tables, "ABOUT"))
    counts = about[[stands(fact, as_at, "occurred_on") for fact in about.to_dict("records")]]
    sighted = counts[counts["level"] >= level].groupby("to")["occurred_on"].max().to_dict()
    listed: dict[str, tuple[date | None, int]] = {}
    for id, child in born.items():
        last = sighted.get(id)
        known_birth = child["born_on"] if _by(child["born_known_on"], as_at) else None
        since = last or max(day for day in (known_birth, child["first_known_on"]) if day)
        if (as_at - since).days > days:
            listed[id] = (last, (as_at - since).days)
    return listed


LEFT_OUT = ("second_home", "placement", "boarding", "refuge")


def conflicting(tables: GraphTables, as_at: date, days: int) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    """(child, the two places, every row that states either) for each conflict of G11."""
    born, _ = children(tables, as_at)
    places = {place["id"]: place for place in rows(tables, "Address")}
    statements: dict[str, list[Row]] = {}
    for fact in rows(tables, "LIVES_AT"):
        if fact["from"] in born and stands(fact, as_at, "valid_from"):
            statements.setdefault(fact["from"], []).append(fact)
    found = set()
    for child, facts in statements.items():
        current = [fact for fact in facts if _current(fact, facts, places, as_at, days)]
        pairs = [
            (one, two)
            for one in current
            for two in current
            if different(places[one["to"]], places[two["to"]])
            and (one["source"] != two["source"] or "claimed" in (one["basis"], two["basis"]))
        ]
        together: dict[frozenset[str], set[str]] = {}
        for one, two in pairs:
            together.setdefault(frozenset((one["to"], two["to"])), set()).update((one["row"], two["row"]))
        found |= {(child, both, frozenset(stated)) for both, stated in together.items()}
    return found


def _current(fact: Row, facts: list[Row], places: dict[str, Row], as_at: date, days: int) -> bool:
    if places[fact["to"]]["kind"] == "not_known" or fact["kind"] in LEFT_OUT or is_over(fact, as_at):
        return False
    if fact["basis"] == "registered":
        return True
    if (as_at - (fact["valid_from"] or fact["known_on"])).days > days:
        return False
    if fact["basis"] == "claimed":
        return True
    return not any(
        other["basis"] != "claimed"
        and other["valid_from"]
        and fact["valid_from"]
        and other["valid_from"] > fact["valid_from"]
        and different(places[fact["to"]], places[other["to"]])
        for other in facts
    )


def different(one: Row, two: Row) -> bool:
    """Different property: an area contains its properties, and nowhere is nowhere."""
    if one["id"] == two["id"] or one["kind"] == two["kind"] == "no_fixed_abode":
        return False
    return not any(a["kind"] == "area" and a["area"] and a["area"] == b["area"] for a, b in ((one, two), (two, one)))
