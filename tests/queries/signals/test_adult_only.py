"""`adult_only` (G17), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    return [(row["child"], row["since"], row["adult_only"], row["perceived_on"]) for row in session.ask("adult_only", day).rows]


def test_three_contacts_with_an_adult_only_after_the_child_was_last_perceived(story: Any) -> None:
    story.child("c")
    story.contact("seen", before(400), seen={"c": 2})
    story.contact("same_day", before(400), seen={"c": 1})
    story.contact("k1", before(300), seen={"c": 1}, kind="phone")
    story.contact("nobody", before(250), seen={"c": 0})
    story.contact("silent", before(240), seen={"c": None})
    story.contact("k2", before(200), seen={"c": 1}, kind="dv_notification", source="police_notices")
    story.contact("k3", before(100), seen={"c": 1}, known=before(90))
    story.contact("video", before(20), seen={"c": 2}, known=before(10))
    session = story.asked()
    assert listed(session, before(91)) == []
    assert listed(session, before(90)) == [("c", before(90), 3, before(400))]
    row = session.ask("adult_only", before(11)).rows[0]
    assert row["rows"] == ["1:health_visiting.csv:1", "1:health_visiting.csv:3", "1:police_notices.csv:2"]
    assert (row["since"], row["known_on"], row["first_on"], row["last_on"]) == (
        before(90),
        before(90),
        before(300),
        before(100),
    )
    assert listed(session, before(10)) == []


def test_a_child_never_perceived_and_two_contacts_of_one_day(story: Any) -> None:
    story.child("c")
    story.contact("a", before(30), seen={"c": 1})
    story.contact("b", before(30), seen={"c": 1}, kind="phone")
    story.child("two")
    story.contact("d", before(30), seen={"two": 1})
    story.contact("e", before(20), seen={"two": 1})
    story.contact("f", before(10), seen={"c": 1, "two": None})
    session = story.asked()
    assert listed(session, before(11)) == []
    assert listed(session, D) == [("c", before(10), 3, None)]
