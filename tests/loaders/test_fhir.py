"""Encounters, appointments and episodes of care by hand: who came, who was not brought, and what is no sight of anybody."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import Told, rows

from lastseen.loaders.recognising import plan

NHS = {"system": "urn:Id/nhs-number", "value": "9990000018"}
ADA = {"resourceType": "Patient", "id": "p1", "identifier": [NHS], "name": [{"given": ["Ada"], "family": "Hill"}],
       "birthDate": "2015-05-01"}  # fmt: skip
TODAY = date(2025, 2, 1)


def encounter(number: str, day: str, status: str = "finished", kind: str = "AMB", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "id": number, "status": status, "class": {"code": kind},
        "subject": {"reference": "Patient/p1"}, "period": {"start": f"{day}T09:30:00+00:00"},
        "serviceProvider": {"identifier": {"value": "A20047"}, "display": "Moor Surgery"}, **more,
    }  # fmt: skip


def appointment(number: str, day: str, status: str = "fulfilled", actor: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment", "id": number, "status": status, "start": f"{day}T10:00:00Z", "participant": [
            {"actor": actor or {"reference": "Patient/p1"}, "status": "accepted", **more.pop("patient", {})},
            {"actor": {"reference": "Practitioner/9", "display": "Dr A Lee"}},
            {"actor": {"identifier": {"system": "urn:ods-organization-code", "value": "RAE"}, "display": "Aldermere Trust"}},
        ], **more,
    }  # fmt: skip


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]})


def history(told: Told, child: str = "9990000018") -> list[tuple[Any, ...]]:
    with told.asked() as session:
        return rows(session.ask("contact_history", TODAY, child=child), "occurred_on", "kind", "level", "outcome", "agency")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    told = Told(tmp_path_factory.mktemp("fhir"))
    report = told.load("fhir", {"events.json": bundle(
        encounter("e1", "2024-01-01"), encounter("e2", "2024-01-02", kind="VR"), encounter("e3", "2024-01-03", "planned"),
        encounter("e4", "2024-01-04", "entered-in-error"), encounter("e5", "2024-01-05", "in-progress", "EMER"),
        encounter("e6", "2024-01-06", "cancelled"), encounter("e7", "2024-01-07", "triaged"),
        encounter("e8", "2024-01-08", type=[{"text": "Telephone consultation"}]),
        encounter("e9", "2024-01-09", type=[{"text": "Consultation with proxy"}]), encounter("e10", "2024-01-10", kind="HH"),
        appointment("a1", "2024-02-01"), appointment("a2", "2024-02-02", "noshow"), appointment("a3", "2024-02-03", "booked"),
        appointment("a4", "2024-02-04", "arrived"),
        appointment("a5", "2024-02-05", "cancelled", cancelationReason={"coding": [{"code": "prov"}]}),
        appointment("a6", "2024-02-06", "cancelled", cancelationReason={"coding": [{"code": "pat"}]}),
        appointment("a7", "2024-02-07", patient={"required": "information-only"}),
        appointment("a8", "2024-02-08", extension=[{"url": "urn:DeliveryChannel", "valueCode": "Video"}]),
        appointment("a9", "2024-02-09", "entered-in-error"), ADA,
        {"resourceType": "EpisodeOfCare", "id": "c1", "status": "active", "patient": {"reference": "Patient/p1"},
         "period": {"start": "2015-05-10"}, "type": [{"text": "Health visiting"}],
         "managingOrganization": {"display": "HV team 1"}},
        {"resourceType": "EpisodeOfCare", "id": "c2", "status": "finished", "patient": {"identifier": NHS},
         "period": {"start": "2015-06-01", "end": "2020-06-30"}, "managingOrganization": {"identifier": {"value": "A20047"}}},
        {"resourceType": "EpisodeOfCare", "id": "c3", "status": "active", "patient": {"reference": "Patient/p1"},
         "period": {"start": "2024-06-01"}, "type": [{"text": "Physiotherapy"}], "managingOrganization": {"display": "Physio"}},
    )}, "2024-12-31")  # fmt: skip
    assert (report.read, report.rejected) == (10 + 9 + 1 + 3, 0)
    return told


def test_who_was_there_who_was_not_brought_and_what_says_nothing(told: Told) -> None:
    gp, trust = "Moor Surgery", "Aldermere Trust"
    assert sorted(history(told)) == [
        (date(2024, 1, 1), "appointment", 4, None, gp),
        (date(2024, 1, 2), "phone", 1, None, gp),
        (date(2024, 1, 5), "emergency", 4, None, gp),
        (date(2024, 1, 7), "appointment", None, None, gp),
        (date(2024, 1, 8), "appointment", 1, None, gp),
        (date(2024, 1, 9), "appointment", 1, None, gp),
        (date(2024, 1, 10), "visit", 4, None, gp),
        (date(2024, 2, 1), "appointment", 4, None, trust),
        (date(2024, 2, 2), "appointment", 0, "was_not_brought", trust),
        (date(2024, 2, 4), "appointment", 3, None, trust),
        (date(2024, 2, 6), "appointment", 0, None, trust),
        (date(2024, 2, 7), "appointment", 1, None, trust),
        (date(2024, 2, 8), "appointment", 1, None, trust),
    ]


def test_episodes_of_health_visiting_and_of_a_practice_are_registrations(told: Told) -> None:
    with told.asked() as session:
        found = session.store.run(
            "MATCH (p:Person)-[r:REGISTERED_WITH]->(a:Agency) "
            "RETURN DISTINCT p.id, r.register, a.name, r.valid_from, r.valid_to ORDER BY r.register"
        ).rows
        ada = session.person("9990000018", TODAY)
        assert found == [
            (ada, "gp", "Moor Surgery", date(2015, 6, 1), date(2020, 7, 1)),
            (ada, "health_visiting", "HV team 1", date(2015, 5, 10), None),
        ]  # fmt: skip
        assert session.find("9990000018", TODAY).rows[0]["last_seen"] == date(2024, 2, 4)


def test_one_a_line_by_urn_or_number_and_a_later_file_takes_an_encounter_back(tmp_path: Path) -> None:
    told = Told(tmp_path)
    urn = "urn:uuid:8a0f8d66-0001"
    told.load("fhir", {"events.json": json.dumps({"resourceType": "Bundle", "entry": [
        {"fullUrl": "urn:uuid:8a0f8d66-0002", "resource": encounter("e1", "2024-01-01", subject={"reference": urn})},
        {"fullUrl": urn, "resource": ADA},
    ]})}, "2024-06-01")  # fmt: skip
    assert [row[:3] for row in history(told)] == [(date(2024, 1, 1), "appointment", 4)]
    later = [encounter("e1", "2024-01-01", "entered-in-error", subject={"reference": urn}),
             appointment("a1", "2024-07-01", "noshow", actor={"identifier": NHS, "type": "Patient"})]  # fmt: skip
    told.load("fhir", {"events.ndjson": "\n".join(map(json.dumps, later))}, "2024-08-01")
    assert [row[:4] for row in history(told)] == [(date(2024, 7, 1), "appointment", 0, "was_not_brought")]
    with told.asked() as session:
        before = session.ask("contact_history", date(2024, 7, 1), child="9990000018")
        assert rows(before, "occurred_on", "level") == [(date(2024, 1, 1), 4)], "as it was known then"


def test_one_id_at_two_servers_is_two_children_and_two_contacts(tmp_path: Path) -> None:
    told = Told(tmp_path)
    ada, ben = ("https://a.example/fhir", "9990000018", "Ada"), ("https://b.example/R4", "9990000026", "Ben")

    def served(server: tuple[str, str, str], *resources: dict[str, Any]) -> dict[str, str]:
        base, number, name = server
        patient = {**ADA, "identifier": [{**NHS, "value": number}], "name": [{"given": [name], "family": "Hill"}]}
        entries = [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in (patient, *resources)]
        return {"events.json": json.dumps({"resourceType": "Bundle", "entry": entries})}

    episode = {"resourceType": "EpisodeOfCare", "id": "c1", "status": "active", "patient": {"reference": "Patient/p1"},
               "period": {"start": "2023-01-01"}, "type": [{"text": "Health visiting"}],
               "managingOrganization": {"reference": "Organization/1"}}  # fmt: skip
    told.load("fhir", served(ada, encounter("e1", "2024-01-01"), appointment("a1", "2024-02-01"), episode), "2024-06-01")
    there = {"reference": "https://b.example/R4/Patient/p1"}  # written whole, as some servers do
    told.load("fhir", served(ben, encounter("e1", "2024-03-01", subject=there), appointment("a1", "2024-04-01", actor=there)),
              "2024-06-02")  # fmt: skip
    assert sorted(row[0] for row in history(told, "9990000018")) == [date(2024, 1, 1), date(2024, 2, 1)]
    assert sorted(row[0] for row in history(told, "9990000026")) == [date(2024, 3, 1), date(2024, 4, 1)]
    with told.asked() as session:
        listed = session.store.run("MATCH (p:Person)-[:REGISTERED_WITH]->(a:Agency) RETURN p.id, a.code").rows
        assert listed == [(session.person("9990000018", TODAY), "https://a.example/fhir/Organization/1")]
        assert len(session.store.run("MATCH (p:Person) RETURN p.id").rows) == 2
    told.load("fhir", served(ben, encounter("e1", "2024-03-01", "entered-in-error", subject=there)), "2024-07-01")
    assert [row[0] for row in history(told, "9990000026")] == [date(2024, 4, 1)]
    assert len(history(told, "9990000018")) == 2, "the other server's encounter of that id stands"


def test_a_patient_contained_in_an_encounter_is_nobody_of_another_one(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.load("fhir", {"events.json": bundle(*(
        encounter(f"e{n}", f"2024-01-0{n}", subject={"reference": "#p"}) for n in (1, 2)
    ))}, "2024-06-01")  # fmt: skip
    with told.asked() as session:
        assert len(session.store.run("MATCH (p:Person) RETURN p.id").rows) == 2


def test_events_are_told_from_a_list_of_patients_by_what_is_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "events.json").write_text(bundle(ADA, encounter("e1", "2024-01-01")))
    (tmp_path / "Patients.ndjson").write_text(json.dumps(ADA) + "\n" + json.dumps({**ADA, "id": "p2"}))
    assert {one.file.name: one.source for one in plan(tmp_path)} == {"events.json": "fhir", "Patients.ndjson": "pds"}
