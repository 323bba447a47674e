"""How far a long command is, on standard error: a live line on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from lastseen.commands.guard import printable, say

SECONDS = 2
"""Plain lines come no faster than this: a log wants to know that it goes on, not every file."""


class Step(Protocol):
    """Takes what is being done now and, where they are known, how many of how many are done."""

    def __call__(self, message: str, done: int | None = None, total: int | None = None) -> None: ...


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

        def step(message: str, done: int | None = None, total: int | None = None) -> None:
            far = f" {done:,} of {total:,}" if done is not None and total else ""
            status.update(Text(printable(message) + far))

        yield step


def _plain_lines() -> Step:
    last = float("-inf")

    def step(message: str, done: int | None = None, total: int | None = None) -> None:  # noqa: ARG001 - one line a stage
        nonlocal last
        if time.monotonic() - last >= SECONDS:
            last = time.monotonic()
            say(printable(message))

    return step
