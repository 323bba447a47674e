"""A real Neo4j 5.26 for the tests, from Maven's jars: no Docker, no installed server.

Started on a free loopback port with a password made for the run; `stop` ends exactly the process that was started, and
the server ends by itself when the process that started it is gone (its standard input closes).
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import neo4j
from neo4j.exceptions import ServiceUnavailable

HERE = Path(__file__).parent
JAVA_OPENS = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED"]
START_SECONDS = 120


class CannotStart(Exception):
    """Why there is no server here, in words for the person who runs the tests."""


def jars() -> Path:
    """The folder of Neo4j's jars, fetched by Maven once a machine. Raises CannotStart where Java or Maven is missing."""
    for tool in ("java", "mvn"):
        if not shutil.which(tool):
            raise CannotStart(f"`{tool}` is not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lastseen-tests"
    cache.mkdir(parents=True, exist_ok=True)
    version = (HERE / "pom.xml").read_text().split("<artifactId>neo4j</artifactId><version>")[1].split("<")[0]
    folder = cache / f"neo4j-{version}"
    with (cache / "fetching.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = cache / f"neo4j-{version}.half"
            shutil.rmtree(half, ignore_errors=True)
            command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml")]
            command += ["dependency:copy-dependencies", f"-DoutputDirectory={half}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise CannotStart(f"Maven could not fetch the jars: {(done.stdout + done.stderr)[-500:]}")
            half.rename(folder)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server: its address, its password (user `neo4j`) and how to end it."""

    url: str
    password: str
    home: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Ends exactly this process at once: its data are thrown away, and a shutdown in order takes Neo4j 10 s."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


def start(home: Path, heap: str = "1g", page_cache_mib: int = 256) -> Server:
    """Start a server whose data lie in `home`, and wait until Bolt answers (about 10 s). The memory suits tests."""
    lib, port, password = jars(), free_port(), secrets.token_urlsafe(12)
    home.mkdir(parents=True, exist_ok=True)
    launch = [str(HERE / "Launch.java"), str(home), str(port), str(page_cache_mib)]
    command = ["java", f"-Xmx{heap}", *JAVA_OPENS, "-cp", f"{lib}/*", *launch]
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, env={**os.environ, "NEO4J_PASSWORD": password}
        )
    server = Server(f"bolt://127.0.0.1:{port}", password, home, process)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(server):
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            raise CannotStart(f"Neo4j did not start: {(home / 'server.log').read_text()[-800:]}")
        time.sleep(0.3)
    return server


def _answers(server: Server) -> bool:
    """Whether the launcher has set the password and Bolt takes it; asking earlier would count as a wrong password."""
    if b"READY" not in (server.home / "server.log").read_bytes():
        return False
    try:
        with neo4j.GraphDatabase.driver(server.url, auth=("neo4j", server.password)) as driver:
            driver.verify_connectivity()
    except ServiceUnavailable:
        return False
    return True


def admin(home: Path, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `neo4j-admin` (the same class, from the same jars) in `folder`, on a stopped server's home."""
    (home / "conf").mkdir(parents=True, exist_ok=True)
    command = ["java", "-Xmx1g", *JAVA_OPENS, "-cp", f"{jars()}/*", "org.neo4j.cli.AdminTool", *arguments]
    env = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=folder)


def main() -> None:
    """`make neo4j`: a server for trying things by hand, until Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="lastseen-neo4j-") as home:
        try:
            running = start(Path(home))
        except CannotStart as why:
            sys.exit(f"Neo4j could not be started: {why}")
        print(f"Neo4j answers at {running.url} until Ctrl-C; its data are thrown away. In another terminal:")
        print(f"  export NEO4J_USER=neo4j NEO4J_PASSWORD={running.password} LASTSEEN_ENGINE={running.url}", flush=True)
        try:
            running.process.wait()
        except KeyboardInterrupt:
            print("Stopping.")
        finally:
            running.stop()


if __name__ == "__main__":
    main()
