"""The guide is true: its decisions, taken from its own table, make of the real file what it says."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import draft, parse_mapping
from lastseen.loaders.proposing.proposal import propose
from lastseen.loaders.undecided import decide

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "adding-a-register.md").read_text(encoding="utf-8")
SHARED = Path(os.environ.get("LASTSEEN_SHARED_DATA", ROOT.parent / "shared" / "data"))
DECISIONS = dict(re.findall(r"^\| `([\w.]+)` \| `(\w+)` \|", GUIDE, re.MULTILINE))


@pytest.fixture(scope="module")
def leavers(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Load:
    """The guide's file, mapped as the guide says and loaded."""
    path = SHARED / "school_census" / "2024_autumn_pupilnolongeronroll.csv"
    need(path.exists(), f"the school census is not in {SHARED}")
    text = propose(path, "school_leavers", tmp_path_factory.mktemp("work")).text
    left = draft(text, "guide").undecided
    assert sorted(one.target or str(one.path[-1]) for one in left) == sorted(DECISIONS)
    for one in reversed(left):
        text = decide(text, one, DECISIONS[one.target or str(one.path[-1])])
    workspace = Workspace.open(tmp_path_factory.mktemp("leavers") / "home", create=True)
    mapping = parse_mapping(text, "school_leavers.yaml")
    report = load(workspace, mapping, [path], extract_date=date(2024, 12, 31), publish=False)
    assert (report.read, report.rejected) == (308, 0)
    return workspace.load(1)


def test_the_guide_s_file_gives_what_the_guide_and_the_data_s_own_readme_say(leavers: Load) -> None:
    assert {name: leavers.tables[name] for name in ("people", "names", "identifiers", "registrations", "agencies")} == {
        "people": 297, "names": 594, "identifiers": 297, "registrations": 308, "agencies": 8,
    }  # fmt: skip
    found = duckdb.sql(f"""
        SELECT count(*) FILTER (n > 1), bool_or(backwards) FROM (
            SELECT person, count(*) AS n, bool_or(valid_to < valid_from) AS backwards
            FROM '{leavers.table("registrations")}' GROUP BY person)
    """).fetchall()
    assert found == [(11, False)]


def test_the_guide_s_own_mapping_is_one() -> None:
    written = re.search(r"\n    # made up: visits.*?(?=\n\n)", GUIDE, re.DOTALL)
    assert written is not None
    said = draft("\n".join(line[4:] for line in written[0].split("\n")), "guide")
    assert (said.undecided, said.faults) == ([], [])
