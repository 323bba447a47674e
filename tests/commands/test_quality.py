"""The report on loads as a shell and a spreadsheet meet it, and a list that was cut off."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace

Lastseen = Callable[..., Any]
PROMISED = ["loads", "findings", "coverage", "trends", "held_back", "notes"]


@pytest.fixture(scope="module")
def spoilt(larch_court: Path, demonstration: tuple[Any, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of one load: the police's notices, one day of them made impossible, under a name that would be a formula."""
    from lastseen.loaders.loading import load

    folder = tmp_path_factory.mktemp("spoilt")
    extract = next((demonstration[1] / "extracts").rglob("police_notices*.csv"))
    lines = extract.read_text(encoding="utf-8-sig").splitlines()
    lines[-1] = re.sub(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|\d\d-\w{3}-\d{4}", "31/02/2016", lines[-1], count=1)
    path = folder / "=police_notices.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    load(Workspace.open(folder / "home", create=True), "police_notices", [path])
    return folder / "home"


def test_larch_court_is_in_order_and_the_report_says_what_it_looked_at(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("quality", "--workspace", larch_court, "--format", "json")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert list(said) == PROMISED
    assert said["findings"] == []
    assert len(said["loads"]) == 18, "the newest of each source and scope"
    assert {one["source"] for one in said["coverage"]} == {one["source"] for one in said["loads"]}
    table = lastseen("quality", "gp_list", "--workspace", larch_court)
    assert "2016-11-22" in table.stdout
    assert "Nothing is wrong" in table.stderr


def test_more_rejected_rows_than_the_warning_share_exit_with_one_and_are_told_in_every_format(
    lastseen: Lastseen, spoilt: Path
) -> None:
    done = lastseen("quality", "police_notices", "--workspace", spoilt, "--format", "json")
    assert done.exit_code == 1, done.stderr
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["check"], found["count"], found["examples"][0]["line"]) == ("rejected", 1, 31)
    table = lastseen("quality", "1", "--workspace", spoilt)
    assert "police_notices.csv line 31" in table.stdout
    assert "police_notices rejected 3.6 % in " in table.stderr


def test_the_csv_for_the_agency_is_private_safe_in_a_spreadsheet_and_names_nobody(
    lastseen: Lastseen, spoilt: Path, tmp_path: Path
) -> None:
    out = tmp_path / "back.csv"
    done = lastseen("quality", "police_notices", "--workspace", spoilt, "--out", out)
    assert (done.exit_code, done.stdout) == (1, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (row,) = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
    assert (row["file"], row["line"], row["check"]) == ("'=police_notices.csv", "31", "rejected")
    assert not set(row) & {"against", "row"}
    assert "31/02/2016" not in out.read_text(encoding="utf-8")
    shown = lastseen("quality", "police_notices", "--workspace", spoilt, "--format", "csv").stdout
    assert shown == out.read_text(encoding="utf-8")
    assert lastseen("quality", "--workspace", spoilt, "--out", tmp_path / "all.json").exit_code == 1
    assert list(json.loads((tmp_path / "all.json").read_text())) == PROMISED


@pytest.mark.parametrize(
    ("words", "code"),
    [(["gp_lst"], 2), (["99"], 2), (["--out", "report.txt"], 2), (["--out", "report.csv", "--format", "json"], 2)],
)
def test_wrong_use_is_refused(lastseen: Lastseen, larch_court: Path, words: list[str], code: int) -> None:
    done = lastseen("quality", *words, "--workspace", larch_court)
    assert (done.exit_code, done.stdout) == (code, "")


def test_without_a_workspace_it_says_so(lastseen: Lastseen, tmp_path: Path) -> None:
    assert lastseen("quality", "--workspace", tmp_path / "none").exit_code == 3


def test_a_list_cut_off_on_its_way_is_held_back_until_somebody_accepts_it(
    lastseen: Lastseen, own_larch_court: Path, extracts: Path, tmp_path: Path
) -> None:
    workspace = Workspace.open(own_larch_court)
    workspace.save_settings(replace(workspace.settings, fewer_floor=3))
    lines = (extracts / "gp_list_P1_2016-11-22_fictional.csv").read_text(encoding="utf-8-sig").splitlines()
    short = tmp_path / "gp_list_P1_2016-12-22.csv"
    short.write_text("\n".join(lines[:3]).replace("22/11/2016", "22/12/2016") + "\n", encoding="utf-8")
    words = ["load", "gp_list", short, "--workspace", own_larch_court]
    before = lastseen("history", "9990004234", "--workspace", own_larch_court, "--format", "json").stdout
    done = lastseen(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "gp_list of P1 as of 2016-12-22 (gp_list_P1_2016-12-22.csv) has 2 people (before: 5)" in done.stderr
    assert "--accept-fewer" in done.stderr
    assert lastseen("history", "9990004234", "--workspace", own_larch_court, "--format", "json").stdout == before
    assert "Held back: gp_list of P1 as of 22 December 2016" in lastseen("quality", "--workspace", own_larch_court).stderr

    done = lastseen(*words, "--accept-fewer", "--no-publish", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert "accepted" in json.loads(done.stdout)["warnings"][0]
    said = lastseen("quality", "gp_list", "--workspace", own_larch_court).stderr
    assert "Held back" not in said
    assert "taken as it is, so who is missing has left" in said
