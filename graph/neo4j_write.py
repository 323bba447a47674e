"""The statements a publish is made of: set-up, one a batch, counts, and reading back what a server holds."""

from __future__ import annotations

from pathlib import Path

import neo4j
import pyarrow as pa
import pyarrow.parquet as pq

from lastseen.graph.difference import LABELS, Part, identity
from lastseen.graph.errors import LastseenError
from lastseen.graph.neo4j_lock import MarkerLock
from lastseen.graph.neo4j_server import said
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import table_schema

BATCH = 10_000


def set_up(lock: MarkerLock) -> None:
    """Make the constraints and indexes that are missing; where none is, nothing is written."""
    wanted = {
        f"lastseen_{name.lower()}_id": f"CREATE CONSTRAINT {{}} IF NOT EXISTS FOR (n:{name}) REQUIRE n.id IS UNIQUE"
        for name in NODES
    }
    wanted |= {
        f"lastseen_{name.lower()}_key": f"CREATE CONSTRAINT {{}} IF NOT EXISTS FOR ()-[r:{name}]-() REQUIRE r.key IS UNIQUE"
        for name in EDGES
    }
    wanted["lastseen_contact_kind"] = "CREATE INDEX {} IF NOT EXISTS FOR (n:Contact) ON (n.kind)"
    there = {record["name"] for record in lock.ask("SHOW INDEXES YIELD name RETURN name")}
    missing = [name for name in wanted if name not in there]
    if not missing:
        return

    def make(transaction: neo4j.ManagedTransaction) -> None:
        for name in missing:
            transaction.run(wanted[name].format(name)).consume()

    lock.write(make)
    lock.ask("CALL db.awaitIndexes(600)")


def server_counts(lock: MarkerLock) -> dict[str, int]:
    """Nodes by label and edges by type, from the server's own count store (instant at any size)."""
    counts = {name: int(lock.ask(f"MATCH (n:{name}) RETURN count(n) AS n")[0]["n"]) for name in NODES}
    return counts | {name: int(lock.ask(f"MATCH ()-[r:{name}]->() RETURN count(r) AS n")[0]["n"]) for name in EDGES}


def write_statement(part: Part) -> str:
    """The statement that writes a batch of a part from `$rows`, lists in the order of the part's columns, and counts them."""
    unique, name = identity(part.name), part.name
    if part.action == "remove":
        pattern = f"(n:{name} {{id: row[0]}}) DETACH" if name in NODES else f"()-[n:{name} {{key: row[0]}}]->()"
        return f"UNWIND $rows AS row MATCH {pattern} DELETE n RETURN count(*)"
    if part.action == "label":
        changes = " ".join(
            f"FOREACH (x IN CASE WHEN row[{i}] THEN [1] ELSE [] END | SET n:{label}) "
            f"FOREACH (x IN CASE WHEN row[{i}] THEN [] ELSE [1] END | REMOVE n:{label})"
            for i, label in enumerate(LABELS, 1)
        )
        return f"UNWIND $rows AS row MATCH (n:{name} {{id: row[0]}}) {changes} RETURN count(*)"
    columns = table_schema(name).names
    values = {column: f"row[{i}]" for i, column in enumerate(columns) if column not in ("from", "to")}
    properties = "{" + ", ".join(f"`{column}`: {value}" for column, value in values.items()) + "}"
    ends = ""
    if name in EDGES:
        ends = f"MATCH (a:{EDGES[name].start} {{id: row[0]}}) MATCH (b:{EDGES[name].end} {{id: row[1]}}) "
    if part.action == "create":
        pattern = f"(a)-[n:{name} {properties}]->(b)" if ends else f"(n:{name} {properties})"
        return f"UNWIND $rows AS row {ends}CREATE {pattern} RETURN count(*)"
    only = f"{{{unique}: {values[unique]}}}"
    pattern = f"(a)-[n:{name} {only}]->(b)" if ends else f"(n:{name} {only})"
    return f"UNWIND $rows AS row {ends}MERGE {pattern} SET n = {properties} RETURN count(*)"


def read_back(lock: MarkerLock, name: str, directory: Path) -> None:
    """Write the ids or keys of a label or type that the server holds to `directory`/<name>.parquet."""
    unique = identity(name)
    pattern = f"(n:{name})" if name in NODES else f"()-[n:{name}]->()"
    schema = pa.schema([table_schema(name).field(unique)])
    with pq.ParquetWriter(directory / f"{name}.parquet", schema) as writer:
        try:
            with lock.driver.session(
                database=lock.at.database, default_access_mode=neo4j.READ_ACCESS, fetch_size=BATCH
            ) as session:
                found: list[str | int] = []
                for record in session.run(f"MATCH {pattern} RETURN n.{unique}"):
                    found.append(record[0])
                    if len(found) == 10 * BATCH:
                        writer.write_table(pa.table({unique: found}, schema=schema))
                        found = []
                        lock.renew()
                writer.write_table(pa.table({unique: found}, schema=schema))
        except LastseenError:
            raise
        except Exception as error:
            raise said(error, lock.at) from error
