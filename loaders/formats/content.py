"""What a file is, told by what is in it and never by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

Format = Literal["text", "workbook", "old_workbook", "xml", "json", "gedcom"]

_OLE = b"\xd0\xcf\x11\xe0"


def format_of(path: Path) -> Format:
    """The format of a file or unpacked member; what is none of the others counts as text and is judged as such."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04") and _is_workbook(path):
        return "workbook"
    if head.startswith(_OLE):
        return "old_workbook"
    if _plain(head).lstrip().startswith(b"0 HEAD"):
        return "gedcom"
    first = _plain(head).lstrip()[:1]
    return "xml" if first == b"<" else "json" if first in (b"{", b"[") else "text"


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _plain(head: bytes) -> bytes:
    """The head without a byte-order mark, or the NULs of UTF-16."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")
