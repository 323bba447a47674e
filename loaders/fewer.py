"""A list that is far shorter than the one before it: most likely cut off on its way, and not to be read as so many leavers.

Compared are neighbours by extract date of one source and scope, whichever was loaded first, a load with the one it replaces,
and each record table by itself, and its parts (one short or missing file of a set would else end its claims unnoticed: the
protection plans among all involvements). Rows that were rejected count as missing. An extract of several scopes that lacks one
of them ends nothing there: that is said and not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from lastseen.graph.archive import Load, Settings
from lastseen.graph.duck import quoted
from lastseen.graph.records import SNAPSHOT_TABLES

COUNTED = ("people", *SNAPSHOT_TABLES)
PARTS = {"residences": "kind", "registrations": "register", "involvements": "status", "relations": "relation"}
"""What parts a record table's claims into kinds that may come from different files."""
Count = Callable[[Load, str, str], int]


@dataclass(frozen=True)
class Fall:
    """One scope's list in two loads: record table → (rows in the earlier load, rows in the later one) where they fell."""

    source: str
    scope: str
    earlier: Load
    later: Load
    tables: dict[str, tuple[int, int]]

    @property
    def most(self) -> str:
        """The table that lost most."""
        return max(self.tables, key=lambda table: self.tables[table][0] - self.tables[table][1])

    def __str__(self) -> str:
        of = "" if self.scope == "all" else f" of {self.scope}"
        told = ", ".join(f"{now:,} {table} (before: {before:,})" for table, (before, now) in self.tables.items())
        files = ", ".join(file["name"] for file in self.later.files)
        return (
            f"{self.source}{of} as of {self.later.extract_date} ({files}) has {told}; the one before it is of "
            f"{self.earlier.extract_date}, load {self.earlier.n}"
        )


def falls(standing: Sequence[Load], removed: Iterable[Load], new: Iterable[int], settings: Settings) -> list[Fall]:
    """Where the loads numbered in `new`, `standing` among the others in the place of `removed`, make a list far shorter."""
    wanted, count = {*new}, _Counted()
    found: list[Fall] = []
    told: set[tuple[int, str]] = set()
    for earlier, later, scope in [*_replaced(standing, removed, wanted), *_neighbours(standing, wanted)]:
        key = later.n, scope
        fell = {} if key in told else _fell(earlier, later, scope, settings, count)
        if fell:
            told.add(key)
            found.append(Fall(later.source, scope, earlier, later, fell))
    return found


def all_falls(loads: Sequence[Load], settings: Settings) -> list[Fall]:
    """Every such place among the loads: what was accepted, or loaded before anybody asked."""
    return falls(loads, (), (load.n for load in loads), settings)


def _replaced(standing: Sequence[Load], removed: Iterable[Load], wanted: set[int]) -> Iterator[tuple[Load, Load, str]]:
    for old in removed:
        for load in standing:
            if load.n in wanted and (load.source, load.extract_date, load.shape) == (old.source, old.extract_date, "snapshot"):
                yield from ((old, load, scope) for scope in old.scopes if scope in load.scopes)


def _neighbours(standing: Sequence[Load], wanted: set[int]) -> Iterator[tuple[Load, Load, str]]:
    lists: dict[tuple[str, str], list[Load]] = {}
    for load in sorted(standing, key=lambda load: (load.extract_date, load.n)):
        for scope in load.scopes if load.shape == "snapshot" else ():
            lists.setdefault((load.source, scope), []).append(load)
    for (_, scope), loads in lists.items():
        yield from ((earlier, later, scope) for earlier, later in pairwise(loads) if {earlier.n, later.n} & wanted)


def _fell(earlier: Load, later: Load, scope: str, settings: Settings, count: Count) -> dict[str, tuple[int, int]]:
    def far(before: int, now: int) -> bool:
        return before - now >= max(settings.fewer_floor, 1) and now < (1 - settings.fewer_share) * before

    fell = {}
    for table in COUNTED:
        before, now = count(earlier, table, scope), count(later, table, scope)
        if far(before, now):
            fell[table] = before, now
        elif table in PARTS:
            had, has = _parts(earlier, table, scope), _parts(later, table, scope)
            fell |= {f"{table} ({part})": (of, has.get(part, 0)) for part, of in had.items() if far(of, has.get(part, 0))}
    return fell


def _parts(load: Load, table: str, scope: str) -> dict[str, int]:
    """A load's rows of a table in one scope, by kind of claim."""
    if not load.tables.get(table):
        return {}
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT coalesce({PARTS[table]}, 'other'), count(*) FROM read_parquet({quoted(load.table(table))}) "
            "WHERE coalesce(scope, 'all') = ? GROUP BY 1 ORDER BY 1", [scope],
        )
        return dict(found.fetchall())


class _Counted:
    """Rows of a load's table in one scope; a file of several scopes is read once."""

    def __init__(self) -> None:
        self.read: dict[Path, dict[str, int]] = {}

    def __call__(self, load: Load, table: str, scope: str) -> int:
        if len(load.scopes) == 1 or not load.tables.get(table):
            return load.tables.get(table, 0)
        path = load.table(table)
        if path not in self.read:
            with duckdb.connect() as connection:
                found = connection.execute(
                    f"SELECT coalesce(scope, 'all'), count(*) FROM read_parquet({quoted(path)}) GROUP BY 1"
                )
                self.read[path] = dict(found.fetchall())
        return self.read[path].get(scope, 0)


def lost_scopes(standing: Sequence[Load], load: Load) -> list[str]:
    """Scopes of the extract before `load` that no later extract of the source has: nobody is taken to have left them."""
    if load.shape != "snapshot":
        return []
    kin = [one for one in standing if one.source == load.source]
    before = [one for one in kin if one.extract_date < load.extract_date and set(one.scopes) & set(load.scopes)]
    if not before:
        return []
    last = max(before, key=lambda one: (one.extract_date, one.n))
    later = {scope for one in kin if one.extract_date > last.extract_date for scope in one.scopes}
    return sorted(set(last.scopes) - later)


def rejected_from(standing: Sequence[Load], load: Load) -> str:
    """What to say where rows of a list were rejected whose ids can't be read, and an earlier list may name whom they are about;
    else ''. Where the id can be read, nobody is taken to have left (see `graph.claims`)."""
    if load.shape != "snapshot" or not load.rejected or not any(
        one.source == load.source and one.extract_date < load.extract_date and set(one.scopes) & set(load.scopes)
        for one in standing
    ):  # fmt: skip
        return ""
    lost = load.rejected - (_lines(load.table("unread")) if "unread" in load.tables else 0)
    if lost <= 0:
        return ""
    return (
        f"{load.source} of {load.extract_date}: {lost:,} of the rejected rows tell no id, so whoever is on them and was on the "
        "list before reads as having left. Have them mended and load the list again with --replace."
    )


def _lines(path: Path) -> int:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT count(DISTINCT (file, line)) FROM read_parquet({quoted(path)})").fetchone()
    return int(found[0]) if found else 0
