"""Who is who, decided by people: journalled with name and reason, in the graph at once, undone again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.journal import Journal

Lastseen = Callable[..., Any]
WHY = ["--reason", "asked the school", "--by", "F. Example"]


def records(lastseen: Lastseen, home: Path) -> dict[str, str]:
    """Record id to person id."""
    text = "MATCH (r:Record)-[:IDENTIFIES]->(p:Person) RETURN r.id AS record, p.id AS person"
    rows = json.loads(lastseen("cypher", text, "--workspace", home, "--format", "json").stdout)["rows"]
    return {row["record"]: row["person"] for row in rows}


@pytest.fixture
def pair(own_larch_court: Path) -> tuple[str, str]:
    """The two records that the demonstration's officer joined."""
    (decision,) = Journal(Workspace.open(own_larch_court).journal).decisions()
    return decision.record_a, decision.record_b


def test_the_demonstrations_decision_is_listed_with_who_and_why(lastseen: Lastseen, larch_court: Path) -> None:
    (decision,) = json.loads(lastseen("match", "decisions", "--workspace", larch_court, "--format", "json").stdout)
    assert decision["verdict"] == "same"
    assert "fictional" in decision["by"]
    assert decision["reason"]
    assert decision["undone_by"] is None


def test_undone_the_two_are_two_again_and_wait_in_the_list(
    lastseen: Lastseen, own_larch_court: Path, pair: tuple[str, str]
) -> None:
    joined = records(lastseen, own_larch_court)
    assert joined[pair[0]] == joined[pair[1]]
    done = lastseen("match", "undo", 1, *WHY, "--workspace", own_larch_court)
    assert done.exit_code == 0, done.stderr
    apart = records(lastseen, own_larch_court)
    assert apart[pair[0]] != apart[pair[1]]
    listed = json.loads(lastseen("match", "list", "--workspace", own_larch_court, "--format", "json").stdout)
    assert {apart[entry[side]] for entry in listed for side in ("record_a", "record_b")} >= {apart[pair[0]], apart[pair[1]]}


def test_said_to_be_two_people_they_are_two_and_said_to_be_one_they_are_one(
    lastseen: Lastseen, own_larch_court: Path, pair: tuple[str, str]
) -> None:
    assert lastseen("match", "not-same", *pair, *WHY, "--workspace", own_larch_court).exit_code == 0
    apart = records(lastseen, own_larch_court)
    assert apart[pair[0]] != apart[pair[1]]
    assert lastseen("match", "same", *pair, *WHY, "--workspace", own_larch_court).exit_code == 0
    joined = records(lastseen, own_larch_court)
    assert joined[pair[0]] == joined[pair[1]]
    listed = json.loads(lastseen("match", "decisions", "--workspace", own_larch_court, "--format", "json").stdout)
    assert [(entry["verdict"], entry["by"]) for entry in listed][1:] == [("not_same", "F. Example"), ("same", "F. Example")]


def test_a_decision_may_wait_for_the_next_publish(lastseen: Lastseen, own_larch_court: Path, pair: tuple[str, str]) -> None:
    lastseen("publish", "--workspace", own_larch_court)
    before = Workspace.open(own_larch_court).current_build()
    assert lastseen("match", "undo", 1, *WHY, "--no-publish", "--workspace", own_larch_court).exit_code == 0
    assert Workspace.open(own_larch_court).current_build() == before
    assert lastseen("check", "--workspace", own_larch_court).exit_code == 1
    assert lastseen("publish", "--workspace", own_larch_court).exit_code == 0
    apart = records(lastseen, own_larch_court)
    assert apart[pair[0]] != apart[pair[1]]


@pytest.mark.parametrize(
    "words",
    [
        ["same", "gp_list:nobody", "gp_list:9990004234", *WHY],
        ["same", "Tam", "Tom", *WHY],
        ["not-same", "gp_list:9990004234", "gp_list:9990004234", *WHY],
        ["same", "gp_list:9990004234", "gp_list:9990004242", "--by", "F. Example"],
        ["same", "gp_list:9990004234", "gp_list:9990004242", "--reason", " ", "--by", "F. Example"],
        ["undo", "4711", *WHY],
        ["undo", "one", *WHY],
    ],
)
def test_what_is_no_decision_is_refused_and_not_journalled(lastseen: Lastseen, own_larch_court: Path, words: list[str]) -> None:
    done = lastseen("match", *words, "--workspace", own_larch_court)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(Journal(Workspace.open(own_larch_court).journal).decisions()) == 1


def test_an_undone_decision_can_not_be_undone_again(lastseen: Lastseen, own_larch_court: Path) -> None:
    assert lastseen("match", "undo", 1, *WHY, "--no-publish", "--workspace", own_larch_court).exit_code == 0
    assert lastseen("match", "undo", 1, *WHY, "--no-publish", "--workspace", own_larch_court).exit_code == 2


def test_a_decision_is_signed_by_the_login_name_where_none_is_given(
    lastseen: Lastseen, own_larch_court: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTSEEN_USER", "officer-7")
    lastseen("match", "undo", 1, "--reason", "mistake", "--no-publish", "--workspace", own_larch_court)
    (decision,) = Journal(Workspace.open(own_larch_court).journal).decisions()
    assert decision.undone_who == "officer-7"
