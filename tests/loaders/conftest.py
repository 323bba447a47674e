"""Two small sources of our own and a workspace, for tests of loading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from workbooks import Cell, write_book

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
def visits_text() -> str:
    return VISITS


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


Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """`book({"List 1": {1: ["Id", …], 3: [7, date(…), None]}}, hidden=["List 2"], epoch=1904)` writes a workbook: rows by their
    number; a text that begins with '<' is a cell's own XML."""

    def make(
        sheets: dict[str, dict[int, list[Cell]]], name: str = "book.xlsx", hidden: Sequence[str] = (), epoch: int = 1900
    ) -> Path:
        return write_book(tmp_path / "inputs" / name, sheets, hidden, epoch)

    return make
