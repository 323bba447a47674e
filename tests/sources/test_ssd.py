"""The Standard Safeguarding Dataset as stories: a zip of hand-written tables, loaded, asked, and loaded again a month later.

The families, as at 3 June 2024: Ada is on a protection plan, Ben a child in need, Cal's birth date is estimated, a fourth is
unborn, and their mother has no row of her own. Dee is in care and goes missing. Eli has a section 47 enquiry, Fay is privately
fostered.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.archive import Workspace
from lastseen.loaders.loading import LoadReport, load
from lastseen.loaders.recognising import plan
from lastseen.queries.session import Session, open_session

JUNE, JULY = date(2024, 6, 3), date(2024, 7, 1)

TABLES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "ssd").glob("*.csv"))}


def zipped(path: Path, tables: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.csv", text)
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ssd")


@pytest.fixture(scope="module")
def report(home: Path) -> LoadReport:
    workspace = Workspace.open(home / "workspace", create=True)
    return load(workspace, "ssd", [zipped(home / "june.zip", TABLES)], extract_date=JUNE)


@pytest.fixture(scope="module")
def session(home: Path, report: LoadReport) -> Iterator[Session]:
    assert report.changed
    session = open_session(home / "workspace")
    yield session
    session.close()


def history(session: Session, child: str, as_at: date = JUNE) -> list[tuple[Any, ...]]:
    rows = session.ask("contact_history", as_at, child=f"ssd:{child}").rows
    return [(row["occurred_on"], row["kind"], row["role"], row["level"]) for row in rows]


def found(session: Session, signal: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in ("child", *columns)) for row in session.ask(signal, JUNE).rows]


def told(session: Session, text: str) -> list[tuple[Any, ...]]:
    """Rows of a Cypher text, in order of their values."""
    return sorted((tuple(row.values()) for row in session.cypher(text, as_at=JUNE).rows), key=str)


def test_what_can_not_be_read_is_said_and_the_rest_is_kept(report: LoadReport) -> None:
    assert report.reasons == {"moth_person_id: the cell is empty": 1, "moth_childs_person_id: the cell is empty": 1,
                              "cppv_cp_visit_date: the cell is empty": 1}  # fmt: skip
    assert report.rejected == 2
    said = " ".join(report.warnings)
    assert "ssd_address.csv, addr_address_json: 1 cells are not JSON; they are kept as text." in said
    assert "cont_contact_outcome_json: 1 cells are not JSON; their rows are kept without what these would tell." in said
    assert "1 members are not used (ssd_immigration_status.csv" in said
    assert "no file like *ssd_send.csv, *ssd_professionals*" in said


def test_who_has_seen_ada_and_who_only_called(session: Session) -> None:
    day = date(2024, 1, 2)
    assert history(session, "1") == [
        (date(2024, 5, 30), "meeting", "present", None),  # the child took part: no sight in the question's sense
        (date(2024, 5, 29), "visit", "subject", None),  # alone, but seen not stated: neither
        (date(2024, 5, 15), "visit", "subject", 1),  # in both tables: once
        (date(2024, 5, 1), "visit", "subject", 1),
        (date(2024, 4, 2), "visit", "subject", 5),
        (day, "contact_received", "subject", None),
    ]
    assert session.last_seen("ssd:1", JUNE).on == date(2024, 4, 2)
    told = session.ask("contact_history", JUNE, child="ssd:1").rows[-1]
    assert (told["reported_by"], told["outcome"]) == ("school", None)
    assert history(session, "2") == [(date(2024, 5, 20), "visit", "subject", None), (date(2024, 4, 10), "visit", "subject", 4)]


def test_an_assessment_and_an_interview_count_from_their_first_day_and_no_later(session: Session) -> None:
    assert history(session, "7") == [(date(2024, 1, 8), "assessment", "subject", 4)]
    assert history(session, "7", date(2024, 2, 9)) == []  # nobody knew before it was authorised
    assert history(session, "3") == [
        (date(2024, 5, 25), "contact_made", "subject", None),  # a care leaver in touch: met, rung or written to
        (date(2024, 5, 20), "assessment", "subject", 1),
    ]
    assert history(session, "5") == [
        (date(2024, 5, 11), "return_interview", "subject", None),  # declined
        (date(2024, 5, 5), "contact_made", "subject", None),
        (date(2024, 4, 21), "return_interview", "subject", 2),  # accepted: spoken to, not seen
        (date(2024, 3, 2), "meeting", "present", None),  # the next one was cancelled
        (date(2024, 2, 1), "visit", "subject", 5),
    ]


def test_p01_to_p06_g16_and_g21_find_their_children(session: Session) -> None:
    assert found(session, "cin_visit_overdue", "last_visit", "since") == [("ssd:2", date(2024, 4, 10), date(2024, 5, 16))]
    assert found(session, "cp_visit_overdue", "missed", "last_visit") == [("ssd:1", 2, date(2024, 4, 2))]
    assert found(session, "cla_visit_overdue", "started", "last_visit") == [
        ("ssd:5", date(2024, 1, 15), date(2024, 2, 1))  # the placement's start, not the latest episode's
    ]
    assert found(session, "private_fostering_overdue", "started", "last_visit") == [("ssd:7", date(2024, 2, 10), None)]
    assert found(session, "s47_not_seen", "started") == [("ssd:6", date(2024, 5, 28))]
    assert found(session, "return_interview_missing", "returned") == [("ssd:5", date(2024, 5, 11))]
    assert found(session, "missing_repeatedly", "episodes", "back") == [("ssd:5", 2, date(2024, 5, 11))]
    assert found(session, "earlier_child", "began") == [("ssd:4", date(2024, 1, 10))]  # Ben has a plan of his own
    assert found(session, "referral_not_followed") == []  # a week ago
    assert [row["child"] for row in session.ask("referral_not_followed", date(2024, 6, 12)).rows] == ["ssd:6"]


def test_people_are_as_old_as_the_table_can_tell(session: Session) -> None:
    people = told(session, "MATCH (p:Person) RETURN p.id, p.born_on, p.born_precision, p.expected_on, p.died_on")
    facts = {own.removeprefix("ssd:"): rest for own, *rest in people}
    assert facts["1"] == [date(2015, 3, 10), "day", None, None]  # the mother's row is a day off: the child's own stands
    assert facts["3"] == [date(2010, 5, 15), "estimated", None, None]
    assert facts["4"] == [None, None, date(2024, 8, 1), None]
    assert facts["5"] == [date(2010, 2, 2), "day", None, None]  # 1900 is no day of death
    assert facts["9"] == [None, None, None, None]  # a mother without a row
    assert told(session, "MATCH (a:Person)-[r:RELATED_TO]->(b:Person) RETURN a.id, b.id, r.relation") == [
        ("ssd:1", "ssd:2", "family_group"), ("ssd:1", "ssd:3", "family_group"), ("ssd:2", "ssd:3", "family_group"),
    ]  # fmt: skip
    known = dict(told(session, "MATCH (r:Record) RETURN r.id, r.identifiers"))
    assert known["ssd:1"] == "la_child_id:1 legacy_id:L1 nhs:9434765919 upn:A123456789012"
    assert known["ssd:2"] == "la_child_id:2 legacy_id:L2 upn:B123456789012"  # an adoption agency's number joins nobody


def test_where_they_live_in_order_broken_placeholder_or_protected(session: Session) -> None:
    text = "MATCH (p:Person)-[l:LIVES_AT]->(a:Address) RETURN p.id, l.kind, a.kind, a.line, a.postcode, a.uprn, l.valid_from"
    as_written = '{"BUILDING": "The "Old" Mill", "HOUSE": "3", "STREET": "Mill Lane"}'
    assert told(session, text) == [
        ("ssd:1", "home", "property", "Flat 2 4 Larch Court", "BD1 1AA", "100051234567", date(2020, 1, 1)),
        ("ssd:2", "home", "property", as_written, "BD1 1AA", None, date(2020, 1, 1)),
        ("ssd:5", "placement", "property", None, "BD4 4DD", None, date(2023, 9, 1)),
        ("ssd:5", "placement", "property", None, "BD5 5EE", None, date(2024, 1, 15)),
        ("ssd:6", "refuge", "property", None, None, None, date(2024, 3, 1)),
        ("ssd:7", "home", "no_fixed_abode", None, None, None, date(2024, 3, 1)),
    ]  # fmt: skip


def test_a_worker_without_a_row_is_still_the_worker(session: Session) -> None:
    allocated = told(session, "MATCH (p:Person)-[:ALLOCATED_TO]->(w:Professional) RETURN DISTINCT p.id, w.id, w.role")
    assert allocated == [("ssd:1", "ssd:700", "SW"), ("ssd:3", "ssd:700", "SW"), ("ssd:7", "ssd:700", "SW")]


def test_a_later_extract_corrects_and_ends_what_it_no_longer_says(home: Path, session: Session) -> None:
    assert session.last_seen("ssd:1", JUNE).on == date(2024, 4, 2)
    later = dict(TABLES)
    for table in ("ssd_cp_visits", "ssd_cin_visits"):
        later[table] = later[table].replace("2024-05-15 00:00:00.000,N,N", "2024-05-15,Y,Y")
    later["ssd_cp_plans"] = later["ssd_cp_plans"].replace("2024-01-10 00:00:00.000,,N", "2024-01-10,2024-06-20,N")
    later["ssd_cin_plans"] = later["ssd_cin_plans"].replace("1,2,2,2024", "1,2,3,2024")  # it was the brother's
    workspace = Workspace.open(home / "workspace")
    load(workspace, "ssd", [zipped(home / "july.zip", later)], extract_date=JULY)
    after = open_session(home / "workspace")
    try:
        assert after.last_seen("ssd:1", JUNE).on == date(2024, 4, 2)  # as it stood then
        assert after.last_seen("ssd:1", JULY).on == date(2024, 5, 15)
        assert len(history(after, "1", JULY)) == 6
        assert after.ask("cp_visit_overdue", JULY).rows == []
        assert [row["child"] for row in after.ask("cin_visit_overdue", JULY).rows] == ["ssd:3"]
    finally:
        after.close()


def test_single_tables_are_recognised_and_those_left_out_on_purpose_are_passed_over(home: Path) -> None:
    folder = home / "tables"
    folder.mkdir()
    for name in ("ssd_person", "ssd_cp_visits", "ssd_immigration_status"):
        (folder / f"{name}.csv").write_text(TABLES[name], encoding="utf-8")
    assert {one.file.stem: one.source for one in plan(folder)} == {
        "ssd_person": "ssd", "ssd_cp_visits": "ssd", "ssd_immigration_status": None,
    }  # fmt: skip
    workspace = Workspace.open(home / "second", create=True)
    report = load(workspace, "ssd", sorted(folder.iterdir()), publish=False)
    assert workspace.load(1).extract_date == date(2024, 5, 29)  # no day is stated: the newest inside
    assert (report.read, report.rejected) == (12, 1)
