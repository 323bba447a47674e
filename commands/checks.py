"""What `lastseen check` looks at: the archive against its manifests, the graph against the archive, the engine against both."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.graph.archive import Build, Load, Workspace
from lastseen.graph.errors import LastseenError
from lastseen.graph.loads import read_load, sha256_of
from lastseen.graph.publish import build_id_of, check_tables
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import Store


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written, and how to mend it."""

    where: str
    finding: str
    mend: str


RESTORE = "Restore the workspace from a backup; or unload this load and load its files again."
REBUILD = "Run `lastseen publish`."
REMAKE = "Run `lastseen publish --full`."
AGAIN = "Run `lastseen publish` with the same --engine."


def check_archive(workspace: Workspace) -> tuple[list[Load], list[Finding]]:
    """Every load that can be read, and what is wrong with any."""
    loads: list[Load] = []
    found: list[Finding] = []
    folders = [path for path in (workspace.home / "loads").iterdir() if re.match(r"\d+-", path.name)]
    for folder in sorted(folders, key=lambda path: int(path.name.split("-")[0])):
        try:
            load = read_load(folder)
        except LastseenError as error:
            found.append(Finding(folder.name, error.what, error.mend))
            continue
        loads.append(load)
        found += [Finding(folder.name, said, RESTORE) for said in load_faults(load)]
    found += [
        Finding(str(path), "Others on this machine can read it.", f"chmod go= '{path}'") for path in open_to_others(workspace)
    ]
    return loads, found


def load_faults(load: Load) -> Iterator[str]:
    """What a load's folder no longer says as its manifest does."""
    if load.read != load.kept + load.rejected:
        yield f"{load.read:,} rows were read, but {load.kept:,} kept and {load.rejected:,} rejected."
    for name, written in load.stored.items():
        path = load.directory / name
        if not path.is_file():
            yield f"{name} is gone."
        elif sha256_of(path) != written:
            yield f"{name} is not as it was written (its hash differs)."
    for name in sorted({path.name for path in load.directory.iterdir()} - {*load.stored, "manifest.json"}):
        yield f"{name} was not written by the load."
    for table, rows in load.tables.items():
        try:
            held = pq.read_metadata(load.table(table)).num_rows
        except (OSError, pa.ArrowException):
            yield f"{table}.parquet can't be read."
            continue
        if held != rows:
            yield f"{table}.parquet holds {held:,} rows; the manifest says {rows:,}."
    if load.rejected and (listed := rejected_rows(load.rejected_rows)) != load.rejected:
        yield f"rejected.csv lists {listed:,} rows; {load.rejected:,} were rejected."


def rejected_rows(path: Path) -> int:
    """How many rows of the extract are listed; one row may be there with several faults."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return len({(row.get("file"), row.get("line")) for row in csv.DictReader(file)})
    except (OSError, ValueError, csv.Error):
        return 0


def open_to_others(workspace: Workspace) -> list[Path]:
    """The workspace's folder, and files in it that matter, where others may read them."""
    paths = [workspace.home, workspace.home / "loads", workspace.home / "graph", workspace.journal]
    return [path for path in paths if path.exists() and path.stat().st_mode & 0o077]


def check_journal(workspace: Workspace) -> list[Finding]:
    if not workspace.journal.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{workspace.journal}?mode=ro", uri=True)) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    return (
        []
        if said == "ok"
        else [Finding("journal.sqlite", f"The journal of decisions is damaged: {said}.", "Restore it from a backup.")]
    )


def check_build(workspace: Workspace, loads: list[Load]) -> tuple[Build | None, list[Finding]]:
    """The current build where it can be compared, and what is wrong with it."""
    try:
        build = workspace.current_build()
    except LastseenError as error:
        return None, [Finding("graph", error.what, error.mend)]
    if build is None:
        return None, [Finding("graph", "Loads are in the archive, but no graph was made of them.", REBUILD)] if loads else []
    numbers = [load.n for load in loads]
    found = []
    if build.loads != numbers:
        missing = [n for n in numbers if n not in build.loads]
        extra = [n for n in build.loads if n not in numbers]
        said = [f"lacks {_named(missing)}"] * bool(missing) + [f"holds {_named(extra)}, which the archive lacks"] * bool(extra)
        found.append(Finding("graph", f"The graph {' and '.join(said) or 'was made of its loads in another order'}.", REBUILD))
    elif build.id != build_id_of(workspace, loads):
        found.append(Finding("graph", "Decisions, settings or the program have changed since the graph was made.", REBUILD))
    try:
        check_tables(build.tables)
    except (LastseenError, OSError, pa.ArrowException):
        found.append(Finding("graph", f"The tables of build {build.id} are damaged.", REMAKE))
        return None, found
    return build, found


def _named(numbers: list[int]) -> str:
    return f"load{'s' if len(numbers) > 1 else ''} {', '.join(str(n) for n in numbers)}"


def check_engine(store: Store, build: Build, server: bool) -> list[Finding]:
    """The engine's counts against the tables that it was made from."""
    where = "server" if server else "graph"
    mend = "Run `lastseen publish --full` with the same --engine." if server else REMAKE
    marker = store.marker()
    if server and marker.phase == "publishing":
        since = f"{marker.since:%Y-%m-%d %H:%M}"
        return [Finding(where, f"A publish has been under way since {since}.", "Wait; if it was stopped, publish again.")]
    if marker.build != build.id:
        return [Finding(where, f"It holds build {marker.build}; the workspace's is {build.id}.", AGAIN)]
    counts = store.counts()
    found = []
    for name in (*NODES, *EDGES):
        wanted = pq.read_metadata(build.tables.path(name)).num_rows
        held = {**counts.nodes, **counts.edges}.get(name, 0)
        if held != wanted:
            found.append(Finding(where, f"{name}: the engine holds {held:,}, the tables {wanted:,}.", mend))
    return found
