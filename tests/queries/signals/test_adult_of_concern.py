"""`adult_of_concern` (G19), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["known_on"]) for row in answer.rows]


def test_parent_partner_and_home_make_steps_and_three_steps_are_too_far(story: Any) -> None:
    story.agency("marac", "marac")
    story.home("h")
    for child in ("own", "partners", "housemate", "third"):
        story.child(child)
    for adult in ("x", "mother", "friend"):
        story.adult(adult)
    story.flagged("x", "marac", before(10), review=before(-300))
    story.parent("x", "own")
    story.edge("PARTNER_OF", "mother", "x", known_on=before(400))
    story.parent("mother", "partners")
    story.lives_at("x", "h", before(300))
    story.lives_at("housemate", "h", before(200))
    story.edge("PARTNER_OF", "friend", "mother", known_on=before(400))
    story.parent("friend", "third")
    answer = story.asked().ask("adult_of_concern", D)
    assert {row["child"] for row in answer.rows} == {"own", "partners", "housemate"}
    told = {(row["flag"], row["flagged_by"], row["since"]) for row in answer.rows}
    assert told == {("named as perpetrator", "marac", before(10))}


def test_a_flag_counts_until_its_review_and_a_link_from_the_day_it_is_known(story: Any) -> None:
    story.agency("marac", "marac")
    story.child("c")
    story.adult("x")
    story.flagged("x", "marac", before(100), review=before(10))
    story.parent("x", "c", known=before(50))
    session = story.asked()
    assert session.ask("adult_of_concern", before(51)).rows == []
    assert listed(session.ask("adult_of_concern", before(50))) == [("c", before(50), before(50))]
    assert [row["child"] for row in session.ask("adult_of_concern", before(11)).rows] == ["c"]
    assert session.ask("adult_of_concern", before(10)).rows == []


def test_people_who_lived_in_one_home_one_after_the_other_never_shared_it(story: Any) -> None:
    story.agency("marac", "marac")
    story.home("h")
    story.child("after")
    story.child("meanwhile")
    story.adult("x")
    story.flagged("x", "marac", before(10))
    story.lives_at("x", "h", before(900), until=before(500))
    story.lives_at("after", "h", before(500))
    story.lives_at("meanwhile", "h", before(501), until=before(500))
    assert [row["child"] for row in story.asked().ask("adult_of_concern", D).rows] == ["meanwhile"]


def test_a_protected_home_links_nobody_and_a_child_expected_is_linked(story: Any) -> None:
    story.agency("marac", "marac")
    story.home("refuge", protected=True)
    story.child("hidden")
    story.adult("x")
    known = before(20)
    story.person(
        "unborn", None, known=known, expected_on=before(-60), expected_known_on=known, age_known_on=known, child_from=known
    )
    story.flagged("x", "marac", before(30))
    story.lives_at("x", "refuge", before(900))
    story.lives_at("hidden", "refuge", before(900))
    story.parent("x", "unborn", known=before(20))
    assert listed(story.asked().ask("adult_of_concern", D)) == [("unborn", before(20), before(20))]
