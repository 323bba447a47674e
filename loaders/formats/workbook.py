"""Excel workbooks (.xlsx, .xlsm) as one table a visible sheet, streamed: what Excel would show, row for row.

Dates are told by their style, in the workbook's own calendar (1900 or 1904). Macros, formulas, links and pictures are never
looked at; of a formula the value counts that Excel stored with it, and a cell whose formula has none is a fault of its row.
"""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from lastseen.graph.errors import Refused
from lastseen.loaders.formats.tables import Table
from lastseen.loaders.formats.xml_events import PIECE, events, forget
from lastseen.loaders.inputs import MAX_RATIO, MAX_UNPACKED, Text
from lastseen.loaders.tidying import NO_VALUE

MAX_ROW, MAX_COLUMN, MAX_HELD, MAX_DEPTH = 1_048_576, 16_384, 200_000, 50
"""Excel's own bounds; elements of one row, and nested ones, that are believed."""
FIRST_ROWS = 50
"""Rows among which the widest says how wide the table is; cells beyond are notes beside it."""
MAX_SHARED = 1 << 29
"""Bytes, or nearly, of all shared texts together."""

DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Excel's built-in number formats that show a day or a time."""

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, IndexError, ValueError, ArithmeticError, NotImplementedError,
)

_DIGITS = "0123456789"


@dataclass(frozen=True)
class _Book:
    archive: zipfile.ZipFile
    name: str
    shared: list[str]
    is_date: list[bool]
    base: datetime


def workbook(path: Path, name: str, work: Path, limit: int | None = None) -> tuple[list[Text], list[str]]:
    """Every visible sheet that holds anything, as 'FILE#SHEET', and the names of hidden ones; with `limit`, first rows only.

    Raises Refused for a workbook that is damaged, locked, or unpacks to more than any extract.
    """
    texts, left = [], []
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, path, name)
            book, sheets = _open(archive, name)
            for title, member, hidden in sheets:
                if hidden:
                    left.append(f"{title} (hidden)")
                    continue
                with Table(f"{name}#{title.replace(':', '_')}", work) as table:
                    table.day_zero = book.base.date()
                    _sheet(book, member, table, limit)
                if table.rows:
                    texts.append(table.text)
    except _DAMAGE as error:
        raise Refused(f"{name} is a damaged workbook. Nothing was loaded.", "Open it in Excel and save it again.") from error
    return texts, left


def _check(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED or (total > 64 << 20 and total > MAX_RATIO * path.stat().st_size):
        raise Refused(f"{name} unpacks to {total:,} bytes, which no extract does.", "Save the sheet as CSV if you trust it.")
    if any(info.flag_bits & 1 for info in infos):
        raise Refused(f"{name} is locked with a password.", "Unlock it first.")
    if "xl/workbook.bin" in archive.namelist():
        raise Refused(f"{name} is a binary workbook (.xlsb).", "Save it as .xlsx or CSV (UTF-8).")
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused(f"{name} is no workbook that can be read.", "Save the table as .xlsx or CSV (UTF-8).")


def _open(archive: zipfile.ZipFile, name: str) -> tuple[_Book, list[tuple[str, str, bool]]]:
    """The book, and (title, member, whether hidden) of each sheet in order."""
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _elements(archive, "xl/_rels/workbook.xml.rels", ("Relationship",), name)
        if one.get("Type", "").endswith(("/worksheet", "/sharedStrings", "/styles"))
    }
    sheets, base = [], datetime(1899, 12, 30)
    for one in _elements(archive, "xl/workbook.xml", ("sheet", "workbookPr"), name):
        if one.tag == "workbookPr":
            base = datetime(1904, 1, 1) if one.get("date1904") in ("1", "true") else base
        elif (target := targets.get(one.get("id"))) is not None:
            sheets.append((one.get("name", ""), _member(target), one.get("state", "visible") != "visible"))
    shared = list(_shared(archive, name)) if "xl/sharedStrings.xml" in archive.namelist() else []
    styles = _styles(archive, name) if "xl/styles.xml" in archive.namelist() else []
    return _Book(archive, name, shared, styles, base), sheets


def _member(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _elements(archive: zipfile.ZipFile, member: str, tags: tuple[str, ...], name: str) -> Iterator[Element]:
    """Each whole element of a name, forgotten once the next is asked for."""
    held: list[Element] = []  # those that are open outside a wanted one
    depth = wanted = inside = 0  # of the wanted element that is open; elements since it began
    for begins, element in events(_pieces(archive, member), name):
        if begins:
            depth += 1
            inside += 1
            if inside > MAX_HELD or depth > MAX_DEPTH:
                raise Refused(f"{name} has rows longer than any table's.", "Save the table as CSV (UTF-8).")
            if not wanted:
                held.append(element)
                wanted = depth if element.tag in tags else 0
            continue
        if wanted in (0, depth):
            if wanted:
                yield element
            wanted = inside = 0
            forget(held)
            held.pop()
        depth -= 1


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[str]:
    with archive.open(member) as file:
        yield from iter(partial(codecs.getreader("utf-8-sig")(file).read, PIECE), "")


def _shared(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    total = 0
    for one in _elements(archive, "xl/sharedStrings.xml", ("si",), name):
        text = _said(one)
        total += len(text) + 64
        if total > MAX_SHARED:
            raise Refused(f"{name} holds more text than any extract.", "Save the table as CSV (UTF-8).")
        yield text


def _said(element: Element) -> str:
    """The text of a shared or inline string: its runs, without phonetic guides."""
    return "".join(
        part.text or "" for child in element if child.tag != "rPh"
        for part in ([child] if child.tag == "t" else child.iter("t"))
    )


def _styles(archive: zipfile.ZipFile, name: str) -> list[bool]:
    """Of each cell style, whether it shows a date."""
    custom: dict[str, bool] = {}
    found: list[bool] = []
    for one in _elements(archive, "xl/styles.xml", ("numFmt", "cellXfs"), name):
        if one.tag == "numFmt":
            custom[one.get("numFmtId", "")] = _shows_date(one.get("formatCode", ""))
        else:
            ids = [xf.get("numFmtId", "0") for xf in one]
            found = [custom[own] if own in custom else own.isdigit() and int(own) in DATE_FORMATS for own in ids]
    return found


def _shows_date(code: str) -> bool:
    """Whether a number format has a day, month or year in it, outside quotes, colours and conditions."""
    plain, quoted, skip, bracket = "", False, False, False
    for char in code.casefold():
        if skip:
            skip = False
        elif char == '"':
            quoted = not quoted
        elif quoted:
            pass
        elif char in "\\_*":
            skip = True
        elif char == "[":
            bracket = True
        elif char == "]":
            bracket = False
        elif not bracket:
            plain += char
    return any(char in plain for char in "dmy") and not set(plain) & set("0#?")


def _sheet(book: _Book, member: str, table: Table, limit: int | None) -> None:
    rows = _rows(book, member)
    first = [*islice(rows, FIRST_ROWS)]
    width = max((len(cells) for _, cells in first), default=0)
    for line, cells in chain(first, rows):
        table.add_at(line, [*cells[:width], *[""] * (width - len(cells))])
        if limit and table.rows >= limit:
            return


def _rows(book: _Book, member: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of the rows that hold anything."""
    line = 0
    for row in _elements(book.archive, member, ("row",), book.name):
        number = int(row.get("r") or line + 1)
        if number <= line or number > MAX_ROW:
            raise ValueError("rows out of order")
        line = number
        cells: list[str] = []
        for cell in row:
            if cell.tag != "c":
                continue
            reference = cell.get("r")
            column = _place(reference.rstrip(_DIGITS)) if reference else len(cells)
            if column < len(cells) or column >= MAX_COLUMN:
                raise ValueError("cells out of order")
            cells += [""] * (column - len(cells))
            cells.append(_cell(book, cell))
        if any(cells):
            yield line, cells


@lru_cache(MAX_COLUMN)
def _place(letters: str) -> int:
    """Place (from 0) of a column such as AB."""
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number - 1


def _cell(book: _Book, cell: Element) -> str:
    """A cell's text; NO_VALUE where a formula has no stored one."""
    kind, value, formula = cell.get("t", "n"), None, False
    for part in cell:
        if part.tag == "v":
            value = part.text
        elif part.tag == "is":
            value = _said(part)
        elif part.tag == "f":
            formula = True
    if value is None:
        return NO_VALUE if formula and kind != "str" else ""
    if kind == "s":
        return book.shared[int(value)]
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return value
    style = int(cell.get("s", "0"))
    if style < len(book.is_date) and book.is_date[style]:
        return _day(book, float(value))
    return _number(value)


def _day(book: _Book, serial: float) -> str:
    """A day number as ISO text, with the time where there is one. Excel's 0 and 1 are nobody's day."""
    if serial < 1 and book.base.year == 1899:
        return "1900-01-01"
    days = serial + 1 if serial < 60 and book.base.year == 1899 else serial  # Excel believes in 29 February 1900
    moment = (book.base + timedelta(days=days) + timedelta(milliseconds=500)).replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat(sep=" ")


def _number(value: str) -> str:
    """A number as Excel shows a whole one; what it has rounded keeps its exponent."""
    if "E" in value or "e" in value or "." in value:
        number = float(value)
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
    return value
