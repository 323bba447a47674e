"""Reaching a Neo4j server: its address, credentials from the environment, and its errors in our words.

The user, password and database come from NEO4J_USER, NEO4J_PASSWORD and NEO4J_DATABASE and appear in no address, error
or log. `neo4j://` addresses a cluster, `bolt://` one server; `+s` and `+ssc` are the encrypted ones.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import neo4j
from neo4j import exceptions as faults

from lastseen.graph.errors import LastseenError, NotAvailable, Refused
from lastseen.graph.statement import ASK_LESS, first_line

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_CONNECT_SECONDS = 15.0


ALONE = "Something else writes to that database. Publish again with --full."


class ClashError(NotAvailable):
    """The server does not hold what was published to it: a row finds no place there, or its place is taken."""


@dataclass(frozen=True)
class Server:
    """A server's address without credentials, for messages and as a key; and the database asked for, if any."""

    url: str
    database: str | None


def server(url: str) -> Server:
    """Check an address. Raises `Refused` for one that is not Neo4j's or that carries a password."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise Refused(
            "The server's address carries a user or password, which would end up in logs and in other people's lists.",
            "Leave them out and set NEO4J_USER and NEO4J_PASSWORD.",
        )
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise Refused(
            "That is not the address of a Neo4j server.", "Write it like neo4j+s://graph.example:7687 or bolt://127.0.0.1:7687."
        )
    return Server(url, os.environ.get("NEO4J_DATABASE") or None)


def connect(at: Server) -> neo4j.Driver:
    """A driver that has spoken to the server once. Raises `NotAvailable` when it is away or refuses the password."""
    password = os.environ.get("NEO4J_PASSWORD")
    auth = (os.environ.get("NEO4J_USER") or "neo4j", password) if password else None
    try:
        driver = neo4j.GraphDatabase.driver(
            at.url, auth=auth, user_agent="lastseen", connection_timeout=_CONNECT_SECONDS,
            connection_acquisition_timeout=2 * _CONNECT_SECONDS, max_transaction_retry_time=_CONNECT_SECONDS,
            notifications_min_severity="OFF",
        )
    except (faults.ConfigurationError, ValueError) as error:
        raise Refused(f"The address {at.url} is not one the driver understands.", "See `lastseen publish --help`.") from error
    try:
        with driver.session(database=at.database, default_access_mode=neo4j.READ_ACCESS) as session:
            session.run("RETURN 1").consume()
    except Exception as error:
        driver.close()
        raise said(error, at) from error
    return driver


def said(
    error: Exception, at: Server, cypher: str = "", parameters: Mapping[str, Any] | None = None, timeout: float | None = None
) -> LastseenError:
    """A driver's or server's error in our words: never a password, and of a statement only what is wrong with its text."""
    code = str(getattr(error, "code", None) or "")
    if isinstance(error, faults.AuthError) or ".Security." in code:
        return _security(code, at)
    if "TransactionTimedOut" in code or code.endswith("Transaction.Terminated"):
        seconds = f" than {timeout:g} seconds" if timeout else " than the server allows"
        return NotAvailable(f"The statement took longer{seconds} and was stopped.", ASK_LESS)
    if "DatabaseNotFound" in code or "DatabaseUnavailable" in code:
        return NotAvailable(f"{at.url} has no such database ready.", "Set NEO4J_DATABASE to one it has, or leave it unset.")
    if "ConstraintValidationFailed" in code:
        return ClashError(f"{at.url} holds something else under an id or key of this graph.", ALONE)
    if "OutOfMemory" in code:
        return NotAvailable("The statement needs more memory than the server gives it.", ASK_LESS)
    if isinstance(error, faults.DriverError | OSError | faults.TransientError):
        return NotAvailable(
            f"The server {at.url} can't be reached or stopped answering.", "Check the address and that it runs, then try again."
        )
    if code.endswith("Statement.AccessMode"):
        return Refused("The statement would write to the graph.", "It is only read here: change the records and load them.")
    if code.endswith(("SyntaxError", "SemanticError", "ParameterMissing", "ProcedureNotFound")):
        reason = first_line(str(getattr(error, "message", "")), cypher, parameters or {})
        return Refused(f"The statement was not understood: {reason}", "Check names with `lastseen schema`.")
    kind = code or type(error).__name__
    return Refused(f"The server could not run the statement ({kind}).", "Check it and the types of its parameters.")


def _security(code: str, at: Server) -> NotAvailable:
    if "RateLimit" in code:
        return NotAvailable(f"{at.url} takes no more tries now: too many wrong passwords.", "Wait, then set the right one.")
    if "Forbidden" in code:
        return NotAvailable(f"The user may not do this on {at.url}.", "Ask its administrator for the right.")
    return NotAvailable(f"{at.url} did not take the user and password.", "Set NEO4J_USER and NEO4J_PASSWORD.")
