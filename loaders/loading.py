"""Load extracts, all of them or nothing: staged, put beside what is loaded, built into a graph, and switched to at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lastseen.graph.archive import Load, StagedLoad, Workspace
from lastseen.graph.errors import Refused
from lastseen.graph.publish import stage_build
from lastseen.graph.store import Progress
from lastseen.loaders import held
from lastseen.loaders.difference import Difference, difference
from lastseen.loaders.extracts import Extract, Staged, stage_extract
from lastseen.loaders.fewer import falls, lost_scopes, rejected_from
from lastseen.loaders.formats.opening import holds_several
from lastseen.loaders.inputs import seen
from lastseen.loaders.local_mappings import known_mappings, mapping_of
from lastseen.loaders.mapping import Mapping
from lastseen.loaders.recognising import plan

TOGETHER = 2
"""Extracts that are read at once: one leaves a second core idle half the time, and each may take a gigabyte and a half."""


@dataclass
class LoadReport:
    """What became of one source's files. `changed` is false where nothing had to be loaded; `loads` are the new numbers."""

    source: str
    files: list[str]
    read: int = 0
    kept: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    changed: bool = False
    loads: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As design section 7 has it."""
        names = ("source", "files", "read", "kept", "rejected", "reasons", "warnings", "changed")
        return {name: getattr(self, name) for name in names}

    def add(self, staged: Staged) -> None:
        """Count one more extract."""
        load = staged.load
        self.read, self.kept, self.rejected = self.read + load.read, self.kept + load.kept, self.rejected + load.rejected
        for reason, count in load.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count
        self.warnings += staged.warnings
        self.changed = True
        self.loads.append(load.n)


@dataclass
class _Change:
    """What one call will commit."""

    workspace: Workspace
    extract_date: date | None
    scope: str | None
    replace: bool
    progress: Progress
    accept_fewer: bool = False
    staged: list[Staged] = field(default_factory=list)
    remove: list[int] = field(default_factory=list)

    @property
    def standing(self) -> list[Load]:
        """The loads as they would be after it."""
        kept = [load for load in self.workspace.loads() if load.n not in self.remove]
        return [*kept, *(one.load for one in self.staged)]


@dataclass(frozen=True)
class _UnderWay:
    """An extract that is being staged in another thread."""

    extract: Extract
    report: LoadReport
    hashes: list[str]
    staged: StagedLoad
    result: Future[Staged]


def load(
    workspace: Workspace, source: str | Mapping, files: Sequence[Path | str], *, extract_date: date | None = None,
    scope: str | None = None, replace: bool = False, publish: bool = True, progress: Progress | None = None,
    accept_fewer: bool = False,
) -> LoadReport:
    """Load one source's files: each an extract, or a set lying together one extract where the source has several kinds.

    Raises Refused (nothing written) for a file that can't be taken, or a list far shorter than the one before it (unless
    `accept_fewer`; see `fewer`), and NotAvailable while another is writing.
    """
    mapping = source if isinstance(source, Mapping) else mapping_of(source, workspace.home)
    change = _Change(workspace, extract_date, scope, replace, progress or _silent, accept_fewer)
    return _load(change, [(mapping, [Path(file) for file in files])], publish)[0]


def load_folder(
    workspace: Workspace, folder: Path | str, *, replace: bool = False, publish: bool = True, progress: Progress | None = None,
    accept_fewer: bool = False,
) -> list[LoadReport]:
    """Load a folder's files, recognised by their headers, as one change: a report a source.

    Raises Refused where no file is recognised, or one of them can't be taken: then none is. Files that nobody recognises are
    named in the first report's warnings.
    """
    mappings, _ = known_mappings(workspace.home)
    planned = plan(Path(folder), mappings)
    known = [one for one in planned if one.source]
    if not known:
        raise Refused(f"No file in {folder} is recognised.", "Load files by name: `lastseen load SOURCE FILE…`.")
    by_source: dict[str, list[Path]] = {}
    for one in known:
        by_source.setdefault(str(one.source), []).append(one.file)
    change = _Change(workspace, None, None, replace, progress or _silent, accept_fewer)
    reports = _load(change, [(mapping_of(source, workspace.home), files) for source, files in by_source.items()], publish)
    reports[0].warnings += [f"{one.file.name} was not loaded: {one.why}." for one in planned if not one.source]
    return reports


def unload(workspace: Workspace, n: int, *, publish: bool = True, progress: Progress | None = None) -> None:
    """Take a load away, as if it had never been; the graph is made again from the others."""
    with workspace.writing():
        workspace.check_load(n)
        _commit(_Change(workspace, None, None, False, progress or _silent, remove=[n]), publish)


def extracts_of(mapping: Mapping, files: Sequence[Path]) -> list[Extract]:
    """Which files are one extract: each by itself, but a source's several kinds of file are a set where they lie together
    (not what holds several by itself: a zip, a workbook of lists, an XML document)."""
    if len(mapping.files) == 1:
        return [Extract(mapping, [file]) for file in files]
    sets: dict[Path, list[Path]] = {}
    for file in files:
        sets.setdefault(file if holds_several(file, mapping.files) else file.parent, []).append(file)
    return [Extract(mapping, together) for together in sets.values()]


def _load(change: _Change, sources: list[tuple[Mapping, list[Path]]], publish: bool) -> list[LoadReport]:
    reports = [LoadReport(mapping.source, [str(file) for file in files]) for mapping, files in sources]
    with change.workspace.writing():
        try:
            _stage_all(change, [
                (extract, report) for (mapping, files), report in zip(sources, reports, strict=True)
                for extract in extracts_of(mapping, files)
            ])  # fmt: skip
            if change.staged:
                _ask_about_fewer(change, reports)
                _commit(change, publish)
                held.settle(change.workspace, [one.load for one in change.staged])
        except BaseException:
            change.workspace.discard(one.staged for one in change.staged)
            raise
    return reports


def _stage_all(change: _Change, extracts: Sequence[tuple[Extract, LoadReport]]) -> None:
    """Stage extracts, `TOGETHER` of them at once; each is judged and placed in its turn, as if one had come after the other."""
    under_way: deque[_UnderWay] = deque()
    with ThreadPoolExecutor(TOGETHER) as pool:
        try:
            for extract, report in extracts:
                hashes = sorted(seen(path)["sha256"] for path in extract.inputs)
                while len(under_way) == TOGETHER or any(one.hashes == hashes for one in under_way):
                    _place(change, under_way[0])
                    under_way.popleft()
                if not _is_loaded(change, extract, hashes, report):
                    staged = change.workspace.stage()
                    given = change.extract_date, change.scope, change.progress
                    one = pool.submit(stage_extract, extract, staged, change.workspace.settings, *given)
                    under_way.append(_UnderWay(extract, report, hashes, staged, one))
            while under_way:
                _place(change, under_way[0])
                under_way.popleft()
        except BaseException:
            pool.shutdown(cancel_futures=True)  # and wait for what is being read
            change.workspace.discard(one.staged for one in under_way)
            raise


def _is_loaded(change: _Change, extract: Extract, hashes: list[str], report: LoadReport) -> bool:
    """Whether this very extract is a load already, which the report then says."""
    for one in change.standing:
        if (
            _is_same(one, extract.mapping, hashes) and change.extract_date in (None, one.extract_date)
            and (change.scope is None or [change.scope] == one.scopes)
        ):  # fmt: skip
            report.warnings.append(f"{extract.names} is load {one.n} already: nothing changed.")
            return True
    return False


def _is_same(load: Load, mapping: Mapping, hashes: list[str]) -> bool:
    return (
        load.source == mapping.source and load.mapping_version == mapping.version
        and sorted(file["sha256"] for file in load.files) == hashes
    )


def _place(change: _Change, done: _UnderWay) -> None:
    """Put a staged load beside or in the place of those of the same source, scope and extract date."""
    extract, new = done.extract, done.result.result()
    load = new.load
    same = [
        one for one in change.standing
        if one.source == load.source and one.extract_date == load.extract_date and set(one.scopes) & set(load.scopes)
    ]
    for old in same:
        what = f"{extract.names}: load {old.n} is {old.source} of {', '.join(old.scopes)} as of {old.extract_date} already"
        told = difference(old, load)
        if not change.replace:
            raise Refused(f"{what}; {told}. Nothing was loaded.", "Add --replace to put this file in its place.")
        _may_replace(change, old, load, what)
        new.warnings.append(f"{what} and is replaced; {told}.")
        change.remove.append(old.n)
    change.staged.append(new)
    done.report.add(new)


def _may_replace(change: _Change, old: Load, load: Load, what: str) -> None:
    lost = sorted(set(old.scopes) - set(load.scopes))
    if lost:
        raise Refused(f"{what}, and this file lacks {', '.join(lost)}.", f"Unload {old.n} first, or give the whole extract.")
    if any(one.load.n == old.n for one in change.staged):
        raise Refused(f"{what}, by another of the files given.", "Give one of the two files.")


def _ask_about_fewer(change: _Change, reports: Sequence[LoadReport]) -> None:
    """Hold the whole change back where a list is far shorter than the one before it, unless somebody has said that it may be;
    say which scopes a list no longer speaks of."""
    standing, new = change.standing, {one.load.n for one in change.staged}
    removed = [load for load in change.workspace.loads() if load.n in change.remove]
    fell = falls(standing, removed, new, change.workspace.settings)
    if fell and not change.accept_fewer:
        held.note(change.workspace, fell)
        said = "".join(f"\n  - {one}" for one in fell)
        raise Refused(
            f"Held back, because whoever is missing would be read as having left:{said}\nNothing was loaded.\n",
            "Ask for the whole extract. Where so many did leave, add --accept-fewer.",
        )
    for report in reports:
        report.warnings += [f"{one}: accepted, and who is missing has left." for one in fell if one.later.n in report.loads]
        own = [load for load in standing if load.n in report.loads]
        report.warnings += filter(None, (rejected_from(standing, load) for load in own))
        for load in own:
            if (lost := lost_scopes(standing, load)):
                few = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
                report.warnings.append(f"{report.source} of {load.extract_date} has no {few}, unlike the one before it: nobody "
                                       "is taken to have left there.")


def _commit(change: _Change, publish: bool) -> None:
    workspace, build = change.workspace, None
    if publish:
        loads = [*workspace.loads(without=change.remove), *(one.load for one in change.staged)]
        build = stage_build(workspace, loads, change.progress)
    workspace.commit([one.staged for one in change.staged], build, change.remove)


def _silent(message: str) -> None:
    """No progress is asked for."""


__all__ = ["Difference", "LoadReport", "load", "load_folder", "unload"]
