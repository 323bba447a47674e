"""The people and places of Larch Court. All are fictional; the numbers are test numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_number(serial: int) -> str:
    """A test NHS number (999…) with its check digit; a serial whose check would be 10 is refused."""
    nine = f"999{serial:06d}"
    check = (11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
    if check == 10:
        raise ValueError(f"no NHS number has the serial {serial}")
    return f"{nine}{check}"


def upn(serial: int) -> str:
    """A pupil number with its check letter, issued by the authority 999, which does not exist."""
    twelve = f"9999999{serial:05d}"
    return UPN_LETTERS[sum(int(digit) * place for place, digit in enumerate(twelve, start=2)) % 23] + twelve


@dataclass(frozen=True)
class Someone:
    """One person: `born_day` is relative to T0; `known_as` is (forename, surname) by extract where it differs."""

    code: str
    forename: str
    surname: str
    sex: str
    born_day: int
    nhs: str = ""
    upn: str = ""
    known_as: dict[str, tuple[str, str]] = field(default_factory=dict)

    def born(self, t0: date) -> date:
        return t0 + timedelta(days=self.born_day)

    def name(self, extract: str) -> tuple[str, str]:
        return self.known_as.get(extract, (self.forename, self.surname))


_EDUCATION = dict.fromkeys(("school", "early_years", "admissions", "cme"), ("T", "Marlowe-Tennant"))
PEOPLE = {
    someone.code: someone
    for someone in (
        Someone("A1", "Joanne", "Tennant", "F", -10706, nhs=nhs_number(411)),
        Someone("A2", "Craig", "Marlowe", "M", -11601),
        Someone("C1", "Ellis", "Tennant", "M", -3300, nhs=nhs_number(421), upn=upn(31)),
        Someone("C2", "Freya", "Marlowe", "F", -2100, nhs=nhs_number(422), upn=upn(32)),
        Someone("C3", "Tam", "Marlowe", "M", 0, nhs=nhs_number(423),
                known_as={"hv": ("Tam", "Tennant"), "police": ("Tom", "Marlow"), **_EDUCATION}),
        Someone("C4", "Wren", "Marlowe", "F", 900, nhs=nhs_number(424)),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Home:
    """A property. `AQ` is no postcode area, and the UPRNs are far above any issued."""

    line: str
    postcode: str
    uprn: str
    town: str = "Aldermere"


HOMES = {
    "H1": Home("4 Larch Court", "AQ1 4LR", "999900000041"),
    "H2": Home("27 Quarry Rise", "AQ2 7QR", "999900000272"),
    "R1": Home("Rowan House, 3 Hidden Lane", "AQ9 9RF", "999900000903"),
}
AREAS = {"X1": "Port Carrow", "X2": "Eastness"}
AREA = "Aldermere"
NO_HOME = Home("", "", "", "")
MOVED = 845
"""Day the family moved to H2."""


def home(place: str) -> Home:
    """The property of a script's place, or blanks where the place is none (a clinic, an area, nothing)."""
    return HOMES.get(place, NO_HOME)


def home_on(day: int) -> Home:
    """Where the family's home was on a day (not in the refuge's months), as a form filled in that day would say."""
    return HOMES["H2"] if day >= MOVED else HOMES["H1"]
