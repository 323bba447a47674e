"""Rows a second from a register's file to an archived load, with every check, a format: `python bench/formats.py`.

The register is a GP practice list of made-up people, the same rows as CSV, workbook, XML and JSON, read by one mapping. Each
load is a process of its own, so that its peak memory is its own; rows a second are told of one core too (by processor seconds).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
from measure import machine, measured

from lastseen.graph.archive import Workspace
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import parse_mapping

FORMATS = ("csv", "xlsx", "xml", "json", "ndjson")
PLACES = {"csv": "", "xlsx": '    sheet: "List"\n', "xml": "    xml: /List/Patient\n", "json": '    json: "[]"\n'}
PLACES["ndjson"] = PLACES["json"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=FORMATS, action="append", help="this format alone (may be given again)")
    parser.add_argument("--load", nargs=3, metavar=("FORMAT", "FILE", "WORKSPACE"), help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.load:
        print(archived(*options.load))
        return
    print(f"{options.rows:,} rows on {machine()}\n")
    print("| format | MB | seconds | rows/s | processor s | rows/s of one core | peak MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory(prefix="lastseen-bench-") as temporary:
        work = Path(temporary)
        table = made_up(work / "gp_list.csv", options.rows)
        for name in options.only or FORMATS:
            path = table if name == "csv" else written(table, work / f"gp_list.{name}", name)
            command = [sys.executable, __file__, "--load", name, str(path), str(work / f"workspace-{name}")]
            took = measured(command, work / "load.log")
            if int(took.output) != options.rows:
                sys.exit(f"{name}: {took.output} rows were kept")
            rate, own = options.rows / took.seconds, options.rows / took.processor_seconds
            size = path.stat().st_size / 1e6
            print(f"| {name} | {size:.0f} | {took.seconds:.1f} | {rate:,.0f} | {took.processor_seconds:.1f} | {own:,.0f} "
                  f"| {took.peak_mib:.0f} |", flush=True)


def archived(name: str, path: str, home: str) -> int:
    """Load a file into a new workspace's archive; returns how many rows were kept."""
    import lastseen.loaders.sources as sources

    text = (Path(sources.__path__[0]) / "gp_list.yaml").read_text(encoding="utf-8")
    mapping = parse_mapping(text.replace('  - match: "gp_list*.csv"\n', f'  - match: "*"\n{PLACES[name]}'), "gp_list.yaml")
    return load(Workspace.open(Path(home), create=True), mapping, [path], publish=False).kept


def made_up(path: Path, rows: int) -> Path:
    """The register as CSV: four to a home, a hundred practices' worth of people on one list."""
    duckdb.sql(f"""
        COPY (SELECT 'A' || 20047 AS PRACTICE_CODE, 'The Surgery' AS PRACTICE_NAME, '01/06/2024' AS EXTRACT_DATE,
            CAST(9000000000 + i AS VARCHAR) AS NHS_NUMBER, 'Surname' || i % 5003 AS SURNAME, 'Given' || i % 997 AS FORENAMES,
            ['F', 'M', 'U'][1 + i % 3] AS SEX,
            strftime(DATE '1940-01-01' + CAST(i * 7 % 30000 AS INTEGER), '%d/%m/%Y') AS DATE_OF_BIRTH,
            i // 4 || ' Any Street, "Flats"' AS ADDRESS_LINE_1, 'Anytown' AS TOWN,
            'BD' || 1 + i % 20 || ' ' || i // 4 % 10 || 'A' || chr(65 + CAST(i % 26 AS INTEGER)) AS POSTCODE,
            '01/02/2010' AS ADDRESS_FROM, strftime(DATE '2000-01-01' + CAST(i % 8000 AS INTEGER), '%d/%m/%Y') AS REGISTERED_ON,
            if(i % 50 = 7, 'D', 'R') AS STATUS, if(i % 50 = 7, '01/05/2024', NULL) AS REMOVED_ON,
            if(i % 50 = 7, 'moved', NULL) AS REMOVAL_REASON FROM range({rows}) t(i)) TO '{path}' (HEADER)
    """)
    return path


def written(table: Path, path: Path, name: str) -> Path:
    """The same rows in another format."""
    if name == "xlsx":
        return workbook(table, path)
    if name in ("json", "ndjson"):
        listed = "true" if name == "json" else "false"
        duckdb.sql(f"COPY (FROM read_csv('{table}', all_varchar = true)) TO '{path}' (FORMAT json, ARRAY {listed})")
        return path
    with path.open("w", encoding="utf-8") as file:
        file.write("<List>")
        for names, cells in rows_of(table):
            inner = "".join(f"<{one}>{escape(cell)}</{one}>" for one, cell in zip(names, cells, strict=True) if cell)
            file.write(f"<Patient>{inner}</Patient>\n")
        file.write("</List>")
    return path


def workbook(table: Path, path: Path) -> Path:
    """A workbook with one sheet of inline texts, written row by row."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="List" id="r1"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels",
                         '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/></Relationships>')
        with archive.open("xl/sheet.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for number, (names, cells) in enumerate(rows_of(table), 2):
                if number == 2:
                    sheet.write(row(1, names).encode())
                sheet.write(row(number, cells).encode())
            sheet.write(b"</sheetData></worksheet>")
    return path


def row(number: int, cells: list[str]) -> str:
    inner = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for place, cell in enumerate(cells) if cell
    )
    return f'<row r="{number}">{inner}</row>'


def rows_of(table: Path) -> Iterator[tuple[list[str], list[str]]]:
    import csv

    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        (names,) = islice(reader, 1)
        for cells in reader:
            yield names, cells


if __name__ == "__main__":
    main()
