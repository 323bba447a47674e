"""`cin_visit_overdue` (P01), as stories."""

from __future__ import annotations

from plan_visits import PlanVisits


class TestCin(PlanVisits):
    name, status, allowed, first = "cin_visit_overdue", "cin", 35, 35
