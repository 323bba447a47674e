"""Networks round people, as they were known on a day: what is near, how two people are connected, which families there are.

All three walk breadth first with one question a label and step (`reach.py`), so they answer alike on both engines. What
is left out is always told: nodes beyond the limit, hubs not passed through, protected places (counted, never named).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise
from typing import Any

import networkx as nx

from lastseen.graph.errors import Refused
from lastseen.graph.reach import FOLDED, TYPES, Link, Reach, stands
from lastseen.graph.schema import EDGES, SEEN
from lastseen.graph.store import Store

HUB = 40
"""An agency, worker or place tied to more people than this is shown, but not passed through: it connects strangers."""

WIDEST = 20_000
"""Most nodes a search for a connection looks at."""

FAMILY = ("carer", "sibling", "grandparent", "aunt_uncle", "family_group")
"""The stated relations that make a family; living together or knowing each other does not."""


@dataclass(frozen=True)
class Neighbourhood:
    """What stands round `roots` as at a day.

    `graph` is a `networkx.MultiDiGraph`, one edge a claim with its type and key as edge key. A node carries `type`, `name`,
    `kind`, `hop` and its other facts; an edge `type`, `source`, `row`, its dates (`date`), `open` and `evidence` (`seen`,
    `contact`, `claimed` or `stated`). Nothing is None: what a source does not say is absent.
    """

    graph: nx.MultiDiGraph
    roots: list[str]
    as_at: date
    hops: int
    left_out: int = 0
    """Nodes found but dropped because of the limit, farthest first; steps beyond them were not walked."""
    protected: int = 0
    """Protected places met, which are not in the graph."""
    hubs: dict[str, int] = field(default_factory=dict)
    """Agencies, workers and places not passed through, with how many people (or contacts) are tied to each."""
    cut: bool = False
    """A single question gave more rows than are read, so there is more than `left_out` says."""

    def told(self) -> list[str]:
        """What this network does not show, in sentences."""
        said = []
        if self.left_out:
            said.append(f"{self.left_out} or more others are left out, the farthest first. Ask for fewer steps or kinds.")
        if self.protected:
            places = "1 protected place is" if self.protected == 1 else f"{self.protected} protected places are"
            said.append(f"{places} not shown and not passed through. Ask the named lead.")
        if self.hubs:
            names = ", ".join(f"{self.graph.nodes[i]['name']} ({n})" for i, n in sorted(self.hubs.items()) if i in self.graph)
            said.append(f"Not passed through, because too many people are tied to it: {names}.")
        if self.cut:
            said.append("More was found than can be read at once, so this network is not whole.")
        return said


@dataclass(frozen=True)
class Step:
    """One step of a connection, in the direction walked; `forward` says whether the claim points that way."""

    start: str
    start_name: str
    type: str
    forward: bool
    end: str
    end_name: str
    end_type: str
    source: str | None
    row: str | None
    since: date | None
    until: date | None
    relation: str | None


@dataclass(frozen=True)
class Connection:
    """Every shortest path between two nodes (`paths`, at most 25), or none within `max_hops`."""

    paths: list[list[Step]]
    as_at: date
    max_hops: int
    protected: int = 0
    hubs: int = 0
    cut: bool = False


def neighbourhood(
    store: Store,
    ids: Sequence[str],
    hops: int = 2,
    limit: int = 60,
    as_at: date | None = None,
    node_types: Iterable[str] | None = None,
    hub: int = HUB,
) -> Neighbourhood:
    """Everything within `hops` steps (1 to 6, either direction) of the nodes `ids`, known by `as_at` (default: today).

    `node_types` are labels of `reach.TYPES` to show and walk through (default: all of them; persons asked for always
    stay). Without 'Contact' all contacts between a person and an agency become one edge of type CONTACT. At most
    `limit` nodes are kept, nearest first. A record id stands for its person. Raises Refused for an id that is unknown,
    protected or not yet known on that day, naming its position in `ids`, not the id.
    """
    if not 1 <= hops <= 6:
        raise Refused(f"A network of {hops} steps can't be drawn.", "Ask for 1 to 6 steps.")
    day = as_at or date.today()
    reach = Reach(store, day, _types(node_types))
    roots = _roots(reach, ids)
    kept: dict[str, dict[str, Any]] = {i: {"hop": 0, **props} for i, props in roots.items()}
    links: dict[str, Link] = {}
    hubs: dict[str, int] = {}
    left_out: set[str] = set()
    walked: set[str] = set()
    for hop in range(1, hops + 2):  # the last round finds links among what is kept, and nothing new
        edge_of_it = [i for i in kept if i not in walked]
        walked |= set(edge_of_it)
        found: dict[str, set[str]] = {}
        for label, some in _by_label(edge_of_it, kept).items():
            if hop > 1:
                met = reach.hubs(label, some, hub)
                hubs |= met if hop <= hops else {}
                some = [i for i in some if i not in met]
            for link in reach.links(label, some):
                links[link.key] = link
                for end, kind in zip((link.start, link.end), _ends(link), strict=True):
                    if end not in kept and hop <= hops:
                        found.setdefault(kind, set()).add(end)
        new = {i: {"hop": hop, **props} for i, props in _nodes(reach, found).items()}
        room = max(0, limit - len(kept))
        ordered = sorted(new, key=lambda i: _nearness(i, new[i]))
        kept |= {i: new[i] for i in ordered[:room]}
        left_out |= set(ordered[room:])
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(kept.items())
    for link in sorted(links.values(), key=lambda one: one.key):
        if link.start in kept and link.end in kept:
            graph.add_edge(link.start, link.end, key=link.key, **_claim(link, day, kept))
    hubs = {i: n for i, n in hubs.items() if i in kept}
    return Neighbourhood(graph, list(roots), day, hops, len(left_out), len(reach.protected), hubs, reach.cut)


def connection(
    store: Store, a: str, b: str, as_at: date | None = None, max_hops: int = 6, agencies: bool = True, hub: int = HUB
) -> Connection:
    """Every shortest chain of claims and contacts between two nodes, known by `as_at`.

    `agencies=False` leaves out agencies and their workers. Never passes through a hub or a protected place. Raises
    Refused as `neighbourhood` does, and when both ends are one.
    """
    day = as_at or date.today()
    reach = Reach(store, day, TYPES if agencies else tuple(t for t in TYPES if t not in ("Agency", "Professional")))
    ends = _roots(reach, [a, b])
    if len(ends) < 2:
        raise Refused("Both ends are the same person.", "Name two different people.")
    sides = [{i: 0} for i in ends]
    fronts = [{i: props} for i, props in ends.items()]
    known = dict(ends)
    links: dict[str, Link] = {}
    hubs: set[str] = set()
    for _ in range(max_hops):
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        found: dict[str, set[str]] = {}
        for label, some in _by_label(fronts[side], known).items():
            for link in reach.links(label, some):
                links[link.key] = link
                for end, kind in zip((link.start, link.end), _ends(link), strict=True):
                    if end not in sides[side]:
                        found.setdefault(kind, set()).add(end)
        met = {i for kind, some in found.items() for i in reach.hubs(kind, some, hub)} - set(ends)
        hubs |= met
        fronts[side] = _nodes(reach, {kind: some - met for kind, some in found.items()})
        depth = max(sides[side].values()) + 1
        sides[side] |= dict.fromkeys(fronts[side], depth)
        known |= fronts[side]
        if sides[0].keys() & sides[1].keys() or not fronts[side]:
            break
        if len(known) > WIDEST:
            reach.cut = True
            break
    paths = _paths(links, known, list(ends)) if sides[0].keys() & sides[1].keys() else []
    return Connection(paths, day, max_hops, len(reach.protected), len(hubs), reach.cut)


def family_groups(store: Store, as_at: date | None = None) -> list[list[str]]:
    """Families known by `as_at`: person ids connected by parent, partner or stated family relations, the largest first."""
    day = as_at or date.today()
    graph = nx.Graph()
    claim = stands("e", "claim")
    for kind, where, parameters in (
        ("PARENT_OF", "", {}), ("PARTNER_OF", "", {}), ("RELATED_TO", " AND e.relation IN $family", {"family": list(FAMILY)})
    ):
        text = f"MATCH (a:Person)-[e:{kind}]->(b:Person) WHERE {claim}{where} RETURN DISTINCT a.id, b.id"
        graph.add_edges_from(store.run(text, {"day": day, **parameters}).rows)
    return sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda g: (-len(g), g[0]))


def _types(node_types: Iterable[str] | None) -> tuple[str, ...]:
    if node_types is None:
        return TYPES
    wanted = set(node_types)
    if unknown := sorted(wanted - set(TYPES)):
        raise Refused(f"There is no kind of node named {', '.join(unknown)}.", f"Choose among {', '.join(TYPES)}.")
    return tuple(t for t in TYPES if t in wanted or t == "Person")


def _roots(reach: Reach, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The nodes asked for, by id. A protected place is refused like an unknown one."""
    roots: dict[str, dict[str, Any]] = {}
    for position, one in enumerate(ids, 1):
        person = reach.store.run(
            "MATCH (r:Record)-[:IDENTIFIES]->(p:Person) WHERE r.id = $one RETURN p.id", {"one": one}, limit=1
        ).rows
        for label in TYPES:
            wanted = person[0][0] if person and label == "Person" else one
            if found := reach.nodes(label, [wanted]):
                first = found[wanted].get("first_known_on")
                if first and first > reach.day:
                    raise Refused(f"Person {position} was not yet known on {reach.day.isoformat()}.", "Choose a later day.")
                roots[wanted] = {"type": label, **found[wanted]}
                break
        else:
            raise Refused(f"Id {position} of those asked for is not in the graph.", "Find the person and use the id shown.")
    return roots


def _nodes(reach: Reach, found: dict[str, set[str]]) -> dict[str, dict[str, Any]]:
    return {i: {"type": kind, **props} for kind, some in found.items() for i, props in reach.nodes(kind, some).items()}


def _by_label(ids: Iterable[str], nodes: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for i in ids:
        labels.setdefault(nodes[i]["type"], []).append(i)
    return labels


def _ends(link: Link) -> tuple[str, str]:
    return (EDGES[link.type].start, EDGES[link.type].end) if link.type in EDGES else ("Person", "Agency")


def _nearness(i: str, props: dict[str, Any]) -> tuple[int, int, str]:
    """Order within a step: people, places, agencies, workers, then contacts from the newest."""
    happened = props.get("occurred_on")
    return TYPES.index(props["type"]), -happened.toordinal() if happened else 0, i


def _claim(link: Link, day: date, nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """An edge's properties: the claim's own, whether it still stands on the day, and what kind of evidence it is."""
    ended = link.props.get("valid_to")
    end_known = link.props.get("end_known_on")
    over = ended is not None and end_known is not None and ended <= day and end_known <= day
    props = dict(link.props)
    if not over:  # an end that nobody knew of on the day is no end
        if end_known is None or end_known > day:
            props.pop("valid_to", None)
            props.pop("end_reason", None)
        props.pop("end_known_on", None)
    return {"type": link.type, **props, "open": not over, "evidence": _evidence(link, nodes)}


def _evidence(link: Link, nodes: dict[str, dict[str, Any]]) -> str:
    """`seen` or `contact` is said of a child; that an adult was in contact is no more than stated."""
    props = link.props
    if link.type == "LIVES_AT":
        return "claimed" if props.get("basis") == "claimed" else "stated"
    if link.type not in ("ABOUT", FOLDED):
        return "stated"
    if (props.get("level") or 0) >= SEEN:
        return "seen"
    if props.get("claims", int(props.get("kind") == "claim")) == props.get("contacts", 1):
        return "claimed"
    person = nodes[link.end if link.type == "ABOUT" else link.start]
    return "contact" if person["kind"] in ("child", "unborn") else "stated"


def _paths(links: dict[str, Link], known: dict[str, dict[str, Any]], ends: list[str]) -> list[list[Step]]:
    plain: nx.Graph = nx.Graph()
    between: dict[frozenset[str], list[Link]] = {}
    for link in links.values():
        if link.start in known and link.end in known and link.start != link.end:
            plain.add_edge(link.start, link.end)
            between.setdefault(frozenset((link.start, link.end)), []).append(link)
    found = sorted(islice(nx.all_shortest_paths(plain, *ends), 25))
    return [
        [_step(x, y, min(between[frozenset((x, y))], key=lambda one: one.key), known) for x, y in pairwise(path)]
        for path in found
    ]


def _step(x: str, y: str, link: Link, known: dict[str, dict[str, Any]]) -> Step:
    props = link.props
    return Step(
        start=x, start_name=known[x]["name"], type=link.type, forward=link.start == x, end=y, end_name=known[y]["name"],
        end_type=known[y]["type"], source=props.get("source"), row=props.get("row"),
        since=props.get("valid_from") or props.get("occurred_on"), until=props.get("valid_to"),
        relation=props.get("relation") or props.get("kind") or props.get("register") or props.get("status"),
    )
