"""Every signal over the generated graph: the same rows on both engines, one row a child, no day later than the one asked, and
for one child by the narrowed text exactly the population's row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from lastseen.graph.store import GraphTables, Store
from lastseen.queries.catalogue import Question, signals
from lastseen.queries.findings import Finding, defaults, found
from lastseen.queries.freshness import loads
from lastseen.queries.session import Session

DAYS = (date(2014, 6, 30), date(2017, 3, 1), date(2019, 12, 31))
SILENT: frozenset[str] = frozenset()
"""Signals for which the generated graph has nothing yet, by name."""


@pytest.fixture(scope="module")
def both(generated: GraphTables, store_factory: Callable[[str, GraphTables], Store]) -> dict[str, Session]:
    return {engine: Session(store_factory(engine, generated)) for engine in ("ladybug", "neo4j")}


def told(session: Session, question: Question, day: date, child: str | None = None) -> dict[str, Finding]:
    """The signal's findings by child; no child twice."""
    findings = found(session.store, question, day, defaults(question, {}), loads(session.store), child)
    assert len({one.child for one in findings}) == len(findings), "a child twice"
    return {one.child: one for one in findings}


@pytest.mark.neo4j
@pytest.mark.parametrize("name", [question.name for question in signals().values()])
def test_a_signal_has_the_same_rows_on_both_engines_and_none_of_another_day(both: dict[str, Session], name: str) -> None:
    question = next(one for one in signals().values() if one.name == name)
    compared = 0
    for day in DAYS:
        findings = told(both["ladybug"], question, day)
        assert findings == told(both["neo4j"], question, day)
        assert all(one.since <= day and one.known_on <= day for one in findings.values())
        compared += len(findings)
    assert compared or name in SILENT, "nothing was compared"


@pytest.mark.parametrize("name", [question.name for question in signals().values()])
def test_a_signal_for_one_child_is_the_row_of_the_whole_population(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, name: str
) -> None:
    session = Session(publish_tables(generated))
    question = next(one for one in signals().values() if one.name == name)
    day = DAYS[1]
    rows = told(session, question, day)
    people = session.cypher("MATCH (p:Person) WHERE child(p) RETURN p.id AS id", as_at=day).rows
    others = sorted({row["id"] for row in people} - set(rows))[::200]
    for child in [*sorted(rows)[:: max(1, len(rows) // 7)][:7], *others[:3]]:
        assert told(session, question, day, child) == ({child: rows[child]} if child in rows else {}), child
