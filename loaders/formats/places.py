"""What is wrong with what a kind of file says of where its rows and cells are."""

from __future__ import annotations

from collections.abc import Iterator

from lastseen.loaders.formats.json_tables import compiled, outwards
from lastseen.loaders.formats.paths import climbs, getter, row_path
from lastseen.loaders.mapping_model import FileKind


def place_faults(file: FileKind) -> Iterator[str]:
    """Every fault, each beginning with where it is inside the kind."""
    given = [name for name, value in (("sheet", file.sheet), ("xml", file.xml), ("json", file.json_steps)) if value]
    if len(given) > 1:
        yield f": {' and '.join(given)} exclude each other"
    elif file.xml:
        yield from _xml_faults(file, file.xml)
    elif file.json_steps:
        yield from _json_faults(file, file.json_steps)
    else:
        yield from (f".columns.{name}: path is for xml and json" for name, column in file.columns.items()
                    if column.path and not column.inside)
    if given and (file.title_rows or "delimiter" in file.model_fields_set):
        yield f": {given[0]} needs neither title_rows nor delimiter"
    spellings = [(name, " ".join(one.split()).casefold()) for name in file.columns for one in (name, *file.columns[name].also)]
    for name, spelling in spellings:
        others = sorted({other for other, same in spellings if same == spelling and other != name})
        if file.is_table and others and name < others[0]:
            yield f".columns.{name}: {others[0]} is spelt alike"


def _xml_faults(file: FileKind, path: str) -> Iterator[str]:
    try:
        row = row_path(path)
    except ValueError as error:
        yield f".xml: {error}"
        return
    for name in file.columns:
        for own in file.paths(name):
            try:
                if not own.startswith("/"):
                    getter(own)
            except ValueError as error:
                yield f".columns.{name}: {error}"
            if climbs(own) >= len(row.steps):
                yield f".columns.{name}: {own!r} leads out of the document"


def _json_faults(file: FileKind, steps: list[str]) -> Iterator[str]:
    for where, expression in [(".json", step) for step in steps] + [
        (f".columns.{name}", outwards(own)[1]) for name in file.columns for own in file.paths(name)
        if not own.startswith("/")
    ]:
        try:
            compiled(expression)
        except ValueError as error:
            yield f"{where}: {error}"
