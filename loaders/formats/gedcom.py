"""A family tree (GEDCOM) as objects one a line, which mappings then read as any JSON.

`{"resourceType": "INDI", "id", "tree", "made", "given", "family", "sex", "born", "precision", "died", "restricted"}` a person,
`PARENT` (`parent`, `child`, `kind`) and `COUPLE` (`one`, `other`, `from`, `to`). A day is written as far as it is known:
2015-05-01, 2015-05, 2015; of 'about', 'calculated' and 'estimated' days the year, with precision estimated. What is only
before, after or between days is none, and so is a day of another calendar or before `FIRST_YEAR`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ged4py.calendar import GregorianDate
from ged4py.date import DateValue, DateValueTypes
from ged4py.parser import CodecError, GedcomReader, IntegrityError, ParserError

from lastseen.graph.errors import Refused
from lastseen.loaders.inputs import Text, own_name
from lastseen.loaders.tidying import FIRST_YEAR

_ABOUT = (DateValueTypes.ABOUT, DateValueTypes.CALCULATED, DateValueTypes.ESTIMATED)
_EXACT = (DateValueTypes.SIMPLE, DateValueTypes.INTERPRETED)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_KINDS = {"adopted": "adoptive", "birth": "birth", "foster": "foster"}


def gedcom_objects(path: Path, name: str, work: Path) -> Text:
    """The tree as a text of objects. Raises Refused for one that is not whole."""
    copy = own_name(work)
    try:
        with GedcomReader(str(path)) as reader, copy.open("w", encoding="utf-8") as out:
            for one in _objects(reader, name):
                out.write(json.dumps(one, ensure_ascii=False) + "\n")
    except (ParserError, IntegrityError, CodecError, UnicodeError, ValueError, AttributeError, RecursionError) as error:
        raise Refused(f"{name} is not whole GEDCOM. Nothing was loaded.", "Have it exported again, as UTF-8.") from error
    return Text(name, copy, 0, "UTF-8")


def _objects(reader: GedcomReader, name: str) -> Iterator[dict[str, Any]]:
    """Every person, then every family's ties. Ids are the tree's own, so that two trees' first persons stay two."""
    header = reader.header
    tree = str(header.sub_tag_value("FILE") or name) if header else name
    made = _day(header.sub_tag_value("DATE"))[0] if header else ""
    own = {"tree": tree, "made": made}
    kinds: dict[tuple[str, str], str] = {}
    for person in reader.records0("INDI"):
        given, family = _names(person)
        born, precision = _day(person.sub_tag_value("BIRT/DATE"))
        died, how_well = _day(person.sub_tag_value("DEAT/DATE"))
        yield {
            "resourceType": "INDI", "id": _id(tree, person.xref_id), **own, "given": given, "family": family,
            "sex": person.sub_tag_value("SEX"), "born": born, "precision": precision, "died": died if how_well == "day" else "",
            "restricted": str(person.sub_tag_value("RESN") or "").lower(),
        }
        for link in person.sub_tags("FAMC", follow=False):
            kinds[str(person.xref_id), str(link.value)] = _KINDS.get(str(link.sub_tag_value("PEDI") or "").lower(), "unknown")
    for household in reader.records0("FAM"):
        couple = [str(one.value) for tag in ("HUSB", "WIFE") for one in household.sub_tags(tag, follow=False)]
        for child in (str(one.value) for one in household.sub_tags("CHIL", follow=False)):
            kind = kinds.get((child, str(household.xref_id)), "unknown")
            for parent in couple:
                yield {"resourceType": "PARENT", "parent": _id(tree, parent), "child": _id(tree, child), "kind": kind, **own}
        if len(couple) == 2:
            wed, parted = (_day(household.sub_tag_value(f"{event}/DATE")) for event in ("MARR", "DIV"))
            yield {
                "resourceType": "COUPLE", "one": _id(tree, couple[0]), "other": _id(tree, couple[1]), **own,
                "from": wed[0] if wed[1] == "day" else "", "to": parted[0] if parted[1] == "day" else "",
            }


def _id(tree: str, pointer: str | None) -> str:
    return f"{tree}/{(pointer or '').strip('@')}"


def _names(person: Any) -> tuple[str, str]:
    said = person.sub_tag_value("NAME")
    return (said[0] or "", said[1] or "") if isinstance(said, tuple) else ("", str(said or ""))


def _day(said: Any) -> tuple[str, str]:
    """A date as ISO has it, as far as it is known, and how well it is known."""
    if not isinstance(said, DateValue) or said.kind not in (*_EXACT, *_ABOUT):
        return "", ""
    on = getattr(said, "date", None)
    if not isinstance(on, GregorianDate) or on.bc or on.year < FIRST_YEAR:
        return "", ""
    if said.kind in _ABOUT:
        return f"{on.year:04}", "estimated"
    if not on.month or on.dual_year is not None:
        return f"{on.year:04}", "year"
    month = f"{on.year:04}-{_MONTHS.index(on.month) + 1:02}"
    return (f"{month}-{on.day:02}", "day") if on.day else (month, "month")
