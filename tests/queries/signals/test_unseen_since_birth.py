"""`unseen_since_birth` (G02), as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

B = date(2019, 3, 1)


def after(days: int) -> date:
    return B + timedelta(days=days)


def listed(session: Any, day: date) -> list[tuple[Any, ...]]:
    answer = session.ask("unseen_since_birth", day)
    assert answer.seen + len(answer.rows) + answer.cannot_tell == answer.population
    return [(row["child"], row["since"], row["last_seen"], row["reference"]) for row in answer.rows]


def test_from_day_120_unless_seen_after_day_28(story: Any) -> None:
    for child, seen in {"at_28": 28, "at_29": 29}.items():
        story.child(child, B)
        story.contact(f"k{child}", after(seen), seen={child: 3}, known=after(seen + 3))
    story.contact("door", after(60), seen={"at_28": 2})
    story.all_fresh()
    session = story.asked()
    assert listed(session, after(119)) == []
    assert listed(session, after(120)) == [("at_28", after(120), after(28), after(28))]
    row = session.ask("unseen_since_birth", after(400)).rows[0]
    assert (row["since"], row["known_on"], row["rows"]) == (after(120), after(31), ["1:health_visiting.csv:28"])


def test_who_moved_in_counts_from_the_day_first_known(story: Any) -> None:
    story.child("moved", date(2012, 1, 1), known=B)
    story.contact("first", B, seen={"moved": 4})
    story.person("no_birth", None, known=B, age_known_on=after(10), child_from=after(10))
    story.all_fresh()
    session = story.asked()
    assert listed(session, after(119)) == []
    assert listed(session, after(120)) == [("moved", after(120), B, B), ("no_birth", after(120), None, B)]


def test_a_sighting_ends_it_once_known_and_a_birth_known_late_begins_it_then(story: Any) -> None:
    story.child("late_birth", B, known=after(-60), expected_on=B, expected_known_on=after(-60), born_known_on=after(200),
                age_known_on=after(-60), child_from=after(-60))  # fmt: skip
    story.contact("k", after(150), seen={"late_birth": 3}, known=after(250))
    story.all_fresh()
    session = story.asked()
    assert listed(session, after(199)) == []
    assert listed(session, after(200)) == [("late_birth", after(200), None, after(28))]
    assert listed(session, after(249)) != []
    assert listed(session, after(250)) == []
