"""`cin_visit_overdue` (P01), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def worked_with(story: Any, child: str, since: date, **more: Any) -> None:
    story.child(child)
    story.involved(child, "csc", "cin", since, **more)


def fresh(story: Any) -> Any:
    story.load("social_care_contacts")
    return story.asked()


def test_a_visit_is_overdue_on_the_day_after_the_last_day_allowed(story: Any) -> None:
    story.agency("csc", "social_care")
    worked_with(story, "in_time", before(400))
    worked_with(story, "late", before(400))
    worked_with(story, "never", before(400))
    story.contact("k1", before(35), seen={"in_time": 4}, agency="csc", source="social_care_contacts")
    story.contact("k2", before(35 + 1), seen={"late": 4}, agency="csc", source="social_care_contacts")
    answer = fresh(story).ask("cin_visit_overdue", D)
    assert [(row["child"], row["since"], row["last_visit"]) for row in answer.rows] == [
        ("never", before(400 - 35 - 1), None),
        ("late", D, before(35 + 1)),
    ]
    assert [len(row["rows"]) for row in answer.rows] == [1, 2]
    assert "1:social_care_contacts.csv:2" in answer.rows[1]["rows"]


def test_only_a_social_worker_who_sees_the_child_stops_the_clock(story: Any) -> None:
    story.agency("csc", "social_care")
    story.agency("school", "school")
    worked_with(story, "c", before(400))
    story.contact("k1", before(3), seen={"c": 4}, agency="school", source="school_roll")
    story.contact("k2", before(2), seen={"c": 1}, agency="csc", kind="phone", source="social_care_contacts")
    session = fresh(story)
    assert [row["child"] for row in session.ask("cin_visit_overdue", D).rows] == ["c"]
    assert session.ask("cin_visit_overdue", D, level=1).rows == []


def test_nobody_knows_of_a_plan_or_of_a_visit_before_its_source_did(story: Any) -> None:
    story.agency("csc", "social_care")
    worked_with(story, "c", before(400), known=before(100))
    story.contact("k1", before(60), seen={"c": 5}, agency="csc", source="social_care_contacts", known=before(20))
    session = fresh(story)
    assert session.ask("cin_visit_overdue", before(101)).rows == []
    assert listed(session.ask("cin_visit_overdue", before(100))) == [("c", before(100), before(100))]
    assert [row["last_visit"] for row in session.ask("cin_visit_overdue", before(21)).rows] == [None]
    assert [row["last_visit"] for row in session.ask("cin_visit_overdue", D).rows] == [before(60)]


def test_a_plan_that_ended_asks_for_no_visit_once_the_end_is_known(story: Any) -> None:
    story.agency("csc", "social_care")
    worked_with(story, "c", before(400), until=before(50), end_known=before(40))
    session = fresh(story)
    assert [row["child"] for row in session.ask("cin_visit_overdue", before(41)).rows] == ["c"]
    assert session.ask("cin_visit_overdue", before(40)).rows == []


def test_without_the_register_nobody_can_tell(story: Any) -> None:
    story.agency("csc", "social_care")
    worked_with(story, "c", before(400))
    answer = story.asked().ask("cin_visit_overdue", D)
    assert (answer.rows, answer.cannot_tell) == ([], 1)
