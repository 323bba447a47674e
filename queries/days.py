"""Days that several parts count by: the ends of months, and where a weekend begins."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5
"""The first day of a week, Monday being 0, that is no working day."""


def month_ends(as_at: date, months: int) -> list[date]:
    """The last days of the `months` months before the day's own, and the day, oldest first."""
    ends = [as_at]
    for _ in range(months):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]
