"""A graph as built: kept beside older ones, current or not, and held by those who read it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from lastseen.graph.durable import hold_shared, write_atomically
from lastseen.graph.store import GraphTables


@dataclass(frozen=True)
class Build:
    """A graph made from `loads`; `tables` is the projection, `database` the embedded engine's file."""

    id: str
    directory: Path
    made_at: datetime
    loads: list[int]

    @property
    def tables(self) -> GraphTables:
        return GraphTables(self.directory / "tables")

    @property
    def database(self) -> Path:
        return self.directory / "ladybug.db"

    def hold(self) -> IO[bytes]:
        """Keep this build from being pruned until the returned file is closed (or the process ends)."""
        return hold_shared(self.directory / "held")


@dataclass(frozen=True)
class StagedBuild:
    """A finished build that is not current yet; `directory` is either staged or, where nothing changed, a kept build's."""

    id: str
    directory: Path
    loads: list[int]
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))


def read_build(directory: Path) -> Build | None:
    """The build in `directory`; None where there is none."""
    try:
        said = json.loads((directory / "build.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Build(said["id"], directory, datetime.fromisoformat(said["made_at"]), said["loads"])


def write_build(build: StagedBuild) -> None:
    """Say in its directory what a staged build is (a kept one says so already)."""
    (build.directory / "held").touch()
    if not (build.directory / "build.json").exists():
        said = {"id": build.id, "made_at": build.made_at.isoformat(), "loads": build.loads}
        write_atomically(build.directory / "build.json", json.dumps(said))
