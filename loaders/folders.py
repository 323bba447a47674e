"""A folder's files, each told by its header, loaded as one change: what can't be taken is named and leaves the others alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.graph.publish import bring_up_to_date
from lastseen.graph.store import Progress
from lastseen.loaders.loading import Change, LoadReport, load_sources, silent
from lastseen.loaders.local_mappings import known_mappings, mapping_of
from lastseen.loaders.lookups import SOURCES, in_place
from lastseen.loaders.recognising import plan


def load_folder(
    workspace: Workspace, folder: Path | str, *, replace: bool = False, publish: bool = True, progress: Progress | None = None,
    accept_fewer: bool = False, go_on: bool = True,
) -> list[LoadReport]:
    """Load a folder's files, recognised by their headers, as one change and one publish: a report a source.

    An extract that can't be taken stands in its report's `refused`, or without `go_on` stops the whole change. Raises Refused
    where no file is recognised, or where nothing is left to be loaded and something was refused; files that nobody
    recognises are named in the first report's warnings.
    """
    mappings, _ = known_mappings(workspace.home)
    planned = plan(Path(folder), mappings)
    by_source: dict[str, list[Path]] = {}
    for one in planned:
        if one.source:
            by_source.setdefault(one.source, []).append(one.file)
    if not by_source:
        raise Refused(f"No file in {folder} is recognised.", "Load files by name: `lastseen load SOURCE FILE…`.")
    lists = {source: by_source.pop(source) for source in SOURCES if source in by_source}
    change = Change(workspace, None, None, replace, progress or silent, accept_fewer, go_on)
    with workspace.writing(), ExitStack() as stack:
        reports = [_placed(workspace, source, files, stack) for source, files in lists.items()]
        reports += load_sources(
            change, [(mapping_of(source, workspace.home), files) for source, files in by_source.items()], publish
        )
        if not any(report.changed for report in reports) and any(report.refused for report in reports):
            raise Refused(*_together(reports))
        if publish and not change.placed and any(report.changed for report in reports) and workspace.loads():
            bring_up_to_date(workspace, progress)
    reports[0].warnings += [f"{one.file.name} was not loaded: {one.why}." for one in planned if not one.source]
    return reports


def _placed(workspace: Workspace, source: str, files: Sequence[Path], stack: ExitStack) -> LoadReport:
    """A published list put in its place, to be taken back where the change fails; or named as refused."""
    try:
        return stack.enter_context(in_place(workspace, source, files))
    except Refused as refused:
        report = LoadReport(source, [])
        report.refuse(files, refused)
        return report


def _together(reports: Sequence[LoadReport]) -> tuple[str, str]:
    """What is wrong with each file, and how to mend them."""
    refused = [one for report in reports for one in report.refused]
    others = " The others are loaded already." if any(report.files for report in reports) else ""
    if len(refused) == 1:
        return f"{refused[0].what} Nothing was loaded.{others}", refused[0].mend
    told = "".join(f"\n  - {one.what.rstrip()} {one.mend}" for one in refused)
    return f"Nothing was loaded.{others}{told}\n", "Mend these and load the folder again."
