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
_QUIETLY = "import os; os.nice(10); from lastseen.cli import main; main()"


def work_out_board(archive: Workspace) -> None:
    """Have the board of the graph in use worked out; its page and command then only read. Nothing waits for it, and where it
    fails, or another change overtakes it, the first to ask works it out."""
    if os.environ.get(SWITCH) == "0" or not archive.loads():
        return
    command = [sys.executable, "-c", _QUIETLY, "board", "--format", "json", "--workspace", str(archive.home)]
    try:
        log = os.open(archive.home / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError:
        return
    with os.fdopen(log, "wb") as messages:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages, start_new_session=True
        )
