"""From records to graph tables: folding, identity and projection in one DuckDB, one Parquet file a label and a type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from lastseen.graph.archive import Workspace
from lastseen.graph.casebook import Casebook
from lastseen.graph.consistency import refuse_inconsistent
from lastseen.graph.duck import connect, quoted
from lastseen.graph.durable import remove_tree
from lastseen.graph.edges import EDGES_SQL, NODES_SQL, WITHIN_ONE, make_agencies, make_workers
from lastseen.graph.errors import NotAvailable
from lastseen.graph.folding import fold
from lastseen.graph.identity import Linker, RuleLinker
from lastseen.graph.journal import Journal
from lastseen.graph.loads import Load
from lastseen.graph.lookups import add_lookups
from lastseen.graph.people import make_persons, make_records
from lastseen.graph.places import resolve_places
from lastseen.graph.rows import SEPARATOR
from lastseen.graph.schema import EDGES, NODES, Prop
from lastseen.graph.store import GraphTables, table_schema
from lastseen.graph.withholding import make_withheld

ROW_GROUP = 122_880
_WHO = ("Record", "IDENTIFIES")
"""Not withdrawn with a row: the same row may say who somebody is."""
_ROW = re.compile(r"\d+:[^:]+:\d+")
_UPHELD = pa.schema([("load", pa.int64()), ("file", pa.string()), ("line", pa.int64()), ("day", pa.date32())])
_OF_PARTICIPANTS = ("ABOUT", "LIVES_AT")
"""Written first, so that the largest folded table can go before the rest."""
_SQL_KIND = {"text": "VARCHAR", "date": "DATE", "int": "BIGINT", "bool": "BOOLEAN", "float": "DOUBLE", "row": "BIGINT"}


def project(
    workspace: Workspace,
    loads: Sequence[Load],
    directory: Path,
    progress: Callable[[str], None] | None = None,
    linker: Linker | None = None,
) -> GraphTables:
    """Make every graph table of `loads` in `directory`, with `possible.parquet` (pairs that wait for a person's word: record_a,
    record_b, why, same_birth_date, same_home, same_mother) and `report.json` (what disagreed or could not be used) beside them.

    Only extract dates, not the order of loading, decide what comes out. Raises Refused, with counts, where the tables would be
    inconsistent.
    """
    say = progress or (lambda _: None)
    directory.mkdir(parents=True, exist_ok=True)
    work = directory / ".work"
    work.mkdir(exist_ok=True)
    try:
        with connect(work) as connection:
            connection.execute("SET preserve_insertion_order = false")
            report: dict[str, object] = {}
            say("folding records")
            unused = fold(connection, loads)
            _add_loads(connection, loads, workspace.settings.expected_every)
            settings = workspace.settings
            add_lookups(connection, workspace)
            resolve_places(connection, settings)
            make_agencies(connection)
            make_workers(connection)
            report["disputes upheld"] = _add_upheld(connection, Casebook(workspace.journal).withdrawn())
            say("resolving people")
            linked = (linker or RuleLinker()).link(connection, Journal(workspace.journal).standing())
            if make_withheld(connection):  # only now: that two records share a home tells who is who
                resolve_places(connection, settings, withheld=True)
            say("writing graph tables")
            make_records(connection)
            report["birth dates differ"] = make_persons(connection, settings.term_starts)
            report |= {"unused": unused, "relations of somebody with themselves": _number(connection, WITHIN_ONE), **linked}
            tables = GraphTables(directory)
            # Else DuckDB marks a column "not null" where this build's rows happen to have no null, and schemas would differ.
            connection.execute("SET disabled_optimizers = 'statistics_propagation'")
            for name in (*_OF_PARTICIPANTS, *(name for name in (*NODES, *EDGES) if name not in _OF_PARTICIPANTS)):
                _write(connection, name, tables.path(name))
                if name == _OF_PARTICIPANTS[-1]:
                    connection.execute("DROP TABLE event_participants")
            possible = quoted(directory / "possible.parquet")
            connection.execute(f"COPY (FROM possible ORDER BY ALL) TO {possible} (FORMAT parquet)")
            connection.execute("RESET disabled_optimizers")
            report["possible matches"] = _number(connection, "SELECT count(*) FROM possible")
            (directory / "report.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
            say("checking graph tables")
            refuse_inconsistent(connection, tables)
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise NotAvailable(
            f"The graph tables could not be made: {type(error).__name__}.", "Free memory or disk space; nothing was changed."
        ) from error
    finally:
        remove_tree(work)
    return tables


def _write(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """One graph table. An edge's key is 63 bits of a hash, eight bytes in both engines. By chance two keys of one type are
    equal in one of some 250,000 graphs with three types of five million edges each; `consistency` refuses such a graph."""
    if name in NODES:
        sql, columns, key, ends = NODES_SQL[name], NODES[name].columns, "", ""
    else:
        sql, columns, ends = EDGES_SQL[name], EDGES[name].columns, '"from", "to", '
        parts = f"""'{name}|' || "from" || '|' || "to" || '|' || row || mark"""
        # not by DuckDB's own numbers of md5: their order of bytes is nobody's promise, and they take twice the time
        key = f"(('0x' || left(md5({parts}), 16))::UBIGINT >> 1)::BIGINT AS key, "
    said = set(connection.execute(f"DESCRIBE {sql}").df()["column_name"])
    if name not in _WHO and {"withdrawn_on", "row"} <= said:
        sql = (
            f"SELECT t.* REPLACE (least(t.withdrawn_on, u.day) AS withdrawn_on) FROM ({sql}) t"
            " LEFT JOIN upheld u ON u.row = t.row"
        )
    listed = ", ".join(_column(column, prop, said) for column, prop in columns.items() if column != "key")
    connection.execute(
        f"COPY (SELECT {ends}{key}{listed} FROM ({sql})) TO {quoted(path)} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})"
    )


def _add_upheld(connection: duckdb.DuckDBPyConnection, withdrawn: Mapping[str, date]) -> int:
    """The table `upheld`: rows that a person found to be wrong, and the day from which each no longer counts. Returns how many
    rows there are; one of a load that was taken back is not among them."""
    rows = [
        {"load": int(load), "file": file, "line": int(line), "day": day}
        for (load, file, line), day in ((row.split(":", 2), day) for row, day in withdrawn.items() if _ROW.fullmatch(row))
    ]
    given = pa.Table.from_pylist(rows, schema=_UPHELD)
    connection.register("given", given)
    connection.execute(
        "CREATE OR REPLACE TABLE upheld AS SELECT l.first + g.line AS row, min(g.day) AS day FROM given g"
        " JOIN load_file l ON l.load = g.load AND l.file = g.file GROUP BY ALL"
    )
    connection.unregister("given")
    return _number(connection, "SELECT count(*) FROM upheld")


def _column(column: str, prop: Prop, said: set[str]) -> str:
    kind = _SQL_KIND[prop.kind]
    return f'"{column}"::{kind} AS "{column}"' if column in said else f'NULL::{kind} AS "{column}"'


def _add_loads(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load], cadence: Mapping[str, int]) -> None:
    """The Load nodes, and how far each source is trusted with birth dates."""
    files: dict[int, list[str]] = {load.n: [] for load in loads}
    for n, name in connection.execute("SELECT load, file FROM load_file ORDER BY load, place").fetchall():
        files[n].append(name)
    rows = [{
        "id": f"load:{load.n}", "source": load.source, "scope": ", ".join(load.scopes), "shape": load.shape,
        "extract_date": load.extract_date, "covers_from": load.covers_from, "covers_to": load.covers_to, "rows_read": load.read,
        "rows_kept": load.kept, "rows_rejected": load.rejected, "registers": " ".join(load.registers), "lag": load.lag,
        "expected_every": cadence.get(load.source, load.expected_every), "files": SEPARATOR.join(files[load.n]),
    } for load in loads]  # fmt: skip
    trust = [{"source": load.source, "trust": load.trust} for load in loads]
    for table, given in (
        ("load_node", pa.Table.from_pylist(rows, schema=table_schema("Load"))),
        ("all_trust", pa.Table.from_pylist(trust, schema=pa.schema([("source", pa.string()), ("trust", pa.int64())]))),
    ):
        connection.register("given", given)
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM given")
        connection.unregister("given")
    connection.execute(
        "CREATE OR REPLACE TABLE source_trust AS SELECT source, min(trust) AS trust FROM all_trust GROUP BY source"
    )


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0
