"""More of the made-up graph, for the signals about registers and places: bookings, births, reviews, early years, household
lists, area checks, and the loads that cover them. Drawn with dice of its own, after all else, which stays as it was."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any


def add_lists(rows: dict[str, list[dict[str, Any]]], families: list[list[str]], near: dict[str, list[str]], last: date) -> None:
    """Add them to the rows by label and type; `near` are the homes around each family, by its first adult."""
    _More(rows, random.Random(11)).add(families, near, last)


class _More:
    def __init__(self, rows: dict[str, list[dict[str, Any]]], dice: random.Random) -> None:
        self.rows, self.dice, self.line = rows, dice, 0
        self.people = {str(row["id"]): row for row in rows["Person"]}

    def add(self, families: list[list[str]], near: dict[str, list[str]], last: date) -> None:
        for n, source in enumerate(("births", "maternity", "early_years")):
            self.rows["Load"].append({
                "id": f"{100 + n}", "source": source, "scope": "all", "shape": "event", "extract_date": last,
                "covers_from": date(2010, 1, 1), "covers_to": last, "registers": source, "lag": 5, "expected_every": 30,
            })  # fmt: skip
        for family in families:
            mother = family[0]
            for child in (one for one in family if "c" in one):
                self.child(mother, child, near[mother])
            if self.dice.random() < 0.3:
                self.household(family, self.dice.choice(near[mother]))

    def edge(self, label: str, start: str, end: str, source: str, **columns: Any) -> None:
        self.line += 1
        row = {"from": start, "to": end, "source": source, "row": f"2:{source}.csv:{self.line}", **columns}
        self.rows.setdefault(label, []).append(row)

    def contact(self, kind: str, on: date, source: str, person: str, level: int | None, **columns: Any) -> str:
        id, known = f"more{self.line}", on + timedelta(days=self.dice.choice((0, 2, 40)))
        dates = {"occurred_on": on, "known_on": known}
        row = f"2:{source}.csv:{id}"
        self.rows["Contact"].append({"id": id, "kind": kind, "source": source, "row": row, **dates, **columns})
        self.edge("ABOUT", id, person, source, kind=kind, role="subject", level=level, **dates)
        return id

    def child(self, mother: str, child: str, near: list[str]) -> None:
        dice, person = self.dice, self.people[child]
        born, due = person.get("born_on"), person.get("expected_on")
        if due and dice.random() < 0.8:
            self.contact("booking", due - timedelta(days=dice.choice((220, 141, 140, 60))), "maternity", mother, None)
            self.edge("PARENT_OF", mother, child, "maternity", kind="birth", known_on=person["expected_known_on"])
        if born and dice.random() < 0.4:
            self.contact("birth", born, "maternity", child, 4)
        if born:
            for kind, age in (("review_6_8_weeks", 50), ("review_9_12_months", 330), ("review_2_years", 800)):
                if dice.random() < 0.6:
                    self.contact(kind, born + timedelta(days=age), "health_visiting", child, dice.choice((0, 1, 4, 4)))
            if dice.random() < 0.2:
                start = born + timedelta(days=1150)
                self.edge(
                    "REGISTERED_WITH", child, "g1", "early_years", register="early_years", valid_from=start, known_on=start
                )
        if dice.random() < 0.2:
            day = date(2010, 1, 1) + timedelta(days=dice.randrange(3800))
            place = f"area{dice.randrange(3)}"
            for later in dice.choice(((0,), (0, 200), (0, 365, 400))):
                said = day + timedelta(days=later)
                self.edge("LIVES_AT", child, dice.choice((place, "area1", near[0])), "police_notices", basis="claimed", kind="home",  # noqa: E501
                          valid_from=said, known_on=said + timedelta(days=dice.choice((0, 7, 60))))  # fmt: skip
            check = self.contact("area_check", day + timedelta(days=20), "police_notices", child, None,
                                 outcome=dice.choice(("negative", "positive")))  # fmt: skip
            self.edge("AT", check, place, "police_notices")

    def household(self, family: list[str], home: str) -> None:
        """A form that names some of the family, and another source that places each of them there."""
        day = date(2010, 1, 1) + timedelta(days=self.dice.randrange(3600))
        for person in family:
            if self.dice.random() < 0.6:
                self.edge("LIVES_AT", person, home, "housing", basis="registered", kind="home", valid_from=day,
                          known_on=day + timedelta(days=30), household_list=f"form{day}{home}")  # fmt: skip
            if self.dice.random() < 0.6:
                start = day + timedelta(days=self.dice.choice((-400, -366, -365, 0, 90)))
                self.edge("LIVES_AT", person, home, "school_roll", basis=self.dice.choice(("registered", "observed")),
                          kind="home", valid_from=start, known_on=start)  # fmt: skip
