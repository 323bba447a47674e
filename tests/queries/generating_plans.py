"""More of the made-up graph, for the signals about plans, care, missing episodes and adults of concern. Drawn with dice of its
own, after all else, which stays as it was."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

TEAM, FORCE = "g-plans", "g-force"
FIRST, SPAN = date(2012, 1, 1), 3200


def add_plans(rows: dict[str, list[dict[str, Any]]], families: list[list[str]], near: dict[str, list[str]], last: date) -> None:
    """Add them to the rows by label and type; `near` are the homes around each family, by its first adult."""
    _Plans(rows, random.Random(13)).add(families, near, last)


class _Plans:
    def __init__(self, rows: dict[str, list[dict[str, Any]]], dice: random.Random) -> None:
        self.rows, self.dice, self.line = rows, dice, 0

    def add(self, families: list[list[str]], near: dict[str, list[str]], last: date) -> None:
        self.rows["Agency"] += [{"id": TEAM, "kind": "social_care"}, {"id": FORCE, "kind": "police"}]
        self.rows["Load"].append({
            "id": "110", "source": "social_care_contacts", "scope": "all", "shape": "event", "extract_date": last,
            "covers_from": date(2010, 1, 1), "covers_to": last, "registers": "social_care_contacts", "lag": 0,
            "expected_every": 30,
        })  # fmt: skip
        for family in families:
            for child in (one for one in family if "c" in one):
                if self.dice.random() < 0.25:
                    self.plan(child, near[family[0]])
                if self.dice.random() < 0.08:
                    self.missing(child)
                if self.dice.random() < 0.05:
                    start = self.day()
                    self.edge("REGISTERED_WITH", child, TEAM, register="private_fostering", **self.dates(start, 0.3))
            if self.dice.random() < 0.08:
                start = self.day()
                review = start + timedelta(days=self.dice.choice((200, 900, 2000))) if self.dice.random() < 0.8 else None
                self.edge(
                    "FLAGGED_BY", family[0], FORCE, flag="named as perpetrator", review_on=review, **self.dates(start, 0.2)
                )

    def plan(self, child: str, homes: list[str]) -> None:
        """A plan or care episode, with visits at which the child is seen or not."""
        status, start = self.dice.choice(("cin", "cp", "cp", "cla", "cla", "s47", "s47")), self.day()
        self.edge("INVOLVED_WITH", child, TEAM, status=status, **self.dates(start, 0.4))
        if status == "cla" and self.dice.random() < 0.7:
            placed = start + timedelta(days=self.dice.choice((0, 0, 30, 200)))
            self.edge(
                "LIVES_AT", child, self.dice.choice(homes), basis="registered", kind="placement", **self.dates(placed, 0.2)
            )
        for n in range(self.dice.randrange(6)):
            day = start + timedelta(days=self.dice.randrange(-5, 20) + 25 * n)
            self.contact("visit", day, child, self.dice.choice((None, 0, 1, 3, 4, 4, 5)))

    def missing(self, child: str) -> None:
        start = self.day()
        for n in range(self.dice.choice((1, 2, 3))):
            began = start + timedelta(days=n * self.dice.choice((20, 60, 120)))
            dates = self.dates(began, 0.0)
            if self.dice.random() < 0.9:
                back = began + timedelta(days=self.dice.choice((0, 1, 3)))
                dates |= {"valid_to": back, "end_known_on": max(dates["known_on"], back)}
                if self.dice.random() < 0.4:
                    self.contact("return_interview", back + timedelta(days=self.dice.choice((1, 3, 6))), child, 5)
            hours = self.dice.choice((None, 3.0, 24.0, 30.0))
            self.edge("INVOLVED_WITH", child, FORCE, status="missing", hours=hours, **dates)

    def day(self) -> date:
        return FIRST + timedelta(days=self.dice.randrange(SPAN))

    def dates(self, start: date, ends: float) -> dict[str, Any]:
        known = start + timedelta(days=self.dice.choice((0, 0, 1, 40)))
        if self.dice.random() >= ends:
            return {"valid_from": start, "known_on": known}
        end = start + timedelta(days=self.dice.choice((20, 200, 700)))
        return {"valid_from": start, "known_on": known, "valid_to": end, "end_known_on": max(known, end)}

    def edge(self, label: str, start: str, end: str, **columns: Any) -> None:
        self.line += 1
        row = f"3:plans.csv:{self.line}"
        said = {"from": start, "to": end, "source": "social_care_contacts", "row": row, **columns}
        self.rows.setdefault(label, []).append(said)

    def contact(self, kind: str, on: date, person: str, level: int | None) -> None:
        id, known = f"plan{self.line}", on + timedelta(days=self.dice.choice((0, 2, 30)))
        dates = {"occurred_on": on, "known_on": known}
        row = f"3:plans.csv:{self.line + 1}"
        self.rows["Contact"].append({"id": id, "kind": kind, "source": "social_care_contacts", "row": row, **dates})
        self.edge(
            "ABOUT", id, person, kind=kind, role="subject", level=level, agency=TEAM, agency_kind="social_care", **dates
        )
        self.edge("MADE_BY", id, TEAM)
