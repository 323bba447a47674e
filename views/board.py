"""Board: how many children each signal finds, by age and area and month, with small numbers hidden."""

from __future__ import annotations

import altair as alt
import streamlit as st

from lastseen.governance.spreadsheets import csv_text
from lastseen.queries.board import HIDDEN, LONG, Board, Figure, long_rows
from lastseen.views import look, shared
from lastseen.views.words import in_words, listed, md


def page() -> None:
    """Figures as at the day, one signal's months and areas, and what they rest on."""
    shared.heading("Board", "Counts for a safeguarding board. No child is named here.")
    session = shared.session()
    with st.spinner("Working out the figures; the first time takes a while …"):
        found = session.board(shared.as_at())
    st.caption(
        "Counts of 1 to 5 are hidden, and others so that none can be worked back; totals are rounded to 10. Each month is asked"
        " with what was known at its end."
    )
    if late := found.stale[found.as_at]:
        st.warning(
            md(f"Late or never loaded: {listed(late)}. Children whom that could hide are under 'cannot tell'."),
            icon=":material/hourglass_disabled:",
        )
    bands = list(found.population[found.as_at].lines["band"])
    look.table(
        f"As at {in_words(found.as_at)}",
        {"signal": "Signal", "title": "What it finds", "all": "Children", **dict(zip(bands, bands, strict=True)),
         "blind": "Cannot tell"},
        [_row(figure) for figure in found.at(found.as_at)],
    )
    _one(found)
    st.download_button(
        "Download every figure (CSV)", csv_text(LONG, [[row[name] for name in LONG] for row in long_rows(found)]),
        file_name=f"board-{found.as_at.isoformat()}.csv", mime="text/csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _row(figure: Figure) -> dict[str, object]:
    cells = {band: _count(count) for band, count in figure.shown.lines["band"].items()}
    return {"signal": figure.signal, "title": figure.title, "all": _count(figure.shown.total), **cells,
            "blind": _count(figure.cannot_tell)}  # fmt: skip


def _count(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _one(found: Board) -> None:
    """One signal by month and by area."""
    st.subheader("One signal by month and area", anchor=False)
    titles = {figure.signal: f"{figure.signal} {figure.title}" for figure in found.at(found.as_at)}
    signal = st.selectbox("Signal", list(titles), format_func=lambda one: titles[one], key="board_signal")
    series = found.series(signal)
    shown = [{"month": figure.as_at.isoformat(), "children": figure.shown.total} for figure in series]
    chart = alt.Chart(alt.Data(values=shown)).mark_line(point=True, color="#1d70b8")  # type: ignore[no-untyped-call]
    st.altair_chart(chart.encode(x=alt.X("month:T", title=None), y=alt.Y("children:Q", title="Children, rounded to 10")))
    st.caption("A month without a point is hidden: 1 to 5 children.")
    areas = series[-1].shown.lines.get("area", {})
    look.table(
        f"By area as at {in_words(found.as_at)}", {"area": "Area", "children": "Children"},
        [{"area": area, "children": _count(count)} for area, count in areas.items()],
    )  # fmt: skip
    look.table(
        "By month", {"month": "As at", "children": "Children", "late": "Late or never loaded"},
        [{"month": figure.as_at, "children": _count(figure.shown.total), "late": listed(found.stale[figure.as_at])}
         for figure in reversed(series)],
    )  # fmt: skip
