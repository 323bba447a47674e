"""`find_person`: the one box, as stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def found(session: Any, text: str, day: date = D) -> list[tuple[str, str]]:
    return [(row["person"], row["matched_by"]) for row in session.find(text, day).rows]


def test_a_result_shows_birth_date_address_and_last_sighting(story: Any) -> None:
    story.child("c", date(2015, 3, 4), name="Tam Marlowe")
    story.record("police:1", "c", "Tom Marlow", known=before(20))
    story.home("h1", "4 Larch Court")
    story.home("h2", "27 Quarry Rise")
    story.lives_at("c", "h1", before(900))
    story.visit("k", before(100), "h2", {"c": 3})
    session = story.asked()
    assert session.find("tam", D).rows == [
        {
            "person": "c",
            "person_name": "Tam Marlowe",
            "born_on": date(2015, 3, 4),
            "matched_by": "name",
            "place": "h2",
            "place_name": "27 Quarry Rise, AL1 1AA",
            "last_seen": before(100),
            "records": 2,
        }
    ]
    earlier = session.find("tam", before(101)).rows[0]
    assert (earlier["place"], earlier["last_seen"], earlier["records"]) == ("h1", None, 1)


def test_names_in_any_order_beginnings_of_words_accents_and_sounds(story: Any) -> None:
    story.child("sofia", name="Sofia Ellis")
    story.child("jose", name="José O'Brien-Smith")
    story.child("marlowe", name="Tam Marlowe")
    session = story.asked()
    assert found(session, "ellis SOFIA") == [("sofia", "name")]
    assert found(session, "Sof El") == [("sofia", "name")]
    assert found(session, "Sofya") == [("sofia", "how the name sounds")]
    assert found(session, "jose obrien") == [("jose", "name")]
    assert found(session, "Tom Marlow") == [("marlowe", "how the name sounds")]
    assert found(session, "Marlow") == [("marlowe", "name")]
    assert found(session, "Xavier") == []


def test_a_nearer_match_comes_first(story: Any) -> None:
    story.child("a", name="Sofya Ellis")
    story.child("b", name="Sofia Ellis")
    session = story.asked()
    assert found(session, "Sofia Ellis") == [("b", "name"), ("a", "how the name sounds")]
    assert found(session, "Sofya Ellis") == [("a", "name"), ("b", "how the name sounds")]


@pytest.mark.parametrize("text", ["04/03/2015", "2015-03-04", "4.3.2015", "04-03-2015"])
def test_birth_dates_as_people_write_them(story: Any, text: str) -> None:
    story.child("fourth_of_march", date(2015, 3, 4), name="A B")
    story.child("third_of_april", date(2015, 4, 3), name="C D")
    story.child("other", date(2015, 4, 4), name="E F")
    session = story.asked()
    assert found(session, text) == [("fourth_of_march", "birth date"), ("third_of_april", "day and month swapped")]
    assert found(session, f"c {text}") == [("third_of_april", "day and month swapped")]


def test_identifiers_with_and_without_spaces_or_scheme(story: Any) -> None:
    story.child("c", name="Tam")
    story.record("gp_list:7", "c", "Tam", identifiers="nhs:9434765919 upn:H801200001001")
    story.child("d", name="Wren")
    story.record("gp_list:8", "d", "Wren", identifiers="nhs:9434765870 la_child_id:9434765919")
    session = story.asked()
    assert found(session, "943 476 5870") == [("d", "identifier")]
    assert found(session, "9434765919") == [("c", "identifier"), ("d", "identifier")]
    assert found(session, "nhs:9434765919") == [("c", "identifier")]
    assert found(session, "h801200001001") == [("c", "identifier")]
    assert found(session, "94347658") == []


def test_postcodes_and_streets_now_and_formerly_and_never_a_protected_one(story: Any) -> None:
    story.child("here", name="A")
    story.child("gone", name="B")
    story.child("hidden", name="C")
    story.home("h", "4 Larch Court", postcode="AL1 4QX")
    story.home("protected:1", protected=True)
    story.lives_at("here", "h", before(90))
    story.lives_at("gone", "h", before(900), until=before(100), end_known=before(95))
    story.lives_at("hidden", "protected:1", before(90))
    session = story.asked()
    for text in ("AL1 4QX", "al14qx", "4 larch court", "Larch Ct"):
        assert found(session, text) == [("here", "address"), ("gone", "former address")], text
    assert found(session, "b al14qx") == [("gone", "former address")]
    assert found(session, "protected") == []
    assert found(session, "AL1 4QX", before(96)) == [("gone", "address")]


def test_only_what_was_known_by_the_day_is_searched(story: Any) -> None:
    story.child("c", name="Tam Marlowe")
    story.record("police:1", "c", "Thomas Smith", known=before(30), withdrawn_on=before(10))
    session = story.asked()
    assert found(session, "thomas", before(31)) == []
    assert found(session, "thomas", before(30)) == [("c", "name")]
    assert found(session, "thomas", before(10)) == []


@pytest.mark.parametrize(
    "text", ["", "  ", "'", '"; MATCH (n) DETACH DELETE n; //', "%", "\\u0027", "$born", "(", "🙂", "a" * 500]
)
def test_nothing_typed_breaks_the_question(story: Any, text: str) -> None:
    story.child("c", name="Tam Marlowe")
    assert found(story.asked(), text) == []
