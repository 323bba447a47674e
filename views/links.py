"""A child's net on the Child page: links that stood at each month's end, who went, and who could see the child soonest."""

from __future__ import annotations

import altair as alt
import streamlit as st

from lastseen.queries import soonest
from lastseen.queries.fading import Fading
from lastseen.queries.session import Session
from lastseen.views import shared
from lastseen.views.words import count, in_words, listed, md

MOST = 5
"""People told as those who could see the child soonest; the question lists them all."""


def months(session: Session, person: str) -> None:
    """Live professional links by month, and whoever went without anybody taking over."""
    found = session.fading(person, shared.as_at())
    if not any(month.links for month in found.months):
        return
    st.markdown("**Links that stood at each month's end**")
    shown = [
        {"month": month.day.isoformat(), "links": month.links, "agencies": listed(list(month.agencies)) or "none"}
        for month in found.months
    ]
    chart = alt.Chart(alt.Data(values=shown), height=120).mark_bar(color="#1d70b8")  # type: ignore[no-untyped-call]
    chart = chart.encode(
        x=alt.X("month:O", title=None, timeUnit="yearmonth"), y=alt.Y("links:Q", title="Links", axis=alt.Axis(tickMinStep=1)),
        tooltip=["month:O", "links:Q", "agencies:N"],
    )  # fmt: skip
    st.altair_chart(chart, width="stretch", theme=None, alt=_in_short(found))
    st.markdown(md(_in_short(found)))


def _in_short(found: Fading) -> str:
    """'3 links on 20 July 2017, 1 on 20 July 2018. Went with nobody taking over: Larch Street Surgery (18 November 2017).'"""
    first, last = found.months[0], found.months[-1]
    said = f"{count(first.links, 'link')} on {in_words(first.day)}, {last.links} on {in_words(last.day)}."
    went = [f"{one.agency} ({in_words(one.until)}{f', {one.end_reason}' if one.end_reason else ''})" for one in found.lost]
    return f"{said} Went with nobody taking over in time: {listed(went)}." if went else said


def could_see(session: Session, person: str) -> None:
    """The professionals who met somebody of the child's home or family last, as dated sentences."""
    answer = session.ask("seen_soonest", shared.as_at(), child=person)
    st.markdown("**Who could see this child soonest**")
    if not answer.rows:
        st.markdown("No loaded agency has met the child, or anybody known of the home or family, lately.")
        return
    st.markdown("\n".join(f"- {md(soonest.told(row))}" for row in answer.rows[:MOST]))
    if len(answer.rows) > MOST:
        st.caption(f"{count(len(answer.rows) - MOST, 'more')}: the question 'seen_soonest' lists them all.")
