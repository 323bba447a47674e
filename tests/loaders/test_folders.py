"""A folder of extracts: what can't be taken is named with how to mend it, and its neighbours are loaded and published."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Settings, Workspace
from lastseen.graph.errors import Refused
from lastseen.graph.lookups import lookup_hashes
from lastseen.graph.publish import open_store
from lastseen.loaders.folders import load_folder
from lastseen.loaders.loading import load
from lastseen.loaders.local_mappings import keep

ROLL = "School,Taken,Id,Name,Born,From,To\n"
ANN = "S1,{day},c1,Ann,01/05/2015,01/09/2019,\n"
BEN = "S1,{day},c2,Ben,01/05/2016,01/09/2020,\n"
VISITS = "Child,Name,Day,Seen,Recorded\nc1,Ann,03/02/2025,Y,04/02/2025\n"


@pytest.fixture
def told(workspace: Workspace, register_text: str, visits_text: str) -> Workspace:
    """A workspace that knows a roll and visits."""
    keep(workspace.home, "roll", register_text)
    keep(workspace.home, "visits", visits_text)
    return workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "incoming").mkdir()
    return tmp_path / "incoming"


def roll(folder: Path, name: str, day: str, rows: str = ANN) -> Path:
    path = folder / name
    path.write_text(ROLL + rows.format(day=day))
    return path


def loaded(workspace: Workspace) -> list[tuple[str, str]]:
    return [(one.source, str(one.extract_date)) for one in workspace.loads()]


def test_an_extract_that_does_not_say_its_day_is_named_and_the_others_are_one_publish(told: Workspace, folder: Path) -> None:
    roll(folder, "january.csv", "10/01/2025")
    undated = roll(folder, "undated.csv", "")
    (folder / "visits.csv").write_text(VISITS)
    first, second = load_folder(told, folder)
    assert (first.source, first.kept, second.source, second.kept) == ("roll", 1, "visits", 1)
    assert first.files == [str(folder / "january.csv")]
    assert [(one.files, one.what) for one in first.refused] == [
        ([str(undated)], "undated.csv does not say when it was taken.")
    ]  # fmt: skip
    assert "--extract-date" in first.refused[0].mend
    assert second.refused == []
    assert loaded(told) == [("roll", "2025-01-10"), ("visits", "2025-02-04")]
    assert [path.name for path in (told.home / "loads").iterdir() if path.name.startswith(".")] == []
    builds = told.builds()
    assert len(builds) == 1
    with closing(open_store(told)) as store:
        assert store.run("MATCH (k:Contact) RETURN count(*)").rows == [(1,)]


def test_when_nothing_new_is_left_to_load_the_folder_is_refused_with_all_that_is_to_be_mended(
    told: Workspace, folder: Path
) -> None:
    roll(folder, "undated.csv", "")
    with pytest.raises(Refused, match=r"undated.csv does not say when it was taken\. Nothing was loaded\. Give the day"):
        load_folder(told, folder, publish=False)
    roll(folder, "other.csv", "", BEN)
    with pytest.raises(Refused, match=r"(?s)Nothing was loaded\.\n  - other.csv does.*\n  - undated.csv does") as refused:
        load_folder(told, folder, publish=False)
    assert refused.value.mend == "Mend these and load the folder again."
    roll(folder, "january.csv", "10/01/2025")
    load_folder(told, folder, publish=False)
    with pytest.raises(Refused, match=r"Nothing was loaded\. The others are loaded already\.\n"):
        load_folder(told, folder, publish=False)
    assert loaded(told) == [("roll", "2025-01-10")]


def test_a_list_that_stands_already_keeps_its_place_and_its_neighbours_are_loaded(told: Workspace, folder: Path) -> None:
    january = roll(folder, "january.csv", "10/01/2025")
    load_folder(told, folder, publish=False)
    before = told.loads()[0].files
    january.write_text(ROLL + BEN.format(day="10/01/2025"))
    roll(folder, "february.csv", "10/02/2025")
    [report] = load_folder(told, folder, publish=False)
    assert [(one.files, one.mend) for one in report.refused] == [
        ([str(january)], "Add --replace to put this file in its place.")
    ]  # fmt: skip
    assert loaded(told) == [("roll", "2025-01-10"), ("roll", "2025-02-10")]
    assert told.loads()[0].files == before


def test_of_two_files_for_one_day_the_first_is_taken_and_what_stood_there_is_replaced_once(
    told: Workspace, folder: Path
) -> None:
    load_from = roll(folder, "b.csv", "10/01/2025")
    load_folder(told, folder, publish=False)
    load_from.unlink()
    roll(folder, "c.csv", "10/01/2025", ANN + BEN)
    roll(folder, "d.csv", "10/01/2025", BEN)
    [report] = load_folder(told, folder, publish=False, replace=True)
    assert [Path(one.files[0]).name for one in report.refused] == ["d.csv"]
    assert "by another of the files given" in report.refused[0].what
    assert [(one.extract_date, one.kept) for one in told.loads()] == [(date(2025, 1, 10), 2)]


def test_a_list_far_shorter_than_the_one_before_is_held_back_alone(told: Workspace, folder: Path) -> None:
    told.save_settings(Settings(fewer_floor=5))
    children = "".join(f"S1,{{day}},c{n},Child {n},01/05/2015,01/09/2019,\n" for n in range(20))
    roll(folder, "january.csv", "10/01/2025", children)
    roll(folder, "february.csv", "10/02/2025", ANN)
    roll(folder, "march.csv", "10/03/2025", children)
    [report] = load_folder(told, folder, publish=False)
    assert loaded(told) == [("roll", "2025-01-10"), ("roll", "2025-03-10")]
    assert [Path(one.files[0]).name for one in report.refused] == ["february.csv"]
    assert "whoever is missing would be read as having left" in report.refused[0].what
    assert report.read == 40
    [again] = load_folder(told, folder, publish=False, accept_fewer=True)
    assert (again.refused, len(told.loads())) == ([], 3)


def test_postcodes_and_schools_in_a_folder_are_put_in_place_with_the_same_publish(told: Workspace, folder: Path) -> None:
    (folder / "onspd.csv").write_text("pcd,laua\nBD1 1AA,E08000032\n")
    (folder / "schools.csv").write_text(
        "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code)\n"
        "107201,380,Bradford,2000,St Anne’s,1\n"
    )
    (folder / "broken.csv").write_text("URN,LA (code)\n1,2\n")
    roll(folder, "roll.csv", "10/01/2025", "107201,{day},c1,Ann,01/05/2015,01/09/2019,\n")
    reports = load_folder(told, folder)
    assert [(report.source, report.kept, report.changed) for report in reports] == [
        ("postcodes", 1, True), ("gias", 1, True), ("roll", 1, True),
    ]  # fmt: skip
    assert reports[0].warnings == ["broken.csv was not loaded: no source has its columns."]
    assert len(told.builds()) == 1
    with closing(open_store(told)) as store:
        assert store.run("MATCH (a:Agency) RETURN a.name").rows == [("St Anne’s",)]
    again = load_folder(told, folder)
    assert [report.changed for report in again] == [False, False, False]
    assert len(told.builds()) == 1


def test_two_postcode_directories_are_refused_and_the_one_in_use_stays(told: Workspace, folder: Path) -> None:
    (folder / "a.csv").write_text("pcd,laua\nBD1 1AA,E08000032\n")
    load_folder(told, folder, publish=False)
    before = lookup_hashes(told)
    (folder / "b.csv").write_text("pcd,laua\nBD1 1AA,E08000035\n")
    roll(folder, "roll.csv", "10/01/2025")
    lists, report = load_folder(told, folder, publish=False)
    assert [one.mend for one in lists.refused] == ["Give the newest one alone."]
    assert (report.kept, lookup_hashes(told)) == (1, before)


def test_lists_are_taken_back_when_the_folder_s_load_fails(
    told: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text("pcd,laua\nBD1 1AA,E08000032\n")
    roll(folder, "roll.csv", "10/01/2025")

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "commit", stop)
    with pytest.raises(KeyboardInterrupt):
        load_folder(told, folder, publish=False)
    assert (lookup_hashes(told), told.loads()) == ({}, [])


def test_files_given_by_their_source_s_name_are_still_all_or_nothing(told: Workspace, folder: Path) -> None:
    files = [roll(folder, "january.csv", "10/01/2025"), roll(folder, "undated.csv", "")]
    with pytest.raises(Refused, match=r"undated\.csv"):
        load(told, "roll", files, publish=False)
    assert told.loads() == []
