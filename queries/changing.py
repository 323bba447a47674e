"""The days on which an answer can change: a fact becomes known, begins or ends, or a limit counted from one falls due.

Between two of them every signal stands as it stood, so a replay that steps through them misses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from lastseen.graph.schema import EDGES, NODES, Prop
from lastseen.graph.store import Store
from lastseen.queries.catalogue import Question
from lastseen.queries.freshness import Loaded
from lastseen.queries.reading import read
from lastseen.queries.tokens import tokenise

WEEK = 7
"""A limit that is worked out of the calendar (working days, hours) falls due within so many days of the plain sum."""
COUNTS = frozenset({"level", "times", "contacts", "notices", "addresses", "agencies", "visits", "weeks"})
"""Parameters that count something else than days."""
_NO_FACTS = ("Load", "Record")


def dates_of_facts(store: Store, without: Collection[str] = ("attendance",)) -> dict[str, set[date]]:
    """Every date of every fact in the graph, by its label or type. For a replayed family, not a city.

    Contacts of the kinds `without` are left out: they tell of children who are not the story's.
    """
    found: dict[str, set[date]] = {}
    for name, node in NODES.items():
        if name not in _NO_FACTS:
            match = f"MATCH (x:{name}){_but(without) if name == 'Contact' else ''}"
            found[name] = _values(store, match, _dates(node.columns))
    for name, edge in EDGES.items():
        match = f"MATCH (:{edge.start})-[x:{name}]->(:{edge.end}){_but(without) if name == 'ABOUT' else ''}"
        found[name] = _values(store, match, _dates(edge.columns))
    return found


def dates_that_matter(facts: Mapping[str, set[date]], question: Question) -> set[date]:
    """Those of the labels and types that the question's text names."""
    named = {label for bound in read(tokenise(question.text)).bound for label in bound.labels}
    return {day for label, days in facts.items() if label in named for day in days}


def dates_of_loads(loaded: Sequence[Loaded]) -> set[date]:
    """The days on which a load begins to speak, and those on which it grows stale."""
    days = {day for load in loaded for day in (load.extract_date, load.covers_from, load.covers_to) if day}
    return days | {
        day + load.patience for load in loaded for day in (load.extract_date, load.covers_from, load.covers_to) if day
    }


def _but(kinds: Collection[str]) -> str:
    return f" WHERE NOT x.kind IN [{', '.join(repr(kind) for kind in kinds)}]" if kinds else ""


def _dates(columns: Mapping[str, Prop]) -> list[str]:
    return [column for column, prop in columns.items() if prop.kind == "date"]


def _values(store: Store, match: str, columns: Sequence[str]) -> set[date]:
    if not columns:
        return set()
    rows = store.run(f"{match} RETURN {', '.join(f'x.{column}' for column in columns)}").rows
    return {value for row in rows for value in row if value is not None}


def days_of_change(
    facts: Collection[date], question: Question, parameters: Mapping[str, Any], start: date, end: date
) -> list[date]:
    """The days from `start` to `end` on which the question's answer can differ from that of the day before.

    Each fact's day, that day plus each of the question's limits or a limit and its grace, and the day after each.
    """
    limits = {value for name, value in parameters.items() if isinstance(value, int) and name not in COUNTS}
    grace = parameters.get("grace", 0)
    offsets = {0, *limits, *(limit + grace for limit in limits)}
    if question.header.derived:
        offsets |= {limit // 24 for limit in limits} | set(range(WEEK + 1))
    days = {fact + timedelta(days=offset + more) for fact in facts for offset in offsets for more in (0, 1)}
    return sorted(day for day in {start, *days} if start <= day <= end)
