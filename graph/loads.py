"""One load in the archive: its manifest, its record tables, and how they are written. Nothing edits a finished load."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from lastseen.graph.duck import quoted
from lastseen.graph.durable import remove_tree, write_atomically
from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.records import TABLES


class FileSeen(TypedDict):
    """An input file as it was read: `name` without folders, `sha256` in hex, `bytes` its size."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Load:
    """One extract as loaded, from its manifest. `lag` and `expected_every` are days; `scopes` is ['all'] where the source
    has none; `reasons` counts faults by column and reason; `tables` counts rows by record table; `stored` gives the sha256 of
    each file in `directory` (but the manifest) as it was written, so that `lastseen check` sees one that changed since."""

    n: int
    source: str
    shape: Literal["snapshot", "event"]
    scopes: list[str]
    extract_date: date
    covers_from: date | None
    covers_to: date | None
    lag: int
    expected_every: int
    registers: list[str]
    trust: int
    files: list[FileSeen]
    read: int
    kept: int
    rejected: int
    reasons: dict[str, int]
    tables: dict[str, int]
    mapping_version: str
    loaded_at: datetime
    directory: Path
    stored: dict[str, str] = field(default_factory=dict)

    def table(self, name: str) -> Path:
        """Where a record table's Parquet lies; it exists exactly where the load has rows of it."""
        if name not in TABLES:
            raise KeyError(name)
        return self.directory / f"{name}.parquet"

    @property
    def rejected_rows(self) -> Path:
        """The CSV of rejected rows; it exists where any were rejected."""
        return self.directory / "rejected.csv"


_LOAD = TypeAdapter(Load)
_SQL = {pa.string(): "VARCHAR", pa.date32(): "DATE", pa.int64(): "BIGINT", pa.bool_(): "BOOLEAN", pa.float64(): "DOUBLE"}


@dataclass
class StagedLoad:
    """A load being written. Nothing of it counts until the workspace commits it."""

    n: int
    directory: Path
    tables: dict[str, int] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """A scratch directory, gone when the load is finished."""
        work = self.directory / "work"
        work.mkdir(exist_ok=True)
        return work

    def write_table(self, name: str, rows: pa.Table | duckdb.DuckDBPyRelation) -> int:
        """Write a record table once, in the record schema (columns by name; a missing one is null). Returns its rows.

        Raises Refused where a column is not in the schema or can't be cast to it.
        """
        schema = TABLES[name]
        path = self.directory / f"{name}.parquet"
        reader = rows.to_reader() if isinstance(rows, pa.Table) else rows.to_arrow_reader(200_000)
        unknown = [column for column in reader.schema.names if column not in schema.names]
        if unknown:
            raise Refused(f"Record table {name} has no column {', '.join(unknown)}.", "Correct the mapping.")
        count = 0
        writer: pq.ParquetWriter | None = None
        try:
            for batch in reader:
                if batch.num_rows:
                    writer = writer or pq.ParquetWriter(path, schema)
                    writer.write_table(_conform(pa.Table.from_batches([batch]), schema))
                    count += batch.num_rows
        finally:
            if writer:
                writer.close()
        if count:
            self.tables[name] = count
        return count

    def write_query(self, connection: duckdb.DuckDBPyConnection, name: str, query: str, columns: Sequence[str]) -> int:
        """The same from a query that gives `columns` of the record schema, without leaving the database. Returns its rows."""
        path = self.directory / f"{name}.parquet"
        cast = ", ".join(
            f"CAST({column if column in columns else 'NULL'} AS {_SQL[kind]}) AS {column}"
            for column, kind in zip(TABLES[name].names, TABLES[name].types, strict=True)
        )
        done = connection.execute(f"COPY (SELECT {cast} FROM ({query})) TO {quoted(path)} (FORMAT parquet)").fetchone()
        count = int(done[0]) if done else 0
        if count:
            self.tables[name] = count
        else:
            path.unlink()
        return count

    def finish(self, manifest: Mapping[str, Any]) -> Load:
        """Write the manifest (`Load`'s fields but n, tables, stored, loaded_at and directory) and give the load as staged."""
        remove_tree(self.directory / "work")
        load = _LOAD.validate_python({
            **manifest, "n": self.n, "tables": self.tables, "loaded_at": datetime.now(UTC), "directory": self.directory,
            "stored": {path.name: sha256_of(path) for path in sorted(self.directory.iterdir())},
        })
        text = _LOAD.dump_json(load, exclude={"directory"}, indent=2).decode()
        write_atomically(self.directory / "manifest.json", text + "\n")
        return load


def sha256_of(path: Path) -> str:
    """A file's sha256 in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        table[name].cast(kind) if name in table.column_names else pa.nulls(table.num_rows, kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def read_load(directory: Path) -> Load:
    """The load in `directory`; raises NotAvailable where its manifest or a table is damaged or gone."""
    mend = "Restore it from a backup, or unload it."
    try:
        said = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        load = _LOAD.validate_python({**said, "directory": directory})
    except (OSError, ValueError, ValidationError) as error:
        raise NotAvailable(f"The archive's {directory.name} can't be read.", mend) from error
    missing = [name for name in load.tables if not load.table(name).exists()]
    if missing:
        raise NotAvailable(f"The archive's {directory.name} lacks {', '.join(missing)}.", mend)
    return load
