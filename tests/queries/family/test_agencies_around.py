"""`agencies_around`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def ties(answer: Any, tie: str) -> list[tuple[Any, ...]]:
    return [
        (row["agency"], row["register"], row["since"], row["until"], row["end_reason"], row["last_contact"], row["last_seen"])
        for row in answer.rows
        if row["tie"] == tie
    ]


def test_registrations_involvements_and_contacts_each_with_its_last_sighting(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("gp:1", "gp", "Hill Practice")
    story.agency("sc:1", "social_care", "Social care")
    story.agency("p:1", "police", "Police")
    story.registered("c", "gp:1", "gp", before(900))
    story.edge("INVOLVED_WITH", "c", "sc:1", status="cin", valid_from=before(80), known_on=before(79))
    story.contact("k1", before(800), seen={"c": 4}, agency="gp:1")
    story.contact("k2", before(100), seen={"c": 0}, agency="gp:1")
    story.contact("k3", before(70), seen={"c": 2}, agency="p:1")
    story.contact("k4", before(60), seen={"c": 3}, agency="p:1")
    story.contact("k5", before(50), seen={"c": None}, agency="p:1", known=D + timedelta(days=1))
    answer = story.asked().ask("agencies_around", D, child="c")
    assert ties(answer, "registered") == [("Hill Practice", "gp", before(900), None, None, before(100), before(800))]
    assert ties(answer, "involved") == [("Social care", "cin", before(80), None, None, None, None)]
    assert ties(answer, "contact") == [("Police", None, before(70), None, None, before(60), before(60))]


def test_an_end_shows_once_it_is_known_and_then_the_register_is_without_the_child(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("gp:1", "gp", "Hill Practice")
    story.registered("c", "gp:1", "gp", before(900), until=before(100), end_known=before(70), end_reason="removed")
    story.load("gp_list")
    session = story.asked()
    earlier, later = (session.ask("agencies_around", day, child="c") for day in (before(71), before(70)))
    assert ties(earlier, "registered") == [("Hill Practice", "gp", before(900), None, None, None, None)]
    assert ties(later, "registered") == [("Hill Practice", "gp", before(900), before(100), "removed", None, None)]
    assert "gp" not in [row[1] for row in ties(earlier, "register without this child")]
    assert [(row["register"], row["loaded"]) for row in later.rows if row["register"] == "gp" and row["agency"] is None] == [
        ("gp", True)
    ]


def test_the_registers_without_a_child_are_those_its_age_calls_for(story: Any) -> None:
    story.child("baby", date(2020, 1, 1))
    story.child("toddler", date(2016, 9, 1))
    story.child("pupil", date(2010, 1, 1))
    story.person("no_age", None, known=before(99), age_known_on=before(99), child_from=before(99))
    story.load("school_roll")
    session = story.asked()

    def without(child: str) -> list[tuple[Any, ...]]:
        rows = session.ask("agencies_around", D, child=child).rows
        return [(row["register"], row["loaded"]) for row in rows if row["tie"] == "register without this child"]

    assert without("baby") == [("births", False), ("gp", False), ("health_visiting", False)]
    assert without("toddler") == [("births", False), ("early_years", False), ("gp", False), ("health_visiting", False)]
    assert without("pupil") == [("admissions", False), ("births", False), ("gp", False), ("school", True)]
    assert [register for register, _ in without("no_age")] == [
        "admissions",
        "births",
        "early_years",
        "gp",
        "health_visiting",
        "school",
    ]


def test_a_withdrawn_registration_is_none(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("gp:1", "gp")
    story.registered("c", "gp:1", "gp", before(900), withdrawn_on=before(30))
    session = story.asked()
    assert ties(session.ask("agencies_around", before(31), child="c"), "registered") == [
        ("gp:1", "gp", before(900), None, None, None, None)
    ]
    assert ties(session.ask("agencies_around", before(30), child="c"), "registered") == []
