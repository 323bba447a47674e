"""Where a child is said to be: what each source says, what does not fit together, who else is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from lastseen.queries.answer import PROTECTED, Answer
from lastseen.queries.session import Session
from lastseen.views import look, shared
from lastseen.views.words import in_words, listed, md, plain_basis, plain_name


def conflicts(session: Session, person: str, household: Answer) -> None:
    """What does not fit together, if anything; not asked where one place or none is stated."""
    if len({row["place"] for row in household.rows if row["person"] == person}) < 2:
        return
    rows = session.ask("conflicting_locations", shared.as_at(), child=person).rows
    if not rows:
        return
    said = []
    for row in rows:
        first = f"{row['place_name']} ({_said(row['basis'], row['sources'], row['since'])})"
        other = f"{row['other_place_name']} ({_said(row['other_basis'], row['other_sources'], row['other_since'])})"
        said.append(f"- **{md(row['conflict'])}**: {md(first)}, but {md(other)}")
    st.warning("Sources disagree about where this child is:\n" + "\n".join(said), icon=":material/wrong_location:")


def _said(basis: str, sources: Sequence[str], since: date | None) -> str:
    told = f"{plain_basis(basis)} by {listed([plain_name(name) for name in sources])}"
    return f"{told}, since {in_words(since)}" if since else told


def addresses(household: Answer, person: str) -> None:
    """Every statement of an address, side by side: none overwrites another."""
    st.subheader("Where each source says this child lives", anchor="where")
    rows = statements([row for row in household.rows if row["person"] == person])
    if not rows:
        st.markdown("No loaded source states an address for this child.")
        return
    look.table("", {name: heading for name, heading in PLACES.items() if any(row[name] for row in rows)}, rows)


PLACES = {
    "place": "Place", "basis": "How", "source": "Source", "since": "Since", "again": "Said again", "until": "Until",
    "stated_by": "On whose word",
}  # fmt: skip
"""Columns of the statements; one without anything in it is left out."""


def statements(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `household_on`, one for what a source says of one person and place, however often it says so."""
    told = _together(rows, ("person", "place", "place_name", "basis", "kind", "source", "until", "stated_by"))
    said = []
    for same in told.values():
        days = sorted(row["since"] for row in same if row["since"])
        first = same[0]
        said.append({
            "place": first["place_name"], "basis": _how(first),
            "source": plain_name(first["source"]) if first["source"] else "not told",
            "since": days[0] if days else None, "again": days[-1] if len(set(days)) > 1 else None, "until": first["until"],
            "stated_by": first["stated_by_name"] or first["stated_by"],
        })
    return said


def _how(row: dict[str, Any]) -> str:
    """'registered', 'claimed (second home)'; of a protected place no more than that."""
    kind = plain_name(row["kind"] or "home")
    basis = plain_basis(row["basis"])
    return basis if kind == "home" or row["place_name"] == PROTECTED else f"{basis} ({kind})"


def others(household: Answer, person: str) -> None:
    """Everybody else whom a source places at the same addresses."""
    st.subheader("Who else is said to live there", anchor=False)
    rows = [row for row in household.rows if row["person"] != person]
    if not rows:
        st.markdown("No loaded source places anybody else at this child's addresses.")
        return
    look.table("", {"person": "Person", "place": "Place", "said": "Said by", "latest": "Last said"}, [
        {
            "person": same[0]["person_name"], "place": same[0]["place_name"], "said": _sources(same),
            "latest": max((row["since"] for row in same if row["since"]), default=None),
        }
        for same in _together(rows, ("person", "place", "place_name")).values()
    ])


def _sources(rows: Sequence[dict[str, Any]]) -> str:
    """'registered by housing; stated on a day by police notices and school concerns'."""
    bases: dict[str, list[str]] = {}
    for row in rows:
        names = bases.setdefault(row["basis"], [])
        if row["source"] and (name := plain_name(row["source"])) not in names:
            names.append(name)
    return "; ".join(f"{plain_basis(basis)} by {listed(names)}" for basis, names in bases.items())


def _together(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Rows that agree in these columns, in the order in which each first appears."""
    told: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        told.setdefault(tuple(row[column] for column in columns), []).append(row)
    return told
