from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lastseen.queries.catalogue import catalogue
from lastseen.queries.session import open_session
from lastseen.views.answers import csv

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def ask(test: AppTest) -> AppTest:
    return next(button for button in test.button if button.label == "Ask").click().run()


def test_an_answer_comes_with_its_sum_its_query_and_its_rows(open_app: Open, words: Words) -> None:
    test = ask(open_app("questions"))
    assert not test.exception
    said = words(test)
    assert "Of 4 children known on 20 July 2018: 2 listed here, 2 seen, 0 about whom these sources cannot tell." in said
    assert "In every replay these are today's: who is who" in said
    assert "MATCH (c:Person)" in test.code[0].value
    table = test.dataframe[0].value
    assert sorted(table["child_name"]) == ["Tam Marlowe", "Wren Marlowe"]
    assert list(table["days"]) == [830, 830]


def test_the_form_follows_the_header(open_app: Open, words: Words) -> None:
    test = open_app("questions")
    test.number_input(key="not_seen-level").set_value(4)
    assert list(ask(test).dataframe[0].value["days"]) == [2214, 1318]


def test_the_answer_follows_the_day(open_app: Open, words: Words) -> None:
    test = ask(open_app("questions", as_at="2016-12-09"))
    assert "Of 4 children known on 9 December 2016: 0 listed here" in words(test)
    assert "before taking that for good news" in words(test)


def test_a_child_is_opened_from_the_table_without_the_mouse(open_app: Open) -> None:
    test = ask(open_app("questions"))
    test.selectbox(key="open-answer-not_seen").select_index(0).run()
    assert [link.proto.label for link in test.get("page_link")] == ["Open Tam Marlowe"]


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_question_is_asked_and_answered_from_its_header_alone(name: str, open_app: Open) -> None:
    test = ask(open_app("questions", question=name))
    assert not test.exception
    assert not test.error
    assert catalogue()[name].header.title in [heading.value for heading in test.subheader]
    assert test.code[0].value


def test_what_is_asked_stays_while_the_day_changes(open_app: Open, words: Words) -> None:
    test = ask(open_app("questions"))
    test.date_input(key="as_at").set_value("2016-12-09").run()
    assert "known on 9 December 2016" in words(test)


def test_a_wrong_person_is_told_with_its_mend(open_app: Open, words: Words) -> None:
    test = open_app("questions", question="contact_history")
    test.text_input(key="contact_history-child").set_value("nobody of that name")
    ask(test)
    assert not test.exception
    assert "Nobody known by 20 July 2018" in words(test)


def test_names_that_would_be_formulas_are_neutral_in_the_download(hostile: Path) -> None:
    session = open_session(hostile)
    answer = session.find("Marlowe")
    session.close()
    assert "'=cmd" in csv(answer, answer.rows)
    assert ",=cmd" not in csv(answer, answer.rows)
