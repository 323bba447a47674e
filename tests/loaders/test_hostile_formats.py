"""Workbooks, XML and JSON that are broken, locked, oversized or meant to harm: each refused by name with nothing written,
or read as Excel would show it; the words were written before the code."""

from __future__ import annotations

import csv
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.formats import watching, xml_events
from lastseen.loaders.formats import xml_tables as xml_module
from lastseen.loaders.formats.xml_tables import xml_tables
from lastseen.loaders.inputs import as_text
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import Mapping, parse_mapping

Write = Callable[..., Path]
Book = Callable[..., Path]
RowsOf = Callable[[Load, str], list[dict[str, object]]]

HEAD = """
source: people
title: People
doc: People.
shape: event
expected_every: 31
unknown: ["", "NK"]
dates: "%d/%m/%Y"
files:
"""
ROWS = """
    columns:
      Id: {kind: id, required: true, filled: true}
      Born: {kind: date, required: true}
    rows:
      people: [{person: Id, born_on: Born}]
"""
DAY = date(2024, 5, 31)


@pytest.fixture(scope="module")
def sheet() -> Mapping:
    return parse_mapping(f'{HEAD}  - sheet: "List 1"{ROWS}', "sheet.yaml")


@pytest.fixture(scope="module")
def xml() -> Mapping:
    return parse_mapping(f"{HEAD}  - xml: /M/P{ROWS}", "xml.yaml")


@pytest.fixture(scope="module")
def json() -> Mapping:
    return parse_mapping(f'{HEAD}  - json: "[]"{ROWS}', "json.yaml")


def refused(workspace: Workspace, mapping: Mapping, path: Path) -> str:
    with pytest.raises(Refused) as said:
        load(workspace, mapping, [path], extract_date=DAY, publish=False)
    assert workspace.loads() == []
    assert [*(workspace.home / "loads").iterdir()] == []
    return said.value.what


def births(workspace: Workspace, mapping: Mapping, path: Path, rows_of: RowsOf) -> dict[object, object]:
    load(workspace, mapping, [path], extract_date=DAY, publish=False, replace=True)
    return {row["person"]: row.get("born_on") for row in rows_of(workspace.loads()[-1], "people")}


# --- XML ----------------------------------------------------------------------------------------------------------

PERSON = "<P><Id>7</Id><Born>2015-03-27</Born></P>"


@pytest.mark.parametrize(("text", "said"), [
    (f'<!DOCTYPE M [<!ENTITY a "7">]><M>{PERSON}</M>', "declares a document type or entities"),
    (f'<!DOCTYPE M SYSTEM "http://x.test/m.dtd"><M>{PERSON}</M>', "declares a document type or entities"),
    (f'<?xml version="1.0"?>\n<!DOCTYPE M [<!ENTITY x SYSTEM "file:///etc/passwd">]><M>{PERSON}<P><Id>&x;</Id></P></M>',
     "declares a document type or entities"),
    (f"<M>{PERSON}<P><Id>&x;</Id></P></M>", "is not whole XML (about line 1)"),
    (f"<M>{PERSON}\n<P><Id>8</Id>", "is not whole XML (about line 2)"),
    (f"<M>{PERSON}</M>\n{PERSON}", "is not whole XML (about line 2)"),
    (f"<M>{PERSON}<x:P/></M>", "is not whole XML"),
    ("<M>" + "<a>" * 200 + "</a>" * 200 + PERSON + "</M>", "nested too deep"),
    ("<M><P>" + "<a/>" * 5_001 + "</P></M>", "nested too deep or too long"),
    (f"<M><P><Id>{'7' * (2 << 20)}</Id></P></M>", "has a text longer than any cell"),
    ("<M><P><Id>7</Id></P></M>", "has nothing at Born"),
    ("<M><Q/></M>", "holds no table of people"),
    ("<N>" + PERSON + "</N>", "holds no table of people"),
    ("<", "is not whole XML"),
])
def test_xml_that_is_not_whole_or_not_to_be_trusted_is_refused(
    workspace: Workspace, xml: Mapping, write: Write, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(xml_module, "MAX_HELD", 5_000)
    monkeypatch.setattr(xml_events, "MAX_TEXT", 1 << 20)
    assert said in refused(workspace, xml, write(text, "a.xml"))


def test_odd_but_whole_xml_is_read(workspace: Workspace, xml: Mapping, write: Write, rows_of: RowsOf) -> None:
    text = (f'<?xml version="1.0" encoding="ISO-8859-1"?><!-- <P><Id>1</Id></P> --><M xmlns="u" xmlns:x="v">{PERSON}stray<x:P>'
            "<x:Born><![CDATA[28/03/2015]]></x:Born><Id> 8\n</Id></x:P><P><Id>9</Id><Born/></P><?go on?></M>\n")
    assert births(workspace, xml, write(text.encode("cp1252"), "a.xml"), rows_of) == {
        "7": date(2015, 3, 27), "8": date(2015, 3, 28), "9": None,
    }


def test_a_longer_document_needs_no_more_memory(xml: Mapping, tmp_path: Path) -> None:
    def peak(people: int) -> int:
        path = tmp_path / "big.xml"
        path.write_text(f"<M><Header><Taken>2024-05-31</Taken></Header>{PERSON * people}</M>")
        tracemalloc.start()
        (found,) = xml_tables(as_text(path, "big.xml", tmp_path), xml.files, tmp_path)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found.text.path.read_bytes().count(b"\n") == people + 1
        return held

    assert peak(10_000) < 1.2 * peak(5_000)


# --- JSON ---------------------------------------------------------------------------------------------------------

ONE = '{"Id": "7", "Born": "2015-03-27"}'


@pytest.mark.parametrize(("text", "said"), [
    (f"[{ONE}, ", "is not whole JSON"),
    (f"[{ONE}", "is not whole JSON"),
    (f"{ONE}\n{ONE[:20]}", "is not whole JSON"),
    (f"{ONE} trailing", "is not whole JSON"),
    (f"[{ONE}] {ONE}", "is not whole JSON"),
    ("{", "is not whole JSON"),
    ('[{"Id": 7, "Born": ' + "[" * 50_000 + "]" * 50_000 + "}]", "is nested too deep"),
    ('[{"Id": "[\\\\\\"[", "Born": ' + '{"a":' * 101 + "1" + "}" * 101 + "}]", "is nested too deep"),
    ('{"Id": 7, "Born": ' + "[" * 50_000 + "]" * 50_000 + "}\n" + ONE, "is not whole JSON"),
    (f'[{{"Id": "{"7" * (2 << 20)}"}}]', "has an object longer than any child's"),
    ('[{"Id": 7}]', "has nothing at Born"),
    ("[]", "holds no table of people"),
    ('{"resourceType": "Bundle", "entry": null}', "holds no table of people"),
])
def test_json_that_is_not_whole_is_refused(
    workspace: Workspace, json: Mapping, write: Write, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(watching, "MAX_OBJECT", 1 << 20)
    assert said in refused(workspace, json, write(text, "a.json"))


def test_values_keep_their_digits_and_odd_objects_are_rejected_not_lost(
    workspace: Workspace, json: Mapping, write: Write, rows_of: RowsOf
) -> None:
    text = ('\N{BYTE ORDER MARK}[{"Id": 9434765919, "Born": "27/03/2015"}, {"Id": 12.0, "Born": null}, {"Id": "Zo\\u00eb\\nX", '
            '"Born": ["2015"]}, 5, {"Born": "2015-01-01"}, {"Id": "\\ud800", "Born": {"a": 1}}, '
            '{"Id": "n\\u0000", "Born": ""}, ' + ", ".join('{"Id": "x", "Born": ""}' for _ in range(20)) + "]")
    assert births(workspace, json, write(text, "a.json"), rows_of) == {
        "9434765919": date(2015, 3, 27), "12": None, "Zoë X": date(2015, 1, 1), "x": None,
    }
    one = workspace.loads()[0]
    with one.rejected_rows.open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)] == [
            ("5", "Id", "the cell is empty"), ("6", "Id", "the cell is empty"),
            ("7", "Born", "not a date of the expected style"), ("8", "", "holds a NUL byte"),
        ]


# --- workbooks ----------------------------------------------------------------------------------------------------

SHEET = "xl/worksheets/sheet1.xml"
GOOD = {1: ["Id", "Born"], 2: ["7", date(2015, 3, 27)]}


def rezipped(path: Path, member: str, data: str | bytes) -> Path:
    """The workbook with one member put in its place."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, old in {**members, member: data}.items():
            archive.writestr(name, old)
    return path


@pytest.mark.parametrize(("member", "data", "said"), [
    ("xl/workbook.bin", "x", "is a binary workbook (.xlsb)"),
    (SHEET, "<worksheet><sheetData><row r='1'>", "is not whole XML"),
    (SHEET, "<!DOCTYPE a []><worksheet/>", "declares a document type"),
    (SHEET, "<worksheet><row r='2'><c r='A2'/></row><row r='1'/></worksheet>", "is a damaged workbook"),
    (SHEET, "<worksheet><row r='99999999'><c r='A1'><v>1</v></c></row></worksheet>", "is a damaged workbook"),
    (SHEET, "<worksheet><row><c r='ZZZZ1'><v>1</v></c></row></worksheet>", "is a damaged workbook"),
    (SHEET, "<worksheet><row><c t='s'><v>5</v></c></row></worksheet>", "is a damaged workbook"),
    (SHEET, b"\xff\xfe<worksheet/>", "is a damaged workbook"),
    (SHEET, "<worksheet>" + " " * (80 << 20) + "</worksheet>", "unpacks to"),
    (SHEET, "<worksheet><row>" + "<c/>" * 200_001 + "</row></worksheet>", "has rows longer than any table's"),
    (SHEET, "<worksheet/>", "holds no table of people"),
    ("xl/workbook.xml", "<workbook/>", "holds no table of people"),
    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "is an OpenDocument file (.ods)"),
])
def test_a_workbook_that_can_t_be_trusted_is_refused(
    workspace: Workspace, sheet: Mapping, book: Book, member: str, data: str | bytes, said: str
) -> None:
    assert said in refused(workspace, sheet, rezipped(book({"List 1": GOOD}), member, data))


def test_old_locked_and_cut_off_workbooks_are_refused_by_name(
    workspace: Workspace, sheet: Mapping, book: Book, write: Write
) -> None:
    assert "is an old Excel or Word file (.xls), or one locked" in refused(
        workspace, sheet, write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"))
    whole = book({"List 1": GOOD}).read_bytes()
    assert "is a damaged zip archive or workbook" in refused(workspace, sheet, write(whole[:-30], "b.xlsx"))
    flipped = whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    assert "is locked with a password" in refused(workspace, sheet, write(flipped, "c.xlsx"))


def test_a_sheet_is_read_as_excel_shows_it(workspace: Workspace, sheet: Mapping, book: Book, rows_of: RowsOf) -> None:
    rows = {
        1: ["People", None, "as of"], 3: ["Note", "ID ", "  born"],
        4: ["x", 12345.0, date(2015, 3, 27)], 5: [None, "0042", 42090], 6: [None, "1.5E3", "27/03/2015"],
        7: [None, '<v>1.0E+1</v>', '<f>TODAY()</f><v>42090</v>'], 9: [None, "a", "2015-03"],
        10: [None, '<f>A1</f>', date(2015, 3, 27)], 11: [None, "b", '<f>NOW()</f>'], 12: [None, "c", "#REF!"],
        13: [None, "d", 0], 14: [None, "e", "NK", "far", "beyond"], 15: [None, "\u00a0f \u200b", "tomorrow"],
        **{row: [None, f"g{row}", None] for row in range(20, 40)},
    }
    found = births(workspace, sheet, book({"Notes": {1: ["Id"]}, "list_1": rows, "List 2": GOOD}), rows_of)
    assert {name: born for name, born in found.items() if not str(name).startswith("g")} == {
        "12345": date(2015, 3, 27), "0042": date(2015, 3, 27), "10": date(2015, 3, 27), "a": date(2015, 3, 1), "c": None,
        "d": None, "e": None,
    }
    with workspace.loads()[0].rejected_rows.open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)] == [
            ("6", "Id", "a spreadsheet has rounded the number"), ("10", "Id", "a formula without a stored value"),
            ("11", "Born", "a formula without a stored value"), ("15", "Born", "not a date of the expected style"),
        ]


def test_the_calendar_of_1904_counts_four_years_later(
    workspace: Workspace, sheet: Mapping, book: Book, rows_of: RowsOf
) -> None:
    rows = {1: ["Id", "Born"], 2: ["7", date(2015, 3, 27)], 3: ["8", 40628]}
    assert births(workspace, sheet, book({"List 1": rows}, epoch=1904), rows_of) == {
        "7": date(2015, 3, 27), "8": date(2015, 3, 27),
    }


def test_hidden_and_other_sheets_are_passed_over_aloud(workspace: Workspace, sheet: Mapping, book: Book) -> None:
    path = book({"List 1": GOOD, "LIST_1": {**GOOD, 2: ["8", None]}, "Guidance": GOOD}, hidden=["LIST_1"])
    report = load(workspace, sheet, [path], extract_date=DAY, publish=False)
    assert report.read == 1
    assert report.warnings[0] == "book.xlsx: 2 parts are not used (LIST_1 (hidden), Guidance …)."


@pytest.mark.parametrize(("header", "said"), [
    (["Id"], "has no column Born"), (["Id", "Born", "Born"], "has Born twice"), (["Born", "Name"], "has no column Id"),
])
def test_a_sheet_without_its_columns_is_refused(
    workspace: Workspace, sheet: Mapping, book: Book, header: list[str], said: str
) -> None:
    assert said in refused(workspace, sheet, book({"List 1": {1: header, 2: ["7", "x"]}}))


def test_a_list_comes_as_csv_too_and_a_plain_table_as_a_workbook(
    workspace: Workspace, sheet: Mapping, book: Book, write: Write, rows_of: RowsOf
) -> None:
    titled = write("Title\n\nid,born\n7,27/03/2015\n", "list_1.csv")
    assert births(workspace, sheet, titled, rows_of) == {"7": date(2015, 3, 27)}
    plain = parse_mapping(f"{HEAD}  - match: '*.csv'\n    title_rows: 1{ROWS}", "plain.yaml")
    assert births(workspace, plain, book({"Any": {**GOOD, 2: ["9", 42090]}}), rows_of) == {"9": date(2015, 3, 27)}
