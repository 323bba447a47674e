"""What a question gives back: rows, and everything a reader needs to know before believing them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

ALWAYS_TODAY = ("who is who", "which addresses are one", "what is protected", "code lists")
"""What no replay turns back: these are always today's, and each answer says so."""

PROTECTED = "protected address, ask the named lead"


@dataclass(frozen=True)
class Column:
    """`kind`: person, people (a list of person ids), record (a record id), place, date, int, text, bool, list, words,
    row ("load:file:line") or rows (a list of them)."""

    name: str
    kind: str
    doc: str


@dataclass(frozen=True)
class Freshness:
    """How far one source of a register reaches as at the day asked. Dates are None where it has nothing yet."""

    register: str
    source: str
    extract_date: date | None
    covers_to: date | None
    stale: bool
    late_by_days: int | None  # days short of what its lag and cadence promise; 0 when fresh, None when there is nothing

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Answer:
    """Rows of one question as at one day. For a question about sight: `seen` + rows + `cannot_tell` = `population`.

    `population` counts `population_of` ('children' leaves out those not yet born, counted in `not_yet_born`; None for a
    question without one). `cannot_tell` rows would be hits, but a register they need is stale or was never loaded.
    `touched` gives for each register that the question needs and that is stale or missing how many children are of an age for
    which it is needed. `cypher` is the text as the engine ran it, `text` as written.
    """

    question: str
    title: str
    as_at: date
    parameters: Mapping[str, Any]
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    engine: str
    cypher: str
    text: str
    population: int | None = None
    population_of: str = ""
    not_yet_born: int = 0
    age_unknown: int = 0
    seen: int | None = None
    cannot_tell: int = 0
    cannot_tell_rows: list[dict[str, Any]] = field(default_factory=list)
    freshness: list[Freshness] = field(default_factory=list)
    not_loaded: list[str] = field(default_factory=list)
    caveats: tuple[str, ...] = ()
    publishing_since: datetime | None = None
    truncated: bool = False
    fictional: bool = False
    always_today: tuple[str, ...] = ALWAYS_TODAY
    touched: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the order of the command line's promise (design section 7), then what else there is to say."""
        return {
            "question": self.question, "as_at": self.as_at, "parameters": dict(self.parameters), "population": self.population,
            "cannot_tell": self.cannot_tell, "columns": [column.name for column in self.columns], "rows": self.rows,
            "freshness": [entry.to_dict() for entry in self.freshness], "not_loaded": self.not_loaded, "engine": self.engine,
            "title": self.title, "population_of": self.population_of, "seen": self.seen, "not_yet_born": self.not_yet_born,
            "age_unknown": self.age_unknown, "cannot_tell_rows": self.cannot_tell_rows, "caveats": list(self.caveats),
            "truncated": self.truncated, "publishing_since": self.publishing_since, "fictional": self.fictional,
            "always_today": list(self.always_today), "touched": dict(self.touched),
        }

    def to_json(self, indent: int | None = 1) -> str:
        """`to_dict` as JSON; dates and times in ISO 8601."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, default=_iso)


def _iso(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


@dataclass(frozen=True)
class LastSeen:
    """One person's latest sighting (level 3 or more) known by `as_at`; `on` is None where no loaded agency has one.

    `days` counts from `on` to `as_at`. `worker` and `row` are None where the source names none.
    """

    person: str
    as_at: date
    on: date | None = None
    days: int | None = None
    level: int | None = None
    kind: str | None = None
    agency: str | None = None
    worker: str | None = None
    source: str | None = None
    row: str | None = None
    contact: str | None = None

    @property
    def sentence(self) -> str:
        """'Last seen 412 days ago, on 11 June 2011, by R. Shah, health visiting: home visit; alone: yes.'"""
        if self.on is None or self.days is None:
            return "No sighting by a loaded agency on record."
        when = "today" if self.days == 0 else "yesterday" if self.days == 1 else f"{self.days:,} days ago"
        who = ", ".join(name for name in (self.worker, self.agency or self.source) if name)
        alone = "yes" if self.level is not None and self.level >= 5 else "not recorded"
        return f"Last seen {when}, on {in_words(self.on)}, by {who}: {self.kind}; alone: {alone}."


def in_words(day: date) -> str:
    """'3 October 2009'."""
    return f"{day.day} {day:%B %Y}"
