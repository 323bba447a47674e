"""`s47_not_seen` (P05), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


MONDAY = date(2020, 6, 1)


def enquiry(story: Any, child: str, since: date, **more: Any) -> None:
    story.child(child)
    story.involved(child, "csc", "s47", since, **more)


def asked(story: Any) -> Any:
    story.agency("csc", "social_care")
    story.agency("school", "school")
    story.load("social_care_contacts")
    return story.asked()


def test_two_working_days_are_over_after_wednesday_for_monday_and_after_tuesday_for_friday(story: Any) -> None:
    enquiry(story, "monday", MONDAY)
    enquiry(story, "friday", MONDAY - timedelta(days=3))
    session = asked(story)
    assert [row["child"] for row in session.ask("s47_not_seen", MONDAY + timedelta(days=1)).rows] == []
    assert [row["child"] for row in session.ask("s47_not_seen", MONDAY + timedelta(days=2)).rows] == ["friday"]
    assert {row["child"] for row in session.ask("s47_not_seen", MONDAY + timedelta(days=3)).rows} == {"friday", "monday"}


def test_a_school_mark_is_not_the_sighting_that_the_enquiry_asks_for(story: Any) -> None:
    story.agency("csc", "social_care")
    story.agency("school", "school")
    enquiry(story, "c", before(20))
    story.contact("k1", before(19), seen={"c": 4}, agency="school", kind="attendance", source="attendance")
    story.contact("k2", before(5), seen={"c": 5}, agency="csc", source="social_care_contacts", known=before(2))
    story.load("social_care_contacts")
    session = story.asked()
    assert [row["child"] for row in session.ask("s47_not_seen", before(3)).rows] == ["c"]
    assert session.ask("s47_not_seen", before(2)).rows == []
