"""Commands that tell how things stand: status, check, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lastseen.commands.asking import no_workspace_hint, reading_home
from lastseen.commands.guard import FINDINGS
from lastseen.commands.options import DocumentFormat, Engine, Format, OutputFormat, TextFormat, Workspace, home_or_default
from lastseen.commands.output import full_date, say, write, write_json, write_text

if TYPE_CHECKING:
    from lastseen.graph.archive import Workspace as Archive
    from lastseen.graph.schema import Prop
    from lastseen.graph.store import Store


def status(output: OutputFormat = Format.table, workspace: Workspace = None, engine: Engine = None) -> None:
    """Show what the graph holds.

    Nodes and edges by type, the loads it was made from, and whether it is up to date.
    """
    from lastseen.graph.publish import open_store

    home = reading_home(workspace, engine)
    archive = open_archive(home) if home else None
    store = open_store(archive, engine)
    try:
        told = standing(store, archive)
    finally:
        store.close()
    if output is Format.json:
        write_json(told)
        return
    counted = [{"kind": kind, "name": name, "count": n} for kind in ("nodes", "edges") for name, n in told[kind].items()]
    write(["kind", "name", "count"], counted, output)
    if told["title"]:
        say(told["title"] + (" (fictional)" if told["fictional"] and "fictional" not in told["title"] else ""))
    say(f"{told['engine']}, build {told['build']}, made of {len(told['loads'])} loads.")
    if told["default_as_at"]:
        say(f"Answers are as at {full_date(told['default_as_at'])} unless --as-at says otherwise.")
    for line in told["notes"]:
        say(line)


def open_archive(home: Path) -> Archive:
    from lastseen.graph.archive import Workspace as Archive

    with no_workspace_hint(home):
        return Archive.open(home)


def standing(store: Store, archive: Archive | None) -> dict[str, Any]:
    """The engine, build, counts and loads; `notes` says what is out of step."""
    marker, counts = store.marker(), store.counts()
    notes = []
    if marker.phase == "publishing":
        notes.append(f"Being published since {marker.since:%Y-%m-%d %H:%M}.")
    if archive and archive.name != marker.workspace:
        notes.append(f"The server holds another workspace's graph, not that of {archive.home}.")
        archive = None
    build = archive.current_build() if archive else None
    if archive and build:
        if build.id != marker.build:
            notes.append(f"The workspace's own graph is build {build.id}: publish it to this server to bring it up to date.")
        loaded = [load.n for load in archive.loads()]
        if waiting := [n for n in loaded if n not in build.loads]:
            notes.append(f"Not in the graph yet: {named(waiting)}. Run `lastseen publish`.")
        if gone := [n for n in build.loads if n not in loaded]:
            notes.append(f"Still in the graph: {named(gone)}. Run `lastseen publish`.")
    return {
        "engine": store.engine,
        "build": marker.build,
        "nodes": counts.nodes,
        "edges": counts.edges,
        "loads": archived_loads(archive) if archive else published_loads(store),
        "workspace": archive.home if archive else None,
        "title": marker.title,
        "area": marker.area,
        "phase": marker.phase,
        "since": marker.since,
        "default_as_at": marker.default_as_at,
        "fictional": marker.fictional,
        "notes": notes,
    }


def named(numbers: list[int]) -> str:
    """'load 3', 'loads 3, 4'."""
    return f"load{'s' if len(numbers) > 1 else ''} {', '.join(str(n) for n in numbers)}"


def archived_loads(archive: Archive) -> list[dict[str, Any]]:
    return [
        {
            "n": load.n,
            "source": load.source,
            "scopes": load.scopes,
            "shape": load.shape,
            "extract_date": load.extract_date,
            "covers_from": load.covers_from,
            "covers_to": load.covers_to,
            "read": load.read,
            "kept": load.kept,
            "rejected": load.rejected,
            "loaded_at": load.loaded_at,
        }
        for load in archive.loads()
    ]


def published_loads(store: Store) -> list[dict[str, Any]]:
    """The loads as the graph itself knows them: all there is where only a server is given."""
    names = ["id", "source", "scope", "shape", "extract_date", "covers_from", "covers_to", "read", "kept", "rejected"]
    columns = [f"rows_{name}" if name in ("read", "kept", "rejected") else name for name in names]
    text = f"MATCH (l:Load) RETURN {', '.join(f'l.{column} AS {column}' for column in columns)}"
    return [dict(zip(names, row, strict=True)) for row in sorted(store.run(text).rows, key=lambda row: str(row[0]))]


def check(output: OutputFormat = Format.table, workspace: Workspace = None, engine: Engine = None) -> None:
    """Check that nothing was lost or changed.

    Stored files against their hashes, rows read against rows kept and rejected, the graph against the archive, and the
    engine's counts against the graph's tables. Exits with 1 where something was found.
    """
    from dataclasses import asdict

    from lastseen.commands.checks import Finding, check_archive, check_build, check_engine, check_journal
    from lastseen.graph.errors import LastseenError
    from lastseen.graph.publish import open_store

    archive = open_archive(home_or_default(workspace))
    loads, found = check_archive(archive)
    found += check_journal(archive)
    build, wrong = check_build(archive, loads)
    found += wrong
    if build:
        try:
            store = open_store(archive, engine)
        except LastseenError as error:
            if engine:
                raise
            found.append(Finding("graph", error.what, error.mend))
        else:
            try:
                found += check_engine(store, build, server=bool(engine))
            finally:
                store.close()
    if found or output is not Format.table:
        write(["where", "finding", "mend"], [asdict(one) for one in found], output)
    if found:
        say(f"{len(found)} finding{'' if len(found) == 1 else 's'}.")
        raise typer.Exit(FINDINGS)
    say(f"Nothing found: {len(loads)} loads, {sum(load.read for load in loads):,} rows read, and the graph made of them.")


def schema(output: DocumentFormat = TextFormat.table) -> None:
    """Show the vocabulary of the graph.

    Every node, edge and property, and what it means.
    """
    from lastseen.graph.schema import EDGES, NODES

    if output is TextFormat.json:
        write_json(
            {
                "nodes": {
                    node.name: {"doc": node.doc, "properties": {name: properties(prop) for name, prop in node.columns.items()}}
                    for node in NODES.values()
                },
                "edges": {
                    edge.name: {
                        "from": edge.start,
                        "to": edge.end,
                        "doc": edge.doc,
                        "dating": edge.dating,
                        "properties": {name: properties(prop) for name, prop in edge.columns.items()},
                    }
                    for edge in EDGES.values()
                },
            }
        )
    elif output is TextFormat.markdown:
        write_text("\n".join(schema_markdown()))
    else:
        rows = [
            {"type": name, "from": start, "to": end, "property": column, "kind": prop.kind, "doc": prop.doc}
            for name, start, end, columns in types()
            for column, prop in columns.items()
        ]
        write(["type", "from", "to", "property", "kind", "doc"], rows, Format(output))


def types() -> list[tuple[str, str, str, dict[str, Prop]]]:
    """Name, start and end (empty for a node) and columns of everything in the vocabulary."""
    from lastseen.graph.schema import EDGES, NODES

    return [(node.name, "", "", node.columns) for node in NODES.values()] + [
        (edge.name, edge.start, edge.end, edge.columns) for edge in EDGES.values()
    ]


def properties(prop: Prop) -> dict[str, Any]:
    return {"kind": prop.kind, "doc": prop.doc, "personal": prop.personal}


def schema_markdown() -> list[str]:
    """Two tables, of nodes and of edges, each with the properties that are its own."""
    from lastseen.graph.schema import EDGES, NODES

    lines = ["| node | what it is | properties |", "|---|---|---|"]
    lines += [f"| `{node.name}` | {node.doc} | {', '.join(f'`{name}`' for name in node.columns)} |" for node in NODES.values()]
    lines += ["", "| edge | from → to | what it says | own properties |", "|---|---|---|---|"]
    lines += [
        f"| `{edge.name}` | {edge.start} → {edge.end} | {edge.doc} | {', '.join(f'`{name}`' for name in edge.props)} |"
        for edge in EDGES.values()
    ]
    return lines
