"""Publishing builds to a real server: what is sent, what readers see meanwhile, and what a kill leaves.

A build here is written out as graph tables directly (the whole way from loads is in test_publish.py).
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from neo4j.time import Date

from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.neo4j_lock import MarkerLock
from lastseen.graph.neo4j_publish import Edition, PublishReport, publish_edition
from lastseen.graph.neo4j_server import connect, server
from lastseen.graph.neo4j_store import Neo4jStore
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Progress

pytestmark = pytest.mark.neo4j
Rows = dict[str, list[dict[str, Any]]]
Make = Callable[[Rows], GraphTables]
DAY = date(2026, 1, 10)


def street(people: int = 30, contacts: int = 90, *, gone: int = 0, moved: int = 0) -> Rows:
    """Children with a mother each and contacts about them; without the first `gone` children, and `moved` of the rest with
    another birth date."""
    children = range(gone, people)
    return {
        "Person": [
            {"id": f"c:{n}", "born_on": date(2015, 1, 1 + (n < gone + moved)), "child_from": date(2015, 1, 2),
             "child_until": date(2033, 1, 1), "adult_on": date(2033, 1, 1), "age_known_on": date(2015, 1, 2)}
            for n in children
        ] + [{"id": f"m:{n}", "adult_on": date(2008, 1, 1), "age_known_on": date(2015, 1, 2)} for n in children],
        "PARENT_OF": [{"from": f"m:{n}", "to": f"c:{n}", "source": "births", "row": f"1:b:{n}"} for n in children],
        "Contact": [{"id": f"k:{k}", "kind": "visit"} for k in range(contacts) if k % people >= gone],
        "ABOUT": [
            {"from": f"k:{k}", "to": f"c:{k % people}", "source": "hv", "row": f"2:h:{k}", "level": k % 5}
            for k in range(contacts) if k % people >= gone
        ],
    }


def wanted(tables: GraphTables, day: date = DAY) -> dict[str, Any]:
    """What a server must hold of these tables: nodes by labels and id, edges by key, nulls left out."""
    found: dict[str, Any] = {}
    for name in NODES:
        for row in tables.read(name).to_pylist():
            labels = [name]
            if name == "Person":
                ended = row["child_until"] and row["child_until"] <= day
                labels += ["Child"] * bool(row["child_from"] and row["child_from"] <= day and not ended)
                labels += ["Adult"] * bool(row["adult_on"] and row["adult_on"] <= day)
            found[(*sorted(labels), row["id"])] = stated(row)
    for name in EDGES:
        for row in tables.read(name).to_pylist():
            found[row["key"]] = (row.pop("from"), name, stated(row), row.pop("to"))
    return found


def stated(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None and key not in ("from", "to")}


def native(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value.to_native() if isinstance(value, Date) else value for key, value in properties.items()}


class Desk:
    """One workspace's publishing desk: builds by name, what was noted, and what the server holds."""

    def __init__(self, url: str, work: Path, builds: dict[str, GraphTables]) -> None:
        self.at, self.work, self.builds = server(url), work, builds
        self.driver = connect(self.at)
        self.noted: list[str] = []
        work.mkdir()

    def publish(
        self, build: str, *, full: bool = False, today: date = DAY, workspace: str = "w-1", batch: int = 20,
        progress: Progress | None = None,
    ) -> PublishReport:
        edition = Edition(workspace, build, self.builds[build], "Port Carrow", "Larch Court")
        work = self.work / str(len(list(self.work.iterdir())))
        work.mkdir()
        report = publish_edition(
            MarkerLock(self.driver, self.at), edition, self.builds.get, self.noted, work,
            full=full, today=today, batch=batch, progress=progress,
        )
        self.noted.append(build)
        return report

    def ask(self, text: str) -> list[Any]:
        return [record[0] for record in self.driver.execute_query(text).records]

    def marker(self) -> dict[str, Any]:
        return dict(self.ask("MATCH (m:LastseenMarker) RETURN properties(m)")[0])

    def holds(self) -> dict[str, Any]:
        nodes = self.ask("MATCH (n) WHERE NOT n:LastseenMarker RETURN [labels(n), properties(n)]")
        edges = self.ask("MATCH (a)-[r]->(b) RETURN [a.id, type(r), properties(r), b.id]")
        found: dict[str, Any] = {(*sorted(labels), said["id"]): native(said) for labels, said in nodes}
        return found | {said["key"]: (start, name, native(said), end) for start, name, said, end in edges}

    def transactions(self) -> object:
        """The server's bookmark: it moves with every transaction that changes the database, and with nothing else."""
        with self.driver.session() as session:
            session.run("RETURN 1").consume()
            return session.last_bookmarks().raw_values


@pytest.fixture
def desk(clean_neo4j: str, tmp_path: Path, graph_tables: Make) -> Iterator[Desk]:
    made = Desk(clean_neo4j, tmp_path / "work", {
        "one": graph_tables(street()), "two": graph_tables(street(32, 100, gone=4, moved=3)),
        "three": graph_tables(street(10, 10)),
    })
    yield made
    made.driver.close()


def test_the_first_publish_sends_everything_under_constraints(desk: Desk) -> None:
    for name in desk.ask("SHOW CONSTRAINTS YIELD name RETURN name"):
        desk.ask(f"DROP CONSTRAINT {name}")
    desk.ask("DROP INDEX lastseen_contact_kind IF EXISTS")
    report = desk.publish("one")
    assert report.mode == "first"
    assert desk.holds() == wanted(desk.builds["one"])
    constraints = desk.ask("SHOW CONSTRAINTS YIELD labelsOrTypes RETURN labelsOrTypes[0]")
    assert sorted(constraints) == sorted([*NODES, *EDGES, "LastseenMarker"])
    indexed = desk.ask("SHOW INDEXES YIELD labelsOrTypes AS on, properties WHERE properties = ['kind'] RETURN on")
    assert indexed == [["Contact"]]
    marker = desk.marker()
    assert (marker["workspace"], marker["build"], marker["phase"]) == ("w-1", "one", "ready")
    assert "owner" not in marker


def test_the_same_publish_twice_changes_nothing(desk: Desk) -> None:
    desk.publish("one")
    before, marker = desk.transactions(), desk.marker()
    report = desk.publish("one")
    assert (report.mode, report.rows) == ("nothing", {})
    assert (desk.transactions(), desk.marker()) == (before, marker)


def test_the_next_publish_sends_only_what_differs(desk: Desk) -> None:
    desk.publish("one")
    report = desk.publish("two")
    assert report.mode == "difference"
    assert desk.holds() == wanted(desk.builds["two"])
    one, two = wanted(desk.builds["one"]), wanted(desk.builds["two"])
    assert report.rows["added or changed"] == sum(one.get(key) != value for key, value in two.items())
    assert report.rows["removed"] == len(one.keys() - two.keys())
    assert desk.publish("one").mode == "difference"
    assert desk.holds() == one


def test_the_browsing_labels_follow_the_day_of_publishing(desk: Desk) -> None:
    desk.publish("one")
    grown = date(2034, 1, 1)
    report = desk.publish("one", today=grown)
    assert report.rows == {"labelled": 30}
    assert desk.holds() == wanted(desk.builds["one"], grown)


def test_a_setting_that_the_marker_says_is_sent_without_the_graph(desk: Desk) -> None:
    desk.publish("one")
    edition = Edition("w-1", "one", desk.builds["one"], "Port Carrow", "Larch Court", default_as_at=date(2018, 7, 20))
    publish_edition(MarkerLock(desk.driver, desk.at), edition, desk.builds.get, desk.noted, desk.work, today=DAY)
    assert Neo4jStore(desk.at.url).marker().default_as_at == date(2018, 7, 20)


def test_full_sends_everything_and_removes_what_does_not_belong(desk: Desk) -> None:
    desk.publish("one")
    desk.driver.execute_query("MATCH (p:Person {id: 'c:1'}) SET p.sex = 'X', p:Adult")
    desk.driver.execute_query("CREATE (:Contact {id: 'k:not ours'})")
    assert desk.publish("two", full=True).mode == "whole"
    assert desk.holds() == wanted(desk.builds["two"])


@pytest.mark.parametrize("spoil", [
    "MATCH (p:Person {id: 'c:9'}) DETACH DELETE p", "CREATE (:Contact {id: 'k:not ours'})",
    "MATCH ()-[r:ABOUT]->(:Person {id: 'c:9'}) DELETE r",
])
@pytest.mark.parametrize("build", ["one", "two"])
def test_a_server_that_lost_or_gained_rows_is_mended_and_said(desk: Desk, spoil: str, build: str) -> None:
    desk.publish("one")
    desk.driver.execute_query(spoil)
    report = desk.publish(build)
    assert report.mode == "whole"
    assert any("everything is sent again" in note for note in report.notes)
    assert desk.holds() == wanted(desk.builds[build])


def test_a_server_that_stands_elsewhere_than_noted_goes_whole_and_says_so(desk: Desk) -> None:
    desk.publish("one")
    desk.noted.clear()
    report = desk.publish("two")
    assert report.mode == "whole"
    assert "does not hold what this workspace published there last" in report.notes[0]
    assert desk.holds() == wanted(desk.builds["two"])


def test_tables_of_another_vocabulary_go_whole(desk: Desk) -> None:
    desk.publish("one")
    desk.driver.execute_query("MATCH (m:LastseenMarker) SET m.schema = 'older'")
    assert desk.publish("two").mode == "whole"
    assert desk.holds() == wanted(desk.builds["two"])


def test_another_workspaces_server_is_refused_and_left_alone(desk: Desk) -> None:
    desk.publish("one")
    before = desk.transactions()
    for full in (False, True):
        with pytest.raises(Refused, match=r"holds another workspace \(Larch Court\)"):
            desk.publish("two", workspace="w-2", full=full)
    assert desk.transactions() == before


def test_a_database_with_foreign_data_is_refused_and_left_alone(desk: Desk) -> None:
    desk.driver.execute_query("CREATE (:Film {title: 'Kes'})")
    before = desk.transactions()
    with pytest.raises(Refused, match="data that Lastseen did not publish"):
        desk.publish("one")
    assert desk.transactions() == before


def test_two_publishers_at_once_one_waits(desk: Desk) -> None:
    desk.publish("one")
    lock = MarkerLock(desk.driver, desk.at)
    lock.take("w-1", {})
    with pytest.raises(NotAvailable, match="Another publish"):
        desk.publish("two")
    lock.give_back()
    assert desk.publish("two").mode == "difference"


def test_a_publisher_that_lost_the_lock_writes_no_further_row(desk: Desk) -> None:
    desk.publish("one")

    def steal(said: str) -> None:
        if said.startswith("Contact"):
            desk.driver.execute_query("MATCH (m:LastseenMarker) SET m.owner = 'another', m.lease = timestamp() / 1000 + 60")

    with pytest.raises(NotAvailable, match="taken over"):
        desk.publish("two", progress=steal)
    before = desk.transactions()
    assert desk.transactions() == before
    assert desk.marker()["owner"] == "another"
    desk.driver.execute_query("MATCH (m:LastseenMarker) SET m.lease = 0")  # the thief's lease runs out
    assert desk.publish("two").resumed
    assert desk.holds() == wanted(desk.builds["two"])


def test_an_end_that_was_deleted_meanwhile_is_noticed_and_mended(desk: Desk) -> None:
    desk.publish("one")

    def spoil(said: str) -> None:
        if said.startswith("Contact") and "c:30" in desk.ask("MATCH (p:Person) RETURN p.id") and not spoilt:
            spoilt.append(said)
            desk.driver.execute_query("MATCH (p:Person {id: 'c:30'}) DETACH DELETE p")

    spoilt: list[str] = []
    report = desk.publish("two", progress=spoil)
    assert spoilt
    assert report.mode == "whole"
    assert desk.holds() == wanted(desk.builds["two"])


def test_a_place_that_was_taken_meanwhile_is_noticed_and_mended(desk: Desk) -> None:
    def spoil(said: str) -> None:
        if said.startswith("Person"):
            desk.driver.execute_query("MERGE (:Contact {id: 'k:80'})")

    report = desk.publish("one", progress=spoil)
    assert report.mode == "whole"
    assert desk.holds() == wanted(desk.builds["one"])


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from lastseen.graph.neo4j_lock import MarkerLock
from lastseen.graph.neo4j_publish import Edition, publish_edition
from lastseen.graph.neo4j_server import connect, server
from lastseen.graph.store import GraphTables

url, build, full, at_write, moment, work, *places = sys.argv[1:]
builds = {name: GraphTables(Path(place)) for name, place in (entry.split("=", 1) for entry in places)}
write, written = MarkerLock.write, 0

def killed(lock, work):
    global written
    written += 1
    if written != int(at_write):
        return write(lock, work)
    def inside(transaction):
        work(transaction)
        os.kill(os.getpid(), signal.SIGKILL)
    if moment == "before the commit":
        write(lock, inside)
    write(lock, work)
    os.kill(os.getpid(), signal.SIGKILL)

MarkerLock.write = killed
at = server(url)
edition = Edition("w-1", build, builds[build], "Port Carrow", "Larch Court")
lock, today = MarkerLock(connect(at), at), date(2026, 1, 10)
publish_edition(lock, edition, builds.get, ["one"], Path(work), full=full == "full", today=today, batch=20)
"""


def kill_a_publish(desk: Desk, build: str, at_write: int, moment: str, tmp_path: Path, full: bool = False) -> bool:
    """Publish in another process that kills itself at its n-th write; whether it finished before."""
    work = tmp_path / f"killed-{at_write}"
    work.mkdir()
    places = [f"{name}={tables.directory}" for name, tables in desk.builds.items()]
    command = [sys.executable, "-c", KILLED, desk.at.url, build, "full" if full else "", str(at_write), moment, str(work)]
    command += places
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == 0


@pytest.mark.parametrize(("at_write", "moment"), [
    (1, "before the commit"), (1, "after the commit"), (2, "after the commit"), (4, "before the commit"),
    (9, "after the commit"), (17, "before the commit"), (17, "after the commit"),
])
def test_a_first_publish_that_was_killed_answers_nothing_and_goes_on(
    desk: Desk, tmp_path: Path, at_write: int, moment: str
) -> None:
    assert not kill_a_publish(desk, "one", at_write, moment, tmp_path)
    store = Neo4jStore(desk.at.url)
    with pytest.raises(NotAvailable):
        store.marker()
    done = desk.marker().get("done", 0) if at_write > 1 or moment == "after the commit" else 0
    report = desk.publish("one")
    assert report.resumed == (at_write + (moment == "after the commit") > 2)
    assert sum(report.rows.values()) == 60 + 90 + 30 + 90 + 60 - done
    assert desk.holds() == wanted(desk.builds["one"])
    assert store.marker().phase == "ready"
    store.close()


def test_a_killed_first_publish_is_not_gone_on_with_from_tables_in_another_order(desk: Desk, tmp_path: Path) -> None:
    assert not kill_a_publish(desk, "one", 9, "after the commit", tmp_path)
    for name in ("Person", "Contact", "ABOUT"):
        rows = desk.builds["one"].read(name)
        pq.write_table(rows.take(list(range(rows.num_rows))[::-1]), desk.builds["one"].path(name))
    report = desk.publish("one")
    assert (report.resumed, report.mode) == (False, "whole")
    assert desk.holds() == wanted(desk.builds["one"])


@pytest.mark.parametrize(("at_write", "moment", "then"), [
    (2, "after the commit", "two"), (4, "before the commit", "three"), (4, "after the commit", "two"),
    (6, "after the commit", "one"), (8, "after the commit", "three"), (10, "before the commit", "two"),
    (10, "after the commit", "one"),
])
def test_a_killed_difference_left_what_stood_and_any_build_can_follow(
    desk: Desk, tmp_path: Path, at_write: int, moment: str, then: str
) -> None:
    desk.publish("one")
    assert not kill_a_publish(desk, "two", at_write, moment, tmp_path)
    held, one, two = desk.holds(), wanted(desk.builds["one"]), wanted(desk.builds["two"])
    assert one.keys() <= held.keys() or two.keys() <= held.keys()
    store = Neo4jStore(desk.at.url)
    assert (store.marker().phase, store.marker().build) == ("publishing", "one")
    store.close()
    report = desk.publish(then)
    assert report.resumed == (then == "two")
    assert report.mode == "difference"
    assert desk.holds() == wanted(desk.builds[then])


@pytest.mark.parametrize("at_write", [3, 20, 24])
def test_a_killed_full_publish_can_be_taken_up(desk: Desk, tmp_path: Path, at_write: int) -> None:
    desk.publish("one")
    assert not kill_a_publish(desk, "two", at_write, "after the commit", tmp_path, full=True)
    assert desk.publish("two").mode == "whole"
    assert desk.holds() == wanted(desk.builds["two"])


def test_readers_see_at_least_what_stood_before_while_a_publish_runs(desk: Desk) -> None:
    desk.publish("one")
    store, stop, seen = Neo4jStore(desk.at.url), threading.Event(), []
    both = {key for key in wanted(desk.builds["one"]).keys() & wanted(desk.builds["two"]).keys() if isinstance(key, str)}

    def read() -> None:
        while not stop.is_set():
            phase = store.marker().phase
            keys = {row[0] for row in store.run("MATCH ()-[r]->() RETURN r.key").rows}
            seen.append((phase, both <= keys))

    reader = threading.Thread(target=read)
    reader.start()
    for build in ("two", "one", "two"):
        desk.publish(build, batch=2)
    stop.set()
    reader.join()
    assert {kept for _, kept in seen} == {True}
    assert {phase for phase, _ in seen} == {"ready", "publishing"}
    store.close()


def test_progress_is_told_in_sentences_without_ids(desk: Desk) -> None:
    said: list[str] = []
    desk.publish("one", progress=said.append)
    assert any(sentence.startswith("Contact: ") and "of 90 added" in sentence for sentence in said)
    assert not any("c:" in sentence or "k:" in sentence for sentence in said)
