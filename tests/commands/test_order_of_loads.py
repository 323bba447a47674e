"""The order in which extracts were loaded changes no finding: only the loads' numbers, which come first in each row's place."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lastseen.commands.keeping import rebuild
from lastseen.graph.archive import Workspace
from lastseen.graph.loads import Load
from lastseen.loaders.loading import load
from lastseen.queries.findings import Finding
from lastseen.queries.session import open_session
from lastseen.queries.standing import stood

WHICHEVER = ("G14", "G19")
"""Their texts tell one of several rows that say the same, by its number, in which the load's comes first."""
DAYS = (date(2012, 9, 1), date(2014, 12, 1), date(2016, 3, 1), date(2018, 3, 1))


def rows_of(finding: Finding) -> tuple[str, ...]:
    return tuple(sorted(row.partition(":")[2] for row in finding.rows))


def found(home: Path) -> dict[date, list[Finding]]:
    """Every finding on each day, its rows as 'file:line' where they are the same in any order."""
    session = open_session(home)
    try:
        return {
            day: sorted(
                (
                    replace(one.finding, rows=() if one.finding.signal in WHICHEVER else rows_of(one.finding))
                    for one in stood(session.store, day).standings
                ),
                key=lambda finding: (finding.signal, finding.child),
            )
            for day in DAYS
        }
    finally:
        session.close()


def orders(loads: Sequence[Load]) -> dict[str, list[Load]]:
    shuffled = list(loads)
    random.Random(20120627).shuffle(shuffled)
    return {"backwards": list(reversed(loads)), "shuffled": shuffled}


@pytest.mark.parametrize("order", ["backwards", "shuffled"])
def test_loads_in_another_order_give_the_same_findings(larch_court: Path, extracts: Path, tmp_path: Path, order: str) -> None:
    first = Workspace.open(larch_court)
    other = Workspace.open(tmp_path / "other", create=True)
    with other.writing():
        other.save_settings(first.settings)
    for one in orders(first.loads())[order]:
        load(
            other, one.source, [extracts / file["name"] for file in one.files], extract_date=one.extract_date, publish=False,
            accept_fewer=True,
        )  # fmt: skip
    shutil.copy(first.journal, other.journal)  # what people decided about who is who
    rebuild(other)
    expected = found(larch_court)
    assert all(expected.values())
    assert sum(len(one) for one in expected.values()) > 30
    assert [load.source for load in other.loads()] != [load.source for load in first.loads()]
    assert found(other.home) == expected
