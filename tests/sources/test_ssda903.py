"""The looked-after children return: the public sample against counts made independently (data's README), and a story as XML."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.loaders.loading import load
from lastseen.loaders.tidying import prepare
from lastseen.queries.session import open_session

TAKEN = date(2022, 12, 31)
SHARED = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "ssda903"
Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Load:
    need(SHARED.exists(), f"the public SSDA903 files are not in {SHARED}")
    workspace = Workspace.open(tmp_path_factory.mktemp("ssda903") / "home", create=True)
    load(workspace, "ssda903", sorted(SHARED.glob("*.csv")), extract_date=TAKEN, publish=False)
    return workspace.load(1)


@pytest.fixture(scope="module")
def ask(sample: Load) -> Ask:
    def answer(query: str) -> Any:
        for table in sample.tables:
            query = query.replace(f"@{table}", f"'{sample.table(table)}'")
        rows = duckdb.sql(query).fetchall()
        return rows[0] if len(rows) == 1 else rows

    return answer


def test_only_reviews_still_to_come_are_rejected(sample: Load) -> None:
    assert set(sample.reasons) == {"REVIEW: later than the day of the extract"}
    assert sample.read == 2_675 + 5_050 + 43 + 12_582 + 1
    assert sample.kept + sample.rejected == sample.read


def test_children_and_their_pupil_numbers_are_as_counted(ask: Ask) -> None:
    listed = "@people WHERE file = 'header.csv' AND age_group = 'child'"
    assert ask(f"SELECT count(*), count(born_on) FROM {listed}") == (2_675, 2_675)
    assert ask("SELECT count(DISTINCT value) FROM @identifiers WHERE scheme = 'upn'") == (2_675,)
    assert ask("SELECT count(*) FROM @relations") == (1,)  # one young mother


def test_time_in_care_is_as_counted(ask: Ask) -> None:
    care = "@involvements WHERE status = 'cla'"
    assert ask(f"SELECT count(DISTINCT person) FROM {care}") == (2_123,)
    # 1,413 open episodes, two of them for each of five children: whose time in care is one, at two places
    assert ask(f"SELECT count(*), count(DISTINCT person) FROM {care} AND valid_to IS NULL") == (1_408, 1_408)
    assert ask("SELECT count(*) FROM @residences WHERE valid_to IS NULL") == (1_413,)
    assert ask(f"SELECT count(*) FROM {care} AND valid_to < valid_from") == (0,)


def test_missing_episodes_are_as_counted_and_nobody_is_an_orphan(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM @involvements WHERE status = 'missing'") == (43,)
    children = "(SELECT person FROM @people WHERE file = 'header.csv')"
    for table in ("involvements", "residences", "participants"):
        others = ask(f"SELECT DISTINCT person FROM @{table} WHERE file <> 'sw_episodes.csv' AND person NOT IN {children}")
        assert others == [], table
    assert ask("SELECT person FROM @people WHERE file = 'sw_episodes.csv'") == ("CHILD10",)  # after a byte-order mark


RETURN = """<?xml version="1.0"?>
<EXPSSDA903>
 <CHILD>
  <HEADER><CHILDID>0071</CHILDID><UPN>A123456789012</UPN><SEX>2</SEX><DOB>28/07/2004</DOB>
   <AREVIEW><REVIEW>27/09/2020</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
   <AMISSING><MISSING>M</MISSING><MIS_START>01/11/2020</MIS_START><MIS_END>03/11/2020</MIS_END></AMISSING>
   <MOTHER>1</MOTHER><MC_DOB>05/05/2020</MC_DOB></HEADER>
  <EPISODE><DECOM>06/01/2020</DECOM><RNE>S</RNE><PL>U6</PL><PL_POST>bd1 1aa</PL_POST><HOME_POST>BD9 9ZZ</HOME_POST><URN/>
   <DEC>06/03/2020</DEC><REC>X1</REC></EPISODE>
  <EPISODE><DECOM>06/03/2020</DECOM><RNE>L</RNE><PL>U6</PL><PL_POST>BD1 1AA</PL_POST><HOME_POST>BD9 9ZZ</HOME_POST><URN/>
   <DEC>06/06/2020</DEC><REC>X1</REC></EPISODE>
  <EPISODE><DECOM>06/06/2020</DECOM><RNE>P</RNE><PL>K2</PL><PL_POST>BD2 2BB</PL_POST><HOME_POST>BD9 9ZZ</HOME_POST>
   <URN>1234567</URN><DEC/><REC/></EPISODE>
 </CHILD>
 <CHILD>
  <HEADER><CHILDID>72</CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>01/02/2019</DOB></HEADER>
  <EPISODE><DECOM>01/07/2020</DECOM><RNE>S</RNE><PL>U1</PL><PL_POST>ZZ99 3WZ</PL_POST>
   <DEC>01/09/2020</DEC><REC>E4A</REC></EPISODE>
 </CHILD>
</EXPSSDA903>
"""


def test_a_year_in_care_tells_where_and_not_who_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "return.xml"
    path.write_text(RETURN, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "home", create=True)
    report = load(workspace, "ssda903", [path], extract_date=date(2020, 12, 1))
    assert (report.read, report.rejected) == (8, 0)
    session = open_session(tmp_path / "home")
    try:
        child, day = "ssda903:0071", date(2020, 12, 1)
        history = session.ask("contact_history", day, child=child).rows
        assert [(row["occurred_on"], row["kind"], row["role"], row["level"]) for row in history] == [
            (date(2020, 9, 27), "meeting", "present", None)
        ]
        assert session.last_seen(child, day).on is None
        care = "MATCH (p:Person)-[i:INVOLVED_WITH]->() RETURN p.id, i.status, i.valid_from, i.valid_to, i.end_reason"
        assert sorted((tuple(row.values()) for row in session.cypher(care, as_at=day).rows), key=str) == [
            (child, "cla", date(2020, 1, 6), None, None),
            (child, "missing", date(2020, 11, 1), date(2020, 11, 3), None),
            ("ssda903:72", "cla", date(2020, 7, 1), date(2020, 9, 1), "home"),
        ]
        records = session.cypher("MATCH (r:Record) RETURN r.id AS id, r.identifiers AS known", as_at=day).rows
        known = {row["id"]: row["known"] for row in records}
        assert known["ssda903:72"] == "la_child_id:72"  # UN1, too young for a pupil number, is nobody's number
        lived = "MATCH (p:Person)-[l:LIVES_AT]->(a:Address) RETURN p.id, a.postcode, a.kind, l.kind, l.valid_from, l.valid_to"
        assert sorted((tuple(row.values()) for row in session.cypher(lived, as_at=day).rows), key=str) == [
            (child, "BD1 1AA", "property", "placement", date(2020, 1, 6), date(2020, 6, 6)),  # a new legal status is no move
            (child, "BD2 2BB", "property", "placement", date(2020, 6, 6), None),
            ("ssda903:72", None, "not_known", "placement", date(2020, 7, 1), date(2020, 9, 1)),
        ]
        answer = session.ask("return_interview_missing", day)
        assert [(row["child"], row["returned"]) for row in answer.rows] == [(child, date(2020, 11, 3))]
        unseen = session.ask("cla_visit_overdue", day)
        assert (unseen.rows, unseen.cannot_tell) == ([], 1)  # no visits are loaded: of the child in care nobody can tell
    finally:
        session.close()


def test_pupil_numbers_pass_their_check_as_often_as_counted_and_are_kept_either_way(sample: Load) -> None:
    connection = duckdb.connect()
    prepare(connection)
    passed = "upn_is_shaped(value) AND upn_letter_fits(value)"
    rows = connection.execute(f"SELECT count(*), count(*) FILTER ({passed}) FROM read_parquet('{sample.table('identifiers')}') "
                              "WHERE scheme = 'upn'").fetchall()
    assert rows == [(2_675, 107)]
