"""The rules of identity as DuckDB queries: which pairs of people-so-far (labels) agree, on what, and how strongly.

`make_evidence` makes tables by record; a rule reads them with the table `member` (position, label) and gives links with the
columns a, b (labels), score and why.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from lastseen.graph.duck import quoted

UNBORN_WITHIN = 56
"""Days between a due date and a birth that may be one pregnancy: eight weeks."""


def make_evidence(connection: duckdb.DuckDBPyConnection, agreed: Sequence[str], social_care: Sequence[str]) -> None:
    """Make `who` (one row a record by `position`, in the fixed order source, own id) and what each record shows.

    Restricted records show nothing, so no rule ever meets them.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE who AS
        SELECT row_number() OVER (ORDER BY source, own) - 1 AS position, record, source,
            CASE WHEN coalesce(born_precision, 'day') = 'day' THEN born_on END AS born_on, expected_on, died_on, sex,
              withdrawn_on,
            s.given, coalesce(restricted, false) AS restricted
        FROM source_people LEFT JOIN spelling s ON s.text = given_name
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE shown_name AS
        SELECT DISTINCT position, given, split_part(given, ' ', 1) AS first, family FROM (
            SELECT position, g.given, f.family FROM record_names n JOIN who USING (record)
            JOIN spelling g ON g.text = n.given_name LEFT JOIN spelling f ON f.text = n.family_name WHERE NOT restricted
        ) WHERE given IS NOT NULL
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE shown_birth AS SELECT position, source, born_on FROM who WHERE born_on IS NOT NULL
          AND NOT restricted
    """)
    family = ", ".join(map(quoted, social_care))
    connection.execute(f"""
        CREATE OR REPLACE TABLE shown_identifier AS
        SELECT DISTINCT position, scheme, tidied AS value FROM record_identifiers i JOIN who USING (record)
        WHERE tidied IS NOT NULL AND NOT restricted AND scheme IN ({", ".join(map(quoted, agreed))})
            AND (scheme <> 'la_child_id' OR i.source IN ({family}))
    """)
    # A home: a property of one's own key, registered or observed. A protected one is no evidence (many families live there).
    connection.execute("""
        CREATE OR REPLACE TABLE shown_home AS
        SELECT DISTINCT position, p.address AS home FROM (
            SELECT source, person, place FROM claim_residences WHERE basis IS DISTINCT FROM 'claimed' AND withdrawn_on IS NULL
            UNION
            SELECT source, person, place FROM event_participants WHERE at_home AND role IN ('subject', 'present')
              AND place IS NOT NULL
        ) r JOIN place_address p USING (source, place) JOIN who ON who.record = r.source || ':' || r.person
        WHERE p.kind = 'property' AND p.address IS NOT NULL AND NOT p.protected AND NOT restricted
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE shown_parent AS
        SELECT DISTINCT c.position, p.position AS parent, p.sex IS DISTINCT FROM 'M' AS mother
        FROM claim_relations r JOIN who p ON p.record = r.source || ':' || r.person JOIN who c
          ON c.record = r.source || ':' || r.other
        WHERE relation = 'parent' AND r.withdrawn_on IS NULL AND NOT p.restricted AND NOT c.restricted
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE stated_apart AS
        SELECT DISTINCT a.position AS a, b.position AS b FROM claim_relations r
        JOIN who a ON a.record = r.source || ':' || r.person JOIN who b ON b.record = r.source || ':' || r.other
        WHERE a.position <> b.position
    """)


def drop_evidence(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget the evidence: graph tables need the memory."""
    for table in ("who", "shown_name", "shown_birth", "shown_identifier", "shown_home", "shown_parent", "stated_apart",
                  "member", "joined", "l_name", "l_birth", "l_home", "l_parent", "l_sex"):  # fmt: skip
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def by_label(connection: duckdb.DuckDBPyConnection) -> None:
    """What each label shows: the evidence of its records together. `member` is the present (position, label)."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE l_name AS SELECT DISTINCT label, given, first, family FROM shown_name JOIN member
          USING (position);
        CREATE OR REPLACE TEMP TABLE l_birth AS SELECT DISTINCT label, born_on FROM shown_birth JOIN member USING (position);
        CREATE OR REPLACE TEMP TABLE l_home AS SELECT DISTINCT label, home FROM shown_home JOIN member USING (position);
        CREATE OR REPLACE TEMP TABLE l_parent AS
            SELECT DISTINCT c.label, p.label AS parent, bool_and(mother) OVER (PARTITION BY p.label) AS mother
            FROM shown_parent s JOIN member c USING (position) JOIN member p ON p.position = s.parent;
        CREATE OR REPLACE TEMP TABLE l_sex AS
            SELECT label, min(sex) AS sex FROM who JOIN member USING (position) WHERE sex IN ('F', 'M') AND NOT restricted
            GROUP BY label HAVING count(DISTINCT sex) = 1;
    """)


def identifier_links(connection: duckdb.DuckDBPyConnection, scheme: str) -> pd.DataFrame:
    """Records with one number of an agreed scheme, each tied to the first of them.

    Under one number the birth date that most records give is taken as its bearer's; a record with another birth date and
    another first name is left out: the number was mistyped, and two children must not become one. Where two bearers are
    stated to be two people, each other bearer is tied to both, and goes with the one it agrees with more.
    """
    why = quoted(f"same {scheme} number")
    return connection.execute(f"""
        WITH bearer AS (
            SELECT i.value, i.position, b.born_on, split_part(w.given, ' ', 1) AS first
            FROM shown_identifier i JOIN who w USING (position) LEFT JOIN shown_birth b USING (position)
            WHERE i.scheme = {quoted(scheme)}
        ), shared AS (SELECT value FROM bearer GROUP BY value HAVING count(*) > 1),
        born AS (
            SELECT value, born_on, list(DISTINCT first) FILTER (first IS NOT NULL) AS names FROM bearer SEMI JOIN shared
              USING (value)
            WHERE born_on IS NOT NULL GROUP BY value, born_on
            QUALIFY row_number() OVER (PARTITION BY value ORDER BY count(*) DESC, min(position)) = 1
        ), sound AS (
            SELECT s.* FROM bearer s SEMI JOIN shared USING (value) LEFT JOIN born ON born.value = s.value
            WHERE born.born_on IS NULL OR s.born_on IS NULL OR s.born_on = born.born_on OR s.first IS NULL OR born.names IS NULL
                OR len(list_filter(born.names, lambda name: name = s.first
                    OR least(length(name), length(s.first)) = 1 AND left(name, 1) = left(s.first, 1))) > 0
        ), torn AS (
            SELECT DISTINCT x.value FROM stated_apart s JOIN sound x ON x.position = s.a JOIN sound y ON y.position = s.b
            WHERE x.value = y.value
        )
        SELECT min(position) OVER (PARTITION BY value) AS a, position AS b, 1 AS score, {why} AS why
        FROM sound ANTI JOIN torn USING (value) QUALIFY a <> b
        UNION ALL
        SELECT x.position, y.position, 2 * coalesce(x.first = y.first, false)::INTEGER + coalesce(x.born_on = y.born_on,
          false)::INTEGER,
            {why} FROM sound x JOIN sound y USING (value) SEMI JOIN torn USING (value) WHERE x.position < y.position
    """).df()


_ALIKE = "(x.first = y.first OR least(length(x.first), length(y.first)) = 1 AND left(x.first, 1) = left(y.first, 1))"
_SEX = "LEFT JOIN l_sex sx ON sx.label = pair.a LEFT JOIN l_sex sy ON sy.label = pair.b WHERE coalesce(sx.sex = sy.sex, true)"
_AGREED = """agreed AS (
    SELECT a, b, bool_or(what = 'home') AS home, bool_or(what = 'parent') AS parent, bool_or(what = 'child') AS child FROM (
        SELECT a, b, 'home' AS what FROM pair JOIN l_home x ON x.label = a JOIN l_home y ON y.label = b AND y.home = x.home
        UNION ALL
        SELECT a, b, 'parent' FROM pair JOIN l_parent x ON x.label = a JOIN l_parent y ON y.label = b AND y.parent = x.parent
        UNION ALL
        SELECT a, b, 'child' FROM pair JOIN l_parent x ON x.parent = a JOIN l_parent y ON y.parent = b AND y.label = x.label
    ) GROUP BY a, b
)"""
_WORDS = """concat_ws(' and ', CASE WHEN home THEN 'home' END, CASE WHEN parent THEN 'parent' END,
    CASE WHEN child THEN 'child' END) || ' agreed'"""
_STRENGTH = "4 * parent::INTEGER + 2 * home::INTEGER + child::INTEGER"
_EXACT_PAIRS = """key AS (
    SELECT DISTINCT label, born_on, given, family FROM l_name JOIN l_birth USING (label)
    WHERE family IS NOT NULL AND length(first) > 1
), busy AS (
    SELECT born_on, given, family FROM key GROUP BY ALL HAVING count(*) > 1
), busy_key AS (
    FROM key SEMI JOIN busy USING (born_on, given, family)
), pair AS (
    SELECT DISTINCT x.label AS a, y.label AS b FROM busy_key x JOIN busy_key y USING (born_on, given, family)
      WHERE x.label < y.label
)"""
_PLACE_PAIRS = """there AS (
    SELECT label, born_on, 'home:' || home AS place FROM l_birth JOIN l_home USING (label)
    UNION ALL SELECT label, born_on, 'mother:' || parent FROM l_birth JOIN l_parent USING (label) WHERE mother
), busy AS (
    SELECT born_on, place FROM there GROUP BY ALL HAVING count(*) > 1
), busy_there AS (
    FROM there SEMI JOIN busy USING (born_on, place)
), pair AS (
    SELECT x.label AS a, y.label AS b, bool_or(starts_with(place, 'home')) AS home, bool_or(starts_with(place, 'mother'))
      AS parent
    FROM busy_there x JOIN busy_there y USING (born_on, place) WHERE x.label < y.label GROUP BY ALL
)"""
_TWO_SHOWN = """shown AS (
    SELECT s.source, s.born_on, 'home:' || home AS place, m.label FROM shown_birth s JOIN shown_home USING (position)
    JOIN member m USING (position)
    UNION ALL
    SELECT s.source, s.born_on, 'mother:' || q.label, m.label FROM shown_birth s JOIN shown_parent p USING (position)
    JOIN member m USING (position) JOIN member q ON q.position = p.parent
), two_shown AS (
    SELECT DISTINCT born_on, place FROM (SELECT born_on, place FROM shown GROUP BY source, born_on,
      place HAVING count(DISTINCT label) > 1)
), with_twin AS (
    SELECT DISTINCT label FROM there JOIN two_shown USING (born_on, place)
)"""


def exact_name_links(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The same tidied name and birth date, with a home, a parent or a child agreed."""
    return connection.execute(f"""
        WITH {_EXACT_PAIRS}, {_AGREED}
        SELECT a, b, 20 + {_STRENGTH} AS score, 'same name and birth date, ' || {_WORDS} AS why FROM agreed pair {_SEX}
    """).df()


def parent_links(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Two stated parents of one child with the same tidied name, and nothing against it in birth date or sex."""
    return connection.execute(f"""
        WITH pair AS (
            SELECT DISTINCT x.parent AS a, y.parent AS b FROM l_parent x JOIN l_parent y USING (label)
            JOIN l_name p ON p.label = x.parent JOIN l_name q ON q.label = y.parent AND q.given = p.given
              AND q.family = p.family
            WHERE x.parent < y.parent AND length(p.first) > 1
        )
        SELECT a, b, 10 AS score, 'same name, parent of the same child' AS why
        FROM pair LEFT JOIN l_birth x ON x.label = a LEFT JOIN l_birth y ON y.label = b {_SEX}
        GROUP BY a, b HAVING bool_or(coalesce(x.born_on = y.born_on, true))
    """).df()


def near_name_links(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The same birth date and mother or home, the first name the same or an initial, and no source with two children there.

    Where an initial fits two first names, the stronger agreement (mother, then home, then a surname's word) wins.
    """
    return connection.execute(f"""
        WITH {_PLACE_PAIRS}, {_TWO_SHOWN}, named AS (
            SELECT a, b, any_value(home) AS home, any_value(parent) AS parent, bool_or(x.first = y.first) AS same_first,
                bool_or(list_has_any(string_split(x.family, ' '), string_split(y.family, ' '))) AS same_word
            FROM pair JOIN l_name x ON x.label = a JOIN l_name y ON y.label = b WHERE {_ALIKE} GROUP BY a, b
        )
        SELECT a, b, 8 * same_first::INTEGER + 4 * parent::INTEGER + 2 * home::INTEGER + coalesce(same_word, false)::INTEGER
          AS score,
            'same birth date and ' || concat_ws(' and ', CASE WHEN parent THEN 'mother' END, CASE WHEN home THEN 'home' END) ||
            CASE WHEN same_first THEN ', another surname' ELSE ', an initial' END AS why
        FROM named pair {_SEX} AND a NOT IN (FROM with_twin) AND b NOT IN (FROM with_twin)
    """).df()


def unborn_links(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """An unborn child and the birth to the same mother nearest to the date due, within eight weeks (of twins, the first)."""
    return connection.execute(f"""
        WITH due AS (
            SELECT label, min(expected_on) AS due FROM who JOIN member USING (position)
            WHERE expected_on IS NOT NULL AND NOT restricted GROUP BY label
        ), lost AS (
            SELECT label FROM who JOIN member USING (position) WHERE died_on IS NOT NULL
        )
        SELECT due.label AS a, c.label AS b, 5 AS score, 'same mother, born within eight weeks of the date due' AS why
        FROM due JOIN l_parent e USING (label) JOIN l_parent c ON c.parent = e.parent AND c.mother JOIN l_birth b
          ON b.label = c.label
        WHERE due.label NOT IN (SELECT label FROM l_birth) AND due.label NOT IN (FROM lost)
            AND abs(b.born_on - due.due) <= {UNBORN_WITHIN}
        QUALIFY row_number() OVER (PARTITION BY due.label ORDER BY abs(b.born_on - due.due), c.label) = 1
    """).df()


RULES = (exact_name_links, parent_links, near_name_links, unborn_links)
"""In this order, again and again until none joins anything."""


def possible_pairs(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Pairs of labels that may be one person but that no rule joins: a, b, why and what agrees.

    Not offered: two whom one source lists there on that birth date under different first names (they are two), and two with
    different numbers of one agreed scheme where no home or parent agrees.
    """
    return connection.execute(f"""
        WITH {_PLACE_PAIRS}, both_shown AS (
            SELECT DISTINCT m.label AS a, n.label AS b FROM pair JOIN member m ON m.label = pair.a JOIN member n
              ON n.label = pair.b
            JOIN who x ON x.position = m.position JOIN who y ON y.position = n.position AND x.source = y.source
        ), named AS (
            SELECT a, b, any_value(home) AS home, any_value(parent) AS parent, coalesce(bool_or(x.first = y.first)
                OR bool_or({_ALIKE}) AND (max(length(x.first)) = 1 OR max(length(y.first)) = 1), false) AS alike,
                max(x.first) IS NULL OR max(y.first) IS NULL AS nameless
            FROM pair LEFT JOIN l_name x ON x.label = a LEFT JOIN l_name y ON y.label = b GROUP BY a, b
        )
        SELECT a, b, CASE WHEN alike THEN 'same birth date and home or mother; two children of that date are listed there'
            WHEN nameless THEN 'same birth date and home or mother, one without a first name'
            ELSE 'same birth date and home or mother, different first names' END AS why, true AS same_birth_date, home
              AS same_home,
            parent AS same_mother
        FROM named WHERE alike OR (a, b) NOT IN (FROM both_shown)
        UNION ALL
        (WITH {_EXACT_PAIRS}, {_AGREED}, number AS (
            SELECT DISTINCT label, scheme, value FROM shown_identifier JOIN member USING (position)
        ), different AS (
            SELECT a, b FROM pair JOIN number x ON x.label = a JOIN number y ON y.label = b AND y.scheme = x.scheme
            GROUP BY a, b, x.scheme HAVING NOT bool_or(x.value = y.value)
        )
        SELECT pair.a, pair.b, 'same name and birth date' AS why, true, coalesce(home, false), coalesce(parent, false)
        FROM pair LEFT JOIN agreed USING (a, b) WHERE agreed.a IS NOT NULL OR (pair.a, pair.b) NOT IN (SELECT a, b
          FROM different))
    """).df()
