"""How the fuzz run's files are made: bytes of valid ones changed at random, and tables from Hypothesis. All by number, so that
any file can be made again from the run's seed and its own number."""

from __future__ import annotations

import csv
import io
import json
import random
import string
import tempfile
import warnings
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import NonInteractiveExampleWarning
from seeds import COLUMNS, Seed, place_of, roll, seeds
from workbooks import write_book

TABLES = 4
"""One file in so many is a table from Hypothesis; the others are valid files with changed bytes."""

_NASTY = (
    b"\0", b"\xff", b'"', b'""', b"\r", b"\n", b"\r\n", b",", b";", b"\t", b"<", b">", b"&x;", b"<!DOCTYPE a [", b"<![CDATA[",
    b"]]>",
    b"{", b"}", b"[", b"]", b"\\", b"\\u0000", b"\\ud800", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"1e999", b"-1", b"9" * 30, b"NaN", b"null", b"31/02/2014", b"9999-12-31", b"=1+1",
    b"'", b"--",
    b"%s%n", b"../..", b"\xe2\x80\xae", b"\xf0\x9f\x91\xb6", b"A" * 70_000, b"[" * 3_000, b"<a>" * 3_000, b"\xc3", b"\x1a",
    b"*", b"?",
)  # fmt: skip
_CELLS = (
    "", " ", "NK", "0", "-1", "7", "=1+1", "@x", "Zoë", "O'Brien", "1.23E+15", "01/01/1900", "31/12/9999", "2014", "zz/05/2014",
    "02/03/2014", "2014-03-02", "41061", "9999999999", "9434765919", "AL1 1AA", "XXXX XXX", "a,b", 'say "so"', "two\nlines",
    "\r",
    "\0", "\u202e", "\N{BABY}", "{\\rtf1}", "<b>x</b>", "'; DROP TABLE people; --", "#REF!", "TRUE", "nan", "inf", "9" * 40,
    "\ufeff", "\u200b", "x" * 5_000, "[1, {}]", "99999-01-01", "29/02/2015", "02/03/14", "{", "\\",
)  # fmt: skip
_TABLES = st.tuples(
    st.lists(st.sampled_from((*COLUMNS, "id", " BORN ", "", "Notes", "x\ny")), max_size=11).map(tuple) | st.just(COLUMNS)
    | st.permutations(COLUMNS).map(tuple),
    st.lists(st.lists(st.sampled_from(_CELLS) | st.text(max_size=12), max_size=11), max_size=25),
    st.sampled_from(("csv", "csv", "xlsx", "xml", "json", "ndjson")),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")),
    st.sampled_from((",", ",", ";", "\t", "|")),
    st.booleans(),
)


def broken(run: int, number: int) -> Seed:
    """File `number` of a run: what is read, under which mapping, is in the seed that it gives."""
    chance = random.Random(f"{run}:{number}")
    return _table(chance) if number % TABLES == 0 else _changed(chance)


# --- bytes --------------------------------------------------------------------------------------------------------


def _changed(chance: random.Random) -> Seed:
    found = seeds()
    one = chance.choice(found)
    data = _inside_zip(chance, one.data) if one.data.startswith(b"PK") and chance.random() < 0.6 else one.data
    if data is one.data:
        data = _mutated(chance, data, chance.choice(found).data)
    return Seed(one.name, one.mapping, data)


def _inside_zip(chance: random.Random, data: bytes) -> bytes:
    """The same archive, whole, with one member's bytes changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    members[name] = _mutated(chance, members[name], chance.choice([*members.values()]))
    if chance.random() < 0.1:
        del members[chance.choice(sorted(members))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return out.getvalue()


def _mutated(chance: random.Random, data: bytes, other: bytes) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8, 30))):
        at = chance.randrange(len(data) + 1)
        upto = min(len(data), at + chance.choice((1, 1, 4, 30, 300, 3_000)))
        how = chance.randrange(8)
        if how == 0 and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1:]
        elif how == 1:
            data = data[:at] + chance.randbytes(chance.choice((1, 2, 8, 64))) + data[at:]
        elif how == 2:
            data = data[:at] + data[upto:]
        elif how == 3 and other:
            begins = chance.randrange(len(other))
            data = data[:at] + other[begins: begins + chance.choice((1, 20, 500, 5_000))] + data[upto:]
        elif how == 4:
            data = data[:at] if chance.random() < 0.3 else data
        elif how == 5:
            data = data[:upto] + data[at:upto] * chance.choice((1, 2, 20, 200)) + data[upto:]
        elif how == 6:
            data = data[:at] + chance.choice(_NASTY) + data[at:]
        elif how == 7:
            digit = chance.choice(string.digits).encode()
            data = data[:at] + digit * min(len(data) - at, chance.choice((1, 1, 8))) + data[at + 1:]
        if len(data) > 2 << 20:
            break
    return data


# --- tables -------------------------------------------------------------------------------------------------------


def _table(chance: random.Random) -> Seed:
    """One of Hypothesis's tables, by a random number."""
    drawn = []

    @seed(chance.randrange(1 << 30))
    @settings(max_examples=3, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
    @given(_TABLES)
    def draw(table: tuple[tuple[str, ...], list[list[str]], str, str, str, bool]) -> None:
        drawn.append(table)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        draw()
    header, rows, format, encoding, mark, even = drawn[-1]  # the first ones are the plainest
    if even:
        rows = [[*row, *[""] * len(header)][: len(header)] for row in rows]
    mapping = roll(place_of("json" if format == "ndjson" else format))
    if format == "xlsx":
        return Seed("table.xlsx", mapping, _book(header, rows))
    text = {"csv": _csv, "xml": _xml, "json": _json, "ndjson": _ndjson}[format](header, rows, mark)
    errors = "replace" if encoding == "cp1252" else "surrogatepass"
    return Seed(f"table.{format}", mapping, text.encode(encoding, errors=errors))


def _csv(header: tuple[str, ...], rows: list[list[str]], mark: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([header, *rows])
    return out.getvalue()


def _xml(header: tuple[str, ...], rows: list[list[str]], _: str) -> str:
    names = [name if name.isalpha() else "Notes" for name in header]
    said = ["".join(f"<{n}>{escape(v)}</{n}>" for n, v in zip(names, row, strict=False)) for row in rows]
    return f"<M>{''.join(f'<P>{one}</P>' for one in said)}</M>"


def _json(header: tuple[str, ...], rows: list[list[str]], _: str) -> str:
    return json.dumps([dict(zip(header, row, strict=False)) for row in rows])


def _ndjson(header: tuple[str, ...], rows: list[list[str]], _: str) -> str:
    return "\n".join(json.dumps(dict(zip(header, row, strict=False)), ensure_ascii=False) for row in rows)


def _book(header: tuple[str, ...], rows: list[list[str]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        listed = {1: [*header], **{number: [*row] for number, row in enumerate(rows, 2)}}
        return write_book(Path(folder) / "a.xlsx", {"Roll": listed}).read_bytes()
