"""Data quality: what is wrong with what was loaded, row by row, to be mended here or by the agency that sent it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lastseen.governance.spreadsheets import csv_text
from lastseen.graph.archive import Workspace
from lastseen.loaders.coverage import Coverage, together
from lastseen.loaders.held import Held, held_back
from lastseen.loaders.quality import COLUMNS, Example, Group, Report, examined, quality
from lastseen.views import look, shared
from lastseen.views.words import count, in_words, listed, md, plain_name

ALL = "all sources"
LINES = 5
FINDINGS = {"load": "Load", "rows": "Rows", "what": "What is wrong", "where": "Where", "mend": "How to mend it"}
COVERAGE = {
    "source": "Source", "scope": "Covers", "extracts": "Extracts", "from": "From", "to": "To", "latest_event": "Latest event",
    "due_on": "Next expected by", "late": "Late", "gaps": "Days nobody covers",
}  # fmt: skip


def page() -> None:
    """The newest extracts of one source or of all; what other sources say against a row is shown here and not in the file."""
    shared.heading("Data quality", "What is wrong with the newest extract of each source and scope.")
    workspace = shared.session().workspace
    if workspace is None:
        st.info("The rows lie in the workspace, which is not at hand here.", icon=":material/database_off:")
        return
    waiting(workspace)
    sources = sorted({load.source for load in workspace.loads()})
    if not sources:
        st.info("Nothing is loaded. Load an extract with: lastseen load SOURCE FILE", icon=":material/database_off:")
        return
    source = st.selectbox("Source", [ALL, *sources], format_func=plain_name, key="quality_source")
    which = None if source == ALL else source
    with st.spinner("Looking through the loads …"):
        report = quality(workspace, which, shared.as_at())
    _notes(report)
    _findings(report)
    if report.findings:
        st.download_button(
            "Download for the agency (CSV)" if which else "Download (CSV)",
            lambda: _csv(workspace, which),
            file_name=f"quality-{which or 'all'}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="One line a row: file, line, what is wrong and how to mend it. No names, no birth dates, no other source.",
        )
    st.subheader("Covered days", anchor=False)
    look.table("", COVERAGE, [_covered(*one) for one in together(report.coverage)])


def waiting(workspace: Workspace) -> None:
    """The lists that were held back, for whoever did not run the command."""
    for held in held_back(workspace):
        st.warning(
            f"{md(_held(held))} Nothing of it was loaded. Ask for the whole extract; where so many did leave, it is loaded "
            "again with `--accept-fewer`.",
            icon=":material/front_hand:",
        )


def _held(held: Held) -> str:
    of = "" if held.scope == "all" else f" of {held.scope}"
    now = count(held.now, {"people": "person"}.get(held.table, held.table[:-1]), held.table)
    return (
        f"Held back: {plain_name(held.source)}{of} as of {in_words(held.extract_date)} has {now}, where "
        f"{in_words(held.earlier_date)} had {held.before:,}: whoever is missing would be read as having left."
    )


def _notes(report: Report) -> None:
    for note in report.notes:
        st.warning(md(note), icon=":material/info:")
    for trend in report.trends:
        if trend.risen:
            st.warning(md(f"{trend}."), icon=":material/trending_up:")
    told = [f"- {md(trend)}." for trend in report.trends if not trend.risen and (trend.rejected or trend.share_before)]
    if told:
        st.markdown("\n".join(told))


def _findings(report: Report) -> None:
    read, rejected = sum(load.read for load in report.loads), sum(load.rejected for load in report.loads)
    st.subheader("What is wrong", anchor=False)
    st.markdown(
        f"{count(len(report.loads), 'load')}: {count(read, 'row')} read, {read - rejected:,} kept, {rejected:,} rejected."
    )
    if not report.findings:
        st.markdown("Nothing is wrong that the checks know of.")
        return
    by_source: dict[str, list[Group]] = {}
    for group in report.findings:
        by_source.setdefault(group.source, []).append(group)
    for source, groups in by_source.items():
        look.table(plain_name(source), FINDINGS, [_group(group) for group in groups])
    against = [(group, row) for group in report.findings for row in group.examples if row.against]
    if against:
        with st.expander(f"What other sources say ({len(against)})"):
            columns = {"row": "Row", "what": "What is wrong", "against": "Other rows"}
            look.table("", columns, [_against(*one) for one in against])


def _group(group: Group) -> dict[str, Any]:
    what = f"{group.column}: {group.what}" if group.column else group.what
    return {
        "load": str(group.load), "rows": group.count, "what": f"{group.check}: {what}", "where": group.where,
        "mend": group.mend,
    }  # fmt: skip


def _against(group: Group, row: Example) -> dict[str, Any]:
    return {"row": f"{plain_name(group.source)} {row.file} line {row.line}", "what": group.what, "against": row.against}


def _covered(one: Coverage, scopes: list[str]) -> dict[str, Any]:
    gaps = [f"{in_words(start)} to {in_words(end)}" for start, end in one.gaps]
    first, last = one.reaches
    return {
        "source": plain_name(one.source), "scope": "the whole source" if scopes == ["all"] else _few(scopes),
        "extracts": one.extracts, "from": first, "to": last, "latest_event": one.latest_event, "due_on": one.due_on,
        "late": f"by {count(one.late_by, 'day')}" if one.late_by else "", "gaps": _few(gaps),
    }  # fmt: skip


def _few(items: list[str]) -> str:
    more = [f"{len(items) - LINES:,} more"] if len(items) > LINES else []
    return listed(items[:LINES] + more)


def _csv(workspace: Workspace, which: str | None) -> bytes:
    with examined(workspace, which) as (_, rows):
        return csv_text(COLUMNS, rows).encode()
