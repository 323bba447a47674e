"""`domestic_abuse_unseen` (G09), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    rows = session.ask("domestic_abuse_unseen", day).rows
    return [(row["child"], row["since"], row["notifications"], row["last_seen"]) for row in rows]


def notices(story: Any, child: str, *days: int, level: int | None = 1) -> None:
    for day in days:
        story.contact(f"{child}{day}", before(day), seen={child: level}, kind="dv_notification", source="police_notices",
                      known=before(day - 1))  # fmt: skip


def test_three_within_a_year_and_it_lasts_until_the_child_is_seen(story: Any) -> None:
    story.child("year")
    notices(story, "year", 1365, 1100, 1000)
    story.child("longer")
    notices(story, "longer", 1366, 1100, 1000)
    story.contact("seen", before(50), seen={"year": 3}, known=before(40))
    session = story.asked()
    assert listed(session, before(1000)) == []
    assert listed(session, before(999)) == [("year", before(999), 3, None)]
    row = session.ask("domestic_abuse_unseen", before(41)).rows[0]
    assert (row["since"], row["known_on"], row["first_on"], row["last_on"]) == (
        before(999),
        before(999),
        before(1365),
        before(1000),
    )
    assert row["rows"] == [f"1:police_notices.csv:{day}" for day in (1000, 1100, 1365)]
    assert listed(session, before(40)) == []


def test_a_sighting_on_the_first_day_counts_and_the_rest_are_counted_anew(story: Any) -> None:
    story.child("c")
    story.contact("school", before(300), seen={"c": 4}, kind="attendance", source="attendance")
    notices(story, "c", 300, 200, 100)
    story.child("other")
    notices(story, "other", 300, 200, 100, level=None)
    notices(story, "c", 50)
    session = story.asked()
    assert listed(session, before(60)) == [("other", before(99), 3, None)]
    assert listed(session, D) == [("other", before(99), 3, None), ("c", before(49), 3, before(300))]


def test_a_notice_known_late_or_withdrawn(story: Any) -> None:
    story.child("c")
    notices(story, "c", 300, 100)
    story.contact("middle", before(200), seen={"c": 0}, kind="dv_notification", known=before(30), withdrawn=before(10))
    session = story.asked()
    assert listed(session, before(31)) == []
    assert listed(session, before(30)) == listed(session, before(11)) == [("c", before(30), 3, None)]
    assert listed(session, before(10)) == []
