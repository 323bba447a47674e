"""When each signal first stood for one child, and when it stopped: every day's answer with what was known on that day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

from lastseen.graph.store import Store
from lastseen.queries.facts import facts
from lastseen.queries.replay import Replayed, Steps, replay
from lastseen.queries.texts import run

if TYPE_CHECKING:
    from lastseen.queries.session import Session

RELATIVES = """
MATCH (c:Person)-[r:PARENT_OF|PARTNER_OF|RELATED_TO]-(p:Person)
WHERE c.id = $person AND known(r)
RETURN DISTINCT p.id AS person
"""
HOUSEMATES = """
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE c.id = $person AND known(l) AND h.kind = 'property' AND NOT coalesce(h.protected, false)
WITH h
MATCH (h)<-[m:LIVES_AT]-(p:Person)
WHERE known(m)
RETURN DISTINCT p.id AS person
"""
FLAGS = """
MATCH (p:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE p.id = $person AND known(f)
RETURN f.known_on AS known, f.valid_from AS since, f.valid_to AS until, f.review_on AS review
"""
DATES = """
MATCH (p:Person)
WHERE p.id = $person
RETURN p.born_on AS born, p.expected_on AS expected, p.first_known_on AS first, p.born_known_on AS told, p.one_on AS one,
       p.three_on AS three, p.five_on AS five, p.school_from AS school, p.school_until AS until, p.early_years_from AS early,
       p.adult_on AS adult
"""
AT_HOME = """
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE c.id = $person AND known(l) AND h.kind = 'property'
WITH h
MATCH (h)<-[:AT]-(k:Contact)
WHERE known(k)
RETURN DISTINCT k.occurred_on AS day, k.known_on AS known
"""
MOST = 200
"""People around a child whose facts are looked at; a hostel's other families are no reason to ask a thousand days."""


def turns(
    session: Session, child: str, as_at: date, *, only: Collection[str] = (), steps: Steps | None = None
) -> Replayed:
    """The spans of each signal (of `only`, or of all) for one child (a person's id) up to the day, by the child's id."""
    store = session.store
    days = _days(store, child, as_at)
    start = min(days, default=as_at) - timedelta(days=1)
    return replay(
        store, {child: child}, start, as_at, only=only, overrides=session.overrides, steps=steps, facts=days
    )


def _days(store: Store, child: str, as_at: date) -> set[date]:
    """Every date of a fact about the child, the people within two steps, and the contacts at the child's homes."""
    near = {child}
    for _ in range(2):
        for person in sorted(near)[:MOST]:
            for text in (RELATIVES, HOUSEMATES):
                near |= {row["person"] for row in run(store, text, as_at, person=person)}
    found: set[date] = set()
    for person in sorted(near)[:MOST]:
        for fact in facts(store, person, as_at):
            found |= {fact.known_on, *fact.days}
        for text in (FLAGS, DATES):
            found |= {day for row in run(store, text, as_at, person=person) for day in row.values() if day is not None}
    found |= {day for row in run(store, AT_HOME, as_at, person=child) for day in row.values() if day is not None}
    return found
