"""What stands beside every answer, so that no empty table reads as 'every child is fine'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lastseen.governance.spreadsheets import csv_text
from lastseen.queries.answer import Answer, Freshness
from lastseen.queries.catalogue import registers
from lastseen.views import look
from lastseen.views.words import contact_kind, count, in_words, listed, md, plain_name


def sums(answer: Answer) -> str:
    """The answer's numbers in one sentence; of a question about sight, seen + rows + cannot tell = population."""
    day = in_words(answer.as_at)
    if answer.population_of == "person":
        said = f"{count(len(answer.rows), 'row')} about one person, as at {day}."
    elif answer.seen is not None:
        said = (
            f"Of {count(answer.population or 0, 'child', 'children')} known on {day}: {len(answer.rows):,} listed here, "
            f"{answer.seen:,} seen, {answer.cannot_tell:,} about whom these sources cannot tell."
        )
    else:
        things = f" of {answer.population:,} {answer.population_of}" if answer.population is not None else ""
        said = f"{count(len(answer.rows), 'row')}{things} known on {day}."
    if answer.not_yet_born and answer.population_of == "children":
        said += f" {count(answer.not_yet_born, 'child', 'children')} not yet born, not counted."
    if answer.age_unknown:
        said += f" {count(answer.age_unknown, 'person', 'people')} of unknown age, not counted among children."
    if answer.truncated:
        said += " There are more rows than are shown."
    return said


def missing(freshness: Sequence[Freshness], not_loaded: Sequence[str], as_at: date) -> str:
    """What is not loaded and what is late: one sentence each, '' where there is nothing to say."""
    said = []
    if not_loaded:
        said.append(f"Not loaded: {listed([register(name) for name in not_loaded])}.")
    if late := [_late(entry) for entry in freshness if entry.stale]:
        said.append(f"Late on {in_words(as_at)}: {listed(late)}.")
    return " ".join(said)


def register(name: str) -> str:
    """A register as people call it, by its own name or by what it fills in the graph."""
    for own, known in registers().items():
        if name and name in (own, known.fills):
            return known.title
    return plain_name(name)


def _late(entry: Freshness) -> str:
    reaches = entry.covers_to or entry.extract_date
    return f"{register(entry.register)} ({f'reaches to {in_words(reaches)}' if reaches else 'nothing yet by then'})"


def beside(answer: Answer) -> None:
    """The sentence of numbers, then what is missing."""
    st.markdown(md(sums(answer)))
    words = missing(answer.freshness, answer.not_loaded, answer.as_at)
    if answer.touched:
        told = [f"{register(name)} (for {count(children, 'child', 'children')})" for name, children in answer.touched.items()]
        words += f" Needed by age, and late or not loaded: {listed(told)}."
    if words:
        st.warning(md(words.strip()), icon=":material/hourglass_disabled:")


def more(answer: Answer) -> None:
    """Caveats, freshness and the query itself, folded away."""
    with st.expander("What to keep in mind"):
        st.markdown("\n".join(f"- {md(caveat)}" for caveat in answer.caveats))
        st.markdown(f"In every replay these are today's: {md(listed(list(answer.always_today)))}.")
    with st.expander("How far each source reaches"):
        fresh(answer.freshness)
    with st.expander("Show the query"):
        st.code(answer.cypher, language="cypher", wrap_lines=True)
        st.markdown(f"Asked of {md(answer.engine)} with:")
        st.json({"as_at": answer.as_at.isoformat(), **{name: _plain(value) for name, value in answer.parameters.items()}})


def fresh(entries: list[Freshness]) -> None:
    """A row a register and source: how far it reaches, and whether that is late."""
    if not entries:
        st.markdown("Nothing is loaded.")
        return
    look.table(
        "",
        {"register": "Register", "source": "Source", "extract": "Latest extract", "to": "Reaches to", "late": "Late"},
        [
            {
                "register": register(entry.register),
                "source": entry.source,
                "extract": entry.extract_date,
                "to": entry.covers_to or entry.extract_date,
                "late": lateness(entry),
            }
            for entry in entries
        ],
    )


def lateness(entry: Freshness) -> str:
    """'no', 'yes, by 40 days', or 'nothing yet by then'."""
    if not entry.stale:
        return "no"
    return "nothing yet by then" if entry.late_by_days is None else f"yes, by {count(entry.late_by_days, 'day')}"


def frame(answer: Answer, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table, columns in the answer's order, the vocabulary's own terms as words."""
    shown = [{name: _term(name, cell) for name, cell in row.items()} for row in rows]
    table = pd.DataFrame(shown, columns=[column.name for column in answer.columns])
    return table.astype({column.name: "Int64" for column in answer.columns if column.kind == "int"})


def _term(name: str, cell: Any) -> Any:
    return contact_kind(cell) if name in TERMS and isinstance(cell, str) else cell


TERMS = {"kind", "source", "register", "agency_kind", "tie", "basis", "role", "outcome"}
"""Columns whose texts are names of the vocabulary; the download keeps them as they are."""


def config(answer: Answer) -> dict[str, Any]:
    """How each column is shown: its heading, its help, its kind."""
    shown: dict[str, Any] = {}
    for column in answer.columns:
        heading = plain_name(column.name)
        if column.kind == "date":
            shown[column.name] = st.column_config.DateColumn(heading, help=column.doc, format="D MMMM YYYY")
        elif column.kind in ("person", "people"):
            shown[column.name] = None  # the name stands beside it; the id is in the download
        elif column.kind == "place":
            shown[column.name] = None
        elif column.kind == "int":
            shown[column.name] = st.column_config.NumberColumn(heading, help=column.doc, format="localized")
        else:
            shown[column.name] = st.column_config.Column(heading.removesuffix(" name"), help=column.doc)
    return shown


def csv(answer: Answer, rows: list[dict[str, Any]]) -> str:
    """The rows as CSV that no spreadsheet runs, as `lastseen ask --format csv` gives them."""
    names = [column.name for column in answer.columns]
    return csv_text(names, [[row[name] for name in names] for row in rows])


def download(answer: Answer, rows: list[dict[str, Any]], label: str, name: str) -> None:
    """A button that saves the rows as CSV."""
    st.download_button(
        label,
        csv(answer, rows),
        file_name=f"{name}-{answer.as_at.isoformat()}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"csv-{name}",
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
