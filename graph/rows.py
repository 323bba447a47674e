"""Where a row stands, as one number: what the graph keeps of 'load:file:line', which is what people read.

In decimal digits, so that a number can be read as it is: 70001000000857 is load 7, its file 1, line 857. Files are counted
in the order of the load's manifest (members of a zip after it, by name), and the Load node lists them, so a number means the
same in every build and an answer from a server is told in words without the archive. Text of its own on each of 14 million
edges was most of an embedded graph's size, and of the time to build it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lastseen.graph.errors import Refused
from lastseen.graph.store import Store

LINES = 10**9
"""More than the last line of any file."""
FILES = 10**4
"""More than the files of any load."""
SEPARATOR = "/"
"""Between file names on a Load node: the one character that no file's name has (loaders keep the last part of a path)."""


def files_of(manifest: Iterable[str], found: Iterable[str]) -> list[str]:
    """A load's files in the order of their numbers, from 1: those of its manifest, then others that its rows name.

    Raises Refused where there are too many.
    """
    files = list(dict.fromkeys(manifest))
    files += sorted(set(found) - set(files))
    if len(files) >= FILES:
        raise Refused(f"A load has {len(files):,} files; there is room for {FILES - 1:,}.", "Load them in several turns.")
    return files


def first_of(load: int, place: int) -> int:
    """The number of line 0 of a load's file at `place` (from 1)."""
    return (load * FILES + place) * LINES


def refuse_long(tables: Iterable[Path]) -> None:
    """Raise Refused where a record table tells of a line that has no number, as its Parquet's own statistics say."""
    for path in tables:
        said = pq.read_metadata(path)
        at = said.schema.names.index("line")
        for group in range(said.num_row_groups):
            known = said.row_group(group).column(at).statistics
            if known and known.has_min_max and known.max >= LINES:
                raise Refused(f"A file of {path.parent.name} has {LINES:,} lines or more.", "Load it in several parts.")


class RowNames:
    """Tells numbers as 'load:file:line', by what the Load nodes say. A load or file that isn't there is told by number."""

    def __init__(self, files: Mapping[int, Sequence[str]]) -> None:
        self.files = files

    @classmethod
    def of(cls, store: Store) -> RowNames:
        """By the Load nodes of a published graph."""
        found = store.run("MATCH (l:Load) RETURN l.id, l.files").rows
        return cls({int(load.rpartition(":")[2]): (files or "").split(SEPARATOR) for load, files in found})

    def text(self, number: int) -> str:
        """'7:gp_contacts.csv:857'."""
        place, line = divmod(number, LINES)
        load, place = divmod(place, FILES)
        files = self.files.get(load, ())
        return f"{load}:{files[place - 1] if 0 < place <= len(files) else f'file {place}'}:{line}"

    def told(self, value: Any) -> Any:
        """The same for a cell of an answer: a number, a list of them, or null. Anything else is left as it is."""
        if isinstance(value, list):
            return [self.told(one) for one in value]
        return self.text(value) if isinstance(value, int) and not isinstance(value, bool) else value
