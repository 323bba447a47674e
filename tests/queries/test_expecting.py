"""What should have happened by an age, as stories. B is the day of birth; days count from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from lastseen.graph.errors import Refused
from lastseen.queries.expecting import Due, expected

B = date(2014, 2, 3)


def day(n: int) -> date:
    return B + timedelta(days=n)


@pytest.fixture
def due(story: Any) -> Callable[..., Callable[..., tuple[Any, ...] | None]]:
    """`tell = due(registers)`, then `tell(name, n)`: due, state, done on, tried on, register as at day n; None: not listed."""

    def published(*registers: str) -> Callable[..., tuple[Any, ...] | None]:
        for register in registers:
            story.load(register)
        session = story.asked()

        def tell(name: str, n: int, child: str = "c") -> tuple[Any, ...] | None:
            rows = {row.name: row for row in session.expected(child, day(n)).rows}
            row: Due | None = rows.get(name)
            return row and (row.due, row.state, row.done_on, row.tried_on, row.register)

        tell.session = session  # type: ignore[attr-defined]
        return tell

    return published


def test_a_review_is_done_late_done_or_not_and_a_silent_register_cannot_tell(story: Any, due: Any) -> None:
    story.child("c", B)
    story.contact("k1", day(50), seen={"c": 0}, kind="review_6_8_weeks")
    story.contact("k2", day(12), seen={"c": 4}, kind="review_new_birth", known=day(20))
    story.contact("k3", day(500), seen={"c": 4}, kind="review_9_12_months")
    story.contact("k4", day(735), seen={"c": 4}, kind="review_2_years", withdrawn=day(760))
    tell = due("health_visiting")
    assert tell("new_birth_visit", 9) is None
    assert tell("new_birth_visit", 19) == (day(30), "not due yet", None, None, "loaded")  # done, and not yet known
    assert tell("new_birth_visit", 20) == (day(30), "done", day(12), None, "loaded")
    assert tell("review_6_8_weeks", 41) is None
    assert tell("review_6_8_weeks", 70) == (day(70), "not due yet", None, day(50), "loaded")
    assert tell("review_6_8_weeks", 71) == (day(70), "not done", None, day(50), "loaded")
    assert tell("gp_baby_check", 71) == (day(70), "cannot tell", None, None, "never loaded")
    assert tell("review_9_12_months", 457) == (day(456), "not done", None, None, "loaded")
    assert tell("review_9_12_months", 500) == (day(456), "done late", day(500), None, "loaded")
    assert tell("review_2_years", 759) == (day(943), "done", day(735), None, "loaded")
    assert tell("review_2_years", 944) == (day(943), "not done", None, None, "loaded")
    rows = tell.session.expected("c", day(20)).rows
    assert [row.row for row in rows if row.name == "new_birth_visit"] == ["1:health_visiting.csv:2"]
    assert [row.due for row in rows] == [*sorted((row.due for row in rows if row.due), key=str), None]


def test_no_birthday_clears_a_gap(story: Any, due: Any) -> None:
    story.child("c", B)
    story.agency("gp:1", "gp")
    story.contact("k1", day(360), seen={"c": 4}, agency="gp:1")  # under 1: for 120 days
    story.contact("k2", day(400), seen={"c": 1}, agency="gp:1")
    story.contact("k3", day(900), seen={"c": 3}, kind="welfare_visit")  # at 2: for 365 days, but no health worker
    tell = due("health_visiting", "gp_contacts", "attendance")
    assert tell("seen", 480) == (day(480), "done", day(360), None, "loaded")
    assert tell("seen", 481) == (day(480), "not done", day(360), None, "loaded")
    assert tell("seen", 899) == (day(480), "not done", day(360), None, "loaded")
    assert tell("seen", 900) == (day(1265), "done", day(900), None, "loaded")
    assert tell("seen", 2000) == (day(1265), "not done", day(900), None, "loaded")  # five by now: still overdue
    assert tell("seen_by_health", 2000) == (day(480), "not done", day(360), None, "loaded")


def test_registrations_count_from_their_first_day_and_a_removal_starts_a_clock(story: Any, due: Any) -> None:
    story.child("c", B)
    story.agency("gp:1", "gp")
    story.agency("s:1", "school")
    story.registered("c", "gp:1", "gp", day(100), until=day(300), end_known=day(310))
    story.registered("c", "gp:1", "gp", day(400))
    story.registered("c", "s:1", "school", day(2030), until=day(2100))
    tell = due("gp_list", "births", "school_roll")
    assert tell("birth_registered", 42) == (day(42), "not due yet", None, None, "loaded")
    assert tell("birth_registered", 43) == (day(42), "not done", None, None, "loaded")
    assert tell("gp_registration", 91) == (day(90), "not done", None, None, "loaded")
    assert tell("gp_registration", 100) == (day(90), "done late", day(100), None, "loaded")
    assert tell("gp_registered_again", 309) is None  # the end was not known yet
    assert tell("gp_registered_again", 328) == (day(328), "not due yet", None, None, "loaded")
    assert tell("gp_registered_again", 329) == (day(328), "not done", None, None, "loaded")
    assert tell("gp_registered_again", 400) is None
    school = 1826  # the story's child must be in school from its fifth birthday
    assert tell("school_place", school + 22) == (day(school + 21), "not done", None, None, "loaded")
    assert tell("school_place", 2030) == (day(school + 21), "done late", day(2030), None, "loaded")
    assert tell("back_on_a_roll", 2099) is None
    assert tell("back_on_a_roll", 2101) == (day(2107), "not due yet", None, None, "loaded")  # five school days and a weekend
    assert tell("back_on_a_roll", 2108) == (day(2107), "not done", None, None, "loaded")
    duties = {row.name: (row.duty, row.signal) for row in tell.session.expected("c", day(2108)).rows}
    assert duties["school_place"] == ("hard", "G06")
    assert duties["gp_registration"] == ("offer", "G05")
    assert duties["new_birth_visit"] == ("offer", "")


def test_an_application_for_reception_is_due_on_15_january_before_the_september_after_the_fourth_birthday(
    story: Any, due: Any
) -> None:
    story.child("c", B)
    story.child("young", date(2014, 9, 1))  # four on 1 September 2018: reception is 2019's
    story.contact("k", day(1470), seen={"c": None}, kind="no_application", source="admissions")
    tell = due("admissions")
    deadline = date(2018, 1, 15)
    assert tell("school_application", (deadline - B).days - 1) is None
    assert tell("school_application", 1480) == (deadline + timedelta(30), "not done", None, day(1470), "loaded")
    assert tell("school_application", 1480, "young") is None
    assert tell("school_application", 1480 + 365, "young") == (date(2019, 2, 14), "not done", None, None, "loaded")


def test_cases_count_from_their_start(story: Any, due: Any) -> None:
    story.child("c", B)
    story.agency("sc:1", "social_care")

    def involved(status: str, start: int, until: int | None = None) -> None:
        ends = {} if until is None else {"valid_to": day(until), "end_known_on": day(until)}
        story.edge("INVOLVED_WITH", "c", "sc:1", status=status, valid_from=day(start), known_on=day(start), **ends)

    involved("cin", 100, 200)
    story.contact("k1", day(90), seen={"c": 4}, agency="sc:1")
    story.contact("k2", day(120), seen={"c": 4}, agency="sc:1")
    story.contact("k3", day(150), seen={"c": 1}, agency="sc:1")
    involved("cla", 300)
    story.contact("k4", day(310), seen={"c": 4}, agency="sc:1")
    involved("missing", 400, 403)
    story.contact("k5", day(405), seen={"c": 5}, kind="return_interview", agency="sc:1")
    tell = due("social_care_contacts", "gp_contacts")
    assert tell("cin_visit", 100) == (day(135), "not due yet", None, None, "loaded")  # the visit before it does not count
    assert tell("cin_visit", 155) == (day(155), "done", day(120), None, "loaded")
    assert tell("cin_visit", 156) == (day(155), "not done", day(120), None, "loaded")
    assert tell("cin_visit", 200) is None
    assert tell("cla_visit", 309) == (day(314), "not due yet", None, None, "loaded")
    assert tell("cla_visit", 360) == (day(359), "not done", day(310), None, "loaded")
    assert tell("cla_health_review", 491) == (day(490), "not done", None, None, "loaded")
    assert tell("return_interview", 403) == (day(406), "not due yet", None, None, "loaded")
    assert tell("return_interview", 405) == (day(406), "done", day(405), None, "loaded")


def test_before_birth_and_at_birth(story: Any, due: Any) -> None:
    story.adult("m")
    story.agency("mat:1", "maternity")
    booked = {"expected_known_on": day(-63), "age_known_on": day(-63), "child_from": day(-63)}
    story.person("c", None, known=day(-63), expected_on=day(2), **booked)
    story.rows["Person"][-1].update(born_on=B, born_known_on=day(3))
    story.parent("m", "c", known=day(-63))
    story.contact("k1", day(-63), seen={"m": 4}, kind="booking", source="maternity", agency="mat:1")
    story.contact("k2", B, seen={"c": 4}, kind="birth", source="maternity", agency="mat:1", known=day(3))
    tell = due("maternity", "births")
    assert tell("antenatal_booking", -63) == (day(2 - 141), "done late", day(-63), None, "loaded")
    assert tell("antenatal_visit", -63) == (day(1), "not due yet", None, None, "never loaded")
    assert tell("birth_notified", 2) is None
    assert tell("outcome_of_pregnancy", 2) == (day(30), "not due yet", None, None, "loaded")
    assert tell("outcome_of_pregnancy", 3) == (day(30), "done", B, None, "loaded")
    assert tell("birth_notified", 3) == (day(2), "done", B, None, "loaded")


def test_what_was_due_before_the_child_or_the_register_was_known_cannot_be_told(story: Any, due: Any) -> None:
    story.child("moved", B, known=day(800))
    story.child("here", B)
    story.load("health_visiting", start=day(60))
    story.load("gp_contacts", end=day(1000))
    tell = due()
    assert tell("review_6_8_weeks", 900, "moved") == (day(70), "cannot tell", None, None, "not loaded for then")
    assert tell("review_9_12_months", 900, "moved") == (day(456), "cannot tell", None, None, "loaded")
    assert tell("review_9_12_months", 900, "here") == (day(456), "not done", None, None, "loaded")
    assert tell("review_2_years", 950, "moved") == (day(943), "not done", None, None, "loaded")
    assert tell("gp_baby_check", 900, "here") == (day(70), "not done", None, None, "loaded")
    assert tell("gp_baby_check", 1031, "here") == (day(70), "cannot tell", None, None, "late")
    notes = {row.name: row.note for row in tell.session.expected("moved", day(900)).rows}
    assert notes["review_9_12_months"] == "first known on 13 April 2016, after it was due"
    assert notes["dental_check"] == "held by dentists"


def test_a_workspaces_own_numbers_are_used(story: Any) -> None:
    story.child("c", B)
    story.load("gp_list")
    store = story.asked().store
    told = {row.name: row.due for row in expected(store, "c", day(200), {"G05": {"days": 30}, "G01": {"under_1": 60}}).rows}
    assert (told["gp_registration"], told["seen"]) == (day(30), day(60))


def test_a_child_who_died_is_not_expected_afterwards_and_an_adult_is_refused(story: Any, due: Any) -> None:
    story.child("c", B, died_on=day(40), died_known_on=day(45))
    story.adult("m")
    tell = due("births", "health_visiting")
    assert tell("new_birth_visit", 60) == (day(30), "not done", None, None, "loaded")
    assert tell("birth_registered", 60) is None
    assert tell("review_6_8_weeks", 60) is None
    with pytest.raises(Refused, match="not known as a child"):
        tell.session.expected("m", day(60))
