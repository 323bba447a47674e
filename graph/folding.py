"""Records of all loads folded into what each source says, with the three dates of every fact (design sections 1 and 3).

Tables are made in a DuckDB connection and read by identity and projection:

- `source_people`: one row a record ('source:own person id') with its latest names and facts and when each was first known;
- `record_identifiers`, `source_places`, `source_agencies`, `source_workers`: what the sources list;
- `claim_<table>` (see `claims`), `event_contacts` and `event_participants` (see `events`).

Nothing here depends on the order of loading, only on extract dates.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from lastseen.graph.claims import CLAIMS, add_unread, fold_claims
from lastseen.graph.dating import add_extracts
from lastseen.graph.duck import named, quoted
from lastseen.graph.errors import NotAvailable
from lastseen.graph.events import fold_events
from lastseen.graph.keys import add_macros
from lastseen.graph.loads import Load
from lastseen.graph.records import TABLES
from lastseen.graph.rows import files_of, first_of, refuse_long

_SMALL = 200_000
"""Rows up to which a record table is read once and kept; more are read from their files each time."""
_SQL_KIND = {"string": "VARCHAR", "date32[day]": "DATE", "int64": "BIGINT", "bool": "BOOLEAN", "double": "DOUBLE"}
_LINES = 10**12
"""More than any file has lines. A row's `turn` = its file's place among all files × this + its line: one number that says
where the row is, and that orders rows by extract date, scope, file and line, whatever was loaded first."""

_LOAD_FILE = pa.schema([("load", pa.int64()), ("place", pa.int64()), ("file", pa.string()), ("first", pa.int64())])

MACROS = (
    f"CREATE OR REPLACE MACRO file_of(turn) AS turn // {_LINES}",
    f"CREATE OR REPLACE MACRO row_of(first, turn) AS first + turn % {_LINES}",
)


def fold(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> dict[str, int]:
    """Fold the loads; returns counts of what could not be used, by what it is."""
    add_macros(connection)
    for macro in MACROS:
        connection.execute(macro)
    _add_rows(connection, loads)
    add_unread(connection)
    unused = {f"{claim.table} that end before they begin": fold_claims(connection, claim) for claim in CLAIMS}
    fold_events(connection)
    _fold_people(connection)
    _fold_lists(connection)
    return {what: count for what, count in unused.items() if count}


def _add_rows(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
    """The views `said_<table>` (a record table's rows of all loads with `load`, `extract` and `turn`), `extracts`, `load_file`
    (load, place, file) and `source_file` (id, load, scope, file, source, extract, first: the number of its line 0)."""
    for table in TABLES:
        add_raw(connection, table, loads)
    refuse_long(load.table(table) for load in loads for table in load.tables)
    places = " UNION ".join(f"SELECT load, scope, file FROM raw_{table}" for table in TABLES)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE place_of_row AS {places}")
    scopes: dict[int, list[str]] = {}
    for load, scope in connection.execute("SELECT DISTINCT load, scope FROM place_of_row").fetchall():
        scopes.setdefault(load, []).append(scope)
    add_extracts(connection, loads, scopes)
    _add_files(connection, loads)
    sources = ", ".join(quoted(source) for source in sorted({load.source for load in loads})) or "'none'"
    connection.execute(f"""
        DROP TYPE IF EXISTS source_name;
        CREATE TYPE source_name AS ENUM ({sources});
        CREATE OR REPLACE TABLE source_file AS
        SELECT row_number() OVER (ORDER BY x.extract_date, x.source, x.scope, file, x.load) AS id, x.load, x.scope, file,
          x.source,
            x.id AS extract, l.first
        FROM place_of_row JOIN extracts x USING (load, scope) JOIN load_file l USING (load, file);
        DROP TABLE place_of_row
    """)
    for table, schema in TABLES.items():
        columns = ", ".join(f"r.{named(name)}" for name in schema.names if name not in ("file", "line", "scope"))
        view = "listed_residences" if table == "residences" else f"said_{table}"
        connection.execute(f"""
            CREATE OR REPLACE VIEW {view} AS
            SELECT f.extract, f.id * {_LINES} + r.line AS turn, r.load, {columns} FROM raw_{table} r JOIN source_file f
              USING (load, scope, file)
        """)
    _end_residences_with_the_list(connection)


def _add_files(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
    """`load_file`: each load's files by place, and the number of each file's line 0."""
    found: dict[int, set[str]] = {}
    for n, file in connection.execute("SELECT DISTINCT load, file FROM place_of_row").fetchall():
        found.setdefault(n, set()).add(file)
    rows = [
        {"load": load.n, "place": place, "file": file, "first": first_of(load.n, place)}
        for load in loads
        for place, file in enumerate(files_of([one["name"] for one in load.files], found.get(load.n, ())), 1)
    ]
    given = pa.Table.from_pylist(rows, schema=_LOAD_FILE)
    connection.register("given", given)
    connection.execute("CREATE OR REPLACE TABLE load_file AS SELECT * FROM given")
    connection.unregister("given")


def add_raw(connection: duckdb.DuckDBPyConnection, table: str, loads: Sequence[Load]) -> None:
    """The view or table `raw_<table>`: a record table's rows of all loads, each with its `load`; empty if none."""
    schema = TABLES[table]
    columns = ", ".join(named(name) for name in schema.names if name not in ("scope", "file"))
    parts = [
        f"SELECT {load.n}::BIGINT AS load, coalesce(scope, 'all') AS scope, coalesce(file, '') AS file, {columns} "
        f"FROM read_parquet({quoted(load.table(table))})"
        for load in loads if load.tables.get(table)
    ]  # fmt: skip
    if not parts:
        nulls = ", ".join(f"NULL::{_SQL_KIND[str(field.type)]} AS {named(field.name)}" for field in schema)
        parts = [f"SELECT NULL::BIGINT AS load, {nulls} WHERE false"]
    small = sum(load.tables.get(table, 0) for load in loads) <= _SMALL
    try:
        connection.execute(f"CREATE OR REPLACE {'TABLE' if small else 'VIEW'} raw_{table} AS {' UNION ALL '.join(parts)}")
    except duckdb.Error as error:
        damaged = [load.directory.name for load in loads if load.tables.get(table) and not _readable(connection, load, table)]
        what = f"The {table} of {', '.join(damaged) or 'a load'} can't be read."
        raise NotAvailable(what, "The graph in use stays as it was. Restore the load from a backup, or unload it.") from error


def _readable(connection: duckdb.DuckDBPyConnection, load: Load, table: str) -> bool:
    try:
        connection.execute(f"SELECT count(file) FROM read_parquet({quoted(load.table(table))})")
    except duckdb.Error:
        return False
    return True


def _end_residences_with_the_list(connection: duckdb.DuckDBPyConnection) -> None:
    """A list that keeps a person with a leaving date on it no longer says where that person lives from then on."""
    columns = ", ".join(
        f"r.{named(name)}" for name in TABLES["residences"].names if name not in ("valid_to", "file", "line", "scope")
    )
    connection.execute(f"""
        CREATE OR REPLACE VIEW said_residences AS
        SELECT r.extract, r.turn, r.load, {columns},
            coalesce(r.valid_to, CASE WHEN r.valid_from IS NULL OR l.left_on >= r.valid_from THEN l.left_on END) AS valid_to
        FROM listed_residences r LEFT JOIN (
            SELECT load, person, 'registered' AS basis, max(valid_to) AS left_on FROM said_registrations
            WHERE load IN (SELECT load FROM extracts WHERE shape = 'snapshot')
            GROUP BY ALL HAVING count(*) = count(valid_to)
        ) l USING (load, person, basis)
    """)


def _fold_people(connection: duckdb.DuckDBPyConnection) -> None:
    """`source_people`: a record's latest word on each fact, and the day its source first gave one."""
    named_by = [(f"claim_{claim.table}", column) for claim in CLAIMS for column in claim.people] + [
        ("event_participants", "person")
    ]
    latest = ("given_name", "family_name", "sex", "restricted", "died_on", "expected_on")
    dated = ("born_on", "expected_on", "died_on", "age_group")
    # Plain columns by one plain number: structs as values or order keys would take many times the memory.
    first_word = "".join(
        f", arg_min(extract, turn) FILTER ({fact} IS NOT NULL) AS {fact}_extract"
        f", arg_min_null(recorded_on, turn) FILTER ({fact} IS NOT NULL) AS {fact}_recorded_on"
        for fact in dated
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE stated AS
        WITH said AS (
            SELECT x.source, x.lag, x.extract_date, x.told_from, x.told_to, x.untold, r.*
            FROM said_people r JOIN extracts x ON x.id = r.extract
        ), word AS (
            SELECT source, person, any_value(lag) AS lag, min(extract_date) AS first_date,
                {", ".join(f"arg_max({column}, turn) AS {column}" for column in latest)}, arg_max(born_on, turn) AS born_on,
                arg_max_null(born_precision, turn) FILTER (born_on IS NOT NULL) AS born_precision,
                CASE WHEN bool_or(age_group = 'child') THEN 'child' ELSE max(age_group) END AS age_group,
                min(knew(recorded_on, valid_from, lag, extract_date, told(valid_from, told_from, told_to, untold))) AS known_on,
                min(turn) AS first_turn, arg_max_null(withdrawn_on, turn) AS withdrawn_on,
                {" OR ".join(f"count({n}) NOT IN (0, count(*)) OR min({n}) <> max({n})" for n in latest[:2])}
                  AS renamed{first_word}
            FROM said GROUP BY source, person
        )
        SELECT w.* EXCLUDE (first_turn), row_of(f.first, first_turn) AS row
        FROM word w JOIN source_file f ON f.id = file_of(first_turn)
    """)
    mentions = " UNION ALL ".join(
        f"SELECT source, {column} AS person, min(known_on) AS known_on FROM {table} WHERE {column} IS NOT NULL GROUP BY ALL"
        for table, column in named_by
    )
    # who has no row of their own is opened at the first row that names them: by extract date, not by load
    bare = " UNION ALL ".join(
        f"SELECT source, {column} AS person, turn FROM {table} t "
        f"ANTI JOIN stated s ON s.source = t.source AND s.person = t.{column} WHERE {column} IS NOT NULL"
        for table, column in named_by
    )
    connection.execute(f"""
        CREATE OR REPLACE TABLE source_people AS
        WITH known AS (
            SELECT source, person, min(known_on) AS known_on
            FROM ({mentions} UNION ALL SELECT source, person, known_on FROM stated) GROUP BY ALL
        ), opened AS (
            SELECT source, person, min(turn) AS turn FROM ({bare}) GROUP BY ALL
        )
        SELECT k.source || ':' || k.person AS record, k.source, k.person AS own, k.known_on,
            coalesce(s.row, row_of(o_file.first, o.turn)) AS row,
            {", ".join(f"s.{column}" for column in latest)}, s.age_group, s.withdrawn_on, s.renamed,
            s.born_on, s.born_precision,
            {_fact_known("born_on", "s.born_on")} AS born_known_on,
            {_fact_known("died_on", "s.died_on")} AS died_known_on,
            {_fact_known("expected_on", "NULL::DATE")} AS expected_known_on,
            {_fact_known("age_group", "NULL::DATE")} AS age_group_known_on
        FROM known k LEFT JOIN stated s USING (source, person) LEFT JOIN opened o USING (source, person)
            LEFT JOIN source_file o_file ON o_file.id = file_of(o.turn)
            {" ".join(f"LEFT JOIN extracts {fact}_x ON {fact}_x.id = s.{fact}_extract" for fact in dated)}
    """)
    connection.execute("DROP TABLE stated")


def _fact_known(fact: str, day: str) -> str:
    """SQL for when a record's source knew one of its facts: with the person, where its first extract gives both.

    `day` is when it happened (born, died): nobody knew it before, and a source that named the person later without it didn't
    know it yet.
    """
    said, recorded = f"{fact}_x.extract_date", f"s.{fact}_recorded_on"
    with_person = f"CASE WHEN {day} > k.known_on THEN least({day} + s.lag, {said}) ELSE k.known_on END"
    told = f"told({day}, {fact}_x.told_from, {fact}_x.told_to, {fact}_x.untold)"
    return f"""CASE WHEN {said} IS NULL THEN NULL
        WHEN {recorded} >= coalesce({day}, {recorded}) THEN least({recorded}, {said})
        WHEN {said} = s.first_date THEN {with_person}
        WHEN {day} IS NULL OR {day} <= s.first_date OR {told} THEN {said} ELSE least({day} + s.lag, {said}) END"""


def _fold_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Names, identifiers, places, agencies and workers: the latest word of each source on each."""
    connection.execute("""
        CREATE OR REPLACE TABLE record_names AS
        WITH more AS (
            SELECT DISTINCT x.source || ':' || person AS record, given_name, family_name FROM (
                SELECT r.extract, r.person, r.given_name, r.family_name FROM said_people r JOIN extracts x ON x.id = r.extract
                SEMI JOIN (FROM source_people WHERE renamed) p ON p.source = x.source AND p.own = r.person
                UNION ALL SELECT extract, person, given_name, family_name FROM said_names
            ) r JOIN extracts x ON x.id = r.extract WHERE given_name IS NOT NULL OR family_name IS NOT NULL
        )
        FROM more UNION
        SELECT record, given_name, family_name FROM source_people
        WHERE (given_name IS NOT NULL OR family_name IS NOT NULL) AND (NOT renamed OR record IN (SELECT record FROM more))
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE spelling AS
        SELECT text, tidied, real_given(tidied) AS given, real_family(tidied) AS family FROM (
            SELECT text, tidy_name(text) AS tidied
            FROM (SELECT given_name AS text FROM record_names UNION SELECT family_name FROM record_names) WHERE text IS NOT NULL
        )
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE record_identifiers AS
        SELECT record, source, scheme, value, tidy_identifier(value) AS tidied FROM (
            SELECT DISTINCT x.source || ':' || person AS record, x.source, scheme, value
            FROM said_identifiers r JOIN extracts x ON x.id = r.extract WHERE value IS NOT NULL
        )
    """)
    for table, own, columns in (
        ("places", "place", ("kind", "first_line", "postcode", "uprn", "area")),
        ("agencies", "agency", ("kind", "name", "area")),
        ("workers", "worker", ("name", "role", "phone")),
    ):
        latest = ", ".join(f"arg_max({column}, turn) AS {column}" for column in columns)
        connection.execute(f"""
            CREATE OR REPLACE TABLE source_{table} AS
            SELECT x.source, {own}, {latest}{", coalesce(bool_or(protected), false) AS protected" if table == "places" else ""}
            FROM said_{table} r JOIN extracts x ON x.id = r.extract GROUP BY ALL
        """)
    connection.execute("""
        CREATE OR REPLACE TABLE worker_agencies AS
        SELECT w.source, worker, agency, known_on, row_of(f.first, turn) AS row FROM (
            SELECT x.source, worker, agency, min(least(recorded_on, extract_date)) AS known_on, min(turn) AS turn
            FROM said_workers r JOIN extracts x ON x.id = r.extract WHERE agency IS NOT NULL GROUP BY ALL
        ) w JOIN source_file f ON f.id = file_of(turn)
    """)
