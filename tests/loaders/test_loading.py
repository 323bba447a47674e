"""Loading by the rules: what is rejected, what is refused, whose extract it is and of what day, and what replaces what."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lastseen.graph.archive import Load, Settings, Workspace
from lastseen.graph.errors import NotAvailable, Refused
from lastseen.loaders.folders import load_folder
from lastseen.loaders.loading import LoadReport, load, unload
from lastseen.loaders.mapping import Mapping, parse_mapping

Write = Callable[..., Path]
RowsOf = Callable[[Load, str], list[dict[str, object]]]

ROLL = "School,Taken,Id,Name,Born,From,To\n"
JUNE = ROLL + "S1,01/06/2012,7,Ann,02/03/2004,01/09/2010,\nS1,01/06/2012,8,Bo,05/06/2005,01/09/2011,\n"
JULY = ROLL + "S1,01/07/2012,8,Bo,05/06/2005,01/09/2011,\n"


def loaded(workspace: Workspace, mapping: Mapping, *files: Path, **how: object) -> LoadReport:
    return load(workspace, mapping, files, publish=False, **how)  # type: ignore[arg-type]


def rejected(one: Load) -> list[dict[str, str]]:
    with one.rejected_rows.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def nothing_written(workspace: Workspace) -> bool:
    return workspace.loads() == [] and [*(workspace.home / "loads").iterdir()] == []


# --- rows ---------------------------------------------------------------------------------------------------------


def test_rows_become_records_with_their_file_and_line(
    workspace: Workspace, register: Mapping, write: Write, rows_of: RowsOf
) -> None:
    report = loaded(workspace, register, write(JUNE))
    (one,) = workspace.loads()
    assert report.to_json() == {
        "source": "roll", "files": [str(write(JUNE))], "read": 2, "kept": 2, "rejected": 0, "reasons": {}, "warnings": [],
        "changed": True, "refused": [],
    }
    assert (one.scopes, one.extract_date, one.covers_from, one.covers_to) == (["S1"], date(2012, 6, 1), None, None)
    assert rows_of(one, "people")[0] == {
        "file": "a.csv", "line": 2, "scope": "S1", "person": "7", "given_name": "Ann", "born_on": date(2004, 3, 2),
        "born_precision": "day",
    }
    assert [(row["line"], row["person"], row["valid_from"]) for row in rows_of(one, "registrations")] == [
        (2, "7", date(2010, 9, 1)), (3, "8", date(2011, 9, 1)),
    ]
    assert rows_of(one, "agencies") == [{"file": "a.csv", "line": 2, "scope": "S1", "agency": "S1", "kind": "school"}]


def test_a_bad_cell_rejects_its_row_with_where_why_and_how_to_mend(
    workspace: Workspace, register: Mapping, write: Write
) -> None:
    good = "".join(f"S1,01/06/2012,{n},Child,02/03/2004,,\n" for n in range(20))
    bad = 'S1,01/06/2012,,=1+1,31/02/2004,,\nS1,01/06/2012,9,"Ann\nLee",02/03/2004,05/09/2010,01/09/2010\nS1,x\n'
    report = loaded(workspace, register, write(ROLL + good + bad))
    (one,) = workspace.loads()
    assert (report.read, report.kept, report.rejected) == (one.read, one.kept, one.rejected) == (23, 20, 3)
    assert report.reasons == {
        "Id: the cell is empty": 1, "Born: not a date of the expected style": 1, "To: ends before it begins": 1,
        "more or fewer cells than the header": 1,
    }
    assert rejected(one) == [
        {
            "file": "a.csv", "line": "22", "column": "Id; Born", "row": "S1,01/06/2012,,=1+1,31/02/2004,,",
            "reason": "the cell is empty; not a date of the expected style",
            "mend": "Fill it in.; Write the date as the other rows do.",
        },
        {
            "file": "a.csv", "line": "23", "column": "To", "reason": "ends before it begins",
            "mend": "Correct one of the two dates.", "row": 'S1,01/06/2012,9,"Ann\nLee",02/03/2004,05/09/2010,01/09/2010',
        },
        {
            "file": "a.csv", "line": "25", "column": "", "reason": "more or fewer cells than the header",
            "mend": "Put a cell that holds a comma in quotes; add missing cells.", "row": "S1,x",
        },
    ]


def test_no_cell_of_the_rejected_rows_is_a_formula(workspace: Workspace, register: Mapping, write: Write) -> None:
    good = "".join(f"S1,01/06/2012,{n},Child,02/03/2004,,\n" for n in range(20))
    header = "Name,School,Taken,Id,Born,From,To\n"
    moved = "".join(",".join([cells[3], *cells[:3], *cells[4:]]) + "\n" for cells in (line.split(",") for line in good.split()))
    loaded(workspace, register, write(header + moved + "=cmd|'/c calc'!A1,S1,01/06/2012,,02/03/2004,,\n", "=2+5.csv"))
    (row,) = rejected(workspace.load(1))
    assert row["row"].startswith("'=cmd")
    assert row["file"] == "'=2+5.csv"


def test_above_the_refuse_share_nothing_is_written(workspace: Workspace, register: Mapping, write: Write) -> None:
    path = write(JUNE + "S1,01/06/2012,9,Cy,x,,\n")
    with pytest.raises(Refused, match=r"1 of 3 rows can't be taken, more than 20%(.|\n)*a.csv line 4, Born: not a date"):
        loaded(workspace, register, path)
    assert nothing_written(workspace)
    workspace.save_settings(Settings(refuse_share=0.5))
    assert loaded(workspace, register, path).kept == 2


def test_an_error_names_no_child_and_no_birth_date(workspace: Workspace, register: Mapping, write: Write) -> None:
    with pytest.raises(Refused) as refused:
        loaded(workspace, register, write(ROLL + "S1,01/06/2012,9,Zebedee,99/99/2004,,\n"))
    assert "Zebedee" not in str(refused.value)
    assert "2004" not in str(refused.value)


def test_a_child_who_is_described_without_an_id_is_not_lost_in_silence(
    workspace: Workspace, visits: Mapping, write: Write
) -> None:
    rows = "".join(f"{n},Ann,0{n}/06/2012,Y,\n" for n in range(1, 10))
    report = loaded(workspace, visits, write("Child,Name,Day,Seen,Recorded\n" + rows + ",Bo,01/06/2012,Y,\n,,02/06/2012,,\n"))
    assert report.reasons == {"Child: a person is described but has no id": 1}
    assert (report.read, report.kept) == (11, 10)


def test_a_row_that_is_about_nobody_is_rejected(workspace: Workspace, register_text: str, write: Write) -> None:
    mapping = parse_mapping(register_text.replace("Id: {required: true, filled: true}", "Id: {required: true}"), "roll.yaml")
    rows = "".join(f"S1,01/06/2012,{n},Ann,02/03/2004,,\n" for n in range(9))
    report = loaded(workspace, mapping, write(ROLL + rows + "S1,01/06/2012,,,,,\n"))
    assert report.reasons == {"nothing says whom the row is about": 1}


def test_two_children_under_one_id_are_not_merged(workspace: Workspace, register: Mapping, write: Write) -> None:
    rows = "".join(f"S1,01/06/2012,{n},Ann,02/03/2004,,\n" for n in range(9))
    report = loaded(workspace, register, write(ROLL + rows + "S1,01/06/2012,8,Bo,09/09/2009,,\n"))
    assert report.reasons == {"an earlier row gives this id another birth date": 1}
    assert rejected(workspace.load(1))[0]["line"] == "11"


def test_one_contact_id_with_two_days_keeps_the_first_and_tells_the_second(workspace: Workspace, write: Write) -> None:
    mapping = parse_mapping(VISIT_IDS, "visits.yaml")
    rows = "".join(f"V{n},7,0{n}/06/2012\n" for n in range(1, 9))
    report = loaded(workspace, mapping, write("Ref,Child,Day\n" + rows + "V1,8,01/06/2012\nV1,7,09/06/2012\n"))
    assert report.reasons == {"an earlier row gives this id another day or kind": 1}
    assert workspace.load(1).tables["contacts"] == 8
    assert workspace.load(1).tables["participants"] == 9


VISIT_IDS = """
source: visits
title: Visits
doc: Visits with ids.
shape: event
expected_every: 31
dates: "%d/%m/%Y"
files:
  - columns: {Ref: {required: true}, Child: {required: true}, Day: {kind: date, required: true}, Place: {}, Line: {}}
    rows:
      people: [{person: Child}]
      contacts: [{contact: Ref, kind: {is: visit}, occurred_on: Day, place: Place}]
      participants: [{contact: Ref, person: Child, role: {is: subject}, level: {is: 4}}]
      places: [{place: Place, kind: {is: property}, first_line: Line, when: Place}]
"""


def test_repeated_records_are_one_the_first_line_wins_and_later_ones_fill_its_gaps(
    workspace: Workspace, write: Write, rows_of: RowsOf
) -> None:
    mapping = parse_mapping(VISIT_IDS, "visits.yaml")
    loaded(workspace, mapping, write(
        "Ref,Child,Day,Place,Line\nV1,7,01/06/2012,,\nV1,8,01/06/2012,H1,\nV1,7,01/06/2012,H2,4 Larch Court\n"
        "V2,7,02/06/2012,H1,1 High St\n"
    ))
    one = workspace.load(1)
    contacts = [(row["line"], row["contact"], row["place"]) for row in rows_of(one, "contacts")]
    assert contacts == [(2, "V1", "H1"), (5, "V2", "H1")]
    assert [(row["line"], row["person"]) for row in rows_of(one, "people")] == [(2, "7"), (3, "8")]
    assert [(row["line"], row["contact"], row["person"]) for row in rows_of(one, "participants")] == [
        (2, "V1", "7"), (3, "V1", "8"), (5, "V2", "7"),
    ]
    assert [(row["line"], row["place"], row["first_line"]) for row in rows_of(one, "places")] == [
        (3, "H1", "1 High St"), (4, "H2", "4 Larch Court"),
    ]


def test_dates_after_the_extract_are_rejected(workspace: Workspace, visits: Mapping, write: Write) -> None:
    rows = "".join(f"{n},,0{n}/06/2012,Y,\n" for n in range(1, 10))
    path = write("Child,Name,Day,Seen,Recorded\n" + rows + "1,,02/07/2012,Y,\n2,,01/06/2012,Y,02/07/2012\n")
    report = loaded(workspace, visits, path, extract_date=date(2012, 7, 1))
    assert report.reasons == {"Day: later than the day of the extract": 1, "Recorded: later than the day of the extract": 1}


MONTHLY = """
source: marks
title: Marks
doc: Attendance, a row a child and day.
shape: event
expected_every: 31
files:
  - columns: {Pupil: {required: true}, School: {required: true}, Day: {kind: date, required: true}, Mark: {required: true}}
    rows:
      people: [{person: Pupil}]
      agencies: [{agency: School, kind: {is: school}}]
      contacts:
        - {contact: {hash: [Pupil, Day]}, kind: {is: attendance}, occurred_on: Day, agency: School, monthly: true,
           when: {column: Mark, in: [/, \\]}}
      participants:
        - {contact: {hash: [Pupil, Day]}, person: Pupil, role: {is: subject}, level: {is: 4}, when: {column: Mark, in: [/, \\]}}
"""


def test_attendance_is_one_contact_a_child_school_and_month_on_the_last_day_present(
    workspace: Workspace, write: Write, rows_of: RowsOf
) -> None:
    mapping = parse_mapping(MONTHLY, "marks.yaml")
    path = write("Pupil,School,Day,Mark\n7,S1,2012-05-30,/\n7,S1,2012-05-31,N\n7,S1,2012-05-29,/\n7,S2,2012-05-02,\\\n"
                 "7,S1,2012-06-01,/\n8,S1,2012-06-04,N\n")
    assert loaded(workspace, mapping, path).kept == 6
    one = workspace.load(1)
    contacts = {row["contact"]: (row["line"], row["agency"], row["occurred_on"]) for row in rows_of(one, "contacts")}
    assert sorted(contacts.values()) == [
        (2, "S1", date(2012, 5, 30)), (5, "S2", date(2012, 5, 2)), (6, "S1", date(2012, 6, 1)),
    ]
    assert {row["contact"] for row in rows_of(one, "participants")} == contacts.keys()
    assert {row["person"] for row in rows_of(one, "participants")} == {"7"}
    assert {row["person"] for row in rows_of(one, "people")} == {"7", "8"}, "a child without a mark is still on record"


def test_places_that_are_none_are_not_shared(workspace: Workspace, write: Write, rows_of: RowsOf) -> None:
    mapping = parse_mapping("""
source: homes
title: Homes
doc: Homes.
shape: snapshot
expected_every: 31
files:
  - columns: {Id: {required: true}, Line: {}, Code: {kind: postcode}}
    rows:
      people: [{person: Id}]
      places: [{place: {hash: [Line, Code]}, kind: {is: property}, first_line: Line, postcode: Code}]
      residences: [{person: Id, place: {hash: [Line, Code]}, basis: {is: registered}}]
""", "homes.yaml")
    path = write("Id,Line,Code\n1,4 Larch  Court,ab1 2cd\n2, 4 LARCH COURT ,AB12CD\n3,,ZZ99 3VZ\n4,,ZZ993WZ\n5,,nopostcode\n")
    loaded(workspace, mapping, path, extract_date=date(2012, 6, 1))
    one = workspace.load(1)
    places = {row["line"]: (row["kind"], row.get("postcode")) for row in rows_of(one, "places")}
    assert places == {2: ("property", "AB1 2CD"), 4: ("no_fixed_abode", None), 5: ("not_known", None)}
    homes = {row["person"]: row["place"] for row in rows_of(one, "residences")}
    assert homes["1"] == homes["2"]
    assert "5" not in homes


# --- what is refused ----------------------------------------------------------------------------------------------


def test_every_missing_and_doubled_column_is_named(workspace: Workspace, register: Mapping, write: Write) -> None:
    with pytest.raises(Refused) as refused:
        loaded(workspace, register, write("school,FROM, from ,Name,Name\nS1,,,Ann,Ann\n"))
    assert refused.value.what == "a.csv has no column Id, Born and has Name, From twice. Nothing was loaded."
    assert nothing_written(workspace)


def test_columns_are_found_whatever_their_case_order_and_spacing(workspace: Workspace, register: Mapping, write: Write) -> None:
    path = write("NAME, born ,\u00a0Id\u00a0,extra,TAKEN,school\nAnn,02/03/2004,7,x,01/06/2012,S1\n")
    report = loaded(workspace, register, path)
    assert report.kept == 1
    assert report.warnings == ["a.csv has no column From, To; what it would tell is not loaded."]


def test_another_delimiter_is_recognised_in_the_advice(workspace: Workspace, register: Mapping, write: Write) -> None:
    with pytest.raises(Refused, match="parted by ';'"):
        loaded(workspace, register, write(JUNE.replace(",", ";")))


@pytest.mark.parametrize("content", [ROLL, ROLL + ",,,,,,\n\n"])
def test_a_header_without_rows_is_refused(workspace: Workspace, register: Mapping, write: Write, content: str) -> None:
    with pytest.raises(Refused, match="a header and no rows"):
        loaded(workspace, register, write(content))


def test_what_is_no_file_or_no_source_is_refused(workspace: Workspace, register: Mapping, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="can't be read"):
        loaded(workspace, register, tmp_path / "none.csv")
    with pytest.raises(Refused, match="is not a file"):
        loaded(workspace, register, tmp_path)
    with pytest.raises(Refused, match="no source called nonsense"):
        load(workspace, "nonsense", [])


def test_of_many_files_one_that_is_refused_leaves_none(workspace: Workspace, register: Mapping, write: Write) -> None:
    with pytest.raises(Refused, match=r"b\.csv"):
        loaded(workspace, register, write(JUNE), write("x\n1\n", "b.csv"))
    assert nothing_written(workspace)


def test_nothing_is_loaded_while_another_writes(workspace: Workspace, register: Mapping, write: Write) -> None:
    with Workspace.open(workspace.home).writing(), pytest.raises(NotAvailable, match="is being written"):
        loaded(workspace, register, write(JUNE))


# --- dates and periods --------------------------------------------------------------------------------------------


def test_the_given_extract_date_outranks_the_column_and_says_so(workspace: Workspace, register: Mapping, write: Write) -> None:
    report = loaded(workspace, register, write(JUNE), extract_date=date(2012, 6, 3))
    assert workspace.load(1).extract_date == date(2012, 6, 3)
    assert report.warnings == ["a.csv: taken as of 2012-06-03, although its rows say 2012-06-01."]


def test_a_snapshot_that_does_not_say_its_day_is_refused(workspace: Workspace, register: Mapping, write: Write) -> None:
    for text in (JUNE.replace("01/06/2012", ""), JUNE.replace("Taken", "Other")):
        with pytest.raises(Refused, match="does not say when it was taken") as refused:
            loaded(workspace, register, write(text))
        assert "--extract-date" in refused.value.mend
    loaded(workspace, register, write(JUNE.replace("01/06/2012", "")), extract_date=date(2012, 6, 1))


def test_a_snapshot_of_two_days_is_refused(workspace: Workspace, register: Mapping, write: Write) -> None:
    with pytest.raises(Refused, match=r"several extract dates \(2012-06-01, 2012-07-01\)"):
        loaded(workspace, register, write(JUNE + JULY.removeprefix(ROLL)))


def test_an_extract_from_the_future_is_refused(workspace: Workspace, register: Mapping, write: Write) -> None:
    with pytest.raises(Refused, match="still to come"):
        loaded(workspace, register, write(JUNE), extract_date=date.today() + timedelta(days=2))


def test_events_without_a_date_take_the_newest_day_inside(workspace: Workspace, visits: Mapping, write: Write) -> None:
    report = loaded(workspace, visits, write("Child,Name,Day,Seen,Recorded\n7,,01/06/2012,Y,03/06/2012\n7,,02/06/2012,N,\n"))
    one = workspace.load(1)
    assert (one.extract_date, one.covers_from, one.covers_to) == (date(2012, 6, 3), date(2012, 6, 1), date(2012, 6, 3))
    assert "the newest day inside, 2012-06-03, is taken" in report.warnings[0]
    assert "2012-06-01 to 2012-06-03 is taken" in report.warnings[1]


def test_a_period_that_the_extract_states_is_taken(workspace: Workspace, write: Write) -> None:
    stated = "  - covers_from: A\n    covers_to: B\n    columns: {A: {kind: date}, B: {kind: date}, "
    mapping = parse_mapping(MONTHLY.replace("  - columns: {", stated), "marks.yaml")
    loaded(workspace, mapping, write("Pupil,School,Day,Mark,A,B\n7,S1,2012-05-30,/,2012-05-01,2012-05-31\n"),
           extract_date=date(2012, 6, 2))
    assert (workspace.load(1).covers_from, workspace.load(1).covers_to) == (date(2012, 5, 1), date(2012, 5, 31))


# --- the same again, another instead, and away --------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing_and_says_so(workspace: Workspace, register: Mapping, write: Write) -> None:
    loaded(workspace, register, write(JUNE))
    before = workspace.loads()
    report = loaded(workspace, register, write(JUNE, "copy.csv"), replace=True)
    assert (report.changed, report.warnings) == (False, ["copy.csv is load 1 already: nothing changed."])
    assert workspace.loads() == before
    assert loaded(workspace, register, write(JULY, "b.csv"), write(JULY, "c.csv")).loads == [2]


def test_files_read_at_once_are_judged_in_the_order_given(workspace: Workspace, register: Mapping, write: Write) -> None:
    texts = {"june.csv": JUNE, "copy.csv": JUNE, "july.csv": JULY, "august.csv": JULY.replace("/07/", "/08/")}
    report = loaded(workspace, register, *(write(text, name) for name, text in texts.items()))
    assert (report.loads, report.warnings) == ([1, 2, 3], ["copy.csv is load 1 already: nothing changed."])
    assert [one.files[0]["name"] for one in workspace.loads()] == ["june.csv", "july.csv", "august.csv"]


def test_the_same_bytes_of_another_day_are_another_extract(workspace: Workspace, register: Mapping, write: Write) -> None:
    """An unchanged register must count as seen again, or its children would seem to have left it."""
    same = JUNE.replace("01/06/2012", "")
    loaded(workspace, register, write(same), extract_date=date(2012, 6, 1))
    assert loaded(workspace, register, write(same), extract_date=date(2012, 7, 1)).changed
    assert [one.extract_date for one in workspace.loads()] == [date(2012, 6, 1), date(2012, 7, 1)]


def test_another_file_of_the_same_extract_needs_replace_and_shows_the_difference(
    workspace: Workspace, register: Mapping, write: Write
) -> None:
    loaded(workspace, register, write(JUNE))
    other = write(JUNE.replace(",Bo,", ",Beau,") + "S1,01/06/2012,9,Cy,02/03/2004,,\n", "b.csv")
    told = "people 1 gone and 2 new, registrations 0 gone and 1 new"
    with pytest.raises(Refused, match=f"load 1 is roll of S1 as of 2012-06-01 already.*{told}") as refused:
        loaded(workspace, register, other)
    assert "--replace" in refused.value.mend
    assert [one.n for one in workspace.loads()] == [1]
    report = loaded(workspace, register, other, replace=True)
    assert told in report.warnings[0]
    assert [(one.n, one.read) for one in workspace.loads()] == [(2, 3)]


def test_a_replacement_may_not_lose_another_school(workspace: Workspace, register: Mapping, write: Write) -> None:
    loaded(workspace, register, write(JUNE + "S2,01/06/2012,9,Cy,02/03/2004,,\n"))
    with pytest.raises(Refused, match="lacks S2"):
        loaded(workspace, register, write(JUNE, "b.csv"), replace=True)


def test_other_scopes_and_days_stand_beside_each_other(workspace: Workspace, register: Mapping, write: Write) -> None:
    report = loaded(workspace, register, write(JUNE), write(JULY, "b.csv"), write(JUNE.replace("S1", "S2"), "c.csv"))
    assert report.loads == [1, 2, 3]
    assert report.read == 5


def test_a_scope_is_given_where_the_file_has_none_and_refused_where_it_differs(
    workspace: Workspace, register: Mapping, visits: Mapping, write: Write
) -> None:
    events = write("Child,Day,Seen\n7,01/06/2012,Y\n", "v.csv")
    loaded(workspace, visits, events, scope="Team A")
    assert workspace.load(1).scopes == ["Team A"]
    with pytest.raises(Refused, match="is of S1, not of S9"):
        loaded(workspace, register, write(JUNE), scope="S9")


def test_unloading_takes_a_load_away_as_if_it_had_never_been(workspace: Workspace, register: Mapping, write: Write) -> None:
    loaded(workspace, register, write(JUNE))
    loaded(workspace, register, write(JULY, "b.csv"))
    unload(workspace, 1, publish=False)
    assert [one.n for one in workspace.loads()] == [2]
    assert loaded(workspace, register, write(JUNE)).loads == [3]
    with pytest.raises(Refused, match="no load 1"):
        unload(workspace, 1, publish=False)


def test_a_changed_mapping_reads_the_same_file_again_only_with_replace(
    workspace: Workspace, register: Mapping, write: Write
) -> None:
    loaded(workspace, register, write(JUNE))
    newer = register.model_copy(update={"version": "another"})
    with pytest.raises(Refused, match="the two say the same"):
        loaded(workspace, newer, write(JUNE))
    assert loaded(workspace, newer, write(JUNE), replace=True).loads == [2]


def test_the_manifest_counts_and_hashes_and_holds_no_name(workspace: Workspace, register: Mapping, write: Write) -> None:
    loaded(workspace, register, write(JUNE))
    text = (workspace.load(1).directory / "manifest.json").read_text()
    said = json.loads(text)
    assert (said["read"], said["kept"], said["rejected"], len(said["files"][0]["sha256"])) == (2, 2, 0, 64)
    assert "Ann" not in text


# --- folders ------------------------------------------------------------------------------------------------------


def test_a_folder_nobody_recognises_is_refused(workspace: Workspace, tmp_path: Path, write: Write) -> None:
    folder = write("x,y\n1,2\n").parent
    with pytest.raises(Refused, match=r"No file in .* is recognised"):
        load_folder(workspace, folder, publish=False)
    with pytest.raises(Refused, match="is not a folder"):
        load_folder(workspace, tmp_path / "nowhere", publish=False)


# --- properties ---------------------------------------------------------------------------------------------------

WILD = st.text(st.sampled_from('S1/02,"\n\r =;é\0\u00a0'), max_size=8)
WILD |= st.sampled_from(["01/06/2012", "7", "NK", "31/12/9999"])


@settings(max_examples=25, deadline=None, phases=[Phase.reuse, Phase.generate])  # each example is a whole load
@given(rows=st.lists(st.lists(WILD, min_size=5, max_size=8), min_size=1, max_size=8), quoted=st.booleans())
def test_every_row_read_is_kept_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, register: Mapping, rows: list[list[str]], quoted: bool
) -> None:
    if sum(cell.count("\0") for row in rows for cell in row) > 8:
        rows = [[cell.replace("\0", "") for cell in row] for row in rows]  # else it is taken for a binary file
    folder = tmp_path_factory.mktemp("wild")
    workspace = Workspace.open(folder / "home", create=True)
    workspace.save_settings(Settings(refuse_share=1))
    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(ROLL + "S1,01/06/2012,1,Ann,02/03/2004,,\n")
        if quoted:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
        else:
            file.writelines(",".join(row) + "\n" for row in rows)
    report = loaded(workspace, register, path, extract_date=date(2012, 6, 1))
    (one,) = workspace.loads()
    assert report.read == report.kept + report.rejected == one.kept + one.rejected
    assert report.rejected == (len(rejected(one)) if one.rejected else 0)
    assert one.tables["people"] <= report.kept
