"""What the signals find: each of a signal's rows is a finding about one child, with its sentence and its evidence.

Findings are never added into a score. One that a stale or missing register could explain is told apart (`cannot_tell`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lastseen.graph.errors import Refused
from lastseen.graph.store import Store
from lastseen.queries import deriving
from lastseen.queries.answer import in_words
from lastseen.queries.catalogue import FINDING, Question, find, signals
from lastseen.queries.dialect import AS_AT
from lastseen.queries.freshness import Loaded, loads, stale_registers
from lastseen.queries.labelling import names, places
from lastseen.queries.narrowing import CHILD, narrowed
from lastseen.queries.runner import asked_rows, blind_bands, typed
from lastseen.queries.texts import prepared

TOGETHER = 2
"""Signals that are asked at once about one child."""
Overrides = Mapping[str, Mapping[str, Any]]
"""A workspace's own defaults of parameters, by question's name or signal's id."""


@dataclass(frozen=True)
class Finding:
    """One child and one signal as at a day. `known_on` is when the latest of its facts was known, `rows` where they stand
    ('load:file:line'), `values` the signal's own columns; `cannot_tell` says that a register it needs is stale or missing."""

    signal: str
    name: str
    title: str
    duty: str
    child: str
    since: date
    known_on: date
    rows: tuple[str, ...]
    band: str
    window: int
    values: Mapping[str, Any] = field(default_factory=dict)
    cannot_tell: bool = False

    @property
    def news_on(self) -> date:
        """The day from which this finding says something that a decision made before it did not know."""
        return max(self.since, self.known_on)


def evaluate(
    store: Store, as_at: date, *, child: str | None = None, only: Collection[str] = (), overrides: Overrides | None = None
) -> list[Finding]:
    """Every finding as at the day: of one child (a person's id) or of all, of the signals `only` (ids) or of all."""
    asked = asked_signals(only)
    loaded = loads(store)

    def one(question: Question) -> list[Finding]:
        return found(store, question, as_at, defaults(question, overrides or {}), loaded, child)

    # Of one child each signal is a look or two: two at once. Of all, the engine uses every core and memory it has for one.
    with ThreadPoolExecutor(TOGETHER if child else 1) as pool:
        return [finding for findings in pool.map(one, asked) for finding in findings]


def asked_signals(only: Collection[str]) -> list[Question]:
    """The signals with these ids, all where none is named. Raises `Refused` for an id that is none."""
    wanted = signals()
    if unknown := sorted(set(only) - set(wanted)):
        raise Refused(f"There is no signal {', '.join(unknown)}.", f"There are: {', '.join(wanted)}.")
    return [question for signal, question in wanted.items() if not only or signal in only]


def found(
    store: Store, question: Question, as_at: date, parameters: Mapping[str, Any], loaded: Sequence[Loaded],
    child: str | None = None,
) -> list[Finding]:  # fmt: skip
    """The findings of one signal, its parameters given."""
    blind = blind_bands(question, stale_registers(loaded, as_at))
    rows = _rows(store, question, as_at, parameters, loaded, child)
    return [_finding(question, parameters, row, row["band"] in blind) for row in rows]


def defaults(question: Question, overrides: Overrides) -> dict[str, Any]:
    """The parameters of a question without a person, as the workspace sets them. Raises `Refused` for a name it has not."""
    header = question.header
    own = {**overrides.get(question.name, {}), **(overrides.get(header.signal, {}) if header.signal else {})}
    if unknown := sorted(set(own) - set(header.parameters)):
        raise Refused(
            f"The workspace's settings give {question.name} a parameter {', '.join(unknown)}, which it has not.",
            f"It has: {', '.join(header.parameters) or 'none'}. Correct `parameters` in settings.json.",
        )
    return {name: typed(name, parameter, own.get(name, parameter.default)) for name, parameter in header.parameters.items()}


def _rows(
    store: Store, question: Question, as_at: date, parameters: Mapping[str, Any], loaded: Sequence[Loaded], child: str | None
) -> list[dict[str, Any]]:
    derived = deriving.derive(question.name, parameters, loaded, as_at) if question.header.derived else {}
    given = {AS_AT: as_at, **parameters, **derived} | ({CHILD: child} if child else {})
    cypher, used = prepared(narrowed(question.text) if child else question.text, store.dialect, given)
    return asked_rows(store, question, cypher, used)


def _finding(question: Question, parameters: Mapping[str, Any], row: Mapping[str, Any], cannot_tell: bool) -> Finding:
    header = question.header
    window = parameters[header.window] if isinstance(header.window, str) else header.window
    return Finding(
        signal=header.signal, name=question.name, title=header.title, duty=header.duty, child=row["child"], since=row["since"],
        known_on=row["known_on"], rows=tuple(row["rows"]), band=row["band"], window=int(window),
        values={name: value for name, value in row.items() if name not in FINDING}, cannot_tell=cannot_tell,
    )  # fmt: skip


def sentences(store: Store, findings: Sequence[Finding], as_at: date) -> list[str]:
    """Each finding in one plain sentence, people and places by name as known then."""
    people, spots = _ids(findings, "person", "people"), _ids(findings, "place")
    called = names(store, people, as_at) if people else {}
    labels = places(store, spots, as_at) if spots else {}
    return [_sentence(finding, called, labels) for finding in findings]


def _ids(findings: Sequence[Finding], *kinds: str) -> set[str]:
    ids: set[str] = set()
    for finding in findings:
        columns = find(finding.name).header.columns
        for name, value in finding.values.items():
            if value and columns[name].kind in kinds:
                ids |= set(value) if isinstance(value, list) else {value}
    return ids


def _sentence(finding: Finding, called: Mapping[str, str], labels: Mapping[str, str]) -> str:
    header = find(finding.name).header

    def shown(name: str, value: Any) -> Any:
        kind = header.columns[name].kind
        if isinstance(value, list):
            return ", ".join(str(called.get(one, one) if kind == "people" else one) for one in value)
        if isinstance(value, date):
            return in_words(value)
        return {"person": called, "place": labels}.get(kind, {}).get(value, value) if isinstance(value, str) else value

    told = {**finding.values, "since": finding.since, "known_on": finding.known_on}
    filled = {name: shown(name, value) for name, value in told.items() if value is not None and value != []}
    for template in header.sentence:
        try:
            return template.format_map(filled)
        except KeyError:
            continue
    return f"{finding.title}, since {in_words(finding.since)}."
