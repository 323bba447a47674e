"""Ofsted's Annex A: the public workbook against counts made independently (data's README), and a story of odd values."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.formats.workbook import workbook
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import all_mappings
from lastseen.loaders.recognising import recognise
from lastseen.queries.session import open_session

SHARED = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "annex_a"
Book = Callable[..., Path]
RowsOf = Callable[[Load, str], list[dict[str, object]]]
ROWS = {f"List {number}": rows for number, rows in enumerate([5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5], 1)}


@pytest.fixture
def public(need: Callable[[object, str], None]) -> Path:
    path = SHARED / "Annex_A_2024_Jan.xlsx"
    need(path.exists(), f"the public Annex A workbook is not in {SHARED}")
    return path


def test_the_public_workbook_is_read_as_counted(workspace: Workspace, public: Path, rows_of: RowsOf, tmp_path: Path) -> None:
    sheets, hidden = workbook(public, "a.xlsx", tmp_path)
    assert {text.name.rpartition("#")[2]: text.path.read_bytes().count(b"\n") - 1 for text in sheets} == ROWS
    assert hidden == []
    assert recognise(public, all_mappings()).source == "annex_a"
    report = load(workspace, "annex_a", [public], publish=False)
    assert (report.read, report.rejected) == (59, 0)
    assert report.warnings == [
        "Annex_A_2024_Jan.xlsx: no extract date is stated; the newest day inside, 2021-03-15, is taken.",
    ]
    one = workspace.loads()[0]
    assert Counter(row["status"] for row in rows_of(one, "involvements")) == {
        "early_help": 5, "referral": 6, "assessment": 5, "s47": 5, "cin": 5, "cp": 7, "cla": 10,
    }
    # `nope` is no postcode: that placement and the one without are places not known, each its own
    assert Counter((row["kind"], row.get("postcode")) for row in rows_of(one, "places")) == {
        ("property", "T28 2WB"): 1, ("property", "C25 1YT"): 1, ("property", "P13 2TR"): 1, ("not_known", None): 2,
    }
    assert all(str(row["name"]) == " ".join(str(row["name"]).split()) for row in rows_of(one, "workers")), "no hard spaces"
    assert "#N/A" not in {row["name"] for row in rows_of(one, "workers")}
    levels = Counter(row.get("level") for row in rows_of(one, "participants"))
    assert levels == {4: 5 + 5, 5: 3, None: 56 - 13}  # assessed or last seen; alone; not said


WHO = ["Unique Child ID", "DOB", "Sex"]
BORN = date(2015, 3, 27)
IN_CARE = [BORN, "M", date(2024, 1, 5), date(2024, 3, 5), None, date(2024, 1, 6)]


def test_each_list_tells_what_it_can_and_no_more(workspace: Workspace, book: Book, rows_of: RowsOf) -> None:
    seen = ["Yes", "1 - Yes", "Child seen", "Child seen alone", "Yes-See care notes for details", "0 - No", "Not seen",
            "Not seen alone", "No Visit - new in last month", "Unborn", "b) No"]
    path = book({
        "Front_Sheet": {1: ["Annex A"], 2: WHO},
        "List 1: Contacts": {
            1: ["List 1: Contacts"], 2: [*WHO, "Date of Contact", "Contact Source"],
            3: [101, BORN, "a) Male", date(2024, 3, 1), "q) 6: Police"], 4: [101, BORN, "M", date(2024, 3, 1), "q) 6: Police"],
            5: ["102", date(2024, 9, 1), "Unborn", "2024-03-02", "t) 9: Anonymous"],
            6: ["103", "May be 8 Jan 2000", "F", "2024-03-02", "children\u00c3\u00a2s"],
        },
        "List_4": {
            1: [*WHO, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
                "Continuous Assessment Date of Authorisation"],
            **{row: [f"2{row:02}", BORN, "1", date(2024, 2, 1), said, date(2024, 2, 20)] for row, said in enumerate(seen, 2)},
        },
        "List 6": {
            1: [*WHO, "CIN Start Date", "Date Child Was Last Seen", "CIN Closure Date", "Reason for Closure",
                "Case Status", "Allocated Team", "Allocated Worker"],
            2: [101, BORN, "M", date(2024, 1, 5), date(2024, 3, 4), None, None, "c) Child in need plan", "T1",
                "Dana\u00a0Fox "],
            3: ["104", BORN, "M", date(2024, 1, 5), None, None, None, "a) Looked after", "#N/A", "#N/A"],
        },
        "List 7": {
            1: [*WHO, "Child Protection Plan Start Date", "Child Protection Plan End Date", "Date of the Last Statutory Visit",
                "Was the Child Seen Alone?"],
            2: ["105", BORN, "F", date(2024, 1, 5), None, date(2024, 3, 4), "a) Yes"],
            3: ["106", BORN, "F", date(2024, 1, 5), None, date(2024, 3, 4), "b) No"],
        },
        "List 8": {
            1: [*WHO, "Date Started to be Looked After", "Date of Last Social Work Visit", "Date Ceased to be Looked After",
                "Start Date of Most Recent Placement", "Placement postcode", "LA of Placement", "Placement Type"],
            2: ["104", *IN_CARE, "bd1 1aa", "380", "U6"], 3: ["107", *IN_CARE, "BD1 1AA", "c) CON", "U6"],
            4: ["108", *IN_CARE, "BD1 1AB", "380", "A3: Placed for adoption"], 5: ["109", *IN_CARE, "nope", "380", "K2"],
        },
    }, name="annex.xlsx")
    report = load(workspace, "annex_a", [path], extract_date=date(2024, 4, 1))
    assert report.reasons == {"Date of Birth: not a date of the expected style": 1}
    one = workspace.loads()[0]
    levels = {row["contact"]: row.get("level") for row in rows_of(one, "participants") if str(row["file"]).endswith("List_4")}
    assert [*levels.values()] == [4, 4, 4, 5, 4, 1, 1, None, None, None, 1]
    assert [(row["person"], row["kind"], row.get("reported_by")) for row in (
        {**contact, "person": who["person"]} for contact in rows_of(one, "contacts") for who in rows_of(one, "participants")
        if contact["contact"] == who["contact"] and "List 1" in str(contact["file"]))] == [
        ("101", "contact_received", "police"), ("102", "referral_anonymous", "anonymous"),
    ]
    unborn = {row["person"]: row["expected_on"] for row in rows_of(one, "people") if "expected_on" in row}
    assert unborn == {"102": date(2024, 9, 1)}
    assert [(row["name"], row["agency"]) for row in rows_of(one, "workers")] == [("Dana Fox", "SOCIAL_CARE")]
    assert {row["person"] for row in rows_of(one, "residences")} == {"104", "109"}, "CON and adoption: never"
    session, day = open_session(workspace.home), date(2024, 4, 1)
    assert {child: session.last_seen(f"annex_a:{child}", day).on for child in (101, 104, 105, 106, 207)} == {
        101: date(2024, 3, 4), 104: None, 105: date(2024, 3, 4), 106: None, 207: None,
    }
    history = session.ask("contact_history", day, child="annex_a:101").rows
    assert [(row["kind"], row["level"], row["row"]) for row in history] == [
        ("visit", 4, "1:annex.xlsx#List 6:2"), ("contact_received", None, "1:annex.xlsx#List 1_ Contacts:3"),
    ]
