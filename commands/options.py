"""The options that many commands share, said once so that they read and behave alike everywhere."""

from __future__ import annotations

import getpass
import os
import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

DEFAULT_HOME = Path("data")
MARK = "workspace.json"
"""The file that makes a folder a workspace."""


class Format(StrEnum):
    """How data are written to standard output."""

    table = "table"
    csv = "csv"
    json = "json"


class TextFormat(StrEnum):
    """How the vocabulary and the list of questions are written."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def parse_day(text: str) -> date:
    """A day as YYYY-MM-DD and nothing else, so that 03/04/2018 is never read the wrong way round."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day. Write it as YYYY-MM-DD, for example 2018-07-20.") from None


def parse_settings(settings: list[str] | None) -> dict[str, str]:
    """`name=value` pairs as a dictionary of texts; the question's header says what each one is."""
    values: dict[str, str] = {}
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or not name:
            raise typer.BadParameter(f"{setting!r} has no name and value. Write --set name=value, for example --set days=180.")
        if name in values:
            raise typer.BadParameter(f"{name!r} is set twice. Give each parameter once.")
        values[name] = value.strip()
    return values


def home_or_default(workspace: Path | None) -> Path:
    """The workspace's folder: the option or LASTSEEN_HOME, else `./data`."""
    return (workspace or DEFAULT_HOME).expanduser()


def who_am_i() -> str:
    """The name a decision is journalled under when none is given: the login name, or nothing where there is none."""
    try:
        return os.environ.get("LASTSEEN_USER") or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        envvar="LASTSEEN_HOME",
        show_default="./data",
        metavar="DIR",
        help="The workspace: the folder that holds one area's loads, graph and decisions.",
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        envvar="LASTSEEN_ENGINE",
        show_default="the workspace's own graph",
        metavar="URL",
        help="Read from this Neo4j server (bolt://…, neo4j+s://…); NEO4J_USER and NEO4J_PASSWORD say who asks.",
    ),
]


def as_at_option(explained: str) -> Any:
    """`--as-at`, explained in the words of its command."""
    return typer.Option(
        "--as-at", parser=parse_day, metavar="YYYY-MM-DD", show_default="the workspace's day, else today", help=explained
    )


AsAt = Annotated[date | None, as_at_option("Answer with what was known on this day.")]
DocumentFormat = Annotated[TextFormat, typer.Option("--format", help="How to write it; markdown is what the README holds.")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to write the answer to standard output.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set one of the question's parameters; repeat for more."),
]
NoPublish = Annotated[bool, typer.Option("--no-publish", help="Leave the graph as it is; `lastseen publish` makes it later.")]
