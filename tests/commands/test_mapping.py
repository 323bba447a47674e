"""`lastseen map` and mappings of the workspace's own: proposed, finished, loaded with, kept, listed, never overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace

Lastseen = Callable[..., Any]

# Made up: a nursery's list, whole, with its day in every row.
CHILDREN = """Extract date,NHS number,Surname,Forename,Date of birth,Sex,Address,Postcode,Provider,Start date
15/06/2024,9434765919,Ash,Rowan,02/03/2021,F,1 Elm Row,AB1 2CD,Acorns,01/09/2023
15/06/2024,9434765870,Birch,Sam,25/04/2021,M,2 Elm Row,AB1 2CD,Acorns,01/09/2023
"""
DECIDED = {"shape: TO DECIDE": "shape: snapshot", "kind: TO DECIDE": "kind: {is: early_years}",
           "register: TO DECIDE": "register: {is: early_years}"}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def children(tmp_path: Path) -> Path:
    path = tmp_path / "nursery_list_2024.csv"
    path.write_text(CHILDREN)
    return path


def finished(text: str) -> str:
    for mark, value in DECIDED.items():
        assert mark in text
        text = text.replace(mark, value)
    return text


def test_a_register_is_added_from_a_file_to_an_answer(lastseen: Lastseen, home: Path, children: Path) -> None:
    done = lastseen("map", children, "--workspace", home)
    assert done.exit_code == 0, done.stderr
    own = home / "mappings" / "nursery_list.yaml"
    assert "people" in done.stdout
    assert "Ash" in done.stdout
    assert f"The mapping is written to {own}" in done.stderr
    assert "3 to decide before it can be loaded" in done.stderr
    assert (own.stat().st_mode & 0o777, own.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "Ash" not in own.read_text()
    assert Workspace.open(home).loads() == []

    refused = lastseen("load", "nursery_list", children, "--workspace", home)
    assert refused.exit_code == 2
    for line, point in ((9, "shape"), (30, "agencies.kind"), (34, "registrations.register")):
        assert point in refused.stderr, line
    assert refused.stderr.count("TO DECIDE\n") == 3
    listed = lastseen("sources", "--workspace", home)
    assert "nursery_list can't be loaded yet: 3 to decide" in listed.stderr
    assert "nursery_list" not in listed.stdout

    own.write_text(finished(own.read_text()))
    shown = lastseen("map", children, "--mapping", own, "--workspace", home, "--format", "json")
    said = json.loads(shown.stdout)
    assert (said["to_decide"], said["faults"], said["read"], said["rejected"]) == ([], [], 2, 0)
    assert said["counts"]["registrations"] == 2
    assert {one["record"] for one in said["records"] if one["line"] == 3} == {
        "people", "identifiers", "places", "residences", "registrations",
    }  # fmt: skip
    assert lastseen("load", "nursery_list", children, "--workspace", home).exit_code == 0
    rows = json.loads(lastseen("sources", "--workspace", home, "--format", "json").stdout)
    assert [(row["source"], row["mapping"]) for row in rows if row["mapping"]] == [("nursery_list", str(own))]
    found = lastseen("find", "Rowan Ash", "--workspace", home, "--format", "csv")
    assert "nursery_list:9434765919" in found.stdout


def test_a_mapping_file_is_loaded_with_and_kept_in_the_workspace(
    lastseen: Lastseen, home: Path, children: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "mine.yaml"
    assert lastseen("map", children, "--out", mapping, "--source", "acorns", "--workspace", home).exit_code == 0
    assert mapping.stat().st_mode & 0o777 == 0o600
    assert not home.exists(), "nothing was to be written there"
    assert lastseen("load", mapping, children, "--workspace", home).exit_code == 2
    mapping.write_text(finished(mapping.read_text()))
    done = lastseen("load", mapping, children, "--no-publish", "--workspace", home)
    assert done.exit_code == 0, done.stderr
    assert "from now on `lastseen load acorns FILE` does" in done.stderr
    assert (home / "mappings" / "acorns.yaml").read_text() == mapping.read_text()
    folder = tmp_path / "incoming"
    folder.mkdir()
    (folder / "anything.csv").write_text(CHILDREN.replace("15/06/2024", "15/07/2024"))
    again = lastseen("load", folder, "--yes", "--no-publish", "--workspace", home)
    assert again.exit_code == 0, again.stderr
    assert "anything.csv: acorns" in again.stderr
    mapping.write_text(mapping.read_text().replace("lag: 0", "lag: 1"))
    other = lastseen("load", mapping, children, "--no-publish", "--workspace", home)
    assert other.exit_code == 2
    assert "another mapping for acorns" in other.stderr
    replaced = lastseen("load", mapping, children, "--no-publish", "--replace", "--workspace", home)
    assert replaced.exit_code == 0, replaced.stderr
    assert "lag: 1" in (home / "mappings" / "acorns.yaml").read_text()


def test_nothing_is_written_over_and_no_shipped_source_is_taken(
    lastseen: Lastseen, home: Path, children: Path, tmp_path: Path
) -> None:
    lastseen("map", children, "--workspace", home)
    own = home / "mappings" / "nursery_list.yaml"
    own.write_text("mine")
    assert lastseen("map", children, "--workspace", home).exit_code == 2
    assert own.read_text() == "mine"
    assert lastseen("map", children, "--workspace", home, "--replace").exit_code == 0
    assert own.read_text() != "mine"
    out = tmp_path / "out.yaml"
    out.write_text("mine")
    assert "is there already" in lastseen("map", children, "--out", out, "--workspace", home).stderr
    assert out.read_text() == "mine"
    shipped = lastseen("map", children, "--source", "gp_list", "--workspace", home)
    assert (shipped.exit_code, "is a source that Lastseen ships" in shipped.stderr) == (2, True)
    named = lastseen("map", children, "--source", "../../etc", "--workspace", home)
    assert (named.exit_code, "is no name for a source" in named.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "is not YAML"), ("source: x\n", "faults"), (b"\xff\xfe\x00", "not UTF-8"), (None, "can't be read")],
)
def test_a_mapping_that_is_none_is_refused_before_anything_is_read(
    lastseen: Lastseen, home: Path, children: Path, tmp_path: Path, text: str | bytes | None, said: str
) -> None:
    mapping = tmp_path / "mine.yaml"
    if text is not None:
        mapping.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = lastseen("load", mapping, children, "--workspace", home)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert Workspace.open(home).loads() == []


def test_a_mapping_of_the_workspace_that_is_spoilt_stops_no_other_source(
    lastseen: Lastseen, home: Path, children: Path, extracts: Path
) -> None:
    Workspace.open(home, create=True)
    (home / "mappings").mkdir()
    for name, text in {"spoilt": "a: [", "gp_list": "a: 1", "other": "source: another"}.items():
        (home / "mappings" / f"{name}.yaml").write_text(text)
    listed = lastseen("sources", "--workspace", home)
    assert listed.exit_code == 0
    for said in ("spoilt can't be loaded yet: it can't be read", "gp_list can't be loaded yet: a shipped source has that name"):
        assert said in listed.stderr
    births = next(extracts.rglob("births*.csv"))
    assert lastseen("load", "births", births, "--no-publish", "--workspace", home).exit_code == 0
    assert "has" in lastseen("load", "other", births, "--workspace", home).stderr
