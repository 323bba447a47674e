"""Writes the Larch Court extracts: each agency's own files, as they would have come in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lastseen.loaders.made_up import council, education, emergency, health
from lastseen.loaders.made_up.script import T0, Replay, read_script

WRITERS = (
    health.gp_lists, health.gp_contacts, health.health_visiting, health.health_visiting_caseload, health.maternity,
    education.school_rolls, education.attendance, education.school_concerns, education.early_years, education.admissions,
    education.missing_education, emergency.police_notices, emergency.ambulance, council.social_care, council.housing,
    council.births, council.marac, council.refuge,
)  # fmt: skip


def write_larch_court(directory: Path, unshared: bool = False, t0: date = T0) -> list[Path]:
    """Write every extract into `directory` (made where missing); with `unshared`, also what was never shared.

    Returns the files in the order in which they were written. The same call gives the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    replay = Replay(tuple(read_script()), t0)
    extracts = [extract for writer in WRITERS for extract in writer(replay)]
    if unshared:
        extracts += emergency.police_notices(replay, unshared=True)
    return [extract.write(directory) for extract in extracts]
