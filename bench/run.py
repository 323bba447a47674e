"""From extract files to answers at the size of a city, measured: `make bench`, or `python bench/run.py --children 5000`.

Prints one Markdown table: the load (files to published embedded graph) with its peak memory, each question on the embedded
engine and on a real Neo4j beside plain SQL over the same tables, and the publish to Neo4j. Each step is a process of its
own, so that its peak memory is its own. Everything is written to a temporary directory, or to --keep.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

from measure import Measured, machine, measured

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "neo4j_server"))
import server  # noqa: E402 - the tests' Neo4j, from beside the tests

LARGE = 20_000
"""Children from which a first publish goes through Neo4j's importer: over Bolt it takes seven times as long."""
LASTSEEN = str(Path(sys.executable).parent / "lastseen")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--children", type=int, default=145_000)
    parser.add_argument("--no-neo4j", action="store_true", help="leave the server out (it takes most of the time)")
    parser.add_argument("--keep", type=Path, help="folder to work in and to leave as it is")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="lastseen-bench-") as temporary:
        work = (options.keep or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        print(f"{options.children:,} made-up children on {machine()}\n", flush=True)
        answers = {"Ladybug": embedded(work, options.children)}
        if not options.no_neo4j:
            answers["Neo4j"] = served(work, options.children > LARGE)
        questions(answers)


def embedded(work: Path, children: int) -> dict[str, Any]:
    """Make the extracts, load them, ask everything of the embedded engine."""
    city = [sys.executable, str(HERE / "city.py"), str(work / "extracts"), "--children", str(children)]
    made = measured(city, work / "city.log")
    print(made.output, flush=True)
    row("step", "seconds", "processor s", "peak MiB", "what")
    row("---", "---:", "---:", "---:", "---")
    home = work / "workspace"
    loaded = measured([LASTSEEN, "load", str(work / "extracts"), "--yes", "--workspace", str(home)], work / "load.log")
    step("extract files to published embedded graph", loaded, size(home))
    asked = measured([sys.executable, str(HERE / "questions.py"), str(home)], work / "questions.log")
    step("every question, embedded engine", asked, "two rounds each")
    return cast(dict[str, Any], json.loads(asked.output))


def served(work: Path, large: bool) -> dict[str, Any]:
    """Bring the build to an empty Neo4j (a large one by its own importer), publish, ask everything of it."""
    if large:
        imported(work)
    running = server.start(work / "neo4j", heap="4g", page_cache_mib=2048)
    try:
        environment = {"NEO4J_USER": "neo4j", "NEO4J_PASSWORD": running.password}
        command = [LASTSEEN, "publish", "--workspace", str(work / "workspace"), "--engine", running.url]
        first = "constraints and indexes only" if large else "an empty server, over Bolt"
        step("first publish to Neo4j", measured(command, work / "publish.log", environment), first)
        step("the same publish again", measured(command, work / "again.log", environment), "nothing changed")
        ask = [sys.executable, str(HERE / "questions.py"), str(work / "workspace"), running.url]
        asked = measured(ask, work / "asked.log", environment)
        step("every question, Neo4j", asked, "two rounds each; the client's memory")
    finally:
        running.stop()
    return cast(dict[str, Any], json.loads(asked.output))


def imported(work: Path) -> None:
    """The build as files, and those into a stopped server's data by Neo4j's own importer."""
    files = work / "files"
    command = [LASTSEEN, "publish", "--workspace", str(work / "workspace"), "--files", str(files)]
    exported = measured(command, work / "files.log")
    step("the build as files for Neo4j's importer", exported, "CSV")
    admin = shlex.split(next(line for line in exported.output.splitlines() if "neo4j-admin" in line).strip())
    started = time.perf_counter()
    done = server.admin(work / "neo4j", admin[admin.index("neo4j-admin") + 1 :], files)
    if done.returncode:
        sys.exit(f"The importer ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    row("Neo4j's importer", f"{time.perf_counter() - started:.1f}", "", "", "heap of 1 GiB")


def questions(answers: dict[str, dict[str, Any]]) -> None:
    """The table of questions; two engines whose rows differ are named, and the run fails."""
    plain = answers["Ladybug"].pop("plain SQL")
    print(f"\nnot_seen in plain DuckDB SQL over the same Parquet tables: {plain['seconds']:.2f} s, {plain['rows']} rows\n")
    row("question", "rows", *(f"{engine}, s" for engine in answers), *(["Neo4j / Ladybug"] if "Neo4j" in answers else []))
    row("---", *("---:" for _ in range(1 + len(answers) + (len(answers) > 1))))
    differ = []
    for name, embedded in answers["Ladybug"].items():
        cells = [f"{embedded['rows']:,}", f"{embedded['seconds']:.2f}"]
        if served := answers.get("Neo4j", {}).get(name):
            cells += [f"{served['seconds']:.2f}", f"{served['seconds'] / embedded['seconds']:.1f}"]
            if served["digest"] != embedded["digest"]:
                differ.append(name)
        row(name, *cells)
    print(f"\nnot_seen, Ladybug / plain SQL: {answers['Ladybug']['not_seen']['seconds'] / plain['seconds']:.1f}")
    if failed := {name for engine in answers.values() for name, one in engine.items() if one.get("failed")}:
        sys.exit(f"These could not be answered: {', '.join(sorted(failed))}")
    if differ:
        sys.exit(f"The two engines' rows differ for: {', '.join(differ)}")


def size(home: Path) -> str:
    """What stands in the workspace, in words."""
    command = [LASTSEEN, "status", "--workspace", str(home), "--format", "json"]
    status = json.loads(measured(command, home.parent / "status.log").output)
    nodes, edges = status["nodes"], status["edges"]
    return f"{sum(nodes.values()):,} nodes ({nodes['Contact']:,} contacts), {sum(edges.values()):,} edges"


def step(name: str, result: Measured, what: str) -> None:
    row(name, f"{result.seconds:.1f}", f"{result.processor_seconds:.1f}", f"{result.peak_mib:,.0f}", what)


def row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
