"""`lastseen board`: the board's figures, small numbers hidden, each with its day, coverage and freshness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.asking import session
from lastseen.commands.options import AsAt, Engine, Format, OutputFormat, Workspace
from lastseen.commands.output import full_date, say, write, write_json
from lastseen.commands.progress import progress

if TYPE_CHECKING:
    from lastseen.queries.board import Board, Figure

def board(
    months: Annotated[int, typer.Option("--months", min=0, max=60, metavar="N", help="Months before the day to show.")] = 12,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Show how many children each signal finds.

    By age band and area, at the end of each month with what was known then. Counts of 1 to 5 are hidden, and others so that
    none can be worked back; totals are rounded to 10. No child is named. The first time it asks everything; later it reads.
    """
    from lastseen.queries.board import LONG, long_rows, shown_count

    with session(workspace, engine) as graph, progress() as step:
        found = graph.board(as_at, months=months, progress=step)
        fictional, name = graph.marker.fictional, graph.store.engine
    if output is Format.json:
        write_json(as_dict(found))
        return
    if output is Format.csv:
        write(LONG, long_rows(found), output)
        return
    bands = list(found.population[found.as_at].lines["band"])
    rows = [_row(figure) for figure in found.at(found.as_at)]
    write(["signal", "title", "children", *bands, "cannot tell", "a year before"], _with_trend(rows, found), output)
    say("")
    say(f"As at {full_date(found.as_at)}{' (fictional data)' if fictional else ''}. Engine: {name}.")
    asked = shown_count(found.population[found.as_at].total)
    say(f"Children asked about: {asked} (rounded). Areas and months: --format csv or json.")
    if late := found.stale[found.as_at]:
        say(f"Late or never loaded: {', '.join(late)}. Children whom that could hide are under 'cannot tell'.")


def _row(figure: Figure) -> dict[str, Any]:
    from lastseen.queries.board import shown_count

    bands = {band: shown_count(count) for band, count in figure.shown.lines["band"].items()}
    return {
        "signal": figure.signal, "title": figure.title, "children": shown_count(figure.shown.total), **bands,
        "cannot tell": shown_count(figure.cannot_tell),
    }  # fmt: skip


def _with_trend(rows: list[dict[str, Any]], found: Board) -> list[dict[str, Any]]:
    from lastseen.queries.board import shown_count

    for row in rows:
        row["a year before"] = shown_count(found.series(row["signal"])[0].shown.total)
    return rows


def as_dict(found: Board) -> dict[str, Any]:
    return {
        "as_at": found.as_at, "not_loaded": found.not_loaded,
        "months": [
            {
                "as_at": month, "stale": found.stale[month], "population": vars(found.population[month]),
                "signals": {
                    figure.signal: {"title": figure.title, **vars(figure.shown), "cannot_tell": figure.cannot_tell}
                    for figure in found.at(month)
                },
            }
            for month in found.months
        ],
    }  # fmt: skip
