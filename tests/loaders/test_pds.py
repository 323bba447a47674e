"""The Personal Demographics Service: its sandbox's answers, and hand-written patients; a restricted address never shows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import Told, rows

from lastseen.graph.errors import Refused
from lastseen.graph.network import connection, neighbourhood
from lastseen.loaders.recognising import plan

SAMPLE = Path(os.environ.get("LASTSEEN_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "pds_fhir"
NHS = "urn:Id/nhs-number"
TODAY = date(2025, 2, 1)


def patient(number: str, given: str, *, security: str | None = "U", **more: Any) -> dict[str, Any]:
    marked = {"meta": {"security": [{"code": security}]}} if security else {}
    return {
        "resourceType": "Patient", "id": number, "identifier": [{"system": NHS, "value": number}], **marked,
        "name": [{"use": "usual", "given": [given], "family": "Hill"}], "birthDate": "2015-05-01", **more,
    }  # fmt: skip


def home(line: str, postcode: str, **more: Any) -> dict[str, Any]:
    return {"use": "home", "line": ["", line, "Aldermere"], "postalCode": postcode, "period": {"start": "2020-01-01"}, **more}


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]})


def test_the_sandbox_s_patients(tmp_path: Path, need: Callable[[object, str], None]) -> None:
    need(SAMPLE.exists(), f"the PDS sandbox's answers are not in {SAMPLE.parent}")
    assert {one.source for one in plan(SAMPLE)} == {"pds"}
    told = Told(tmp_path)
    report = told.load("pds", {path.name: path.read_text() for path in SAMPLE.glob("*.json")}, "2025-01-06")
    assert (report.read, report.rejected) == (11, 0)
    with told.asked() as session:
        there = session.ask("household_on", TODAY, child="9000000009")
        girl, guardian = "pds:Patient/9000000009", "pds:Patient/9000000009/RelatedPerson/507B7621"
        at = ("1 Trevelyan Square, LS1 6AE", date(2024, 1, 1))
        assert set(rows(there, "place_name", "since", "person", "kind")) == {
            (*at, girl, "home"), (*at, girl, "temporary"), (*at, guardian, "home"),
        }  # fmt: skip
        ties = session.store.run("MATCH (p:Person)-[r:REGISTERED_WITH]->(a:Agency) "
                                 "RETURN p.id, a.id, r.valid_from, r.valid_to, r.end_reason ORDER BY a.id").rows  # fmt: skip
        assert ties == [
            (girl, "gp:PDS", None, date(2020, 1, 1), "transferred to Scotland"),
            (girl, "gp:Y12345", date(2024, 1, 1), date(2026, 1, 1), None),
        ]
        carer = "MATCH (p:Person)-[r:RELATED_TO]->(c:Person) RETURN p.id, c.id, r.relation"
        assert session.store.run(carer).rows == [(guardian, girl, "carer")]
        sensitive = session.ask("household_on", TODAY, child="9000000025")
        assert rows(sensitive, "place", "place_name", "kind") == [("protected", "protected address, ask the named lead", None)]
        dead = session.store.run("MATCH (p:Person) WHERE p.died_on IS NOT NULL RETURN p.id, p.restricted ORDER BY p.id").rows
        assert dead == [(girl, False), ("pds:Patient/9000000025", True)]


GP = ("PRACTICE_CODE,EXTRACT_DATE,NHS_NUMBER,SURNAME,FORENAMES,DATE_OF_BIRTH,ADDRESS_LINE_1,TOWN,POSTCODE,REGISTERED_ON,STATUS,"
      "REMOVED_ON,REMOVAL_REASON\n")  # fmt: skip
ROLL = ("Title\nSchool,Census date,UPN,Legal surname,Forename,DoB,Admitted,Left,Parent surname,Parent forename,Parent DoB,"
        "Parent address,Parent postcode\n")  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Ada's record is restricted, though a local server kept her address in it, and two registers hold others. Ben's is not."""
    told = Told(tmp_path_factory.mktemp("pds"))
    told.load("pds", {"pds.json": bundle(
        patient("9990000018", "Ada", security="R", address=[home("1 Secret Row", "AL1 1AA")],
                generalPractitioner=[{"identifier": {"value": "S99999"}}]),
        patient("9990000026", "Ben", address=[home("8 Open Street", "AL8 8ZZ"), home("7 Old Street", "AL7 7ZZ", use="old"),
                home("PO Box 5", "AL5 5ZZ", type="postal")]),
    )}, "2025-01-06")  # fmt: skip
    told.load("gp_list", {"gp_list.csv": GP
        + "P1,06/01/2025,9990000018,Hill,Ada,01/05/2015,4 Larch Court,Aldermere,AL4 4LR,02/05/2015,R,,\n"
          "P1,06/01/2025,9990000034,Hill,Joan,02/06/1990,4 Larch Court,Aldermere,AL4 4LR,02/05/2015,R,,\n"
          "P1,06/01/2025,9990000026,Hill,Ben,01/05/2015,9 Other Street,Aldermere,AL9 9ZZ,02/05/2015,R,,\n"
    })  # fmt: skip
    told.load("health_visiting", {"health_visiting_contacts.csv": "Title\n"
        "Contact ID,Contact date,Entered on,NHS number,Surname,First name,Date of birth,Contact type,Outcome,Where,Address,"
        "Postcode,Team,Extract date,Period from,Period to\n"
        "k1,02-Dec-2024,02-Dec-2024,9990000018,Hill,Ada,01-May-2015,HOME VISIT,SEEN,Home,5 Quarry Rise,AL5 5QR,T1,06-Jan-2025,"
        "01-Dec-2024,05-Jan-2025\n"
    })  # fmt: skip
    return told


SECRETS = ("Secret", "Larch", "Quarry", "AL1 1AA", "AL4 4LR", "AL5 5QR", "S99999")


def said(*answers: Any) -> str:
    return json.dumps([[answer.rows, answer.cannot_tell_rows] for answer in answers], default=str)


def test_a_restricted_address_never_shows_whichever_register_states_it(told: Told) -> None:
    with told.asked() as session:
        [ada] = session.find("9990000018", TODAY).rows
        answers = [
            session.ask("household_on", TODAY, child="9990000018"), session.ask("household_on", TODAY, child="9990000034"),
            session.ask("conflicting_locations", TODAY), session.ask("contact_history", TODAY, child="9990000018"),
            session.ask("agencies_around", TODAY, child="9990000018"), session.find("Ada Hill", TODAY),
            session.find("9990000034", TODAY),
        ]  # fmt: skip
        assert not [secret for secret in SECRETS if secret in said(*answers)]
        assert {row["place_name"] for row in answers[0].rows} == {"protected address, ask the named lead"}
        assert {row["person"] for row in answers[0].rows} == {ada["person"]}, "and nobody who lives there is named"
        for searched in ("4 Larch Court", "AL4 4LR", "5 Quarry Rise", "AL5 5QR", "1 Secret Row"):
            assert session.find(searched, TODAY).rows == [], searched
        held = session.store.run("MATCH (a:Address) RETURN a.id, a.kind, a.line, a.postcode, a.uprn, a.area, a.search_key").rows
        assert not [secret for secret in SECRETS if secret in json.dumps(held)]


def test_no_network_leads_to_it_or_through_it(told: Told) -> None:
    with told.asked() as session:
        ada, joan = (session.person(number, TODAY) for number in ("9990000018", "9990000034"))
        drawn = neighbourhood(session.store, [ada], hops=4, as_at=TODAY)
        assert not [secret for secret in SECRETS if secret in json.dumps([*drawn.graph.nodes(data=True)], default=str)]
        assert "Address" not in {data.get("label") for _, data in drawn.graph.nodes(data=True)}
        assert drawn.protected > 0
        through = connection(session.store, ada, joan, as_at=TODAY, agencies=False)
        assert through.paths == []


def test_she_is_one_person_with_what_others_saw_and_her_having_no_address_is_no_gap(told: Told) -> None:
    with told.asked() as session:
        [ada] = session.find("9990000018", TODAY).rows
        assert (ada["records"], ada["last_seen"]) == (3, date(2024, 12, 2))
        conflicts = session.ask("conflicting_locations", TODAY)
        hidden = "protected address, ask the named lead"
        assert rows(conflicts, "child_name", "place_name", "sources", "other_place_name", "other_sources")[0] == (
            "Ada Hill", hidden, ["gp_list"], hidden, ["health_visiting"],
        )  # fmt: skip
        assert session.ask("never_on_gp_list", TODAY).rows == []


def test_an_unrestricted_patient_s_addresses_are_those_lived_at(told: Told) -> None:
    with told.asked() as session:
        there = session.ask("household_on", TODAY, child="9990000026")
        assert set(rows(there, "place_name", "source")) == {
            ("8 Open Street, AL8 8ZZ", "pds"), ("9 Other Street, AL9 9ZZ", "gp_list"),
        }  # fmt: skip


def test_a_superseded_number_removals_and_relatives_in_any_order(tmp_path: Path) -> None:
    told = Told(tmp_path)
    mother = {"resourceType": "RelatedPerson", "id": "R1", "patient": {"identifier": {"value": "9990000042"}},
              "name": [{"given": ["Joan"], "family": "Hill"}],
              "relationship": [{"coding": [{"code": "NMTH"}, {"code": "ECON"}]}],
              "address": [home("8 Open Street", "AL8 8ZZ")]}  # fmt: skip
    son = {"resourceType": "RelatedPerson", "id": "R2", "patient": {"reference": "Patient/9990000050"}, "active": False,
           "name": [{"given": ["Sam"], "family": "Hill"}], "relationship": [{"coding": [{"code": "SON"}]}]}  # fmt: skip
    gone = [{"url": "urn:Extension-PDS-RemovalFromRegistration", "extension": [
        {"url": "removalFromRegistrationCode", "valueCodeableConcept": {"coding": [{"code": "EMB"}]}},
        {"url": "effectiveTime", "valuePeriod": {"start": "2024-06-01T00:30:00+01:00"}}]}]  # fmt: skip
    older = {"type": "replaces", "other": {"identifier": {"value": "9990000069"}}}
    lines = [
        mother, son, patient("9990000042", "Cal", link=[older]),
        patient("9990000050", "Dot", security=None, extension=gone, birthDate="2016-07"),
        patient("9990000077", "Eve", security="V", name=[], birthDate=None),
    ]  # fmt: skip
    told.load("pds", {"patients.ndjson": "\n".join(map(json.dumps, lines))}, "2025-01-06")
    told.load("gp_list", {"gp_list.csv": GP
        + "P1,06/01/2025,9990000069,Hill,Cal,01/05/2015,9 Other Street,Aldermere,AL9 9ZZ,02/05/2015,R,,\n"
          "P1,06/01/2025,9990000077,Hill,Eve,01/05/2015,3 Hidden Lane,Aldermere,AL3 3ZZ,02/05/2015,R,,\n"
    })  # fmt: skip
    with told.asked() as session:
        one, two = session.person("9990000042", TODAY), session.person("9990000069", TODAY)
        assert one == two, "the older number was superseded by the newer"
        parents = session.store.run("MATCH (p:Person)-[r:PARENT_OF]->(c:Person) RETURN p.id, c.id, r.kind").rows
        assert parents == [("pds:Patient/9990000042/RelatedPerson/R1", one, "birth")], "who is no longer active is no relative"
        ended = "MATCH (:Person)-[r:REGISTERED_WITH]->(a:Agency) WHERE a.id = 'gp:PDS' RETURN r.valid_to, r.end_reason"
        assert session.store.run(ended).rows == [(date(2024, 6, 1), "embarkation")]
        born = "MATCH (p:Person) WHERE p.id = 'pds:Patient/9990000050' RETURN p.born_on, p.born_precision"
        assert session.store.run(born).rows == [(date(2016, 7, 1), "month")]
        hidden = session.store.run("MATCH (a:Address) WHERE a.protected RETURN a.line").rows
        assert hidden == [(None,)] * 2, "what PDS withholds, and what the practice holds"
        assert session.find("3 Hidden Lane", TODAY).rows == []


def test_a_truncated_bundle_and_one_without_patients_are_refused_whole(tmp_path: Path) -> None:
    told = Told(tmp_path)
    whole = bundle(patient("9990000018", "Ada"), patient("9990000026", "Ben"))
    for text, why in ((whole[:-40], "not whole JSON"), (bundle({"resourceType": "Observation", "id": "1"}), "holds no table")):
        with pytest.raises(Refused, match=why):
            told.load("pds", {"pds.json": text}, "2025-01-06")
    assert told.workspace.loads() == []
