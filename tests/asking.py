"""Stories of sources: hand-written files loaded by a shipped mapping, and a question's answer on the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from lastseen.graph.archive import Workspace
from lastseen.graph.publish import open_store
from lastseen.loaders.loading import LoadReport, load
from lastseen.queries.session import Session


class Told:
    """A workspace under `home` with files of one folder. `load` loads; `asked` opens the graph."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.workspace = Workspace.open(home / "workspace", create=True)

    def load(self, source: str, files: dict[str, str], extract_date: str | None = None, **options: Any) -> LoadReport:
        """Write `files` (name to text) into a folder of their own and load them as one extract of `source`."""
        folder = self.home / f"{len(list(self.home.iterdir()))}-{source}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        day = date.fromisoformat(extract_date) if extract_date else None
        return load(self.workspace, source, sorted(folder.iterdir()), extract_date=day, **options)

    @contextmanager
    def asked(self) -> Iterator[Session]:
        """The published graph, open."""
        session = Session(open_store(self.workspace), self.workspace)
        try:
            yield session
        finally:
            session.close()


def rows(answer: Any, *columns: str) -> list[tuple[Any, ...]]:
    """An answer's rows, only some columns."""
    return [tuple(row[column] for column in columns) for row in answer.rows]
