"""From loads to a graph that answers: builds, readers and writers at once, kills, and publishing a workspace."""

import json
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lastseen.graph.archive import StagedLoad, Workspace
from lastseen.graph.errors import LastseenError, NotAvailable, Refused
from lastseen.graph.journal import Journal
from lastseen.graph.loads import read_load
from lastseen.graph.neo4j_store import Neo4jStore
from lastseen.graph.publish import EXPORTED, bring_up_to_date, export_files, open_store, publish_to, stage_build
from lastseen.graph.records import TABLES
from lastseen.graph.store import Store

DAY = date(2026, 1, 10)


def stage(workspace: Workspace, children: Sequence[str], name: str = "Wren") -> StagedLoad:
    """A load of a children's caseload and one visit to each, put into the archive without a loader."""
    staged = workspace.stage()
    about: dict[str, Callable[[str], dict[str, Any]]] = {
        "people": lambda child: {
            "person": child, "given_name": f'{name} "Jo"\n; x', "family_name": "Mar,low", "born_on": date(2015, 1, 1),
        },
        "contacts": lambda child: {"contact": f"k{child}", "kind": "visit", "occurred_on": date(2019, 1, 1), "agency": "t1"},
        "agencies": lambda _: {"agency": "t1", "kind": "health_visiting", "name": "Team 1"},
        "participants": lambda child: {"contact": f"k{child}", "person": child, "role": "subject", "level": 3, "at_home": True},
    }
    for table, row in about.items():
        rows = [{"file": "f.csv", "line": line, "scope": "all", **row(child)} for line, child in enumerate(children, 2)]
        staged.write_table(table, pa.Table.from_pylist(rows, schema=TABLES[table]))
    staged.finish({
        "source": "health_visiting", "shape": "event", "scopes": ["all"], "extract_date": date(2020, 1, staged.n),
        "covers_from": None, "covers_to": None, "lag": 10, "expected_every": 30, "registers": ["health_visiting"], "trust": 30,
        "files": [{"name": "f.csv", "sha256": f"{staged.n}", "bytes": 3}], "read": len(children), "kept": len(children),
        "rejected": 0, "reasons": {}, "mapping_version": "1",
    })
    return staged


def load(workspace: Workspace, *children: str) -> None:
    with workspace.writing():
        staged = stage(workspace, children)
        build = stage_build(workspace, [*workspace.loads(), read_load(staged.directory)])
        workspace.commit([staged], build)


def children_of(store: Store) -> set[str]:
    return {row[0] for row in store.run("MATCH (:Contact)-[a:ABOUT]->(p:Person) RETURN p.id").rows}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.open(tmp_path / "workspace", create=True)
    load(made, "a", "b")
    return made


def test_nothing_loaded_is_said_not_answered(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="lastseen load"):
        open_store(Workspace.open(tmp_path / "new", create=True))
    with pytest.raises(NotAvailable, match="--engine"):
        open_store(None)


def test_the_same_loads_give_the_same_build_which_is_not_made_again(workspace: Workspace) -> None:
    before = workspace.current_build()
    assert before
    database = before.database.stat().st_mtime_ns
    with workspace.writing():
        again = stage_build(workspace, workspace.loads())
        workspace.commit([], again)
    assert (again.id, again.directory) == (before.id, before.directory)
    assert workspace.current_build() == before
    assert before.database.stat().st_mtime_ns == database


def test_decisions_and_the_settings_that_reach_the_graph_make_another_build(workspace: Workspace) -> None:
    first = bring_up_to_date(workspace)
    workspace.settings.title = "Larch Court"
    workspace.save_settings(workspace.settings)
    assert bring_up_to_date(workspace) == first
    assert open_store(workspace).marker().title == "Larch Court"
    workspace.settings.area = "Port Carrow"
    workspace.save_settings(workspace.settings)
    second = bring_up_to_date(workspace)
    decision = Journal(workspace.journal).not_same("health_visiting:a", "health_visiting:b", "J. Officer", "two children")
    third = bring_up_to_date(workspace)
    assert len({first.id, second.id, third.id}) == 3
    Journal(workspace.journal).undo(decision, "J. Officer", "a slip")
    assert bring_up_to_date(workspace) == second
    workspace.settings.term_starts = ["01-05", "04-14", "09-04"]
    workspace.save_settings(workspace.settings)
    assert bring_up_to_date(workspace).id not in {first.id, second.id, third.id}


def test_a_reader_finishes_on_the_build_it_opened(workspace: Workspace) -> None:
    old = open_store(workspace)
    for child in ("c", "d", "e", "f", "g"):
        load(workspace, child)
    assert children_of(old) == {"health_visiting:a", "health_visiting:b"}
    assert old.marker().build in {build.id for build in workspace.builds()}
    new = open_store(workspace)
    assert children_of(new) == {f"health_visiting:{child}" for child in "abcdefg"}
    new.close()
    old.close()
    with workspace.writing():
        workspace.prune()
    assert len(workspace.builds()) == 3
    assert old.marker().build not in {build.id for build in workspace.builds()}


def test_readers_meanwhile_see_one_whole_build_or_the_next(workspace: Workspace) -> None:
    seen: list[frozenset[str]] = []
    faults: list[LastseenError] = []
    stop = threading.Event()

    def read() -> None:
        mine = Workspace.open(workspace.home)
        while not stop.is_set():
            try:
                store = open_store(mine)
                seen.append(frozenset(children_of(store)))
                store.close()
                time.sleep(0.05)
            except LastseenError as fault:
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    stood = [frozenset(f"health_visiting:{child}" for child in "abcde"[:n]) for n in range(2, 6)]
    for child in "cde":
        load(workspace, child)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert set(seen) <= set(stood)
    assert len(seen) > 10


@pytest.mark.parametrize("damage", [
    lambda directory: (directory / "ladybug.db").unlink(),
    lambda directory: (directory / "ladybug.db").write_bytes(b"spoilt" * 10_000),
    lambda directory: (directory / "marker.json").unlink(),
    lambda directory: (directory / "marker.json").write_text(
        json.dumps({**json.loads((directory / "marker.json").read_text()), "engine": "Ladybug 0.22.0"})),
])
def test_a_spoilt_database_or_one_by_another_engine_version_is_rebuilt(
    workspace: Workspace, damage: Callable[[Path], object]
) -> None:
    build = workspace.current_build()
    assert build
    damage(build.directory)
    store = open_store(workspace)
    assert children_of(store) == {"health_visiting:a", "health_visiting:b"}
    assert store.marker().build == build.id
    store.close()


def test_a_build_that_fails_leaves_the_old_one_answering(workspace: Workspace) -> None:
    before = workspace.current_build()
    with workspace.writing():
        staged = stage(workspace, ["c"])
        (staged.directory / "people.parquet").write_bytes(b"spoilt")
        with pytest.raises(NotAvailable, match="stays as it was"):
            stage_build(workspace, [*workspace.loads(), read_load(staged.directory)])
    with workspace.writing():
        assert workspace.current_build() == before
        assert [path.name for path in (workspace.home / "graph" / "builds").iterdir()] == [before.id if before else ""]


KILLED = """
import os, signal, sys
from lastseen.graph.archive import Workspace
from lastseen.graph.publish import bring_up_to_date

said = 0

def progress(sentence):
    global said
    said += 1
    if said == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

workspace = Workspace.open(sys.argv[1])
workspace.settings.area = "Elsewhere"
bring_up_to_date(workspace, progress)
"""


@pytest.mark.parametrize("at_sentence", [1, 3, 5, 6])
def test_a_killed_build_leaves_the_old_one_and_nothing_behind(workspace: Workspace, at_sentence: int) -> None:
    before = workspace.current_build()
    command = [sys.executable, "-c", KILLED, str(workspace.home), str(at_sentence)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == -9, done.stderr
    assert workspace.current_build() == before
    store = open_store(Workspace.open(workspace.home))
    assert children_of(store) == {"health_visiting:a", "health_visiting:b"}
    store.close()
    assert bring_up_to_date(workspace) == before
    load(workspace, "c")
    assert not list((workspace.home / "graph" / "builds").glob(".staging-*"))


@pytest.mark.neo4j
def test_a_workspace_is_published_then_only_what_changed(workspace: Workspace, clean_neo4j: str) -> None:
    assert publish_to(workspace, clean_neo4j, today=DAY).mode == "first"
    first = bring_up_to_date(workspace)
    assert workspace.published() == {clean_neo4j: first.id}
    assert publish_to(workspace, clean_neo4j, today=DAY).mode == "nothing"
    load(workspace, "c")
    report = publish_to(workspace, clean_neo4j, today=DAY)
    assert (report.mode, report.notes) == ("difference", [])
    embedded, served = open_store(workspace), open_store(workspace, clean_neo4j)
    assert served.counts() == embedded.counts()
    assert children_of(served) == children_of(embedded)
    assert served.marker().workspace == workspace.name
    embedded.close()
    served.close()


@pytest.mark.neo4j
def test_what_a_server_holds_is_never_pruned(workspace: Workspace, clean_neo4j: str) -> None:
    publish_to(workspace, clean_neo4j, today=DAY)
    on_server = bring_up_to_date(workspace).id
    for child in "cdefg":
        load(workspace, child)
    assert on_server in {build.id for build in workspace.builds()}
    assert publish_to(workspace, clean_neo4j, today=DAY).mode == "difference"
    assert not list((workspace.home / "graph").glob(".publishing-*"))


@pytest.mark.neo4j
def test_another_workspace_is_kept_off_a_server(workspace: Workspace, clean_neo4j: str, tmp_path: Path) -> None:
    publish_to(workspace, clean_neo4j, today=DAY)
    other = Workspace.open(tmp_path / "other", create=True)
    load(other, "x")
    with pytest.raises(Refused, match="another workspace"):
        publish_to(other, clean_neo4j, full=True)
    assert other.published() == {}


@pytest.mark.neo4j
def test_neo4js_own_importer_takes_the_exported_files_and_differences_follow(
    workspace: Workspace, neo4j_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, home = tmp_path / "files", tmp_path / "neo4j"
    command = shlex.split(export_files(workspace, files))
    assert command[:4] == ["neo4j-admin", "database", "import", "full"]
    assert files.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in files.iterdir()} == {0o600}
    done = neo4j_server.admin(home, command[1:], files)
    assert done.returncode == 0, done.stdout + done.stderr
    running = neo4j_server.start(home)
    try:
        monkeypatch.setenv("NEO4J_PASSWORD", running.password)
        monkeypatch.setenv("NEO4J_USER", "neo4j")
        assert publish_to(workspace, running.url).mode == "nothing"
        served, embedded = Neo4jStore(running.url), open_store(workspace)
        assert served.counts() == embedded.counts()
        every_record = "MATCH (r:Record)-[e:IDENTIFIES]->(p:Person) RETURN r, e, p, r.id AS id ORDER BY id"
        assert served.run(every_record).rows == embedded.run(every_record).rows
        every_contact = "MATCH (k:Contact)-[e:ABOUT]->(p:Person) RETURN k, e, p.id AS id ORDER BY id"
        assert served.run(every_contact).rows == embedded.run(every_contact).rows
        assert len(served.run("SHOW CONSTRAINTS").rows) > 20
        load(workspace, "c")
        assert publish_to(workspace, running.url).mode == "difference"
        assert len(children_of(served)) == 3
        assert EXPORTED in workspace.published()
        served.close()
        embedded.close()
    finally:
        running.stop()


def test_files_are_not_exported_into_a_folder_that_holds_others(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(Refused, match="other files"):
        export_files(workspace, tmp_path)
