"""Mapping expressions as SQL over a table of tidied columns, and what kind of value each gives.

The table has, for column number i of a kind of file, `v{i}` (its typed value), `t{i}` (its tidied text, null when empty or
unknown), for dates `p{i}` (how precise it is), and `h{i}` for the hashed ids (`Compiler.hashes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from typing import Literal

from lastseen.graph.duck import quoted
from lastseen.loaders.mapping_model import Code, Expr, FileKind, First, Hash, Is, Join, PlusDays, Same, Value, When

Gives = Literal["text", "date", "int", "float", "bool"]
_GIVES: dict[str, Gives] = {"date": "date", "int": "int", "float": "float", "bool": "bool"}
_SQL: dict[Gives, str] = {"text": "VARCHAR", "date": "DATE", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}


def columns_of(expr: Expr) -> Iterator[str]:
    """Names of the columns an expression reads."""
    if isinstance(expr, str):
        yield expr
    elif isinstance(expr, Code):
        yield expr.code
    elif isinstance(expr, Same):
        yield expr.same
    else:
        for part in parts_of(expr):
            yield from columns_of(part)


def parts_of(expr: Expr) -> list[Expr]:
    """The expressions that one is made of."""
    if isinstance(expr, First):
        return expr.first
    if isinstance(expr, Hash):
        return expr.hash
    if isinstance(expr, Join):
        return expr.join
    if isinstance(expr, PlusDays):
        return [expr.plus_days]
    return []


def walk(expr: Expr) -> Iterator[Expr]:
    """An expression and all it is made of."""
    yield expr
    for part in parts_of(expr):
        yield from walk(part)


def value_kind(value: Value) -> Gives | None:
    """The kind of a constant; None for null."""
    kinds: dict[type, Gives] = {bool: "bool", int: "int", float: "float", str: "text"}
    return kinds.get(type(value))


def codes_kind(values: Dictionary[str, Value], otherwise: Value) -> Gives | None:
    """The one kind of a code list's values; None where they are mixed."""
    kinds = {value_kind(value) for value in (*values.values(), otherwise)} - {None}
    return kinds.pop() if len(kinds) == 1 else "text" if not kinds else None


def gives(expr: Expr, file: FileKind) -> Gives | None:
    """The kind of value an expression gives; None where its parts do not agree. Its columns are all declared."""
    if isinstance(expr, str):
        column = file.columns[expr]
        return codes_kind(column.codes, column.otherwise) if column.kind == "code" else _GIVES.get(column.kind, "text")
    if isinstance(expr, Is):
        return value_kind(expr.value)
    if isinstance(expr, Code):
        return codes_kind(expr.map, expr.otherwise)
    if isinstance(expr, First):
        kinds = {gives(part, file) for part in expr.first}
        return kinds.pop() if len(kinds) == 1 else None
    if isinstance(expr, PlusDays):
        return "date" if gives(expr.plus_days, file) == "date" else None
    return "text"


def literal(value: Value) -> str:
    """A constant as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else quoted(value)


def codes_sql(text: str, codes: Dictionary[str, Value], otherwise: Value, kind: Gives) -> str:
    """A code list over tidied text; an empty cell is null unless "" is listed. A code with a `*` in it stands for all that
    begin, end or go on so, where no other code is the cell's own."""
    cases = "".join(f" WHEN {quoted(fold(raw))} THEN {literal(value)}" for raw, value in codes.items() if not is_pattern(raw))
    likes = "".join(f" WHEN {like_sql(text, raw)} THEN {literal(value)}" for raw, value in codes.items() if is_pattern(raw))
    empty = "" if any(fold(raw) == "" for raw in codes) else " WHEN '' THEN NULL"
    rest = f"CASE{likes} ELSE {literal(otherwise)} END" if likes else literal(otherwise)
    return f"CAST(CASE lower(coalesce({text}, '')){cases}{empty} ELSE {rest} END AS {_SQL[kind]})"


def unlisted_sql(text: str, codes: Dictionary[str, Value]) -> str:
    """Whether a cell holds a code that is not in the list (an empty cell does not)."""
    return f"coalesce({text} IS NOT NULL AND NOT {listed_sql(text, [*codes])}, false)"


def listed_sql(text: str, raws: list[str]) -> str:
    """Whether a cell ('' where it is empty) is one of those listed."""
    plain = ", ".join(quoted(fold(raw)) for raw in raws if not is_pattern(raw))
    tests = [f"lower(coalesce({text}, '')) IN ({plain})"] * bool(plain)
    tests += [like_sql(text, raw) for raw in raws if is_pattern(raw)]
    return f"({' OR '.join(tests)})" if tests else "false"


def is_pattern(raw: str) -> bool:
    """Whether a listed cell stands for several."""
    return "*" in raw and raw.strip("* ") != ""


def like_sql(text: str, raw: str) -> str:
    """Whether a cell fits a pattern."""
    pattern = fold(raw).replace("!", "!!").replace("%", "!%").replace("_", "!_").replace("*", "%")
    return f"lower(coalesce({text}, '')) LIKE {quoted(pattern)} ESCAPE '!'"


def fold(raw: str) -> str:
    """A listed raw cell as the tidied text is compared with it."""
    return " ".join(raw.split()).lower()


class Compiler:
    """SQL of one kind of file's expressions. `number` says which column has which number; `hashes` is the SQL of the ids that
    are hashed, each worked out once a row as column h0, h1, … (a later one may name an earlier one)."""

    def __init__(self, file: FileKind, number: Dictionary[str, int]) -> None:
        self.file = file
        self.number = number
        self.hashes: list[str] = []
        for _, _, template in file.templates():
            for expr in template.columns.values() if not template.monthly else ():  # whose id is that of the month
                for part in reversed([*walk(expr)]):
                    if isinstance(part, Hash) and (sql := self._hash(part)) not in self.hashes:
                        self.hashes.append(sql)

    def value(self, expr: Expr) -> str:
        """The typed value."""
        if isinstance(expr, str):
            return f"v{self.number[expr]}"
        if isinstance(expr, Is):
            return literal(expr.value)
        if isinstance(expr, Same):
            return f"v{self.number[expr.same]}"
        if isinstance(expr, Code):
            return codes_sql(f"t{self.number[expr.code]}", expr.map, expr.otherwise, self._kind(expr))
        if isinstance(expr, First):
            return f"coalesce({', '.join(self.value(part) for part in expr.first)})"
        if isinstance(expr, PlusDays):
            return f"CAST({self.value(expr.plus_days)} + {expr.days} AS DATE)"
        if isinstance(expr, Join):
            parts = ", ".join(f"CAST({self.value(part)} AS VARCHAR)" for part in expr.join)
            joined = f"nullif(concat_ws({quoted(expr.between)}, {parts}), '')"
            constant = any(isinstance(part, Is) for part in expr.join)
            return f"CASE WHEN NOT ({self.empty(expr)}) THEN {joined} END" if constant else joined
        sql = self._hash(expr)
        return f"h{self.hashes.index(sql)}" if sql in self.hashes else sql

    def _hash(self, expr: Hash) -> str:
        parts = ", ".join(f"coalesce(CAST({self.value(part)} AS VARCHAR), '')" for part in expr.hash)
        folded = f"lower(concat_ws(chr(31), {parts}))"
        # spaces are single already in nearly all tidied texts, and looking for two is much cheaper than replacing all
        single = f"CASE WHEN contains({folded}, '  ') THEN regexp_replace({folded}, '[ ]+', ' ', 'g') ELSE {folded} END"
        return f"CASE WHEN NOT ({self.empty(expr)}) THEN md5({single}) END"

    def empty(self, expr: Expr) -> str:
        """Whether the value is null, without working it out; a hash or join of constants alone is never empty."""
        if isinstance(expr, Is):
            return "false"
        if isinstance(expr, Hash | Join):
            varying = [part for part in parts_of(expr) if not isinstance(part, Is)]
            return " AND ".join(self.empty(part) for part in varying) or "false"
        return f"{self.value(expr)} IS NULL"

    def precision(self, expr: Expr) -> str:
        """How precise a date is: of the column that gives it."""
        if isinstance(expr, str) and self.file.columns[expr].kind == "date":
            return f"p{self.number[expr]}"
        if isinstance(expr, First):
            cases = "".join(f" WHEN {self.value(part)} IS NOT NULL THEN {self.precision(part)}" for part in expr.first)
            return f"CASE{cases} END"
        return "NULL"

    def holds(self, conditions: list[When]) -> str:
        """Whether all conditions of a template hold."""
        return " AND ".join(self._condition(one) for one in conditions) or "true"

    def unlisted(self, expr: Expr) -> Iterator[tuple[int, str]]:
        """(column number, whether its cell has an unlisted code) for each code list inside that rejects."""
        for part in walk(expr):
            if isinstance(part, Code) and part.rejects:
                number = self.number[part.code]
                yield number, unlisted_sql(f"t{number}", part.map)

    def _condition(self, one: When) -> str:
        text = f"t{self.number[one.column]}"
        tests = []
        if one.among is not None:
            tests.append(listed_sql(text, one.among))
        if one.not_among is not None:
            tests.append(f"NOT {listed_sql(text, one.not_among)}")
        if one.past is not None:
            tests.append(f"coalesce(v{self.number[one.column]} {'<=' if one.past else '>'} getvariable('extract_date'), false)")
        return " AND ".join(tests) or f"{text} IS NOT NULL"

    def _kind(self, expr: Expr) -> Gives:
        kind = gives(expr, self.file)
        if kind is None:
            raise ValueError("a mapping is checked before it is compiled")
        return kind


