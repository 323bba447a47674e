"""Which places are one Address, and which are protected (always as known today).

A place's key is its UPRN, else its tidied first line and postcode. A line and postcode that some record ties to exactly one
UPRN is that UPRN's Address; two different flats given one UPRN stay two. No fixed abode, not known and a bare postcode are a
node of their own for each record that states them, so that nobody seems to live with anybody there. A place without a postcode
is not shared between sources.
"""

from __future__ import annotations

import duckdb

from lastseen.graph.duck import quoted
from lastseen.graph.workspace_settings import Settings


def resolve_places(connection: duckdb.DuckDBPyConnection, settings: Settings, withheld: bool = False) -> None:
    """Make `place_address` (source, place, address or null, `own` prefix, kind, protected) and `address` (its nodes). With
    `withheld`, every home of somebody in the table of that name is protected.

    Where `address` is null the node is the holder's own: `own || ':' || record or contact id`.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE withheld_home AS
        WITH home AS (
            SELECT source::VARCHAR AS source, person, place FROM claim_residences
            UNION ALL
            SELECT source::VARCHAR, person, place FROM event_participants WHERE at_home AND role IN ('subject', 'present')
        )
        SELECT DISTINCT source, place FROM home {"SEMI JOIN withheld USING (source, person)" if withheld else ""}
        WHERE place IS NOT NULL AND {withheld}
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE place AS
        WITH used AS (
            SELECT source, place FROM claim_residences UNION SELECT source, place FROM event_contacts
            UNION SELECT source, place FROM source_places
        ), tidied AS (
            SELECT source, place, coalesce(p.kind, 'property') AS said_kind, nullif(trim(first_line), '') AS line,
                tidy_line(first_line) AS line_key, tidy_postcode(postcode) AS postcode, bare_postcode(postcode) AS bare,
                tidy_uprn(uprn) AS uprn, nullif(trim(area), '') AS area, coalesce(p.protected, false) AS protected
            FROM used LEFT JOIN source_places p USING (source, place) WHERE place IS NOT NULL
        )
        SELECT * EXCLUDE (said_kind, bare, postcode, uprn, protected),
            CASE WHEN bare = 'ZZ993VZ' THEN 'no_fixed_abode'
                WHEN starts_with(bare, 'ZZ99') OR bare = 'NOPOSTCODE' OR regexp_matches(bare, '^X+$') THEN
                    CASE WHEN said_kind = 'property' AND (uprn IS NOT NULL OR line_key IS NOT NULL)
                        AND NOT starts_with(bare, 'ZZ99') THEN 'property' ELSE 'not_known' END
                ELSE said_kind END AS kind,
            CASE WHEN NOT starts_with(bare, 'ZZ99') AND bare <> 'NOPOSTCODE' AND NOT regexp_matches(bare, '^X+$')
                THEN postcode END AS postcode,
            CASE WHEN NOT starts_with(coalesce(bare, ''), 'ZZ99') THEN uprn END AS uprn,
            protected OR EXISTS (FROM claim_residences r WHERE r.source = tidied.source AND r.place = tidied.place
                AND r.kind = 'refuge') OR said_kind <> 'area' AND (source, place) IN (FROM withheld_home) AS protected,
            regexp_extract(line_key, '^(flat|apartment|apt|unit|room|studio|bedsit) ([0-9a-z]+) ', 2) AS flat
        FROM tidied
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE place_key AS
        WITH tie AS (
            SELECT line_key, postcode, any_value(uprn) AS uprn FROM place
            WHERE kind = 'property' AND line_key IS NOT NULL AND postcode IS NOT NULL AND uprn IS NOT NULL
            GROUP BY ALL HAVING count(DISTINCT uprn) = 1
        ), flats AS (
            SELECT uprn FROM place WHERE uprn IS NOT NULL AND flat <> '' GROUP BY uprn HAVING count(DISTINCT flat) > 1
        ), tied AS (
            SELECT p.*, coalesce(p.uprn, t.uprn) AS any_uprn FROM place p LEFT JOIN tie t USING (line_key, postcode)
        )
        SELECT * EXCLUDE (any_uprn), CASE
            WHEN kind = 'area' THEN 'area:' || coalesce(plain_line(coalesce(area, line)), md5(source || ':' || place))
            WHEN kind <> 'property' THEN NULL
            WHEN any_uprn IS NOT NULL THEN 'uprn:' || any_uprn
                || CASE WHEN flat <> '' AND any_uprn IN (FROM flats) THEN ':' || flat ELSE '' END
            WHEN line_key IS NOT NULL AND postcode IS NOT NULL THEN 'address:' || left(md5(line_key || '|' || postcode), 20)
            WHEN line_key IS NULL AND postcode IS NOT NULL THEN NULL
            ELSE 'place:' || left(md5(source || ':' || place), 20) END AS key
        FROM tied
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE protected_key AS
        WITH keys AS (SELECT key FROM place_key WHERE key IS NOT NULL GROUP BY key HAVING bool_or(protected)),
        holders AS (
            SELECT key, source || ':' || person AS holder FROM claim_residences JOIN place_key USING (source, place) SEMI
              JOIN keys USING (key)
            UNION ALL
            SELECT key, contact FROM event_contacts JOIN place_key USING (source, place) SEMI JOIN keys USING (key)
        )
        SELECT key, min(holder) AS holder FROM keys LEFT JOIN holders USING (key) GROUP BY key
    """)
    # Never anything made from the text: the id of a protected address comes from the first record or contact there.
    connection.execute("""
        CREATE OR REPLACE TABLE place_address AS
        SELECT source::source_name AS source, place, k.kind, p.key IS NOT NULL OR k.key IS NULL AND k.protected AS protected,
            CASE WHEN p.key IS NULL THEN k.key WHEN p.holder IS NULL THEN NULL
                ELSE 'protected:' || left(md5(p.holder), 20) END AS address,
            CASE WHEN k.protected THEN 'protected' WHEN k.kind = 'property' THEN 'postcode:' || replace(k.postcode, ' ', '')
                ELSE k.kind END AS own,
            line, line_key, postcode, uprn, area
        FROM place_key k LEFT JOIN protected_key p USING (key)
    """)
    area_names = [name for name in (settings.area, *settings.area_names) if name]
    names = ", ".join(quoted(name) for name in area_names)
    named = f"plain_line(area) IN (SELECT plain_line(n) FROM (SELECT unnest([{names}]) AS n))" if area_names else "NULL"
    codes = ", ".join(quoted(code) for code in settings.area_codes)
    # where the postcode lies says more than the town that a source writes
    inside = f"CASE WHEN code IS NOT NULL THEN code IN ({codes}) ELSE {named} END" if codes else named
    council = f"CASE WHEN code IN ({codes}) THEN {quoted(settings.area)} ELSE code END" if codes and settings.area else "code"
    connection.execute(f"""
        CREATE OR REPLACE TABLE address AS
        WITH held AS (
            SELECT * EXCLUDE (address), address AS id FROM place_address WHERE address IS NOT NULL
            UNION ALL BY NAME
            SELECT p.* EXCLUDE (address), own || ':' || h.holder AS id FROM place_address p JOIN (
                SELECT DISTINCT source, place, source || ':' || person AS holder FROM claim_residences
                UNION SELECT source, place, contact FROM event_contacts SEMI JOIN (FROM place_address WHERE address IS NULL)
                    USING (source, place)
            ) h USING (source, place) WHERE p.address IS NULL
        ), merged AS (
            SELECT id, min(kind) AS kind, bool_or(protected) AS protected, min_by(line, (source, place)) AS line,
                min_by(line_key, (source, place)) AS line_key, min_by(postcode, (source, place)) AS postcode,
                min_by(uprn, (source, place)) AS uprn,
                coalesce(min_by(area, (source, place)), CASE WHEN min(kind) = 'area' THEN min(line) END) AS area
            FROM held GROUP BY id
        ), placed AS (
            SELECT m.* REPLACE (coalesce(m.area, {council}) AS area), code
            FROM merged m LEFT JOIN (SELECT postcode, area AS code FROM lookup_postcodes) z
                ON z.postcode = replace(m.postcode, ' ', '')
        )
        SELECT id, kind, CASE WHEN NOT protected AND kind <> 'area' THEN line END AS line,
            CASE WHEN NOT protected THEN postcode END AS postcode, CASE WHEN NOT protected THEN uprn END AS uprn,
            CASE WHEN NOT protected THEN area END AS area, CASE WHEN NOT protected THEN {inside} END AS in_area, protected,
            CASE WHEN NOT protected THEN nullif(lower(concat_ws(' ', line_key, postcode, CASE kind WHEN 'area'
              THEN plain_line(area) END)), '')
                END AS search_key
        FROM placed
    """)
    connection.execute("DROP TABLE place; DROP TABLE place_key; DROP TABLE protected_key; DROP TABLE withheld_home")
