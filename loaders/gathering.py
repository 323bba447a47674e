"""From typed rows to record tables, in SQL: every template's records, gathered over the load's files, each once.

Agencies, workers, places, people and contacts that several rows name are one record: the first row's, with gaps filled by later
ones. Other records that several rows say alike are one: of the row recorded first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from lastseen.graph.duck import quoted
from lastseen.graph.loads import StagedLoad
from lastseen.graph.records import TABLES
from lastseen.loaders.checking import yields
from lastseen.loaders.expressions import Compiler
from lastseen.loaders.mapping_model import Expr, Same, Template

ONE_A_NAME = {
    "people": ("scope", "person"), "contacts": ("scope", "contact"), "places": ("place",), "agencies": ("agency",),
    "workers": ("worker",),
}
"""Tables with one record a name, and what names it."""

ANY_FILE = ("participants",)
"""Tables whose records are one whichever of the load's files say so: a visit that two members list has each child once."""
MOST_RELATED = 30
"""People with the same family's id; more have it for want of one."""

_FIRST_LINES = 10_000_000_000_000
"""More than any file's lines: `ord` = file number × this + line."""


@dataclass(frozen=True)
class Sheet:
    """One text's typed rows: `rows` is a table expression of those that are kept; `number` is its place in the load; `unique`
    are columns of which each row has a value of its own."""

    number: int
    name: str
    compiler: Compiler
    rows: str
    scope: str | None
    unique: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Gathered:
    """All of a table's records, repeated as the rows repeat them, with `ord`: a table expression, its columns, and those of
    them that no two of the records share."""

    table: str
    sql: str
    columns: list[str]
    unique: frozenset[str]


def gather(connection: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], table: str) -> Gathered | None:
    """A table's records; None where no template gives any."""
    queries = [query for sheet in sheets for query in _queries(sheet, table, connection)]
    if not queries:
        return None
    sql = f"({' UNION ALL BY NAME '.join(queries)})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
    return Gathered(table, sql, [row[0] for row in described], _unique(sheets, table) if len(queries) == 1 else frozenset())


def _unique(sheets: Sequence[Sheet], table: str) -> frozenset[str]:
    """Columns of records of one template that no two of its rows share."""
    found = []
    for sheet in sheets:
        for template in sheet.compiler.file.rows.get(table, []):
            values = _values(sheet.compiler, table, template)
            found += [] if "other" in values else [name for name, value in values.items() if value in sheet.unique]
    return frozenset(found)


def unique_columns(connection: duckdb.DuckDBPyConnection, compiler: Compiler, rows: str) -> frozenset[str]:
    """Of the columns v0, …, h0, … of `rows` that name a person or a contact, those that are filled and differ in every row."""
    named = [template.columns[name] for table, name in (("people", "person"), ("contacts", "contact"))
             for template in compiler.file.rows.get(table, [])]
    asked = {value for expr in named if (value := compiler.value(expr)).isidentifier()}
    for test, enough in (("approx_count_distinct({})", 0.8), ("if(count({0}) < count(*), 0, count(DISTINCT hash({0})))", 1)):
        if asked:
            counts = ", ".join(test.format(name) for name in sorted(asked))
            count, *found = connection.execute(f"SELECT count(*), {counts} FROM {rows}").fetchone() or (0,)
            asked = {name for name, differ in zip(sorted(asked), found, strict=True) if differ >= enough * count}
    return frozenset(asked)


def _queries(sheet: Sheet, table: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = sheet.compiler.file.rows
    monthly = [template for template in rows.get("contacts", []) if template.monthly]
    present = rows.get("participants", [])
    by_month = [(contact, who) for contact in monthly for who in present if _contact(who) == _contact(contact)]
    grouped = [one for pair in by_month for one in pair]
    plain = [_query(sheet, table, template) for template in rows.get(table, []) if template not in grouped]
    if table in ("contacts", "participants"):
        plain += [_months(sheet, table, contact, who, connection) for contact, who in by_month]
    return plain


def _contact(template: Template) -> Expr:
    return template.columns["contact"]


def _place(sheet: Sheet, own: Expr | None = None) -> str:
    compiler, file = sheet.compiler, sheet.compiler.file
    scope = f"v{compiler.number[file.scope]}" if file.scope else quoted(sheet.scope or "all")
    on = own or file.recorded_on
    recorded = compiler.value(on) if on else "CAST(NULL AS DATE)"
    return (f"{quoted(sheet.name)} AS file, line, {scope} AS scope, {recorded} AS recorded_on, "
            f"CAST({sheet.number} AS BIGINT) * {_FIRST_LINES} + line AS ord")


def _query(sheet: Sheet, table: str, template: Template) -> str:
    values = _values(sheet.compiler, table, template)
    own = "".join(f", {value} AS {name}" for name, value in values.items() if name != "recorded_on")
    place = _place(sheet, template.columns.get("recorded_on"))
    rows, holds = sheet.rows, yields(sheet.compiler, table, template)
    if isinstance(template.columns.get("other"), Same):
        own = own.replace(f"{values['other']} AS other", "related.other")
        rows += f" JOIN {_related(sheet, values['person'], values['other'])} related ON related.same = {values['other']} " \
                f"AND related.other > {values['person']}"
    query = f"SELECT {place}{own} FROM {rows} WHERE {holds}"
    return _continued(query, [name for name in values if name != "recorded_on"]) if template.continued else query


def _related(sheet: Sheet, person: str, same: str) -> str:
    """Who has the same value as others in a column, as a table of `same` and `other`."""
    return (f"(SELECT same, unnest(people) AS other FROM (SELECT {same} AS same, list(DISTINCT {person}) AS people "
            f"FROM {sheet.rows} GROUP BY same) WHERE same IS NOT NULL AND len(people) BETWEEN 2 AND {MOST_RELATED})")


def _continued(query: str, own: list[str]) -> str:
    """Claims that follow on from each other without a day between, as one: from its first start to its last end."""
    slot = [name for name in own if name not in ("valid_from", "valid_to", "end_reason")]
    ends = "coalesce(valid_to, DATE '9999-12-31')"
    turns = f"PARTITION BY {', '.join(slot)} ORDER BY valid_from NULLS FIRST, ord"
    reason = ", CASE WHEN count(valid_to) = count(*) THEN arg_max(end_reason, valid_to) END AS end_reason"
    return f"""
        SELECT file, arg_min(line, (coalesce(valid_from, DATE '0001-01-01'), ord)) AS line, scope,
            min(recorded_on) AS recorded_on, min(ord) AS ord, {', '.join(slot)},
            min(valid_from) AS valid_from, CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS valid_to
            {reason if "end_reason" in own else ""}
        FROM (SELECT *, sum(news) OVER ({turns}) AS span FROM (
            SELECT *, CASE WHEN valid_from <= max({ends}) OVER ({turns} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                THEN 0 ELSE 1 END AS news FROM ({query})))
        GROUP BY file, scope, {', '.join(slot)}, span
    """


def _values(compiler: Compiler, table: str, template: Template) -> dict[str, str]:
    values = {name: compiler.value(expr) for name, expr in template.columns.items()}
    if table == "people" and "born_on" in values and "born_precision" not in values:
        precision = compiler.precision(template.columns["born_on"])
        values["born_precision"] = f"CASE WHEN {values['born_on']} IS NOT NULL THEN {precision} END"
    if table == "places" and "postcode" in values:
        # ZZ99 postcodes are no places: 3VZ has no fixed abode, the others are not known (NHS Postcode Directory)
        code = values["postcode"]
        values["kind"] = (f"CASE WHEN {code} = 'ZZ99 3VZ' THEN 'no_fixed_abode' WHEN starts_with({code}, 'ZZ99') "
                          f"THEN 'not_known' ELSE {values['kind']} END")
        values["postcode"] = f"CASE WHEN NOT starts_with({code}, 'ZZ99') THEN {code} END"
    return values


def _months(sheet: Sheet, table: str, contact: Template, who: Template, connection: duckdb.DuckDBPyConnection) -> str:
    """One contact a person, agency, kind and month: the row of the last day in it. Worked out once for both tables."""
    pair = sheet.compiler.file.rows["contacts"].index(contact), sheet.compiler.file.rows["participants"].index(who)
    months = f"months_{sheet.number}_{pair[0]}_{pair[1]}"
    says, part = _values(sheet.compiler, "contacts", contact), _values(sheet.compiler, "participants", who)
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [months]).fetchone():
        connection.execute(f"CREATE TEMP TABLE {months} AS {_by_month(sheet, contact, who, says, part)}")
    own = says if table == "contacts" else part
    named = {name: name if table == "contacts" else f"who_{name}" for name in own if name != "contact"}
    columns = ", ".join(f"one.{packed} AS {name}" for name, packed in named.items())
    return f"SELECT contact, one.file AS file, one.line AS line, one.scope AS scope, one.recorded_on AS recorded_on, " \
           f"one.ord AS ord, {columns} FROM {months}"


def _by_month(sheet: Sheet, contact: Template, who: Template, says: dict[str, str], part: dict[str, str]) -> str:
    compiler = sheet.compiler
    month = f"strftime({says['occurred_on']}, '%Y-%m')"
    one = f"concat_ws(chr(31), {part['person']}, coalesce({says['agency']}, ''), {month}, {says['kind']})"
    packed = {
        **{name: value for name, value in says.items() if name != "contact"},
        **{f"who_{name}": value for name, value in part.items() if name != "contact"},
    }
    own = "".join(f", {value} AS {name}" for name, value in packed.items())
    order = f"datediff('day', DATE '1800-01-01', {says['occurred_on']}) * CAST(1000000000000000 AS HUGEINT) - line AS last"
    names = ", ".join(f"'{name}': {name}" for name in ("file", "line", "scope", "recorded_on", "ord", *packed))
    given = yields(compiler, "contacts", contact) + " AND " + yields(compiler, "participants", who)
    return f"""
        SELECT md5(month) AS contact, arg_max({{{names}}}, last) AS one
        FROM (SELECT {_place(sheet)}, {one} AS month{own}, {order} FROM {sheet.rows} WHERE {given}) GROUP BY month
    """


def write(connection: duckdb.DuckDBPyConnection, gathered: Gathered, staged: StagedLoad) -> int:
    """Write a record table, each record once. Returns its rows."""
    table, source = gathered.table, gathered.sql
    columns = [name for name in TABLES[table].names if name in gathered.columns]
    complete = _COMPLETE.get(table, "")
    keys = ONE_A_NAME.get(table)
    where = ("file", "line") if table in ANY_FILE else ("line",)
    facts = [name for name in columns if name not in (keys or (*where, "recorded_on"))]
    one = keys or (*facts, "recorded_on IS NULL")
    listed = ", ".join(columns)
    if gathered.unique.intersection(one):
        return staged.write_query(connection, table, f"SELECT {listed} FROM {source} {complete}", columns)
    h = f"hash({', '.join(one)})"
    # Only names that repeat need grouping; equal hashes of different names merely take the slower way.
    connection.execute(f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {h} AS h FROM {source} GROUP BY h HAVING count(*) > 1")
    if keys:
        # The day first known is the earliest that any row gives; all else is the first row's, gaps filled by later ones.
        earliest = ("valid_from", "recorded_on")
        merged = ", ".join(f"{f'min({name})' if name in earliest else f'arg_min({name}, ord)'} AS {name}" for name in facts)
    else:
        first = ", ".join(f"arg_min({name}, (recorded_on, ord)) AS {name}" for name in where)
        merged = f"{first}, min(recorded_on) AS recorded_on"
    grouped = [name for name in one if name in columns]
    query = f"""
        SELECT {listed} FROM (SELECT *, {h} AS h FROM {source}) ANTI JOIN repeated USING (h)
        {complete}
        UNION ALL
        SELECT {listed} FROM (
            SELECT {', '.join(grouped)}, {merged} FROM (SELECT *, {h} AS h FROM {source}) SEMI JOIN repeated USING (h)
            GROUP BY {', '.join(one)})
        {complete}
    """
    return staged.write_query(connection, table, query, columns)


_COMPLETE = {"contacts": "WHERE kind IS NOT NULL AND occurred_on IS NOT NULL"}
"""Contacts that only other members of the extract mention are none."""


def forget_months(connection: duckdb.DuckDBPyConnection) -> None:
    """Rows were rejected since: months are to be worked out again."""
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, 'months_')").fetchall()
    for (name,) in found:
        connection.execute(f"DROP TABLE {name}")


def unmet_contacts(connection: duckdb.DuckDBPyConnection, gathered: Gathered) -> int:
    """How many contacts have no kind or day, as only other members mention them."""
    found = connection.execute(f"""
        SELECT count(*) FROM (SELECT scope, contact FROM {gathered.sql} GROUP BY ALL
            HAVING max(kind) IS NULL OR max(occurred_on) IS NULL)
    """).fetchone()
    return int(found[0]) if found else 0


def clashes(connection: duckdb.DuckDBPyConnection, gathered: Gathered, facts: Sequence[str]) -> list[tuple[str, int]]:
    """(file, line) of rows whose record has the same name as an earlier row's, but says one of `facts` otherwise.

    A person whom another of the load's files mentions in passing is described there as that file's rows have it.
    """
    named, source = ONE_A_NAME[gathered.table], gathered.sql
    if gathered.unique.intersection(named):
        return []
    keys = ", ".join([*named, *(["file"] if gathered.table == "people" else [])])
    facts = [fact for fact in facts if fact in gathered.columns]
    repeats = connection.execute(f"SELECT count(*) - count(DISTINCT hash({keys})) FROM {source}").fetchone()
    if not facts or not repeats or not repeats[0]:
        return []
    differs = " OR ".join(f"min({fact}) <> max({fact})" for fact in facts)
    first = ", ".join(f"arg_min({fact}, ord) AS first_{fact}" for fact in facts)
    otherwise = " OR ".join(f"{fact} <> first_{fact}" for fact in facts)
    return connection.execute(f"""
        WITH clash AS (SELECT {keys}, {first} FROM {source} GROUP BY {keys} HAVING {differs})
        SELECT DISTINCT file, line FROM {source} JOIN clash USING ({keys}) WHERE {otherwise} ORDER BY file, line
    """).fetchall()
