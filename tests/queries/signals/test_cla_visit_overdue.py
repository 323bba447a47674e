"""`cla_visit_overdue` (P03), as stories."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from plan_visits import D, PlanVisits, before, fresh, listed


class TestCla(PlanVisits):
    name, status, allowed, first = "cla_visit_overdue", "cla", 49, 14

    def test_the_first_visit_to_a_placement_is_due_within_a_week_and_another_of_grace(self, story: Any) -> None:
        story.agency("csc", "social_care")
        story.home("foster")
        self.worked_with(story, "c", before(300))
        story.contact("k1", before(16), seen={"c": 5}, agency="csc", source="social_care_contacts")
        story.lives_at("c", "foster", before(14), kind="placement", source="social_care_contacts")
        session = fresh(story)
        assert session.ask("cla_visit_overdue", D).rows == []
        assert listed(session.ask("cla_visit_overdue", D + timedelta(days=1))) == [("c", D + timedelta(days=1), before(14))]
