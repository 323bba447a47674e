"""`lastseen origin`: where the row that an answer names comes from, and when its source first and last said so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from lastseen.commands.options import Format, OutputFormat, Workspace, home_or_default
from lastseen.commands.output import write

COLUMNS = ["row", "record", "source", "scope", "load", "file", "line", "extract_date", "first_said", "last_said"]


def origin(
    rows: Annotated[
        list[str],
        typer.Argument(metavar="ROW…", show_default=False, help="As answers write it: load:file:line, e.g. 7:gp_list.csv:12."),
    ],
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
) -> None:
    """Tell where rows come from.

    One line for each thing that a row says (a person, a contact, a registration, …): its load, file and line, and the dates of
    the first and the last extract of that source and scope that say the same.
    """
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.errors import Refused
    from lastseen.graph.origin import origins

    found = origins(Archive.open(home_or_default(workspace)).loads(), rows)
    if missing := [row for row in rows if row not in found]:
        raise Refused(f"No load says anything in {', '.join(missing)}.", "`lastseen loads` lists the loads and their files.")
    write(COLUMNS, [asdict(one) for row in dict.fromkeys(rows) for one in found[row].values()], output)
