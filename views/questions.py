"""Questions: every question of the catalogue, with a form made from its header."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from lastseen.queries.answer import Answer
from lastseen.queries.catalogue import Parameter, Question, catalogue
from lastseen.views import answers, shared
from lastseen.views.words import count, md, plain_name

ASKED = "asked"
"""Where this browser session keeps what was asked last: question and parameters, never rows."""


def page() -> None:
    """Choose a question, fill its form, read the answer with what it could not know."""
    shared.heading("Questions")
    questions = catalogue()
    wanted = st.query_params.get("question")
    if "question" not in st.session_state:
        st.session_state["question"] = (
            wanted if wanted in questions else "not_seen" if "not_seen" in questions else next(iter(questions))
        )
    name = st.selectbox(
        "Question",
        list(questions),
        key="question",
        persist_state="session",
        format_func=lambda one: questions[one].header.title,
    )
    st.query_params["question"] = name
    question = questions[name]
    st.markdown(f"**{md(question.header.question)}**")
    asked = _form(question)
    if asked is not None:
        st.session_state[ASKED] = (name, asked)
    if st.session_state.get(ASKED, ("", {}))[0] != name:
        st.info("Press Ask for the answer.", icon=":material/help:")
        return
    with shared.told():
        _answer(shared.session().ask(name, shared.as_at(), **st.session_state[ASKED][1]))


def _form(question: Question) -> dict[str, Any] | None:
    """The form's values once it is sent, else None."""
    with st.form(f"form-{question.name}"):
        asked = question.header.parameters
        columns = st.columns(max(2, len(asked)))
        given: dict[str, Any] = {}
        for column, (name, parameter) in zip(columns, asked.items(), strict=False):
            with column:
                given[name] = _field(question.name, name, parameter)
        sent = st.form_submit_button("Ask", type="primary", icon=":material/play_arrow:")
    return {name: value for name, value in given.items() if value not in ("", None)} if sent else None


def _field(question: str, name: str, parameter: Parameter) -> Any:
    label, key, about = plain_name(name).capitalize(), f"{question}-{name}", parameter.help
    if parameter.kind == "int":
        number = parameter.default if isinstance(parameter.default, int) else parameter.least
        return st.number_input(label, parameter.least, parameter.most, number, 1, key=key, help=about)
    if parameter.kind == "choice":
        return st.selectbox(label, parameter.choices, parameter.choices.index(str(parameter.default)), key=key, help=about)
    if parameter.kind == "date":
        day = parameter.default if isinstance(parameter.default, date) else shared.as_at()
        return st.date_input(label, day, key=key, help=about, format="DD/MM/YYYY")
    text = st.session_state.get("person", "") if parameter.kind == "person" else str(parameter.default)
    return st.text_input(label, text, key=key, help=about, autocomplete="off")


def _answer(answer: Answer) -> None:
    st.subheader(answer.title, anchor=False)
    answers.beside(answer)
    if answer.rows:
        _rows(answer, answer.rows, "answer")
    else:
        st.info("No row. Read the numbers and the gaps above before taking that for good news.", icon=":material/info:")
    if answer.cannot_tell_rows:
        st.subheader(f"Cannot tell ({answer.cannot_tell})", anchor=False)
        st.markdown("These would be listed, but a source that their age needs is late or not loaded. Silence is not an answer.")
        _rows(answer, answer.cannot_tell_rows, "cannot-tell")
    answers.more(answer)


def _rows(answer: Answer, rows: list[dict[str, Any]], key: str) -> None:
    """A table whose rows open people: choose a row, then the link that names it."""
    people = [column.name for column in answer.columns if column.kind == "person"]
    chosen: Any = st.dataframe(
        answers.frame(answer, rows),
        column_config=answers.config(answer),
        hide_index=True,
        placeholder="",
        key=f"table-{key}-{answer.question}",
        on_select="rerun" if people else "ignore",
        selection_mode="single-row",
        alt=f"{answer.title}: {count(len(rows), 'row')}",
    )
    picked = [rows[number] for number in chosen["selection"]["rows"]] if people else []
    named = {row[one]: row[f"{one}_name"] or "name not known" for row in picked or rows for one in people if row[one]}
    if not picked and named:
        one = st.selectbox(
            "Open somebody from this table (or choose a row above)", list(named), index=None, format_func=named.__getitem__,
            key=f"open-{key}-{answer.question}", placeholder="Type or choose a name",
        )  # fmt: skip
        named = {one: named[one]} if one else {}
    for person, name in named.items():
        shared.link(person, f"Open {name}", icon=":material/person:")
    answers.download(answer, rows, "Download (CSV)", f"{answer.question}-{key}")
