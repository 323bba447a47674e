"""Extracts of police and ambulance."""

from __future__ import annotations

from lastseen.loaders.made_up.people import MOVED, NO_HOME, PEOPLE, home, home_on
from lastseen.loaders.made_up.script import Event, Replay
from lastseen.loaders.made_up.writing import FICTIONAL, Extract, Pen, Row, iso, uk

NOTICES = {
    "dv_notification": "DA", "welfare_visit": "WELFARE", "visit": "VISIT", "referral_anonymous": "PUBLIC",
    "intelligence": "INTEL",
}  # fmt: skip
OFFICERS = {"visit": ("9163", "Moira Finch", "PCSO")}


def police_notices(replay: Replay, unshared: bool = False) -> list[Extract]:
    """Notices in the force's layout, a row a person named; a report from the public about an address names nobody.

    The unshared ones, which only the intelligence unit holds, come as a file of their own.
    """
    rows = [row for event in replay.of("police", *NOTICES, unshared=unshared) for row in _notice(Pen(replay,
    "police", uk), event)]
    name = "police_notices_unshared_fictional.csv" if unshared else "police_notices_fictional.csv"
    return [Extract(name, rows, (FICTIONAL, "OFFICIAL-SENSITIVE when filled with real notices"))]


def _notice(pen: Pen, event: Event) -> list[Row]:
    where = home(event.place)
    collar, officer, rank = OFFICERS.get(event.type, ("4471", "Dean Holroyd", "PC"))
    notice = {
        "Unit": "INTELLIGENCE" if event.type == "intelligence" else "VULNERABLE PEOPLE",
        "Notice ref": f"N{event.line:03d}-{event.day}", "Type": NOTICES[event.type], "Incident date": pen.day(event.day),
        "Location": where.line.upper(), "Location postcode": where.postcode,
    }  # fmt: skip
    officer_and_period = {
        "Collar no": collar, "Officer": officer, "Rank": rank, "Extract date": pen.last, "From date": pen.first,
        "To date": pen.last,
    }  # fmt: skip
    people = [_nominal(pen, event, person) for person in event.who] or [dict.fromkeys(_nominal(pen, event, "A1"), "")]
    return [notice | person | officer_and_period for person in people]


SEEN = {None: "", 0: "NO REPLY", 1: "ADULT ONLY", 2: "LOOKED IN", 3: "SEEN", 4: "SEEN AND CHECKED", 5: "SEEN ALONE"}


def _nominal(pen: Pen, event: Event, person: str) -> Row:
    """A person as the notice names them. How a child was seen has a code; of an adult it only says who was spoken to."""
    child = person.startswith("C")
    if event.type == "dv_notification":
        part = "CHILD LISTED" if child else {"A1": "VICTIM", "A2": "SUSPECT"}[person]
    else:
        part = "CHILD" if child else "SUBJECT"
    parted = person == "A2" and event.day >= MOVED
    lives = NO_HOME if parted else home_on(event.day)
    return {
        "Nominal ref": f"NOM{PEOPLE[person].born_day + 20000}", "Nominal surname": pen.surname(person),
        "Nominal forename": pen.forename(person), "Nominal DOB": pen.born(person), "Part": part, "Lives at": lives.line.upper(),
        "Lives at postcode": lives.postcode,
        "Seen by officer": SEEN[event.level] if child or event.level is None else "SPOKEN TO",
    }  # fmt: skip


def ambulance(replay: Replay) -> list[Extract]:
    """Attendances by the patient; others in the house are counted, not named."""
    pen = Pen(replay, "ambulance", iso)
    rows = [
        {
            "incident_number": f"AMB{event.line:03d}", "incident_date": pen.day(event.day),
            "patient_surname": pen.surname(patient),
            "patient_forename": pen.forename(patient), "patient_dob": pen.born(patient),
            "scene_address": home(event.place).line,
            "scene_postcode": home(event.place).postcode, "scene_type": "home address",
            "patient_contact": "adult patient attended",
            "others_unnamed": "2 small children, not seen by crew", "station": "ALD1", "extract_date": pen.last,
            "period_from": pen.first, "period_to": pen.last, "label": "FICTIONAL",
        }
        for event in replay.of("ambulance", "attendance") for patient in event.who
    ]  # fmt: skip
    return [Extract("ambulance_attendances_fictional.csv", rows)]
