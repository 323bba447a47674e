"""A mapping proposed from XML and JSON: what repeats is the row, its leaves are the columns, and the loader reads them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import Mapping, parse_mapping
from lastseen.loaders.proposing.proposal import Several, propose

TAKEN = date(2025, 1, 31)
SHARED = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
Write = Callable[..., Path]
Finish = Callable[..., Mapping]

NESTED = """{"meta": {"extractDate": "2025-01-31"}, "children": [
 {"id": "c1", "firstName": "Ada", "lastName": "Hill", "dateOfBirth": "2015-05-01", "flags": ["a", "b"],
  "home": {"postcode": "BD1 1AA", "address line 1": "4 Elm Row"},
  "addresses": [{"postcode": "BD1 1AA", "startDate": "2020-01-01"}, {"postcode": "BD1 2AA", "startDate": "2021-01-01"}]},
 {"id": "c2", "firstName": "Ben", "lastName": "Moor", "dateOfBirth": "2016-05-01", "home": {"postcode": "BD1 3AA"},
  "addresses": [{"postcode": "BD1 3AA", "startDate": "2022-01-01"}]}]}"""


@pytest.fixture
def finish(tmp_path: Path) -> Finish:
    """`finish(path, table)`: the proposal for a file, as a snapshot and without what else is to be decided."""
    count = 0

    def of(path: Path, table: str | None = None) -> Mapping:
        nonlocal count
        count += 1
        work = tmp_path / f"work-{count}"
        work.mkdir()
        found = propose(path, "proposed", work, table)
        return parse_mapping(found.text.replace("shape: TO DECIDE", "shape: snapshot").replace(": TO DECIDE", ": null"), "p")

    return of


def people(workspace: Workspace, rows_of: Any) -> list[dict[str, Any]]:
    return [{**row, "born_on": str(row.get("born_on"))} for row in rows_of(workspace.loads()[-1], "people")]


def test_the_children_of_the_census_are_rows_with_what_their_elements_say(
    finish: Finish, workspace: Workspace, need: Callable[[object, str], None]
) -> None:
    path = SHARED / "cin" / "fake_CIN_data.xml"
    need(path.exists(), f"the public census files are not in {SHARED}")
    with pytest.raises(Several) as several:
        finish(path)
    assert several.value.tables == ["Child", "CINdetails"]
    mapping = finish(path, "Child")
    [kind] = mapping.files
    assert (kind.xml, kind.columns["PersonBirthDate"].path) == ("/Message/Children/Child", "ChildIdentifiers/PersonBirthDate")
    report = load(workspace, mapping, [path], extract_date=TAKEN, publish=False)
    assert (report.read, report.kept) == (332, 332)
    assert workspace.load(1).tables["people"] == 332
    details = finish(path, "CINdetails")
    assert details.files[0].columns["LAchildID"].path == "../ChildIdentifiers/LAchildID"
    assert load(workspace, details, [path], extract_date=TAKEN, publish=False, replace=True).read == 402


def test_objects_of_a_list_are_rows_and_those_inside_know_what_is_around_them(
    finish: Finish, workspace: Workspace, write: Write, rows_of: Any
) -> None:
    path = write(NESTED, "children.json")
    with pytest.raises(Several) as several:
        finish(path)
    assert several.value.tables == ["children", "addresses"]
    mapping = finish(path, "children")
    [kind] = mapping.files
    assert (kind.json_steps, kind.extract_date) == (["children[]"], "extractDate")
    assert {name: column.path for name, column in kind.columns.items()} == {
        "id": None, "firstName": None, "lastName": None, "dateOfBirth": None, "postcode": "home.postcode",
        "address line 1": 'home."address line 1"', "extractDate": "/meta/extractDate",
    }  # fmt: skip
    load(workspace, mapping, [path], publish=False)
    assert [(row["person"], row["given_name"], row["born_on"]) for row in people(workspace, rows_of)] == [
        ("c1", "Ada", "2015-05-01"), ("c2", "Ben", "2016-05-01"),
    ]  # fmt: skip
    assert str(workspace.load(1).extract_date) == "2025-01-31"
    inner = finish(path, "addresses").files[0]
    assert inner.json_steps == ["children[]", "addresses[]"]
    assert (inner.columns["id"].path, inner.columns["dateOfBirth"].path) == ("../id", "../dateOfBirth")


ASH = '{"nhs": "9434765919", "surname": "Ash", "dob": "2015-05-01"}'
ELM = '{"nhs": "9434765870", "surname": "Elm", "dob": "2016-05-01"}'


@pytest.mark.parametrize("text", [
    f"[{ASH}, {ELM}]", f"{ASH}\n{ELM}\n",
    '<a><list><c nhs="9434765919"><surname>Ash</surname><dob>2015-05-01</dob></c>'
    '<c nhs="9434765870"><surname>Elm</surname><dob>2016-05-01</dob></c></list></a>',
    '<a xmlns="urn:x"><c nhs="9434765919" surname="Ash" dob="2015-05-01"/>'
    '<c nhs="9434765870" surname="Elm" dob="2016-05-01"/></a>',
], ids=["list", "one a line", "elements", "attributes"])  # fmt: skip
def test_a_plain_list_is_mapped_whichever_way_it_is_written(
    finish: Finish, workspace: Workspace, write: Write, rows_of: Any, text: str
) -> None:
    path = write(text, "export")
    load(workspace, finish(path), [path], extract_date=TAKEN, publish=False)
    assert [(row["person"], row["family_name"], row["born_on"]) for row in people(workspace, rows_of)] == [
        ("9434765919", "Ash", "2015-05-01"), ("9434765870", "Elm", "2016-05-01"),
    ]  # fmt: skip


def test_keys_that_are_no_names_are_read_where_they_stand(
    finish: Finish, workspace: Workspace, write: Write, rows_of: Any
) -> None:
    """Found by `make fuzz`: a key with a tab, an empty one, one that is the row's number, two that differ in spacing alone."""
    row = {"row": "9", "": "x", "d\to\tb": "2015-05-01", "sur  name": "Ash", "NHS": "9434765919", "n h s": "9434765870",
           "'q\"": 1}  # fmt: skip
    path = write(json.dumps([row, {**row, "NHS": "9434765870", "n h s": ""}]), "export")
    mapping = finish(path)
    assert {"d o b": '"d\\to\\tb"', "sur name": '"sur  name"'}.items() <= {
        name: column.path for name, column in mapping.files[0].columns.items()
    }.items()
    load(workspace, mapping, [path], extract_date=TAKEN, publish=False)
    assert [(one["person"], one["family_name"], one["born_on"]) for one in people(workspace, rows_of)] == [
        ("9434765919", "Ash", "2015-05-01"), ("9434765870", "Ash", "2015-05-01"),
    ]  # fmt: skip


def test_resources_of_a_bundle_are_told_by_their_type(finish: Finish, need: Callable[[object, str], None]) -> None:
    path = SHARED / "pds_fhir" / "Patient.json"
    need(path.exists(), f"the public patients are not in {SHARED}")
    [kind] = finish(path, "Patient").files
    assert (kind.json_steps, kind.columns["birthDate"].kind) == (["[?resourceType=='Patient']"], "date")


@pytest.mark.parametrize(("text", "why"), [
    ("<a><b>1</b></a>", "Nothing repeats"), ("<a><b>1</b><b>2</b></a>", "Nothing repeats"), ("<a><b></a>", "not whole XML"),
    ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document type or entities"), ('[{"a": 1}', "not whole JSON"),
    ("[1, 2]", "no list of objects"), ('[{"q": 1}, {"q": 2}]', "None of the headers"),
    ("[{" + ",".join(f'"dob{n}": "x"' for n in range(400)) + "}]", "more than 300 leaves"),
    ("[" * 200, "not whole JSON|nested"),
])  # fmt: skip
def test_what_has_no_rows_or_is_damaged_is_refused(finish: Finish, write: Write, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        finish(write(text, "export"))
