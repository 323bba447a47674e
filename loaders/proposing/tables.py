"""The records that a table's columns allow, as templates of a mapping. Where a meaning would be a guess it is left TO DECIDE.

Whether a contact was a sighting is never proposed: a level is always left to a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lastseen.graph import schema
from lastseen.loaders.mapping_model import MARK
from lastseen.loaders.proposing.columns import Found
from lastseen.loaders.proposing.roles import Roles, is_code_list
from lastseen.loaders.proposing.words import codes, known_code, vocabulary

Expr = str | dict[str, Any]
LEVELS = f"""level: {'; '.join(f'{level} {words}' for level, words in schema.LEVELS.items())};
null where nobody says. Information received and a call with an adult are 1"""


@dataclass(frozen=True)
class Line:
    """A template: record column → expression or `when`; and why it is so, as a comment."""

    columns: dict[str, Expr]
    comment: str = ""


@dataclass
class Draft:
    """What is proposed: templates by record table, code lists by column, what is to be said, and the columns whose code
    lists a person has to write."""

    roles: Roles
    source: str
    personal: set[str]
    rows: dict[str, list[Line]] = field(default_factory=dict)
    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    by_hand: set[str] = field(default_factory=set)

    def add(self, table: str, columns: dict[str, Expr | None], comment: str = "") -> None:
        """A template of the columns that are there."""
        said = {name: expr for name, expr in columns.items() if expr is not None}
        self.rows.setdefault(table, []).append(Line(said, comment))

    @property
    def has_contacts(self) -> bool:
        return self.roles.get("contact_date") is not None

    def coded(self, column: Found, what: str) -> Expr:
        """An expression by a code list of every code seen; those that the vocabulary does not hold are left to decide."""
        if not column.values or not is_code_list(column, what, self.personal):
            why = f"{column.different:,} different, or words that may name somebody"
            self.notes.append(f"{column.name}: its values are not written here ({why}). Write the code list by hand.")
            self.by_hand.add(column.name)
            return MARK
        return {"code": column.name, "map": {value: known_code(what, value) or MARK for value in column.values}}


def describe(draft: Draft) -> None:
    """Fill a draft with every template that its columns allow."""
    roles = draft.roles
    key = person_key(roles)
    if key is None:
        draft.notes.append("No column says whom a row is about: neither an id nor a name with a birth date.")
        return
    start = roles.name("contact_date") if draft.has_contacts else roles.name("start")
    _people(draft, key, start)
    _parents(draft, key, start)
    _agencies(draft, key)
    _places(draft, key, start)
    if draft.has_contacts:
        _contacts(draft, key)


def person_key(roles: Roles) -> Expr | None:
    """What names the person of a row: an id of theirs, else a hash of name and birth date; both where the id has gaps."""
    ids = [found for what in ("la_child_id", "id", "nhs", "upn") if (found := roles.get(what)) and found.filled]
    named = roles.names("family_name", "given_name", "full_name", "born")
    enough = bool(roles.name("born")) and len(named) > 1
    hashed: Expr = {"hash": named}
    if not ids:
        return hashed if enough else None
    best = max(ids, key=lambda found: found.filled)
    if best.filled == best.rows or not enough:
        return best.name
    return {"first": [best.name, hashed]}


def _people(draft: Draft, key: Expr, start: str | None) -> None:
    roles = draft.roles
    sex = roles.get("sex")
    if sex and (not sex.values or is_code_list(sex, "sex", draft.personal)):
        draft.lists[sex.name] = {one: known_code("sex", one) or MARK for one in sex.values} or dict(codes("sex"))
    restricted = roles.get("restricted")
    draft.add("people", {
        "person": key, "given_name": roles.name("given_name"),
        "family_name": roles.name("family_name") or roles.name("full_name"),
        "born_on": roles.name("born"), "expected_on": roles.name("due"), "died_on": roles.name("died"),
        "sex": sex.name if sex and sex.name in draft.lists else None,
        "restricted": restricted.name if restricted and restricted.is_mostly("yesno") else None,
        "valid_from": start if draft.has_contacts else None,
    })  # fmt: skip
    for what, kind in (("former_name", "former"), ("other_name", "alias")):
        if column := roles.name(what):
            given = roles.name("given_name")
            draft.add("names", {"person": key, "given_name": given, "family_name": column, "kind": {"is": kind}})
    for what in ("nhs", "upn", "la_child_id"):
        _identifier(draft, key, what)


def _identifier(draft: Draft, key: Expr, what: str) -> None:
    column = draft.roles.get(what)
    if not column:
        return
    looks = column.shapes.get(what, 1.0) >= 0.5 or not column.filled
    if not looks:
        draft.notes.append(f"{column.name}: {column.shapes[what]:.0%} of its values look like what the header says. If they "
                           "are pseudonyms, give them a scheme of your own, so that they link nobody wrongly.")  # fmt: skip
    draft.add("identifiers", {"person": key, "scheme": {"is": what if looks else MARK}, "value": column.name})


def _parents(draft: Draft, key: Expr, start: str | None) -> None:
    """The parents or carers whom the row names: a person and a relation each."""
    roles = draft.roles
    for who in ("mother", "father", "parent"):
        named = roles.names("family_name", "given_name", "full_name", who=who)
        own = roles.name("id", who) or roles.name("nhs", who)
        if not named and not own:
            continue
        born = roles.name("born", who)
        parent: Expr = own or {"hash": [*named, born]} if own or born else {"hash": [*named, *_flat(key)]}
        shown = own or named[0]
        draft.add("people", {
            "person": parent, "given_name": roles.name("given_name", who),
            "family_name": roles.name("family_name", who) or roles.name("full_name", who), "born_on": born,
            "sex": {"is": {"mother": "F", "father": "M"}[who]} if who != "parent" else None,
            "age_group": None if born else {"is": "adult"}, "when": shown,
        })  # fmt: skip
        sure = who != "parent"
        draft.add("relations", {
            "person": parent, "other": key, "relation": {"is": "parent" if sure else MARK},
            "parent_kind": {"is": "unknown"} if sure else None, "valid_from": start, "when": shown,
        }, "" if sure else "parent, or carer and the like")  # fmt: skip


def _flat(key: Expr) -> list[str]:
    if isinstance(key, str):
        return [key]
    return [one for part in (key.get("first") or key.get("hash") or []) for one in _flat(part)]


def _agencies(draft: Draft, key: Expr) -> None:
    """The agency of the row; in a list of people also that the person is on its register."""
    roles = draft.roles
    agency = roles.agency("agency_code", "agency", "agency_name")
    if not agency:
        if draft.has_contacts:
            draft.add("agencies", {"agency": {"is": draft.source}, "kind": MARK}, "whose contacts these are")
        return
    known = vocabulary()["agencies"].get(roles.agency_who, {})
    name = roles.agency("agency_name") or (agency if roles.agency("agency") == agency else None)
    draft.add("agencies", {
        "agency": agency, "kind": {"is": known["kind"]} if known else MARK, "name": name, "area": None,
    })  # fmt: skip
    if not draft.has_contacts and roles.agency_who != "team":
        draft.add("registrations", {
            "person": key, "agency": agency, "register": {"is": known["register"]} if known else MARK,
            "valid_from": roles.name("start"), "valid_to": roles.name("end"), "end_reason": roles.name("end_reason"),
        }, "take this out if a row does not say that the person is on that agency's register")  # fmt: skip


def _places(draft: Draft, key: Expr, start: str | None) -> None:
    roles = draft.roles
    for who in ("child", "mother", "father", "parent", "event"):
        parts = roles.names("uprn", "address", "postcode", who=who)
        if not parts:
            continue
        draft.add("places", {
            "place": {"hash": parts}, "kind": {"is": "property"}, "first_line": roles.name("address", who),
            "postcode": roles.name("postcode", who), "uprn": roles.name("uprn", who), "area": roles.name("town", who),
        })  # fmt: skip
        person = key if who == "child" else _relative(draft, who)
        if who == "event" or person is None:
            continue
        registered = "registrations" in draft.rows and who == "child"
        since = roles.name("address_from") or (start if not registered or draft.has_contacts else None)
        draft.add("residences", {
            "person": person, "place": {"hash": parts}, "basis": {"is": "observed" if draft.has_contacts else "registered"},
            "kind": {"is": "home"}, "valid_from": since, "valid_to": roles.name("address_to"),
        }, "stated on that day" if draft.has_contacts else "held by the register")  # fmt: skip


def _relative(draft: Draft, who: str) -> Expr | None:
    """How the parent of that kind was named among the people."""
    shown = draft.roles.names("id", "nhs", "family_name", "given_name", "full_name", who=who)
    named = [line.columns["person"] for line in draft.rows.get("people", []) if line.columns.get("when") in shown]
    return named[0] if named else None


def _contacts(draft: Draft, key: Expr) -> None:
    roles = draft.roles
    day = roles.name("contact_date")
    kind, outcome = roles.get("contact_type"), roles.get("outcome")
    contact: Expr = roles.name("contact_id") or {"hash": [*_flat(key), str(day), *roles.names("contact_type")]}
    agency = roles.agency("agency_code", "agency", "agency_name") or {"is": draft.source}
    worker = roles.name("worker_id") or roles.name("worker")
    parts = roles.names("uprn", "address", "postcode", who="event")
    if worker:
        draft.add("workers", {"worker": worker, "name": roles.name("worker"), "agency": agency})
    draft.add("contacts", {
        "contact": contact, "kind": draft.coded(kind, "contact_type") if kind else MARK, "occurred_on": day, "agency": agency,
        "worker": worker, "place": {"hash": parts} if parts else None,
        "outcome": draft.coded(outcome, "outcome") if outcome and outcome.filled else None,
    })  # fmt: skip
    seen = next((found for what in ("seen_alone", "seen", "outcome") if (found := roles.get(what)) and found.filled), None)
    alone, plain = roles.get("seen_alone"), roles.get("seen")
    level: Expr = draft.coded(seen, "level") if seen else MARK
    if alone and plain and alone.filled and plain.filled:
        level = {"first": [draft.coded(alone, "level"), draft.coded(plain, "level")]}
    bedroom = roles.get("bedroom")
    draft.add("participants", {
        "contact": contact, "person": key, "role": {"is": "subject"}, "level": level,
        "bedroom": bedroom.name if bedroom and bedroom.is_mostly("yesno") else None,
    }, LEVELS)  # fmt: skip
    if not seen:
        draft.notes.append("No column says whether the child was seen: unless every contact was a sighting or none, write "
                           "`level: null`.")  # fmt: skip
