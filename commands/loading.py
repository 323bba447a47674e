"""Commands that change a workspace or tell what was loaded into it: load, unload, loads, sources, publish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastseen.commands.guard import NOT_CHANGED, Stopped, printable, say
from lastseen.commands.options import Engine, Format, OutputFormat, Workspace, home_or_default, parse_day
from lastseen.commands.output import write, write_json
from lastseen.commands.progress import progress

if TYPE_CHECKING:
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.loaders.loading import LoadReport

FINDINGS = 1
"""Exit code: done, but more than `warn_share` of the rows were rejected, or `check` found something."""

What = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE FILE… | FOLDER",
        show_default=False,
        help="A source's name and its files; or one folder, whose files are recognised by their headers.",
    ),
]
ExtractDate = Annotated[
    date | None,
    typer.Option(
        "--extract-date",
        parser=parse_day,
        metavar="YYYY-MM-DD",
        show_default=False,
        help="Day the extract was taken, where its files do not say.",
    ),
]
Scope = Annotated[
    str | None,
    typer.Option(
        "--scope",
        metavar="SCOPE",
        show_default=False,
        help="Practice, school, team or council that the extract covers, where its files do not say.",
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Take the place of the load of the same source, scope and extract date.")
]
NoPublish = Annotated[bool, typer.Option("--no-publish", help="Only archive; `lastseen publish` makes the graph later.")]


def load(
    what: What,
    extract_date: ExtractDate = None,
    scope: Scope = None,
    replace: Replace = False,
    no_publish: NoPublish = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With a folder: load without asking first.")] = False,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
) -> None:
    """Load extracts: all of them, or nothing.

    Rows that can't be read are set aside with file, line, column, reason and how to mend them; above a fifth of all rows
    nothing is loaded. Many files are one publish. Of a folder the plan is shown first, and a terminal is asked.
    """
    from lastseen.graph.archive import Workspace as Archive

    whole_folder = len(what) == 1
    folder = Path(what[0]).expanduser()
    if whole_folder:
        if not folder.is_dir():
            raise typer.BadParameter(f"{what[0]!r} is not a folder, and a source needs files. Write SOURCE FILE… or FOLDER.")
        if extract_date or scope or replace:
            raise typer.BadParameter("--extract-date, --scope and --replace are for one source: write SOURCE FILE….")
        show_plan(folder)
        if not (yes or agreed()):
            raise Stopped(NOT_CHANGED)
    archive = Archive.open(home_or_default(workspace), create=True)
    with saying_what_stands(archive), progress() as step:
        if whole_folder:
            from lastseen.loaders.loading import load_folder

            reports = load_folder(archive, folder, publish=not no_publish, progress=step)
        else:
            from lastseen.loaders.loading import load as load_source

            files = [Path(name).expanduser() for name in what[1:]]
            reports = [
                load_source(
                    archive,
                    what[0],
                    files,
                    extract_date=extract_date,
                    scope=scope,
                    replace=replace,
                    publish=not no_publish,
                    progress=step,
                )
            ]
    tell_reports(reports, output, whole_folder)
    if any(report.read and report.rejected / report.read > archive.settings.warn_share for report in reports):
        raise typer.Exit(FINDINGS)


def show_plan(folder: Path) -> None:
    """Which source each file of the folder was recognised as, and why; on stderr, as it is no data."""
    from lastseen.loaders.recognising import plan

    for file, source, why in plan(folder):
        shown = file.relative_to(folder) if file.is_relative_to(folder) else file
        say(f"  {printable(str(shown))}: {source or 'not loaded'} ({printable(why)})")


def agreed() -> bool:
    """Whether to go on: a terminal is asked, a script that gave the folder has said so."""
    import sys

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return typer.confirm("Load these?", default=True, err=True)


@contextmanager
def saying_what_stands(archive: Archive) -> Iterator[None]:
    """Where Ctrl-C ends the block, say what stands: the change is decided at one moment, and it may have passed."""
    before = standing(archive)
    try:
        yield
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


def tell_reports(reports: Sequence[LoadReport], output: Format, whole_folder: bool) -> None:
    """JSON is one report for one source's files and a list of them for a folder."""
    told = [report.to_dict() for report in reports]
    if output is Format.json:
        write_json(told if whole_folder else told[0])
    else:
        write(["source", "files", "read", "kept", "rejected", "changed"], told, output)
        for report in reports:
            for reason, count in report.reasons.items():
                say(f"{report.source}: {count:,} rejected: {printable(reason)}")
    for report in reports:
        for warning in report.warnings:
            say(f"{report.source}: {printable(warning)}")


def sources(output: OutputFormat = Format.table) -> None:
    """List the sources that can be loaded."""
    from lastseen.loaders.mapping import all_mappings

    rows = [
        {
            "source": mapping.source,
            "title": mapping.title,
            "shape": mapping.shape,
            "registers": list(mapping.registers),
            "expected_every": mapping.expected_every,
            "lag": mapping.lag,
            "doc": mapping.doc,
        }
        for mapping in all_mappings()
    ]
    columns = ["source", "title", "shape", "registers", "expected_every", "lag", "doc"]
    write(columns if output is not Format.table else ["source", "shape", "doc"], rows, output)


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


def load_entry(load: object) -> dict[str, object]:
    """A load as JSON: its manifest, and where it lies."""
    from dataclasses import asdict

    return asdict(load)  # type: ignore[call-overload,no-any-return]


def unload(
    number: Annotated[
        int, typer.Argument(metavar="N", help="The load's number; `lastseen loads` lists them.", show_default=False)
    ],
    workspace: Workspace = None,
) -> None:
    """Take one load away, as if it had never been."""
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.loaders.loading import unload as take_away

    archive = Archive.open(home_or_default(workspace))
    with saying_what_stands(archive), progress() as step:
        take_away(archive, number, progress=step)
    say(f"Load {number} is taken away; the graph is as if it had never been loaded.")


def publish(
    full: Annotated[bool, typer.Option("--full", help="Send everything, not only what changed.")] = False,
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
    if engine is None:
        if full:
            raise typer.BadParameter("--full sends everything to a server. Give its --engine.", param_hint="--full")
        rebuild(archive)
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


def rebuild(archive: Archive) -> None:
    """Make the embedded graph current where loads, decisions, settings or the program have changed since it was made."""
    from lastseen.graph.publish import bring_up_to_date

    before = standing(archive)[1]
    with saying_what_stands(archive), progress() as step:
        after = bring_up_to_date(archive, step).id
    say(f"The graph is build {after}." if after != before else f"Nothing has changed; the graph is build {after}.")
