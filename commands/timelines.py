"""`lastseen timeline`: what was known of a person, in the order in which it became known, and when each signal stood."""

from __future__ import annotations

from typing import Annotated

import typer

from lastseen.commands.asking import Person, session
from lastseen.commands.options import AsAt, Engine, Format, OutputFormat, Workspace
from lastseen.commands.output import full_date, say, write, write_json
from lastseen.commands.progress import progress


def timeline(
    person: Person,
    signals: Annotated[
        bool, typer.Option("--signals", help="Also the days on which each signal began and ceased to stand; takes a while.")
    ] = False,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Show what was known of a person, and when.

    In order of when it was known; `history` is in order of when it happened. With --signals, the days on which each signal
    began and ceased to stand are among them, had somebody asked every day.
    """
    from lastseen.queries.catalogue import signals as catalogue
    from lastseen.queries.facts import facts
    from lastseen.queries.turns import turns

    with session(workspace, engine) as graph:
        day = as_at or graph.default_as_at()
        who = graph.person(person, day)
        label = graph.label(who, day)
        rows = [{"known_on": fact.known_on, "what": fact.text, "row": fact.row} for fact in facts(graph.store, who, day)]
        if signals:
            with progress() as step:
                lived = turns(graph, who, day, steps=lambda signal, done, of: step(f"{signal}: asking each day", done, of))
            for signal, spans in lived.spans[who].items():
                title = catalogue()[signal].header.title
                for first, last in spans:
                    rows.append({"known_on": first, "what": f"{signal} begins: {title}", "row": ""})
                    if last < day:
                        rows.append({"known_on": last, "what": f"{signal} stands for the last day: {title}", "row": ""})
        rows.sort(key=lambda row: (str(row["known_on"]), row["row"] == "", str(row["what"])))
    if output is Format.json:
        write_json({"person": who, "as_at": day, "rows": rows})
        return
    write(["known_on", "what", "row"], rows, output)
    say("")
    say(f"{label}: {len(rows):,} entries as at {full_date(day)}, in the order in which they became known.")
