"""The made-up extracts: each agency's own layout, faithful to the script, and nothing that is not labelled fictional."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from lastseen.loaders.made_up import write_larch_court
from lastseen.loaders.made_up.people import PEOPLE
from lastseen.loaders.made_up.script import LAGS, T0, read_script


def rows_of(path: Path, titles: int = 0) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in range(titles):
            next(file)
        return list(csv.DictReader(file))


def day(number: int) -> date:
    return T0 + timedelta(days=number)


@pytest.fixture(scope="module")
def larch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("larch")
    write_larch_court(directory)
    return directory


def test_the_script_is_read_row_by_row_and_day_by_day() -> None:
    events = read_script()
    assert len(events) == 70, "62 rows; where days stand with |, each day is an event"
    [claim] = [event for event in events if event.extract == "cme" and event.type == "claim"]
    assert (claim.day, claim.speaker, claim.who, claim.place, claim.level) == (1950, "A1", ("C3", "C4"), "X1", 1)
    [held] = [event for event in events if event.extract == "hv" and event.type == "lives_at"]
    assert (held.day, held.until, held.known, held.end_known) == (16, 760, 19, 763)
    assert [event.day for event in events if event.type == "dv_notification"] == [610, 655, 742]
    assert [event.detail for event in events if event.unshared] == ["A2 says C3 is underweight; UNSHARED"]
    assert {event.extract for event in events} == set(LAGS)


def test_every_file_says_that_it_is_fictional(larch: Path) -> None:
    files = sorted(larch.iterdir())
    assert len(files) == 25
    assert [file.name for file in files if "fictional" not in file.name] == []


def test_the_same_call_writes_the_same_bytes(larch: Path, tmp_path: Path) -> None:
    assert {path.name: path.read_bytes() for path in write_larch_court(tmp_path)} == {
        path.name: path.read_bytes() for path in larch.iterdir()
    }


def test_what_was_never_shared_is_a_file_of_its_own_and_only_on_request(larch: Path, tmp_path: Path) -> None:
    everything = {path.name for path in write_larch_court(tmp_path, unshared=True)}
    assert everything - {path.name for path in larch.iterdir()} == {"police_notices_unshared_fictional.csv"}
    assert not [path for path in larch.iterdir() if "INTEL" in path.read_text(encoding="utf-8")]


def test_another_day_nought_moves_every_date(tmp_path: Path) -> None:
    write_larch_court(tmp_path, t0=date(2020, 1, 1))
    [entry, _] = rows_of(tmp_path / "births_register_fictional.csv", titles=1)
    assert (entry["Born"], entry["Registered"]) == ("01-Jan-2020", "11-May-2020")


def test_the_practice_sends_a_list_for_each_day_its_register_changed(larch: Path) -> None:
    lists = {path.name.split("_")[3]: rows_of(path) for path in sorted(larch.glob("gp_list_P1_*"))}
    assert list(lists) == [str(day(number)) for number in (-870, 485, 880, 990, 1625)]
    homes = [{row["FORENAMES"]: row["ADDRESS_LINE_1"] for row in rows} for rows in lists.values()]
    family = ("Joanne", "Ellis", "Freya", "Tam", "Wren")
    assert homes[0] == dict.fromkeys(family[:3], "4 Larch Court")
    assert homes[1] == dict.fromkeys(family[:4], "4 Larch Court")
    assert homes[2] == dict.fromkeys(family[:4], "27 Quarry Rise")
    assert homes[3] == homes[4] == dict.fromkeys(family, "27 Quarry Rise")
    last = {row["FORENAMES"]: (row["STATUS"], row["REMOVED_ON"], row["REMOVAL_REASON"]) for row in lists[str(day(1625))]}
    removed = ("D", "23/10/2016", "removed, no forwarding practice")
    assert last == {"Joanne": removed, "Ellis": ("R", "", ""), "Freya": removed, "Tam": removed, "Wren": removed}


def test_the_school_sends_a_roll_for_each_day_its_roll_changed(larch: Path) -> None:
    rolls = {path.name.split("_")[3]: rows_of(path, 1) for path in sorted(larch.glob("school_roll*"))}
    pupils = {sent: [row["Forename"] for row in rows] for sent, rows in rolls.items()}
    assert pupils == {str(day(-1463)): ["Ellis"], str(day(-643)): ["Ellis", "Freya"]}


def test_each_source_writes_the_index_child_in_its_own_way(larch: Path) -> None:
    for name, titles, forename, surname, born, born_as, expected in (
        ("police_notices", 2, "Nominal forename", "Nominal surname", "Nominal DOB", "11/06/2012", "Tom Marlow"),
        ("health_visiting_contacts", 1, "First name", "Surname", "Date of birth", "11-Jun-2012", "Tam Tennant"),
        ("gp_contacts_P1", 0, "GivenName", "FamilyName", "DOB", "20120611", "Tam Marlowe"),
        ("missing_education_enquiries", 0, "Forename", "Surname", "Birth date", "11-Jun-2012", "T Marlowe-Tennant"),
        ("admissions_no_application", 2, "Child forename", "Child surname", "Birth date", "11/06/2012", "T Marlowe-Tennant"),
        ("early_years_offers", 0, "Child forename", "Child surname", "Child DOB", "11-06-2012", "T Marlowe-Tennant"),
    ):
        rows = rows_of(larch / f"{name}_fictional.csv", titles)
        assert {f"{row[forename]} {row[surname]}" for row in rows if row[born] == born_as} == {expected}


def test_the_tenancy_form_for_the_new_home_leaves_the_index_child_out(larch: Path) -> None:
    forms = rows_of(larch / "housing_tenancy_forms_fictional.csv", 2)
    assert [(row["Property"], row["Forename"], row["Part"]) for row in forms if row["Tenancy start"] == "04.10.2014"] == [
        ("27 Quarry Rise", "Joanne", "TENANT"),
        ("27 Quarry Rise", "Ellis", "HOUSEHOLD"),
        ("27 Quarry Rise", "Freya", "HOUSEHOLD"),
    ]  # fmt: skip


def test_the_brother_and_sister_attend_nine_sessions_in_ten_and_the_index_child_none(larch: Path) -> None:
    weeks = rows_of(larch / "attendance_S1_fictional.csv")
    assert {row["Forename"] for row in weeks} == {"Ellis", "Freya"}
    for child in ("Ellis", "Freya"):
        own = [row for row in weeks if row["Forename"] == child]
        share = sum(int(row["SessionsPresent"]) for row in own) / sum(int(row["SessionsPossible"]) for row in own)
        assert share == pytest.approx(0.9, abs=0.005)
        per_year = [sum(row["WeekBeginning"].startswith(str(year)) for row in own) for year in range(2011, 2018)]
        assert all(36 <= weeks_of_year <= 40 for weeks_of_year in per_year), per_year
    assert not [row for row in weeks if row["WeekBeginning"][5:7] == "08"], "no school in August"


def test_a_report_from_the_public_about_an_address_names_nobody(larch: Path) -> None:
    [report] = [row for row in rows_of(larch / "police_notices_fictional.csv", 2) if row["Type"] == "PUBLIC"]
    assert (report["Location"], report["Nominal ref"], report["Nominal surname"]) == ("27 QUARRY RISE", "", "")
    [report] = [row for row in rows_of(larch / "social_care_contacts_fictional.csv") if row["SourceCode"] == "9"]
    assert (report["Address"], report["PersonID"], report["Surname"]) == ("27 Quarry Rise", "", "")


def test_test_numbers_have_the_right_shape_and_check() -> None:
    for someone in PEOPLE.values():
        if someone.nhs:
            assert someone.nhs.startswith("999")
            total = sum(int(digit) * weight for digit, weight in zip(someone.nhs[:9], range(10, 1, -1), strict=True))
            assert (11 - total % 11) % 11 == int(someone.nhs[9])
        if someone.upn:
            total = sum(int(digit) * place for place, digit in enumerate(someone.upn[1:], start=2))
            assert someone.upn[0] == "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23]
            assert len(someone.upn) == 13
    assert [bool(PEOPLE[code].nhs) for code in ("C1", "C2", "C3", "C4")] == [True] * 4
    assert [bool(PEOPLE[code].upn) for code in ("C1", "C2", "C3", "C4")] == [True, True, False, False]
