"""Commands for who is who: what people decide about two records, kept in the journal and undone there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastseen.commands.asking import no_workspace_hint
from lastseen.commands.guard import Stopped, say
from lastseen.commands.keeping import rebuild
from lastseen.commands.options import Format, NoPublish, OutputFormat, Workspace, home_or_default, who_am_i
from lastseen.commands.output import write

if TYPE_CHECKING:
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.journal import Journal

match = typer.Typer(help="Decide who is who, or undo a decision.", no_args_is_help=True, rich_markup_mode=None)

A = Annotated[str, typer.Argument(metavar="RECORD", show_default=False, help="A record id, e.g. 'gp_list:123'.")]
B = Annotated[str, typer.Argument(metavar="RECORD", show_default=False, help="The other record id.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", envvar="LASTSEEN_USER", metavar="NAME", show_default="the login name", help="Who decides; it is journalled."
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", show_default=False, help="Why; it is journalled and shown.")]


@match.command("list")
def possible(output: OutputFormat = Format.table, workspace: Workspace = None) -> None:
    """List pairs of records that may be one person."""
    import pyarrow.parquet as pq

    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.errors import NotAvailable

    build = Archive.open(home_or_default(workspace)).current_build()
    if build is None:
        raise NotAvailable("No graph was made in this workspace yet.", "Begin with `lastseen load`.")
    table = pq.read_table(build.tables.path("possible"))
    write(table.column_names, table.to_pylist(), output)
    say(f"{table.num_rows:,} to decide: `lastseen match same` or `lastseen match not-same`.")


@match.command()
def same(one: A, other: B, reason: Reason, by: By = None, no_publish: NoPublish = False, workspace: Workspace = None) -> None:
    """Say that two records are one person.

    It outranks rules and identifiers.
    """
    archive, who = opened(workspace), decider(by)
    must_be_records(archive, one, other)
    change(archive, lambda journal: journal.same(one, other, who, reason), no_publish)


@match.command("not-same")
def not_same(
    one: A, other: B, reason: Reason, by: By = None, no_publish: NoPublish = False, workspace: Workspace = None
) -> None:
    """Say that two records are two people.

    It outranks rules and identifiers.
    """
    archive, who = opened(workspace), decider(by)
    must_be_records(archive, one, other)
    change(archive, lambda journal: journal.not_same(one, other, who, reason), no_publish)


@match.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="N", show_default=False, help="The decision's number.")],
    reason: Reason, by: By = None, no_publish: NoPublish = False, workspace: Workspace = None,
) -> None:  # fmt: skip
    """Take a decision back; what stood before it stands again."""
    archive, who = opened(workspace), decider(by)
    change(archive, lambda journal: journal.undo(number, who, reason), no_publish)


@match.command()
def decisions(output: OutputFormat = Format.table, workspace: Workspace = None) -> None:
    """List every decision ever made, undone ones too."""
    from dataclasses import asdict, fields

    from lastseen.graph.journal import Decision, Journal

    listed = [asdict(entry) for entry in Journal(opened(workspace).journal).decisions()]
    write([field.name for field in fields(Decision)], listed, output)


def opened(workspace: Path | None) -> Archive:
    from lastseen.graph.archive import Workspace as Archive

    home = home_or_default(workspace)
    with no_workspace_hint(home):
        return Archive.open(home)


def decider(by: str | None) -> str:
    """Who decides: as given, else the login name; a decision nobody signs is refused."""
    name = by or who_am_i()
    if not name.strip():
        raise typer.BadParameter("A decision needs the name of who makes it. Give --by NAME.", param_hint="--by")
    return name


def must_be_records(archive: Archive, *records: str) -> None:
    """A decision about a record that is not there would wait for ever in silence: refuse it."""
    from lastseen.graph.errors import Refused
    from lastseen.graph.publish import open_store

    store = open_store(archive)
    try:
        known = {
            row[0] for row in store.run("MATCH (r:Record) WHERE r.id IN $ids RETURN r.id AS id", {"ids": list(records)}).rows
        }
    finally:
        store.close()
    for position, record in enumerate(records, 1):
        if record not in known:
            raise Refused(
                f"Record {position} of the two is not in the graph.",
                "Give record ids as `lastseen find` and `lastseen match list` show them, such as gp_list:123.",
            )


def change(archive: Archive, decide: Callable[[Journal], int], no_publish: bool) -> None:
    """Journal a decision, then make the graph that follows from it."""
    from lastseen.graph.journal import Journal

    with archive.writing():
        number = decide(Journal(archive.journal))
        say(f"Decision {number} is in the journal.")
    if no_publish:
        return
    try:
        rebuild(archive)
    except KeyboardInterrupt:
        raise Stopped("The decision is in the journal, the graph is as before: `lastseen publish` makes it.") from None
