"""A mapping proposed from a file: what the columns allow, what is left to a person, and nothing of anybody's written down."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.loading import load
from lastseen.loaders.made_up.larch_court import write_larch_court
from lastseen.loaders.mapping import Draft, draft, parse_mapping
from lastseen.loaders.proposing.dates import date_styles
from lastseen.loaders.proposing.preview import preview
from lastseen.loaders.proposing.proposal import Proposal, Several, propose
from lastseen.loaders.proposing.words import Meaning, meaning
from lastseen.loaders.undecided import decide
from lastseen.queries.session import open_session

Write = Callable[..., Path]
Propose = Callable[..., tuple[Proposal, Draft]]

# Made up: two children, four visits, one of which says no day; an outcome that holds a child's name.
VISITS = """Outreach visits - MADE UP
Visit ID,NHS No,Child Surname,Child Forename,D.O.B.,Gender,Mother's Name,Mother DOB,Address Line 1,Post Code,Date of Visit,\
Type of visit,Child seen?,Outcome,Visited by,Team,Notes
V1,9434765919,Ash,Rowan,02/03/2019,F,Hazel Ash,04/05/1990,1 Elm Row,AB1 2CD,05/06/2024,Home visit,Y,,A Worker,North,was in
V2,9434765870,Birch,Sam,03/04/2018,M,,,2 Elm Row,AB1 2CD,07/06/2024,Drop-in,N,No access,A Worker,North,
V3,9434765919,Ash,Rowan,02/03/2019,F,Hazel Ash,04/05/1990,1 Elm Row,AB1 2CD,25/06/2024,Telephone,NK,Ash told us,B Worker,North,
V4,9434765870,Birch,Sam,03/04/2018,M,,,2 Elm Row,AB1 2CD,soon,Drop-in,N,No access,A Worker,North,
"""


@pytest.fixture
def proposed(write: Write, tmp_path: Path) -> Propose:
    """`proposed(text, name="visits.csv")`: the proposal for a file, and what is left of it."""
    count = 0

    def of(content: str | bytes, name: str = "visits.csv", source: str | None = None) -> tuple[Proposal, Draft]:
        nonlocal count
        count += 1
        work = tmp_path / f"work-{count}"
        work.mkdir()
        found = propose(write(content, name), source, work)
        return found, draft(found.text, "proposal")

    return of


def test_a_list_of_visits_allows_people_places_parents_contacts_and_leaves_every_sighting_to_a_person(
    proposed: Propose, write: Write, tmp_path: Path
) -> None:
    found, said = proposed(VISITS)
    assert found.source == "visits"
    assert said.faults == []
    assert said.mapping is not None
    file = said.mapping.files[0]
    assert (file.title_rows, said.mapping.shape, said.mapping.dates) == (1, "event", ["%d/%m/%Y"])
    assert [*file.rows] == [
        "people", "identifiers", "relations", "agencies", "places", "residences", "workers", "contacts", "participants",
    ]  # fmt: skip
    assert {one.what for one in said.undecided} == {
        "agencies.kind", "contacts.kind, Type of visit = 'Drop-in'", "contacts.outcome",
        "participants.level, Child seen? = 'N'", "participants.level, Child seen? = 'Y'",
    }  # fmt: skip
    shown = preview(said.mapping, write(VISITS, "again.csv"), tmp_path, rows=1)
    assert shown.report is not None
    assert (shown.report.read, shown.report.rejected) == (4, 1)
    assert [(one["line"], one["column"]) for one in shown.rejects] == [("6", "Date of Visit")]
    assert {one.line for one in shown.records} == {3}
    by_table = {one.table: one.says for one in shown.records}
    assert by_table["contacts"] | {"occurred_on": ""} == {
        "contact": "V1", "kind": "visit", "occurred_on": "", "agency": "North", "worker": "A Worker", "outcome": "TO DECIDE",
    }  # fmt: skip
    assert by_table["participants"] == {"contact": "V1", "person": "9434765919", "role": "subject"}, "no level yet"
    assert by_table["relations"]["parent_kind"] == "unknown"


def test_a_proposal_that_a_person_has_finished_is_loaded_and_answers(
    proposed: Propose, write: Write, workspace: Workspace
) -> None:
    found, said = proposed(VISITS)
    with pytest.raises(Refused, match=r"5 faults(.|\n)*line \d+, participants.level, Child seen\? = 'N': TO DECIDE"):
        parse_mapping(found.text, "visits.yaml")
    text = found.text
    meant = {"agencies.kind": "health_visiting", "contacts.kind": "visit", "contacts.outcome": "null"}
    while said.undecided:
        one = said.undecided[0]
        value = meant.get(one.target) or {"'Y'": "4", "'N'": "0"}[one.what.split(" = ")[1]]
        assert value in one.choices
        text = decide(text, one, value)
        said = draft(text, "visits.yaml")
    assert said.is_finished
    path = write(VISITS, "visits.csv")
    with pytest.raises(Refused, match="more than 20%"):
        load(workspace, parse_mapping(text, "visits.yaml"), [path])
    whole = write(VISITS.replace(",soon,", ",01/07/2024,"), "visits.csv")
    load(workspace, parse_mapping(text, "visits.yaml"), [whole])
    session = open_session(workspace.home, None)
    told = session.ask("contact_history", child="visits:9434765919")
    assert [(str(row["occurred_on"]), row["kind"], row["level"]) for row in told.rows] == [
        ("2024-06-25", "phone", None), ("2024-06-05", "visit", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "styles", "first"),
    [
        (["25/12/2011", "01/02/2012"], ["%d/%m/%Y"], "day"),
        (["12/25/2011", "01/02/2012"], ["%d/%m/%Y"], "month"),
        (["01/02/2012", "03/04/2012"], ["%d/%m/%Y"], "either"),
        (["25/12/2011", "12/25/2011"], ["%d/%m/%Y"], "both"),
        (["2011-12-25", "2012-01-02 00:00:00"], ["%Y-%m-%d"], None),
        (["2012-Jan-21 00:00:00"], ["%Y-%b-%d"], None),
        (["1-Feb-2012", "12 March 2012", "20120402"], ["%Y%m%d", "%d-%b-%Y", "%d %B %Y"], None),
        (["3.4.12", "25.4.12"], ["%d.%m.%y"], "day"),
        (["2012", "05/2012", "25/05/2012"], ["%d/%m/%Y"], "day"),
    ],
)
def test_a_date_style_is_told_from_the_values(values: list[str], styles: list[str], first: str | None) -> None:
    found = date_styles(values)
    assert found is not None
    assert (sorted(found.styles), found.first) == (sorted(styles), first)


def test_what_is_no_date_has_no_style() -> None:
    assert date_styles(["tomorrow", "9434765919", "AB1 2CD"]) is None
    assert date_styles([]) is None


def test_the_order_of_day_and_month_is_told_by_all_columns_together_or_left_open(proposed: Propose) -> None:
    told, said = proposed("Pupil ID,Surname,DOB,Entry date\n1,Ash,02/03/2019,25/06/2024\n2,Birch,03/04/2018,01/02/2024\n")
    assert said.mapping is not None
    assert said.mapping.dates == ["%d/%m/%Y"]
    assert "The day comes first in dates: told by Entry date (and so also in DOB" in told.text
    silent, said = proposed("Pupil ID,Surname,DOB\n1,Ash,02/03/2019\n2,Birch,03/04/2018\n")
    assert "DOB: no value tells whether the day or the month comes first." in silent.notes
    assert [one.what for one in said.undecided] == ["shape", "dates"]
    both, said = proposed("Pupil ID,Surname,DOB\n1,Ash,25/03/2019\n2,Birch,03/25/2018\n")
    assert any("some dates have the day first and some the month" in note for note in both.notes)
    assert "dates" in [one.what for one in said.undecided]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Child's date of birth (dd/mm/yyyy)", Meaning("child", "born")), ("NHSNumber", Meaning("child", "nhs")),
        ("Mother's DOB", Meaning("mother", "born")), ("Name of mother", Meaning("mother", "full_name")),
        ("uniquepropertyreferencenumber", Meaning("child", "uprn")), ("pupilnolongeronrolltableid", Meaning("child", "id")),
        ("Post_Code", Meaning("child", "postcode")), ("Parent Surname", Meaning("parent", "family_name")),
        ("Contact Date", Meaning("child", "contact_date")), ("serviceInvolvement", None), ("Shoe size", None),
    ],
)  # fmt: skip
def test_headers_are_read_by_the_vocabulary(header: str, meant: Meaning | None) -> None:
    assert meaning(header) == meant


def test_a_number_that_does_not_look_like_what_its_header_says_links_nobody_unless_a_person_says_so(proposed: Propose) -> None:
    rows = "".join(f"pseudonym-{n},Ash,2019-03-0{n}\n" for n in range(1, 7))
    found, said = proposed("UPN,Surname,DOB\n" + rows)
    assert "identifiers.scheme" in [one.what for one in said.undecided]
    assert any(note.startswith("UPN: 0% of its values look like") for note in found.notes)


def test_numbers_and_postcodes_are_known_by_their_look(proposed: Propose) -> None:
    numbers = ("9434765919", "9434765870", "4010232137", "9876543210", "1234567881")
    rows = "".join(f"{number},AB1 {n}CD,Ash{n}\n" for n, number in enumerate(numbers))
    _, said = proposed("Column A,Column B,Surname\n" + rows)
    assert said.mapping is not None
    columns = said.mapping.files[0].columns
    assert (columns["Column A"].kind, columns["Column B"].kind) == ("nhs", "postcode")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("9434765919,Ash,02/03/2019\n9434765870,Birch,03/04/2018\n", "looks like a row, not like a header"),
        ("Ash,Rowan,F,Elm Row,1,2,x,AB1 2CD\nBirch,Sam,M,Elm Row,1,2,x,AB1 2CD\n", "looks like a row, not like a header"),
        ("Ash,Rowan,Elm\nBirch,Sam,Elm\n", "None of the headers of visits.csv is known"),
        ("NHS number,nhs_number,DOB\n1,2,3\n", "has NHS number, nhs_number more than once"),
        ("NHS number,DOB\n", "has a header and no row"),
        (b"PK\x03\x04" + b"\0" * 90, "damaged zip archive or workbook"),
    ],
)
def test_a_file_without_a_header_or_rows_is_refused(proposed: Propose, content: str | bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        proposed(content)


def test_other_separators_and_title_lines_are_found(proposed: Propose) -> None:
    rows = "9434765919;Ash, jr;2019-03-02\n9434765870;Birch;2018-04-03\n"
    _, said = proposed("A list\nmade up\n\nNHS number;Surname;DOB\n" + rows)
    assert said.mapping is not None
    assert (said.mapping.files[0].title_rows, said.mapping.files[0].delimiter) == (3, ";")
    _, said = proposed("NHS number\tSurname\tDOB\n9434765919\tAsh\t2019-03-02\n")
    assert said.mapping is not None
    assert said.mapping.files[0].delimiter == "\t"


def test_every_extract_of_larch_court_gets_a_proposal_without_faults_or_anybody_s_data(tmp_path: Path) -> None:
    write_larch_court(tmp_path / "extracts")
    extracts = sorted((tmp_path / "extracts").rglob("*.csv"))[::5]
    for number, path in enumerate(extracts):
        work = tmp_path / str(number)
        work.mkdir()
        found = propose(path, None, work)
        assert draft(found.text, path.name).faults == [], path.name
        assert [cell for cell in personal_cells(path) if cell in found.text] == [], path.name


def personal_cells(path: Path) -> set[str]:
    """What its columns of names, numbers, dates and addresses hold."""
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    width = max(len(line) for line in lines)
    header = next(line for line in lines if len(line) == width)
    parts = ("name", "nhs", "upn", "dob", "birth", "born", "address", "postcode", "date", "lives", "mother", "father")
    names = [name.casefold() for name in header]
    own = [i for i, name in enumerate(names) if any(part in name for part in parts) and "practice" not in name]
    return {line[i] for line in lines[lines.index(header) + 1 :] if len(line) == width for i in own if len(line[i]) > 3}


def test_a_sheet_of_a_workbook_is_mapped_where_it_is_said_which(book: Callable[..., Path], tmp_path: Path) -> None:
    row = [9434765919, "Ash", date(2019, 3, 2), "a) Female", "AB1 2CD"]
    header = ["NHS number", "Surname", "DOB", "Sex", "Postcode"]
    path = book({"Notes": {1: ["made up", "x"]}, "List 1": {1: ["Children"], 3: header, 4: row}})
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    with pytest.raises(Several) as several:
        propose(path, None, tmp_path / "a")
    assert several.value.tables == ["Notes", "List 1"]
    with pytest.raises(Refused, match="has no table List 9"):
        propose(path, None, tmp_path / "b", "List 9")
    said = draft(propose(path, "annex", tmp_path / "c", "list 1").text, "annex")
    assert [one.what for one in said.undecided] == ["shape"]
    assert said.mapping is not None
    assert said.mapping.files[0].sheet == "List 1"
    shown = preview(said.mapping, path, tmp_path)
    people = [(one.line, str(one.says["born_on"]), one.says["sex"]) for one in shown.records if one.table == "people"]
    assert people == [(4, "2019-03-02", "F")]


def test_headers_that_would_spoil_yaml_are_written_so_that_they_are_read_back(proposed: Propose) -> None:
    odd = ["DOB: \x07", "# Surname", "{Sex}", "'NHS number", "no", "Post\x7fcode", "&Address", "TO\u202eDECIDE"]
    quoted = ",".join(f'"{name}"' for name in odd)
    rows = "2019-03-02,Ash,F,9434765919,x,AB1 2CD,1 Elm Row,y\n2019-03-04,Birch,M,9434765870,x,AB1 2CD,2 Elm Row,y\n"
    _, said = proposed(f"{quoted}\n{rows}")
    assert said.faults == []
    assert said.mapping is not None
    assert {"DOB: \x07", "# Surname", "{Sex}", "'NHS number"} <= said.mapping.files[0].columns.keys()
