"""One way to open DuckDB: a bound on memory, two threads, spilling beside the work, and no extensions fetched."""

from __future__ import annotations

from pathlib import Path

import duckdb


def connect(workdir: Path, memory: str = "2GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills to `workdir`/spill (private with the directory it lies in; removed with it).

    `memory` is DuckDB's own limit; the process needs some hundred megabytes beside it.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(workdir / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def quoted(text: str | Path) -> str:
    """A SQL text literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
