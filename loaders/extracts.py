"""One extract, from its files to a staged load: read, tidied, judged, dated, gathered and written, or refused whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import duckdb

from lastseen.graph.archive import FileSeen, Load, Settings, StagedLoad
from lastseen.graph.duck import connect, quoted
from lastseen.graph.errors import Refused
from lastseen.graph.records import TABLES
from lastseen.graph.store import Progress
from lastseen.loaders import gathering, rejects
from lastseen.loaders.checking import BORN_TWICE, DIFFERS, late_faults, positions, row_faults
from lastseen.loaders.dating import Told, extract_date_of, period_of, scopes_of
from lastseen.loaders.expressions import Compiler, columns_of
from lastseen.loaders.gathering import Sheet
from lastseen.loaders.inputs import row_name, seen
from lastseen.loaders.kinds import Table, delimiter_of, tables_of
from lastseen.loaders.mapping_model import Mapping
from lastseen.loaders.reading import read_rows
from lastseen.loaders.rejects import Origin
from lastseen.loaders.tidying import SUSPECT, prepare, typed

MEMORY = "1500MB"
"""DuckDB's own bound; blocks of text and Arrow's columns come on top."""


@dataclass(frozen=True)
class Extract:
    """Files that are one extract of a source together; nearly always one file."""

    mapping: Mapping
    inputs: list[Path]

    @property
    def names(self) -> str:
        return ", ".join(path.name for path in self.inputs)


@dataclass
class Staged:
    """A staged load, and what is to be said about it."""

    staged: StagedLoad
    load: Load
    warnings: list[str]


@dataclass
class _Work:
    """What one extract's steps share."""

    extract: Extract
    connection: duckdb.DuckDBPyConnection
    work: Path
    progress: Progress
    scope: str | None
    sheets: list[Sheet] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    read: int = 0
    warnings: list[str] = field(default_factory=list)


def stage_extract(
    extract: Extract, staged: StagedLoad, settings: Settings, extract_date: date | None, scope: str | None, progress: Progress
) -> Staged:
    """Stage one extract as a load. Raises Refused where it can't be taken; the caller discards what was staged."""
    files = [seen(path) for path in extract.inputs]
    connection = connect(staged.work, memory=MEMORY)
    try:
        work = _Work(extract, connection, staged.work, progress, scope)
        prepare(connection)
        rejects.begin(connection)
        for number, table in enumerate(_open(work)):
            _read(work, number, table)
        told = _judge(work, extract_date)
        return _finish(work, staged, settings, files, told)
    finally:
        connection.close()


def _open(work: _Work) -> list[Table]:
    """All tables of the extract with their kinds; headers are checked before any row is read."""
    mapping = work.extract.mapping
    tables, left = [], []
    for path in work.extract.inputs:
        if _is_ignored(mapping, path):
            left.append(row_name(path.name))
            continue
        work.progress(f"Opening {path.name}")
        found, unused = tables_of(path, mapping, work.work)
        tables += found
        left += unused
    if not tables:
        raise Refused(f"{work.extract.names} holds no file of {mapping.source}.", "Give the source that it comes from.")
    there = [table.kind for table in tables]
    missing = [kind.label for kind in mapping.files if kind.required and kind.is_table and kind not in there]
    if missing:
        work.warnings.append(f"{work.extract.names}: no file like {', '.join(missing)}; what it would tell is not loaded.")
    if left:
        parts = "part is" if len(left) == 1 else "parts are"
        work.warnings.append(f"{work.extract.names}: {len(left)} {parts} not used ({', '.join(left[:3])} …).")
    # Where several files name one record, the kind that the mapping puts first says it.
    return sorted(tables, key=lambda one: mapping.files.index(one.kind))


def _is_ignored(mapping: Mapping, path: Path) -> bool:
    """Whether a file is one that the mapping leaves out on purpose (and no kind of file that it reads)."""
    name = row_name(path.name)
    return any(fnmatch(name, ignored) for ignored in mapping.ignores) and not any(
        fnmatch(name, kind.match) for kind in mapping.files
    )


def _read(work: _Work, number: int, table: Table) -> None:
    """Read and type one table; rows with faults are listed in `bad`."""
    mapping, connection, text, kind, header = work.extract.mapping, work.connection, table.text, table.kind, table.header
    work.progress(f"Reading {text.name}")
    found = positions(kind, header, text.name)
    absent = [column for column, said in kind.columns.items() if column not in found and not said.parent]
    if absent:
        work.warnings.append(f"{text.name} has no column {', '.join(absent)}; what it would tell is not loaded.")
    if text.encoding != "UTF-8":
        work.warnings.append(f"{text.name} was read as {text.encoding}.")
    raw = read_rows(text, header, delimiter_of(text, kind), list(found.values()), work.work / f"table-{number}")
    if not raw.read and not kind.may_be_empty:
        raise Refused(f"{text.name} has a header and no rows.", "Have the extract made again: an empty one empties answers.")
    work.read += raw.read
    compiler = Compiler(kind, {column: i for i, column in enumerate(kind.columns)})
    path = work.work / f"typed-{number}.parquet"
    work.progress(f"Checking {raw.read:,} rows of {text.name}")
    query = typed(connection, f"read_parquet({quoted(raw.path)})", kind, mapping, [*found], text)
    hashes = "".join(f", {sql} AS h{i}" for i, sql in enumerate(compiler.hashes))
    connection.execute(f"COPY (SELECT *{hashes} FROM ({query})) TO {quoted(path)} (FORMAT parquet)")
    rows = f"read_parquet({quoted(path)})"
    cases = ", ".join(row_faults(compiler)) or "NULL"
    connection.execute(f"""
        INSERT INTO bad SELECT * FROM (
            SELECT {number}, line, begins, size, CASE WHEN faults <> '' THEN faults ELSE concat_ws(';', {cases}) END AS found
            FROM {rows}) WHERE found <> ''
        UNION ALL SELECT {number}, line, begins, size, ':' || fault FROM read_parquet({quoted(raw.broken)})
    """)
    raw.path.unlink()
    only = ""
    if kind.latest:
        of, by = (compiler.number[column] for column in (kind.latest.of, kind.latest.by))
        only = f" QUALIFY row_number() OVER (PARTITION BY v{of} ORDER BY v{by} DESC NULLS LAST, line DESC) = 1"
    good = f"ANTI JOIN (SELECT line FROM bad WHERE sheet = {number}) USING (line)"
    unique = gathering.unique_columns(connection, compiler, rows)
    work.sheets.append(Sheet(number, text.name, compiler, f"(SELECT * FROM {rows} {good}{only})", work.scope, unique))
    work.origins.append(Origin(text, dict(enumerate(kind.columns))))


def _judge(work: _Work, given: date | None) -> Told:
    """Date the extract, and reject what it can't have known and what contradicts an earlier row of it."""
    mapping = work.extract.mapping
    found, said = extract_date_of(work.connection, mapping, work.sheets, given, work.extract.names)
    work.connection.execute(f"SET VARIABLE extract_date = DATE '{found}'")
    work.warnings += said
    for sheet in work.sheets:
        cases = ", ".join(late_faults(sheet.compiler, found))
        if cases:
            work.connection.execute(f"""
                INSERT INTO bad SELECT * FROM (
                    SELECT {sheet.number}, line, begins, size, concat_ws(';', {cases}) AS found FROM {sheet.rows})
                WHERE found <> ''
            """)
    # One name for two children in one register would hide the second; in a list of events the first birth date is taken.
    strict = [("contacts", ["occurred_on", "kind"], DIFFERS)]
    strict += [("people", ["born_on"], BORN_TWICE)] if mapping.shape == "snapshot" else []
    for table, facts, fault in strict:
        gathered = gathering.gather(work.connection, work.sheets, table)
        rows = gathering.clashes(work.connection, gathered, facts) if gathered else []
        if rows:
            _reject(work, rows, fault)
            gathering.forget_months(work.connection)
    return Told(found, *period_of(work.connection, mapping, work.sheets, found, work.warnings),
                scopes_of(work.connection, work.sheets, work.scope, work.extract.names))


def _reject(work: _Work, rows: Sequence[tuple[str, int]], fault: str) -> None:
    for sheet in work.sheets:
        lines = [line for name, line in rows if name == sheet.name]
        if lines:
            work.connection.execute(
                f"INSERT INTO bad SELECT {sheet.number}, line, begins, size, ':{fault}' FROM {sheet.rows} WHERE line IN "
                "(SELECT unnest(?))", [lines],
            )


def _finish(work: _Work, staged: StagedLoad, settings: Settings, files: list[FileSeen], told: Told) -> Staged:
    mapping, connection = work.extract.mapping, work.connection
    rejected = _count(connection, "SELECT count(*) FROM bad")
    if not work.read:
        raise Refused(f"{work.extract.names} has headers and no rows.", "Have the extract made again.")
    if rejected > settings.refuse_share * work.read or rejected == work.read:
        few = "\n".join(f"  - {one}" for one in rejects.first_few(connection, work.origins))
        raise Refused(
            f"{work.extract.names}: {rejected} of {work.read} rows can't be taken, more than {settings.refuse_share:.0%}. "
            f"Nothing was loaded. The first:\n{few}\n", "Mend the extract, or check that it is of the source named.",
        )
    work.progress(f"Keeping {work.read - rejected:,} rows of {work.extract.names}")
    for table in TABLES:
        gathered = gathering.gather(connection, work.sheets, table)
        if gathered:
            if table == "contacts" and len(work.sheets) > 1 and (unmet := gathering.unmet_contacts(connection, gathered)):
                work.warnings.append(f"{work.extract.names}: {unmet} contacts have neither day nor kind and are left out.")
            gathering.write(connection, gathered, staged)
    work.warnings += _suspects(work)
    if rejected and mapping.shape == "snapshot":
        _write_unread(work, staged, told.scopes)
    if rejected:
        rejects.write(connection, work.origins, staged.directory / "rejected.csv")
    unchanged = [seen(path) for path in work.extract.inputs]
    if unchanged != files:
        raise Refused(f"{work.extract.names} changed while it was read.", "Load it again when it is complete.")
    load = staged.finish({
        "source": mapping.source, "shape": mapping.shape, "scopes": told.scopes, "extract_date": told.extract_date,
        "covers_from": told.covers_from, "covers_to": told.covers_to, "lag": mapping.lag,
        "expected_every": settings.expected_every.get(mapping.source, mapping.expected_every),
        "registers": mapping.registers, "trust": mapping.trust, "files": files, "read": work.read,
        "kept": work.read - rejected, "rejected": rejected, "reasons": rejects.reasons(connection, work.origins),
        "mapping_version": mapping.version,
    })
    return Staged(staged, load, work.warnings)


def _write_unread(work: _Work, staged: StagedLoad, scopes: Sequence[str]) -> None:
    """Who stands on a list in a rejected row whose id can be read, and in no other: they have not left it."""
    sheets = [
        replace(sheet, rows=f"(SELECT * FROM read_parquet({quoted(work.work / f'typed-{sheet.number}.parquet')}) SEMI JOIN "
                            f"(SELECT line FROM bad WHERE sheet = {sheet.number}) USING (line))")
        for sheet in work.sheets
    ]  # fmt: skip
    gathered = gathering.gather(work.connection, sheets, "people")
    if gathered and (staged.directory / "people.parquet").exists():
        staged.write_query(work.connection, "unread", f"""
            SELECT min_by(u.file, (u.file, u.line)) AS file, min_by(u.line, (u.file, u.line)) AS line, u.scope, u.person
            FROM {gathered.sql} u ANTI JOIN read_parquet({quoted(staged.directory / 'people.parquet')}) p
                ON p.person = u.person AND p.scope IS NOT DISTINCT FROM u.scope
            WHERE u.person IS NOT NULL AND u.scope IN ({", ".join(quoted(scope) for scope in scopes)})
            GROUP BY u.scope, u.person
        """, ["file", "line", "scope", "person"])  # fmt: skip


def _suspects(work: _Work) -> list[str]:
    """Identifiers and postcodes that are kept although they look wrong, and cells that are kept as text."""
    said = []
    for sheet in work.sheets:
        templates = [template for _, _, template in sheet.compiler.file.templates()]
        used = {name for template in templates for expr in template.columns.values() for name in columns_of(expr)}
        for number, (name, column) in enumerate(sheet.compiler.file.columns.items()):
            if column.broken:
                wrong = _count(work.connection, f"SELECT count(v{number}) FROM {sheet.rows}")
                kept = "they are kept as text" if name in used else "their rows are kept without what these would tell"
                if wrong:
                    said.append(f"{sheet.name}, {column.broken}: {wrong} cells are not JSON; {kept}.")
            checks = [(macro, what) for kind, macro, what in SUSPECT if kind == column.kind]
            if checks:
                each = f"SELECT v{number} AS v, count(*) AS n FROM {sheet.rows} GROUP BY v"
                if f"v{number}" in sheet.unique:
                    each = f"SELECT v{number} AS v, 1 AS n FROM {sheet.rows}"
                counts = ", ".join(f"coalesce(sum(n) FILTER (NOT {macro}(v)), 0)" for macro, _ in checks)
                wrongs = work.connection.execute(f"SELECT {counts} FROM ({each})").fetchone() or ()
                said += [f"{sheet.name}, {name}: {wrong} {what}; they are kept as written."
                         for wrong, (_, what) in zip(wrongs, checks, strict=True) if wrong]
    return said


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
