"""Every question on both engines over a generated graph of more than 20,000 contacts: row for row the same; and the two
headline questions the same as an oracle that never saw the Cypher. Ladybug's newest releases lose rows in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from lastseen.graph.store import GraphTables, Store
from lastseen.queries.catalogue import catalogue, signals
from lastseen.queries.session import Session

DAYS = (date(2012, 3, 1), date(2016, 2, 29), date(2018, 7, 20), date(2020, 12, 31))


@pytest.fixture(scope="module")
def both(generated: GraphTables, store_factory: Callable[[str, GraphTables], Store]) -> dict[str, Session]:
    return {engine: Session(store_factory(engine, generated)) for engine in ("ladybug", "neo4j")}


def told(session: Session, name: str, day: date, **parameters: Any) -> dict[str, Any]:
    answer = session.ask(name, day, **parameters).to_dict()
    return {part: value for part, value in answer.items() if part not in ("engine", "publishing_since")}


def people(session: Session, day: date) -> list[str]:
    found = session.cypher("MATCH (p:Person) WHERE child(p) RETURN p.id AS id", as_at=day)
    return sorted(row["id"] for row in found.rows)[::60]


ALL_CHILDREN = [
    name for name, question in catalogue().items() if question.header.population == "children" and not question.header.signal
]


@pytest.mark.neo4j
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ALL_CHILDREN)
def test_questions_about_all_children_give_the_same_rows_on_both_engines(
    both: dict[str, Session], name: str, day: date
) -> None:
    ladybug, neo4j = told(both["ladybug"], name, day), told(both["neo4j"], name, day)
    assert ladybug == neo4j
    assert ladybug["rows"] or ladybug["cannot_tell"], "nothing was compared"


@pytest.mark.neo4j
@pytest.mark.parametrize("name", [question.name for question in signals().values()])
def test_a_signal_asked_as_a_question_gives_the_same_answer_on_both_engines(both: dict[str, Session], name: str) -> None:
    """Their rows on other days, and that there are some, are signals/test_signals_agree.py's."""
    assert told(both["ladybug"], name, DAYS[2]) == told(both["neo4j"], name, DAYS[2])


@pytest.mark.neo4j
@pytest.mark.parametrize("name", [name for name, question in catalogue().items() if question.header.population == "person"])
def test_questions_about_one_child_give_the_same_rows_on_both_engines(both: dict[str, Session], name: str) -> None:
    rows = 0
    for day in DAYS[1:3]:
        for child in people(both["ladybug"], day):
            ladybug, neo4j = told(both["ladybug"], name, day, child=child), told(both["neo4j"], name, day, child=child)
            assert ladybug == neo4j, child
            assert both["ladybug"].last_seen(child, day) == both["neo4j"].last_seen(child, day), child
            rows += len(ladybug["rows"])
    assert rows > 10, "hardly anything was compared"


@pytest.mark.neo4j
def test_what_was_due_and_who_faded_is_the_same_on_both_engines(both: dict[str, Session]) -> None:
    states: set[str] = set()
    lost = 0
    for day in DAYS[1:3]:
        for child in people(both["ladybug"], day):
            ladybug, neo4j = (both[engine].expected(child, day) for engine in ("ladybug", "neo4j"))
            assert ladybug == neo4j, child
            links, others = (both[engine].fading(child, day) for engine in ("ladybug", "neo4j"))
            assert links == others, child
            states |= {row.state for row in ladybug.rows}
            lost += len(links.lost)
    assert states >= {"done", "not done", "cannot tell", "done late"}
    assert lost > 0


@pytest.mark.neo4j
@pytest.mark.parametrize(
    "text", ["tam", "Sofya Ellis", "OBrien", "17 larch court", "AL3 3AA", "marlowe AL7 7AA", "03/04/2011", "nobody"]
)
def test_searches_give_the_same_rows_on_both_engines(both: dict[str, Session], text: str) -> None:
    for day in DAYS[1:3]:
        assert told(both["ladybug"], "find_person", day, text=text) == told(both["neo4j"], "find_person", day, text=text)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("level", "days"), [(3, 365), (4, 120), (5, 0)])
def test_not_seen_is_what_an_oracle_works_out_without_the_cypher(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, oracle: ModuleType, day: date, level: int, days: int
) -> None:
    answer = Session(publish_tables(generated)).ask("not_seen", day, level=level, days=days)
    listed = answer.rows + answer.cannot_tell_rows
    expected = oracle.not_seen(generated, day, level, days)
    assert {row["child"]: (row["last_seen"], row["days"]) for row in listed} == expected
    assert len(listed) == len(expected) > 0
    born, unborn = oracle.children(generated, day)
    assert (answer.population, answer.not_yet_born) == (len(born), len(unborn))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("days", [365, 60])
def test_conflicting_locations_is_what_an_oracle_works_out_without_the_cypher(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, oracle: ModuleType, day: date, days: int
) -> None:
    session = Session(publish_tables(generated))
    hidden = {row["id"] for row in generated.read("Address").to_pylist() if row["protected"]}
    expected = {
        (child, frozenset("protected" if place in hidden else place for place in places), stated)
        for child, places, stated in oracle.conflicting(generated, day, days)
    }
    rows = session.ask("conflicting_locations", day, days=days).rows
    assert {(row["child"], frozenset((row["place"], row["other_place"])), frozenset(row["rows"])) for row in rows} == expected
    assert len(rows) >= len(expected) > 0


@pytest.mark.parametrize("name", ["not_seen", "never_seen", "conflicting_locations"])
def test_one_child_alone_gives_the_rows_that_it_has_among_all(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, name: str
) -> None:
    session = Session(publish_tables(generated))
    whole = session.ask(name, DAYS[2])
    listed = {row["child"] for row in whole.rows + whole.cannot_tell_rows}
    for child in sorted(listed)[:: max(1, len(listed) // 15)] + people(session, DAYS[2])[::5]:
        alone = session.ask(name, DAYS[2], child=child)
        assert alone.rows == [row for row in whole.rows if row["child"] == child]
        assert alone.cannot_tell_rows == [row for row in whole.cannot_tell_rows if row["child"] == child]
        assert alone.population in (0, 1)
