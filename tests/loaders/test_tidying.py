"""What a raw cell means: one table a kind, written out by hand. Each is worked out alone and in a column that repeats."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from lastseen.loaders.inputs import Text
from lastseen.loaders.made_up.people import upn
from lastseen.loaders.mapping import parse_mapping
from lastseen.loaders.tidying import prepare, typed

MAPPING = """
source: cells
title: Cells
doc: One column.
shape: event
expected_every: 31
unknown: ["", NK, "#N/A"]
dates: ["%d/%m/%Y", "%Y-%m-%d"]
files:
  - columns:
      A: {COLUMN}
      Id: {}
    rows:
      people: [{person: KEY}]
"""

CSV = Text("a.csv", Path("a.csv"), 0, "UTF-8")

Case = tuple[str, object, str]
KINDS: dict[str, list[Case]] = {
    "kind: text": [
        ("  a  b ", "a b", ""), ("nk", None, ""), ("#N/A", None, ""), ("x\u00a0y\u200b", "x y", ""), ('="0012"', "0012", ""),
        ("Jose\u0301", "José", ""), ("", None, ""), (" \ufeff", None, ""), ("O'Brien; DROP TABLE", "O'Brien; DROP TABLE", ""),
        ("BABY", "BABY", ""), ("1.23E+15", "1.23E+15", ""), ("two\nlines", "two lines", ""),
    ],
    "kind: text, filled: true": [("", None, "empty"), ("NK", None, "empty"), ("a", "a", "")],
    "kind: date": [
        ("1/6/2012", date(2012, 6, 1), ""), ("01/06/2012", date(2012, 6, 1), ""), ("2012-06-01", date(2012, 6, 1), ""),
        ("2012-06-01 00:00:00.000", date(2012, 6, 1), ""), ("2012-06-01T00:00", date(2012, 6, 1), ""),
        ("zz/05/2020", date(2020, 5, 1), ""), ("zz/zz/2020", date(2020, 1, 1), ""), ("2020", date(2020, 1, 1), ""),
        ("2020-05", date(2020, 5, 1), ""), ("05/2020", date(2020, 5, 1), ""),
        ("zz/zz/zzzz", None, ""), ("01/01/1900", None, ""), ("31/12/9999", None, ""), ("0", None, ""), ("00/00/0000", None, ""),
        ("", None, ""), ("31/02/2012", None, "date"), ("x", None, "date"), ("01/06/12", None, "date"),
        ("12/12/20255", None, "date"), ("2012-13", None, "date"), ("1066-01-01", None, "date"), ("06/13/2012", None, "date"),
        ("2012-06-01 10:30", None, "date"), ("41061", None, "date"),
    ],
    "kind: date, filled: true": [("01/01/1900", None, "empty"), ("x", None, "date"), ("", None, "empty")],
    "kind: nhs": [
        ("943 476 5919", "9434765919", ""), ("943-476-5919", "9434765919", ""), ("9434765918", "9434765918", ""),
        ("0000000000", None, ""), ("-1", None, ""), ("9434765919.0", "9434765919", ""), ("9.43E+09", "9.43E+09", "exponent"),
    ],
    "kind: upn": [("a123456789012 ", "A123456789012", ""), ("0", None, ""), ("1.2E+11", "1.2E+11", "exponent")],
    "kind: id": [("0012", "0012", ""), ("12345.0", "12345", ""), ("-1", None, ""), ("0", None, ""), ("SSD_PH", None, ""),
                 ("unknown", None, ""), ("1.23E+15", "1.23E+15", "exponent")],
    "kind: postcode": [
        ("bd11aa", "BD1 1AA", ""), ("BD1  1AA", "BD1 1AA", ""), ("BD11 1aa", "BD11 1AA", ""), ("B1  1AA", "B1 1AA", ""),
        ("XXXX XXX", None, ""), ("nopostcode", None, ""), ("nope", "NOPE", ""), ("ZZ99 3VZ", "ZZ99 3VZ", ""),
    ],
    "kind: uprn": [("100", "100", ""), ("-1", None, ""), ("0", None, ""), ("1", None, ""), ("-0.0", None, ""),
                   ("1.0", None, ""), ("00012345.0", "12345", ""), ("1234567890123", None, ""), ("abc", None, "")],
    "kind: int": [("1", 1, ""), ("1.0", 1, ""), ("-3", -3, ""), ("1.5", None, "number"), ("x", None, "number"), ("", None, "")],
    "kind: float": [("1.5", 1.5, ""), ("nan", None, "number"), ("inf", None, "number"), ("x", None, "number")],
    "kind: bool": [("Y", True, ""), ("no", False, ""), ("1", True, ""), ("maybe", None, "yesno")],
    "kind: code, codes: {R: in, 01: out}": [
        ("r", "in", ""), (" R ", "in", ""), ("01", "out", ""), ("1", None, "code"), ("", None, ""),
    ],
    "kind: code, codes: {R: in}, else: null": [("R", "in", ""), ("x", None, "")],
    'kind: code, codes: {R: in, "": none}': [("", "none", ""), ("nk", "none", "")],
}


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    prepare(connection)
    return connection


@pytest.mark.parametrize("repeats", [1, 500], ids=["alone", "repeating"])
@pytest.mark.parametrize("column", KINDS)
def test_a_cell_means_what_its_kind_says(connection: duckdb.DuckDBPyConnection, column: str, repeats: int) -> None:
    cases = KINDS[column]
    mapping = parse_mapping(MAPPING.replace("COLUMN", column).replace("KEY", "Id"), "cells.yaml")
    raw = [case[0] for case in cases] * repeats
    lines = list(range(len(raw)))
    connection.register("raw_cells", pa.table({"line": lines, "begins": lines, "size": lines, "c0": raw}))
    query = typed(connection, "raw_cells", mapping.files[0], mapping, ["A"], CSV)
    found = connection.execute(f"SELECT v0, faults FROM ({query}) ORDER BY line LIMIT {len(cases)}").fetchall()
    assert [(*case[:1], *row) for case, row in zip(cases, found, strict=True)] == [
        (text, value, fault and f"0:{fault}") for text, value, fault in cases
    ]


def test_text_that_names_a_record_is_an_id(connection: duckdb.DuckDBPyConnection) -> None:
    """A spreadsheet's '.0' is dropped and its rounding refused; zeros and 0 itself stay, as they may be real ids."""
    mapping = parse_mapping(MAPPING.replace("COLUMN", "kind: text").replace("KEY", "A"), "cells.yaml")
    raw = ["12345.0", "0012", "0", "-1", "1.23E+15", "12.50"]
    lines = list(range(len(raw)))
    connection.register("raw_cells", pa.table({"line": lines, "begins": lines, "size": lines, "c0": raw}))
    query = typed(connection, "raw_cells", mapping.files[0], mapping, ["A"], CSV)
    found = connection.execute(f"{query} ORDER BY line").fetchall()
    assert [(row[3], row[-1]) for row in found] == [
        ("12345", ""), ("0012", ""), ("0", ""), ("-1", ""), ("1.23E+15", "0:exponent"), ("12.50", ""),
    ]


def test_a_pupil_number_is_checked_by_its_letter(connection: duckdb.DuckDBPyConnection) -> None:
    """Worked out by hand: each place times its number from 2 to 13, modulo 23, is the place of the first letter."""
    shaped = {
        "A123456789012": True,  # 2 + 6 + 12 + 20 + 30 + 42 + 56 + 72 + 90 + 0 + 12 + 26 = 368 = 16 * 23
        "Z123456789012": False, "A123456789013": False, "A213456789012": False, "A000000000000": True,
        "A00000000000A": True,  # temporary: its letter A counts 0
        "P00000000000B": True,  # B counts 1: 13, and P follows thirteen letters, as I and O are none
        "N00000000000B": False,
    }
    other = ["", "A12345678901", "I123456789012", "a123456789012", "A12345678901O", "380123456789X"]
    found = connection.execute(
        "SELECT x, upn_is_shaped(x), upn_letter_fits(x) FROM (SELECT unnest(?) AS x)", [[*shaped, *other, upn(31), upn(32)]]
    ).fetchall()
    assert found == [
        *((number, True, fits) for number, fits in shaped.items()), *((number, False, True) for number in other),
        (upn(31), True, True), (upn(32), True, True),
    ]  # fmt: skip
