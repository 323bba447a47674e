"""The public POLE data set, from its zip to answers on both engines, against counts made independently (data's README) and
against the zip's own members read here with csv and networkx."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.network import connection, family_groups
from lastseen.graph.store import Store
from lastseen.loaders.demo import POLE_FILE
from lastseen.loaders.loading import load
from lastseen.queries.session import Session

AUGUST = date(2017, 8, 31)
ID, START, END = ":ID", ":START_ID", ":END_ID"


@pytest.fixture(scope="module")
def pole_zip(need: Callable[[object, str], None]) -> Path:
    shared = Path(os.environ.get("LASTSEEN_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
    need((shared / POLE_FILE).exists(), f"the public POLE data are not in {shared} (LASTSEEN_SHARED_DATA says where)")
    return shared / POLE_FILE


@pytest.fixture(scope="module")
def members(pole_zip: Path) -> Callable[[str], list[dict[str, str]]]:
    """`members("nodes.Person")`: a member's rows, read without any of our own code."""

    def read(name: str) -> list[dict[str, str]]:
        with zipfile.ZipFile(pole_zip) as archive:
            text = archive.read(f"crime-investigation.{name}.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    return read


@pytest.fixture(scope="module")
def workspace(pole_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace.open(tmp_path_factory.mktemp("pole"), create=True)
    report = load(made, "pole", [pole_zip])
    assert (report.rejected, report.read) == (0, report.kept)
    return made


@pytest.fixture(scope="module")
def store(workspace: Workspace, publish_tables: Callable[..., Store]) -> Store:
    build = workspace.current_build()
    assert build
    return publish_tables(build.tables)


@pytest.fixture(scope="module")
def ask(store: Store) -> Callable[..., list[tuple[Any, ...]]]:
    return lambda text, **parameters: store.run(text, parameters).rows


@pytest.fixture(scope="module")
def session(store: Store, workspace: Workspace) -> Session:
    return Session(store, workspace)


# --- counts -------------------------------------------------------------------------------------------------------


def test_every_row_of_the_thirteen_members_is_kept(workspace: Workspace) -> None:
    [loaded] = workspace.loads()
    assert (loaded.extract_date, loaded.rejected) == (AUGUST, 0)
    counts = {"people": 369, "places": 14904, "contacts": 28762, "workers": 1000, "residences": 368, "participants": 55}
    assert {table: loaded.tables[table] for table in counts} == counts
    assert loaded.tables["relations"] == 103 + 52 + 586 + 80 + 241 + 118


def test_nodes_and_edges_are_as_many_as_were_counted_independently(store: Store) -> None:
    held = store.counts()
    assert (held.nodes["Person"], held.nodes["Contact"], held.nodes["Professional"]) == (369, 28762, 1000)
    assert held.nodes["Address"] == 14904 - 13, "12 address and postcode pairs stand for 25 locations: each pair is one Address"
    assert (held.edges["PARENT_OF"], held.edges["LIVES_AT"], held.edges["ABOUT"]) == (103, 368, 55)
    assert (held.edges["AT"], held.edges["MADE_IN_PERSON_BY"]) == (28762, 28762)


def test_two_people_of_one_name_stay_two_and_one_person_has_neither_address_nor_number(ask: Callable[..., Any]) -> None:
    names = Counter(name for (name,) in ask("MATCH (r:Record)-[:IDENTIFIES]->(p:Person) RETURN r.name"))
    assert sorted(names.values())[-3:] == [1, 2, 2]
    bare = ask("""MATCH (r:Record)-[:IDENTIFIES]->(p:Person) OPTIONAL MATCH (p)-[l:LIVES_AT]->(:Address)
        WITH r, count(l) AS homes WHERE homes = 0 RETURN r.id, r.identifiers""")
    assert [(record, identifiers or None) for record, identifiers in bare] == [("pole:61533", None)]


def test_who_lives_where(ask: Callable[..., Any]) -> None:
    at: dict[str, set[str]] = {}
    for person, place in ask("MATCH (p:Person)-[:LIVES_AT]->(a:Address) RETURN p.id, a.id"):
        at.setdefault(place, set()).add(person)
    assert (len(at), sum(len(some) for some in at.values())) == (298, 368)
    assert sum(len(some) > 1 for some in at.values()) == 51
    assert max(len(some) for some in at.values()) == 5
    assert sum(len(list(combinations(some, 2))) for some in at.values()) == 93


def test_nobody_without_a_stated_parent_gets_one(ask: Callable[..., Any], members: Callable[..., Any]) -> None:
    family = members("relationships.FAMILY_REL")
    stated = {(f"pole:{row[START]}", f"pole:{row[END]}") for row in family if row["rel_type"] == "PARENT"}
    held = ask("MATCH (p:Person)-[:PARENT_OF]->(c:Person) RETURN p.id, c.id")
    assert (len(stated), set(held), len(held)) == (103, stated, 103)
    assert set(Counter(child for _, child in held).values()) == {1}, "each of the 103 children has exactly one recorded parent"
    homes = dict(ask("MATCH (p:Person)-[:LIVES_AT]->(a:Address) RETURN p.id, a.id"))
    assert sum(homes.get(parent) != homes.get(child) for parent, child in held) == 102


def test_acquaintances_and_people_who_live_together(ask: Callable[..., Any]) -> None:
    rows = ask("MATCH (a:Person)-[r:RELATED_TO]->(b:Person) RETURN a.id, b.id, r.relation")
    pairs: dict[str, set[frozenset[str]]] = {}
    for a, b, relation in rows:
        pairs.setdefault(relation, set()).add(frozenset((a, b)))
    assert {relation: len(some) for relation, some in pairs.items()} == {"knows": 586, "lives_with": 80, "sibling": 52}
    homes = dict(ask("MATCH (p:Person)-[:LIVES_AT]->(a:Address) RETURN p.id, a.id"))
    assert all(len({homes[person] for person in pair}) == 1 for pair in pairs["lives_with"])


def test_crimes_have_their_day_place_officer_and_parties(ask: Callable[..., Any], members: Callable[..., Any]) -> None:
    parties = ask("MATCH (c:Contact)-[a:ABOUT]->(p:Person) RETURN c.id, p.id, a.role, a.level, a.occurred_on")
    assert (len({row[0] for row in parties}), len({row[1] for row in parties})) == (55, 29)
    assert {(row[2], row[3]) for row in parties} == {("subject", None)}, "being party to a crime is no sighting"
    days = ask("MATCH (c:Contact) RETURN min(c.occurred_on), max(c.occurred_on), min(c.kind), max(c.kind)")
    assert days == [(date(2017, 8, 1), AUGUST, "incident", "incident")]
    where = {row[START]: row[END] for row in members("relationships.OCCURRED_AT")}
    postcodes = {row[ID]: row["postcode"] for row in members("nodes.Location")}
    officers = {row[START]: row[END] for row in members("relationships.INVESTIGATED_BY")}
    names = {row[ID]: f"{row['name']} {row['surname']}" for row in members("nodes.Officer")}
    held = ask("""MATCH (a:Address)<-[:AT]-(c:Contact)-[:MADE_IN_PERSON_BY]->(w:Professional)
        RETURN c.id, a.postcode, w.name""")
    expected = {(f"pole:{crime}", postcodes[place], names[officers[crime]]) for crime, place in where.items()}
    assert (len(held), set(held)) == (28762, expected)


# --- family questions ---------------------------------------------------------------------------------------------


def test_siblings_are_those_of_one_parent_and_the_declared_ones_apart(session: Session, members: Callable[..., Any]) -> None:
    family = members("relationships.FAMILY_REL")
    children: dict[str, set[str]] = {}
    for row in family:
        if row["rel_type"] == "PARENT":
            children.setdefault(row[START], set()).add(row[END])
    shared = {frozenset(pair) for some in children.values() for pair in combinations(sorted(some), 2)}
    declared = {frozenset((row[START], row[END])) for row in family if row["rel_type"] == "SIBLING"}
    assert (len(shared), len(declared), len(declared - shared)) == (51, 52, 1)
    found: dict[frozenset[str], bool] = {}
    for person in sorted({one for pair in declared for one in pair}):
        for row in session.ask("siblings", AUGUST, child=f"pole:{person}").rows:
            found[frozenset((person, row["sibling"].removeprefix("pole:")))] = bool(row["shared_parent"])
    assert {pair for pair, by_parent in found.items() if by_parent} == shared
    assert {pair for pair, by_parent in found.items() if not by_parent} == declared - shared


def test_family_groups_are_the_connected_components_of_the_stated_family(store: Store, members: Callable[..., Any]) -> None:
    stated = nx.Graph((f"pole:{row[START]}", f"pole:{row[END]}") for row in members("relationships.FAMILY_REL"))
    groups = sorted((sorted(group) for group in nx.connected_components(stated)), key=lambda group: (-len(group), group[0]))
    assert family_groups(store, AUGUST) == groups


def test_without_birth_dates_nobody_is_counted_as_a_child_and_the_answer_says_so(session: Session) -> None:
    answer = session.ask("not_seen", AUGUST)
    assert (answer.population, answer.age_unknown, answer.rows) == (0, 369, [])
    assert {"attendance", "health_visiting", "gp_contacts"} <= set(answer.not_loaded)


# --- connections --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def acquainted(members: Callable[..., Any]) -> nx.Graph:
    """People, their homes and the crimes that they are party to, from the zip alone."""
    homes = {row[ID]: (row["address"].casefold(), row["postcode"]) for row in members("nodes.Location")}
    graph = nx.Graph()
    for name in ("FAMILY_REL", "KNOWS", "KNOWS_LW", "KNOWS_SN", "KNOWS_PHONE"):
        graph.add_edges_from((f"pole:{row[START]}", f"pole:{row[END]}") for row in members(f"relationships.{name}"))
    graph.add_edges_from((f"pole:{row[START]}", homes[row[END]]) for row in members("relationships.CURRENT_ADDRESS"))
    graph.add_edges_from((f"pole:{row[START]}", f"pole:{row[END]}") for row in members("relationships.PARTY_TO"))
    return graph


def test_the_shortest_connection_is_as_short_as_the_zip_allows(store: Store, acquainted: nx.Graph) -> None:
    people = sorted(node for node in acquainted if isinstance(node, str) and acquainted.degree(node) > 1)
    pairs: dict[int, tuple[str, str]] = {}
    for start in people[::40]:
        for end, steps in nx.single_source_shortest_path_length(acquainted, start, 6).items():
            if end in people and steps:
                pairs.setdefault(steps, (start, end))
    assert sorted(pairs) == [1, 2, 3, 4, 5, 6]
    for steps, (start, end) in pairs.items():
        found = connection(store, start, end, AUGUST, agencies=False)
        assert found.paths, f"{steps} steps apart"
        assert {len(path) for path in found.paths} == {steps}
        for path in found.paths:
            assert (path[0].start, path[-1].end) == (start, end)
            assert all(one.end == other.start for one, other in pairwise(path))


def test_two_people_whom_nothing_connects_are_said_to_be_unconnected(store: Store, acquainted: nx.Graph) -> None:
    groups = sorted(nx.connected_components(acquainted), key=len)
    apart, joined = (min(node for node in group if isinstance(node, str)) for group in (groups[0], groups[-1]))
    assert connection(store, apart, joined, AUGUST, agencies=False).paths == []
