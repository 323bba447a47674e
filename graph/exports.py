"""A network as tables (the twin that says everything the picture says), as GraphML and as JSON."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from typing import Any

import networkx as nx

from lastseen.graph.network import Neighbourhood

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

WORDS = {
    "PARENT_OF": "parent of", "PARTNER_OF": "partner of", "RELATED_TO": "related to", "LIVES_AT": "lives at",
    "REGISTERED_WITH": "registered with", "INVOLVED_WITH": "involved with", "FLAGGED_BY": "flagged by",
    "ALLOCATED_TO": "allocated to", "WORKS_FOR": "works for", "ABOUT": "about", "MADE_BY": "made by",
    "MADE_IN_PERSON_BY": "made in person by", "AT": "at", "CONTACT": "contact with",
}
"""Every kind of link, as read from its start to its end."""

EVIDENCE = {
    "seen": "seen in person", "contact": "contact, child not seen", "claimed": "claimed",
    "stated": "stated by a register or agency",
}


def printable(text: str) -> str:
    """Text without characters that can't be shown, reverse what follows, or are not allowed in XML."""
    return _UNPRINTABLE.sub("", text)


def says(edge: dict[str, Any]) -> str:
    """What a link says, in words, without its dates: "on the GP register", "12 contacts, last seen 3 May 2012"."""
    kind = edge["type"]
    if kind == "CONTACT":
        contacts = "1 contact" if edge["contacts"] == 1 else f"{edge['contacts']} contacts"
        unseen = "; not seen" if edge["evidence"] == "contact" else ""
        seen = f"; last seen {day(edge['last_seen'])}" if "last_seen" in edge else unseen
        return f"{contacts}, the last on {day(edge['last_contact'])}{seen}"
    own = {
        "PARENT_OF": edge.get("kind"), "RELATED_TO": edge.get("relation"), "LIVES_AT": edge.get("basis"),
        "REGISTERED_WITH": edge.get("register"), "INVOLVED_WITH": edge.get("status"), "FLAGGED_BY": edge.get("flag"),
        "ALLOCATED_TO": edge.get("role"), "ABOUT": edge.get("role"),
    }.get(kind)
    words = WORDS[kind]
    if kind == "ABOUT" and "level" in edge:
        own = f"{own or 'named'}, level {edge['level']}"
    return f"{words} ({str(own).replace('_', ' ')})" if own and own != "unknown" else words


def day(value: date) -> str:
    """'3 October 2009'."""
    return f"{value.day} {value:%B %Y}"


def node_rows(network: Neighbourhood) -> list[dict[str, Any]]:
    """One row a node: id, type, name, kind, born_on, steps (away from the start)."""
    return [
        {
            "id": i, "type": props["type"], "name": printable(props["name"]), "kind": props.get("kind"),
            "born_on": props.get("born_on"), "steps": props["hop"],
        }
        for i, props in network.graph.nodes(data=True)
    ]


def edge_rows(network: Neighbourhood) -> list[dict[str, Any]]:
    """One row a claim: from, what, to, since, until, open, evidence, source, row (ids in from_id, to_id)."""
    names = {i: printable(props["name"]) for i, props in network.graph.nodes(data=True)}
    return [
        {
            "from": names[start], "what": says(edge), "to": names[end],
            "since": edge.get("valid_from") or edge.get("occurred_on"), "until": edge.get("valid_to"),
            "open": edge["open"], "evidence": EVIDENCE[edge["evidence"]], "source": edge.get("source"), "row": edge.get("row"),
            "from_id": start, "to_id": end,
        }
        for start, end, edge in network.graph.edges(data=True)
    ]


def graphml(network: Neighbourhood) -> str:
    """GraphML text: dates as ISO text, absent values absent, so any reader takes it."""
    plain = nx.MultiDiGraph(as_at=network.as_at.isoformat(), left_out=network.left_out, protected=network.protected)
    for i, props in network.graph.nodes(data=True):
        plain.add_node(printable(i), **_simple(props))
    for start, end, key, props in network.graph.edges(keys=True, data=True):
        plain.add_edge(printable(start), printable(end), key=printable(key), **_simple(props))
    out = io.BytesIO()
    nx.write_graphml(plain, out, named_key_ids=False, edge_id_from_attribute=None)
    return out.getvalue().decode("utf-8")


def as_json(network: Neighbourhood) -> str:
    """JSON text: as_at, roots, hops, left_out, protected, told, nodes and edges with their own properties."""
    return json.dumps(
        {
            "as_at": network.as_at.isoformat(), "roots": network.roots, "hops": network.hops, "left_out": network.left_out,
            "protected": network.protected, "told": network.told(),
            "nodes": [{"id": i, **_simple(props)} for i, props in network.graph.nodes(data=True)],
            "edges": [
                {"from": start, "to": end, "key": key, **_simple(props)}
                for start, end, key, props in network.graph.edges(keys=True, data=True)
            ],
        },
        ensure_ascii=False, indent=1,
    )


def _simple(props: dict[str, Any]) -> dict[str, Any]:
    """Text, numbers and booleans only."""
    return {
        name: value.isoformat() if isinstance(value, date) else printable(value) if isinstance(value, str) else value
        for name, value in props.items() if value is not None
    }
