"""One step out through the graph as it was known on a day: which links leave these nodes, and what stands at their ends.

`network.py` walks with it; nothing else should need it. Three rules live here and nowhere else: the as-at rule
(design.md section 1), the hub cap, and that a protected address is neither given nor passed through. A protected place
is a protected `Address`, any address somebody lives at as in a refuge, and any agency that is a refuge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from lastseen.graph.naming import commonest
from lastseen.graph.rows import RowNames
from lastseen.graph.schema import AGENCY_KINDS, CONTACT_KINDS, EDGES, SAYS, SEEN, EdgeType
from lastseen.graph.store import Store

TYPES = ("Person", "Address", "Agency", "Professional", "Contact")
"""The labels a network is made of, in the order in which they are kept where a limit bites."""

FOLDED = "CONTACT"
"""The line from a person to an agency that stands for all contacts between them, where contacts are not drawn one by one."""

ROWS = 20_000
"""Most rows one query of a step gives; beyond it the walk says that it was cut."""

LOOK_UPS = 50
"""Up to so many ids Ladybug looks each up on its own (0.7 ms); a list of ids makes it scan the label (45 ms for 300,000)."""


@dataclass(frozen=True)
class Link:
    """One claim, or one line of a contact: type, the ids of both ends, its key with the type before it, its own properties."""

    type: str
    start: str
    end: str
    key: str
    props: dict[str, Any]


@dataclass(frozen=True)
class _Group:
    """Edge types that leave one label in one direction under one dating rule, so that one query asks for them all."""

    out: bool
    dating: str
    edges: tuple[EdgeType, ...]

    def far(self, name: str) -> str:
        return EDGES[name].end if self.out else EDGES[name].start


def _groups(label: str, types: Sequence[str]) -> list[_Group]:
    found: dict[tuple[bool, str], list[EdgeType]] = {}
    for edge in EDGES.values():
        if edge.start in types and edge.end in types:
            if edge.start == label:
                found.setdefault((True, edge.dating), []).append(edge)
            if edge.end == label:
                found.setdefault((False, edge.dating), []).append(edge)
    return [_Group(out, dating, tuple(edges)) for (out, dating), edges in found.items()]


def stands(name: str, dating: str) -> str:
    """Cypher: was this known, not withdrawn and begun on $day? (An end is shown, not hidden.)"""
    begun = f"({name}.valid_from IS NULL OR {name}.valid_from <= $day)" if dating == "claim" else f"{name}.occurred_on <= $day"
    return f"{name}.known_on <= $day AND ({name}.withdrawn_on IS NULL OR {name}.withdrawn_on > $day) AND {begun}"


@dataclass
class Reach:
    """Steps through `store` as at `day` among `types`; without 'Contact' in them contacts are folded into lines.

    `protected` and `cut` gather what was met on the way: ids of protected places (never to be shown, only counted), and
    whether a query gave more than `ROWS` rows.
    """

    store: Store
    day: date
    types: tuple[str, ...]
    protected: set[str] = field(default_factory=set)
    cut: bool = False

    @cached_property
    def rows(self) -> RowNames:
        """What tells the rows of claims and contacts in words."""
        return RowNames.of(self.store)

    def links(self, label: str, ids: Iterable[str]) -> list[Link]:
        """Every link between one of these nodes of `label` and anything of the chosen types, either direction."""
        wanted = sorted(ids)
        links: list[Link] = []
        for group in _groups(label, self.types):
            columns = list(dict.fromkeys(c for e in group.edges for c in (*SAYS[e.dating], *e.props) if c != "withdrawn_on"))
            values_of = {column: f"e.{column}" for column in columns}
            kind = "label(e)" if self.store.dialect == "ladybug" else "type(e)"
            arrow = "-[e:{}]->" if group.out else "<-[e:{}]-"
            where = {"claim": stands("e", "claim"), "event": stands("e", "event"), "none": ""}[group.dating]
            far = ""
            if group.dating == "none":  # such an edge stands as its contact does, by the same row
                contact = "a" if group.out else "b"
                values_of |= {"source": f"{contact}.source", "row": f"{contact}.row"}
                far, where = ("", "") if group.out else (":Contact", stands("b", "event"))
            text = (
                f"MATCH (a:{label}){arrow.format('|'.join(e.name for e in group.edges))}(b{far}) WHERE {{ids}}"
                + (f" AND {where}" if where else "")
                + f" RETURN {kind}, a.id, b.id, e.key"
                + "".join(f", {value}" for value in values_of.values())
            )
            for name, near, other, key, *values in self._ask(text, label, wanted, dated="$day" in text):
                props = {c: v for c, v in zip(values_of, values, strict=True) if v is not None}
                if "row" in props:
                    props["row"] = self.rows.text(props["row"])
                start, end = (near, other) if group.out else (other, near)
                links.append(Link(name, start, end, f"{name}|{key}", props))
        if "Contact" not in self.types and label in ("Person", "Agency"):
            links += self._folded(label, wanted)
        return links

    def _folded(self, label: str, ids: list[str]) -> list[Link]:
        if "Agency" not in self.types or "Person" not in self.types:
            return []
        if label == "Person":
            match = (
                f"MATCH (k:Contact)-[e:ABOUT]->(p:Person) WHERE {{ids}} AND {stands('e', 'event')} WITH k, e, p "
                "MATCH (k)-[:MADE_BY]->(g:Agency)"
            )
        else:
            match = (
                f"MATCH (k:Contact)-[:MADE_BY]->(g:Agency) WHERE {{ids}} AND {stands('k', 'event')} WITH k, g "
                f"MATCH (k)-[e:ABOUT]->(p:Person) WHERE {stands('e', 'event')}"
            )
        text = (
            f"{match} RETURN p.id, g.id, count(*), max(e.level), max(e.occurred_on), "
            f"max(CASE WHEN e.level >= {SEEN} THEN e.occurred_on END), count(CASE WHEN e.kind = 'claim' THEN 1 END)"
        )
        links = []
        for person, agency, contacts, level, last_on, seen_on, claims in self._ask(
            text, label, ids, dated=True, near="p" if label == "Person" else "g"
        ):
            props = {"contacts": contacts, "claims": claims, "level": level, "last_contact": last_on, "last_seen": seen_on}
            key = f"{FOLDED}|{person}|{agency}"
            links.append(Link(FOLDED, person, agency, key, {c: v for c, v in props.items() if v is not None}))
        return links

    def nodes(self, label: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What to say of these nodes, by id; a protected place, and a contact not known on the day, is not among them."""
        found = getattr(self, f"_{label.lower()}")(sorted(ids))
        return {i: {key: value for key, value in props.items() if value is not None} for i, props in found.items()}

    def _person(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        text = (
            "MATCH (a:Person) WHERE {ids} RETURN a.id, a.born_on, a.born_precision, a.born_known_on, a.expected_on, "
            "a.died_on, a.died_known_on, a.age_known_on, a.child_from, a.child_until, a.first_known_on"
        )
        names = self._names(ids)
        people = {}
        for i, born, precision, born_known, expected, died, died_known, age_known, child_from, until, first in self._ask(
            text, "Person", ids
        ):
            told_born = born if _by(born_known, self.day) else None
            told_died = died if _by(died_known, self.day) else None
            child = _by(child_from, self.day) and (until is None or until > self.day)
            if told_died:
                kind = "died"
            elif child:
                kind = "unborn" if expected and not told_born else "child"
            else:
                kind = "adult" if _by(age_known, self.day) else "age unknown"
            people[i] = {
                "name": names.get(i, "name not known"), "kind": kind, "born_on": told_born,
                "born_precision": precision if told_born else None, "died_on": told_died, "first_known_on": first,
            }
        return people

    def _names(self, ids: list[str]) -> dict[str, str]:
        """Names as records known by the day write them."""
        text = (
            "MATCH (a:Person)<-[:IDENTIFIES]-(r:Record) WHERE {ids} AND r.known_on <= $day "
            "AND (r.withdrawn_on IS NULL OR r.withdrawn_on > $day) RETURN a.id, r.id, r.source, r.name, r.name_key"
        )
        said: dict[str, list[dict[str, Any]]] = {}
        for person, *written in self._ask(text, "Person", ids, dated=True):
            said.setdefault(person, []).append(dict(zip(("record", "source", "name", "key"), written, strict=True)))
        return {person: name for person, records in said.items() if (name := commonest(records))}

    def _address(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        refuges = "MATCH (a:Address)<-[e:LIVES_AT]-(:Person) WHERE {ids} AND e.kind = 'refuge' RETURN DISTINCT a.id"
        self.protected |= {i for (i,) in self._ask(refuges, "Address", ids)}
        text = "MATCH (a:Address) WHERE {ids} RETURN a.id, a.kind, a.line, a.postcode, a.area, a.in_area, a.protected"
        places = {}
        for i, kind, line, postcode, area, in_area, protected in self._ask(text, "Address", ids):
            if protected or i in self.protected:
                self.protected.add(i)
                continue
            told = {"no_fixed_abode": "no fixed abode", "not_known": "address not known", "area": area or "area not named"}
            name = told.get(kind) or ", ".join(part for part in (line, postcode) if part) or "address without text"
            places[i] = {"name": name, "kind": kind, "area": area, "in_area": in_area}
        return places

    def _agency(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        agencies = {}
        for i, kind, code, name, area in self._ask(
            "MATCH (a:Agency) WHERE {ids} RETURN a.id, a.kind, a.code, a.name, a.area", "Agency", ids
        ):
            if kind == "refuge":
                self.protected.add(i)
                continue
            told = name or " ".join(part for part in (AGENCY_KINDS.get(kind, kind or "agency"), code) if part)
            agencies[i] = {"name": told, "kind": kind, "code": code, "area": area}
        return agencies

    def _professional(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._ask("MATCH (a:Professional) WHERE {ids} RETURN a.id, a.name, a.role", "Professional", ids)
        return {i: {"name": name or role or "worker without a name", "kind": role} for i, name, role in rows}

    def _contact(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        text = (
            f"MATCH (a:Contact) WHERE {{ids}} AND {stands('a', 'event')} "
            "RETURN a.id, a.kind, a.occurred_on, a.known_on, a.outcome, a.reported_by, a.source, a.row"
        )
        contacts = {}
        for i, kind, occurred, known, outcome, reported, source, row in self._ask(text, "Contact", ids, dated=True):
            label = CONTACT_KINDS[kind].label if kind in CONTACT_KINDS else str(kind)
            contacts[i] = {
                "name": f"{label}, {occurred.isoformat()}", "kind": kind, "occurred_on": occurred, "known_on": known,
                "outcome": outcome, "reported_by": reported, "source": source, "row": self.rows.told(row),
            }
        return contacts

    def hubs(self, label: str, ids: Iterable[str], cap: int) -> dict[str, int]:
        """Those of these nodes tied to more than `cap` people (or twenty times as many contacts), with that number."""
        wanted = sorted(ids)
        if label in ("Person", "Contact") or not wanted:
            return {}
        claims = [e.name for e in EDGES.values() if e.end == label and e.start == "Person"]
        events = [e.name for e in EDGES.values() if e.end == label and e.start == "Contact"]
        people = self._ask(
            f"MATCH (a:{label})<-[e:{'|'.join(claims)}]-(p:Person) WHERE {{ids}} AND {stands('e', 'claim')} "
            "RETURN a.id, count(DISTINCT p.id)", label, wanted, dated=True,
        )
        contacts = self._ask(
            f"MATCH (a:{label})<-[:{'|'.join(events)}]-(k:Contact) WHERE {{ids}} AND {stands('k', 'event')} "
            "RETURN a.id, count(*)", label, wanted, dated=True,
        )
        met = {i: number for i, number in contacts if number > 20 * cap}
        return met | {i: number for i, number in people if number > cap}

    def _ask(self, text: str, label: str, ids: list[str], dated: bool = False, near: str = "a") -> Iterator[tuple[Any, ...]]:
        """Run a text once for all ids, or once an id where that is faster."""
        day = {"day": self.day} if dated else {}
        if self.store.dialect == "ladybug" and (len(ids) <= LOOK_UPS or label == "Contact"):
            calls: list[tuple[str, dict[str, Any]]] = [(f"{near}.id = $one", {"one": i}) for i in ids]
        else:
            calls = [(f"{near}.id IN $ids", {"ids": ids})] if ids else []
        for where, parameters in calls:
            answer = self.store.run(text.replace("{ids}", where), {**parameters, **day}, limit=ROWS)
            self.cut = self.cut or answer.truncated
            yield from answer.rows


def _by(day: date | None, as_at: date) -> bool:
    """Known by then? A date that no source gives was never known."""
    return day is not None and day <= as_at
