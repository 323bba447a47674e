"""`lastseen expected`: what Tam's age called for, on the demonstration's fictional family. T0 is Tam's birth, 11 June 2012."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

T0 = date(2012, 6, 11)


def on(day: int) -> str:
    return (T0 + timedelta(days=day)).isoformat()


def test_what_tams_age_called_for(lastseen: Any, larch_court: Path) -> None:
    said = lastseen("expected", "Tam Marlowe", "--workspace", larch_court, "--as-at", on(1642), "--format", "json")
    assert said.exit_code == 0, said.output
    rows = {row["name"]: row for row in json.loads(said.stdout)["rows"]}
    told = {name: (row["due"], row["state"], row["done_on"], row["tried_on"]) for name, row in rows.items()}
    assert told["new_birth_visit"] == (on(30), "done", on(16), None)
    assert told["birth_registered"] == (on(42), "done late", on(131), None)
    assert told["review_6_8_weeks"] == (on(70), "not done", None, on(47))
    assert told["gp_registration"] == (on(90), "done late", on(455), None)
    assert told["review_9_12_months"] == (on(456), "not done", None, on(350))
    assert told["review_2_years"] == (on(943), "not done", None, on(919))
    assert told["vaccinations_3_years_4_months"] == (on(1307), "not done", None, on(1510))
    assert told["gp_registered_again"] == (on(1623), "not done", None, None)
    assert told["seen_by_health"] == (on(136), "not done", on(16), None)
    assert told["seen"] == (on(1800), "done", on(1400), None)  # by the police: it is the health worker who is missing
    assert "school_place" not in told
    assert rows["new_birth_visit"]["row"].split(":")[1] == "health_visiting_contacts_fictional.csv"


def test_school_is_due_from_the_term_after_the_fifth_birthday(lastseen: Any, larch_court: Path) -> None:
    said = lastseen("expected", "Tam Marlowe", "--workspace", larch_court, "--as-at", on(1950), "--format", "csv")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(said.stdout))}
    assert (rows["school_place"]["due"], rows["school_place"]["state"], rows["school_place"]["duty"]) == (
        "2017-09-22", "not done", "hard",
    )  # fmt: skip
    assert rows["school_application"]["tried_on"] == on(1915)


def test_the_table_says_what_cannot_tell_means_and_counts(lastseen: Any, larch_court: Path) -> None:
    said = lastseen("expected", "Tam Marlowe", "--workspace", larch_court, "--as-at", on(1642))
    assert said.exit_code == 0
    assert "6 to 8 week review" in said.stdout
    assert "Tam Marlowe, born 11 June 2012: " in said.stderr
    assert "not done 12" in said.stderr
    assert "Cannot tell" in said.stderr


def test_an_adult_is_refused(lastseen: Any, larch_court: Path) -> None:
    said = lastseen("expected", "Joanne Tennant", "--workspace", larch_court, "--as-at", on(1642))
    assert (said.exit_code, said.stdout) == (2, "")
    assert "not known as a child" in said.stderr
