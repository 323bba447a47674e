"""Work that goes on after a command is done: the board's figures of a new graph, in a quiet process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastseen.graph.archive import Workspace

SWITCH = "LASTSEEN_BACKGROUND"
"""Environment variable: 0 leaves such work to whoever asks first."""
LOG = "background.log"
FEW = 2_000
"""People up to whom a board takes seconds: it is left to whoever asks for it."""
_QUIETLY = "import os; os.nice(10); from lastseen.cli import main; main()"


def work_out_board(archive: Workspace, months: int | None = None) -> None:
    """Have the board of the graph in use worked out (`months` back, else as many as the page shows), to be read only from then
    on. Nothing waits for it, and where it fails, or another change overtakes it, the first to ask works it out."""
    build = archive.current_build()
    if os.environ.get(SWITCH) == "0" or build is None or build.tables.count("Person") <= FEW:
        return
    command = [sys.executable, "-c", _QUIETLY, "board", "--format", "json", "--workspace", str(archive.home)]
    command += [] if months is None else ["--months", str(months)]
    try:
        log = os.open(archive.home / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError:
        return
    with os.fdopen(log, "wb") as messages:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages, start_new_session=True
        )
