"""docker-compose.yml as far as it can be checked without an engine: well formed, and nothing starts without a password."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]


@pytest.fixture
def compose(need: Callable[[object, str], None], tmp_path: Path) -> Callable[[str | None], subprocess.CompletedProcess[str]]:
    """`compose(password)`: what `docker-compose config` makes of the file."""
    need(shutil.which("docker-compose"), "docker-compose is not installed")

    def config(password: str | None) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("NEO4J_", "LASTSEEN_", "COMPOSE_"))}
        if password is not None:
            env["NEO4J_PASSWORD"] = password
        command = ["docker-compose", "--file", str(ROOT / "docker-compose.yml"), "config"]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    return config


def test_without_a_password_nothing_starts(compose: Callable[[str | None], subprocess.CompletedProcess[str]]) -> None:
    for password in (None, ""):
        done = compose(password)
        assert done.returncode != 0
        assert "NEO4J_PASSWORD" in done.stderr


def test_with_a_password_the_file_is_whole_and_reachable_from_this_machine_only(
    compose: Callable[[str | None], subprocess.CompletedProcess[str]],
) -> None:
    done = compose("a-password-of-my-own")
    assert done.returncode == 0, done.stderr
    services: dict[str, Any] = yaml.safe_load(done.stdout)["services"]
    assert sorted(services) == ["app", "neo4j"]
    for service in services.values():
        assert service["ports"]
        assert all(str(port).startswith("127.0.0.1:") for port in service["ports"])
    assert services["neo4j"]["image"].startswith("neo4j:5.26")
    assert services["neo4j"]["healthcheck"]["test"]
    assert any(str(volume).startswith("neo4j-data:") for volume in services["neo4j"]["volumes"])


def test_what_the_image_is_made_of_gets_into_it() -> None:
    wanted = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sorted(name for name in wanted if not (ROOT / name).exists()) == []
