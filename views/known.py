"""Time line: a child's facts in the order in which they became known, and what would have stood on any of those days."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lastseen.graph.errors import LastseenError
from lastseen.queries.facts import Told, facts
from lastseen.queries.findings import sentences
from lastseen.queries.session import Session
from lastseen.views import look, network, shared
from lastseen.views.words import count, in_words, md


def page() -> None:
    """A slider over the days on which something became known."""
    wanted = shared.somebody("Time line")
    if wanted is None:
        return
    session, last = shared.session(), shared.as_at()
    person = session.person(wanted, last)
    shared.heading(session.label(person, last), "What was known when.")
    known = facts(session.store, person, last)
    days = sorted({fact.known_on for fact in known} | {last})
    day = days[0] if len(days) == 1 else st.select_slider(
        "As it would have stood on", days, value=last, format_func=in_words, key="then_day",
        help="Left and right arrows step through the days on which something became known.",
    )  # fmt: skip
    _stood(session, person, day)
    _facts([fact for fact in known if fact.known_on <= day], day)
    if st.toggle("Show the network of that day", key="then_network"):
        network.section(person, day)


def _stood(session: Session, person: str, day: date) -> None:
    """Last seen, and the findings of that day."""
    try:
        person = session.person(person, day)
    except LastseenError:
        st.info("On that day no loaded source knew this person.", icon=":material/person_off:")
        return
    st.markdown(f"**{md(session.last_seen(person, day).sentence)}**")
    whole = session.worklist(day, child=person)
    told = [item.finding for item in whole.items]
    st.subheader(f"On {in_words(day)}: {count(len(told), 'finding')}", anchor=False)
    lines = [f"- {finding.signal}: {md(sentence)}" for finding, sentence in
             zip(told, sentences(session.store, told, day), strict=True)]  # fmt: skip
    st.markdown("\n".join(lines) or "No signal stood on that day, as far as the loaded sources tell.")
    if whole.cannot_tell:
        st.markdown(f"Cannot tell about {count(len(whole.cannot_tell), 'signal')}: a register they need is late or not loaded.")


def _facts(known: list[Told], day: date) -> None:
    st.subheader("Known by then", anchor=False)
    look.table(
        f"{count(len(known), 'fact')} known by {in_words(day)}, the latest first",
        {"known_on": "Known", "what": "What", "row": "Row"},
        [{"known_on": fact.known_on, "what": fact.text, "row": fact.row} for fact in reversed(known)],
    )
