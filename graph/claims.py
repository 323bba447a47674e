"""Claims (residences, registrations, involvements, relations, flags) folded from all extracts of each source and scope.

An extract states a claim or not. Consecutive extracts that state it alike are one *version*; it ends, is withdrawn or is
said anew by the rules of design sections 1 and 3:

- a whole snapshot that no longer states it ends it on that snapshot's date, unless a leaving date was stated; but a row that
  was rejected ends nothing: where its id can be read, the claims about that person stand as the last list said them;
- the same claim stated with another end, or with another start that the earlier snapshot could have known, is a correction:
  the old version is withdrawn and the new one is known from the correcting extract;
- a claim stated again after a snapshot without it is a new claim;
- an event extract only adds.

Nearly all claims are stated alike by each extract from their first to their last: those are folded by grouping alone
(`plain`), and only the others are looked at extract by extract.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

GONE = "gone from list"


@dataclass(frozen=True)
class Claim:
    """A claim table: who and what it ties (`slot`, without dates), what else may be corrected (`facts`)."""

    table: str
    slot: tuple[str, ...]
    facts: tuple[str, ...] = ()
    reason: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """The columns that name a record."""
        return tuple(column for column in self.slot if column in ("person", "other", "stated_by"))

    @property
    def key(self) -> tuple[str, ...]:
        return ("source", "scope", *self.slot, "valid_from")


CLAIMS = (
    Claim("residences", ("person", "place", "basis", "kind", "stated_by", "stated_with", "household_list")),
    Claim("registrations", ("person", "agency", "register"), reason=True),
    Claim("involvements", ("person", "agency", "worker", "status"), facts=("hours",), reason=True),
    Claim("relations", ("person", "other", "relation", "parent_kind")),
    Claim("flags", ("person", "agency", "flag"), facts=("review_on",)),
)

_VERSION = (
    "version, news, earlier, first_extract, first_turn, first_recorded_on, last_extract, valid_to, open_date, end_extract, "
    "end_recorded_on, withdrawn_on, withdrawal_date, standing_date"
)
"""What is known of a version beside its key and facts. `news`: first, again (after a gap) or changed; `earlier`: date of the
extract that did not say so; `open_date`: the last that stated no end; `standing_date`: the last that did not withdraw it."""


def add_unread(connection: duckdb.DuckDBPyConnection) -> None:
    """The table `unread_in`: who stands in a rejected row of a snapshot (its extract, load and turn), and `base`, the last
    extract before it in which that person's row, if any, could be read."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE unread_in AS
        WITH unread AS (
            SELECT u.extract, u.turn, u.load, u.person, x.source, x.scope, x.seq FROM said_unread u JOIN extracts x
              ON x.id = u.extract WHERE x.shape = 'snapshot'
        )
        SELECT u.extract, u.person, min(u.turn) AS turn, min(u.load) AS load, max_by(b.id, b.seq) AS base
        FROM unread u JOIN extracts b ON b.source = u.source AND b.scope = u.scope AND b.seq < u.seq
            ANTI JOIN unread v ON v.person = u.person AND v.extract = b.id
        GROUP BY u.extract, u.person
    """)


def _carried(connection: duckdb.DuckDBPyConnection, claim: Claim) -> str:
    """Rows of `said_<table>` with those that rejected rows leave standing, as if the later extract had said them too."""
    said = f"said_{claim.table}"
    if connection.execute("SELECT count(*) FROM unread_in").fetchone() == (0,):
        return said
    carried = "".join(
        f""" UNION ALL BY NAME
        SELECT r.* REPLACE (u.extract AS extract, u.turn AS turn, u.load AS load)
        FROM {said} r JOIN unread_in u ON u.base = r.extract AND u.person = r.{column}"""
        for column in claim.people
    )
    return f"(FROM {said}{carried})"


def fold_claims(connection: duckdb.DuckDBPyConnection, claim: Claim) -> int:
    """Make the table `claim_<table>` from the view `said_<table>`; returns how many rows ended before they began (unused).

    Columns: source, scope, the slot, the facts, valid_from, valid_to, known_on, end_known_on, withdrawn_on, row, turn (which
    says where and when the row was stated, see `folding`) and, where the table has one, end_reason.
    """
    key = ", ".join(claim.key)
    rest = "".join(f", {column}" for column in (*claim.facts, *(["end_reason"] if claim.reason else [])))
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW told AS
        SELECT x.source, x.scope, x.shape, x.seq, x.extract_date, x.before, r.* FROM {_carried(connection, claim)} r
          JOIN extracts x ON x.id = r.extract
        WHERE valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from
    """)
    _group(connection, claim, key)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE version AS
        SELECT {key}{rest}, {_VERSION}, NULL::VARCHAR AS next_news, NULL::DATE AS next_date FROM grouped WHERE plain
    """)
    if connection.execute("SELECT count(*) FROM grouped WHERE NOT plain").fetchone() != (0,):
        _follow(connection, claim, key, rest)
    _date(connection, claim)
    connection.execute("DROP TABLE version; DROP TABLE grouped; DROP VIEW told")
    found = connection.execute(f"SELECT count(*) FROM said_{claim.table} WHERE valid_to < valid_from").fetchone()
    return int(found[0]) if found else 0


def _group(connection: duckdb.DuckDBPyConnection, claim: Claim, key: str) -> None:
    """`grouped`: one row a claim, with whether it is `plain`: one version, stated alike by every extract of its span once."""
    alike = "".join(
        f" AND count({fact}) IN (0, count(*)) AND min({fact}) IS NOT DISTINCT FROM max({fact})" for fact in claim.facts
    )
    facts = "".join(f", min({fact}) AS {fact}" for fact in claim.facts)
    reason = ", arg_max(end_reason, turn) AS end_reason" if claim.reason else ""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE grouped AS
        SELECT {key}{facts}{reason}, 1::BIGINT AS version, 'first' AS news, NULL::DATE AS earlier,
            arg_min(extract, turn) AS first_extract, min(turn) AS first_turn, arg_min_null(recorded_on, turn)
              AS first_recorded_on,
            arg_max(extract, turn) AS last_extract, min(valid_to) AS valid_to,
            CASE WHEN count(valid_to) = 0 THEN max(extract_date) END AS open_date,
            CASE WHEN count(valid_to) > 0 THEN arg_min(extract, turn) END AS end_extract,
            CASE WHEN count(valid_to) > 0 THEN arg_min_null(recorded_on, turn) END AS end_recorded_on,
            NULL::DATE AS withdrawn_on, NULL::DATE AS withdrawal_date, max(extract_date) AS standing_date,
            count(withdrawn_on) = 0 AND count(valid_to) IN (0, count(*)) AND min(valid_to) IS NOT DISTINCT
              FROM max(valid_to){alike}
                AND (count(*) = 1 OR min(shape) = 'event' OR (
                    count(*) = max(seq) - min(seq) + 1 AND 2 * sum(seq) = count(*) * (min(seq) + max(seq))
                    AND sum(seq * seq) = {_squares("max(seq)")} - {_squares("min(seq) - 1")})) AS plain
        FROM told GROUP BY {key}
    """)


def _squares(n: str) -> str:
    """1² + … + n²: with the count and the sum it tells that every number of a span is there once."""
    return f"(({n}) * (({n}) + 1) * (2 * ({n}) + 1) // 6)"


def _follow(connection: duckdb.DuckDBPyConnection, claim: Claim, key: str, rest: str) -> None:
    """The versions of claims that are not plain, extract by extract."""
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM g.{column}" for column in claim.key)
    corrected = "".join(f" OR lag({fact}) OVER turns IS DISTINCT FROM {fact}" for fact in claim.facts)
    facts = "".join(f", arg_min({fact}, turn) AS {fact}" for fact in claim.facts)
    reason = ", arg_max(end_reason, turn) AS end_reason" if claim.reason else ""
    connection.execute(f"""
        INSERT INTO version BY NAME
        WITH once AS (
            SELECT t.* FROM told t JOIN grouped g ON NOT g.plain AND {same}
            QUALIFY row_number() OVER (PARTITION BY {", ".join(f"t.{c}" for c in claim.key)}, t.extract
              ORDER BY t.valid_to NULLS LAST, turn) = 1
        ), placed AS (
            SELECT *, CASE shape WHEN 'snapshot' THEN seq ELSE row_number() OVER turns END AS step,
                CASE shape WHEN 'snapshot' THEN before ELSE lag(extract_date) OVER turns END AS earlier
            FROM once WINDOW turns AS (PARTITION BY {key} ORDER BY turn)
        ), judged AS (
            SELECT *, CASE
                WHEN lag(step) OVER turns IS NULL THEN 'first'
                WHEN step > lag(step) OVER turns + 1 THEN 'again'
                WHEN lag(valid_to) OVER turns IS DISTINCT FROM valid_to AND lag(valid_to) OVER turns IS NOT NULL
                    OR lag(withdrawn_on) OVER turns IS NOT NULL AND withdrawn_on IS NULL{corrected} THEN 'changed' END AS news
            FROM placed WINDOW turns AS (PARTITION BY {key} ORDER BY turn)
        ), numbered AS (
            SELECT *, count(news) OVER (PARTITION BY {key} ORDER BY turn) AS version FROM judged
        ), versions AS (
            SELECT {key}, version{facts}{reason}, arg_min(news, turn) AS news, arg_min_null(earlier, turn) AS earlier,
                arg_min(extract, turn) AS first_extract, min(turn) AS first_turn,
                arg_min_null(recorded_on, turn) AS first_recorded_on, arg_max(extract, turn) AS last_extract,
                max(valid_to) AS valid_to, max(extract_date) FILTER (valid_to IS NULL) AS open_date,
                arg_min(extract, turn) FILTER (valid_to IS NOT NULL) AS end_extract,
                arg_min_null(recorded_on, turn) FILTER (valid_to IS NOT NULL) AS end_recorded_on,
                min(withdrawn_on) AS withdrawn_on, min(extract_date) FILTER (withdrawn_on IS NOT NULL) AS withdrawal_date,
                max(extract_date) FILTER (withdrawn_on IS NULL) AS standing_date, min(extract_date) AS first_date
            FROM numbered GROUP BY {key}, version
        )
        SELECT {key}{rest}, {_VERSION}, lead(news) OVER next AS next_news, lead(first_date) OVER next AS next_date
        FROM versions WINDOW next AS (PARTITION BY {key} ORDER BY version)
    """)


def _date(connection: duckdb.DuckDBPyConnection, claim: Claim) -> None:
    """`claim_<table>` from `version`: when each was known, ended, withdrawn."""
    compared = ("source", "scope", *claim.slot)
    same_slot = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in compared)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE dated AS
        SELECT v.*, row_number() OVER () AS id, f.shape, f.lag, f.extract_date AS first_date, l.extract_date AS last_date,
            l.after, e.extract_date AS end_date,
            told(valid_from, f.told_from, f.told_to, f.untold) AS late, told(valid_to, e.told_from, e.told_to, e.untold)
              AS end_late
        FROM version v JOIN extracts f ON f.id = v.first_extract JOIN extracts l ON l.id = v.last_extract
            LEFT JOIN extracts e ON e.id = v.end_extract
    """)
    # A start that the older snapshot could have known, stated by the next one instead of the old start: a correction.
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE restarted AS
        SELECT DISTINCT old.id
        FROM (FROM dated WHERE shape = 'snapshot' AND after IS NOT NULL AND next_news IS DISTINCT FROM 'changed'
          AND valid_to IS NULL) old
        JOIN (FROM dated WHERE shape = 'snapshot') new ON {same_slot} AND new.first_date = old.after
        WHERE old.valid_from IS DISTINCT FROM new.valid_from
            AND (new.valid_from IS NULL OR new.valid_from <= old.valid_from OR new.valid_from + new.lag <= old.last_date)
    """)
    reason = f", CASE WHEN gone THEN coalesce(end_reason, '{GONE}') ELSE end_reason END AS end_reason" if claim.reason else ""
    connection.execute(f"""
        CREATE OR REPLACE TABLE claim_{claim.table} AS
        WITH fate AS (
            SELECT *,
                shape = 'snapshot' AND after IS NOT NULL AND next_news IS DISTINCT FROM 'changed' AND valid_to IS NULL
                    AND id NOT IN (FROM restarted) AND (valid_from IS NULL OR valid_from <= after) AS gone,
                CASE WHEN next_news = 'changed' THEN next_date
                    WHEN id IN (FROM restarted) OR shape = 'snapshot' AND valid_to IS NULL AND valid_from > after THEN after
                    END AS corrected_on,
                CASE WHEN withdrawn_on <= standing_date THEN withdrawal_date ELSE withdrawn_on END AS retracted_on,
                CASE WHEN news = 'first' THEN knew(first_recorded_on, valid_from, lag, first_date, late)
                    ELSE changed(first_recorded_on, first_date, earlier) END AS known_on
            FROM dated
        )
        SELECT {", ".join(f"fate.{column}" for column in (*claim.key, *claim.facts))},
            CASE WHEN gone THEN after ELSE valid_to END AS valid_to, known_on,
            CASE WHEN gone THEN after
                WHEN valid_to IS NULL THEN NULL
                WHEN open_date < end_date THEN CASE
                    WHEN shape = 'snapshot' OR end_recorded_on > open_date OR end_late
                        THEN changed(end_recorded_on, end_date, open_date)
                    ELSE greatest(least(valid_to + lag, end_date), open_date + 1) END
                WHEN news <> 'first' THEN changed(end_recorded_on, end_date, earlier)
                ELSE greatest(known_on, knew(CASE WHEN end_recorded_on >= valid_to THEN end_recorded_on END, valid_to, lag,
                    end_date, end_late))
            END AS end_known_on,
            least(retracted_on, corrected_on) AS withdrawn_on, row_of(f.first, first_turn) AS row, first_turn AS turn{reason}
        FROM fate JOIN source_file f ON f.id = file_of(first_turn)
    """)
    connection.execute("DROP TABLE dated; DROP TABLE restarted")
