"""Two small sources of our own and a workspace, for tests of loading."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow.parquet as pq
import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.mapping import Mapping, parse_mapping

REGISTER = """
source: roll
title: A roll
doc: Children on a roll.
shape: snapshot
expected_every: 31
unknown: ["", "NK"]
dates: "%d/%m/%Y"
files:
  - match: "*.csv"
    extract_date: Taken
    scope: School
    columns:
      School: {required: true}
      Taken: {kind: date}
      Id: {required: true, filled: true}
      Name: {required: true}
      Born: {kind: date, required: true}
      From: {kind: date}
      To: {kind: date}
    rows:
      people:
        - {person: Id, given_name: Name, born_on: Born}
      agencies:
        - {agency: School, kind: {is: school}}
      registrations:
        - {person: Id, agency: School, register: {is: school}, valid_from: From, valid_to: To}
"""

VISITS = """
source: visits
title: Visits
doc: Visits to children.
shape: event
expected_every: 31
dates: ["%d/%m/%Y", "%Y-%m-%d"]
files:
  - match: "*.csv"
    recorded_on: Recorded
    columns:
      Child: {required: true}
      Name: {}
      Day: {kind: date, required: true}
      Seen: {kind: code, codes: {Y: 4, N: 1, ALONE: 5}}
      Recorded: {kind: date}
    rows:
      people:
        - {person: Child, given_name: Name}
      contacts:
        - {contact: {hash: [Child, Day]}, kind: {is: visit}, occurred_on: Day}
      participants:
        - {contact: {hash: [Child, Day]}, person: Child, role: {is: subject}, level: Seen}
"""


@pytest.fixture(scope="session")
def register_text() -> str:
    return REGISTER


@pytest.fixture(scope="session")
def register() -> Mapping:
    return parse_mapping(REGISTER, "roll.yaml")


@pytest.fixture(scope="session")
def visits() -> Mapping:
    return parse_mapping(VISITS, "visits.yaml")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "home", create=True)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write(text or bytes, name="a.csv")` writes an input file."""

    def to_file(content: str | bytes, name: str = "a.csv") -> Path:
        path = tmp_path / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Load, str], list[dict[str, object]]]:
    """A load's record table as dicts without what is null, by line."""

    def read(load: Load, table: str) -> list[dict[str, object]]:
        if not load.table(table).exists():
            return []
        rows = pq.read_table(load.table(table)).to_pylist()
        rows.sort(key=lambda row: (row["file"], row["line"]))
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    return read


Cell = str | int | float | date | None
Book = Callable[..., Path]


def _cell(reference: str, value: Cell, base: date) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if value.startswith("<"):  # a cell's inner XML as it is
            return f'<c r="{reference}">{value}</c>'
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{reference}" s="1"><v>{(value - base).days}</v></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """`book({"List 1": {1: ["Id", …], 3: [7, date(…), None]}}, hidden=["List 2"], epoch=1904)` writes a workbook: rows by their
    number; a text that begins with '<' is a cell's own XML."""

    def make(
        sheets: dict[str, dict[int, list[Cell]]], name: str = "book.xlsx", hidden: Sequence[str] = (), epoch: int = 1900
    ) -> Path:
        base = date(1904, 1, 1) if epoch == 1904 else date(1899, 12, 30)
        path = tmp_path / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        listed, related = "", ""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (title, rows) in enumerate(sheets.items(), 1):
                state = ' state="hidden"' if title in hidden else ""
                listed += f'<sheet name="{title}" sheetId="{number}"{state} r:id="rId{number}"/>'
                related += f'<Relationship Id="rId{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"/>'
                inner = "".join(
                    f'<row r="{row}">{"".join(_cell(f"{chr(65 + i)}{row}", one, base) for i, one in enumerate(cells))}</row>'
                    for row, cells in rows.items()
                )
                sheet = f"<worksheet {main}><sheetData>{inner}</sheetData></worksheet>"
                archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{office}">'
                             f'<workbookPr date1904="{int(epoch == 1904)}"/><sheets>{listed}</sheets></workbook>')
            archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
            styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
            archive.writestr("xl/styles.xml", f"<styleSheet {main}>{styles}</styleSheet>")
        return path

    return make
