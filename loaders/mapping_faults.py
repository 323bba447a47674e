"""What is wrong with a well-shaped mapping: names, kinds and closed lists that the record tables do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from lastseen.graph import schema
from lastseen.graph.records import ROW, TABLES
from lastseen.loaders.expressions import codes_kind, columns_of, gives, walk
from lastseen.loaders.formats.places import place_faults
from lastseen.loaders.mapping_model import MARK, Code, Column, Expr, FileKind, Is, Mapping, Same, Template, Value

_KINDS = {pa.string(): "text", pa.date32(): "date", pa.int64(): "int", pa.bool_(): "bool", pa.float64(): "float"}
_FITS = {("int", "float"), ("int", "text")}

NEEDS = {
    "people": ("person",), "names": ("person",), "identifiers": ("person", "scheme", "value"), "places": ("place", "kind"),
    "residences": ("person", "place", "basis"), "registrations": ("person", "agency", "register"),
    "involvements": ("person", "status"), "relations": ("person", "other", "relation"), "flags": ("person", "flag"),
    "contacts": ("contact",), "participants": ("contact", "person", "role"), "agencies": ("agency", "kind"),
    "workers": ("worker",),
}
"""Columns that a template of the table has to give."""

LISTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("people", "age_group"): ("child", "adult"), ("people", "sex"): ("F", "M", "U"),
    ("people", "born_precision"): schema.PRECISIONS,
    ("names", "kind"): ("alias", "former"),
    ("places", "kind"): schema.ADDRESS_KINDS,
    ("residences", "basis"): schema.BASES, ("residences", "kind"): schema.RESIDENCE_KINDS,
    ("registrations", "register"): schema.REGISTERS,
    ("involvements", "status"): schema.STATUSES,
    ("relations", "relation"): ("parent", "partner", *schema.RELATIONS), ("relations", "parent_kind"): schema.PARENT_KINDS,
    ("contacts", "kind"): tuple(schema.CONTACT_KINDS), ("contacts", "outcome"): schema.OUTCOMES,
    ("participants", "role"): schema.ROLES,
    ("agencies", "kind"): tuple(schema.AGENCY_KINDS),
}
"""Record columns with a closed list of values."""

REFERS = {"person": "people", "other": "people", "place": "places", "agency": "agencies", "worker": "workers",
          "contact": "contacts", "stated_by": "people"}
"""Where the record that an id names has to come from: one template of the source at least."""


def mapping_faults(mapping: Mapping) -> list[str]:
    """Every fault, each saying where it is. An empty list: the mapping can be used."""
    faults = [fault for file in mapping.files for fault in _file_faults(file)]
    faults += [f"dates: {style!r} has a mark that stands for nothing" for style in mapping.dates if not _MARKS.fullmatch(style)]
    faults += [f"dates: {style!r} gives no year" for style in mapping.dates if not _is_style(style)]
    twins = [(file.match, file.sheet, file.xml, file.json_steps) for file in mapping.files]
    faults += [f"files: {match!r} stands twice" for match in sorted({one[0] for one in twins if twins.count(one) > 1})]
    given = {table for file in mapping.files for table in file.rows}
    named = {column for file in mapping.files for _, _, template in file.templates() for column in template.columns}
    homeless = [column for column in sorted(named & REFERS.keys()) if REFERS[column] not in given]
    faults += [f"rows: `{column}` is named, so some template has to give {REFERS[column]}" for column in homeless]
    if "contacts" in given and not any({"kind", "occurred_on"} <= one.columns.keys() for one in _of(mapping, "contacts")):
        faults.append("rows.contacts: some template has to give kind and occurred_on")
    return faults


def _of(mapping: Mapping, table: str) -> list[Template]:
    return [template for file in mapping.files for template in file.rows.get(table, [])]


_MARKS = re.compile(r"(?:[^%]|%-[dmyjHMSI]|%[abcdfghjmnpuwxyzABGHIMSTUVWXYZ%])+")
"""A date format that the engine reads."""


def _is_style(style: str) -> bool:
    return date(2011, 12, 25).strftime(style) != style and any(token in style for token in ("%Y", "%y", "%x"))


def _file_faults(file: FileKind) -> Iterator[str]:
    at = f"files[{file.label}]"
    if not file.rows:
        yield f"{at}.rows: gives no records"
    yield from (f"{at}{fault}" for fault in place_faults(file))
    for name, column in file.columns.items():
        if (column.kind == "code") != bool(column.codes):
            yield f"{at}.columns.{name}: kind code and codes go together"
        elif column.codes and codes_kind(column.codes, column.otherwise) is None:
            yield f"{at}.columns.{name}: its codes' values are of several kinds"
        yield from (f"{at}.columns.{name}: {fault}" for fault in _inside_faults(file, column))
    for role in ("extract_date", "covers_from", "covers_to", "recorded_on", "scope"):
        name = getattr(file, role)
        if name is None:
            continue
        if name not in file.columns:
            yield f"{at}.{role}: {name!r} is not among the columns"
        elif role != "scope" and file.columns[name].kind != "date":
            yield f"{at}.{role}: {name} needs kind date"
        elif role == "scope" and gives(name, file) != "text":
            yield f"{at}.scope: {name} needs a kind that gives text"
    if file.latest:
        yield from (f"{at}.latest: {name!r} is not among the columns" for name in (file.latest.of, file.latest.by)
                    if name not in file.columns)
    for table, number, template in file.templates():
        where = f"{at}.rows.{table}[{number}]"
        if table not in NEEDS:
            yield f"{where}: there is no record table {table!r} (there are {', '.join(NEEDS)})"
        else:
            yield from (f"{where}.{fault}" for fault in _template_faults(file, table, template))


def _template_faults(file: FileKind, table: str, template: Template) -> Iterator[str]:
    for column in NEEDS[table]:
        if column not in template.columns:
            yield f"{column}: is missing"
    for one in template.when:
        if one.column not in file.columns:
            yield f"when: {one.column!r} is not among the columns"
        elif one.past is not None and file.columns[one.column].kind != "date":
            yield f"when: {one.column} needs kind date to be past"
    if template.continued and not {"valid_from", "valid_to"} <= template.columns.keys():
        yield "continued: needs valid_from and valid_to"
    if template.monthly:
        yield from _monthly_faults(file, table, template)
    allowed = TABLES[table]
    own = {name for name in allowed.names if name not in ("file", "line", "scope")}
    for column, expr in template.columns.items():
        if column not in own:
            known = ", ".join(name for name in allowed.names if name not in ROW)
            yield f"{column}: {table} has no such column (it has {known})"
            continue
        unknown = sorted({name for name in columns_of(expr) if name not in file.columns})
        if unknown:
            yield f"{column}: {', '.join(repr(name) for name in unknown)} not among the columns"
            continue
        if any(isinstance(part, Same) for part in walk(expr)) and (table, column, type(expr)) != ("relations", "other", Same):
            yield f"{column}: {{same:}} is for relations' other"
            continue
        kind, wanted = gives(expr, file), _KINDS[allowed.field(column).type]
        if kind != wanted and (kind, wanted) not in _FITS:
            yield f"{column}: needs {wanted}, but the expression gives {kind or 'several kinds'}"
        elif (table, column) in LISTS:
            yield from _list_faults(file, column, expr, LISTS[table, column])


def _inside_faults(file: FileKind, column: Column) -> Iterator[str]:
    if column.inside and column.broken:
        yield "is inside a column or its broken text, not both"
    parent = file.columns.get(column.parent or "")
    if column.parent and (parent is None or parent.parent):
        yield f"{column.parent!r} is not among the columns of the header"
    if column.parent and column.required:
        yield "only a column of the header can be required"


def _monthly_faults(file: FileKind, table: str, template: Template) -> Iterator[str]:
    if table != "contacts":
        yield "monthly: only contacts can be monthly"
    elif not {"agency", "occurred_on", "kind"} <= template.columns.keys():
        yield "monthly: needs agency, occurred_on and kind"
    elif not any(one.columns.get("contact") == template.columns["contact"] for one in file.rows.get("participants", [])):
        yield "monthly: a participants template with the same contact has to say who"


def _list_faults(file: FileKind, column: str, expr: Expr, allowed: tuple[str, ...]) -> Iterator[str]:
    for part in walk(expr):
        values: list[Value] = []
        if isinstance(part, Is):
            values = [part.value]
        elif isinstance(part, Code):
            values = [*part.map.values(), part.otherwise]
        elif isinstance(part, str) and file.columns[part].kind == "code":
            values = [*file.columns[part].codes.values(), file.columns[part].otherwise]
        elif isinstance(part, str):
            yield f"{column}: {part} needs a code list, as only these are allowed: {', '.join(allowed)}"
        wrong = sorted({str(value) for value in values if value not in (None, MARK, *allowed)})
        if wrong:
            yield f"{column}: {', '.join(wrong)} not among {', '.join(allowed)}"

