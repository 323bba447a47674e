"""The picture: offline, deaf to hostile names, the same every time, and never without its twin."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import networkx as nx
import pytest

from lastseen.graph.errors import Refused
from lastseen.graph.network import Neighbourhood
from lastseen.graph.picture import SHAPES, draw, plain

HOSTILE = "<img src=x onerror=window.pwned=1></script><script>window.pwned=2</script><a href=//evil.example>"
SCRIPTS = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)


def network(name: str = "Tam Marlowe", **more: Any) -> Neighbourhood:
    graph = nx.MultiDiGraph()
    graph.add_node("gp_list:943 000 0001", type="Person", name=name, kind="child", born_on=date(2012, 6, 11), hop=0)
    graph.add_node("a1", type="Person", name=name, kind="adult", hop=1)
    graph.add_node("h1", type="Address", name="4 Larch Court", kind="property", hop=1)
    graph.add_node("g1", type="Agency", name="Surgery", kind="gp", hop=1)
    claim = {"open": True, "source": name, "row": "1:a.csv:2", "valid_from": date(2012, 7, 1)}
    graph.add_edge("a1", "gp_list:943 000 0001", key="1", type="PARENT_OF", kind=name, evidence="stated", **claim)
    graph.add_edge("gp_list:943 000 0001", "h1", key="2", type="LIVES_AT", basis="claimed", evidence="claimed", **claim)
    graph.add_edge("gp_list:943 000 0001", "g1", key="3", type="CONTACT", contacts=2, evidence="contact", open=True,
                   last_contact=date(2014, 1, 1))
    graph.add_edge("a1", "h1", key="4", type="LIVES_AT", basis="registered", evidence="stated",
                   **(claim | {"open": False, "valid_to": date(2016, 5, 1)}))
    return Neighbourhood(graph, ["gp_list:943 000 0001"], date(2018, 7, 20), 1, **more)


def drawn(html: str, name: str) -> list[dict[str, Any]]:
    """What the page hands to the drawing: `nodes` or `edges`."""
    found = re.search(rf"{name} = new vis\.DataSet\((\[.*?\])\);", html)
    assert found
    rows: list[dict[str, Any]] = json.loads(found[1])
    return rows


def test_nothing_in_the_page_points_outside() -> None:
    html = draw(network(), "Network")
    page = SCRIPTS.sub("", html)
    assert "http:" not in page
    assert "https:" not in page
    assert not re.findall(r"<(?:link|script)\b[^>]*\b(?:href|src)=", html)
    assert "default-src 'none'" in html


def test_a_template_that_points_outside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyvis.network import Network

    whole = Network.generate_html
    outside = "<body><img src='https://elsewhere.example/x.png'>"
    monkeypatch.setattr(Network, "generate_html", lambda self: whole(self).replace("<body>", outside))
    with pytest.raises(Refused, match="another computer"):
        draw(network(), "Network")


def test_a_hostile_name_is_text_everywhere() -> None:
    html = draw(network(HOSTILE, hubs={"g1": 50}), HOSTILE)
    assert "<img" not in html
    assert "pwned=2</script>" not in html
    assert 'className = \'popup\'' not in html, "pyvis was led to show titles as HTML"
    for shown in (*drawn(html, "nodes"), *drawn(html, "edges")):
        assert "<" not in shown.get("label", "") + shown["title"]


def test_the_gate_takes_markup_and_invisible_characters_out_and_leaves_names_alone() -> None:
    assert plain("<b>Zoë O\u2019Brien-Şahin</b>\u202e\x00") == "‹b›Zoë O\u2019Brien-Şahin‹/b›"
    assert "href" not in plain("xHrefx").lower()


def test_the_same_network_is_the_same_picture_and_holds_no_ids() -> None:
    first, second = draw(network(), "Network"), draw(network(), "Network")
    assert first == second
    assert "943 000 0001" not in first
    assert all(node["physics"] is False and "x" in node and "y" in node for node in drawn(first, "nodes"))


def test_type_is_told_by_shape_and_evidence_by_line_style() -> None:
    html = draw(network(), "Network")
    assert [node["shape"] for node in drawn(html, "nodes")] == ["dot", "square", "triangle", "hexagon"]
    dashes = {edge["title"].split(" ")[0]: edge["dashes"] for edge in drawn(html, "edges") if not edge.get("label")}
    assert dashes["2"] == [9, 7]  # contacts without sight
    assert [edge["dashes"] for edge in drawn(html, "edges") if "claimed" in edge["title"]] == [[2, 6]]
    kinds = {"child", "adult", "Address", "Agency", "Professional", "Contact"}
    assert len({SHAPES[kind][0] for kind in kinds}) == len(kinds)


def test_an_ended_claim_says_when_on_its_line() -> None:
    assert "to 1 May 2016" in [edge.get("label") for edge in drawn(draw(network()), "edges")]


def test_the_legend_the_twin_tables_and_what_is_left_out_stand_beside_the_picture() -> None:
    html = SCRIPTS.sub("", draw(network(left_out=3, protected=1), "Network round a child"))
    assert "<title>Network round a child</title>" in html
    assert "contact, child not seen" in html
    assert "Who and what (4)" in html
    assert "Links (4)" in html
    assert "3 or more others are left out" in html
    assert "1 protected place is not shown" in html
    assert "Who and what" not in SCRIPTS.sub("", draw(network(), tables=False))
