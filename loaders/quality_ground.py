"""What the checks on the quality of loads read: record tables of the archive, and the current build's people and names."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from lastseen.graph.archive import Build, Load
from lastseen.graph.duck import quoted
from lastseen.graph.folding import add_raw
from lastseen.graph.keys import add_macros
from lastseen.graph.records import TABLES
from lastseen.graph.rows import FILES, LINES, SEPARATOR
from lastseen.loaders.tidying import prepare


def begin(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load], kin: Sequence[Load], build: Build | None) -> None:
    """The tables that checks read: `raw_<table>` of `kin` (all loads of the sources), `chosen` loads, and the build's people
    (empty without a build)."""
    add_macros(connection)
    prepare(connection)
    for table in TABLES:
        add_raw(connection, table, kin)
    connection.execute("CREATE TABLE chosen (load BIGINT)")
    connection.executemany("INSERT INTO chosen VALUES (?)", [[load.n] for load in loads] or [[-1]])
    connection.execute("CREATE TABLE source_of (load BIGINT, source VARCHAR)")
    connection.executemany("INSERT INTO source_of VALUES (?, ?)", [[load.n, load.source] for load in kin] or [[-1, ""]])
    connection.execute("""
        CREATE TABLE finding (load BIGINT, "check" VARCHAR, "column" VARCHAR, what VARCHAR, mend VARCHAR, file VARCHAR,
            line BIGINT, id VARCHAR, against VARCHAR)
    """)
    # each number as it is written once: the checks of digits are costly
    connection.execute("""
        CREATE TABLE number AS
        SELECT scheme, value, tidy_identifier(value) AS tidied
        FROM (SELECT DISTINCT scheme, value FROM raw_identifiers SEMI JOIN chosen USING (load) WHERE value IS NOT NULL)
    """)
    _add_people(connection, build)


def _add_people(connection: duckdb.DuckDBPyConnection, build: Build | None) -> None:
    """`is_person` (record, person), `known` (people as resolved), `written` (records with their names' sounds and their rows in
    words) and `parents` (child, parent, source, said)."""
    if build is None:
        connection.execute("""
            CREATE TABLE is_person (record VARCHAR, person VARCHAR);
            CREATE TABLE known (person VARCHAR, born_on DATE, whole BOOLEAN, died_on DATE, sex VARCHAR);
            CREATE TABLE written (record VARCHAR, person VARCHAR, source VARCHAR, born_on DATE, given VARCHAR[],
                family VARCHAR[], every VARCHAR[], said VARCHAR);
            CREATE TABLE parents (child VARCHAR, parent VARCHAR, source VARCHAR, said VARCHAR, sex VARCHAR)
        """)
        return

    def at(name: str) -> str:
        return f"read_parquet({quoted(build.tables.path(name))})"

    place = f"{{row}} // {LINES * FILES} = f.load AND {{row}} // {LINES} % {FILES} = f.place"
    connection.execute(f"""
        CREATE TABLE graph_file AS
        SELECT split_part(id, ':', 2)::BIGINT AS load, unnest(string_split(files, {quoted(SEPARATOR)})) AS file,
            generate_subscripts(string_split(files, {quoted(SEPARATOR)}), 1) AS place FROM {at("Load")};
        CREATE TABLE is_person AS SELECT "from" AS record, "to" AS person FROM {at("IDENTIFIES")};
        CREATE TABLE known AS
        SELECT id AS person, born_on, coalesce(born_precision, 'day') = 'day' AND born_on IS NOT NULL AS whole, died_on, sex
        FROM {at("Person")};
        CREATE TABLE sound AS
        SELECT DISTINCT unnest(string_split(name_key, ' ')) AS word, unnest(string_split(sound_key, ' ')) AS sound
        FROM {at("Record")} WHERE name_key IS NOT NULL;
        CREATE TABLE written AS
        WITH many AS (
            SELECT person FROM is_person GROUP BY person HAVING count(*) > 1
        ), word AS (
            SELECT id AS record, 'given' AS part, unnest({_words("given")}) AS word FROM {at("Record")}
            UNION ALL SELECT id, 'family', unnest({_words("family")}) FROM {at("Record")}
        ), heard AS (
            SELECT record, list(sound) FILTER (part = 'given') AS given, list(sound) FILTER (part = 'family') AS family
            FROM word JOIN sound USING (word) GROUP BY record
        )
        SELECT r.id AS record, i.person, r.source, r.born_on, h.given, h.family, string_split(r.sound_key, ' ') AS every,
            r.source || ' ' || f.load || ':' || f.file || ':' || r.row % {LINES} AS said
        FROM {at("Record")} r JOIN is_person i ON i.record = r.id SEMI JOIN many USING (person)
        LEFT JOIN heard h ON h.record = r.id LEFT JOIN graph_file f ON {place.format(row="r.row")}
        WHERE r.withdrawn_on IS NULL;
        CREATE TABLE parents AS
        SELECT DISTINCT p."to" AS child, p."from" AS parent, p.source, k.sex,
            p.source || ' ' || f.load || ':' || f.file || ':' || p.row % {LINES} AS said
        FROM {at("PARENT_OF")} p JOIN known k ON k.person = p."from" LEFT JOIN graph_file f ON {place.format(row="p.row")}
        WHERE p.withdrawn_on IS NULL AND p.kind IN ('birth', 'unknown')
    """)


def _words(kind: str) -> str:
    """The words of a real name; initials and placeholders say nothing."""
    return f"list_filter(string_split(real_{kind}(tidy_name({kind}_name)), ' '), lambda w: length(w) > 1)"
