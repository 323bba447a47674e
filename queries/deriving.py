"""Parameters that the runner works out of what was asked: for each question whose header names some under `derived`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from lastseen.queries.catalogue import registers
from lastseen.queries.days import SATURDAY
from lastseen.queries.freshness import Loaded
from lastseen.queries.searching import sounds, take_apart

NEVER = date(1, 1, 1)
"""Stands for a date that was not asked for: null is never passed as a parameter."""


def derive(question: str, parameters: Mapping[str, Any], loaded: Sequence[Loaded], as_at: date) -> dict[str, Any]:
    """The derived parameters of one question."""
    return DERIVED[question](parameters, loaded, as_at)


def _find_person(parameters: Mapping[str, Any], _: Sequence[Loaded], __: date) -> dict[str, Any]:
    search = take_apart(parameters["text"])
    by_person = bool(search.words or search.born or search.identifier)
    # 'Larch Court' may be a name or a street; with a postcode, or a number in the street, the place is certain
    by_place = bool(search.postcode or (search.street and not search.words))
    return {
        "asks_record": int(by_person and not by_place),
        "asks_both": int(by_person and by_place),
        "asks_place": int(by_place or bool(search.street and not search.born and not search.identifier)),
        "asks_born": int(bool(search.born)),
        "asks_name": int(bool(search.words)),
        "words": [f" {word}" for word in search.words] or [""],
        "sounds": [f" {sound} " for sound in sounds(search.words)] or [""],
        "born": search.born[0] if search.born else NEVER,
        "swapped": search.born[-1] if search.born else NEVER,
        "identifier": f"{search.identifier} " if search.identifier else "",
        "postcode": search.postcode,
        "street": f" {search.street}" if search.street and not (search.words and search.postcode) else "",
    }


def _agencies_around(_: Mapping[str, Any], loaded: Sequence[Loaded], __: date) -> dict[str, Any]:
    served = {register for load in loaded for register in load.registers}
    fills = {register.fills for register in registers().values() if register.fills}
    filled = {registers()[name].fills for name in served if name in registers()}
    return {"registers": sorted(fills), "loaded_registers": sorted(filled - {""}) or [""]}


def _s47_not_seen(parameters: Mapping[str, Any], _: Sequence[Loaded], as_at: date) -> dict[str, Any]:
    day, left = as_at - timedelta(days=1), int(parameters["working_days"])
    while left > 0:  # the latest start after which that many working days are over
        left -= day.weekday() < SATURDAY
        day -= timedelta(days=1)
    return {"latest_start": day}


def _return_interview_missing(parameters: Mapping[str, Any], _: Sequence[Loaded], as_at: date) -> dict[str, Any]:
    return {"latest_return": as_at - timedelta(days=_whole_days(parameters["hours"]) + 1)}


def _missing_repeatedly(parameters: Mapping[str, Any], _: Sequence[Loaded], as_at: date) -> dict[str, Any]:
    return {
        "latest_return": as_at - timedelta(days=_whole_days(parameters["interview"]) + 1),
        "whole_days": _whole_days(parameters["hours"]),
    }


def _whole_days(hours: int) -> int:
    """Sources give days: a part of a day counts as a whole one."""
    return -(-int(hours) // 24)


def _lists_differ(_: Mapping[str, Any], loaded: Sequence[Loaded], as_at: date) -> dict[str, Any]:
    return {
        "births_turns": covered_turns(loaded, as_at, "births"),
        "gp_from": covered_from(loaded, as_at, "gp_list"),
        "early_from": covered_from(loaded, as_at, "early_years"),
        "school_from": covered_from(loaded, as_at, "school_roll"),
    }


def _birth_not_registered(_: Mapping[str, Any], loaded: Sequence[Loaded], as_at: date) -> dict[str, Any]:
    return {"births_turns": covered_turns(loaded, as_at, "births")}


def _late_booking(_: Mapping[str, Any], loaded: Sequence[Loaded], __: date) -> dict[str, Any]:
    return {"maternity_turns": _turns(loaded, "maternity")}


FOREVER = date(9999, 12, 31)
"""A day that never comes: nothing is covered from then on."""


def covered_turns(loaded: Sequence[Loaded], as_at: date, register: str) -> list[date]:
    """The days on which the register's cover begins and ends, by turns: a day is covered where an odd number of them is not
    after it. A register that is stale as at the day, or was never loaded, covers nothing."""
    fresh = any(load.keeps(as_at) for load in loaded if register in load.registers)
    return _turns(loaded, register) if fresh else [FOREVER]


def covered_from(loaded: Sequence[Loaded], as_at: date, register: str) -> date:
    """The first day for which a list of who is on it now speaks: a fresh snapshot's tells of all before it too."""
    if any(load.keeps(as_at) and load.shape == "snapshot" for load in loaded if register in load.registers):
        return NEVER
    return covered_turns(loaded, as_at, register)[0]


def _turns(loaded: Sequence[Loaded], register: str) -> list[date]:
    turns: list[date] = []
    for start, end in sorted(_span(load) for load in loaded if register in load.registers):
        if turns and start <= turns[-1]:
            turns[-1] = max(turns[-1], end)
        else:
            turns += [start, end]
    return turns or [FOREVER]


def _span(load: Loaded) -> tuple[date, date]:
    """First day that a load speaks for, and the first that it does not."""
    if load.shape == "snapshot":
        return NEVER, load.extract_date + timedelta(days=1)
    end = load.covers_to or load.extract_date
    return (load.covers_from or load.extract_date), end + timedelta(days=1)


DERIVED: dict[str, Callable[[Mapping[str, Any], Sequence[Loaded], date], dict[str, Any]]] = {
    "find_person": _find_person,
    "agencies_around": _agencies_around,
    "s47_not_seen": _s47_not_seen,
    "return_interview_missing": _return_interview_missing,
    "missing_repeatedly": _missing_repeatedly,
    "lists_differ": _lists_differ,
    "birth_not_registered": _birth_not_registered,
    "late_booking": _late_booking,
}
