"""A file as tables: CSV as it is, a workbook's sheets, and the rows that a source's kinds find in XML and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from lastseen.loaders.formats.content import format_of
from lastseen.loaders.formats.gedcom import gedcom_objects
from lastseen.loaders.formats.json_tables import json_tables
from lastseen.loaders.formats.tables import Document
from lastseen.loaders.formats.workbook import workbook
from lastseen.loaders.formats.xml_tables import xml_tables
from lastseen.loaders.inputs import Member, Text, as_text, is_zip, unpacked
from lastseen.loaders.mapping_model import FileKind


@dataclass
class Opened:
    """What a file holds. `tables`: texts whose kind is to be told by their header; `documents`: rows that a kind of XML or
    JSON found; `left`: members and sheets that were not read."""

    tables: list[Text] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def opened(path: Path, kinds: Sequence[FileKind], work: Path, limit: int | None = None) -> Opened:
    """All tables of a file or zip; with `limit`, of another format than CSV the first rows only.

    Raises Refused for a file that can't be read.
    """
    found, left = unpacked(path, [kind.match for kind in kinds], work)
    result = Opened(left=left)
    for member in found:
        _open(member, kinds, work, limit, result)
    return result


def _open(member: Member, kinds: Sequence[FileKind], work: Path, limit: int | None, result: Opened) -> None:
    what = format_of(member.path)
    if what == "workbook":
        sheets, hidden = workbook(member.path, member.name, work, limit)
        result.tables += sheets
        result.left += hidden
        return
    if what == "gedcom":
        text = gedcom_objects(member.path, member.name, work)
        result.documents += json_tables(text, _of(kinds, "json_steps", member.name), work, limit)
        return
    text = as_text(member.path, member.name, work)
    if what == "xml":
        result.documents += xml_tables(text, _of(kinds, "xml", member.name), work, limit)
    elif what == "json":
        result.documents += json_tables(text, _of(kinds, "json_steps", member.name), work, limit)
    else:
        result.tables.append(text)


def _of(kinds: Sequence[FileKind], what: str, name: str) -> list[FileKind]:
    """The kinds of a format, those that are meant for such a name if there are any."""
    able = [kind for kind in kinds if getattr(kind, what)]
    return [kind for kind in able if fnmatch(name, kind.match)] or able


def holds_several(path: Path, kinds: Sequence[FileKind]) -> bool:
    """Whether a file is an extract by itself although its source has several kinds of table."""
    if not path.is_file():
        return False
    if is_zip(path):
        return True
    what = format_of(path)
    return (what == "workbook" and any(kind.sheet for kind in kinds)) or (what == "xml" and any(kind.xml for kind in kinds))
