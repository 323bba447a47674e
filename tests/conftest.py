"""Fixtures that every test may use: a real Neo4j, and graph tables published to either engine.

`publish_tables(tables)` gives an open `Store`; a test that uses it runs once on Ladybug and once on Neo4j. There is one
server, and it holds one graph at a time: publishing other tables replaces what it held, publishing the same ones again
costs nothing. Each suite may remember its stores for as long as it publishes nothing else to the server.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lastseen.graph.ladybug_store import LadybugStore, build_database
from lastseen.graph.neo4j_lock import MarkerLock
from lastseen.graph.neo4j_publish import Edition, publish_edition
from lastseen.graph.neo4j_server import connect, server
from lastseen.graph.neo4j_store import Neo4jStore
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Marker, Store, table_schema

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "neo4j_server"))
import server as neo4j_processes
from numbering import numbered

os.environ.setdefault("LASTSEEN_BACKGROUND", "0")  # hundreds of loads; the one test of it switches it on
TEST_WORKSPACE = "lastseen-tests"
REQUIRE_ALL = os.environ.get("LASTSEEN_REQUIRE_ALL") == "1"


SLOWEST = "test_larch_court_signals.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The file that takes longest begins first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.path.name != SLOWEST)


@pytest.fixture(scope="session")
def need() -> Callable[[object, str], None]:
    """`need(found, why)`: skip aloud where a test can't run here; fail instead where everything must (CI)."""

    def check(found: object, why: str) -> None:
        if not found:
            (pytest.fail if REQUIRE_ALL else pytest.skip)(why)

    return check


@pytest.fixture(scope="session")
def neo4j_url(need: Callable[[object, str], None]) -> Iterator[str]:
    """A real Neo4j: NEO4J_URI where set, else one started from Maven's jars. Its password is in the environment.

    The tests empty it: so a server that holds anything but an earlier run's graph is refused.
    """
    given = os.environ.get("NEO4J_URI")
    if given:
        _must_be_ours(given)
        yield given
        return
    names = ("NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE")
    before = {name: os.environ.get(name) for name in names}
    with tempfile.TemporaryDirectory(prefix="lastseen-neo4j-") as home:
        try:
            running = neo4j_processes.start(Path(home))
        except neo4j_processes.CannotStart as why:
            need(False, f"no Neo4j: NEO4J_URI is not set and none can be started here ({why})")
            return
        try:
            os.environ.pop("NEO4J_DATABASE", None)
            os.environ.update(NEO4J_USER="neo4j", NEO4J_PASSWORD=running.password)
            yield running.url
        finally:
            running.stop()
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


@pytest.fixture(scope="session")
def neo4j_server(need: Callable[[object, str], None]) -> object:
    """The module that starts further servers and runs `neo4j-admin`, for tests that need one of their own."""
    try:
        neo4j_processes.jars()
    except neo4j_processes.CannotStart as why:
        need(False, f"no Neo4j can be started here ({why})")
    return neo4j_processes


def _must_be_ours(url: str) -> None:
    with connect(server(url)) as driver:
        held = driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"]
        markers = driver.execute_query("MATCH (m:LastseenMarker) RETURN m.workspace AS workspace").records
    if held and [marker["workspace"] for marker in markers] != [TEST_WORKSPACE]:
        pytest.exit(f"NEO4J_URI={url} holds data that these tests did not make and would delete: give an empty server.", 4)


def empty_server(url: str) -> None:
    """Delete all nodes and edges of a test server; constraints stay, for making them takes seconds."""
    with connect(server(url)) as driver:
        driver.execute_query("MATCH (m:LastseenMarker) DELETE m")
        with driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


@dataclass
class Shelf:
    """What was published in this session, by the hash of its tables: nothing is built twice."""

    directory: Path
    embedded: dict[str, LadybugStore] = field(default_factory=dict)
    on_server: str | None = None

    def ladybug(self, tables: GraphTables) -> Store:
        key = tables_hash(tables)
        if key not in self.embedded:
            home = self.directory / key
            home.mkdir()
            build_database(tables, home / "ladybug.db", marker(key))
            self.embedded[key] = LadybugStore(home / "ladybug.db")
        return self.embedded[key]

    def forget(self, store: Store) -> None:
        """Close an embedded store that no other test will ask: hundreds of them open take gigabytes."""
        for key in [key for key, known in self.embedded.items() if known is store]:
            self.embedded.pop(key).close()
            shutil.rmtree(self.directory / key)

    def neo4j(self, tables: GraphTables, url: str) -> Store:
        key = tables_hash(tables)
        if key != self.on_server:
            self.on_server = None
            empty_server(url)
            at = server(url)
            with connect(at) as driver, tempfile.TemporaryDirectory() as work:
                publish_edition(MarkerLock(driver, at), Edition(TEST_WORKSPACE, key, tables), lambda _: None, (), Path(work))
            self.on_server = key
        return Neo4jStore(url)


def marker(build: str) -> Marker:
    return Marker(TEST_WORKSPACE, "", build, "ready", datetime.now(UTC))


def tables_hash(tables: GraphTables) -> str:
    digest = hashlib.sha256()
    for name in (*NODES, *EDGES):
        digest.update(tables.path(name).read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    found = Shelf(tmp_path_factory.mktemp("embedded"))
    yield found
    for store in found.embedded.values():
        store.close()


@pytest.fixture
def clean_neo4j(neo4j_url: str, shelf: Shelf) -> str:
    """An empty server, for tests that write to it themselves."""
    shelf.on_server = None
    empty_server(neo4j_url)
    return neo4j_url


@pytest.fixture
def empty_neo4j(clean_neo4j: str) -> Callable[[], None]:
    """Empties the server again, within a test."""
    return lambda: empty_server(clean_neo4j)


@pytest.fixture(scope="session", params=["ladybug", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture(scope="session")
def store_factory(shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[Callable[[str, GraphTables], Store]]:
    """`store_factory(engine, tables)`: an open store that holds these tables, on the engine named."""
    opened: list[Store] = []

    def make(engine: str, tables: GraphTables) -> Store:
        if engine == "ladybug":
            return shelf.ladybug(tables)
        store = shelf.neo4j(tables, request.getfixturevalue("neo4j_url"))
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture(scope="session")
def publish_tables(engine: str, store_factory: Callable[[str, GraphTables], Store]) -> Callable[[GraphTables], Store]:
    """`publish_tables(tables)`: an open store that holds these tables; the test runs on both engines."""
    return lambda tables: store_factory(engine, tables)


Row = dict[str, object]


def write_rows(directory: Path, rows: dict[str, list[Row]]) -> GraphTables:
    """Graph tables from rows written out by hand, by label or type; a column not named is null, a key not given is made, and a
    row may be written as 'load:file:line'."""
    directory.mkdir(parents=True, exist_ok=True)
    unknown = sorted(set(rows) - set(NODES) - set(EDGES))
    assert not unknown, f"no such label or type: {unknown}"
    rows = numbered(rows)
    for name in (*NODES, *EDGES):
        schema = table_schema(name)
        full: list[Row] = []
        for row in rows.get(name, []):
            wrong = sorted(set(row) - set(schema.names))
            assert not wrong, f"{name} has no {wrong}"
            full.append({column: row.get(column) for column in schema.names})
        pq.write_table(pa.Table.from_pylist(full, schema=schema), directory / f"{name}.parquet")
    return GraphTables(directory)


@pytest.fixture
def graph_tables(tmp_path: Path) -> Callable[[dict[str, list[Row]]], GraphTables]:
    """`graph_tables({"Person": [{"id": "p"}], …})`: graph tables from rows written out by hand."""
    made = 0

    def make(rows: dict[str, list[Row]]) -> GraphTables:
        nonlocal made
        made += 1
        return write_rows(tmp_path / f"tables-{made}", rows)

    return make
