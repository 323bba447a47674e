"""Networks over a small hand-made town, on both engines: what is near, what is hidden, what connects two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.errors import Refused
from lastseen.graph.exports import as_json, edge_rows, graphml, node_rows
from lastseen.graph.network import connection, family_groups, neighbourhood
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Store

DAY = date(2018, 7, 20)
OLD = date(2010, 1, 1)


class Town:
    """Graph tables written by hand: `node` and `edge` take what matters, the rest is null."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*NODES, *EDGES)}

    def node(self, label: str, id: str, **props: Any) -> None:
        self.rows[label].append({"id": id, **props})

    def person(self, id: str, name: str, child: bool = False, known: date = OLD, **props: Any) -> None:
        born = date(2012, 6, 11) if child else date(1980, 1, 1)
        dates = {"born_on": born, "born_known_on": known, "age_known_on": known, "first_known_on": known}
        if child:
            dates |= {"child_from": known, "child_until": date(2030, 6, 11)}
        self.node("Person", id, **(dates | props))
        self.node("Record", f"r:{id}", source="gp_list", name=name, known_on=known)
        self.edge("IDENTIFIES", f"r:{id}", id)

    def edge(self, type_: str, start: str, end: str, known: date = OLD, **props: Any) -> None:
        own = EDGES[type_].columns
        if "known_on" in own:
            props = {"known_on": known, **props}
        if "valid_from" in own:
            props = {"valid_from": known, **props}
        if "occurred_on" in own:
            props = {"occurred_on": known, **props}
        source = props.pop("source", "gp_list")
        key = f"{type_}|{start}|{end}|{source}|{len(self.rows[type_])}"
        self.rows[type_].append({"from": start, "to": end, "key": key, "source": source, "row": "1:a.csv:2", **props})

    def contact(self, id: str, agency: str, about: dict[str, int | None], on: date, kind: str = "visit", **props: Any) -> None:
        self.node("Contact", id, kind=kind, occurred_on=on, known_on=on, source="health_visiting", row="2:b.csv:3", **props)
        self.edge("MADE_BY", id, agency)
        for person, level in about.items():
            self.edge("ABOUT", id, person, known=on, level=level, kind=kind, role="subject", source="health_visiting")

def larch() -> Town:
    town = Town()
    town.person("c3", "Tam Marlowe", child=True)
    town.person("c2", "Freya Marlowe", child=True)
    town.person("a1", "Joanne Tennant")
    town.person("a2", "Craig Marlowe")
    town.person("g1", "Nan Tennant")
    town.person("z1", "Zoe Far")
    for child in ("c2", "c3"):
        town.edge("PARENT_OF", "a1", child, kind="birth")
    town.edge("PARENT_OF", "g1", "a1", kind="birth")
    town.edge("PARTNER_OF", "a1", "a2", valid_to=date(2014, 7, 11), end_known_on=date(2014, 8, 10))
    town.node("Address", "h1", kind="property", line="4 Larch Court", postcode="AL1 2BC", protected=False)
    town.node("Address", "refuge", kind="property", protected=True)
    town.node("Address", "x1", kind="area", area="Port Carrow", protected=False)
    town.node("Agency", "gp:P1", kind="gp", name="Aldermere Surgery")
    town.node("Agency", "hv:1", kind="health_visiting", name="Aldermere health visitors")
    town.node("Agency", "ref:1", kind="refuge", name="Secret House")
    for person in ("a1", "c2", "c3"):
        town.edge("LIVES_AT", person, "h1", basis="registered", kind="home")
        town.edge("LIVES_AT", person, "refuge", basis="registered", kind="refuge", source="refuge")
    town.edge("LIVES_AT", "z1", "refuge", basis="registered", kind="refuge", source="refuge")
    town.edge("INVOLVED_WITH", "z1", "ref:1", status="early_help")
    town.edge("INVOLVED_WITH", "a1", "ref:1", status="early_help")
    town.edge("LIVES_AT", "c3", "x1", known=date(2017, 11, 1), basis="claimed", kind="home", source="missing_education")
    town.edge("REGISTERED_WITH", "c3", "gp:P1", register="gp")
    town.contact("k1", "hv:1", {"c3": 4, "a1": None}, date(2013, 1, 5))
    town.contact("k2", "hv:1", {"c3": 0}, date(2016, 12, 1))
    return town


@pytest.fixture
def publish(
    publish_tables: Callable[[GraphTables], Store], graph_tables: Callable[[dict[str, list[dict[str, Any]]]], GraphTables]
) -> Callable[[Town], Store]:
    return lambda town: publish_tables(graph_tables(town.rows))


@pytest.fixture
def store(publish: Callable[[Town], Store]) -> Store:
    return publish(larch())


def names(found: Any) -> set[str]:
    return {props["name"] for _, props in found.graph.nodes(data=True)}


def test_one_step_is_what_touches_the_child_and_the_links_among_it(store: Store) -> None:
    found = neighbourhood(store, ["c3"], hops=1, as_at=DAY, node_types=["Person", "Address", "Agency"])
    assert names(found) == {
        "Tam Marlowe", "Joanne Tennant", "4 Larch Court, AL1 2BC", "Port Carrow", "Aldermere Surgery",
        "Aldermere health visitors",
    }
    among = {(a, b) for a, b, e in found.graph.edges(data=True) if e["type"] == "LIVES_AT"}
    assert among == {("c3", "h1"), ("a1", "h1"), ("c3", "x1")}


def test_a_protected_place_is_counted_and_never_in_the_graph_nor_passed_through(store: Store) -> None:
    found = neighbourhood(store, ["c3"], hops=6, limit=500, as_at=DAY)
    assert not {"refuge", "ref:1", "z1"} & set(found.graph)
    assert found.protected == 2
    everything = " ".join((as_json(found), graphml(found), *found.told()))
    assert "Secret" not in everything
    assert "refuge" not in everything
    assert connection(store, "c3", "z1", DAY).paths == []


def test_a_protected_place_cannot_be_asked_for(store: Store) -> None:
    for hidden in ("refuge", "ref:1", "nobody at all"):
        with pytest.raises(Refused) as refusal:
            neighbourhood(store, [hidden], as_at=DAY)
        assert hidden not in str(refusal.value)


def test_contacts_fold_into_one_line_an_agency_unless_they_are_asked_for(store: Store) -> None:
    folded = neighbourhood(store, ["c3"], hops=1, as_at=DAY, node_types=["Person", "Agency"])
    (line,) = [e for a, b, e in folded.graph.edges(data=True) if (a, b) == ("c3", "hv:1")]
    assert (line["contacts"], line["last_contact"], line["last_seen"], line["evidence"]) == (
        2, date(2016, 12, 1), date(2013, 1, 5), "seen"
    )
    whole = neighbourhood(store, ["c3"], hops=2, as_at=DAY)
    assert {"k1", "k2"} < set(whole.graph)
    assert whole.graph.edges["k2", "c3", next(iter(whole.graph["k2"]["c3"]))]["evidence"] == "contact"


def test_what_was_known_only_later_is_not_there(store: Store) -> None:
    before = neighbourhood(store, ["c3"], hops=1, as_at=date(2017, 10, 31))
    assert "Port Carrow" not in names(before)
    assert "Port Carrow" in names(neighbourhood(store, ["c3"], hops=1, as_at=date(2017, 11, 1)))


def test_an_end_counts_only_once_somebody_knew_of_it(store: Store) -> None:
    def partners(day: date) -> dict[str, Any]:
        graph = neighbourhood(store, ["a1"], hops=1, as_at=day).graph
        return next(iter(graph["a1"]["a2"].values()))

    unknown = partners(date(2014, 8, 1))
    assert unknown["open"] is True
    assert "valid_to" not in unknown
    assert partners(date(2014, 8, 10))["open"] is False


def test_somebody_not_yet_known_is_refused_and_a_record_opens_its_person(store: Store) -> None:
    with pytest.raises(Refused, match="not yet known"):
        neighbourhood(store, ["c3"], as_at=date(2009, 12, 31))
    assert neighbourhood(store, ["r:c3"], as_at=DAY).roots == ["c3"]


def test_the_limit_drops_the_farthest_first_and_says_so(store: Store) -> None:
    found = neighbourhood(store, ["c3"], hops=3, limit=4, as_at=DAY)
    assert len(found.graph) == 4
    assert "a1" in found.graph
    assert "g1" not in found.graph
    assert found.left_out > 0
    assert "left out" in found.told()[0]


def test_a_hub_is_shown_but_not_passed_through(publish: Callable[[Town], Store]) -> None:
    town = larch()
    for number in range(12):
        town.person(f"s{number}", f"Stranger {number}")
        town.edge("REGISTERED_WITH", f"s{number}", "gp:P1", register="gp")
    store = publish(town)
    found = neighbourhood(store, ["c3"], hops=3, limit=500, as_at=DAY, hub=10)
    assert "gp:P1" in found.graph
    assert "s1" not in found.graph
    assert found.hubs == {"gp:P1": 13}
    assert "Aldermere Surgery (13)" in " ".join(found.told())
    assert "s1" in neighbourhood(store, ["c3"], hops=3, limit=500, as_at=DAY, hub=13).graph
    assert connection(store, "c3", "s1", DAY, hub=10).paths == []
    assert len(connection(store, "c3", "s1", DAY, hub=13).paths) == 1


def test_the_shortest_connection_is_told_step_by_step(store: Store) -> None:
    (path,) = connection(store, "c3", "g1", DAY).paths
    assert [(s.start_name, s.type, s.forward, s.end_name, s.relation) for s in path] == [
        ("Tam Marlowe", "PARENT_OF", False, "Joanne Tennant", "birth"),
        ("Joanne Tennant", "PARENT_OF", False, "Nan Tennant", "birth"),
    ]
    assert path[0].source == "gp_list"
    assert path[0].since == OLD


def test_every_shortest_connection_is_given_and_agencies_can_be_left_out(publish: Callable[[Town], Store]) -> None:
    town = larch()
    town.person("p1", "Fellow Patient")
    town.edge("REGISTERED_WITH", "p1", "gp:P1", register="gp")
    store = publish(town)
    both = connection(store, "c3", "c2", DAY)
    assert [[step.end for step in path] for path in both.paths] == [["a1", "c2"], ["h1", "c2"]]
    assert [[step.end for step in path] for path in connection(store, "c3", "p1", DAY).paths] == [["gp:P1", "p1"]]
    assert connection(store, "c3", "p1", DAY, agencies=False).paths == []
    assert connection(store, "a2", "c3", DAY, max_hops=1).paths == []


def test_nobody_is_connected_to_themselves(store: Store) -> None:
    with pytest.raises(Refused, match="same person"):
        connection(store, "c3", "r:c3", DAY)


def test_families_are_people_tied_by_family_relations_as_known_then(publish: Callable[[Town], Store]) -> None:
    town = larch()
    town.person("n1", "Neighbour")
    town.edge("RELATED_TO", "n1", "a1", relation="knows")
    town.edge("RELATED_TO", "z1", "c2", relation="aunt_uncle", known=date(2018, 1, 1))
    store = publish(town)
    assert family_groups(store, DAY) == [["a1", "a2", "c2", "c3", "g1", "z1"]]
    assert family_groups(store, date(2017, 12, 31)) == [["a1", "a2", "c2", "c3", "g1"]]


def test_the_twin_tables_say_as_much_as_the_graph(store: Store) -> None:
    found = neighbourhood(store, ["c3"], hops=2, as_at=DAY)
    assert len(node_rows(found)) == found.graph.number_of_nodes()
    assert len(edge_rows(found)) == found.graph.number_of_edges()
    claimed = [row for row in edge_rows(found) if row["to"] == "Port Carrow"]
    assert [(row["what"], row["evidence"], row["source"]) for row in claimed] == [
        ("lives at (claimed)", "claimed", "missing_education")
    ]


def test_graphml_and_json_carry_dates_as_text_and_nothing_null(store: Store, tmp_path: Path) -> None:
    import json

    import networkx as nx

    found = neighbourhood(store, ["c3"], hops=2, as_at=DAY)
    file = tmp_path / "network.graphml"
    file.write_text(graphml(found), encoding="utf-8")
    again = nx.read_graphml(file, force_multigraph=True)
    assert again.number_of_edges() == found.graph.number_of_edges()
    assert again.nodes["c3"]["born_on"] == "2012-06-11"
    told = json.loads(as_json(found))
    assert len(told["edges"]) == found.graph.number_of_edges()
    assert all(value is not None for edge in told["edges"] for value in edge.values())
