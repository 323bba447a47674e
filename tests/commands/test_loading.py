"""Loading: the promised report, the promised exit codes, all or nothing, and what stands said whatever happens."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace

Lastseen = Callable[..., Any]
PROMISED = ["source", "files", "read", "kept", "rejected", "reasons", "warnings", "changed"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def housing(extracts: Path, tmp_path: Path) -> Path:
    """One of Larch Court's extracts, as a file of the test's own."""
    found = next(path for path in sorted(extracts.iterdir()) if "HOUS" in path.name.upper() or "TENAN" in path.name.upper())
    return Path(shutil.copy(found, tmp_path / found.name))


def spoilt(extract: Path, rows: int, good: int) -> Path:
    """The extract with `good` copies of its first row and `rows` more whose first day is none."""
    lines = extract.read_text(encoding="utf-8-sig").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("Form,")) + 1
    day = re.search(r"\d{2}\.\d{2}\.\d{4}", lines[begin])
    assert day
    wrong = lines[begin].replace(day[0], "31 of never")
    extract.write_text("\n".join([*lines[:begin], *[lines[begin]] * good, *[wrong] * rows]) + "\n")
    return extract


def loads(home: Path) -> list[str]:
    return [load.source for load in Workspace.open(home).loads()]


def test_one_source_gives_the_promised_report(lastseen: Lastseen, home: Path, housing: Path) -> None:
    done = lastseen("load", "housing", housing, "--workspace", home, "--format", "json")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert list(said)[: len(PROMISED)] == PROMISED
    assert said["source"] == "housing"
    assert said["read"] == said["kept"] + said["rejected"] > 0
    assert said["changed"] is True
    assert loads(home) == ["housing"]


def test_the_same_file_twice_changes_nothing_and_says_so(lastseen: Lastseen, home: Path, housing: Path) -> None:
    lastseen("load", "housing", housing, "--workspace", home)
    done = lastseen("load", "housing", housing, "--workspace", home, "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["changed"] is False
    assert loads(home) == ["housing"]


def test_a_loaded_workspace_answers_at_once(lastseen: Lastseen, home: Path, housing: Path) -> None:
    lastseen("load", "housing", housing, "--workspace", home)
    done = lastseen("ask", "never_seen", "--workspace", home, "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert "housing" not in json.loads(done.stdout)["not_loaded"]


def test_without_publishing_the_graph_waits_for_publish(lastseen: Lastseen, home: Path, housing: Path) -> None:
    assert lastseen("load", "housing", housing, "--no-publish", "--workspace", home).exit_code == 0
    assert lastseen("ask", "never_seen", "--workspace", home).exit_code == 3
    assert lastseen("publish", "--workspace", home).exit_code == 0
    assert lastseen("ask", "never_seen", "--workspace", home).exit_code == 0


def test_a_folder_shows_its_plan_first_and_is_one_report(
    lastseen: Lastseen, home: Path, extracts: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(extracts, tmp_path / "incoming"))
    (folder / "notes.csv").write_text("a,b\n1,2\n")
    done = lastseen("load", folder, "--no-publish", "--workspace", home, "--format", "json")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert list(said)[: len(PROMISED)] == PROMISED
    assert said["read"] == sum(report["read"] for report in said["loads"])
    assert "notes.csv: not loaded" in done.stderr
    assert {"gp_list", "attendance", "housing"} <= set(loads(home))


def test_a_folder_with_one_extract_that_can_not_be_taken_exits_with_one_and_says_how_to_mend_it(
    lastseen: Lastseen, home: Path, housing: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    shutil.copy(housing, folder / "good.csv")
    spoilt(Path(shutil.copy(housing, folder / "spoilt.csv")), 5, 5)
    (folder / "onspd.csv").write_text("pcd,laua\nBD1 1AA,E08000032\n")
    done = lastseen("load", folder, "--no-publish", "--workspace", home, "--format", "json")
    said = json.loads(done.stdout)
    assert (done.exit_code, loads(home)) == (1, ["housing"])
    assert [Path(file).name for one in said["refused"] for file in one["files"]] == ["spoilt.csv"]
    assert "housing: not loaded: spoilt.csv: 5 of " in done.stderr
    assert "Mend the extract" in done.stderr
    assert "onspd.csv: postcodes (it is that published list)" in done.stderr
    (folder / "good.csv").unlink()
    (folder / "onspd.csv").unlink()
    refused = lastseen("load", folder, "--no-publish", "--workspace", home)
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_an_empty_folder_is_refused(lastseen: Lastseen, home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = lastseen("load", tmp_path / "empty", "--workspace", home)
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize("words", [["--extract-date", "2018-01-01"], ["--scope", "P1"]])
def test_a_folder_takes_no_options_that_belong_to_one_extract(
    lastseen: Lastseen, home: Path, extracts: Path, words: list[str]
) -> None:
    done = lastseen("load", extracts, *words, "--workspace", home)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not home.exists()


def test_more_rejected_rows_than_the_warning_share_exit_with_one(lastseen: Lastseen, home: Path, housing: Path) -> None:
    done = lastseen("load", "housing", spoilt(housing, 1, 19), "--workspace", home)
    assert done.exit_code == 1, done.stderr
    assert "1 rejected: " in done.stderr
    assert loads(home) == ["housing"]
    listed = lastseen("loads", "--workspace", home)
    assert "rejected.csv" in listed.stderr


def test_more_than_the_refused_share_loads_nothing(lastseen: Lastseen, home: Path, housing: Path) -> None:
    done = lastseen("load", "housing", spoilt(housing, 5, 5), "--workspace", home)
    assert (done.exit_code, done.stdout) == (2, "")
    assert loads(home) == []


@pytest.mark.parametrize(
    ("source", "file", "code"), [("housng", "HERE", 2), ("housing", "none.csv", 2), ("gp_list", "HERE", 2), ("housing", ".", 2)]
)
def test_what_can_not_be_loaded_is_refused_and_nothing_stays(
    lastseen: Lastseen, home: Path, housing: Path, source: str, file: str, code: int
) -> None:
    done = lastseen("load", source, housing if file == "HERE" else housing.parent / file, "--workspace", home)
    assert (done.exit_code, done.stdout) == (code, "")
    assert "foresaw" not in done.stderr
    assert loads(home) == []


def test_one_word_that_is_no_folder_is_wrong_use(lastseen: Lastseen, home: Path) -> None:
    done = lastseen("load", "gp_list", "--workspace", home)
    assert done.exit_code == 2
    assert "SOURCE FILE" in done.stderr
    assert not home.exists()


def test_a_folder_of_other_things_does_not_become_a_workspace(lastseen: Lastseen, tmp_path: Path, housing: Path) -> None:
    done = lastseen("load", "housing", housing, "--workspace", tmp_path)
    assert done.exit_code == 2
    assert not (tmp_path / "workspace.json").exists()


def test_a_load_is_listed_and_taken_away_again(lastseen: Lastseen, own_larch_court: Path) -> None:
    listed = json.loads(lastseen("loads", "--workspace", own_larch_court, "--format", "json").stdout)
    housing = next(entry for entry in listed if entry["source"] == "housing")
    done = lastseen("unload", housing["n"], "--workspace", own_larch_court)
    assert done.exit_code == 0, done.stderr
    left = json.loads(lastseen("loads", "--workspace", own_larch_court, "--format", "json").stdout)
    assert [entry["n"] for entry in left] == [entry["n"] for entry in listed if entry["n"] != housing["n"]]
    answer = lastseen("ask", "not_seen", "--format", "json", "--workspace", own_larch_court)
    assert "housing" in json.loads(answer.stdout)["not_loaded"]


def test_a_load_that_is_not_there_can_not_be_taken_away(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("unload", 4711, "--workspace", larch_court)
    assert done.exit_code == 2
    assert "4711" in done.stderr


def test_ctrl_c_before_the_decision_says_that_nothing_was_changed(
    lastseen: Lastseen, own_larch_court: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = loads(own_larch_court)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "commit", stop)
    done = lastseen("unload", 1, "--workspace", own_larch_court)
    assert (done.exit_code, done.stdout) == (130, "")
    assert "Nothing was changed" in done.stderr
    assert loads(own_larch_court) == before


def test_ctrl_c_after_the_decision_does_not_claim_that_nothing_was_changed(
    lastseen: Lastseen, own_larch_court: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Workspace.commit

    def stop(self: Workspace, *words: Any, **more: Any) -> None:
        commit(self, *words, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "commit", stop)
    done = lastseen("unload", 1, "--workspace", own_larch_court)
    assert done.exit_code == 130
    assert "had been made already" in done.stderr
    assert 1 not in [load.n for load in Workspace.open(own_larch_court).loads()]


# --- publish ------------------------------------------------------------------------------------------------------


def test_publish_without_a_server_and_without_changes_changes_nothing(lastseen: Lastseen, own_larch_court: Path) -> None:
    lastseen("publish", "--workspace", own_larch_court)
    done = lastseen("publish", "--workspace", own_larch_court)
    assert done.exit_code == 0
    assert "Nothing has changed" in done.stderr


@pytest.mark.neo4j
def test_publish_sends_everything_once_and_then_nothing(lastseen: Lastseen, own_larch_court: Path, clean_neo4j: str) -> None:
    words = ["publish", "--workspace", own_larch_court, "--engine", clean_neo4j, "--format", "json"]
    first, second, full = (json.loads(lastseen(*words, *more).stdout) for more in ([], [], ["--full"]))
    assert sum(first["rows"].values()) > 300
    assert second["mode"] == "nothing"
    assert sum(full["rows"].values()) >= sum(first["rows"].values())


def test_a_full_publish_without_a_server_makes_the_embedded_graph_again(lastseen: Lastseen, own_larch_court: Path) -> None:
    before = Workspace.open(own_larch_court).current_build()
    done = lastseen("publish", "--full", "--workspace", own_larch_court)
    after = Workspace.open(own_larch_court).current_build()
    assert done.exit_code == 0
    assert before
    assert after
    assert after.made_at > before.made_at


def test_publish_to_a_server_that_is_away_is_said(lastseen: Lastseen, larch_court: Path) -> None:
    done = lastseen("publish", "--workspace", larch_court, "--engine", "bolt://127.0.0.1:1")
    assert (done.exit_code, done.stdout) == (3, "")
