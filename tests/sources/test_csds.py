"""Community Services Data Set contacts as a story: who attended, how, and what a later submission says of the same contact."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from lastseen.graph.archive import Workspace
from lastseen.loaders.loading import load
from lastseen.queries.session import Session, open_session

PATIENTS = """\
PERSON ID,NHS NUMBER,PERSON BIRTH DATE,PERSON STATED GENDER CODE,NHS NUMBER STATUS INDICATOR CODE,PERSON DEATH DATE,\
NHS NUMBER (MOTHER),REPORTING PERIOD START DATE,REPORTING PERIOD END DATE
P1,943 476 5919,2022-02-01,2,01,,9434765870,2024-04-01,2024-04-30
P2,,2021-01-01,1,07,,,2024-04-01,2024-04-30
"""
APRIL = """\
CARE CONTACT IDENTIFIER,SERVICE REQUEST IDENTIFIER,PERSON ID,CARE CONTACT DATE,ATTENDANCE STATUS,CONSULTATION MECHANISM,\
CARE CONTACT SUBJECT,ACTIVITY LOCATION TYPE CODE,ORGANISATION IDENTIFIER (CODE OF PROVIDER),\
REPORTING PERIOD START DATE,REPORTING PERIOD END DATE
C1,S1,P1,2024-04-02,5,01,01,A01,RXX,2024-04-01,2024-04-30
C2,S1,P1,2024-04-04,3,01,01,B01,RXX,2024-04-01,2024-04-30
C3,S1,P1,2024-04-08,5,01,02,B01,RXX,2024-04-01,2024-04-30
C4,S1,P1,2024-04-10,6,02,01,,RXX,2024-04-01,2024-04-30
C5,S1,P1,2024-04-11,6,11,01,,RXX,2024-04-01,2024-04-30
C6,S1,P1,2024-04-15,5,01,,B01,RXX,2024-04-01,2024-04-30
C7,S1,P1,2024-04-16,4,01,01,B01,RXX,2024-04-01,2024-04-30
C8,S1,P1,2024-04-18,7,01,01,B01,RXX,2024-04-01,2024-04-30
C9,S1,P1,2024-04-20,,01,01,B01,RXX,2024-04-01,2024-04-30
C10,S2,P2,2024-03-05,3,01,01,B01,RXX,2024-03-01,2024-03-31
C10,S2,P2,2024-03-05,5,01,01,B01,RXX,2024-04-01,2024-04-30
"""
MAY = """\
CareContactID,LocalPatientId,CareContDate,AttendOrDNACode,ConsMediumUsed,CareContSubj,ActLocTypeCode,OrgIDProv,RPStartDate,RPEndDate
C1,P1,02/04/2024,3,01,01,A01,RXX,01/05/2024,31/05/2024
C11,P1,20/05/2024,5,01,01,B01,RXX,01/05/2024,31/05/2024
"""


def history(session: Session, person: str, as_at: date) -> list[tuple[Any, ...]]:
    rows = session.ask("contact_history", as_at, child=f"csds:{person}").rows
    return [(row["occurred_on"].isoformat()[5:], row["kind"], row["level"], row["outcome"]) for row in reversed(rows)]


def test_only_a_child_who_came_and_was_met_was_seen(tmp_path: Path) -> None:
    sent = {"april": {"CYP001MPI": PATIENTS, "CYP201CareContact": APRIL}, "may": {"CYP201CareContact": MAY}}
    for month, tables in sent.items():
        (tmp_path / month).mkdir()
        for name, text in tables.items():
            (tmp_path / month / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "home", create=True)
    april = load(workspace, "csds", sorted((tmp_path / "april").iterdir()), publish=False)
    assert (april.read, april.rejected) == (13, 0)
    load(workspace, "csds", sorted((tmp_path / "may").iterdir()))
    assert [(one.extract_date, one.covers_from) for one in workspace.loads()] == [
        (date(2024, 4, 30), date(2024, 4, 1)), (date(2024, 5, 31), date(2024, 5, 1)),
    ]  # fmt: skip
    session = open_session(tmp_path / "home")
    try:
        then, later = date(2024, 4, 30), date(2024, 6, 1)
        assert history(session, "P1", then) == [
            ("04-02", "visit", 4, None),  # face to face, the child herself
            ("04-04", "clinic", 0, "was_not_brought"),
            ("04-08", "clinic", 1, None),  # her mother came
            ("04-10", "phone", 1, None),
            ("04-11", "contact_made", 2, None),  # by video
            ("04-15", "clinic", None, None),  # who came is not said
            ("04-18", "clinic", 0, None),  # too late to be seen; on the 16th the clinic itself had cancelled
            ("04-20", "clinic", None, None),
        ]
        assert session.last_seen("csds:P1", then).on == date(2024, 4, 2)
        assert history(session, "P2", then) == [("03-05", "clinic", 4, None)]  # sent twice: the later word counts
        corrected = history(session, "P1", later)
        assert (corrected[0], corrected[-1]) == (("04-02", "visit", 0, "was_not_brought"), ("05-20", "clinic", 4, None))
        assert session.last_seen("csds:P1", date(2024, 5, 31)).on == date(2024, 5, 20)
        assert [row["mother"] for row in session.cypher(
            "MATCH (m:Person)-[:PARENT_OF]->(c:Person) RETURN m.id AS mother, c.id AS child", as_at=later).rows
        ] == ["csds:mother 9434765870"]  # fmt: skip
    finally:
        session.close()
