"""`fading_net` and its months, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 30)


def before(days: int) -> date:
    return D - timedelta(days=days)


def ties(answer: Any) -> list[tuple[Any, ...]]:
    return [
        (row["agency"], row["tie"], row["what"], row["since"], row["until"], row["end_reason"], row["taken_over"],
         row["taken_over_on"])
        for row in answer.rows
    ]  # fmt: skip


def test_four_links_fade_to_none_in_a_year_and_each_says_why(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("gp:1", "gp", "Hill Practice")
    story.agency("hv:1", "health_visiting", "Health visiting")
    story.agency("sc:1", "social_care", "Social care")
    story.agency("n:1", "early_years", "Nursery")
    story.agency("reg", "registrar")
    story.registered("c", "reg", "births", before(1900))
    story.registered("c", "gp:1", "gp", before(900), until=before(300), end_known=before(270), end_reason="removed")
    story.registered("c", "hv:1", "health_visiting", before(900), until=before(100), end_reason="moved")
    story.involved("c", "sc:1", "cin", before(500), until=before(200), end_reason="closed")
    for n, days in enumerate((500, 430, 360)):
        story.contact(f"k{n}", before(days), seen={"c": 4}, kind="attendance", source="attendance", agency="n:1")
    story.contact("k9", before(20), seen={"c": 1}, agency="hv:1")  # an adult at the door is no link to the child
    session = story.asked()
    assert ties(session.ask("fading_net", D, child="c")) == [
        ("Hill Practice", "registered", "gp", before(900), before(300), "removed", False, None),
        ("Health visiting", "registered", "health_visiting", before(900), before(100), "moved", False, None),
        ("Nursery", "contact", None, before(500), before(269), "no contact that reached the child", False, None),
        ("Social care", "involved", "cin", before(500), before(200), "closed", False, None),
    ]
    told = session.fading("c", D)
    assert [month.links for month in told.months] == [4, 4, 4, 3, 2, 2, 1, 1, 1, 0, 0, 0, 0]
    assert (told.months[0].day, told.months[-1].day) == (date(2019, 6, 30), D)
    assert told.months[4].agencies == ("Health visiting", "Social care")
    assert [(one.agency, one.until, one.end_reason) for one in told.lost] == [
        ("Hill Practice", before(300), "removed"), ("Nursery", before(269), "no contact that reached the child"),
        ("Social care", before(200), "closed"), ("Health visiting", before(100), "moved"),
    ]  # fmt: skip
    assert told.faded
    earlier = session.fading("c", before(271))  # the removal was not yet known
    assert (earlier.months[-1].links, earlier.faded) == (4, False)


def test_a_hand_over_within_28_days_is_no_loss(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    for n in (1, 2):
        story.agency(f"gp:{n}", "gp")
        story.agency(f"hv:{n}", "health_visiting")
        story.agency(f"s:{n}", "school")
        story.agency(f"sc:{n}", "social_care")
    story.registered("c", "gp:1", "gp", before(900), until=before(200))
    story.registered("c", "gp:2", "gp", before(172))  # 28 days
    story.registered("c", "hv:1", "health_visiting", before(900), until=before(200))
    story.registered("c", "hv:2", "health_visiting", before(171))  # 29 days
    story.registered("c", "s:1", "school", before(900), until=before(200))
    story.registered("c", "s:2", "school", before(250))  # was there before the other ended
    story.involved("c", "sc:1", "cin", before(900), until=before(20))
    session = story.asked()
    answer = session.ask("fading_net", D, child="c")
    ended = {row["agency"]: (row["taken_over"], row["taken_over_on"]) for row in answer.rows if row["until"]}
    assert ended == {
        "gp:1": (True, before(172)), "hv:1": (False, None), "s:1": (True, before(200)), "sc:1": (None, None),
    }  # fmt: skip
    told = session.fading("c", D)
    assert [one.agency for one in told.lost] == ["hv:1"]  # of social care nothing can be said for some days yet
    assert not told.faded


def test_a_contact_of_another_agency_of_the_kind_takes_over_and_a_worker_is_followed_by_one_of_the_role(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("gp:1", "gp")
    story.agency("gp:2", "gp")
    story.agency("sc:1", "social_care")
    for worker in ("w1", "w2", "w3"):
        story.worker(worker, f"Worker {worker}", "social worker")
        story.edge("WORKS_FOR", worker, "sc:1", known_on=before(1000))
    story.registered("c", "gp:1", "gp", before(900), until=before(200))
    story.contact("k", before(190), seen={"c": 4}, agency="gp:2")

    def allocated(worker: str, since: int, until: int) -> None:
        start, end = before(since), before(until)
        dates = {"known_on": start, "valid_from": start, "valid_to": end, "end_known_on": end}
        story.edge("ALLOCATED_TO", "c", worker, role="social worker", **dates)

    allocated("w1", 900, 400)
    allocated("w2", 380, 300)
    session = story.asked()
    rows = session.ask("fading_net", D, child="c").rows
    assert [(row["agency"], row["worker"], row["taken_over"], row["taken_over_on"]) for row in rows] == [
        ("sc:1", "Worker w1", True, before(380)),
        ("gp:1", None, True, before(190)),
        ("sc:1", "Worker w2", False, None),
        ("gp:2", None, False, None),
    ]


def test_only_what_was_known_and_not_withdrawn_is_a_link(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("gp:1", "gp")
    story.agency("hv:1")
    story.registered("c", "gp:1", "gp", before(900), known=before(10))
    story.registered("c", "hv:1", "health_visiting", before(900), withdrawn_on=before(5))
    story.contact("k", before(8), seen={"c": None}, agency="hv:1")
    session = story.asked()
    assert [row["agency"] for row in session.ask("fading_net", before(11), child="c").rows] == ["hv:1"]
    assert [row["agency"] for row in session.ask("fading_net", before(6), child="c").rows] == ["gp:1", "hv:1"]
    assert [row["agency"] for row in session.ask("fading_net", D, child="c").rows] == ["gp:1"]
