"""Daily marks by the national codes of August 2024: which of them are a sighting, and by whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from asking import Told, rows

HEADER = "SchoolCode,UPN,Surname,Forename,DOB,Date,Session,Mark,ExtractDate,PeriodFrom,PeriodTo\n"
SILENT = [*"CMSXTRIEDQGNOZ#HJYF", "C1", "C2", "J1", *(f"Y{number}" for number in range(1, 8))]


def marks(pupil: str, *given: tuple[str, str]) -> str:
    return "".join(
        f"S1,{pupil},Hill,P{pupil[-1]},2015-05-01,{day},AM,{mark},01/02/2025,01/09/2024,31/01/2025\n" for day, mark in given
    )


def test_the_codes_of_august_2024(tmp_path: Path) -> None:
    told = Told(tmp_path)
    report = told.load("attendance_marks", {"attendance_marks_S1.csv": HEADER
        + marks("H801200001001", ("02/09/2024", "/"), ("02/09/2024", "\\"), ("03/09/2024", "l"), ("04/09/2024", "I"))
        + marks("H801200001001", ("09/01/2025", "U"))
        + marks("H801200001002", *((f"{day:02}/11/2024", mark) for day, mark in enumerate(SILENT, 1)), ("30/11/2024", ""))
        + marks("H801200001003", ("04/12/2024", "V"), ("05/12/2024", "B"), ("06/12/2024", "D"), ("02/12/2024", "/"))
        + marks("H801200001004", ("04/12/2024", "£")),
    })  # fmt: skip
    assert (report.read, report.rejected, report.reasons) == (5 + 30 + 4 + 1, 1, {"Mark: the code is not in the list": 1})
    with told.asked() as session:
        seen = session.ask("contact_history", date(2025, 2, 1), child="H801200001001")
        assert rows(seen, "occurred_on", "level", "agency") == [
            (date(2025, 1, 9), 4, "school:S1"), (date(2024, 9, 3), 4, "school:S1"),
        ]  # fmt: skip
        assert session.ask("contact_history", date(2025, 2, 1), child="H801200001002").rows == [], "no mark here is a sighting"
        both = session.ask("contact_history", date(2025, 2, 1), child="H801200001003")
        assert rows(both, "occurred_on", "level", "agency") == [
            (date(2024, 12, 5), 3, "A provider elsewhere for S1"), (date(2024, 12, 2), 4, "school:S1"),
        ]  # fmt: skip
        unseen = session.ask("never_seen", date(2025, 2, 1))
        assert [row["child"] for row in unseen.rows] == ["attendance_marks:H801200001002"]
