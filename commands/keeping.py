"""Commands for what is loaded already: sources, loads, unload, publish; and what stands after a change was stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastseen.commands.background import work_out_board
from lastseen.commands.guard import NOT_CHANGED, Stopped, printable, say
from lastseen.commands.options import Engine, Format, NoPublish, OutputFormat, Workspace, home_or_default
from lastseen.commands.output import write, write_json
from lastseen.commands.progress import progress

if TYPE_CHECKING:
    from lastseen.graph.archive import Load
    from lastseen.graph.archive import Workspace as Archive


def sources(output: OutputFormat = Format.table, workspace: Workspace = None) -> None:
    """List the sources that can be loaded.

    Those that are shipped, and those whose mapping lies in the workspace's folder `mappings`, with what these still lack.
    """
    from lastseen.loaders.local_mappings import known_mappings, local_path
    from lastseen.loaders.mapping import source_names

    home = home_or_default(workspace)
    found, unfinished = known_mappings(home)
    shipped = source_names()
    rows = [
        {
            "source": mapping.source,
            "title": mapping.title,
            "shape": mapping.shape,
            "registers": list(mapping.registers),
            "expected_every": mapping.expected_every,
            "lag": mapping.lag,
            "doc": mapping.doc,
            "mapping": None if mapping.source in shipped else str(local_path(home, mapping.source)),
        }
        for mapping in found
    ]
    columns = ["source", "title", "shape", "registers", "expected_every", "lag", "doc", "mapping"]
    write(columns if output is not Format.table else ["source", "shape", "doc"], rows, output)
    for source, why in unfinished.items():
        say(f"{printable(source)} can't be loaded yet: {why}. Its mapping is {printable(str(local_path(home, source)))}")


LOAD_COLUMNS = ["n", "source", "scopes", "extract_date", "covers_from", "covers_to", "read", "kept", "rejected", "loaded_at"]


def loads(output: OutputFormat = Format.table, workspace: Workspace = None) -> None:
    """List what was loaded.

    With the rows read, kept and rejected of each load, and where the rejected ones are; `lastseen unload N` takes one away.
    """
    from lastseen.graph.archive import Workspace as Archive

    listed = Archive.open(home_or_default(workspace)).loads()
    if output is Format.json:
        write_json([load_entry(load) for load in listed])
        return
    rows = [{column: getattr(load, column) for column in LOAD_COLUMNS} for load in listed]
    write(LOAD_COLUMNS, [{**row, "loaded_at": f"{row['loaded_at']:%Y-%m-%d %H:%M}"} for row in rows], output)
    for load in listed:
        if load.rejected:
            say(f"Load {load.n}: the rejected rows and how to mend them are in {load.rejected_rows}")


def load_entry(load: Load) -> dict[str, object]:
    """A load as JSON: its manifest, and where it lies."""
    from dataclasses import asdict

    return asdict(load)


def unload(
    number: Annotated[
        int, typer.Argument(metavar="N", help="The load's number; `lastseen loads` lists them.", show_default=False)
    ],
    no_publish: NoPublish = False,
    workspace: Workspace = None,
) -> None:
    """Take one load away, as if it had never been."""
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.loaders.loading import unload as take_away

    archive = Archive.open(home_or_default(workspace))
    with saying_what_stands(archive), progress() as step:
        take_away(archive, number, publish=not no_publish, progress=step)
    say(f"Load {number} is taken away{': `lastseen publish` makes the graph without it' if no_publish else ''}.")


def publish(
    full: Annotated[
        bool, typer.Option("--full", help="Send everything, not only what changed; without --engine, make the graph again.")
    ] = False,
    files: Annotated[
        Path | None,
        typer.Option("--files", help="Write files for Neo4j's own importer into this new folder instead (a large start)."),
    ] = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Publish the graph to a server.

    Without --engine, the embedded graph is made again where loads, decisions or settings have changed. To a server goes
    the difference between this graph and the one last published there; stopped half way, the same command goes on where
    it stopped.
    """
    from lastseen.graph.archive import Workspace as Archive

    archive = Archive.open(home_or_default(workspace))
    if files:
        write_files(archive, files)
        return
    if engine is None:
        rebuild(archive, full)
        return
    from lastseen.graph.publish import publish_to

    try:
        with progress() as step:
            report = publish_to(archive, engine, full=full, progress=step)
    except KeyboardInterrupt:
        raise Stopped("The server holds part of this publish; the same command goes on from there.") from None
    told = {"url": report.url, "build": report.build, "mode": report.mode, **report.rows, "seconds": round(report.seconds, 1)}
    if output is Format.json:
        write_json({**told, "rows": report.rows, "resumed": report.resumed, "notes": report.notes})
    else:
        write(list(told), [told], output)


def write_files(archive: Archive, folder: Path) -> None:
    """Write the importer's files and give, on stdout, the command to run in their folder."""
    from lastseen.graph.publish import export_files

    with progress() as step:
        command = export_files(archive, folder, step)
    say(f"Run this in {folder} with the server stopped and its database empty. Then delete the files: they hold personal data.")
    typer.echo(command)


def rebuild(archive: Archive, anew: bool = False) -> None:
    """Make the embedded graph where loads, decisions, settings or the program have changed since it was made (or `anew`)."""
    from lastseen.graph.publish import bring_up_to_date

    begun = datetime.now(UTC)
    with saying_what_stands(archive), progress() as step:
        build = bring_up_to_date(archive, step, anew)
    made = build.made_at >= begun
    say(f"The graph is build {build.id}." if made else f"Nothing has changed; the graph is build {build.id}.")


@contextmanager
def saying_what_stands(archive: Archive) -> Iterator[None]:
    """Where Ctrl-C ends the block, say what stands: the change is decided at one moment, and it may have passed. After a block
    that made a new graph, its board is worked out in the background."""
    before = standing(archive)
    try:
        yield
        if standing(archive)[1] != before[1]:
            work_out_board(archive)
    except KeyboardInterrupt:
        if standing(archive) == before:
            raise Stopped(NOT_CHANGED) from None
        raise Stopped("The change had been made already; `lastseen status` shows it.") from None


def standing(archive: Archive) -> tuple[list[int], str | None]:
    from lastseen.graph.errors import NotAvailable

    try:
        build = archive.current_build()
    except NotAvailable:  # a lost build is what `publish` mends
        build = None
    return [load.n for load in archive.loads()], build.id if build else None
