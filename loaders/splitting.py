"""Where the records of a CSV text begin and end, worked out on bytes by whole blocks, so that every row keeps its line.

A quote counts as one only at the start of a cell. Where all quotes of a block are in order its records are found by counting;
where one is not (never closed, in the middle of a cell), that block is gone through line by line, so that a broken row is one
rejected line and never swallows the rows after it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

MAX_RECORD = 1 << 20
"""Bytes of the longest row that is believed."""
MAX_LINES = 500
"""Lines of the longest row that is believed where quotes are in disorder."""

MOST_TRIES, MANY_UNMET = 20, 200
"""Later lines that are tried as the end of a row whose quote is open; in a block with so many such rows, one."""

QUOTE, NEWLINE, RETURN = 34, 10, 13
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WIDTH, OPEN_QUOTE, TOO_LONG, NUL, STRAY_RETURN = "width", "quote", "long", "nul", "return"
"""Why a record can't be read."""

csv.field_size_limit(MAX_RECORD)


@dataclass
class Split:
    """Records of one block: first and one-past-last byte, lines before each, why one can't be read ('' where it can), its
    cells where they had to be worked out here; how many bytes are dealt with; and whether each record's cells are counted."""

    starts: Places
    ends: Places
    lines: Places
    faults: dict[int, str]
    cells: dict[int, list[str]] = field(default_factory=dict)
    used: int = 0
    counted: bool = True


def split(block: bytes, delimiter: str, width: int, last: bool) -> Split:
    """Find the records of `block`, which begins at a record's first byte; `last` where no text follows it.

    Bytes after `used` (an unfinished record) are to be given again in front of the next block. Blank lines are no records.
    Cells are not counted yet where all quotes are in order: the parser does so, and `count` where it finds one wrong.
    """
    data = np.frombuffer(block, dtype=np.uint8)
    newlines = np.flatnonzero(data == NEWLINE)
    quotes = _quotes(block, data)
    if last and (len(data) and data[-1] != NEWLINE):
        newlines = np.append(newlines, len(data))
    if not len(quotes):
        ends = newlines
        used = int(ends[-1]) + 1 if len(ends) else 0
    else:
        outside = np.searchsorted(quotes, newlines) % 2 == 0
        ends = newlines[outside]
        used = int(ends[-1]) + 1 if len(ends) else 0
        quotes_used = quotes[: np.searchsorted(quotes, used)]
        rest = len(data) - used
        if (rest > MAX_RECORD or (last and rest > 0)) or not _in_order(data, quotes_used, newlines, width, delimiter):
            return _line_by_line(block, data, newlines, quotes, delimiter, width, last)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64) if len(ends) else ends
    found = Split(starts, ends, np.searchsorted(newlines, starts), {}, used=min(used, len(data)))
    found.counted = False
    _judge(found, block, data, quotes)
    return _without_blank(found, data, delimiter, width)


def count(found: Split, block: bytes, delimiter: str, width: int) -> None:
    """Find the records that have more or fewer cells than `width`, in a block whose quotes are in order."""
    data = np.frombuffer(block, dtype=np.uint8)
    marks = np.flatnonzero(data == ord(delimiter))
    marks = marks[np.searchsorted(_quotes(block, data), marks) % 2 == 0]
    cells = np.searchsorted(marks, found.ends) - np.searchsorted(marks, found.starts) + 1
    found.faults.update(dict.fromkeys(np.flatnonzero(cells != width).tolist(), WIDTH))
    found.counted = True


def _quotes(block: bytes, data: npt.NDArray[np.uint8]) -> Places:
    return np.flatnonzero(data == QUOTE) if b'"' in block else np.zeros(0, dtype=np.int64)


def _in_order(data: npt.NDArray[np.uint8], quotes: Places, newlines: Places, width: int, delimiter: str) -> bool:
    """Whether every quote opens at a cell's start or closes at its end, and no quoted cell has whole rows inside."""
    if len(quotes) % 2:
        return False
    opens, closes = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opens - 1, 0)]
    after = data[np.minimum(closes + 1, len(data) - 1)]
    at_start = (opens == 0) | np.isin(before, (ord(delimiter), NEWLINE, QUOTE))
    at_end = (closes == len(data) - 1) | np.isin(after, (ord(delimiter), NEWLINE, RETURN, QUOTE))
    if not (at_start.all() and at_end.all()):
        return False
    inside = np.searchsorted(quotes, newlines) % 2 == 1
    return not inside.any() or not _holds_rows(newlines[inside], quotes, np.flatnonzero(data == ord(delimiter)), width)


def _holds_rows(newlines: Places, quotes: Places, marks: Places, width: int) -> bool:
    """Whether a line wholly inside one quoted cell has as many cells as a row: then rows were swallowed."""
    if width < 3 or len(newlines) < 2:
        return False
    same = np.searchsorted(quotes, newlines[1:]) == np.searchsorted(quotes, newlines[:-1])
    cells = np.searchsorted(marks, newlines[1:]) - np.searchsorted(marks, newlines[:-1]) + 1
    return bool((same & (cells == width)).any())


def _note(found: Split, indexes: Places, fault: str) -> None:
    for index in indexes.tolist():
        found.faults.setdefault(index, fault)


def _judge(found: Split, block: bytes, data: npt.NDArray[np.uint8], quotes: Places) -> None:
    """Faults that any record can have, however it was found."""
    _note(found, np.flatnonzero(found.ends - found.starts > MAX_RECORD), TOO_LONG)
    for fault, byte in ((NUL, b"\0"), (STRAY_RETURN, b"\r")):
        places = np.zeros(0, dtype=np.int64)
        if byte in block:
            places = np.flatnonzero(data == 0) if fault == NUL else _stray_returns(data, quotes)
        if len(places) and len(found.ends):
            places = places[places < found.ends[-1]]
            _note(found, np.unique(np.searchsorted(found.ends, places)), fault)


def _stray_returns(data: npt.NDArray[np.uint8], quotes: Places) -> Places:
    returns = np.flatnonzero(data == RETURN)
    returns = returns[returns < len(data) - 1]
    stray: Places = returns[data[returns + 1] != NEWLINE]
    outside: Places = stray[np.searchsorted(quotes, stray) % 2 == 0]
    return outside


def _without_blank(found: Split, data: npt.NDArray[np.uint8], delimiter: str, width: int) -> Split:
    """Drop records of nothing but delimiters, quotes and white space; they start with one and are short. One whose quote is
    open is none of them: what its cell held stands in the lines after it."""
    if not len(found.starts):
        return found
    sizes = found.ends - found.starts
    first = data[np.minimum(found.starts, len(data) - 1)]
    likely = (sizes == 0) | ((sizes <= 3 * width + 2) & np.isin(first, (ord(delimiter), QUOTE, RETURN, 32, 9)))
    paper = bytes((ord(delimiter), QUOTE, RETURN, NEWLINE, 32, 9))
    blank = [
        index for index in np.flatnonzero(likely).tolist()
        if found.faults.get(index) != OPEN_QUOTE and not data[found.starts[index]: found.ends[index]].tobytes().strip(paper)
    ]
    if not blank:
        return found
    keep = np.ones(len(found.starts), dtype=bool)
    keep[blank] = False
    number = np.cumsum(keep) - 1
    return Split(
        found.starts[keep], found.ends[keep], found.lines[keep],
        {int(number[index]): fault for index, fault in found.faults.items() if keep[index]},
        {int(number[index]): cells for index, cells in found.cells.items() if keep[index]},
        found.used, found.counted,
    )


def _line_by_line(
    block: bytes, data: npt.NDArray[np.uint8], newlines: Places, quotes: Places, delimiter: str, width: int, last: bool,
) -> Split:
    """The same where quotes are in disorder: lines without quotes are records; the others are read one by one."""
    marks = np.flatnonzero(data == ord(delimiter))
    line_starts = np.concatenate([[0], newlines[:-1] + 1]).astype(np.int64) if len(newlines) else newlines
    counts = np.searchsorted(quotes, newlines) - np.searchsorted(quotes, line_starts)
    cells_of = np.searchsorted(marks, newlines) - np.searchsorted(marks, line_starts) + 1
    odd = np.flatnonzero(counts % 2 == 1)
    is_record = np.ones(len(newlines), dtype=bool)
    ends = newlines.copy()
    cells: dict[int, list[str]] = {}
    faults = {int(index): WIDTH for index in np.flatnonzero((counts == 0) & (cells_of != width))}
    after, stop, unmet = 0, len(newlines), 0
    for line in np.flatnonzero(counts > 0).tolist():
        if line < after:
            continue
        start = int(line_starts[line])
        read = _cells(block[start: int(newlines[line])], delimiter, width)
        if read is None and counts[line] % 2:
            tries = MOST_TRIES if unmet < MANY_UNMET else 1
            later = odd[np.searchsorted(odd, line + 1):][:tries]
            final, read = _joined(block, start, line, newlines, later, cells_of, delimiter, width)
            unmet += read is None
            if read is None and not last and _may_go_on(len(newlines) - line, len(data) - start):
                stop = line
                break
            if read is not None:
                is_record[line + 1: final + 1] = False
                ends[line], after = newlines[final], final + 1
                for inner in range(line + 1, final + 1):
                    faults.pop(inner, None)
        if read is None:
            faults[line] = OPEN_QUOTE
        elif len(read) != width:
            faults[line] = WIDTH
        else:
            cells[line] = read
    kept = np.flatnonzero(is_record[:stop])
    number = {int(line): index for index, line in enumerate(kept)}
    used = int(line_starts[stop]) if stop < len(newlines) else min(int(newlines[-1]) + 1, len(data)) if len(newlines) else 0
    found = Split(
        line_starts[kept], ends[kept], kept.astype(np.int64),
        {number[line]: fault for line, fault in faults.items() if line in number},
        {number[line]: read for line, read in cells.items() if line in number}, used,
    )
    _judge(found, block, data, quotes[:0])
    for index in [*found.cells]:
        if found.faults.get(index) == STRAY_RETURN:  # inside its quotes, or its cells could not have been read
            del found.faults[index]
        elif index in found.faults:
            del found.cells[index]
    return _without_blank(found, data, delimiter, width)


def _may_go_on(lines: int, size: int) -> bool:
    return lines < MAX_LINES and size < MAX_RECORD


def _joined(
    block: bytes, start: int, line: int, newlines: Places, later: Places, cells_of: Places, delimiter: str, width: int
) -> tuple[int, list[str] | None]:
    """The last line of the row whose quote opens in `line`, and its cells; no cells where no later line ends it."""
    for final in later.tolist():
        size = int(newlines[final]) - start
        if final - line > MAX_LINES or size > MAX_RECORD or (width >= 3 and (cells_of[line + 1: final] == width).any()):
            break
        read = _cells(block[start: start + size], delimiter, width)
        if read is not None and len(read) == width:
            return final, read
    return line, None


def _cells(record: bytes, delimiter: str, width: int) -> list[str] | None:
    """A record's cells; None where a quote in it is not closed, or closes in the middle of a cell."""
    text = record.decode().removesuffix("\r")
    read: list[str] | None = None
    for skip in (False, True):  # `a, "b, c"` has its quotes after a space
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=skip))
        except csv.Error:
            continue
        if len(rows) == 1 and (read is None or len(rows[0]) == width):
            read = rows[0]
            if len(read) == width:
                break
    return read
