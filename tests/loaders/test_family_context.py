"""Family Context: the public sample's seven files, and a hand-written family with what its services know."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from asking import Told, rows

from lastseen.loaders.recognising import plan

SAMPLE = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "family_context"


def test_the_sample_with_spaces_after_commas_two_styles_of_dates_and_one_short_row(
    tmp_path: Path, need: Callable[[object, str], None]
) -> None:
    need(SAMPLE.exists(), f"the Family Context sample is not in {SAMPLE.parent}")
    assert {one.source for one in plan(SAMPLE)} == {"family_context"}
    told = Told(tmp_path)
    report = told.load("family_context", {path.name: path.read_text() for path in SAMPLE.glob("*.csv")})
    assert (report.read, report.rejected) == (21, 1), "the short row of the data sources, which lacks its last two cells"
    rejected = (told.workspace.load(1).directory / "rejected.csv").read_text().splitlines()
    assert rejected[1].startswith('"datasources.csv","5","","more or fewer cells than the header"')
    assert told.workspace.load(1).extract_date == date(2020, 1, 6)
    with told.asked() as session:
        assert session.store.counts().nodes["Person"] == 10
        una = session.ask("agencies_around", child="family_context:cms:2", as_at=date(2020, 2, 1))
        assert [row for row in rows(una, "agency", "tie", "since", "last_seen") if row[1] == "contact"] == [
            ("Police", "contact", date(2015, 10, 1), None), ("Area Social Service", "contact", date(2019, 5, 20), None),
        ]  # fmt: skip
        history = session.ask("contact_history", child="family_context:cms:2", as_at=date(2020, 2, 1))
        assert {row["level"] for row in history.rows} == {None}, "nobody says that anybody was seen"
        pupil = session.ask("agencies_around", child="family_context:cms:1", as_at=date(2020, 2, 1))
        assert ("A+ School", "registered", "school") in rows(pupil, "agency", "tie", "register")


def test_relatives_and_homes_of_a_hand_written_family(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.load("family_context", {
        "person.csv": "id, firstName, lastName, dateOfBirth, gender, address, relationship, relationshipToId\n"
            'cms:1,Ada,Hill,01/05/2015,female,"4 Larch Court, Aldermere",,\n'
            'cms:2,Joan,Hill,02/06/1990,female,"4 Larch Court, Aldermere",Mother,cms:1\n'
            "cms:3,Ben,Hill,2013-07-03,male,,son,cms:2\n"
            "cms:4,Ned,Hill,04/08/1960,male,,lodger,cms:1\n"
            "cms:5,Sam,Hill,05/09/1988,male,,Stepfather,cms:1\n",
        "school.csv": "personId,serviceInvolvement,schoolName\n"
            "cms:1,current,Aldermere Primary\ncms:3,historic,Aldermere Primary\n",
    }, "2024-01-05")  # fmt: skip
    with told.asked() as session:
        parents = "MATCH (p:Person)-[r:PARENT_OF]->(c:Person) RETURN p.id, c.id, r.kind"
        assert sorted(session.store.run(parents).rows) == [
            ("family_context:cms:2", "family_context:cms:1", "unknown"),
            ("family_context:cms:2", "family_context:cms:3", "unknown"),
            ("family_context:cms:5", "family_context:cms:1", "step"),
        ]
        there = session.ask("household_on", child="family_context:cms:1", as_at=date(2024, 2, 1))
        assert rows(there, "place_name", "person_name") == [
            ("4 Larch Court, Aldermere", "Ada Hill"), ("4 Larch Court, Aldermere", "Joan Hill"),
        ]  # fmt: skip
        on_roll = session.store.run("MATCH (p:Person)-[:REGISTERED_WITH]->(:Agency) RETURN p.id").rows
        assert on_roll == [("family_context:cms:1",)]
        related = session.store.run("MATCH (:Person)-[r:RELATED_TO]->(:Person) RETURN count(r)").rows
        assert related == [(0,)], "a lodger is no kin"
