"""The look that is taken before a text about one child: whether anybody near has an edge of a type."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lastseen.queries.nearness import anybody_near

D = date(2020, 6, 1)


def test_two_steps_of_ties_and_homes_are_near_and_three_are_not(story: Any) -> None:
    story.agency("marac", "marac")
    for child in ("own", "second", "third"):
        story.child(child)
    for adult in ("x", "aunt", "friend"):
        story.adult(adult)
    for home in ("h", "g"):
        story.home(home)
    story.flagged("x", "marac", D - timedelta(days=10))
    story.parent("x", "own")
    story.lives_at("x", "h", D - timedelta(days=900), until=D - timedelta(days=800))
    story.lives_at("aunt", "h", D - timedelta(days=100))
    story.lives_at("aunt", "g", D - timedelta(days=900))
    story.lives_at("second", "g", D - timedelta(days=50))
    story.lives_at("friend", "g", D - timedelta(days=50))
    story.parent("friend", "third")
    store = story.asked().store
    assert {child: anybody_near(store, child, "FLAGGED_BY") for child in ("own", "second", "third")} == {
        "own": True, "second": True, "third": False,
    }  # fmt: skip
    assert not anybody_near(store, "own", "ALLOCATED_TO")
    assert anybody_near(store, None, "FLAGGED_BY")
    assert not anybody_near(store, None, "ALLOCATED_TO")
