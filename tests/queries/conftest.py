"""Stories: small graphs written out by hand, published to both engines, and asked.

`story` is a builder with sane defaults: people born on a day, contacts that their source knew the same day, registered
addresses. Only what a test is about needs to be said. `story.asked()` publishes it and gives the session to ask.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lastseen.graph.neo4j_server import connect, server
from lastseen.graph.neo4j_store import Neo4jStore
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Store, table_schema
from lastseen.queries.session import Session

sys.path.insert(0, str(Path(__file__).parent))
import oracles
from generating import generate
from numbering import numbered

pytest.register_assert_rewrite("plan_visits")

Row = dict[str, object]
LONG_AGO = date(1980, 1, 1)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 1 March for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


class Story:
    """A graph under construction. Ids are as given; `source` and `row` have defaults; dates are `datetime.date`.

    An agency is told before the contacts it made, which copy its kind.
    """

    def __init__(self, make: Callable[[dict[str, list[Row]]], GraphTables], publish: Callable[[GraphTables], Store]) -> None:
        self._make = make
        self._publish = publish
        self.rows: dict[str, list[Row]] = {}
        self.agency_kinds: dict[str, str] = {}
        self._line = 0

    def add(self, label: str, /, **columns: object) -> Row:
        """One row of a label or type, as it is."""
        row = dict(columns)
        self.rows.setdefault(label, []).append(row)
        return row

    def edge(self, label: str, start: str, end: str, /, **columns: object) -> Row:
        self._line += 1
        return self.add(label, **{"from": start, "to": end, "source": "test", "row": f"1:test.csv:{self._line}", **columns})

    def person(self, id: str, born: date | None, *, known: date | None = None, **columns: Any) -> str:
        """A person first known on the day of birth (or `known`), with one record of the same id."""
        first = known or born or LONG_AGO
        given: dict[str, Any] = {"first_known_on": first}
        if born:
            adult = years_after(born, 18)
            given |= {
                "born_on": born,
                "born_precision": "day",
                "born_known_on": first,
                "age_known_on": first,
                "child_from": first,
                "child_until": adult,
                "one_on": years_after(born, 1),
                "three_on": years_after(born, 3),
                "five_on": years_after(born, 5),
                "school_until": years_after(born, 16),
                "adult_on": adult,
                "school_from": years_after(born, 5),
                "early_years_from": years_after(born, 3),
            }
        name = columns.pop("name", None)
        given |= columns
        if born and given.get("died_known_on") and given["died_on"] < given["child_until"]:
            given["child_until"] = max(given["died_on"], given["died_known_on"])
        self.add("Person", id=id, **given)
        if name is not None:
            self.record(id, id, name, born=born, known=first)
        return id

    def child(self, id: str = "c", born: date = date(2015, 1, 1), **columns: Any) -> str:
        return self.person(id, born, **columns)

    def adult(self, id: str = "m", born: date = date(1985, 1, 1), **columns: Any) -> str:
        return self.person(id, born, **columns)

    def record(self, id: str, person: str, name: str, *, known: date = LONG_AGO, source: str = "test", **columns: Any) -> str:
        """One source's record of a person; `born` is the birth date it gives."""
        from lastseen.graph.keys import sound_key, tidy_name

        born = columns.pop("born", None)
        self.add(
            "Record",
            id=id,
            source=source,
            name=name,
            name_key=tidy_name(name),
            sound_key=sound_key(name),
            born_on=born,
            known_on=known,
            row="1:test.csv:1",
            **columns,
        )
        self.edge("IDENTIFIES", id, person, how="identifier", why="test", probability=1.0)
        return id

    def contact(
        self,
        id: str,
        on: date,
        *,
        seen: dict[str, int | None] | None = None,
        kind: str = "visit",
        source: str = "health_visiting",
        known: date | None = None,
        agency: str | None = None,
        worker: str | None = None,
        at: str | None = None,
        roles: dict[str, str] | None = None,
        at_home: bool | None = None,
        withdrawn: date | None = None,
        **columns: Any,
    ) -> str:
        """A contact; `seen` gives each person's level (None: the source is silent); `known` is the day itself unless said."""
        dates: dict[str, Any] = {"occurred_on": on, "known_on": known or on, "withdrawn_on": withdrawn}
        self.add("Contact", id=id, kind=kind, source=source, row=f"1:{source}.csv:{id}", **dates, **columns)
        for person, level in (seen or {}).items():
            self.edge(
                "ABOUT",
                id,
                person,
                source=source,
                row=f"1:{source}.csv:{id}",
                kind=kind,
                level=level,
                role=(roles or {}).get(person, "subject"),
                at_home=at_home,
                agency=agency,
                agency_kind=self.agency_kinds.get(agency or ""),
                **dates,
            )
        if agency:
            self.edge("MADE_BY", id, agency, source=source)
        if worker:
            self.edge("MADE_IN_PERSON_BY", id, worker, source=source)
        if at:
            self.edge("AT", id, at, source=source)
        return id

    def agency(self, id: str, kind: str = "health_visiting", name: str | None = None) -> str:
        self.add("Agency", id=id, kind=kind, code=id, name=name)
        self.agency_kinds[id] = kind
        return id

    def worker(self, id: str, name: str, role: str = "health visitor") -> str:
        self.add("Professional", id=id, name=name, role=role)
        return id

    def home(self, id: str, line: str | None = None, *, postcode: str | None = "AL1 1AA", **columns: Any) -> str:
        """A property in the area; `protected=True` leaves all text out."""
        from lastseen.graph.keys import tidy_line

        shown: dict[str, Any] = (
            {}
            if columns.get("protected")
            else {
                "line": line or id,
                "postcode": postcode,
                "area": "Aldermere",
                "in_area": True,
                "search_key": f"{tidy_line(line or id)} {(postcode or '').lower()}",
            }
        )
        self.add("Address", **{"id": id, "kind": "property", "protected": False, **shown, **columns})
        return id

    def area(self, id: str, name: str, in_area: bool | None = False) -> str:
        self.add("Address", id=id, kind="area", area=name, in_area=in_area, protected=False)
        return id

    def lives_at(
        self,
        person: str,
        place: str,
        since: date | None,
        *,
        source: str = "gp_list",
        basis: str = "registered",
        until: date | None = None,
        end_known: date | None = None,
        known: date | None = None,
        **columns: Any,
    ) -> None:
        """A residence, known from its first day on; an end is known on the day it comes unless said."""
        self.edge(
            "LIVES_AT",
            person,
            place,
            **{
                "source": source,
                "basis": basis,
                "kind": "home",
                "valid_from": since,
                "known_on": known or since or LONG_AGO,
                "valid_to": until,
                "end_known_on": end_known or until,
                **columns,
            },
        )

    def claim(
        self,
        id: str,
        speaker: str,
        children: list[str],
        place: str,
        on: date,
        *,
        source: str = "missing_education",
        known: date | None = None,
    ) -> str:
        """An adult's word for where children are: the contact, and one claimed residence a child."""
        everyone: dict[str, int | None] = {speaker: None, **dict.fromkeys(children, 1)}
        self.contact(
            id,
            on,
            seen=everyone,
            kind="claim",
            source=source,
            known=known,
            roles={speaker: "speaker", **dict.fromkeys(children, "spoken_about")},
        )
        for child in children:
            self.lives_at(
                child, place, on, source=source, basis="claimed", known=known, stated_by=speaker, row=f"1:{source}.csv:{id}"
            )
        return id

    def visit(
        self,
        id: str,
        on: date,
        place: str,
        seen: dict[str, int | None],
        *,
        source: str = "health_visiting",
        known: date | None = None,
        **columns: Any,
    ) -> str:
        """A home visit, and the observed residence that the projection makes of it for each child."""
        self.contact(id, on, seen=seen, source=source, known=known, at=place, at_home=True, **columns)
        for child in seen:
            self.lives_at(child, place, on, source=source, basis="observed", known=known, row=f"1:{source}.csv:{id}")
        return id

    def registered(
        self,
        person: str,
        agency: str,
        register: str,
        since: date,
        *,
        until: date | None = None,
        end_known: date | None = None,
        known: date | None = None,
        **columns: Any,
    ) -> None:
        self.edge(
            "REGISTERED_WITH",
            person,
            agency,
            **{
                "register": register,
                "valid_from": since,
                "known_on": known or since,
                "valid_to": until,
                "end_known_on": end_known or until,
                **columns,
            },
        )

    def involved(
        self,
        person: str,
        agency: str,
        status: str,
        since: date,
        *,
        until: date | None = None,
        end_known: date | None = None,
        known: date | None = None,
        **columns: Any,
    ) -> None:
        """An agency's work with a person, known from its first day; an end is known on the day it comes unless said."""
        dates = {"valid_from": since, "known_on": known or since, "valid_to": until, "end_known_on": end_known or until}
        self.edge("INVOLVED_WITH", person, agency, **{"status": status, **dates, **columns})

    def flagged(self, person: str, agency: str, since: date, *, review: date | None = None, **columns: Any) -> None:
        dates = {"valid_from": since, "known_on": since, "review_on": review}
        self.edge("FLAGGED_BY", person, agency, **{"flag": "named as perpetrator", "source": "marac", **dates, **columns})

    def parent(self, parent: str, child: str, *, known: date = LONG_AGO, source: str = "births", **columns: Any) -> None:
        self.edge("PARENT_OF", parent, child, **{"kind": "birth", "source": source, "known_on": known, **columns})

    def load(
        self,
        source: str,
        *,
        extract: date = date(2030, 1, 1),
        shape: str = "event",
        start: date | None = LONG_AGO,
        end: date | None = None,
        registers: str | None = None,
        lag: int = 0,
        every: int = 30,
    ) -> None:
        """One extract as loaded; by default an event source that covers everything."""
        n = len(self.rows.get("Load", [])) + 1
        covers = {} if shape == "snapshot" else {"covers_from": start, "covers_to": end or extract}
        self.add(
            "Load",
            id=str(n),
            source=source,
            scope="all",
            shape=shape,
            extract_date=extract,
            registers=registers or source,
            lag=lag,
            expected_every=every,
            rows_read=1,
            rows_kept=1,
            rows_rejected=0,
            **covers,
        )

    def all_fresh(self) -> None:
        """Every register that a question about sight needs, covered without end."""
        for source in ("health_visiting", "gp_contacts", "attendance"):
            self.load(source)

    def asked(self) -> Session:
        """Publish what was told, and give the session to ask."""
        return Session(self._publish(self._make(numbered(self.rows, add_loads=True))))


@pytest.fixture
def new_story(graph_tables: Callable[[dict[str, list[Row]]], GraphTables]) -> Callable[[], Story]:
    """Stories that only gather rows: whoever makes many publishes them otherwise."""

    def unpublished(_: GraphTables) -> Store:
        raise NotImplementedError("this story is not published")

    return lambda: Story(graph_tables, unpublished)


@pytest.fixture
def story(
    graph_tables: Callable[[dict[str, list[Row]]], GraphTables],
    engine: str,
    request: pytest.FixtureRequest,
) -> Story:
    """An empty story; the test runs on both engines."""
    shelf = request.getfixturevalue("shelf")
    if engine == "ladybug":

        def embed(tables: GraphTables) -> Store:
            store = shelf.ladybug(tables)
            request.addfinalizer(lambda: shelf.forget(store))
            return store

        return Story(graph_tables, embed)
    url = request.getfixturevalue("neo4j_url")

    def publish(tables: GraphTables) -> Store:
        write_small(url, tables, clean=shelf.on_server is None)
        shelf.on_server = None
        store = Neo4jStore(url)
        request.addfinalizer(store.close)
        return store

    return Story(graph_tables, publish)


def write_small(url: str, tables: GraphTables, clean: bool) -> None:
    """A graph of a few rows straight into the real Neo4j: publishing is tested elsewhere and takes its time.

    `clean` says that the server holds nothing large.
    """
    with connect(server(url)) as driver:
        if not clean:
            driver.execute_query("MATCH (m:LastseenMarker) DELETE m")
            with driver.session() as session:
                session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
        with driver.session() as session, session.begin_transaction() as work:
            work.run("MATCH (n) DETACH DELETE n").consume()
            work.run(
                "CREATE (:LastseenMarker {workspace: 'lastseen-tests', area: '', build: 'story', phase: 'ready',"
                " since: $since})",
                since=datetime.now(UTC).isoformat(),
            ).consume()
            for name in NODES:
                if rows := tables.read(name).to_pylist():
                    work.run(f"UNWIND $rows AS row CREATE (n:{name}) SET n = row", rows=rows).consume()
            for name, edge in EDGES.items():
                if rows := tables.read(name).to_pylist():
                    pairs = [{"from": row.pop("from"), "to": row.pop("to"), "said": row} for row in rows]
                    made = work.run(
                        f"UNWIND $rows AS row MATCH (a:{edge.start} {{id: row.from}}), (b:{edge.end} {{id: row.to}}) "
                        f"CREATE (a)-[e:{name}]->(b) SET e = row.said RETURN count(*) AS made",
                        rows=pairs,
                    ).single(strict=True)["made"]
                    assert made == len(pairs), f"a {name} of this story has an end that the story does not tell of"
            work.commit()


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> GraphTables:
    """A generated graph of 20,500 contacts, messy on purpose."""
    directory = tmp_path_factory.mktemp("generated")
    rows = generate(1_000, 20_500, years_after)
    for name in EDGES:
        for n, row in enumerate(rows.get(name, [])):
            row["key"] = f"{row['from']}|{row['to']}|{n}"
    rows = numbered(rows, add_loads=True)
    for name in (*NODES, *EDGES):
        schema = table_schema(name)
        full = [{column: row.get(column) for column in schema.names} for row in rows.get(name, [])]
        pq.write_table(pa.Table.from_pylist(full, schema=schema), directory / f"{name}.parquet")
    return GraphTables(directory)


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """The headline questions worked out without Cypher (tests/queries/oracles.py)."""
    return oracles
