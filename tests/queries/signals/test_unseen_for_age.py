"""`unseen_for_age` (G01), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(session: Any, day: date, **parameters: Any) -> list[tuple[Any, ...]]:
    answer = session.ask("unseen_for_age", day, **parameters)
    assert answer.seen + len(answer.rows) + answer.cannot_tell == answer.population
    return [(row["child"], row["since"], row["last_seen"], row["due"]) for row in answer.rows]


def test_a_sighting_lasts_as_long_as_the_age_at_it_allows(story: Any) -> None:
    story.child("baby", before(300))
    story.contact("k1", before(120), seen={"baby": 4}, known=before(118))
    story.child("toddler", before(900))
    story.contact("k2", before(365), seen={"toddler": 3})
    story.child("pupil", date(2010, 1, 1))
    story.contact("k3", before(90), seen={"pupil": 3}, kind="attendance")
    story.child("youth", date(2003, 6, 1))
    story.contact("k4", before(180), seen={"youth": 5})
    story.child("leap", date(2016, 2, 29))
    story.contact("k5", date(2019, 2, 28), seen={"leap": 3})  # still 2: three on 1 March
    story.all_fresh()
    session = story.asked()
    assert listed(session, D) == [("leap", date(2020, 2, 29), date(2019, 2, 28), date(2020, 2, 28))]
    tomorrow = D + timedelta(days=1)
    answer = session.ask("unseen_for_age", tomorrow)
    assert [(row["child"], row["since"]) for row in answer.rows] == [
        ("leap", date(2020, 2, 29)),
        ("baby", tomorrow),
        ("pupil", tomorrow),
        ("toddler", tomorrow),
        ("youth", tomorrow),
    ]
    baby = next(row for row in answer.rows if row["child"] == "baby")
    assert (baby["known_on"], baby["rows"], baby["due"]) == (before(118), ["1:health_visiting.csv:1"], D)
    assert [row[0] for row in listed(session, D, level=4)] == ["pupil", "leap", "toddler"]


def test_a_sighting_dated_before_the_birth_never_ends_the_time_sooner_than_the_birth(story: Any) -> None:
    story.child("misdated", before(200))
    story.contact("k", before(201), seen={"misdated": 3}, kind="visit")
    story.child("alike", before(200))
    story.all_fresh()
    due = before(80)
    assert listed(story.asked(), D) == [
        ("alike", due + timedelta(days=1), None, due), ("misdated", due + timedelta(days=1), before(201), due),
    ]  # fmt: skip


def test_a_birthday_or_a_later_shorter_sighting_clears_nobody(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.contact("k4", date(2019, 12, 31), seen={"c": 3})  # 400 days: until 3 February 2021
    story.contact("k5", date(2020, 2, 1), seen={"c": 3})  # 90 days: until 1 May 2020
    story.all_fresh()
    session = story.asked()
    assert listed(session, date(2021, 2, 3)) == []
    assert listed(session, date(2021, 2, 4)) == [("c", date(2021, 2, 4), date(2020, 2, 1), date(2021, 2, 3))]
    answer = session.ask("unseen_for_age", date(2021, 2, 4))
    assert answer.rows[0]["rows"] == ["1:health_visiting.csv:4", "1:health_visiting.csv:5"]


def test_without_a_sighting_the_days_run_from_birth_or_first_known_with_the_age_then(story: Any) -> None:
    story.child("born", before(121))
    story.child("newer", before(120))
    story.child("moved_in", date(2010, 1, 1), known=before(91))
    story.person("no_age", None, known=before(99), age_known_on=before(95), child_from=before(95))
    story.all_fresh()
    session = story.asked()
    answer = session.ask("unseen_for_age", D)
    assert [(row["child"], row["since"], row["counted_from"], row["rows"]) for row in answer.rows] == [
        ("no_age", before(8), before(99), []),
        ("born", D, before(121), []),
        ("moved_in", D, before(91), []),
    ]
    assert listed(session, before(9)) == []


def test_a_sighting_counts_once_known_and_until_withdrawn(story: Any) -> None:
    story.child("c", before(700))
    story.contact("late", before(200), seen={"c": 3}, known=before(100), withdrawn=before(50))
    story.contact("glimpse", before(20), seen={"c": 2})
    story.all_fresh()
    session = story.asked()
    assert listed(session, before(101)) == [("c", before(579), None, before(580))]
    assert listed(session, before(100)) == listed(session, before(51)) == []
    assert listed(session, D) == [("c", before(579), None, before(580))]


def test_an_expected_child_and_a_young_person_of_18_are_no_hits(story: Any) -> None:
    story.child("unborn_then", before(130), known=before(200), expected_on=before(130), expected_known_on=before(200),
                born_known_on=before(5), age_known_on=before(200), child_from=before(200))  # fmt: skip
    story.child("eighteen", date(2002, 6, 1))
    story.child("dead", before(400), died_on=before(30), died_known_on=before(20))
    story.all_fresh()
    session = story.asked()
    assert [row[0] for row in listed(session, before(6))] == ["eighteen"]
    answer = session.ask("unseen_for_age", D)
    assert [(row["child"], row["since"], row["known_on"]) for row in answer.rows] == [("unborn_then", before(5), before(5))]
