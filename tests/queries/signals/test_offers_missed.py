"""`offers_missed` (G07), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("offers_missed", day, **parameters).rows]


def test_all_three_reviews_missed_from_day_914_and_two_with_no_place_60_days_after_its_start(story: Any) -> None:
    story.agency("n", "early_years")
    story.agency("s", "school")
    story.child("c", before(914))
    story.contact("k1", before(800), seen={"c": 0}, kind="review_6_8_weeks", known=before(700))
    story.child("done", before(1000))
    story.contact("k2", before(500), seen={"done": 4}, kind="review_9_12_months", known=before(1))
    born = date(2017, 4, 1)  # early years from 1 April 2020
    for id in ("two", "placed", "pupil"):
        story.child(id, born)
        story.contact(f"k-{id}", before(900), seen={id: 4}, kind="review_6_8_weeks")
    story.registered("placed", "n", "early_years", before(40))
    story.registered("pupil", "s", "school", before(40))
    story.load("health_visiting")
    session = story.asked()
    assert on(session, before(2)) == ["done"]
    answer = session.ask("offers_missed", D)
    assert [row["child"] for row in answer.rows] == ["c", "two"]
    assert answer.rows[1]["since"] == D
    assert answer.rows[1]["place_from"] == date(2020, 4, 1)
    assert on(session, date(2020, 5, 31)) == []
    assert (answer.rows[0]["since"], answer.rows[0]["known_on"], answer.rows[0]["tried"]) == (D, before(700), 1)
