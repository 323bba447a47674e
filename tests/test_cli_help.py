"""The command line as a stranger meets it: help for everything, nothing on the wrong stream, exit codes as promised."""

from __future__ import annotations

import csv
import inspect
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from lastseen.cli import app
from lastseen.graph.schema import EDGES, NODES

ROOT = Path(__file__).parents[1]
LASTSEEN = Path(sys.executable).with_name("lastseen")
PROMISED = [
    "demo", "load", "sources", "loads", "unload", "publish", "status", "check", "schema", "questions", "ask", "cypher", "find",
    "history", "network", "match", "app",
]  # fmt: skip
HEAVY = ("duckdb", "ladybug", "neo4j", "pandas", "pyarrow", "streamlit", "rich")
run = CliRunner().invoke


def every_command(group: Any, name: str = "lastseen") -> Iterator[tuple[str, Any]]:
    """Every command and group below `group`, by the words that call it."""
    yield name, group
    for part, command in getattr(group, "commands", {}).items():
        yield from every_command(command, f"{name} {part}")


COMMANDS = dict(every_command(typer.main.get_command(app)))


def test_every_promised_command_is_there() -> None:
    assert [name for name in PROMISED if f"lastseen {name}" not in COMMANDS] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_option_and_argument_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert (command.help or "").strip()
    silent = [part.name for part in command.params if not getattr(part, "help", None)]
    assert silent == []
    done = run(app, [*name.split()[1:], "--help"])
    assert done.exit_code == 0
    assert inspect.cleandoc(command.help).split("\n")[0][:40] in done.stdout


@pytest.mark.parametrize("name", [name for name in COMMANDS if not hasattr(COMMANDS[name], "commands")])
def test_every_commands_first_line_fits_the_list_of_commands(name: str) -> None:
    first = inspect.cleandoc(COMMANDS[name].help).split("\n")[0]
    assert len(first) <= 62, first
    assert first.endswith(".")


def test_every_command_is_in_the_administrators_or_a_users_guide() -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
    leaves = [name for name in COMMANDS if not hasattr(COMMANDS[name], "commands")]
    assert [name for name in leaves if name not in guides] == []


READING = ("ask", "cypher", "find", "history", "network", "status", "check", "app", "publish")


@pytest.mark.parametrize("name", READING)
def test_every_command_that_reads_takes_workspace_and_engine(name: str) -> None:
    options = {option for part in COMMANDS[f"lastseen {name}"].params for option in part.opts}
    assert {"--workspace", "--engine"} <= options


@pytest.mark.parametrize("name", ["ask", "cypher", "find", "history", "network"])
def test_every_command_that_asks_takes_a_day(name: str) -> None:
    assert "--as-at" in {option for part in COMMANDS[f"lastseen {name}"].params for option in part.opts}


def test_help_is_there_at_once() -> None:
    subprocess.run([LASTSEEN, "--help"], check=True, capture_output=True)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([LASTSEEN, "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.8


def test_help_loads_none_of_the_heavy_libraries() -> None:
    code = f"import sys, lastseen.cli; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "[]"


def test_a_question_to_the_embedded_graph_does_not_wait_for_libraries_it_does_not_need() -> None:
    code = "import sys, lastseen.queries.session; print([m for m in ('pandas', 'scipy', 'neo4j') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "[]"


def test_no_command_at_all_shows_the_help_and_is_wrong_use() -> None:
    done = run(app, [])
    assert done.exit_code == 2
    assert "Usage" in done.output


@pytest.mark.parametrize(
    "words", [["asq"], ["ask"], ["ask", "not_seen", "--nonsense"], ["ask", "not_seen", "--format", "xml"], ["unload", "one"]]
)
def test_wrong_use_exits_with_two_and_says_nothing_on_stdout(words: list[str]) -> None:
    done = run(app, words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Usage" in done.stderr


@pytest.mark.parametrize("day", ["20/07/2018", "2018-7-2", "20180720", "2018-02-30", "today", ""])
def test_a_day_is_written_in_one_way_only(day: str) -> None:
    done = run(app, ["ask", "not_seen", "--as-at", day])
    assert done.exit_code == 2
    assert "YYYY-MM-DD" in done.stderr


@pytest.mark.parametrize("setting", ["days", "=3", " =3"])
def test_a_setting_without_name_and_value_is_refused(setting: str) -> None:
    done = run(app, ["ask", "not_seen", "--set", setting])
    assert done.exit_code == 2
    assert "--set name=value" in done.stderr


def test_a_parameter_set_twice_is_refused() -> None:
    done = run(app, ["ask", "not_seen", "--set", "days=3", "--set", "days=4"])
    assert done.exit_code == 2
    assert "'days' is set twice" in done.stderr


@pytest.mark.parametrize("name", ["as_at", "name", "self"])
def test_a_parameter_no_question_can_have_is_refused(name: str) -> None:
    done = run(app, ["ask", "not_seen", "--set", f"{name}=2018-01-01"])
    assert done.exit_code == 2
    assert "--as-at" in done.stderr


def test_the_version_is_shown() -> None:
    done = run(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout.startswith("lastseen 0.")


# --- what needs no workspace --------------------------------------------------------------------------------------


def test_the_vocabulary_as_json_holds_every_type_and_property() -> None:
    said = json.loads(run(app, ["schema", "--format", "json"]).stdout)
    assert {name: list(entry["properties"]) for name, entry in said["nodes"].items()} == {
        node.name: list(node.columns) for node in NODES.values()
    }
    assert {name: (entry["from"], entry["to"]) for name, entry in said["edges"].items()} == {
        edge.name: (edge.start, edge.end) for edge in EDGES.values()
    }


def test_the_vocabulary_as_csv_has_a_row_a_property() -> None:
    rows = list(csv.DictReader(io.StringIO(run(app, ["schema", "--format", "csv"]).stdout)))
    assert len(rows) == sum(len(kind.columns) for kind in (*NODES.values(), *EDGES.values()))


def test_the_questions_as_json_keep_the_promised_keys() -> None:
    said = json.loads(run(app, ["questions", "--format", "json"]).stdout)
    assert {"not_seen", "contact_history", "find_person"} <= {entry["name"] for entry in said}
    assert all(list(entry) == ["name", "title", "question", "parameters", "columns"] for entry in said)


def test_the_questions_as_a_table_show_each_default() -> None:
    done = run(app, ["questions"])
    assert done.exit_code == 0
    assert "level=3, days=365" in done.stdout


def test_the_sources_are_listed_with_what_each_can_tell() -> None:
    said = json.loads(run(app, ["sources", "--format", "json"]).stdout)
    assert {"gp_list", "health_visiting", "attendance"} <= {entry["source"] for entry in said}
    assert all(entry["doc"] and entry["registers"] for entry in said)
