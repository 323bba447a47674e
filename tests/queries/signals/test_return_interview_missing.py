"""`return_interview_missing` (P06), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def missing(story: Any, child: str, since: date, until: date | None, **more: Any) -> None:
    story.child(child)
    story.involved(child, "police", "missing", since, until=until, source="police_notices", **more)


def test_an_interview_is_overdue_on_the_fourth_day_after_the_return(story: Any) -> None:
    story.agency("police", "police")
    missing(story, "over", before(10), before(4))
    missing(story, "at", before(10), before(3))
    missing(story, "gone", before(10), None)
    answer = story.asked().ask("return_interview_missing", D)
    assert listed(answer) == [("over", D, before(4))]
    assert answer.rows[0]["returned"] == before(4)


def test_an_interview_held_since_ends_it_and_an_earlier_one_does_not(story: Any) -> None:
    story.agency("police", "police")
    missing(story, "c", before(30), before(20))
    story.contact("k0", before(25), seen={"c": 5}, kind="return_interview", source="social_care_contacts")
    story.contact("k1", before(12), seen={"c": 5}, kind="return_interview", source="social_care_contacts", known=before(8))
    session = story.asked()
    assert [row["child"] for row in session.ask("return_interview_missing", before(9)).rows] == ["c"]
    assert session.ask("return_interview_missing", before(8)).rows == []


def test_a_return_counts_from_the_day_it_was_known_and_not_for_ever(story: Any) -> None:
    story.agency("police", "police")
    missing(story, "c", before(30), before(20), end_known=before(10))
    session = story.asked()
    assert session.ask("return_interview_missing", before(11)).rows == []
    assert listed(session.ask("return_interview_missing", before(10))) == [("c", before(10), before(10))]
    assert [row["child"] for row in session.ask("return_interview_missing", before(20) + timedelta(days=90)).rows] == ["c"]
    assert session.ask("return_interview_missing", before(20) + timedelta(days=91)).rows == []
