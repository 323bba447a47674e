"""How far a register reaches: events that cover the day, snapshots dated near it, and what was never loaded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lastseen.queries.freshness import Loaded, not_loaded, reach, stale_registers

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def event(
    start: date | None, end: date | None, source: str = "attendance", registers: tuple[str, ...] = ("attendance",)
) -> Loaded:
    return Loaded(source, "event", date(2021, 1, 1), start, end, registers, lag=7, expected_every=30)


def snapshot(day: date, source: str = "gp_list") -> Loaded:
    return Loaded(source, "snapshot", day, None, None, (source,), lag=30, expected_every=31)


@pytest.mark.parametrize(("end", "stale"), [(before(37), False), (before(38), True), (before(0), False)])
def test_an_event_source_is_stale_when_no_load_covers_the_day_less_lag_and_cadence(end: date, stale: bool) -> None:
    entry = reach([event(before(900), end)], D)[0]
    assert (entry.register, entry.source, entry.stale, entry.covers_to) == ("attendance", "attendance", stale, end)
    assert entry.late_by_days == (1 if stale else 0)


def test_a_load_that_begins_after_that_day_does_not_cover_it() -> None:
    assert reach([event(before(36), D)], D)[0].stale
    assert not reach([event(before(37), D)], D)[0].stale
    assert reach([event(None, D)], D)[0].stale


@pytest.mark.parametrize(("day", "stale"), [(before(61), False), (before(62), True), (D, False), (D + timedelta(days=1), True)])
def test_a_snapshot_source_is_stale_when_no_extract_is_dated_between_that_day_and_the_day_asked(day: date, stale: bool) -> None:
    assert reach([snapshot(day)], D)[0].stale is stale


def test_the_latest_extract_not_after_the_day_is_shown_and_later_ones_are_not() -> None:
    entry = reach([snapshot(before(100)), snapshot(before(5)), snapshot(D + timedelta(days=40))], D)[0]
    assert (entry.extract_date, entry.stale, entry.late_by_days) == (before(5), False, 0)
    assert reach([snapshot(D + timedelta(days=40))], D)[0].extract_date is None
    assert reach([snapshot(before(100))], D)[0].late_by_days == 39


def test_a_register_is_fresh_when_one_of_its_sources_is() -> None:
    late, census = event(before(900), before(400)), event(before(900), D, "school_census", ("attendance", "school_roll"))
    assert [(entry.source, entry.stale) for entry in reach([late, census], D, ["attendance"])] == [
        ("attendance", True),
        ("school_census", False),
        ("school_census", False),
    ]
    stale = stale_registers([late, census], D)
    assert "attendance" not in stale
    assert "school_roll" not in stale
    assert "gp_list" in stale


def test_registers_that_no_load_ever_served_are_named_in_order() -> None:
    missing = not_loaded([snapshot(before(9999)), event(D, D)])
    assert "gp_list" not in missing
    assert "attendance" not in missing
    assert missing[:3] == ["gp_contacts", "health_visiting", "health_visiting_caseload"]
