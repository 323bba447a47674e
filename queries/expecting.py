"""What should have happened by this age, for one child as at a day: due, done or not, and whether its register could tell.

No birthday clears a gap: where a contact is repeated, the next is due by the child's age at the last one. A contact that is
not on record is "not done" only where its register was loaded, is fresh and reaches back to then; else it is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from lastseen.graph.rows import RowNames
from lastseen.graph.store import Store
from lastseen.queries.answer import ALWAYS_TODAY, in_words
from lastseen.queries.catalogue import signals
from lastseen.queries.childhood import Childhood, Contact, childhood
from lastseen.queries.days import SATURDAY
from lastseen.queries.expectations import Done, Expectation, Step, Unit, expectations
from lastseen.queries.freshness import Loaded, loads, stale_registers

LOADED, NOT_THEN, LATE, NEVER = "loaded", "not loaded for then", "late", "never loaded"
_WORSE = (LOADED, NOT_THEN, LATE, NEVER)
DONE, DONE_LATE, NOT_YET, NOT_DONE, CANNOT_TELL, CONTEXT = (
    "done", "done late", "not due yet", "not done", "cannot tell", "context only",
)  # fmt: skip
AT_BIRTH = timedelta(days=42)
"""Who is first known so soon after birth was born here: what was due before or at birth was due here too."""


@dataclass(frozen=True)
class Due:
    """One expected contact. `due` is the last day in time, None for context; `done_on` and `row` ('load:file:line') tell when
    it was done, of a repeated one the latest; `tried_on` and `tried_row` the latest attempt that was not it."""

    name: str
    title: str
    ages: str
    who: str
    duty: str
    signal: str
    rule: str
    due: date | None
    state: str
    done_on: date | None
    row: str | None
    tried_on: date | None
    tried_row: str | None
    register: str
    note: str


@dataclass(frozen=True)
class Expected:
    """Every expectation whose time has come for one child, by due date; those without one last."""

    person: str
    as_at: date
    rows: list[Due] = field(default_factory=list)
    fictional: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "person": self.person, "as_at": self.as_at, "rows": [asdict(row) for row in self.rows], "fictional": self.fictional,
            "always_today": list(ALWAYS_TODAY),
        }  # fmt: skip


def expected(
    store: Store, person: str, as_at: date, overrides: Mapping[str, Mapping[str, Any]] | None = None, fictional: bool = False
) -> Expected:
    """What was due for the child (an id) by the day; `overrides` are a workspace's own numbers by signal or its name.

    Raises `Refused` for somebody not known as a child then.
    """
    child, loaded, told = childhood(store, person, as_at), loads(store), RowNames.of(store)
    names = {signal: question.name for signal, question in signals().items()}
    rows = []
    for name, one in expectations().items():
        own = {**(overrides or {}).get(names.get(one.signal, ""), {}), **(overrides or {}).get(one.signal, {})}
        if due := _Working(name, one.changed(own) if own else one, child, loaded, told).due():
            rows.append(due)
    order = {name: at for at, name in enumerate(expectations())}
    return Expected(person, as_at, sorted(rows, key=lambda row: (row.due or date.max, order[row.name])), fictional)


@dataclass(frozen=True)
class _Working:
    """One expectation of one child."""

    name: str
    one: Expectation
    child: Childhood
    loaded: Sequence[Loaded]
    told: RowNames

    def due(self) -> Due | None:
        """None where it does not arise, or its time has not come."""
        one, child = self.one, self.child
        start = child.start(one.after)
        day = min(filter(None, (child.as_at, child.dates["died_on"])))
        if start is None or (one.born_from and (child.born is None or child.born < one.born_from)):
            return None
        if start + timedelta(days=one.opens) > day:
            return None
        done = sorted(self._done(start), key=lambda found: (found[0], found[1] or 0))
        limit = self._limit(start, [on for on, _ in done])
        if not done and child.dates["died_on"] and (limit is None or limit >= day):
            return None  # it was not due in the child's life
        last = (done[-1] if one.repeated else done[0]) if done else (None, None)
        tried = self._tried(start, last[0])
        register = self._register(start)
        state, note = self._state(day, limit, last[0], register)
        return Due(
            self.name, one.title, one.ages, one.who, one.duty, one.signal, one.rule, limit, state, last[0], self._row(last[1]),
            tried.day if tried else None, self._row(tried.row) if tried else None, register, note,
        )  # fmt: skip

    def _row(self, number: int | None) -> str | None:
        return None if number is None else self.told.text(number)

    # --- done and tried ---

    def _done(self, start: date) -> Iterator[tuple[date, int | None]]:
        """Each time it was done: the day and the row."""
        done, child = self.one.done, self.child
        for contact in child.parents if done.of == "parent" else child.contacts:
            if done.contacts and self._fits(contact, start) and (done.level is None or (contact.level or 0) >= done.level):
                yield contact.day, contact.row
        for tie in child.ties:
            if tie.name in done.registrations:
                yield tie.since, tie.row
            if tie.name in done.current:
                yield (child.as_at if tie.until is None else tie.until), tie.row
        if done.birth and (on := child.born or child.dates["died_on"]):
            yield on, None

    def _fits(self, contact: Contact, start: date) -> bool:
        """Of the right kind, by the right agency, at the right time; seen or not."""
        done: Done = self.one.done
        if (done.kinds and contact.kind not in done.kinds) or (done.agencies and contact.agency not in done.agencies):
            return False
        days = (contact.day - start).days
        since_start = self.one.repeated and self.one.after not in ("known", "birth")
        near = done.near or ((0,) if since_start else ())
        return not near or (days >= near[0] and (len(near) < 2 or days <= near[1]))

    def _tried(self, start: date, done_on: date | None) -> Contact | None:
        """The latest contact that should have been it and was not, after the last that was."""
        done = self.one.done
        tries = [
            contact for contact in self.child.contacts
            if contact.kind in done.tries
            or (done.of == "child" and done.kinds and self._fits(contact, start)
                and done.level is not None and contact.level is not None and contact.level < done.level)
        ]  # fmt: skip
        return max((one for one in tries if done_on is None or one.day > done_on), key=lambda one: one.day, default=None)

    # --- due ---

    def _limit(self, start: date, done: Sequence[date]) -> date | None:
        """The last day in time; of a repeated contact, of the next one."""
        one = self.one
        if one.gap is None and not one.gaps:
            return None
        if not one.repeated:
            return later(start, one.gap or 0, one.unit)
        if not done:
            first = one.first if one.first is not None else self._gap(start, start)
            return start + timedelta(days=first + one.grace)
        return max(on + timedelta(days=self._gap(on, start) + one.grace) for on in done)

    def _gap(self, on: date, start: date) -> int:
        """The days allowed after a contact on a day, by the child's age then; the shortest where no age is known."""
        if not self.one.gaps:
            return self.one.gap or 0
        if any(step.until for step in self.one.gaps) and self.child.born is None:
            return min(step.days for step in self.one.gaps)
        return next(step for step in self.one.gaps if self._holds(step, on, start)).days

    def _holds(self, step: Step, on: date, start: date) -> bool:
        if step.until:
            milestone = self.child.milestone(step.until)
            return milestone is not None and on < milestone
        return step.below is None or (self.child.as_at - start).days <= step.below

    # --- can the register tell? ---

    def _register(self, start: date) -> str:
        """The worst of the registers needed; of alternatives the best."""
        stale = stale_registers(self.loaded, self.child.as_at)
        states = [
            min((self._one_register(name, stale, start) for name in either.split("|")), key=_WORSE.index)
            for either in self.one.needed(self.child.band)
        ]
        return max(states, key=_WORSE.index, default=NEVER)

    def _one_register(self, name: str, stale: frozenset[str], start: date) -> str:
        own = [load for load in self.loaded if name in load.registers]
        if not own:
            return NEVER
        if name in stale:
            return LATE
        since = min((load.covers_from or load.extract_date for load in own if load.shape != "snapshot"), default=None)
        if since is None or any(load.shape == "snapshot" for load in own):
            return LOADED
        if self.one.repeated:
            longest = max((step.days for step in self.one.gaps), default=self.one.gap or 0) + self.one.grace
            return LOADED if since <= max(start, self.child.as_at - timedelta(days=longest)) else NOT_THEN
        return LOADED if since <= start + timedelta(days=self.one.opens) else NOT_THEN

    def _state(self, day: date, limit: date | None, done_on: date | None, register: str) -> tuple[str, str]:
        """The state and what there is to add to it."""
        one, child = self.one, self.child
        note = f"held by {one.held_by}" if one.held_by else ""
        if limit is None:
            return (DONE if done_on else CONTEXT), note
        if done_on and not one.repeated:
            return (DONE if done_on <= limit else DONE_LATE), note
        end = child.milestone(one.until)
        if day <= limit or (end is not None and end <= limit):
            return (DONE if done_on else NOT_YET), note
        first = child.dates["first_known_on"]
        if not one.repeated and first is not None and first > max(limit, (child.born or limit) + AT_BIRTH):
            return CANNOT_TELL, f"first known on {in_words(first)}, after it was due"
        return (NOT_DONE if register == LOADED else CANNOT_TELL), note


def later(start: date, gap: int, unit: Unit) -> date:
    """The day so long after another; a part of a day counts as a whole one, working days are Monday to Friday."""
    if unit == "working_days":
        day = start
        while gap > 0:
            day += timedelta(days=1)
            gap -= day.weekday() < SATURDAY
        return day
    return start + timedelta(days={"days": gap, "weeks": gap * 7, "hours": -(-gap // 24)}[unit])
