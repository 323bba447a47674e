"""Raw cells as tidied, typed values, in SQL: what a cell means, and the fault that rejects its row where it means nothing.

`typed` gives for column number i of a kind of file `v{i}` (value) and, where a record needs them, `t{i}` (tidied text, null
when empty or unknown) and `p{i}` (a date's precision), and `faults`: '<number>:<fault>' joined by ';', '' for a row in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from lastseen.graph.duck import quoted
from lastseen.loaders.expressions import codes_sql, columns_of, fold, gives, unlisted_sql, walk
from lastseen.loaders.inputs import Text
from lastseen.loaders.mapping_model import Code, Column, FileKind, Mapping

NO_DATES = ("0001-01-01", "1753-01-01", "1800-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1900-01-02", "2099-12-31",
            "2999-12-31", "3000-01-01", "4712-12-31", "9999-01-01", "9999-12-31")
"""Placeholders that stand for an unknown or open-ended day."""
FIRST_YEAR, LAST_YEAR = 1850, 2098
"""Years that a real date can have."""

EMPTY, NOT_A_DATE, NOT_A_NUMBER, NOT_YES_NO, CODE, EXPONENT, FORMULA = (
    "empty", "date", "number", "yesno", "code", "exponent", "formula",
)

ISO = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
"""How days and times are written in tables that are made of other formats."""
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
"""What a spreadsheet shows where it has no value."""
NO_VALUE = "#NO STORED VALUE"
"""A cell whose formula nobody has worked out."""

_BLANKS = "\u0009\u000a\u000b\u000c\u000d\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
_NOTHING = "\u0000\u00ad\u200b\u200c\u200d\u2060\ufeff"


def _chars(text: str) -> str:
    return " || ".join(f"chr({ord(char)})" for char in text)


UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""A UPN's check letter, and the last place of a temporary one; a letter counts as its place here, from 0."""
_UPN_SUM = " + ".join(f"{i} * TRY_CAST(x[{i}] AS INTEGER)" for i in range(2, 13))
_UPN_LAST = f"13 * coalesce(TRY_CAST(x[13] AS INTEGER), instr('{UPN_LETTERS}', x[13]) - 1)"
_WEIGHED = " + ".join(f"{11 - i} * (TRY_CAST(x AS BIGINT) // {10 ** (10 - i)} % 10)" for i in range(1, 10))
_BLANK = " OR ".join(f"contains(x, chr({ord(char)}))" for char in (_BLANKS + _NOTHING) if char.isascii())
_MACROS = (
    # ASCII without such characters, which nearly all cells are, needs trimming only. Here and below a plain test stands before
    # what is dear, and says nothing that the dear one would not.
    f"CREATE OR REPLACE MACRO plain(x) AS CASE WHEN strlen(x) = length(x) AND NOT (contains(x, '  ') OR {_BLANK}) "
    f"THEN CASE WHEN starts_with(x, ' ') OR ends_with(x, ' ') THEN trim(x) ELSE x END "
    f"ELSE trim(regexp_replace(translate(nfc_normalize(x), {_chars(_BLANKS + _NOTHING)}, "
    f"{quoted(' ' * len(_BLANKS))}), ' +', ' ', 'g')) END",
    # ="00123" is how some exports keep a spreadsheet from eating zeros
    "CREATE OR REPLACE MACRO unwrapped(x) AS "
    "CASE WHEN starts_with(x, '=\"') THEN regexp_extract(x, '^=\"(.*)\"$', 1) ELSE x END",
    "CREATE OR REPLACE MACRO whole(x) AS "
    "CASE WHEN ends_with(x, '0') AND contains(x, '.') THEN regexp_replace(x, '^(-?\\d+)\\.0+$', '\\1') ELSE x END",
    "CREATE OR REPLACE MACRO squeezed(x) AS upper(replace(replace(whole(x), ' ', ''), '-', ''))",
    "CREATE OR REPLACE MACRO postcode(x) AS CASE WHEN regexp_matches(x, '^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$') "
    "THEN x[:-4] || ' ' || x[-3:] WHEN x = 'NOPOSTCODE' OR regexp_matches(x, '^X*$') THEN NULL ELSE x END",
    "CREATE OR REPLACE MACRO nhs_is_valid(x) AS regexp_matches(x, '^[0-9]{10}$') AND "
    f"TRY_CAST(x AS BIGINT) % 10 = (11 - ({_WEIGHED}) % 11) % 11",
    f"CREATE OR REPLACE MACRO upn_is_shaped(x) AS regexp_matches(x, '^[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]$')",
    "CREATE OR REPLACE MACRO upn_letter_fits(x) AS NOT upn_is_shaped(x) OR "
    f"x[1] = ('{UPN_LETTERS}')[1 + ({_UPN_SUM} + {_UPN_LAST}) % 23]",
    "CREATE OR REPLACE MACRO postcode_is_shaped(x) AS contains(x, ' ')",
)

SUSPECT = (
    ("nhs", "nhs_is_valid", "NHS numbers fail their check"), ("upn", "upn_is_shaped", "UPNs have an unusual shape"),
    ("upn", "upn_letter_fits", "UPNs have a wrong check letter"),
    ("postcode", "postcode_is_shaped", "postcodes have no known shape"),
)
"""Kinds whose values are kept as they are but warned about, the macro that says one is good, and the words."""


_KEYS = {"person", "other", "contact", "place", "agency", "worker", "value", "stated_by"}
_ONE_DIGIT = "^(" + "|".join(f"{digit}+" for digit in range(10)) + ")$"
_SERIAL = "^([1-7][0-9]{4})([.][0-9]+)?$"
_UPRN = "^0*([2-9]|[1-9][0-9]{1,11})$"


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros that the SQL below uses."""
    for macro in _MACROS:
        connection.execute(macro)


@dataclass(frozen=True)
class Cell:
    """A column of a kind of file: its number there, its declaration, whether its values are ids of anything, and which of
    its `t` and `p` are asked for."""

    number: int
    name: str
    column: Column
    is_key: bool
    text: bool
    precision: bool


def cells_of(file: FileKind) -> list[Cell]:
    """Every column of a kind of file. Codes and conditions read its text; a birth date's precision is kept with it."""
    keys, texts, births = set(), set(), set()
    for table, _, template in file.templates():
        texts |= {condition.column for condition in template.when}
        for name, expr in template.columns.items():
            texts |= {part.code for part in walk(expr) if isinstance(part, Code)}
            keys |= set(columns_of(expr)) if name in _KEYS else set()
            births |= set(columns_of(expr)) if (table, name) == ("people", "born_on") else set()
    return [
        Cell(number, name, column, name in keys, name in texts, name in births and column.kind == "date")
        for number, (name, column) in enumerate(file.columns.items())
    ]


def typed(
    connection: duckdb.DuckDBPyConnection, raw: str, file: FileKind, mapping: Mapping, present: Sequence[str], text: Text
) -> str:
    """A query over the raw cells in `raw`: a table expression with line, begins, size and c0, c1, … for those `present`.

    A column that repeats its values is worked out once a value, in a table `said<number>` that the query joins. In a text
    that was made of another format dates may be ISO's, and a spreadsheet's errors stand for nothing.
    """
    if text.made:
        mapping = mapping.model_copy(update={"dates": [*mapping.dates, *ISO], "unknown": [*mapping.unknown, *ERRORS]})
    cells = cells_of(file)
    rare = _repeating(connection, raw, len(present))
    joins, direct, columns = [], [], []
    for cell in cells:
        n = cell.number
        position = present.index(cell.name) if cell.name in present else None
        if position is not None and rare[position]:
            source = f"(SELECT DISTINCT c{position} AS c FROM {raw})"
            said = f"CREATE OR REPLACE TEMP TABLE said{n} AS {_one(source, 'c', [cell], file, mapping, text)}"
            (values,) = connection.execute(said).fetchone() or (0,)
            joins.append(f"CROSS JOIN said{n}" if values == 1 else f"JOIN said{n} ON r.c{position} = said{n}.c")
        else:
            direct.append(cell)
        columns += _kept(cell)
    raw_cells = {cell.number: _raw(cell, present) for cell in direct}
    joined = sorted({f"c{present.index(cell.name)}" for cell in cells if cell.name in present} - set(raw_cells.values()))
    rows = _one(raw, ", ".join(["line", "begins", "size", *joined]), direct, file, mapping, text, raw_cells)
    faults = ", ".join(f"f{cell.number}" for cell in cells) or "NULL"
    # nearly all rows have none, and looking for one is much cheaper than putting none together
    joined_faults = f"CASE WHEN coalesce({faults}) IS NULL THEN '' ELSE concat_ws(';', {faults}) END"
    return f"""
        SELECT line, begins, size, {', '.join(columns)}, {joined_faults} AS faults
        FROM ({rows}) r {' '.join(joins)}
    """


def _raw(cell: Cell, present: Sequence[str]) -> str:
    """SQL of a cell's raw text: the column's, or the value that it stands for inside another column's JSON."""
    name, column = cell.column.parent or cell.name, cell.column
    if name not in present:
        return "CAST(NULL AS VARCHAR)"
    raw = f"c{present.index(name)}"
    if column.inside:
        path = '$."' + (column.path or cell.name).replace('"', "") + '"'
        return f"CASE WHEN json_valid({raw}) THEN json_extract_string({raw}, {quoted(path)}) END"
    return f"CASE WHEN NOT json_valid({raw}) THEN {raw} END" if column.broken else raw


def _repeating(connection: duckdb.DuckDBPyConnection, raw: str, width: int) -> list[bool]:
    """Of each raw column, whether its values repeat so often that they are better worked out once each."""
    if not width:
        return []
    counts = ", ".join(f"approx_count_distinct(c{i})" for i in range(width))
    found = connection.execute(f"SELECT count(*), {counts} FROM {raw}").fetchone()
    rows, *distinct = found or (0,)
    return [rows > 1000 and count * 4 < rows for count in distinct]


def _one(
    source: str, kept: str, cells: Sequence[Cell], file: FileKind, mapping: Mapping, text: Text,
    raw: dict[int, str] | None = None,
) -> str:
    """The query that works out `cells` from their raw texts in `source`, with the columns `kept`."""
    tokens = sorted({"", *(fold(token) for token in mapping.unknown)})
    unknown = ", ".join(quoted(token) for token in tokens)
    longest = 3 * max(len(token.encode()) for token in tokens)  # a capital may have three bytes for its small letter's one
    known = f"strlen(y{{n}}) > {longest} OR NOT list_contains([{unknown.replace('{', '{{').replace('}', '}}')}], lower(y{{n}}))"

    def with_all(columns: list[str]) -> str:
        return ", ".join([kept, *columns])

    numbers = [cell.number for cell in cells]
    dates = [cell.number for cell in cells if cell.column.kind == "date"]
    # One level a step: each names what the next reads, so that no step is worked out (or planned) twice.
    levels = [
        with_all([f"plain({(raw or {}).get(n, 'c')}) AS x{n}" for n in numbers]),
        with_all([f"unwrapped(x{n}) AS y{n}" for n in numbers]),
        with_all([f"CASE WHEN {known.format(n=n)} THEN y{n} END AS t{n}" for n in numbers]),
        ", ".join(["*", *(f"{_step(cell, mapping, text.day_zero)} AS s{cell.number}" for cell in cells)]),
        ", ".join(["*", *(f"{_PERIOD.format(n=n)} AS q{n}" for n in dates)]),
        ", ".join(["*", *(f"coalesce(s{n}, {_FIRST_DAY.format(n=n)}) AS e{n}" for n in dates)]),
        ", ".join(["*", *(column for cell in cells for column in _values(cell, file))]),
        with_all([column for cell in cells for column in (*_kept(cell), f"{_fault(cell, text.made)} AS f{cell.number}")]),
    ]
    for level in levels:
        source = f"(SELECT {level} FROM {source})"
    return f"FROM {source}"


def _kept(cell: Cell) -> list[str]:
    return [f"v{cell.number}"] + [f"t{cell.number}"] * cell.text + [f"p{cell.number}"] * cell.precision


def _step(cell: Cell, mapping: Mapping, day_zero: date | None) -> str:
    """What a kind makes of the tidied text first: a day, or a number or code without what is put between its characters."""
    text = f"t{cell.number}"
    kind = cell.column.kind
    if kind == "date":  # a midnight that a spreadsheet added is passed over
        listed = f"[{', '.join(quoted(style) for style in mapping.dates)}]"
        plain = f"regexp_replace({text}, '[ T]00:00(:00(\\.0+)?)?$', '')"
        dated = f"CAST(coalesce(try_strptime({text}, {listed}), try_strptime({plain}, {listed})) AS DATE)"
        if day_zero is None:
            return dated
        serial = f"try_cast(regexp_extract({text}, '{_SERIAL}', 1) AS INTEGER)"  # 1927 to 2119: no year, no other style
        return f"coalesce({dated}, CASE WHEN strlen({text}) BETWEEN 5 AND 20 THEN DATE '{day_zero}' + {serial} END)"
    if kind in ("nhs", "upn"):
        return f"squeezed({text})"
    if kind == "postcode":
        return f"upper(regexp_replace({text}, '[^A-Za-z0-9]', '', 'g'))"
    if kind in ("id", "uprn", "int") or (kind == "text" and cell.is_key):
        return f"whole({text})"
    return text


_PERIOD = (
    "CASE WHEN s{n} IS NULL THEN regexp_extract(lower(t{n}), "
    r"'^(?:(?:zz|\?\?|--|00)/)*([0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}|[0-9]{{2}}/[0-9]{{4}})$', 1) END"
)
"""The year or month in a date that is known to no day: 'zz/05/2020', '05/2020', '2020-05', 'zz/zz/2020', '2020'."""
_FIRST_DAY = (
    "try_cast(CASE WHEN length(q{n}) = 4 THEN q{n} || '-01-01' WHEN contains(q{n}, '/') "
    "THEN q{n}[4:7] || '-' || q{n}[1:2] || '-01' ELSE q{n} || '-01' END AS DATE)"
)
_NONE = ", ".join(f"DATE '{one}'" for one in NO_DATES)


def _values(cell: Cell, file: FileKind) -> list[str]:
    """The typed value; of a date also its precision. A period is its first day; placeholders are no date."""
    n, kind = cell.number, cell.column.kind
    if kind == "date":
        fits = f"e{n} BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31' AND e{n} NOT IN ({_NONE})"
        precision = f"CASE WHEN s{n} IS NOT NULL THEN 'day' WHEN length(q{n}) = 4 THEN 'year' WHEN q{n} <> '' THEN 'month' END"
        return [f"CASE WHEN {fits} THEN e{n} END AS v{n}", f"{precision} AS p{n}"]
    if kind == "code":
        value = codes_sql(f"t{n}", cell.column.codes, cell.column.otherwise, gives(cell.name, file) or "text")
    else:
        value = {
            "text": f"s{n}",
            "id": f"CASE WHEN lower(s{n}) NOT IN ('-1', '0', 'unknown', 'ssd_ph') THEN s{n} END",
            "nhs": f"CASE WHEN NOT starts_with(s{n}, right(s{n}, 1)) OR NOT regexp_matches(s{n}, '{_ONE_DIGIT}') THEN s{n} END",
            "upn": f"CASE WHEN NOT regexp_matches(s{n}, '^([01]|UN[0-9]{{1,2}})$') THEN s{n} END",  # UN1: why there is none
            "postcode": f"postcode(s{n})",
            "uprn": f"nullif(regexp_extract(s{n}, '{_UPRN}', 1), '')",
            "int": f"CASE WHEN regexp_matches(s{n}, '^-?[0-9]+$') THEN try_cast(s{n} AS BIGINT) END",
            "float": f"CASE WHEN isfinite(try_cast(s{n} AS DOUBLE)) THEN try_cast(s{n} AS DOUBLE) END",
            "bool": f"CASE WHEN lower(s{n}) IN ('y', 'yes', 'true', 't', '1') THEN true "
                    f"WHEN lower(s{n}) IN ('n', 'no', 'false', 'f', '0') THEN false END",
        }[kind]
    return [f"{value} AS v{n}"]


def _no_date(n: int) -> str:
    """Whether a date cell holds a known placeholder (so that it is no fault)."""
    texts = "'0', '1', 'zz/zz/zzzz', '00/00/0000', '0000-00-00', '9999', '9999-12'"
    return f"(coalesce(e{n} IN ({_NONE}), false) OR lower(t{n}) IN ({texts}))"


def _fault(cell: Cell, made: bool = False) -> str:
    """The cell's fault, null where it is in order."""
    n, kind = cell.number, cell.column.kind
    if made:
        return f"CASE WHEN t{n} = '{NO_VALUE}' THEN '{n}:{FORMULA}' ELSE {_fault(cell)} END"
    senseless = {"date": NOT_A_DATE, "int": NOT_A_NUMBER, "float": NOT_A_NUMBER, "bool": NOT_YES_NO}
    cases = []
    if kind in senseless:
        fault = f"'{n}:{senseless[kind]}'"
        fault = f"CASE WHEN NOT {_no_date(n)} THEN {fault} END" if kind == "date" else fault
        cases.append(f"WHEN t{n} IS NOT NULL AND v{n} IS NULL THEN {fault}")
    elif kind == "code" and cell.column.rejects:
        cases.append(f"WHEN {unlisted_sql(f't{n}', cell.column.codes)} THEN '{n}:{CODE}'")
    elif kind in ("id", "nhs", "upn", "uprn") or (kind == "text" and cell.is_key):
        has_e = f"(contains(t{n}, 'e') OR contains(t{n}, 'E'))"
        cases.append(f"WHEN {has_e} AND regexp_matches(t{n}, '^-?[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$') THEN '{n}:{EXPONENT}'")
    found = f"CASE {' '.join(cases)} END" if cases else "NULL"
    return f"coalesce({found}, CASE WHEN v{n} IS NULL THEN '{n}:{EMPTY}' END)" if cell.column.filled else found
