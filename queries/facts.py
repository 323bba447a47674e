"""Rows about one child in words, as known by a day: contacts, registers and work with agencies, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lastseen.graph.rows import RowNames
from lastseen.graph.schema import CONTACT_KINDS, LEVELS
from lastseen.graph.store import Store
from lastseen.queries.answer import PROTECTED, in_words
from lastseen.queries.texts import run

CONTACTS = """
MATCH (c:Person)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a)
RETURN a.row AS row, a.kind AS kind, a.occurred_on AS day, a.level AS level, coalesce(a.agency_kind, a.source) AS who,
       a.known_on AS known_on
"""
CLAIMS = """
MATCH (c:Person)-[r:REGISTERED_WITH]->(g:Agency)
WHERE c.id = $child AND known(r)
RETURN r.row AS row, 'on the register of' AS kind, r.register AS what, coalesce(g.name, g.id) AS who, r.valid_from AS since,
       CASE WHEN r.end_known_on <= $as_at AND r.valid_to <= $as_at THEN r.valid_to END AS until,
       r.end_reason AS reason, r.known_on AS known_on,
       CASE WHEN r.end_known_on <= $as_at THEN r.end_known_on END AS end_known_on
UNION ALL
MATCH (c:Person)-[i:INVOLVED_WITH]->(g:Agency)
WHERE c.id = $child AND known(i)
RETURN i.row AS row, 'open with' AS kind, i.status AS what, coalesce(g.name, g.id) AS who, i.valid_from AS since,
       CASE WHEN i.end_known_on <= $as_at AND i.valid_to <= $as_at THEN i.valid_to END AS until,
       i.end_reason AS reason, i.known_on AS known_on,
       CASE WHEN i.end_known_on <= $as_at THEN i.end_known_on END AS end_known_on
"""
HOMES = """
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE c.id = $child AND known(l)
RETURN l.row AS row, l.basis AS basis, l.valid_from AS since,
       CASE WHEN l.end_known_on <= $as_at AND l.valid_to <= $as_at THEN l.valid_to END AS until, l.source AS source,
       coalesce(h.line, h.area) AS place, coalesce(h.protected, false) AS hidden, l.known_on AS known_on
"""


@dataclass(frozen=True)
class Told:
    """One thing a source says of the child: on which day it knew it, the row ('load:file:line'), in words, and for a contact
    that says so how much of the child was seen (`level`) on which day (`on`)."""

    known_on: date
    row: str
    text: str
    on: date | None = None
    level: int | None = None
    days: tuple[date, ...] = ()
    """Every day that it names."""


def facts(store: Store, child: str, as_at: date) -> list[Told]:
    """Everything known about the child by the day, in the order in which it became known; an end is told on its own."""
    names = RowNames.of(store)
    told = [*_contacts(store, child, as_at, names), *_ties(store, child, as_at, names), *_homes(store, child, as_at, names)]
    return sorted(told, key=lambda one: (one.known_on, one.row, one.text))


def _contacts(store: Store, child: str, as_at: date, names: RowNames) -> Iterator[Told]:
    for row in run(store, CONTACTS, as_at, child=child):
        yield Told(row["known_on"], names.text(row["row"]), _contact(row), row["day"], row["level"], (row["day"],))


def _ties(store: Store, child: str, as_at: date, names: RowNames) -> Iterator[Told]:
    for row in run(store, CLAIMS, as_at, child=child):
        place, what = names.text(row["row"]), f"{_word(row['what'])}: {row['kind']} {row['who']}"
        yield Told(row["known_on"], place, f"{what} from {_day(row['since'])}", days=_named(row["since"]))
        if row["until"] and row["end_known_on"]:
            reason = f" ({row['reason']})" if row["reason"] else ""
            yield Told(row["end_known_on"], place, f"{what} ended {in_words(row['until'])}{reason}", days=_named(row["until"]))


def _homes(store: Store, child: str, as_at: date, names: RowNames) -> Iterator[Told]:
    for row in run(store, HOMES, as_at, child=child):
        spot = PROTECTED if row["hidden"] else row["place"] or "address without text"
        until = f" to {in_words(row['until'])}" if row["until"] else ""
        said = f"address {row['basis']} by {_word(row['source'])}: {spot}, from {_day(row['since'])}{until}"
        yield Told(row["known_on"], names.text(row["row"]), said, days=_named(row["since"], row["until"]))


def _named(*days: date | None) -> tuple[date, ...]:
    return tuple(day for day in days if day is not None)


def _contact(row: Mapping[str, Any]) -> str:
    level = row["level"]
    sight = "nothing said of sight" if level is None else LEVELS[level].split(":")[0]
    kind = CONTACT_KINDS[row["kind"]].label if row["kind"] in CONTACT_KINDS else _word(row["kind"])
    return f"{in_words(row['day'])}: {kind}, {_word(row['who'])}; {sight}"


def _word(term: str | None) -> str:
    return (term or "not stated").replace("_", " ")


def _day(day: date | None) -> str:
    return in_words(day) if day else "a day not stated"
