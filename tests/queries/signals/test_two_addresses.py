"""`two_addresses` (G11), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("two_addresses", day, **parameters).rows]


def test_one_row_a_child_with_the_statements_that_contradict(story: Any) -> None:
    story.adult("mum")
    for id in ("c", "same", "alone", "shared"):
        story.child(id)
    story.home("h1", "4 Larch Court")
    story.home("h2", "27 Quarry Rise")
    story.area("x", "Port Carrow")
    story.area("here", "Aldermere", in_area=True)
    story.visit("v1", before(100), "h1", {"c": 3})
    story.claim("k2", "mum", ["c"], "x", before(50), known=before(49))
    story.lives_at("same", "h1", before(900), source="gp_list")
    story.lives_at("same", "here", before(90), source="housing")
    story.lives_at("alone", "h1", before(900), source="gp_list")
    story.lives_at("alone", "h2", before(90), source="gp_list")
    story.lives_at("shared", "h1", before(900), source="gp_list")
    story.lives_at("shared", "h2", before(90), source="housing", kind="second_home")
    story.lives_at("c", "h2", before(20), source="housing", known=before(10))
    session = story.asked()
    assert on(session, before(50)) == []
    answer = session.ask("two_addresses", before(49))
    assert [
        (row["child"], row["place"], row["other_place"], row["since"], row["known_on"], row["rows"], row["conflict"], row["places"])  # noqa: E501
        for row in answer.rows
    ] == [
        ("c", "h1", "x", before(49), before(49), ["1:health_visiting.csv:1", "1:missing_education.csv:2"],
         "the second only by what somebody said", 2)
    ]  # fmt: skip
    assert [(row["place"], row["other_place"]) for row in session.ask("two_addresses", before(10)).rows] == [("h2", "x")]
    assert on(session, before(50) + timedelta(days=365)) == ["c"]
    assert on(session, before(49) + timedelta(days=365)) == []
