"""`lastseen load postcodes FILE` and `lastseen load gias FILE`: the lists of `graph/lookups.py`, from their publishers' CSV."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from lastseen.graph.archive import Workspace
from lastseen.graph.duck import connect, quoted
from lastseen.graph.durable import remove_tree
from lastseen.graph.errors import Refused
from lastseen.graph.lookups import lookup_hashes, put_lookup, write_lookup
from lastseen.graph.publish import bring_up_to_date
from lastseen.graph.store import Progress
from lastseen.loaders.inputs import as_text, row_name, seen
from lastseen.loaders.loading import LoadReport
from lastseen.loaders.reading import Header, read_header, read_rows

MOST_BROKEN = 0.01
"""Share of rows that may be unreadable: a published list has none."""


@dataclass(frozen=True)
class Lookup:
    """A list's name, its columns (each under any of some patterns, the first that is there), and its rows from c0, c1, …"""

    name: str
    columns: tuple[tuple[str, ...], ...]
    sql: str
    silent: str


SOURCES = {
    "postcodes": Lookup(
        "postcodes",
        (("pcds", "pcd8", "pcd7", "pcd2", "pcd"), ("laua", "oslaua", "lad??cd")),
        """SELECT upper(regexp_replace(c0, '[^A-Za-z0-9]', '', 'g')) AS postcode, any_value(nullif(trim(c1), '')) AS area
           FROM raw GROUP BY ALL HAVING count(DISTINCT nullif(trim(c1), '')) = 1""",
        "postcodes name no one council and place nothing",
    ),
    "gias": Lookup(
        "schools",
        (("urn",), ("la (code)",), ("establishmentnumber",), ("establishmentname",), ("la (name)",),
         ("establishmentstatus (code)",)),
        # two schools may have had one number, one after the other: the one that is open, else the newer, names it
        """SELECT code, trim(c3) AS name, nullif(trim(c4), '') AS area FROM (
               SELECT trim(c0) AS code, * FROM raw
               UNION ALL SELECT trim(c1) || lpad(trim(c2), 4, '0'), * FROM raw WHERE trim(c1) <> '' AND trim(c2) <> '')
           WHERE regexp_matches(code, '^[0-9]{6,7}$') AND trim(c3) <> ''
           QUALIFY row_number() OVER (PARTITION BY code ORDER BY trim(c5) <> '1', try_cast(c0 AS BIGINT) DESC) = 1""",
        "",
    ),
}


def load_lookup(
    workspace: Workspace, source: str, files: Sequence[Path], *, publish: bool = True, progress: Progress | None = None
) -> LoadReport:
    """Put a published list in the place of the one that is there; the graph is made again with it. Raises Refused, with nothing
    changed, for a file that is no such list."""
    with workspace.writing(), in_place(workspace, source, files) as report:
        if report.changed and publish and workspace.loads():
            bring_up_to_date(workspace, progress)
    return report


@contextmanager
def in_place(workspace: Workspace, source: str, files: Sequence[Path]) -> Iterator[LoadReport]:
    """The list in its place; the one before it is back where what follows fails. Inside `writing()`."""
    lookup = SOURCES[source]
    if len(files) != 1:
        raise Refused(f"{source} is one file.", "Give the newest one alone.")
    [path] = files
    file = seen(path)
    report = LoadReport(source, [str(path)])
    if lookup_hashes(workspace).get(lookup.name) == file["sha256"]:
        report.warnings.append(f"{file['name']} is loaded already: nothing changed.")
        yield report
        return
    work = workspace.stage_build_directory()  # hidden, and swept where a kill leaves it
    try:
        _read(lookup, path, file["sha256"], work, report)
        report.changed = True
        with _replaced(workspace, lookup.name, work):
            yield report
    finally:
        remove_tree(work)


def is_lookup(source: str, header: Header) -> bool:
    """Whether a table with this header is that list."""
    try:
        return bool(_positions(SOURCES[source], header, ""))
    except Refused:
        return False


def _read(lookup: Lookup, path: Path, sha256: str, work: Path, report: LoadReport) -> None:
    text = as_text(path, row_name(path.name), work)
    header = read_header(text)
    raw = read_rows(text, header, ",", _positions(lookup, header, text.name), work / "rows")
    report.read, report.rejected = raw.read, raw.broken_rows
    if raw.broken_rows > MOST_BROKEN * raw.read:
        raise Refused(f"{text.name}: {raw.broken_rows:,} of {raw.read:,} rows can't be read.", "Fetch the file again.")
    connection = connect(work)
    try:
        connection.execute(f"CREATE VIEW raw AS FROM read_parquet({quoted(raw.path)})")
        table = connection.sql(lookup.sql).to_arrow_table()
    finally:
        connection.close()
    if not table.num_rows:
        raise Refused(f"{text.name} places or names nothing.", "Fetch the file again; the list in use stays.")
    report.kept = raw.rows
    if lookup.silent and table.num_rows < raw.rows:
        report.warnings.append(f"{raw.rows - table.num_rows:,} {lookup.silent}.")
    write_lookup(lookup.name, table, sha256, work / "list.parquet")


def _positions(lookup: Lookup, header: Header, name: str) -> list[int]:
    names = [cell.replace("\ufeff", "").casefold() for cell in header.names]
    found = []
    for patterns in lookup.columns:
        place = next((names.index(one) for pattern in patterns for one in names if fnmatch(one, pattern)), None)
        if place is None:
            raise Refused(f"{name} has no column {' or '.join(patterns)}. Nothing was changed.", "Give the file as published.")
        found.append(place)
    return found


@contextmanager
def _replaced(workspace: Workspace, name: str, work: Path) -> Iterator[None]:
    """Swap the list in; the old one is back where what follows fails."""
    before = workspace.home / "lookups" / f"{name}.parquet"
    kept = Path(shutil.copy(before, work / "before.parquet")) if before.exists() else None
    put_lookup(workspace, name, work / "list.parquet")
    try:
        yield
    except BaseException:
        put_lookup(workspace, name, kept)
        raise
