"""`everyone_left` (G20), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def agencies(story: Any) -> None:
    for id, kind in {"gp": "gp", "gp2": "gp", "hv": "health_visiting", "school": "school", "care": "social_care"}.items():
        story.agency(id, kind)


def leaves(story: Any, child: str, **days: int) -> None:
    """Who left so many days ago; each end is known two days later, and its row is named after child and agency."""
    for agency, day in days.items():
        if agency == "care":
            began = {"valid_from": before(900), "known_on": before(900)}
            ended = {"valid_to": before(day), "end_known_on": before(day - 2), "row": f"1:{child}-{agency}.csv:1"}
            story.edge("INVOLVED_WITH", child, agency, status="cin", **began, **ended)
        else:
            register = {"hv": "health_visiting", "school": "school"}.get(agency, "gp")
            ends: dict[str, Any] = {"until": before(day), "end_known": before(day - 2), "row": f"1:{child}-{agency}.csv:1"}
            story.registered(child, agency, register, before(900), **ends)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    rows = session.ask("everyone_left", day).rows
    return [(row["child"], row["since"], row["known_on"], row["left"], row["rows"]) for row in rows]


def test_three_agencies_within_ninety_days_and_nothing_later_undoes_it(story: Any) -> None:
    agencies(story)
    story.child("c")
    leaves(story, "c", gp=290, hv=250, care=200)
    story.contact("before", before(291), seen={"c": 4})
    story.contact("after", before(199), seen={"c": 4})
    story.registered("c", "gp2", "gp", before(195))  # 95 days after the old list
    story.child("late")
    leaves(story, "late", gp=291, hv=250, care=200)
    session = story.asked()
    assert listed(session, before(199)) == []
    rows = ["1:c-care.csv:1", "1:c-gp.csv:1", "1:c-hv.csv:1"]
    assert listed(session, before(198)) == listed(session, D) == [("c", before(198), before(198), 3, rows)]
    row = session.ask("everyone_left", D).rows[0]
    assert (row["first_left_on"], row["last_left_on"]) == (before(290), before(200))


def test_near_misses(story: Any) -> None:
    """Seen in the 90 days, a list that opened elsewhere, one agency twice, and two agencies only."""
    agencies(story)
    for child in ("seen", "handed_over", "told_later", "twice"):
        story.child(child)
        leaves(story, child, gp=250, hv=240)
    for child in ("seen", "handed_over", "told_later"):
        leaves(story, child, care=200)
    story.contact("k", before(290), seen={"seen": 3}, known=before(198))
    story.registered("handed_over", "gp2", "gp", before(340), known=before(198))
    story.registered("told_later", "gp2", "gp", before(240), known=before(197))
    story.registered("twice", "gp", "school", before(900), until=before(230), row="1:again.csv:1")
    session = story.asked()
    assert [row[:3] for row in listed(session, D)] == [("told_later", before(198), before(198))]


def test_a_fourth_agency_is_news_and_a_withdrawn_end_is_none(story: Any) -> None:
    agencies(story)
    story.child("c")
    leaves(story, "c", gp=250, hv=240, care=230, school=200)
    story.child("withdrawn")
    leaves(story, "withdrawn", gp=250, hv=240)
    story.registered("withdrawn", "school", "school", before(900), until=before(230), withdrawn_on=before(100))
    session = story.asked()
    assert [row[:4] for row in listed(session, before(200))] == [
        ("withdrawn", before(230), before(230), 3),
        ("c", before(228), before(228), 3),
    ]
    assert [row[:4] for row in listed(session, D)] == [("c", before(228), before(198), 4)]
