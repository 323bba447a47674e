"""Registers and other claims over several extracts: the three dates of each."""

from __future__ import annotations

from datetime import date

import pytest


def on(text):
    return date.fromisoformat(text)


def listed(person="1", since="2010-01-01", **more):
    return {"person": person, "agency": "P1", "register": "gp", "valid_from": since, **more}


def lived(place="h1", since=None, **more):
    return {"person": "1", "place": place, "basis": "registered", "kind": "home", "valid_from": since, **more}


@pytest.fixture
def gp(world):
    """A GP list: whole snapshots, thirty days of lag."""
    world.source("gp", shape="snapshot", lag=30)
    return world


def claims(world, name="REGISTERED_WITH"):
    """(from, to, known, end known, withdrawn) of each claim, by when it was known."""
    found = world.project().read(name).to_pylist()
    dates = ("valid_from", "valid_to", "known_on", "end_known_on", "withdrawn_on")
    return sorted(
        (tuple(str(row[column]) if row[column] else None for column in dates) for row in found),
        key=lambda row: (row[2], str(row)),
    )


def test_history_loaded_at_once_is_known_after_the_lag_and_never_after_the_extract(gp):
    gp.load("gp", "2012-01-31", registrations=[listed(since="2010-01-01"), listed("2", since="2012-01-20")])
    assert claims(gp) == [("2010-01-01", None, "2010-01-31", None, None), ("2012-01-20", None, "2012-01-31", None, None)]


def test_a_late_row_is_known_from_the_extract_that_brings_it(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(), listed("2", since="2011-06-01"), listed("3", since="2012-02-02")])
    assert claims(gp)[1:] == [
        ("2011-06-01", None, "2012-02-29", None, None),  # the list of January covered June and lacked it
        ("2012-02-02", None, "2012-02-29", None, None),  # 3 March would be after the extract
    ]


def test_the_rows_own_recorded_date_comes_first(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(), listed("2", since="2011-06-01", recorded_on="2012-02-10")])
    assert claims(gp)[1] == ("2011-06-01", None, "2012-02-10", None, None)


def test_gone_from_the_list_ends_on_the_later_extract(gp):
    gp.load("gp", "2012-01-31", registrations=[listed(), listed("2")])
    gp.load("gp", "2012-02-29", registrations=[listed("2")])
    assert ("2010-01-01", "2012-02-29", "2010-01-31", "2012-02-29", None) in claims(gp)
    (ended,) = gp.read("REGISTERED_WITH", "end_reason", valid_to=on("2012-02-29"))
    assert ended["end_reason"] == "gone from list"


def test_a_stated_leaving_date_stands_and_is_known_from_its_extract(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(valid_to="2012-02-03", end_reason="moved")])
    gp.load("gp", "2012-03-31", scopes=["all"])
    assert claims(gp) == [("2010-01-01", "2012-02-03", "2010-01-31", "2012-02-29", None)]
    assert gp.read("REGISTERED_WITH", "end_reason") == [{"end_reason": "moved"}]


def test_a_stated_leaving_date_is_known_from_its_recorded_date(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(valid_to="2012-02-03", recorded_on="2012-02-07")])
    assert claims(gp)[0][3] == "2012-02-07"


def test_a_leaving_date_in_history_at_once_is_known_after_the_lag(gp):
    gp.load("gp", "2012-12-31", registrations=[listed(valid_to="2011-05-01"), listed("2", valid_to="2012-12-20")])
    assert [row[1::2] for row in claims(gp)] == [("2011-05-01", "2011-05-31"), ("2012-12-20", "2012-12-31")]


def test_who_returns_is_registered_anew(gp):
    gp.load("gp", "2012-01-31", registrations=[listed(), listed("2")])
    gp.load("gp", "2012-02-29", registrations=[listed("2")])
    gp.load("gp", "2012-03-31", registrations=[listed(), listed("2")])
    assert [row for row in claims(gp) if row[1] or row[2] > "2012"] == [
        ("2010-01-01", "2012-02-29", "2010-01-31", "2012-02-29", None), ("2010-01-01", None, "2012-03-31", None, None),
    ]  # fmt: skip


def test_a_new_registration_ends_the_old_one_and_a_corrected_start_withdraws_it(gp):
    gp.load("gp", "2012-01-31", registrations=[listed("1"), listed("2")])
    gp.load("gp", "2012-06-30", registrations=[listed("1", since="2012-05-01"), listed("2", since="2009-12-01")])
    assert claims(gp) == [
        ("2010-01-01", "2012-06-30", "2010-01-31", "2012-06-30", None),
        ("2010-01-01", None, "2010-01-31", None, "2012-06-30"),
        ("2012-05-01", None, "2012-05-31", None, None),
        ("2009-12-01", None, "2012-06-30", None, None),
    ]


def test_scopes_are_independent(gp):
    gp.load("gp", "2012-01-31", scopes=["P1", "P2"], registrations=[listed(scope="P1"), listed("2", agency="P2", scope="P2")])
    gp.load("gp", "2012-02-29", scopes=["P1"], registrations=[listed(scope="P1")])
    assert [row[1] for row in claims(gp)] == [None, None]


def test_an_empty_list_of_a_scope_ends_everyone_on_it(gp):
    gp.load("gp", "2012-01-31", scopes=["P1"], registrations=[listed(scope="P1")])
    gp.load("gp", "2012-02-29", scopes=["P1"])
    assert [row[1] for row in claims(gp)] == ["2012-02-29"]


def test_the_order_of_loading_plays_no_part(gp):
    gp.load("gp", "2012-03-31", registrations=[listed()])
    gp.load("gp", "2012-01-31", registrations=[listed(), listed("2")])
    gp.load("gp", "2012-02-29", registrations=[listed("2")])
    assert claims(gp) == [
        ("2010-01-01", "2012-02-29", "2010-01-31", "2012-02-29", None),
        ("2010-01-01", "2012-03-31", "2010-01-31", "2012-03-31", None),
        ("2010-01-01", None, "2012-03-31", None, None),
    ]  # fmt: skip


def test_a_changed_address_ends_the_old_home_on_that_list(gp):
    places = [
        {"place": one, "kind": "property", "first_line": f"{one} Larch Court", "postcode": "AQ1 4LR"} for one in ("h1", "h2")
    ]
    gp.load("gp", "2012-01-31", registrations=[listed()], residences=[lived("h1", "2010-01-01")], places=places)
    gp.load("gp", "2012-02-29", registrations=[listed()], residences=[lived("h2", "2012-02-01")], places=places)
    assert claims(gp, "LIVES_AT") == [
        ("2010-01-01", "2012-02-29", "2010-01-31", "2012-02-29", None), ("2012-02-01", None, "2012-02-29", None, None),
    ]  # fmt: skip


def test_leaving_the_list_ends_the_home_it_held(gp):
    places = [{"place": "h1", "kind": "property", "first_line": "4 Larch Court", "postcode": "AQ1 4LR"}]
    gp.load("gp", "2012-01-31", registrations=[listed()], residences=[lived(since="2010-01-01")], places=places)
    gp.load(
        "gp", "2012-02-29", registrations=[listed(valid_to="2012-02-03")], residences=[lived(since="2010-01-01")], places=places
    )
    gp.load("gp", "2012-03-31")
    assert claims(gp, "LIVES_AT") == [("2010-01-01", "2012-02-03", "2010-01-31", "2012-02-29", None)]


def test_a_corrected_end_is_a_withdrawal_and_a_new_fact(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(valid_to="2012-02-03")])
    gp.load("gp", "2012-03-31", registrations=[listed(valid_to="2012-02-13")])
    gp.load("gp", "2012-04-30", registrations=[listed()])
    assert claims(gp) == [
        ("2010-01-01", "2012-02-03", "2010-01-31", "2012-02-29", "2012-03-31"),
        ("2010-01-01", "2012-02-13", "2012-03-31", "2012-03-31", "2012-04-30"),
        ("2010-01-01", None, "2012-04-30", None, None),
    ]


def test_a_row_withdrawn_by_its_source(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(withdrawn_on="2012-02-14")])
    assert claims(gp) == [("2010-01-01", None, "2010-01-31", None, "2012-02-14")]


def test_a_withdrawal_dated_back_is_known_from_the_extract_that_tells_it(gp):
    gp.load("gp", "2012-01-31", registrations=[listed()])
    gp.load("gp", "2012-02-29", registrations=[listed(withdrawn_on="2011-02-14")])
    assert claims(gp)[0][4] == "2012-02-29"


def test_a_planned_start_that_never_came_is_withdrawn(gp):
    gp.load("gp", "2012-01-31", registrations=[listed(since="2012-09-01")])
    gp.load("gp", "2012-02-29")
    assert claims(gp) == [("2012-09-01", None, "2012-01-31", None, "2012-02-29")]


def test_an_interval_that_ends_before_it_begins_is_reported_and_not_used(gp):
    import json

    gp.load("gp", "2012-01-31", registrations=[listed(valid_to="2009-01-01")])
    tables = gp.project()
    assert tables.read("REGISTERED_WITH").num_rows == 0
    assert json.loads((tables.directory / "report.json").read_text())["unused"] == {
        "registrations that end before they begin": 1
    }


def test_an_event_extract_only_adds(world):
    world.source("cases", lag=7)
    case = {"person": "1", "agency": "T", "status": "cin", "valid_from": "2012-01-10"}
    world.load("cases", "2012-01-31", covers=("2012-01-01", "2012-01-31"), involvements=[case])
    world.load(
        "cases",
        "2012-02-29",
        covers=("2012-02-01", "2012-02-29"),
        involvements=[case | {"person": "2", "valid_from": "2012-02-02"}],
    )
    world.load(
        "cases",
        "2012-03-31",
        covers=("2012-03-01", "2012-03-31"),
        involvements=[case | {"valid_to": "2012-03-05", "hours": None}],
    )
    assert claims(world, "INVOLVED_WITH") == [
        ("2012-01-10", "2012-03-05", "2012-01-17", "2012-03-12", None), ("2012-02-02", None, "2012-02-09", None, None),
    ]  # fmt: skip
