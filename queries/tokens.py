"""Cypher, cut into tokens: the one reader under the dialect pass, the catalogue's check and the console's guard.

It reads what both engines read alike and refuses what they might read differently: a backslash (Neo4j takes \\uXXXX for
the character itself before it looks for quotes), a letter outside ASCII where a name could stand, an unclosed string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lastseen.graph.errors import Refused

Kind = Literal["word", "quoted", "string", "number", "parameter", "symbol"]

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>//[^\r\n]*|/\*.*?\*/)
    | (?P<string>'[^'\\]*'|"[^"\\]*")
    | (?P<quoted>`[A-Za-z_][A-Za-z0-9_]*`)
    | (?P<parameter>\$[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<symbol><>|<=|>=|=~|\.\.|[()\[\]{}<>=+\-*/%^.,:|&!;])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """`text` as written; `space` says whether a space or comment stood before it; `line` counts from 1."""

    kind: Kind
    text: str
    space: bool
    line: int

    @property
    def upper(self) -> str:
        """A bare word in capitals, for comparing with keywords; '' for every other kind."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """A word's or quoted word's name, without the quotes."""
        return self.text.strip("`") if self.kind in ("word", "quoted") else ""


def tokenise(text: str) -> list[Token]:
    """Cut `text` into tokens, comments left out. Raises `Refused`, naming the line, at the first thing not understood."""
    tokens: list[Token] = []
    position, line, space = 0, 1, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Refused(
                f"Line {line} of the Cypher text: {_what(text, position)}.", "Write it another way, or pass it as a $parameter."
            )
        kind, piece = str(match.lastgroup), match.group()
        if kind in ("space", "comment"):
            space = True
        else:
            if kind == "string" and _control(piece):
                raise Refused(f"Line {line} of the Cypher text: a control character in a string.", "Pass it as a $parameter.")
            tokens.append(Token(kind, piece, space, line))  # type: ignore[arg-type]
            space = False
        line += piece.count("\n")
        position = match.end()
    return tokens


def render(tokens: list[Token]) -> str:
    """The tokens as text again, without comments: one space or line end where there was any."""
    pieces: list[str] = []
    line = tokens[0].line if tokens else 1
    for token in tokens:
        if token.space and pieces:
            pieces.append("\n" if token.line > line else " ")
        pieces.append(token.text)
        line = token.line
    return "".join(pieces)


def _control(text: str) -> bool:
    return any(ord(character) < 32 and character not in "\t\r\n" for character in text)


def _what(text: str, position: int) -> str:
    rest = text[position:]
    if rest.startswith("/*"):
        return "a comment that is never closed"
    if rest[0] in "'\"":
        end = rest.find(rest[0], 1)
        return "a backslash in a string" if "\\" in rest[: end if end > 0 else None] else "a string that is never closed"
    if rest[0] == "`":
        return "a name in backticks that is not letters, digits and underscores"
    if rest[0] == "\\":
        return "a backslash"
    if ord(rest[0]) > 126 or ord(rest[0]) < 32:
        return f"the character U+{ord(rest[0]):04X} outside a string"
    return f"{rest[0]!r} is not understood"
