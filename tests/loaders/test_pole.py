"""The public POLE zip, read where it lies; its facts are those counted independently in the data's README."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.loading import load

SHARED = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))


@pytest.fixture(scope="module")
def pole(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Load:
    path = SHARED / "pole" / "pole-data-importer.zip"
    need(path.exists(), f"the POLE data are not in {SHARED}")
    workspace = Workspace.open(tmp_path_factory.mktemp("pole") / "home", create=True)
    report = load(workspace, "pole", [path], publish=False)
    assert (report.rejected, report.read) == (0, report.kept)
    return workspace.load(1)


def ask(pole: Load, query: str) -> object:
    for table in pole.tables:
        query = query.replace(f"@{table}", f"'{pole.table(table)}'")
    rows = duckdb.sql(query).fetchall()
    return rows[0] if len(rows) == 1 else rows


def test_people_places_officers_and_crimes_are_all_there(pole: Load) -> None:
    assert {name: pole.tables[name] for name in ("people", "places", "workers", "contacts", "participants")} == {
        "people": 369, "places": 14_904, "workers": 1_000, "contacts": 28_762, "participants": 55,
    }


def test_every_crime_has_its_place_and_its_officer_from_other_members(pole: Load) -> None:
    assert ask(pole, "SELECT count(*), count(place), count(worker), count(occurred_on) FROM @contacts") == (28_762,) * 4
    assert ask(pole, "SELECT count(*) FROM @contacts ANTI JOIN @places USING (place)") == (0,)
    assert ask(pole, "SELECT DISTINCT file FROM @contacts") == ("crime-investigation.nodes.Crime.csv",)


def test_addresses_are_as_counted(pole: Load) -> None:
    assert ask(pole, "SELECT count(*), count(DISTINCT place) FROM @residences") == (368, 298)
    assert ask(pole, "SELECT count(*), max(n) FROM (SELECT count(*) n FROM @residences GROUP BY place HAVING n > 1)") == (51, 5)


def test_family_is_as_counted_and_the_start_is_the_parent(pole: Load) -> None:
    family = ask(pole, "SELECT relation, count(*) FROM @relations GROUP BY ALL ORDER BY ALL")
    assert family == [("knows", 945), ("lives_with", 80), ("parent", 103), ("sibling", 52)]
    assert ask(pole, "SELECT count(DISTINCT other), count(*) FROM @relations WHERE relation = 'parent'") == (103, 103)
    knows = "SELECT DISTINCT least(person, other), greatest(person, other) FROM @relations WHERE file LIKE '%KNOWS.csv'"
    assert ask(pole, f"SELECT count(*) FROM ({knows})") == (586,)
