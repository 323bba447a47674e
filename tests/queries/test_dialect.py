"""Fragments and date sums, written once: what they become on each engine, and that both engines answer them alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lastseen.graph.errors import Refused
from lastseen.queries.checking import FUNCTIONS
from lastseen.queries.dialect import expand
from lastseen.queries.texts import run

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def test_known_reads_the_dates_that_the_type_has() -> None:
    event = expand("MATCH (c:Person)<-[a:ABOUT]-() WHERE known(a) RETURN c.id", "neo4j")
    claim = expand("MATCH (c:Person)-[l:LIVES_AT]->() WHERE known(l) RETURN c.id", "neo4j")
    record = expand("MATCH (r:Record) WHERE known(r) RETURN r.id", "neo4j")
    assert "a.occurred_on <= $as_at" in event
    assert "a.valid_from" not in event
    assert "l.valid_from IS NULL OR l.valid_from <= $as_at" in claim
    assert "occurred_on" not in record
    assert "valid_from" not in record
    for text in (event, claim, record):
        assert "withdrawn_on > $as_at" in text


def test_date_sums_and_integers_are_written_for_each_engine() -> None:
    text = "MATCH (c:Person) WHERE days_between(c.born_on, plus_days($as_at, $days)) > $days RETURN c.id"
    assert expand(text, "ladybug", ["days"]) == (
        "MATCH (c:Person) WHERE (((($as_at) + (CAST($days AS INT64)))) - (c.born_on)) > CAST($days AS INT64) RETURN c.id"
    )
    assert expand(text, "neo4j", ["days"]) == (
        "MATCH (c:Person) WHERE duration.inDays(c.born_on, (($as_at) + duration({days: $days}))).days > $days RETURN c.id"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MATCH (c:Person) WHERE known(c) RETURN c.id", "dates"),
        ("MATCH (c:Contact) WHERE open(c) RETURN c.id", "start and an end"),
        ("MATCH (c:Contact)-[a:ABOUT]->() WHERE open(a) RETURN c.id", "start and an end"),
        ("MATCH ()-[a:ABOUT|LIVES_AT]->() WHERE known(a) RETURN a.key", "dates"),
        ("MATCH (c:Contact) WHERE child(c) RETURN c.id", "Person"),
        ("MATCH (c:Person) WHERE child(c.id) RETURN c.id", "one variable"),
        ("MATCH (c:Person) RETURN days_between(c.born_on) AS n", "two values"),
        ("MATCH (c:Person), (h:Address) WHERE apart(c, h) RETURN c.id", "two Addresses"),
    ],
)
def test_a_fragment_on_something_else_is_refused(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        expand(text, "ladybug")


def test_both_engines_count_days_alike_over_leap_years_and_backwards(story: Any) -> None:
    story.child("c", date(2016, 2, 29))
    session = story.asked()
    text = """MATCH (p:Person) RETURN days_between(p.born_on, $as_at) AS gone, days_between($as_at, p.born_on) AS back,
              plus_days(p.born_on, $n) AS later, plus_days($as_at, 0 - $n) AS earlier,
              days_between(p.died_on, $as_at) AS none_of_it"""
    assert run(session.store, text, D, n=400) == [
        {"gone": 1554, "back": -1554, "later": date(2017, 4, 4), "earlier": date(2019, 4, 28), "none_of_it": None}
    ]


def test_open_and_ended_are_never_null_whatever_dates_are_missing(story: Any) -> None:
    story.child("c", date(2015, 1, 1))
    story.agency("g")
    for n, ends in enumerate(
        (
            {},
            {"until": before(1)},
            {"until": D},
            {"until": before(9), "end_known": D + timedelta(days=1)},
            {"until": D + timedelta(days=9), "end_known": before(9)},
            {"until": before(9), "end_known_on": None},
        )
    ):
        story.registered("c", "g", f"r{n}", before(90), **ends)
    story.registered("c", "g", "silent", before(90), valid_from=None)
    story.registered("c", "g", "later", D + timedelta(days=1), known=before(5))
    story.registered("c", "g", "wrong", before(90), withdrawn_on=D)
    text = """MATCH (c:Person)-[r:REGISTERED_WITH]->()
              RETURN r.register AS register, known(r) AS known, open(r) AS open_one, ended(r) AS ended"""
    rows = {row["register"]: (row["known"], row["open_one"], row["ended"]) for row in run(story.asked().store, text, D)}
    is_open, is_over, is_unknown = (True, True, False), (True, False, True), (False, False, False)
    assert rows == {
        "r0": is_open,
        "r1": is_over,
        "r2": is_over,
        "r3": is_open,
        "r4": is_open,
        "r5": is_open,
        "silent": is_open,
        "later": is_unknown,
        "wrong": is_unknown,
    }


def test_who_is_a_child_unborn_or_of_unknown_age(story: Any) -> None:
    story.child("child", date(2015, 1, 1))
    story.adult("adult")
    story.person(
        "unborn",
        None,
        known=before(60),
        expected_on=D,
        expected_known_on=before(60),
        age_known_on=before(60),
        child_from=before(60),
    )
    story.person("nobody_knows", None, known=before(60))
    story.person("dead", None, known=before(60), died_on=before(50), died_known_on=before(50))
    story.child(
        "told_later",
        date(2015, 1, 1),
        born_known_on=D + timedelta(days=1),
        age_known_on=D + timedelta(days=1),
        child_from=D + timedelta(days=1),
    )
    text = """MATCH (p:Person) RETURN p.id AS id, child(p) AS kid, unborn(p) AS waited, age_unknown(p) AS which,
              age_band(p) AS band, born(p) AS day"""
    rows = {
        row["id"]: (row["kid"], row["waited"], row["which"], row["band"], row["day"])
        for row in run(story.asked().store, text, D)
    }
    assert rows == {
        "child": (True, False, False, "5-15", date(2015, 1, 1)),
        "adult": (False, False, False, "16-17", date(1985, 1, 1)),
        "unborn": (True, True, False, "unknown", None),
        "nobody_knows": (False, False, True, "unknown", None),
        "dead": (False, False, False, "unknown", None),
        "told_later": (False, False, True, "unknown", None),
    }


@pytest.mark.parametrize(
    ("born", "band"),
    [(date(2015, 6, 2), "0-4"), (date(2015, 6, 1), "5-15"), (date(2004, 6, 2), "5-15"), (date(2004, 6, 1), "16-17")],
)
def test_age_bands_turn_on_the_birthday(story: Any, born: date, band: str) -> None:
    story.child("c", born)
    assert run(story.asked().store, "MATCH (p:Person) RETURN age_band(p) AS band", D) == [{"band": band}]


def test_every_function_that_questions_may_use_answers_alike_on_both_engines(story: Any) -> None:
    story.child("b", date(2015, 1, 1), sex=" F ")
    story.child("a", date(2016, 1, 1), sex=None)
    text = """MATCH (p:Person)
              RETURN count(*) AS n, count(p.sex) AS some, collect(p.sex) AS list_of, min(p.id) AS first_id,
                     max(p.born_on) AS youngest,
                     min(coalesce(p.sex, 'none')) AS said, min(size(p.id)) AS long, min(lower(p.sex)) AS low,
                     min(upper(p.id)) AS up,
                     min(trim(p.sex)) AS tidy, min(abs(0 - size(p.id))) AS plain"""
    assert all(f"{name}(" in text for name in FUNCTIONS)
    assert run(story.asked().store, text, D) == [
        {
            "n": 2,
            "some": 1,
            "list_of": [" F "],
            "first_id": "a",
            "youngest": date(2016, 1, 1),
            "said": " F ",
            "long": 1,
            "low": " f ",
            "up": "A",
            "tidy": "F",
            "plain": 1,
        }
    ]
