"""`not_seen`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def days_before(n: int) -> date:
    return D - timedelta(days=n)


def listed(answer: Any) -> list[tuple[Any, ...]]:
    """(child, last seen, days) of each hit, and the sum checked."""
    assert answer.seen + len(answer.rows) + answer.cannot_tell == answer.population
    return [(row["child"], row["last_seen"], row["days"]) for row in answer.rows]


def test_a_child_is_listed_from_the_day_after_the_last_day_allowed(story: Any) -> None:
    story.child("at")
    story.child("over")
    story.contact("k1", days_before(365), seen={"at": 3})
    story.contact("k2", days_before(366), seen={"over": 3})
    story.all_fresh()
    assert listed(story.asked().ask("not_seen", D)) == [("over", days_before(366), 366)]
