"""`school_age_no_roll` (G06), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def on(session: Any, day: date, **parameters: int) -> list[str]:
    return [row["child"] for row in session.ask("school_age_no_roll", day, **parameters).rows]


BORN = date(2015, 4, 10)  # this story's term of compulsory age starts on the 5th birthday


def test_more_than_21_days_into_the_first_compulsory_term(story: Any) -> None:
    story.agency("s", "school")
    story.child("c", BORN)
    for id, register in (("pupil", "school"), ("home", "home_education"), ("tutored", "la_tuition")):
        story.child(id, BORN)
        story.registered(id, "s", register, date(2020, 4, 1))
    story.child("left", date(2010, 1, 1))
    story.registered("left", "s", "school", date(2015, 1, 1), until=before(30), end_known=before(10))
    story.child("grown", date(2004, 5, 2))
    story.load("school_roll")
    session = story.asked()
    assert on(session, date(2020, 5, 1)) == ["grown"]
    assert on(session, date(2020, 5, 2)) == ["c"]
    answer = session.ask("school_age_no_roll", before(10))
    assert [(row["child"], row["since"], row["left_on"], row["known_on"]) for row in answer.rows] == [
        ("c", date(2020, 5, 2), None, BORN),
        ("left", before(10), before(30), before(10)),
    ]
    assert len(answer.rows[1]["rows"]) == 1


def test_traced_elsewhere_by_a_confirmed_check_after_the_latest_claim_or_a_practice_where_the_child_is_said_to_live(
    story: Any,
) -> None:
    story.adult("mum")
    story.area("x", "Port Carrow")
    story.add("Agency", id="p", kind="gp", area="PORT CARROW")
    story.add("Agency", id="own", kind="gp", area="Aldermere")
    for id in ("confirmed", "denied", "again", "moved", "stayed"):
        story.child(id, date(2012, 1, 1))
    for id, outcome in (("confirmed", "positive"), ("denied", "negative"), ("again", "positive")):
        story.claim(f"k-{id}", "mum", [id], "x", before(100))
        story.contact(f"a-{id}", before(60), seen={id: None}, kind="area_check", at="x", outcome=outcome)
    story.claim("k2", "mum", ["again"], "x", before(30))
    for id, practice in (("moved", "p"), ("stayed", "own")):
        story.claim(f"k-{id}", "mum", [id], "x", before(100))
        story.registered(id, practice, "gp", before(90), known=before(50))
    story.load("school_roll")
    session = story.asked()
    assert sorted(on(session, before(61))) == ["again", "confirmed", "denied", "moved", "stayed"]
    assert sorted(on(session, before(50))) == ["denied", "stayed"]
    assert sorted(on(session, D)) == ["again", "denied", "stayed"]
