"""The command that writes a person's network to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lastseen.commands.asking import Person, session
from lastseen.commands.guard import printable, say
from lastseen.commands.options import AsAt, Engine, Workspace

KINDS = (".html", ".graphml", ".json")


def network(
    person: Person,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", show_default=False, help="Where to write it: .html (a picture), .graphml or .json."
        ),
    ],
    hops: Annotated[int, typer.Option("--hops", min=1, max=6, metavar="N", help="How many steps from the person.")] = 2,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Most people, places and agencies to show.")] = 60,
    show: Annotated[
        list[str] | None,
        typer.Option(
            "--show",
            metavar="TYPE",
            show_default="all",
            help="Only these node types (Person, Address, Agency, …); repeat for more.",
        ),
    ] = None,
    as_at: AsAt = None,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Write a person's network to a file.

    A picture (which opens without any network), GraphML or JSON. Protected addresses are never in it. What was left out
    is said on standard error.
    """
    if out.suffix.lower() not in KINDS:
        raise typer.BadParameter(f"The file's name must end in {', '.join(KINDS)}.", param_hint="--out")
    from lastseen.graph.durable import write_private
    from lastseen.graph.exports import as_json, graphml
    from lastseen.graph.network import neighbourhood
    from lastseen.graph.picture import draw

    with session(workspace, engine) as graph:
        day = as_at or graph.default_as_at()
        who = graph.person(person, day)
        found = neighbourhood(graph.store, [who], hops=hops, limit=limit, as_at=day, node_types=show)
        if out.suffix.lower() == ".html":
            text = draw(found, title=graph.label(who, day))
        else:
            text = graphml(found) if out.suffix.lower() == ".graphml" else as_json(found)
    write_private(out, text, replace=True)
    nodes, edges = found.graph.number_of_nodes(), found.graph.number_of_edges()
    say(f"{nodes:,} nodes and {edges:,} links within {hops} steps, as at {day.isoformat()}, are in {out}")
    for sentence in found.told():
        say(printable(sentence))
