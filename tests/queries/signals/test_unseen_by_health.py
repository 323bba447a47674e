"""`unseen_by_health` (G01h), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    answer = session.ask("unseen_by_health", day)
    assert answer.seen + len(answer.rows) + answer.cannot_tell == answer.population
    return [(row["child"], row["since"], row["last_seen"]) for row in answer.rows]


def fresh(story: Any) -> None:
    story.all_fresh()
    story.load("school_roll")


def test_only_a_health_worker_who_saw_the_child_for_a_purpose_counts(story: Any) -> None:
    story.agency("hv", "health_visiting")
    story.agency("police", "police")
    story.child("c", before(900))
    story.contact("k1", before(456), seen={"c": 4}, agency="hv")
    story.contact("k2", before(10), seen={"c": 4}, agency="police", source="police_notices")
    story.contact("k3", before(9), seen={"c": 3}, agency="hv")
    story.child("baby", before(300))
    story.contact("k4", before(120), seen={"baby": 4}, agency="hv", known=before(119))
    fresh(story)
    session = story.asked()
    tomorrow = D + timedelta(days=1)
    assert listed(session, D) == []
    assert listed(session, tomorrow) == [("baby", tomorrow, before(120)), ("c", tomorrow, before(456))]
    rows = session.ask("unseen_by_health", tomorrow).rows
    assert [(row["rows"], row["known_on"]) for row in rows] == [
        (["1:health_visiting.csv:4"], before(119)),
        (["1:health_visiting.csv:1"], before(456)),
    ]


def test_it_ends_with_the_first_school_roll_known(story: Any) -> None:
    story.agency("s", "school")
    story.child("pupil", date(2015, 6, 1))
    story.registered("pupil", "s", "school", before(100), known=before(90), until=before(50))
    story.child("never", date(2015, 6, 1))
    story.registered("never", "s", "gp", before(100))
    fresh(story)
    session = story.asked()
    assert [row[0] for row in listed(session, before(91))] == ["never", "pupil"]
    assert [row[0] for row in listed(session, before(90))] == ["never"]
    assert listed(session, D) == [("never", date(2015, 9, 30), None)]


def test_where_no_roll_is_loaded_a_school_child_cannot_be_told(story: Any) -> None:
    story.child("big", date(2012, 1, 1))
    story.child("small", date(2018, 1, 1))
    story.all_fresh()
    answer = story.asked().ask("unseen_by_health", D)
    assert ([row["child"] for row in answer.rows], answer.cannot_tell) == (["small"], 1)
