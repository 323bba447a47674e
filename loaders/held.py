"""A note of the lists that were held back (see `fewer`), for whoever did not run the command: `held.json` in the workspace.

Nothing depends on it. A note goes when its source and scope get a list of that day or later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from lastseen.graph.archive import Load, Workspace
from lastseen.graph.durable import write_atomically
from lastseen.loaders.fewer import Fall


@dataclass(frozen=True)
class Held:
    """One scope's list that was held back: rows of the table that fell most, then and now."""

    source: str
    scope: str
    extract_date: date
    files: list[str]
    table: str
    before: int
    now: int
    earlier_date: date
    held_at: datetime


_HELD = TypeAdapter(list[Held])


def held_back(workspace: Workspace) -> list[Held]:
    """What waits for a whole extract or for somebody's word, the oldest first; a spoilt note is as none."""
    try:
        return _HELD.validate_json(_path(workspace).read_bytes())
    except (OSError, ValidationError):
        return []


def note(workspace: Workspace, fell: Sequence[Fall]) -> None:
    """Note lists that are held back, in the place of older notes of the same source and scope. Inside `writing()`."""
    now = datetime.now(UTC)
    new = [
        Held(one.source, one.scope, one.later.extract_date, [file["name"] for file in one.later.files], one.most,
             *one.tables[one.most], one.earlier.extract_date, now)
        for one in fell
    ]  # fmt: skip
    again = {(one.source, one.scope) for one in new}
    _write(workspace, [*(one for one in held_back(workspace) if (one.source, one.scope) not in again), *new])


def settle(workspace: Workspace, loads: Sequence[Load]) -> None:
    """Drop the notes that these loads answer. Inside `writing()`."""
    noted = held_back(workspace)
    left = [
        one for one in noted
        if not any(one.source == load.source and one.scope in load.scopes and one.extract_date <= load.extract_date
                   for load in loads)
    ]  # fmt: skip
    if left != noted:
        _write(workspace, left)


def _path(workspace: Workspace) -> Path:
    return workspace.home / "held.json"


def _write(workspace: Workspace, held: Sequence[Held]) -> None:
    write_atomically(_path(workspace), _HELD.dump_json(list(held), indent=2).decode() + "\n")
