"""Postcodes and schools as lists: which addresses are in the area, and what a school's number is called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import Told

from lastseen.graph.archive import Settings
from lastseen.graph.errors import Refused
from lastseen.graph.lookups import lookup_hashes
from lastseen.loaders.lookups import load_lookup

POSTCODES = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "postcodes"
GP = ("PRACTICE_CODE,EXTRACT_DATE,NHS_NUMBER,SURNAME,FORENAMES,DATE_OF_BIRTH,ADDRESS_LINE_1,TOWN,POSTCODE,REGISTERED_ON,STATUS,"
      "REMOVED_ON,REMOVAL_REASON\n")  # fmt: skip
PATIENTS = GP + (
    "B1,01/02/2025,9990000018,Hill,Ada,01/05/2015,4 Larch Court,Keighley,BD1 1AA,02/05/2015,R,,\n"
    "B1,01/02/2025,9990000026,Hill,Ben,01/05/2016,5 Larch Court,,BD1  1aa,02/05/2016,R,,\n"
    "B1,01/02/2025,9990000034,Moor,Cal,01/05/2017,6 Larch Court,,LS1 6AE,02/05/2017,R,,\n"
    "B1,01/02/2025,9990000042,Moor,Dot,01/05/2018,7 Larch Court,Bradford,ZE1 0AA,02/05/2018,R,,\n"
)


def homes(told: Told) -> list[tuple[object, ...]]:
    with told.asked() as session:
        return session.store.run("MATCH (a:Address) RETURN a.line, a.area, a.in_area ORDER BY a.line").rows


def test_a_postcode_places_an_address_better_than_the_town_that_is_written(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.workspace.save_settings(Settings(area="Bradford", area_codes=["E08000032"]))
    told.load("gp_list", {"gp_list.csv": PATIENTS})
    assert homes(told) == [
        ("4 Larch Court", "Keighley", False), ("5 Larch Court", None, None), ("6 Larch Court", None, None),
        ("7 Larch Court", "Bradford", True),
    ]  # fmt: skip
    given = tmp_path / "onspd.csv"
    given.write_text("\ufeffpcd,laua,oseast1m\nBD1 1AA,E08000032,1\nLS1 6AE,E08000035,2\nBD100AA,,\nZZ1 1ZZ,E1,\nZZ11ZZ,E2,\n")
    report = load_lookup(told.workspace, "postcodes", [given])
    assert (report.read, report.kept, report.rejected, report.changed) == (5, 5, 0, True)
    assert report.warnings == ["3 postcodes name no one council and place nothing."]
    assert homes(told) == [
        ("4 Larch Court", "Keighley", True), ("5 Larch Court", "Bradford", True), ("6 Larch Court", "E08000035", False),
        ("7 Larch Court", "Bradford", True),
    ]  # fmt: skip
    before = told.workspace.current_build()
    again = load_lookup(told.workspace, "postcodes", [given])
    assert (again.changed, told.workspace.current_build()) == (False, before)


def test_schools_are_named_by_number_and_a_source_s_own_name_stands(tmp_path: Path) -> None:
    told = Told(tmp_path)
    given = tmp_path / "gias.csv"
    given.write_bytes(
        "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code)\n"
        "107201,380,Bradford,2000,St Zoë’s Old School,2\n149999,380,Bradford,2000,St Zoë’s Academy,1\n"
        "107202,380,Bradford,65,Nursery,1\n".encode("cp1252")
    )
    report = load_lookup(told.workspace, "gias", [given])
    assert (report.read, report.kept) == (3, 3)
    header = "pupilonrolltableid,NativeId,upn,surname,forename,dob,entrydate\n"
    told.load("school_census", {"pupilonroll.csv": header + "".join(
        f"c{n},{school},,Hill,Ada,2015-May-01,2019-Sep-02\n" for n, school in enumerate(("380/2000", "107201", "3800065", "S1"))
    )}, "2025-01-16")  # fmt: skip
    with told.asked() as session:
        assert session.store.run("MATCH (a:Agency) RETURN a.code, a.name, a.area ORDER BY a.code").rows == [
            ("107201", "St Zoë’s Old School", "Bradford"), ("380/2000", "St Zoë’s Academy", "Bradford"),
            ("3800065", "Nursery", "Bradford"), ("S1", None, None),
        ]  # fmt: skip


def test_what_is_no_such_list_changes_nothing(tmp_path: Path) -> None:
    told = Told(tmp_path)
    good, bad, empty, broken = (tmp_path / name for name in ("good.csv", "bad.csv", "empty.csv", "broken.csv"))
    good.write_text("pcd,laua\nBD1 1AA,E08000032\n")
    bad.write_text("postcode,council\nBD1 1AA,E08000032\n")
    empty.write_text("pcd,laua\nBD1 1AA,\n")
    broken.write_text("pcd,laua\nBD1 1AA,E08000032\nBD1 1AB\n")
    load_lookup(told.workspace, "postcodes", [good])
    before = lookup_hashes(told.workspace)
    said = {bad: "no column", empty: "places or names nothing", broken: "1 of 2 rows", tmp_path: "not a file"}
    for path, why in said.items():
        with pytest.raises(Refused, match=why):
            load_lookup(told.workspace, "postcodes", [path])
    assert lookup_hashes(told.workspace) == before
    assert sorted(path.name for path in (told.workspace.home / "lookups").iterdir()) == ["postcodes.parquet"]


def test_the_postcodes_of_bradford(tmp_path: Path, need: Callable[[object, str], None]) -> None:
    need(POSTCODES.exists(), f"the postcode directory is not in {POSTCODES.parent}")
    told = Told(tmp_path)
    report = load_lookup(told.workspace, "postcodes", [POSTCODES / "onspd_BD_subset.csv"])
    assert (report.read, report.kept, report.warnings) == (
        23_942, 23_942, ["122 postcodes name no one council and place nothing."]
    )  # fmt: skip
    import duckdb

    counts = duckdb.sql(f"SELECT area, count(*) FROM '{told.workspace.home}/lookups/postcodes.parquet' GROUP BY ALL").fetchall()
    assert dict(counts)["E08000032"] == 19_395
