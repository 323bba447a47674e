"""The worklist: every finding that nobody has closed, in one stated order, a page at a time.

The order is said on the page and weighs nothing: hard duties first; then how many agencies that should know the child have
not seen the child within the signal's window; then how long the signal has stood. There is no score and no ranking of families.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from lastseen.graph.casebook import Entry
from lastseen.graph.errors import Refused
from lastseen.graph.schema import AGE_BANDS
from lastseen.graph.store import Store
from lastseen.queries.findings import Finding, Overrides, sentences
from lastseen.queries.kept import standings
from lastseen.queries.labelling import names
from lastseen.queries.standing import Standing
from lastseen.queries.texts import run

Status = Literal["open", "closed", "snoozed"]

ORDER = (
    "Hard duties first; then the number of agencies that should know the child and have not seen the child within the signal's"
    " window; then the days since the signal began. Nothing is weighed or added up."
)
PAGE = 50
MOST_A_PAGE = 500
PERSON_OF = """
UNWIND $ids AS one
MATCH (r:Record {id: one})-[:IDENTIFIES]->(p:Person)
RETURN r.id AS record, p.id AS person
"""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means all. `areas` are postcode districts or names of areas, `agencies` ids."""

    signals: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    status: Status | Literal["all"] = "open"


@dataclass(frozen=True)
class Item:
    """A finding as the list shows it. `silent` are the agencies counted in the order; `decided` what people decided about
    it, oldest first; `returned` that it came back after one of them; `disputed` the rows of evidence that somebody disputes."""

    standing: Standing
    status: Status
    days: int
    decided: tuple[Entry, ...] = ()
    returned: bool = False
    disputed: tuple[str, ...] = ()
    sentence: str = ""
    child_name: str = ""

    @property
    def finding(self) -> Finding:
        return self.standing.finding

    @property
    def silent(self) -> tuple[str, ...]:
        return self.standing.silent

    @property
    def decision(self) -> Entry | None:
        """The entry that closed, snoozed or reopened it last."""
        return next((entry for entry in reversed(self.decided) if entry.action in ("close", "snooze", "reopen")), None)

    @property
    def word(self) -> str:
        """Its status as people read it."""
        return "returned" if self.returned else self.status


@dataclass(frozen=True)
class Page:
    """One page of the list. `counts` are the findings of each signal on the whole filtered list, `children` how many children
    it is about; `cannot_tell` counts those left out because a register they need is stale or missing, by signal."""

    as_at: date
    items: list[Item]
    number: int
    size: int
    total: int
    children: int
    counts: dict[str, int]
    cannot_tell: dict[str, int]
    order: str = ORDER

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class Worklist:
    """The whole list as at a day, before filters: evaluated once, then filtered and paged as often as wanted. `blind` is what
    a register that is stale or missing could explain; `agency_names` what the children's agencies are called, by id."""

    as_at: date
    items: list[Item]
    blind: list[Standing]
    agency_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def cannot_tell(self) -> list[Finding]:
        return [standing.finding for standing in self.blind]

    def page(self, store: Store, filters: Filters = Filters(), number: int = 1, size: int = PAGE) -> Page:
        """One page, its sentences and names looked up for the page alone. Raises `Refused` for a page that is not there."""
        if not 1 <= size <= MOST_A_PAGE:
            raise Refused(f"A page has 1 to {MOST_A_PAGE} findings.", f"Ask for {PAGE}.")
        if wrong := sorted(set(filters.bands) - set(AGE_BANDS)):
            raise Refused(f"There is no age band {', '.join(wrong)}.", f"There are: {', '.join(AGE_BANDS)}.")
        fitting = [item for item in self.items if self._fits(item, filters)]
        pages = max(1, -(-len(fitting) // size))
        if not 1 <= number <= pages:
            raise Refused(f"There is no page {number}.", f"The list has {pages}.")
        shown = fitting[(number - 1) * size : number * size]
        told = sentences(store, [item.finding for item in shown], self.as_at)
        called = names(store, {item.finding.child for item in shown}, self.as_at) if shown else {}
        items = [
            replace(item, sentence=sentence, child_name=called.get(item.finding.child, ""))
            for item, sentence in zip(shown, told, strict=True)
        ]
        blind = [standing.finding for standing in self.blind if _about(standing, filters)]
        return Page(
            self.as_at, items, number, size, len(fitting), len({item.finding.child for item in fitting}),
            dict(Counter(item.finding.signal for item in fitting)), dict(Counter(finding.signal for finding in blind)),
        )  # fmt: skip

    def _fits(self, item: Item, filters: Filters) -> bool:
        return filters.status in ("all", item.status) and _about(item.standing, filters)


def _about(standing: Standing, filters: Filters) -> bool:
    return (
        (not filters.signals or standing.finding.signal in filters.signals)
        and (not filters.bands or standing.finding.band in filters.bands)
        and (not filters.areas or standing.area in filters.areas)
        and (not filters.agencies or any(agency in standing.agencies for agency in filters.agencies))
    )


def worklist(
    store: Store, as_at: date, entries: Sequence[Entry] = (), *,
    child: str | None = None, only: Collection[str] = (), overrides: Overrides | None = None, folder: Path | None = None,
) -> Worklist:  # fmt: skip
    """Every finding as at the day, with what was decided about it by then, in the stated order. `folder` is the build's own,
    where findings are kept."""
    found = standings(store, as_at, folder, child=child, only=only, overrides=overrides)
    decided = decisions(store, [entry for entry in entries if entry.as_at <= as_at])
    items = [
        _item(one, decided.get((one.finding.child, one.finding.signal), []), as_at)
        for one in found.standings if not one.finding.cannot_tell
    ]  # fmt: skip
    items.sort(key=_place)
    return Worklist(as_at, items, [one for one in found.standings if one.finding.cannot_tell], found.agency_names)


def decisions(store: Store, entries: Sequence[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """Entries by the person that their record belongs to today, and the signal; oldest first."""
    ids = sorted({entry.record for entry in entries})
    people = {row["record"]: row["person"] for row in run(store, PERSON_OF, date.today(), ids=ids)} if ids else {}
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((people.get(entry.record, entry.record), entry.signal), []).append(entry)
    return found


def _item(standing: Standing, entries: Sequence[Entry], as_at: date) -> Item:
    finding = standing.finding
    item = Item(standing, "open", (as_at - finding.since).days, tuple(entries))
    if not entries:
        return item
    last = item.decision
    settled = {entry.settles for entry in entries if entry.settles}
    disputed = {entry.row for entry in entries if entry.action == "dispute" and entry.id not in settled and entry.row}
    status: Status = "open"
    returned = False
    if last is not None and last.action != "reopen":
        returned = finding.news_on > last.as_at or (last.until is not None and last.until < as_at)
        if not returned:
            status = "closed" if last.action == "close" else "snoozed"
    return replace(item, status=status, returned=returned, disputed=tuple(sorted(disputed & set(finding.rows))))


def _place(item: Item) -> tuple[bool, int, int, str, str]:
    return item.finding.duty != "hard", -len(item.silent), -item.days, item.finding.child, item.finding.signal
