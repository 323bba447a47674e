"""The demonstration: the fictional Larch Court family, and the public POLE data set where it is at hand, ready to ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lastseen.graph.archive import Settings, Workspace
from lastseen.graph.journal import Journal
from lastseen.graph.publish import bring_up_to_date
from lastseen.graph.store import Progress
from lastseen.loaders.folders import load_folder
from lastseen.loaders.loading import load
from lastseen.loaders.made_up import write_larch_court
from lastseen.loaders.made_up.people import AREA, PEOPLE

LARCH_COURT, POLE = "larch-court", "pole"
POLE_FILE = Path("pole") / "pole-data-importer.zip"

SENT_ON_CHANGE = 3650
"""Larch Court's practice and school send their list when it changes, not every month (domain reference: one list for each
day on which it changed). So a list stays in force until the next: ten years, which is longer than the story."""

OFFICER = "Fay Example, screening officer (fictional)"
SAME_CHILD = (f"gp_list:{PEOPLE['C3'].nhs}", f"police_notices:NOM{PEOPLE['C3'].born_day + 20000}")
REASON = (
    "Fictional decision of the demonstration: the police wrote the name as they heard it. Same birth date, same home at Larch "
    "Court and then at Quarry Rise, and no other child of that birth date in the household."
)


def demo(root: Path, shared_data: Path | None = None, progress: Progress | None = None) -> list[Workspace]:
    """Make or complete the workspaces `larch-court` and, where `shared_data` holds its file, `pole` under `root`.

    Doing it again changes nothing. A decision that somebody has undone stays undone.
    """
    say = progress or (lambda _: None)
    made = [larch_court(root, say)]
    pole = shared_data / POLE_FILE if shared_data else None
    if pole and pole.exists():
        made.append(_pole(root, pole, say))
    else:
        say("The public POLE data are not at hand (LASTSEEN_SHARED_DATA says where), so there is no workspace of them")
    return made


def larch_court(root: Path, say: Progress, unshared: bool = False) -> Workspace:
    """Make or complete the workspace `larch-court` under `root`; with `unshared`, also of what no agency shared."""
    say("Larch Court (fictional): writing each agency's extracts")
    extracts = root / "extracts" / LARCH_COURT
    write_larch_court(extracts, unshared)
    workspace = _open(root / LARCH_COURT, Settings(
        title="Larch Court (fictional)", area=AREA, default_as_at=date(2018, 7, 20), fictional=True,
        expected_every={"gp_list": SENT_ON_CHANGE, "school_roll": SENT_ON_CHANGE},
    ))  # fmt: skip
    load_folder(workspace, extracts, publish=False, progress=say, go_on=False)
    journal = Journal(workspace.journal)
    if not any({entry.record_a, entry.record_b} == set(SAME_CHILD) for entry in journal.decisions()):
        with workspace.writing():
            journal.same(*SAME_CHILD, by=OFFICER, reason=REASON)
    bring_up_to_date(workspace, say)
    return workspace


def _pole(root: Path, file: Path, say: Progress) -> Workspace:
    say("POLE (public demonstration data, invented people): loading")
    # the crimes are of August 2017; everything else in it has no date of its own
    workspace = _open(root / POLE, Settings(
        title="POLE demonstration data (invented people)", area="Greater Manchester", default_as_at=date(2017, 8, 31),
        fictional=True,
    ))  # fmt: skip
    load(workspace, "pole", [file], publish=False, progress=say)
    bring_up_to_date(workspace, say)
    return workspace


def _open(home: Path, settings: Settings) -> Workspace:
    workspace = Workspace.open(home, create=True)
    if workspace.settings == Settings():  # what somebody has set since stays
        workspace.save_settings(settings)
    return workspace
