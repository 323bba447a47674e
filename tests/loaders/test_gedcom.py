"""A family tree by hand: parents and couples, dates as far as they are known, and a file that is not whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from asking import Told

from lastseen.graph.errors import Refused
from lastseen.loaders.recognising import plan

TREE = """0 HEAD
1 SOUR test
1 DATE 6 JAN 2025
1 FILE hill.ged
1 GEDC
2 VERS 5.5.1
1 CHAR UTF-8
0 @I1@ INDI
1 NAME Zoë /O'Brien/
1 SEX F
1 BIRT
2 DATE ABT 1990
1 FAMS @F1@
0 @I2@ INDI
1 NAME Ned /Hill/
1 SEX M
1 BIRT
2 DATE BEF 1985
1 DEAT
2 DATE 2021
0 @I3@ INDI
1 NAME Ada /Hill/
1 SEX F
1 BIRT
2 DATE MAY 2015
1 FAMC @F1@
2 PEDI birth
0 @I4@ INDI
1 NAME Ben /Hill/
1 BIRT
2 DATE 3 JUN 2017
1 FAMC @F1@
2 PEDI adopted
0 @I5@ INDI
1 NAME Hephzibah /Hill/
1 BIRT
2 DATE 1661/62
1 RESN confidential
0 @F1@ FAM
1 HUSB @I2@
1 WIFE @I1@
1 CHIL @I3@
1 CHIL @I4@
1 MARR
2 DATE 1 JUL 2014
1 DIV
2 DATE 2020
0 TRLR
"""


def test_a_family_with_dates_as_far_as_they_are_known(tmp_path: Path) -> None:
    told = Told(tmp_path)
    report = told.load("gedcom", {"export.ged": TREE})
    assert (report.read, report.rejected) == (5 + 4 + 1, 0)
    assert told.workspace.load(1).extract_date == date(2025, 1, 6)
    with told.asked() as session:
        people = session.store.run(
            "MATCH (r:Record)-[:IDENTIFIES]->(p:Person) RETURN r.name, p.born_on, p.born_precision, p.died_on, p.restricted"
        ).rows
        assert sorted(people) == [
            ("Ada Hill", date(2015, 5, 1), "month", None, False), ("Ben Hill", date(2017, 6, 3), "day", None, False),
            ("Hephzibah Hill", None, None, None, True), ("Ned Hill", None, None, None, False),
            ("Zoë O'Brien", date(1990, 1, 1), "estimated", None, False),
        ]  # fmt: skip
        parents = session.store.run("MATCH (p:Person)-[r:PARENT_OF]->(c:Person) RETURN p.id, c.id, r.kind").rows
        assert sorted(parents) == [
            (f"gedcom:hill.ged/{parent}", f"gedcom:hill.ged/{child}", kind)
            for parent in ("I1", "I2") for child, kind in (("I3", "birth"), ("I4", "adoptive"))
        ]  # fmt: skip
        couple = "MATCH (p:Person)-[r:PARTNER_OF]->(q:Person) RETURN p.id, q.id, r.valid_from, r.valid_to"
        assert session.store.run(couple).rows == [("gedcom:hill.ged/I2", "gedcom:hill.ged/I1", date(2014, 7, 1), None)]


def test_two_trees_whose_first_person_is_i1_are_two_people(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.load("gedcom", {"a.ged": TREE})
    told.load("gedcom", {"b.ged": TREE.replace("hill.ged", "moor.ged").replace("Hill", "Moor")})
    with told.asked() as session:
        assert session.store.counts().nodes["Person"] == 10


def test_a_tree_is_told_by_what_is_in_it_and_refused_where_it_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "tree.ged").write_text(TREE)
    assert [one.source for one in plan(tmp_path)] == ["gedcom"]
    told = Told(tmp_path / "home")
    for broken in (TREE.replace("1 SEX F", "SEX F", 1), TREE.replace("@I2@ INDI\n1 NAME", "@I2@ INDI\n3 NAME")):
        with pytest.raises(Refused, match="not whole GEDCOM"):
            told.load("gedcom", {"tree.ged": broken})
    assert told.workspace.loads() == []
