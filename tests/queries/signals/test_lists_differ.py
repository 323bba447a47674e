"""`lists_differ` (G14), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("lists_differ", day, **parameters).rows]


def test_two_registers_that_cover_the_child_and_lack_it(story: Any) -> None:
    story.agency("p", "gp")
    story.agency("r", "registrar")
    born = before(91)
    story.child("c", born)
    story.child("entered", born)
    story.registered("entered", "r", "births", before(60))
    story.child("moved_in", date(2019, 1, 1), known=before(300))
    story.load("births", end=D + timedelta(days=400))
    story.load("gp_list", shape="snapshot", extract=before(20))
    session = story.asked()
    assert on(session, before(1)) == []
    answer = session.ask("lists_differ", D)
    assert [(row["child"], row["since"], row["missing"]) for row in answer.rows] == [("c", D, "births register and GP list")]
    assert on(session, D + timedelta(days=30)) == []  # the practice's list is stale by then


def test_early_years_take_over_from_births_and_only_where_covered(story: Any) -> None:
    story.agency("p", "gp")
    story.child("c", date(2017, 3, 1))
    story.registered("c", "p", "gp", date(2017, 3, 1), until=before(300))
    story.load("births", start=date(2018, 1, 1))
    story.load("gp_list")
    story.load("early_years", start=date(2020, 1, 1), end=date(2020, 12, 31))
    session = story.asked()
    assert on(session, date(2020, 4, 30)) == []
    rows = session.ask("lists_differ", date(2020, 5, 1)).rows
    assert [(row["child"], row["missing"], row["since"]) for row in rows] == [
        ("c", "GP list and early years", date(2020, 5, 1))
    ]


def test_a_household_list_that_names_a_sibling_and_not_the_child(story: Any) -> None:
    story.adult("mum")
    story.home("h", "27 Quarry Rise")
    for id, born in (
        ("c", date(2015, 1, 1)),
        ("older", date(2012, 1, 1)),
        ("later", before(50)),
        ("elsewhere", date(2013, 1, 1)),
    ):
        story.child(id, born)
        story.parent("mum", id)
    for id in ("mum", "older"):
        story.lives_at(id, "h", before(100), source="housing", known=before(70), household_list="form1")
    story.lives_at("c", "h", before(95), source="gp_list", known=before(65))
    story.lives_at("later", "h", before(40), source="gp_list")
    story.lives_at("elsewhere", "h", before(90), source="school_concerns", basis="claimed")
    story.lives_at("older", "h", before(10), source="housing", household_list="form2")
    story.lives_at("c", "h", before(10), source="housing", household_list="form2")
    session = story.asked()
    assert on(session, before(66)) == []
    rows = session.ask("lists_differ", before(65)).rows
    assert [(row["child"], row["since"], row["place"], row["sibling"], row["listed_on"]) for row in rows] == [
        ("c", before(65), "h", "older", before(100))
    ]
    assert "c" not in on(session, before(10))
