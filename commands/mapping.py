"""`lastseen map`: a mapping proposed from a file, what it would give, and what a person has to decide in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.guard import printable, say
from lastseen.commands.loading import ExtractDate, Scope
from lastseen.commands.options import Format, OutputFormat, Workspace, home_or_default
from lastseen.commands.output import write, write_json

if TYPE_CHECKING:
    from lastseen.loaders.mapping import Draft
    from lastseen.loaders.proposing.preview import Preview

MOST_SAID = 30
"""Marks that are listed; the mapping has all."""


def propose_mapping(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An extract: CSV, a workbook, a zip of CSV, XML or JSON.")],
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", show_default="the file's own words", help="What the source is to be called."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="NAME",
            show_default=False,
            help="Which sheet, member of a zip, or part of XML or JSON that repeats.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", show_default="the workspace's folder mappings", help="Where to write the mapping."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", show_default=False, help="Show what this mapping would give instead; nothing is written."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a mapping that is there already.")] = False,
    rows: Annotated[int, typer.Option("--rows", min=1, max=1000, help="How many rows to show the records of.")] = 5,
    extract_date: ExtractDate = None,
    scope: Scope = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
) -> None:
    """Propose a mapping for a file of any layout.

    Headers and values are read, a mapping is written for a person to finish, and the records that the first rows would give
    are shown: the file is loaded into a workspace that is thrown away. Where a meaning would be a guess it says TO DECIDE, and
    `load` refuses the mapping until nobody has to decide anything.
    """
    from lastseen.graph.scratch import scratch
    from lastseen.loaders.mapping import draft, mapping_text
    from lastseen.loaders.proposing.preview import preview
    from lastseen.loaders.proposing.proposal import propose

    home, file = home_or_default(workspace).absolute(), file.expanduser()
    with scratch(home) as work:
        if mapping:
            text, written, notes = mapping_text(mapping), mapping, []
        else:
            (work / "looking").mkdir()
            proposal = propose(file, source, work / "looking", table)
            text, notes = proposal.text, proposal.notes
            written = save(home, proposal.source, text, out, replace)
        said = draft(text, written.name)
        shown = preview(said.mapping, file, work, rows=rows, extract_date=extract_date, scope=scope) if said.mapping else None
    tell(said, shown, written, notes, output, saved=mapping is None)


def save(home: Path, source: str, text: str, out: Path | None, replace: bool) -> Path:
    """Write a proposal where it was asked for, else into the workspace, which is made where there is none."""
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.durable import write_private
    from lastseen.graph.errors import Refused
    from lastseen.loaders.local_mappings import keep, local_path

    if out:
        write_private(out.expanduser(), text, replace)
        return out
    archive = Archive.open(home, create=True)
    if local_path(archive.home, source).exists() and not replace:
        raise Refused(
            f"This workspace has a mapping for {source} already.",
            f"Look at what it gives with --mapping {local_path(archive.home, source)}; give another --source; or --replace.",
        )
    return keep(archive.home, source, text, replace)


def tell(said: Draft, shown: Preview | None, written: Path, notes: list[str], output: Format, saved: bool) -> None:
    """The records on standard output; everything else beside them."""
    if output is Format.json:
        write_json(as_json(said, shown, written, notes))
    else:
        records = [{"line": one.line, "record": one.table, "says": one.words} for one in shown.records] if shown else []
        write(["line", "record", "says"], records, output)
    if shown and shown.report:
        made = ", ".join(f"{count:,} {table}" for table, count in shown.counts.items())
        say(f"{shown.report.read:,} rows read, {shown.report.rejected:,} rejected; they would give {made}.")
        for one in shown.rejects[:5]:
            say(f"  line {one['line']}, {printable(one['column'])}: {one['reason']}. {one['mend']}")
    for note in [*notes, *_of(shown)]:
        say(printable(note))
    if saved:
        say(f"The mapping is written to {printable(str(written))}")
    tell_open_points(said)


def _of(shown: Preview | None) -> list[str]:
    if shown is None:
        return []
    return [*shown.notes, *([shown.refused] if shown.refused else []), *(shown.report.warnings if shown.report else [])]


def tell_open_points(said: Draft) -> None:
    from lastseen.loaders.undecided import choices_told

    for fault in said.faults:
        say(f"Fault: {printable(fault)}")
    if said.undecided:
        say(f"{len(said.undecided)} to decide before it can be loaded:")
        for point in said.undecided[:MOST_SAID]:
            say(f"  {printable(point.words)}")
        if len(said.undecided) > MOST_SAID:
            say(f"  … and {len(said.undecided) - MOST_SAID} more")
        for choice in choices_told(said.undecided):
            say(f"  {printable(choice)}")
    elif not said.faults:
        say("Nothing is left to decide.")


def as_json(said: Draft, shown: Preview | None, written: Path, notes: list[str]) -> dict[str, Any]:
    report = shown.report.to_json() if shown and shown.report else None
    return {
        "mapping": str(written),
        "to_decide": [{"line": one.line, "what": one.what, "choices": list(one.choices)} for one in said.undecided],
        "faults": said.faults,
        "notes": notes + (shown.notes if shown else []),
        "refused": shown.refused if shown else None,
        "read": report["read"] if report else None,
        "rejected": report["rejected"] if report else None,
        "reasons": report["reasons"] if report else {},
        "warnings": report["warnings"] if report else [],
        "counts": shown.counts if shown else {},
        "records": [{"line": one.line, "record": one.table, **one.says} for one in shown.records] if shown else [],
        "rejects": shown.rejects if shown else [],
    }
