"""The worklist: its order, its filters, and what a decision does to a finding. On both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lastseen.graph.casebook import Entry
from lastseen.graph.errors import Refused
from lastseen.queries.findings import evaluate, sentences
from lastseen.queries.worklist import Filters, Page, worklist

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def entry(action: str, record: str, signal: str, as_at: date, **more: Any) -> Entry:
    return Entry(1, datetime(2020, 1, 1, tzinfo=UTC), action, record, signal, as_at, "Fay Example", "why", **more)  # type: ignore[arg-type]


def plans(story: Any) -> Any:
    """Two children in need without a visit (hard), and two of whom only the adult was heard (an offer)."""
    story.agency("csc", "social_care", "Social care")
    story.agency("gp", "gp", "Park Surgery")
    for child in ("plan", "plan_and_gp", "heard", "heard_longer"):
        story.child(child, name=f"Child {child}")
    story.involved("plan", "csc", "cin", before(100))
    story.involved("plan_and_gp", "csc", "cin", before(90))
    story.registered("plan_and_gp", "gp", "gp", before(500))
    for child, start in (("heard", 30), ("heard_longer", 60)):
        for n in range(3):
            story.contact(f"{child}{n}", before(start - n), seen={child: 1}, kind="phone")
    story.home("h", postcode="AQ1 4LR")
    story.lives_at("plan", "h", before(900))
    story.load("social_care_contacts")
    return story.asked()


def order(page: Page) -> list[tuple[str, str]]:
    return [(item.finding.signal, item.finding.child) for item in page.items]


def test_hard_duties_come_first_then_silent_agencies_then_the_longest(story: Any) -> None:
    session = plans(story)
    whole = worklist(session.store, D, only=["P01", "G17"])
    page = whole.page(session.store)
    assert order(page) == [("P01", "plan_and_gp"), ("P01", "plan"), ("G17", "heard_longer"), ("G17", "heard")]
    assert [len(item.silent) for item in page.items] == [2, 1, 0, 0]
    assert [item.days for item in page.items] == [90 - 36, 100 - 36, 58, 28]
    assert (page.total, page.children, page.counts) == (4, 4, {"P01": 2, "G17": 2})
    assert page.items[1].child_name == "Child plan"
    assert "no social worker has seen the child" in page.items[1].sentence


def test_filters_and_pages_narrow_what_is_shown_and_say_so(story: Any) -> None:
    session = plans(story)
    whole = worklist(session.store, D, only=["P01", "G17"])
    assert order(whole.page(session.store, Filters(signals=("G17",)))) == [("G17", "heard_longer"), ("G17", "heard")]
    assert order(whole.page(session.store, Filters(agencies=("gp",)))) == [("P01", "plan_and_gp")]
    assert order(whole.page(session.store, Filters(areas=("AQ1",)))) == [("P01", "plan")]
    assert whole.page(session.store, Filters(bands=("0-4",))).total == 0
    second = whole.page(session.store, number=2, size=3)
    assert (order(second), second.pages, second.total) == ([("G17", "heard")], 2, 4)
    with pytest.raises(Refused, match="no page 3"):
        whole.page(session.store, number=3, size=3)
    with pytest.raises(Refused, match="age band"):
        whole.page(session.store, Filters(bands=("0-99",)))


def test_a_closed_finding_is_not_listed_until_newer_facts_come(story: Any) -> None:
    story.child("c")
    for n in range(3):
        story.contact(f"k{n}", before(50 - n), seen={"c": 1}, kind="phone")
    story.contact("k9", before(10), seen={"c": 1}, kind="phone", known=before(5))
    session = story.asked()
    closed = [entry("close", "c", "G17", before(20))]

    def status(day: date, entries: list[Entry]) -> list[tuple[str, bool]]:
        return [(item.status, item.returned) for item in worklist(session.store, day, entries, only=["G17"]).items]

    assert status(before(21), closed) == [("open", False)], "on the day before, nobody had closed it"
    assert status(before(6), closed) == [("closed", False)]
    assert status(before(5), closed) == [("open", True)], "a contact became known that the closing did not know"
    assert status(before(6), [*closed, entry("reopen", "c", "G17", before(15))]) == [("open", False)]


def test_a_snooze_rests_until_its_day(story: Any) -> None:
    story.child("c")
    for n in range(3):
        story.contact(f"k{n}", before(50 - n), seen={"c": 1}, kind="phone")
    session = story.asked()
    entries = [entry("snooze", "c", "G17", before(20), until=before(10))]
    rested = [
        [item.status for item in worklist(session.store, day, entries, only=["G17"]).items] for day in (before(10), before(9))
    ]
    assert rested == [["snoozed"], ["open"]]


def test_a_disputed_fact_is_shown_as_disputed_until_it_is_settled(story: Any) -> None:
    story.child("c")
    for n in range(3):
        story.contact(f"k{n}", before(50 - n), seen={"c": 1}, kind="phone")
    session = story.asked()
    (item,) = worklist(session.store, D, only=["G17"]).items
    row = item.finding.rows[0]
    disputed = entry("dispute", "c", "G17", before(3), row=row)
    assert [item.disputed for item in worklist(session.store, D, [disputed], only=["G17"]).items] == [(row,)]
    settled = entry("reject", "c", "G17", before(2), row=row, settles=1)
    assert [item.disputed for item in worklist(session.store, D, [disputed, settled], only=["G17"]).items] == [()]


def test_a_stale_register_makes_cannot_tell_of_a_finding_and_it_is_counted(story: Any) -> None:
    story.agency("csc", "social_care")
    story.child("c")
    story.involved("c", "csc", "cin", before(100))
    session = story.asked()
    page = worklist(session.store, D, only=["P01"]).page(session.store)
    assert (page.items, page.cannot_tell) == ([], {"P01": 1})


def test_a_workspace_may_set_its_own_limits_and_a_wrong_name_is_refused(story: Any) -> None:
    session = plans(story)
    longer = evaluate(session.store, D, only=["P01"], overrides={"P01": {"days": 85}})
    assert [finding.child for finding in longer] == ["plan"]
    assert "92 days" in sentences(session.store, longer, D)[0]
    with pytest.raises(Refused, match="dayz"):
        evaluate(session.store, D, only=["P01"], overrides={"P01": {"dayz": 85}})
    with pytest.raises(Refused, match="G99"):
        evaluate(session.store, D, only=["G99"])


def test_one_childs_findings_are_those_among_everybodys(story: Any) -> None:
    session = plans(story)
    among = [finding for finding in evaluate(session.store, D) if finding.child == "plan_and_gp"]
    assert evaluate(session.store, D, child="plan_and_gp") == among
    assert {finding.signal for finding in among} >= {"P01"}
