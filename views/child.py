"""Child: who has seen this child, and when last; then where, who, siblings, the history with its gaps, the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from lastseen.graph.reach import Reach
from lastseen.graph.schema import SEEN
from lastseen.queries.answer import PROTECTED, Answer, LastSeen
from lastseen.queries.session import Session
from lastseen.views import answers, look, network, shared, timeline
from lastseen.views.words import age, contact_kind, count, html, in_words, listed, md, plain_name

PURPOSE = 4


def page() -> None:
    """The person that the address names, else the one opened last."""
    wanted = st.query_params.get("person") or st.session_state.get("person")
    if not wanted:
        shared.heading("Child")
        st.info("Nobody is open. Find a child first, and open the result.", icon=":material/person_search:")
        st.page_link(shared.page("find"), label="Find a child", icon=":material/search:", query_params=shared.state())
        return
    session, day = shared.session(), shared.as_at()
    st.session_state["person"] = wanted
    st.query_params["person"] = wanted
    try:
        person = session.person(wanted, day)
    except Exception:
        shared.heading("Child")
        raise
    _person(session, person)


def _person(session: Session, person: str) -> None:
    day = shared.as_at()
    history = session.ask("contact_history", day, child=person)
    household = session.ask("household_on", day, child=person)
    about = Reach(session.store, day, ("Person",)).nodes("Person", [person])[person]
    shared.heading(about["name"], _about(about, day))
    _last_seen(session, person, history)
    _conflicts(session, person)
    _addresses(household, person)
    _involved(session, person)
    _siblings(session, person, household)
    _history(history, session.last_seen(person, day))
    network.section(person)
    with st.expander("About this page"):
        st.markdown(f"Record id: {md(person)}. In every replay these are today's: {md(listed(list(history.always_today)))}.")


def _about(about: dict[str, Any], day: date) -> str:
    """'Child, born 11 June 2012, 6 years old.' as known on the day."""
    said = [str(about["kind"]).capitalize()]
    if born := about.get("born_on"):
        about_ = {"month": f"{born:%B %Y}", "year": str(born.year), "estimated": f"about {born.year}"}
        said.append(f"born {about_.get(about.get('born_precision', 'day'), in_words(born))}")
        if "died_on" not in about:
            said.append(f"{age(born, day)} old" if born <= day else "not yet born")
    if died := about.get("died_on"):
        said.append(f"died {in_words(died)}")
    return ", ".join(said) + "."


# --- last seen ----------------------------------------------------------------------------------------------------


def _last_seen(session: Session, person: str, history: Answer) -> None:
    seen, purpose = (session.last_seen(person, shared.as_at(), level) for level in (SEEN, PURPOSE))
    lines = [f'<p class="ls-big">{html(seen.sentence)}</p>']
    if seen.on is not None:
        lines.append(f"<p>No sighting by a loaded agency since {html(in_words(seen.on))}.</p>" if seen.days else "")
        lines.append(f"<p>{html(_purpose(seen, purpose))}</p>")
    tries = [
        row for row in history.rows if timeline.sign(row) == "unseen" and (seen.on is None or row["occurred_on"] > seen.on)
    ]
    if tries:
        since = "since then" if seen.on else "on record"
        lines.append(
            f"<p>{count(len(tries), 'contact')} without sight of this child {since}, the last on "
            f"{html(in_words(tries[0]['occurred_on']))} ({html(contact_kind(tries[0]['kind']))}).</p>"
        )
    st.html(f'<section class="ls-last" aria-label="Last seen">{"".join(lines)}</section>')
    if words := answers.missing(history.freshness, history.not_loaded, history.as_at):
        st.warning(md(words), icon=":material/hourglass_disabled:")


def _purpose(seen: LastSeen, purpose: LastSeen) -> str:
    """The last time the child was seen for an agency's own task: a glance at the door does not reset a health check."""
    if purpose.on is None:
        return "Never recorded as examined, taught or assessed (level 4 or more)."
    if purpose.on == seen.on and purpose.level == seen.level:
        return f"That was level {seen.level}: {'seen alone' if seen.level == 5 else 'seen for that agency’s own purpose'}."
    return f"Examined, taught or assessed (level 4 or more): {purpose.sentence.removeprefix('Last seen ')}"


# --- where --------------------------------------------------------------------------------------------------------


def _conflicts(session: Session, person: str) -> None:
    answer = session.ask("conflicting_locations", shared.as_at())
    rows = [row for row in answer.rows if row["child"] == person]
    for row in rows:
        first = f"{row['place_name']} ({_said(row['basis'], row['sources'], row['since'])})"
        other = f"{row['other_place_name']} ({_said(row['other_basis'], row['other_sources'], row['other_since'])})"
        st.warning(
            f"**Sources disagree about where this child is** — {md(row['conflict'])}: {md(first)}, and {md(other)}.",
            icon=":material/wrong_location:",
        )


def _said(basis: str, sources: Any, since: Any) -> str:
    names = sources if isinstance(sources, list) else [part.strip() for part in str(sources or "").split(" and ")]
    told = f"{basis} by {listed([plain_name(name) for name in names])}"
    return f"{told} since {in_words(since)}" if since else told


def _addresses(household: Answer, person: str) -> None:
    st.subheader("Where each source says this child lives", anchor=False)
    rows = [row for row in household.rows if row["person"] == person]
    if not rows:
        st.markdown("No loaded source states an address for this child.")
        return
    look.table(
        "",
        {
            "place_name": "Place",
            "basis": "Basis",
            "kind": "Kind",
            "source": "Source",
            "since": "Since",
            "until": "Until",
            "stated_by": "On whose word",
        },
        [
            {
                **row,
                "source": plain_name(row["source"]),
                "kind": "" if row["place_name"] == PROTECTED else plain_name(row["kind"] or ""),
                "until": row["until"] or "not ended",
                "stated_by": row.get("stated_by_name") or row["stated_by"],
            }
            for row in rows
        ],
    )


# --- who ----------------------------------------------------------------------------------------------------------


def _involved(session: Session, person: str) -> None:
    answer = session.ask("agencies_around", shared.as_at(), child=person)
    without = [row for row in answer.rows if row["tie"] == "register without this child"]
    ties = [
        {**row, "tie": plain_name(row["tie"]), "register": answers.register(row["register"] or ""), "over": bool(row["until"])}
        for row in answer.rows
        if row["tie"] != "register without this child"
    ]
    columns = {
        "agency": "Agency",
        "tie": "How",
        "register": "Register or status",
        "since": "Since",
        "last_contact": "Last contact",
        "last_seen": "Last saw the child",
    }
    st.subheader("Who is involved", anchor=False)
    is_open = [row for row in ties if not row["over"]]
    over = [row for row in ties if row["over"]]
    if is_open:
        look.table("", columns, is_open)
    else:
        st.markdown("No open involvement or registration with a loaded agency.")
    if over:
        with st.expander(f"Ended ({len(over)})"):
            look.table("", columns | {"until": "Until", "end_reason": "Why it ended"}, over)
    if without:
        loaded = [answers.register(row["register"] or row["agency"]) for row in without if row["loaded"]]
        if loaded:
            st.markdown(f"Loaded registers that do not name this child: {md(listed(sorted(set(loaded))))}.")


def _siblings(session: Session, person: str, household: Answer) -> None:
    answer = session.ask("siblings", shared.as_at(), child=person)
    st.subheader("Siblings", anchor=False)
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
    others = [row for row in household.rows if row["person"] not in (person, *shown)]
    st.subheader("Others whom a source places at the same address", anchor=False)
    if not others:
        st.markdown("Nobody else.")
        return
    look.table(
        "",
        {
            "person_name": "Person",
            "place_name": "Place",
            "basis": "Basis",
            "source": "Source",
            "since": "Since",
            "until": "Until",
        },
        [{**row, "source": plain_name(row["source"])} for row in others],
    )


def _sibling(row: dict[str, Any], answer: Answer) -> str:
    born = f"Born {in_words(row['born_on'])} ({age(row['born_on'], answer.as_at)}). " if row["born_on"] else ""
    if row["last_seen"] is None:
        return f"{born}No sighting by a loaded agency on record."
    by = f" by {row['agency']}" if row["agency"] else ""
    return f"{born}Last seen {in_words(row['last_seen'])}{by}, {count(row['days'], 'day')} before."


# --- history ------------------------------------------------------------------------------------------------------


@st.fragment
def _history(answer: Answer, seen: LastSeen) -> None:
    st.subheader("History", anchor=False)
    if not answer.rows:
        st.markdown("No loaded agency has a contact about this child.")
        return
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
    wanted = {"Sightings only": ("seen",), "Without sight": ("unseen", "claim", "none")}.get(str(chosen))
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
