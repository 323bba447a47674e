"""`seen_soonest`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lastseen.queries.soonest import told as sentence

D = date(2020, 6, 30)
COLUMNS = ("who", "worker", "role", "agency", "met", "met_on", "level", "tie", "tie_since", "place", "steps")


def before(days: int) -> date:
    return D - timedelta(days=days)


def told(answer: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in COLUMNS) for row in answer.rows]


def family(story: Any) -> None:
    """A child c, mother m, brother b by her, and a lodger l at the same home; a school, a GP and a health visitor."""
    story.child("c", date(2017, 1, 1), name="Tam Marlowe")
    story.child("b", date(2010, 1, 1), name="Ellis Tennant")
    story.adult("m", name="Joanne Tennant")
    story.adult("l", name="Kit Marlowe")
    story.parent("m", "c", known=before(1200))
    story.parent("m", "b", known=before(1200))
    story.home("h", "1 Larch Court")
    story.agency("school:1", "school", "Larch Valley School")
    story.agency("gp:1", "gp", "Hill Practice")
    story.agency("hv:1", "health_visiting", "Health visiting")
    story.agency("p:1", "police", "Police")
    story.worker("teacher", "M. Hill", "class teacher")
    story.worker("nurse", "R. Shah", "health visitor")
    story.worker("officer", "A. Reed", "police constable")


def test_each_professional_is_told_once_by_the_shortest_way_and_the_latest_contact(story: Any) -> None:
    family(story)
    story.lives_at("c", "h", before(800))
    story.lives_at("l", "h", before(700))
    story.lives_at("b", "h", before(600))
    story.contact("k1", before(10), seen={"b": 5}, kind="disclosure", agency="school:1", worker="teacher")
    story.contact("k2", before(5), seen={"m": 1}, kind="appointment", agency="gp:1")
    story.contact("k3", before(60), seen={"c": 1}, agency="hv:1", worker="nurse")
    story.contact("k4", before(3), seen={"m": 1, "b": 3}, agency="hv:1", worker="nurse")
    story.contact("k5", before(20), seen={"l": 3}, agency="p:1", worker="officer")
    story.contact("k6", before(2), seen={"b": 0, "l": None}, agency="p:1", worker="officer")
    session = story.asked()
    answer = session.ask("seen_soonest", D, child="c")
    assert told(answer) == [
        ("nurse", "R. Shah", "health visitor", "Health visiting", "c", before(60), 1, "the child", date(2017, 1, 1), None, 1),
        ("gp:1", None, None, "Hill Practice", "m", before(5), 1, "parent", before(1200), None, 2),
        ("teacher", "M. Hill", "class teacher", "Larch Valley School", "b", before(10), 5, "sibling", before(1200), None, 3),
        ("officer", "A. Reed", "police constable", "Police", "l", before(20), 3, "household", before(700), "h", 3),
    ]
    assert [row["met_name"] for row in answer.rows] == ["Tam Marlowe", "Joanne Tennant", "Ellis Tennant", "Kit Marlowe"]
    assert [sentence(row) for row in answer.rows] == [
        "R. Shah, health visitor, Health visiting was in touch with an adult about Tam Marlowe on 1 May 2020: home visit.",
        "Hill Practice was in touch with Joanne Tennant (parent) on 25 June 2020: appointment.",
        "M. Hill, class teacher, Larch Valley School saw Ellis Tennant (brother or sister) on 20 June 2020:"
        " told a professional.",
        "A. Reed, police constable, Police saw Kit Marlowe (living at the same home, 1 Larch Court, AL1 1AA,"
        " since 31 July 2018) on 10 June 2020: home visit.",
    ]
    seen = session.ask("seen_soonest", D, child="c", level=3).rows
    assert [(row["who"], row["met"], row["met_on"]) for row in seen] == [
        ("nurse", "b", before(3)), ("teacher", "b", before(10)), ("officer", "l", before(20)),
    ]  # fmt: skip


def test_the_days_the_day_asked_and_what_was_known_then_decide(story: Any) -> None:
    family(story)
    story.contact("k1", before(90), seen={"m": 1}, agency="gp:1")
    story.contact("k2", before(30), seen={"b": 4}, agency="school:1", worker="teacher", known=before(10))
    story.contact("k3", before(30), seen={"m": 1}, agency="p:1", worker="officer", withdrawn=before(5))
    session = story.asked()

    def who(ago: int, **parameters: int) -> list[str]:
        return [row["who"] for row in session.ask("seen_soonest", before(ago), child="c", **parameters).rows]

    assert who(11) == ["officer", "gp:1"]
    assert who(10) == ["officer", "gp:1", "teacher"]
    assert who(0) == ["gp:1", "teacher"]
    assert who(-1) == ["teacher"]
    assert who(-1, days=91) == ["gp:1", "teacher"]


def test_never_by_way_of_a_protected_place_a_refuge_or_a_restricted_person(story: Any) -> None:
    story.child("c", date(2017, 1, 1))
    for adult in ("hidden", "restricted", "guest", "gone", "said", "there"):
        story.adult(adult, restricted=adult == "restricted")
        story.agency(f"gp:{adult}", "gp")
        story.contact(f"k{adult}", before(9), seen={adult: 1}, agency=f"gp:{adult}")
    story.home("h")
    story.home("secret", protected=True)
    story.home("refuge")
    story.agency("r:1", "refuge", "Refuge")
    story.parent("restricted", "c")
    story.child("b", date(2010, 1, 1))
    story.parent("restricted", "b")
    story.agency("school:1", "school")
    story.contact("kb", before(9), seen={"b": 4}, agency="school:1")
    for place in ("h", "secret", "refuge"):
        story.lives_at("c", place, before(500), kind="refuge" if place == "refuge" else "home")
    story.lives_at("hidden", "secret", before(500))
    story.lives_at("guest", "refuge", before(500))
    story.lives_at("gone", "h", before(500), until=before(50))
    story.lives_at("said", "h", before(500), basis="claimed")
    story.lives_at("there", "h", before(500))
    story.contact("kr", before(1), seen={"c": 4, "there": 3}, agency="r:1")
    session = story.asked()
    assert [row["who"] for row in session.ask("seen_soonest", D, child="c").rows] == ["gp:there"]
    assert [row["who"] for row in session.ask("seen_soonest", before(60), child="c", days=6000).rows] == []


def test_an_observed_home_is_left_by_a_later_one_and_a_stated_sibling_counts(story: Any) -> None:
    family(story)
    story.home("new")
    story.lives_at("c", "h", before(400), basis="observed")
    story.lives_at("l", "h", before(300))
    story.lives_at("c", "new", before(30), basis="observed")
    story.child("x", date(2012, 1, 1))
    story.edge("RELATED_TO", "x", "c", relation="sibling", known_on=before(20))
    story.contact("k1", before(40), seen={"l": 1}, agency="p:1", worker="officer")
    story.contact("k2", before(45), seen={"x": 4}, agency="school:1", worker="teacher")
    session = story.asked()
    assert [(row["who"], row["tie"], row["steps"]) for row in session.ask("seen_soonest", D, child="c").rows] == [
        ("teacher", "stated sibling", 2)
    ]
    assert [(row["who"], row["tie"]) for row in session.ask("seen_soonest", before(31), child="c").rows] == [
        ("officer", "household")
    ]
