"""What is known of one child by a day: dates, contacts, registrations, involvements and homes, for working out what was due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lastseen.graph.errors import Refused
from lastseen.graph.store import Store
from lastseen.queries.answer import in_words
from lastseen.queries.texts import run

DATES = """
MATCH (c:Person)
WHERE c.id = $child
RETURN born(c) AS born_on, CASE WHEN c.expected_known_on <= $as_at THEN c.expected_on END AS expected_on,
       CASE WHEN c.died_on <= $as_at AND c.died_known_on <= $as_at THEN c.died_on END AS died_on,
       c.first_known_on AS first_known_on, CASE WHEN c.child_from <= $as_at THEN c.child_from END AS child_from,
       c.one_on AS one_on, c.three_on AS three_on, c.five_on AS five_on, c.early_years_from AS early_years_from,
       c.school_from AS school_from, c.school_until AS school_until, c.adult_on AS adult_on
"""
CONTACTS = """
MATCH (c:Person)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a)
RETURN a.occurred_on AS day, a.kind AS kind, a.level AS level, a.agency_kind AS agency, a.row AS row
"""
PARENTS = "MATCH (c:Person)<-[p:PARENT_OF]-(m:Person) WHERE c.id = $child AND known(p) RETURN DISTINCT m.id AS parent"
TIES = """
MATCH (c:Person)-[r:REGISTERED_WITH]->()
WHERE c.id = $child AND known(r)
RETURN r.register AS name, coalesce(r.valid_from, r.known_on) AS since, CASE WHEN ended(r) THEN r.valid_to END AS until,
       r.row AS row
UNION ALL
MATCH (c:Person)-[i:INVOLVED_WITH]->()
WHERE c.id = $child AND known(i)
RETURN i.status AS name, coalesce(i.valid_from, i.known_on) AS since, CASE WHEN ended(i) THEN i.valid_to END AS until,
       i.row AS row
"""
HOMES = """
MATCH (c:Person)-[l:LIVES_AT]->()
WHERE c.id = $child AND open(l) AND (l.kind = 'placement' OR l.basis = 'claimed')
RETURN l.kind AS kind, l.basis AS basis, l.stated_with AS stated_with, coalesce(l.valid_from, l.known_on) AS since
"""
NOT_CLOSE = ("carer", "family_group", "lives_with", "knows")
"""Relations of a host who is no parent, grandparent, brother, sister, uncle or aunt."""
EDUCATION = ("school", "home_education", "la_tuition")
OF_AGE = ("pregnancy", "due_date", "known", "birth", "early_years", "school", "sixteen", "reception", "application")
"""Starts that follow from dates of birth and of first being known; every other from a registration or a case."""
PREGNANCY = 281
"""Days before the due date: the day before the first of 40 weeks, so that what is due by week 20 is overdue in it."""


@dataclass(frozen=True)
class Contact:
    """One contact about a person, as their ABOUT edge tells it; `row` is a number (graph/rows.py)."""

    day: date
    kind: str | None
    level: int | None
    agency: str | None
    row: int | None


@dataclass(frozen=True)
class Tie:
    """A registration (by register) or an involvement (by status); `until` is an end that has come and is known."""

    name: str
    since: date
    until: date | None
    row: int | None


@dataclass(frozen=True)
class Childhood:
    """One child as known by `as_at`. A milestone that is not known is None."""

    as_at: date
    dates: dict[str, date | None]
    contacts: Sequence[Contact]
    parents: Sequence[Contact]
    ties: Sequence[Tie]
    homes: Sequence[dict[str, Any]]

    @property
    def born(self) -> date | None:
        return self.dates["born_on"]

    @property
    def band(self) -> str:
        """The age band as at the day, as `age_band(c)` gives it."""
        five, sixteen = self.dates["five_on"], self.dates["school_until"]
        if self.born is None or self.born > self.as_at or five is None or sixteen is None:
            return "unknown"
        return "0-4" if five > self.as_at else "5-15" if sixteen > self.as_at else "16-17"

    def milestone(self, name: str | None) -> date | None:
        if name is None or (name != "first_roll" and self.born is None):
            return None
        if name == "first_roll":
            return min((tie.since for tie in self.ties if tie.name == "school"), default=None)
        return self.dates[{"sixteen": "school_until"}.get(name, f"{name}_on")]

    def start(self, name: str) -> date | None:
        """The day from which an expectation counts (`expectations.Start`); None where it does not arise."""
        return self._of_age(name) if name in OF_AGE else self._of_ties(name)

    def _of_age(self, name: str) -> date | None:
        born, expected, known = self.born, self.dates["expected_on"], self.dates["first_known_on"]
        if name in ("pregnancy", "due_date"):
            due = expected or (born if name == "pregnancy" else None)
            return due - timedelta(days=PREGNANCY) if due and name == "pregnancy" else due
        if name == "known":
            return None if born is None and expected else max(filter(None, (born, known)), default=None)
        if born is None:
            return None
        reception = _reception(born)
        return {
            "birth": born, "early_years": self.dates["early_years_from"], "school": self.dates["school_from"],
            "sixteen": self.dates["school_until"], "reception": reception,
            "application": date(reception.year, 1, 15),
        }[name]  # fmt: skip

    def _of_ties(self, name: str) -> date | None:
        if name == "left_gp":
            return self._left(("gp",))
        if name == "left_roll":
            left, until = self._left(EDUCATION), self.dates["school_until"]
            return left if left and (until is None or left < until) else None
        if name == "returned":
            return max((tie.until for tie in self.ties if tie.name == "missing" and tie.until), default=None)
        if name == "placement":
            care = self._open("cla")
            return care and max([care, *(home["since"] for home in self.homes if home["kind"] == "placement")])
        if name == "fostering_claim":
            told = any(tie.name == "private_fostering" for tie in self.ties)
            until = self.dates["school_until"]
            said = [h["since"] for h in self.homes if h["basis"] == "claimed" and h["stated_with"] in NOT_CLOSE]
            return None if told or (until is not None and until <= self.as_at) else min(said, default=None)
        return self._open({"on_roll": "school"}.get(name, name))

    def _open(self, name: str) -> date | None:
        return max((tie.since for tie in self.ties if tie.name == name and tie.until is None), default=None)

    def _left(self, names: Iterable[str]) -> date | None:
        """The day on which the last registration of these ended; None where one is open, or there was none."""
        some = [tie for tie in self.ties if tie.name in names]
        ends = [tie.until for tie in some if tie.until is not None]
        return max(ends) if ends and len(ends) == len(some) else None


def _reception(born: date) -> date:
    """The 1 September after the 4th birthday."""
    return date(born.year + (4 if (born.month, born.day) < (9, 1) else 5), 9, 1)


def childhood(store: Store, child: str, as_at: date) -> Childhood:
    """What is known of the child (an id) by the day. Raises `Refused` for somebody not known as a child then.

    A child who died is answered for; an adult, or somebody whose age no source gives, is not.
    """
    dates = run(store, DATES, as_at, child=child)[0]
    if dates["child_from"] is None or (dates["born_on"] and dates["adult_on"] and dates["adult_on"] <= as_at):
        raise Refused(f"That person is not known as a child on {in_words(as_at)}.", "Only children are answered for.")
    parents = [row["parent"] for row in run(store, PARENTS, as_at, child=child)]
    return Childhood(
        as_at,
        dates,
        _contacts(store, child, as_at),
        [contact for parent in sorted(parents) for contact in _contacts(store, parent, as_at)],
        [Tie(**row) for row in run(store, TIES, as_at, child=child)],
        run(store, HOMES, as_at, child=child),
    )


def _contacts(store: Store, person: str, as_at: date) -> list[Contact]:
    found = [Contact(**row) for row in run(store, CONTACTS, as_at, child=person)]
    return sorted(found, key=lambda one: (one.day, one.row or 0))
