"""Commands that change a workspace or tell what was loaded into it: load, unload, loads, sources, publish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.guard import FINDINGS, NOT_CHANGED, Stopped, printable, say
from lastseen.commands.keeping import saying_what_stands
from lastseen.commands.options import Format, NoPublish, OutputFormat, Workspace, home_or_default, parse_day
from lastseen.commands.output import write, write_json
from lastseen.commands.progress import progress

if TYPE_CHECKING:
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.loaders.loading import LoadReport
    from lastseen.loaders.mapping import Mapping

LOOKUPS = ("postcodes", "gias")
"""Lists that place and name (`loaders/lookups.py`), no sources of records."""

What = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE FILE… | FOLDER",
        show_default=False,
        help="A source's name, or a mapping file (.yaml), and its files; or one folder, whose files are recognised.",
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
AcceptFewer = Annotated[
    bool, typer.Option("--accept-fewer", help="Take a list that is far shorter than the one before it: so many did leave.")
]


def load(
    what: What,
    extract_date: ExtractDate = None,
    scope: Scope = None,
    replace: Replace = False,
    accept_fewer: AcceptFewer = False,
    no_publish: NoPublish = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With a folder: load without asking first.")] = False,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
) -> None:
    """Load extracts, each of them whole or not at all.

    Rows that can't be read are set aside with file, line, column, reason and how to mend them; above a fifth of all rows
    nothing is loaded. Nor is it where a list (GP practice, school roll) is far shorter than the one before it: whoever is
    missing would be read as having left. Many files are one publish. Of a folder the plan is shown first, and a terminal is
    asked; an extract of it that can't be taken is named, the others are loaded, and the command exits with 1. A mapping file
    that was loaded with is kept in the workspace under its source's name: the next load needs the name alone.
    """
    from lastseen.graph.archive import Workspace as Archive

    whole_folder = len(what) == 1
    folder = Path(what[0]).expanduser()
    if whole_folder:
        if not folder.is_dir():
            raise typer.BadParameter(f"{what[0]!r} is not a folder, and a source needs files. Write SOURCE FILE… or FOLDER.")
        if extract_date or scope:
            raise typer.BadParameter("--extract-date and --scope are for one source: write SOURCE FILE….")
        show_plan(folder, home_or_default(workspace))
        if not (yes or agreed()):
            raise Stopped(NOT_CHANGED)
    archive = Archive.open(home_or_default(workspace), create=True)
    with saying_what_stands(archive), progress() as step:
        if whole_folder:
            from lastseen.loaders.folders import load_folder

            reports = load_folder(
                archive, folder, replace=replace, accept_fewer=accept_fewer, publish=not no_publish, progress=step
            )
        elif what[0] in LOOKUPS:
            from lastseen.loaders.lookups import load_lookup

            paths = [Path(name).expanduser() for name in what[1:]]
            reports = [load_lookup(archive, what[0], paths, publish=not no_publish, progress=step)]
        else:
            from lastseen.loaders.loading import load as load_source

            files = [Path(name).expanduser() for name in what[1:]]
            source, keep_mapping = source_or_mapping(archive, what[0], replace)
            reports = [
                load_source(
                    archive,
                    source,
                    files,
                    extract_date=extract_date,
                    scope=scope,
                    replace=replace,
                    accept_fewer=accept_fewer,
                    publish=not no_publish,
                    progress=step,
                )
            ]
            keep_mapping()
    tell_reports(reports, output)
    warn = archive.settings.warn_share
    if any(report.refused or (report.read and report.rejected / report.read > warn) for report in reports):
        raise typer.Exit(FINDINGS)


def source_or_mapping(archive: Archive, name: str, replace: bool) -> tuple[str | Mapping, Callable[[], None]]:
    """The source of that name, or the mapping in that file; and what keeps the file's text once it was loaded with."""
    path = Path(name).expanduser()
    if path.suffix not in (".yaml", ".yml"):
        return name, lambda: None
    from lastseen.loaders.local_mappings import keep, may_keep
    from lastseen.loaders.mapping import mapping_text, parse_mapping

    text = mapping_text(path)
    mapping = parse_mapping(text, path.name)
    may_keep(archive.home, mapping.source, text, replace)

    def keep_it() -> None:
        kept = keep(archive.home, mapping.source, text, replace)
        if path.absolute() != kept:
            say(f"The mapping is kept as {printable(str(kept))}: from now on `lastseen load {mapping.source} FILE` does.")

    return mapping, keep_it


def show_plan(folder: Path, home: Path) -> None:
    """Which source each file of the folder was recognised as, and why; on stderr, as it is no data."""
    from lastseen.loaders.local_mappings import known_mappings
    from lastseen.loaders.recognising import plan

    mappings, unfinished = known_mappings(home)
    for source, why in unfinished.items():
        say(f"  The mapping {printable(source)} of this workspace is not used: {why}.")
    for one in plan(folder, mappings):
        shown = one.file.relative_to(folder) if one.file.is_relative_to(folder) else one.file
        say(f"  {printable(str(shown))}: {one.source or 'not loaded'} ({printable(one.why)})")


def agreed() -> bool:
    """Whether to go on: a terminal is asked, a script that gave the folder has said so."""
    import sys

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return typer.confirm("Load these?", default=True, err=True)


def tell_reports(reports: Sequence[LoadReport], output: Format) -> None:
    """JSON is one object whether one source or a folder was loaded; `loads` has a folder's reports one by one."""
    told = [report.to_json() for report in reports]
    if output is Format.json:
        write_json(told[0] if len(told) == 1 else together(told))
    else:
        write(["source", "files", "read", "kept", "rejected", "changed"], told, output)
        for report in reports:
            for reason, count in report.reasons.items():
                say(f"{report.source}: {count:,} rejected: {printable(reason)}")
    for report in reports:
        for warning in report.warnings:
            say(f"{report.source}: {printable(warning)}")
    for report in reports:
        for refusal in report.refused:
            say(f"{report.source}: not loaded: {printable(refusal.what)} {printable(refusal.mend)}")


def together(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several reports as one: sums, every file and warning, reasons by their source; `source` is null where they differ."""
    sources = {report["source"] for report in told}
    reasons: Counter[str] = Counter()
    for report in told:
        reasons.update({f"{report['source']}: {reason}": n for reason, n in report["reasons"].items()})
    return {
        "source": sources.pop() if len(sources) == 1 else None,
        "files": [file for report in told for file in report["files"]],
        **{name: sum(report[name] for report in told) for name in ("read", "kept", "rejected")},
        "reasons": dict(reasons),
        "warnings": [f"{report['source']}: {warning}" for report in told for warning in report["warnings"]],
        "changed": any(report["changed"] for report in told),
        "refused": [refusal for report in told for refusal in report["refused"]],
        "loads": list(told),
    }
