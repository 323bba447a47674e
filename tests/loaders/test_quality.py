"""What the report on loads tells: three small sources with one fault of each kind, each row's finding written by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.coverage import percent
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import parse_mapping
from lastseen.loaders.quality import COLUMNS, Report, examined, quality

N1, N2, N3, N4, N5, N6 = "9434765919", "9434765870", "9000000009", "9000000017", "9000000025", "9000000033"

BIRTHS = """
source: births_of_ours
title: Births
doc: Births.
shape: event
trust: 10
expected_every: 31
files:
  - columns: {Nhs: {kind: nhs, required: true}, Given: {}, Family: {}, Born: {kind: date}, Died: {kind: date}, Mother: {},
              Day: {kind: date}}
    rows:
      people:
        - {person: Nhs, given_name: Given, family_name: Family, born_on: Born, died_on: Died}
        - {person: Mother, given_name: Mother, sex: {is: F}, when: Mother}
      identifiers: [{person: Nhs, scheme: {is: nhs}, value: Nhs}]
      relations: [{person: Mother, other: Nhs, relation: {is: parent}, parent_kind: {is: birth}, when: Mother}]
      contacts: [{contact: {hash: [Nhs, Day]}, kind: {is: birth_registration}, occurred_on: Day}]
      participants: [{contact: {hash: [Nhs, Day]}, person: Nhs, role: {is: subject}, level: {is: 1}}]
"""
LIST = """
source: list_of_ours
title: A list
doc: A list.
shape: snapshot
expected_every: 31
files:
  - extract_date: Taken
    scope: Practice
    columns: {Practice: {}, Taken: {kind: date}, Id: {required: true}, Nhs: {kind: nhs}, Given: {}, Family: {},
              Born: {kind: date}, From: {kind: date}, Mother: {}, Postcode: {kind: postcode}}
    rows:
      people:
        - {person: Id, given_name: Given, family_name: Family, born_on: Born}
        - {person: Mother, given_name: Mother, sex: {is: F}, when: Mother}
      identifiers: [{person: Id, scheme: {is: nhs}, value: Nhs}]
      relations: [{person: Mother, other: Id, relation: {is: parent}, when: Mother}]
      places: [{place: Postcode, kind: {is: property}, postcode: Postcode, when: Postcode}]
      residences: [{person: Id, place: Postcode, basis: {is: registered}, when: Postcode}]
      agencies: [{agency: Practice, kind: {is: gp}}]
      registrations: [{person: Id, agency: Practice, register: {is: gp}, valid_from: From}]
"""
VISITS = """
source: visits_of_ours
title: Visits
doc: Visits.
shape: event
expected_every: 31
files:
  - match: "children*"
    columns: {Child: {required: true}, Nhs: {kind: nhs, required: true}, Name: {}}
    rows:
      people: [{person: Child, given_name: Name}]
      identifiers: [{person: Child, scheme: {is: nhs}, value: Nhs}]
  - match: "workers*"
    columns: {Worker: {required: true}, Worker name: {required: true}}
    rows: {workers: [{worker: Worker, name: Worker name}]}
  - match: "visits*"
    columns: {Ref: {required: true}, Day: {kind: date, required: true}, By: {}}
    rows: {contacts: [{contact: Ref, kind: {is: visit}, occurred_on: Day, worker: By}]}
  - match: "seen*"
    columns: {Ref of visit: {required: true}, Who: {required: true}, Level: {kind: int}}
    rows: {participants: [{contact: Ref of visit, person: Who, role: {is: subject}, level: Level}]}
"""
BORN = f"""Nhs,Given,Family,Born,Died,Mother,Day
{N1},Ann,Lee,2010-05-01,,Mia,2010-05-03
{N2},Ben,Roe,2011-06-02,2012-03-01,,2011-06-05
{N3},Amy,Park,2009-01-01,,,2009-01-05
"""
TAKEN = "Practice,Taken,Id,Nhs,Given,Family,Born,From,Mother,Postcode\n"
PEOPLE = f"""1,{N1},Ann,Lee,2010-05-01,2010-06-01,Eve,AB1 2CD
2,{N2},Ben,Rowe,2011-06-12,2011-07-01,,
3,{N3},Zoe,Park,2009-01-01,2008-12-01,,
4,1234567890,Cy,Day,2008-02-02,2010-01-01,,AB1
5,{N4},Baby,Day,2008-03-03,2010-01-01,,
6,{N5},Di,Fox,2007-04-04,2010-01-01,,
7,{N5},Flo,Fox,2006-05-05,2010-01-01,,
8,{N6},Gus,Hill,,2010-01-01,,
"""
FAULTY = "9,,Hal,Ivy,never,,,\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Births; the list of June and of July (one row rejected); visits of spring and of June."""
    folder = tmp_path_factory.mktemp("quality")
    workspace = Workspace.open(folder / "home", create=True)

    def take(mapping: str, on: date | None = None, **files: str) -> None:
        home = folder / f"{len(workspace.loads())}"
        home.mkdir()
        for name, text in files.items():
            (home / f"{name}.csv").write_text(text)
        parsed, last = parse_mapping(mapping, "x.yaml"), len(workspace.loads()) == 4
        load(workspace, parsed, sorted(home.iterdir()), extract_date=on, publish=last)

    take(BIRTHS, date(2012, 6, 30), births=BORN)
    june, july = (
        TAKEN + "".join(f"P1,2012-0{month}-01,{row}\n" for row in rows.splitlines())
        for month, rows in ((6, PEOPLE), (7, PEOPLE + FAULTY))
    )
    take(LIST, june=june)
    take(LIST, july=july)
    take(
        VISITS, children=f"Child,Nhs,Name\nK1,{N1},Ann\nK2,{N2},Ben\n", workers="Worker,Worker name\nW1,Una\n",
        visits="Ref,Day,By\nV1,2012-04-01,W1\nV2,2010-04-01,W9\nV3,2012-02-01,W1\n",
        seen="Ref of visit,Who,Level\nV1,K2,4\nV2,K1,4\nV3,K9,1\nV99,K1,4\nV3,K1,4\n",
    )  # fmt: skip
    take(VISITS, children=f"Child,Nhs,Name\nK1,{N1},Ann\n", workers="Worker,Worker name\nW1,Una\n",
         visits="Ref,Day,By\nV7,2012-06-01,W1\nV8,2012-06-20,W1\n", seen="Ref of visit,Who,Level\nV7,K1,4\nV8,K1,4\n")
    return workspace


def found(report: Report) -> set[tuple[str, str, int | None, str | None]]:
    """(check, file, line, id) of every finding's examples."""
    return {(one.check, row.file, row.line, row.id) for one in report.findings for row in one.examples}


def test_every_fault_of_a_list_is_told_by_row(told: Workspace) -> None:
    report = quality(told, "list_of_ours", date(2012, 7, 20))
    assert [one.n for one in report.loads] == [3], "the newest list"
    assert found(report) == {
        ("rejected", "july.csv", 10, None),
        ("birth date differs", "july.csv", 3, "2"),
        ("first name differs", "july.csv", 4, "3"),
        ("parents differ", "july.csv", 2, "1"),
        ("registered before birth", "july.csv", 4, "3"),
        ("suspect nhs", "july.csv", 5, "4"),
        ("suspect postcode", "july.csv", 5, None),
        ("placeholder name", "july.csv", 6, "5"),
        ("shared identifier", "july.csv", 7, "6"),
        ("shared identifier", "july.csv", 8, "7"),
    }
    rejected = report.findings[0]
    assert (rejected.what, rejected.column) == ("not a date of the expected style", "Born")
    differs = next(one for one in report.findings if one.check == "birth date differs")
    assert differs.examples[0].against == "births_of_ours 1:births.csv:3"


def test_every_fault_of_a_set_of_files_is_told_by_row(told: Workspace) -> None:
    assert found(quality(told, "4")) == {
        ("unmatched person", "seen.csv", 4, "K9"),
        ("unmatched worker", "visits.csv", 3, "W9"),
        ("unmatched contact", "seen.csv", 5, "V99"),
        ("sighting after death", "seen.csv", 2, "K2"),
        ("contact before birth", "seen.csv", 3, "K1"),
    }


def test_what_the_agency_gets_tells_nothing_of_other_sources_and_no_name(told: Workspace) -> None:
    with examined(told) as (report, rows):
        lines = list(rows)
    assert len(lines) == sum(one.count for one in report.findings) > 0
    said = str(lines)
    assert len(lines[0]) == len(COLUMNS)
    for row in lines:
        assert not [word for word in ("births_of_ours", "visits_of_ours") if row[0] != word and word in str(row)]
    assert not [name for name in ("Ann", "Zoe", "2011-06-12", "Hal", "AB1") if name in said]


def test_coverage_tells_gaps_and_who_is_late(told: Workspace) -> None:
    by_source = {one.source: one for one in quality(told, None, date(2012, 8, 2)).coverage}
    visits, lists = by_source["visits_of_ours"], by_source["list_of_ours"]
    assert visits.gaps == [(date(2012, 4, 2), date(2012, 5, 31))]
    assert (visits.latest_event, visits.due_on, visits.late_by) == (date(2012, 6, 20), date(2012, 7, 21), 12)
    assert (lists.scope, lists.extracts, lists.last_load, lists.last_extract) == ("P1", 2, 3, date(2012, 7, 1))
    assert (lists.gaps, lists.due_on, lists.late_by) == ([], date(2012, 8, 1), 1)


def test_trends_tell_the_newest_month_beside_the_one_before(told: Workspace) -> None:
    trend = next(one for one in quality(told).trends if one.source == "list_of_ours")
    assert str(trend) == "list_of_ours rejected 11 % in July 2012, 0 % in June 2012"
    assert trend.risen
    assert not next(one for one in quality(told).trends if one.source == "visits_of_ours").risen


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"), (1, "100 %"), (0.12, "12 %"), (0.003, "0.3 %"), (0.0001, "under 0.1 %"), (0.999, "over 99 %"),
    ],
)
def test_shares_are_never_rounded_to_nothing_or_all(share: float, said: str) -> None:
    assert percent(share) == said


def test_what_is_not_in_the_graph_yet_is_said(told: Workspace, tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "home", create=True)
    path = tmp_path / "births.csv"
    path.write_text(BORN)
    load(workspace, parse_mapping(BIRTHS, "x.yaml"), [path], extract_date=date(2012, 6, 30), publish=False)
    report = quality(workspace)
    assert [note.startswith("Not in the graph yet: 1.") for note in report.notes] == [True]
    assert report.findings == []


def test_a_report_leaves_nothing_behind(told: Workspace) -> None:
    before = sorted(told.home.rglob("*"))
    with pytest.raises(RuntimeError), examined(told):
        raise RuntimeError
    assert sorted(told.home.rglob("*")) == before


def test_what_is_neither_a_load_nor_a_source_is_refused(told: Workspace) -> None:
    with pytest.raises(Refused, match="neither a load's number nor a source"):
        quality(told, "gp_lst")
    with pytest.raises(Refused, match="no load 99"):
        quality(told, "99")


def test_pupil_numbers_of_odd_shape_and_with_a_wrong_letter_are_two_findings(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "home", create=True)
    path = tmp_path / "upns.csv"
    path.write_text("Id,Upn\n1,A123456789012\n2,B123456789012\n3,A12345\n4,P00000000000B\n5,UN1\n6,N00000000000B\n")
    mapping = """
source: pupils_of_ours
title: Pupils
doc: Pupils.
shape: event
expected_every: 31
files:
  - columns: {Id: {required: true}, Upn: {kind: upn, required: true}}
    rows:
      people: [{person: Id}]
      identifiers: [{person: Id, scheme: {is: upn}, value: Upn}]
"""
    report = load(workspace, parse_mapping(mapping, "x.yaml"), [path], extract_date=date(2024, 1, 1), publish=False)
    assert report.warnings[-2:] == [
        "upns.csv, Upn: 1 UPNs have an unusual shape; they are kept as written.",
        "upns.csv, Upn: 2 UPNs have a wrong check letter; they are kept as written.",
    ]
    told = {(one.what.split(",")[0].split(";")[0], row.id) for one in quality(workspace, None, date(2024, 1, 2)).findings
            for row in one.examples if one.check == "suspect upn"}
    assert told == {("the UPN has an unusual shape", "3"), ("the UPN has a wrong check letter", "2"),
                    ("the UPN has a wrong check letter", "6")}  # fmt: skip
