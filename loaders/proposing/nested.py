"""Tables in XML and JSON that nobody has described yet: what repeats is a row, the leaves that belong to it are its columns.

In XML a row is an element that stands several times beside its like and holds others (or attributes); in JSON an object of a
list. Its columns are the leaves inside it that stand there once, those of the elements or objects around it, and what stands
once in the document. Only the shape is looked at here, streamed; the values go the way every table's do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ijson

from lastseen.graph.errors import Refused
from lastseen.loaders.formats.content import format_of
from lastseen.loaders.formats.json_tables import json_tables, parts
from lastseen.loaders.formats.tables import ROW
from lastseen.loaders.formats.xml_tables import Shape, shape_of, xml_tables
from lastseen.loaders.inputs import Text, as_text, is_zip, row_name
from lastseen.loaders.mapping_model import Column, FileKind
from lastseen.loaders.proposing.words import squeezed

Names = tuple[str, ...]
MOST_COLUMNS = 300
"""Leaves of a row that are believed; more are data in the place of names."""


@dataclass(frozen=True)
class Rows:
    """A kind of row of a document: what it is called, and the kind of file that reads it, with a path for each column."""

    name: str
    kind: FileKind


def rows_of(path: Path, work: Path) -> tuple[Text, list[Rows]] | None:
    """A document's text and the kinds of row in it, the outermost first; None where the file is neither XML nor JSON."""
    what = "text" if is_zip(path) else format_of(path)
    if what not in ("xml", "json"):
        return None
    text = as_text(path, row_name(path.name), work)
    found = _in_xml(text) if what == "xml" else _in_json(text)
    if any(len(one.kind.columns) > MOST_COLUMNS for one in found):
        raise Refused(f"{text.name} has more than {MOST_COLUMNS} leaves a row.", "Write its mapping by hand.")
    return text, found


def table_of(text: Text, rows: Rows, work: Path) -> Text:
    """The rows as a table, its first column their number."""
    tables = xml_tables if rows.kind.xml else json_tables
    return tables(text, [rows.kind], work)[0].text


def _kinds(found: dict[str, tuple[Names, list[tuple[Names, str]]]], key: str) -> list[Rows]:
    """Kinds of rows from the path that finds them, the names that they lie under, and (names, path) of their columns."""
    titles = _told_apart([names for names, _ in found.values()])
    kinds = []
    for title, (where, (_, cells)) in zip(titles, found.items(), strict=True):
        columns = _told_apart([names for names, _ in cells])
        said = {name: Column(path=path) for name, (_, path) in zip(columns, cells, strict=True)}
        steps = json.loads(where) if key == "json" else where
        kinds.append(Rows(title, FileKind.model_validate({key: steps, "columns": said, "rows": {}})))
    return kinds


def _told_apart(listed: Sequence[Names]) -> list[str]:
    """The last of each path's names; those that are alike with as many of the names before it as tell them apart."""
    found: list[str] = []
    for names in listed:
        depth = 1
        while depth < len(names) and _alike(names, depth, listed) > 1:
            depth += 1
        first = name = " ".join(" ".join(names[-depth:]).split()) or "unnamed"  # as a header is read
        taken, number = {squeezed(one) for one in [*found, ROW]}, 1
        while squeezed(name) in taken or not squeezed(name):
            number += 1
            name = f"{first} {number}"
        found.append(name)
    return found


def _alike(names: Names, depth: int, listed: Sequence[Names]) -> int:
    return sum(squeezed(" ".join(one[-depth:])) == squeezed(" ".join(names[-depth:])) for one in listed)


# --- XML ----------------------------------------------------------------------------------------------------------


def _in_xml(text: Text) -> list[Rows]:
    shape = shape_of(text)
    rows = [names for names in shape.order if names in shape.repeated and shape.holds(names)]
    if not rows:
        raise Refused(f"Nothing repeats in {text.name}, so that nothing is its row.", "Give a file with several rows.")
    found = {}
    for row in rows:
        cells = [(tuple(name.lstrip("@") for name in leaf), path) for leaf in shape.leaves if (path := _from(row, leaf, shape))]
        own = [cell for cell in cells if not cell[1].startswith(("/", ".."))]
        found["/" + "/".join(row)] = row, [*own, *(cell for cell in cells if cell not in own)]
    return _kinds(found, "xml")


def _from(row: Names, leaf: Names, shape: Shape) -> str:
    """The path from a row to a leaf that it has one of: inside it or an element around it, or once in the document; else ''."""
    shared = next(depth for depth in range(len(row), -1, -1) if leaf[:depth] == row[:depth])
    if any(leaf[:depth] in shape.repeated for depth in range(shared + 1, len(leaf) + 1)):
        return ""
    if not any(row[:depth] in shape.repeated for depth in range(1, shared + 1)):
        return "/" + "/".join(leaf)
    return "/".join([".."] * (len(row) - shared) + [*leaf[shared:]]) or "."


# --- JSON ---------------------------------------------------------------------------------------------------------


@dataclass
class _Objects:
    """Objects of one list: how they are reached (`steps`), the objects around them, and their leaves in order."""

    names: Names
    steps: list[str]
    outer: _Objects | None
    leaves: dict[Names, None] = field(default_factory=dict)


def _in_json(text: Text) -> list[Rows]:
    found: dict[tuple[str, ...], _Objects] = {}
    try:
        for one, alone in parts(text):
            wrapped = alone and "resourceType" not in one and any(_lists(one))
            kind = str(one.get("resourceType") or "")
            step = f"[?resourceType=='{kind}']" if kind.isalpha() else "[]"
            _look(one, (kind,) if kind.isalpha() else (), [] if wrapped else [step], None, found)
    except (ValueError, ijson.JSONError, RecursionError) as error:
        raise Refused(f"{text.name} is not whole JSON.", "Have it sent again.") from error
    root = found.pop((), None)
    if not found:
        raise Refused(f"{text.name} holds no list of objects.", "Give a file with several rows.")
    kinds: dict[str, tuple[Names, list[tuple[Names, str]]]] = {}
    for objects in found.values():
        cells = [(leaf, _path(leaf)) for leaf in objects.leaves]
        around, up = objects.outer, "../"
        while around and around.steps:
            cells += [((*around.names[-1:], *leaf), up + _path(leaf)) for leaf in around.leaves]
            around, up = around.outer, up + "../"
        if root:
            cells += [(leaf, "/" + "/".join(leaf)) for leaf in root.leaves if all(map(_PLAIN.fullmatch, leaf))]
        kinds[json.dumps(objects.steps)] = objects.names or ("rows",), cells
    return _kinds(kinds, "json")


_PLAIN = re.compile(r"[A-Za-z_]\w*")


def _path(names: Sequence[str]) -> str:
    return ".".join(name if _PLAIN.fullmatch(name) else json.dumps(name) for name in names)


def _lists(one: Any) -> Iterator[Any]:
    """The lists of objects that lie in an object, not in another list."""
    for value in one.values():
        if isinstance(value, dict):
            yield from _lists(value)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield value


def _look(
    one: dict[str, Any], names: Names, steps: list[str], outer: _Objects | None, found: dict[tuple[str, ...], _Objects]
) -> None:
    """Note an object's leaves and the lists in it."""
    here = found.setdefault(tuple(steps), _Objects(names, steps, outer))

    def inside(value: dict[str, Any], path: Names) -> None:
        for key, item in value.items():
            at = (*path, key)
            if isinstance(item, dict):
                inside(item, at)
            elif not isinstance(item, list):
                here.leaves.setdefault(at)
            elif any(isinstance(each, dict) for each in item):
                for each in item:
                    if isinstance(each, dict):
                        _look(each, (*names, *at), [*steps, f"{_path(at)}[]"], here, found)
            elif not any(isinstance(each, list) for each in item):
                here.leaves.setdefault(at)

    inside(one, ())


__all__ = ["Rows", "rows_of", "table_of"]
