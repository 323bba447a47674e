"""The shipped mappings: each is whole, reads its made-up extract without a reject, and knows each fact when its agency did."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.graph.folding import fold
from lastseen.graph.schema import CONTACT_KINDS
from lastseen.loaders.folders import load_folder
from lastseen.loaders.made_up import write_larch_court
from lastseen.loaders.made_up.script import T0, Event, read_script
from lastseen.loaders.mapping import all_mappings, load_mapping, source_names
from lastseen.loaders.recognising import plan

NAMES = (
    "admissions", "ambulance", "attendance", "births", "early_years", "gp_contacts", "gp_list", "health_visiting",
    "health_visiting_caseload", "housing", "marac", "maternity", "missing_education", "police_notices", "pole", "refuge",
    "school_concerns", "school_roll", "social_care_contacts",
)  # fmt: skip
KINDS = {
    ("maternity", "booking"): "booking", ("maternity", "birth"): "birth", ("maternity", "visit"): "visit",
    ("hv", "review_new_birth"): "review_new_birth", ("hv", "review_6_8w"): "review_6_8_weeks", ("hv", "clinic"): "clinic",
    ("hv", "visit"): "visit", ("hv", "review_9_12m"): "review_9_12_months", ("hv", "review_2_2h"): "review_2_years",
    ("hv", "phone"): "phone", ("hv", "cme_referral"): "missing_education_referral",
    ("registrar", "birth_registered"): "birth_registration", ("gp", "imms"): "immunisation",
    ("gp", "appointment"): "appointment", ("gp", "warning_letter"): "letter",
    ("police", "dv_notification"): "dv_notification", ("csc", "contact"): "contact_received",
    ("school", "disclosure"): "disclosure", ("marac", "meeting"): "meeting", ("early_years", "offer_2yo"): "offer",
    ("ambulance", "attendance"): "emergency", ("school", "not_collected"): "not_collected",
    ("police", "welfare_visit"): "welfare_visit", ("admissions", "no_application"): "no_application", ("cme", "claim"): "claim",
    ("cme", "area_check"): "area_check", ("school", "claim"): "claim", ("csc", "referral_anonymous"): "referral_anonymous",
    ("csc", "visit"): "visit", ("police", "referral_anonymous"): "referral_anonymous", ("police", "visit"): "visit",
    ("csc", "referral"): "referral", ("police", "intelligence"): "intelligence",
}  # fmt: skip
"""The graph's kind of contact for each of the script's (extract, type) that is one."""
SOURCES = {
    "gp": "gp_contacts", "hv": "health_visiting", "school": "school_concerns", "csc": "social_care_contacts",
    "police": "police_notices", "cme": "missing_education",
    "registrar": "births",
}  # fmt: skip


def day(number: int) -> date:
    return T0 + timedelta(days=number)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("extracts")
    write_larch_court(directory)
    return directory


@pytest.fixture(scope="module")
def loads(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Load]:
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"), create=True)
    load_folder(workspace, extracts, publish=False)
    return workspace.loads()


@pytest.fixture(scope="module")
def folded(loads: list[Load]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    assert fold(connection, loads) == {}, "nothing in the made-up extracts is unusable"
    return connection


def test_the_sources_of_the_first_landing_are_shipped() -> None:
    assert set(NAMES) <= set(source_names())


@pytest.mark.parametrize("name", NAMES)
def test_a_mapping_says_what_its_extract_is(name: str) -> None:
    mapping = load_mapping(name)
    assert mapping.source == name
    assert mapping.doc.endswith(".")
    assert mapping.expected_every > 0


def test_kinds_of_contact_that_do_not_try_are_never_given_a_level() -> None:
    for event in read_script():
        kind = KINDS.get((event.extract, event.type))
        if kind and not CONTACT_KINDS[kind].tries:
            assert event.level is None, f"{kind} on day {event.day}"


def test_birth_dates_are_trusted_as_the_design_orders_them() -> None:
    trust = {mapping.source: mapping.trust for mapping in all_mappings()}
    order = [trust[source] for source in ("births", "maternity", "gp_list", "school_roll")]
    assert order == sorted(set(order))
    assert trust["gp_list"] == trust["gp_contacts"] == trust["health_visiting"] == trust["ambulance"]


def test_every_made_up_file_is_recognised_by_its_header(extracts: Path) -> None:
    planned = {Path(file).name: source for file, source, _ in plan(extracts)}
    assert len(planned) == 25
    for name, source in planned.items():
        assert source is not None, name
        assert name.startswith(source.removesuffix("_contacts")), f"{name} was taken for {source}"


def test_no_row_of_the_made_up_extracts_is_rejected(extracts: Path, loads: list[Load]) -> None:
    assert {load.source for load in loads} == set(NAMES) - {"pole"}
    assert [(load.source, load.reasons) for load in loads if load.rejected] == []
    assert all(load.read == load.kept > 0 for load in loads)


def test_each_list_is_a_load_of_its_own_scope_and_day(loads: list[Load]) -> None:
    lists = [(load.source, load.scopes, load.extract_date) for load in loads if load.shape == "snapshot"]
    assert sorted(lists) == [
        *(("gp_list", ["P1"], day(number)) for number in (-870, 485, 880, 990, 1625)),
        *(("school_roll", ["S1"], day(number)) for number in (-1463, -643)),
    ]


def test_event_extracts_say_what_they_cover(loads: list[Load]) -> None:
    events = [load for load in loads if load.shape == "event"]
    assert len(events) == 16
    assert {(load.extract_date, load.covers_from, load.covers_to) for load in events} == {(day(2300), day(-3000), day(2300))}


def of_contacts(event: Event) -> bool:
    return (event.extract, event.type) in KINDS and not event.unshared


def expected_contacts() -> list[tuple[str, str, date, date]]:
    """(source, kind, occurred, known) of each contact; the two rows of social care's visit of day 2104 are one visit."""
    found = [
        (SOURCES.get(event.extract, event.extract), KINDS[event.extract, event.type], day(event.day), day(event.known))
        for event in read_script() if of_contacts(event)
    ]  # fmt: skip
    found.remove(("social_care_contacts", "visit", day(2104), day(2104)))
    return sorted(found)


def test_every_contact_of_the_script_is_known_on_its_day_plus_lag(folded: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT source, kind, occurred_on, known_on FROM event_contacts WHERE kind <> 'attendance'"
    rows = folded.execute(query).fetchall()
    assert sorted(rows) == expected_contacts()


def test_attendance_is_one_sighting_a_pupil_and_month_on_the_last_day_present(folded: duckdb.DuckDBPyConnection) -> None:
    rows = folded.execute(
        "SELECT p.person, p.level, p.role, p.occurred_on, p.known_on FROM event_participants p WHERE p.kind = 'attendance'"
    ).fetchall()
    months = [(person, on.year, on.month) for person, _, _, on, _ in rows]
    assert len(months) == len(set(months)) > 150
    assert {(level, role) for _, level, role, *_ in rows} == {(4, "subject")}
    assert {known - min(on + timedelta(days=7), day(2300)) for *_, on, known in rows} == {timedelta(0)}
    assert max(on for *_, on, _ in rows if on <= day(2230)) == date(2018, 7, 20), "the last school day"


def test_sight_is_of_each_named_child_as_the_script_says(folded: duckdb.DuckDBPyConnection) -> None:
    """Every (source, day, level) of a named person; a level is a child's or an adult's own, so neither the speaker of a claim
    nor the adults of a notice that lists children have one."""
    expected = [
        (SOURCES.get(event.extract, event.extract), day(event.day), None if with_children and person[0] == "A" else event.level)
        for event in read_script() if of_contacts(event)
        for with_children in [any(person[0] == "C" for person in event.who)] for person in event.who
    ]  # fmt: skip
    expected += [
        (SOURCES[event.extract], day(event.day), None) for event in read_script() if of_contacts(event) and event.speaker
    ]
    found = folded.execute("SELECT source, occurred_on, level FROM event_participants WHERE kind <> 'attendance'").fetchall()
    assert sorted(found, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("table", "source", "expected"),
    [
        ("residences", "gp_list", [(-900, 880, -870, 880)] * 3 + [(455, 880, 485, 880)] + [(850, None, 880, None)]
            + [(850, 1595, 880, 1625)] * 3 + [(960, 1595, 990, 1625)]),
        ("residences", "housing", [(-1500, 760, -1470, 790)] * 4 + [(845, None, 875, None)] * 3),
        ("residences", "health_visiting_caseload", [(16, 760, 19, 763)]),
        ("residences", "refuge", [(760, 845, 762, 847)] * 4),
        ("registrations", "gp_list", [(-900, None, -870, None)] + [(-900, 1595, -870, 1625)] * 2 + [(455, 1595, 485, 1625)]
            + [(960, 1595, 990, 1625)]),
        ("registrations", "school_roll", [(-1470, None, -1463, None), (-650, None, -643, None)]),
        ("registrations", "health_visiting_caseload", [(16, 2120, 19, 2123), (912, 2120, 915, 2123)]),
        ("registrations", "births", [(131, None, 145, None), (915, None, 929, None)]),
        ("involvements", "missing_education", [(1950, 2125, 1951, 2126)] * 2),
        ("involvements", "social_care_contacts", [(2104, 2110, 2104, 2110)] * 3 + [(2293, None, 2293, None)] * 3),
        ("flags", "marac", [(757, None, 759, None)]),
        ("relations", "maternity", [(day, None, day + 2, None) for day in (-63, 0, 830, 900)]),
        ("relations", "births", [(131, None, 145, None), (915, None, 929, None)]),
        ("relations", "school_roll", [(-1470, None, -1463, None), (-650, None, -643, None)]),
        ("relations", "housing", [(-1500, 760, -1470, 790)]),
    ],
)  # fmt: skip
def test_each_claim_is_known_and_ends_as_the_script_says(
    folded: duckdb.DuckDBPyConnection, table: str, source: str, expected: list[tuple[int, int | None, int, int | None]]
) -> None:
    found = folded.execute(
        f"SELECT valid_from, valid_to, known_on, end_known_on FROM claim_{table} WHERE source = ? AND withdrawn_on IS NULL",
        [source],
    ).fetchall()
    as_days = [tuple(None if on is None else (on - T0).days for on in row) for row in found]
    assert sorted(as_days, key=str) == sorted(expected, key=str)


def test_an_adults_word_on_where_children_live_is_a_claim_with_its_speaker(folded: duckdb.DuckDBPyConnection) -> None:
    rows = folded.execute("""
        SELECT r.source, p.area, r.valid_from, r.known_on, r.stated_by IS NOT NULL, r.stated_with FROM claim_residences r
        JOIN said_places p ON p.place = r.place WHERE r.basis = 'claimed' GROUP BY ALL ORDER BY r.valid_from, r.stated_with
    """).fetchall()
    assert [(source, area, (since - T0).days, (known - T0).days, *rest) for source, area, since, known, *rest in rows] == [
        ("missing_education", "Port Carrow", 1950, 1951, True, "aunt_uncle"),
        ("school_concerns", "Eastness", 2075, 2082, True, "grandparent"),
        ("school_concerns", "Eastness", 2225, 2232, True, None),
    ]


def test_no_source_names_a_father_and_no_form_but_the_stated_ones_names_a_parent(folded: duckdb.DuckDBPyConnection) -> None:
    parents = folded.execute("SELECT DISTINCT source FROM claim_relations WHERE relation = 'parent'").fetchall()
    assert {source for (source,) in parents} == {"maternity", "births", "school_roll"}


def test_what_was_never_shared_loads_beside_the_rest(extracts: Path, tmp_path: Path) -> None:
    write_larch_court(tmp_path / "extracts", unshared=True)
    workspace = Workspace.open(tmp_path / "workspace", create=True)
    load_folder(workspace, tmp_path / "extracts", publish=False)
    connection = duckdb.connect()
    fold(connection, workspace.loads())
    rows = connection.execute("SELECT occurred_on, known_on FROM event_contacts WHERE kind = 'intelligence'").fetchall()
    assert rows == [(day(1275), day(1276))]
