"""Contacts over several extracts: each event once, with when its source knew it; corrections as withdrawals."""

from __future__ import annotations

import pytest

COVERS_ALL = ("2012-01-01", None)


def visit(contact="k1", on="2012-01-10", **more):
    return {"contact": contact, "kind": "visit", "occurred_on": on, **more}


def seen(contact="k1", person="1", level=4, **more):
    return {"contact": contact, "person": person, "role": "subject", "level": level, **more}


@pytest.fixture
def hv(world):
    world.source("hv", lag=3)
    return world


def dated(world, name, *columns):
    found = world.read(name)
    dates = (*columns, "occurred_on", "known_on", "withdrawn_on")
    return sorted(tuple(str(row[column]) if row[column] is not None else None for column in dates) for row in found)


def test_overlapping_extracts_give_an_event_once_from_the_earliest(hv):
    first = hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen()])
    hv.load(
        "hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit(), visit("k2", "2012-02-28")], participants=[seen(), seen("k2")]
    )
    assert dated(hv, "Contact", "id") == [
        ("hv:k1", "2012-01-10", "2012-01-13", None), ("hv:k2", "2012-02-28", "2012-02-29", None),
    ]  # fmt: skip
    assert dated(hv, "ABOUT", "from", "level", "row") == [
        ("hv:k1", "4", f"{first}:hv.csv:2", "2012-01-10", "2012-01-13", None),
        ("hv:k2", "4", f"{first + 1}:hv.csv:3", "2012-02-28", "2012-02-29", None),
    ]


def test_a_late_event_is_known_from_the_extract_that_brings_it(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen()])
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit("k2", "2012-01-05")], participants=[seen("k2")])
    assert dated(hv, "Contact", "id")[1] == ("hv:k2", "2012-01-05", "2012-02-29", None)


def test_an_earlier_extract_that_did_not_cover_the_day_makes_nothing_late(hv):
    hv.load("hv", "2012-01-31", covers=("2012-01-20", "2012-01-31"), contacts=[visit(on="2012-01-25")], participants=[seen()])
    hv.load(
        "hv", "2012-02-29", covers=("2011-01-01", "2012-02-29"), contacts=[visit("k2", "2011-06-01")], participants=[seen("k2")]
    )
    assert dated(hv, "Contact", "id")[1] == ("hv:k2", "2011-06-01", "2011-06-04", None)


def test_another_scopes_extract_makes_nothing_late(hv):
    hv.load("hv", "2012-01-31", scopes=["north"], covers=COVERS_ALL, contacts=[visit()], participants=[seen()])
    hv.load(
        "hv", "2012-02-29", scopes=["south"], covers=COVERS_ALL, contacts=[visit("k2", "2012-01-05")], participants=[seen("k2")]
    )
    assert dated(hv, "Contact", "id")[1] == ("hv:k2", "2012-01-05", "2012-01-08", None)


def test_only_a_booking_is_known_before_its_day(hv):
    contacts = [visit(recorded_on="2012-01-02"), visit("b", kind="booking", recorded_on="2012-01-02")]
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=contacts, participants=[seen(), seen("b", level=None)])
    assert dated(hv, "Contact", "kind") == [
        ("booking", "2012-01-10", "2012-01-02", None), ("visit", "2012-01-10", "2012-01-10", None),
    ]  # fmt: skip


def test_a_changed_copy_withdraws_the_old_and_is_a_new_fact(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen()])
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit(on="2012-01-08")], participants=[seen()])
    assert dated(hv, "Contact", "id") == [
        ("hv:k1", "2012-01-10", "2012-01-13", "2012-02-29"), ("hv:k1#2", "2012-01-08", "2012-02-29", None),
    ]  # fmt: skip
    assert dated(hv, "ABOUT", "from", "to") == [
        ("hv:k1", "hv:1", "2012-01-10", "2012-01-13", "2012-02-29"), ("hv:k1#2", "hv:1", "2012-01-08", "2012-02-29", None),
    ]  # fmt: skip


def test_a_corrected_level_withdraws_only_what_was_said_of_that_child(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen(), seen(person="2", level=1)])
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit()], participants=[seen(level=1), seen(person="2", level=1)])
    hv.load("hv", "2012-03-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen(level=1), seen(person="2", level=1)])
    assert dated(hv, "Contact", "id") == [("hv:k1", "2012-01-10", "2012-01-13", None)]
    assert dated(hv, "ABOUT", "to", "level") == [
        ("hv:1", "1", "2012-01-10", "2012-02-29", None), ("hv:1", "4", "2012-01-10", "2012-01-13", "2012-02-29"),
        ("hv:2", "1", "2012-01-10", "2012-01-13", None),
    ]  # fmt: skip


def test_a_child_named_wrongly_is_withdrawn_where_the_later_copy_names_another(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen(person="1")])
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit()], participants=[seen(person="2")])
    assert dated(hv, "ABOUT", "to") == [
        ("hv:1", "2012-01-10", "2012-01-13", "2012-02-29"), ("hv:2", "2012-01-10", "2012-02-29", None),
    ]  # fmt: skip


def test_an_event_that_a_later_extract_lacks_still_stands(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen()])
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit("k2", "2012-02-01")], participants=[seen("k2")])
    assert dated(hv, "Contact", "id")[0] == ("hv:k1", "2012-01-10", "2012-01-13", None)


def test_an_event_entered_in_error_is_withdrawn_with_what_it_said(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit()], participants=[seen()])
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, contacts=[visit(withdrawn_on="2012-02-20")], participants=[seen()])
    assert dated(hv, "Contact", "id") == [("hv:k1", "2012-01-10", "2012-01-13", "2012-02-20")]
    assert dated(hv, "ABOUT") == [("2012-01-10", "2012-01-13", "2012-02-20")]


def test_a_month_told_in_two_halves_keeps_both_last_days(hv):
    hv.source("marks", lag=7)
    month = {"contact": "1:2012-03", "kind": "attendance"}
    hv.load("marks", "2012-03-16", covers=("2012-03-01", "2012-03-15"), contacts=[{**month, "occurred_on": "2012-03-14"}],
            participants=[seen("1:2012-03")])  # fmt: skip
    hv.load("marks", "2012-04-30", covers=("2012-03-16", "2012-04-30"), contacts=[{**month, "occurred_on": "2012-03-30"}],
            participants=[seen("1:2012-03")])  # fmt: skip
    assert dated(hv, "ABOUT", "from") == [
        ("marks:1:2012-03", "2012-03-14", "2012-03-16", None), ("marks:1:2012-03#2", "2012-03-30", "2012-04-06", None),
    ]  # fmt: skip


def test_a_row_recorded_per_child_is_known_per_child(hv):
    people = [seen(recorded_on="2012-01-11"), seen(person="2", recorded_on="2012-01-25")]
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, contacts=[visit(recorded_on="2012-01-11")], participants=people)
    assert [row[2] for row in dated(hv, "ABOUT", "to")] == ["2012-01-11", "2012-01-25"]


def test_a_person_is_first_known_when_any_row_about_them_was(hv):
    hv.load("hv", "2012-03-31", covers=COVERS_ALL, people=[{"person": "1", "given_name": "Tam", "born_on": "2011-12-01"}],
            contacts=[visit()], participants=[seen()])  # fmt: skip
    (record,) = hv.read("Record", "known_on")
    (person,) = hv.read("Person", "first_known_on", "born_known_on", "child_from")
    assert str(record["known_on"]) == "2012-01-13"
    assert {str(value) for value in person.values()} == {"2012-01-13"}


def test_a_birth_date_told_later_is_known_later(hv):
    hv.load("hv", "2012-01-31", covers=COVERS_ALL, people=[{"person": "1", "given_name": "Tam"}], contacts=[visit()],
            participants=[seen()])  # fmt: skip
    hv.load("hv", "2012-02-29", covers=COVERS_ALL, people=[{"person": "1", "given_name": "Tam", "born_on": "2011-12-01"}])
    (person,) = hv.read("Person", "first_known_on", "born_known_on", "age_known_on", "child_from")
    assert [str(value) for value in person.values()] == ["2012-01-13", "2012-02-29", "2012-02-29", "2012-02-29"]
