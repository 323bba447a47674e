"""Which of a source's kinds a table is: by its sheet's or file's name, and by the columns that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from lastseen.graph.errors import Refused
from lastseen.loaders.checking import find_columns, positions
from lastseen.loaders.formats.opening import opened
from lastseen.loaders.inputs import Text, is_zip
from lastseen.loaders.mapping_model import FileKind, Mapping
from lastseen.loaders.reading import Header, first_headers, read_header


@dataclass(frozen=True)
class Table:
    """A table with its kind and header."""

    text: Text
    kind: FileKind
    header: Header


def tables_of(path: Path, mapping: Mapping, work: Path) -> tuple[list[Table], list[str]]:
    """A file's (zip's, workbook's, document's) tables of a source, and the names of members and sheets that are none.

    Raises Refused where it holds none, and where what should be one lacks a required column.
    """
    found = opened(path, mapping.files, work)
    told = [Table(one.text, one.kind, read_header(one.text)) for one in found.documents]
    left = list(found.left)
    for text in found.tables:
        if text.made and not any(is_sheet_of(text, kind) for kind in mapping.files if kind.is_table):
            left.append(text.name.rpartition("#")[2])
            continue
        told.append(Table(text, *kind_of(mapping, text, strict=is_zip(path))))
    if not told:
        raise Refused(f"{path.name} holds no table of {mapping.source}.", "Give the source that it comes from.")
    return told, left


def kind_of(mapping: Mapping, text: Text, strict: bool) -> tuple[FileKind, Header]:
    """The kind whose columns a table has, those first that its name speaks for; with `strict` no others.

    Raises Refused, saying what the likeliest kind misses.
    """
    kinds = [kind for kind in mapping.files if kind.is_table]
    likely = [kind for kind in kinds if is_sheet_of(text, kind) and (text.made or fnmatch(text.name, kind.match))]
    if not (strict or text.made):
        likely += [kind for kind in kinds if kind not in likely]
    first: Refused | None = None
    for kind in likely:
        try:
            return kind, header_of(text, kind)
        except Refused as refused:
            first = first or refused
    raise first or Refused(f"{text.name} is no file of {mapping.source}.", "Give the source that it comes from.")


def header_of(text: Text, kind: FileKind) -> Header:
    """The header of a table as a kind has it; in a sheet it is looked for among the first rows.

    Raises Refused where a required column is missing or one stands twice.
    """
    best = min(_headers(text, kind), key=lambda header: _lacks(kind, header))
    positions(kind, best, text.name)
    return best


def delimiter_of(text: Text, kind: FileKind) -> str:
    """What parts a table's cells."""
    return "," if text.made else kind.delimiter


def _headers(text: Text, kind: FileKind) -> Iterator[Header]:
    if text.made or kind.sheet:
        return first_headers(text, delimiter_of(text, kind))
    return _below_titles(text, kind)


def _below_titles(text: Text, kind: FileKind) -> Iterator[Header]:
    """The header below a kind's title rows, and where it has some also the first line: not every file brings them."""
    try:
        yield read_header(text, kind.title_rows, kind.delimiter)
    except Refused:
        if not kind.title_rows:
            raise
    if kind.title_rows:
        yield read_header(text, 0, kind.delimiter)


def _lacks(kind: FileKind, header: Header) -> tuple[int, int]:
    """How much of a kind is missing in a header: required columns first, then any."""
    found, missing, twice = find_columns(kind, header)
    return len(missing) + len(twice), -len(found)


def is_sheet_of(text: Text, kind: FileKind) -> bool:
    """Whether a table's name is, or begins with, what a kind says of its sheet (no digit follows); any name is where it says
    nothing."""
    if kind.sheet is None:
        return True
    title = text.name.rpartition("#")[2] if text.made else Path(text.name).stem
    pattern = _folded(kind.sheet)
    return any(fnmatch(_folded(title), one) for one in (pattern, f"{pattern}[!0-9]*"))


def _folded(title: str) -> str:
    return "".join(title.casefold().replace("_", " ").split())
