"""What Ladybug was measured to answer wrongly, in silence, and the rules that keep it out of questions and typed text.

Each case runs on the installed engine. Where it is right there again, the rule may go; until then the harm is shown here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lastseen.graph.statement import parameter_names
from lastseen.graph.store import GraphTables, Store
from lastseen.queries import finding, freshness, labelling, runner
from lastseen.queries.checking import faults as checked
from lastseen.queries.defences import silent_faults
from lastseen.queries.dialect import expand
from lastseen.queries.reading import read
from lastseen.queries.tokens import tokenise

OUTSIDE = """MATCH (p:Person) WHERE NOT EXISTS { MATCH (p)<-[a:ABOUT]-() WHERE a.occurred_on > p.died_on } RETURN p.id"""
LATE = """MATCH (p:Person)-[l:LIVES_AT]->() WITH p, collect(DISTINCT l.basis) AS bases, min(l.valid_from) AS since
          RETURN count(since) AS n"""
EARLY = LATE.replace(
    "collect(DISTINCT l.basis) AS bases, min(l.valid_from) AS since",
    "min(l.valid_from) AS since, collect(DISTINCT l.basis) AS bases",
)
OPTIONAL = """MATCH (p:Person)<-[a:ABOUT]-() WHERE a.level >= 3 WITH p, max(a.occurred_on) AS last_on
              MATCH (p)<-[b:ABOUT]-() WHERE b.level >= 3 AND b.occurred_on = last_on WITH p, last_on, max(b.level) AS best
              OPTIONAL MATCH (p)<-[c:ABOUT]-(k:Contact) WHERE c.level = best AND c.occurred_on = last_on
              WITH p, count(k.id) AS found RETURN count(CASE WHEN found = 0 THEN 1 END) AS lost"""
AFTER = OPTIONAL.replace("WHERE c.level = best AND c.occurred_on = last_on", "").replace(
    "WITH p, count(k.id) AS found", "WITH p, count(CASE WHEN c.level = best AND c.occurred_on = last_on THEN k.id END) AS found"
)


def faults(text: str) -> list[str]:
    return silent_faults(read(tokenise(text)))


@pytest.fixture(scope="module")
def ladybug(generated: GraphTables, store_factory: Callable[[str, GraphTables], Store]) -> Store:
    return store_factory("ladybug", generated)


def test_a_subquerys_value_from_outside_is_refused_because_it_gives_other_rows(story: Any) -> None:
    story.child("b", date(2015, 1, 1), died_on=date(2016, 1, 1))
    story.child("c", date(2015, 1, 1))
    story.contact("k", date(2018, 1, 1), seen={"a": 3})
    story.child("a", date(2015, 1, 1), died_on=date(2016, 1, 1))
    session = story.asked()
    right = [("b",), ("c",)]
    given = sorted(session.store.run(OUTSIDE).rows)
    assert (given == right) is (session.store.dialect == "neo4j")
    assert faults(OUTSIDE)
    assert not faults(OUTSIDE.replace("a.occurred_on > p.died_on", "a.level > 2"))


def test_a_plain_aggregate_after_a_distinct_one_is_refused_because_it_comes_out_null(ladybug: Store) -> None:
    assert ladybug.run(LATE).rows == [(0,)]
    assert ladybug.run(EARLY).rows[0][0] > 1000
    assert faults(LATE)
    assert not faults(EARLY)


def test_a_value_from_before_an_optional_match_in_its_where_is_refused_because_matches_are_lost(ladybug: Store) -> None:
    assert ladybug.run(OPTIONAL).rows[0][0] > 0
    assert ladybug.run(AFTER).rows == [(0,)]
    assert faults(OPTIONAL)
    assert not faults(AFTER)


LOOKED_UP = """MATCH (p:Person) WHERE p.id = $child WITH p OPTIONAL MATCH (p)<-[a:ABOUT]-() WHERE p.id = $child AND a.level >= 3
               WITH p, count(a.level) AS sightings RETURN sightings"""


def test_a_node_of_the_optional_pattern_itself_may_be_looked_up_by_its_id(generated: GraphTables, ladybug: Store) -> None:
    assert not faults(LOOKED_UP)
    assert faults(LOOKED_UP.replace("p.id = $child AND a", "p.born_on = $child AND a"))
    assert faults(LOOKED_UP.replace("p.id = $child AND a", "p.id = a.source AND a"))
    assert faults(LOOKED_UP.replace("(p)<-[a:ABOUT]-()", "(q:Person)<-[a:ABOUT]-()"))
    seen: dict[str, int] = {}
    for row in generated.read("ABOUT").to_pylist():
        seen[row["to"]] = seen.get(row["to"], 0) + int((row["level"] or 0) >= 3)
    people = sorted(row["id"] for row in generated.read("Person").to_pylist())[::40]
    told = {one: ladybug.run(LOOKED_UP, {"child": one}).rows[0][0] for one in people}
    assert told == {one: seen.get(one, 0) for one in people}
    assert len(set(told.values())) > 2


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Person) OPTIONAL MATCH (p)<-[a:ABOUT]-() WHERE a.level > 2 WITH p, count(a.key) AS n RETURN n, p.id",
        "MATCH (p:Person) WITH p OPTIONAL MATCH (p)<-[a:ABOUT]-() WHERE a.source STARTS WITH 'p' RETURN p.id",
        "MATCH (p:Person) WITH p.id AS one MATCH (q:Person) WHERE q.id <> one RETURN q.id",
        "MATCH (p:Person) RETURN min(p.id) AS a, count(DISTINCT p.sex) AS b"
        " UNION ALL MATCH (p:Person) RETURN max(p.id) AS a, count(p) AS b",
    ],
)
def test_what_was_always_right_is_not_refused(text: str) -> None:
    assert faults(text) == []


TEXTS = {
    f"{module.__name__}.{name}": text
    for module in (finding, freshness, labelling, runner)
    for name, text in vars(module).items()
    if name.isupper() and isinstance(text, str) and "RETURN" in text
}


@pytest.mark.parametrize("name", list(TEXTS))
def test_texts_that_are_no_question_keep_the_same_rules(name: str) -> None:
    text = expand(TEXTS[name], "neo4j")
    assert faults(text) == []
    wrong, _ = checked(TEXTS[name], [], parameter_names(text))
    assert [fault for fault in wrong if "there is no" in fault or "no property" in fault or "WITH between" in fault] == []


def test_there_are_such_texts() -> None:
    assert len(TEXTS) >= 10


LISTS = """MATCH (p:Person) WHERE p.id = 'c' WITH p, collect(DISTINCT p.id) AS had
           OPTIONAL MATCH (p)<-[a:ABOUT]-() WHERE a.level = 9
           WITH p, had, collect(DISTINCT a.kind) AS found RETURN had + found AS both"""


def test_a_list_to_which_nothing_is_added_is_refused_because_it_is_lost(story: Any) -> None:
    story.child("c")
    session = story.asked()
    right = [(["c"],)]
    assert (session.store.run(LISTS).rows == right) is (session.store.dialect == "neo4j")
    assert faults(LISTS)
    mended = LISTS.replace("had + found", "had + coalesce(found, had)")
    assert not faults(mended)
    assert {item for (both,) in session.store.run(mended).rows for item in both} == {"c"}
