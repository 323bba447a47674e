"""What each node and edge table is made of: SQL over the folded tables, places, agencies and people as resolved."""

from __future__ import annotations

import duckdb

CLAIM_DATES = "c.valid_from, c.valid_to, c.known_on, c.end_known_on, c.withdrawn_on"


def make_agencies(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `agency_of` (source, agency, id): 'kind:code', so that one code in two sources is one Agency.

    A source that names a code without its kind takes the kind that another source gives it, where all agree.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE agency_of AS
        WITH used AS (
            SELECT source, agency FROM source_agencies UNION SELECT source, agency FROM claim_registrations
            UNION SELECT source, agency FROM claim_involvements UNION SELECT source, agency FROM claim_flags
            UNION SELECT source, agency FROM event_contacts UNION SELECT source, agency FROM source_workers_at
        ), elsewhere AS (
            SELECT agency, any_value(kind) AS kind FROM source_agencies WHERE kind IS NOT NULL GROUP BY agency
            HAVING count(DISTINCT kind) = 1
        )
        SELECT u.source::source_name AS source, u.agency, coalesce(a.kind, e.kind, 'other') AS kind, coalesce(a.kind, e.kind,
          'other') || ':' || u.agency AS id,
            a.name, a.area
        FROM used u LEFT JOIN source_agencies a USING (source, agency) LEFT JOIN elsewhere e USING (agency)
          WHERE u.agency IS NOT NULL
    """)


NODES_SQL = {
    "Person": "FROM person_node",
    "Record": "FROM record_node",
    "Address": "FROM address",
    "Agency": """
        SELECT id, any_value(kind) AS kind, any_value(agency) AS code, min_by(name, (trust, a.source::VARCHAR)) AS name,
            min_by(area, (trust, a.source::VARCHAR)) AS area
        FROM agency_of a JOIN source_trust t ON t.source = a.source GROUP BY id""",
    "Professional": "SELECT source || ':' || worker AS id, name, role, phone FROM worker",
    "Contact": """
        SELECT contact AS id, kind, occurred_on, known_on, withdrawn_on, outcome, reported_by, c.source, row_of(f.prefix,
          turn) AS row
        FROM event_contacts c JOIN source_file f ON f.id = file_of(turn)""",
    "Load": "FROM load_node",
}  # fmt: skip

# `mark` tells apart two claims of one row between the same ends.
EDGES_SQL = {
    "IDENTIFIES": """
        SELECT i.record AS "from", i.person AS "to", r.source, r.row, i.how, i.why, i.probability, '' AS mark
        FROM identified i JOIN record_node r ON r.id = i.record""",
    "PARENT_OF": f"""
        SELECT p.person AS "from", q.person AS "to", c.source, c.row, {CLAIM_DATES}, coalesce(c.parent_kind, 'unknown') AS kind,
            concat_ws('|', '', c.person, c.other, c.valid_from) AS mark
        FROM claim_relations c JOIN person_of p ON p.record = c.source || ':' || c.person
        JOIN person_of q ON q.record = c.source || ':' || c.other WHERE relation = 'parent' AND p.person <> q.person""",
    "PARTNER_OF": f"""
        SELECT p.person AS "from", q.person AS "to", c.source, c.row, {CLAIM_DATES},
            concat_ws('|', '', c.person, c.other, c.valid_from) AS mark
        FROM claim_relations c JOIN person_of p ON p.record = c.source || ':' || c.person
        JOIN person_of q ON q.record = c.source || ':' || c.other WHERE relation = 'partner' AND p.person <> q.person""",
    "RELATED_TO": f"""
        SELECT p.person AS "from", q.person AS "to", c.source, c.row, {CLAIM_DATES}, c.relation,
            concat_ws('|', '', c.person, c.other, c.relation, c.valid_from) AS mark
        FROM claim_relations c JOIN person_of p ON p.record = c.source || ':' || c.person
        JOIN person_of q ON q.record = c.source || ':' || c.other
        WHERE relation NOT IN ('parent', 'partner') AND p.person <> q.person""",
    "LIVES_AT": f"""
        SELECT p.person AS "from", coalesce(a.address, a.own || ':' || p.record) AS "to", c.source, c.row, {CLAIM_DATES},
            coalesce(c.basis, 'registered') AS basis, coalesce(c.kind, 'home') AS kind, c.source || ':' || c.stated_by
              AS stated_by,
            c.stated_with, c.source || ':' || c.household_list AS household_list,
            concat_ws('|', '', p.record, c.basis, c.kind, c.stated_by, c.stated_with, c.household_list, c.valid_from,
                CASE WHEN NOT a.protected THEN c.place END) AS mark
        FROM claim_residences c JOIN place_address a USING (source, place) JOIN person_of p
          ON p.record = c.source || ':' || c.person
        UNION ALL BY NAME
        SELECT p.person AS "from", a.address AS "to", c.source, row_of(f.prefix, c.turn) AS row, c.occurred_on AS valid_from,
          c.known_on, c.withdrawn_on,
            'observed' AS basis, 'home' AS kind, concat_ws('|', '', 'observed', p.record, c.contact, c.role) AS mark
        FROM event_participants c JOIN place_address a ON a.source = c.source AND a.place = c.place
        JOIN person_of p ON p.source = c.source AND p.own = c.person JOIN source_file f ON f.id = file_of(c.turn)
        WHERE c.at_home AND c.role IN ('subject', 'present') AND a.kind = 'property' AND a.address IS NOT NULL""",
    "REGISTERED_WITH": f"""
        SELECT p.person AS "from", a.id AS "to", c.source, c.row, {CLAIM_DATES}, c.register, c.end_reason,
            concat_ws('|', '', c.person, c.register, c.valid_from) AS mark
        FROM claim_registrations c JOIN agency_of a USING (source, agency) JOIN person_of p
          ON p.record = c.source || ':' || c.person""",
    "INVOLVED_WITH": f"""
        SELECT p.person AS "from", a.id AS "to", c.source, c.row, {CLAIM_DATES}, c.status, c.hours, c.end_reason,
            concat_ws('|', '', c.person, c.worker, c.status, c.valid_from) AS mark
        FROM claim_involvements c JOIN agency_of a USING (source, agency) JOIN person_of p
          ON p.record = c.source || ':' || c.person""",
    "FLAGGED_BY": f"""
        SELECT p.person AS "from", a.id AS "to", c.source, c.row, {CLAIM_DATES}, c.flag, c.review_on,
            concat_ws('|', '', c.person, c.flag, c.valid_from) AS mark
        FROM claim_flags c JOIN agency_of a USING (source, agency) JOIN person_of p
          ON p.record = c.source || ':' || c.person""",
    "ALLOCATED_TO": f"""
        SELECT p.person AS "from", c.source || ':' || c.worker AS "to", c.source, c.row, {CLAIM_DATES}, w.role,
            concat_ws('|', '', c.person, c.agency, c.status, c.valid_from) AS mark
        FROM claim_involvements c JOIN person_of p ON p.record = c.source || ':' || c.person
        JOIN worker w ON w.source = c.source AND w.worker = c.worker""",
    "WORKS_FOR": """
        SELECT w.source || ':' || w.worker AS "from", a.id AS "to", w.source, w.row, least(w.known_on, c.known_on) AS known_on,
            '' AS mark
        FROM worker_agencies w JOIN agency_of a USING (source, agency)
        LEFT JOIN (SELECT source, worker, min(known_on) AS known_on FROM event_contacts WHERE worker IS NOT NULL GROUP BY ALL) c
            USING (source, worker)""",
    "ABOUT": """
        SELECT c.contact AS "from", p.person AS "to", c.source, row_of(f.prefix, c.turn) AS row, c.occurred_on, c.known_on,
            c.withdrawn_on, c.role, c.level, c.occurred_on - p.born_on AS age_days, c.at_home, c.bedroom, c.kind,
            '|' || coalesce(c.role::VARCHAR, '') || coalesce(c.level::VARCHAR, '') AS mark
        FROM event_participants c JOIN person_of p ON p.source = c.source AND p.own = c.person
        JOIN source_file f ON f.id = file_of(c.turn)""",
    "MADE_BY": """
        SELECT c.contact AS "from", a.id AS "to", c.source, row_of(f.prefix, c.turn) AS row, '' AS mark
        FROM event_contacts c JOIN agency_of a ON a.source = c.source AND a.agency = c.agency
        JOIN source_file f ON f.id = file_of(c.turn)""",
    "MADE_IN_PERSON_BY": """
        SELECT c.contact AS "from", c.source || ':' || c.worker AS "to", c.source, row_of(f.prefix, c.turn) AS row, '' AS mark
        FROM event_contacts c JOIN source_file f ON f.id = file_of(c.turn) WHERE c.worker IS NOT NULL""",
    "AT": """
        SELECT c.contact AS "from", coalesce(a.address, a.own || ':' || c.contact) AS "to", c.source,
            row_of(f.prefix, c.turn) AS row, '' AS mark
        FROM event_contacts c JOIN place_address a ON a.source = c.source AND a.place = c.place
        JOIN source_file f ON f.id = file_of(c.turn)""",
}  # fmt: skip
