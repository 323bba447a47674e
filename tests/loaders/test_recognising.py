"""A folder's files are told by their headers, whatever they are called; what nobody recognises is listed as such."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lastseen.graph.archive import Workspace
from lastseen.loaders.folders import load_folder
from lastseen.loaders.made_up.larch_court import write_larch_court
from lastseen.loaders.mapping import load_mapping, parse_mapping, source_names
from lastseen.loaders.recognising import plan, recognise

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extracts")
    write_larch_court(folder)
    return folder


def test_every_extract_of_larch_court_is_recognised(extracts: Path) -> None:
    planned = plan(extracts)
    assert [one.file for one in planned if one.source is None] == []
    found = {one.source for one in planned}
    assert (len(found), found - set(source_names())) == (18, set())  # the field's own formats are not made up


def test_a_name_that_tells_nothing_is_no_hindrance(extracts: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted(extracts.rglob("*.csv"))):
        (tmp_path / f"export ({number}).csv").write_bytes(path.read_bytes())
    by_bytes = {one.file.read_bytes(): one.source for one in plan(extracts)}
    for one in plan(tmp_path):
        assert one.source == by_bytes[one.file.read_bytes()], one.file.name


def test_what_nobody_recognises_is_listed_with_why(write: Write, extracts: Path) -> None:
    folder = write("x,y\n1,2\n", "table.csv").parent
    write(b"PK\x03\x04" + b"\0" * 50, "book.xlsx")
    write("", "empty.csv")
    write("hidden\n1\n", ".hidden.csv")
    assert [(one.file.name, one.source, one.why) for one in plan(folder)] == [
        ("book.xlsx", None, "book.xlsx is a damaged zip archive or workbook"),
        ("empty.csv", None, "empty.csv is empty"),
        ("table.csv", None, "no source has its columns"),
    ]


def test_a_file_that_fits_two_sources_alike_is_nobody_s(write: Write) -> None:
    text = """
source: SOURCE
title: A list
doc: A list.
shape: event
expected_every: 31
files:
  - columns: {Id: {required: true}}
    rows: {people: [{person: Id}]}
"""
    mappings = [parse_mapping(text.replace("SOURCE", name), name) for name in ("one", "two")]
    found = recognise(write("Id\n1\n"), mappings)
    assert (found.source, found.why) == (None, "it fits one and two; load it by name")


def test_a_zip_is_recognised_by_its_members(tmp_path: Path) -> None:
    path = tmp_path / "anything.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/some.nodes.Person.csv", ":ID,surname,nhs_no,name,age,:LABEL\n0,Hamilton,1,Todd,,Person\n")
        archive.writestr("readme.txt", "hello")
    assert recognise(path, [load_mapping("pole"), load_mapping("gp_list")]).source == "pole"


def test_a_folder_is_loaded_as_one_change_and_the_rest_is_named(
    workspace: Workspace, extracts: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in [*extracts.rglob("gp_list*.csv"), *extracts.rglob("births*.csv")]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "notes.csv").write_text("x,y\n1,2\n")
    reports = load_folder(workspace, folder, publish=False)
    assert [report.source for report in reports] == ["births", "gp_list"]
    assert reports[0].warnings == ["notes.csv was not loaded: no source has its columns."]
    assert len(reports[1].loads) == len([*folder.glob("gp_list*")])
    again = load_folder(workspace, folder, publish=False)
    assert [report.changed for report in again] == [False, False]
