"""Run a command and say how long it took and how much memory it held at most, native engines' memory included."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

QUIET = {"LASTSEEN_BACKGROUND": "0"}
"""No work goes on beside what is measured."""


@dataclass(frozen=True)
class Measured:
    """One finished command: wall and processor seconds, peak resident memory in MiB (as the kernel counts it), its output."""

    seconds: float
    processor_seconds: float
    peak_mib: float
    output: str


def measured(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Measured:
    """Run `command` to its end; stderr goes to `log`. Exits with the log's end where the command fails.

    Exit code 1 of `lastseen` ("done, with more rejects than usual") is a failure here: the made-up city has no bad rows.
    """
    started = time.perf_counter()
    with log.open("w") as errors:
        around = {**QUIET, **os.environ, **(env or {})}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=around)
        assert process.stdout is not None  # noqa: S101 - asked for above
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def machine() -> str:
    """The machine in a line: processor, cores, memory, system."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{os.uname().sysname} {os.uname().release}"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}, Python {sys.version.split()[0]}"
