from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def search(test: AppTest, text: str) -> AppTest:
    return test.text_input(key="find_text").set_value(text).run()


def test_the_empty_page_says_what_to_do_and_what_is_loaded(open_app: Open, words: Words) -> None:
    test = open_app("find")
    assert not test.exception
    assert "press Return" in words(test)
    assert "Every register is loaded and none is late." in words(test)
    assert "FICTIONAL DATA" in words(test)


def test_a_name_lists_who_fits_with_birth_place_and_last_sighting(open_app: Open, words: Words) -> None:
    test = search(open_app("find"), "Tam Marlowe")
    assert not test.exception
    (link,) = [link for link in test.get("page_link") if link.proto.page == "child"]
    assert link.proto.label == "Tam Marlowe"
    assert link.proto.query_string.startswith("person=")
    assert "born 11 June 2012 (6 years)" in words(test)
    assert "last seen 11 April 2016, 830 days before" in words(test)
    assert "As at <b>20 July 2018</b>" in words(test)


def test_nobody_found_is_said_without_reading_as_nobody_there(open_app: Open, words: Words) -> None:
    test = search(open_app("find"), "Zebedee Quux")
    assert "Nobody known on that day fits." in words(test)
    assert "does not mean that there is no such child" in words(test)


def test_an_earlier_day_knows_less(open_app: Open, words: Words) -> None:
    test = open_app("find", as_at="2012-06-01")
    assert "As at <b>1 June 2012</b>" in words(test)
    assert "Nobody known on that day fits." in words(search(test, "Tam Marlowe"))


def test_the_day_stays_in_the_address_until_it_is_the_default_again(open_app: Open) -> None:
    test = open_app("find", as_at="2016-12-10")
    assert test.query_params["as_at"] in ("2016-12-10", ["2016-12-10"])
    test.button(key="back_to_default").click().run()
    assert test.date_input(key="as_at").value.isoformat() == "2018-07-20"
    assert "as_at" not in test.query_params


def test_a_day_that_is_none_is_the_default(open_app: Open, words: Words) -> None:
    test = open_app("find", as_at="yesterday<script>")
    assert not test.exception
    assert "As at <b>20 July 2018</b>" in words(test)


def test_no_workspace_is_told_with_its_mend(open_app: Open, words: Words, tmp_path: Path) -> None:
    test = open_app("find", home=tmp_path)
    assert not test.exception
    assert "There is no workspace" in words(test)
    assert "lastseen demo" in words(test)
