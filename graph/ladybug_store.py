"""The embedded engine: a Ladybug database file built once from graph tables, then only ever opened for reading.

Pinned: Ladybug 0.21.0 to 0.22.0 return wrong rows in silence (tests/graph/test_canary.py is the case), and one version
can't be trusted with another's files. So the engine's version is checked before anything is built or opened, and the
version that built a file is written beside it.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

import ladybug
import pyarrow as pa

from lastseen.graph.errors import LastseenError, NotAvailable, Refused
from lastseen.graph.schema import EDGES, NODES, Prop
from lastseen.graph.statement import ASK_LESS, check_parameters, first_line
from lastseen.graph.store import Counts, Dialect, GraphTables, Marker, Rows

LADYBUG_VERSION = "0.20.4"
MARKER_FILE = "marker.json"
SQL_TYPES = {"text": "STRING", "date": "DATE", "int": "INT64", "bool": "BOOL", "float": "DOUBLE", "row": "INT64"}

_GIB = 1 << 30
# The default reserves 8 TB of address space a database, of which a process has room for few.
_MAX_DB_SIZE = 64 * _GIB
_BUILD_MEMORY = 3 * _GIB
"""The least bound of a build. A table of edges must fit whole; else the build begins again with twice as much."""
_PER_BYTE = 20
"""Bytes of memory for a byte of the largest table's Parquet: 4.9 million ABOUT edges (203 MB) took 3.4 GB, and not 2."""
_READ_MEMORY = 2 * _GIB
"""The most that reading may hold. At 145,000 children one signal's four steps through homes did not fit in half of it."""
_QUICK = 0.1
"""Seconds up to which a statement's connection is kept for the next. The client keeps each text's plan while its connection
is open. That saves half the time of a text asked again about another child, but the plan keeps the memory of its joins too:
after some heavy ones every further statement found the buffer full."""
_KEPT = 1000
"""Statements after which a connection is closed all the same."""
_LARGE = 1 << 25
"""Bytes of a table's Parquet above which it is written out before the next one is read."""
_CHUNK = 100_000
"""Rows of an Arrow batch."""
_Fetched = TypeVar("_Fetched")
_THREADS = max(2, min(4, os.cpu_count() or 2))


def check_engine(version: str = str(ladybug.__version__)) -> None:
    """Raise `NotAvailable` unless the installed Ladybug is the one version whose answers were checked."""
    if version != LADYBUG_VERSION:
        raise NotAvailable(
            f"Ladybug {version} is installed; Lastseen runs on {LADYBUG_VERSION} only: other versions lose rows in silence.",
            f"Install it with: pip install ladybug=={LADYBUG_VERSION}",
        )


def build_database(tables: GraphTables, path: Path, marker: Marker) -> None:
    """Build a database file at `path` from graph tables, and its marker beside it (`marker.json`, written last).

    Nothing may be at `path` yet. Raises `Refused` where the tables don't fit the vocabulary: an id or key twice, an edge
    without its end, a missing column; `NotAvailable` where this machine's memory is too small.
    """
    check_engine()
    largest = max(tables.path(name).stat().st_size for name in (*NODES, *EDGES))
    memory = min(max(_BUILD_MEMORY, _PER_BYTE * largest), max(_BUILD_MEMORY, _physical_memory()))
    while not _build_within(memory, tables, path):
        _remove(path)
        memory *= 2
        if memory > _physical_memory():
            raise NotAvailable(
                f"This machine's memory is too small to build the embedded graph: {memory >> 30} GiB would be needed next.",
                "The graph in use stays as it was. Build on a larger machine, or publish a smaller area.",
            )
    path.chmod(0o600)
    write_marker(path, marker)


def _build_within(memory: int, tables: GraphTables, path: Path) -> bool:
    """Build with so many bytes of buffer; False where they were too few, which leaves a broken file at `path`."""
    database = ladybug.Database(
        str(path), max_db_size=_MAX_DB_SIZE, buffer_pool_size=memory, max_num_threads=_THREADS, auto_checkpoint=False
    )
    connection = ladybug.Connection(database)
    try:
        for name, node in NODES.items():
            connection.execute(f"CREATE NODE TABLE {name}({_columns(node.columns)}, PRIMARY KEY(id))")
        for name, edge in EDGES.items():
            connection.execute(f"CREATE REL TABLE {name}(FROM {edge.start} TO {edge.end}, {_columns(edge.columns)})")
        for name in (*NODES, *EDGES):
            if not _copy(connection, name, tables.path(name)):
                return False
            if tables.path(name).stat().st_size > _LARGE:
                connection.execute("CHECKPOINT")  # else all tables stay in memory until the last one is in
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
        database.close()
    return True


def _remove(path: Path) -> None:
    """Remove a broken database and what the engine lays beside it."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _columns(columns: Mapping[str, Prop]) -> str:
    return ", ".join(f"`{column}` {SQL_TYPES[prop.kind]}" for column, prop in columns.items())


def _copy(connection: Any, name: str, path: Path) -> bool:
    """Read one table in; False where the engine's memory was too small for it."""
    try:
        connection.execute(f"COPY {name} FROM '{_quoted(path)}'")
    except RuntimeError as error:
        kind = str(error).split(":")[0]  # the rest of the message quotes an id
        if kind.startswith("Buffer manager"):
            return False
        raise Refused(
            f"The graph table {name} does not fit the vocabulary ({kind}): an id twice, or an edge without its end.",
            "This is a fault in the build; the graph in use stays as it was.",
        ) from error
    return True


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def write_marker(path: Path, marker: Marker) -> None:
    """Write the marker of the database at `path`, whole or not at all."""
    text = json.dumps({
        "engine": f"Ladybug {LADYBUG_VERSION}", "workspace": marker.workspace, "area": marker.area, "build": marker.build,
        "since": marker.since.isoformat(), "default_as_at": marker.default_as_at.isoformat() if marker.default_as_at else None,
        "fictional": marker.fictional, "title": marker.title,
    }, indent=1)
    half = path.with_name(f".{MARKER_FILE}.half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path.with_name(MARKER_FILE))


def read_marker(path: Path) -> Marker | None:
    """The marker of the database at `path`; None where there is no whole build by this engine version."""
    try:
        said = json.loads(path.with_name(MARKER_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if said.pop("engine", None) != f"Ladybug {LADYBUG_VERSION}" or not path.exists():
        return None
    as_at = said.pop("default_as_at")
    return Marker(
        phase="ready", since=datetime.fromisoformat(said.pop("since")),
        default_as_at=date.fromisoformat(as_at) if as_at else None, **said,
    )


class LadybugStore:
    """A built database, opened read-only. One object may serve several threads; each statement has its own connection.

    `marker` replaces the file's own; `held` is what keeps the build from being pruned, closed with the store. Raises
    `NotAvailable` where there is no build at `path`, or one by another engine version (to be rebuilt, not opened).
    """

    dialect: Dialect = "ladybug"
    engine = f"Ladybug {LADYBUG_VERSION}"

    def __init__(self, path: Path, marker: Marker | None = None, held: IO[bytes] | None = None) -> None:
        check_engine()
        self.path = path
        found = read_marker(path)
        if found is None:
            raise NotAvailable(
                "There is no embedded graph here, or another version of the engine built it.",
                "Build it from the archive with `lastseen publish`.",
            )
        self._marker = marker or found
        try:
            self._database = ladybug.Database(
                str(path), read_only=True, max_db_size=_MAX_DB_SIZE, buffer_pool_size=_READ_MEMORY, max_num_threads=_THREADS
            )
        except (RuntimeError, IndexError) as error:
            raise NotAvailable(
                "The embedded graph can't be opened: its file is damaged or in use by a writer.",
                "Rebuild it from the archive with `lastseen publish`.",
            ) from error
        self._held = held
        self._idle: list[tuple[Any, int]] = []
        self._busy: list[Any] = []
        self._change = threading.Condition()
        self._closed = False

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        with self._change:
            if self._closed:
                raise NotAvailable("The embedded graph was closed.", "Open it again.")
            connection, used = self._idle.pop() if self._idle else (ladybug.Connection(self._database), 0)
            self._busy.append(connection)
        began, done = time.monotonic(), False
        try:
            yield connection
            done = True
        finally:
            with self._change:
                self._busy.remove(connection)
                if done and used < _KEPT and time.monotonic() - began < _QUICK:
                    self._idle.append((connection, used + 1))
                else:
                    connection.close()
                self._change.notify_all()

    def run(
        self, cypher: str, parameters: Mapping[str, Any] | None = None, *, limit: int | None = None,
        timeout: float | None = None,
    ) -> Rows:
        """See `Store.run`. Integers in `parameters` are typed by their value: write CAST($x AS INT64)."""
        return self._twice(cypher, parameters or {}, timeout, lambda answer: _fetch(answer, limit))

    def table(self, cypher: str, parameters: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
        """See `Store.table`; the engine hands Arrow over, some ten times as fast as row by row."""
        return self._twice(cypher, parameters, None, lambda answer: answer.get_as_arrow(_CHUNK).cast(schema))

    def _twice(
        self, cypher: str, parameters: Mapping[str, Any], timeout: float | None, fetch: Callable[[Any], _Fetched]
    ) -> _Fetched:
        given = dict(parameters)
        check_parameters(cypher, given)
        try:
            return self._run(cypher, given, timeout, fetch)
        except _NoRoom:
            self._forget_plans()
            return self._run(cypher, given, timeout, fetch)

    def _run(
        self, cypher: str, given: dict[str, Any], timeout: float | None, fetch: Callable[[Any], _Fetched]
    ) -> _Fetched:
        with self._connection() as connection:
            connection.set_query_timeout(int(timeout * 1000) if timeout else 0)
            try:
                answer = connection.execute(cypher, given)
            except Exception as error:
                raise _said(error, cypher, given, timeout) from error
            if isinstance(answer, list):
                for one in answer:
                    one.close()
                raise Refused("There are several statements in one text.", "Run them one by one.")
            try:
                return fetch(answer)
            finally:
                answer.close()

    def _forget_plans(self) -> None:
        """Close the idle connections, with the plans that they keep and the memory of those."""
        with self._change:
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def marker(self) -> Marker:
        return self._marker

    def counts(self) -> Counts:
        def count(pattern: str) -> int:
            return int(self.run(f"MATCH {pattern} RETURN count(*)").rows[0][0])

        return Counts({name: count(f"(:{name})") for name in NODES}, {name: count(f"()-[:{name}]->()") for name in EDGES})

    def close(self) -> None:
        """Close the database. Statements still running in other threads are stopped first, with an error there."""
        with self._change:
            if self._closed:
                return
            self._closed = True
            while self._busy:
                for connection in self._busy:
                    connection.interrupt()
                self._change.wait(0.05)  # asked again: a statement that was only about to start was not stopped
        self._forget_plans()
        self._database.close()
        if self._held:
            self._held.close()


class _NoRoom(NotAvailable):
    """The engine's buffer was full."""


def _fetch(answer: Any, limit: int | None) -> Rows:
    columns = answer.get_column_names()
    rows: list[tuple[Any, ...]] = []
    while answer.has_next():
        if limit is not None and len(rows) >= limit:
            return Rows(columns, rows, truncated=True)
        rows.append(tuple(value if type(value) in _PLAIN else _plain(value) for value in answer.get_next()))
    return Rows(columns, rows)


_PLAIN = {str, int, float, bool, date, type(None)}
"""Types of values that stay as they are."""


def _plain(value: Any) -> Any:
    """Nodes and edges as maps of the vocabulary's properties with their `label` or `type`, like the Neo4j store's."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "_NODES" in value:
        return [_plain(item) for item in (*value["_NODES"], *value["_RELS"])]
    name = value.get("_LABEL")
    if name in NODES:
        return {"label": name, **{column: value.get(column) for column in NODES[name].columns}}
    if name in EDGES:
        return {"type": name, **{column: value.get(column) for column in EDGES[name].columns}}
    return {key: _plain(item) for key, item in value.items() if not key.startswith("_")}


def _said(error: Exception, cypher: str, parameters: Mapping[str, Any], timeout: float | None) -> LastseenError:
    """An engine's error in our words; only faults of the text itself quote the engine."""
    message = str(error)
    if message.startswith("Interrupted"):
        return NotAvailable(
            f"The statement took longer than {timeout:g} seconds and was stopped." if timeout else "The statement was stopped.",
            ASK_LESS,
        )
    if "read-only" in message:
        return Refused("The statement would write to the graph.", "It is only read here: change the records and load them.")
    if message.startswith(("Parser exception", "Binder exception", "Catalog exception")):
        reason = first_line(message, cypher, parameters)
        return Refused(f"The statement was not understood: {reason}", "Check names with `lastseen schema`.")
    if "Buffer manager exception" in message or isinstance(error, MemoryError):
        return _NoRoom("The statement needs more memory than it may use.", ASK_LESS)
    kind = message.split(":")[0][:40] if ":" in message else type(error).__name__
    return Refused(f"The engine could not run the statement ({kind}).", "Check it and the types of its parameters.")
