"""A proposal as YAML with comments, a person's to read and finish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lastseen.loaders.mapping_model import MARK
from lastseen.loaders.proposing.tables import Draft, Expr, Line

_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9 _./()+-]*$")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_WIDTH = 120


def scalar(value: Any) -> str:
    """One value, in quotes where YAML (ours or anybody's) would read it as something else."""
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    text = str(value)
    if _PLAIN.match(text) and text.strip() == text and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable()).replace("\x7f", "\\x7f")


def shown(text: str) -> str:
    """A text for a comment: what can't be printed is none of YAML's business."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def rows(draft: Draft) -> Iterator[str]:
    """The `rows` part, a line of text each."""
    yield "    rows:"
    for table, templates in draft.rows.items():
        yield f"      {table}:"
        for one in templates:
            yield from _template(one)


def _template(one: Line) -> Iterator[str]:
    """On one line where it is short and decided; else a record column a line, and a code a line."""
    yield from (f"        # {line}" for line in one.comment.splitlines())
    whole = f"        - {flow(one.columns)}"
    if len(whole) <= _WIDTH and MARK not in whole:
        yield whole
        return
    lead = "        - "
    for name, expr in one.columns.items():
        yield from _column(lead, name, expr)
        lead = "          "


def _column(lead: str, name: str, expr: Expr) -> Iterator[str]:
    if isinstance(expr, dict) and "map" in expr:
        yield f"{lead}{name}:"
        yield f"            code: {scalar(expr['code'])}"
        yield "            map:"
        yield from _codes(expr["map"], " " * 14)
    else:
        yield f"{lead}{name}: {flow(expr)}"


def columns(declared: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The `columns` part, a line of text each."""
    yield "    columns:"
    for name, said in declared.items():
        codes = said.get("codes", {})
        if MARK not in codes.values():
            yield f"      {scalar(name)}: {flow(said)}"
            continue
        yield f"      {scalar(name)}:"
        for key, value in said.items():
            if key != "codes":
                yield f"        {key}: {flow(value)}"
        yield "        codes:"
        yield from _codes(codes, " " * 10)


def _codes(codes: dict[str, Any], indent: str) -> Iterator[str]:
    for code, value in codes.items():
        yield f"{indent}{scalar(code)}: {scalar(value)}"
