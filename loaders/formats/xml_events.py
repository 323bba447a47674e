"""The beginnings and ends of a document's elements, streamed; without DTD, entities or anything fetched.

Names lose their namespace. What the caller is done with it takes out of its parent (`forget`), so that little is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from lastseen.graph.errors import Refused

PIECE = 1 << 12
"""Characters that are read at once: few, as the elements of a piece are all there before the first is forgotten."""
MAX_TEXT = 2 << 20
"""Characters of the longest text (or tag) that is believed."""


def events(pieces: Iterable[str], name: str) -> Iterator[tuple[bool, Element]]:
    """(whether it begins, element), in the document's order; an element that ends is whole.

    Raises Refused where the document declares a type or entities, is not well formed, or stops short.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    since, tail = 0, ""
    try:
        for piece in pieces:
            if "<!DOCTYPE" in (joined := tail + piece) or "<!ENTITY" in joined:
                raise Refused(f"{name} declares a document type or entities, which no extract needs.", "Have it made without.")
            tail = piece[-9:]
            parser.feed(piece)
            since += len(piece)
            for event, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
                begins = event == "start"
                if begins:
                    if element.tag[0] == "{":
                        element.tag = _local(element.tag)
                    if element.attrib:
                        _without_namespaces(element)
                since = 0
                yield begins, element
            if since > MAX_TEXT:
                raise Refused(f"{name} has a text longer than any cell.", "Have the extract made again.")
        parser.close()
    except ParseError as error:
        where = f"about line {error.position[0]}"
        raise Refused(f"{name} is not whole XML ({where}). Nothing was loaded.", "Have it sent again.") from error
    for event, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
        yield event == "start", element


def forget(held: list[Element]) -> None:
    """Take the innermost element out of its parent, which is not read any more."""
    if len(held) > 1:
        held[-2].remove(held[-1])


@lru_cache(10_000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _without_namespaces(element: Element) -> None:
    for name in [name for name in element.attrib if name[0] == "{"]:
        element.attrib.setdefault(_local(name), element.attrib.pop(name))
