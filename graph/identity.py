"""Who is who, by rule: which records are one person, how we know, and which pairs wait for a person's word.

In this order (issue 3, design section 4), each step on what the one before it joined:

1. people's decisions (`journal`), which outrank everything, the newest first;
2. agreed identifiers: `nhs`, then `upn`, which are given once in the country, then `la_child_id` among children's social
   care sources only, because a council's other files use the same numbers for other people. Under one number, a record that
   gives another birth date *and* another first name than most is not linked;
3. until nothing changes (a mother joined may join her children): the exact tidied name and birth date with a home, parent or
   child agreed; the exact name of a parent of one child; the same birth date and mother or home, for a first name that is the
   same or an initial, where no source shows two children of that birth date there; an unborn child and the birth to the same
   mother within eight weeks of the date due.

Never: a record that its source restricts (a protected re-identification), by any rule; by names, two different numbers of one
agreed scheme or two different first names; two people whom a source relates to each other. What came close is offered as a
possible match.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from lastseen.graph.journal import Decision
from lastseen.graph.linking import Apart, Joined, Known, Labels, components, join
from lastseen.graph.matching import RULES, by_label, drop_evidence, identifier_links, make_evidence, possible_pairs

AGREED = ("nhs", "upn", "la_child_id")
SOCIAL_CARE = ("social_care_contacts", "annex_a", "cin_census", "ssda903", "ssd")
"""The source family within which one la_child_id is one child."""

Rule = Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]
OWN = "the source's own id"


class Linker(Protocol):
    """Makes `identified` (record, person, how, why, probability) and `possible` (record_a, record_b, why, same_birth_date,
    same_home, same_mother) from the folded tables; returns counts for the report."""

    def link(self, connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> dict[str, int]: ...


class RuleLinker:
    """The rules above."""

    def link(self, connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> dict[str, int]:
        make_evidence(connection, AGREED, SOCIAL_CARE)
        people = _People(connection)
        counts = people.decide(decisions)
        for place, scheme in enumerate(AGREED):
            people.join(identifier_links(connection, scheme), "identifier", AGREED[:place], names=False)
        while people.join_by_rules():
            pass
        people.finish()
        return counts


class _People:
    """The labels of all records while steps join them, and how each record came to its person."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        size = _one(connection, "SELECT count(*) FROM who")
        self.labels: Labels = np.arange(size, dtype=np.int64)
        self.how: npt.NDArray[Any] = np.full(size, "identifier", dtype=object)
        self.why: npt.NDArray[Any] = np.full(size, OWN, dtype=object)
        self.refused: list[pd.DataFrame] = []
        self.told_apart: dict[int, set[int]] = defaultdict(set)
        self.changes = 0
        self.told_at = -1
        self.asked_at: dict[Rule, int] = {}
        """How often labels have changed, at which of these `member` was told, and at which each rule was asked last."""

    def decide(self, decisions: Sequence[Decision]) -> dict[str, int]:
        """Apply people's decisions, newest first. Returns how many had no effect: contradicted by newer ones, or about a record
        that no load has (any more)."""
        named = sorted({record for decision in decisions for record in (decision.record_a, decision.record_b)})
        found = self.connection.execute("SELECT record, position FROM who WHERE list_contains($1, record)", [named]).fetchall()
        where = dict(found)
        overruled = absent = 0
        apart: list[tuple[int, int]] = []
        for decision in sorted(decisions, key=lambda entry: -entry.id):
            a, b = where.get(decision.record_a), where.get(decision.record_b)
            if a is None or b is None:
                absent += 1
                continue
            if decision.verdict == "same":
                why = f"decided by {decision.by} on {decision.made_at.date()}: {decision.reason}"
                links = pd.DataFrame({"a": [a], "b": [b], "why": [why]})
                labels = components(self.labels, links)
                if any(labels[x] == labels[y] for x, y in apart):
                    overruled += 1
                    continue
                ends = sorted((int(self.labels[a]), int(self.labels[b])))
                self._take(Joined(labels, links.assign(low=ends[0], high=ends[1]), links.iloc[:0]), "person")
            elif self.labels[a] == self.labels[b]:
                overruled += 1
            else:
                apart.append((a, b))
        for a, b in apart:
            self.told_apart[a].add(b)
            self.told_apart[b].add(a)
        with _given(self.connection, pd.DataFrame(apart, columns=["a", "b"], dtype=np.int64)):
            self.connection.execute("INSERT INTO stated_apart SELECT a, b FROM given")
        return {"decisions overruled by newer ones": overruled, "decisions about records that are not loaded": absent}

    def join(self, links: pd.DataFrame, how: str, schemes: tuple[str, ...], names: bool) -> bool:
        """Join by one step's links; true where anything changed."""
        before = self.changes
        self._take(join(self.labels, links, _Doubts(self.connection, schemes, names)), how)
        return self.changes != before

    def join_by_rules(self) -> bool:
        """Each rule once; true where anything changed, so that another round may find more. A rule that was asked of these very
        labels has said what it has to say."""
        before = self.changes
        for rule in RULES:
            if self.asked_at.get(rule) != self.changes:
                self._tell_rules()
                self.asked_at[rule] = self.changes
                self.join(rule(self.connection), "rule", AGREED, names=True)
        return self.changes != before

    def _tell_rules(self) -> None:
        if self.told_at != self.changes:
            _tell(self.connection, "member", self.labels)
            by_label(self.connection)
            self.told_at = self.changes

    def finish(self) -> None:
        """Make `identified` and `possible`."""
        self._tell_rules()
        told = pd.DataFrame({
            "position": np.arange(len(self.labels)), "label": self.labels, "how": pd.Categorical(self.how),
            "why": pd.Categorical(self.why),
        })  # fmt: skip
        with _given(self.connection, told):
            self.connection.execute("""
                CREATE OR REPLACE TABLE identified AS
                SELECT r.record, p.record AS person, t.how::VARCHAR AS how, t.why::VARCHAR AS why, 1.0::DOUBLE AS probability
                FROM given t JOIN who r USING (position) JOIN who p ON p.position = t.label
            """)
        with _given(self.connection, pd.concat([self._refused(), possible_pairs(self.connection)])):
            self.connection.execute("""
                CREATE OR REPLACE TABLE possible AS
                WITH pair AS (
                    SELECT least(a, b) AS a, greatest(a, b) AS b, why::VARCHAR AS why, same_birth_date, same_home, same_mother
                    FROM given WHERE a <> b
                ), apart AS (
                    SELECT DISTINCT least(x.label, y.label) AS a, greatest(x.label, y.label) AS b
                    FROM stated_apart s JOIN member x ON x.position = s.a JOIN member y ON y.position = s.b
                )
                SELECT r.record AS record_a, s.record AS record_b, string_agg(DISTINCT why, '; ' ORDER BY why) AS why,
                    bool_or(same_birth_date) AS same_birth_date, bool_or(same_home) AS same_home, bool_or(same_mother)
                      AS same_mother
                FROM pair ANTI JOIN apart USING (a, b) JOIN who r ON r.position = pair.a JOIN who s ON s.position = pair.b
                GROUP BY ALL
            """)
        drop_evidence(self.connection)

    def _refused(self) -> pd.DataFrame:
        """The links that steps refused, as possible matches of the people there now."""
        refused = pd.concat([pd.DataFrame(columns=["a", "b", "why", "against"]), *self.refused])
        return pd.DataFrame({
            "a": self.labels[refused["a"].to_numpy(dtype=np.int64)], "b": self.labels[refused["b"].to_numpy(dtype=np.int64)],
            "why": (refused["why"] + "; " + refused["against"]).to_numpy(dtype=object), "same_birth_date": False,
            "same_home": False, "same_mother": False,
        })  # fmt: skip

    def _take(self, joined: Joined, how: str) -> None:
        # Only a record that no step has moved yet learns why: later it moves along with those it was joined to.
        changed = self.labels != joined.labels
        self.changes += int(changed.any())
        moved = np.flatnonzero(changed & (self.why == OWN))
        if len(moved):
            ends = [joined.used[[end, "why"]].set_axis(["label", "why"], axis=1) for end in ("high", "low")]
            reasons = pd.concat(ends).sort_index(kind="stable").drop_duplicates("label").set_index("label")["why"]
            self.how[moved] = how
            self.why[moved] = reasons.reindex(self.labels[moved]).to_numpy(dtype=object)
        if len(joined.refused):
            self.refused.append(joined.refused[["a", "b", "why", "against"]])
        self.labels = joined.labels


class _Doubts:
    """Asks DuckDB what a step may have joined wrongly (see `linking.Doubts`)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, schemes: tuple[str, ...], names: bool) -> None:
        self.connection = connection
        self.schemes = schemes
        self.names = names

    def suspicious(self, labels: Labels, touched: Labels) -> set[int]:
        _tell(self.connection, "joined", labels, touched)
        wrong = ["SELECT x.label FROM stated_apart s JOIN joined x ON x.position = s.a JOIN joined y ON y.position = s.b "
                 "WHERE x.label = y.label"]  # fmt: skip
        if self.schemes:
            wrong.append("SELECT label FROM shown_identifier JOIN joined USING (position) "
                         f"WHERE scheme IN {_listed(self.schemes)} "
                         "GROUP BY label, scheme HAVING count(DISTINCT value) > 1")  # fmt: skip
        if self.names:
            wrong.append("SELECT label FROM shown_name JOIN joined USING (position) WHERE length(first) > 1 "
                         "GROUP BY label HAVING count(DISTINCT first) > 1")  # fmt: skip
        return {int(label) for (label,) in self.connection.execute(" UNION ".join(wrong)).fetchall()}

    def about(self, labels: Labels, touched: Labels) -> tuple[dict[int, Known], Apart]:
        _tell(self.connection, "joined", labels, touched)
        known = {int(label): Known() for label in touched}
        for label, position in self._rows("SELECT label, position FROM joined"):
            known[label].members.add(position)
        shown = "shown_identifier JOIN joined USING (position)"
        for label, scheme, value in self._rows(f"SELECT label, scheme, value FROM {shown}"):
            known[label].identifiers.setdefault(scheme, set()).add(value)
        for label, first in self._rows("SELECT DISTINCT label, first FROM shown_name JOIN joined USING (position)"):
            known[label].names.add(first)
        pairs: dict[int, set[int]] = defaultdict(set)
        here = "SEMI JOIN joined x ON x.position = a SEMI JOIN joined y ON y.position = b"
        for a, b in self._rows(f"SELECT a, b FROM stated_apart {here}"):
            pairs[a].add(b)
            pairs[b].add(a)
        return known, Apart(pairs, self.schemes, self.names)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@contextmanager
def _given(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> Iterator[None]:
    """Let SQL read a frame as `given`."""
    connection.register("given", frame)
    try:
        yield
    finally:
        connection.unregister("given")


def _tell(connection: duckdb.DuckDBPyConnection, table: str, labels: Labels, touched: Labels | None = None) -> None:
    positions = np.arange(len(labels)) if touched is None else np.flatnonzero(np.isin(labels, touched))
    with _given(connection, pd.DataFrame({"position": positions, "label": labels[positions]})):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM given")


def _listed(values: Sequence[str]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0
