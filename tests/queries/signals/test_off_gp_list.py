"""`off_gp_list` (G04), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("off_gp_list", day, **parameters).rows]


def test_more_than_28_days_without_a_practice_count_from_the_latest_end_that_is_known(story: Any) -> None:
    story.agency("p", "gp", name="Park Surgery")
    story.agency("q", "gp")
    story.child("c")
    story.registered("c", "p", "gp", before(900), until=before(29), end_known=before(20), end_reason="removed")
    story.child("late")
    story.registered("late", "p", "gp", before(900), until=before(100), end_known=D)
    story.child("moved")
    story.registered("moved", "p", "gp", before(900), until=before(100))
    story.registered("moved", "q", "gp", before(60), known=before(10))
    story.child("dead_list")
    story.registered("dead_list", "p", "gp", before(900), until=before(100), end_reason="Death")
    story.child("abroad")
    story.registered("abroad", "p", "gp", before(900), until=before(100), end_reason="left, said to be abroad")
    story.load("gp_list")
    session = story.asked()
    assert on(session, before(1)) == ["abroad", "moved"][:1]
    assert on(session, before(11)) == ["abroad", "moved"]
    answer = session.ask("off_gp_list", D)
    assert [row["child"] for row in answer.rows] == ["abroad", "late", "c"]
    assert answer.rows[2] == {
        "child": "c",
        "child_name": "name not known",
        "since": D,
        "known_on": before(20),
        "rows": ["1:test.csv:1"],
        "left_on": before(29),
        "practice": "Park Surgery",
        "reason": "removed",
        "days": 29,
    }


def test_a_stale_list_makes_it_cannot_tell(story: Any) -> None:
    story.agency("p", "gp")
    story.child("c")
    story.registered("c", "p", "gp", before(900), until=before(100))
    story.load("gp_list", end=before(60))
    answer = story.asked().ask("off_gp_list", D)
    assert (answer.rows, answer.cannot_tell) == ([], 1)
