"""Which source a file comes from, told by its header: the source whose columns it has, of several the one it has most of."""

from __future__ import annotations

import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from lastseen.graph.errors import Refused
from lastseen.loaders.checking import positions
from lastseen.loaders.formats.opening import Opened, opened
from lastseen.loaders.inputs import Text
from lastseen.loaders.kinds import header_of, is_sheet_of
from lastseen.loaders.lookups import SOURCES, is_lookup
from lastseen.loaders.mapping import FileKind, Mapping, all_mappings
from lastseen.loaders.reading import read_header

HEAD = 50
"""Rows of a workbook's sheet or of a document by which its source is told."""


class Planned(NamedTuple):
    """A file, the source or published list it is taken for (None where nobody recognises it), and why, in words."""

    file: Path
    source: str | None
    why: str


def plan(folder: Path, mappings: list[Mapping] | None = None) -> list[Planned]:
    """What each file below a folder is, in order of their paths, of the shipped sources or of `mappings`; hidden files are
    passed over.

    Raises Refused where there is no such folder.
    """
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder.", "Give a folder of extracts, or SOURCE FILE….")
    mappings = all_mappings() if mappings is None else mappings
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hidden = {path for path in files if any(part.startswith(".") for part in path.relative_to(folder).parts)}
    return [recognise(path, mappings) for path in files if path not in hidden]


def recognise(path: Path, mappings: list[Mapping]) -> Planned:
    """The source whose required columns a file (a zip's members, a workbook's lists, a document's rows) all has; the closest
    where several fit, and where none does the published list (`lookups`) that it is."""
    with tempfile.TemporaryDirectory() as work:
        try:
            found = opened(path, [kind for mapping in mappings for kind in mapping.files], Path(work), limit=HEAD)
        except Refused as refused:
            return Planned(path, None, refused.what.rstrip("."))
        except OSError as error:
            return Planned(path, None, f"{path.name} can't be read: {error.strerror}")
        fits = [(*_fit(mapping, found, path), mapping.source) for mapping in mappings]
        best = max(fits, default=(0.0, 0, ""))
        if not best[0]:
            source = _lookup(found)
            return Planned(path, source, "it is that published list" if source else "no source has its columns")
    rivals = sorted(source for *fit, source in fits if tuple(fit) == best[:2])
    if len(rivals) > 1:
        return Planned(path, None, f"it fits {' and '.join(rivals)}; load it by name")
    return Planned(path, best[2], f"{best[1]} of its columns are {best[2]}'s")


def _lookup(found: Opened) -> str | None:
    """The published list that a file of one plain table is."""
    if len(found.tables) != 1 or found.tables[0].made or found.documents or found.left:
        return None
    try:
        header = read_header(found.tables[0])
    except Refused:
        return None
    return next((source for source in SOURCES if is_lookup(source, header)), None)


def _fit(mapping: Mapping, found: Opened, path: Path) -> tuple[float, int]:
    """How well: share of the tables that are the source's (a little more where the name is as usual); columns found."""
    tables = [(table, max((_columns(kind, table) for kind in mapping.files), default=0)) for table in found.tables]
    counts = [count for table, count in tables if count or not table.made]  # a workbook has sheets of notes too
    counts += [one.filled for one in found.documents if one.kind in mapping.files and one.kind.required]
    usual = any(fnmatch(path.name, kind.match) for kind in mapping.files)
    share = sum(count > 0 for count in counts) / max(1, len(counts))
    return (share + 0.01 * usual if share else 0.0), sum(counts)


def _columns(kind: FileKind, table: Text) -> int:
    """How many of a kind's columns a table has; none where a required one is missing or it requires none."""
    if not kind.required or not kind.is_table or (table.made and not is_sheet_of(table, kind)):
        return 0
    try:
        return len(positions(kind, header_of(table, kind), table.name))
    except Refused:
        return 0
