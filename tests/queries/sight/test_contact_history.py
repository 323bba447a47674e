"""`contact_history`, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def test_every_contact_is_told_with_who_was_seen_and_who_was_not(story: Any) -> None:
    story.child("tam", name="Tam Marlowe")
    story.child("wren", name="Wren Marlowe")
    story.child("ellis", name="Ellis Tennant")
    story.adult("mum", name="Joanne Tennant")
    story.agency("police:1", "police", "Police")
    story.worker("w1", "R. Shah", "PC")
    story.home("h1", "27 Quarry Rise")
    story.contact(
        "k1",
        before(30),
        seen={"tam": 1, "wren": 1, "ellis": 4, "mum": None},
        kind="welfare_visit",
        source="police_notices",
        known=before(29),
        agency="police:1",
        worker="w1",
        at="h1",
        outcome="no_further_action",
        reported_by="neighbour",
        roles={"mum": "present"},
    )
    assert story.asked().ask("contact_history", D, child="tam").rows == [
        {
            "occurred_on": before(30),
            "known_on": before(29),
            "kind": "welfare_visit",
            "agency": "Police",
            "worker": "R. Shah",
            "source": "police_notices",
            "role": "subject",
            "level": 1,
            "outcome": "no_further_action",
            "place": "h1",
            "place_name": "27 Quarry Rise, AL1 1AA",
            "seen_too": ["ellis"],
            "seen_too_name": ["Ellis Tennant"],
            "not_seen": ["wren"],
            "not_seen_name": ["Wren Marlowe"],
            "reported_by": "neighbour",
            "contact": "k1",
            "row": "1:police_notices.csv:1",
        }
    ]


def test_two_records_of_one_visit_to_a_home_tell_who_was_there(story: Any) -> None:
    """The social worker's visit is one row for the child who was seen and another for the one who was not."""
    for child in ("tam", "ellis", "other"):
        story.child(child)
    story.home("h1")
    story.home("h2")
    story.contact("k1", before(30), seen={"ellis": 4}, source="social_care_contacts", at="h1", at_home=True)
    story.contact("k2", before(30), seen={"tam": 1}, source="social_care_contacts", at="h1", at_home=True)
    story.contact("k3", before(29), seen={"other": 4}, source="social_care_contacts", at="h1", at_home=True)
    story.contact("k4", before(30), seen={"other": 4}, source="police_notices", at="h1", at_home=True)
    story.contact("k5", before(30), seen={"other": 4}, source="social_care_contacts", at="h2", at_home=True)
    session = story.asked()
    assert [
        (row["contact"], row["seen_too"], row["not_seen"]) for row in session.ask("contact_history", D, child="tam").rows
    ] == [("k2", ["ellis"], [])]
    assert [
        (row["contact"], row["seen_too"], row["not_seen"]) for row in session.ask("contact_history", D, child="ellis").rows
    ] == [("k1", [], ["tam"])]


def test_newest_first_and_nothing_that_was_known_later_or_was_withdrawn(story: Any) -> None:
    story.child("c")
    story.contact("a", before(90), seen={"c": 3})
    story.contact("late", before(80), seen={"c": 0}, known=before(20))
    story.contact("wrong", before(70), seen={"c": 3}, withdrawn=before(30))
    story.contact("letter", before(60), seen={"c": None}, kind="letter")
    session = story.asked()

    def contacts(day: date) -> list[str]:
        return [row["contact"] for row in session.ask("contact_history", day, child="c").rows]

    assert contacts(before(31)) == ["letter", "wrong", "a"]
    assert contacts(before(30)) == ["letter", "a"]
    assert contacts(before(20)) == ["letter", "late", "a"]
    assert contacts(before(61)) == ["wrong", "a"]


def test_a_protected_address_is_told_without_a_trace_of_it(story: Any) -> None:
    story.child("c", name="Tam")
    story.home("protected:123abc", protected=True)
    story.visit("k", before(9), "protected:123abc", {"c": 4}, source="refuge")
    answer = story.asked().ask("contact_history", D, child="c")
    assert [(row["place"], row["place_name"]) for row in answer.rows] == [
        ("protected", "protected address, ask the named lead")
    ]
    assert "123abc" not in answer.to_json()


def test_an_adult_has_a_history_too_and_roles_are_told(story: Any) -> None:
    story.adult("mum", name="Joanne")
    story.child("c")
    story.area("area:x", "Port Carrow")
    story.claim("k", "mum", ["c"], "area:x", before(5))
    session = story.asked()
    assert [(row["role"], row["level"]) for row in session.ask("contact_history", D, child="Joanne").rows] == [
        ("speaker", None)
    ]
    assert [(row["role"], row["level"]) for row in session.ask("contact_history", D, child="c").rows] == [("spoken_about", 1)]


def test_without_a_name_it_is_the_first_child_and_says_so(story: Any) -> None:
    story.child("b")
    story.child("a", born=date(2000, 1, 1))
    story.contact("k", before(5), seen={"b": 3})
    answer = story.asked().ask("contact_history", D)
    assert answer.parameters == {"child": "b"}
    assert any("No person was named" in caveat for caveat in answer.caveats)
