from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lastseen.graph.archive import Workspace
from lastseen.graph.neo4j_server import connect, server
from lastseen.graph.publish import publish_to
from lastseen.loaders.loading import load

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def test_every_load_is_listed_with_what_was_read_and_kept(open_app: Open, words: Words) -> None:
    test = open_app("loads")
    assert not test.exception
    said = words(test)
    assert "Loads (23)" in said
    assert "<td>716</td><td>716</td><td>0</td>" in said
    assert "No row of these loads was rejected." in said


def test_a_source_that_stopped_is_late_on_a_later_day(open_app: Open, words: Words) -> None:
    assert "yes, by" in words(open_app("loads", as_at="2019-06-01"))
    assert "nothing yet by then" in words(open_app("loads", as_at="2003-01-01"))


def test_a_rejected_row_says_where_why_and_how_to_mend_it_without_its_cells(
    open_app: Open, words: Words, larch_court: Path, tmp_path: Path
) -> None:
    home = tmp_path / "own"
    shutil.copytree(larch_court, home)
    extract = next((larch_court.parent / "extracts").rglob("police_notices*.csv"))
    lines = extract.read_text(encoding="utf-8-sig").splitlines()
    faulty = tmp_path / "police_notices_faulty.csv"
    faulty.write_text("\n".join([*lines[:-1], _spoiled(lines[-1])]), encoding="utf-8")
    workspace = Workspace.open(home)
    report = load(workspace, "police_notices", [faulty], replace=True)
    assert report.rejected == 1
    said = words(open_app("loads", home=home))
    assert "1 row of 28 rejected" in said
    assert "police_notices_faulty.csv" in said
    assert "<th scope=\"col\">How to mend it</th>" in said


def test_a_workspace_without_loads_says_how_to_begin(open_app: Open, words: Words, tmp_path: Path) -> None:
    Workspace.open(tmp_path / "new", create=True)
    test = open_app("loads", home=tmp_path / "new")
    assert not test.exception
    assert "Nothing has been loaded into this workspace." in words(test)
    assert "lastseen load" in words(test)


@pytest.mark.neo4j
def test_a_server_tells_its_loads_and_that_it_is_being_published_to(
    open_app: Open, words: Words, larch_court: Path, clean_neo4j: str
) -> None:
    publish_to(Workspace.open(larch_court), clean_neo4j)
    alone = open_app("loads", home=None, engine=clean_neo4j)
    assert not alone.exception
    assert "Loads (23)" in words(alone)
    assert "The rejected rows lie in the workspace" in words(alone)
    assert "Being published" not in words(alone)
    with connect(server(clean_neo4j)) as driver:
        driver.execute_query("MATCH (m:LastseenMarker) SET m.phase = 'publishing'")
    beside = words(open_app("loads", engine=clean_neo4j))
    assert "Being published since" in beside
    assert "No row of these loads was rejected." in beside, "its workspace is at hand"


def _spoiled(line: str) -> str:
    """The line with its first date made impossible."""
    spoiled = re.sub(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|\d\d-\w{3}-\d{4}", "31/02/2016", line, count=1)
    assert spoiled != line
    return spoiled
