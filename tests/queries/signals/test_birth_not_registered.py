"""`birth_not_registered` (G22), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("birth_not_registered", day, **parameters).rows]


def test_on_the_43rd_day_where_the_register_covers_birth_and_all_42_days(story: Any) -> None:
    story.agency("r", "registrar")
    for n, (id, born) in enumerate((("c", before(43)), ("entered", before(43)), ("uncovered", before(80)))):
        story.child(id, born)
        story.contact(f"b{n}", born, seen={id: 4}, kind="birth", source="maternity", known=born + timedelta(days=2))
    story.registered("entered", "r", "births", before(10), known=before(1))
    story.load("births", start=before(70))
    story.load("maternity")
    session = story.asked()
    assert on(session, before(1)) == []
    rows = session.ask("birth_not_registered", D).rows
    assert [(row["child"], row["since"], row["born_on"], row["rows"]) for row in rows] == [
        ("c", D, before(43), ["1:maternity.csv:0"])
    ]


def test_due_28_days_ago_with_no_birth_and_no_loss_known(story: Any) -> None:
    story.adult("mum")
    for id, lost in (("c", None), ("lost", before(100))):
        fate = {"died_on": lost, "died_known_on": lost, "child_until": lost} if lost else {}
        known = before(200)
        story.person(
            id, None, known=known, expected_on=before(29), expected_known_on=known, age_known_on=known, child_from=known, **fate
        )  # fmt: skip
        story.parent("mum", id, known=known)
    story.load("births")
    story.load("maternity")
    session = story.asked()
    assert on(session, before(1)) == []
    rows = session.ask("birth_not_registered", D).rows
    assert [(row["child"], row["since"], row["due_on"], row["born_on"]) for row in rows] == [("c", D, before(29), None)]
