"""The workspace: what is committed shows at once and whole, what is not never shows, and nothing is used twice."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from lastseen.graph.archive import Settings, StagedBuild, StagedLoad, Workspace
from lastseen.graph.errors import NotAvailable, Refused


def finish(staged: StagedLoad, source: str = "gp_list", rows: int = 2) -> StagedLoad:
    lines = list(range(2, rows + 2))
    people = pa.table({"file": ["a.csv"] * rows, "line": lines, "person": [str(line) for line in lines]})
    staged.write_table("people", people)
    staged.finish({
        "source": source, "shape": "snapshot", "scopes": ["P1"], "extract_date": date(2012, 6, 1), "covers_from": None,
        "covers_to": None, "lag": 30, "expected_every": 31, "registers": [source], "trust": 30,
        "files": [{"name": "a.csv", "sha256": "0" * 64, "bytes": 9}], "read": rows, "kept": rows, "rejected": 0, "reasons": {},
        "mapping_version": "1",
    })
    return staged


def build(workspace: Workspace, name: str, loads: list[int], made_at: datetime | None = None) -> StagedBuild:
    directory = workspace.stage_build_directory()
    (directory / "tables").mkdir()
    return StagedBuild(name, directory, loads, made_at or datetime.now(UTC))


def commit_one(workspace: Workspace, name: str) -> None:
    with workspace.writing():
        staged = finish(workspace.stage())
        workspace.commit([staged], build(workspace, name, [*(load.n for load in workspace.loads()), staged.n]))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "home", create=True)


def test_a_missing_workspace_is_not_made_by_reading_it(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="no workspace"):
        Workspace.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_with_other_files_is_not_made_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="holds other files"):
        Workspace.open(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_workspace_keeps_its_name_however_often_it_is_opened(workspace: Workspace) -> None:
    assert Workspace.open(workspace.home).name == Workspace.open(workspace.home, create=True).name == workspace.name


def test_everything_in_a_workspace_is_private(workspace: Workspace) -> None:
    commit_one(workspace, "b1")
    for folder, folders, files in os.walk(workspace.home):
        for name in folders:
            assert stat.S_IMODE((Path(folder) / name).stat().st_mode) == 0o700, name
        for name in files:
            assert stat.S_IMODE((Path(folder) / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(workspace.home.stat().st_mode) == 0o700


def test_a_committed_load_and_its_build_are_read_back(workspace: Workspace) -> None:
    commit_one(workspace, "b1")
    (load,) = Workspace.open(workspace.home).loads()
    assert (load.n, load.source, load.scopes, load.tables) == (1, "gp_list", ["P1"], {"people": 2})
    assert load.table("people").exists()
    assert load.directory.name == "1-gp_list-2012-06-01"
    current = workspace.current_build()
    assert current is not None
    assert (current.id, current.loads, current.tables.directory) == ("b1", [1], current.directory / "tables")


def test_what_is_staged_does_not_show_and_is_swept_by_the_next_writer(workspace: Workspace) -> None:
    with workspace.writing():
        finish(workspace.stage())
        workspace.stage_build_directory()
        assert workspace.loads() == []
        assert workspace.current_build() is None
    with workspace.writing():
        pass
    assert [path.name for path in (workspace.home / "loads").iterdir()] == []
    assert [*(workspace.home / "graph" / "builds").iterdir()] == []


def test_a_number_is_never_used_again(workspace: Workspace) -> None:
    commit_one(workspace, "b1")
    commit_one(workspace, "b2")
    with workspace.writing():
        workspace.commit([], build(workspace, "b3", [1]), remove=[2])
        assert [load.n for load in workspace.loads()] == [1]
        assert (workspace.stage().n, workspace.stage().n) == (3, 4)


def test_an_unknown_load_can_be_neither_read_nor_removed(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="no load 7"):
        workspace.load(7)
    with workspace.writing(), pytest.raises(Refused, match="no load 7"):
        workspace.commit([], None, remove=[7])
    assert not (workspace.home / "pending.json").exists()


def test_only_one_writes_and_the_other_is_told_who(workspace: Workspace) -> None:
    other = Workspace.open(workspace.home)
    with workspace.writing():
        with workspace.writing():
            pass  # nested in one thread
        with pytest.raises(NotAvailable, match=f"process {os.getpid()} of .* since 20"), other.writing():
            pass
    with other.writing():
        pass


def test_writing_needs_the_lock(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError, match=r"Workspace\.writing"):
        workspace.stage()


STEPS = range(20)


@pytest.mark.parametrize("step", STEPS)
def test_a_commit_stopped_anywhere_is_all_or_nothing(
    workspace: Workspace, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rename and removal of the commit is stopped once; who opens the workspace then sees the old or the new."""
    commit_one(workspace, "b1")
    commit_one(workspace, "b2")
    calls = 0

    def stopping(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == step + 1:
                raise KeyboardInterrupt
            return real(*args, **kwargs)

        return call

    with workspace.writing():
        staged = finish(workspace.stage(), "school_roll")
        new = build(workspace, "b3", [2, 3])
        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", stopping(os.rename))
            patch.setattr(os, "replace", stopping(os.replace))
            patch.setattr(os, "unlink", stopping(os.unlink))
            with suppress(KeyboardInterrupt):
                workspace.commit([staged], new, remove=[1])
        decided = (workspace.home / "pending.json").exists() or "b3" in (workspace.home / "graph" / "CURRENT").read_text()
        seen = ([load.n for load in workspace.loads()], getattr(workspace.current_build(), "id", None))
    again = Workspace.open(workspace.home)
    expected = ([2, 3], "b3") if decided else ([1, 2], "b2")
    assert seen == expected, "a reader looks through what is pending"
    assert ([load.n for load in again.loads()], getattr(again.current_build(), "id", None)) == expected
    assert all(load.table("people").exists() for load in again.loads())
    with again.writing():
        pass
    left = [path.name for path in (again.home / "loads").iterdir() if path.name.startswith(".")]
    assert left == []


def test_the_steps_above_reach_past_the_last_one(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer file operations than steps, so that the whole commit was stopped at each and once not at all."""
    commit_one(workspace, "b1")
    calls = []
    real = {name: getattr(os, name) for name in ("rename", "replace", "unlink")}
    with workspace.writing():
        staged, new = finish(workspace.stage()), build(workspace, "b2", [2])
        for name, function in real.items():
            monkeypatch.setattr(os, name, lambda *args, function=function, **kw: (calls.append(1), function(*args, **kw))[1])
        workspace.commit([staged], new, remove=[1])
    assert 4 <= len(calls) < len(STEPS)


def test_the_last_three_builds_are_kept_and_any_that_is_needed(workspace: Workspace) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def add(number: int) -> None:
        with workspace.writing():
            workspace.commit([], build(workspace, f"b{number}", [], start + timedelta(hours=number)))

    add(1)
    add(2)
    first = workspace.build("b1")
    assert first is not None
    workspace.note_published("bolt://localhost:7687", "b2")
    with first.hold():
        for number in range(3, 8):
            add(number)
        assert [one.id for one in workspace.builds()] == ["b7", "b6", "b5", "b2", "b1"]
    add(8)
    assert [one.id for one in workspace.builds()] == ["b8", "b7", "b6", "b2"]
    assert workspace.published() == {"bolt://localhost:7687": "b2"}


def test_an_unchanged_build_is_made_current_again_without_a_copy(workspace: Workspace) -> None:
    commit_one(workspace, "b1")
    commit_one(workspace, "b2")
    kept = workspace.build("b1")
    assert kept is not None
    with workspace.writing():
        workspace.commit([], StagedBuild("b1", kept.directory, kept.loads, kept.made_at))
    current = workspace.current_build()
    assert current is not None
    assert current.id == "b1"
    assert len(workspace.builds()) == 2


def test_a_damaged_load_is_told_and_can_be_unloaded(workspace: Workspace) -> None:
    commit_one(workspace, "b1")
    commit_one(workspace, "b2")
    workspace.load(1).table("people").unlink()
    with pytest.raises(NotAvailable, match="1-gp_list-2012-06-01 lacks people"):
        workspace.loads()
    assert [load.n for load in workspace.loads(without=[1])] == [2]
    with workspace.writing():
        workspace.commit([], None, remove=[1])
    assert [load.n for load in workspace.loads()] == [2]


def test_a_table_keeps_the_record_schema(workspace: Workspace) -> None:
    with workspace.writing():
        staged = workspace.stage()
        with pytest.raises(Refused, match="no column age"):
            staged.write_table("people", pa.table({"person": ["1"], "age": [4]}))
        assert staged.write_table("people", pa.table({"person": pa.array([], pa.string())})) == 0
        assert not (staged.directory / "people.parquet").exists()


def test_settings_are_read_back_and_every_faulty_one_is_named(workspace: Workspace) -> None:
    workspace.save_settings(Settings(title="Larch Court", default_as_at=date(2018, 7, 20), fictional=True))
    again = Workspace.open(workspace.home).settings
    assert (again.title, again.default_as_at, again.fictional) == ("Larch Court", date(2018, 7, 20), True)
    (workspace.home / "settings.json").write_text(json.dumps({"titel": "x", "refuse_share": 7}))
    with pytest.raises(Refused) as refused:
        Workspace.open(workspace.home)
    assert "titel" in refused.value.what
    assert "refuse_share" in refused.value.what


@pytest.mark.parametrize("starts", [[], ["1 April"], ["9-1", "01-01", "04-01"], ["02-29", "04-01", "09-01"], ["01-05", "09-04"],
                                    ["01-05", "04-14", "08-28"]])  # fmt: skip
def test_term_starts_that_would_put_off_a_childs_first_term_are_refused(workspace: Workspace, starts: list[str]) -> None:
    (workspace.home / "settings.json").write_text(json.dumps({"term_starts": starts}))
    with pytest.raises(Refused, match="term_starts"):
        Workspace.open(workspace.home)
