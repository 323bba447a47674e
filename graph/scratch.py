"""Private folders for a while: an upload, a dry run, what a database spills. Gone when their work is; what a kill leaves is
swept by the next."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lastseen.graph.durable import hold_shared, is_held, private, remove_tree

YOUNG = 60
"""Seconds for which a folder is left alone, its maker may not hold it yet."""


@contextmanager
def scratch(home: Path | None) -> Iterator[Path]:
    """An empty folder that only its owner may enter: in the workspace `home`, or where there is none yet, or none that can
    be written, in the system's own place for such. It is removed with all in it when the block ends."""
    if home is None or not (home / "workspace.json").exists() or not os.access(home, os.W_OK):
        with tempfile.TemporaryDirectory(prefix="lastseen-") as name:
            yield Path(name)
        return
    with private():
        (home / "tmp").mkdir(mode=0o700, exist_ok=True)
        _sweep(home / "tmp")
        own = home / "tmp" / uuid.uuid4().hex
        own.mkdir(mode=0o700)
        (own / "held").touch(mode=0o600)
        (own / "work").mkdir(mode=0o700)
    held = hold_shared(own / "held")
    try:
        yield own / "work"
    finally:
        held.close()
        remove_tree(own)


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        try:
            old = time.time() - path.stat().st_mtime > YOUNG
        except FileNotFoundError:
            continue
        if old and not is_held(path / "held"):
            remove_tree(path)
