"""Valid files of every format that is read, small and made up, from which the fuzz run's broken ones are made."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from workbooks import write_book

from lastseen.loaders.made_up import write_larch_court
from lastseen.loaders.mapping import Mapping, load_mapping, parse_mapping, source_names

ROLL = """
source: roll
title: A roll
doc: Made-up children on a roll.
shape: snapshot
expected_every: 31
unknown: ["", NK]
dates: ["%d/%m/%Y", "%Y-%m-%d"]
files:
  - {PLACE}
    scope: School
    columns:
      School: {required: true}
      Id: {kind: id, required: true, filled: true}
      Name: {required: true}
      Born: {kind: date, required: true}
      Nhs: {kind: nhs}
      Postcode: {kind: postcode}
      Uprn: {kind: uprn}
      Sex: {kind: code, codes: {F: F, M: M}, else: null}
      Size: {kind: float}
    rows:
      people: [{person: Id, given_name: Name, born_on: Born, sex: Sex}]
      identifiers: [{person: Id, scheme: {is: nhs}, value: Nhs}]
      places: [{place: {hash: [Postcode]}, kind: {is: property}, postcode: Postcode, uprn: Uprn}]
      residences: [{person: Id, place: {hash: [Postcode]}, basis: {is: registered}, kind: {is: home}}]
      agencies: [{agency: School, kind: {is: school}}]
      registrations: [{person: Id, agency: School, register: {is: school}}]
"""
COLUMNS = ("School", "Id", "Name", "Born", "Nhs", "Postcode", "Uprn", "Sex", "Size")
ROWS = [
    ("S1", "7", "Ann", "02/03/2014", "9434765919", "AL1 1AA", "100012345", "F", "1.5"),
    ("S1", "8", "Zoë O'Brien", "05/06/2015", "", "", "", "M", ""),
    *(("S1", str(n), f"Child {n}, made up", "2013-05-06", "", "AL2 2BB", "", "F", "2") for n in range(20, 40)),
]

CIN = """<Message><Header><CollectionDetails><Collection>CIN</Collection>
<Year>2023</Year><ReferenceDate>2023-03-31</ReferenceDate>
</CollectionDetails><Source><LEA>380</LEA></Source></Header><Children>
<Child><ChildIdentifiers><LAchildID>00A1</LAchildID><UPN>A123456789123</UPN><PersonBirthDate>2015-03-27</PersonBirthDate>
<GenderCurrent>2</GenderCurrent></ChildIdentifiers><CINdetails><CINreferralDate>2023-02-01</CINreferralDate>
<ReferralSource>9</ReferralSource><ReferralNFA>0</ReferralNFA><ChildProtectionPlans><CPPstartDate>2023-03-01</CPPstartDate>
<Reviews><CPPreviewDate>2023-03-20</CPPreviewDate></Reviews></ChildProtectionPlans></CINdetails></Child></Children></Message>"""

CTF = """<?xml version="1.0" encoding="utf-8"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>24.0</CTFversion>
<DateTime>2024-07-22T14:05:00</DateTime><SourceSchool><LEA>380</LEA><Estab>2000</Estab><SchoolName>Moor Primary</SchoolName>
</SourceSchool><DestSchool><LEA>XXX</LEA><Estab>XXXX</Estab></DestSchool></Header><CTFpupilData>
<Pupil><UPN>H801200001001</UPN><Surname>Hill</Surname><Forename>Ada</Forename><DOB>2015-05-01</DOB><Sex>F</Sex>
<Address><PostCode>al1 1aa</PostCode></Address>
<Contacts><Contact><Order>1</Order><Surname>Hill</Surname><Forename>Joan</Forename>
<Relationship>PAM</Relationship><Address><AddressAsPupil>true</AddressAsPupil></Address></Contact></Contacts>
<SchoolHistory><School><LEA>380</LEA><Estab>2000</Estab><EntryDate>2019-09-02</EntryDate></School></SchoolHistory></Pupil>
</CTFpupilData></CTfile>"""

_NHS = [{"system": "urn:Id/nhs-number", "value": "9990000018"}]
_PATIENT = {
    "resourceType": "Patient", "id": "9990000018", "identifier": _NHS, "meta": {"security": [{"code": "U"}]},
    "name": [{"use": "usual", "given": ["Ada"], "family": "Hill"}], "birthDate": "2015-05-01",
    "address": [{"use": "home", "line": ["1 Larch Court"], "postalCode": "AL1 1AA", "period": {"start": "2020-01-01"}}],
    "generalPractitioner": [{"identifier": {"value": "Y12345"}}],
}  # fmt: skip
_EVENTS = [
    {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
     "subject": {"reference": "Patient/p1"}, "period": {"start": "2024-01-01T09:30:00+00:00"}},
    {"resourceType": "Appointment", "id": "a1", "status": "noshow", "start": "2024-02-01T10:00:00Z",
     "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"}]},
    {"resourceType": "Patient", "id": "p1", "identifier": _NHS, "birthDate": "2015-05-01"},
]  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A valid file: its name, its mapping (None: it is itself a mapping), and its bytes."""

    name: str
    mapping: Mapping | None
    data: bytes

    @property
    def label(self) -> str:
        return self.mapping.source if self.mapping else "mapping"


@cache
def roll(place: str = 'match: "*.csv"') -> Mapping:
    """The made-up register, as CSV or, with another `place`, in a workbook, XML or JSON."""
    return parse_mapping(ROLL.replace("{PLACE}", place), "roll.yaml")


def place_of(format: str) -> str:
    """Where the made-up register's rows are in each format."""
    return {"xlsx": 'sheet: "Roll"', "xml": "xml: /M/P", "json": 'json: "[]"'}.get(format, 'match: "*.csv"')


@cache
def seeds() -> tuple[Seed, ...]:
    """Every seed, in an order that does not change."""
    found = [*_larch_court(), *_made_up()]
    with_mapping = [name for name in source_names() if name in ("gp_list", "fhir", "cin_census", "annex_a")]
    folder = resources.files("lastseen.loaders.sources")
    found += [Seed("m.yaml", None, (folder / f"{name}.yaml").read_bytes()) for name in with_mapping]
    return (*found, Seed("m.yaml", None, ROLL.replace("{PLACE}", place_of("csv")).encode()))


def _larch_court() -> list[Seed]:
    with tempfile.TemporaryDirectory() as folder:
        files = write_larch_court(Path(folder))
        said = {file.name: file.read_bytes()[:20_000] for file in files}
    names = sorted(source_names(), key=len, reverse=True)
    sources = {file: next((name for name in names if file.startswith(name)), "") for file in said}
    other = {"births": "births", "housing": "housing", "marac": "marac", "refuge": "refuge", "social": "social_care_contacts"}
    sources = {file: source or other.get(file.partition("_")[0], "") for file, source in sources.items()}
    return [Seed(file, load_mapping(sources[file]), data) for file, data in sorted(said.items()) if sources[file]]


def _made_up() -> list[Seed]:
    with tempfile.TemporaryDirectory() as folder:
        rows = {1: ["A title"], 2: [*COLUMNS], **{n: [*row] for n, row in enumerate(ROWS, 3)}}
        book = write_book(Path(folder) / "a.xlsx", {"Roll": rows, "Notes": {1: ["Id"]}}).read_bytes()
        who = ["Unique Child ID", "DOB", "Sex"]
        born = date(2015, 3, 27)
        annex = write_book(Path(folder) / "b.xlsx", {
            "List 1": {1: [*who, "Date of Contact", "Contact Source"],
                       2: ["101", born, "a) Male", date(2024, 3, 1), "q) 6: Police"],
                       3: ["102", 42090, "F", "2024-03-02", "t) 9: Anonymous"]},
            "List 7": {1: [*who, "Child Protection Plan Start Date", "Child Protection Plan End Date",
                           "Date of the Last Statutory Visit", "Was the Child Seen Alone?"],
                       2: ["105", born, "F", date(2024, 1, 5), None, "<f>NOW()</f>", "a) Yes"]},
        }).read_bytes()  # fmt: skip
    ssd = io.BytesIO()
    with zipfile.ZipFile(ssd, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((Path(__file__).parents[1] / "sources" / "ssd").glob("*.csv"))[:8]:
            archive.writestr(path.name, path.read_text(encoding="utf-8"))
        person = Path(__file__).parents[1] / "sources" / "ssd" / "ssd_person.csv"
        archive.writestr("ssd_person.csv", person.read_text(encoding="utf-8"))
    lines = "\n".join(json.dumps(one) for one in _EVENTS)
    entries = [{"resource": one} for one in (_PATIENT, *_EVENTS)]
    as_objects = json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in ROWS], ensure_ascii=False)
    tags = "".join("<P>" + "".join(f"<{c}>{v.replace('&', '')}</{c}>" for c, v in zip(COLUMNS, row, strict=True)) + "</P>"
                   for row in ROWS)  # fmt: skip
    table = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (COLUMNS, *ROWS))
    return [
        Seed("roll.csv", roll(), table.encode()), Seed("roll16.csv", roll(), table.encode("utf-16")),
        Seed("roll1252.csv", roll(), table.encode("cp1252")), Seed("roll.xlsx", roll(place_of("xlsx")), book),
        Seed("roll.xml", roll(place_of("xml")), f"<M>{tags}</M>".encode()),
        Seed("roll.json", roll(place_of("json")), as_objects.encode()),
        Seed("annex.xlsx", load_mapping("annex_a"), annex), Seed("ssd.zip", load_mapping("ssd"), ssd.getvalue()),
        Seed("cin.xml", load_mapping("cin_census"), CIN.encode()), Seed("ctf.xml", load_mapping("ctf"), CTF.encode()),
        Seed("events.ndjson", load_mapping("fhir"), lines.encode()),
        Seed("bundle.json", load_mapping("pds"), json.dumps({"resourceType": "Bundle", "entry": entries}).encode()),
    ]
