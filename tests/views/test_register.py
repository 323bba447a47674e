"""Adding a register in the app: from an empty workspace to an answer, with nothing kept of the upload."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lastseen.graph.archive import Workspace
from lastseen.queries.session import open_session

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]

# Made up: one visit that saw a child, one that found nobody in, one on no day.
VISITS = b"""Visit ID,NHS number,Surname,Forename,Date of birth,Visit date,Child seen
V1,9434765919,Ash,Rowan,02/03/2019,25/06/2024,Y
V2,9434765870,Birch,Sam,03/04/2018,26/06/2024,N
V3,9434765870,Birch,Sam,03/04/2018,27/06/2024,N
V4,9434765870,Birch,Sam,03/04/2018,28/06/2024,N
V5,9434765870,Birch,Sam,03/04/2018,29/06/2024,N
V6,9434765870,Birch,Sam,03/04/2018,soon,N
"""

CHILDREN = """source: children
title: Children
doc: A made-up list.
shape: event
expected_every: 31
lag: 0
files:
  - delimiter: ";"
    columns: {NHS number: {kind: nhs, required: true}, Surname: {}}
    rows: {people: [{person: NHS number, family_name: Surname}]}
"""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return Workspace.open(tmp_path / "new", create=True).home


def uploaded(test: AppTest, content: bytes = VISITS, name: str = "../outreach 2024.csv") -> AppTest:
    test.file_uploader[0].set_value((name, content, "text/csv"))
    return test.run()


def files(home: Path) -> list[str]:
    """What lies in a workspace, its own files for the graph aside."""
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and "graph" not in path.parts)


def test_a_register_is_added_to_an_empty_workspace_from_upload_to_answer(open_app: Open, words: Words, empty: Path) -> None:
    test = open_app("register", home=empty)
    assert not test.exception
    assert "Give any table" in words(test)
    test = uploaded(test)
    assert test.text_input(key="register_source").value == "outreach"
    test.button(key="register_propose").click().run()
    assert not test.exception
    assert "shape: event" in test.text_area(key="register_text").value
    assert test.button(key="register_load").disabled, "something is left to decide"
    test.button(key="register_preview").click().run()
    said = words(test)
    assert "6 rows read, 1 rejected" in said
    assert "not a date of the expected style" in said
    assert "occurred_on: 2024-06-25" in said
    assert files(empty) == [".lock", "workspace.json"] or files(empty) == ["workspace.json"], "nothing is kept of a preview"
    for label, value in {"contacts.kind": "visit", "'N'": "0", "'Y'": "4", "agencies": "health_visiting"}.items():
        box = next(one for one in test.selectbox if label in one.label.replace("\\", "") and one.label.startswith("Line"))
        test = box.select(next(option for option in box.options if option.split(" (")[0] == value)).run()
        assert not test.exception
    assert "Nothing is left to decide." in "".join(str(one.value) for one in test.success)
    test.button(key="register_load").click().run()
    assert not test.exception
    done = "".join(str(one.value) for one in test.success).replace("\\", "")
    assert "Loaded as outreach: 6 rows read, 5 kept, 1 rejected." in done
    assert (empty / "mappings" / "outreach.yaml").stat().st_mode & 0o777 == 0o600
    assert not [*(empty / "tmp").iterdir()]
    told = open_session(empty, None).ask("contact_history", child="outreach:9434765919")
    assert [(str(row["occurred_on"]), row["level"]) for row in told.rows] == [("2024-06-25", 4)]
    again = open_app("register", home=empty)
    assert "mappings of its own for: outreach" in words(again)


def test_the_next_extract_begins_with_the_mapping_that_the_workspace_has(open_app: Open, words: Words, empty: Path) -> None:
    (empty / "mappings").mkdir()
    (empty / "mappings" / "children.yaml").write_text(CHILDREN)
    test = uploaded(open_app("register", home=empty), b"NHS number;Surname\n9434765919;Ash\n", "next.csv")
    test = test.selectbox(key="register_begin").select("children").run()
    assert test.text_area(key="register_text").value == CHILDREN
    test.button(key="register_preview").click().run()
    assert "next.csv does not say when it was taken" not in words(test)
    assert "Today is taken here" in words(test)
    test.button(key="register_load").click().run()
    assert "Give the day with" in words(test), "a load is told its day"
    test.date_input(key="register_day").set_value(date(2024, 6, 30)).run()
    test.text_area(key="register_text").set_value(CHILDREN.replace("lag: 0", "lag: 2")).run()
    test.button(key="register_load").click().run()
    assert not test.exception
    assert "Loaded as children: 1 row read, 1 kept, 0 rejected." in "".join(str(one.value) for one in test.success)
    assert "lag: 2" in (empty / "mappings" / "children.yaml").read_text(), "it was begun with, so it is replaced"


def test_faults_and_points_to_decide_stand_beside_the_mapping(open_app: Open, words: Words, empty: Path) -> None:
    test = uploaded(open_app("register", home=empty))
    test.button(key="register_propose").click().run()
    text = test.text_area(key="register_text").value
    test.text_area(key="register_text").set_value(text.replace("occurred_on: Visit date", "occured_on: Visit date")).run()
    assert "contacts has no such column" in words(test)
    test.text_area(key="register_text").set_value("a: [").run()
    assert "is not YAML" in words(test)
    assert not test.exception


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"), (b"PK\x03\x04rubbish", "damaged zip archive"), (b"\x89PNG\r\n" + bytes(range(200)), "is a picture"),
        (b"a,b\n", "has a header and no row"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_by_name(
    open_app: Open, words: Words, empty: Path, content: bytes, said: str
) -> None:
    test = uploaded(open_app("register", home=empty), content)
    test.button(key="register_propose").click().run()
    assert not test.exception
    assert said in words(test)
    assert not (empty / "mappings").exists()


def test_where_only_a_server_is_read_the_page_says_where_registers_are_added(
    monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    monkeypatch.setattr("lastseen.views.shared.home", lambda: None)
    test = AppTest.from_string("from lastseen.views import register\nregister.page()").run()
    assert "Add registers where the workspace is" in words(test)
