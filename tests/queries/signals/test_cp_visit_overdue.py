"""`cp_visit_overdue` (P02), as stories."""

from __future__ import annotations

from typing import Any

from plan_visits import D, PlanVisits, before, fresh


class TestCp(PlanVisits):
    name, status, allowed, first = "cp_visit_overdue", "cp", 17, 17

    def test_two_visits_running_without_sight_of_the_child_fire_at_once(self, story: Any) -> None:
        story.agency("csc", "social_care")
        self.worked_with(story, "c", before(20))
        story.contact("k1", before(12), seen={"c": 4}, agency="csc", source="social_care_contacts")
        story.contact("k2", before(8), seen={"c": 1}, agency="csc", source="social_care_contacts")
        story.contact("k3", before(4), seen={"c": 0}, agency="csc", source="social_care_contacts", known=before(3))
        session = fresh(story)
        assert session.ask("cp_visit_overdue", before(4)).rows == []
        answer = session.ask("cp_visit_overdue", D)
        assert [(row["since"], row["missed"], row["last_visit"]) for row in answer.rows] == [(before(3), 2, before(12))]
