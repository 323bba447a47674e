"""`lastseen quality`: what is wrong with what was loaded, to be mended here or by the agency that sent it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.guard import FINDINGS
from lastseen.commands.options import Format, OutputFormat, Workspace, as_at_option, home_or_default
from lastseen.commands.output import full_date, json_text, say, write, write_csv, write_json, write_text

if TYPE_CHECKING:
    from lastseen.loaders.coverage import Coverage
    from lastseen.loaders.quality import Group, Report

LINES = 5
"""Lines named beside a finding in the table; json has more of them, csv all."""


def quality(
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="[LOAD|SOURCE]",
            show_default="the newest extracts of all sources",
            help="A load's number, or a source's name: then its newest extracts.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", show_default=False, help="Write .csv or .json there instead, for you alone to read."
        ),
    ] = None,
    as_at: Annotated[date | None, as_at_option("Day by which a source is late; all loads are told of in any case.")] = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
) -> None:
    """Tell what is wrong with what was loaded.

    Rejected rows, references that lead nowhere, sources that disagree on a birth date, name or parent, impossible dates,
    suspect numbers, days that nothing covers, and how all this changed. As csv it is one line a row, without names, birth
    dates or other sources, to hand back to the agency. Exits with 1 where more rows than `warn_share` were rejected.
    """
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.loaders.quality import COLUMNS, examined

    if out:
        output = written_as(out, output)
    archive = Archive.open(home_or_default(workspace))
    with examined(archive, which, as_at) as (report, rows):
        told = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
        if out:
            from lastseen.governance.spreadsheets import csv_text
            from lastseen.graph.durable import write_private

            text = csv_text(COLUMNS, rows) if output is Format.csv else json_text(report.to_json())
            write_private(out, text, replace=True)
            say(f"Written to {out}")
        elif output is Format.json:
            write_json(report.to_json())
        elif output is Format.csv:
            write_csv(COLUMNS, told)
        else:
            tables(report)
    for line in sentences(report):
        say(line)
    if any(load.rejected > archive.settings.warn_share * load.read for load in report.loads):
        raise typer.Exit(FINDINGS)


def written_as(out: Path, output: Format) -> Format:
    """By the file's ending; a --format that says otherwise is wrong use."""
    kinds = {".csv": Format.csv, ".json": Format.json}
    kind = kinds.get(out.suffix.lower())
    if kind is None or output not in (Format.table, kind):
        raise typer.BadParameter(f"The file's name must end in {' or '.join(kinds)}, as --format says.", param_hint="--out")
    return kind


def tables(report: Report) -> None:
    """Loads, findings and coverage, one table after the other."""
    from lastseen.loaders.coverage import together

    counted = ["n", "source", "scopes", "extract_date", "read", "kept", "rejected"]
    rows = [{name: getattr(load, name) for name in counted} | {"scopes": few(load.scopes)} for load in report.loads]
    write(counted, rows, Format.table)
    if report.findings:
        write_text("")
        told = ["load", "source", "check", "rows", "where", "what", "mend"]
        write(told, [finding(one) for one in report.findings], Format.table)
    if report.coverage:
        write_text("")
        columns = ["source", "scopes", "extracts", "reaches", "latest_event", "expected_every", "due_on", "late_by", "gaps"]
        write(columns, [covered(*one) for one in together(report.coverage)], Format.table)


def finding(one: Group) -> dict[str, Any]:
    check = f"{one.check}: {one.column}" if one.check == "rejected" and one.column else one.check
    return {
        "load": one.load, "source": one.source, "check": check, "rows": one.count, "where": one.where, "what": one.what,
        "mend": one.mend,
    }  # fmt: skip


def covered(one: Coverage, scopes: list[str]) -> dict[str, Any]:
    first, last = one.reaches
    return {
        "source": one.source, "scopes": few(scopes), "extracts": one.extracts,
        "reaches": f"{first} to {last}", "latest_event": one.latest_event, "expected_every": one.expected_every,
        "due_on": one.due_on, "late_by": one.late_by, "gaps": few([f"{start} to {end}" for start, end in one.gaps]),
    }  # fmt: skip


def few(items: Sequence[str]) -> str:
    """The first items, and how many more there are."""
    return "; ".join(items[:LINES]) + (f" and {len(items) - LINES:,} more" if len(items) > LINES else "")


def sentences(report: Report) -> Iterable[str]:
    """What the tables have no place for; in a file or in json it is there as well."""
    for trend in report.trends:
        if trend.rejected or trend.share_before:
            yield f"{trend}{': look at the extract.' if trend.risen else '.'}"
    for held in report.held:
        of = "" if held.scope == "all" else f" of {held.scope}"
        yield (
            f"Held back: {held.source}{of} as of {full_date(held.extract_date)} with {held.now:,} {held.table}, where "
            f"{full_date(held.earlier_date)} had {held.before:,}."
        )
    yield from report.notes
    if not report.findings:
        yield f"Nothing is wrong with {'these loads' if len(report.loads) != 1 else 'this load'} that the checks know of."
