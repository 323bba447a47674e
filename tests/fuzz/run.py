"""`make fuzz`: many broken files through the real loader, in child processes with bounds of time and memory.

Ends with 1, and keeps the file under build/fuzz, for each that gave a traceback, took too long, left something behind, or used
more memory than the bound. File n of seed s is always the same: FUZZ_SEED=s FUZZ_FIRST=n FUZZ_FILES=1 makes it again.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

CHUNK = 200
"""Files that one child takes."""
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
"""What one file may take, however busy the machine is."""
KEPT = Path("build") / "fuzz"
MOST_FAULTS = 50
"""Faults after which the rest of the run would tell nothing more."""


@dataclass
class Run:
    """What was found so far. `until` is when no further child is begun."""

    seed: int
    until: float
    verdicts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fault(self, number: int, why: str) -> None:
        """Keep a file that was at fault."""
        from breaking import broken

        one = broken(self.seed, number)
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"{self.seed}-{number}-{one.name}"
        path.write_bytes(one.data)
        self.faults.append(f"{path} ({one.label})\n{why}")
        print(f"FAULT {self.faults[-1]}", flush=True)


def child(run: int, first: int, stop: int) -> None:
    """Judge files, a line before and after each."""
    from judging import Judge, bounded

    bounded()
    with tempfile.TemporaryDirectory(prefix="lastseen-fuzz-") as home:
        judge = Judge(Path(home))
        for number in range(first, stop):
            print(json.dumps([number]), flush=True)
            print(json.dumps([number, *judge.judged(run, number)]), flush=True)


def worker(run: Run, waiting: queue.Queue[tuple[int, int]]) -> None:
    """Give chunks to children until there is none left; a child that hangs or dies costs its file alone."""
    while True:
        try:
            first, stop = waiting.get_nowait()
        except queue.Empty:
            return
        while first < stop and time.monotonic() < run.until and len(run.faults) < MOST_FAULTS:
            first = _watch(run, first, stop)


def _watch(run: Run, first: int, stop: int) -> int:
    """One child's files; the number of the first that is still to be judged."""
    command = [sys.executable, __file__, "--child", str(run.seed), str(first), str(stop)]
    at, begun, why = first, False, ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        last = time.monotonic()
        over = threading.Event()

        def watch() -> None:
            while not over.wait(1):
                if time.monotonic() - last > SECONDS + (60 if at == first else 0) or time.monotonic() > run.until + SECONDS:
                    process.kill()
                    return

        watching = threading.Thread(target=watch)
        watching.start()
        said = [""]
        reading = threading.Thread(target=lambda: said.append(process.stderr.read() if process.stderr else ""))
        reading.start()
        for line in process.stdout or ():
            last = time.monotonic()
            number, *verdict = json.loads(line)
            at, begun = number + bool(verdict), True
            if verdict:
                run.verdicts[verdict[0]] += 1
                if verdict[0] == "fault":
                    run.fault(number, verdict[1])
        code = process.wait()
        over.set()
        watching.join()
        reading.join()
        why = f"more than {SECONDS} seconds" if code == -9 else f"the process ended with {code}: {said[-1][-2000:]}"
    if not begun:
        print(f"The harness itself fails: {why}", flush=True)
        run.until = 0
    if at < stop and time.monotonic() < run.until:
        run.verdicts["fault"] += 1
        run.fault(at, why)
        at += 1
    return at


def main() -> int:
    """The whole run, and its one line of figures."""
    files, first = int(os.environ.get("FUZZ_FILES", "10000")), int(os.environ.get("FUZZ_FIRST", "0"))
    began = time.monotonic()
    run = Run(int(os.environ.get("FUZZ_SEED", "1")), began + 60 * float(os.environ.get("FUZZ_MINUTES", "600")))
    waiting: queue.Queue[tuple[int, int]] = queue.Queue()
    for begin in range(first, first + files, CHUNK):
        waiting.put((begin, min(begin + CHUNK, first + files)))
    processes = int(os.environ.get("FUZZ_PROCESSES", "0")) or min(4, os.cpu_count() or 1)
    workers = [threading.Thread(target=worker, args=(run, waiting)) for _ in range(processes)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    from judging import MEMORY

    counts = run.verdicts
    print(f"{counts.total():,} files of seed {run.seed} in {time.monotonic() - began:,.0f} s: {counts['kept']:,} loaded whole, "
          f"{counts['part']:,} with rows rejected, {counts['refused']:,} refused, {counts['fault']:,} faults "
          f"(memory bound {MEMORY >> 20:,} MB, time bound {SECONDS} s a file)")
    return 1 if run.faults or (counts.total() < files) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*map(int, sys.argv[2:5]))
    else:
        sys.exit(main())
