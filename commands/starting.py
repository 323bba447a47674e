"""Commands that start something: the demonstration, and the app in the browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from lastseen.commands.asking import reading_home, session
from lastseen.commands.guard import say
from lastseen.commands.notes import tell_answer
from lastseen.commands.options import MARK, Engine, Workspace, home_or_default
from lastseen.commands.output import full_date, write_table, write_text
from lastseen.commands.progress import progress

LOOPBACK = "127.0.0.1"
PORT = 8501

Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=1,
        max=65535,
        metavar="N",
        show_default=f"{PORT}, or the next free one",
        help="The app's port on this machine.",
    ),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser; only say the address.")]
SharedData = Annotated[
    Path | None,
    typer.Option(
        "--shared-data",
        envvar="LASTSEEN_SHARED_DATA",
        metavar="DIR",
        show_default="../shared/data",
        help="Folder with the public POLE data; without it only Larch Court is made.",
    ),
]

SHOWN = {
    "not_seen": ["child_name", "last_seen", "days", "level", "kind", "agency"],
    "conflicting_locations": ["child_name", "conflict", "place_name", "sources", "other_place_name", "other_sources"],
}
"""What the demonstration asks of each workspace, and the columns that fit a screen."""


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Print the answers and stop; do not start the app.")] = False,
    port: Port = None,
    no_browser: NoBrowser = False,
    shared_data: SharedData = None,
    workspace: Workspace = None,
) -> None:
    """Load a fictional family, ask who was not seen, open the app.

    Makes the workspace larch-court inside --workspace (else ./data), and pole of the public POLE data where they are at
    hand; prints who has not been seen and whose locations conflict. Doing it again changes nothing.
    """
    from lastseen.loaders.demo import demo as make

    if not headless:
        must_be_free(port)
    root = home_or_default(workspace)
    with progress() as step:
        made = make(root, shared_data or Path("..") / "shared" / "data", step)
    for archive in made:
        show_first_answers(archive.home)
    say("")
    for archive in made:
        say(f"Ask more: lastseen ask QUESTION --workspace {archive.home}   (lastseen questions lists them)")
    if not headless:
        serve(root, None, port, not no_browser)


def show_first_answers(home: Path) -> None:
    """Who has not been seen and whose locations conflict, as at the workspace's own day."""
    from lastseen.queries.session import open_session

    graph = open_session(home)
    try:
        marker = graph.marker
        write_text(f"\n{marker.title or home.name}")
        for name, columns in SHOWN.items():
            answer = graph.ask(name)
            write_text(f"\n{answer.title}, as at {full_date(answer.as_at)}")
            if answer.rows:
                write_table(columns, answer.rows)
            elif answer.population:
                write_text(f"None of {answer.population:,} children.")
            else:
                write_text(f"No child is known in these data ({answer.age_unknown:,} people of unknown age).")
            if answer.population:
                tell_answer(answer, brief=True)
    finally:
        graph.close()


def run_app(port: Port = None, no_browser: NoBrowser = False, workspace: Workspace = None, engine: Engine = None) -> None:
    """Open the app in the browser; Ctrl-C ends it.

    It listens on this machine's own address only, sends nothing anywhere, and needs no network.
    """
    home = reading_home(workspace, engine)
    for one in workspaces_in(home):
        with session(one, engine):  # what can't be read is said here, not in the browser
            pass
    serve(home, engine, port, not no_browser)


def workspaces_in(home: Path | None) -> list[Path | None]:
    """`home` itself, or the workspaces in it where it is none (as after the demo): the app lets one choose."""
    inside = sorted(path.parent for path in home.glob(f"*/{MARK}")) if home and not (home / MARK).exists() else []
    return [*inside] or [home]


def serve(home: Path | None, engine: str | None, port: int | None, browser: bool) -> None:
    """Run the packaged app in a child process until it ends or Ctrl-C ends it."""
    must_be_free(port)
    number = port or free_port()
    child = subprocess.Popen(streamlit_command(number), env=app_environment(home, engine), stdout=subprocess.DEVNULL)
    try:
        if wait_until_up(child, number):
            address = f"http://{LOOPBACK}:{number}"
            say(f"The app is at {address} (Ctrl-C ends it).")
            if browser and can_show_a_browser():
                import webbrowser

                webbrowser.open(address)
        code = child.wait()
    except KeyboardInterrupt:
        say("The app has ended.")
        return
    finally:
        end(child)
    if code:
        from lastseen.graph.errors import NotAvailable

        raise NotAvailable(f"The app ended by itself (code {code}).", "What it said is above.")


def streamlit_command(port: int) -> list[str]:
    """Streamlit on the packaged app, on this machine only, without usage statistics, e-mail prompt or file watching."""
    app = Path(__file__).resolve().parents[1] / "app.py"
    options = {
        "server.address": LOOPBACK, "server.port": port, "server.headless": "true", "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false", "browser.gatherUsageStats": "false", "browser.serverAddress": LOOPBACK,
        "client.toolbarMode": "viewer", "client.showErrorDetails": "none", "runner.magicEnabled": "false",
        "theme.base": "light", "theme.font": "sans-serif", "theme.primaryColor": "#1d70b8", "theme.textColor": "#0b0c0c",
        "theme.backgroundColor": "#ffffff", "theme.secondaryBackgroundColor": "#f3f4f5", "theme.borderColor": "#b1b4b6",
    }  # fmt: skip
    return [sys.executable, "-m", "streamlit", "run", str(app), *(f"--{name}={value}" for name, value in options.items())]


def app_environment(home: Path | None, engine: str | None) -> dict[str, str]:
    """Our environment with the workspace and the engine that were asked for, and no others."""
    env = {name: value for name, value in os.environ.items() if name not in ("LASTSEEN_HOME", "LASTSEEN_ENGINE")}
    if home:
        env["LASTSEEN_HOME"] = str(home.absolute())
    if engine:
        env["LASTSEEN_ENGINE"] = engine
    return env


def must_be_free(port: int | None) -> None:
    """Refuse a port that was asked for and is taken."""
    from lastseen.graph.errors import NotAvailable

    if port and not is_free(port):
        raise NotAvailable(f"Port {port} is in use.", "Give another with --port, or none to take the next free one.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """The usual port, or the next free one."""
    return next((port for port in range(PORT, PORT + 100) if is_free(port)), PORT)


def wait_until_up(child: subprocess.Popen[bytes], port: int, seconds: float = 60) -> bool:
    """Whether the app answers before it ends or the time is up."""
    deadline = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return True
        time.sleep(0.2)
    return False


def can_show_a_browser() -> bool:
    """Whether there is a screen: without one, Python would start a text browser in this very terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def end(child: subprocess.Popen[bytes]) -> None:
    """End the child, by force where it does not go."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
