"""Extracts of education: school roll, attendance, school concerns, early years, admissions, missing education."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from lastseen.loaders.made_up.people import AREA, AREAS, PEOPLE, home_on
from lastseen.loaders.made_up.script import LAST_DAY, Event, Replay
from lastseen.loaders.made_up.writing import FICTIONAL, Extract, Pen, Row, dashed, iso, short_month, uk

SCHOOL = {"S1": "Larch Valley School"}


def school_rolls(replay: Replay) -> list[Extract]:
    """One roll for each day on which the school's roll changed; the parent's contact details as given on admission."""
    pen = Pen(replay, "school", uk)
    events = replay.of("school", "enrol")
    rolls = []
    for roll_day in sorted({event.known for event in events}):
        rows = [
            {
                "School": event.place, "School name": SCHOOL[event.place], "Census date": pen.day(roll_day),
                "UPN": PEOPLE[child].upn,
                "Legal surname": PEOPLE[child].surname, "Forename": PEOPLE[child].forename, "Sex": PEOPLE[child].sex,
                "DoB": pen.born(child), "Admitted": pen.day(event.day), "Left": "", "Leaving reason": "",
                "Parent surname": pen.surname("A1"), "Parent forename": pen.forename("A1"), "Parent DoB": pen.born("A1"),
                "Parent address": home_on(event.day).line, "Parent postcode": home_on(event.day).postcode,
            }
            for event in events if event.known <= roll_day for child in event.who
        ]  # fmt: skip
        rolls.append(Extract(f"school_roll_S1_{replay.on(roll_day).isoformat()}_fictional.csv", rows, (FICTIONAL,)))
    return rolls


HOLIDAYS = (((7, 21), (8, 31)), ((10, 24), (10, 30)), ((12, 19), (12, 31)), ((1, 1), (1, 2)), ((2, 12), (2, 18)), ((4, 1), (4,
14)),
            ((5, 24), (5, 30)))  # fmt: skip
"""(month, day) of the Mondays without school, first and last."""


def _weeks(first: date, last: date) -> Iterator[date]:
    """Mondays of whole school weeks from `first` to `last`."""
    monday = first + timedelta(days=-first.weekday() % 7)
    while monday + timedelta(days=4) <= last:
        if not any(start <= (monday.month, monday.day) <= end for start, end in HOLIDAYS):
            yield monday
        monday += timedelta(days=7)


def attendance(replay: Replay) -> list[Extract]:
    """Weekly session counts from enrolment on: 9 of 10 on average, every fourth week without its Friday."""
    pen = Pen(replay, "school", iso)
    rows: list[Row] = []
    for event in replay.of("school", "enrol"):
        for child in event.who:
            for number, monday in enumerate(_weeks(replay.on(event.day), replay.on(LAST_DAY))):
                present = (10, 9, 9, 8)[number % 4]
                last = monday + timedelta(days=3 if present == 8 else 4)
                rows.append({
                    "SchoolCode": event.place, "UPN": PEOPLE[child].upn, "Surname": PEOPLE[child].surname,
                    "Forename": PEOPLE[child].forename,
                    "DOB": pen.born(child), "WeekBeginning": iso(monday), "SessionsPossible": "10",
                    "SessionsPresent": str(present),
                    "LastDayPresent": iso(last), "ExtractDate": pen.last, "PeriodFrom": pen.first, "PeriodTo": pen.last,
                    "DataClass": "fictional",
                })  # fmt: skip
    rows.sort(key=lambda row: (row["WeekBeginning"], row["UPN"]))
    return [Extract("attendance_S1_fictional.csv", rows)]


def school_concerns(replay: Replay) -> list[Extract]:
    """The school's concern log: one row for each person named in an entry, with the part they play in it."""
    pen = Pen(replay, "school", uk)
    categories = {"disclosure": "DISCLOSURE", "not_collected": "NOT COLLECTED", "claim": "WHEREABOUTS"}
    rows = []
    for event in replay.of("school", *categories):
        parts = [(event.speaker, "Told us")] if event.speaker else []
        parts += [(child, "Spoken about" if event.speaker else "Pupil") for child in event.who]
        for person, part in parts:
            rows.append({
                "Log no": f"SC{event.line:03d}", "Date": pen.day(event.day), "School": "S1", "Category": categories[event.type],
                "Part": part, "Person no": f"SP{PEOPLE[person].born_day + 20000}", "UPN": PEOPLE[person].upn,
                "Surname": pen.surname(person), "Forename": pen.forename(person),
                "DOB": pen.born(person), "Home address": home_on(event.day).line, "Home postcode": home_on(event.day).postcode,
                "Told by": f"SP{PEOPLE[event.speaker].born_day + 20000}" if event.speaker and part == "Spoken about" else "",
                "How seen": _school_sight(event, part), "Said to be at": AREAS.get(event.place, ""),
                "Said to be with": "grandparent" if "gran" in event.detail and part == "Spoken about" else "",
                "Staff": "Karen Osei", "Extract": pen.last, "From": pen.first, "To": pen.last,
            })  # fmt: skip
    return [Extract("school_concerns_S1_fictional.csv", rows, (FICTIONAL, "Designated safeguarding lead's log"))]


def _school_sight(event: Event, part: str) -> str:
    if event.level is None or part == "Told us":
        return ""
    return {1: "Adult only", 4: "In school", 5: "Alone with staff"}[event.level]


def early_years(replay: Replay) -> list[Extract]:
    """Letters offering a funded place for two-year-olds."""
    pen = Pen(replay, "early_years", dashed)
    rows = [
        {
            "Ref": f"EY{event.line:03d}", "Letter sent": pen.day(event.day), "Scheme": "TWO YEAR OLD OFFER",
            "Child surname": pen.surname(child), "Child forename": pen.forename(child), "Child DOB": pen.born(child),
            "Address": home_on(event.day).line, "Postcode": home_on(event.day).postcode,
            "Reply": "NONE" if "no reply" in event.detail else "", "Council": AREA, "Extracted": pen.last,
            "Covers from": pen.first, "Covers to": pen.last, "Label": "FICTIONAL",
        }
        for event in replay.of("early_years", "offer_2yo") for child in event.who
    ]  # fmt: skip
    return [Extract("early_years_offers_fictional.csv", rows)]


def admissions(replay: Replay) -> list[Extract]:
    """Children of the year group for whom no application for Reception came."""
    pen = Pen(replay, "admissions", uk)
    rows = [
        {
            "Case": f"ADM{event.line:03d}", "List date": pen.day(event.day), "Child surname": pen.surname(child),
            "Child forename": pen.forename(child), "Birth date": pen.born(child), "Address held": home_on(event.day).line,
            "Postcode": home_on(event.day).postcode, "Application": "NONE", "Council": AREA, "Extract date": pen.last,
            "Period start": pen.first, "Period end": pen.last,
        }
        for event in replay.of("admissions", "no_application") for child in event.who
    ]  # fmt: skip
    return [Extract("admissions_no_application_fictional.csv", rows, (FICTIONAL, "Reception intake"))]


def missing_education(replay: Replay) -> list[Extract]:
    """The missing-education team's cases (opened by what it was first told, closed) and their enquiries, a row a person."""
    pen = Pen(replay, "cme", short_month)
    period = {"Extract date": pen.last, "Period from": pen.first, "Period to": pen.last, "Label": "FICTIONAL"}
    opened: dict[str, int] = {}
    enquiries = []
    kinds = {"claim": "WHEREABOUTS STATED", "area_check": "OTHER COUNCIL CHECK"}
    for event in replay.of("cme", *kinds):
        parts = [(event.speaker, "INFORMANT")] if event.speaker else []
        parts += [(child, "CHILD") for child in event.who]
        for person, part in parts:
            if part == "CHILD":
                opened.setdefault(person, event.day)
            enquiries.append({
                "Enquiry ref": f"CME/{event.line:03d}", "Enquiry date": pen.day(event.day),
                "Enquiry": kinds[event.type], **_cme_person(pen, person, event.day),
                "Part": part,
                "Told by": f"CP{PEOPLE[event.speaker].born_day + 20000}" if event.speaker and part == "CHILD" else "",
                "Area": AREAS[event.place],
                "Staying with": "AUNT" if "aunt" in event.detail and part == "CHILD" else "",
                "Contact": "ADULT SPOKEN TO" if event.level == 1 and part == "CHILD" else "",
                "Result": "NEGATIVE" if "NEGATIVE" in event.detail else "", **period,
            })  # fmt: skip
    closes = {child: event for event in replay.of("cme", "close") for child in event.who}
    cases = [
        {
            "Case ref": f"CASE/{number:03d}", **_cme_person(pen, child, day), "Opened": pen.day(day),
            "Closed": pen.day(closes[child].day), "Reason closed": closes[child].detail.removeprefix("reason: "), **period,
        }
        for number, (child, day) in enumerate(opened.items(), start=1)
    ]  # fmt: skip
    return [
        Extract("missing_education_enquiries_fictional.csv", enquiries), Extract("missing_education_cases_fictional.csv",
        cases),
    ]  # fmt: skip


def _cme_person(pen: Pen, person: str, day: int) -> Row:
    there = home_on(day)
    return {"Person ref": f"CP{PEOPLE[person].born_day + 20000}", "Surname": pen.surname(person),
            "Forename": pen.forename(person), "Birth date": pen.born(person), "Home address": there.line,
            "Home postcode": there.postcode}  # fmt: skip
