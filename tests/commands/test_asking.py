"""Asking: the same answer on both engines and in every format, with what belongs beside it, and nothing wrong in silence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace

Lastseen = Callable[..., Any]
PROMISED = [
    "question", "as_at", "parameters", "population", "cannot_tell", "columns", "rows", "freshness", "not_loaded", "engine",
]  # fmt: skip
DAY_1642 = "2016-12-09"


def names(done: Any) -> list[str]:
    assert done.exit_code == 0, done.stderr
    return [row["child_name"] for row in json.loads(done.stdout)["rows"]]


# --- ask ----------------------------------------------------------------------------------------------------------


def test_who_was_not_seen_on_the_workspaces_own_day(lastseen: Lastseen, reading: list[str]) -> None:
    done = lastseen("ask", "not_seen", "--format", "json", *reading)
    said = json.loads(done.stdout)
    assert said["as_at"] == "2018-07-20"
    assert sorted((row["child_name"].split()[0], row["days"]) for row in said["rows"]) == [("Tam", 830), ("Wren", 830)]
    assert list(said)[: len(PROMISED)] == PROMISED
    assert done.stderr == ""


def test_an_earlier_day_is_asked_with_what_was_known_then(lastseen: Lastseen, reading: list[str]) -> None:
    assert names(lastseen("ask", "not_seen", "--as-at", DAY_1642, "--format", "json", *reading)) == []
    four = lastseen("ask", "not_seen", "--as-at", DAY_1642, "--set", "level=4", "--format", "json", *reading)
    assert {row["child_name"].split()[0]: row["days"] for row in json.loads(four.stdout)["rows"]} == {"Tam": 1626, "Wren": 730}


def test_a_table_has_the_rows_on_stdout_and_what_to_know_beside_it(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("ask", "not_seen", "--workspace", larch_court)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 4  # heading, rule, Tam, Wren
    for part in ("2 rows. Of ", "As at 20 July 2018 (fictional data).", "Ladybug 0.20.4", "who is who", "Note: "):
        assert part in done.stderr


def test_seen_listed_and_cannot_tell_make_the_population(lastseen: Lastseen, larch_court: Path) -> None:
    said = json.loads(lastseen("ask", "not_seen", "--format", "json", "--workspace", larch_court).stdout)
    assert said["seen"] + len(said["rows"]) + said["cannot_tell"] == said["population"]


def test_csv_has_the_columns_and_rows_of_the_json(lastseen: Lastseen, larch_court: Path) -> None:
    said = json.loads(lastseen("ask", "not_seen", "--format", "json", "--workspace", larch_court).stdout)
    done = lastseen("ask", "not_seen", "--format", "csv", "--workspace", larch_court)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == said["columns"]
    assert [row["child"] for row in rows] == [row["child"] for row in said["rows"]]
    assert "As at 20 July 2018" in done.stderr


def test_the_environment_names_the_workspace(lastseen: Lastseen, larch_court: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTSEEN_HOME", str(larch_court))
    assert len(names(lastseen("ask", "not_seen", "--format", "json"))) == 2


def test_an_unknown_question_is_refused_and_the_known_ones_named(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("ask", "not_sen", "--workspace", larch_court)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "not_seen" in done.stderr


@pytest.mark.parametrize("setting", ["dayz=3", "days=three", "days=-1", "level=9"])
def test_a_misspelt_or_impossible_parameter_is_refused(lastseen: Lastseen, larch_court: Path, setting: str) -> None:
    done = lastseen("ask", "not_seen", "--set", setting, "--workspace", larch_court)
    assert (done.exit_code, done.stdout) == (2, "")
    assert setting.split("=")[0] in done.stderr


# --- find, history ------------------------------------------------------------------------------------------------


def test_a_name_as_one_agency_writes_it_finds_the_child(lastseen: Lastseen, reading: list[str]) -> None:
    done = lastseen("find", "Tam Tennant", "--format", "json", *reading)
    assert "Tam" in json.loads(done.stdout)["rows"][0]["person_name"]


def test_nobody_found_is_an_answer_that_says_how_many_were_asked(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("find", "Xanthippe Quux", "--workspace", larch_court)
    assert done.exit_code == 0
    assert "0 rows. Asked of " in done.stderr


def test_a_history_starts_with_who_saw_the_child_last_and_marks_silence(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("history", "Tam Marlowe", "--workspace", larch_court)
    assert done.exit_code == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert "Last seen 830 days ago, on 11 April 2016" in first
    assert any("days: nothing on record)" in line for line in rest)
    assert "As at 20 July 2018" in done.stderr


def test_a_history_is_the_same_on_both_engines(lastseen: Lastseen, reading: list[str], larch_court: Path) -> None:
    said = json.loads(lastseen("history", "Tam Marlowe", "--format", "json", *reading).stdout)
    own = json.loads(lastseen("history", "Tam Marlowe", "--format", "json", "--workspace", larch_court).stdout)
    assert said["rows"] == own["rows"]
    assert said["last_seen"] == own["last_seen"]
    assert said["last_seen"]["days"] == 830
    assert len(said["rows"]) > 20


def test_csv_history_holds_contacts_alone_and_says_the_sentence_beside_it(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("history", "Tam Marlowe", "--format", "csv", "--workspace", larch_court)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(row["contact"] for row in rows)
    assert done.stderr.startswith("Last seen 830 days ago")


def test_any_record_id_opens_the_same_person(lastseen: Lastseen, larch_court: Path) -> None:
    text = "MATCH (r:Record)-[:IDENTIFIES]->(p:Person) RETURN r.id AS record, p.id AS person"
    found = lastseen("cypher", text, "--format", "json", "--workspace", larch_court)
    by_person: dict[str, list[str]] = {}
    for row in json.loads(found.stdout)["rows"]:
        by_person.setdefault(row["person"], []).append(row["record"])
    most = max(by_person.values(), key=len)
    assert len(most) > 3
    said = [lastseen("history", record, "--format", "json", "--workspace", larch_court) for record in most]
    assert {json.loads(done.stdout)["parameters"]["child"] for done in said} == {
        person for person, records in by_person.items() if records == most
    }


def test_a_name_that_fits_several_exits_with_two_and_lists_them(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("history", "Marlowe", "--workspace", larch_court)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n  ") >= 2
    assert "Tam Marlowe" in done.stderr


def test_a_person_nobody_knows_is_refused_not_shown_as_empty(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("history", "gp_list:nobody", "--workspace", larch_court)
    assert (done.exit_code, done.stdout) == (2, "")


# --- cypher -------------------------------------------------------------------------------------------------------


def test_typed_cypher_reads_with_typed_values(lastseen: Lastseen, reading: list[str]) -> None:
    text = "MATCH (c:Contact) WHERE c.occurred_on < $day AND c.kind = $kind RETURN count(*) AS n, $level AS level"
    values = ["--set", "day=2018-01-01", "--set", "kind=birth", "--set", "level=3"]
    done = lastseen("cypher", text, *values, "--format", "json", *reading)
    assert json.loads(done.stdout)["rows"] == [{"n": 2, "level": 3}]


def test_cypher_may_come_by_standard_input(lastseen: Lastseen, larch_court: Path) -> None:
    text = "MATCH (a:Agency)\nRETURN count(*) > 0 AS known\n"
    done = lastseen("cypher", "-", "--format", "csv", "--workspace", larch_court, input=text)
    assert done.stdout == "known\ntrue\n"


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n) DETACH DELETE n", "CREATE (n:Person {id: 'x'})", "COPY (MATCH (p:Person) RETURN p.id) TO 'out.csv'",
        "LOAD FROM '/etc/passwd' RETURN *", "CALL db.labels()", "MATCH (p:Person) SET p.sex = 'F' RETURN p.id", "INSTALL json",
    ],
)  # fmt: skip
def test_nothing_but_reading_gets_through(lastseen: Lastseen, reading: list[str], text: str) -> None:
    done = lastseen("cypher", text, *reading)
    assert (done.exit_code, done.stdout) == (2, "")


# --- where from ---------------------------------------------------------------------------------------------------


def test_no_workspace_is_not_an_empty_answer(lastseen: Lastseen, tmp_path: Path) -> None:
    done = lastseen("ask", "not_seen", "--workspace", tmp_path / "none")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "There is no workspace" in done.stderr


def test_a_folder_of_workspaces_names_them(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("ask", "not_seen", "--workspace", larch_court.parent)
    assert done.exit_code == 3
    assert str(larch_court) in done.stderr


def test_a_named_workspace_that_is_not_there_is_refused_beside_a_server_too(lastseen: Lastseen, tmp_path: Path) -> None:
    done = lastseen("ask", "not_seen", "--workspace", tmp_path / "none", "--engine", "bolt://127.0.0.1:1")
    assert done.exit_code == 3
    assert "There is no workspace" in done.stderr


@pytest.mark.parametrize("url", ["bolt://127.0.0.1:1", "nonsense://x", "bolt://", "http://127.0.0.1:7474"])
def test_a_server_that_is_away_or_no_server_is_said_so(lastseen: Lastseen, larch_court: Path, url: str) -> None:
    done = lastseen("ask", "not_seen", "--workspace", larch_court, "--engine", url)
    assert done.exit_code in (2, 3)
    assert done.stdout == ""
    assert "foresaw" not in done.stderr


def test_an_empty_workspace_says_that_nothing_is_loaded(lastseen: Lastseen, tmp_path: Path) -> None:
    Workspace.open(tmp_path / "new", create=True)
    done = lastseen("ask", "not_seen", "--workspace", tmp_path / "new")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "lastseen load" in done.stderr


@pytest.mark.parametrize("damaged", ["workspace.json", "settings.json", "graph/CURRENT"])
def test_a_damaged_workspace_is_no_traceback(lastseen: Lastseen, own_larch_court: Path, damaged: str) -> None:
    (own_larch_court / damaged).write_bytes(b"\xff{")
    done = lastseen("ask", "not_seen", "--workspace", own_larch_court)
    assert done.exit_code in (2, 3)
    assert done.stdout == ""
    assert "foresaw" not in done.stderr
