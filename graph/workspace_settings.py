"""What a workspace says about itself, in its `settings.json`: checked when read, written whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from lastseen.graph.durable import write_atomically
from lastseen.graph.errors import Refused

Share = Annotated[float, Field(ge=0, le=1)]


@dataclass
class Settings:
    """`area` is the council; `area_names` are further spellings that count as in area. Shares are of rows read.

    `parameters` gives this workspace's own defaults of questions' parameters, by question or signal: {"G01": {"under_1": 90}}.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    title: str = ""
    area: str = ""
    area_names: list[str] = field(default_factory=list)
    default_as_at: date | None = None
    fictional: bool = False
    expected_every: dict[str, Annotated[int, Field(gt=0)]] = field(default_factory=dict)
    parameters: dict[str, dict[str, int | str]] = field(default_factory=dict)
    refuse_share: Share = 0.20
    warn_share: Share = 0.01


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
