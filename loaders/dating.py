"""What an extract says about itself: its date, the period it covers, and whose register it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from lastseen.graph.errors import Refused
from lastseen.loaders.gathering import Sheet
from lastseen.loaders.mapping_model import Mapping

UNDATED = "does not say when it was taken"


@dataclass(frozen=True)
class Told:
    """Extract date, first and last day covered (events only), scopes (['all'] without any)."""

    extract_date: date
    covers_from: date | None
    covers_to: date | None
    scopes: list[str]


def extract_date_of(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, sheets: Sequence[Sheet], given: date | None, names: str
) -> tuple[date, list[str]]:
    """The day the extract was taken, and what is to be said aloud about it.

    The given one, else the one in the column that the mapping names, else (events, and snapshots that the mapping lets do
    without) the newest day inside. Raises Refused where there is none, where a snapshot gives several, and for a day that is
    still to come.
    """
    stated = _distinct(connection, sheets, "extract_date")
    found, said = given, []
    if given and stated and stated != {given}:
        said.append(f"{names}: taken as of {given}, although its rows say {_days(stated)}.")
    if not found and stated:
        if mapping.shape == "snapshot" and len(stated) > 1:
            raise Refused(f"{names} holds several extract dates ({_days(stated)}).", "Have one file made for each.")
        found = max(stated)
    if not found and (mapping.shape == "event" or mapping.undated == "newest"):
        found = _bounds(connection, _dates(sheets, ("occurred_on", "recorded_on", "valid_from")))[1]
        if found:
            said.append(f"{names}: no extract date is stated; the newest day inside, {found}, is taken.")
    if not found:
        raise Refused(f"{names} {UNDATED}.", "Give the day with --extract-date YYYY-MM-DD, and the file by its source's name.")
    if found > date.today() + timedelta(days=1):
        raise Refused(f"{names} would have been taken on {found}, which is still to come.", "Correct its extract date.")
    return found, said


def period_of(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, sheets: Sequence[Sheet], extract_date: date, warnings: list[str]
) -> tuple[date | None, date | None]:
    """First and last day an event extract covers; (None, None) for a snapshot, and for events that tell none."""
    if mapping.shape == "snapshot":
        return None, None
    first = min(_distinct(connection, sheets, "covers_from"), default=None)
    last = max(_distinct(connection, sheets, "covers_to"), default=None)
    if first and last:
        return first, last
    oldest, _ = _bounds(connection, _dates(sheets, ("occurred_on",)))
    if first or oldest:
        period = first or oldest, last or extract_date
        warnings.append(f"{mapping.source}: no period is stated; {period[0]} to {period[1]} is taken.")
        return period
    warnings.append(f"{mapping.source}: no period is stated, so no day counts as covered.")
    return None, None


def scopes_of(connection: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], given: str | None, names: str) -> list[str]:
    """The practices, schools, teams or councils whose rows were kept."""
    found: set[str] = set()
    for sheet in sheets:
        column = sheet.compiler.file.scope
        if column:
            rows = connection.execute(f"SELECT DISTINCT v{sheet.compiler.number[column]} FROM {sheet.rows}").fetchall()
            found |= {row[0] for row in rows}
    if given and found - {given}:
        raise Refused(f"{names} is of {', '.join(sorted(found))}, not of {given}.", "Leave --scope out; the file says it.")
    return sorted(found) or [given or "all"]


def _distinct(connection: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], role: str) -> set[date]:
    found: set[date] = set()
    for sheet in sheets:
        column = getattr(sheet.compiler.file, role)
        if column:
            number = sheet.compiler.number[column]
            rows = connection.execute(f"SELECT DISTINCT v{number} FROM {sheet.rows} WHERE v{number} IS NOT NULL").fetchall()
            found |= {row[0] for row in rows}
    return found


def _dates(sheets: Sequence[Sheet], names: tuple[str, ...]) -> list[tuple[str, Sheet]]:
    found = []
    for sheet in sheets:
        compiler, file = sheet.compiler, sheet.compiler.file
        if file.recorded_on and "recorded_on" in names:
            found.append((f"v{compiler.number[file.recorded_on]}", sheet))
        for _, _, template in file.templates():
            found += [
                (f"CASE WHEN {compiler.holds(template.when)} THEN {compiler.value(template.columns[name])} END", sheet)
                for name in names if name in template.columns
            ]
    return found


def _bounds(connection: duckdb.DuckDBPyConnection, dates: list[tuple[str, Sheet]]) -> tuple[date | None, date | None]:
    """Oldest and newest of the dates up to today."""
    found: list[date] = []
    for expression, sheet in dates:
        row = connection.execute(
            f"SELECT min(day), max(day) FROM (SELECT {expression} AS day FROM {sheet.rows}) WHERE day <= ?", [date.today()]
        ).fetchone()
        found += [day for day in row or () if day]
    return min(found, default=None), max(found, default=None)


def _days(days: set[date]) -> str:
    return ", ".join(day.isoformat() for day in sorted(days)[:5])
