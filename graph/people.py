"""The Record and Person tables: what each source writes, and what follows for the person as resolved."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from lastseen.graph.keys import word_sound
from lastseen.graph.workspace_settings import TERM_STARTS

MACROS = (
    # by calendar: somebody born on 29 February has birthdays on 1 March in other years
    "CREATE OR REPLACE MACRO birthday(born, years) AS (born + to_years(years))::DATE + "
    "CASE WHEN month(born) = 2 AND day(born) = 29 AND day((born + to_years(years))::DATE) = 28 THEN 1 ELSE 0 END",
    # the 31 March, 31 August or 31 December on or next after the day
    "CREATE OR REPLACE MACRO prescribed_day(d) AS CASE WHEN month(d) <= 3 THEN make_date(year(d), 3, 31) "
    "WHEN month(d) <= 8 THEN make_date(year(d), 8, 31) ELSE make_date(year(d), 12, 31) END",
)


def term_macro(starts: Sequence[str]) -> str:
    """`term_after(d)`: the first start of a term ('MM-DD') after the prescribed day on or next after `d`."""
    days = [(int(start[:2]), int(start[3:])) for start in starts]
    each = ", ".join(
        f"CASE WHEN make_date(year(p), {month}, {day}) > p THEN make_date(year(p), {month}, {day}) "
        f"ELSE make_date(year(p) + 1, {month}, {day}) END"
        for month, day in days
    )
    return f"CREATE OR REPLACE MACRO term_after(d) AS (SELECT least({each}) FROM (SELECT prescribed_day(d) AS p))"


def make_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `record_node`. `name_key` and `sound_key` hold every name the source ever gave, the latest first."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE name_key AS
        WITH every AS (
            SELECT n.record, nullif(concat_ws(' ', g.tidied, f.tidied), '') AS name,
                n.given_name IS NOT DISTINCT FROM p.given_name AND n.family_name IS NOT DISTINCT FROM p.family_name AS latest
            FROM record_names n SEMI JOIN (SELECT record FROM record_names GROUP BY record HAVING count(*) > 1) USING (record)
            JOIN source_people p USING (record) LEFT JOIN spelling g ON g.text = n.given_name LEFT JOIN spelling f
              ON f.text = n.family_name
        ), many AS (
            SELECT record, string_agg(name, ' ' ORDER BY latest DESC, name) AS name_key
            FROM (SELECT record, name, bool_or(latest) AS latest FROM every WHERE name IS NOT NULL GROUP BY ALL) GROUP BY record
        )
        SELECT p.record, coalesce(m.name_key, nullif(concat_ws(' ', g.tidied, f.tidied), '')) AS name_key
        FROM source_people p LEFT JOIN many m USING (record) LEFT JOIN spelling g ON g.text = p.given_name
        LEFT JOIN spelling f ON f.text = p.family_name
    """)
    split = "SELECT DISTINCT unnest(string_split(name_key, ' ')) FROM name_key WHERE name_key IS NOT NULL ORDER BY 1"
    words = [word for (word,) in connection.execute(split).fetchall()]
    sounds = pa.table({"word": pa.array(words, pa.string()), "sound": pa.array(map(word_sound, words), pa.string())})
    connection.register("sounds", sounds)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE sound_key AS
        WITH key AS (SELECT DISTINCT name_key FROM name_key WHERE name_key IS NOT NULL),
        word AS (
            SELECT name_key, unnest(string_split(name_key, ' ')) AS word, generate_subscripts(string_split(name_key, ' '), 1)
              AS i FROM key
        )
        SELECT name_key, string_agg(sound, ' ' ORDER BY i) AS sound_key FROM word JOIN sounds USING (word) GROUP BY name_key
    """)
    connection.unregister("sounds")
    connection.execute("""
        CREATE OR REPLACE TABLE record_node AS
        SELECT p.record AS id, p.source, p.given_name, p.family_name,
            nullif(concat_ws(' ', p.given_name, p.family_name), '') AS name, n.name_key, s.sound_key, p.born_on, i.identifiers,
            p.known_on, p.withdrawn_on, p.row
        FROM source_people p LEFT JOIN name_key n USING (record) LEFT JOIN sound_key s USING (name_key)
        LEFT JOIN (
            SELECT record, array_to_string(list_sort(list(scheme || ':' || replace(value, ' ', ''))), ' ')
                AS identifiers FROM record_identifiers
            GROUP BY record
        ) i USING (record)
    """)


def make_persons(connection: duckdb.DuckDBPyConnection, term_starts: Sequence[str] = TERM_STARTS) -> list[str]:
    """Make `person_node` and `person_of` (record, source, own, person, born_on).

    Returns the ids of people whose sources' birth dates differ.

    The birth date is that of the most trusted source (`Load.trust`: births register, maternity, NHS), then of most sources;
    a whole date comes before a partial one, a standing record before a withdrawn one.
    """
    for macro in (*MACROS, term_macro(term_starts)):
        connection.execute(macro)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE said AS
        SELECT i.person, p.* REPLACE (p.restricted OR p.record IN (SELECT record FROM withheld) AS restricted), t.trust
        FROM source_people p JOIN identified i USING (record) JOIN source_trust t USING (source);
        CREATE OR REPLACE TEMP TABLE born AS
        SELECT person, born_on, any_value(born_precision ORDER BY trust, source) AS born_precision
        FROM said WHERE born_on IS NOT NULL GROUP BY person, born_on
        QUALIFY row_number() OVER (PARTITION BY person ORDER BY bool_and(withdrawn_on IS NOT NULL),
            min(coalesce(born_precision, 'day') <> 'day'), min(trust), count(DISTINCT source) DESC, born_on) = 1;
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE person_node AS
        WITH facts AS (
            SELECT person, min(known_on) AS first_known_on, min(born_known_on) AS born_known_on,
                min_by(expected_on, (trust, source)) AS expected_on,
                min(expected_known_on) AS expected_known_on, min_by(died_on, (trust, source)) AS died_on,
                min(died_known_on) AS died_known_on, min_by(sex, (trust, source)) AS sex,
                coalesce(bool_or(restricted), false) AS restricted, min(age_group_known_on) AS age_group_known_on,
                min(age_group_known_on) FILTER (age_group = 'child') AS child_said_on,
                CASE WHEN count(*) = count(withdrawn_on) THEN max(withdrawn_on) END AS withdrawn_on
            FROM said GROUP BY person
        ), dated AS (
            SELECT *, born_on IS NOT NULL AS has_birth, birthday(born_on, 18) AS adult_on FROM facts LEFT JOIN born
              USING (person)
        ), spans AS (
            SELECT *, CASE WHEN has_birth OR expected_on IS NOT NULL OR child_said_on IS NOT NULL
                    THEN greatest(first_known_on, least(born_known_on, expected_known_on, child_said_on)) END AS child_from,
                least(adult_on, CASE WHEN died_on IS NOT NULL THEN greatest(died_on, died_known_on) END, withdrawn_on)
                  AS child_until
            FROM dated
        )
        SELECT person AS id, born_on, CASE WHEN has_birth THEN coalesce(born_precision, 'day') END AS born_precision,
          born_known_on,
            expected_on, expected_known_on, died_on, died_known_on, sex, first_known_on, restricted,
            least(born_known_on, expected_known_on, age_group_known_on) AS age_known_on,
            CASE WHEN child_until <= child_from THEN NULL ELSE child_from END AS child_from, child_until,
            term_after(birthday(born_on, 3)) AS early_years_from, term_after(birthday(born_on, 5)) AS school_from,
            birthday(born_on, 1) AS one_on, birthday(born_on, 3) AS three_on, birthday(born_on, 5) AS five_on,
            birthday(born_on, 16) AS school_until, adult_on
        FROM spans
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE person_of AS
        SELECT i.record, p.source::source_name AS source, p.own, i.person, b.born_on
        FROM identified i JOIN source_people p USING (record) LEFT JOIN born b USING (person)
    """)
    differing = connection.execute("""
        SELECT person FROM said WHERE born_on IS NOT NULL AND coalesce(born_precision, 'day') = 'day' AND withdrawn_on IS NULL
        GROUP BY person HAVING count(DISTINCT born_on) > 1 ORDER BY person
    """).fetchall()
    connection.execute("DROP TABLE said; DROP TABLE born")
    return [person for (person,) in differing]
