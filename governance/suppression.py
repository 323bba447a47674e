"""Small numbers hidden so that nobody can work them back, for figures that leave the safeguarding team.

Counts of 1 to 5 are hidden; then more cells, until no hidden one can be derived from those that are shown; totals are shown
rounded to 10, and hidden where they are 1 to 5 themselves (the DfE's way). A hidden cell does not say why it is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = 5
ROUND = 10
HIDDEN = None
"""Stands for a cell that is not shown."""

Line = Mapping[str, int]
"""One breakdown: a count by the name of its cell."""


@dataclass(frozen=True)
class Shown:
    """What may be shown: each breakdown's cells (None where hidden) and the rounded total (None where hidden)."""

    lines: dict[str, dict[str, int | None]]
    total: int | None


def suppressed(lines: Mapping[str, Line]) -> Shown:
    """Several breakdowns of one total (by age band, by area …), safe to show side by side.

    Raises ValueError where they do not add up to the same total.
    """
    totals = {sum(line.values()) for line in lines.values()}
    if len(totals) > 1:
        raise ValueError("the breakdowns are not of one total")
    total = totals.pop() if totals else 0
    hidden = {name: {cell for cell, count in line.items() if 1 <= count <= SMALL} for name, line in lines.items()}
    shown_total = None if 1 <= total <= SMALL else rounded(total)
    if shown_total is None:
        hidden = {name: {cell for cell, count in line.items()} for name, line in lines.items()}
    while _hide_one_more(lines, hidden, shown_total):
        pass
    return Shown(
        {name: {cell: None if cell in hidden[name] else count for cell, count in line.items()} for name, line in lines.items()},
        shown_total,
    )


def rounded(count: int) -> int:
    """To the nearest 10, halves up."""
    return (count + ROUND // 2) // ROUND * ROUND


def _hide_one_more(lines: Mapping[str, Line], hidden: dict[str, set[str]], shown_total: int | None) -> bool:
    """Hide one cell more where a hidden one could be derived; False where none can."""
    low, high = _total_between(lines, hidden, shown_total)
    for name, line in lines.items():
        if not hidden[name] or not _derivable(line, hidden[name], low, high):
            continue
        if _hide_smallest(line, hidden[name]):
            return True
        for other, cells in lines.items():  # the whole line is hidden: the total is known too well from another
            if other != name and not hidden[other] and _hide_smallest(cells, hidden[other]):
                return True
    return False


def _total_between(lines: Mapping[str, Line], hidden: Mapping[str, set[str]], shown_total: int | None) -> tuple[int, int]:
    """The least and the largest total that a reader must think possible."""
    low, high = (1, SMALL) if shown_total is None else (max(0, shown_total - ROUND // 2), shown_total + ROUND // 2 - 1)
    for name, line in lines.items():
        seen = sum(count for cell, count in line.items() if cell not in hidden[name])
        low = max(low, seen)
        if not hidden[name]:
            high = min(high, seen)
    return low, high


def _derivable(line: Line, hidden: set[str], low: int, high: int) -> bool:
    """Whether a hidden cell stands alone, or a reader can name its count, or that all hidden ones are as small as can be."""
    seen = sum(count for cell, count in line.items() if cell not in hidden)
    if len(hidden) == 1:
        return len(line) > 1 or high - seen <= max(0, low - seen) + 1
    return high - seen <= len(hidden)


def _hide_smallest(line: Line, hidden: set[str]) -> bool:
    """Hide the smallest cell shown, one that counts somebody before an empty one; False where all are hidden."""
    left = sorted((cell for cell in line if cell not in hidden), key=lambda cell: (line[cell] == 0, line[cell], cell))
    if left:
        hidden.add(left[0])
    return bool(left)
