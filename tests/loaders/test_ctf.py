"""A common transfer file by hand: two pupils, one of whom nobody knows where she went, and who is to be rung about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from asking import Told, rows

TODAY = date(2024, 10, 1)
FILE = """<?xml version="1.0" encoding="utf-8"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>24.0</CTFversion>
<DateTime>2024-07-22T14:05:00</DateTime>
<SourceSchool><LEA>380</LEA><Estab>2000</Estab><SchoolName>Moor Primary</SchoolName></SourceSchool>
<DestSchool><LEA>{la}</LEA><Estab>{school}</Estab></DestSchool></Header><CTFpupilData>{pupils}</CTFpupilData></CTfile>"""
ADA = """<Pupil><UPN>H801200001001</UPN><Surname>Hill</Surname><Forename>Ada</Forename><DOB>2015-05-01</DOB><Sex>F</Sex>
<BasicDetails><FormerUPN>B801200001099</FormerUPN><PreferredSurname>Dale</PreferredSurname></BasicDetails>
<Address><BS7666Address><SAON>Flat 2</SAON><PAON>4</PAON><Street>Larch Court</Street><PostTown>Aldermere</PostTown>
<UniquePropertyReferenceNumber>000100012345</UniquePropertyReferenceNumber></BS7666Address>
<PostCode>al1 1aa</PostCode></Address>
<Contacts>
<Contact><Order>1</Order><Surname>Hill</Surname><Forename>Joan</Forename><Gender>F</Gender><Relationship>PAM</Relationship>
<Responsibility>true</Responsibility><Address><AddressAsPupil>true</AddressAsPupil></Address></Contact>
<Contact><Order>2</Order><Surname>Dale</Surname><Forename>Ned</Forename><Relationship>OTH</Relationship><Responsibility>1</Responsibility>
<Address><AddressLines><AddressLine1>9 Quarry Rise</AddressLine1></AddressLines><PostCode>AL9 9ZZ</PostCode></Address></Contact>
<Contact><Order>3</Order><Surname>Lee</Surname><Forename>Amy</Forename><Relationship>DOC</Relationship></Contact>
<Contact><Order>4</Order><Surname>Moor</Surname><Forename>Sam</Forename><Relationship>OTC</Relationship></Contact></Contacts>
<SchoolHistory><School><LEA>380</LEA><Estab>2000</Estab><SchoolName>Moor Primary</SchoolName><EntryDate>2019-09-02</EntryDate>
<LeavingDate>2024-07-19</LeavingDate><LeavingReason>Moved</LeavingReason></School></SchoolHistory></Pupil>"""
BEN = """<Pupil><UPN/><Surname>Hill</Surname><Forename>Ben</Forename><DOB>2016-06-01</DOB><Gender>M</Gender>
<Address><PostCode>ZZ99 3VZ</PostCode></Address></Pupil>"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    told = Told(tmp_path_factory.mktemp("ctf"))
    report = told.load("ctf", {
        "3802000_CTF_XXXXXXX_001.xml": FILE.format(la="XXX", school="XXXX", pupils=ADA),
        "3802000_CTF_3810000_001.xml": FILE.format(la="381", school="0000", pupils=BEN),
    })  # fmt: skip
    assert (report.read, report.rejected, len(report.loads)) == (1 + 1 + 4 + 1, 0, 2), "each file is an extract of its own"
    return told


def test_a_pupil_sent_to_nobody_is_a_lost_pupil_and_was_seen_by_nobody(told: Told) -> None:
    with told.asked() as session:
        history = session.ask("contact_history", TODAY, child="H801200001001")
        assert rows(history, "occurred_on", "kind", "level", "agency") == [
            (date(2024, 7, 22), "missing_education_referral", None, "Moor Primary")
        ]  # fmt: skip
        assert session.store.run("MATCH (k:Contact) RETURN count(k)").rows == [(1,)], "Ben's next school is known"
        roll = session.store.run("MATCH (:Person)-[r:REGISTERED_WITH]->(a:Agency) "
                                 "RETURN a.id, r.valid_from, r.valid_to, r.end_reason").rows  # fmt: skip
        assert roll == [("school:3802000", date(2019, 9, 2), date(2024, 7, 19), "Moved")]
        assert [row["person"] for row in session.find("Ada Dale", TODAY).rows] == ["ctf:H801200001001"]


def test_contacts_are_relatives_where_they_live_and_professionals_are_no_family(told: Told) -> None:
    with told.asked() as session:
        there = session.ask("household_on", TODAY, child="H801200001001")
        assert sorted(rows(there, "place_name", "person_name", "basis")) == [
            ("Flat 2, 4 Larch Court, AL1 1AA", name, "observed") for name in ("Ada Hill", "Joan Hill")
        ]  # fmt: skip
        kin = session.store.run("MATCH (p:Person)-[r:PARENT_OF|RELATED_TO]->(c:Person), (s:Record)-[:IDENTIFIES]->(p) "
                                "RETURN s.name, c.id ORDER BY s.name").rows  # fmt: skip
        assert kin == [("Joan Hill", "ctf:H801200001001"), ("Ned Dale", "ctf:H801200001001")]
        homes = session.store.run("MATCH (s:Record)-[:IDENTIFIES]->(:Person)-[:LIVES_AT]->(a:Address) "
                                  "RETURN s.name, a.kind, a.line ORDER BY s.name").rows  # fmt: skip
        assert homes == [
            ("Ada Hill", "property", "Flat 2, 4 Larch Court"), ("Ben Hill", "no_fixed_abode", None),
            ("Joan Hill", "property", "Flat 2, 4 Larch Court"), ("Ned Dale", "property", "9 Quarry Rise"),
        ]  # fmt: skip
        names = {name for (name,) in session.store.run("MATCH (s:Record) RETURN s.name").rows}
        assert names == {"Ada Hill", "Ben Hill", "Joan Hill", "Ned Dale", "Sam Moor"}


def test_the_same_file_twice_changes_nothing(told: Told, tmp_path: Path) -> None:
    again = Told(tmp_path)
    again.workspace = told.workspace
    before = told.workspace.current_build()
    report = again.load("ctf", {"3802000_CTF_XXXXXXX_001.xml": FILE.format(la="XXX", school="XXXX", pupils=ADA)})
    assert (report.changed, told.workspace.current_build()) == (False, before)
