"""`lastseen publish --files`: the importer's files, and the command that takes them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result


def test_files_for_neo4js_importer_come_with_the_command_alone_on_stdout(
    lastseen: Callable[..., Result], own_larch_court: Path, tmp_path: Path
) -> None:
    done = lastseen("publish", "--files", tmp_path / "files", "--workspace", own_larch_court)
    assert done.exit_code == 0, done.stderr
    (line,) = done.stdout.splitlines()
    named = [part.split("=")[-1] for part in shlex.split(line) if part.startswith(("--nodes=", "--relationships="))]
    assert sorted(name for group in named for name in group.split(",")) == sorted(
        path.name for path in (tmp_path / "files").iterdir()
    )
    again = lastseen("publish", "--files", tmp_path / "files", "--workspace", own_larch_court)
    assert again.exit_code == 2
    assert "other files" in again.stderr
