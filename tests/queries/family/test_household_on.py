"""`household_on`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def told(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["place"], row["person"], row["basis"], row["source"]) for row in answer.rows]


def test_who_lives_there_by_each_source(story: Any) -> None:
    story.adult("mum", name="Joanne Tennant")
    story.child("tam", name="Tam")
    story.child("ellis", name="Ellis")
    story.home("h2", "27 Quarry Rise")
    story.home("h1")
    for person in ("mum", "ellis"):
        story.lives_at(person, "h2", before(500), source="housing", household_list="form:1")
    for person in ("mum", "ellis", "tam"):
        story.lives_at(person, "h2", before(495), source="gp_list")
    story.lives_at("ellis", "h1", before(900), source="school_roll")
    session = story.asked()
    answer = session.ask("household_on", D, child="tam")
    assert told(answer) == [
        ("h2", "ellis", "registered", "gp_list"),
        ("h2", "ellis", "registered", "housing"),
        ("h2", "mum", "registered", "gp_list"),
        ("h2", "mum", "registered", "housing"),
        ("h2", "tam", "registered", "gp_list"),
    ]
    assert answer.rows[4]["person_name"] == "Tam"
    assert answer.rows[4]["since"] == before(495)
    assert told(session.ask("household_on", before(496), child="tam")) == []


def test_ends_count_once_known_and_a_withdrawn_statement_not_at_all(story: Any) -> None:
    story.adult("dad")
    story.child("c")
    story.child("d")
    story.home("h")
    story.lives_at("c", "h", before(500))
    story.lives_at("dad", "h", before(500), until=before(100), end_known=before(90), source="housing")
    story.lives_at("d", "h", before(500), withdrawn_on=before(80))
    session = story.asked()
    assert [row[1] for row in told(session.ask("household_on", before(91), child="c"))] == ["c", "d", "dad"]
    assert [row[1] for row in told(session.ask("household_on", before(90), child="c"))] == ["c", "d"]
    assert [row[1] for row in told(session.ask("household_on", before(80), child="c"))] == ["c"]


def test_an_end_to_come_is_told_as_until(story: Any) -> None:
    story.child("c")
    story.home("h")
    story.lives_at("c", "h", before(50), until=D + timedelta(days=30), end_known=before(10), kind="temporary")
    session = story.asked()
    assert [row["until"] for row in session.ask("household_on", before(11), child="c").rows] == [None]
    assert [row["until"] for row in session.ask("household_on", D, child="c").rows] == [D + timedelta(days=30)]


def test_an_address_observed_long_ago_is_not_a_household_any_more(story: Any) -> None:
    story.child("c")
    story.child("other")
    for place in ("old", "new"):
        story.home(place)
    story.visit("k1", before(400), "old", {"c": 3, "other": 3})
    story.lives_at("c", "new", before(300))
    session = story.asked()
    assert told(session.ask("household_on", D, child="c")) == [("new", "c", "registered", "gp_list")]
    assert told(session.ask("household_on", D, child="other")) == [("old", "other", "observed", "health_visiting")]
    assert [row[1] for row in told(session.ask("household_on", before(301), child="c"))] == ["c", "other"]


def test_a_claim_names_its_speaker_and_an_area_is_no_household(story: Any) -> None:
    story.adult("mum", name="Joanne Tennant")
    story.child("c")
    story.child("stranger")
    story.area("x", "Port Carrow")
    story.claim("k1", "mum", ["c"], "x", before(20))
    story.claim("k2", "mum", ["stranger"], "x", before(20))
    answer = story.asked().ask("household_on", D, child="c")
    assert [
        (row["place_name"], row["person"], row["basis"], row["stated_by"], row["stated_by_name"]) for row in answer.rows
    ] == [("Port Carrow", "c", "claimed", "mum", "Joanne Tennant")]


def test_nobody_else_is_told_of_at_a_protected_address(story: Any) -> None:
    story.adult("mum")
    story.child("c")
    story.home("protected:77", protected=True)
    story.home("h")
    for person in ("mum", "c"):
        story.lives_at(person, "protected:77", before(20), source="refuge", kind="refuge")
        story.lives_at(person, "h", before(40), source="housing")
    answer = story.asked().ask("household_on", D, child="c")
    assert told(answer) == [
        ("h", "c", "registered", "housing"),
        ("h", "mum", "registered", "housing"),
        ("protected", "c", "registered", None),
    ]
    assert "77" not in answer.to_json()
