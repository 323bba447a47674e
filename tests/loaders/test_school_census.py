"""The school census: the public sample's facts, and a hand-written term and the next one through to who lives where."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from asking import Told, rows

SAMPLE = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "school_census"

ON = "pupilonrolltableid,NativeId,upn,surname,forename,preferredsurname,sex,dob,entrydate,boarder\n"
OFF = "pupilnolongeronrolltableid,NativeId,upn,formerupn,surname,forename,sex,dob,entrydate,leavingdate\n"
AT = "tableid,NativeId,uniquepropertyreferencenumber,postcode,saon,paon,street,posttown\n"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Told:
    need(SAMPLE.exists(), f"the school census sample is not in {SAMPLE.parent}")
    told = Told(tmp_path_factory.mktemp("census"))
    files = {path.name: path.read_text() for path in SAMPLE.glob("*.csv")}
    report = told.load("school_census", files, "2025-01-16")
    assert (report.read, report.kept) == (308 + 1698 + 1328 + 318, report.read)
    return told


def test_308_registrations_are_of_297_pupils_and_join_nothing_twice(sample: Told) -> None:
    with sample.asked() as session:
        [(edges, pupils, schools)] = session.store.run(
            "MATCH (p:Person)-[r:REGISTERED_WITH]->(a:Agency) RETURN count(r), count(DISTINCT p.id), count(DISTINCT a.id)"
        ).rows
        assert (edges, pupils, schools) == (308, 297, 8)
        [(twice,)] = session.store.run(
            "MATCH (p:Person)-[r:REGISTERED_WITH]->(:Agency) WITH p, count(r) AS n WHERE n = 2 RETURN count(p)"
        ).rows
        assert twice == 11
        [(backwards,)] = session.store.run(
            "MATCH (:Person)-[r:REGISTERED_WITH]->(:Agency) WHERE r.valid_to < r.valid_from RETURN count(r)"
        ).rows
        assert backwards == 0
        assert session.store.counts().nodes["Person"] == 297


def test_1698_addresses_with_placeholder_numbers_put_no_two_children_under_one_roof(sample: Told) -> None:
    with sample.asked() as session:
        homes = session.store.run(
            "MATCH (p:Person)-[l:LIVES_AT]->(a:Address) WHERE l.kind = 'home' RETURN p.id, a.id, a.uprn"
        ).rows
    assert len(homes) == 1698
    assert len({place for _, place, _ in homes}) == 1698, "each postcode of a child is a place of its own"
    assert {uprn for _, _, uprn in homes} == {None}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Ada stays at S1; Ben left S1 for S2 within the term; Cal left; Ada moves before the next term, when Dot has come."""
    told = Told(tmp_path_factory.mktemp("terms"))
    told.load("school_census", {
        "2024_autumn_pupilonroll.csv": ON + "a1,S1,H801200001001,Hill,Ada,,F,2015-May-01 00:00:00,2019-Sep-02 00:00:00,\n"
                                            "e1,S1,,Hill,Eve,Dale,F,2015-May-01 00:00:00,2019-Sep-02 00:00:00,7\n",
        "2024_autumn_pupilnolongeronroll.csv": OFF
            + "b1,S1,B1,,Moor,Ben,M,2016-Jun-01 00:00:00,2020-Sep-01 00:00:00,2024-Sep-19 00:00:00\n"
              "b1,S2,B1,,Moor,Ben,M,2016-Jun-01 00:00:00,2024-Sep-20 00:00:00,2024-Oct-28 00:00:00\n"
              "c1,S1,C1,A1,Wold,Cal,M,2016-Jul-01 00:00:00,2020-Sep-01 00:00:00,2024-Nov-01 00:00:00\n",
        "2024_autumn_addressesonroll.csv": AT.replace("tableid", "pupilonrolltableid")
            + "a1,S1,100012345678,BD1 1AA,,4,Larch Court,Bradford\na1,S1,-1.0,ZZ99 3WZ,,,,\n"
              "e1,S1,1.0,BD1 1AA,,4,Larch Court,Bradford\n",
        "2024_autumn_addressesoffroll.csv": AT.replace("tableid", "pupilnolongeronrolltableid")
            + "b1,S1,0.0,BD2 2BB,,,,\nb1,S2,0.0,BD2 2BB,,,,\nc1,S1,-0.0,BD2 2BB,,,,\n",
        "2024_autumn_termlysessiondetailsonroll.csv": "NativeId,sessions,attendancereason\nS1,120,/\n",
    }, "2025-01-16")  # fmt: skip
    told.load("school_census", {
        "2025_spring_pupilonroll.csv": ON + "a1,S1,H801200001001,Hill,Ada,,F,2015-May-01 00:00:00,2019-Sep-02 00:00:00,\n"
                                            "d1,S1,,Fell,Dot,,F,2015-May-01 00:00:00,2025-Jan-06 00:00:00,\n",
        "2025_spring_pupilnolongeronroll.csv": OFF
            + "c1,S1,C1,A1,Wold,Cal,M,2016-Jul-01 00:00:00,2020-Sep-01 00:00:00,2024-Nov-01 00:00:00\n",
        "2025_spring_addressesonroll.csv": AT.replace("tableid", "pupilonrolltableid")
            + "a1,S1,100087654321,BD3 3CC,,9,Quarry Rise,Bradford\nd1,S1,100087654321,BD3 3CC,,9,Quarry Rise,Bradford\n",
    }, "2025-05-15")  # fmt: skip
    return told


def test_who_lives_there_by_the_census_of_each_term(told: Told) -> None:
    with told.asked() as session:
        then = session.ask("household_on", date(2025, 2, 1), child="school_census:a1")
        assert sorted(rows(then, "place_name", "person_name", "kind")) == [
            ("4 Larch Court, BD1 1AA", "Ada Hill", "home"),
            ("4 Larch Court, BD1 1AA", "Eve Hill", "home"),
            ("address not known", "Ada Hill", "home"),
        ]  # fmt: skip
        now = session.ask("household_on", date(2025, 6, 1), child="school_census:a1")
        assert sorted(rows(now, "place_name", "person_name")) == [
            ("9 Quarry Rise, BD3 3CC", "Ada Hill"), ("9 Quarry Rise, BD3 3CC", "Dot Fell"),
        ]  # fmt: skip


def test_a_leaver_left_on_the_stated_day_and_one_who_is_simply_gone_on_the_day_of_the_census(told: Told) -> None:
    with told.asked() as session:
        ended = session.store.run(
            "MATCH (p:Person)-[r:REGISTERED_WITH]->(a:Agency) RETURN p.id, a.code, r.valid_to, r.end_known_on, r.end_reason "
            "ORDER BY p.id, a.code"
        ).rows
    assert ended == [
        ("school_census:a1", "S1", None, None, None),
        ("school_census:b1", "S1", date(2024, 9, 19), date(2024, 9, 26), None),
        ("school_census:b1", "S2", date(2024, 10, 28), date(2024, 11, 4), None),
        ("school_census:c1", "S1", date(2024, 11, 1), date(2024, 11, 8), None),
        ("school_census:d1", "S1", None, None, None),
        ("school_census:e1", "S1", date(2025, 5, 15), date(2025, 5, 15), "gone from list"),
    ]


def test_the_rolls_no_longer_say_where_a_leaver_lives(told: Told) -> None:
    with told.asked() as session:
        homes = session.store.run(
            "MATCH (p:Person)-[l:LIVES_AT]->(:Address) WHERE p.id IN ['school_census:b1', 'school_census:c1'] "
            "RETURN DISTINCT p.id, l.valid_from, l.valid_to ORDER BY p.id"
        ).rows
    assert homes == [("school_census:b1", None, date(2024, 10, 28)), ("school_census:c1", None, date(2024, 11, 1))]


def test_being_on_a_roll_is_no_sighting_and_a_former_number_joins_nobody(told: Told) -> None:
    with told.asked() as session:
        answer = session.ask("not_seen", date(2025, 6, 1))
        unseen = {row["child"] for row in answer.rows + answer.cannot_tell_rows}
        assert unseen == {f"school_census:{one}1" for one in "abce"}, "Dot has been known for too few months"
        assert session.store.run("MATCH (k:Contact) RETURN count(k)").rows == [(0,)]
        assert session.store.counts().nodes["Person"] == 5
        found = session.find("Eve Dale", date(2025, 6, 1))
        assert [row["person"] for row in found.rows] == ["school_census:e1"], "the preferred surname finds her"
