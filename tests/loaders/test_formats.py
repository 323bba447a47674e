"""Workbooks, XML and JSON: small files written by hand, loaded by a mapping without code, and asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import Mapping, parse_mapping
from lastseen.loaders.recognising import recognise
from lastseen.queries.session import Session, open_session

Write = Callable[..., Path]
Book = Callable[..., Path]
RowsOf = Callable[[Load, str], list[dict[str, object]]]
Open = Callable[[Workspace], Session]

HEAD = """
source: SOURCE
title: Visits
doc: Visits to children.
shape: event
expected_every: 31
dates: "%d/%m/%Y"
files:
"""
LISTS = HEAD.replace("SOURCE", "lists") + """
  - sheet: "List 1"
    columns:
      Child ID: {required: true, filled: true, also: [Child Unique ID]}
      Born: {kind: date, required: true, also: [Date of Birth]}
    rows:
      people: [{person: Child ID, born_on: Born}]
  - sheet: "List 2"
    columns:
      Child ID: {required: true, filled: true, also: [Child Unique ID]}
      Last visit: {kind: date, required: true, filled: true}
      Seen: {kind: code, required: true, codes: {"a) Yes": 4, "b) No": 1}}
    rows:
      people: [{person: Child ID}]
      contacts: [{contact: {hash: [Child ID, Last visit]}, kind: {is: visit}, occurred_on: Last visit}]
      participants: [{contact: {hash: [Child ID, Last visit]}, person: Child ID, role: {is: subject}, level: Seen}]
"""
DOCUMENT = HEAD.replace("SOURCE", "document") + """
  - xml: /Message/Children/Child
    scope: Council
    columns:
      Council: {required: true, path: /Message/Header/LEA}
      Id: {required: true, filled: true, path: Ids/LAchildID}
      Born: {kind: date, path: Ids/Born}
    rows:
      people: [{person: Id, born_on: Born}]
  - xml: /Message/Children/Child/Visits/Visit
    extract_date: Taken
    scope: Council
    columns:
      Council: {required: true, path: /Message/Header/LEA}
      Taken: {kind: date, path: ../../../../Header/Taken}
      Id: {required: true, filled: true, path: ../../Ids/LAchildID}
      Key: {required: true, path: "@id"}
      Day: {kind: date, required: true, filled: true, path: Day}
      Seen: {kind: code, required: true, also: [WasSeen], codes: {"true": 4, "false": 1}}
    rows:
      people: [{person: Id}]
      contacts: [{contact: Key, kind: {is: visit}, occurred_on: Day}]
      participants: [{contact: Key, person: Id, role: {is: subject}, level: Seen}]
"""
OBJECTS = HEAD.replace("SOURCE", "objects") + """
  - json: "[?resourceType=='Patient']"
    columns:
      id: {required: true, filled: true}
      born: {kind: date, path: birthDate}
      given: {path: "name[0].given"}
    rows:
      people: [{person: id, born_on: born, given_name: given}]
  - json: ["[?resourceType=='Patient']", "visit[]"]
    columns:
      id: {required: true, filled: true, path: ../id}
      day: {kind: date, required: true, filled: true}
      seen: {kind: bool, required: true}
    rows:
      people: [{person: id}]
      contacts: [{contact: {hash: [id, day]}, kind: {is: visit}, occurred_on: day}]
      participants:
        - {contact: {hash: [id, day]}, person: id, role: {is: subject}, level: {code: seen, map: {"true": 4, "false": 1}}}
"""


@pytest.fixture(scope="module")
def lists() -> Mapping:
    return parse_mapping(LISTS, "lists.yaml")


@pytest.fixture(scope="module")
def document() -> Mapping:
    return parse_mapping(DOCUMENT, "document.yaml")


@pytest.fixture(scope="module")
def objects() -> Mapping:
    return parse_mapping(OBJECTS, "objects.yaml")


@pytest.fixture
def open_graph() -> Open:
    return lambda workspace: open_session(workspace.home)


def sights(session: Session, person: str) -> list[tuple[object, object, object]]:
    answer = session.ask("contact_history", date(2024, 6, 1), child=person)
    return [(row["occurred_on"], row["level"], row["row"]) for row in answer.rows]


# --- one story each -----------------------------------------------------------------------------------------------

VISITS = {
    "Front_Sheet": {1: ["About this workbook"]},
    "List_1": {1: ["List 1: children"], 2: ["Child Unique ID", "Date of Birth "], 3: [12345.0, date(2015, 3, 27)],
               4: ["007", date(2016, 4, 1)]},
    "List 2": {1: ["child id", "Note", "LAST  VISIT", "Seen?"], 3: [12345, None, date(2024, 5, 2), "b) No"],
               4: ["007", "x", "20/05/2024", "a) yes"]},
}


def test_a_workbook_s_lists_are_one_extract_and_a_row_is_told_as_excel_shows_it(
    workspace: Workspace, lists: Mapping, book: Book, rows_of: RowsOf, open_graph: Open
) -> None:
    report = load(workspace, lists, [book(VISITS)], extract_date=date(2024, 5, 31))
    assert (report.read, report.kept, len(report.loads)) == (4, 4, 1)
    (one,) = workspace.loads()
    assert [(row["person"], row["file"], row["line"]) for row in rows_of(one, "people")] == [
        ("12345", "book.xlsx#List_1", 3), ("007", "book.xlsx#List_1", 4),
    ]
    session = open_graph(workspace)
    assert sights(session, "lists:12345") == [(date(2024, 5, 2), 1, "1:book.xlsx#List 2:3")]
    assert sights(session, "lists:007") == [(date(2024, 5, 20), 4, "1:book.xlsx#List 2:4")]
    assert [session.last_seen(one, date(2024, 6, 1)).on for one in ("lists:12345", "lists:007")] == [None, date(2024, 5, 20)]


CENSUS = """<?xml version="1.0" encoding="utf-16"?>
<c:Message xmlns:c="urn:census"><c:Header><c:LEA>380</c:LEA><c:Taken>2024-05-31</c:Taken></c:Header><c:Children>
<c:Child><c:Ids><c:LAchildID>A1</c:LAchildID>stray<c:Born>2015-03-27</c:Born></c:Ids><c:Visits>
 <c:Visit id="V1"><c:Day>2024-05-02</c:Day><c:Seen>false</c:Seen></c:Visit>
 <c:Visit id="V2"><c:Day>2024-04-02</c:Day><c:WasSeen>true</c:WasSeen></c:Visit></c:Visits></c:Child>
<c:Child><c:Visits><c:Visit id="V3"><c:Day>03/05/2024</c:Day><c:Seen>true</c:Seen></c:Visit></c:Visits>
 <c:Ids><c:LAchildID>B2</c:LAchildID><c:Born>2016-04-01</c:Born></c:Ids></c:Child>
</c:Children></c:Message>"""


def test_an_xml_document_s_rows_know_what_they_lie_in(
    workspace: Workspace, document: Mapping, write: Write, open_graph: Open
) -> None:
    report = load(workspace, document, [write(CENSUS.encode("utf-16"), "a.xml")])
    assert (report.read, report.kept) == (5, 5)
    (one,) = workspace.loads()
    assert (one.extract_date, one.scopes) == (date(2024, 5, 31), ["380"])
    session = open_graph(workspace)
    assert sights(session, "document:A1") == [
        (date(2024, 5, 2), 1, "1:a.xml#Visit:2"), (date(2024, 4, 2), 4, "1:a.xml#Visit:3"),
    ]
    assert sights(session, "document:B2") == [(date(2024, 5, 3), 4, "1:a.xml#Visit:4")]


PATIENTS = [
    '{"resourceType": "Patient", "id": "A1", "birthDate": "2015-03-27", "name": [{"given": ["Zoë", "Ann"]}], '
    '"visit": [{"day": "2024-05-02", "seen": false}, {"day": "2024-04-02", "seen": true}]}',
    '{"resourceType": "Patient", "id": "B2", "birthDate": "2016-04", "visit": [{"day": "2024-05-03", "seen": true}]}',
    '{"resourceType": "Organization", "id": "O"}',
]
ENTRIES = ", ".join(f'{{"fullUrl": "u", "resource": {one}}}' for one in PATIENTS)


@pytest.mark.parametrize("text", [
    "\n".join(PATIENTS), f"[{', '.join(PATIENTS)}]", f'{{"resourceType": "Bundle", "entry": [{ENTRIES}]}}',
    f'{{"entry": [{ENTRIES}], "resourceType": "Bundle"}}',
])
def test_json_is_read_alike_as_lines_a_list_and_a_bundle(
    workspace: Workspace, objects: Mapping, write: Write, rows_of: RowsOf, open_graph: Open, text: str
) -> None:
    report = load(workspace, objects, [write(text, "a.json")], publish=text.startswith("["))
    assert (report.read, report.kept) == (5, 5)
    (one,) = workspace.loads()
    assert [(row["file"], row["line"], row["person"], row.get("given_name"), row["born_precision"])
            for row in rows_of(one, "people")] == [
        ("a.json#Patient", 2, "A1", "Zoë Ann", "day"), ("a.json#Patient", 3, "B2", None, "month"),
    ]
    assert [(row["file"], row["line"], row["occurred_on"]) for row in rows_of(one, "contacts")] == [
        ("a.json#visit", 2, date(2024, 5, 2)), ("a.json#visit", 3, date(2024, 4, 2)), ("a.json#visit", 4, date(2024, 5, 3)),
    ]
    if text.startswith("["):
        assert [level for _, level, _ in sights(open_graph(workspace), "objects:A1")] == [1, 4]


def test_such_files_are_recognised_by_what_is_in_them(
    lists: Mapping, document: Mapping, objects: Mapping, book: Book, write: Write
) -> None:
    mappings = [document, lists, objects]
    files = [book(VISITS, name="x.dat"), write(CENSUS, "y.dat"), write(PATIENTS[0], "z.dat"), write("<a><b/></a>", "w.xml")]
    assert [recognise(path, mappings).source for path in files] == ["lists", "document", "objects", None]
