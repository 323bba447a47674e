"""What holds of every signal whatever the facts: an earlier day's answer is not changed by what became known later, and a
sighting never makes a child count as unseen sooner."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastseen.graph.store import GraphTables
from lastseen.queries.findings import Finding, evaluate

Rows = dict[str, list[dict[str, Any]]]
ASKED = date(2020, 6, 1)
CHILDREN, ADULTS = ("c0", "c1"), ("m", "f")
AGENCIES = (("gp", "gp"), ("hv", "health_visiting"), ("csc", "social_care"), ("school", "school"), ("police", "police"))
PROPERTY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

days = st.integers(-1500, 0).map(lambda n: ASKED + timedelta(days=n))
later = st.integers(1, 400).map(lambda n: ASKED + timedelta(days=n))
contacts = st.fixed_dictionaries({
    "person": st.sampled_from(CHILDREN), "on": days, "level": st.sampled_from([None, 0, 1, 2, 3, 4, 5]),
    "agency": st.sampled_from(AGENCIES), "home": st.booleans(), "lag": st.integers(0, 40),
    "kind": st.sampled_from(["visit", "phone", "dv_notification", "attendance", "referral_anonymous", "review_2_years"]),
})  # fmt: skip
ties = st.fixed_dictionaries({
    "person": st.sampled_from(CHILDREN), "since": days, "agency": st.sampled_from(AGENCIES), "lasts": st.integers(1, 900),
    "what": st.sampled_from(["gp", "school", "health_visiting", "cin", "cp", "cla", "s47", "missing", "cme"]),
})  # fmt: skip
homes = st.fixed_dictionaries({
    "person": st.sampled_from([*CHILDREN, "m"]), "place": st.sampled_from(["h1", "h2", "elsewhere"]), "since": days,
    "basis": st.sampled_from(["registered", "observed", "claimed"]), "source": st.sampled_from(["gp_list", "housing"]),
})  # fmt: skip
worlds = st.fixed_dictionaries({
    "born": st.tuples(*(st.integers(200, 6000) for _ in CHILDREN)),
    "contacts": st.lists(contacts, max_size=12), "ties": st.lists(ties, max_size=8), "homes": st.lists(homes, max_size=8),
})  # fmt: skip

Story = Any
Ask = Callable[[Rows], list[Finding]]


@pytest.fixture
def ask(graph_tables: Callable[[Rows], GraphTables], shelf: Any) -> Callable[[Rows], list[Finding]]:
    """Publish these rows to the embedded engine and give every finding as at the day."""

    def asked(rows: Rows) -> list[Finding]:
        store = shelf.ladybug(graph_tables(deepcopy(rows)))
        try:
            return evaluate(store, ASKED)
        finally:
            shelf.forget(store)

    return asked


def told(world: dict[str, Any], story: Story) -> Rows:
    """The world as rows; each kind of fact has lines of its own, so that more facts leave the others' rows as they are."""
    for id, kind in AGENCIES:
        story.agency(id, kind)
    story.home("h1", postcode="AQ1 4LR")
    story.home("h2", postcode="AQ2 7QR")
    story.area("elsewhere", "Port Carrow")
    for adult in ADULTS:
        story.adult(adult)
    for child, age in zip(CHILDREN, world["born"], strict=True):
        story.child(child, ASKED - timedelta(days=age))
        story.parent("m", child)
    story.flagged("f", "police", ASKED - timedelta(days=100))
    story.edge("PARTNER_OF", "m", "f", known_on=ASKED - timedelta(days=50), row="9:partners.csv:1")
    for source in ("births", "maternity", "early_years", "gp_list", "school_roll", "social_care_contacts"):
        story.load(source)
    story.all_fresh()
    for n, one in enumerate(world["contacts"]):
        contact(story, f"k{n}", one, one["on"] + timedelta(days=one["lag"]))
    for n, one in enumerate(world["ties"]):
        tie(story, n, one)
    for n, one in enumerate(world["homes"]):
        story.lives_at(
            one["person"], one["place"], one["since"], source=one["source"], basis=one["basis"], row=f"6:homes.csv:{n}"
        )
    rows: Rows = story.rows
    return rows


def contact(story: Story, id: str, one: dict[str, Any], known: date) -> None:
    story.contact(
        id, one["on"], seen={one["person"]: one["level"]}, kind=one["kind"], agency=one["agency"][0], known=known,
        at="h1" if one["home"] else None, at_home=one["home"],
    )  # fmt: skip


def tie(story: Story, n: int, one: dict[str, Any]) -> None:
    end = one["since"] + timedelta(days=one["lasts"])
    dates: dict[str, Any] = {"until": end} if end <= ASKED else {}
    row = f"5:ties.csv:{n}"
    if one["what"] in ("gp", "school", "health_visiting"):
        story.registered(one["person"], one["agency"][0], one["what"], one["since"], row=row, **dates)
    else:
        story.involved(one["person"], one["agency"][0], one["what"], one["since"], row=row, **dates)


@PROPERTY
@given(world=worlds, more=st.lists(contacts, max_size=4), when=later, other=later)
def test_what_became_known_later_changes_no_earlier_answer(
    world: dict[str, Any], more: list[dict[str, Any]], when: date, other: date, new_story: Callable[[], Story], ask: Ask
) -> None:
    first = told(world, new_story())
    after_story = new_story()
    after = told(world, after_story)
    for n, one in enumerate(more):  # a late row, about a day that was over
        contact(after_story, f"late{n}", one, when)
    for label in ("LIVES_AT", "REGISTERED_WITH", "INVOLVED_WITH"):
        for place, row in enumerate(after.get(label, [])):
            if place % 2 == 0 and not row.get("end_known_on"):  # an end that its source knew only later
                row |= {"valid_to": max(row["valid_from"], ASKED - timedelta(days=30)), "end_known_on": when}
            elif place % 3 == 0:
                row["withdrawn_on"] = other
    for place, row in enumerate(after.get("ABOUT", [])):
        if place % 3 == 1 and row["known_on"] <= ASKED:
            row["withdrawn_on"] = other
    assert ask(after) == ask(first)


@PROPERTY
@given(world=worlds, child=st.sampled_from(CHILDREN), on=days, level=st.sampled_from([3, 4, 5]))
def test_a_sighting_never_makes_a_child_unseen_sooner(
    world: dict[str, Any], child: str, on: date, level: int, new_story: Callable[[], Story], ask: Ask
) -> None:
    def since(rows: Rows) -> date | None:
        return next((one.since for one in ask(rows) if (one.signal, one.child) == ("G01", child)), None)

    before = since(told(world, new_story()))
    story = new_story()
    rows = told(world, story)
    story.contact("seen", on, seen={child: level}, agency="hv", kind="visit")
    after = since(rows)
    assert after is None or (before is not None and after >= before)
