"""A made-up graph, messy on purpose: facts known late, withdrawn, ended, ended and not yet known to be, people unborn, dead,
of unknown age, places protected, unknown, shared and claimed. It serves to compare engines and oracles, not to look real.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from generating_lists import add_lists
from generating_plans import add_plans

Row = dict[str, object]
FIRST, LAST = date(2010, 1, 1), date(2020, 12, 31)
SOURCES = ("gp_list", "health_visiting", "school_roll", "police_notices", "social_care_contacts", "housing")
KINDS = ("visit", "clinic", "attendance", "phone", "letter", "emergency", "dv_notification")
NAMES = (
    "Tam Marlowe",
    "Wren Marlowe",
    "Sofia Ellis",
    "Sofya Elys",
    "Baby Tennant",
    "José Smith-Jones",
    "Ellis O'Brien",
    "T Marlow",
)


def generate(families: int, contacts: int, years_after: Callable[[date, int], date], seed: int = 7) -> dict[str, list[Row]]:
    """Rows by label and type, for `graph_tables`."""
    return _Made(families, contacts, years_after, random.Random(seed)).rows


class _Made:
    def __init__(self, families: int, contacts: int, years_after: Callable[[date, int], date], dice: random.Random) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.dice = dice
        self.years_after = years_after
        self.line = 0
        self.near: dict[str, list[str]] = {}
        self.agency_kinds: dict[str, str] = {}
        self.families = [self.family(n) for n in range(families)]
        self.surroundings()
        for family in self.families:
            self.homes(family)
        for n in range(contacts):
            self.contact(n)
        for n, family in enumerate(self.families[::5]):
            self.trouble(f"t{n}", family)
        add_lists(self.rows, self.families, self.near, LAST)
        add_plans(self.rows, self.families, self.near, LAST)
        self.allocations()

    def add(self, label: str, /, **columns: Any) -> None:
        self.rows.setdefault(label, []).append(columns)

    def edge(self, label: str, start: str, end: str, /, **columns: Any) -> None:
        self.line += 1
        source = columns.pop("source", None) or self.dice.choice(SOURCES)
        self.add(label, **{"from": start, "to": end, "source": source, "row": f"1:{source}.csv:{self.line}", **columns})

    def some(self, share: float) -> bool:
        return self.dice.random() < share

    def day(self, start: date = FIRST, end: date = LAST) -> date:
        return start + timedelta(days=self.dice.randrange((end - start).days + 1))

    def after(self, day: date, *choices: int) -> date:
        return day + timedelta(days=self.dice.choice(choices))

    # --- people ---

    def family(self, n: int) -> list[str]:
        adults = [
            self.person(f"f{n}a{k}", self.day(date(1965, 1, 1), date(1998, 1, 1)), adult=True)
            for k in range(self.dice.choice((1, 2)))
        ]
        children = [
            self.person(f"f{n}c{k}", self.day(date(1998, 1, 1), date(2020, 6, 1)))
            for k in range(self.dice.choice((0, 1, 1, 2, 3)))
        ]
        for child in children:
            for adult in adults:
                for _ in range(self.dice.choice((0, 1, 1, 2))):
                    self.edge(
                        "PARENT_OF", adult, child, kind="birth", **self.claim(self.day(FIRST, date(2019, 1, 1)), ends=0.05)
                    )
        if len(children) > 1 and self.some(0.2):
            self.edge("RELATED_TO", children[0], children[1], relation="sibling", **self.claim(self.day(), ends=0))
        return adults + children

    def person(self, id: str, born: date, adult: bool = False) -> str:
        first = self.day() if adult or self.some(0.3) else max(FIRST, self.after(born, 0, 0, 5, 60, 400))
        dates: dict[str, Any] = {"first_known_on": first}
        fate = self.dice.random()
        said_child = None
        if not adult and fate < 0.04:  # unborn, born later or lost or neither
            booked = self.day()
            dates |= {"first_known_on": booked, "expected_on": booked + timedelta(days=150), "expected_known_on": booked}
            if self.some(0.6):
                born = booked + timedelta(days=140)
                dates |= {"born_on": born, "born_known_on": self.after(born, 0, 3, 30)}
            elif self.some(0.5):
                lost = booked + timedelta(days=60)
                dates |= {"died_on": lost, "died_known_on": self.after(lost, 0, 20)}
        elif fate < 0.08:
            said_child = None if adult else self.after(first, 0, 10, 500)
        elif fate < 0.12:
            pass  # age unknown
        else:
            dates |= {"born_on": born, "born_known_on": self.after(max(first, born), 0, 0, 0, 30, 300)}
        if "born_on" in dates and self.some(0.03):
            died = self.day(max(FIRST, dates["born_on"]), LAST)
            dates |= {"died_on": died, "died_known_on": self.after(died, 0, 5, 200)}
        self.add("Person", id=id, sex="U", **dates, **self.worked_out(dates, said_child))
        for k in range(self.dice.choice((1, 1, 2, 3))):
            self.record(id, f"{self.dice.choice(SOURCES)}:{id}-{k}", dates)
        return id

    def worked_out(self, dates: dict[str, Any], said_child: date | None) -> dict[str, Any]:
        """The projection's own dates, by the contract: child from the day known with an age, until 18 or death once known."""
        known = [day for day in (dates.get("born_known_on"), dates.get("expected_known_on"), said_child) if day]
        if not known:
            return {}
        born = dates.get("born_on")
        adult_on = self.years_after(born, 18) if born else None
        gone = max(dates["died_on"], dates["died_known_on"]) if "died_on" in dates else None
        ends = [day for day in (adult_on, gone) if day]
        of_age = (
            {
                "one_on": self.years_after(born, 1),
                "three_on": self.years_after(born, 3),
                "five_on": self.years_after(born, 5),
                "school_from": self.years_after(born, 5),
                "school_until": self.years_after(born, 16),
                "early_years_from": self.years_after(born, 3),
                "adult_on": adult_on,
            }
            if born
            else {}
        )
        return {
            "age_known_on": min(known),
            "child_from": max(dates["first_known_on"], min(known)),
            "child_until": min(ends) if ends else None,
            **of_age,
        }

    def record(self, person: str, id: str, dates: dict[str, Any]) -> None:
        from lastseen.graph.keys import sound_key, tidy_name

        if any(row["id"] == id for row in self.rows.get("Record", [])[-5:]):
            return
        name = self.dice.choice(NAMES)
        known = self.after(dates["first_known_on"], 0, 0, 100)
        self.add(
            "Record",
            id=id,
            source=id.split(":")[0],
            name=name,
            name_key=tidy_name(name),
            sound_key=sound_key(name),
            born_on=dates.get("born_on"),
            identifiers=f"nhs:{self.dice.randrange(10**9, 10**10)}" if self.some(0.8) else None,
            known_on=known,
            withdrawn_on=self.after(known, 30, 900) if self.some(0.03) else None,
            row="1:x.csv:1",
        )
        self.edge("IDENTIFIES", id, person, how="rule", why="made up", probability=1.0)

    def claim(self, start: date, ends: float = 0.3) -> dict[str, Any]:
        known = self.after(start, 0, 0, 7, 30, 400)
        dates: dict[str, Any] = {"valid_from": None if self.some(0.03) else start, "known_on": known}
        if self.some(ends):
            end = self.after(start, 10, 200, 800)
            dates |= {"valid_to": end, "end_known_on": max(known, self.after(end, 0, 10, 300))}
        if self.some(0.04):
            dates["withdrawn_on"] = self.after(known, 1, 60, 700)
        return dates

    # --- places and agencies ---

    def surroundings(self) -> None:
        for n in range(12):
            kind = self.dice.choice(("gp", "health_visiting", "school", "police", "social_care"))
            self.agency_kinds[f"g{n}"] = kind
            self.add(
                "Agency",
                id=f"g{n}",
                kind=kind,
                code=str(n),
                name=None if n == 3 else f"Agency {n}",
            )
            self.add("Professional", id=f"w{n}", name=None if n == 4 else f"Worker {n}", role="r")
        for n, inside in enumerate((True, False, None)):
            self.add("Address", id=f"area{n}", kind="area", area=f"Area {n}", in_area=inside, protected=False)
        self.add(
            "Address",
            id="school",
            kind="property",
            line="School",
            postcode="AL9 9AA",
            area="Area 0",
            in_area=True,
            protected=False,
            search_key="school al9 9aa",
        )
        for n in range(len(self.families) * 2):
            hidden = self.some(0.04)
            shown = (
                {}
                if hidden
                else {
                    "line": f"{n} Larch Court",
                    "postcode": f"AL{n % 20} {n % 10}AA",
                    "area": "Area 0",
                    "in_area": True,
                    "search_key": f"{n} larch court al{n % 20} {n % 10}aa",
                }
            )
            self.add("Address", id=f"h{n}", kind="property", protected=hidden, **shown)
        for n in range(40):
            self.add("Address", id=f"nowhere{n}", kind="no_fixed_abode" if n % 2 else "not_known", protected=False)
        for n, source in enumerate((*SOURCES, "attendance", "gp_contacts")):
            self.add(
                "Load",
                id=str(n),
                source=source,
                scope="all",
                shape="event",
                extract_date=LAST,
                covers_from=FIRST,
                covers_to=LAST if n % 3 else date(2018, 1, 1),
                registers=source,
                lag=5,
                expected_every=30,
            )

    def homes(self, family: list[str]) -> None:
        near = [f"h{self.dice.randrange(len(self.families) * 2)}" for _ in range(3)]
        self.near[family[0]] = near
        for person in family:
            for _ in range(self.dice.choice((0, 1, 2, 3, 5))):
                basis = self.dice.choice(("registered", "registered", "observed", "claimed"))
                place = self.dice.choice([*near, *near, f"area{self.dice.randrange(3)}", f"nowhere{self.dice.randrange(40)}"])
                kind = self.dice.choice(("home", "home", "home", "home", "placement", "refuge", "second_home", None))
                self.edge(
                    "LIVES_AT",
                    person,
                    place,
                    basis=basis,
                    kind=kind,
                    **self.claim(self.day(), ends=0.3 if basis == "registered" else 0),
                )
            for _ in range(self.dice.choice((0, 1, 2))):
                self.edge(
                    "REGISTERED_WITH",
                    person,
                    f"g{self.dice.randrange(12)}",
                    register=self.dice.choice(("gp", "school", "births")),
                    end_reason="moved",
                    **self.claim(self.day()),
                )
            if self.some(0.1):
                self.edge("INVOLVED_WITH", person, f"g{self.dice.randrange(12)}", status="cin", **self.claim(self.day()))

    def contact(self, n: int) -> None:
        id, on, source, kind = f"k{n}", self.day(), self.dice.choice(SOURCES), self.dice.choice(KINDS)
        known = self.after(on, 0, 0, 1, 7, 30, 400)
        dates: dict[str, Any] = {
            "occurred_on": on,
            "known_on": known,
            "withdrawn_on": self.after(known, 1, 90) if self.some(0.03) else None,
        }
        self.add("Contact", id=id, kind=kind, source=source, row=f"1:{source}.csv:{id}", **dates)
        family = self.dice.choice(self.families)
        agency = f"g{self.dice.randrange(12)}" if self.some(0.9) else None
        for person in self.dice.sample(family, k=min(len(family), self.dice.choice((1, 1, 1, 2, 3)))):
            self.edge(
                "ABOUT",
                id,
                person,
                source=source,
                kind=kind,
                role=self.dice.choice(("subject", "present", "listed")),
                level=self.dice.choice((None, 0, 1, 1, 2, 3, 4, 4, 5)),
                at_home=self.dice.choice((None, False, True)),
                agency=agency,
                agency_kind=self.agency_kinds.get(agency or ""),
                **dates,
            )
        if agency:
            self.edge("MADE_BY", id, agency, source=source)
        if self.some(0.3):
            self.edge("MADE_IN_PERSON_BY", id, f"w{self.dice.randrange(12)}", source=source)
        if self.some(0.4):
            self.edge("AT", id, self.dice.choice(("school", *self.near[family[0]])), source=source)

    # --- what the rarer signals are about, drawn last so that all before stays as it was ---

    def trouble(self, id: str, family: list[str]) -> None:
        """Notices of domestic abuse, referrals by the public, visits at which one was seen, agencies that left together."""
        start, home = self.day(FIRST, date(2019, 12, 31)), self.dice.choice(self.near[family[0]])
        for n in range(self.dice.choice((2, 3, 4))):
            levels = {person: self.dice.choice((None, 0, 1, 1, 3)) for person in family if self.some(0.8)}
            self.event(f"{id}d{n}", "dv_notification", self.after(start, 0, 40, 150, 360), levels)
        named = [person for person in family if self.some(0.3)]
        self.event(f"{id}r", "referral_anonymous", self.after(start, 20, 300), dict.fromkeys(named), home)
        for n in range(2):
            levels = {person: self.dice.choice((0, 1, 2, 3, 4)) for person in family}
            self.event(f"{id}v{n}", "visit", self.after(start, 100, 500), levels, home, self.some(0.9))
        for person in family:
            for k in self.dice.sample(range(12), k=self.dice.choice((2, 3, 4))):
                ended = self.after(start, 0, 0, 30, 89, 90, 91, 150)
                dates = {"valid_from": start - timedelta(days=400), "known_on": start - timedelta(days=395), "valid_to": ended}
                dates["end_known_on"] = self.after(ended, 0, 3, 40)
                if self.some(0.7):
                    register = self.dice.choice(("gp", "school", "health_visiting", "early_years"))
                    self.edge("REGISTERED_WITH", person, f"g{k}", register=register, end_reason="moved", **dates)
                else:
                    self.edge("INVOLVED_WITH", person, f"g{k}", status=self.dice.choice(("cin", "cme", "referral")), **dates)

    def event(
        self, id: str, kind: str, on: date, levels: dict[str, Any], at: str | None = None, at_home: bool | None = None
    ) -> None:
        """One contact of one source about these people, who each have a level."""
        source, agency = self.dice.choice(SOURCES), f"g{self.dice.randrange(12)}"
        dates: dict[str, Any] = {"occurred_on": on, "known_on": self.after(on, 0, 1, 30)}
        self.add("Contact", id=id, kind=kind, source=source, row=f"1:{source}.csv:{id}", **dates)
        for person, level in levels.items():
            self.edge(
                "ABOUT",
                id,
                person,
                source=source,
                kind=kind,
                role="listed",
                level=level,
                at_home=at_home,
                agency=agency,
                agency_kind=self.agency_kinds[agency],
                **dates,
            )
        self.edge("MADE_BY", id, agency, source=source)
        if at:
            self.edge("AT", id, at, source=source)

    def allocations(self) -> None:
        """Workers who hold cases; the last made, so that nothing before them changes."""
        for n in range(12):
            self.edge("WORKS_FOR", f"w{n}", f"g{self.dice.randrange(12)}", known_on=self.day())
        for family in self.families:
            for person in family:
                for _ in range(self.dice.choice((0, 0, 0, 1, 2, 3))):
                    role = self.dice.choice(("social worker", "health visitor", None))
                    dates = self.claim(self.day(), ends=0.7)
                    self.edge("ALLOCATED_TO", person, f"w{self.dice.randrange(12)}", role=role, **dates)
