"""`never_on_gp_list` (G05), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("never_on_gp_list", day, **parameters).rows]


def test_90_days_after_birth_or_after_first_known_without_any_registration(story: Any) -> None:
    story.agency("p", "gp")
    story.child("baby", before(91))
    story.child("arrived", date(2012, 2, 29), known=before(90))
    story.child("once", before(400))
    story.registered("once", "p", "gp", before(300), until=before(200))
    story.child("found", before(400))
    story.registered("found", "p", "gp", before(300), known=D)
    story.record("r", "baby", "Wren", known=before(90))
    story.load("gp_list")
    session = story.asked()
    assert on(session, before(1)) == ["found"]
    answer = session.ask("never_on_gp_list", D)
    assert [(row["child"], row["since"], row["days"], row["rows"]) for row in answer.rows] == [
        ("baby", D, 91, ["1:test.csv:3"])
    ]
    assert on(session, D + timedelta(days=1)) == ["baby", "arrived"]
