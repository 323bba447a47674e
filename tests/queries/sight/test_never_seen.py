"""`never_seen`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def test_children_without_any_sighting_are_listed_with_what_contact_there_was(story: Any) -> None:
    story.child("glimpsed", date(2019, 1, 1), name="Wren")
    story.child("seen_once", date(2010, 1, 1))
    story.child("nothing", date(2018, 1, 1), known=before(300))
    story.contact("k1", before(3000), seen={"seen_once": 3})
    story.contact("k2", before(90), seen={"glimpsed": 2, "seen_once": 0})
    story.contact("k3", before(60), seen={"glimpsed": None}, kind="letter")
    story.contact("k4", before(30), seen={"glimpsed": 1}, known=D + timedelta(days=1))
    story.all_fresh()
    session = story.asked()
    answer = session.ask("never_seen", D)
    assert answer.rows == [
        {
            "child": "glimpsed",
            "child_name": "Wren",
            "born_on": date(2019, 1, 1),
            "known_since": date(2019, 1, 1),
            "days": 517,
            "contacts": 2,
            "last_contact": before(60),
        },
        {
            "child": "nothing",
            "child_name": "name not known",
            "born_on": date(2018, 1, 1),
            "known_since": before(300),
            "days": 300,
            "contacts": 0,
            "last_contact": None,
        },
    ]
    assert (answer.seen, answer.population) == (1, 3)
    assert [row["child"] for row in session.ask("never_seen", D, level=4).rows] == ["seen_once", "glimpsed", "nothing"]


def test_a_sighting_known_later_or_withdrawn_does_not_count(story: Any) -> None:
    story.child("late", date(2019, 1, 1))
    story.child("wrong", date(2019, 1, 1))
    story.contact("k1", before(90), seen={"late": 3}, known=before(10))
    story.contact("k2", before(90), seen={"wrong": 3}, withdrawn=before(5))
    story.all_fresh()
    session = story.asked()
    assert [row["child"] for row in session.ask("never_seen", before(11)).rows] == ["late"]
    assert [row["child"] for row in session.ask("never_seen", before(10)).rows] == []
    assert [row["child"] for row in session.ask("never_seen", D).rows] == ["wrong"]


def test_the_unborn_are_not_listed_and_a_missing_register_makes_it_cannot_tell(story: Any) -> None:
    story.person(
        "unborn",
        None,
        known=before(60),
        expected_on=D + timedelta(days=90),
        expected_known_on=before(60),
        age_known_on=before(60),
        child_from=before(60),
    )
    story.child("c", date(2019, 1, 1))
    story.load("gp_contacts")
    answer = story.asked().ask("never_seen", D)
    assert (answer.rows, answer.population, answer.not_yet_born, answer.cannot_tell) == ([], 1, 1, 1)
    assert [row["child"] for row in answer.cannot_tell_rows] == ["c"]
