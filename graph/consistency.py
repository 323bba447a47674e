"""What must hold of graph tables at every build. A build in which it doesn't is refused, with counts."""

from __future__ import annotations

import duckdb

from lastseen.graph.duck import quoted
from lastseen.graph.errors import Refused
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.store import GraphTables


def faults(connection: duckdb.DuckDBPyConnection, tables: GraphTables) -> list[str]:
    """Each thing that does not hold, with how many rows; empty where all is well.

    Uniqueness and ends are judged by 64-bit hashes of the ids, which can't miss a repeated id. Keys are hashes already: two may
    be equal by chance (see `projection`), and such a build is refused rather than one of two edges lost on a server.
    """
    found: list[str] = []

    def count(what: str, sql: str) -> None:
        row = connection.execute(sql).fetchone()
        if row and row[0]:
            found.append(f"{row[0]} {what}")

    def at(name: str) -> str:
        return f"read_parquet({quoted(tables.path(name))})"

    for name in NODES:
        count(
            f"{name} ids that are missing or repeated",
            f"SELECT count(*) - count(DISTINCT hash(id)) + count(*) FILTER (id IS NULL) FROM {at(name)}",
        )
    for edge in EDGES.values():
        count(
            f"{edge.name} keys that are missing or repeated: one claim twice or, once in some 250,000 large graphs, chance",
            f"SELECT count(*) - count(DISTINCT key) FROM {at(edge.name)}",
        )
        for end, label in (("from", edge.start), ("to", edge.end)):
            count(
                f"{edge.name} edges whose {end} is not there",
                f"""
                SELECT count(*) FROM {at(edge.name)} e ANTI JOIN (SELECT hash(id) AS h FROM {at(label)}) n
                  ON n.h = hash(e."{end}")""",
            )
        if edge.dating == "claim":
            count(
                f"{edge.name} edges with an end known of that is not there",
                f"""
                SELECT count(*) FROM {at(edge.name)} WHERE end_known_on IS NOT NULL AND valid_to IS NULL OR known_on IS NULL""",
            )
        if edge.dating == "event":
            count(f"{edge.name} edges known before they happened", _early(at(edge.name)))
    count("contacts known before they happened", _early(at("Contact")))
    return found


def _early(table: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE kind <> 'booking' AND known_on < occurred_on OR known_on IS NULL"


def refuse_inconsistent(connection: duckdb.DuckDBPyConnection, tables: GraphTables) -> None:
    """Raise Refused with every fault and its count."""
    if found := faults(connection, tables):
        raise Refused(
            f"The graph tables would be inconsistent: {'; '.join(found)}.",
            "Nothing was published. Unload the load that was added last, and report this.",
        )
