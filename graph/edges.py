"""What each node and edge table is made of: SQL over the folded tables, places, agencies and people as resolved."""

from __future__ import annotations

import duckdb

_CLAIM = "c.source, c.row, c.valid_from, c.valid_to, c.known_on, c.end_known_on, c.withdrawn_on"
_PERSON = "JOIN person_of p ON p.record = c.source || ':' || c.person"
_OTHER = f"{_PERSON} JOIN person_of q ON q.record = c.source || ':' || c.other AND q.person <> p.person"
_AGENCY = f"JOIN agency_of a ON a.source = c.source AND a.agency IS NOT DISTINCT FROM c.agency {_PERSON}"
_FILE = "JOIN source_file f ON f.id = file_of(c.turn)"
_ROW = "c.source, row_of(f.first, c.turn) AS row"


def make_agencies(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `agency_of` (source, agency, id): 'kind:code', so that one code in two sources is one Agency.

    A source that names a code without its kind takes the kind that another source gives it, where all agree. A claim whose
    row names no agency is kept, with an agency of its source that says so. A school that its source does not name, or does not
    place, is named and placed by the list of schools.
    """
    connection.execute("""
        CREATE OR REPLACE TABLE agency_of AS
        WITH used AS (
            SELECT source, agency FROM source_agencies UNION SELECT source, agency FROM claim_registrations
            UNION SELECT source, agency FROM claim_involvements UNION SELECT source, agency FROM claim_flags
            UNION SELECT source, agency FROM event_contacts WHERE agency IS NOT NULL
            UNION SELECT source, agency FROM worker_agencies
        ), elsewhere AS (
            SELECT agency, any_value(kind) AS kind FROM source_agencies WHERE kind IS NOT NULL GROUP BY agency
            HAVING count(DISTINCT kind) = 1
        )
        SELECT u.source::source_name AS source, u.agency, coalesce(s.kind, e.kind, 'other') AS kind,
            coalesce(s.kind, e.kind, 'other') || ':' || coalesce(u.agency, 'not stated by ' || u.source) AS id,
            coalesce(s.name, l.name) AS name, coalesce(s.area, l.area) AS area
        FROM used u LEFT JOIN source_agencies s USING (source, agency) LEFT JOIN elsewhere e USING (agency)
            LEFT JOIN lookup_schools l ON coalesce(s.kind, e.kind) = 'school'
                AND l.code = regexp_replace(u.agency, '[ /-]', '', 'g')
    """)


def make_workers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `worker` (source, worker, name, role, phone): every worker that anything names, described or not."""
    connection.execute("""
        CREATE OR REPLACE TABLE worker AS
        WITH used AS (
            SELECT source, worker FROM source_workers UNION SELECT source, worker FROM claim_involvements
            UNION SELECT source, worker FROM event_contacts
        )
        SELECT source, worker, name, role, phone
        FROM used LEFT JOIN source_workers USING (source, worker) WHERE worker IS NOT NULL
    """)


NODES_SQL = {
    "Person": "FROM person_node",
    "Record": "FROM record_node",
    "Address": "FROM address",
    "Agency": """
        SELECT id, any_value(a.kind) AS kind, any_value(agency) AS code, min_by(name, (trust, a.source::VARCHAR)) AS name,
            min_by(area, (trust, a.source::VARCHAR)) AS area
        FROM agency_of a JOIN source_trust t ON t.source = a.source GROUP BY id""",
    "Professional": "SELECT source || ':' || worker AS id, name, role, phone FROM worker",
    "Contact": f"""
        SELECT c.contact AS id, kind, occurred_on, known_on, withdrawn_on, outcome, reported_by, {_ROW}
        FROM event_contacts c {_FILE}""",
    "Load": "FROM load_node",
}  # fmt: skip


def _relation(which: str, more: str = "") -> str:
    return f"""
        SELECT p.person AS "from", q.person AS "to", {_CLAIM}, {more}
            concat_ws('|', '', c.person, c.other, c.relation, c.valid_from) AS mark
        FROM claim_relations c {_OTHER} WHERE {which}"""


# `mark` tells apart two claims of one row between the same ends. It never holds a protected address's place: that may be a
# hash of its text.
EDGES_SQL = {
    "IDENTIFIES": """
        SELECT i.record AS "from", i.person AS "to", r.source, r.row, i.how, i.why, i.probability, '' AS mark
        FROM identified i JOIN record_node r ON r.id = i.record""",
    "PARENT_OF": _relation("relation = 'parent'", "coalesce(c.parent_kind, 'unknown') AS kind,"),
    "PARTNER_OF": _relation("relation = 'partner'"),
    "RELATED_TO": _relation("relation NOT IN ('parent', 'partner')", "c.relation,"),
    "LIVES_AT": f"""
        SELECT p.person AS "from", coalesce(a.address, a.own || ':' || p.record) AS "to", {_CLAIM},
            coalesce(c.basis, 'registered') AS basis, coalesce(c.kind, 'home') AS kind, c.stated_with,
            c.source || ':' || c.stated_by AS stated_by, c.source || ':' || c.household_list AS household_list,
            concat_ws('|', '', p.record, c.basis, c.kind, c.stated_by, c.stated_with, c.household_list, c.valid_from,
                CASE WHEN NOT a.protected THEN c.place END) AS mark
        FROM claim_residences c JOIN place_address a ON a.source = c.source AND a.place = c.place {_PERSON}
        UNION ALL BY NAME
        SELECT p.person AS "from", a.address AS "to", {_ROW}, c.occurred_on AS valid_from, c.known_on, c.withdrawn_on,
            'observed' AS basis, 'home' AS kind, concat_ws('|', '', 'observed', p.record, c.contact, c.role) AS mark
        FROM event_participants c JOIN place_address a ON a.source = c.source AND a.place = c.place
        JOIN person_of p ON p.source = c.source AND p.own = c.person {_FILE}
        WHERE c.at_home AND c.role IN ('subject', 'present') AND a.kind = 'property' AND a.address IS NOT NULL""",
    "REGISTERED_WITH": f"""
        SELECT p.person AS "from", a.id AS "to", {_CLAIM}, c.register, c.end_reason,
            concat_ws('|', '', c.person, c.register, c.valid_from) AS mark
        FROM claim_registrations c {_AGENCY}""",
    "INVOLVED_WITH": f"""
        SELECT p.person AS "from", a.id AS "to", {_CLAIM}, c.status, c.hours, c.end_reason,
            concat_ws('|', '', c.person, c.worker, c.status, c.valid_from) AS mark
        FROM claim_involvements c {_AGENCY}""",
    "FLAGGED_BY": f"""
        SELECT p.person AS "from", a.id AS "to", {_CLAIM}, c.flag, c.review_on,
            concat_ws('|', '', c.person, c.flag, c.valid_from) AS mark
        FROM claim_flags c {_AGENCY}""",
    "ALLOCATED_TO": f"""
        SELECT p.person AS "from", c.source || ':' || c.worker AS "to", {_CLAIM}, w.role,
            concat_ws('|', '', c.person, c.agency, c.status, c.valid_from) AS mark
        FROM claim_involvements c {_PERSON} JOIN worker w ON w.source = c.source AND w.worker = c.worker""",
    "WORKS_FOR": """
        SELECT w.source || ':' || w.worker AS "from", a.id AS "to", w.source, w.row, least(w.known_on, c.known_on) AS known_on,
            '' AS mark
        FROM worker_agencies w JOIN agency_of a USING (source, agency)
        LEFT JOIN (SELECT source, worker, min(known_on) AS known_on FROM event_contacts WHERE worker IS NOT NULL GROUP BY ALL) c
            USING (source, worker)""",
    "ABOUT": f"""
        SELECT c.contact AS "from", p.person AS "to", {_ROW}, c.occurred_on, c.known_on, c.withdrawn_on, c.role, c.level,
            c.occurred_on - p.born_on AS age_days, c.at_home, c.bedroom, c.kind,
            a.id AS agency, a.kind AS agency_kind,
            '|' || coalesce(c.role::VARCHAR, '') || coalesce(c.level::VARCHAR, '') AS mark
        FROM event_participants c JOIN person_of p ON p.source = c.source AND p.own = c.person {_FILE}
            LEFT JOIN agency_of a ON a.source = c.source AND a.agency = c.agency""",
    "MADE_BY": f"""
        SELECT c.contact AS "from", a.id AS "to", {_ROW}, '' AS mark
        FROM event_contacts c JOIN agency_of a ON a.source = c.source AND a.agency = c.agency {_FILE}""",
    "MADE_IN_PERSON_BY": f"""
        SELECT c.contact AS "from", c.source || ':' || c.worker AS "to", {_ROW}, '' AS mark
        FROM event_contacts c {_FILE} WHERE c.worker IS NOT NULL""",
    "AT": f"""
        SELECT c.contact AS "from", coalesce(a.address, a.own || ':' || c.contact) AS "to", {_ROW}, '' AS mark
        FROM event_contacts c JOIN place_address a ON a.source = c.source AND a.place = c.place {_FILE}""",
}  # fmt: skip

WITHIN_ONE = """
    SELECT count(*) FROM claim_relations c JOIN person_of p ON p.record = c.source || ':' || c.person
    JOIN person_of q ON q.record = c.source || ':' || c.other WHERE p.person = q.person"""
"""Relations of somebody with themselves (a source's error, or a decision's): no edge, but reported."""
