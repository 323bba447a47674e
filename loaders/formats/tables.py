"""Where the rows of another format are set down: a CSV of our own in the work folder, line for line what people are told.

A cell's line ends become spaces, so that a row is one line: row 17 of a sheet is line 17, and the n-th row of an XML or JSON
document is line n + 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

from lastseen.graph.errors import Refused
from lastseen.loaders.inputs import Text, own_name
from lastseen.loaders.mapping_model import FileKind

ROW = "row"
"""The first column of tables made of XML and JSON: the number of the row in the document."""


class Table:
    """One CSV that is being written: how many `rows` it got, and which columns ever held anything (`filled`)."""

    def __init__(self, name: str, work: Path, columns: Sequence[str] = ()) -> None:
        self.name = name
        self.path = own_name(work)
        self.columns = list(columns)
        self.line = 0
        self.rows = 0
        self.filled = [False] * len(columns)
        self.day_zero: date | None = None
        self._file = self.path.open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        if columns:
            self._writer.writerow([ROW, *columns])
            self.line = 1

    def add(self, cells: Sequence[str]) -> None:
        """One row of a document, its cells in the order of `columns`."""
        self.rows += 1
        self.line += 1
        self._writer.writerow([self.rows, *map(one_line, cells)])
        for place, cell in enumerate(cells):
            if cell:
                self.filled[place] = True

    def add_at(self, line: int, cells: Iterable[str]) -> None:
        """One row of a sheet at its own line; lines that were passed over are blank."""
        self._file.write("\n" * (line - self.line - 1))
        self.rows += 1
        self.line = line
        self._writer.writerow([one_line(cell) for cell in cells])

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    @property
    def text(self) -> Text:
        """The table as any text; only once it is closed."""
        return Text(self.name, self.path, 0, "UTF-8", made=True, day_zero=self.day_zero)


def one_line(cell: str) -> str:
    """A cell without line ends (tidying would make spaces of them anyway)."""
    if "\n" in cell or "\r" in cell:
        return cell.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    return cell


@dataclass(frozen=True)
class Document:
    """What one kind found in an XML or JSON document, and how many of its columns are filled anywhere."""

    text: Text
    kind: FileKind
    filled: int


def documents(tables: Sequence[tuple[Table, FileKind]], limit: int | None) -> list[Document]:
    """The tables that got rows. Where a required column is nowhere filled: not among them with `limit` (of heads, whose source
    is only to be told), else raises Refused."""
    found = []
    for table, kind in tables:
        places = dict(zip(table.columns, table.filled, strict=True))
        missing = [name for name in kind.required if not places[name]]
        if not table.rows or (limit and missing):
            continue
        if missing:
            raise Refused(f"{table.name} has nothing at {', '.join(missing)}. Nothing was loaded.", "Have it sent whole.")
        found.append(Document(table.text, kind, sum(table.filled)))
    return found


def table_names(file: str, words: Sequence[str]) -> list[str]:
    """'FILE#WORD' for each kind's own word for a row, each another one."""
    names: list[str] = []
    for word in words:
        name = f"{file}#{word.replace(':', '_')}"
        twins = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({twins + 1})" if twins else name)
    return names
