"""The Larch Court script (fictional): what happened to a made-up family, day by day, and which agency wrote it down.

`larch_court.csv` is the table of the domain reference as it stands there: `extract;day;type;who;place;level;detail`, days
relative to the index child's birth. Writers turn its rows into each agency's own extract; tests read it as the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

T0 = date(2012, 6, 11)
"""Day 0: the index child's birth."""
FIRST_DAY, LAST_DAY = -3000, 2300
"""Every event extract covers these days; the last is its extract date."""
LAGS = {
    "csc": 0, "police": 1, "cme": 1, "maternity": 2, "marac": 2, "refuge": 2, "hv": 3, "ambulance": 3, "school": 7,
    "registrar": 14, "gp": 30, "housing": 30, "admissions": 30, "early_years": 60,
}  # fmt: skip
"""Days from an event to its agency's knowing of it, by the script's `extract`."""


@dataclass(frozen=True)
class Event:
    """One row of the script on one day.

    `line` counts from 1 with the header; `until` is the first day a stay no longer holds; `who` are the people it is
    about, `speaker` the one who claims something about them; `level` is None where nobody tried to see anybody.
    """

    line: int
    extract: str
    day: int
    until: int | None
    type: str
    who: tuple[str, ...]
    speaker: str | None
    place: str
    level: int | None
    detail: str

    @property
    def unshared(self) -> bool:
        """Known to its agency but in no extract: loaded only to measure what sharing would have changed."""
        return "UNSHARED" in self.detail

    @property
    def known(self) -> int:
        """The day from which a replay may show it."""
        return self.day + LAGS[self.extract]

    @property
    def end_known(self) -> int | None:
        return None if self.until is None else self.until + LAGS[self.extract]


def _events(line: int, row: dict[str, str]) -> Iterator[Event]:
    speaker, _, about = row["who"].rpartition(">")
    for stay in row["day"].split("|"):
        start, _, until = stay.partition("..")
        yield Event(
            line=line, extract=row["extract"], day=int(start), until=int(until) if until else None, type=row["type"],
            who=tuple(filter(None, about.split(","))), speaker=speaker or None, place=row["place"],
            level=int(row["level"]) if row["level"] else None, detail=row["detail"],
        )  # fmt: skip


def read_script() -> list[Event]:
    """Every event of the script, a day each, in the script's own order."""
    text = files("lastseen.loaders.made_up").joinpath("larch_court.csv").read_text(encoding="utf-8")
    header, *lines = text.splitlines()
    columns = header.split(";")
    rows = [dict(zip(columns, line.split(";", len(columns) - 1), strict=True)) for line in lines]  # a detail may hold ";"
    return [event for line, row in enumerate(rows, start=2) for event in _events(line, row)]


@dataclass(frozen=True)
class Replay:
    """The script laid on a calendar."""

    events: tuple[Event, ...]
    t0: date = T0

    def on(self, day: int) -> date:
        return self.t0 + timedelta(days=day)

    def of(self, extract: str, *types: str, unshared: bool = False) -> list[Event]:
        """One agency's events of these types (all without any), by day; the unshared ones apart."""
        chosen = [e for e in self.events if e.extract == extract and (not types or e.type in types) and e.unshared == unshared]
        return sorted(chosen, key=lambda e: (e.day, e.line))
