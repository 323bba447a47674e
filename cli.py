"""The `lastseen` command: its groups of commands put together, and the one way out of it.

Heavy libraries are imported inside the commands, so that `lastseen --help` is there at once.
"""

from __future__ import annotations

import io
import signal
import sys
from typing import Annotated

import typer

from lastseen.commands import (
    asking,
    boarding,
    casework,
    keeping,
    loading,
    origins,
    pictures,
    quality,
    replaying,
    starting,
    telling,
    timelines,
)
from lastseen.commands.guard import GuardedGroup
from lastseen.commands.mapping import propose_mapping
from lastseen.commands.matching import match

app = typer.Typer(
    name="lastseen", cls=GuardedGroup, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
    help=(
        "Who has seen this child, and when last?\n\n"
        "Joins the extracts that each agency already holds into one graph, and asks it. Data go to standard output and nothing "
        "else does; messages go to standard error.\n\n"
        "Exit codes: 0 done; 1 done, but many rows were rejected or `check` found something; 2 wrong use or refused input, "
        "nothing written; 3 the engine or the workspace is not available."
    ),
)  # fmt: skip

for command in (
    starting.demo, loading.load, keeping.sources, keeping.loads, keeping.unload, keeping.publish, telling.status, telling.check,
    telling.schema, asking.questions, asking.ask, asking.cypher, asking.find, asking.history, pictures.network,
    casework.findings, casework.expected, replaying.replay, boarding.board, timelines.timeline, quality.quality,
    origins.origin,
):  # fmt: skip
    app.command()(command)
app.command("map")(propose_mapping)
app.add_typer(match, name="match")
app.add_typer(casework.worklist, name="worklist")
app.command("app")(starting.run_app)


def version(wanted: bool) -> None:
    if wanted:
        from lastseen import __version__

        print(f"lastseen {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Options before the command."""


def main() -> None:
    """The entry point: UTF-8 out of the door whatever the machine's locale, and a request to end taken as Ctrl-C is."""
    if not isinstance(sys.stdout.buffer, io.BufferedWriter):  # python -u: a short write to a pipe would be lost in silence
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer), write_through=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    app(prog_name="lastseen")
