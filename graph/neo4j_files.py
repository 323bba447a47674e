"""A build as files for Neo4j's own importer: the quick way to a first, large publish, into a stopped and empty database.

`neo4j-admin database import full` loads some seven times as fast as Bolt. The marker comes with the rows, so the next
`lastseen publish` finds the build there, adds the constraints and sends differences from then on.
"""

from __future__ import annotations

import csv
import shlex
from datetime import UTC, date, datetime
from pathlib import Path

from lastseen.graph.difference import LABELS
from lastseen.graph.duck import connect, quoted
from lastseen.graph.durable import private
from lastseen.graph.errors import Refused
from lastseen.graph.neo4j_publish import Edition, schema_hash
from lastseen.graph.neo4j_store import MARKER_LABEL
from lastseen.graph.schema import EDGES, NODES, Prop

_TYPES = {"text": "string", "date": "date", "int": "long", "bool": "boolean", "float": "double", "row": "long"}
_OPTIONS = ["--id-type=string", "--multiline-fields=true", "--bad-tolerance=0", "--skip-bad-relationships=false"]


def export_for_import(edition: Edition, directory: Path, today: date | None = None, database: str = "neo4j") -> str:
    """Write CSV files for the importer into an empty `directory` (made, private) and give the command to run there.

    Raises Refused where the directory holds anything. The files hold personal data: delete them after the import.
    """
    if directory.exists() and any(directory.iterdir()):
        raise Refused(f"{directory} holds other files.", "Give an empty or new folder.")
    day = today or date.today()
    with private():
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        with connect(directory, memory="1500MB") as connection:
            for name, node in NODES.items():
                ids = [f"id:ID({name})", *_typed({key: prop for key, prop in node.columns.items() if key != "id"})]
                _header(directory, name, [*ids, ":LABEL"])
                connection.execute(_copy(edition, name, f"*, {_labels(name, day)} AS labels", directory))
            for name, edge in EDGES.items():
                _header(directory, name, [f":START_ID({edge.start})", f":END_ID({edge.end})", *_typed(edge.columns)])
                connection.execute(_copy(edition, name, "*", directory))
        _write_marker(edition, directory, day)
    files = {name: f"{name}-header.csv,{name}.csv" for name in (*NODES, *EDGES)}
    nodes = [f"--nodes={files[name]}" for name in NODES]
    edges = [f"--relationships={name}={files[name]}" for name in EDGES]
    command = ["neo4j-admin", "database", "import", "full", database, *_OPTIONS]
    return shlex.join([*command, *nodes, f"--nodes={MARKER_LABEL}.csv", *edges])


def _typed(columns: dict[str, Prop]) -> list[str]:
    return [f"{column}:{_TYPES[prop.kind]}" for column, prop in columns.items()]


def _labels(name: str, day: date) -> str:
    if name != "Person":
        return f"'{name}'"
    on = f"DATE '{day.isoformat()}'"
    browsing = " || ".join(f"CASE WHEN {rule.format(day=on)} THEN ';{label}' ELSE '' END" for label, rule in LABELS.items())
    return f"'Person' || {browsing}"


def _copy(edition: Edition, name: str, columns: str, directory: Path) -> str:
    source, target = quoted(edition.tables.path(name)), quoted(directory / f"{name}.csv")
    return f"COPY (SELECT {columns} FROM read_parquet({source})) TO {target} (FORMAT csv, HEADER false)"


def _header(directory: Path, name: str, columns: list[str]) -> None:
    with open(directory / f"{name}-header.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(columns)


def _write_marker(edition: Edition, directory: Path, day: date) -> None:
    said = {
        "id:ID(marker)": "lastseen", "workspace": edition.workspace, "build": edition.build, "phase": "ready",
        "since": datetime.now(UTC).isoformat(), "day": day.isoformat(), "schema": schema_hash(), "area": edition.area,
        "title": edition.title, "fictional:boolean": "true" if edition.fictional else "false", ":LABEL": MARKER_LABEL,
    }
    if edition.default_as_at:
        said["default_as_at"] = edition.default_as_at.isoformat()
    with open(directory / f"{MARKER_LABEL}.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(said)
        csv.writer(file, quoting=csv.QUOTE_ALL).writerow(said.values())  # an unquoted empty title would be none at all
