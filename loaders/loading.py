"""Load extracts, all of them or nothing: staged, put beside what is loaded, built into a graph, and switched to at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
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
from lastseen.loaders.fewer import Fall, falls, lost_scopes, rejected_from
from lastseen.loaders.formats.opening import holds_several
from lastseen.loaders.inputs import seen
from lastseen.loaders.local_mappings import mapping_of
from lastseen.loaders.mapping import Mapping

HELD = "Held back, because whoever is missing would be read as having left"
WHOLE = "Ask for the whole extract. Where so many did leave,"
TOGETHER = 2
"""Extracts that are read at once: one leaves a second core idle half the time, and each may take a gigabyte and a half."""


@dataclass(frozen=True)
class Refusal:
    """Files of a folder that could not be taken, while the others could: what is wrong and how to mend it."""

    files: list[str]
    what: str
    mend: str


@dataclass
class LoadReport:
    """What became of one source's files. `changed` is false where nothing had to be loaded; `loads` are the new numbers;
    `refused` files, of a folder alone, are not among `files`."""

    source: str
    files: list[str]
    read: int = 0
    kept: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    changed: bool = False
    loads: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As design section 7 has it; `refused` is told beside it."""
        names = ("source", "files", "read", "kept", "rejected", "reasons", "warnings", "changed")
        return {**{name: getattr(self, name) for name in names}, "refused": [asdict(one) for one in self.refused]}

    def refuse(self, paths: Sequence[Path], refused: Refused) -> None:
        """Name files that are left out."""
        files = [str(path) for path in paths]
        self.files = [file for file in self.files if file not in files]
        self.refused.append(Refusal(files, refused.what, refused.mend))

    def add(self, staged: Staged) -> None:
        """Count one more extract."""
        load = staged.load
        self.read, self.kept, self.rejected = self.read + load.read, self.kept + load.kept, self.rejected + load.rejected
        for reason, count in load.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count
        self.warnings += staged.warnings
        self.changed = True
        self.loads.append(load.n)


@dataclass(frozen=True)
class _Placed:
    """A staged extract that will be committed, and the loads that it takes the place of."""

    extract: Extract
    report: LoadReport
    new: Staged
    replaces: list[int]


@dataclass
class Change:
    """What one call will commit. With `go_on` an extract that can't be taken is named in its report and the others go on."""

    workspace: Workspace
    extract_date: date | None
    scope: str | None
    replace: bool
    progress: Progress
    accept_fewer: bool = False
    go_on: bool = False
    placed: list[_Placed] = field(default_factory=list)
    unloaded: list[int] = field(default_factory=list)

    @property
    def staged(self) -> list[Staged]:
        return [one.new for one in self.placed]

    @property
    def remove(self) -> list[int]:
        """Numbers of the loads that will be taken away."""
        return [*self.unloaded, *(n for one in self.placed for n in one.replaces)]

    @property
    def standing(self) -> list[Load]:
        """The loads as they would be after it."""
        remove = self.remove
        kept = [load for load in self.workspace.loads() if load.n not in remove]
        return [*kept, *(one.load for one in self.staged)]

    @contextmanager
    def taking(self, extract: Extract, report: LoadReport, staged: StagedLoad | None = None) -> Iterator[None]:
        """Where the extract is refused inside and the others are to go on: name it in its report, drop what was staged."""
        try:
            yield
        except Refused as refused:
            if not self.go_on:
                raise
            report.refuse(extract.inputs, refused)
            self.workspace.discard([staged] if staged else [])


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
    change = Change(workspace, extract_date, scope, replace, progress or silent, accept_fewer)
    return load_sources(change, [(mapping, [Path(file) for file in files])], publish)[0]


def unload(workspace: Workspace, n: int, *, publish: bool = True, progress: Progress | None = None) -> None:
    """Take a load away, as if it had never been; the graph is made again from the others."""
    with workspace.writing():
        workspace.check_load(n)
        _commit(Change(workspace, None, None, False, progress or silent, unloaded=[n]), publish)


def extracts_of(mapping: Mapping, files: Sequence[Path]) -> list[Extract]:
    """Which files are one extract: each by itself, but a source's several kinds of file are a set where they lie together
    (not what holds several by itself: a zip, a workbook of lists, an XML document)."""
    if len(mapping.files) == 1:
        return [Extract(mapping, [file]) for file in files]
    sets: dict[Path, list[Path]] = {}
    for file in files:
        sets.setdefault(file if holds_several(file, mapping.files) else file.parent, []).append(file)
    return [Extract(mapping, together) for together in sets.values()]


def load_sources(change: Change, sources: Sequence[tuple[Mapping, list[Path]]], publish: bool) -> list[LoadReport]:
    """Load the files of some sources as one change: a report a source."""
    reports = [LoadReport(mapping.source, [str(file) for file in files]) for mapping, files in sources]
    with change.workspace.writing():
        try:
            _stage_all(change, [
                (extract, report) for (mapping, files), report in zip(sources, reports, strict=True)
                for extract in extracts_of(mapping, files)
            ])  # fmt: skip
            _hold_back_fewer(change)
            for one in change.placed:
                one.report.add(one.new)
            if change.placed:
                _tell_about_fewer(change, reports)
                _commit(change, publish)
                held.settle(change.workspace, [one.load for one in change.staged])
        except BaseException:
            change.workspace.discard(one.staged for one in change.staged)
            raise
    return reports


def _stage_all(change: Change, extracts: Sequence[tuple[Extract, LoadReport]]) -> None:
    """Stage extracts, `TOGETHER` of them at once; each is judged and placed in its turn, as if one had come after the other."""
    under_way: deque[_UnderWay] = deque()
    with ThreadPoolExecutor(TOGETHER) as pool:
        try:
            for extract, report in extracts:
                hashes: list[str] = []
                with change.taking(extract, report):
                    hashes = sorted(seen(path)["sha256"] for path in extract.inputs)
                while len(under_way) == TOGETHER or any(one.hashes == hashes for one in under_way):
                    _place(change, under_way[0])
                    under_way.popleft()
                if hashes and not _is_loaded(change, extract, hashes, report):
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


def _is_loaded(change: Change, extract: Extract, hashes: list[str], report: LoadReport) -> bool:
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


def _place(change: Change, done: _UnderWay) -> None:
    """Put a staged load beside or in the place of those of the same source, scope and extract date."""
    with change.taking(done.extract, done.report, done.staged):
        new = done.result.result()
        change.placed.append(_Placed(done.extract, done.report, new, _replaced(change, done.extract, new)))


def _replaced(change: Change, extract: Extract, new: Staged) -> list[int]:
    """The loads that it takes the place of; raises Refused where it may not."""
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
    return [old.n for old in same]


def _may_replace(change: Change, old: Load, load: Load, what: str) -> None:
    lost = sorted(set(old.scopes) - set(load.scopes))
    if lost:
        raise Refused(f"{what}, and this file lacks {', '.join(lost)}.", f"Unload {old.n} first, or give the whole extract.")
    if any(one.load.n == old.n for one in change.staged):
        raise Refused(f"{what}, by another of the files given.", "Give one of the two files.")


def _falls(change: Change) -> list[Fall]:
    """Where a list of this change makes one far shorter than the one before it."""
    remove = change.remove
    removed = [load for load in change.workspace.loads() if load.n in remove]
    return falls(change.standing, removed, {one.load.n for one in change.staged}, change.workspace.settings)


def _hold_back_fewer(change: Change) -> None:
    """Unless somebody has said that they may be, hold lists back that are far shorter than the one before them: the whole
    change, or where the others are to go on, these alone."""
    while not change.accept_fewer and (fell := _falls(change)):
        held.note(change.workspace, fell)
        if not change.go_on:
            said = "".join(f"\n  - {one}" for one in fell)
            raise Refused(f"{HELD}:{said}\nNothing was loaded.\n", f"{WHOLE} add --accept-fewer.")
        new = {one.new.load.n: one for one in change.placed}
        for n, why in {(one.later.n if one.later.n in new else one.earlier.n): one for one in fell}.items():
            with change.taking(new[n].extract, new[n].report, new[n].new.staged):
                raise Refused(f"{HELD}: {why}.", f"{WHOLE} load the folder again with --accept-fewer.")
            change.placed.remove(new[n])


def _tell_about_fewer(change: Change, reports: Sequence[LoadReport]) -> None:
    """Say which far shorter lists were accepted, and which scopes a list no longer speaks of."""
    standing, fell = change.standing, _falls(change) if change.accept_fewer else []
    for report in reports:
        report.warnings += [f"{one}: accepted, and who is missing has left." for one in fell if one.later.n in report.loads]
        own = [load for load in standing if load.n in report.loads]
        report.warnings += filter(None, (rejected_from(standing, load) for load in own))
        for load in own:
            if (lost := lost_scopes(standing, load)):
                few = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
                report.warnings.append(f"{report.source} of {load.extract_date} has no {few}, unlike the one before it: nobody "
                                       "is taken to have left there.")


def _commit(change: Change, publish: bool) -> None:
    workspace, build = change.workspace, None
    if publish:
        loads = [*workspace.loads(without=change.remove), *(one.load for one in change.staged)]
        build = stage_build(workspace, loads, change.progress)
    workspace.commit([one.staged for one in change.staged], build, change.remove)


def silent(message: str) -> None:
    """No progress is asked for."""


__all__ = ["Change", "Difference", "LoadReport", "Refusal", "load", "load_sources", "silent", "unload"]
