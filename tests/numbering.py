"""Rows of hand-written graphs, written as 'load:file:line', as the graph keeps them: numbers, and the files on Load nodes."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date

from lastseen.graph.rows import LINES, SEPARATOR, RowNames, first_of
from lastseen.graph.schema import EDGES
from lastseen.graph.store import GraphTables

Row = dict[str, object]
OLD = date(1900, 1, 1)


def numbered(rows: dict[str, list[Row]], add_loads: bool = False) -> dict[str, list[Row]]:
    """The same rows with numbers for texts in `row`, a number for the `key` of each edge, and `files` on the Load nodes. An
    edge that leaves source and row to its Contact loses them.

    A line that is a word is its digits ('k2' is line 2), or a number made of it. `add_loads`: a load that the rows name and
    that is not told of is added, as one that serves no register.
    """
    files: dict[int, list[str]] = {}
    made = {name: [{**row} for row in some] for name, some in rows.items()}
    for name, some in made.items():
        for row in some:
            if name in EDGES and not isinstance(row.get("key"), int):
                said = row.get("key") or "|".join(str(row.get(part)) for part in ("from", "to", "source", "row"))
                row["key"] = int(hashlib.md5(f"{name}|{said}".encode()).hexdigest()[:16], 16) >> 1  # noqa: S324 - no secret
            if isinstance(row.get("row"), str):
                load, file, line = str(row["row"]).split(":")
                known = files.setdefault(int(load), [])
                if file not in known:
                    known.append(file)
                row["row"] = first_of(int(load), known.index(file) + 1) + line_of(line)
            if name in EDGES and "source" not in EDGES[name].columns:
                row.pop("source", None)
                row.pop("row", None)
    loads = {int(str(row["id"]).rpartition(":")[2]): row for row in made.get("Load", [])}
    for n, names in files.items():
        if n not in loads and add_loads:
            loads[n] = {"id": f"load:{n}", "source": "test", "shape": "event", "registers": " ", "extract_date": OLD}
            made.setdefault("Load", []).append(loads[n])
        if n in loads:
            loads[n]["files"] = SEPARATOR.join(names)
    return made


def line_of(word: str) -> int:
    """The line that a word of a story stands for."""
    digits = "".join(letter for letter in word if letter.isdigit())
    return int(digits) if digits else zlib.crc32(word.encode()) % LINES


def row_names(tables: GraphTables) -> RowNames:
    """What tells the numbers of these tables as texts."""
    loads = tables.read("Load").to_pylist()
    return RowNames({int(load["id"].rpartition(":")[2]): (load["files"] or "").split(SEPARATOR) for load in loads})
