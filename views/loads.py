"""Loads: how far each source reaches, what was loaded, and which rows were rejected and why."""

from __future__ import annotations

import csv
from itertools import islice
from typing import Any

import streamlit as st

from lastseen.graph.archive import Load
from lastseen.queries.freshness import loads, not_loaded, reach
from lastseen.queries.session import Session
from lastseen.views import answers, look, quality, shared
from lastseen.views.words import count, in_words, listed, md, plain_name

MOST = 200
"""Rejected rows shown on the page; the download has all."""

NODES = """MATCH (l:Load) RETURN l.source AS source, l.scope AS scope, l.shape AS shape, l.extract_date AS extract_date,
l.covers_from AS covers_from, l.covers_to AS covers_to, l.rows_read AS rows_read, l.rows_kept AS rows_kept,
l.rows_rejected AS rows_rejected"""

COLUMNS = {
    "source": "Source",
    "scope": "Covers",
    "extract_date": "Extract date",
    "period": "Period",
    "rows_read": "Read",
    "rows_kept": "Kept",
    "rows_rejected": "Rejected",
}


def page() -> None:
    """Freshness first: it decides what an empty answer is worth."""
    shared.heading("Loads", "What the answers rest on.")
    session, day = shared.session(), shared.as_at()
    loaded = loads(session.store)
    if not loaded:
        st.info("Nothing is loaded. Load an extract with: lastseen load SOURCE FILE", icon=":material/database_off:")
        return
    st.subheader("How far each source reaches", anchor=False)
    answers.fresh(reach(loaded, day))
    if absent := not_loaded(loaded):
        st.warning(
            md(f"Never loaded: {listed([answers.register(name) for name in absent])}."), icon=":material/hourglass_disabled:"
        )
    if session.workspace:
        quality.waiting(session.workspace)
    archive = session.workspace.loads() if session.workspace else []
    st.subheader(f"Loads ({len(archive) or len(loaded)})", anchor=False)
    if archive:
        look.table("", {"n": "Load"} | COLUMNS | {"loaded": "Loaded"}, [_load(load) for load in reversed(archive)])
    else:
        look.table("", COLUMNS, _nodes(session))
    _rejected([load for load in archive if load.rejected])
    if archive:
        st.page_link(shared.page("quality"), label="What else is wrong with them", icon=":material/fact_check:",
                     query_params=shared.state())
    if not archive:
        st.caption("The rejected rows lie in the workspace, which is not at hand here.")


def _load(load: Load) -> dict[str, Any]:
    return {
        "n": str(load.n),
        "source": plain_name(load.source),
        "scope": _scopes(load.scopes),
        "extract_date": load.extract_date,
        "period": _period(load.covers_from, load.covers_to),
        "rows_read": load.read,
        "rows_kept": load.kept,
        "rows_rejected": load.rejected,
        "loaded": f"{in_words(load.loaded_at.astimezone().date())}, {load.loaded_at.astimezone():%H:%M}",
    }


def _nodes(session: Session) -> list[dict[str, Any]]:
    found = session.store.run(NODES)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    return sorted(
        (
            {
                **row,
                "source": plain_name(row["source"]),
                "scope": _scopes((row["scope"] or "all").split()),
                "period": _period(row["covers_from"], row["covers_to"]),
            }
            for row in rows
        ),
        key=lambda row: (row["source"], row["extract_date"]),
    )


def _scopes(scopes: list[str]) -> str:
    if scopes in ([], ["all"]):
        return "the whole source"
    return listed(scopes) if len(scopes) <= 4 else f"{listed(scopes[:3])} and {len(scopes) - 3} more"


def _period(start: Any, end: Any) -> str:
    return f"{in_words(start)} to {in_words(end)}" if start and end else ""


def _rejected(archive: list[Load]) -> None:
    st.subheader("Rejected rows", anchor=False)
    if not archive:
        st.markdown("No row of these loads was rejected.")
        return
    for load in reversed(archive):
        with st.expander(
            f"Load {load.n}, {md(plain_name(load.source))}: {count(load.rejected, 'row')} of {load.read:,} rejected"
        ):
            st.markdown("\n".join(f"- {md(reason)}: {number:,}" for reason, number in sorted(load.reasons.items())))
            _rejects(load)


def _rejects(load: Load) -> None:
    """Where, why and how to mend. The raw cells stay in the file: they may be somebody's name."""
    path = load.rejected_rows
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), MOST))
    look.table("", {"file": "File", "line": "Line", "column": "Column", "reason": "Why", "mend": "How to mend it"}, rows)
    if load.rejected > MOST:
        st.caption(f"The first {MOST}; the download has all.")
    st.download_button(
        "Download rejected rows (CSV)",
        path.read_bytes,
        file_name=f"rejected-{load.n}-{load.source}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"rejected-{load.n}",
    )
