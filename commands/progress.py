"""How far a long command is, on standard error: a live line on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from lastseen.commands.guard import printable, say


class Step(Protocol):
    def __call__(self, message: str) -> None: ...


@contextmanager
def progress() -> Iterator[Step]:
    """A function to call with what is being done now ('Reading gp_list.csv')."""
    if not sys.stderr.isatty():
        yield _plain_lines()
        return
    from rich.console import Console
    from rich.status import Status
    from rich.text import Text

    with Status(Text("Starting"), console=Console(stderr=True)) as status:
        yield lambda message: status.update(Text(printable(message)))


def _plain_lines() -> Step:
    last = ""

    def step(message: str) -> None:
        nonlocal last
        if message != last:
            last = message
            say(printable(message))

    return step
