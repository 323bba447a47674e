"""The calendar of expected contacts: it is read whole, refuses what it does not know, and agrees with the signals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.errors import Refused
from lastseen.queries.catalogue import signals
from lastseen.queries.expectations import expectations
from lastseen.queries.expecting import later

WATCHED = [(name, one) for name, one in expectations().items() if one.signal]


@pytest.mark.parametrize(("name", "signal", "said"), [(name, one.signal, one.defaults()) for name, one in WATCHED])
def test_a_signals_defaults_are_the_calendars_gaps(
    name: str, signal: str, said: dict[str, int], need: Callable[[object, str], None]
) -> None:
    need(signal in signals(), f"the signal {signal}, which watches {name}, is not written yet")
    parameters = signals()[signal].header.parameters
    assert said == {parameter: parameters[parameter].default if parameter in parameters else None for parameter in said}


def test_duties_are_those_of_the_signals() -> None:
    for name, one in WATCHED:
        if one.signal in signals() and signals()[one.signal].header.duty == "hard":
            assert one.duty == "hard" or name == "outcome_of_pregnancy", name


def test_no_expectation_is_without_words() -> None:
    for name, one in expectations().items():
        assert all((one.title, one.ages, one.who, one.rule)), name
        assert one.gap is not None or one.gaps or "context only" in one.rule, name


@pytest.mark.parametrize(("line", "said"), [
    ("registers: [gp_lists]", "gp_lists"), ("signal: G05\n  parameters: {days: gab}", "gab"), ("grase: 7", "grase"),
    ("done: {kinds: [immunization]}", "immunization"), ("after: brith", "after"), ("held_by: somebody", "held_by"),
    ("gaps: [{days: 5}]", "one gap"),
])  # fmt: skip
def test_a_slip_in_the_file_is_named(tmp_path: Path, line: str, said: str) -> None:
    given = {"registers": "[gp_list]", "after": "birth", "done": "{kinds: [birth]}", "gap": "5"}
    given.pop(line.split(":")[0], None)
    rest = "\n".join(f"  {name}: {value}" for name, value in given.items())
    path = tmp_path / "calendar.yaml"
    path.write_text(f"one:\n  title: t\n  ages: a\n  who: w\n  duty: offer\n  rule: r\n{rest}\n  {line}\n")
    with pytest.raises(Refused, match=said):
        expectations(path)


@pytest.mark.parametrize(("gap", "unit", "due"), [
    (2, "working_days", date(2026, 11, 24)),  # from a Friday
    (5, "working_days", date(2026, 11, 27)), (72, "hours", date(2026, 11, 23)), (73, "hours", date(2026, 11, 24)),
    (20, "weeks", date(2027, 4, 9)), (30, "days", date(2026, 12, 20)),
])  # fmt: skip
def test_units_of_a_gap(gap: int, unit: str, due: date) -> None:
    assert later(date(2026, 11, 20), gap, unit) == due  # type: ignore[arg-type]
