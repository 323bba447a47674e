"""The paths that a mapping uses in XML: a small, safe part of XPath over plain element names (namespaces do not count).

A row's path is names from the root (`/Message/Children/Child`, `*` for any). A column's path starts at the row's element:
`Name`, `Group/Name`, `../../Ids/Id`, `@id`, `Group/@id`, `.`; what ElementTree's `findall` knows may stand in it
(`Phone[@type='home']`, `Name[2]`, `.//Id`). `/Message/Header/LEA` starts at the root: the first such element of the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

Chain = Sequence[Element]
"""A row's element last, its ancestors before it."""
Getter = Callable[[Chain], str]

_STEP = re.compile(r"\*|[\w.-]+")
_NAME = re.compile(r"[\w-][\w.-]*")
_ATTRIBUTE = re.compile(r"@[\w.-]+")


@dataclass(frozen=True)
class RowPath:
    """Names from the root to the row's element."""

    steps: tuple[str, ...]

    def matches(self, names: Sequence[str]) -> bool:
        """Whether an element with these names from the root is such a row."""
        return len(names) == len(self.steps) and all(
            step in ("*", name) for step, name in zip(self.steps, names, strict=True))


def row_path(path: str) -> RowPath:
    """A row's path; raises ValueError with the reason where it is none."""
    steps = tuple(path.strip("/").split("/"))
    for step in steps:
        if not _STEP.fullmatch(step):
            raise ValueError(f"{path!r} is no path of names from the root, such as /Message/Children/Child")
    return RowPath(steps)


def climbs(path: str) -> int:
    """How many elements out a column's path starts."""
    parts = path.split("/")
    return next((number for number, part in enumerate(parts) if part != ".."), len(parts))


def absolute(path: str, row: RowPath) -> tuple[str, ...] | None:
    """The names from the root of a column that does not belong to its row: written so, or climbing up to the root."""
    if path.startswith("/"):
        return tuple(path.strip("/").split("/"))
    up = climbs(path)
    if up and up >= len(row.steps) - 1 and "*" not in row.steps:
        return (*row.steps[: len(row.steps) - up], *path.split("/")[up:])
    return None


def getter(path: str) -> Getter:
    """What gives the text at a column's path; '' where there is nothing, several texts joined by a space.

    Raises ValueError with the reason where the path is none.
    """
    up = climbs(path)
    parts = path.split("/")[up:]
    attribute = ""
    if parts and _ATTRIBUTE.fullmatch(parts[-1]):
        attribute = parts.pop()[1:]
    inner = "/".join(parts)
    if inner in ("", "."):
        return _own(up, attribute)
    try:
        Element("probe").findall(inner)
    except (SyntaxError, KeyError) as error:
        raise ValueError(f"{path!r} is no path from the row's element") from error
    if _NAME.fullmatch(inner) and not attribute:
        return _child(up, inner)
    return _found(up, inner, attribute)


def _own(up: int, attribute: str) -> Getter:
    def get(chain: Chain) -> str:
        element = chain[-1 - up]
        return (element.get(attribute) or "").strip() if attribute else text_of(element)

    return get


def _child(up: int, name: str) -> Getter:
    at = -1 - up

    def get(chain: Chain) -> str:
        found = chain[at].findall(name)  # a plain name: as quick as C is
        if len(found) == 1:
            return text_of(found[0])
        return " ".join(filter(None, map(text_of, found))) if found else ""

    return get


def _found(up: int, inner: str, attribute: str) -> Getter:
    def get(chain: Chain) -> str:
        found = chain[-1 - up].findall(inner)
        texts = [(one.get(attribute) or "").strip() for one in found] if attribute else [text_of(one) for one in found]
        return " ".join(filter(None, texts))

    return get


def text_of(element: Element) -> str:
    """The text inside an element, without outer white space."""
    if len(element):
        return " ".join(" ".join(element.itertext()).split())
    return (element.text or "").strip()


def first_of(getters: Sequence[Getter]) -> Getter:
    """The first that gives something."""
    if len(getters) == 1:
        return getters[0]

    def get(chain: Chain) -> str:
        return next((text for one in getters if (text := one(chain))), "")

    return get
