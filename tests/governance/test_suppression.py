"""Small numbers are hidden, and what is shown never tells them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastseen.governance.suppression import SMALL, Shown, rounded, suppressed


def test_counts_of_one_to_five_are_hidden_and_nought_is_shown():
    shown = suppressed({"band": {"0-4": 3, "5-15": 40, "16-17": 12, "unknown": 0}})
    assert shown.lines["band"]["0-4"] is None
    assert shown.lines["band"]["5-15"] == 40
    assert shown.lines["band"]["unknown"] == 0
    assert shown.total == 60


def test_a_second_cell_is_hidden_so_that_the_first_cannot_be_subtracted():
    shown = suppressed({"band": {"0-4": 3, "5-15": 40, "16-17": 12}})
    assert [cell for cell, count in shown.lines["band"].items() if count is None] == ["0-4", "16-17"]


def test_a_small_total_hides_everything():
    assert suppressed({"band": {"0-4": 3, "5-15": 0}}) == Shown({"band": {"0-4": None, "5-15": None}}, None)


def test_nobody_is_nobody():
    assert suppressed({"band": {"0-4": 0, "5-15": 0}}) == Shown({"band": {"0-4": 0, "5-15": 0}}, 0)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (6, 10), (14, 10), (15, 20), (104, 100)])
def test_totals_are_rounded_to_ten(count, shown):
    assert rounded(count) == shown


def test_breakdowns_of_two_totals_are_refused():
    with pytest.raises(ValueError, match="one total"):
        suppressed({"band": {"0-4": 3}, "area": {"AQ1": 4}})


def test_six_ones_are_not_told_by_another_breakdown():
    shown = suppressed({"area": dict.fromkeys("abcdef", 1), "band": {"0-4": 6, "5-15": 0}})
    assert set(shown.lines["area"].values()) == {None}
    assert None in shown.lines["band"].values()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=26),
)
def test_no_hidden_count_can_be_worked_back(people):
    """Everybody has a band and an area; whoever sees the tables tries every table that would look the same."""
    lines = {
        "band": {str(n): sum(band == n for band, _ in people) for n in range(3)},
        "area": {str(n): sum(area == n for _, area in people) for n in range(3)},
    }
    shown = suppressed(lines)
    for name, line in lines.items():
        for cell, count in line.items():
            assert shown.lines[name][cell] in (None, count)
            if 1 <= count <= SMALL:
                assert shown.lines[name][cell] is None
    for name, cell, values in possible(shown):
        if 1 <= lines[name][cell] <= SMALL:
            assert len(values) > 1, (lines, shown)


def possible(shown: Shown):
    """Each hidden cell with every count that fits what is shown."""
    totals = range(1, SMALL + 1) if shown.total is None else range(max(0, shown.total - 5), shown.total + 5)
    fits: dict[str, dict[int, list[tuple[int, ...]]]] = {}
    for name, line in shown.lines.items():
        hidden = [cell for cell, count in line.items() if count is None]
        seen = sum(count for count in line.values() if count is not None)
        fits[name] = {
            total: [cells for cells in product(range(total - seen + 1), repeat=len(hidden)) if sum(cells) == total - seen]
            for total in totals if total >= seen
        }  # fmt: skip
    common = [total for total in totals if all(line.get(total) for line in fits.values())]
    for name, line in shown.lines.items():
        for at, cell in enumerate(cell for cell, count in line.items() if count is None):
            yield name, cell, {cells[at] for total in common for cells in fits[name][total]}
