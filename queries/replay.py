"""A story lived through again: on which days each signal stood for each child, had somebody asked every day.

Each day is answered with what was known on it; the days between two on which an answer can change need no asking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lastseen.graph.store import Store
from lastseen.queries.catalogue import Question, signals
from lastseen.queries.changing import dates_of_facts, dates_of_loads, dates_that_matter, days_of_change
from lastseen.queries.findings import defaults, found
from lastseen.queries.freshness import Loaded, loads

Span = tuple[date, date]
"""First and last day on which a signal stood."""

Steps = Callable[[str, int, int], None]
"""Told the signal, how many of its days are done and how many there are."""


@dataclass
class Replayed:
    """For each child (by the story's name) and signal, the spans on which it stood; signals that never stood are left out."""

    start: date
    end: date
    spans: dict[str, dict[str, list[Span]]] = field(default_factory=dict)
    asked: int = 0

    def first(self, child: str) -> dict[str, date]:
        """The first day of each signal, earliest first."""
        days = {signal: spans[0][0] for signal, spans in self.spans.get(child, {}).items()}
        return dict(sorted(days.items(), key=lambda item: (item[1], item[0])))

    def days_on(self, child: str, signal: str, start: date, end: date) -> int:
        """On how many days from `start` to `end` the signal stood."""
        spans = self.spans.get(child, {}).get(signal, [])
        return sum(max(0, (min(last, end) - max(first, start)).days + 1) for first, last in spans)

    def standing(self, child: str, day: date) -> list[str]:
        """The signals that stood on a day."""
        return [
            signal
            for signal, spans in self.spans.get(child, {}).items()
            if any(first <= day <= last for first, last in spans)
        ]


def replay(
    store: Store, children: Mapping[str, str], start: date, end: date, *,
    only: Collection[str] = (), overrides: Mapping[str, Mapping[str, Any]] | None = None, steps: Steps | None = None,
    days: Sequence[date] | None = None, facts: Collection[date] | None = None,
) -> Replayed:  # fmt: skip
    """Step through the days from `start` to `end`; `children` gives the story's name of each person's id.

    With `days` only those are asked: a span then ends before the next of them on which the signal does not stand. `facts` are
    the dates of everything that could matter to one child alone; without them, those of the whole graph, which must be small.
    """
    loaded = loads(store)
    spoken = dates_of_loads(loaded)
    by_label = dates_of_facts(store) if facts is None and days is None else {}
    alone = next(iter(children)) if facts is not None else None
    done = Replayed(start, end, {name: {} for name in children.values()})
    for signal, question in signals().items():
        if only and signal not in only:
            continue
        parameters = defaults(question, overrides or {})
        matter = {*spoken, *(dates_that_matter(by_label, question) if facts is None else facts)}
        asked = days_of_change(matter, question, parameters, start, end) if days is None else days
        standing = _standing(store, question, parameters, loaded, asked, steps, alone)
        done.asked += len(asked)
        for id_, name in children.items():
            if spans := _spans(asked, [id_ in stood for stood in standing], end):
                done.spans[name][signal] = spans
    return done


def _standing(
    store: Store, question: Question, parameters: Mapping[str, Any], loaded: Sequence[Loaded], days: Sequence[date],
    steps: Steps | None, alone: str | None,
) -> list[set[str]]:  # fmt: skip
    """For each day the children for whom the signal stands."""
    standing = []
    for place, day in enumerate(days):
        standing.append({one.child for one in found(store, question, day, parameters, loaded, alone) if not one.cannot_tell})
        if steps:
            steps(question.header.signal, place + 1, len(days))
    return standing


def _spans(days: Sequence[date], on: Sequence[bool], end: date) -> list[Span]:
    spans: list[Span] = []
    began: date | None = None
    for day, stands in zip(days, on, strict=True):
        if stands and began is None:
            began = day
        elif not stands and began is not None:
            spans.append((began, day - timedelta(days=1)))
            began = None
    return [*spans, (began, end)] if began is not None else spans
