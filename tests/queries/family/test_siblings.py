"""`siblings`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def test_each_sibling_once_with_the_last_sighting(story: Any) -> None:
    for parent in ("mum", "dad"):
        story.adult(parent, name=parent.title())
    story.child("c", date(2015, 1, 1))
    story.child("full", date(2012, 1, 1), name="Ellis")
    story.child("half", date(2018, 1, 1))
    story.agency("s1", "school", "Hill School")
    for child in ("c", "full"):
        for parent in ("mum", "dad"):
            story.parent(parent, child, source="births")
            story.parent(parent, child, source="maternity")
    story.parent("dad", "half", source="school_roll")
    story.contact("k1", before(40), seen={"full": 4}, kind="attendance", agency="s1")
    story.contact("k2", before(40), seen={"full": 3}, kind="visit")
    story.contact("k3", before(10), seen={"full": 1, "half": 1})
    answer = story.asked().ask("siblings", D, child="c")
    assert answer.rows == [
        {"sibling": "full", "sibling_name": "Ellis", "shared_parent": ["dad", "mum"], "shared_parent_name": ["Dad", "Mum"],
         "stated_by": ["births", "maternity"], "born_on": date(2012, 1, 1), "last_seen": before(40), "days": 40, "level": 4,
         "agency": "Hill School"},
        {"sibling": "half", "sibling_name": "name not known", "shared_parent": ["dad"], "shared_parent_name": ["Dad"],
         "stated_by": ["births", "maternity", "school_roll"], "born_on": date(2018, 1, 1), "last_seen": None, "days": None,
         "level": None, "agency": None},
    ]


def test_a_child_is_not_its_own_sibling_and_parents_known_later_make_none(story: Any) -> None:
    story.adult("mum")
    for child in ("c", "d"):
        story.child(child)
    story.parent("mum", "c", known=before(100))
    story.parent("mum", "c", known=before(100), source="maternity")
    story.parent("mum", "d", known=before(50), withdrawn_on=before(20))
    session = story.asked()

    def siblings(day: date, child: str = "c") -> list[str]:
        return [row["sibling"] for row in session.ask("siblings", day, child=child).rows]

    assert siblings(before(51)) == []
    assert siblings(before(50)) == ["d"]
    assert siblings(before(50), "d") == ["c"]
    assert siblings(before(20)) == []


def test_stated_siblings_are_told_apart_from_derived_ones(story: Any) -> None:
    story.adult("mum")
    for child in ("c", "derived", "stated"):
        story.child(child)
    for child in ("c", "derived"):
        story.parent("mum", child)
    story.edge("RELATED_TO", "derived", "c", relation="sibling", known_on=before(90), source="annex_a")
    story.edge("RELATED_TO", "c", "stated", relation="sibling", known_on=before(90), source="annex_a")
    story.edge("RELATED_TO", "c", "mum", relation="carer", known_on=before(90), source="annex_a")
    session = story.asked()
    assert [(row["sibling"], row["shared_parent"], row["stated_by"]) for row in session.ask("siblings", D, child="c").rows] == [
        ("derived", ["mum"], ["births"]), ("stated", [], ["annex_a"])]
    assert [row["sibling"] for row in session.ask("siblings", D, child="stated").rows] == ["c"]
    assert [row["sibling"] for row in session.ask("siblings", before(91), child="c").rows] == ["derived"]


def test_the_unborn_and_the_dead_are_listed_with_what_is_known(story: Any) -> None:
    story.adult("mum")
    story.child("c")
    story.person("unborn", None, known=before(60), expected_on=D + timedelta(days=90), expected_known_on=before(60),
                 age_known_on=before(60), child_from=before(60))
    story.child("dead", date(2013, 1, 1), died_on=before(500), died_known_on=before(490))
    for child in ("c", "unborn", "dead"):
        story.parent("mum", child)
    story.contact("k", before(600), seen={"dead": 5})
    answer = story.asked().ask("siblings", D, child="c")
    assert [(row["sibling"], row["born_on"], row["last_seen"]) for row in answer.rows] == [
        ("dead", date(2013, 1, 1), before(600)), ("unborn", None, None)]


def test_the_level_asked_is_the_level_counted(story: Any) -> None:
    story.adult("mum")
    for child in ("c", "d"):
        story.child(child)
        story.parent("mum", child)
    story.contact("k1", before(90), seen={"d": 4})
    story.contact("k2", before(10), seen={"d": 3})
    session = story.asked()
    assert [row["last_seen"] for row in session.ask("siblings", D, child="c").rows] == [before(10)]
    assert [row["last_seen"] for row in session.ask("siblings", D, child="c", level=4).rows] == [before(90)]
