"""One person: who a typed text names, and when they were last seen."""

from __future__ import annotations

import re
from datetime import date

from lastseen.graph.errors import ManyPeople, Refused
from lastseen.graph.keys import tidy_name
from lastseen.graph.rows import RowNames
from lastseen.graph.schema import AGENCY_KINDS, CONTACT_KINDS, SEEN
from lastseen.graph.store import Store
from lastseen.queries.answer import LastSeen, in_words
from lastseen.queries.labelling import people_labels
from lastseen.queries.texts import run

MOST_CHOICES = 20

BY_ID = """
MATCH (r:Record {id: $text})-[:IDENTIFIES]->(p:Person)
RETURN p.id AS person, p.first_known_on AS first_known_on
"""
BY_PERSON = "MATCH (p:Person {id: $text}) RETURN p.id AS person, p.first_known_on AS first_known_on"
BY_IDENTIFIER = """
MATCH (r:Record)-[:IDENTIFIES]->(p:Person)
WHERE known(r) AND lower(' ' + r.identifiers + ' ') CONTAINS $identifier
RETURN DISTINCT p.id AS person
"""
BY_NAME = """
MATCH (r:Record)-[:IDENTIFIES]->(p:Person)
WHERE known(r) AND r.name_key = $key
RETURN DISTINCT p.id AS person
"""
BY_WORDS = """
MATCH (r:Record)-[:IDENTIFIES]->(p:Person)
WHERE known(r) AND all(word IN $words WHERE (' ' + r.name_key + ' ') CONTAINS word)
RETURN DISTINCT p.id AS person
"""
LATEST = """
MATCH (p:Person)<-[a:ABOUT]-()
WHERE p.id = $person AND known(a) AND a.level >= $level
WITH p, max(a.occurred_on) AS last_on
MATCH (p)<-[b:ABOUT]-(k:Contact)
WHERE known(b) AND b.level >= $level AND b.occurred_on = last_on
WITH k, last_on, b.level AS level, b.row AS row
OPTIONAL MATCH (k)-[:MADE_BY]->(g:Agency)
WITH k, last_on, level, row, min(coalesce(g.name, g.id)) AS agency, min(g.kind) AS agency_kind
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
RETURN k.id AS contact, last_on, days_between(last_on, $as_at) AS days, level, k.kind AS kind, agency, agency_kind,
       min(coalesce(w.name, w.id)) AS worker, k.source AS source, row
"""


def resolve(store: Store, text: str, as_at: date) -> str:
    """The id of the person that `text` names: any record id, an identifier (with its scheme or bare), or a name only one has.

    Raises `Refused` where nobody fits, or was not known by the day; `ManyPeople`, with ids and labels, where several do.
    """
    wanted = text.strip()
    if not wanted:
        raise Refused("No person was named.", "Give a record id, an identifier or a name.")
    for by_id in (BY_ID, BY_PERSON):
        for row in run(store, by_id, as_at, text=wanted):
            if row["first_known_on"] is None or row["first_known_on"] > as_at:
                raise Refused(f"That person was not known to any source on {in_words(as_at)}.", "Ask as at a later day.")
            return str(row["person"])
    found = _by_identifier(store, wanted, as_at) or _by_name(store, wanted, as_at)
    if not found:
        raise Refused(
            f"Nobody known by {in_words(as_at)} has that record id, identifier or name.",
            "Try `lastseen find`, which also looks at sounds, birth dates and addresses.",
        )
    if len(found) > 1:
        labels = people_labels(store, found[:MOST_CHOICES], as_at)
        raise ManyPeople(
            f"That fits {len(found)} people{f', of whom {MOST_CHOICES} are listed' if len(found) > MOST_CHOICES else ''}.",
            "Ask again with one of the record ids.",
            [(one, labels[one]) for one in found[:MOST_CHOICES]],
        )
    return found[0]


def _by_identifier(store: Store, text: str, as_at: date) -> list[str]:
    scheme, colon, value = text.partition(":")
    bare = re.sub(r"[\s-]", "", value if colon else text).lower()
    if not any(letter.isdigit() for letter in bare) or not bare.isalnum():
        return []
    sought = f" {scheme.strip().lower()}:{bare} " if colon else f":{bare} "
    return sorted(row["person"] for row in run(store, BY_IDENTIFIER, as_at, identifier=sought))


def _by_name(store: Store, text: str, as_at: date) -> list[str]:
    key = tidy_name(text)
    if not key:
        return []
    exact = run(store, BY_NAME, as_at, key=key)
    return sorted(row["person"] for row in exact or run(store, BY_WORDS, as_at, words=[f" {word} " for word in key.split()]))


def last_seen(store: Store, person: str, as_at: date, level: int = SEEN) -> LastSeen:
    """The person's latest sighting at `level` or more, known by the day; the fullest and then the first of several that day."""
    rows = run(store, LATEST, as_at, person=person, level=level)
    if not rows:
        return LastSeen(person, as_at)
    best = min(rows, key=lambda row: (-row["level"], row["contact"]))
    kind = CONTACT_KINDS[best["kind"]].label if best["kind"] in CONTACT_KINDS else best["kind"]
    return LastSeen(
        person,
        as_at,
        best["last_on"],
        best["days"],
        best["level"],
        kind,
        best["agency"] or AGENCY_KINDS.get(best["agency_kind"] or ""),
        best["worker"],
        best["source"],
        RowNames.of(store).told(best["row"]),
        best["contact"],
    )
