"""Which column tells what: by its header, by the shape of its values where the header says nothing, and never against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lastseen.loaders.proposing.columns import Found
from lastseen.loaders.proposing.words import Meaning, known_code, meaning, squeezed, tokens, vocabulary

DATES = ("born", "due", "died", "start", "end", "address_from", "address_to", "contact_date", "extract_date", "period_from",
         "period_to", "recorded")
MEANT = {"nhs": "nhs", "upn": "upn", "former_upn": "upn", "postcode": "postcode"}
"""What a header says, and the shape that its values then have."""
NAMES = ("family_name", "given_name", "full_name", "former_name", "other_name", "worker")
AGENCIES = ("school", "practice", "nursery", "team")
"""Agencies that a header names by what they are."""
MOST_CODES, LONGEST_CODE, MOST_WORDS = 60, 40, 5


@dataclass
class Roles:
    """(who, what) → column; and what is to be told of the columns that stand for something else or nothing."""

    columns: dict[Meaning, Found] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def get(self, what: str, who: str = "child") -> Found | None:
        return self.columns.get(Meaning(who, what))

    def name(self, what: str, who: str = "child") -> str | None:
        found = self.get(what, who)
        return found.name if found else None

    def names(self, *whats: str, who: str = "child") -> list[str]:
        """The columns' names, of those that are there."""
        return [found.name for what in whats if (found := self.get(what, who))]

    @property
    def agency_who(self) -> str:
        """What the agency's columns call it: one of `AGENCIES`, or 'agency'."""
        said = [m.who for m in self.columns if m.what.startswith("agency") and m.who in AGENCIES]
        return said[0] if said else "agency"

    def agency(self, *whats: str) -> str | None:
        """The first of these agency columns, whatever its header calls the agency."""
        return next((one.name for what in whats for m, one in self.columns.items() if m.what == what), None)


def roles(columns: list[Found]) -> Roles:
    """What each column tells. A column whose values contradict its header is left out, and that is said."""
    found = Roles()
    by_header = [(column, meaning(column.name)) for column in columns]
    for column, said in sorted(by_header, key=lambda one: _is_vague(one)):
        said = said and _agency(said, column.name)
        wrong = _contradicts(said.what, column) if said else ""
        if said is None:
            found.unused[column.name] = _looks(column)
        elif wrong:
            found.unused[column.name] = wrong
            found.notes.append(f"{column.name}: {wrong}, so it is not used.")
        elif said.what == "passed":
            found.unused[column.name] = "not read into any record"
        elif said in found.columns:
            found.unused[column.name] = f"says the same as {found.columns[said].name}"
        else:
            found.columns[said] = column
    _by_shape(found, columns)
    _contact_id(found)
    return found


def _is_vague(one: tuple[Found, Meaning | None]) -> bool:
    """Whether a header holds its phrase only inside; those that are the phrase come first."""
    column, said = one
    return said is None or squeezed(column.name) not in {squeezed(word) for word in vocabulary()["what"].get(said.what, [])}


def _agency(said: Meaning, header: str) -> Meaning:
    """School, practice and team columns are called by what they are; 'School name' is no child's name."""
    what = "agency_name" if said.what == "full_name" and said.who in AGENCIES else said.what
    what = "agency_code" if what == "id" and said.who in AGENCIES else what
    what = {"full_name": "worker", "id": "worker_id"}.get(what, what) if said.who == "worker" else what
    if what.startswith("agency"):
        of = {word: who for who in AGENCIES for word in vocabulary()["who"][who]}
        who = next((of[word] for word in tokens(header) if word in of), said.who)
        who = {"laestab": "school", "dfe": "school", "ods": "practice"}.get(tokens(header)[0], who)
        return Meaning(who if who in AGENCIES else "agency", what)
    return Meaning("child" if said.who in AGENCIES or what.startswith("worker") else said.who, what)


def _contradicts(what: str, column: Found) -> str:
    """Why a column can't be what its header says; '' where it can."""
    if not column.filled:
        return ""
    if what in DATES and column.dates is None:
        return "its values are not dates that can be read"
    if what == "full_name" and not column.is_mostly("word"):
        return "its values are no names"
    if what in ("restricted", "bedroom", "seen_alone") and column.different > MOST_CODES:
        return "its values are no codes"
    return ""


def _looks(column: Found) -> str:
    if not column.filled:
        return "empty"
    if column.is_dates:
        return "dates"
    shape = next((shape for shape in ("nhs", "upn", "postcode") if column.is_mostly(shape)), "")
    kinds = {"nhs": "NHS numbers", "upn": "UPNs", "postcode": "postcodes"}
    return kinds.get(shape) or ("yes or no" if column.is_mostly("yesno") else f"{column.different:,} different values")


def _by_shape(found: Roles, columns: list[Found]) -> None:
    """NHS numbers, UPNs and postcodes are known by their look where no header says them."""
    for what in ("nhs", "upn", "postcode"):
        alike = [one for one in columns if one.name in found.unused and one.is_mostly(what) and one.different > 4]
        if len(alike) == 1 and not any(m.what == what for m in found.columns):
            found.columns[Meaning("child", what)] = alike[0]
            del found.unused[alike[0].name]
            found.notes.append(f"{alike[0].name}: its header says nothing; its values look like {_looks(alike[0])}.")


def _contact_id(found: Roles) -> None:
    """In a list of contacts an id that differs in every row, beside another id of the person, names the contact."""
    own = found.get("id")
    other = found.get("nhs") or found.get("upn") or found.get("la_child_id")
    if found.get("contact_date") and not found.get("contact_id") and own and other and own.different == own.rows > 1:
        found.columns[Meaning("child", "contact_id")] = found.columns.pop(Meaning("child", "id"))


# --- code lists ---------------------------------------------------------------------------------------------------


def personal_words(found: Roles, columns: list[Found]) -> set[str]:
    """Every word that stands in a column of names: none of them may be written into a mapping."""
    named = [column for m, column in found.columns.items() if m.what in NAMES]
    named += [column for column in columns if column.name in found.unused and squeezed(column.name).endswith("name")]
    return {word for column in named for value in column.values for word in _long_words(value)}


def _long_words(text: str) -> Iterator[str]:
    yield from (word for word in tokens(text) if len(word) > 2)


def is_code_list(column: Found, what: str, personal: set[str]) -> bool:
    """Whether a column's values may be written down: few, short, without numbers that name anybody or words that are names."""
    if column.different > MOST_CODES or (column.rows >= 50 and column.different * 3 > column.rows) or column.is_dates:
        return False
    if any(column.is_mostly(shape) for shape in ("nhs", "upn", "postcode")):
        return False
    return all(_is_code(value, what, personal) for value in column.values)


def _is_code(value: str, what: str, personal: set[str]) -> bool:
    if known_code(what, value):
        return True
    short = len(value) <= LONGEST_CODE and len(value.split()) <= MOST_WORDS
    digits = sum(char.isdigit() for char in value)
    return short and digits <= 4 and "@" not in value and not personal.intersection(_long_words(value))
