"""A CSV text as columns of raw cells with their true line numbers, block by block, into one Parquet file.

No cell is changed here. A record that can't be told apart into its cells is set down with its line and why; blank lines
are passed over. The raw Parquet has `line` (from 1, the header's included), `begins` and `size` (bytes of the record in the
text), and `c0`, `c1`, … for the columns asked for; the broken one `line`, `begins`, `size`, `fault`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from lastseen.graph.errors import Refused
from lastseen.loaders.inputs import BLOCK, Text
from lastseen.loaders.splitting import MAX_RECORD, TOO_LONG, Flags, Places, Split, count, split

_BROKEN = pa.schema([("line", pa.int64()), ("begins", pa.int64()), ("size", pa.int64()), ("fault", pa.string())])
_Found = tuple[bytes, int, int, Split]
_PLAIN = {"compression": "lz4", "write_statistics": False}
"""How a table is written that is soon read again, whole."""
_PLACE = [("line", pa.int64()), ("begins", pa.int64()), ("size", pa.int64())]


@dataclass(frozen=True)
class Header:
    """The header's cells as written but trimmed, its own line, and where the first row begins (byte and line)."""

    names: list[str]
    line: int
    body: int
    body_line: int


@dataclass(frozen=True)
class Raw:
    """What was read: `rows` with cells in `path`, broken ones in `broken`."""

    path: Path
    broken: Path
    rows: int
    broken_rows: int

    @property
    def read(self) -> int:
        return self.rows + self.broken_rows


def read_header(text: Text, title_rows: int = 0, delimiter: str = ",") -> Header:
    """The header: the first line that is not blank after the title lines. Raises Refused where there is none."""
    with text.path.open("rb") as file:
        file.seek(text.start)
        for _ in range(title_rows):
            file.readline(MAX_RECORD)
        line, record = title_rows + 1, b""
        while not record.strip(b" \t\r\n" + delimiter.encode()):
            line += bool(record)
            record = file.readline(MAX_RECORD)
            if not record:
                raise Refused(f"{text.name} has no header.", "Have the extract made again, with its header line.")
        more = 0
        while record.count(b'"') % 2 and more < 20:
            more += 1
            record += file.readline(MAX_RECORD)
        if len(record) >= MAX_RECORD or b"\0" in record:
            raise Refused(f"{text.name} has no header that can be read.", "Have the extract made again.")
        try:
            cells = next(csv.reader(io.StringIO(record.decode(), newline=""), delimiter=delimiter, skipinitialspace=True))
        except csv.Error as error:
            raise Refused(f"{text.name} has no header that can be read.", "Have the extract made again.") from error
        return Header([" ".join(cell.split()) for cell in cells], line, file.tell(), line + 1 + more)


def first_headers(text: Text, delimiter: str = ",", most: int = 20) -> Iterator[Header]:
    """The first lines that are not blank, each as the header that it may be."""
    above = 0
    while above < most:
        try:
            header = read_header(text, above, delimiter)
        except Refused:
            if above == 0:
                raise
            return
        yield header
        above = header.body_line - 1


def read_rows(text: Text, header: Header, delimiter: str, wanted: Sequence[int], beside: Path) -> Raw:
    """Read all rows into `beside`.raw and .broken, keeping the columns at positions `wanted` as c0, c1, … in that order."""
    raw, broken = beside.with_suffix(".raw"), beside.with_suffix(".broken")
    schema = pa.schema([*_PLACE, *((f"c{i}", pa.string()) for i in range(len(wanted)))])
    rows = broken_rows = 0
    with pq.ParquetWriter(raw, schema, **_PLAIN) as cells_out, pq.ParquetWriter(broken, _BROKEN) as broken_out:
        for block, at, line, found in _one_ahead(_splits(text, header, delimiter)):
            table = _table(block, found, at, line, delimiter, len(header.names), wanted, schema)
            if found.faults:
                indexes = np.array(sorted(found.faults))
                faults = [found.faults[index] for index in indexes.tolist()]
                broken_out.write_table(pa.table([*_places(found, indexes, at, line), pa.array(faults)], schema=_BROKEN))
                broken_rows += len(faults)
            if table.num_rows != len(found.starts) - len(found.faults):
                raise Refused(
                    f"{text.name}: rows about lines {line} to {line + int(found.lines[-1])} can't be told apart.",
                    "Have the extract made again with every text cell in quotes.",
                )
            if table.num_rows:
                cells_out.write_table(table)
                rows += table.num_rows
    return Raw(raw, broken, rows, broken_rows)


def _one_ahead(items: Iterator[_Found]) -> Iterator[_Found]:
    """The same items, the next worked out while one is used (NumPy and Arrow let go of the interpreter)."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _splits(text: Text, header: Header, delimiter: str) -> Iterator[_Found]:
    """(block, its first byte in the text, its first line, its records), block by block."""
    with text.path.open("rb") as file:
        file.seek(header.body)
        rest, at, line, skipping = b"", header.body, header.body_line, False
        while True:
            fresh = file.read(BLOCK)
            block, last = rest + fresh, not fresh
            if skipping:  # inside a line that is longer than any row: to its end
                end = block.find(b"\n")
                if end < 0 and not last:
                    at, rest = at + len(block), b""
                    continue
                cut = end + 1 if end >= 0 else len(block)
                block, at, line, skipping = block[cut:], at + cut, line + 1, False
            if not block and last:
                return
            found = split(block, delimiter, len(header.names), last)
            if not found.used and not last and len(block) > 2 * MAX_RECORD:
                one = np.array([0])
                found = Split(one, np.array([len(block)]), one, {0: TOO_LONG}, used=len(block))
                yield block, at, line, found
                at, rest, skipping = at + len(block), b"", True
                continue
            yield block, at, line, found
            at, line, rest = at + found.used, line + block.count(b"\n", 0, found.used), block[found.used:]
            if last:
                return


def _places(found: Split, indexes: Places, at: int, line: int) -> list[pa.Array]:
    places = found.lines[indexes] + line, found.starts[indexes] + at, found.ends[indexes] - found.starts[indexes]
    # `pa.array` would import pandas, half a second
    return [pa.Array.from_buffers(pa.int64(), len(indexes), [None, pa.py_buffer(place)]) for place in places]


def _table(
    block: bytes, found: Split, at: int, line: int, delimiter: str, width: int, wanted: Sequence[int], schema: pa.Schema
) -> pa.Table:
    """Cells of the records that can be read. Those that have not as many as the header are told to the parser in advance where
    they were counted; else they are counted once the parser stumbles over one."""
    if not found.counted and not found.faults:
        with suppress(pa.ArrowInvalid):
            table = _cells(block, found, at, line, delimiter, width, wanted, schema)
            if table.num_rows == len(found.starts):
                return table
    if not found.counted:
        count(found, block, delimiter, width)
    return _cells(block, found, at, line, delimiter, width, wanted, schema)


def _cells(
    block: bytes, found: Split, at: int, line: int, delimiter: str, width: int, wanted: Sequence[int], schema: pa.Schema
) -> pa.Table:
    """The same of records of the right width: the orderly ones by Arrow's parser, the rest as they were worked out."""
    orderly = np.ones(len(found.starts), dtype=bool)
    orderly[[*found.faults, *found.cells]] = False
    tables = []
    if orderly.any():
        indexes = np.flatnonzero(orderly)
        parsed = pacsv.read_csv(
            pa.BufferReader(_only(block, found, orderly)),
            read_options=pacsv.ReadOptions(column_names=[str(i) for i in range(width)], block_size=4 * MAX_RECORD),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in block, ignore_empty_lines=False,
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False, strings_can_be_null=False, include_columns=[str(i) for i in wanted],
                column_types={str(i): pa.string() for i in wanted},
            ),
        )
        if parsed.num_rows != len(indexes):
            return parsed
        places = _places(found, indexes, at, line)
        tables.append(pa.Table.from_arrays([*places, *parsed.columns], schema=schema))
    if found.cells:
        indexes = np.array(sorted(found.cells))
        columns = [pa.array([found.cells[index][i] for index in indexes.tolist()], pa.string()) for i in wanted]
        tables.append(pa.Table.from_arrays([*_places(found, indexes, at, line), *columns], schema=schema))
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _only(block: bytes, found: Split, orderly: Flags) -> pa.Buffer:
    """The bytes of the orderly records alone; without a copy where they are the whole block."""
    if orderly.all() and len(found.starts) and found.starts[0] == 0 and _touching(found):
        return pa.py_buffer(memoryview(block)[: int(found.ends[-1]) + 1])
    starts, ends = found.starts[orderly].tolist(), found.ends[orderly].tolist()
    return pa.py_buffer(b"\n".join([block[start:end] for start, end in zip(starts, ends, strict=True)]) + b"\n")


def _touching(found: Split) -> bool:
    return bool((found.starts[1:] == found.ends[:-1] + 1).all())
