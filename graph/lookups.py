"""Lists that place and name what records mention, always as known today: postcodes with their council, schools with their name.

Each is one Parquet file in the workspace's `lookups` folder, replaced whole; none has to be there. They are no records: no fact
about anybody comes from one.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.graph.archive import Workspace
from lastseen.graph.duck import quoted
from lastseen.graph.durable import sync_directory

_TEXT = pa.string()
LOOKUPS = {
    # postcode: capitals without spaces; area: the council's code
    "postcodes": pa.schema([("postcode", _TEXT), ("area", _TEXT)]),
    # code: a URN, or council and establishment number together
    "schools": pa.schema([("code", _TEXT), ("name", _TEXT), ("area", _TEXT)]),
}
_DIGEST = b"sha256"


def write_lookup(name: str, table: pa.Table, sha256: str, path: Path) -> None:
    """Write a list that was read from a file of this hash."""
    pq.write_table(table.cast(LOOKUPS[name]).replace_schema_metadata({_DIGEST: sha256.encode()}), path)


def lookup_hashes(workspace: Workspace) -> dict[str, str]:
    """What each list that is there was read from."""
    return {
        name: (pq.read_schema(_path(workspace, name)).metadata or {}).get(_DIGEST, b"").decode()
        for name in LOOKUPS if _path(workspace, name).exists()
    }  # fmt: skip


def put_lookup(workspace: Workspace, name: str, written: Path | None) -> None:
    """Put a written list (None: none) in the place of the one that is there. Call inside `Workspace.writing()`."""
    path = _path(workspace, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if written is None:
        path.unlink(missing_ok=True)
    else:
        os.replace(written, path)
    sync_directory(path.parent)


def add_lookups(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Make the views `lookup_<name>`, empty where a list is not there."""
    for name, schema in LOOKUPS.items():
        path = _path(workspace, name)
        empty = f"SELECT {', '.join(f'NULL::VARCHAR AS {column}' for column in schema.names)} WHERE false"
        connection.execute(f"CREATE OR REPLACE VIEW lookup_{name} AS {f'FROM {_read(path)}' if path.exists() else empty}")


def _read(path: Path) -> str:
    return f"read_parquet({quoted(path)})"


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.home / "lookups" / f"{name}.parquet"
