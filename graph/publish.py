"""From loads to a graph that answers: a new build beside the old one, opening it, and publishing it to a server.

The server's driver and the projection bring pandas and scipy with them, a second or more: they are imported where they are
used, so that a question to the embedded graph does not wait for them.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.graph.archive import Build, Load, StagedBuild, Workspace
from lastseen.graph.casebook import Casebook
from lastseen.graph.durable import hold_exclusively, is_held, private, remove_tree
from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.journal import Journal
from lastseen.graph.ladybug_store import LADYBUG_VERSION, LadybugStore, build_database, check_engine, read_marker
from lastseen.graph.lookups import lookup_hashes
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables, Marker, Progress, Store, table_schema

if TYPE_CHECKING:
    from lastseen.graph.neo4j_publish import Edition, PublishReport
    from lastseen.graph.neo4j_server import Server

_WORK = ".publishing-"
_NOTE_SECONDS = 300
_ELSEWHERE = ("directory", "loaded_at", "stored")
"""What a load says that depends on when and where it was loaded, not on what is in it."""
EXPORTED = "files for the importer"
"""Where `Workspace.published` keeps the build that was written as files last."""


# --- building -----------------------------------------------------------------------------------------------------


def stage_build(
    workspace: Workspace, loads: Sequence[Load], progress: Progress | None = None, anew: bool = False
) -> StagedBuild:
    """Make the graph of these loads in a new directory, for `Workspace.commit`; nothing is current until then.

    Call inside `Workspace.writing()`. The same loads, decisions and settings give the same id, and a build that is kept
    already is not made again (unless `anew`: it may be damaged). Raises `Refused` where the projection breaks the
    vocabulary's promises, `NotAvailable` where the archive can't be read or the disk is full.
    """
    from lastseen.graph.projection import project

    check_engine()
    say = progress or (lambda _: None)
    build_id, numbers = build_id_of(workspace, loads), [load.n for load in loads]
    kept = workspace.build(build_id)
    if kept and not anew and _is_whole(kept):
        return StagedBuild(build_id, kept.directory, numbers, kept.made_at)
    directory = workspace.stage_build_directory()
    try:
        say("Working out who is who, and the graph")
        tables = project(workspace, list(loads), directory / "tables", say)
        check_tables(tables)
        say("Building the embedded graph")
        staged = StagedBuild(build_id, directory, numbers)
        build_database(tables, directory / "ladybug.db", _marker(workspace, staged))
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        remove_tree(directory)
        raise NotAvailable(
            f"The graph could not be built from the archive ({type(error).__name__}); the one in use stays as it was.",
            "Look for a full disk or a damaged load (`lastseen check`), then try again.",
        ) from error
    except BaseException:
        remove_tree(directory)
        raise
    return staged


def build_id_of(workspace: Workspace, loads: Sequence[Load]) -> str:
    """The id of the build that these loads give: it changes with them, with people's decisions, with the settings that
    reach the graph, and with the code and the vocabulary that make it."""
    from lastseen.graph.neo4j_publish import schema_hash

    settings = workspace.settings
    said = [
        [{key: value for key, value in asdict(load).items() if key not in _ELSEWHERE} for load in loads],
        Journal(workspace.journal).fingerprint(), Casebook(workspace.journal).withdrawn(),
        [settings.area, settings.area_names, settings.area_codes, settings.expected_every, settings.term_starts],
        lookup_hashes(workspace),
        schema_hash(), _code(), LADYBUG_VERSION,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def check_tables(tables: GraphTables) -> None:
    """Raise `Refused` where a graph table is missing or its columns are not the vocabulary's (both engines go by position)."""
    for name in (*NODES, *EDGES):
        path = tables.path(name)
        wanted = [(column.name, column.type) for column in table_schema(name)]
        if not path.exists() or [(column.name, column.type) for column in pq.read_schema(path)] != wanted:
            raise Refused(f"The graph table {name} is missing or its columns are not the vocabulary's.", "Nothing was changed.")


def bring_up_to_date(workspace: Workspace, progress: Progress | None = None, anew: bool = False) -> Build:
    """The current build; made first where it is lost, or loads, decisions or settings have changed since it was (or `anew`)."""
    try:
        build = workspace.current_build()
    except NotAvailable:  # lost or unreadable: made again, as everything in it follows from the archive
        build = None
    if build and not anew and build.id == build_id_of(workspace, workspace.loads()) and _is_whole(build):
        return build
    with workspace.writing():
        workspace.commit([], stage_build(workspace, workspace.loads(), progress, anew))
    build = workspace.current_build()
    if build is None:
        raise NotAvailable("The workspace has no build.", "Load an extract first.")
    return build


def _is_whole(build: Build) -> bool:
    return read_marker(build.database) is not None and all(build.tables.path(name).exists() for name in (*NODES, *EDGES))


def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _marker(workspace: Workspace, build: Build | StagedBuild) -> Marker:
    settings = workspace.settings
    return Marker(
        workspace.name, settings.area, build.id, "ready", build.made_at, settings.default_as_at, settings.fictional,
        settings.title,
    )


# --- opening ------------------------------------------------------------------------------------------------------


def open_store(workspace: Workspace | None, engine_url: str | None = None) -> Store:
    """The server at `engine_url` where one is given, else the workspace's embedded build, which then stays readable (and
    is not pruned) until the store is closed, whatever is loaded meanwhile.

    A build by another version of the engine or of the vocabulary is built anew from its tables or records first. Raises
    `NotAvailable` where there is nothing to open.
    """
    if engine_url:
        from lastseen.graph.neo4j_store import Neo4jStore

        return Neo4jStore(engine_url)
    if workspace is None:
        raise NotAvailable("There is neither a workspace nor a server to read from.", "Give --workspace or --engine.")
    check_engine()
    for _ in range(100):
        build = workspace.current_build()
        if build is None:
            raise NotAvailable("Nothing has been loaded into this workspace.", "Begin with `lastseen load` or `lastseen demo`.")
        try:
            held = build.hold()
        except FileNotFoundError:
            continue  # pruned between the two lines: there is a newer one
        try:
            if not _opens(build.database):
                _rebuild_database(workspace, build)
            return LadybugStore(build.database, _marker(workspace, build), held)
        except BaseException:
            held.close()
            if build.directory.exists():
                raise
    raise NotAvailable("The workspace is being rebuilt over and over.", "Try again when its loads have finished.")


def _opens(database: Path) -> bool:
    try:
        LadybugStore(database).close()
    except NotAvailable:
        return False
    return True


def _rebuild_database(workspace: Workspace, build: Build) -> None:
    """Build a kept build's database again from its tables, where another engine version made it or its file is spoilt."""
    check_tables(build.tables)
    with workspace.writing():
        if _opens(build.database):
            return  # another process did it meanwhile
        half = build.directory / "rebuilding" / build.database.name
        remove_tree(half.parent)
        half.parent.mkdir()
        build_database(build.tables, half, _marker(workspace, build))
        half.replace(build.database)
        (half.parent / "marker.json").replace(build.database.with_name("marker.json"))
        remove_tree(half.parent)


# --- publishing ---------------------------------------------------------------------------------------------------


def publish_to(
    workspace: Workspace, url: str, full: bool = False, progress: Progress | None = None, today: date | None = None
) -> PublishReport:
    """Publish the workspace's graph to a Neo4j server: everything at first, then differences; `full` sends all again.

    Idempotent; a publish that was interrupted goes on where it stopped. Raises `Refused` for a server that holds another
    workspace or foreign data, `NotAvailable` where it can't be reached or is being published to.
    """
    from lastseen.graph.neo4j_lock import MarkerLock
    from lastseen.graph.neo4j_publish import publish_edition
    from lastseen.graph.neo4j_server import connect, server

    at = server(url)
    with ExitStack() as stack:
        driver = stack.enter_context(connect(at))
        build = _held_build(workspace, stack, progress)
        work = stack.enter_context(_work_directory(workspace))

        def standing(build_id: str) -> GraphTables | None:
            found = workspace.build(build_id)
            if found is None:
                return None
            stack.enter_context(found.hold())
            return found.tables

        report = publish_edition(
            MarkerLock(driver, at), _edition(workspace, build), standing, list(workspace.published().values()), work,
            full=full, today=today, progress=progress,
        )
        _note(workspace, at, build, report)
    return report


def export_files(workspace: Workspace, directory: Path, progress: Progress | None = None) -> str:
    """The workspace's graph as files for Neo4j's importer, into an empty `directory`; gives the command to run there
    (`graph/neo4j_files.py`). The next `publish_to` that server finds this build there and sends differences."""
    from lastseen.graph.neo4j_files import export_for_import

    with ExitStack() as stack:
        build = _held_build(workspace, stack, progress)
        command = export_for_import(_edition(workspace, build), directory)
        workspace.note_published(EXPORTED, build.id)
    return command


def _held_build(workspace: Workspace, stack: ExitStack, progress: Progress | None) -> Build:
    """The up-to-date build, kept from pruning until the stack ends."""
    while True:
        build = bring_up_to_date(workspace, progress)
        try:
            stack.enter_context(build.hold())
            return build
        except FileNotFoundError:
            continue  # a writer came between and pruned it


def _edition(workspace: Workspace, build: Build) -> Edition:
    from lastseen.graph.neo4j_publish import Edition

    settings = workspace.settings
    return Edition(
        workspace.name, build.id, build.tables, settings.area, settings.title, settings.default_as_at, settings.fictional
    )


@contextmanager
def _work_directory(workspace: Workspace) -> Iterator[Path]:
    """A private scratch directory beside the builds; those that a kill left are swept."""
    graph = workspace.home / "graph"
    for left in graph.glob(f"{_WORK}*"):
        if not is_held(left / "held"):
            remove_tree(left)
    with private():
        work = graph / f"{_WORK}{uuid.uuid4().hex}"
        work.mkdir()
        with hold_exclusively(work / "held", "This publish's scratch directory"):
            try:
                yield work
            finally:
                remove_tree(work)


def _note(workspace: Workspace, at: Server, build: Build, report: PublishReport) -> None:
    """Remember what the server holds; a load that is under way has the workspace's lock for a minute or two."""
    key = f"{at.url} {at.database}" if at.database else at.url
    if workspace.published().get(key) == build.id:
        return
    deadline = time.monotonic() + _NOTE_SECONDS
    while True:
        try:
            workspace.note_published(key, build.id)
            return
        except NotAvailable:
            if time.monotonic() > deadline:
                report.notes.append("The workspace was busy and could not note this publish, so the next one sends everything.")
                return
            time.sleep(1)
