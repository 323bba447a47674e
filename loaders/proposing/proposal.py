"""A mapping proposed from one file: read as a load reads it, what its columns tell, and the text of a mapping to finish.

Nothing personal is written into it: headers and the codes of code lists, never a name, a date or a number of anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any

from lastseen.graph.errors import Refused
from lastseen.loaders.formats.opening import opened
from lastseen.loaders.formats.tables import ROW
from lastseen.loaders.inputs import Text, is_zip
from lastseen.loaders.mapping_model import MARK, FileKind
from lastseen.loaders.proposing.columns import Found, layout, look
from lastseen.loaders.proposing.nested import rows_of, table_of
from lastseen.loaders.proposing.roles import DATES, MEANT, Roles, personal_words, roles
from lastseen.loaders.proposing.tables import Draft, describe
from lastseen.loaders.proposing.text import columns, flow, rows, scalar, shown
from lastseen.loaders.proposing.words import meaning, squeezed, vocabulary

_ANY = FileKind(columns={}, rows={})


@dataclass(frozen=True)
class Proposal:
    """The text of a mapping, the source it names, and what a person should know of it."""

    source: str
    text: str
    notes: list[str]


def propose(path: Path, source: str | None, work: Path, table: str | None = None) -> Proposal:
    """A mapping for a file, or for one table of it. `work` is an empty private folder for copies. Raises Refused where the file
    is no table, and Several where it is not said which of several."""
    name = source_name(path, source)
    text, nested = the_table(path, table, work)
    title_rows, delimiter = layout(text, _known()) if not nested else (0, ",")
    found = [column for column in look(text, title_rows, delimiter, work) if not (nested and column.name == ROW)]
    if not any(meaning(column.name) for column in found):  # what may be somebody's name is not written into a mapping
        mend = "If its first line is a header, write the mapping by hand, or add its words to the vocabulary (words.yaml)."
        raise Refused(f"None of the headers of {text.name} is known.", mend)
    said = roles(found)
    draft = Draft(said, name, personal_words(said, found), notes=list(said.notes))
    describe(draft)
    if not draft.rows:
        draft.add("people", {"person": MARK})
        draft.by_hand |= {column.name for column in found}
    dates, why = _dates(said)
    draft.notes += [why] * bool(why)
    where = _nested(nested) if nested else _where(text, title_rows, delimiter, in_zip=is_zip(path))
    head = [*_head(draft, found, dates), *where, *_file(draft, found, nested)]
    return Proposal(name, "\n".join(head) + "\n", draft.notes)


def source_name(path: Path, given: str | None) -> str:
    """The source's name: as given, else the file's own words without its numbers."""
    if given is not None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", given):
            raise Refused(f"{given!r} is no name for a source.", "Use small letters, digits and _, for example nursery_list.")
        return given
    words = [word for word in re.findall(r"[a-z]+", path.stem.casefold()) if len(word) > 1]
    return "_".join(words)[:40].strip("_") or "new_source"


class Several(Refused):
    """A file holds several tables, and nobody said which; `tables` are their names."""

    def __init__(self, name: str, tables: list[str]) -> None:
        super().__init__(f"{name} holds {len(tables)} tables: {', '.join(tables)}.", "Say which with --table.")
        self.tables = tables


def the_table(path: Path, named: str | None, work: Path) -> tuple[Text, FileKind | None]:
    """The table of a file: the only one of a CSV, a zip's member, a workbook's sheet, or what repeats in XML and JSON, with the
    kind of file that reads it there. Raises Refused where there is none, and Several where there are several."""
    nested = rows_of(path, work)
    if nested:
        text, kinds = nested
        rows = kinds[_chosen(path, named, [one.name for one in kinds])]
        return table_of(text, rows, work), rows.kind
    found = opened(path, [_ANY], work).tables
    if not found:
        mend = "Write its mapping by hand if it is XML or JSON in a zip."
        raise Refused(f"{path.name} holds no table that a mapping can be proposed for.", mend)
    return found[_chosen(path, named, [_title(one) for one in found])], None


def _chosen(path: Path, named: str | None, titles: list[str]) -> int:
    """Which table is meant."""
    if named is None and len(titles) > 1:
        raise Several(path.name, titles)
    chosen = [i for i, title in enumerate(titles) if named is None or title.casefold() == named.casefold()]
    if not chosen:
        raise Refused(f"{path.name} has no table {named}.", f"It has {', '.join(titles)}.")
    return chosen[0]


def _title(text: Text) -> str:
    """What a table is called: its sheet, or its file."""
    return text.name.rpartition("#")[2] if text.made else text.name


def _known() -> set[str]:
    return {squeezed(phrase) for phrases in vocabulary()["what"].values() for phrase in phrases}


# --- the head -----------------------------------------------------------------------------------------------------


def _head(draft: Draft, found: list[Found], dates: Any) -> Iterator[str]:
    yield "# Proposed by `lastseen map`. Put a value in the place of every TO DECIDE, and read the rest: it is a guess."
    yield from (f"# - {shown(note)}" for note in draft.notes)
    yield f"source: {draft.source}"
    yield f"title: {scalar(draft.source.replace('_', ' ').capitalize())}"
    yield "doc: What this extract holds, who sends it, and what it does not tell."
    if draft.has_contacts:
        yield "shape: event"
    else:
        yield "# snapshot: the whole list each time, so that whoever is gone from the next has left; event: rows only add"
        yield f"shape: {MARK}"
    yield "# days from one extract to the next, and from an event to the source's knowing of it"
    yield "expected_every: 31"
    yield "lag: 0"
    met = {token for column in found for token in column.unknown}
    listed = [token for token in vocabulary()["unknown"] if token in met]
    yield f"unknown: {flow(['', *listed])}"
    yield f"dates: {dates if dates == MARK else flow(dates)}"


def _dates(said: Roles) -> tuple[Any, str]:
    """The styles of the columns that hold dates, and what is to be said of the order of day and month.

    The order is told by all of them together, as one source writes one way; where nothing tells it, a person decides.
    """
    dated = [(column.name, column.dates) for m, column in said.columns.items() if m.what in DATES and column.dates]
    orders = {name: dates.first for name, dates in dated if dates.first}
    tell = {first for first in orders.values() if first in ("day", "month")}
    if "both" in orders.values() or len(tell) > 1:
        named = ", ".join(name for name, first in orders.items() if first != "either")
        return MARK, f"{named}: some dates have the day first and some the month. Have the extract made with one order."
    if orders and not tell:
        return MARK, f"{', '.join(orders)}: no value tells whether the day or the month comes first."
    first = tell.pop() if tell else "day"
    styles = list(dict.fromkeys(style for _, dates in dated for style in dates.written(first)))
    if not orders:
        return styles or ["%Y-%m-%d"], ""
    told = [name for name, order in orders.items() if order == first]
    silent = [name for name, order in orders.items() if order == "either"]
    also = f" (and so also in {', '.join(silent)}, whose own values do not tell it)" if silent else ""
    return styles, f"The {first} comes first in dates: told by {', '.join(told)}{also}."


# --- the file -----------------------------------------------------------------------------------------------------


def _where(text: Text, title_rows: int, delimiter: str, in_zip: bool) -> Iterator[str]:
    """How the table is found again: a sheet by its name, a zip's member by its name without numbers."""
    yield "files:"
    if text.made:
        yield f"  - sheet: {flow(escape(_title(text)))}"
        return
    yield f"  - match: {flow(re.sub('[0-9]+', '*', escape(text.name)) if in_zip else '*')}"
    if title_rows:
        yield f"    title_rows: {title_rows}"
    if delimiter != ",":
        yield f"    delimiter: {flow(delimiter)}"


def _nested(kind: FileKind) -> Iterator[str]:
    """How the rows are found again in XML or JSON."""
    yield "files:"
    yield f"  - xml: {flow(kind.xml)}" if kind.xml else f"  - json: {flow(kind.json_steps)}"


def _file(draft: Draft, found: list[Found], nested: FileKind | None) -> Iterator[str]:
    said = draft.roles
    scope = _scope(draft)
    held = {"extract_date": said.name("extract_date"), "covers_from": said.name("period_from"),
            "covers_to": said.name("period_to"), "scope": scope, "recorded_on": said.name("recorded")}  # fmt: skip
    yield from (f"    {role}: {scalar(name)}" for role, name in held.items() if name)
    used = {*_used(draft), *draft.by_hand, *(name for name in held.values() if name)}
    paths = {name: column.path for name, column in nested.columns.items() if column.path != name} if nested else {}
    yield from columns({
        column.name: _column(draft, column) | ({"path": paths[column.name]} if column.name in paths else {})
        for column in found if column.name in used
    })  # fmt: skip
    yield from rows(draft)
    left = {column.name: said.unused.get(column.name, "not needed") for column in found if column.name not in used}
    if left:
        yield "    # Columns that are not used:"
        yield from (f"    # - {shown(f'{name}: {why}')}" for name, why in left.items())


def _scope(draft: Draft) -> str | None:
    """The agency of a list, where each row has one: whose list it is."""
    code = draft.roles.agency("agency_code", "agency")
    column = next((one for one in draft.roles.columns.values() if one.name == code), None)
    registered = any(line.columns["register"] != MARK for line in draft.rows.get("registrations", []))
    return code if column and registered and column.filled == column.rows and column.different * 2 < column.rows else None


def _used(draft: Draft) -> set[str]:
    return {name for lines in draft.rows.values() for line in lines for expr in line.columns.values() for name in _named(expr)}


def _named(expr: Any) -> Iterator[str]:
    if isinstance(expr, str):
        yield expr
    elif isinstance(expr, list):
        for one in expr:
            yield from _named(one)
    elif isinstance(expr, dict) and "is" not in expr:
        yield from _named(expr.get("code") or expr.get("first") or expr.get("hash") or [])


NEEDED = ("id", "nhs", "upn", "la_child_id", "born", "family_name", "given_name", "full_name", "contact_date", "contact_type",
          "seen", "seen_alone", "extract_date", "postcode", "uprn", "address")  # fmt: skip


def _column(draft: Draft, column: Found) -> dict[str, Any]:
    """A column's declaration: its kind, whether a file must have it, whether a row must fill it, its codes."""
    what = next((m.what for m, one in draft.roles.columns.items() if one is column), "")
    said: dict[str, Any] = {}
    if column.name in draft.lists:
        said = {"kind": "code", "codes": draft.lists[column.name], "else": None}
    elif what in DATES:
        said = {"kind": "date"}
    elif what in ("nhs", "upn", "postcode", "uprn"):
        said = {"kind": what if column.shapes.get(MEANT.get(what, ""), 1.0) >= 0.5 or not column.filled else "id"}
    elif what in ("restricted", "bedroom"):
        said = {"kind": "bool"}
    elif what in ("id", "la_child_id", "contact_id", "worker_id", "agency_code"):
        said = {"kind": "id"}
    elif not what and column.is_dates:
        said = {"kind": "date"}
    if what in NEEDED:
        said["required"] = True
    names_row = what in ("contact_date", "contact_id") or draft.rows["people"][0].columns["person"] == column.name
    if names_row and column.filled == column.rows:
        said["filled"] = True
    return said or {"kind": "text"}
