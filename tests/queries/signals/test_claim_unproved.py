"""`claim_unproved` (G12), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("claim_unproved", day, **parameters).rows]


def test_a_claim_unproved_on_the_29th_day_and_contradicted_by_that_areas_answer(story: Any) -> None:
    story.adult("mum")
    story.area("x", "Port Carrow")
    story.home("h1", "4 Larch Court")
    story.add("Agency", id="p", kind="gp", area="PORT CARROW")
    for n, id in enumerate(("c", "proved", "late", "home")):
        story.child(id)
        story.claim(f"k{n}", "mum", [id], "h1" if id == "home" else "x", before(60), known=before(59))
    story.registered("proved", "p", "gp", before(50), known=before(32))
    story.registered("late", "p", "gp", before(50), known=before(30))
    story.lives_at("home", "h1", before(900))
    story.contact("a9", before(20), seen={"c": None}, kind="area_check", at="x", outcome="negative", source="missing_education")
    session = story.asked()
    assert on(session, before(32)) == []
    assert on(session, before(31)) == ["c", "late"]
    answer = session.ask("claim_unproved", D)
    assert [
        (row["child"], row["since"], row["known_on"], row["said_on"], row["denied_on"], row["rows"]) for row in answer.rows
    ] == [
        ("c", before(31), before(31), before(60), before(20), ["1:missing_education.csv:0", "1:missing_education.csv:9"]),
        ("late", before(31), before(31), before(60), None, ["1:missing_education.csv:2"]),
    ]


def test_a_claim_known_late_counts_from_that_day_and_its_withdrawal_ends_it(story: Any) -> None:
    story.adult("mum")
    story.child("c")
    story.area("x", "Port Carrow")
    story.lives_at("c", "x", before(200), basis="claimed", known=before(100), withdrawn_on=before(10))
    session = story.asked()
    assert on(session, before(101)) == []
    assert [(row["since"], row["known_on"]) for row in session.ask("claim_unproved", before(100)).rows] == [
        (before(100), before(100))
    ]
    assert on(session, before(10)) == []
