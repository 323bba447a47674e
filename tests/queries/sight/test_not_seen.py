"""`not_seen`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    """(child, last seen, days) of each hit; seen, listed and cannot tell make up the population."""
    assert answer.seen + len(answer.rows) + answer.cannot_tell == answer.population
    return [(row["child"], row["last_seen"], row["days"]) for row in answer.rows]


def test_a_child_is_listed_from_the_day_after_the_last_day_allowed(story: Any) -> None:
    story.child("at")
    story.child("over", name="Ada Over")
    story.contact("k1", before(365), seen={"at": 3})
    story.agency("hv", name="North team")
    story.contact("k2", before(366), seen={"over": 4}, agency="hv", kind="clinic")
    story.all_fresh()
    session = story.asked()
    answer = session.ask("not_seen", D)
    assert answer.rows == [
        {
            "child": "over",
            "child_name": "Ada Over",
            "born_on": date(2015, 1, 1),
            "last_seen": before(366),
            "days": 366,
            "level": 4,
            "kind": "clinic",
            "agency": "North team",
            "source": "health_visiting",
            "row": "1:health_visiting.csv:2",
        }
    ]
    assert listed(session.ask("not_seen", D + timedelta(days=1))) == [("over", before(366), 367), ("at", before(365), 366)]
    assert listed(session.ask("not_seen", D, days=366)) == []
    assert listed(session.ask("not_seen", D, level=5, days=1)) == [("at", None, 1978), ("over", None, 1978)]


def test_only_a_level_of_this_child_counts_and_silence_is_not_a_sighting(story: Any) -> None:
    story.child("seen")
    story.child("asleep")
    story.child("silent")
    story.contact("old", before(800), seen={"seen": 3, "asleep": 3, "silent": 3})
    story.contact("k", before(10), seen={"seen": 3, "asleep": 1, "silent": None}, roles={"asleep": "listed"})
    story.all_fresh()
    assert listed(story.asked().ask("not_seen", D)) == [("asleep", before(800), 800), ("silent", before(800), 800)]


def test_a_sighting_counts_from_the_day_it_was_known_until_it_is_withdrawn(story: Any) -> None:
    story.child("c")
    story.contact("old", before(900), seen={"c": 3})
    story.contact("late", before(100), seen={"c": 3}, known=before(50), withdrawn=before(20))
    story.all_fresh()
    session = story.asked()
    assert listed(session.ask("not_seen", before(51))) == [("c", before(900), 849)]
    assert listed(session.ask("not_seen", before(50))) == []
    assert listed(session.ask("not_seen", before(21))) == []
    assert listed(session.ask("not_seen", before(20))) == [("c", before(900), 880)]


def test_without_a_sighting_days_count_from_birth_or_first_known_whichever_is_later(story: Any) -> None:
    story.child("moved_in", date(2012, 1, 1), known=before(400))
    story.child("newborn", before(100))
    story.child("born_here", before(500))
    story.person("no_birth", None, known=before(700), age_known_on=before(600), child_from=before(600))
    story.all_fresh()
    answer = story.asked().ask("not_seen", D)
    assert listed(answer) == [("no_birth", None, 700), ("born_here", None, 500), ("moved_in", None, 400)]
    assert [row["born_on"] for row in answer.rows] == [None, before(500), date(2012, 1, 1)]


def test_the_population_is_the_children_of_that_day(story: Any) -> None:
    story.child("turns_18_today", D.replace(year=2002))
    story.child("turns_18_tomorrow", date(2002, 6, 2))
    story.child("dead", died_on=before(30), died_known_on=before(10))
    story.child("known_later", date(2010, 1, 1), known=D + timedelta(days=1))
    story.adult("adult")
    story.person("said_adult", None, known=before(99), age_known_on=before(99))
    story.person("age_unknown", None, known=before(99))
    story.person(
        "unborn",
        None,
        known=before(60),
        expected_on=D + timedelta(days=90),
        expected_known_on=before(60),
        age_known_on=before(60),
        child_from=before(60),
    )
    story.person(
        "lost",
        None,
        known=before(60),
        expected_on=D,
        expected_known_on=before(60),
        age_known_on=before(60),
        child_from=before(60),
        died_on=before(40),
        died_known_on=before(39),
        child_until=before(39),
    )
    story.all_fresh()
    session = story.asked()
    answer = session.ask("not_seen", D, days=0)
    assert [row[0] for row in listed(answer)] == ["turns_18_tomorrow"]
    assert (answer.population, answer.not_yet_born, answer.age_unknown) == (1, 1, 1)
    earlier = session.ask("not_seen", before(11), days=0)
    assert [row[0] for row in listed(earlier)] == ["turns_18_today", "turns_18_tomorrow", "dead"]
    assert session.ask("not_seen", before(40), days=0).not_yet_born == 2


def test_an_expected_child_is_a_hit_only_once_the_birth_is_known(story: Any) -> None:
    born = before(50)
    story.child(
        "c",
        born,
        known=before(200),
        expected_on=born,
        expected_known_on=before(200),
        born_known_on=before(40),
        age_known_on=before(200),
        child_from=before(200),
    )
    story.all_fresh()
    session = story.asked()
    waiting = session.ask("not_seen", before(41), days=10)
    assert (listed(waiting), waiting.population, waiting.not_yet_born) == ([], 0, 1)
    told = session.ask("not_seen", before(30), days=10)
    assert (listed(told), told.population, told.not_yet_born) == ([("c", None, 20)], 1, 0)


def test_a_would_be_hit_whose_register_is_stale_is_cannot_tell(story: Any) -> None:
    story.child("pupil", date(2010, 1, 1))
    story.child("toddler", date(2018, 1, 1))
    story.person("no_age", None, known=before(900), age_known_on=before(900), child_from=before(900))
    story.child("seen", date(2018, 1, 1))
    story.contact("k", before(5), seen={"seen": 3})
    story.load("attendance", end=before(31), every=30)
    story.load("health_visiting")
    story.load("gp_contacts")
    session = story.asked()
    answer = session.ask("not_seen", D)
    assert [row[0] for row in listed(answer)] == ["toddler"]
    assert sorted(row["child"] for row in answer.cannot_tell_rows) == ["no_age", "pupil"]
    assert (answer.seen, answer.cannot_tell, answer.population) == (1, 2, 4)
    assert answer.touched == {"attendance": 2}, "the pupil, and the child of unknown age"
    fresh = session.ask("not_seen", before(1))
    assert sorted(row[0] for row in listed(fresh)) == ["no_age", "pupil", "toddler"]
    assert fresh.touched == {}


def test_a_register_that_was_never_loaded_is_named_and_its_children_cannot_be_told(story: Any) -> None:
    story.child("c", date(2018, 1, 1))
    story.load("health_visiting")
    answer = story.asked().ask("not_seen", D)
    assert (listed(answer), answer.cannot_tell) == ([], 1)
    assert "gp_contacts" in answer.not_loaded
    assert answer.touched == {"gp_contacts": 1}
    assert "health_visiting" not in answer.not_loaded
