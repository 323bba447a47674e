"""JSON as tables, streamed: one object (a child, a patient, a bundle's entry) is held at a time.

A document is one object, a list of objects, or one object a line (NDJSON). Rows are found by JMESPath: an expression that
begins with names up to a list (`entry[].resource`) reads each object so, item by item; one that begins with `[` sees a list of
one object, whichever way the file holds it. A FHIR bundle seen so is its entries' resources, each with its entry's `fullUrl`.
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
from typing import IO, Any

import ijson
import jmespath
from jmespath.exceptions import JMESPathError

from lastseen.graph.errors import Refused
from lastseen.loaders.formats.tables import Document, Table, documents, table_names
from lastseen.loaders.inputs import Text
from lastseen.loaders.mapping_model import FileKind

MAX_LINE = 64 << 20
"""Bytes of the longest line of NDJSON that is believed."""

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


def compiled(expression: str) -> Any:
    """A JMESPath expression; raises ValueError with the reason where it is none."""
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
    cells = [[(up, compiled(path)) for up, path in map(outwards, kind.paths(name))] for name in kind.columns]
    return _Plan(kind, head_of(steps[0]), [compiled(step) for step in steps], cells, table)


def _read(text: Text, head: tuple[str, ...], plans: Sequence[_Plan], limit: int | None) -> None:
    with text.path.open("rb") as file:
        file.seek(text.start)
        for document in _documents(file, head):
            for plan in plans:
                try:
                    for row in _rows(plan.steps, [document]):
                        plan.table.add([_first(cell, row) for cell in plan.cells])
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


def _documents(file: IO[bytes], head: tuple[str, ...]) -> Iterator[Any]:
    """Parts of a document that can be told by themselves: small documents of the same shape with one item each."""
    start = file.tell()
    first = _first_byte(file)
    file.seek(start)
    if first == b"{" and _is_by_line(file, start):
        for one in _lines(file, start):
            yield from _shaped(one, head)
        return
    file.seek(start)
    if first == b"[":
        for one in ijson.items(file, "item"):
            yield from _shaped(one, head)
    elif head:
        for one in ijson.items(file, ".".join((*head, "item"))):
            yield _wrapped(head, one)
    elif _is_bundle(file, start):
        for entry in ijson.items(file, "entry.item"):
            yield from _entry(entry)
    else:
        for one in ijson.items(file, ""):
            yield from _shaped(one, head)


def _first_byte(file: IO[bytes]) -> bytes:
    while (byte := file.read(1)) and byte.isspace():
        pass
    return byte


def _is_by_line(file: IO[bytes], start: int) -> bool:
    """Whether the first line is an object by itself and another follows."""
    file.seek(start)
    line = file.readline(MAX_LINE)
    try:
        whole = isinstance(json.loads(line), dict)
    except ValueError:
        return False
    return whole and bool(_first_byte(file))


def _is_bundle(file: IO[bytes], start: int) -> bool:
    file.seek(start)
    kind = next((value for path, event, value in ijson.parse(file) if path == "resourceType" and event == "string"), None)
    file.seek(start)
    return kind == "Bundle"


def _lines(file: IO[bytes], start: int) -> Iterator[Any]:
    file.seek(start)
    while line := file.readline(MAX_LINE):
        if line.strip():
            yield json.loads(line, parse_float=Decimal)


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
        yield [{"fullUrl": entry.get("fullUrl"), **resource}]


def _wrapped(head: tuple[str, ...], item: Any) -> Any:
    value: Any = [item]
    for name in reversed(head):
        value = {name: value}
    return value
