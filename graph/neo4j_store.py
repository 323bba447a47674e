"""The server: a published graph in Neo4j 5.26, read over Bolt with the official driver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import neo4j
import pyarrow as pa
from neo4j.graph import Node, Path, Relationship
from neo4j.time import Date, DateTime

from lastseen.graph.errors import LastseenError, NotAvailable
from lastseen.graph.neo4j_server import Server, connect, said, server
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.statement import check_parameters
from lastseen.graph.store import Counts, Dialect, Marker, Rows

MARKER_LABEL = "LastseenMarker"


class Neo4jStore:
    """A published graph on a server; statements run as reading transactions (the server refuses a write)."""

    dialect: Dialect = "neo4j"

    def __init__(self, url: str) -> None:
        self.server = server(url)
        self._driver = connect(self.server)
        self.engine = f"Neo4j {self._driver.get_server_info().agent.removeprefix('Neo4j/')}"

    def run(
        self, cypher: str, parameters: Mapping[str, Any] | None = None, *, limit: int | None = None,
        timeout: float | None = None,
    ) -> Rows:
        """See `Store.run`. Rows are streamed: no more than the limit (and one) leave the server's buffer."""
        given = dict(parameters or {})
        check_parameters(cypher, given)

        @neo4j.unit_of_work(timeout=timeout)
        def read(transaction: neo4j.ManagedTransaction) -> Rows:
            answer = transaction.run(cypher, given)
            columns = list(answer.keys())
            rows: list[tuple[Any, ...]] = []
            for record in answer:
                if limit is not None and len(rows) >= limit:
                    return Rows(columns, rows, truncated=True)
                rows.append(tuple(_plain(value) for value in record.values()))
            return Rows(columns, rows)

        size = 1000 if limit is None else min(limit + 1, 1000)
        try:
            with self._driver.session(
                database=self.server.database, default_access_mode=neo4j.READ_ACCESS, fetch_size=size
            ) as session:
                return session.execute_read(read)
        except LastseenError:
            raise
        except Exception as error:
            raise said(error, self.server, cypher, given, timeout) from error

    def table(self, cypher: str, parameters: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
        """See `Store.table`."""
        answer = self.run(cypher, parameters)
        named = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        return pa.Table.from_pylist(named, schema=schema)

    def marker(self) -> Marker:
        """The marker node. Raises `NotAvailable` where nothing was published, or where the first publish is not whole:
        half a graph with nothing standing before it must not answer."""
        found = self.run(f"MATCH (m:{MARKER_LABEL}) RETURN properties(m)", limit=1).rows
        if not found:
            raise NotAvailable(
                f"Nothing has been published to {self.server.url}.", f"Run `lastseen publish --engine {self.server.url}`."
            )
        return marker_of(found[0][0], self.server)

    def counts(self) -> Counts:
        def count(pattern: str) -> int:
            return int(self.run(f"MATCH {pattern} RETURN count(*)").rows[0][0])

        return Counts({name: count(f"(:{name})") for name in NODES}, {name: count(f"()-[:{name}]->()") for name in EDGES})

    def close(self) -> None:
        self._driver.close()


def marker_of(said_by_server: Mapping[str, Any], at: Server) -> Marker:
    """A marker node's properties as a `Marker`; `build` is the last whole one."""
    since = datetime.fromisoformat(said_by_server["since"])
    phase: Literal["ready", "publishing"] = "ready" if said_by_server["phase"] == "ready" else "publishing"
    if not said_by_server.get("build"):
        raise NotAvailable(
            f"The first publish to {at.url}, begun {since:%Y-%m-%d %H:%M}, is not finished.",
            "Wait for it; if it was interrupted, publish again and it goes on where it stopped.",
        )
    as_at = said_by_server.get("default_as_at")
    return Marker(
        workspace=said_by_server["workspace"], area=said_by_server["area"], build=said_by_server["build"],
        phase=phase, since=since, default_as_at=date.fromisoformat(as_at) if as_at else None,
        fictional=bool(said_by_server.get("fictional")), title=said_by_server.get("title") or "",
    )


def _plain(value: Any) -> Any:
    """Plain dates; nodes and edges as maps of the vocabulary's properties with their `label` or `type`."""
    if isinstance(value, Date):
        return value.to_native()
    if isinstance(value, DateTime):
        return value.iso_format()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Node):
        name = next((label for label in value.labels if label in NODES), "")
        columns = NODES[name].columns if name else {}
        return {"label": name, **{column: _plain(value.get(column)) for column in columns}}
    if isinstance(value, Relationship):
        columns = EDGES[value.type].columns if value.type in EDGES else {}
        return {"type": value.type, **{column: _plain(value.get(column)) for column in columns}}
    if isinstance(value, Path):
        return [_plain(item) for item in (*value.nodes, *value.relationships)]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
