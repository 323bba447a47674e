# ruff: noqa: E501 - a table: one case a line
"""The hostile corpus: made-up files, each with the exact report it has to give or the exact words it has to be refused with.

The expectations were written by hand before a case was run, with the loader and its words known. A file that can be read holds twenty plain
rows beside its odd ones, so that the share of rejects never decides. A refused one changes nothing of the workspace.
"""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from workbooks import Cell, write_book

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.loading import load, unload
from lastseen.loaders.mapping import Mapping, parse_mapping, read_mapping

MAPPING = """
source: made_up
title: Made-up people
doc: Made-up people.
shape: snapshot
expected_every: 31
unknown: ["", NK]
dates: "%d/%m/%Y"
files:
  - {PLACE}
    columns:
      Id: {kind: id, required: true, filled: true}
      Name: {required: true}
      Born: {kind: date}
      Nhs: {kind: nhs}
      Upn: {kind: upn}
      Postcode: {kind: postcode}
      Uprn: {kind: uprn}
    rows:
      people: [{person: Id, given_name: Name, born_on: Born}]
      identifiers:
        - {person: Id, scheme: {is: nhs}, value: Nhs}
        - {person: Id, scheme: {is: upn}, value: Upn}
      places: [{place: {hash: [Postcode, Uprn]}, kind: {is: property}, postcode: Postcode, uprn: Uprn}]
      residences: [{person: Id, place: {hash: [Postcode, Uprn]}, basis: {is: claimed}, kind: {is: home}}]
"""
COLUMNS = ["Id", "Name", "Born", "Nhs", "Upn", "Postcode", "Uprn"]
DAY = date(2024, 5, 31)
PLAIN = [[f"p{n}", "Plain", "27/03/2015", "", "", "", ""] for n in range(20)]

EMPTY, NO_DATE, ROUNDED = "the cell is empty", "not a date of the expected style", "a spreadsheet has rounded the number"
WIDTH, QUOTE, NUL = ("more or fewer cells than the header", "a quote is not closed or stands inside a cell", "holds a NUL byte")
RETURN, LONG, FORMULA = "holds a line end of another kind", "longer than any row is", "a formula without a stored value"


def text(*rows: str, header: str = ",".join(COLUMNS), end: str = "\n") -> str:
    """A CSV: its odd rows first (from line 2), then the plain ones."""
    return end.join([header, *rows, *(",".join(row) for row in PLAIN), ""])


def row(id: str = "x", name: str = "Odd", born: str = "", nhs: str = "", upn: str = "", postcode: str = "", uprn: str = "") -> str:
    return ",".join([id, name, born, nhs, upn, postcode, uprn])


def zipped(members: dict[str, str | bytes], link: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if link else 0
            archive.writestr(info, content)
    return out.getvalue()


def sheet(*rows: list[Cell], above: int = 0, epoch: int = 1900, hidden: bool = False) -> Callable[[Path], None]:
    """A workbook with the sheet 'People': title rows, header, odd rows, plain rows."""
    listed = [["Made up"]] * above + [[*COLUMNS], *([*one] for one in rows), *([*one] for one in PLAIN)]
    numbered: dict[int, list[Cell]] = {number: [*one] for number, one in enumerate(listed, 1)}

    def write(path: Path) -> None:
        write_book(path, {"People": numbered, "Old": {1: ["x"]}} if hidden else {"People": numbered}, ["Old"], epoch)

    return write


def people(*inner: str) -> str:
    plain = [f"<P><Id>{one[0]}</Id><Name>{one[1]}</Name></P>" for one in PLAIN]
    return "<M>" + "".join([*(f"<P>{one}</P>" for one in inner), *plain]) + "</M>"


def objects(*odd: str, lines: bool = False) -> str:
    said = [*odd, *(f'{{"Id": "{one[0]}", "Name": "{one[1]}"}}' for one in PLAIN)]
    return "\n".join(said) if lines else f"[{', '.join(said)}]"


Content = str | bytes | Callable[[Path], None]


@dataclass(frozen=True)
class Good:
    """A file that is taken: what its odd rows are rejected for, the warnings about its cells, and (person, name, born) of odd
    rows that are kept."""

    name: str
    content: Content
    odd: int = 1
    reasons: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    warnings: tuple[str, ...] = ()
    says: tuple[tuple[str, str, str], ...] = ()


A = "a.csv"
GOOD = {
    "UTF-8": Good(A, text(row(name="Zoë O'Brien")), says=(("x", "Zoë O'Brien", ""),)),
    "UTF-8 with mark": Good(A, text(row(name="Zoë")).encode("utf-8-sig"), says=(("x", "Zoë", ""),)),
    "UTF-16 little end": Good(A, text(row(name="Zoë")).encode("utf-16-le"), warnings=("{f} was read as UTF-16-LE.",),
                              says=(("x", "Zoë", ""),)),
    "UTF-16 big end": Good(A, text(row(name="Zoë")).encode("utf-16-be"), warnings=("{f} was read as UTF-16-BE.",),
                           says=(("x", "Zoë", ""),)),
    "UTF-16 with mark": Good(A, text(row(name="Zoë")).encode("utf-16"), warnings=("{f} was read as UTF-16.",),
                             says=(("x", "Zoë", ""),)),
    "cp1252": Good(A, text(row(name="Zoë O’Brien")).encode("cp1252"), warnings=("{f} was read as CP1252.",),
                   says=(("x", "Zoë O’Brien", ""),)),
    "CRLF": Good(A, text(row(), end="\r\n")),
    "a quoted newline": Good(A, text(row(name='"Ann\nLee"')), says=(("x", "Ann Lee", ""),)),
    "a quoted separator": Good(A, text(row(name='"Lee, Ann"')), says=(("x", "Lee, Ann", ""),)),
    "ragged rows": Good(A, text("x,Odd", row() + ",,more"), odd=2, reasons={WIDTH: 2}, rejected=2),
    "an open quote": Good(A, text(row(name='"Odd')), reasons={QUOTE: 1}, rejected=1),
    "a NUL": Good(A, text(row(name="O\0dd")), reasons={NUL: 1}, rejected=1),
    "a stray return": Good(A, text(row(name="O\rdd")), reasons={RETURN: 1}, rejected=1),
    "a giant cell": Good(A, text(row(name="x" * (2 << 20))), reasons={LONG: 1}, rejected=1),
    "headers in another order": Good(A, "\n".join(",".join(reversed(one)) for one in [COLUMNS, *PLAIN]), odd=0),
    "headers spelt otherwise": Good(A, text(row(), header="ID , name,BORN,nhs,upn,post code,uprn".replace("post code", "Postcode"))),
    "an empty id": Good(A, text(row(id="")), reasons={f"Id: {EMPTY}": 1}, rejected=1),
    "placeholder ids": Good(A, text(row("-1"), row("0"), row("unknown")), odd=3, reasons={f"Id: {EMPTY}": 3}, rejected=3),
    "a rounded id": Good(A, text(row("1.23E+15")), reasons={f"Id: {ROUNDED}": 1}, rejected=1),
    "a rounded NHS number": Good(A, text(row(nhs="9.43E+09")), reasons={f"Nhs: {ROUNDED}": 1}, rejected=1),
    "placeholder dates": Good(A, text(row("x1", born="01/01/1900"), row("x2", born="31/12/9999")), odd=2,
                              says=(("x1", "Odd", ""), ("x2", "Odd", ""))),
    "partial dates": Good(A, text(row("x1", born="2015"), row("x2", born="zz/05/2015"), row("x3", born="2015-05")), odd=3,
                          says=(("x1", "Odd", "2015 year"), ("x2", "Odd", "2015 month"), ("x3", "Odd", "2015 month"))),
    "dates that are none": Good(A, text(row(born="31/02/2015"), row(born="soon")), odd=2, reasons={f"Born: {NO_DATE}": 2}, rejected=2),
    "a serial in a CSV": Good(A, text(row(born="42090")), reasons={f"Born: {NO_DATE}": 1}, rejected=1),
    "a birth after the extract": Good(A, text(row(born="01/06/2024")), rejected=1,
                                      reasons={"Born: later than the day of the extract": 1}),
    "placeholder NHS numbers": Good(A, text(row(nhs="0000000000"), row(id="y", nhs="9999999999")), odd=2),
    "an NHS number that fails": Good(A, text(row(nhs="9434765918")),
                                     warnings=("{f}, Nhs: 1 NHS numbers fail their check; they are kept as written.",)),
    "a UPN of odd shape": Good(A, text(row(upn="12345")), warnings=("{f}, Upn: 1 UPNs have an unusual shape; they are kept as written.",)),
    "a UPN with a wrong check letter": Good(
        A, text(row(upn="A123456789012"), row(id="y", upn="B123456789012")), odd=2,
        warnings=("{f}, Upn: 1 UPNs have a wrong check letter; they are kept as written.",),
    ),
    "placeholder postcodes": Good(A, text(row(postcode="XXXX XXX"), row(id="y", postcode="NOPOSTCODE")), odd=2),
    "a postcode that is none": Good(A, text(row(postcode="nope")),
                                    warnings=("{f}, Postcode: 1 postcodes have no known shape; they are kept as written.",)),
    "placeholder UPRNs": Good(A, text(row(uprn="1"), row(id="y", uprn="0"), row(id="z", uprn="-1")), odd=3),
    "HTML": Good(A, text(row(name="<script>alert(1)</script>")), says=(("x", "<script>alert(1)</script>", ""),)),
    "emoji": Good(A, text(row(name="Ann 👶")), says=(("x", "Ann 👶", ""),)),
    "RTF": Good(A, text(row(name="{\\rtf1 Ann}")), says=(("x", "{\\rtf1 Ann}", ""),)),
    "SQL": Good(A, text(row(name="'; DROP TABLE bad; --")), says=(("x", "'; DROP TABLE bad; --", ""),)),
    "a formula": Good(A, text(row(id="", name="=1+1")), reasons={f"Id: {EMPTY}": 1}, rejected=1),
    "blank lines": Good(A, text("", ",,,,,,", " "), odd=0),
    "a zip": Good("a.zip", zipped({"in/a.csv": text(row())})),
    "a zip with more in it": Good("a.zip", zipped({"a.csv": text(row()), "b.txt": "x"}),
                                  warnings=("{f}: 1 part is not used (b.txt …).",)),
    "a day of Excel's": Good("a.xlsx", sheet(["x", "Odd", date(2015, 3, 27)]), says=(("x", "Odd", "2015 day"),)),
    "a serial in a workbook": Good("a.xlsx", sheet(["x", "Odd", 42090]), says=(("x", "Odd", "2015 day"),)),
    "1904": Good("a.xlsx", sheet(["x", "Odd", date(2015, 3, 27)], epoch=1904), says=(("x", "Odd", "2015 day"),)),
    "title rows": Good("a.xlsx", sheet(["x", "Odd"], above=3)),
    "a hidden sheet": Good("a.xlsx", sheet(["x", "Odd"], hidden=True), warnings=("{f}: 1 part is not used (Old (hidden) …).",)),
    "a formula without a value": Good("a.xlsx", sheet(["x", "Odd", "<f>NOW()</f>"]), reasons={f"Born: {FORMULA}": 1}, rejected=1),
    "an id Excel has rounded": Good("a.xlsx", sheet(["<v>1.23E+15</v>", "Odd"]), reasons={f"Id: {ROUNDED}": 1}, rejected=1),
    "XML's own escapes": Good("a.xml", people("<Id>x</Id><Name>O&apos;Brien &amp; &lt;b&gt;</Name>"),
                              says=(("x", "O'Brien & <b>", ""),)),
    "an empty id in XML": Good("a.xml", people("<Id/><Name>Odd</Name>"), reasons={f"Id: {EMPTY}": 1}, rejected=1),
    "JSON's own escapes": Good("a.json", objects('{"Id": "x", "Name": "Zo\\u00eb"}'), says=(("x", "Zoë", ""),)),
    "NDJSON": Good("a.ndjson", objects('{"Id": "x", "Name": "Odd"}', lines=True)),
    "an empty id in JSON": Good("a.json", objects('{"Id": null, "Name": "Odd"}'), reasons={f"Id: {EMPTY}": 1}, rejected=1),
}  # fmt: skip

WHOLE = zipped({"a.csv": text(row())})
BAD: dict[str, tuple[str, Content, str]] = {
    "nothing": (A, "", "{f} is empty."),
    "white paper": (A, "\n \n", "{f} has no header."),
    "a header alone": (A, ",".join(COLUMNS) + "\n", "{f} has a header and no rows."),
    "mixed encodings": (A, text(row(name="Zoë")).encode() + "y,Zoë,,,,,\n".encode("cp1252"),
                        "{f} is neither UTF-8 nor Windows-1252 throughout."),
    "a false mark": (A, b"\xef\xbb\xbf" + text(row(name="Zoë")).encode("cp1252"), "{f} says it is UTF-8 and is not."),
    "half a character": (A, text(row()).encode("utf-16") + b"1", "{f} says it is UTF-16 and is not."),
    "a binary file": (A, bytes(range(256)) * 20, "{f} is a binary file, not a table of text."),
    "a PDF": (A, "%PDF-1.7", "{f} is a PDF, not a table of text."),
    "semicolons": (A, text(row()).replace(",", ";"), "{f} has no column Id, Name. Nothing was loaded."),
    "a column twice": (A, text(row() + ",", header=",".join([*COLUMNS, "id"])).replace("Id", "ID", 1),
                       "{f} has Id twice. Nothing was loaded."),
    "a column missing": (A, text(header=",".join(["Id", "Nom", *COLUMNS[2:]])), "{f} has no column Name. Nothing was loaded."),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600,
                        "{f} is an old Excel or Word file (.xls), or one locked with a password, not a table of text."),
    "a zip cut short": ("a.zip", WHOLE[:-10], "{f} is a damaged zip archive or workbook."),
    "a path out of the zip": ("a.zip", zipped({"../a.csv": text()}), "{f} holds a member whose path leads out of it."),
    "a link in the zip": ("a.zip", zipped({"a.csv": "/etc/passwd"}, link=True), "{f} holds a link (a.csv), not a file."),
    "a name twice in the zip": ("a.zip", zipped({"x/a.csv": text(), "y/a.csv": text()}), "{f} holds a.csv more than once."),
    "a bomb": ("a.zip", zipped({"a.csv": b"0" * (70 << 20)}), "{f} unpacks to 73,400,320 bytes, which no extract does."),
    "nothing of ours": ("a.zip", zipped({"b.txt": "x"}), "{f} holds no table of made_up."),
    "a DTD": ("a.xml", "<!DOCTYPE M><M/>", "{f} declares a document type or entities, which no extract needs."),
    "billion laughs": ("a.xml", '<!DOCTYPE M [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><M>&b;</M>',
                       "{f} declares a document type or entities, which no extract needs."),
    "an external entity": ("a.xml", '<!DOCTYPE M [<!ENTITY a SYSTEM "file:///etc/passwd">]><M>&a;</M>',
                           "{f} declares a document type or entities, which no extract needs."),
    "XML cut short": ("a.xml", people()[:-4], "{f} is not whole XML (about line 1). Nothing was loaded."),
    "XML nested deep": ("a.xml", "<M>" + "<a>" * 300 + "</a>" * 300 + "</M>", "{f} has parts that are nested too deep or too long."),
    "JSON cut short": ("a.json", objects()[:-1], "{f} is not whole JSON. Nothing was loaded."),
    "JSON nested deep": ("a.json", '[{"Id": ' + "[" * 3_000 + "]" * 3_000 + "}]", "{f} is nested too deep."),
    "NDJSON cut short": ("a.ndjson", objects(lines=True)[:-5], "{f} is not whole JSON. Nothing was loaded."),
}  # fmt: skip

HEAD = MAPPING.replace("{PLACE}", 'match: "*.csv"')
MAPPINGS: dict[str, tuple[str | bytes, str]] = {
    "not UTF-8": ("source: Zoë".encode("cp1252"), "m.yaml is no mapping: it is not UTF-8 text."),
    "not YAML": ("a: [", "The mapping m.yaml is not YAML: "),
    "a tag": ("source: !!python/object/apply:os.system [x]", "The mapping m.yaml is not YAML: could not determine a constructor"),
    "a key twice": (HEAD + "\ntitle: x", "The mapping m.yaml is not YAML: 'title' stands twice"),
    "a kind nobody knows": (HEAD.replace("kind: nhs}", "kind: magic}"), "The mapping m.yaml has 1 fault:\n"),
    "a table nobody knows": (HEAD.replace("people: [", "puple: ["), "The mapping m.yaml has 2 faults:\n"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One workspace for all of them, with a good load in it."""
    home = tmp_path_factory.mktemp("corpus")
    workspace = Workspace.open(home / "workspace", create=True)
    standing = home / "standing.csv"
    standing.write_text(text(header=",".join(COLUMNS)))
    load(workspace, mapping_for(A), [standing], extract_date=date(2020, 1, 1), scope="standing")
    return workspace


def mapping_for(name: str) -> Mapping:
    place = {"xlsx": 'sheet: "People"', "xml": "xml: /M/P", "json": 'json: "[]"', "ndjson": 'json: "[]"'}
    return parse_mapping(MAPPING.replace("{PLACE}", place.get(name.rpartition(".")[2], 'match: "*.csv"')), "made_up.yaml")


def held(workspace: Workspace) -> tuple[object, ...]:
    """The workspace's loads, its build, and every file below it that is a load's or a build's."""
    build = workspace.current_build()
    files = sorted(str(path) for part in ("loads", "builds") for path in (workspace.home / part).rglob("*"))
    return [one.n for one in workspace.loads()], build and build.id, files


def written(folder: Path, name: str, content: Content) -> Path:
    path = folder / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def unchanged(store: Workspace) -> Iterator[Workspace]:
    """The workspace, which the test must leave as it found it."""
    before = held(store)
    yield store
    assert held(store) == before


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_taken_gives_this_very_report(
    unchanged: Workspace, tmp_path: Path, name: str, rows_of: Callable[..., list[dict[str, object]]]
) -> None:
    case = GOOD[name]
    path = written(tmp_path, case.name, case.content)
    report = load(unchanged, mapping_for(case.name), [path], extract_date=DAY, scope="odd", publish=False)
    try:
        (one,) = (one for one in unchanged.loads() if one.n in report.loads)
        absent = [said for said in report.warnings if "has no column" in said]  # the short tables of some formats
        assert (report.read, report.kept, report.rejected, report.reasons, [w for w in report.warnings if w not in absent]) == (
            20 + case.odd, 20 + case.odd - case.rejected, case.rejected, case.reasons,
            [said.replace("{f}", case.name) for said in case.warnings],
        )  # fmt: skip
        assert not absent or case.name.endswith(("xml", "json"))
        told = {str(row["person"]): row for row in rows_of(one, "people")}
        for person, given, born in case.says:
            precise = f"{told[person]['born_on'].year} {told[person]['born_precision']}" if born else ""  # type: ignore[attr-defined]
            assert (told[person]["given_name"], precise or told[person].get("born_on", "")) == (given, born)
        if case.rejected:
            with one.rejected_rows.open(encoding="utf-8", newline="") as file:
                cells = [cell for line in csv.reader(file) for cell in line]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    finally:
        for n in report.loads:
            unload(unchanged, n, publish=False)


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_taken_is_refused_in_these_very_words(unchanged: Workspace, tmp_path: Path, name: str) -> None:
    file, content, said = BAD[name]
    with pytest.raises(Refused) as refused:
        load(unchanged, mapping_for(file), [written(tmp_path, file, content)], extract_date=DAY, scope="odd", publish=False)
    assert refused.value.what == said.replace("{f}", file)
    assert refused.value.mend


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_mapping_that_is_none_is_refused_in_words(tmp_path: Path, name: str) -> None:
    content, said = MAPPINGS[name]
    with pytest.raises(Refused) as refused:
        read_mapping(written(tmp_path, "m.yaml", content))
    assert refused.value.what.startswith(said)


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(GOOD) + len(BAD) + len(MAPPINGS) >= 80
