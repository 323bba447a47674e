"""What a mapping would give, on screen: the records of the first rows, and which rows would be rejected and why."""

from __future__ import annotations

import streamlit as st

from lastseen.loaders.proposing.preview import Preview
from lastseen.views import look
from lastseen.views.words import count, md

REJECT = {"file": "File", "line": "Line", "column": "Column", "reason": "Why", "mend": "How to mend it"}


def preview(shown: Preview) -> None:
    """The dry run: its counts, its warnings, the first rows' records, the first rejects."""
    if shown.refused or shown.report is None:
        st.error(md(shown.refused or "Nothing could be loaded."), icon=":material/error:")
        return
    report = shown.report
    made = ", ".join(f"{number:,} {table}" for table, number in shown.counts.items())
    st.markdown(f"**{count(report.read, 'row')} read, {report.rejected:,} rejected.** They would give {md(made) or 'nothing'}.")
    for said in [*shown.notes, *report.warnings]:
        st.markdown(f"- {md(said)}")
    look.table(
        "Records of the first rows (what an earlier row gave is not repeated)",
        {"line": "Line", "table": "Record", "says": "Says"},
        [{"line": str(one.line), "table": one.table, "says": one.words} for one in shown.records],
    )  # fmt: skip
    if shown.rejects:
        st.markdown("\n".join(f"- {md(reason)}: {number:,}" for reason, number in report.reasons.items()))
        look.table(f"The first of {count(report.rejected, 'rejected row')}", REJECT, shown.rejects)
