"""Child: who has seen this child, and when last; then where, who, siblings, the history with its gaps, the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from lastseen.graph.errors import LastseenError
from lastseen.graph.reach import Reach
from lastseen.queries.answer import Answer, LastSeen
from lastseen.queries.session import Session
from lastseen.views import answers, findings, links, look, network, shared, sighting, timeline, whereabouts
from lastseen.views.words import age, count, in_words, listed, md, plain_name

PARTS = {
    "findings": "Findings", "where": "Where", "involved": "Who is involved", "siblings": "Siblings", "history": "History",
    "network": "Network",
}  # fmt: skip
JUMPS = " · ".join(f"[{words}](#{anchor})" for anchor, words in PARTS.items())


def page() -> None:
    """The person that the address names, else the one opened last."""
    wanted = shared.somebody("Child")
    if wanted is None:
        return
    session, day = shared.session(), shared.as_at()
    try:
        person = session.person(wanted, day)
    except LastseenError:
        shared.heading("Child")
        raise
    _person(session, person)


def _person(session: Session, person: str) -> None:
    day = shared.as_at()
    history = session.ask("contact_history", day, child=person)
    household = session.ask("household_on", day, child=person)
    about = Reach(session.store, day, ("Person",)).nodes("Person", [person])[person]
    shared.heading(about["name"], _about(about, day))
    seen = sighting.panel(session, person, about, history)
    st.markdown(JUMPS)
    findings.section(session, person)
    whereabouts.conflicts(session, person, household)
    whereabouts.addresses(household, person)
    _involved(session, person)
    if about["kind"] == "child":
        links.months(session, person)
        links.could_see(session, person)
    _siblings(session, person)
    whereabouts.others(household, person)
    _history(history, seen)
    network.section(person)
    with st.expander("About this page"):
        st.markdown(f"Record id: {md(person)}. In every replay these are today's: {md(listed(list(history.always_today)))}.")


def _about(about: dict[str, Any], day: date) -> str:
    """'Child, born 11 June 2012, 6 years old.' as known on the day."""
    said = [str(about["kind"]).capitalize()]
    if born := about.get("born_on"):
        vague = {"month": f"{born:%B %Y}", "year": str(born.year), "estimated": f"about {born.year}"}
        said.append(f"born {vague.get(about.get('born_precision', 'day'), in_words(born))}")
        if "died_on" not in about:
            said.append(f"{age(born, day)} old" if born <= day else "not yet born")
    if died := about.get("died_on"):
        said.append(f"died {in_words(died)}")
    return ", ".join(said) + "."


# --- who ----------------------------------------------------------------------------------------------------------


def _involved(session: Session, person: str) -> None:
    answer = session.ask("agencies_around", shared.as_at(), child=person)
    st.subheader("Who is involved", anchor="involved")
    rows = [{**row, "register": answers.register(row["register"] or "")} for row in answer.rows]
    ties = [row for row in rows if row["tie"] in ("registered", "involved")]
    standing, over = [row for row in ties if not row["until"]], [row for row in ties if row["until"]]
    if not any(row["tie"] == "involved" for row in standing):
        st.markdown("No loaded agency has an open involvement with this child.")
    if standing:
        look.table("Registered or involved now", TIES, standing)
    if contacts := [row for row in rows if row["tie"] == "contact"]:
        newest = sorted(contacts, key=lambda row: str(row["last_contact"]), reverse=True)
        look.table("Only contacts", CONTACTS, newest)
    if over:
        with st.expander(f"Ended ({len(over)})"):
            look.table("", TIES | {"until": "Until", "end_reason": "Why it ended"}, over)
    without = sorted({row["register"] for row in rows if row["tie"] == "register without this child" and row["loaded"]})
    if without:
        st.markdown(f"Loaded registers that do not name this child: {md(listed(without))}.")


CONTACTS = {"agency": "Agency", "since": "First contact", "last_contact": "Last contact", "last_seen": "Last saw the child"}
TIES = {"agency": "Agency", "tie": "How", "register": "Register or status", "since": "Since", "last_contact": "Last contact",
        "last_seen": "Last saw the child"}


def _siblings(session: Session, person: str) -> None:
    answer = session.ask("siblings", shared.as_at(), child=person)
    st.subheader("Siblings", anchor="siblings")
    if not answer.rows:
        st.markdown("No loaded source names a parent that this child shares with anyone.")
    columns = st.columns(3)
    shown: list[str] = []
    for row in answer.rows:
        if row["sibling"] in shown:
            continue
        with columns[len(shown) % 3], st.container(border=True, gap="xxsmall"):
            shown.append(row["sibling"])
            shared.link(row["sibling"], row["sibling_name"] or "name not known", icon=":material/person:")
            st.markdown(md(_sibling(row, answer)))


def _sibling(row: dict[str, Any], answer: Answer) -> str:
    born = f"Born {in_words(row['born_on'])} ({age(row['born_on'], answer.as_at)}). " if row["born_on"] else ""
    if row["last_seen"] is None:
        return f"{born}No sighting by a loaded agency on record."
    by = f" by {row['agency']}" if row["agency"] else ""
    return f"{born}Last seen {in_words(row['last_seen'])}{by}, {count(row['days'], 'day')} before."


# --- history ------------------------------------------------------------------------------------------------------


@st.fragment
def _history(answer: Answer, seen: LastSeen) -> None:
    st.subheader("History", anchor="history")
    if not answer.rows:
        st.markdown("No loaded agency has a contact about this child.")
        return
    look.legend(timeline.signs(answer.rows))
    st.altair_chart(
        timeline.chart(answer.rows, answer.as_at),
        width="stretch",
        theme=None,
        alt=f"Time line of {count(len(answer.rows), 'contact')} by agency. {seen.sentence} The list below says the same.",
    )
    left, right = st.columns([2, 3])
    chosen = left.segmented_control(
        "Show", ["Every contact", "Sightings only", "Without sight"], default="Every contact", required=True, key="history_show"
    )
    agencies = sorted({row["agency"] or plain_name(row["source"]) for row in answer.rows})
    only = right.multiselect("Agencies", agencies, placeholder="all", key="history_agencies")
    rows = [row for row in answer.rows if not only or (row["agency"] or plain_name(row["source"])) in only]
    wanted = {"Sightings only": timeline.SIGHTINGS, "Without sight": ("unseen", "claim", "none")}.get(str(chosen))
    rows = [row for row in rows if wanted is None or timeline.sign(row) in wanted]
    _list(
        rows,
        answer,
        "no sighting by a loaded agency" if chosen == "Sightings only" else "nothing recorded by a loaded agency",
        plain=bool(only) or chosen == "Without sight",
    )
    answers.download(answer, rows, "Download these rows (CSV)", "history")


def _list(rows: Sequence[dict[str, Any]], answer: Answer, nothing: str, plain: bool) -> None:
    """The list; filtered to some agencies or to contacts without sight, a gap would say too much."""
    shown = timeline.entries(rows)
    st.caption(f"{len(rows)} of {count(len(answer.rows), 'contact')}, newest first")
    most = 60
    whole = len(shown) <= most or st.toggle(f"Show all {len(shown)}", key="history_all")
    some = shown if whole else shown[:most]
    st.html(timeline.as_list(list(some) if plain else timeline.with_gaps(some, answer.as_at), nothing))
    if not whole:
        st.caption(f"{len(shown) - most} older ones are not shown.")
