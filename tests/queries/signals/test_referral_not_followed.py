"""`referral_not_followed` (G10), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def referral(story: Any, id: str, day: date, *, known: date | None = None, **columns: Any) -> None:
    story.contact(id, day, kind="referral_anonymous", source="social_care_contacts", known=known, **columns)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    rows = session.ask("referral_not_followed", day).rows
    return [(row["child"], row["since"], row["known_on"], row["referred_on"], row["rows"]) for row in rows]


def test_fourteen_days_after_and_until_each_child_is_seen(story: Any) -> None:
    story.home("h")
    for child in ("named", "there", "seen_on_the_day", "answered"):
        story.child(child)
    for child in ("there", "seen_on_the_day"):
        story.lives_at(child, "h", before(300), row=f"1:{child}.csv:1")
    referral(story, "r7", before(100), seen={"named": None}, at="h", known=before(98))
    story.contact("same", before(100), seen={"seen_on_the_day": 3})
    story.contact("seen", before(50), seen={"named": 3}, known=before(45))
    session = story.asked()
    row = "1:social_care_contacts.csv:7"
    assert listed(session, before(86)) == []
    assert listed(session, before(85)) == [
        ("named", before(85), before(98), before(100), [row]),
        ("there", before(85), before(98), before(100), [row, "1:there.csv:1"]),
    ]
    assert [found[:4] for found in listed(session, before(46))] == [
        ("named", before(85), before(98), before(100)),
        ("there", before(85), before(98), before(100)),
    ]
    assert [found[0] for found in listed(session, D)] == ["there"]


def test_who_lived_there_on_that_day_by_what_is_known(story: Any) -> None:
    story.home("h")
    story.home("other")
    story.area("area", "Aldermere", True)
    story.home("refuge", protected=True)
    day = before(100)
    for child in ("open", "left", "left_known_later", "not_yet", "observed", "moved_on", "area_later", "claimed", "hidden"):
        story.child(child)
    story.lives_at("open", "h", before(300))
    story.lives_at("left", "h", before(300), until=day)
    story.lives_at("left_known_later", "h", before(300), until=before(150), end_known=before(20))
    story.lives_at("not_yet", "h", before(99))
    story.lives_at("observed", "h", before(900), basis="observed")
    story.lives_at("observed", "other", before(200), basis="claimed")
    story.lives_at("observed", "other", before(99), basis="observed")
    story.lives_at("moved_on", "h", before(900), basis="observed")
    story.lives_at("moved_on", "other", before(100))
    story.lives_at("area_later", "h", before(900), basis="observed")
    story.lives_at("area_later", "area", before(200), basis="observed")
    story.lives_at("claimed", "h", before(200), basis="claimed")
    story.lives_at("hidden", "refuge", before(200))
    referral(story, "r", day, at="h")
    referral(story, "q", day, at="refuge")
    session = story.asked()
    assert [row[0] for row in listed(session, before(30))] == ["area_later", "left_known_later", "observed", "open"]
    assert [row[0] for row in listed(session, D)] == ["area_later", "observed", "open"]


def test_an_address_told_late_and_a_second_referral(story: Any) -> None:
    story.home("h")
    story.child("c")
    story.lives_at("c", "h", before(300), known=before(60))
    referral(story, "one", before(200), at="h")
    referral(story, "two", before(30), seen={"c": None})
    referral(story, "young", before(14), at="h")
    session = story.asked()
    assert listed(session, before(61)) == []
    assert [row[:4] for row in listed(session, before(60))] == [("c", before(60), before(60), before(200))]
    assert [row[:4] for row in listed(session, D)] == [("c", before(60), before(30), before(200))]
    answer = session.ask("referral_not_followed", D)
    assert (answer.rows[0]["last_referred_on"], answer.rows[0]["last_seen"]) == (before(30), None)
