"""A JSON file as it is read: how much of it one object takes, and how deep it goes, stay bounded."""

from __future__ import annotations

import re
from typing import IO

import numpy as np

from lastseen.graph.errors import Refused
from lastseen.loaders.inputs import Text

MAX_OBJECT = 64 << 20
"""Bytes of the longest object that is held at once."""
MAX_DEPTH = 100
"""Objects and lists inside each other that are believed."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class Watched:
    """A file from its text's first byte on. Whoever has an object in hand sets `held` to 0.

    Reading raises Refused where more than one object's worth came without an object, or brackets go too deep.
    """

    def __init__(self, file: IO[bytes], text: Text) -> None:
        self._file, self._text = file, text
        self.begin()

    def begin(self) -> None:
        """Go back to the first byte."""
        self._file.seek(self._text.start)
        self.held = self._depth = 0
        self._open = b""

    def read(self, size: int = -1) -> bytes:
        """As of any file."""
        piece = self._file.read(size)
        self._count(piece)
        self._descend(piece)
        return piece

    def readline(self) -> bytes:
        """The next line; its depth is its reader's to bound."""
        line = self._file.readline(MAX_OBJECT + 1)
        self._count(line)
        return line

    def _count(self, piece: bytes) -> None:
        self.held += len(piece)
        if self.held > MAX_OBJECT:
            raise Refused(f"{self._text.name} has an object longer than any child's.", "Have it sent line by line.")

    def _descend(self, piece: bytes) -> None:
        """Count brackets outside strings; a string that is open at the end goes on in the next piece."""
        plain = _STRING.sub(b"", self._open + piece)
        plain, quote, rest = plain.partition(b'"')
        escaped = (len(rest) - len(rest.rstrip(b"\\"))) % 2
        self._open = quote + b"\\" * escaped
        data = np.frombuffer(plain, dtype=np.uint8) | 32  # '[' and '{', ']' and '}' differ by that bit alone
        steps = (data == ord("{")).astype(np.int64) - (data == ord("}"))
        if len(steps):
            depths = self._depth + np.cumsum(steps)
            self._depth = int(depths[-1])
            if depths.max() > MAX_DEPTH:
                raise Refused(f"{self._text.name} is nested too deep.", "Have the extract made again.")
