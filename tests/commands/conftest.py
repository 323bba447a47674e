"""A demonstration workspace made once by the command itself, and a way to call commands as a shell does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lastseen.cli import app
from lastseen.graph.archive import Workspace
from lastseen.graph.publish import publish_to

Lastseen = Callable[..., Result]
NO_SHARED_DATA = "no-such-folder"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None of the caller's own settings reach a test, and logs go where they are thrown away."""
    for name in ("LASTSEEN_HOME", "LASTSEEN_ENGINE", "LASTSEEN_DEBUG", "LASTSEEN_USER", "LASTSEEN_SHARED_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """What `lastseen demo --headless` said, and the folder it filled (without POLE)."""
    root = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(app, ["demo", "--headless", "--workspace", str(root), "--shared-data", NO_SHARED_DATA])
    assert done.exit_code == 0, done.output
    return done, root


@pytest.fixture(scope="session")
def larch_court(demonstration: tuple[Result, Path]) -> Path:
    """The Larch Court workspace: to be read, not changed."""
    return demonstration[1] / "larch-court"


@pytest.fixture
def own_larch_court(larch_court: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(larch_court, tmp_path / "larch-court"))


@pytest.fixture
def extracts(demonstration: tuple[Result, Path]) -> Path:
    """The extract files that Larch Court was loaded from."""
    return demonstration[1] / "extracts" / "larch-court"


@pytest.fixture
def lastseen() -> Lastseen:
    """`lastseen("ask", "not_seen")`: exit code, stdout and stderr of the command, run in this process."""
    return lambda *words, **more: CliRunner().invoke(app, [str(word) for word in words], **more)


@pytest.fixture
def server_of_larch_court(larch_court: Path, clean_neo4j: str) -> str:
    """A Neo4j server that holds Larch Court."""
    publish_to(Workspace.open(larch_court), clean_neo4j)
    return clean_neo4j


@pytest.fixture(params=["ladybug", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def reading(request: pytest.FixtureRequest, larch_court: Path) -> list[str]:
    """The options that read Larch Court on each engine; on the server without any workspace."""
    if request.param == "ladybug":
        return ["--workspace", str(larch_court)]
    return ["--engine", request.getfixturevalue("server_of_larch_court")]
