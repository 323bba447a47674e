"""`private_fostering_overdue` (P04), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def test_visits_are_due_every_six_weeks_in_the_first_year_and_every_twelve_after(story: Any) -> None:
    story.agency("csc", "social_care")
    for child, since, seen in (("new", 300, 50), ("new_fine", 300, 49), ("old", 500, 92), ("old_fine", 500, 91)):
        story.child(child)
        story.registered(child, "csc", "private_fostering", before(since))
        story.contact(f"k{seen}", before(seen), seen={child: 4}, agency="csc", source="social_care_contacts")
    answer = story.asked().ask("private_fostering_overdue", D)
    assert [(row["child"], row["since"], row["last_visit"]) for row in answer.rows] == [
        ("new", D, before(50)), ("old", D, before(92)),
    ]  # fmt: skip


def test_a_claim_that_a_child_lives_with_somebody_who_is_no_close_relative_needs_a_notification(story: Any) -> None:
    story.area("x", "Port Carrow")
    claims = (("friend", "carer", 29), ("aunt", "aunt_uncle", 29), ("soon", "carer", 28), ("unsaid", None, 29))
    for child, host, since in claims:
        story.child(child)
        story.lives_at(child, "x", before(since), basis="claimed", stated_with=host, source="missing_education")
    answer = story.asked().ask("private_fostering_overdue", D)
    assert [(row["child"], row["since"], row["claimed"]) for row in answer.rows] == [("friend", D, before(29))]


def test_a_notification_known_by_the_day_ends_it(story: Any) -> None:
    story.area("x", "Port Carrow")
    story.agency("csc", "social_care")
    story.child("c")
    story.lives_at("c", "x", before(60), basis="claimed", stated_with="carer", source="missing_education")
    story.registered("c", "csc", "private_fostering", before(20), known=before(10))
    session = story.asked()
    assert [row["child"] for row in session.ask("private_fostering_overdue", before(11)).rows] == ["c"]
    assert session.ask("private_fostering_overdue", before(10)).rows == []
