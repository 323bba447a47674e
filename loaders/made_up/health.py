"""Extracts of the health agencies: GP practice, health visiting, maternity."""

from __future__ import annotations

import re

from lastseen.loaders.made_up.people import PEOPLE, Home, home, home_on
from lastseen.loaders.made_up.script import LAST_DAY, Event, Replay
from lastseen.loaders.made_up.writing import FICTIONAL, Extract, Pen, Row, iso, plain, short_month, uk

PRACTICE = {"P1": "Aldermere Park Surgery"}


def gp_lists(replay: Replay) -> list[Extract]:
    """One list for each day on which the practice's register changed, as the practice then knew it.

    A removed patient stays, with date and reason, on the list that follows the removal, and is gone from the next.
    """
    events = replay.of("gp", "register", "lives_at", "deregister")
    return [_gp_list(replay, [e for e in events if e.known <= day], day) for day in sorted({e.known for e in events})]


def _gp_list(replay: Replay, events: list[Event], list_day: int) -> Extract:
    pen = Pen(replay, "gp", uk)
    patients: dict[str, Row] = {}
    for event in events:
        for person in event.who:
            if event.type == "register":
                patients[person] = {
                    "PRACTICE_CODE": event.place, "PRACTICE_NAME": PRACTICE[event.place], "EXTRACT_DATE": pen.day(list_day),
                    "NHS_NUMBER": PEOPLE[person].nhs, "SURNAME": pen.surname(person), "FORENAMES": pen.forename(person),
                    "SEX": PEOPLE[person].sex,
                    "DATE_OF_BIRTH": pen.born(person), **_gp_home(pen, home_on(event.day), event.day),
                    "REGISTERED_ON": pen.day(event.day), "STATUS": "R", "REMOVED_ON": "", "REMOVAL_REASON": "",
                }  # fmt: skip
            elif event.type == "lives_at":
                patients[person] |= _gp_home(pen, home(event.place), event.day)
            elif event.known == list_day:
                patients[person] |= {"STATUS": "D", "REMOVED_ON": pen.day(event.day), "REMOVAL_REASON": event.detail}
            else:
                del patients[person]
    code = next(iter(patients.values()))["PRACTICE_CODE"]
    return Extract(f"gp_list_{code}_{replay.on(list_day).isoformat()}_fictional.csv", list(patients.values()))


def _gp_home(pen: Pen, there: Home, day: int) -> Row:
    return {"ADDRESS_LINE_1": there.line, "TOWN": there.town, "POSTCODE": there.postcode, "ADDRESS_FROM": pen.day(day)}


def gp_contacts(replay: Replay) -> list[Extract]:
    """Consultations, offered slots and letters of the practice, a row a patient."""
    pen = Pen(replay, "gp", plain)
    codes = {"imms": "IMM", "appointment": "APP", "warning_letter": "LET"}
    attendance = {None: "", 0: "WNB", 1: "CARER", 4: "SEEN"}
    rows = [
        {
            "EventID": f"E{event.line:03d}{pen.day(event.day)}", "OrgCode": "P1", "ExtractDate": pen.last,
            "PeriodFrom": pen.first, "PeriodTo": pen.last, "EventDate": pen.day(event.day), "EventCode": codes[event.type],
            "NHSNo": PEOPLE[person].nhs, "FamilyName": pen.surname(person), "GivenName": pen.forename(person),
            "DOB": pen.born(person), "Attendance": attendance[event.level], "ClinicianCode": "G9990412",
            "Clinician": "Dr M Sole",
            "DataClass": "FICTIONAL",
        }
        for event in replay.of("gp", *codes) for person in event.who
    ]  # fmt: skip
    return [Extract("gp_contacts_P1_fictional.csv", rows)]


HV_TYPES = {
    "review_new_birth": "NBV", "review_6_8w": "6-8 WEEK", "review_9_12m": "9-12 MONTH", "review_2_2h": "2-2.5 YEAR",
    "visit": "HOME VISIT", "clinic": "CLINIC", "phone": "TELEPHONE", "cme_referral": "CME REFERRAL",
}  # fmt: skip


def hv_outcome(event: Event) -> str:
    """The health visitors' own outcome code for what the script says of the child."""
    if event.level == 0:
        return "WNB" if "not brought" in event.detail else "NO ACCESS"
    if event.level == 1:
        return "DECLINED" if "declined" in event.detail else "ADULT ONLY"
    return {None: "", 2: "GLIMPSED", 3: "PRESENT", 4: "SEEN", 5: "SEEN ALONE"}[event.level]


def health_visiting(replay: Replay) -> list[Extract]:
    """Contacts of the health visitors, a row a child, each with the day it was typed in."""
    pen = Pen(replay, "hv", short_month)
    rows = []
    for event in replay.of("hv", *HV_TYPES):
        there = home(event.place)
        where = "Home" if there.line else {"clinic": "Clinic"}.get(event.place, "Not face to face")
        rows += [
            {
                "Contact ID": f"HV{event.line:03d}/{event.day}", "Contact date": pen.day(event.day),
                "Entered on": pen.day(event.known),
                "NHS number": PEOPLE[child].nhs, "Surname": pen.surname(child), "First name": pen.forename(child),
                "Date of birth": pen.born(child), "Contact type": HV_TYPES[event.type], "Outcome": hv_outcome(event),
                "Where": where, "Address": there.line, "Postcode": there.postcode, "Team": "HVT2", "Worker ID": "HV-07",
                "Worker": "Ruth Ansah", "Extract date": pen.last, "Period from": pen.first, "Period to": pen.last,
            }
            for child in event.who
        ]  # fmt: skip
    return [Extract("health_visiting_contacts_fictional.csv", rows, (FICTIONAL,))]


def health_visiting_caseload(replay: Replay) -> list[Extract]:
    """Children on the caseload with stated opening (the first contact) and closing, and the address held."""
    pen = Pen(replay, "hv", iso)
    opened: dict[str, int] = {}
    for event in replay.of("hv", *HV_TYPES):
        for child in event.who:
            opened.setdefault(child, event.day)
    closes = {child: event for event in replay.of("hv", "close") for child in event.who}
    homes = {child: event for event in replay.of("hv", "lives_at") for child in event.who}
    rows = []
    for child, day in opened.items():
        close, held = closes.get(child), homes.get(child)
        there = home(held.place if held else "")
        rows.append({
            "team": "HVT2", "nhs_number": PEOPLE[child].nhs, "last_name": pen.surname(child), "first_name": pen.forename(child),
            "dob": pen.born(child), "opened_on": pen.day(day), "closed_on": pen.day(close.day if close else None),
            "closed_reason": close.detail.removeprefix("reason: ") if close else "", "address": there.line,
            "postcode": there.postcode, "address_from": pen.day(held.day if held else None),
            "address_to": pen.day(held.until if held else None), "extract_date": pen.last, "period_from": pen.first,
            "period_to": pen.last, "data_class": "fictional",
        })  # fmt: skip
    return [Extract("health_visiting_caseload_fictional.csv", rows)]


def maternity(replay: Replay) -> list[Extract]:
    """Bookings (mother, pregnancy, due date), birth notifications and the midwives' visits after the birth."""
    pen = Pen(replay, "maternity", uk)
    kinds = {"booking": "BOOKING", "birth": "BIRTH NOTIFICATION", "visit": "POSTNATAL VISIT"}
    mother = PEOPLE["A1"]
    rows = []
    for event in replay.of("maternity", *kinds):
        booking = event.type == "booking"
        due = int(re.search(r"EDD day (-?\d+)",
        event.detail)[1]) if booking else PEOPLE[event.who[0]].born_day  # type: ignore[index]
        there = home(event.place)
        for person in event.who:
            baby = None if booking else person
            rows.append({
                "Event no": f"M{event.line:03d}", "Event": kinds[event.type], "Event date": pen.day(event.day),
                "Pregnancy no": f"PR{due + 5000}", "Expected date": pen.day(due) if booking else "",
                "Mother NHS no": mother.nhs, "Mother surname": pen.surname("A1"), "Mother forename": pen.forename("A1"),
                "Mother DOB": pen.born("A1"), "Baby NHS no": PEOPLE[baby].nhs if baby else "",
                "Baby surname": pen.surname(baby) if baby else "", "Baby forename": pen.forename(baby) if baby else "",
                "Baby sex": PEOPLE[baby].sex if baby else "", "Baby DOB": pen.born(baby) if baby else "",
                "Place": "HOME" if there.line else {"hospital": "HOSPITAL"}.get(event.place, ""), "Address": there.line,
                "Postcode": there.postcode, "Baby seen": {None: "", 4: "EXAMINED"}[event.level], "Midwife PIN": "MW31",
                "Midwife": "Priya Lowe",
                "Unit": "ALDM", "Extract date": pen.day(LAST_DAY), "Period from": pen.first, "Period to": pen.last,
            })  # fmt: skip
    return [Extract("maternity_events_fictional.csv", rows, (FICTIONAL,))]
