"""Find: one box. A result opens the child."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lastseen.queries.answer import Answer
from lastseen.queries.freshness import loads, not_loaded, reach
from lastseen.views import answers, shared
from lastseen.views.words import age, count, in_words, md

STEP = 20
ADULT = 18 * 365.25
"""Days after birth from which nobody expects a sighting."""


def page() -> None:
    """Ask once for whatever was typed, list who fits, the best match first."""
    shared.heading("Find a child or an adult")
    text = st.text_input(
        "Name, birth date, NHS or pupil number, postcode or street",
        key="find_text",
        persist_state="session",
        placeholder="for example: Marlowe 2012, or 4 Larch Court",
        icon=":material/search:",
        autocomplete="off",
        max_chars=200,
    )
    if not (text or "").strip():
        _empty()
        return
    answer = shared.session().find(text, shared.as_at())
    if not answer.rows:
        st.info(
            "Nobody known on that day fits. All parts must fit: leave one out, try another spelling, or a later day. "
            "That nobody is found does not mean that there is no such child: an agency may not be loaded.",
            icon=":material/person_search:",
        )
    else:
        _results(answer)
    answers.beside(answer)
    answers.more(answer)


def _empty() -> None:
    st.markdown(
        "Type anything you know and press Return. Spelling need not be exact: **Sofya** finds Sofia. "
        "Several parts narrow the search: a name and a year, a surname and a street."
    )
    with st.container(border=True):
        st.markdown("**What is loaded**")
        loaded = loads(shared.session().store)
        words = answers.missing(reach(loaded, shared.as_at()), not_loaded(loaded), shared.as_at())
        st.markdown(md(words or "Every register is loaded and none is late."))
        st.page_link(shared.page("loads"), label="How far each source reaches", query_params=shared.state())


def _results(answer: Answer) -> None:
    st.subheader(count(len(answer.rows), "match", "matches"), anchor=False)
    shown = st.session_state.get("find_shown", STEP) if st.session_state.get("find_for") == answer.parameters["text"] else STEP
    for row in answer.rows[:shown]:
        with st.container(border=True, gap="xxsmall"):
            shared.link(row["person"], row["person_name"] or "name not known", icon=":material/person:")
            st.markdown(_facts(row, answer))
    if len(answer.rows) > shown:
        st.session_state["find_for"] = answer.parameters["text"]
        st.button(f"Show {min(STEP, len(answer.rows) - shown)} more", on_click=_more, args=(shown + STEP,))


def _more(shown: int) -> None:
    st.session_state["find_shown"] = shown


def _facts(row: dict[str, Any], answer: Answer) -> str:
    facts = []
    if row["born_on"]:
        facts.append(f"born {in_words(row['born_on'])} ({age(row['born_on'], answer.as_at)})")
    if row["place_name"]:
        facts.append(row["place_name"])
    if row["last_seen"]:
        facts.append(f"last seen {in_words(row['last_seen'])}, {count((answer.as_at - row['last_seen']).days, 'day')} before")
    elif row["born_on"] is None or (answer.as_at - row["born_on"]).days < ADULT:
        facts.append("no sighting by a loaded agency on record")
    facts.append(f"found by {row['matched_by']}")
    return md(" · ".join(facts))
