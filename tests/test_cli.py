"""The command itself, as shells and scripts run it: streams, signals, pipes, and the app that it starts."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lastseen.commands import background
from lastseen.graph.archive import Workspace

LASTSEEN = str(Path(sys.executable).with_name("lastseen"))


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without the caller's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LASTSEEN_", "LC_", "LANG", "COLUMNS"))}
    return {**kept, "LASTSEEN_BACKGROUND": "0", "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> tuple[Any, Path]:
    """`lastseen demo --headless` in an empty folder, with nothing but its defaults (and no public data beside it)."""
    folder = tmp_path_factory.mktemp("stranger") / "here"
    folder.mkdir()
    return run("demo", "--headless", env=env, cwd=folder), folder


def run(*words: object, env: dict[str, str], cwd: Path | None = None, **more: Any) -> Any:
    command = [LASTSEEN, *(str(word) for word in words)]
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False, **more)


@pytest.fixture(scope="module")
def larch_court(demonstration: tuple[Any, Path]) -> Path:
    return demonstration[1] / "data" / "larch-court"


def test_the_demonstration_prints_who_was_not_seen_as_at_its_own_day(demonstration: tuple[Any, Path]) -> None:
    done, _ = demonstration
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("as at 20 July 2018") == 2
    assert "Tam Marlowe" in done.stdout
    assert "Wren Marlowe" in done.stdout
    assert "830" in done.stdout
    assert "Reading" not in done.stdout


def test_the_demonstration_says_whose_locations_conflict(demonstration: tuple[Any, Path]) -> None:
    conflicts = demonstration[0].stdout.split("as at 20 July 2018")[2]
    assert "Port Carrow" in conflicts
    assert "Quarry Rise" in conflicts


def test_the_demonstration_again_changes_nothing(
    demonstration: tuple[Any, Path], larch_court: Path, env: dict[str, str]
) -> None:
    before = [load.n for load in Workspace.open(larch_court).loads()]
    again = run("demo", "--headless", env=env, cwd=demonstration[1])
    assert again.returncode == 0
    assert again.stdout == demonstration[0].stdout
    assert [load.n for load in Workspace.open(larch_court).loads()] == before


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_ends_the_command_quietly(larch_court: Path, env: dict[str, str], unbuffered: str) -> None:
    text = "MATCH (a:Contact), (b:Contact) RETURN a.id AS a, b.id AS b LIMIT 9000"
    command = [LASTSEEN, "cypher", text, "--format", "csv", "--workspace", str(larch_court)]
    env = {**env, "PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline() == "a,b\n"
        child.stdout.close()
        said = child.stderr.read()
    assert child.returncode == 141
    assert said == ""


def test_a_full_disk_behind_stdout_is_said(env: dict[str, str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([LASTSEEN, "schema"], env=env, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_any_locale_gets_the_same_bytes(larch_court: Path, env: dict[str, str], locale: str) -> None:
    words = [LASTSEEN, "schema", "--format", "json"]
    said = subprocess.run(words, env={**env, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0"}, capture_output=True, check=True)
    assert said.stdout == subprocess.run(words, env=env, capture_output=True, check=True).stdout
    assert "…".encode() in said.stdout


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_load_that_is_stopped_changes_nothing_and_says_so(
    tmp_path: Path, larch_court: Path, env: dict[str, str], sent: int
) -> None:
    home, extracts = tmp_path / "new", larch_court.parent / "extracts" / "larch-court"
    command = [LASTSEEN, "load", str(extracts), "--workspace", str(home)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stderr
        for line in child.stderr:
            if line.startswith(("Opening", "Reading")):
                break
        child.send_signal(sent)
        said, data = child.stderr.read(), child.stdout.read()
    assert (child.returncode, data) == (130, "")
    assert said.splitlines()[-1] == "Stopped. Nothing was changed."
    assert Workspace.open(home).loads() == []
    assert run("load", extracts, "--no-publish", "--workspace", home, env=env).returncode == 0


def test_after_a_load_a_large_graphs_board_is_worked_out_in_the_background(
    larch_court: Path, env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "workspace"
    extract = larch_court.parent / "extracts" / "larch-court" / "births_register_fictional.csv"
    done = run("load", "births", extract, "--workspace", home, env={**env, "LASTSEEN_BACKGROUND": "1"})
    assert done.returncode in (0, 1), done.stderr
    assert not (home / "background.log").exists(), "a family's board takes no time"
    monkeypatch.setenv("LASTSEEN_BACKGROUND", "1")
    monkeypatch.setattr(background, "FEW", 0)
    background.work_out_board(Workspace.open(home), months=1)
    deadline = time.monotonic() + 120
    while not (found := list(home.rglob("board.parquet"))) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert found, (home / "background.log").read_text()
    assert (home / "background.log").stat().st_mode & 0o777 == 0o600
    asked = run("board", "--months", 1, "--format", "json", "--workspace", home, env=env)
    assert len(json.loads(asked.stdout)["months"]) == 2
    assert "Working out" not in asked.stderr, "read, not asked again"


ANSWERS = [("n\r", 130, "Nothing was changed"), ("\x03", 130, "Nothing was changed"), ("y\r", 0, "kept")]


@pytest.mark.parametrize(("typed", "code", "said"), ANSWERS)
def test_a_folders_plan_is_asked_about_on_a_terminal(
    tmp_path: Path, larch_court: Path, env: dict[str, str], typed: str, code: int, said: str
) -> None:
    folder, home = tmp_path / "incoming", tmp_path / "new"
    folder.mkdir()
    extract = next((larch_court.parent / "extracts" / "larch-court").glob("housing*"))
    (folder / extract.name).write_bytes(extract.read_bytes())
    ours, theirs = pty.openpty()
    command = [LASTSEEN, "load", str(folder), "--workspace", str(home), "--no-publish"]
    with subprocess.Popen(command, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as child:
        os.close(theirs)
        screen = until(ours, b"Load these?")
        # A new session's terminal is nobody's controlling one, so Ctrl-C is sent as the signal that it would be.
        os.kill(child.pid, signal.SIGINT) if typed == "\x03" else os.write(ours, typed.encode())
        screen += until(ours, None)
    os.close(ours)
    assert child.returncode == code, screen.decode()
    assert said in screen.decode()
    assert (home / "workspace.json").exists() == (code == 0)


def until(screen: int, sight: bytes | None) -> bytes:
    """What a terminal shows until it shows `sight`, or until nobody is there to write on it."""
    said = b""
    while sight is None or sight not in said:
        try:
            more = os.read(screen, 4096)
        except OSError:
            break
        if not more:
            break
        said += more
    return said


def test_a_file_in_the_place_of_a_workspace_is_no_traceback(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "file").write_text("x")
    for words in (["ask", "not_seen"], ["status"], ["check"], ["loads"], ["load", str(tmp_path)]):
        done = run(*words, "--workspace", tmp_path / "file", env=env)
        assert done.returncode in (2, 3)
        assert "Traceback" not in done.stderr
        assert "foresaw" not in done.stderr
        assert done.stdout == ""


# --- app ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def running(larch_court: Path, env: dict[str, str], tmp_path: Path) -> Iterator[tuple[Any, int]]:
    """`lastseen app` from another folder, once it says where it is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [LASTSEEN, "app", "--no-browser", "--port", str(port), "--workspace", str(larch_court)]
    with subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr
        for line in child.stderr:
            if f"127.0.0.1:{port}" in line:
                break
        yield child, port
        if child.poll() is None:
            child.kill()


def test_the_app_answers_on_this_machine_alone_and_ctrl_c_ends_it(running: tuple[Any, int]) -> None:
    child, port = running
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=20) as answer:
        assert answer.status == 200
    (app,) = psutil.Process(child.pid).children()
    listening = {each.laddr.ip for each in app.net_connections(kind="inet") if each.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=20) == 0
    assert child.stdout.read() == ""
    assert "Traceback" not in child.stderr.read()
    assert not app.is_running() or app.status() == psutil.STATUS_ZOMBIE


def test_ending_the_command_ends_the_app(running: tuple[Any, int]) -> None:
    child, _ = running
    (app,) = psutil.Process(child.pid).children()
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    time.sleep(0.2)
    assert not app.is_running() or app.status() == psutil.STATUS_ZOMBIE


def test_a_port_in_use_is_said_and_nothing_is_started(larch_court: Path, env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("app", "--port", taken.getsockname()[1], "--no-browser", "--workspace", larch_court, env=env, timeout=60)
    assert done.returncode == 3
    assert "in use" in done.stderr


def test_the_app_is_not_started_where_there_is_nothing_to_read(tmp_path: Path, env: dict[str, str]) -> None:
    done = run("app", "--no-browser", "--workspace", tmp_path / "none", env=env, timeout=60)
    assert done.returncode == 3
    assert "There is no workspace" in done.stderr
