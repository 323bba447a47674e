"""Claims (residences, registrations, involvements, relations, flags) folded from all extracts of each source and scope.

An extract states a claim or not. Consecutive extracts that state it alike are one *version*; it ends, is withdrawn or is
said anew by the rules of design sections 1 and 3:

- a whole snapshot that no longer states it ends it on that snapshot's date, unless a leaving date was stated;
- the same claim stated with another end, or with another start that the earlier snapshot could have known, is a correction:
  the old version is withdrawn and the new one is known from the correcting extract;
- a claim stated again after a snapshot without it is a new claim;
- an event extract only adds.
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


CLAIMS = (
    Claim("residences", ("person", "place", "basis", "kind", "stated_by", "stated_with", "household_list")),
    Claim("registrations", ("person", "agency", "register"), reason=True),
    Claim("involvements", ("person", "agency", "worker", "status"), facts=("hours",), reason=True),
    Claim("relations", ("person", "other", "relation", "parent_kind")),
    Claim("flags", ("person", "agency", "flag"), facts=("review_on",)),
)


def fold_claims(connection: duckdb.DuckDBPyConnection, claim: Claim) -> int:
    """Make the table `claim_<table>` from the view `said_<table>`; returns how many rows ended before they began (unused).

    Columns: source, scope, the slot, the facts, valid_from, valid_to, known_on, end_known_on, withdrawn_on, row, said_on (the
    extract date of that row) and (where the table has one) end_reason.
    """
    slot, facts = ", ".join(claim.slot), "".join(f", {fact}" for fact in claim.facts)
    reason = ", end_reason" if claim.reason else ""
    key = f"source, scope, {slot}, valid_from"
    corrected_facts = "".join(f" OR lag({fact}) OVER told IS DISTINCT FROM {fact}" for fact in claim.facts)
    compared = ("source", "scope", *claim.slot)
    same_slot = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in compared)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE version AS
        WITH said AS (
            SELECT x.source, x.scope, x.shape, x.lag, x.seq, x.extract_date, x.before, x.after, x.told_from, x.told_to,
                x.untold, r.load, r.file, r.line, {slot}, valid_from, valid_to{reason}{facts}, recorded_on, withdrawn_on
            FROM said_{claim.table} r JOIN extracts x USING (load, scope)
            WHERE valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from
            QUALIFY row_number() OVER (PARTITION BY {key}, r.load ORDER BY valid_to NULLS LAST, file, line) = 1
        ), placed AS (
            SELECT *, CASE shape WHEN 'snapshot' THEN seq ELSE row_number() OVER told END AS turn,
                CASE shape WHEN 'snapshot' THEN before ELSE lag(extract_date) OVER told END AS earlier
            FROM said WINDOW told AS (PARTITION BY {key} ORDER BY extract_date, load)
        ), judged AS (
            SELECT *, CASE
                WHEN lag(turn) OVER told IS NULL THEN 'first'
                WHEN turn > lag(turn) OVER told + 1 THEN 'again'
                WHEN lag(valid_to) OVER told IS DISTINCT FROM valid_to AND lag(valid_to) OVER told IS NOT NULL
                    OR lag(withdrawn_on) OVER told IS NOT NULL AND withdrawn_on IS NULL{corrected_facts}
                    THEN 'changed' END AS news
            FROM placed WINDOW told AS (PARTITION BY {key} ORDER BY extract_date, load)
        ), numbered AS (
            SELECT *, count(news) OVER (PARTITION BY {key} ORDER BY extract_date, load) AS version FROM judged
        ), versions AS (
            SELECT {key}, version, any_value(shape) AS shape, any_value(lag) AS lag,
                arg_min({{'load': load, 'file': file, 'line': line, 'recorded_on': recorded_on, 'news': news, 'before': earlier,
                    'told_from': told_from, 'told_to': told_to, 'untold': untold{_packed(claim.facts)}}}, extract_date) AS first,
                min(extract_date) AS first_date, max(extract_date) AS last_date,
                arg_max({{'on': after}}, extract_date).on AS after,
                max(valid_to) AS valid_to, max(extract_date) FILTER (valid_to IS NULL) AS open_date,
                arg_min({{'on': extract_date, 'recorded_on': recorded_on, 'told_from': told_from, 'told_to': told_to,
                    'untold': untold}}, extract_date) FILTER (valid_to IS NOT NULL) AS ended,
                {"arg_max(end_reason, extract_date) AS end_reason," if claim.reason else ""}
                min(withdrawn_on) AS withdrawn_on, min(extract_date) FILTER (withdrawn_on IS NOT NULL) AS withdrawal_date,
                max(extract_date) FILTER (withdrawn_on IS NULL) AS standing_date
            FROM numbered GROUP BY {key}, version
        )
        SELECT *, row_number() OVER () AS id, lead(first.news) OVER next AS next_news, lead(first_date) OVER next AS next_date
        FROM versions WINDOW next AS (PARTITION BY {key} ORDER BY version)
    """)
    # A start that the older snapshot could have known, stated by the next one instead of the old start: a correction.
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE restarted AS
        SELECT DISTINCT old.id FROM version old JOIN version new ON {same_slot} AND new.first_date = old.after
        WHERE old.shape = 'snapshot' AND old.next_news IS DISTINCT FROM 'changed' AND old.valid_to IS NULL
            AND old.valid_from IS DISTINCT FROM new.valid_from
            AND (new.valid_from IS NULL OR new.valid_from <= old.valid_from OR new.valid_from + new.lag <= old.last_date)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE claim_{claim.table} AS
        WITH fate AS (
            SELECT *,
                shape = 'snapshot' AND after IS NOT NULL AND next_news IS DISTINCT FROM 'changed' AND valid_to IS NULL
                    AND id NOT IN (FROM restarted) AND (valid_from IS NULL OR valid_from <= after) AS gone,
                CASE WHEN next_news = 'changed' THEN next_date
                    WHEN id IN (FROM restarted)
                        OR shape = 'snapshot' AND valid_to IS NULL AND valid_from > after THEN after END AS corrected_on,
                CASE WHEN withdrawn_on <= standing_date THEN withdrawal_date ELSE withdrawn_on END AS retracted_on,
                CASE WHEN first.news = 'first' THEN knew(first.recorded_on, valid_from, lag, first_date,
                        told(valid_from, first.told_from, first.told_to, first.untold))
                    ELSE changed(first.recorded_on, first_date, first.before) END AS known_on
            FROM version
        )
        SELECT source, scope, {slot}{"".join(f", first.{fact} AS {fact}" for fact in claim.facts)}, valid_from,
            CASE WHEN gone THEN after ELSE valid_to END AS valid_to, known_on,
            CASE WHEN gone THEN after
                WHEN valid_to IS NULL THEN NULL
                WHEN open_date < ended.on THEN CASE
                    WHEN shape = 'snapshot' OR ended.recorded_on > open_date
                        OR told(valid_to, ended.told_from, ended.told_to, ended.untold)
                        THEN changed(ended.recorded_on, ended.on, open_date)
                    ELSE greatest(least(valid_to + lag, ended.on), open_date + 1) END
                WHEN first.news <> 'first' THEN changed(ended.recorded_on, ended.on, first.before)
                ELSE greatest(known_on, knew(CASE WHEN ended.recorded_on >= valid_to THEN ended.recorded_on END, valid_to, lag,
                    ended.on, told(valid_to, ended.told_from, ended.told_to, ended.untold)))
            END AS end_known_on,
            least(retracted_on, corrected_on) AS withdrawn_on,
            first.load || ':' || first.file || ':' || first.line AS row, first_date AS said_on
            {f", CASE WHEN gone THEN coalesce(end_reason, '{GONE}') ELSE end_reason END AS end_reason" if claim.reason else ""}
        FROM fate
    """)
    connection.execute("DROP TABLE version; DROP TABLE restarted")
    found = connection.execute(f"SELECT count(*) FROM said_{claim.table} WHERE valid_to < valid_from").fetchone()
    return int(found[0]) if found else 0


def _packed(columns: tuple[str, ...]) -> str:
    return "".join(f", '{column}': {column}" for column in columns)
