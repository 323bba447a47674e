"""`many_addresses` (G18), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("many_addresses", day, **parameters).rows]


def test_three_addresses_that_stood_within_a_year(story: Any) -> None:
    for id in ("c", "nowhere", "claimed"):
        story.child(id)
    for n in (1, 2, 3):
        story.home(f"h{n}", protected=n == 3)
        story.add("Address", id=f"nfa{n}", kind="no_fixed_abode", protected=False)
        story.lives_at("nowhere", f"nfa{n}", before(30 * n))
        story.lives_at("claimed", f"h{n}", before(30 * n), basis="claimed" if n == 3 else "registered")
    story.lives_at("c", "h1", before(2000), until=before(364))
    story.lives_at("c", "h2", before(364), source="health_visiting", basis="observed")
    story.lives_at("c", "h3", before(20), source="refuge", kind="refuge", known=before(2))
    session = story.asked()
    assert on(session, before(3)) == []
    rows = session.ask("many_addresses", D).rows
    assert [(row["child"], row["since"], row["known_on"], row["places"], len(row["rows"])) for row in rows] == [
        ("c", before(2), before(2), 3, 3)
    ]
    assert on(session, D + timedelta(days=1)) == []
    assert on(session, D + timedelta(days=1), days=366) == ["c"]
