"""`earlier_child` (G16), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def test_a_child_of_a_parent_whose_earlier_child_was_on_a_plan_is_listed(story: Any) -> None:
    story.agency("csc", "social_care")
    story.load("social_care_contacts")
    for child in ("earlier", "now", "other"):
        story.child(child)
    story.adult("m")
    story.parent("m", "earlier")
    story.parent("m", "now", known=before(50))
    story.involved("earlier", "csc", "cp", before(1000), until=before(900), known=before(980))
    session = story.asked()
    answer = session.ask("earlier_child", D)
    assert listed(answer) == [("now", before(50), before(50))]
    assert answer.rows[0]["status"] == "on a protection plan"
    assert session.ask("earlier_child", before(51)).rows == []


def test_a_child_with_an_assessment_of_its_own_is_not(story: Any) -> None:
    story.agency("csc", "social_care")
    story.load("social_care_contacts")
    for child in ("earlier", "now"):
        story.child(child)
        story.parent("m", child)
    story.adult("m")
    story.involved("earlier", "csc", "cla", before(1000))
    story.involved("now", "csc", "assessment", before(30), until=before(10))
    session = story.asked()
    assert session.ask("earlier_child", before(20)).rows == []
    assert [row["child"] for row in session.ask("earlier_child", before(10)).rows] == ["now"]


def test_ten_years_are_the_limit(story: Any) -> None:
    story.agency("csc", "social_care")
    story.load("social_care_contacts")
    story.child("earlier", date(2004, 1, 1))
    story.child("now")
    story.adult("m")
    story.parent("m", "earlier")
    story.parent("m", "now")
    story.involved("earlier", "csc", "cp", before(3652))
    session = story.asked()
    assert [row["child"] for row in session.ask("earlier_child", D).rows] == ["now"]
    assert session.ask("earlier_child", D + timedelta(days=1)).rows == []


def test_a_shared_home_links_unless_it_is_protected(story: Any) -> None:
    story.agency("csc", "social_care")
    story.load("social_care_contacts")
    story.home("house")
    story.home("refuge", protected=True)
    story.child("earlier")
    story.adult("m")
    story.parent("m", "earlier")
    story.involved("earlier", "csc", "cla", before(1000))
    for child, place in (("seen", "house"), ("hidden", "refuge")):
        story.child(child)
        story.lives_at(child, place, before(100))
        story.lives_at("m", place, before(200))
    assert [row["child"] for row in story.asked().ask("earlier_child", D).rows] == ["seen"]
