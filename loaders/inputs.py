"""From what somebody hands over to text that can be read: files and zip members, told by content, bounded in size.

Every input is untrusted. A member's name is never used as a path; a binary file, an unknown encoding, a path that leaves its
archive and a bomb are refused by name.
"""

from __future__ import annotations

import codecs
import hashlib
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO

from lastseen.graph.errors import Refused
from lastseen.graph.loads import FileSeen

BLOCK = 1 << 24
MAX_UNPACKED = 8 << 30
MAX_RATIO = 200
"""A zip may unpack to this many bytes and, beyond 64 MB, to this many times its size."""

_MAGIC = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls), or one locked with a password",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive", b"SQLite format 3": "a database", b"PAR1": "a Parquet file", b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture", b"7z\xbc\xaf": "a 7-zip archive",
}
_BOMS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Text:
    """One table's text as UTF-8 with newline line ends somewhere on disk: `name` is what rows are told by (no folders),
    `path` where it lies, `start` its first byte (after a byte-order mark), `encoding` what it came in; `made` where it was a
    table of another format, so that its cells are parted by commas and its dates written as ISO has them; `day_zero` the day
    from which its spreadsheet counts where a date's cell holds a bare number (None: there a number is no date)."""

    name: str
    path: Path
    start: int
    encoding: str
    made: bool = False
    day_zero: date | None = None


@dataclass(frozen=True)
class Member:
    """A file that is handed over, or one of a zip: `name` without folders, `path` where its bytes lie."""

    name: str
    path: Path


def seen(path: Path) -> FileSeen:
    """A file's name, hash and size. Raises Refused where it is not a file that can be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(f"{path} is not a file.", "Give the extract's file.")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return FileSeen(name=row_name(path.name), sha256=digest, bytes=file.tell())
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.", "Check the name and the rights.") from error


def row_name(name: str) -> str:
    """A file's or member's name as it stands in 'load:file:line'."""
    return PurePosixPath(name).name.replace(":", "_")


def is_zip(path: Path) -> bool:
    """Whether a file is a zip archive that is not a workbook or document. Raises Refused for a damaged one."""
    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
                raise Refused(f"{path.name} is an OpenDocument file (.ods).", "Save the table as .xlsx or CSV (UTF-8).")
            return "[Content_Types].xml" not in names
    except (zipfile.BadZipFile, OSError, ValueError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise Refused(f"{path.name} is a damaged zip archive or workbook.", "Have it sent again.") from error


def members(path: Path) -> list[zipfile.ZipInfo]:
    """A zip's files. Raises Refused for paths that lead out of it, links, passwords, names that stand twice, and bombs."""
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in info.filename:
            raise Refused(f"{path.name} holds a member whose path leads out of it.", "Have it sent again without folders.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Refused(f"{path.name} holds a link ({parts.name}), not a file.", "Have it sent again with the file itself.")
        if info.flag_bits & 1:
            raise Refused(f"{path.name} is locked with a password.", "Unlock it first.")
    names = [row_name(info.filename) for info in infos]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(f"{path.name} holds {', '.join(twice)} more than once.", "Have it sent again with one of each.")
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED or (total > 64 << 20 and total > MAX_RATIO * path.stat().st_size):
        raise Refused(f"{path.name} unpacks to {total:,} bytes, which no extract does.", "Unpack it by hand if you trust it.")
    return infos


def unpacked(path: Path, matches: list[str], work: Path) -> tuple[list[Member], list[str]]:
    """A file itself, or those members of a zip that match a pattern; and the names of members that match none.

    Unpacked members are written to `work` under names of our own.
    """
    if not is_zip(path):
        return [Member(row_name(path.name), path)], []
    found, left = [], []
    for info in members(path):
        name = row_name(info.filename)
        if any(fnmatch(name, match) for match in matches):
            found.append(Member(name, _unpack(path, info, work)))
        else:
            left.append(name)
    return found, left


def _unpack(path: Path, info: zipfile.ZipInfo, work: Path) -> Path:
    copy = own_name(work)
    written = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as member, copy.open("wb") as out:
            while block := member.read(BLOCK):
                written += len(block)
                if written > info.file_size:  # the directory lied
                    raise Refused(f"{path.name} unpacks to more than it says.", "Have it sent again.")
                out.write(block)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError) as error:
        raise Refused(f"{path.name} is damaged at {row_name(info.filename)}.", "Have it sent again.") from error
    return copy


def own_name(work: Path) -> Path:
    return work / f"text-{len(list(work.glob('text-*')))}"


def as_text(path: Path, name: str, work: Path) -> Text:
    """A file as UTF-8 text. Raises Refused for an empty file, a binary one, and an encoding that can't be told."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
        if not head:
            raise Refused(f"{name} is empty.", "Have the extract made again.")
        encoding = _encoding(head, name)
        if encoding == "utf-8" and not _decodes(file, "utf-8"):
            encoding = _one_byte(file, name)
        if encoding in ("utf-8", "utf-8-sig"):
            start = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0
            if encoding == "utf-8-sig" and not _decodes(file, "utf-8"):
                raise Refused(f"{name} says it is UTF-8 and is not.", "Have it saved as UTF-8.")
            if b"\r" not in head or b"\n" in head:
                return Text(name, path, start, "UTF-8")
        return Text(name, _rewrite(file, encoding, own_name(work), name), 0, encoding.upper().replace("-SIG", ""))


def _encoding(head: bytes, name: str) -> str:
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise Refused(f"{name} is {what}, not a table of text.", "Save the table as CSV (UTF-8).")
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    nuls = head.count(0)
    if nuls > len(head) * 0.3 and len(head) > 1:
        even = head[::2].count(0) / max(1, len(head[::2]))
        odd = head[1::2].count(0) / max(1, len(head[1::2]))
        if max(even, odd) > 0.8 and min(even, odd) < 0.05:
            return "utf-16-be" if even > odd else "utf-16-le"
    controls = sum(head.count(code) for code in range(1, 32) if code not in (9, 10, 12, 13))
    if nuls > max(8, len(head) * 0.1) or controls > max(8, len(head) * 0.02):
        raise Refused(f"{name} is a binary file, not a table of text.", "Save the table as CSV (UTF-8).")
    return "utf-8"


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(file: IO[bytes], name: str) -> str:
    """cp1252, unless the file mixes it with UTF-8 or has bytes that it does not know."""
    mixed = False
    for block in _blocks(file):
        text = block.decode("utf-8", errors="replace")
        mixed = mixed or any(ord(char) > 127 and char != "\N{REPLACEMENT CHARACTER}" for char in set(text))
    if mixed or not _decodes(file, "cp1252"):
        raise Refused(f"{name} is neither UTF-8 nor Windows-1252 throughout.", "Have it saved as UTF-8.")
    return "cp1252"


def _rewrite(file: IO[bytes], encoding: str, copy: Path, name: str) -> Path:
    """A UTF-8 copy; lone carriage returns (old Macintosh line ends) become newlines where the head has no newline."""
    decoder = codecs.getincrementaldecoder(encoding)()
    only_returns: bool | None = None
    try:
        with copy.open("wb") as out:
            for block in _blocks_and_end(file):
                text = decoder.decode(block, final=not block)
                if only_returns is None and text:
                    only_returns = "\n" not in text
                out.write((text.replace("\r", "\n") if only_returns else text).encode())
    except UnicodeError as error:
        raise Refused(f"{name} says it is {encoding.upper()} and is not.", "Have it saved as UTF-8.") from error
    return copy


def _blocks_and_end(file: IO[bytes]) -> Iterator[bytes]:
    yield from _blocks(file)
    yield b""
