"""What every writer of made-up extracts needs: an extract with its title rows, and the date styles of the agencies."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lastseen.loaders.made_up.people import PEOPLE
from lastseen.loaders.made_up.script import FIRST_DAY, LAST_DAY, Replay

Row = dict[str, str]
Style = Callable[[date], str]
FICTIONAL = "FICTIONAL: made-up people, places and events"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def uk(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def iso(day: date) -> str:
    return day.isoformat()


def dotted(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def dashed(day: date) -> str:
    return day.strftime("%d-%m-%Y")


def plain(day: date) -> str:
    return day.strftime("%Y%m%d")


def short_month(day: date) -> str:
    """11-Jun-2012, in English whatever the machine's locale."""
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"


@dataclass(frozen=True)
class Extract:
    """One file as an agency would send it: title rows, header, rows; its name says that it is fictional."""

    name: str
    rows: list[Row]
    titles: tuple[str, ...] = ()

    def write(self, directory: Path) -> Path:
        if "fictional" not in self.name:
            raise ValueError(f"{self.name} does not say that it is fictional")
        path = directory / self.name
        with path.open("w", encoding="utf-8", newline="") as file:
            plain_lines = csv.writer(file)
            plain_lines.writerows([title] for title in self.titles)
            table = csv.DictWriter(file, fieldnames=list(self.rows[0]))
            table.writeheader()
            table.writerows(self.rows)
        return path


@dataclass(frozen=True)
class Pen:
    """Writes days and people as one agency does: `extract` of the script, its date style."""

    replay: Replay
    extract: str
    style: Style

    def day(self, day: int | None) -> str:
        return "" if day is None else self.style(self.replay.on(day))

    def born(self, person: str) -> str:
        return self.style(PEOPLE[person].born(self.replay.t0))

    def forename(self, person: str) -> str:
        return PEOPLE[person].name(self.extract)[0]

    def surname(self, person: str) -> str:
        return PEOPLE[person].name(self.extract)[1]

    @property
    def first(self) -> str:
        return self.day(FIRST_DAY)

    @property
    def last(self) -> str:
        return self.day(LAST_DAY)
