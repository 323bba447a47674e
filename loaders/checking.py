"""What makes a load stop, what makes a row be rejected, and the words for both.

A fault is '<column number>:<name>'; faults of a whole row have no number. Those of single cells come from tidying; those that
need a row's records (a contact without a day) or the extract's date (a sight after it) are said here, as SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from lastseen.graph.errors import Refused
from lastseen.loaders import splitting, tidying
from lastseen.loaders.expressions import Compiler, columns_of
from lastseen.loaders.mapping_faults import NEEDS
from lastseen.loaders.mapping_model import Expr, FileKind, Is, Template
from lastseen.loaders.reading import Header

NOBODY, UNNAMED, UNNUMBERED, UNDATED, UNKINDED, AFTER, BACKWARDS, NO_SCOPE, DIFFERS, BORN_TWICE = (
    "nobody", "unnamed", "unnumbered", "undated", "unkinded", "after", "backwards", "scope", "differs", "born",
)

REASONS = {
    tidying.EMPTY: ("the cell is empty", "Fill it in."),
    tidying.NOT_A_DATE: ("not a date of the expected style", "Write the date as the other rows do."),
    tidying.NOT_A_NUMBER: ("not a number", "Write a number."),
    tidying.NOT_YES_NO: ("neither yes nor no", "Write Y or N, or leave it empty."),
    tidying.CODE: ("the code is not in the list", "Correct it, or have the code added to the source's mapping."),
    tidying.FORMULA: ("a formula without a stored value", "Open the workbook in Excel and save it again."),
    tidying.EXPONENT: ("a spreadsheet has rounded the number", "Export it again with the column as text."),
    splitting.WIDTH: ("more or fewer cells than the header", "Put a cell that holds a comma in quotes; add missing cells."),
    splitting.OPEN_QUOTE: ("a quote is not closed or stands inside a cell", "Close it, or double it inside the cell."),
    splitting.TOO_LONG: ("longer than any row is", "Look for a quote that is not closed."),
    splitting.NUL: ("holds a NUL byte", "Have the extract made again."),
    splitting.STRAY_RETURN: ("holds a line end of another kind", "Put the cell in quotes, or take the line end out."),
    NOBODY: ("nothing says whom the row is about", "Fill in the id."),
    UNNAMED: ("a person is described but has no id", "Fill in the id."),
    UNNUMBERED: ("the contact has no id", "Fill in what names it."),
    UNDATED: ("the contact has no day", "Fill in its date."),
    UNKINDED: ("the contact has no kind", "Fill in its kind."),
    AFTER: ("later than the day of the extract", "Correct the date, or the extract's date."),
    BACKWARDS: ("ends before it begins", "Correct one of the two dates."),
    NO_SCOPE: ("nothing says which register the row belongs to", "Fill it in."),
    DIFFERS: ("an earlier row gives this id another day or kind", "Give each contact an id of its own."),
    BORN_TWICE: ("an earlier row gives this id another birth date", "Give each person an own id, or correct the date."),
}
"""Fault: reason and how to mend it. Neither says what the cell held."""

_WHO = {"people", "names", "identifiers", "residences", "registrations", "involvements", "relations", "flags", "contacts",
        "participants"}
_DESCRIBES = ("given_name", "family_name", "born_on", "expected_on", "died_on")


def positions(file: FileKind, header: Header, name: str) -> dict[str, int]:
    """Where the mapping's columns stand in a header: under their own name, else under another spelling of it (case, spacing and
    punctuation do not count).

    Raises Refused naming every required column that is missing and every used one that stands twice.
    """
    found, missing, twice = find_columns(file, header)
    if missing or twice:
        said = [f"has no column {', '.join(missing)}"] * bool(missing) + [f"has {', '.join(twice)} twice"] * bool(twice)
        hint = _other_delimiter(header, file.delimiter)
        raise Refused(f"{name} {' and '.join(said)}. Nothing was loaded.", hint or "Have it sent with the source's columns.")
    return found


def find_columns(file: FileKind, header: Header) -> tuple[dict[str, int], list[str], list[str]]:
    """Columns by their place in a header; required ones that are missing; and those that stand there twice."""
    folded = [fold_header(cell) for cell in header.names]
    missing, twice = [], []
    found: dict[str, int] = {}
    for column, declared in file.columns.items():
        if declared.parent:
            continue
        for spelling in (column, *declared.also):
            count = folded.count(fold_header(spelling))
            if header.names.count(spelling) == 1:
                found[column] = header.names.index(spelling)
            elif count == 1:
                found[column] = folded.index(fold_header(spelling))
            elif count > 1:
                twice.append(column)
            if count:
                break
        else:
            if declared.required:
                missing.append(column)
    return found, missing, twice


def _other_delimiter(header: Header, delimiter: str) -> str:
    whole = delimiter.join(header.names)
    likely = next((mark for mark in ";\t|," if mark != delimiter and whole.count(mark) > whole.count(delimiter)), "")
    return f"Its cells seem to be parted by {likely!r}: have it saved with {delimiter!r}." if likely else ""


def fold_header(name: str) -> str:
    """A header as it is compared: its words."""
    return " ".join("".join(char if char.isalnum() else " " for char in name).split()).casefold() or name.strip()


def yields(compiler: Compiler, table: str, template: Template) -> str:
    """Whether a row gives the template's record: its conditions hold and what names the record is there."""
    keys = [compiler.empty(template.columns[column]) for column in NEEDS[table]]
    if table == "names":
        keys.append(" AND ".join(compiler.empty(template.columns[name]) for name in ("given_name", "family_name")
                                 if name in template.columns) or "true")
    return " AND ".join([f"({compiler.holds(template.when)})", *(f"NOT ({key})" for key in keys)])


def row_faults(compiler: Compiler) -> Iterator[str]:
    """CASEs that give the faults of rows whose cells are in order."""
    file = compiler.file
    if file.scope:
        yield _case(f"v{compiler.number[file.scope]} IS NULL", NO_SCOPE, compiler.number[file.scope])
    for table, _, template in file.templates():
        holds = compiler.holds(template.when)
        for expr in template.columns.values():
            for number, unlisted in compiler.unlisted(expr):
                yield _case(f"({holds}) AND {unlisted}", tidying.CODE, number)
        for fault, expr, test in _template_faults(compiler, table, template):
            yield _case(f"({holds}) AND {test}", fault, _number(compiler, expr))
    who = [(table, template) for table, _, template in file.templates() if table in _WHO]
    judged = who or [(table, template) for table, _, template in file.templates() if not _is_constant(table, template)]
    if judged:
        applies = " OR ".join(f"({compiler.holds(template.when)})" for _, template in judged)
        gives = " OR ".join(f"({yields(compiler, table, template)})" for table, template in judged)
        yield _case(f"({applies}) AND NOT ({gives})", NOBODY)


def _template_faults(compiler: Compiler, table: str, template: Template) -> Iterator[tuple[str, Expr, str]]:
    columns = template.columns
    if table == "people":
        said = [f"NOT ({compiler.empty(columns[name])})" for name in _DESCRIBES if name in columns]
        if said:
            yield UNNAMED, columns["person"], f"{compiler.empty(columns['person'])} AND ({' OR '.join(said)})"
    if table == "contacts":
        for name, fault in (("contact", UNNUMBERED), ("occurred_on", UNDATED), ("kind", UNKINDED)):
            if name in columns:
                yield fault, columns[name], f"({compiler.empty(columns[name])})"
    if "valid_from" in columns and "valid_to" in columns:
        begins, ends = compiler.value(columns["valid_from"]), compiler.value(columns["valid_to"])
        yield BACKWARDS, columns["valid_to"], f"coalesce({ends} < {begins}, false)"


def late_faults(compiler: Compiler, extract_date: date) -> Iterator[str]:
    """CASEs for dates that the extract can't have known; a booking alone looks ahead."""
    file, day = compiler.file, f"DATE '{extract_date.isoformat()}'"
    if file.recorded_on:
        number = compiler.number[file.recorded_on]
        yield _case(f"coalesce(v{number} > {day}, false)", AFTER, number)
    for table, _, template in file.templates():
        names = {"contacts": ("occurred_on",), "people": ("born_on", "died_on")}.get(table, ())
        for expr in (template.columns[name] for name in (*names, "recorded_on") if name in template.columns):
            late = f"({compiler.holds(template.when)}) AND coalesce({compiler.value(expr)} > {day}, false)"
            if table == "contacts" and "kind" in template.columns:
                late += f" AND {compiler.value(template.columns['kind'])} IS DISTINCT FROM 'booking'"
            yield _case(late, AFTER, _number(compiler, expr))


def _case(test: str, fault: str, number: int | None = None) -> str:
    return f"CASE WHEN {test} THEN '{'' if number is None else number}:{fault}' END"


def _number(compiler: Compiler, expr: Expr) -> int | None:
    return next((compiler.number[name] for name in columns_of(expr)), None)


def _is_constant(table: str, template: Template) -> bool:
    return all(isinstance(template.columns[column], Is) for column in NEEDS[table])


def words(fault: str, columns: Mapping[int, str]) -> tuple[str, str, str]:
    """Column, reason and mend of one '<number>:<name>'."""
    number, name = fault.split(":")
    reason, mend = REASONS[name]
    return columns[int(number)] if number else "", reason, mend
