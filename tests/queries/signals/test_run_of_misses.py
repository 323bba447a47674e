"""`run_of_misses` (G08), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["misses"]) for row in session.ask("run_of_misses", day).rows]


def test_three_misses_in_a_year_and_a_sighting_after_them_does_not_end_the_run(story: Any) -> None:
    story.child("c")
    story.contact("k1", before(365), seen={"c": 0}, kind="clinic")
    story.contact("k2", before(300), seen={"c": 1})
    story.contact("dv", before(250), seen={"c": 1}, kind="dv_notification")
    story.contact("letter", before(240), seen={"c": None}, kind="letter")
    story.contact("k3", before(200), seen={"c": 0}, source="gp_contacts", known=before(170))
    story.contact("seen", before(100), seen={"c": 3})
    session = story.asked()
    assert listed(session, before(171)) == []
    assert listed(session, before(170)) == [("c", before(170), 3)]
    answer = session.ask("run_of_misses", D)
    assert answer.rows == [
        {
            "child": "c",
            "child_name": "name not known",
            "since": before(170),
            "known_on": before(170),
            "rows": ["1:gp_contacts.csv:3", "1:health_visiting.csv:1", "1:health_visiting.csv:2"],
            "misses": 3,
            "sources": "gp_contacts and health_visiting",
            "first_on": before(365),
            "last_on": before(200),
        }
    ]
    assert listed(session, D + timedelta(days=1)) == []


def test_a_sighting_between_breaks_the_run_once_it_is_known(story: Any) -> None:
    story.child("c")
    story.child("brother")
    for n, day in enumerate((100, 60, 20)):
        story.contact(f"k{n}", before(day), seen={"c": 0, "brother": 4})
    story.contact("between", before(60), seen={"c": 3}, known=before(5))
    session = story.asked()
    assert listed(session, before(21)) == []
    assert listed(session, before(6)) == [("c", before(20), 3)]
    assert listed(session, before(5)) == []


def test_since_is_the_first_day_of_the_present_span(story: Any) -> None:
    story.child("on_and_on")
    story.child("again")
    for n, day in enumerate((400, 390, 380, 100)):
        story.contact(f"o{n}", before(day), seen={"on_and_on": 0})
    for n, day in enumerate((1000, 990, 980, 300, 200, 100)):
        story.contact(f"a{n}", before(day), seen={"again": 1})
    session = story.asked()
    assert listed(session, before(30)) == [("on_and_on", before(380), 3), ("again", before(100), 3)]
    assert listed(session, D) == [("again", before(100), 3)]
