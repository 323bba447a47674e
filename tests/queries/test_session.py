"""One session: who a text names, when somebody was last seen, and what every answer says beside its rows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.errors import ManyPeople, NotAvailable, Refused
from lastseen.graph.store import Marker, Rows, Store
from lastseen.queries.session import Session, open_session

D = date(2020, 6, 1)


def before(days: int) -> date:
    return D - timedelta(days=days)


def test_any_record_id_an_identifier_or_a_name_only_one_has_opens_a_person(story: Any) -> None:
    story.child("births:1", name="Tam Marlowe")
    story.record("police:9", "births:1", "Tom Marlow", identifiers="nhs:9434765919")
    story.child("births:2", name="Wren Marlowe")
    session = story.asked()
    for text in (
        "births:1",
        "police:9",
        "9434765919",
        "943 476 5919",
        "nhs:943 476 5919",
        "tom marlow",
        "Marlowe, Tam",
        " TAM ",
    ):
        assert session.person(text, D) == "births:1", text
    assert session.person("wren", D) == "births:2"


def test_a_name_of_several_is_refused_with_their_records(story: Any) -> None:
    story.child("a:1", date(2015, 3, 4), name="Tam Marlowe")
    story.person(
        "b:1",
        None,
        known=before(60),
        expected_on=D + timedelta(days=90),
        expected_known_on=before(60),
        age_known_on=before(60),
        child_from=before(60),
        name="Joe Marlowe",
    )
    session = story.asked()
    with pytest.raises(ManyPeople) as refused:
        session.person("marlowe", D)
    assert refused.value.choices == [("a:1", "Tam Marlowe, born 4 March 2015"), ("b:1", "Joe Marlowe, expected 30 August 2020")]
    assert "Tam" not in str(refused.value)


def test_nobody_and_somebody_not_yet_known_are_refused_without_their_name(story: Any) -> None:
    story.child("a:1", date(2020, 1, 1), name="Tam Marlowe")
    session = story.asked()
    for text, day in (("Ellis", D), ("1234567890", D), ("", D), ("a:1", date(2019, 12, 31)), ("Tam", date(2019, 12, 31))):
        with pytest.raises(Refused) as refused:
            session.person(text, day)
        assert "Ellis" not in str(refused.value)
        assert "Tam" not in str(refused.value)


def test_last_seen_is_the_fullest_sighting_of_the_latest_day(story: Any) -> None:
    story.child("c")
    story.agency("hv", name="North team")
    story.worker("w", "R. Shah")
    story.contact("k1", before(500), seen={"c": 5})
    story.contact("k2", before(412), seen={"c": 3}, kind="clinic")
    story.contact("k3", before(412), seen={"c": 4}, kind="review_2_years", agency="hv", worker="w", known=before(400))
    story.contact("k4", before(30), seen={"c": 2})
    session = story.asked()
    seen = session.last_seen("c", D)
    assert (seen.on, seen.days, seen.level, seen.agency, seen.worker, seen.row) == (
        before(412),
        412,
        4,
        "North team",
        "R. Shah",
        "1:health_visiting.csv:3",
    )
    assert seen.sentence == (
        "Last seen 412 days ago, on 16 April 2019, by R. Shah, North team: 2 to 2½ year review; alone: not recorded."
    )
    assert session.last_seen("c", before(401)).level == 3
    assert session.last_seen("c", before(413)).sentence == (
        "Last seen 87 days ago, on 18 January 2019, by health_visiting: home visit; alone: yes."
    )
    assert session.last_seen("c", before(501)).sentence == "No sighting by a loaded agency on record."


def test_names_are_those_known_by_the_day_and_placeholders_only_where_there_is_no_better(story: Any) -> None:
    story.person("c", date(2015, 1, 1), name="BABY TENNANT")
    story.record("gp:1", "c", "Tam Marlowe", known=before(100), source="gp_list")
    story.record("hv:1", "c", "Tam Tennant", known=before(50), source="health_visiting")
    story.record("p:1", "c", "tam tennant", known=before(50), source="police_notices")
    session = story.asked()
    assert session.label("c", before(101)) == "BABY TENNANT, born 1 January 2015"
    assert session.label("c", before(100)) == "Tam Marlowe, born 1 January 2015"
    assert session.label("c", D).casefold() == "tam tennant, born 1 january 2015"


def test_unknown_questions_parameters_and_values_are_refused(story: Any) -> None:
    story.child("c")
    session = story.asked()
    for name, given, told in (
        ("not_sene", {}, "not_seen"),
        ("not_seen", {"levels": 3}, "levels"),
        ("not_seen", {"level": 9}, "from 1 to 5"),
        ("not_seen", {"days": "many"}, "whole number"),
        ("not_seen", {"days": -1}, "from 0"),
        ("not_seen", {"as_of": 1}, "as_of"),
        ("contact_history", {"child": "nobody"}, "Nobody"),
    ):
        with pytest.raises(Refused, match=told):
            session.ask(name, D, **given)
    assert session.ask("not_seen", D, level=" 4 ", days=None).parameters == {"level": 4, "days": 365}


def test_an_answer_says_what_a_reader_must_know_and_keeps_the_promised_json(story: Any) -> None:
    story.child("c", date(2018, 1, 1), name="Tam")
    story.all_fresh()
    answer = story.asked().ask("not_seen", D, days=30)
    told = json.loads(answer.to_json())
    assert list(told)[:10] == [
        "question",
        "as_at",
        "parameters",
        "population",
        "cannot_tell",
        "columns",
        "rows",
        "freshness",
        "not_loaded",
        "engine",
    ]
    assert (told["question"], told["as_at"], told["parameters"]) == ("not_seen", "2020-06-01", {"level": 3, "days": 30})
    assert told["columns"] == [
        "child",
        "child_name",
        "born_on",
        "last_seen",
        "days",
        "level",
        "kind",
        "agency",
        "source",
        "row",
    ]
    assert told["rows"][0]["born_on"] == "2018-01-01"
    assert told["freshness"][0] == {
        "register": "health_visiting",
        "source": "health_visiting",
        "extract_date": "2030-01-01",
        "covers_to": "2030-01-01",
        "stale": False,
        "late_by_days": 0,
    }
    assert "who is who" in told["always_today"]
    assert told["caveats"]
    assert answer.text.startswith("MATCH")
    assert "known(" in answer.text
    assert "known(" not in answer.cypher


def test_the_day_is_the_stores_own_default_else_today(story: Any) -> None:
    story.child("c")
    assert story.asked().ask("not_seen").as_at == date.today()


def test_without_a_workspace_or_an_engine_there_is_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable):
        open_session(tmp_path / "nowhere")


class Lossy:
    """A store whose engine loses the last row of a question `times` times, as Ladybug's newest releases do."""

    def __init__(self, store: Store, times: int, phase: str) -> None:
        self._store, self._times, self._phase = store, times, phase
        self.dialect, self.engine = store.dialect, store.engine

    def run(self, cypher: str, *given: Any, **limits: Any) -> Rows:
        answer = self._store.run(cypher, *given, **limits)
        if "AS band" not in cypher or self._times < 1:
            return answer
        self._times -= 1
        return replace(answer, rows=answer.rows[:-1])

    def marker(self) -> Marker:
        return replace(self._store.marker(), phase=self._phase)


def test_rows_that_an_engine_loses_are_noticed_and_not_answered(story: Any) -> None:
    story.child("c", date(2018, 1, 1))
    story.all_fresh()
    store = story.asked().store
    for lossy in (Lossy(store, 1, "ready"), Lossy(store, 9, "publishing")):
        with pytest.raises(NotAvailable, match="does not add up"):
            Session(lossy).ask("not_seen", D)


def test_while_the_graph_is_being_published_it_is_asked_again_and_said(story: Any) -> None:
    story.child("c", date(2018, 1, 1))
    story.all_fresh()
    answer = Session(Lossy(story.asked().store, 2, "publishing")).ask("not_seen", D)
    assert [row["child"] for row in answer.rows] == ["c"]
    assert answer.publishing_since is not None
