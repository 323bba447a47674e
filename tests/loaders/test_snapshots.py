"""Dated lists of one register: who left and who joined, with the day it became known; what is cut off; what is sent again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Settings, Workspace
from lastseen.graph.errors import Refused
from lastseen.graph.projection import project
from lastseen.loaders.held import held_back
from lastseen.loaders.loading import LoadReport, load, unload
from lastseen.loaders.mapping import Mapping, parse_mapping

Write = Callable[..., Path]
HEADER = "School,Taken,Id,Name,Born,From,To\n"


def roll(month: int, *children: int, school: str = "S1", since: str = "01/09/2010", to: str = "") -> str:
    """Rows of a school's roll of the first of a month in 2012; every child there since September 2010."""
    return "".join(f"{school},01/0{month}/2012,{n},Ann,02/03/2004,{since},{to}\n" for n in children)


@pytest.fixture
def take(workspace: Workspace, register: Mapping, write: Write) -> Callable[..., LoadReport]:
    """`take(rows, name)`: load them as one file of the roll."""
    return lambda rows, name="a.csv", **how: load(workspace, register, [write(HEADER + rows, name)], publish=False, **how)


Take = Callable[..., LoadReport]


@pytest.fixture
def registered(workspace: Workspace, tmp_path: Path) -> Callable[[], list[tuple[str | None, ...]]]:
    """`registered()`: (child, school, from, to, known, end known, withdrawn) of each fact that the loads tell."""

    def read() -> list[tuple[str | None, ...]]:
        tables = project(workspace, workspace.loads(), tmp_path / "graph")
        rows = tables.read("REGISTERED_WITH").to_pylist()
        dates = ("valid_from", "valid_to", "known_on", "end_known_on", "withdrawn_on")
        return sorted(
            (row["from"].removeprefix("roll:"), row["to"], *(str(row[name]) if row[name] else None for name in dates))
            for row in rows
        )

    return read


Registered = Callable[[], list[tuple[str | None, ...]]]
S1 = "school:S1"


# --- leavers and joiners ------------------------------------------------------------------------------------------


def test_two_lists_of_a_school_give_leavers_and_joiners_with_the_day_each_became_known(
    take: Take, registered: Registered
) -> None:
    take(roll(6, 1, 2))
    take(roll(7, 2) + roll(7, 3, since="15/06/2012") + roll(7, 4, since="01/05/2012") + roll(7, 5, to="20/07/2012"), "b.csv")
    assert registered() == [
        ("1", S1, "2010-09-01", "2012-07-01", "2010-09-01", "2012-07-01", None),  # left: gone from the list of July
        ("2", S1, "2010-09-01", None, "2010-09-01", None, None),
        ("3", S1, "2012-06-15", None, "2012-06-15", None, None),  # joined after the list of June
        ("4", S1, "2012-05-01", None, "2012-07-01", None, None),  # June covered May and lacked it: a late row
        ("5", S1, "2010-09-01", "2012-07-20", "2012-07-01", "2012-07-01", None),  # a stated leaving day, known from July
    ]


def test_a_list_of_one_school_ends_nothing_at_another_and_a_lost_school_is_said(take: Take, registered: Registered) -> None:
    take(roll(6, *range(1, 41)) + roll(6, *range(51, 91), school="S2"))
    report = take(roll(7, *range(1, 41)), "b.csv")
    assert report.warnings == ["roll of 2012-07-01 has no S2, unlike the one before it: nobody is taken to have left there."]
    assert [fact for fact in registered() if fact[3]] == []
    again = take(roll(7, *range(51, 91), school="S2"), "c.csv")
    assert again.warnings == []


# --- a list that was cut off --------------------------------------------------------------------------------------


def test_a_list_far_shorter_than_the_last_is_held_back_and_asked_about(
    workspace: Workspace, take: Take, registered: Registered
) -> None:
    take(roll(6, *range(1, 101)))
    before = registered()
    with pytest.raises(Refused) as refused:
        take(roll(7, *range(1, 61)), "short.csv")
    assert "roll of S1 as of 2012-07-01 (short.csv) has 60 people (before: 100), 60 registrations (before: 100)" in str(
        refused.value
    )
    assert "of 2012-06-01, load 1" in refused.value.what
    assert "--accept-fewer" in refused.value.mend
    assert len(workspace.loads()) == 1
    assert registered() == before, "nobody has left"
    (note,) = held_back(workspace)
    assert (note.source, note.scope, note.before, note.now, note.files) == ("roll", "S1", 100, 60, ["short.csv"])

    assert (workspace.home / "held.json").stat().st_mode & 0o077 == 0
    report = take(roll(7, *range(1, 61)), "short.csv", accept_fewer=True)
    assert [warning for warning in report.warnings if "accepted, and who is missing has left" in warning]
    assert len([fact for fact in registered() if fact[3] == "2012-07-01"]) == 40
    assert held_back(workspace) == []


PLANS = """
source: plans
title: Plans
doc: Children with plans, a file a kind of plan.
shape: snapshot
expected_every: 31
files:
  - match: "cin*"
    columns: &columns {Child: {required: true}, From: {kind: date, required: true}}
    rows:
      people: [{person: Child}]
      agencies: [{agency: {is: CSC}, kind: {is: social_care}}]
      involvements: [{person: Child, agency: {is: CSC}, status: {is: cin}, valid_from: From}]
  - match: "cp*"
    columns: *columns
    rows:
      agencies: [{agency: {is: CSC}, kind: {is: social_care}}]
      involvements: [{person: Child, agency: {is: CSC}, status: {is: cp}, valid_from: From}]
"""


def test_a_set_that_lacks_one_small_file_does_not_end_what_that_file_told(workspace: Workspace, write: Write) -> None:
    mapping = parse_mapping(PLANS, "plans.yaml")

    def table(name: str, children: range) -> Path:
        return write("Child,From\n" + "".join(f"{child},2012-01-01\n" for child in children), name)

    need = [table("june/cin.csv", range(330)), table("june/cp.csv", range(300, 330))]
    load(workspace, mapping, need, extract_date=date(2012, 6, 1), publish=False)
    with pytest.raises(Refused, match=r"has 0 involvements \(cp\) \(before: 30\)"):
        load(workspace, mapping, [table("july/cin.csv", range(310))], extract_date=date(2012, 7, 1), publish=False)


def test_a_spoilt_note_of_what_is_held_is_as_none(workspace: Workspace) -> None:
    (workspace.home / "held.json").write_text("{")
    assert held_back(workspace) == []


def test_the_whole_list_sent_after_all_settles_it(workspace: Workspace, take: Take) -> None:
    take(roll(6, *range(1, 101)))
    with pytest.raises(Refused):
        take(roll(7, 1), "short.csv")
    take(roll(7, *range(1, 100)), "whole.csv")
    assert held_back(workspace) == []


@pytest.mark.parametrize(
    ("before", "now", "settings", "is_held"),
    [
        (100, 80, {}, False),  # a fifth, not more
        (100, 79, {}, True),
        (20, 1, {}, False),  # 19 fewer: too few to ask about
        (21, 1, {}, True),
        (21, 1, {"fewer_floor": 21}, False),
        (100, 79, {"fewer_share": 0.5}, False),
        (100, 79, {"fewer_share": 1.0}, False),
    ],
)
def test_what_is_far_shorter_is_a_setting_and_tiny_registers_do_not_trip(
    workspace: Workspace, take: Take, before: int, now: int, settings: dict[str, float], is_held: bool
) -> None:
    workspace.save_settings(Settings(**settings))
    take(roll(6, *range(before)))
    if is_held:
        with pytest.raises(Refused, match="Held back"):
            take(roll(7, *range(now)), "b.csv")
    else:
        take(roll(7, *range(now)), "b.csv")
    assert len(workspace.loads()) == 1 + (not is_held)


def test_rows_that_were_rejected_count_as_missing(take: Take) -> None:
    take(roll(6, *range(1, 101)))
    faulty = roll(7, *range(1, 16)).replace("02/03/2004", "never")
    with pytest.raises(Refused, match=r"78 registrations \(before: 100\)"):
        take(faulty + roll(7, *range(16, 94)), "b.csv")


def test_who_stands_in_a_rejected_row_has_not_left_the_list(take: Take, registered: Registered) -> None:
    take(roll(6, *range(1, 12)))
    before = registered()
    report = take(roll(7, *range(1, 10)) + roll(7, 10, 11).replace("02/03/2004", "never"), "july.csv")
    assert (report.rejected, report.warnings) == (2, [])
    assert registered() == before, "not even 10 and 11, whose rows of July were rejected"
    take(roll(8, *range(1, 11)) + roll(8, 11).replace("02/03/2004", "never"), "august.csv")
    assert registered() == before, "nor 11, twice in a rejected row"
    take(roll(9, *range(1, 11)), "september.csv")
    assert [(fact[0], fact[3]) for fact in registered() if fact[3]] == [("11", "2012-09-01")], "gone from the next list"


def test_a_rejected_row_without_an_id_is_said_to_read_as_a_leaver(take: Take, registered: Registered) -> None:
    first = take(roll(6, *range(1, 11)) + "S1,01/06/2012,,Ann,02/03/2004,01/09/2010,\n")
    assert first.warnings == [], "nobody was on a list before"
    report = take(roll(7, *range(1, 10)) + "S1,01/07/2012,,Ann,02/03/2004,01/09/2010,\n", "b.csv")
    assert "1 of the rejected rows tell no id, so whoever is on them and was on the list before reads as having left" in str(
        report.warnings
    )
    assert [(fact[0], fact[3]) for fact in registered() if fact[3]] == [("10", "2012-07-01")]


def test_a_second_row_that_was_rejected_keeps_nothing_of_a_person_whose_row_was_read(
    take: Take, registered: Registered
) -> None:
    take(roll(6, *range(1, 11)))
    take(roll(7, *range(2, 11)) + roll(7, 1, since="01/01/2012") + roll(7, 1).replace("02/03/2004", "never"), "b.csv")
    assert [fact[2:] for fact in registered() if fact[0] == "1"] == [
        ("2010-09-01", None, "2010-09-01", None, "2012-07-01"),
        ("2012-01-01", None, "2012-07-01", None, None),
    ]


def test_one_held_list_holds_back_every_file_given_with_it(workspace: Workspace, register: Mapping, write: Write) -> None:
    files = [write(HEADER + roll(month, *children), f"{month}.csv") for month, children in (
        (6, range(1, 101)), (7, range(1, 3)), (8, range(1, 102)),
    )]  # fmt: skip
    with pytest.raises(Refused) as refused:
        load(workspace, register, files, publish=False)
    assert refused.value.what.count("\n  - ") == 1, "July is short; August after it is not"
    assert workspace.loads() == []


def test_an_older_list_loaded_later_is_compared_with_its_neighbours(take: Take) -> None:
    take(roll(7, *range(1, 41)))
    with pytest.raises(Refused, match=r"as of 2012-07-01 \(a.csv\) has 40 people \(before: 100\)"):
        take(roll(6, *range(1, 101)), "older.csv")


# --- sent again ---------------------------------------------------------------------------------------------------


def test_a_corrected_list_of_the_same_day_takes_its_place_and_a_fact_it_lacks_was_never_said(
    workspace: Workspace, take: Take, registered: Registered
) -> None:
    take(roll(6, 1, 2, 3))
    take(roll(7, 1, 2, 3, 4), "july.csv")
    corrected = roll(7, 1, 3, 4)
    with pytest.raises(Refused, match="registrations 1 gone and 0 new"):
        take(corrected, "july corrected.csv")
    take(corrected, "july corrected.csv", replace=True)
    assert [one.files[0]["name"] for one in workspace.loads()] == ["a.csv", "july corrected.csv"]
    assert [fact[0] for fact in registered() if fact[3] == "2012-07-01"] == ["2"], "2 left, as the corrected July says"
    take(roll(6, 1, 3), "june corrected.csv", replace=True)
    assert [fact[0] for fact in registered()] == ["1", "3", "4"], "nobody ever said 2"


def test_a_later_list_corrects_a_start_and_an_end_without_rewriting_what_was_known(take: Take, registered: Registered) -> None:
    take(roll(6, 1, since="01/09/2010") + roll(6, 2, to="20/07/2012"))
    take(roll(7, 1, since="01/09/2011") + roll(7, 2, to="27/07/2012"), "b.csv")
    assert registered() == [
        ("1", S1, "2010-09-01", None, "2010-09-01", None, "2012-07-01"),  # withdrawn on the day July spoke
        ("1", S1, "2011-09-01", None, "2012-07-01", None, None),
        ("2", S1, "2010-09-01", "2012-07-20", "2010-09-01", "2012-06-01", "2012-07-01"),
        ("2", S1, "2010-09-01", "2012-07-27", "2012-07-01", "2012-07-01", None),
    ]


def test_a_replacement_far_shorter_than_what_it_replaces_is_asked_about_too(take: Take, workspace: Workspace) -> None:
    take(roll(6, *range(1, 101)))
    with pytest.raises(Refused, match=r"Held back.*\n.*60 people \(before: 100\)"):
        take(roll(6, *range(1, 61)), "again.csv", replace=True)
    take(roll(6, *range(1, 61)), "again.csv", replace=True, accept_fewer=True)
    assert [one.kept for one in workspace.loads()] == [60]


def test_a_list_taken_out_again_leaves_what_the_others_say(workspace: Workspace, take: Take, registered: Registered) -> None:
    take(roll(6, 1, 2))
    before = registered()
    take(roll(7, 2), "b.csv")
    assert registered() != before
    unload(workspace, 2, publish=False)
    assert registered() == before
