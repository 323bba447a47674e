"""Worklist: every finding that nobody has closed, in one stated order, a page at a time."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from lastseen.graph.schema import AGE_BANDS
from lastseen.queries.catalogue import signals
from lastseen.queries.worklist import ORDER, Filters, Item, Page, Worklist
from lastseen.views import shared
from lastseen.views.words import count, html, in_words, md

SIZE = 25
STATUSES: tuple[Literal["open", "snoozed", "closed", "all"], ...] = ("open", "snoozed", "closed", "all")


def page() -> None:
    """Filters, the order in words, and the findings."""
    shared.heading("Worklist", "What the signals find. Nothing here is a score, and nobody is ranked.")
    session, day = shared.session(), shared.as_at()
    with st.spinner("Asking every signal …"):
        whole = _whole(day.isoformat(), session.marker.build, _entries())
    st.caption(md(f"Order: {ORDER}"))
    filters = _filters(whole)
    kept = whole.page(session.store, filters, 1, SIZE)
    number = 1
    if kept.pages > 1:
        number = int(st.number_input(f"Page of {kept.pages:,}", min_value=1, max_value=kept.pages, key="worklist_page"))
    shown = kept if number == 1 else whole.page(session.store, filters, number, SIZE)
    _told(shown)
    for item in shown.items:
        _item(item)


def _whole(day: str, build: str, entries: int) -> Worklist:
    """The list of this visitor's session: asked again where the day, the graph or the decisions have changed."""
    key = (day, build, entries, str(st.session_state.get("workspace")))
    if st.session_state.get("worklist_of") != key:
        st.session_state["worklist"] = shared.session().worklist(shared.as_at())
        st.session_state["worklist_of"] = key
    whole: Worklist = st.session_state["worklist"]
    return whole


def _entries() -> int:
    book = shared.session().casebook
    return len(book.entries()) if book else 0


def _filters(whole: Worklist) -> Filters:
    columns = st.columns(5)
    known = signals()
    found = sorted({item.finding.signal for item in whole.items}, key=list(known).index)
    places = sorted({item.standing.area for item in whole.items if item.standing.area})
    agencies = whole.agency_names
    with columns[0]:
        chosen = st.multiselect("Signal", found, format_func=lambda one: f"{one} {known[one].header.title}", key="w_signal")
    with columns[1]:
        bands = st.multiselect("Age", list(AGE_BANDS), key="w_band")
    with columns[2]:
        areas = st.multiselect("Area", places, key="w_area")
    with columns[3]:
        teams = st.multiselect(
            "Agency", sorted(agencies, key=lambda one: agencies[one]), format_func=lambda one: agencies[one], key="w_agency",
            help="Children on this agency's register, or with whom it is working.",
        )  # fmt: skip
    with columns[4]:
        status = st.selectbox("Show", STATUSES, key="w_status")
    return Filters(tuple(chosen), tuple(bands), tuple(areas), tuple(teams), status)


def _told(shown: Page) -> None:
    st.markdown(
        f"**{count(shown.total, 'finding')} about {count(shown.children, 'child', 'children')}**, page {shown.number:,} of"
        f" {shown.pages:,}."
    )
    if shown.cannot_tell:
        named = ", ".join(f"{signal} {number:,}" for signal, number in sorted(shown.cannot_tell.items()))
        why = "Cannot tell, because a register that the signal needs is late or was never loaded"
        st.warning(md(f"{why}: {named}. They are not listed."), icon=":material/hourglass_disabled:")
    if not shown.items:
        st.info("No finding fits. That speaks only for the sources that are loaded: see Loads.", icon=":material/inbox:")


def _item(item: Item) -> None:
    finding = item.finding
    with st.container(border=True, gap="xxsmall"):
        shared.link(finding.child, item.child_name or "name not known", icon=":material/person:")
        st.markdown(md(item.sentence))
        st.html(f'<p class="ls-quiet">{html(" · ".join(_facts(item)))}</p>')


def _facts(item: Item) -> list[str]:
    finding = item.finding
    said: list[Any] = [f"{finding.signal} {finding.title}", f"since {in_words(finding.since)} ({count(item.days, 'day')})"]
    if finding.duty == "hard":
        said.insert(0, "Hard duty")
    if item.silent:
        said.append(f"{count(len(item.silent), 'agency has', 'agencies have')} not seen the child in {finding.window:,} days")
    if item.returned:
        said.append("came back after it was closed")
    if item.decision and item.status != "open":
        said.append(f"{item.status} by {item.decision.by}: {item.decision.reason}")
    if item.disputed:
        said.append("a fact is disputed")
    return [str(one) for one in said]
