"""The worklist, a child's findings, the board and the time line, as a shell has them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from lastseen.graph.archive import Workspace
from lastseen.graph.casebook import Casebook
from lastseen.loaders.made_up.people import PEOPLE

Lastseen = Callable[..., Result]
TAM = f"nhs:{PEOPLE['C3'].nhs}"
WHO = ("--by", "Fay Example (fictional)", "--reason", "asked the school")


def listed(lastseen: Lastseen, home: Path, *more: str) -> list[tuple[str, str]]:
    told = lastseen("worklist", *more, "--workspace", home, "--format", "json")
    assert told.exit_code == 0, told.stderr
    return [(row["child_name"], row["signal"]) for row in json.loads(told.stdout)["rows"]]


def test_the_worklist_is_listed_in_its_stated_order_hard_duties_first(lastseen: Lastseen, larch_court: Path) -> None:
    told = lastseen("worklist", "--workspace", larch_court)
    assert told.exit_code == 0
    first = told.stdout.splitlines()[2]
    assert "Tam Marlowe" in first
    assert "G06" in first
    assert "Order: Hard duties first" in told.stderr
    assert "As at 20 July 2018 (fictional data)" in told.stderr
    assert ("Wren Marlowe", "G04") in listed(lastseen, larch_court)
    assert listed(lastseen, larch_court, "--signal", "G06") == [("Tam Marlowe", "G06")]
    assert listed(lastseen, larch_court, "--area", "protected") == []


def test_wrong_filters_are_refused(lastseen: Lastseen, larch_court: Path) -> None:
    for wrong, named in ((("--signal", "G99"), "G99"), (("--status", "gone"), "status"), (("--page", "99"), "page 99")):
        told = lastseen("worklist", *wrong, "--workspace", larch_court)
        assert (told.exit_code, told.stdout) == (2, "")
        assert named in told.stderr


def test_a_finding_is_closed_reopened_and_put_aside_with_a_name_and_a_reason(lastseen: Lastseen, own_larch_court: Path) -> None:
    home = own_larch_court
    done = lastseen("worklist", "close", TAM, "G06", *WHO, "--workspace", home)
    assert done.exit_code == 0, done.stderr
    assert ("Tam Marlowe", "G06") not in listed(lastseen, home)
    assert ("Tam Marlowe", "G06") in listed(lastseen, home, "--status", "closed")
    assert lastseen("worklist", "reopen", TAM, "G06", *WHO, "--workspace", home).exit_code == 0
    assert ("Tam Marlowe", "G06") in listed(lastseen, home)
    snoozed = lastseen("worklist", "snooze", TAM, "G06", "--until", "2018-08-20", *WHO, "--workspace", home)
    assert snoozed.exit_code == 0, snoozed.stderr
    assert listed(lastseen, home, "--status", "snoozed") == [("Tam Marlowe", "G06")]
    assert ("Tam Marlowe", "G06") in listed(lastseen, home, "--as-at", "2018-08-21")


def test_nothing_is_kept_about_a_finding_that_does_not_stand(lastseen: Lastseen, own_larch_court: Path) -> None:
    told = lastseen("worklist", "close", TAM, "G22", *WHO, "--workspace", own_larch_court)
    assert told.exit_code == 2
    assert "does not stand" in told.stderr
    assert Casebook(Workspace.open(own_larch_court).journal).entries() == []


def test_a_wrong_fact_is_disputed_and_upheld_and_its_finding_goes(lastseen: Lastseen, own_larch_court: Path) -> None:
    home = own_larch_court
    before = json.loads(lastseen("findings", TAM, "--workspace", home, "--format", "json").stdout)
    (story,) = [one for one in before["findings"] if one["signal"] == "G13"]
    row = next(fact["row"] for fact in story["facts_for"] if "school_concerns" in fact["row"])
    done = lastseen("worklist", "dispute", TAM, "G13", row, *WHO, "--workspace", home)
    assert done.exit_code == 0, done.stderr
    assert "DISPUTED" in lastseen("findings", TAM, "--workspace", home).stdout
    waiting = json.loads(lastseen("worklist", "disputes", "--workspace", home, "--format", "json").stdout)
    assert [(one["signal"], one["row"]) for one in waiting] == [("G13", row)]
    settled = lastseen("worklist", "settle", str(waiting[0]["id"]), "uphold", *WHO, "--workspace", home)
    assert settled.exit_code == 0, settled.stderr
    assert ("Tam Marlowe", "G13") not in listed(lastseen, home)
    assert ("Tam Marlowe", "G13") in listed(lastseen, home, "--as-at", "2018-07-19"), "the day before, it stood"


def test_a_row_that_a_finding_does_not_rest_on_cannot_be_disputed(lastseen: Lastseen, own_larch_court: Path) -> None:
    told = lastseen("worklist", "dispute", TAM, "G13", "1:nothing.csv:1", *WHO, "--workspace", own_larch_court)
    assert told.exit_code == 2
    assert "does not rest on" in told.stderr


def test_findings_say_what_is_for_and_against_and_what_would_clear_them(lastseen: Lastseen, larch_court: Path) -> None:
    told = lastseen("findings", TAM, "--workspace", larch_court).stdout
    assert "G12 " in told
    for part in ("For:", "Against:", "Would clear it:", "Rule out:", "Check:"):
        assert part in told
    rows = list(csv.DictReader(io.StringIO(lastseen("findings", TAM, "--workspace", larch_court, "--format", "csv").stdout)))
    assert {"G01", "G06", "G12"} <= {row["signal"] for row in rows}
    assert all(row["sentence"] for row in rows)


def test_a_refuge_is_not_named_in_findings_or_time_lines(lastseen: Lastseen, larch_court: Path) -> None:
    for command in (("findings", TAM), ("timeline", TAM), ("worklist",)):
        told = lastseen(*command, "--as-at", "2014-09-01", "--workspace", larch_court)
        assert told.exit_code == 0, told.stderr
        for secret in ("Rowan House", "Hidden Lane", "AQ9 9RF"):
            assert secret not in told.stdout + told.stderr


def test_the_time_line_follows_what_was_known_not_what_happened(lastseen: Lastseen, larch_court: Path) -> None:
    told = json.loads(lastseen("timeline", TAM, "--workspace", larch_court, "--format", "json").stdout)
    days = [row["known_on"] for row in told["rows"]]
    assert days == sorted(days)
    early = json.loads(
        lastseen("timeline", TAM, "--as-at", "2012-07-01", "--workspace", larch_court, "--format", "json").stdout
    )
    assert max(row["known_on"] for row in early["rows"]) <= "2012-07-01"


def test_the_board_names_nobody_and_hides_small_numbers(lastseen: Lastseen, own_larch_court: Path) -> None:
    told = lastseen("board", "--months", "1", "--workspace", own_larch_court)
    assert told.exit_code == 0, told.stderr
    assert "hidden" in told.stdout
    assert "Marlowe" not in told.stdout
    rows = list(csv.DictReader(io.StringIO(
        lastseen("board", "--months", "1", "--workspace", own_larch_court, "--format", "csv").stdout)))  # fmt: skip
    assert {row["children"] for row in rows} <= {"hidden", "0"}
    months = json.loads(lastseen("board", "--months", "1", "--workspace", own_larch_court, "--format", "json").stdout)["months"]
    assert [month["as_at"] for month in months] == ["2018-06-30", "2018-07-20"]


def test_an_unknown_story_is_refused(lastseen: Lastseen) -> None:
    told = lastseen("replay", "king-lear")
    assert told.exit_code == 2
    assert "larch-court" in told.stderr
