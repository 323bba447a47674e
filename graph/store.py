"""What a graph engine must do for us: the protocol that Ladybug and Neo4j both keep, and where graph tables lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.graph.schema import EDGES, NODES

Dialect = Literal["ladybug", "neo4j"]
Progress = Callable[[str], None]
"""Takes a sentence about how far something long has come, for standard error."""


@dataclass(frozen=True)
class Rows:
    """An engine's answer: plain Python values (str, int, float, bool, datetime.date, list, None)."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    truncated: bool = False


@dataclass(frozen=True)
class Marker:
    """Which workspace's build a store holds, and whether a publish is under way."""

    workspace: str
    area: str
    build: str
    phase: Literal["ready", "publishing"]
    since: datetime
    default_as_at: date | None = None
    fictional: bool = False
    title: str = ""


@dataclass(frozen=True)
class Counts:
    """How many nodes of each label and edges of each type a store holds; every type of the schema is named."""

    nodes: dict[str, int] = field(default_factory=dict)
    edges: dict[str, int] = field(default_factory=dict)


class Store(Protocol):
    """A published graph, opened for reading. Errors are `LastseenError`s; nothing engine-specific gets out."""

    dialect: Dialect
    engine: str  # e.g. "Ladybug 0.20.4"

    def run(
        self, cypher: str, parameters: Mapping[str, Any] | None = None, *,
        limit: int | None = None, timeout: float | None = None,
    ) -> Rows:
        """Run one reading statement. `limit` rows are fetched at most (`truncated` says whether more were left);
        `timeout` is in seconds and raises `NotAvailable` when it is reached."""

    def table(self, cypher: str, parameters: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
        """A reading statement's rows as an Arrow table with these columns: for millions of them."""

    def marker(self) -> Marker: ...

    def counts(self) -> Counts: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class GraphTables:
    """The projection's output: one Parquet file a label and a type in `directory`, even where it has no rows.

    A node table's columns are `NodeType.columns` in that order; an edge table's are `from`, `to` (ids of the ends) and
    then `EdgeType.columns`. Rows are unique by id or key; each edge's ends exist.
    """

    directory: Path

    def path(self, name: str) -> Path:
        return self.directory / f"{name}.parquet"

    def read(self, name: str) -> pa.Table:
        return pq.read_table(self.path(name))

    def count(self, name: str) -> int:
        """Rows of a table, without reading it."""
        return int(pq.read_metadata(self.path(name)).num_rows)


ARROW = {
    "text": pa.string(), "date": pa.date32(), "int": pa.int64(), "bool": pa.bool_(), "float": pa.float64(), "row": pa.int64(),
}


def table_schema(name: str) -> pa.Schema:
    """The Arrow schema of a label's or a type's table."""
    if name in NODES:
        return pa.schema([(column, ARROW[prop.kind]) for column, prop in NODES[name].columns.items()])
    columns = [(column, ARROW[prop.kind]) for column, prop in EDGES[name].columns.items()]
    return pa.schema([("from", pa.string()), ("to", pa.string()), *columns])
