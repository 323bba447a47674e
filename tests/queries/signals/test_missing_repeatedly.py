"""`missing_repeatedly` (G21), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def missing(story: Any, child: str, since: date, until: date | None, **more: Any) -> None:
    story.involved(child, "police", "missing", since, until=until, **{"source": "police_notices", **more})


def test_two_episodes_in_ninety_days_fire_and_one_told_twice_does_not(story: Any) -> None:
    story.agency("police", "police")
    for child in ("twice", "once", "old"):
        story.child(child)
    for child, day in (("twice", 90), ("twice", 5), ("old", 91), ("old", 5)):
        missing(story, child, before(day), before(day) + timedelta(days=1), hours=5.0)
        story.contact(f"k{child}{day}", before(day) + timedelta(days=2), seen={child: 4}, kind="return_interview")
    missing(story, "once", before(5), before(4), hours=5.0)
    missing(story, "once", before(5), before(4), hours=5.0, source="social_care_contacts")
    story.contact("k9", before(3), seen={"once": 4}, kind="return_interview")
    answer = story.asked().ask("missing_repeatedly", D)
    assert [(row["child"], row["episodes"], row["latest"]) for row in answer.rows] == [("twice", 2, before(5))]


def test_one_episode_longer_than_a_day_fires_whether_it_ended_or_goes_on(story: Any) -> None:
    story.agency("police", "police")
    for child in ("hours", "days", "on", "short", "today"):
        story.child(child)
    missing(story, "hours", before(2), before(1), hours=24.5)
    missing(story, "days", before(3), before(1))
    missing(story, "on", before(2), None)
    missing(story, "short", before(2), before(1), hours=24.0)
    missing(story, "today", before(1), None)
    answer = story.asked().ask("missing_repeatedly", D)
    assert {row["child"]: row["long"] for row in answer.rows} == {"hours": 24, "days": 24, "on": 24}


def test_a_return_without_an_interview_fires_after_three_days(story: Any) -> None:
    story.agency("police", "police")
    story.child("c")
    missing(story, "c", before(4), before(4), hours=3.0)
    session = story.asked()
    assert session.ask("missing_repeatedly", before(1)).rows == []
    assert [row["back"] for row in session.ask("missing_repeatedly", D).rows] == [before(4)]
