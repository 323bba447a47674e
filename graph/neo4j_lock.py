"""The marker node on a server, and the lock on it: one publisher at a time, of one workspace.

The lock is a lease that every batch renews in its own transaction. A publisher that died on this machine is noticed at
once; one on another machine when its lease runs out. Whoever lost the lock can't write another row.
"""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import neo4j

from lastseen.graph.errors import LastseenError, NotAvailable, Refused
from lastseen.graph.neo4j_server import Server, said
from lastseen.graph.neo4j_store import MARKER_LABEL

LEASE_SECONDS = 120
MARKER = f"(m:{MARKER_LABEL} {{id: 'lastseen'}})"
_T = TypeVar("_T")


class MarkerLock:
    """A server's marker, read and (between `take` and `give_back`) written by us alone."""

    def __init__(self, driver: neo4j.Driver, at: Server) -> None:
        self.driver = driver
        self.at = at
        self.owner = uuid.uuid4().hex
        self._renewed = 0.0

    def write(self, work: Callable[[neo4j.ManagedTransaction], _T]) -> _T:
        """Run `work` in one writing transaction, again where the server asks for it. Errors are ours."""
        try:
            with self.driver.session(database=self.at.database) as session:
                return session.execute_write(work)
        except LastseenError:
            raise
        except Exception as error:
            raise said(error, self.at) from error

    def read(self) -> dict[str, Any] | None:
        """The marker's properties; None where there is none."""
        records = self.ask(f"MATCH {MARKER} RETURN properties(m) AS marker")
        return dict(records[0]["marker"]) if records else None

    def ask(self, cypher: str) -> list[neo4j.Record]:
        """Rows of one statement outside the plan (set-up, counts)."""
        try:
            return list(self.driver.execute_query(cypher, database_=self.at.database).records)
        except Exception as error:
            raise said(error, self.at) from error

    def take(self, workspace: str, first: Mapping[str, Any]) -> dict[str, Any]:
        """Take the lock and give the marker as it stands; `first` is what a new marker says.

        Raises Refused where the server holds another workspace, or data that Lastseen did not publish; NotAvailable where
        another publish is under way.
        """
        if self.read() is None and self.ask("MATCH (n) RETURN count(n) AS n")[0]["n"]:
            raise Refused(
                f"The database on {self.at.url} holds data that Lastseen did not publish.",
                "Publish to an empty database, or empty this one yourself.",
            )
        self.ask(f"CREATE CONSTRAINT lastseen_marker IF NOT EXISTS FOR (m:{MARKER_LABEL}) REQUIRE m.id IS UNIQUE")
        now, host = time.time(), socket.gethostname()
        lease = {"owner": self.owner, "owner_host": host, "owner_pid": os.getpid(), "lease": int(now) + LEASE_SECONDS}

        def work(transaction: neo4j.ManagedTransaction) -> dict[str, Any]:
            # Writing first takes the node's lock, so what is read next can't change before the commit.
            found = transaction.run(
                f"MERGE {MARKER} ON CREATE SET m += $first SET m.asked = $owner RETURN properties(m) AS marker",
                first=dict(first), owner=self.owner,
            ).single(strict=True)["marker"]
            check_workspace(found, workspace, self.at)
            self._check_free(found, now)
            transaction.run(f"MATCH {MARKER} SET m += $lease REMOVE m.asked", lease=lease).consume()
            return dict(found)

        taken = self.write(work)
        self._renewed = time.monotonic()
        return taken

    def _check_free(self, marker: Mapping[str, Any], now: float) -> None:
        if not marker.get("owner") or marker["owner"] == self.owner or marker["lease"] <= now:
            return
        here = marker.get("owner_host") == socket.gethostname()
        if here and not _alive(int(marker["owner_pid"])):
            return
        since = datetime.fromisoformat(marker["since"])
        raise NotAvailable(
            f"Another publish to {self.at.url} is under way since {since:%H:%M} "
            f"(process {marker['owner_pid']} on {marker['owner_host']}).",
            f"Wait until it has finished; if it was killed, its lock ends in {int(marker['lease'] - now) + 1} seconds.",
        )

    def hold(self, transaction: neo4j.ManagedTransaction) -> int:
        """Inside a batch's transaction: check and renew the lock, and give how many rows of the plan are done."""
        found = transaction.run(
            f"MATCH {MARKER} WHERE m.owner = $owner SET m.lease = $lease RETURN m.done AS done",
            owner=self.owner, lease=int(time.time()) + LEASE_SECONDS,
        ).single()
        if found is None:
            raise NotAvailable(f"Another publish to {self.at.url} has taken over.", "Wait for it, then publish again.")
        self._renewed = time.monotonic()
        return int(found["done"] or 0)

    def renew(self) -> None:
        """Renew the lease between batches, where long work is done here (at most every ten seconds)."""
        if time.monotonic() - self._renewed > 10:
            self.write(self.hold)

    def say(self, **properties: Any) -> None:
        """Set properties of the marker; None removes one."""

        def work(transaction: neo4j.ManagedTransaction) -> None:
            self.hold(transaction)
            transaction.run(f"MATCH {MARKER} SET m += $properties", properties=properties).consume()

        self.write(work)

    def give_back(self) -> None:
        """Give the lock back; the marker keeps what it says."""

        def work(transaction: neo4j.ManagedTransaction) -> None:
            transaction.run(
                f"MATCH {MARKER} WHERE m.owner = $owner REMOVE m.owner, m.owner_host, m.owner_pid, m.lease", owner=self.owner
            ).consume()

        self.write(work)


def check_workspace(marker: Mapping[str, Any], workspace: str, at: Server) -> None:
    """Raise Refused where a marker is another workspace's."""
    if marker["workspace"] != workspace:
        whose = marker.get("title") or marker.get("area") or marker["workspace"]
        raise Refused(
            f"{at.url} holds another workspace ({whose}); publishing there would mix two areas' children.",
            "Publish to this workspace's own database: check the address and NEO4J_DATABASE.",
        )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
