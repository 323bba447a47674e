"""One broken file through the real loader: it is loaded, or refused in words with nothing changed; all else is a fault."""

from __future__ import annotations

import resource
import sys
import traceback
from contextlib import suppress
from datetime import date
from pathlib import Path

from breaking import broken
from seeds import Seed, roll, seeds

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import LastseenError
from lastseen.loaders.loading import LoadReport, load, unload
from lastseen.loaders.mapping import Mapping, all_mappings, read_mapping
from lastseen.loaders.proposing.proposal import propose
from lastseen.loaders.recognising import recognise

MEMORY = 1 << 30
"""Bytes that a process may ever have used (its peak resident size) after any file."""
ADDRESSES = 8 << 30
"""Bytes of addresses that it may ask for at all, so that a runaway ends as a MemoryError and not on the machine."""
RECOGNISED, PROPOSED = 16, 11
"""One file in so many is also told by its header, and has a mapping proposed."""
DAY = date(2026, 1, 31)


class Judge:
    """A workspace with one good load in it, and files that are loaded beside that, one after the other."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.workspace = Workspace.open(home / "workspace", create=True)
        standing = home / "standing.csv"
        standing.write_bytes(next(one.data for one in seeds() if one.name == "roll.csv").replace(b'"S1"', b'"S9"'))
        load(self.workspace, roll(), [standing], extract_date=date(2020, 1, 1), publish=False)

    def judged(self, run: int, number: int) -> tuple[str, str]:
        """'kept', 'part' (some rows rejected), 'refused' or 'fault', and why."""
        one = broken(run, number)
        path = self.home / one.name
        path.write_bytes(one.data)
        before = self._held()
        try:
            verdict, why = self._loaded(one, path)
            if number % RECOGNISED == 0:
                recognise(path, all_mappings())
            if number % PROPOSED == 0 and one.mapping:
                self._proposed(path, number)
        except Exception:  # any that is not ours is what we look for
            return "fault", traceback.format_exc()
        finally:
            path.unlink()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        if self._held() != before:
            return "fault", f"{verdict}, and the workspace holds {self._held() - before} more and {before - self._held()} less"
        return ("fault", f"{peak:,} bytes used") if peak > MEMORY else (verdict, why)

    def _loaded(self, one: Seed, path: Path) -> tuple[str, str]:
        try:
            mapping, files = (one.mapping, [path]) if one.mapping else self._with_mapping(path)
            report = load(self.workspace, mapping, files, extract_date=DAY, scope=None, publish=False)
        except LastseenError as refused:
            return ("refused", refused.what) if refused.what.strip() else ("fault", "a refusal without words")
        try:
            return self._counted(report)
        finally:
            for n in report.loads:
                unload(self.workspace, n, publish=False)

    def _counted(self, report: LoadReport) -> tuple[str, str]:
        loads = [one for one in self.workspace.loads() if one.n in report.loads]
        if len(loads) != 1 or report.read != report.kept + report.rejected or not report.kept or (loads[0].kept != report.kept):
            return "fault", f"a report that does not add up: {report.to_json()}"
        if bool(report.rejected) != loads[0].rejected_rows.exists():
            return "fault", "rows were rejected without being written down"
        return ("part" if report.rejected else "kept"), ""

    def _with_mapping(self, path: Path) -> tuple[Mapping, list[Path]]:
        return read_mapping(path), [self.home / "standing.csv"]

    def _proposed(self, path: Path, number: int) -> None:
        work = self.home / f"proposed-{number}"
        work.mkdir()
        with suppress(LastseenError):
            propose(path, "fuzzed", work)

    def _held(self) -> set[str]:
        """Every file of the workspace's loads, and their numbers."""
        folder = self.workspace.home / "loads"
        return {str(path.relative_to(folder)) for path in folder.rglob("*")} | {str(one.n) for one in self.workspace.loads()}


def bounded() -> None:
    """Bound this process's addresses."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
