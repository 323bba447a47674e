"""The children in need census: the two public files against counts made independently (data's README), and a story."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import load_mapping
from lastseen.loaders.recognising import recognise
from lastseen.queries.session import open_session

SHARED = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "cin"
Write = Callable[..., Path]
RowsOf = Callable[[Load, str], list[dict[str, object]]]


def asked(one: Load, query: str) -> Any:
    for table in one.tables:
        query = query.replace(f"@{table}", f"'{one.table(table)}'")
    (row,) = duckdb.sql(query).fetchall()
    return row


@pytest.fixture
def taken(workspace: Workspace, need: Callable[[object, str], None]) -> Callable[[str], Load]:
    def take(name: str) -> Load:
        need((SHARED / name).exists(), f"the public census files are not in {SHARED}")
        load(workspace, "cin_census", [SHARED / name], publish=False)
        return workspace.loads()[-1]

    return take


def test_332_generated_children_are_read_as_counted(taken: Callable[[str], Load]) -> None:
    one = taken("fake_CIN_data.xml")
    document = ElementTree.parse(SHARED / "fake_CIN_data.xml")  # noqa: S314 - a file of ours
    details = [*document.iter("CINdetails")]
    late = [detail for detail in details if (detail.findtext("CINreferralDate") or "") > "2022-07-21"]
    closed = [detail for detail in details if detail.find("CINclosureDate") is not None and detail not in late]
    assert (len(details), len(late), len(closed)) == (402, 8, 249)
    assert (one.read, one.kept) == (332 + 402, 332 + 394)
    assert one.reasons == {"CINreferralDate: later than the day of the extract": 8}
    assert (one.extract_date, one.scopes) == (date(2022, 7, 21), ["975"])
    assert (one.covers_from, one.covers_to) == (date(2022, 1, 1), date(2022, 7, 21))
    assert asked(one, "SELECT count(*), count(born_on), count(died_on) FROM @people") == (332, 332, 21)
    sexes = Counter(element.text for element in document.iter("GenderCurrent"))
    by_sex = "SELECT count(*) FILTER (sex = 'M'), count(*) FILTER (sex = 'F'), count(*) FILTER (sex = 'U') FROM @people"
    assert asked(one, by_sex) == (sexes["1"], sexes["2"], sexes["0"] + sexes["9"])
    assert asked(one, "SELECT count(*), count(valid_to) FROM @involvements WHERE status = 'referral'") == (394, 249)
    conferences = [detail.findtext("DateOfInitialCPC") for detail in details if detail.find("DateOfInitialCPC") is not None]
    assert len(conferences) == 350
    held = [detail for detail in details if "" < (detail.findtext("DateOfInitialCPC") or "") <= "2022-07-21"]
    assert asked(one, "SELECT count(*) FROM @contacts WHERE kind = 'meeting'") == (len(held),)
    assert asked(one, "SELECT count(*) FROM @participants WHERE level IS NOT NULL") == (0,), "the census sees nobody"


def test_wrong_check_letters_are_warned_of_and_the_numbers_kept(
    workspace: Workspace, need: Callable[[object, str], None]
) -> None:
    """The data's README: only 12 of the 332 UPNs pass the check letter."""
    need(SHARED.exists(), f"the public census files are not in {SHARED}")
    report = load(workspace, "cin_census", [SHARED / "fake_CIN_data.xml"], publish=False)
    [said] = [warning for warning in report.warnings if "UPN" in warning]
    assert said.endswith(", UPN: 320 UPNs have a wrong check letter; they are kept as written.")
    assert asked(workspace.load(1), "SELECT count(*) FROM @identifiers WHERE scheme = 'upn'") == (332,)


def test_the_full_hand_made_file_is_read_with_its_nested_parts(taken: Callable[[str], Load], rows_of: RowsOf) -> None:
    one = taken("CIN_Census_2024.xml")
    assert [(row["person"], row.get("sex"), row["born_on"]) for row in rows_of(one, "people")] == [
        ("DfEX0000001", "M", date(2015, 3, 27)), ("child_fails_assessments", "M", date(2023, 9, 25)),
    ]
    assert {(row["scheme"], row["value"]) for row in rows_of(one, "identifiers")} == {
        ("la_child_id", "DfEX0000001"), ("upn", "A123456789123"), ("former_upn", "X98765432123B"),
        ("la_child_id", "child_fails_assessments"),
    }
    assert {(row["status"], row["valid_from"], row.get("valid_to")) for row in rows_of(one, "involvements")} == {
        ("referral", date(2022, 10, 6), date(2023, 2, 27)), ("cin", date(2023, 1, 24), date(2023, 1, 26)),
        ("s47", date(2022, 6, 2), date(2022, 6, 17)), ("cp", date(2022, 2, 17), date(2023, 3, 14)),
        ("assessment", date(2023, 12, 25), date(2024, 1, 27)),
    }
    assert {(row["kind"], row["occurred_on"], row.get("reported_by")) for row in rows_of(one, "contacts")} == {
        ("referral", date(2022, 10, 6), "family"), ("meeting", date(2022, 12, 6), None), ("meeting", date(2022, 6, 17), None),
        ("meeting", date(2023, 2, 15), None),
    }
    with one.rejected_rows.open(encoding="utf-8", newline="") as file:
        assert [(row["file"], row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)] == [
            ("CIN_Census_2024.xml#CINdetails", "3", "CINreferralDate", "later than the day of the extract"),
            ("CIN_Census_2024.xml#Assessments", "2", "AssessmentAuthorisationDate", "ends before it begins"),
        ]


CENSUS = """<Message><Header><CollectionDetails><Collection>CIN</Collection>
<Year>{year}</Year><ReferenceDate>{year}-03-31</ReferenceDate>
</CollectionDetails><Source><LEA>380</LEA></Source></Header><Children>
<Child><ChildIdentifiers><LAchildID>00A1</LAchildID><UPN>A123456789123</UPN><PersonBirthDate>2015-03-27</PersonBirthDate>{sex}
</ChildIdentifiers><CINdetails><CINreferralDate>2023-02-01</CINreferralDate><ReferralSource>9</ReferralSource>{closed}
<ReferralNFA>0</ReferralNFA><ChildProtectionPlans><CPPstartDate>2023-03-01</CPPstartDate><Reviews>
<CPPreviewDate>2023-03-20</CPPreviewDate></Reviews></ChildProtectionPlans></CINdetails></Child>
<Child><ChildIdentifiers><LAchildID>unborn</LAchildID><ExpectedPersonBirthDate>{year}-06-01</ExpectedPersonBirthDate>
</ChildIdentifiers><CINdetails><CINreferralDate>2023-03-02</CINreferralDate><ReferralSource>6</ReferralSource></CINdetails></Child>
</Children></Message>"""


def test_a_plan_and_a_review_are_no_sight_and_next_year_s_census_ends_the_case(workspace: Workspace, write: Write) -> None:
    first = write(CENSUS.format(year=2023, sex="<GenderCurrent>2</GenderCurrent>", closed=""), "cin23.xml")
    closed = "<CINclosureDate>2023-09-01</CINclosureDate><ReasonForClosure>RC5</ReasonForClosure>"
    second = write(CENSUS.format(year=2024, sex="<Sex>F</Sex>", closed=closed), "cin24.xml")
    assert recognise(second, [load_mapping("cin_census"), load_mapping("ssd")]).source == "cin_census"
    report = load(workspace, "cin_census", [first, second])
    assert (report.rejected, len(report.loads)) == (0, 2)
    session = open_session(workspace.home)
    child = session.person("A123456789123", date(2024, 4, 1))
    history = session.ask("contact_history", date(2024, 4, 1), child=child).rows
    assert [(row["occurred_on"], row["kind"], row["level"], row["reported_by"]) for row in history] == [
        (date(2023, 3, 20), "meeting", None, None), (date(2023, 2, 1), "referral_anonymous", None, "anonymous"),
    ]
    assert session.last_seen(child, date(2024, 4, 1)).on is None
    open_then = "MATCH (p:Person)-[i:INVOLVED_WITH]->() WHERE p.id = $child AND open(i) RETURN i.status AS status"
    assert {row["status"] for row in session.cypher(open_then, {"child": child}, date(2023, 6, 1)).rows} == {"cp", "referral"}
    assert {row["status"] for row in session.cypher(open_then, {"child": child}, date(2024, 4, 1)).rows} == {"cp"}
