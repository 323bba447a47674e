"""What holds of every signal about overdue visits of a plan or care episode; each signal's own file gives its numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def fresh(story: Any) -> Any:
    story.load("social_care_contacts")
    return story.asked()


class PlanVisits:
    """`allowed` days between two visits, `first` days to the first one, grace included."""

    name: str
    status: str
    allowed: int
    first: int

    def worked_with(self, story: Any, child: str, since: date, **more: Any) -> None:
        story.child(child)
        story.involved(child, "csc", self.status, since, **more)

    def test_a_visit_is_overdue_on_the_day_after_the_last_day_allowed(self, story: Any) -> None:
        story.agency("csc", "social_care")
        self.worked_with(story, "in_time", before(400))
        self.worked_with(story, "late", before(400))
        self.worked_with(story, "never", before(400))
        story.contact("k1", before(self.allowed), seen={"in_time": 4}, agency="csc", source="social_care_contacts")
        story.contact("k2", before(self.allowed + 1), seen={"late": 4}, agency="csc", source="social_care_contacts")
        answer = fresh(story).ask(self.name, D)
        assert [(row["child"], row["since"], row["last_visit"]) for row in answer.rows] == [
            ("never", before(400 - self.first - 1), None),
            ("late", D, before(self.allowed + 1)),
        ]
        assert [len(row["rows"]) for row in answer.rows] == [1, 2]
        assert "1:social_care_contacts.csv:2" in answer.rows[1]["rows"]

    def test_only_a_social_worker_who_sees_the_child_stops_the_clock(self, story: Any) -> None:
        story.agency("csc", "social_care")
        story.agency("school", "school")
        self.worked_with(story, "c", before(400))
        story.contact("k1", before(3), seen={"c": 4}, agency="school", source="school_roll")
        story.contact("k2", before(2), seen={"c": 1}, agency="csc", kind="phone", source="social_care_contacts")
        session = fresh(story)
        assert [row["child"] for row in session.ask(self.name, D).rows] == ["c"]
        assert session.ask(self.name, D, level=1).rows == []

    def test_nobody_knows_of_a_plan_or_of_a_visit_before_its_source_did(self, story: Any) -> None:
        story.agency("csc", "social_care")
        self.worked_with(story, "c", before(400), known=before(100))
        story.contact("k1", before(60), seen={"c": 5}, agency="csc", source="social_care_contacts", known=before(20))
        session = fresh(story)
        assert session.ask(self.name, before(101)).rows == []
        assert listed(session.ask(self.name, before(100))) == [("c", before(100), before(100))]
        assert [row["last_visit"] for row in session.ask(self.name, before(21)).rows] == [None]
        assert [row["last_visit"] for row in session.ask(self.name, D).rows] == [before(60)]

    def test_a_plan_that_ended_asks_for_no_visit_once_the_end_is_known(self, story: Any) -> None:
        story.agency("csc", "social_care")
        self.worked_with(story, "c", before(400), until=before(50), end_known=before(40))
        session = fresh(story)
        assert [row["child"] for row in session.ask(self.name, before(41)).rows] == ["c"]
        assert session.ask(self.name, before(40)).rows == []

    def test_without_the_register_nobody_can_tell(self, story: Any) -> None:
        story.agency("csc", "social_care")
        self.worked_with(story, "c", before(400))
        answer = story.asked().ask(self.name, D)
        assert (answer.rows, answer.cannot_tell) == ([], 1)
