"""The command that writes a person's network to a file."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
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
    write_private(out, text)
    nodes, edges = found.graph.number_of_nodes(), found.graph.number_of_edges()
    say(f"{nodes:,} nodes and {edges:,} links within {hops} steps, as at {day.isoformat()}, are in {out}")
    for sentence in found.told():
        say(printable(sentence))


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text`, readable by its owner alone; a file that is half written is never there."""
    from lastseen.graph.errors import Refused

    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise Refused(
            f"{path} can't be written: {error.strerror}.", "Give a file in a folder that you may write to."
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
