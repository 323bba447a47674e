"""What somebody typed into the one box, taken apart: dates, identifiers, a postcode, names and a street.

Names are compared tidied and by sound, streets tidied, with the functions that made the graph's search keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lastseen.graph.keys import tidy_line, tidy_name, word_sound

_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_UK = re.compile(r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\b")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)
_SCHEMED = re.compile(r"\b([a-z][a-z_]*):(\S+)", re.IGNORECASE)
_DIGITS = re.compile(r"\b\d[\d ]{4,}\d\b")
_CODE = re.compile(r"\b(?=\w*\d\w*\d\w*\d\w*\d)[A-Za-z\d]{6,}\b")


@dataclass(frozen=True)
class Search:
    """Each part is empty where nothing of that kind was typed; all parts given must fit."""

    born: tuple[date, ...] = ()  # as read, then with day and month swapped
    identifier: str = ""  # ':value' or ' scheme:value', lower case without spaces
    postcode: str = ""  # 'BD1 1AA'
    words: tuple[str, ...] = ()  # tidied
    street: str = ""  # tidied, with its number where there is one

    @property
    def empty(self) -> bool:
        return self == Search()


def take_apart(text: str) -> Search:
    """Read the box. Whatever is not a date, an identifier or a postcode is a name or, with a number in it, a street."""
    rest = text.strip()
    rest, born = _dates(rest)
    postcode = ""
    if found := _POSTCODE.search(rest):
        postcode = f"{found[1]} {found[2]}".upper()
        rest = rest.replace(found[0], " ")
    rest, identifier = _identifier(rest)
    words = tuple(tidy_name(rest).split())
    numbered = any(letter.isdigit() for letter in rest)
    return Search(born, identifier, postcode, () if numbered else words, tidy_line(rest) if words else "")


def _dates(text: str) -> tuple[str, tuple[date, ...]]:
    for pattern, order in ((_ISO, (1, 2, 3)), (_UK, (3, 2, 1))):
        if found := pattern.search(text):
            year, month, day = (int(found[part]) for part in order)
            read = [one for one in (_date(year, month, day), _date(year, day, month)) if one]
            if read:
                return text.replace(found[0], " "), tuple(dict.fromkeys(read))
    return text, ()


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _identifier(text: str) -> tuple[str, str]:
    if found := _SCHEMED.search(text):
        return text.replace(found[0], " "), f" {found[1]}:{found[2]}".lower()
    for pattern in (_DIGITS, _CODE):
        if found := pattern.search(text):
            return text.replace(found[0], " "), ":" + re.sub(r"\s+", "", found[0]).lower()
    return text, ""


def sounds(words: tuple[str, ...]) -> list[str]:
    """Each word as it sounds."""
    return [word_sound(word) for word in words]
