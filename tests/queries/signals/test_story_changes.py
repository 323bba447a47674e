"""`story_changes` (G13), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("story_changes", day, **parameters).rows]


def test_two_places_claimed_within_a_year_from_the_day_both_are_known(story: Any) -> None:
    story.adult("mum")
    for id in ("c", "apart", "same"):
        story.child(id)
    story.area("x", "Port Carrow")
    story.area("y", "Eastness")
    story.home("h", area="Port Carrow", in_area=False)
    story.claim("k1", "mum", ["c"], "x", before(400), known=before(10))
    story.claim("k2", "mum", ["c"], "y", before(35))
    story.claim("k3", "mum", ["apart"], "x", before(400))
    story.claim("k4", "mum", ["apart"], "y", before(34))
    story.claim("k5", "mum", ["same"], "x", before(50))
    story.claim("k6", "mum", ["same"], "h", before(40))
    session = story.asked()
    assert on(session, before(11)) == []
    answer = session.ask("story_changes", D + timedelta(days=3000))
    assert [
        (row["child"], row["since"], row["known_on"], row["place"], row["said_on"], row["other_place"], row["other_on"], row["rows"])  # noqa: E501
        for row in answer.rows
    ] == [
        ("c", before(10), before(10), "x", before(400), "y", before(35), ["1:missing_education.csv:1", "1:missing_education.csv:2"])  # noqa: E501
    ]  # fmt: skip
    assert on(session, D, days=366) == ["c", "apart"]
