"""What a mapping leaves to a person: every TO DECIDE in its text, where it stands, and what it may become.

A proposal guesses no meaning, so it holds this mark wherever a person has to say something. `settled` gives the mapping as
far as it is decided, for the checks and for a preview: where a text is wanted the mark stays, anything else is left unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import pyarrow as pa
import yaml

from lastseen.graph import schema
from lastseen.graph.records import TABLES
from lastseen.loaders.mapping_faults import LISTS, NEEDS
from lastseen.loaders.mapping_model import MARK, Kind
from lastseen.loaders.yaml_text import compose, read_yaml

Path = tuple[str | int, ...]
DAY_FIRST = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y"]
MONTH_FIRST = [f"%m{style[2]}%d{style[5:]}" for style in DAY_FIRST]
"""Day first: so dates are read in a preview alone, while nobody has said whether the day or the month comes first."""
_MEANWHILE: dict[str, Any] = {"shape": "event", "expected_every": 31, "lag": 0, "trust": 50, "households": False}
_LEVELS = {str(level): words for level, words in schema.LEVELS.items()}


@dataclass(frozen=True)
class Undecided:
    """One mark: its path, the record table's column that it is about ('participants.level'; or ''), its line and place in the
    text, what it is in words, and what it may become (a YAML value and its meaning; empty where anything may stand)."""

    path: Path
    target: str
    line: int
    start: int
    end: int
    what: str
    choices: dict[str, str]

    @property
    def words(self) -> str:
        return f"line {self.line}, {self.what}: {MARK}"


def choices_told(points: list[Undecided]) -> list[str]:
    """What the points may become, each list of choices once: 'participants.level: 0 (attempt: nobody reached), …'."""
    told = {}
    for one in points:
        if one.choices:
            named = one.target or str(one.path[-1])
            listed = (f"{value} ({words})" if words else value for value, words in one.choices.items())
            told[named] = f"{named}: {', '.join(listed)}"
    return list(told.values())


def undecided(text: str) -> list[Undecided]:
    """Every mark in a mapping's text, from the top. Raises yaml.YAMLError."""
    said = read_yaml(text)  # refuses a text that refers to itself
    node = compose(text)
    return [_about(path, scalar, said) for path, scalar in _marks(node, (), set())] if node else []


def decide(text: str, one: Undecided, value: str) -> str:
    """The text with one mark replaced by a YAML value."""
    whole = f"{{is: {value}}}" if _is_whole_expression(one.path) and value != "null" else value
    return text[: one.start] + whole + text[one.end :]


def settled(said: Any) -> Any:
    """A mapping's values as far as they are decided. What is not a mapping at all is given back as it is."""
    if not isinstance(said, dict):
        return said
    said = {key: _MEANWHILE.get(key, value) if value == MARK else value for key, value in said.items()}
    dates = said.get("dates")
    if MARK in (dates if isinstance(dates, list) else [dates]):
        said["dates"] = [one for one in dates if one != MARK] + DAY_FIRST if isinstance(dates, list) else DAY_FIRST
    files = said.get("files")
    if isinstance(files, list):
        said["files"] = [_file(file) if isinstance(file, dict) else file for file in files]
    return said


def _file(file: dict[str, Any]) -> dict[str, Any]:
    file = {key: value for key, value in file.items() if value != MARK}
    columns, rows = file.get("columns"), file.get("rows")
    if not isinstance(columns, dict) or not isinstance(rows, dict):
        return file
    numbers = _not_text(rows)
    columns = {name: _column(one, name in numbers) if isinstance(one, dict) else one for name, one in columns.items()}
    unsaid = {name for name, one in columns.items() if isinstance(one, dict) and _says_nothing(one.get("codes"))}
    rows = {
        table: [_template(table, one, unsaid) if isinstance(one, dict) else one for one in templates]
        if isinstance(templates, list) else templates
        for table, templates in rows.items()
    }  # fmt: skip
    return {**file, "columns": columns, "rows": rows}


def _column(one: dict[str, Any], number: bool) -> dict[str, Any]:
    one = {key: "text" if key == "kind" and value == MARK else value for key, value in one.items()}
    if number and isinstance(one.get("codes"), dict):
        one["codes"] = _unsaid(one["codes"])
    return {key: None if number and value == MARK else value for key, value in one.items()}


def _unsaid(codes: dict[str, Any]) -> dict[str, Any]:
    return {code: None if value == MARK else value for code, value in codes.items()}


def _says_nothing(codes: Any) -> bool:
    return isinstance(codes, dict) and bool(codes) and all(value is None for value in codes.values())


def _template(table: str, template: dict[str, Any], unsaid: set[str]) -> dict[str, Any]:
    inner = template.get("columns")
    if isinstance(inner, dict):
        return {**template, "columns": _template(table, inner, unsaid)}
    kept = {}
    for column, expr in template.items():
        text = _is_text(table, column)
        if expr == MARK:
            expr = {"is": MARK} if text else None
        if not text:
            expr = _said(expr, unsaid)
        kept[column] = expr
    return kept


def _said(expr: Any, unsaid: set[str]) -> Any:
    """An expression that gives no text as far as it is decided; None where nothing is."""
    if isinstance(expr, str):
        return None if expr == MARK or expr in unsaid else expr
    if not isinstance(expr, dict):
        return expr
    expr = {key: _unsaid(value) if key == "map" and isinstance(value, dict) else value for key, value in expr.items()}
    if isinstance(expr.get("first"), list):
        expr["first"] = [one for part in expr["first"] if (one := _said(part, unsaid)) is not None]
    return None if expr.get("is") == MARK or expr.get("first") == [] or _says_nothing(expr.get("map")) else expr


def _not_text(rows: dict[str, Any]) -> set[str]:
    """Columns of the extract that give a record column which holds no text."""
    found = set()
    for table, templates in rows.items():
        for template in templates if isinstance(templates, list) else []:
            named = template.get("columns", template) if isinstance(template, dict) else {}
            found |= {one for column, expr in named.items() if not _is_text(table, column) for one in _names(expr)}
    return found


def _names(expr: Any) -> Iterator[str]:
    if isinstance(expr, str):
        yield expr
    elif isinstance(expr, dict):
        for part in expr.get("first", []) if isinstance(expr.get("first"), list) else []:
            yield from _names(part)


def _is_text(table: str, column: str) -> bool:
    fields = TABLES.get(table)
    return fields is None or column not in fields.names or bool(fields.field(column).type == pa.string())


# --- telling ------------------------------------------------------------------------------------------------------


def _marks(node: yaml.Node, path: Path, met: set[int]) -> Iterator[tuple[Path, yaml.Node]]:
    """Each mark once, however often the text refers to it."""
    if id(node) in met:
        return
    met.add(id(node))
    if isinstance(node, yaml.ScalarNode) and node.value == MARK:
        yield path, node
    elif isinstance(node, yaml.SequenceNode):
        for number, one in enumerate(node.value):
            yield from _marks(one, (*path, number), met)
    elif isinstance(node, yaml.MappingNode):
        for key, one in node.value:
            yield from _marks(one, (*path, str(key.value)), met)


def _about(path: Path, node: yaml.Node, said: Any) -> Undecided:
    mark, end = node.start_mark, node.end_mark
    target = ".".join(_target(path, said) or ())
    return Undecided(path, target, mark.line + 1, mark.index, end.index, _what(path, said), _choices(path, said))


def _what(path: Path, said: Any) -> str:
    target = _target(path, said)
    if path[-2:-1] == ("codes",):
        to = f" (for {'.'.join(target)})" if target else ""
        return f"column {path[-3]}, code {path[-1]!r}{to}"
    if target:
        code = f", {_at(said, path[:-2]).get('code')} = {path[-1]!r}" if path[-2:-1] == ("map",) else ""
        return ".".join(target) + code
    return ".".join(str(part) for part in path)


def _target(path: Path, said: Any) -> tuple[str, str] | None:
    """(record table, its column) that a mark is about; None where it is about no record."""
    if path[:1] != ("files",) or len(path) < 5:
        return None
    if path[2] == "rows" and len(path) >= 6:
        column = path[6] if path[5] == "columns" and len(path) > 6 else path[5]
        return str(path[3]), str(column)
    if path[2] == "columns" and path[4] in ("codes", "else"):
        rows = _at(said, (*path[:2], "rows"))
        for table, templates in rows.items() if isinstance(rows, dict) else ():
            for template in templates if isinstance(templates, list) else []:
                named = template.get("columns", template) if isinstance(template, dict) else {}
                for column, expr in named.items():
                    if str(path[3]) in [*_names(expr)] and (table, column) in {*LISTS, *_NUMBERS}:
                        return table, column
    return None


_FIXED: dict[str, dict[str, str]] = {
    "shape": {"snapshot": "the whole list each time: who is gone has left", "event": "what happened, or rows that only add"},
    "dates": {f'"{style}"': "day first" for style in DAY_FIRST} | {f'"{style}"': "month first" for style in MONTH_FIRST},
    "kind": dict.fromkeys(get_args(Kind), ""),
}
_SCHEMES = {"nhs": "", "upn": "", "la_child_id": "", "own_id": "a number of this source's own: it links nobody"}
_LABELS: dict[tuple[str, str], dict[str, str]] = {
    ("contacts", "kind"): {name: kind.label for name, kind in schema.CONTACT_KINDS.items()},
    ("agencies", "kind"): schema.AGENCY_KINDS,
}
_NUMBERS = {("participants", column) for column in ("level", "at_home", "bedroom")} | {("people", "restricted")}


def _choices(path: Path, said: Any) -> dict[str, str]:
    target = _target(path, said)
    if target is None:
        named = str(next((part for part in reversed(path) if isinstance(part, str)), ""))
        return _FIXED.get(named, {})
    table, column = target
    if target == ("identifiers", "scheme"):
        return _SCHEMES
    needed = column in NEEDS.get(table, ()) or target == ("contacts", "kind")
    nothing = {} if path[-1] == "is" or isinstance(path[-1], int) or needed else {"null": "not said"}
    if column == "level":
        return {**_LEVELS, **nothing}
    if not _is_text(table, column):
        return {"true": "yes", "false": "no", **nothing}
    allowed = LISTS.get((table, column), ())
    return {name: _LABELS.get(target, {}).get(name, "") for name in allowed} | (nothing if allowed else {})


def _at(said: Any, path: Path) -> Any:
    for part in path:
        said = said[part]
    return said


def _is_whole_expression(path: Path) -> bool:
    """Whether the mark stands where a record column's expression is written, not inside one."""
    return len(path) >= 6 and path[2] == "rows" and (len(path) == 6 or isinstance(path[-1], int))
