"""Larch Court (fictional) from extract files to answers, on both engines: what would have been shown on two days.

Expected rows are written by hand from the script of the domain reference; days count from the index child's birth.
A1 and A2 are the adults, C1 to C4 the children, C3 the index child; H1 and H2 the homes, X1 and X2 other councils.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.journal import Journal
from lastseen.graph.projection import project
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Store
from lastseen.loaders.demo import OFFICER, demo
from lastseen.loaders.made_up.people import PEOPLE
from lastseen.loaders.made_up.script import T0
from lastseen.queries.answer import PROTECTED
from lastseen.queries.session import Session, open_session

BEFORE, AFTER = 1642, 2230
"""The two days of the acceptance: the age at which the child of the published case died, and the demo's own day."""
NAMED_BY = {"A1": PEOPLE["A1"].nhs, "A2": "housing:H18399", **{code: PEOPLE[code].nhs for code in ("C1", "C2", "C3", "C4")}}
PLACES = {
    "4 Larch Court, AQ1 4LR": "H1", "27 Quarry Rise, AQ2 7QR": "H2", "Port Carrow": "X1", "Eastness": "X2",
    PROTECTED: "protected",
}  # fmt: skip
HV, GP, CSC = "Health visiting", "Aldermere Park Surgery", "Children's social care"
POLICE, SCHOOL, CME, MATERNITY = "Police", "Larch Valley School", "Children missing education team", "Maternity unit"

HISTORY: list[tuple[int, int, str, str, str, int | None, str | None, str | None, str, str]] = [
    # day, known, kind, agency, part, level, outcome, place, others seen, others not seen
    (0, 2, "birth", MATERNITY, "subject", 4, None, None, "", ""),
    (5, 7, "visit", MATERNITY, "subject", 4, None, "H1", "", ""),
    (16, 19, "review_new_birth", HV, "subject", 4, None, "H1", "", ""),
    (47, 50, "review_6_8_weeks", HV, "subject", 0, "no_access", "H1", "", ""),
    (61, 64, "clinic", HV, "subject", 0, "was_not_brought", None, "", ""),
    (120, 123, "visit", HV, "subject", 1, "declined", "H1", "", ""),
    (131, 145, "birth_registration", "Registrar of births", "subject", 1, None, None, "", ""),
    (350, 353, "review_9_12_months", HV, "subject", 0, "no_access", "H1", "", ""),
    (480, 510, "immunisation", GP, "subject", 0, "was_not_brought", None, "", ""),
    (515, 545, "immunisation", GP, "subject", 0, "was_not_brought", None, "", ""),
    (610, 611, "dv_notification", POLICE, "listed", 1, None, "H1", "", "C1 C2"),
    (611, 611, "contact_received", CSC, "subject", None, "no_further_action", None, "", ""),
    (655, 656, "dv_notification", POLICE, "listed", 1, None, "H1", "", "C1 C2"),
    (656, 656, "contact_received", CSC, "subject", None, "no_further_action", None, "", ""),
    (742, 743, "dv_notification", POLICE, "listed", 1, None, "H1", "", "C1 C2"),
    (743, 743, "contact_received", CSC, "subject", None, "no_further_action", None, "", ""),
    (757, 759, "meeting", "Aldermere MARAC", "listed", None, None, None, "", ""),
    (912, 915, "visit", HV, "subject", 1, None, "H2", "C4", ""),
    (919, 922, "review_2_years", HV, "subject", 0, "was_not_brought", None, "", ""),
    (930, 990, "offer", "Aldermere early years", "subject", None, "no_reply", None, "", ""),
    (1293, 1293, "contact_received", CSC, "subject", None, "no_further_action", None, "", ""),
    (1330, 1360, "immunisation", GP, "subject", 0, "was_not_brought", None, "", "C4"),
    (1400, 1401, "welfare_visit", POLICE, "subject", 3, None, "H2", "C2 C4", ""),
    (1401, 1401, "contact_received", CSC, "subject", None, "no_further_action", None, "", ""),
    (1510, 1540, "immunisation", GP, "subject", 0, "was_not_brought", None, "", "C4"),
    (1560, 1590, "letter", GP, "subject", None, None, None, "", ""),
    (1640, 1643, "visit", HV, "subject", 0, "no_access", "H2", "", "C4"),
    (1655, 1658, "visit", HV, "subject", 0, "no_access", "H2", "", "C4"),
    (1700, 1703, "phone", HV, "subject", 1, None, None, "", "C4"),
    (1780, 1783, "visit", HV, "subject", 1, None, "H2", "", "C4"),
    (1915, 1945, "no_application", "Aldermere admissions", "subject", None, None, None, "", ""),
    (1942, 1945, "missing_education_referral", HV, "subject", None, None, None, "", ""),
    (1950, 1951, "claim", CME, "spoken_about", 1, None, None, "", "C4"),
    (1981, 1982, "area_check", CME, "subject", None, "negative", "X1", "", ""),
    (2075, 2082, "claim", SCHOOL, "spoken_about", None, None, None, "", ""),
    (2104, 2104, "visit", CSC, "subject", 1, None, "H2", "C2", "C4"),
    (2225, 2232, "claim", SCHOOL, "spoken_about", 1, None, None, "", "C4"),
    (2286, 2287, "visit", POLICE, "subject", 0, "no_reply", "H2", "", "C2 C4"),
    (2288, 2289, "visit", POLICE, "subject", 1, None, "H2", "", "C2 C4"),
    (2291, 2292, "visit", POLICE, "subject", 0, "no_reply", "H2", "", "C2 C4"),
    (2293, 2293, "referral", CSC, "subject", None, None, "H2", "", ""),
    (2294, 2294, "visit", CSC, "subject", 5, None, "H2", "C2 C4", ""),
]
"""Every row of the script that is about C3, as its agencies wrote it."""


def day(number: int) -> date:
    return T0 + timedelta(days=number)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def workspace(root: Path) -> Workspace:
    [made] = demo(root)
    return made


@pytest.fixture(scope="module")
def tables(workspace: Workspace) -> GraphTables:
    build = workspace.current_build()
    assert build
    return build.tables


class Asked:
    """Answers with people, places and days in the script's own words."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.codes = {session.person(text, day(AFTER)): code for code, text in NAMED_BY.items()}
        self.ids = {code: person for person, code in self.codes.items()}

    def rows(self, question: str, on: int, columns: str, **parameters: Any) -> list[tuple[Any, ...]]:
        answer = self.session.ask(question, day(on), **parameters)
        return [tuple(self._said(row, column) for column in columns.split()) for row in answer.rows]

    def _said(self, row: dict[str, Any], column: str) -> Any:
        value = row[column]
        if isinstance(value, list):
            return " ".join(sorted(self.codes.get(one, one) for one in value))
        if isinstance(value, date):
            return (value - T0).days
        return PLACES.get(row.get(f"{column}_name", ""), self.codes.get(value, value))

    def history(self, on: int) -> list[tuple[Any, ...]]:
        columns = "occurred_on known_on kind agency role level outcome place seen_too not_seen"
        return self.rows("contact_history", on, columns, child=self.ids["C3"])


@pytest.fixture(scope="module")
def asked(tables: GraphTables, workspace: Workspace, publish_tables: Callable[[GraphTables], Store]) -> Asked:
    return Asked(Session(publish_tables(tables), workspace))


# --- who has not been seen ----------------------------------------------------------------------------------------

NOT_SEEN = "child last_seen days level kind agency source"


def test_on_day_1642_everybody_was_seen_in_person_within_a_year_by_someone(asked: Asked) -> None:
    assert asked.rows("not_seen", BEFORE, NOT_SEEN) == []
    assert asked.session.last_seen(asked.ids["C3"], day(BEFORE)).days == 242
    assert asked.session.last_seen(asked.ids["C4"], day(BEFORE)).days == 242


def test_on_day_1642_no_agency_had_seen_the_two_youngest_for_its_purpose_since_their_first_weeks(asked: Asked) -> None:
    assert asked.rows("not_seen", BEFORE, NOT_SEEN, level=4) == [
        ("C3", 16, 1626, 4, "review_new_birth", HV, "health_visiting"),
        ("C4", 912, 730, 4, "review_new_birth", HV, "health_visiting"),
    ]


def test_on_day_2230_the_two_youngest_were_not_seen_for_830_days(asked: Asked) -> None:
    assert sorted(asked.rows("not_seen", AFTER, NOT_SEEN)) == [
        ("C3", 1400, 830, 3, "welfare_visit", POLICE, "police_notices"),
        ("C4", 1400, 830, 3, "welfare_visit", POLICE, "police_notices"),
    ]
    assert asked.rows("not_seen", AFTER, NOT_SEEN, level=4) == [
        ("C3", 16, 2214, 4, "review_new_birth", HV, "health_visiting"),
        ("C4", 912, 1318, 4, "review_new_birth", HV, "health_visiting"),
    ]


def test_the_answer_adds_up_and_nothing_it_needed_was_missing(asked: Asked) -> None:
    for on in (BEFORE, AFTER):
        answer = asked.session.ask("not_seen", day(on))
        assert (answer.population, answer.age_unknown, answer.cannot_tell, answer.not_loaded) == (4, 0, 0, [])
        assert [one.register for one in answer.freshness if one.stale] == []


def test_never_seen(asked: Asked) -> None:
    columns = "child born_on known_since days last_contact"
    for on in (BEFORE, AFTER):
        assert asked.rows("never_seen", on, columns) == [], "each was seen in person at birth at the latest"
    assert asked.rows("never_seen", BEFORE, columns, level=5) == [
        ("C2", -2100, -1470, 3112, 1628), ("C3", 0, -61, 1642, 1560), ("C4", 900, 832, 742, 1560),
    ]  # fmt: skip


def test_an_expected_child_is_counted_apart_and_is_not_a_hit(asked: Asked) -> None:
    answer = asked.session.ask("not_seen", day(-30))
    assert (answer.population, answer.not_yet_born, answer.rows) == (2, 1, [])


# --- where they are said to live ----------------------------------------------------------------------------------

CONFLICT = "child conflict place basis sources since other_place other_basis other_sources other_since"


def test_on_day_1642_nobody_is_said_to_be_in_two_places(asked: Asked) -> None:
    assert asked.rows("conflicting_locations", BEFORE, CONFLICT) == []


def test_on_day_2230_the_claims_contradict_the_home_visits_and_each_other(asked: Asked) -> None:
    home_of_c3 = ("H2", "observed", "admissions missing_education school_concerns social_care_contacts", 1915)
    assert sorted(asked.rows("conflicting_locations", AFTER, CONFLICT), key=str) == sorted([
        ("C3", "claimed out of area", *home_of_c3, "X1", "claimed", "missing_education", 1950),
        ("C3", "claimed out of area", *home_of_c3, "X2", "claimed", "school_concerns", 2075),
        ("C3", "claims differ, both out of area", "X2", "claimed", "school_concerns", 2075,
         "X1", "claimed", "missing_education", 1950),
        ("C4", "claimed out of area", "H2", "observed", "missing_education social_care_contacts", 1950,
         "X1", "claimed", "missing_education", 1950),
    ], key=str)  # fmt: skip


def test_a_claim_shows_only_from_the_day_its_agency_knew_it(asked: Asked) -> None:
    claimed = "child other_place"
    assert asked.rows("conflicting_locations", 1950, claimed) == []
    assert asked.rows("conflicting_locations", 1951, claimed) == [("C3", "X1"), ("C4", "X1")]
    assert ("C4", "X2") not in asked.rows("conflicting_locations", 2231, claimed)
    assert ("C4", "X2") in asked.rows("conflicting_locations", 2232, claimed)


HOUSEHOLD_1642 = {
    ("H2", "C3", "observed", "health_visiting"), ("H2", "C3", "observed", "early_years"),
    ("H2", "C3", "observed", "police_notices"),
    ("H2", "A1", "registered", "housing"), ("H2", "A1", "observed", "births"), ("H2", "A1", "observed", "ambulance"),
    ("H2", "C1", "registered", "gp_list"), ("H2", "C1", "registered", "housing"),
    ("H2", "C2", "registered", "housing"), ("H2", "C2", "observed", "police_notices"),
    ("H2", "C2", "observed", "school_concerns"),
    ("H2", "C4", "observed", "health_visiting"), ("H2", "C4", "observed", "police_notices"),
}  # fmt: skip
HOUSEHOLD_2230 = HOUSEHOLD_1642 | {
    ("X1", "C3", "claimed", "missing_education"), ("X2", "C3", "claimed", "school_concerns"),
    ("H2", "C3", "observed", "admissions"), ("H2", "C3", "observed", "missing_education"),
    ("H2", "C3", "observed", "school_concerns"), ("H2", "C3", "observed", "social_care_contacts"),
    ("H2", "A1", "observed", "missing_education"), ("H2", "C1", "observed", "school_concerns"),
    ("H2", "C2", "observed", "social_care_contacts"), ("H2", "C4", "observed", "missing_education"),
    ("H2", "C4", "observed", "social_care_contacts"),
}  # fmt: skip


@pytest.mark.parametrize(("on", "expected"), [(BEFORE, HOUSEHOLD_1642), (AFTER, HOUSEHOLD_2230)])
def test_who_lives_there_by_each_source(asked: Asked, on: int, expected: set[tuple[str, ...]]) -> None:
    """C3 is on no list: the practice removed him, the tenancy form leaves him out. The removal was known on day 1625."""
    assert set(asked.rows("household_on", on, "place person basis source", child=asked.ids["C3"])) == expected


def test_until_the_practice_told_of_the_removal_its_list_still_held_the_index_child(asked: Asked) -> None:
    held = ("H2", "C3", "registered", "gp_list")
    assert held in asked.rows("household_on", 1624, "place person basis source", child=asked.ids["C3"])
    assert held not in asked.rows("household_on", 1625, "place person basis source", child=asked.ids["C3"])


def test_a_refuge_stay_shows_no_place_and_nobody_else_in_it(asked: Asked) -> None:
    rows = asked.rows("household_on", 800, "place person basis kind", child=asked.ids["C3"])
    assert ("protected", "C3", "registered", None) in rows
    assert {person for place, person, *_ in rows if place == "protected"} == {"C3"}


def test_no_text_of_the_refuges_address_is_anywhere_in_the_graph(tables: GraphTables) -> None:
    for name in (*NODES, *EDGES):
        for column in pq.read_table(tables.path(name)).columns:
            for text in {str(value).casefold() for value in column.to_pylist()}:
                assert not any(word in text for word in ("rowan", "hidden lane", "aq9", "9rf", "999900000903")), name


# --- one child ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_the_index_childs_history_is_every_row_known_by_then_newest_first(asked: Asked, on: int) -> None:
    expected = [row for row in HISTORY if row[1] <= on]
    assert len(expected) == {BEFORE: 26, AFTER: 36}[on]
    assert asked.history(on) == sorted(expected, key=lambda row: (-row[0], -row[1]))


def test_a_row_shows_from_the_day_it_was_known_and_never_before(asked: Asked) -> None:
    for known in sorted({row[1] for row in HISTORY}):
        for on in (known - 1, known):
            found = sorted(row[:3] for row in asked.history(on))
            assert found == sorted(row[:3] for row in HISTORY if row[1] <= on), f"day {on}"


def test_what_was_never_shared_is_nowhere(asked: Asked) -> None:
    assert "intelligence" not in {row[0] for row in asked.rows("contact_history", 2300, "kind", child=asked.ids["A2"])}


def test_a_report_about_the_home_alone_is_kept_though_it_names_nobody(asked: Asked) -> None:
    rows = asked.session.store.run("""
        MATCH (c:Contact {kind: 'referral_anonymous'})-[:AT]->(h:Address)
        OPTIONAL MATCH (c)-[a:ABOUT]->(:Person)
        WITH c, h, count(a) AS named
        RETURN c.source AS source, c.occurred_on AS occurred_on, c.known_on AS known_on, c.reported_by AS reported_by,
               h.postcode AS postcode, named ORDER BY occurred_on""").rows
    assert rows == [
        ("social_care_contacts", day(2100), day(2100), "anonymous", "AQ2 7QR", 0),
        ("police_notices", day(2285), day(2286), "member of the public", "AQ2 7QR", 0),
    ]


def test_siblings_share_the_mother_that_three_sources_name_and_no_father(asked: Asked) -> None:
    columns = "sibling shared_parent stated_by born_on last_seen days level agency"
    known_by = "births maternity school_roll"
    for on, at_school, youngest in ((BEFORE, (1628, 1628), (1400, 242)), (AFTER, (2209, 2208), (1400, 830))):
        assert asked.rows("siblings", on, columns, child=asked.ids["C3"]) == [
            ("C1", "A1", known_by, -3300, at_school[0], on - at_school[0], 4, SCHOOL),
            ("C2", "A1", known_by, -2100, at_school[1], on - at_school[1], 4, SCHOOL),
            ("C4", "A1", "births maternity", 900, *youngest, 3, POLICE),
        ]


AROUND = "agency_kind tie register since until end_reason last_contact last_seen loaded"
NOT_HELD = (None, None, None, None, None, True)
AROUND_1642 = {
    ("early_years", "contact", None, 930, None, None, 930, None, True),
    ("maternity", "contact", None, 0, None, None, 5, 5, True),
    ("marac", "contact", None, 757, None, None, 757, None, True),
    ("police", "contact", None, 610, None, None, 1400, 1400, True),
    ("social_care", "contact", None, 611, None, None, 1401, None, True),
    (None, "register without this child", "early_years", *NOT_HELD),
    (None, "register without this child", "gp", *NOT_HELD),
    ("gp", "registered", "gp", 455, 1595, "removed, no forwarding practice", 1560, None, True),
    ("health_visiting", "registered", "health_visiting", 16, None, None, 919, 16, True),
    ("registrar", "registered", "births", 131, None, None, 131, None, True),
}
AROUND_2230 = {
    ("admissions", "contact", None, 1915, None, None, 1915, None, True),
    ("early_years", "contact", None, 930, None, None, 930, None, True),
    ("maternity", "contact", None, 0, None, None, 5, 5, True),
    ("marac", "contact", None, 757, None, None, 757, None, True),
    ("police", "contact", None, 610, None, None, 1400, 1400, True),
    ("school", "contact", None, 2075, None, None, 2075, None, True),
    ("missing_education", "involved", "cme", 1950, 2125, "moved out of area", 1981, None, True),
    ("social_care", "involved", "referral", 2104, 2110, "no further action", 2104, None, True),
    (None, "register without this child", "admissions", *NOT_HELD),
    (None, "register without this child", "gp", *NOT_HELD),
    (None, "register without this child", "school", *NOT_HELD),
    ("gp", "registered", "gp", 455, 1595, "removed, no forwarding practice", 1560, None, True),
    ("health_visiting", "registered", "health_visiting", 16, 2120, "moved out of area", 1942, 16, True),
    ("registrar", "registered", "births", 131, None, None, 131, None, True),
}


@pytest.mark.parametrize(("on", "expected"), [(BEFORE, AROUND_1642), (AFTER, AROUND_2230)])
def test_agencies_around_the_index_child(asked: Asked, on: int, expected: set[tuple[Any, ...]]) -> None:
    assert set(asked.rows("agencies_around", on, AROUND, child=asked.ids["C3"])) == expected


def test_each_sources_name_for_the_index_child_finds_him(asked: Asked) -> None:
    for name in ("Tam Marlowe", "Tam Tennant", "Tom Marlow", "T Marlowe-Tennant", PEOPLE["C3"].nhs):
        found = asked.rows("find_person", AFTER, "person matched_by", text=name)
        assert found[0] == ("C3", "identifier" if name.isdigit() else "name"), name


# --- who is who ---------------------------------------------------------------------------------------------------


def rows_of(tables: GraphTables, name: str) -> list[dict[str, Any]]:
    return pq.read_table(tables.path(name)).to_pylist()


def test_the_extracts_are_six_people_and_every_record_of_each_is_theirs(tables: GraphTables, asked: Asked) -> None:
    assert len(rows_of(tables, "Person")) == 6
    names: dict[str, set[str]] = {}
    written = {record["id"]: record["name"] for record in rows_of(tables, "Record")}
    for link in rows_of(tables, "IDENTIFIES"):
        names.setdefault(asked.codes[link["to"]], set()).add(written[link["from"]])
    assert {code: said - {None} for code, said in names.items()} == {
        "A1": {"Joanne Tennant"}, "A2": {"Craig Marlowe"}, "C1": {"Ellis Tennant"}, "C2": {"Freya Marlowe"},
        "C3": {"Tam Marlowe", "Tam Tennant", "Tom Marlow", "T Marlowe-Tennant"}, "C4": {"Wren Marlowe"},
    }  # fmt: skip


def test_the_polices_name_was_joined_by_a_person_who_says_why(tables: GraphTables, workspace: Workspace) -> None:
    [link] = [link for link in rows_of(tables, "IDENTIFIES") if link["from"] == "police_notices:NOM20000"]
    assert (link["how"], link["probability"]) == ("person", 1.0)
    [decision] = Journal(workspace.journal).standing()
    assert (decision.by, "fictional" in decision.by, decision.reason[:9]) == (OFFICER, True, "Fictional")


@pytest.fixture
def copy(workspace: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(workspace.home, tmp_path / "copy")
    return Workspace.open(tmp_path / "copy")


def test_without_the_decision_the_polices_name_is_a_seventh_person(copy: Workspace, tmp_path: Path) -> None:
    copy.journal.unlink()
    apart = project(copy, copy.loads(), tmp_path / "tables")
    assert len(rows_of(apart, "Person")) == 7
    [police] = {link["to"] for link in rows_of(apart, "IDENTIFIES") if link["from"] == "police_notices:NOM20000"}
    assert [link["from"] for link in rows_of(apart, "IDENTIFIES") if link["to"] == police] == ["police_notices:NOM20000"]
    pairs = pq.read_table(tmp_path / "tables" / "possible.parquet").to_pylist()
    assert [pair for pair in pairs if "police_notices:NOM20000" in (pair["record_a"], pair["record_b"])]


def test_undoing_the_decision_takes_the_police_sighting_away_again(copy: Workspace, tmp_path: Path) -> None:
    journal = Journal(copy.journal)
    journal.undo(journal.standing()[0].id, by="Fay Example (fictional)", reason="Trying what undoing does.")
    apart = project(copy, copy.loads(), tmp_path / "tables")
    [tam] = {link["to"] for link in rows_of(apart, "IDENTIFIES") if link["from"] == f"gp_list:{PEOPLE['C3'].nhs}"}
    seen = [about["occurred_on"] for about in rows_of(apart, "ABOUT") if about["to"] == tam and (about["level"] or 0) >= 3]
    assert max(on for on in seen if on <= day(AFTER)) == day(16)


# --- the demonstration --------------------------------------------------------------------------------------------


def test_doing_the_demonstration_again_changes_nothing(root: Path, workspace: Workspace) -> None:
    build, loads = workspace.current_build(), workspace.loads()
    assert build
    [again] = demo(root)
    assert [load.n for load in again.loads()] == [load.n for load in loads]
    assert len(Journal(again.journal).decisions()) == 1
    after = again.current_build()
    assert after
    assert after.id == build.id


def test_the_workspace_answers_on_its_own_day_and_says_that_it_is_fictional(workspace: Workspace) -> None:
    session = open_session(workspace.home)
    try:
        assert session.default_as_at() == day(AFTER) == date(2018, 7, 20)
        assert len(session.ask("not_seen").rows) == 2
        assert (session.marker.fictional, session.marker.area) == (True, "Aldermere")
        assert "fictional" in session.marker.title
    finally:
        session.close()
