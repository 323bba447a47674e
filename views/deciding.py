"""Deciding about a finding: close it, put it aside, take that back, or dispute a fact. Always with a name and a reason."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from lastseen.graph.casebook import Casebook
from lastseen.graph.errors import Refused
from lastseen.queries.argument import Argued
from lastseen.queries.session import Session
from lastseen.views import shared

CLOSE, SNOOZE, REOPEN, DISPUTE = "Close it", "Put it aside until a day", "Reopen it", "Dispute a fact"
A_MONTH = timedelta(days=28)


def form(session: Session, one: Argued) -> None:
    """The form under a finding. Without a workspace at hand nothing can be kept, and it says so."""
    book = session.casebook
    if book is None or session.workspace is None:
        st.caption("Decisions are kept in the workspace, which is not at hand here.")
        return
    key = f"{one.item.finding.child}-{one.item.finding.signal}"
    choices = [CLOSE, SNOOZE, DISPUTE] if one.item.status == "open" else [REOPEN, DISPUTE]
    action = st.radio("Decide", choices, key=f"action-{key}", horizontal=True)
    with st.form(f"form-{key}", border=False, clear_on_submit=True):
        until = st.date_input("Until", shared.as_at() + A_MONTH, key=f"until-{key}") if action == SNOOZE else None
        rows = [fact.row for fact in one.facts_for if not fact.disputed]
        row = st.selectbox("The fact that is wrong", rows, key=f"row-{key}") if action == DISPUTE else None
        reason = st.text_input("Reason", key=f"reason-{key}", help="It is kept and shown with the finding.")
        by = st.text_input("Your name", key=f"by-{key}", value=st.session_state.get("decider", ""))
        if not st.form_submit_button(str(action)):
            return
    with shared.told():
        with session.workspace.writing():
            _write(book, str(action), one, until, row, reason, by)
        st.session_state["decider"] = by
        st.rerun()


def _write(book: Casebook, action: str, one: Argued, until: object, row: str | None, reason: str, by: str) -> None:
    day, child, signal = shared.as_at(), one.item.finding.child, one.item.finding.signal
    if action == CLOSE:
        book.close(child, signal, day, by, reason)
    elif action == SNOOZE and isinstance(until, date):
        book.snooze(child, signal, day, until, by, reason)
    elif action == REOPEN:
        book.reopen(child, signal, day, by, reason)
    elif row:
        book.dispute(child, signal, row, day, by, reason)
    else:
        raise Refused("There is no fact to dispute here.", f"{signal} rests on what no row says.")
