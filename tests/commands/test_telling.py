"""How things stand: promised shapes, the same on both engines, and a check that finds what was changed behind our back."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.publish import publish_to
from lastseen.graph.schema import EDGES, NODES

Lastseen = Callable[..., Any]


def findings(done: Any) -> list[str]:
    assert done.exit_code == 1, done.output
    return [f"{entry['where']}: {entry['finding']}" for entry in json.loads(done.stdout)]


def build_of(home: Path) -> Path:
    build = Workspace.open(home).current_build()
    assert build
    return build.directory


# --- status -------------------------------------------------------------------------------------------------------


def test_status_names_every_type_and_counts_alike_on_both_engines(
    lastseen: Lastseen, reading: list[str], larch_court: Path
) -> None:
    said = json.loads(lastseen("status", "--format", "json", *reading).stdout)
    own = json.loads(lastseen("status", "--format", "json", "--workspace", larch_court).stdout)
    assert list(said)[:5] == ["engine", "build", "nodes", "edges", "loads"]
    assert set(said["nodes"]) == set(NODES)
    assert set(said["edges"]) == set(EDGES)
    assert (said["build"], said["nodes"], said["edges"]) == (own["build"], own["nodes"], own["edges"])
    assert said["nodes"]["Person"] == 6
    assert {load["source"] for load in said["loads"]} == {load["source"] for load in own["loads"]}
    assert sum(load["read"] for load in said["loads"]) == sum(load["read"] for load in own["loads"])


def test_status_says_which_loads_wait_for_a_publish(lastseen: Lastseen, own_larch_court: Path, extracts: Path) -> None:
    listed = {load.source: load.n for load in Workspace.open(own_larch_court).loads()}
    lastseen("unload", listed["housing"], "--no-publish", "--workspace", own_larch_court)
    lastseen("load", "housing", next(extracts.glob("housing*")), "--no-publish", "--workspace", own_larch_court)
    done = lastseen("status", "--workspace", own_larch_court)
    assert done.exit_code == 0
    assert "as at 20 July 2018" in done.stderr
    assert f"Not in the graph yet: load {max(listed.values()) + 1}." in done.stderr
    assert f"Still in the graph: load {listed['housing']}." in done.stderr


@pytest.mark.neo4j
def test_a_server_that_holds_another_workspaces_graph_is_not_taken_for_this_ones(
    lastseen: Lastseen, server_of_larch_court: str, tmp_path: Path
) -> None:
    Workspace.open(tmp_path / "other", create=True)
    done = lastseen("status", "--workspace", tmp_path / "other", "--engine", server_of_larch_court, "--format", "json")
    said = json.loads(done.stdout)
    assert said["workspace"] is None
    assert len(said["loads"]) == 23
    assert any("another workspace's graph" in note for note in said["notes"])


def test_status_as_csv_is_one_row_a_type(lastseen: Lastseen, larch_court: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(lastseen("status", "--format", "csv", "--workspace", larch_court).stdout)))
    assert [row["name"] for row in rows] == [*NODES, *EDGES]


# --- check --------------------------------------------------------------------------------------------------------


def test_a_sound_workspace_has_no_findings(lastseen: Lastseen, own_larch_court: Path) -> None:
    lastseen("publish", "--workspace", own_larch_court)
    done = lastseen("check", "--workspace", own_larch_court, "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert "Nothing found: 23 loads" in done.stderr


def test_a_stored_file_that_changed_is_found(lastseen: Lastseen, own_larch_court: Path) -> None:
    load = Workspace.open(own_larch_court).loads()[0]
    other = Workspace.open(own_larch_court).loads()[1]
    shutil.copy(other.table("people"), load.table("people"))
    found = findings(lastseen("check", "--workspace", own_larch_court, "--format", "json"))
    assert f"{load.directory.name}: people.parquet is not as it was written (its hash differs)." in found


def test_a_lost_table_and_a_damaged_manifest_are_found_beside_each_other(lastseen: Lastseen, own_larch_court: Path) -> None:
    first, second, third, *_ = Workspace.open(own_larch_court).loads()
    first.table("people").unlink()
    (second.directory / "manifest.json").write_text("{")
    (third.directory / "stray.txt").write_text("")
    found = findings(lastseen("check", "--workspace", own_larch_court, "--format", "json"))
    for load in (first, second, third):
        assert any(line.startswith(load.directory.name) for line in found)


def test_counts_that_do_not_add_up_are_found(lastseen: Lastseen, own_larch_court: Path) -> None:
    load = Workspace.open(own_larch_court).loads()[0]
    manifest = load.directory / "manifest.json"
    said = json.loads(manifest.read_text())
    wrong = {"read": said["read"] + 1, "rejected": 0, "tables": {**said["tables"], "people": 99}}
    manifest.write_text(json.dumps({**said, **wrong}))
    found = findings(lastseen("check", "--workspace", own_larch_court, "--format", "json"))
    assert any("rows were read, but" in line for line in found)
    assert any("the manifest says 99" in line for line in found)


@pytest.mark.parametrize("damage", ["build", "table", "CURRENT"])
def test_a_lost_or_damaged_graph_is_found_and_publish_mends_it(lastseen: Lastseen, own_larch_court: Path, damage: str) -> None:
    if damage == "build":
        shutil.rmtree(build_of(own_larch_court))
    elif damage == "table":
        (build_of(own_larch_court) / "tables" / "ABOUT.parquet").unlink()
    else:
        (own_larch_court / "graph" / "CURRENT").write_bytes(b"\xff")
    found = findings(lastseen("check", "--workspace", own_larch_court, "--format", "json"))
    assert any(line.startswith("graph: ") for line in found)
    assert lastseen("publish", "--workspace", own_larch_court).exit_code == 0
    done = lastseen("check", "--workspace", own_larch_court)
    assert done.exit_code == 0, done.output
    assert lastseen("ask", "not_seen", "--workspace", own_larch_court).exit_code == 0


def test_an_engine_that_holds_fewer_than_its_tables_is_found_and_a_full_publish_mends_it(
    lastseen: Lastseen, own_larch_court: Path, empty_larch_court: Path
) -> None:
    lastseen("publish", "--workspace", own_larch_court)
    shutil.copy(build_of(empty_larch_court) / "ladybug.db", build_of(own_larch_court) / "ladybug.db")
    found = findings(lastseen("check", "--workspace", own_larch_court, "--format", "json"))
    assert any("Contact: the engine holds" in line for line in found)
    assert lastseen("publish", "--full", "--workspace", own_larch_court).exit_code == 0
    assert lastseen("check", "--workspace", own_larch_court).exit_code == 0


@pytest.fixture
def empty_larch_court(lastseen: Lastseen, extracts: Path, tmp_path: Path) -> Path:
    """A workspace with one of Larch Court's extracts."""
    home = tmp_path / "small"
    lastseen("load", "housing", next(extracts.glob("housing*")), "--workspace", home)
    return home


def test_loads_that_the_graph_lacks_are_found(lastseen: Lastseen, own_larch_court: Path) -> None:
    lastseen("unload", 1, "--no-publish", "--workspace", own_larch_court)
    found = findings(lastseen("check", "--workspace", own_larch_court, "--format", "json"))
    assert any("holds load 1" in line for line in found)


def test_a_damaged_journal_is_found(lastseen: Lastseen, own_larch_court: Path) -> None:
    (own_larch_court / "journal.sqlite").write_bytes(b"no database at all" * 100)
    done = lastseen("check", "--workspace", own_larch_court, "--format", "json")
    assert "foresaw" not in done.stderr
    assert done.exit_code in (1, 3)
    if done.exit_code == 1:
        assert any(line.startswith("journal.sqlite") for line in findings(done))


def test_a_workspace_that_others_can_read_is_found(lastseen: Lastseen, own_larch_court: Path) -> None:
    own_larch_court.chmod(0o755)
    found = lastseen("check", "--workspace", own_larch_court, "--format", "json")
    assert any("Others on this machine" in line for line in findings(found))


@pytest.mark.neo4j
def test_a_server_that_lost_rows_or_holds_another_build_is_found(
    lastseen: Lastseen, own_larch_court: Path, clean_neo4j: str
) -> None:
    from lastseen.graph.neo4j_server import connect, server

    lastseen("publish", "--workspace", own_larch_court)
    words = ["check", "--workspace", own_larch_court, "--engine", clean_neo4j, "--format", "json"]
    publish_to(Workspace.open(own_larch_court), clean_neo4j)
    assert lastseen(*words).exit_code == 0
    with connect(server(clean_neo4j)) as driver:
        driver.execute_query("MATCH (c:Contact) WITH c LIMIT 3 DETACH DELETE c")
    assert any("Contact: the engine holds" in line for line in findings(lastseen(*words)))
    done = lastseen("publish", "--full", *words[1:-2])
    assert done.exit_code == 0, done.stderr
    assert lastseen(*words).exit_code == 0
    lastseen("unload", 1, "--workspace", own_larch_court)
    assert any("It holds build" in line for line in findings(lastseen(*words)))
