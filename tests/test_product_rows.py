"""Rows of the comparison with other products, each held as a test on Larch Court: validation with rejects, loading again,
how fresh each feed is, and where every node and edge comes from."""

from __future__ import annotations

import csv
import hashlib
import random
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Settings, Workspace
from lastseen.graph.origin import TABLES_OF, Origin, origins, rows_of_agency
from lastseen.graph.projection import project
from lastseen.graph.rows import RowNames
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables
from lastseen.loaders.demo import demo
from lastseen.loaders.folders import load_folder
from lastseen.loaders.loading import load
from lastseen.loaders.quality import quality
from lastseen.queries.catalogue import catalogue
from lastseen.queries.session import open_session

LATE = date(2019, 6, 1)
"""Months after the last extract of Larch Court: every feed is late but those that come only when they change."""
DAY = r"\d{4}-\d\d-\d\d|\d\d[/.-]\d\d[/.-]\d{4}|\d\d-\w{3}-\d{4}|\b(19|20)\d{6}\b"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    demo(folder := tmp_path_factory.mktemp("demo"))
    return folder


@pytest.fixture(scope="module")
def workspace(root: Path) -> Workspace:
    return Workspace.open(root / "larch-court")


@pytest.fixture(scope="module")
def extracts(root: Path) -> Path:
    return root / "extracts" / "larch-court"


@pytest.fixture(scope="module")
def tables(workspace: Workspace) -> GraphTables:
    build = workspace.current_build()
    assert build
    return build.tables


def graph_hash(tables: GraphTables) -> str:
    """One hash of all nodes and edges, whatever order they are written in."""
    digest = hashlib.sha256()
    for name in (*NODES, *EDGES):
        for row in sorted(repr(row) for row in tables.read(name).to_pylist()):
            digest.update(row.encode())
    return digest.hexdigest()


# --- D1: every rejected row in a file with line, field and reason; loaded + rejected = read -------------------------


def test_every_rejected_row_is_in_a_file_with_line_field_and_reason_and_the_sums_hold(extracts: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(extracts, spoilt)
    wrong: dict[str, int] = {}
    for path in sorted(spoilt.iterdir()):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text("\n".join([*lines, re.sub(DAY, "never", lines[-1])]) + "\n", encoding="utf-8")
        wrong[path.name] = len(lines) + 1
    workspace = Workspace.open(tmp_path / "home", create=True)
    workspace.save_settings(Settings(refuse_share=0.9))
    reports = load_folder(workspace, spoilt, publish=False)
    told: dict[str, int] = {}
    for one in workspace.loads():
        assert one.read == one.kept + one.rejected
        rows = list(csv.DictReader(one.rejected_rows.open(encoding="utf-8", newline="")))
        assert len(rows) == one.rejected
        for row in rows:
            assert row["column"]
            assert row["reason"]
            assert row["mend"]
            told[row["file"]] = int(row["line"])
    assert told == wrong
    assert sum(report.read for report in reports) == sum(report.kept + report.rejected for report in reports)


# --- D2: loading twice changes nothing; stale facts are closed per source and not deleted ----------------------------


def test_loading_twice_and_building_again_changes_nothing(
    workspace: Workspace, extracts: Path, tables: GraphTables, tmp_path: Path
) -> None:
    before = graph_hash(tables)
    reports = load_folder(workspace, extracts)
    assert not any(report.changed for report in reports)
    build = workspace.current_build()
    assert build
    assert build.tables == tables
    assert graph_hash(project(workspace, workspace.loads(), tmp_path / "again")) == before


def test_stale_facts_are_closed_within_their_source_and_nothing_is_deleted(
    root: Path, extracts: Path, tables: GraphTables, tmp_path: Path
) -> None:
    shutil.copytree(root / "larch-court", tmp_path / "own")
    workspace = Workspace.open(tmp_path / "own")
    lines = (extracts / "gp_list_P1_2016-11-22_fictional.csv").read_text(encoding="utf-8-sig").splitlines()
    later = tmp_path / "gp_list_P1_2017-01-22.csv"
    without_ellis = [line for line in lines if ",Ellis," not in line]
    later.write_text("\n".join(without_ellis).replace("22/11/2016", "22/01/2017"), encoding="utf-8")
    load(workspace, "gp_list", [later], publish=False)
    after = project(workspace, workspace.loads(), tmp_path / "after")
    closed = []
    for name in EDGES:
        old, new = ({row["key"]: row for row in which.read(name).to_pylist()} for which in (tables, after))
        assert new.keys() == old.keys(), "nothing is deleted, and the list said nothing new"
        changed = [(old[key], new[key]) for key in old if old[key] != new[key]]
        for was, now in changed:
            assert (was["source"], was["valid_to"], now["valid_to"]) == ("gp_list", None, date(2017, 1, 22))
            assert now["end_known_on"] == date(2017, 1, 22)
            assert {key for key in was if was[key] != now[key]} <= {"valid_to", "end_known_on", "end_reason"}
            closed.append(name)
    assert sorted(closed) == ["LIVES_AT", "REGISTERED_WITH"]


# --- D3: per source the last complete load, the latest event, the expected interval; late feeds beside every result ----


def test_each_source_tells_its_last_load_its_latest_event_and_when_the_next_is_due(workspace: Workspace) -> None:
    told = {(one.source, one.scope): one for one in quality(workspace, None, LATE).coverage}
    assert {source for source, _ in told} == {one.source for one in workspace.loads()}
    police = told["police_notices", "VULNERABLE PEOPLE"]
    assert (police.last_load, police.last_extract) == (18, date(2018, 9, 28))
    assert (police.latest_event, police.expected_every) == (date(2018, 9, 19), 31)
    assert (police.due_on, police.late_by) == (date(2018, 10, 30), 214)
    gp = told["gp_list", "P1"]
    assert (gp.last_extract, gp.expected_every, gp.late_by) == (date(2016, 11, 22), 3650, 0), "sent when it changes"


def test_a_late_feed_is_shown_beside_every_result_that_depends_on_it(workspace: Workspace) -> None:
    session = open_session(workspace.home)
    try:
        for name, question in catalogue().items():
            answer = session.ask(name, LATE)
            told = {entry.register: entry.stale for entry in answer.freshness}
            for register in (*question.header.registers_needed, *question.header.helps):
                assert register in answer.not_loaded or register in told, f"{name} keeps {register} to itself"
            assert (told["police_notices"], told["health_visiting"], told["gp_list"]) == (True, True, False), name
    finally:
        session.close()


# --- D5: every node and edge answers file, row, load and when it was first and last said -----------------------------


def test_a_random_thousand_nodes_and_edges_answer_file_row_load_and_when_they_were_first_and_last_said(
    workspace: Workspace, tables: GraphTables
) -> None:
    loads = {one.n: one for one in workspace.loads()}
    names = RowNames({
        int(row["id"].removeprefix("load:")): row["files"].split("/") for row in tables.read("Load").to_pylist()
    })  # fmt: skip
    evidence = _evidence(tables)
    things = [(name, row) for name in (*NODES, *EDGES) for row in tables.read(name).to_pylist() if name != "Load"]
    walked = random.Random(5).sample(things, min(1000, len(things)))
    assert len(walked) == 1000
    rests = [(thing, [(kind, names.text(number)) for kind, number in _rows(*thing, evidence)]) for thing in walked]
    rests = [
        ((name, row), on or [("Agency", text) for text in rows_of_agency([*loads.values()], row["code"])])
        for (name, row), on in rests
    ]
    said = origins(list(loads.values()), {text for _, on in rests for _, text in on})
    for (name, row), on in rests:
        assert on, f"nothing says {name} {row.get('id') or row.get('key')}"
        for kind, text in on:
            origin = next(said[text][table] for table in TABLES_OF[kind] if table in said[text])
            _holds(origin, loads[origin.load], row if "source" in row else {})


Evidence = dict[str, list[tuple[str, int]]]


def _evidence(tables: GraphTables) -> Evidence:
    """Node id → (type, row) of what says that it is there: its own row, or edges at it, or their contact's row."""
    found: Evidence = {row["id"]: [("Contact", row["row"])] for row in tables.read("Contact").to_pylist()}
    found |= {row["id"]: [("Record", row["row"])] for row in tables.read("Record").to_pylist()}
    contacts = {**found}
    for name in EDGES:
        for row in tables.read(name).to_pylist():
            for end in ("from", "to"):
                if row[end] not in contacts:
                    found.setdefault(row[end], []).extend([(name, row["row"])] if "row" in row else contacts[row["from"]])
    return found


def _rows(name: str, row: dict[str, Any], evidence: Evidence) -> list[tuple[str, int]]:
    """What a node or edge rests on; an edge without a row of its own (a contact's agency, worker, place) on its contact."""
    if row.get("row") is not None:
        return [(name, row["row"])]
    return evidence.get(row["from"] if name in EDGES else row["id"], [])


def _holds(origin: Origin, load: Any, edge: dict[str, Any]) -> None:
    assert origin.file in {file["name"] for file in load.files}
    assert 1 < origin.line <= load.read + 4, "a line of the file, below its header"
    assert origin.first_said <= origin.extract_date == load.extract_date
    assert origin.first_said <= origin.last_said
    if edge:
        assert origin.source == edge["source"] == load.source
        assert origin.first_said == origin.extract_date, "the graph keeps the row that said it first"
        known = edge.get("known_on")
        assert known is None or known <= origin.first_said
        if edge.get("end_reason") == "gone from list":
            assert origin.last_said < edge["end_known_on"]
