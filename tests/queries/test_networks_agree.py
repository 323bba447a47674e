"""Networks over the generated graph: on both engines what networkx finds in the same tables, which never saw the Cypher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest

from lastseen.graph.network import FAMILY, connection, family_groups, neighbourhood
from lastseen.graph.reach import TYPES
from lastseen.graph.schema import EDGES, SEEN
from lastseen.graph.store import GraphTables, Store

DAYS = (date(2014, 5, 1), date(2018, 7, 20))
NO_HUB = 10**9


def stands(row: dict[str, Any], day: date) -> bool:
    begun = row["occurred_on"] if "occurred_on" in row else row["valid_from"]
    gone = row["withdrawn_on"] is not None and row["withdrawn_on"] <= day
    return row["known_on"] is not None and row["known_on"] <= day and not gone and (begun is None or begun <= day)


def whole(tables: GraphTables, day: date) -> nx.MultiGraph:
    """Everything that stands on the day and may be shown, without direction."""
    hidden = {row["id"] for row in tables.read("Address").to_pylist() if row["protected"]}
    hidden |= {row["id"] for row in tables.read("Agency").to_pylist() if row["kind"] == "refuge"}
    hidden |= {row["to"] for row in tables.read("LIVES_AT").to_pylist() if row["kind"] == "refuge"}
    hidden |= {row["id"] for row in tables.read("Contact").to_pylist() if not stands(row, day)}
    graph = nx.MultiGraph()
    for edge in EDGES.values():
        if edge.start in TYPES and edge.end in TYPES:
            for row in tables.read(edge.name).to_pylist():
                if not {row["from"], row["to"]} & hidden and (edge.dating == "none" or stands(row, day)):
                    graph.add_edge(row["from"], row["to"], key=f"{edge.name}|{row['key']}")
    return graph


def people(tables: GraphTables, day: date) -> list[str]:
    known = [row["id"] for row in tables.read("Person").to_pylist() if row["first_known_on"] and row["first_known_on"] <= day]
    return sorted(known)[::40]


@pytest.mark.parametrize("day", DAYS)
def test_a_neighbourhood_is_what_networkx_finds_in_the_tables(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, day: date
) -> None:
    store, oracle = publish_tables(generated), whole(generated, day)
    links = 0
    for person in people(generated, day):
        found = neighbourhood(store, [person], hops=1, limit=10**6, as_at=day, hub=NO_HUB)
        near = nx.ego_graph(oracle, person, radius=1) if person in oracle else nx.MultiGraph()
        assert set(found.graph) == set(near) | {person}
        assert {key for _, _, key in found.graph.edges(keys=True)} == {key for _, _, key in near.edges(keys=True)}
        assert (found.left_out, found.cut) == (0, False)
        links += found.graph.number_of_edges()
    assert links > 100, "hardly anything was compared"


@pytest.mark.parametrize("day", DAYS)
def test_a_line_of_contacts_is_what_the_tables_add_up_to(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, day: date
) -> None:
    store, asked = publish_tables(generated), people(generated, day)
    agencies = {row["id"] for row in generated.read("Agency").to_pylist() if row["kind"] != "refuge"}
    made = {row["from"]: row["to"] for row in generated.read("MADE_BY").to_pylist() if row["to"] in agencies}
    expected: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in generated.read("ABOUT").to_pylist():
        if row["to"] in asked and row["from"] in made and stands(row, day):
            expected.setdefault((row["to"], made[row["from"]]), []).append(row)
    found = {}
    for person in asked:
        graph = neighbourhood(store, [person], hops=1, limit=10**6, as_at=day, node_types=["Agency"], hub=NO_HUB).graph
        for start, end, edge in graph.edges(data=True):
            if edge["type"] == "CONTACT" and start == person:
                found[start, end] = (edge["contacts"], edge["last_contact"], edge.get("level"), edge.get("last_seen"))
    assert found == {
        pair: (
            len(rows), max(row["occurred_on"] for row in rows),
            max((row["level"] for row in rows if row["level"] is not None), default=None),
            max((row["occurred_on"] for row in rows if (row["level"] or 0) >= SEEN), default=None),
        )
        for pair, rows in expected.items()
    }  # fmt: skip
    assert len(found) > 20, "hardly anything was compared"


@pytest.mark.parametrize("day", DAYS)
def test_a_connection_is_as_short_as_networkx_finds_it(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, day: date
) -> None:
    store, oracle = publish_tables(generated), nx.Graph(whole(generated, day))
    lengths = set()
    for a, b in pairwise(people(generated, day)[::4]):
        found = connection(store, a, b, day, max_hops=4, hub=NO_HUB)
        try:
            expected = sorted(nx.all_shortest_paths(oracle, a, b))
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            expected = []
        expected = [path for path in expected if len(path) <= 5]
        assert [[path[0].start, *(step.end for step in path)] for path in found.paths] == expected[:25] or len(expected) > 25
        lengths |= {len(path) for path in found.paths}
    assert lengths, "nothing was compared"


@pytest.mark.parametrize("day", DAYS)
def test_families_are_the_components_networkx_finds(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, day: date
) -> None:
    graph = nx.Graph()
    for kind in ("PARENT_OF", "PARTNER_OF", "RELATED_TO"):
        for row in generated.read(kind).to_pylist():
            if stands(row, day) and (kind != "RELATED_TO" or row["relation"] in FAMILY):
                graph.add_edge(row["from"], row["to"])
    expected = {frozenset(group) for group in nx.connected_components(graph)}
    assert {frozenset(group) for group in family_groups(publish_tables(generated), day)} == expected
    assert len(expected) > 100
