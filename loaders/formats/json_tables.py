"""JSON as tables, streamed: one object (a child, a patient, a bundle's entry) is held at a time.

A document is one object, a list of objects, or one object a line (NDJSON). Rows are found by JMESPath: an expression that
begins with names up to a list (`entry[].resource`) reads each object so, item by item; one that begins with `[` sees a list of
one object, whichever way the file holds it. A FHIR bundle seen so is its entries' resources, each with its entry's `fullUrl`
and the `serverBase` that this names, if any.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain as chained
from pathlib import Path
from typing import Any

import ijson
import jmespath
from jmespath.exceptions import JMESPathError

from lastseen.graph.errors import Refused
from lastseen.loaders.formats.tables import Document, Table, documents, table_names
from lastseen.loaders.formats.watching import Watched
from lastseen.loaders.inputs import Text
from lastseen.loaders.mapping_model import FileKind

_HEAD = re.compile(r"((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)\[\]")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_OUTWARDS = re.compile(r"(?:\.\./)*")


@dataclass
class _Plan:
    """How one kind's rows are found: `head`, the names that lead to the list that is gone through, and compiled steps."""

    kind: FileKind
    head: tuple[str, ...]
    steps: list[Any]
    cells: list[list[tuple[int, Any]]]
    fixed: dict[int, list[str]]
    table: Table


def head_of(step: str) -> tuple[str, ...]:
    """Names that lead to the list an expression goes through; none where it begins with a list itself."""
    found = _HEAD.match(step)
    return tuple(found[1].split(".")) if found else ()


def outwards(path: str) -> tuple[int, str]:
    """How many objects out a column's path starts, and the JMESPath from there."""
    found = _OUTWARDS.match(path)
    up = found.end() // 3 if found else 0
    return up, path[3 * up:] or "@"


class _Field:
    """A plain name, which nearly all paths are: what JMESPath gives for it, without JMESPath."""

    def __init__(self, name: str) -> None:
        self.name = name

    def search(self, value: Any) -> Any:
        return value.get(self.name) if isinstance(value, dict) else None


def compiled(expression: str) -> Any:
    """A JMESPath expression; raises ValueError with the reason where it is none."""
    if _IDENTIFIER.fullmatch(expression):
        return _Field(expression)
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise ValueError(f"{expression!r} is no JMESPath: {' '.join(str(error).split())}") from error


def json_tables(text: Text, kinds: Sequence[FileKind], work: Path, limit: int | None = None) -> list[Document]:
    """The tables of a document, one for each kind that finds a row in it; with `limit`, of about so many first rows only.

    Raises Refused for a document that is not whole, and for one whose required columns are nowhere filled.
    """
    names = table_names(text.name, [_word(kind) for kind in kinds])
    with ExitStack() as open_tables:
        plans = [
            _plan(kind, open_tables.enter_context(Table(name, work, [*kind.columns])))
            for kind, name in zip(kinds, names, strict=True)
        ]
        try:
            for head in sorted({plan.head for plan in plans}):
                _read(text, head, [plan for plan in plans if plan.head == head], limit)
        except (ValueError, ijson.JSONError, RecursionError) as error:
            raise Refused(f"{text.name} is not whole JSON. Nothing was loaded.", "Have it sent again.") from error
        except JMESPathError as error:
            raise Refused(f"{text.name} has values of another kind than its source's.", "Have it sent again.") from error
    return documents([(plan.table, plan.kind) for plan in plans], limit)


def _word(kind: FileKind) -> str:
    """A kind's own word for a row: the resource type that it asks for, or the last name of its last step."""
    steps = kind.json_steps or []
    if len(steps) == 1 and (found := re.search(r"resourceType\s*==\s*[`'\"]+(\w+)", steps[0])):
        return found[1]
    names = _IDENTIFIER.findall(re.sub(r"\[[^]]*\]", " ", steps[-1]))
    return names[-1] if names else "object"


def _plan(kind: FileKind, table: Table) -> _Plan:
    steps = kind.json_steps or []
    cells, fixed = [], {}
    for place, name in enumerate(kind.columns):
        own = [path for path in kind.paths(name) if not path.startswith("/")]
        cells.append([(up, compiled(path)) for up, path in map(outwards, own)])
        if len(own) < len(kind.paths(name)):
            fixed[place] = [path.strip("/").replace("/", ".") for path in kind.paths(name) if path.startswith("/")]
    return _Plan(kind, head_of(steps[0]), [compiled(step) for step in steps], cells, fixed, table)


def _read(text: Text, head: tuple[str, ...], plans: Sequence[_Plan], limit: int | None) -> None:
    wanted = {path for plan in plans for paths in plan.fixed.values() for path in paths}
    with text.path.open("rb") as opened:
        file = Watched(opened, text)
        said = _said_once(file, wanted) if wanted else {}
        for document in _documents(file, head):
            file.held = 0
            for plan in plans:
                try:
                    for row in _rows(plan.steps, [document]):
                        cells = [_first(cell, row) for cell in plan.cells]
                        for place, paths in plan.fixed.items():
                            cells[place] = cells[place] or next((said[path] for path in paths if path in said), "")
                        plan.table.add(cells)
                except JMESPathError:  # another source's object, if one is only asking whose this is
                    if not limit:
                        raise
            if limit and sum(plan.table.rows for plan in plans) >= limit:
                return


def _rows(steps: Sequence[Any], outer: list[Any]) -> Iterator[list[Any]]:
    """Each row's object after those that it lies in."""
    found = steps[0].search(outer[-1])
    found = found if isinstance(found, list) else [] if found is None else [found]
    for one in found:
        if len(steps) == 1:
            yield [*outer, one]
        else:
            yield from _rows(steps[1:], [*outer, one])


def _first(paths: list[tuple[int, Any]], row: list[Any]) -> str:
    for up, path in paths:
        text = _text(path.search(row[max(-len(row), -1 - up)]))
        if text:
            return text
    return ""


def _text(value: Any) -> str:
    """A value as a cell: a list of plain values joined by spaces, anything else that is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return " ".join(filter(None, map(_text, value)))
    return json.dumps(value, default=str, ensure_ascii=False) if value else ""


def _said_once(file: Watched, wanted: set[str]) -> dict[str, str]:
    """What stands at paths from the document's root (of one object, not of a list of them)."""
    file.begin()
    if _first_byte(file) != b"{" or _is_by_line(file):
        return {}
    found: dict[str, str] = {}
    file.begin()
    for path, event, value in ijson.parse(file):
        file.held = 0
        if path in wanted and path not in found and event in ("string", "number", "boolean"):
            found[path] = _text(value)
            if len(found) == len(wanted):
                break
    return found


def _documents(file: Watched, head: tuple[str, ...]) -> Iterator[Any]:
    """Parts of a document that can be told by themselves: small documents of the same shape with one item each."""
    file.begin()
    first = _first_byte(file)
    by_line = first == b"{" and _is_by_line(file)
    bundle = first == b"{" and not by_line and not head and _is_bundle(file)
    file.begin()
    if by_line:
        while line := file.readline():
            if line.strip():
                yield from _shaped(json.loads(line, parse_float=Decimal), head)
    elif first == b"[":
        for one in ijson.items(file, "item"):
            yield from _shaped(one, head)
    elif head:
        for one in ijson.items(file, ".".join((*head, "item"))):
            yield _wrapped(head, one)
    elif bundle:
        for entry in ijson.items(file, "entry.item"):
            yield from _entry(entry)
    else:
        for one in ijson.items(file, ""):
            yield from _shaped(one, head)


def parts(text: Text) -> Iterator[tuple[dict[str, Any], bool]]:
    """The objects of a document of no known shape (of a list, a bundle, or one a line), and whether it is one object alone.

    Raises ValueError or JSONError where it is no whole JSON.
    """
    with text.path.open("rb") as opened:
        file = Watched(opened, text)
        file.begin()
        alone = _first_byte(file) == b"{" and not _is_by_line(file) and not _is_bundle(file)
        for document in _documents(file, ()):
            file.held = 0
            yield from ((one, alone) for one in document if isinstance(one, dict))


def _first_byte(file: Watched) -> bytes:
    while (byte := file.read(1)) and byte.isspace():
        pass
    return byte


def _is_by_line(file: Watched) -> bool:
    """Whether the first line is an object by itself and something follows."""
    file.begin()
    try:
        line = file.readline()
        return isinstance(json.loads(line), dict) and bool(_first_byte(file))
    except (ValueError, Refused):
        return False


def _is_bundle(file: Watched) -> bool:
    file.begin()
    for path, event, value in ijson.parse(file):
        file.held = 0
        if path == "resourceType":
            return bool(value == "Bundle")
        if path == "entry.item.resource" and event == "start_map":
            return True
    return False


def _shaped(one: Any, head: tuple[str, ...]) -> Iterator[Any]:
    if head:
        for name in head:
            one = one.get(name) if isinstance(one, dict) else None
        yield from (_wrapped(head, item) for item in (one if isinstance(one, list) else []))
    elif isinstance(one, dict) and one.get("resourceType") == "Bundle":
        yield from chained.from_iterable(map(_entry, one.get("entry") or []))
    else:
        yield [one]


def _entry(entry: Any) -> Iterator[Any]:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if isinstance(resource, dict):
        url = entry.get("fullUrl")
        yield [{"fullUrl": url, "serverBase": _base(url, resource), **resource}]


def _base(url: Any, resource: dict[str, Any]) -> str | None:
    """The server that a resource's full address names, up to its type and id; None where it is no such address."""
    own = f"/{resource.get('resourceType')}/{resource.get('id')}"
    address = url.partition("/_history/")[0] if isinstance(url, str) and "://" in url else ""
    return address.removesuffix(own) + "/" if address.endswith(own) else None


def _wrapped(head: tuple[str, ...], item: Any) -> Any:
    value: Any = [item]
    for name in reversed(head):
        value = {name: value}
    return value
