"""The worklist on the command line: list findings, show a child's with their evidence, and decide about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.asking import Person, session
from lastseen.commands.keeping import rebuild
from lastseen.commands.matching import By, Reason, decider
from lastseen.commands.options import AsAt, Engine, Format, NoPublish, OutputFormat, Workspace, home_or_default, parse_day
from lastseen.commands.output import full_date, say, write, write_json

if TYPE_CHECKING:
    from lastseen.graph.casebook import Casebook
    from lastseen.queries.session import Session
    from lastseen.queries.worklist import Item, Page

worklist = typer.Typer(
    help="List what the signals find, and close, snooze, reopen or dispute a finding.", rich_markup_mode=None,
    invoke_without_command=True,
)  # fmt: skip

Many = list[str] | None
Signal = Annotated[str, typer.Argument(metavar="SIGNAL", show_default=False, help="A signal's id, e.g. G01.")]
COLUMNS = ("child_name", "signal", "sentence", "since", "days", "silent", "status", "child")


@worklist.callback()
def listed(
    context: typer.Context,
    signal: Annotated[Many, typer.Option("--signal", metavar="ID", help="Only this signal; repeat for more.")] = None,
    band: Annotated[Many, typer.Option("--band", metavar="BAND", help="Only this age band: 0-4, 5-15, 16-17, unknown.")] = None,
    area: Annotated[Many, typer.Option("--area", metavar="AREA", help="Only this postcode district or area.")] = None,
    agency: Annotated[Many, typer.Option("--agency", metavar="ID", help="Only children this agency should know.")] = None,
    status: Annotated[str, typer.Option("--status", metavar="STATUS", help="open, closed, snoozed or all.")] = "open",
    page: Annotated[int, typer.Option("--page", min=1, metavar="N", help="Which page.")] = 1,
    size: Annotated[int, typer.Option("--size", min=1, metavar="N", help="Findings a page.")] = 50,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """List findings, a page at a time.

    The order: hard duties first; then the number of agencies that should know the child and have not seen the child within
    the signal's window; then how long the signal has stood. Nothing is scored.
    """
    if context.invoked_subcommand:
        return
    from lastseen.queries.worklist import Filters

    if status not in ("open", "closed", "snoozed", "all"):
        raise typer.BadParameter("The status is open, closed, snoozed or all.")
    filters = Filters(
        tuple(signal or ()), tuple(band or ()), tuple(area or ()), tuple(agency or ()), status  # type: ignore[arg-type]
    )  # fmt: skip
    with session(workspace, engine) as graph:
        whole = graph.worklist(as_at, only=filters.signals)
        found = whole.page(graph.store, filters, page, size)
        show_page(found, output, graph)


def show_page(page: Page, output: Format, graph: Session) -> None:
    """A page on stdout, and on stderr what the list is: how long, of whom, in which order, and who is left out."""
    rows = [row_of(item) for item in page.items]
    if output is Format.json:
        write_json({
            "as_at": page.as_at, "page": page.number, "pages": page.pages, "total": page.total, "children": page.children,
            "counts": page.counts, "cannot_tell": page.cannot_tell, "order": page.order, "rows": rows,
            "engine": graph.store.engine,
        })  # fmt: skip
        return
    write(COLUMNS, [{**row, "silent": len(row["silent"])} for row in rows] if output is Format.table else rows, output)
    say("")
    say(f"{page.total:,} findings about {page.children:,} children; page {page.number} of {page.pages}.")
    say(f"As at {full_date(page.as_at)}{' (fictional data)' if graph.marker.fictional else ''}. Engine: {graph.store.engine}.")
    if page.cannot_tell:
        told = ", ".join(f"{signal} {count:,}" for signal, count in sorted(page.cannot_tell.items()))
        say(f"Cannot tell, because a register that the signal needs is late or was never loaded: {told}. They are not listed.")
    say(f"Order: {page.order}")


def row_of(item: Item) -> dict[str, Any]:
    finding = item.finding
    return {
        "child": finding.child, "child_name": item.child_name, "signal": finding.signal, "name": finding.name,
        "title": finding.title, "duty": finding.duty, "sentence": item.sentence, "since": finding.since,
        "known_on": finding.known_on, "days": item.days, "band": finding.band, "silent": list(item.silent),
        "status": item.word, "disputed": list(item.disputed), "rows": list(finding.rows),
    }  # fmt: skip


def findings(
    person: Person,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Show one child's findings with their evidence.

    Each with the sentence, the rows it rests on, what else could explain it, what to check, and what was decided.
    """
    from lastseen.queries.argument import argued

    with session(workspace, engine) as graph:
        day = as_at or graph.default_as_at()
        who = graph.person(person, day)
        told = argued(graph, who, day)
        if output is Format.json:
            write_json(told.to_dict())
        elif output is Format.csv:
            write(("signal", "since", "sentence", "status", "rows"), told.rows(), output)
        else:
            typer.echo(told.text(), nl=False)


EXPECTED = ("due", "title", "duty", "who", "state", "done_on", "tried_on", "register", "note", "signal")


def expected(
    person: Person,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Show what a child's age called for.

    Every contact that should have happened by now: the last day in time, whether it was done and when, whether the register
    that would show it was loaded, and whether it is a hard duty of somebody's or an offer that may be declined.
    """
    from collections import Counter

    from lastseen.queries.expecting import Due

    with session(workspace, engine) as graph:
        day = as_at or graph.default_as_at()
        who = graph.person(person, day)
        told = graph.expected(who, day)
        if output is Format.json:
            write_json(told.to_dict())
            return
        rows = [vars(row) for row in told.rows]
        if output is Format.csv:
            write(tuple(Due.__dataclass_fields__), rows, output)
        else:
            write(EXPECTED, rows, output)
        count = Counter(row.state for row in told.rows)
        counted = ", ".join(f"{state} {number}" for state, number in sorted(count.items())) or "nothing was due yet"
        say("")
        say(f"{graph.label(who, day)}: {counted}.")
        say(f"As at {full_date(day)}{' (fictional data)' if told.fictional else ''}. Engine: {graph.store.engine}.")
        say("An offer may be declined. 'Cannot tell': the register that would show it is late or was never loaded, or it was")
        say("due before the child was known or before the register begins. Rows of the archive: --format csv and json.")


# --- decisions ----------------------------------------------------------------------------------------------------


@worklist.command()
def close(
    person: Person, signal: Signal, reason: Reason, by: By = None, as_at: AsAt = None, workspace: Workspace = None
) -> None:
    """Close a finding with a reason.

    It comes back when facts arrive that were not known on the day it was closed.
    """
    decide(person, signal, as_at, workspace, lambda book, who, day: book.close(who, signal, day, decider(by), reason), "closed")


@worklist.command()
def snooze(
    person: Person,
    signal: Signal,
    until: Annotated[date, typer.Option("--until", parser=parse_day, metavar="YYYY-MM-DD", help="The last day of rest.")],
    reason: Reason,
    by: By = None,
    as_at: AsAt = None,
    workspace: Workspace = None,
) -> None:
    """Put a finding aside until a day.

    Newer facts bring it back before.
    """
    decide(
        person, signal, as_at, workspace, lambda book, who, day: book.snooze(who, signal, day, until, decider(by), reason),
        f"put aside until {full_date(until)}",
    )  # fmt: skip


@worklist.command()
def reopen(
    person: Person, signal: Signal, reason: Reason, by: By = None, as_at: AsAt = None, workspace: Workspace = None
) -> None:
    """Take a closing or a snooze back."""
    decide(
        person, signal, as_at, workspace, lambda book, who, day: book.reopen(who, signal, day, decider(by), reason), "reopened"
    )


@worklist.command()
def dispute(
    person: Person,
    signal: Signal,
    row: Annotated[str, typer.Argument(metavar="ROW", show_default=False, help="The row that is wrong: 'load:file:line'.")],
    reason: Reason,
    by: By = None,
    as_at: AsAt = None,
    workspace: Workspace = None,
) -> None:
    """Say that a fact behind a finding is wrong.

    The fact stands, shown as disputed, until somebody settles the dispute.
    """
    decide(
        person, signal, as_at, workspace, lambda book, who, day: book.dispute(who, signal, row, day, decider(by), reason),
        "disputed", row,
    )  # fmt: skip


@worklist.command()
def disputes(output: OutputFormat = Format.table, workspace: Workspace = None) -> None:
    """List the disputes that wait to be settled."""
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.casebook import Casebook

    book = Casebook(Archive.open(home_or_default(workspace)).journal)
    rows = [vars(entry) for entry in book.open_disputes()]
    write(["id", "signal", "row", "as_at", "by", "reason", "record"], rows, output)
    say(f"{len(rows):,} to settle: `lastseen worklist settle ID uphold|reject --reason TEXT`.")


@worklist.command()
def settle(
    dispute: Annotated[int, typer.Argument(metavar="ID", show_default=False, help="The dispute's number.")],
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", show_default=False, help="uphold or reject.")],
    reason: Reason,
    by: By = None,
    as_at: AsAt = None,
    no_publish: NoPublish = False,
    workspace: Workspace = None,
) -> None:
    """Uphold or reject a dispute.

    Upheld, the fact counts as withdrawn from that day, and the graph is made again without it.
    """
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.casebook import Casebook

    if verdict not in ("uphold", "reject"):
        raise typer.BadParameter("The verdict is uphold or reject.")
    archive = Archive.open(home_or_default(workspace))
    day = as_at or archive.settings.default_as_at or date.today()
    with archive.writing():
        number = Casebook(archive.journal).settle(dispute, verdict, day, decider(by), reason)  # type: ignore[arg-type]
    say(f"Dispute {dispute}: {verdict} (entry {number}).")
    if verdict == "uphold" and not no_publish:
        rebuild(archive)


def decide(
    person: str, signal: str, as_at: date | None, workspace: Path | None, act: Callable[[Casebook, str, date], int], done: str,
    row: str | None = None,
) -> None:  # fmt: skip
    """Write one decision about a finding that stands as at the day; nothing is written about one that does not, or about a
    `row` that is not among its evidence."""
    from lastseen.graph.errors import Refused
    from lastseen.queries.catalogue import signals

    if signal not in signals():
        raise Refused(f"There is no signal {signal}.", f"There are: {', '.join(signals())}.")
    with session(workspace, None) as graph:
        day = as_at or graph.default_as_at()
        who = graph.person(person, day)
        items = graph.worklist(day, child=who, only=[signal]).items
        if not items:
            raise Refused(
                f"{signal} does not stand for this child as at {full_date(day)}.", "`lastseen findings PERSON` lists what does."
            )
        if row is not None and row not in items[0].finding.rows:
            raise Refused(f"{signal} does not rest on a row {row}.", "`lastseen findings PERSON` lists the rows it rests on.")
        number = written(graph, lambda book: act(book, who, day))
    say(f"Finding {signal} {done} (entry {number}).")


def written(graph: Session, act: Callable[[Casebook], int]) -> int:
    """Let `act` write into the workspace's journal, alone."""
    from lastseen.graph.errors import NotAvailable

    if graph.casebook is None or graph.workspace is None:
        raise NotAvailable("There is no workspace at hand to journal a decision in.", "Name one with --workspace.")
    with graph.workspace.writing():
        return act(graph.casebook)
