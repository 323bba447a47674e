"""The first thing a child's page says: who has seen this child, and when last."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lastseen.queries.answer import Answer, LastSeen
from lastseen.queries.session import Session
from lastseen.views import answers, shared, timeline
from lastseen.views.words import contact_kind, count, html, in_words, md

PURPOSE = 4


def panel(session: Session, person: str, about: dict[str, Any], history: Answer) -> LastSeen:
    """The last-seen sentence, what it is worth, and what is not loaded or late."""
    seen = session.last_seen(person, shared.as_at())
    if about["kind"] in ("child", "age unknown", "died"):
        lines = _child(session, seen, history)
    else:
        lines = _other(about["kind"], history)
    big, *more = [html(line) for line in lines]
    below = "".join(f"<p>{line}</p>" for line in more)
    st.html(f'<section class="ls-last" aria-label="Last seen"><p class="ls-big">{big}</p>{below}</section>')
    if words := answers.missing(history.freshness, history.not_loaded, history.as_at):
        st.warning(md(words), icon=":material/hourglass_disabled:")
    return seen


def _child(session: Session, seen: LastSeen, history: Answer) -> list[str]:
    lines = [seen.sentence]
    if seen.on is not None:
        if seen.days:
            lines.append(f"No sighting by a loaded agency since {in_words(seen.on)}.")
        lines.append(_purpose(seen, session.last_seen(seen.person, shared.as_at(), PURPOSE)))
    later = [row for row in history.rows if seen.on is None or row["occurred_on"] > seen.on]
    tries = [row for row in later if timeline.sign(row) == "unseen"]
    if tries:
        since = "since then" if seen.on else "on record"
        last = f"{in_words(tries[0]['occurred_on'])} ({contact_kind(tries[0]['kind'])})"
        lines.append(f"{count(len(tries), 'contact')} without sight of this child {since}, the last on {last}.")
    return lines


def _other(kind: str, history: Answer) -> list[str]:
    """An adult is not looked for, and an unborn child can't be seen."""
    first = "Not yet born." if kind == "unborn" else "An adult: sightings are kept of children."
    if not history.rows:
        return [first, "No loaded agency has a contact about this person."]
    last = history.rows[0]
    who = last["agency"] or last["source"]
    return [first, f"Last contact {in_words(last['occurred_on'])}: {contact_kind(last['kind'])}, {who}."]


def _purpose(seen: LastSeen, purpose: LastSeen) -> str:
    """The last time the child was seen for an agency's own task: a glance at the door does not reset a health check."""
    if purpose.on is None:
        return "Never recorded as examined, taught or assessed (level 4 or more)."
    if purpose.on == seen.on and purpose.level == seen.level:
        return f"That was level {seen.level}: {'seen alone' if seen.level == 5 else 'seen for that agency’s own purpose'}."
    return f"Examined, taught or assessed (level 4 or more): {purpose.sentence.removeprefix('Last seen ')}"
