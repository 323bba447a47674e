"""Contacts and who took part in them, folded from all extracts: each event once, corrections as withdrawals.

A contact is known by its own id. Overlapping extracts repeat it: the earliest one counts. Where a later extract of the same
scope states it otherwise, the old *version* is withdrawn on that extract's date and the new one, whose id ends in '#2', is
known from it. Somebody whom the later copy no longer names is withdrawn likewise. A month's attendance that a later extract
tells without covering the earlier day adds to it and withdraws nothing.
"""

from __future__ import annotations

import duckdb

_SAYS = ("kind", "occurred_on", "agency", "worker", "place", "outcome", "reported_by")
_SEEN = ("level", "at_home", "bedroom")


def fold_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `event_contacts` (contact, source, row, the contact's columns, occurred_on, known_on, withdrawn_on) and
    `event_participants` (contact, person, role, level, at_home, bedroom, kind, place, source, row and the dates; `said_on` is the row's
    extract date).

    `contact` is the graph's id; agency, worker, place and person are still the source's own.
    """
    says = ", ".join(_SAYS)
    told = "told(occurred_on, x.told_from, x.told_to, x.untold)"
    once_known = _not_before(f"knew(recorded_on, occurred_on, x.lag, x.extract_date, {told})")
    told_first = "told(first.occurred_on, first.told_from, first.told_to, first.untold)"
    version_known = _not_before(
        f"CASE WHEN first.news = 'changed' AND {told_first} OR first.recorded_on <= first.before "
        "THEN changed(first.recorded_on, first_date, first.before) "
        f"ELSE knew(first.recorded_on, first.occurred_on, lag, first_date, {told_first}) END", "first.",
    )  # fmt: skip
    # Ids that more than one row states need folding; all others are what they are.
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE repeated AS
        SELECT x.source, r.contact FROM said_contacts r JOIN extracts x USING (load, scope)
        WHERE x.source IN (SELECT source FROM extracts GROUP BY source HAVING count(DISTINCT load) > 1)
           OR x.load IN (SELECT load FROM said_contacts GROUP BY load HAVING count(DISTINCT file) > 1)
        GROUP BY ALL HAVING count(*) > 1
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE version AS
        WITH told AS (
            SELECT x.source, x.scope, x.lag, x.extract_date, x.covers_from, x.covers_to, x.told_from, x.told_to, x.untold,
                r.load, r.file, r.line, r.contact, {says}, recorded_on, withdrawn_on
            FROM said_contacts r JOIN extracts x USING (load, scope)
                SEMI JOIN repeated q ON q.source = x.source AND q.contact = r.contact
            QUALIFY row_number() OVER (PARTITION BY r.load, r.contact ORDER BY file, line) = 1
        ), judged AS (
            SELECT *, row_number() OVER ids AS turn, lag(extract_date) OVER ids AS before, CASE
                WHEN lag(load) OVER ids IS NULL THEN 'first'
                WHEN lag(({says})) OVER ids IS NOT DISTINCT FROM ({says})
                    AND NOT (lag(withdrawn_on) OVER ids IS NOT NULL AND withdrawn_on IS NULL) THEN NULL
                WHEN kind = 'attendance' AND lag(occurred_on) OVER ids NOT BETWEEN coalesce(covers_from, DATE '0001-01-01')
                    AND coalesce(covers_to, extract_date) THEN 'added'
                ELSE 'changed' END AS news
            FROM told WINDOW ids AS (PARTITION BY source, scope, contact ORDER BY extract_date, load)
        )
        SELECT *, count(news) OVER (PARTITION BY source, scope, contact ORDER BY turn) AS version FROM judged
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE contact_version AS
        WITH versions AS (
            SELECT source, scope, contact, version, any_value(lag) AS lag, min(extract_date) AS first_date,
                arg_min({{'load': load, 'file': file, 'line': line, 'recorded_on': recorded_on, 'news': news, 'before': before,
                    'told_from': told_from, 'told_to': told_to, 'untold': untold,
                    {", ".join(f"'{column}': {column}" for column in _SAYS)}}}, turn) AS first,
                min(withdrawn_on) AS withdrawn_on, min(extract_date) FILTER (withdrawn_on IS NOT NULL) AS withdrawal_date,
                max(extract_date) FILTER (withdrawn_on IS NULL) AS standing_date
            FROM version GROUP BY ALL
        ), followed AS (
            SELECT *, lead(first.news) OVER (PARTITION BY source, scope, contact ORDER BY version) AS next_news,
                lead(first_date) OVER (PARTITION BY source, scope, contact ORDER BY version) AS next_date,
                row_number() OVER (PARTITION BY source, contact ORDER BY first_date, scope, version) AS number
            FROM versions
        )
        SELECT source, scope, contact AS own, version, first_date, first.news AS news,
            source || ':' || contact || CASE WHEN number > 1 THEN '#' || number ELSE '' END AS contact,
            {", ".join(f"first.{column} AS {column}" for column in _SAYS)},
            {version_known} AS known_on,
            least(CASE WHEN withdrawn_on <= standing_date THEN withdrawal_date ELSE withdrawn_on END,
                CASE WHEN next_news = 'changed' THEN next_date END) AS withdrawn_on,
            first.load || ':' || first.file || ':' || first.line AS row
        FROM followed
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE event_contacts AS
        SELECT x.source || ':' || r.contact AS contact, x.source, {says},
            {once_known} AS known_on, withdrawn_on,
            r.load || ':' || file || ':' || line AS row, r.load, r.contact AS own
        FROM said_contacts r JOIN extracts x USING (load, scope)
            ANTI JOIN repeated q ON q.source = x.source AND q.contact = r.contact
    """)
    _fold_participants(connection)
    connection.execute(f"""
        INSERT INTO event_contacts BY NAME
        SELECT contact, source, {says}, known_on, withdrawn_on, row, NULL AS load, own FROM contact_version
    """)
    connection.execute("DROP TABLE repeated; DROP TABLE version; DROP TABLE contact_version")


def _fold_participants(connection: duckdb.DuckDBPyConnection) -> None:
    seen = ", ".join(_SEEN)
    recorded = "least(p.recorded_on, x.extract_date)"
    connection.execute(f"""
        CREATE OR REPLACE TABLE event_participants AS
        SELECT c.contact, p.person, p.role, {seen}, c.kind, c.place, c.source, c.occurred_on,
            CASE WHEN p.recorded_on IS NULL THEN c.known_on
                ELSE {_not_before(recorded, "c.")} END AS known_on,
            least(c.withdrawn_on, p.withdrawn_on) AS withdrawn_on, p.load || ':' || p.file || ':' || p.line AS row,
            x.extract_date AS said_on
        FROM said_participants p JOIN event_contacts c ON c.load = p.load AND c.own = p.contact
            JOIN (SELECT DISTINCT load, extract_date FROM extracts) x ON x.load = p.load
    """)
    known = _not_before(
        "CASE WHEN f.first_date > c.first_date THEN changed(f.first.recorded_on, f.first_date, f.first.before) "
        "WHEN c.news = 'first' AND f.first.recorded_on IS NOT NULL THEN least(f.first.recorded_on, f.first_date) "
        "ELSE c.known_on END", "c.",
    )  # fmt: skip
    key = f"own, source, scope, version, person, role, {seen}"
    connection.execute(f"""
        INSERT INTO event_participants BY NAME
        WITH told AS (
            SELECT v.source, v.scope, v.contact AS own, v.version, v.turn AS n, v.extract_date, v.before,
                lead(v.extract_date) OVER (PARTITION BY v.source, v.scope, v.contact, v.version ORDER BY v.turn) AS after, v.load
            FROM version v
        ), named AS (
            SELECT t.*, p.person, p.role, {seen}, p.recorded_on, p.withdrawn_on, p.file, p.line
            FROM said_participants p JOIN told t ON t.load = p.load AND t.own = p.contact
        ), once AS (
            FROM named QUALIFY row_number() OVER (PARTITION BY load, {key} ORDER BY file, line) = 1
        ), islands AS (
            SELECT *, n - row_number() OVER (PARTITION BY {key} ORDER BY n) AS island FROM once
        ), facts AS (
            SELECT {key}, island, min(extract_date) AS first_date, arg_max({{'on': after}}, n).on AS after,
                arg_min({{'load': load, 'file': file, 'line': line, 'recorded_on': recorded_on, 'before': before}}, n)
                    AS first,
                min(withdrawn_on) AS withdrawn_on
            FROM islands GROUP BY ALL
        )
        SELECT c.contact, f.person, f.role, {seen}, c.kind, c.place, c.source, c.occurred_on,
            {known} AS known_on,
            least(c.withdrawn_on, f.withdrawn_on, f.after) AS withdrawn_on,
            f.first.load || ':' || f.first.file || ':' || f.first.line AS row, f.first_date AS said_on
        FROM facts f JOIN contact_version c
            ON c.source = f.source AND c.scope = f.scope AND c.own = f.own AND c.version = f.version
    """)


def _not_before(known_on: str, prefix: str = "") -> str:
    """Nobody knows an event before it happens, unless it is a booking."""
    return f"CASE {prefix}kind WHEN 'booking' THEN {known_on} ELSE greatest({known_on}, {prefix}occurred_on) END"
