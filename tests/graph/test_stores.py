"""What both engines must do alike: the same statement, the same rows, the same refusals."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Store

Make = Callable[[dict[str, list[dict[str, Any]]]], GraphTables]
SLOW = "UNWIND range(1, 20000) AS a UNWIND range(1, 20000) AS b WITH a, b WHERE a * b * (a + b) = 7 RETURN count(*)"


@pytest.fixture
def store(graph_tables: Make, publish_tables: Callable[[GraphTables], Store]) -> Store:
    return publish_tables(graph_tables({
        "Person": [{"id": "a:1", "born_on": date(2010, 2, 3), "restricted": True}, {"id": "a:2"}],
        "Contact": [{"id": f"k:{n}", "kind": "visit", "occurred_on": date(2012, 1, n)} for n in range(1, 6)],
        "PARENT_OF": [{"from": "a:2", "to": "a:1", "source": "births", "row": "1:b.csv:2", "known_on": date(2010, 3, 1)}],
        "ABOUT": [
            {"from": f"k:{n}", "to": "a:1", "source": "hv", "row": f"2:h.csv:{n}", "level": n, "occurred_on": date(2012, 1, n)}
            for n in range(1, 6)
        ],
    }))


def test_values_come_as_plain_python(store: Store) -> None:
    answer = store.run(
        "MATCH (c:Contact)-[a:ABOUT]->(p:Person {id: $id}) WHERE a.level >= $low AND a.occurred_on <= $day "
        "RETURN p.id AS id, p.restricted AS restricted, p.born_on AS born, p.died_on AS died, max(a.level) AS level, "
        "collect(DISTINCT p.born_on) AS dates, 1.5 AS share",
        {"id": "a:1", "low": 2, "day": date(2012, 1, 4)},
    )
    assert answer.columns == ["id", "restricted", "born", "died", "level", "dates", "share"]
    assert answer.rows == [("a:1", True, date(2010, 2, 3), None, 4, [date(2010, 2, 3)], 1.5)]
    assert type(answer.rows[0][2]) is date
    assert not answer.truncated


def test_nodes_and_edges_come_with_every_property_of_the_vocabulary(store: Store) -> None:
    ((parent, edge, child),) = store.run("MATCH (a:Person)-[e:PARENT_OF]->(b:Person) RETURN a, e, b").rows
    assert parent == {"label": "Person", **dict.fromkeys(NODES["Person"].columns), "id": "a:2"}
    assert child["born_on"] == date(2010, 2, 3)
    assert list(edge) == ["type", *EDGES["PARENT_OF"].columns]
    assert (edge["type"], edge["known_on"], edge["valid_to"]) == ("PARENT_OF", date(2010, 3, 1), None)


def test_a_list_of_ids_is_a_parameter(store: Store) -> None:
    text = "UNWIND $ids AS id MATCH (p:Person {id: id}) RETURN p.id AS id ORDER BY id"
    assert store.run(text, {"ids": ["a:2", "a:1", "a:9"]}).rows == [("a:1",), ("a:2",)]


def test_the_limit_is_kept_and_said(store: Store) -> None:
    text = "MATCH (c:Contact) RETURN c.id AS id ORDER BY id"
    cut = store.run(text, limit=3)
    assert (cut.rows, cut.truncated) == ([("k:1",), ("k:2",), ("k:3",)], True)
    assert not store.run(text, limit=5).truncated


def test_a_statement_that_takes_too_long_is_stopped(store: Store) -> None:
    with pytest.raises(NotAvailable, match=r"longer than 0\.5 seconds"):
        store.run(SLOW, timeout=0.5)
    assert store.run("MATCH (p:Person) RETURN count(p)").rows == [(2,)]


def test_a_missing_or_null_parameter_is_refused_not_answered_with_nothing(store: Store) -> None:
    for given in ({}, {"id": None}):
        with pytest.raises(Refused, match=r"\$id"):
            store.run("MATCH (p:Person {id: $id}) RETURN p.id", given)
    assert store.run("MATCH (p:Person) WHERE p.id = '$id' RETURN p.id // not $that").rows == []


@pytest.mark.parametrize("text", [
    "CREATE (:Person {id: 'a:3'})", "MATCH (p:Person) SET p.sex = 'F'", "MATCH (p:Person) DETACH DELETE p",
    "MATCH (p:Person {id: 'a:1'}) MERGE (p)-[:PARTNER_OF]->(p)", "DROP TABLE Person",
])
def test_nothing_is_ever_written(store: Store, text: str) -> None:
    before = store.counts()
    with pytest.raises(Refused):
        store.run(text)
    assert store.counts() == before


def test_an_error_never_repeats_the_values_in_a_statement(store: Store) -> None:
    for text in ("MATCH (p:Person) WHERE p.id = 'Wren Marlow' RETRUN p", "RETURN date('Wren Marlow')"):
        with pytest.raises(Refused) as caught:
            store.run(text)
        assert "Wren" not in str(caught.value)
    with pytest.raises(Refused) as caught:
        store.run("MATCH (p:Person) WHERE p.id = $name RETRUN p", {"name": "Wren Marlow"})
    assert "Wren" not in str(caught.value)


def test_counts_name_every_label_and_type(store: Store) -> None:
    counts = store.counts()
    assert set(counts.nodes) == set(NODES)
    assert set(counts.edges) == set(EDGES)
    assert {name: n for name, n in {**counts.nodes, **counts.edges}.items() if n} == {
        "Person": 2, "Contact": 5, "PARENT_OF": 1, "ABOUT": 5,
    }


def test_a_graph_with_nothing_in_it_can_be_asked(graph_tables: Make, publish_tables: Callable[[GraphTables], Store]) -> None:
    store = publish_tables(graph_tables({}))
    assert store.run("MATCH (p:Person) RETURN p.id").rows == []
    assert store.marker().phase == "ready"
