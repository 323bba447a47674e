"""What stands about all children as at a day, kept beside the build that it was worked out from: then one child's is read.

It holds for one build, one day, the signals' texts as they are and the workspace's own parameters; a file that is of anything
else, or spoilt, is left aside and the graph is asked again. What people decided is not in it (worklist.py adds that each time).
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lastseen import __version__
from lastseen.graph.store import Store
from lastseen.queries.catalogue import signals
from lastseen.queries.findings import Finding, Overrides, asked_signals
from lastseen.queries.standing import Standing, Stood, stood

FILE = "findings-{day}.parquet"
MOST = 8
"""Days that are kept in a build's folder, the ones last worked out."""
GROUP = 2_000
"""Findings a row group: about as many are read for one child."""
ABOUT, _NAMES = b"lastseen_about", b"lastseen_agencies"
_NAME_LIST = pa.list_(pa.string())
_SCHEMA = pa.schema([
    ("child", pa.string()), ("place", pa.int32()), ("signal", pa.string()), ("since", pa.date32()), ("known_on", pa.date32()),
    ("rows", _NAME_LIST), ("band", pa.string()), ("window", pa.int32()), ("told", pa.string()), ("cannot_tell", pa.bool_()),
    ("agencies", _NAME_LIST), ("silent", _NAME_LIST), ("area", pa.string()),
])  # fmt: skip
"""`place` is the finding's place in the answer, `told` the signal's own columns as JSON."""


def about(store: Store, overrides: Overrides | None) -> str:
    """What findings and figures of a day depend on, hashed: the program, the build, the signals' texts and the workspace's
    parameters."""
    said = json.dumps([__version__, store.marker().build, _texts(), dict(overrides or {})], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


@functools.cache
def _texts() -> dict[str, list[str]]:
    return {signal: [question.text, question.header.model_dump_json()] for signal, question in signals().items()}


def standings(
    store: Store, as_at: date, folder: Path | None, *, child: str | None = None, only: Collection[str] = (),
    overrides: Overrides | None = None,
) -> Stood:  # fmt: skip
    """The same as `standing.stood`, read from the build's `folder` where it is kept there; all children's and signals' are kept
    there once asked. No folder: always asked."""
    wanted = {question.header.signal for question in asked_signals(only)}
    if folder is None:
        return stood(store, as_at, child=child, only=only, overrides=overrides)
    holds = about(store, overrides)
    found = _read(folder, holds, as_at, child, wanted)
    if found is None:
        found = stood(store, as_at, child=child, only=only, overrides=overrides)
        if child is None and not only and held_throughout(store, overrides, holds):
            _keep(folder, holds, as_at, found)
    return found


def held_throughout(store: Store, overrides: Overrides | None, holds: str) -> bool:
    """Whether what was asked since `holds` was worked out is all of that build: a server that is being published to, or was
    meanwhile, answers from half of each, which may be shown but not kept."""
    return store.marker().phase == "ready" and about(store, overrides) == holds


# --- written ------------------------------------------------------------------------------------------------------


def _keep(folder: Path, holds: str, as_at: date, found: Stood) -> None:
    rows = [_row(place, standing) for place, standing in enumerate(found.standings)]
    table = pa.Table.from_pylist(rows, schema=_SCHEMA).sort_by([("child", "ascending"), ("place", "ascending")])
    said = {ABOUT: holds.encode(), _NAMES: json.dumps(found.agency_names).encode()}
    put(table.replace_schema_metadata(said), folder / FILE.format(day=as_at.isoformat()), GROUP)
    with suppress(OSError):
        days = sorted(folder.glob(FILE.format(day="*")), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in days[MOST:]:
            old.unlink(missing_ok=True)


def put(table: pa.Table, path: Path, group: int | None = None) -> None:
    """Keep a table for its owner alone, whole or not at all; where it can't be written that costs time alone."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pq.write_table(table, file, row_group_size=group)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)


def _row(place: int, standing: Standing) -> dict[str, Any]:
    finding = standing.finding
    return {
        "child": finding.child, "place": place, "signal": finding.signal, "since": finding.since, "known_on": finding.known_on,
        "rows": finding.rows, "band": finding.band, "window": finding.window, "cannot_tell": finding.cannot_tell,
        "told": json.dumps(finding.values, default=date.isoformat), "agencies": standing.agencies, "silent": standing.silent,
        "area": standing.area,
    }  # fmt: skip


# --- read ---------------------------------------------------------------------------------------------------------


def _read(folder: Path, holds: str, as_at: date, child: str | None, wanted: Collection[str]) -> Stood | None:
    try:
        with pq.ParquetFile(folder / FILE.format(day=as_at.isoformat())) as file:
            said = file.schema_arrow.metadata or {}
            if said.get(ABOUT) != holds.encode():
                return None
            groups = range(file.num_row_groups) if child is None else _groups(file.metadata, child)
            table, called = file.read_row_groups(list(groups)), json.loads(said[_NAMES])
    except (OSError, ValueError, KeyError, pa.ArrowInvalid):
        return None
    fits = pc.is_in(table["signal"], pa.array(sorted(wanted), pa.string()))
    table = table.filter(fits if child is None else pc.and_(fits, pc.equal(table["child"], child))).sort_by("place")
    found = _standings(table)
    return Stood(found, {one: called[one] for one in dict.fromkeys(one for each in found for one in each.agencies)})


def _groups(said: pq.FileMetaData, child: str) -> Iterable[int]:
    """The row groups that the child may be in, by their least and greatest ids."""
    column = _SCHEMA.names.index("child")
    for group in range(said.num_row_groups):
        known = said.row_group(group).column(column).statistics
        if known is None or not known.has_min_max or known.min <= child <= known.max:
            yield group


def _standings(table: pa.Table) -> list[Standing]:
    known = signals()
    days = {
        signal: [name for name, column in question.header.columns.items() if column.kind == "date"]
        for signal, question in known.items()
    }
    columns = {name: table[name].to_pylist() for name in _SCHEMA.names}
    columns["told"] = json.loads(f"[{','.join(columns['told'])}]")  # at once: one by one took longer than all the rest
    found = []
    for at, signal in enumerate(columns["signal"]):
        question, values = known[signal], columns["told"][at]
        for name in days[signal]:
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        finding = Finding(
            signal, question.name, question.header.title, question.header.duty, columns["child"][at], columns["since"][at],
            columns["known_on"][at], tuple(columns["rows"][at]), columns["band"][at], columns["window"][at], values,
            columns["cannot_tell"][at],
        )  # fmt: skip
        found.append(Standing(finding, tuple(columns["agencies"][at]), tuple(columns["silent"][at]), columns["area"][at]))
    return found
