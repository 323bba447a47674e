"""Private folders for a while: nobody else's, gone afterwards, and what a kill leaves is swept."""

from __future__ import annotations

import os
import time
from pathlib import Path

from lastseen.graph.archive import Workspace
from lastseen.graph.scratch import YOUNG, scratch


def test_a_folder_is_private_and_gone_with_its_block_whatever_happens(workspace: Workspace) -> None:
    with scratch(workspace.home) as folder:
        assert folder.is_relative_to(workspace.home / "tmp")
        assert (folder.stat().st_mode & 0o777, (workspace.home / "tmp").stat().st_mode & 0o777) == (0o700, 0o700)
        (folder / "upload.csv").write_text("x")
    assert [*(workspace.home / "tmp").iterdir()] == []
    try:
        with scratch(workspace.home) as folder:
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert not folder.exists()


def test_what_a_kill_left_is_swept_and_what_is_in_use_is_not(workspace: Workspace) -> None:
    left = workspace.home / "tmp" / "left"
    left.mkdir(parents=True)
    (left / "held").touch()
    (left / "upload.csv").write_text("x")
    with scratch(workspace.home) as used:
        assert left.exists(), "it may have been made this moment"
        past = time.time() - 2 * YOUNG
        for path in (left, used.parent):
            os.utime(path, (past, past))
        with scratch(workspace.home):
            assert not left.exists()
            assert used.exists()


def test_without_a_workspace_the_system_s_own_place_is_taken(tmp_path: Path) -> None:
    with scratch(tmp_path / "none") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
    assert not (tmp_path / "none").exists()
