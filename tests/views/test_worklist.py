"""Worklist, Board and Time line over Larch Court; deciding about a finding on the Child page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lastseen.graph.archive import Workspace
from lastseen.graph.casebook import Casebook
from lastseen.loaders.made_up.people import PEOPLE

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
TAM = f"gp_list:{PEOPLE['C3'].nhs}"


def test_the_worklist_says_its_order_and_opens_the_child(open_app: Open, words: Words) -> None:
    test = open_app("worklist")
    assert not test.exception
    assert not test.error
    said = words(test)
    assert "Order: Hard duties first" in said
    assert "Nothing here is a score" in said
    links = [link.proto for link in test.get("page_link")]
    assert links[0].label == "Tam Marlowe"
    assert "Hard duty" in said


def test_the_worklist_can_be_narrowed_and_an_empty_one_says_what_that_is_worth(open_app: Open, words: Words) -> None:
    test = open_app("worklist")
    test.multiselect(key="w_signal").set_value(["G06"]).run()
    assert [link.proto.label for link in test.get("page_link")] == ["Tam Marlowe"]
    test.selectbox(key="w_status").set_value("closed").run()
    assert "That speaks only for the sources that are loaded" in words(test)


def test_a_finding_on_the_childs_page_is_closed_with_a_name_and_a_reason(
    open_app: Open, larch_court: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(larch_court, tmp_path / "larch-court"))
    test = open_app("child", home=home, person=TAM)
    assert not test.exception
    (reason,) = [box for box in test.text_input if str(box.key).startswith("reason-") and str(box.key).endswith("-G06")]
    (name,) = [box for box in test.text_input if str(box.key).startswith("by-") and str(box.key).endswith("-G06")]
    (button,) = [one for one in test.button if "-G06" in str(one.key) or "G06" in str(one.proto.form_id)]
    button.click().run()
    assert "needs the name" in " ".join(str(one.value) for one in test.error)
    reason.set_value("Enrolled at a private school")
    name.set_value("Fay Example (fictional)")
    button.click().run()
    assert not test.exception
    entries = Casebook(Workspace.open(home).journal).entries()
    assert [(entry.action, entry.signal, entry.reason) for entry in entries] == [
        ("close", "G06", "Enrolled at a private school")
    ]


def test_the_board_hides_small_numbers_and_names_nobody(
    open_app: Open, larch_court: Path, tmp_path: Path, words: Words
) -> None:
    home = Path(shutil.copytree(larch_court, tmp_path / "larch-court"))
    test = open_app("board", home=home)
    assert not test.exception
    assert not test.error
    said = words(test)
    assert "<td>hidden</td>" in said
    assert "Marlowe" not in said
    assert "Counts of 1 to 5 are hidden" in said


def test_the_time_line_shows_the_findings_of_another_day(open_app: Open, words: Words) -> None:
    test = open_app("timeline", person=TAM)
    assert not test.exception
    assert "Known by then" in words(test)
    assert "G06" in words(test)
    early = open_app("timeline", person=TAM, as_at="2012-12-01")
    assert "G06" not in words(early)
    assert "G01" in words(early)


def test_the_time_line_without_anybody_says_what_to_do(open_app: Open, words: Words) -> None:
    assert "Find a child first" in words(open_app("timeline"))
