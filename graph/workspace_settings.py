"""What a workspace says about itself, in its `settings.json`: checked when read, written whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from lastseen.graph.durable import write_atomically
from lastseen.graph.errors import Refused

Share = Annotated[float, Field(ge=0, le=1)]
TERM_STARTS = ("01-01", "04-01", "09-01")
"""Where a workspace gives no days of its own."""


def _day_of_every_year(text: str) -> str:
    """'MM-DD'; 29 February is none."""
    try:
        day = date.fromisoformat(f"2001-{text}")
    except ValueError:
        day = None
    if day is None or text != f"{day:%m-%d}":
        raise ValueError("a term starts on a day written as MM-DD")
    return text


def _one_after_each_prescribed_day(starts: list[str]) -> list[str]:
    """Else a misspelt or forgotten start would put off by a whole term the day from which a child is looked for."""
    for first, last in (("01-01", "02-28"), ("04-01", "05-31"), ("09-01", "10-31")):
        if not any(first <= start <= last for start in starts):
            raise ValueError(f"no term starts from {first} to {last}; where one starts a few days earlier, write {first}")
    return starts


TermStarts = Annotated[list[Annotated[str, AfterValidator(_day_of_every_year)]], AfterValidator(_one_after_each_prescribed_day)]


@dataclass
class Settings:
    """`area` is the council; `area_names` are further spellings that count as in area, and `area_codes` its codes (E08000032),
    by which postcodes are placed. Shares are of rows read.

    `term_starts` are the days, 'MM-DD', on which school terms start here. They decide when a child must be in school and when
    the universal early years place begins: on the first of them after the 31 December, 31 March or 31 August on or next after
    the birthday.
    A list (a snapshot) that has more than `fewer_share` fewer rows than the one before it, and at least `fewer_floor` fewer, is
    held back until somebody says that so many did leave.
    `parameters` gives this workspace's own defaults of questions' parameters, by question or signal: {"G01": {"under_1": 90}}.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    title: str = ""
    area: str = ""
    area_names: list[str] = field(default_factory=list)
    area_codes: list[str] = field(default_factory=list)
    default_as_at: date | None = None
    fictional: bool = False
    expected_every: dict[str, Annotated[int, Field(gt=0)]] = field(default_factory=dict)
    term_starts: TermStarts = field(default_factory=lambda: list(TERM_STARTS))
    parameters: dict[str, dict[str, int | str]] = field(default_factory=dict)
    refuse_share: Share = 0.20
    warn_share: Share = 0.01
    fewer_share: Share = 0.20
    fewer_floor: Annotated[int, Field(ge=0)] = 20


_ADAPTER = TypeAdapter(Settings)


def read_settings(path: Path) -> Settings:
    """The settings at `path`, defaults where there is no file; raises Refused naming every faulty setting."""
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except ValidationError as error:
        places = [".".join(str(part) for part in fault["loc"]) or "the file" for fault in error.errors()]
        faults = "; ".join(f"{place}: {fault['msg']}" for place, fault in zip(places, error.errors(), strict=True))
        raise Refused(f"{path} can't be used: {faults}.", "Correct the file; nothing was read.") from error


def write_settings(path: Path, settings: Settings) -> None:
    """Replace the settings file."""
    write_atomically(path, _ADAPTER.dump_json(settings, indent=2).decode() + "\n")
