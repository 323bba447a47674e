"""The file `journal.sqlite` of a workspace: opened for what people decide, with private permissions and one clear error."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lastseen.graph.errors import NotAvailable, Refused


@contextmanager
def opened(path: Path, table: str) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction, with `table` (a CREATE TABLE IF NOT EXISTS) made. Raises `NotAvailable`."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=30)
    except (OSError, sqlite3.Error) as error:
        raise NotAvailable(f"The journal {path} can't be opened.", "Ask for rights to the workspace's folder.") from error
    try:
        with connection:
            connection.execute(table)
            yield connection
    except sqlite3.DatabaseError as error:
        raise NotAvailable(f"The journal {path} can't be read or written.", "Restore it from a backup.") from error
    finally:
        connection.close()


def must_say_who_and_why(by: str, reason: str) -> None:
    """Raise `Refused` where a decision comes without a name or a reason."""
    if not by.strip() or not reason.strip():
        raise Refused("A decision needs the name of who makes it and a reason.", "Give both.")
