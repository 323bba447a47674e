"""`conflicting_locations`, as stories: which statements are current, and which contradict each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def told(answer: Any) -> list[tuple[Any, ...]]:
    return [
        (row["child"], row["place"], row["basis"], row["other_place"], row["other_basis"], row["conflict"])
        for row in answer.rows
    ]


@pytest.fixture
def places(story: Any) -> Any:
    """Two homes in the area, two areas outside it, a mother and a child."""
    story.adult("mum", name="Joanne")
    story.child("c", name="Tam")
    story.home("h1", "4 Larch Court")
    story.home("h2", "27 Quarry Rise")
    story.area("x1", "Port Carrow")
    story.area("x2", "Eastness")
    return story


def test_a_claim_out_of_area_against_an_address_observed_on_a_visit(places: Any) -> None:
    """Larch Court, day 2230: two claims, told apart, each against the home that was visited."""
    places.visit("k1", before(126), "h2", {"c": 1}, source="social_care_contacts")
    places.claim("k2", "mum", ["c"], "x1", before(280))
    places.claim("k3", "mum", ["c"], "x2", before(155), source="school_concerns")
    places.claim("k4", "mum", ["c"], "x1", before(5), source="school_roll", known=D + timedelta(days=2))
    answer = places.asked().ask("conflicting_locations", D)
    assert told(answer) == [
        ("c", "h2", "observed", "x1", "claimed", "claimed out of area"),
        ("c", "h2", "observed", "x2", "claimed", "claimed out of area"),
        ("c", "x1", "claimed", "x2", "claimed", "claims differ, both out of area"),
    ]
    assert answer.rows[0] == {
        "child": "c",
        "child_name": "Tam",
        "conflict": "claimed out of area",
        "place": "h2",
        "place_name": "27 Quarry Rise, AL1 1AA",
        "basis": "observed",
        "sources": ["social_care_contacts"],
        "since": before(126),
        "other_place": "x1",
        "other_place_name": "Port Carrow",
        "other_basis": "claimed",
        "other_sources": ["missing_education"],
        "other_since": before(280),
        "rows": ["1:missing_education.csv:2", "1:social_care_contacts.csv:1"],
    }


def test_a_claim_counts_from_the_day_it_was_known_for_the_days_asked(places: Any) -> None:
    places.lives_at("c", "h1", before(900))
    places.claim("k", "mum", ["c"], "x1", before(365), known=before(360))
    session = places.asked()
    assert told(session.ask("conflicting_locations", before(361))) == []
    assert len(told(session.ask("conflicting_locations", before(360)))) == 1
    assert len(told(session.ask("conflicting_locations", D))) == 1
    assert told(session.ask("conflicting_locations", D + timedelta(days=1))) == []
    assert len(told(session.ask("conflicting_locations", D + timedelta(days=1), days=366))) == 1


def test_a_registered_address_is_current_until_its_end_is_known(places: Any) -> None:
    places.lives_at("c", "h1", before(900), source="gp_list", until=before(100), end_known=before(50))
    places.lives_at("c", "h2", before(90), source="school_roll")
    session = places.asked()
    assert told(session.ask("conflicting_locations", before(91))) == []
    assert told(session.ask("conflicting_locations", before(51))) == [
        ("c", "h1", "registered", "h2", "registered", "registered at two addresses")
    ]
    assert told(session.ask("conflicting_locations", before(50))) == []


def test_a_withdrawn_statement_no_longer_contradicts(places: Any) -> None:
    places.lives_at("c", "h1", before(900), source="gp_list")
    places.lives_at("c", "h2", before(90), source="school_roll", withdrawn_on=before(30))
    session = places.asked()
    assert len(told(session.ask("conflicting_locations", before(31)))) == 1
    assert told(session.ask("conflicting_locations", before(30))) == []


def test_an_observed_address_is_current_until_a_later_one_that_is_more_than_a_claim(places: Any) -> None:
    places.visit("k1", before(200), "h1", {"c": 3})
    places.claim("k2", "mum", ["c"], "x1", before(150))
    places.lives_at("c", "h2", before(100), source="housing")
    session = places.asked()
    assert told(session.ask("conflicting_locations", before(101))) == [
        ("c", "h1", "observed", "x1", "claimed", "claimed out of area")
    ]
    assert told(session.ask("conflicting_locations", before(100))) == [
        ("c", "h2", "registered", "x1", "claimed", "claimed out of area")
    ]


def test_an_observed_address_against_an_older_registered_one(places: Any) -> None:
    places.lives_at("c", "h1", before(900), source="gp_list")
    places.visit("k1", before(20), "h2", {"c": 3})
    assert told(places.asked().ask("conflicting_locations", D)) == [
        ("c", "h1", "registered", "h2", "observed", "observed elsewhere than registered")
    ]


def test_two_sources_of_one_address_are_one_side_and_one_source_alone_is_no_conflict(places: Any) -> None:
    places.lives_at("c", "h1", before(900), source="gp_list")
    places.lives_at("c", "h1", before(800), source="housing")
    places.visit("k1", before(700), "h1", {"c": 3})
    places.lives_at("c", "h2", before(90), source="school_roll")
    places.child("alone")
    places.lives_at("alone", "h1", before(900), source="gp_list")
    places.lives_at("alone", "h2", before(90), source="gp_list")
    answer = places.asked().ask("conflicting_locations", D)
    assert [(row["child"], row["sources"], row["since"], row["other_sources"]) for row in answer.rows] == [
        ("c", ["gp_list", "housing"], before(900), ["school_roll"])
    ]


@pytest.mark.parametrize("kind", ["second_home", "placement", "boarding", "refuge"])
def test_shared_care_and_placements_are_left_out(places: Any, kind: str) -> None:
    places.lives_at("c", "h1", before(900), source="gp_list")
    places.lives_at("c", "h2", before(90), source="social_care_contacts", kind=kind)
    assert told(places.asked().ask("conflicting_locations", D)) == []


def test_an_area_contains_its_properties_and_nowhere_is_no_place(places: Any) -> None:
    places.area("here", "Aldermere", in_area=True)
    places.add("Address", id="nk", kind="not_known", protected=False)
    for n in (1, 2):
        places.add("Address", id=f"nfa{n}", kind="no_fixed_abode", protected=False)
    places.lives_at("c", "h1", before(900), source="gp_list")
    places.lives_at("c", "here", before(90), source="school_roll")
    places.lives_at("c", "nk", before(90), source="housing")
    places.child("nowhere")
    places.lives_at("nowhere", "nfa1", before(90), source="housing")
    places.lives_at("nowhere", "nfa2", before(90), source="gp_list")
    assert told(places.asked().ask("conflicting_locations", D)) == []


def test_a_claim_inside_the_area_is_named_so(places: Any) -> None:
    places.lives_at("c", "h1", before(900), source="gp_list")
    places.claim("k", "mum", ["c"], "h2", before(10))
    assert told(places.asked().ask("conflicting_locations", D)) == [
        ("c", "h1", "registered", "h2", "claimed", "claimed elsewhere")
    ]


def test_a_protected_address_may_conflict_and_never_shows(places: Any) -> None:
    places.home("protected:99ff", protected=True)
    places.lives_at("c", "protected:99ff", before(900), source="gp_list")
    places.lives_at("c", "h2", before(90), source="school_roll")
    answer = places.asked().ask("conflicting_locations", D)
    assert {(row["place"], row["place_name"]) for row in answer.rows} | {
        (row["other_place"], row["other_place_name"]) for row in answer.rows
    } == {("protected", "protected address, ask the named lead"), ("h2", "27 Quarry Rise, AL1 1AA")}
    assert "99ff" not in answer.to_json()


def test_only_children_of_that_day(places: Any) -> None:
    for place, source in (("h1", "gp_list"), ("h2", "school_roll")):
        places.lives_at("mum", place, before(90), source=source)
        places.lives_at("c", place, before(90), source=source)
    session = places.asked()
    assert [row["child"] for row in session.ask("conflicting_locations", D).rows] == ["c"]
    assert session.ask("conflicting_locations", date(2033, 1, 1)).rows == []
