"""`sibling_seen_not_child` (G03), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    rows = session.ask("sibling_seen_not_child", day).rows
    return [(row["child"], row["since"], row["known_on"], row["others"]) for row in rows]


def test_one_was_seen_and_one_was_not_and_nothing_later_undoes_it(story: Any) -> None:
    story.home("h")
    story.child("c")
    story.child("sister")
    story.contact("last", before(191), seen={"c": 3})
    story.visit("v1", before(100), "h", {"sister": 4})
    story.visit("v2", before(100), "h", {"c": 1}, known=before(95))
    story.contact("seen", before(94), seen={"c": 4})
    session = story.asked()
    assert listed(session, before(96)) == []
    assert listed(session, before(95)) == listed(session, D) == [("c", before(95), before(95), ["sister"])]
    row = session.ask("sibling_seen_not_child", D).rows[0]
    assert row["rows"] == ["1:health_visiting.csv:1", "1:health_visiting.csv:2"]
    assert (row["visits"], row["visit_on"], row["last_seen"]) == (1, before(100), before(191))


def test_near_misses(story: Any) -> None:
    """Seen 90 days before, silent about the child, another day, source or place, a clinic, an adult, a refuge."""
    story.home("h")
    story.home("k")
    story.home("refuge", protected=True)
    story.adult("m")
    names = ("fresh", "silent", "day", "source", "place", "clinic", "mother", "refuge_child", "told_in_time", "not_home")
    for name in names:
        story.child(name)
        story.child(f"{name}_s")
    day = before(100)
    story.contact("k90", before(190), seen={"fresh": 3})
    story.visit("v1", day, "h", {"fresh": 0, "fresh_s": 3})
    story.visit("v2", day, "k", {"silent": None, "silent_s": 3}, source="housing")
    story.visit("v3", day, "h", {"day": 1}, source="ambulance")
    story.visit("v3b", before(99), "h", {"day_s": 3}, source="ambulance")
    story.visit("v4", day, "k", {"source": 1}, source="police_notices")
    story.visit("v4b", day, "k", {"source_s": 3}, source="social_care_contacts")
    story.visit("v5", before(80), "h", {"place": 1})
    story.visit("v5b", before(80), "k", {"place_s": 3})
    story.contact("v6", before(70), seen={"clinic": 0, "clinic_s": 4}, kind="clinic", at="h")
    story.visit("v7", before(60), "h", {"mother": 1, "m": 3})
    story.visit("v8", before(50), "refuge", {"refuge_child": 1, "refuge_child_s": 4})
    story.contact("v9", before(45), seen={"told_in_time": 3})
    story.visit("v9b", before(46), "h", {"told_in_time": 1, "told_in_time_s": 4}, known=before(45))
    story.contact("v10", before(40), seen={"not_home": 1, "not_home_s": 4}, at="h", at_home=False)
    assert listed(story.asked(), D) == []


def test_a_second_visit_is_newer_and_a_withdrawn_row_is_none(story: Any) -> None:
    story.home("h")
    story.child("c")
    story.child("brother")
    story.visit("one", before(300), "h", {"c": 2, "brother": 3}, known=before(290))
    story.visit("two", before(200), "h", {"c": 0, "brother": 4}, withdrawn=before(20))
    session = story.asked()
    assert listed(session, before(21)) == [("c", before(290), before(200), ["brother"])]
    assert listed(session, D) == [("c", before(290), before(290), ["brother"])]
