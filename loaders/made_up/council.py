"""Extracts of the council and its partners: social care, housing, births register, MARAC, refuge."""

from __future__ import annotations

import re

from lastseen.loaders.made_up.people import AREA, PEOPLE, home, home_on
from lastseen.loaders.made_up.script import Event, Replay
from lastseen.loaders.made_up.writing import FICTIONAL, Extract, Pen, Row, dotted, iso, plain, short_month, uk

CONTACTS = {"contact": "CONTACT", "referral": "REFERRAL", "referral_anonymous": "REFERRAL", "visit": "VISIT"}
SOURCE_CODES = {611: "6", 656: "6", 691: "2A", 743: "6", 1293: "3F", 1401: "6", 2100: "9", 2293: "6"}
"""Who told social care, by day, in the national code list: 2A school, 3F other health, 6 police, 9 anonymous."""
DECISIONS = {"contact": "NFA"}


def social_care(replay: Replay) -> list[Extract]:
    """Contacts, referrals and visits, a row a child (none named: an empty one), and the referral episodes."""
    pen = Pen(replay, "csc", iso)
    rows = [row for event in replay.of("csc", *CONTACTS) for row in _csc_contact(pen, event)]
    return [Extract("social_care_contacts_fictional.csv", rows), Extract("social_care_episodes_fictional.csv", _episodes(pen))]


def _csc_person(pen: Pen, person: str | None) -> Row:
    if person is None:
        return dict.fromkeys(("PersonID", "Surname", "Forename", "DOB", "UPN", "NHSNumber"), "")
    someone = PEOPLE[person]
    return {
        "PersonID": f"LA{someone.born_day + 50000}", "Surname": pen.surname(person), "Forename": pen.forename(person),
        "DOB": pen.born(person), "UPN": someone.upn, "NHSNumber": someone.nhs,
    }  # fmt: skip


def _csc_contact(pen: Pen, event: Event) -> list[Row]:
    """Two script rows of one visit (each child seen as the row says) share the visit's id."""
    seen = {None: ("", ""), 1: ("N", ""), 4: ("Y", "N"), 5: ("Y", "Y")}[event.level]
    bedroom = {"living room only": "N", "joint visit, all rooms seen; children found, cared for": "Y"}.get(event.detail, "")
    there = home(event.place)
    return [
        {
            "ContactID": f"{event.type[0].upper()}{event.day}", "ContactDate": pen.day(event.day),
            "RecordedDate": pen.day(event.known),
            "ContactType": CONTACTS[event.type], "SourceCode": SOURCE_CODES.get(event.day, ""), **_csc_person(pen, person),
            "ChildSeen": seen[0], "SeenAlone": seen[1], "BedroomSeen": bedroom, "Decision": DECISIONS.get(event.type, ""),
            "Address": there.line, "Postcode": there.postcode, "UPRN": there.uprn, "WorkerID": "SW-112",
            "Worker": "Helen Bright",
            "Team": "ASSESS1", "ExtractDate": pen.last, "PeriodFrom": pen.first, "PeriodTo": pen.last, "DataClass": "FICTIONAL",
        }
        for person in event.who or (None,)
    ]  # fmt: skip


def _episodes(pen: Pen) -> list[Row]:
    """An episode opens for a child with the referral or visit that first names them, and closes as the script says."""
    rows: list[Row] = []
    for event in pen.replay.of("csc", "referral", "visit"):
        for person in event.who:
            if any(row["PersonID"] == _csc_person(pen, person)["PersonID"] and not row["Closed"] for row in rows):
                continue
            close = next((e for e in pen.replay.of("csc", "close") if e.day >= event.day and person in e.who), None)
            rows.append({
                "EpisodeID": f"EP{event.day}-{PEOPLE[person].born_day + 50000}", **_csc_person(pen, person),
                "Opened": pen.day(event.day),
                "Closed": pen.day(close.day) if close else "", "ClosureReason": "RC8" if close else "", "Team": "ASSESS1",
                "ExtractDate": pen.last, "PeriodFrom": pen.first, "PeriodTo": pen.last, "DataClass": "FICTIONAL",
            })  # fmt: skip
    return rows


def housing(replay: Replay) -> list[Extract]:
    """Tenancy forms: everyone the form names, and the joint tenants as partners while the tenancy stands."""
    pen = Pen(replay, "housing", dotted)
    rows = []
    for event in replay.of("housing", "lives_at"):
        adults = [person for person in event.who if person.startswith("A")]
        there = home(event.place)
        for person in event.who:
            partner = adults[1] if len(adults) == 2 and person == adults[0] else None
            rows.append({
                "Form": f"TF{event.line:03d}", "Tenancy start": pen.day(event.day), "Tenancy end": pen.day(event.until),
                "UPRN": there.uprn, "Property": there.line, "Postcode": there.postcode,
                "Person ref": f"H{PEOPLE[person].born_day + 30000}",
                "Surname": pen.surname(person), "Forename": pen.forename(person), "Date of birth": pen.born(person),
                "Part": ("JOINT TENANT" if len(adults) == 2 else "TENANT") if person in adults else "HOUSEHOLD",
                "Partner ref": f"H{PEOPLE[partner].born_day + 30000}" if partner else "", "Landlord": f"{AREA} Homes",
                "Extract date": pen.last, "Period from": pen.first, "Period to": pen.last,
            })  # fmt: skip
    return [Extract("housing_tenancy_forms_fictional.csv", rows, (FICTIONAL,
    "Tenancy forms: household as declared by the tenant"))]


def births(replay: Replay) -> list[Extract]:
    """The births register: one entry a child, with the mother and no father."""
    pen = Pen(replay, "registrar", short_month)
    rows = []
    for event in replay.of("registrar", "birth_registered"):
        for child in event.who:
            there = home_on(event.day)
            rows.append({
                "Entry": f"BR{event.line:03d}", "Registered": pen.day(event.day), "NHS no": PEOPLE[child].nhs,
                "Child surname": pen.surname(child), "Child forename": pen.forename(child), "Sex": PEOPLE[child].sex,
                "Born": pen.born(child), "Mother surname": pen.surname("A1"), "Mother forename": pen.forename("A1"),
                "Mother born": pen.born("A1"), "Father": "", "Usual address": there.line, "Postcode": there.postcode,
                "Informant": "Mother", "Child at office": {1: "No", 3: "Yes"}.get(event.level or 0, ""), "District": "ALD",
                "Extract date": pen.last, "Period from": pen.first, "Period to": pen.last,
            })  # fmt: skip
    return [Extract("births_register_fictional.csv", rows, (FICTIONAL,))]


def marac(replay: Replay) -> list[Extract]:
    """Meetings about adults at high risk: victim, perpetrator (flagged, with the review day) and the children named."""
    pen = Pen(replay, "marac", uk)
    rows = []
    for event in replay.of("marac", "meeting"):
        review = re.search(r"review day (\d+)", event.detail)
        for person in event.who:
            perpetrator = f"{person} named as perpetrator" in event.detail
            part = "Perpetrator" if perpetrator else "Child" if person.startswith("C") else "Victim"
            there = home_on(event.day)
            rows.append({
                "Case": f"MARAC{event.line:03d}", "Meeting": pen.day(event.day), "Part": part, "Surname": pen.surname(person),
                "Forename": pen.forename(person), "DOB": pen.born(person), "Address": there.line, "Postcode": there.postcode,
                "Review": pen.day(int(review[1])) if review and perpetrator else "", "Area": AREA, "Extract date": pen.last,
                "Period from": pen.first, "Period to": pen.last, "Label": "FICTIONAL",
            })  # fmt: skip
    return [Extract("marac_cases_fictional.csv", rows)]


def refuge(replay: Replay) -> list[Extract]:
    """SENSITIVE: stays in a refuge. Its address is in the extract and must never leave the archive."""
    pen = Pen(replay, "refuge", plain)
    rows = []
    for event in replay.of("refuge", "lives_at"):
        there = home(event.place)
        rows += [
            {
                "family_ref": f"RF{event.line:03d}", "client_ref": f"RC{PEOPLE[person].born_day + 40000}",
                "surname": pen.surname(person),
                "forename": pen.forename(person), "dob": pen.born(person), "nhs_no": PEOPLE[person].nhs,
                "arrived": pen.day(event.day),
                "left": pen.day(event.until), "house": event.place, "house_address": there.line,
                "house_postcode": there.postcode,
                "handling": "SENSITIVE ADDRESS", "extract_date": pen.last, "period_from": pen.first, "period_to": pen.last,
                "label": "FICTIONAL",
            }
            for person in event.who
        ]  # fmt: skip
    return [Extract("refuge_stays_fictional.csv", rows)]
