"""`late_booking` (G15), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("late_booking", day, **parameters).rows]


def expected(story: Any, id: str, due: date, known: date, **columns: Any) -> None:
    story.person(
        id, None, known=known, expected_on=due, expected_known_on=known, age_known_on=known, child_from=known, **columns
    )
    story.parent("mum", id, known=known)


def test_a_first_booking_at_20_weeks_or_later_counts_for_the_unborn_too(story: Any) -> None:
    story.adult("mum")
    expected(story, "late", D + timedelta(days=140), before(0))
    story.contact("k", before(2), seen={"mum": None}, kind="booking", source="maternity", known=D)
    session = story.asked()
    assert on(session, before(1)) == []
    rows = session.ask("late_booking", D + timedelta(days=9)).rows
    assert [(row["child"], row["since"], row["at_weeks"], row["due_on"]) for row in rows] == []
    rows = session.ask("late_booking", D, weeks=19).rows
    assert [(row["child"], row["since"], row["booked_on"], row["at_weeks"]) for row in rows] == [("late", D, before(2), 19)]


def test_an_earlier_booking_known_by_then_makes_it_no_late_one(story: Any) -> None:
    story.adult("mum")
    expected(story, "c", D + timedelta(days=100), before(100))
    story.contact("k1", before(100), seen={"mum": None}, kind="booking", source="maternity")
    story.contact("k2", before(1), seen={"mum": None}, kind="booking", source="maternity")
    assert on(story.asked(), D) == []


def test_a_birth_with_no_booking_while_maternity_was_covered(story: Any) -> None:
    story.adult("mum")
    story.child("c", before(10))
    story.parent("mum", "c")
    story.child("early", before(300))
    for id, days in (("c", 10), ("early", 300)):
        story.contact(f"b{days}", before(days), seen={id: 4}, kind="birth", source="maternity", known=before(days - 2))
    story.load("maternity", start=before(290), end=D)
    session = story.asked()
    assert on(session, before(9)) == []
    rows = session.ask("late_booking", D).rows
    assert [(row["child"], row["since"], row["born_on"], row["rows"]) for row in rows] == [
        ("c", before(8), before(10), ["1:maternity.csv:10"])
    ]
