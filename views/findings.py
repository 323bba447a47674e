"""A child's findings on the Child page: each in one sentence, its facts for and against, what would clear it, and decisions."""

from __future__ import annotations

import streamlit as st

from lastseen.queries.argument import Argued, Fact, argued
from lastseen.queries.session import Session
from lastseen.views import deciding, shared
from lastseen.views.words import count, in_words, listed, md


def section(session: Session, person: str) -> None:
    """What the signals find about one child as at the day, and what they could not tell."""
    told = argued(session, person, shared.as_at())
    st.subheader("Findings", anchor="findings")
    standing = [one for one in told.findings if one.item.status == "open"]
    if not told.findings:
        st.markdown("No signal stands for this person on this day, as far as the loaded sources tell.")
    for one in standing:
        _finding(session, one)
    if decided := [one for one in told.findings if one.item.status != "open"]:
        st.markdown(f"Closed or put aside: {count(len(decided), 'finding')}.")
        for one in decided:
            _finding(session, one)
    if told.cannot_tell:
        with st.expander(f"Cannot tell ({len(told.cannot_tell)})"):
            st.markdown("A register that these signals need is late or was never loaded:")
            st.markdown("\n".join(f"- {md(sentence)}" for sentence in told.cannot_tell))


def _finding(session: Session, one: Argued) -> None:
    finding = one.item.finding
    duty = ", hard duty" if finding.duty == "hard" else ""
    back = ", came back after it was closed" if one.item.returned else ""
    with st.expander(f"{finding.signal} · {md(one.sentence)}"):
        st.markdown(f"**{md(finding.title)}**{duty}{back}. It has stood since {in_words(finding.since)}.")
        _facts("Facts for", one.facts_for, "The fact is that no row says otherwise.")
        _facts("Facts against", one.facts_against, "No sighting in the signal's window.")
        st.markdown(f"**Would clear it:** {md(one.clears)}")
        st.markdown("**Rule out first:** " + md("; ".join(one.rule_out)))
        st.markdown("**Check:** " + md("; ".join(one.check)))
        if one.missing:
            st.markdown(f"**Late or not loaded:** {md(listed(one.missing))}.")
        for entry in one.item.decided:
            st.markdown(f"{in_words(entry.as_at)}: {entry.action} by {md(entry.by)}: {md(entry.reason)}")
        deciding.form(session, one)


def _facts(heading: str, facts: list[Fact], nothing: str) -> None:
    lines = [f"- {_line(fact)}" for fact in facts] or [f"- {nothing}"]
    st.markdown(f"**{heading}**\n\n" + "\n".join(lines))


def _line(fact: Fact) -> str:
    disputed = " **disputed**" if fact.disputed else ""
    return f"{md(fact.text or 'A row about the family')} ({md(fact.row)}){disputed}"
