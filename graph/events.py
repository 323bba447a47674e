"""Contacts and who took part in them, folded from all extracts: each event once, corrections as withdrawals.

A contact is known by its own id. Overlapping extracts repeat it: the earliest one counts. Where a later extract of the same
scope states it otherwise, the old *version* is withdrawn on that extract's date and the new one, whose id ends in '#2', is
known from it. Somebody whom the later copy no longer names is withdrawn likewise. A month's attendance that a later extract
tells without covering the earlier day adds to it and withdraws nothing.

Millions of rows: what only one row states is dated in one pass (`_fold_once`), and only repeated ids are followed.
"""

from __future__ import annotations

import duckdb

_SAYS = ("kind", "occurred_on", "agency", "worker", "place", "outcome", "reported_by")
_SEEN = ("level", "at_home", "bedroom")
_TOLD = "told(occurred_on, x.told_from, x.told_to, x.untold)"


def fold_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `event_contacts` (contact, source, the contact's columns, known_on, withdrawn_on, turn) and the table
    `event_participants` (contact, source, person, role, level, at_home, bedroom, kind, agency, place, occurred_on,
    known_on, withdrawn_on, turn).

    `contact` is the graph's id; agency, worker, place and person are still the source's own. `turn` tells the row.
    """
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE repeated AS
        SELECT x.source, r.contact FROM said_contacts r JOIN extracts x ON x.id = r.extract
        WHERE x.source IN (SELECT source FROM extracts GROUP BY source HAVING count(DISTINCT load) > 1)
           OR x.load IN (SELECT load FROM source_file GROUP BY load HAVING count(DISTINCT file) > 1)
        GROUP BY ALL HAVING count(*) > 1
    """)
    _follow_contacts(connection)
    _fold_once(connection)
    _follow_participants(connection)
    connection.execute("DROP TABLE version")


def _fold_once(connection: duckdb.DuckDBPyConnection) -> None:
    """What only one row states. Contacts stay in their files (a view), so that millions of them take no memory."""
    known = _not_before(f"knew(recorded_on, occurred_on, x.lag, x.extract_date, {_TOLD})")
    says = ", ".join(_SAYS)
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW contact_once AS
        SELECT x.source::source_name AS source, r.contact AS own, {says}, {known} AS known_on, withdrawn_on, turn, r.load
        FROM said_contacts r JOIN extracts x ON x.id = r.extract
            ANTI JOIN repeated q ON q.source = x.source AND q.contact = r.contact
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW event_contacts AS
        SELECT source || ':' || own AS contact, source, {says}, known_on, withdrawn_on, turn FROM contact_once
        UNION ALL
        SELECT contact, source::source_name, {says}, known_on, withdrawn_on, turn FROM contact_version
    """)
    connection.execute("""
        DROP TYPE IF EXISTS contact_kind; DROP TYPE IF EXISTS contact_role;
        CREATE TYPE contact_kind AS ENUM (SELECT DISTINCT kind FROM said_contacts WHERE kind IS NOT NULL ORDER BY kind);
        CREATE TYPE contact_role AS ENUM (SELECT DISTINCT role FROM said_participants WHERE role IS NOT NULL ORDER BY role)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE event_participants AS
        SELECT c.source || ':' || c.own AS contact, c.source, p.person, p.role::contact_role AS role, p.level::TINYINT AS level,
            p.at_home, p.bedroom, c.kind::contact_kind AS kind, c.agency, c.place, c.occurred_on,
            CASE WHEN p.recorded_on IS NULL THEN c.known_on
                ELSE {_not_before("least(p.recorded_on, x.extract_date)", "c.")} END AS known_on,
            least(c.withdrawn_on, p.withdrawn_on) AS withdrawn_on, p.turn
        FROM said_participants p JOIN contact_once c ON c.load = p.load AND c.own = p.contact
            JOIN extracts x ON x.id = p.extract
    """)


def _follow_contacts(connection: duckdb.DuckDBPyConnection) -> None:
    """`version` (each copy of a repeated contact, by turn) and `contact_version` (each version, dated)."""
    says = ", ".join(_SAYS)
    known = _not_before(
        f"CASE WHEN news = 'changed' AND {_TOLD} OR recorded_on <= f.before THEN changed(recorded_on, x.extract_date, "
        f"f.before) "
        f"ELSE knew(recorded_on, occurred_on, x.lag, x.extract_date, {_TOLD}) END"
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE version AS
        WITH told AS (
            SELECT x.source, x.scope, x.extract_date, x.covers_from, x.covers_to, r.*
            FROM said_contacts r JOIN extracts x ON x.id = r.extract
                SEMI JOIN repeated q ON q.source = x.source AND q.contact = r.contact
            QUALIFY row_number() OVER (PARTITION BY r.load, r.contact ORDER BY r.turn) = 1
        ), judged AS (
            SELECT *, row_number() OVER turns AS n, lag(extract_date) OVER turns AS before, CASE
                WHEN lag(load) OVER turns IS NULL THEN 'first'
                WHEN lag(({says})) OVER turns IS NOT DISTINCT FROM ({says})
                    AND NOT (lag(withdrawn_on) OVER turns IS NOT NULL AND withdrawn_on IS NULL) THEN NULL
                WHEN kind = 'attendance' AND lag(occurred_on) OVER turns NOT BETWEEN coalesce(covers_from, DATE '0001-01-01')
                    AND coalesce(covers_to, extract_date) THEN 'added'
                ELSE 'changed' END AS news
            FROM told WINDOW turns AS (PARTITION BY source, scope, contact ORDER BY turn)
        )
        SELECT *, count(news) OVER (PARTITION BY source, scope, contact ORDER BY n) AS version FROM judged
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE contact_version AS
        WITH fate AS (
            SELECT source, scope, contact, version, min(extract_date) AS first_date, min(withdrawn_on) AS withdrawn_on,
                min(extract_date) FILTER (withdrawn_on IS NOT NULL) AS withdrawal_date,
                max(extract_date) FILTER (withdrawn_on IS NULL) AS standing_date
            FROM version GROUP BY ALL
        ), followed AS (
            SELECT v.* EXCLUDE (withdrawn_on), f.withdrawn_on, withdrawal_date, standing_date, lead(news) OVER next
              AS next_news,
                lead(first_date) OVER next AS next_date, first_date,
                row_number() OVER (PARTITION BY source, contact ORDER BY first_date, scope, version) AS number
            FROM version v JOIN fate f USING (source, scope, contact, version) WHERE news IS NOT NULL
            WINDOW next AS (PARTITION BY source, scope, contact ORDER BY version)
        )
        SELECT f.source, f.scope, contact AS own, version, first_date, news, turn,
            f.source || ':' || contact || CASE WHEN number > 1 THEN '#' || number ELSE '' END AS contact, {says}, {known}
              AS known_on,
            least(CASE WHEN withdrawn_on <= standing_date THEN withdrawal_date ELSE withdrawn_on END,
                CASE WHEN next_news = 'changed' THEN next_date END) AS withdrawn_on
        FROM followed f JOIN extracts x ON x.id = f.extract
    """)


def _follow_participants(connection: duckdb.DuckDBPyConnection) -> None:
    """Who took part in repeated contacts: withdrawn where a later copy of the same version no longer says so."""
    seen = ", ".join(_SEEN)
    known = _not_before(
        "CASE WHEN f.first_date > c.first_date THEN changed(f.recorded_on, f.first_date, f.before) "
        "WHEN c.news = 'first' AND f.recorded_on IS NOT NULL THEN least(f.recorded_on, f.first_date) ELSE c.known_on END", "c.",
    )  # fmt: skip
    key = f"own, source, scope, version, person, role, {seen}"
    connection.execute(f"""
        INSERT INTO event_participants BY NAME
        WITH copy AS (
            SELECT source, scope, contact AS own, version, n, extract_date, before, load,
                lead(extract_date) OVER (PARTITION BY source, scope, contact, version ORDER BY n) AS after
            FROM version
        ), named AS (
            SELECT t.*, p.person, p.role, {seen}, p.recorded_on, p.withdrawn_on, p.turn
            FROM said_participants p JOIN copy t ON t.load = p.load AND t.own = p.contact
        ), once AS (
            FROM named QUALIFY row_number() OVER (PARTITION BY load, {key} ORDER BY turn) = 1
        ), islands AS (
            SELECT *, n - row_number() OVER (PARTITION BY {key} ORDER BY n) AS island FROM once
        ), facts AS (
            SELECT {key}, island, min(extract_date) AS first_date, arg_max_null(after, n) AS after, min(turn) AS turn,
                arg_min_null(recorded_on, n) AS recorded_on, arg_min_null(before, n) AS before, min(withdrawn_on)
                  AS withdrawn_on
            FROM islands GROUP BY ALL
        )
        SELECT c.contact, c.source, f.person, f.role, {seen}, c.kind, c.agency, c.place, c.occurred_on, {known} AS known_on,
            least(c.withdrawn_on, f.withdrawn_on, f.after) AS withdrawn_on, f.turn
        FROM facts f JOIN contact_version c
            ON c.source = f.source AND c.scope = f.scope AND c.own = f.own AND c.version = f.version
    """)


def _not_before(known_on: str, prefix: str = "") -> str:
    """Nobody knows an event before it happens, unless it is a booking."""
    return f"CASE {prefix}kind WHEN 'booking' THEN {known_on} ELSE greatest({known_on}, {prefix}occurred_on) END"
