"""Whatever happens, the caller gets a plain message and a promised exit code, and never a traceback."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from lastseen.commands.guard import GuardedGroup, Stopped
from lastseen.graph.errors import ManyPeople, NotAvailable, Refused


@pytest.fixture
def failing() -> dict[str, BaseException]:
    """A command line of the same kind, whose one command raises what a test puts here."""
    return {}


@pytest.fixture
def run(failing: dict[str, BaseException], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("LASTSEEN_DEBUG", raising=False)
    app = typer.Typer(cls=GuardedGroup, pretty_exceptions_enable=False)

    @app.command()
    def work() -> None:
        raise failing["with"]

    @app.command()
    def rest() -> None:
        pass

    def call(error: BaseException, **more: object):  # type: ignore[no-untyped-def]
        failing["with"] = error
        return CliRunner().invoke(app, ["work"], **more)

    return call


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Refused("A column is missing.", "Ask for it."), 2, "Error: A column is missing.\nAsk for it.\n"),
        (NotAvailable("The server is away."), 3, "Error: The server is away.\n"),
        (KeyboardInterrupt(), 130, "Stopped. Nothing was changed.\n"),
        (typer.Abort(), 130, "Stopped. Nothing was changed.\n"),
        (Stopped("The change was made."), 130, "Stopped. The change was made.\n"),
        (typer.Exit(1), 1, ""),
    ],
)
def test_each_kind_of_end_has_its_code_and_message(run, error: BaseException, code: int, said: str) -> None:  # type: ignore[no-untyped-def]
    done = run(error)
    assert (done.exit_code, done.stdout, done.stderr) == (code, "", said)


def test_a_name_that_fits_several_lists_them(run) -> None:  # type: ignore[no-untyped-def]
    done = run(ManyPeople("Two people fit.", "Give one id.", [("gp_list:1", "Tam, born 2012"), ("births:2", "T\x1bam")]))
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "Error: Two people fit.", "  gp_list:1  Tam, born 2012", "  births:2  T\ufffdam", "Give one id.",
    ]  # fmt: skip


def test_what_the_system_refuses_names_the_file(run) -> None:  # type: ignore[no-untyped-def]
    done = run(PermissionError(errno.EACCES, "Permission denied", "/somewhere/manifest.json"))
    assert done.exit_code == 3
    assert "/somewhere/manifest.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_said_in_words(run) -> None:  # type: ignore[no-untyped-def]
    assert "disk is full" in run(OSError(errno.ENOSPC, "No space left on device")).stderr


def test_a_reader_that_went_away_is_no_message(run) -> None:  # type: ignore[no-untyped-def]
    done = run(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert (done.exit_code, done.stderr) == (141, "")


def test_a_fault_of_ours_is_logged_without_the_message_that_may_hold_a_childs_row(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = run(ValueError("could not convert 'Tam Marlowe 2012-06-11'"))
    assert done.exit_code == 3
    log = tmp_path / "lastseen" / "errors.log"
    assert str(log) in done.stderr
    assert "Traceback" not in done.stderr
    assert "Marlowe" not in done.stderr + log.read_text()
    assert "test_guard.py" in log.read_text()
    assert "ValueError" in log.read_text()
    assert os.stat(log).st_mode & 0o077 == 0


def test_debugging_shows_the_whole_error(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("LASTSEEN_DEBUG", "1")
    done = run(ValueError("the cause"))
    assert "Traceback" in done.stderr
    assert "ValueError: the cause" in done.stderr


def test_without_a_place_for_the_log_the_message_still_comes(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    done = run(ValueError("x"))
    assert done.exit_code == 3
    assert "LASTSEEN_DEBUG=1" in done.stderr
