"""Every signal over the generated graph: the same rows on both engines, one row a child, no day later than the one asked, and
for one child by the narrowed text exactly the population's row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lastseen.graph.store import GraphTables, Store
from lastseen.queries.catalogue import Question, signals
from lastseen.queries.narrowing import CHILD, narrowed
from lastseen.queries.session import Session
from lastseen.queries.texts import run

DAYS = (date(2014, 6, 30), date(2017, 3, 1), date(2019, 12, 31))
SILENT: frozenset[str] = frozenset()
"""Signals for which the generated graph has nothing yet, by name."""


@pytest.fixture(scope="module")
def both(generated: GraphTables, store_factory: Callable[[str, GraphTables], Store]) -> dict[str, Session]:
    return {engine: Session(store_factory(engine, generated)) for engine in ("ladybug", "neo4j")}


def raw(session: Session, text: str, question: Question, day: date, **more: Any) -> dict[str, dict[str, Any]]:
    """The text's rows by child, lists as sets; no child twice."""
    asked = {name: one.default if one.default is not None else day for name, one in question.header.parameters.items()}
    rows = run(session.store, text, day, **asked, **more)
    assert len({row["child"] for row in rows}) == len(rows), "a child twice"
    return {row["child"]: {name: plain(cell) for name, cell in row.items()} for row in rows}


def plain(cell: Any) -> Any:
    return frozenset(one for one in cell if one is not None) if isinstance(cell, list) else cell


@pytest.mark.neo4j
@pytest.mark.parametrize("name", [question.name for question in signals().values()])
def test_a_signal_has_the_same_rows_on_both_engines_and_none_of_another_day(both: dict[str, Session], name: str) -> None:
    question = next(one for one in signals().values() if one.name == name)
    found = 0
    for day in DAYS:
        rows = raw(both["ladybug"], question.text, question, day)
        assert {child: empty(row) for child, row in rows.items()} == {
            child: empty(row) for child, row in raw(both["neo4j"], question.text, question, day).items()
        }
        assert all(row["since"] <= day and row["known_on"] <= day for row in rows.values())
        found += len(rows)
    assert found or name in SILENT, "nothing was compared"


def empty(row: dict[str, Any]) -> dict[str, Any]:
    """No list and an empty one are the same: a list of nothing but nulls is null on one engine."""
    return {name: cell or None if isinstance(cell, frozenset) else cell for name, cell in row.items()}


@pytest.mark.parametrize("name", [question.name for question in signals().values()])
def test_a_signal_for_one_child_is_the_row_of_the_whole_population(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, name: str
) -> None:
    session = Session(publish_tables(generated))
    question = next(one for one in signals().values() if one.name == name)
    day = DAYS[1]
    rows = raw(session, question.text, question, day)
    people = session.cypher("MATCH (p:Person) WHERE child(p) RETURN p.id AS id", as_at=day).rows
    others = sorted({row["id"] for row in people} - set(rows))[::200]
    for child in [*sorted(rows)[:: max(1, len(rows) // 7)][:7], *others[:3]]:
        one = raw(session, narrowed(question.text), question, day, **{CHILD: child})
        assert one == ({child: rows[child]} if child in rows else {}), child
