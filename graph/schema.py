"""The vocabulary, said once: every node, edge, property and closed list of the graph.

Both stores' set-up, the loaders' checks, the catalogue's check of names, `lastseen schema` and the README's table are
made from these entries, so a new node type is one entry here and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PropKind = Literal["text", "date", "int", "bool", "float", "row"]
"""`row` is a whole number that says where a row stands (graph/rows.py); people are shown 'load:file:line'."""


@dataclass(frozen=True)
class Prop:
    """One property: its kind, what it means, and whether it is personal (kept out of logs)."""

    kind: PropKind
    doc: str
    personal: bool = False


@dataclass(frozen=True)
class NodeType:
    """A label. Every node has `id` (text, unique), which is not repeated in `props`."""

    name: str
    doc: str
    props: Mapping[str, Prop]

    @property
    def columns(self) -> dict[str, Prop]:
        return {"id": Prop("text", "Unique id; never a name."), **self.props}


Dating = Literal["claim", "event", "none"]


@dataclass(frozen=True)
class EdgeType:
    """A relationship from `start` to `end`, with a unique `key` made of its type, both ends, source and row.

    `dating` says which rule stands for "known as at D": a claim has the six dates of `CLAIM`, an event has
    `occurred_on`, `known_on`, `withdrawn_on`, and "none" leaves it to its start (a Contact gives source and row too).
    """

    name: str
    start: str
    end: str
    doc: str
    props: Mapping[str, Prop] = field(default_factory=dict)
    dating: Dating = "claim"

    @property
    def columns(self) -> dict[str, Prop]:
        """Own and shared properties, without the two ends."""
        return {"key": KEY, **SAYS[self.dating], **self.props}


KEY = Prop("int", "A hash of type, both ends, source and row: the same claim has the same key in every build.")
_ROW = (
    "opens the archive. A number: the load's, four digits for its file's place in Load.files, nine for the line. So "
    "70001000000857 is load 7, its first file, line 857, and answers say '7:name of the file:857'."
)
_SOURCE = {
    "source": Prop("text", "The source that says so, e.g. 'school_roll'."),
    "row": Prop("row", f"The row that says so first; {_ROW}"),
}
CLAIM = {
    **_SOURCE,
    "valid_from": Prop("date", "First day it held; null when the source is silent."),
    "valid_to": Prop("date", "First day it no longer holds; null while open."),
    "known_on": Prop("date", "Day the source knew it."),
    "end_known_on": Prop("date", "Day the source knew of its end; never without valid_to."),
    "withdrawn_on": Prop("date", "Day the source stopped saying it (corrected, entered in error); null while it stands."),
}
EVENT = {
    **_SOURCE,
    "occurred_on": Prop("date", "Day it happened."),
    "known_on": Prop("date", "Day the source knew it."),
    "withdrawn_on": Prop("date", "Day the source stopped saying it; null while it stands."),
}
SAYS: dict[Dating, dict[str, Prop]] = {"claim": CLAIM, "event": EVENT, "none": {}}

# --- closed lists -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ContactKind:
    """One kind of contact; `tries` says whether it tries to reach the child (else it has no level and is no try)."""

    name: str
    label: str
    tries: bool


LEVELS = {
    0: "attempt: nobody reached",
    1: "adult only: the child was not perceived",
    2: "remote or glimpse",
    3: "seen in person",
    4: "seen for that agency's purpose",
    5: "seen alone",
}
SEEN = 3
"""The lowest level at which the child is proved to exist and be visible (domain: SAFE)."""

CONTACT_KINDS = {
    kind.name: kind
    for kind in (
        ContactKind("booking", "antenatal booking", False),
        ContactKind("birth", "birth notification", True),
        ContactKind("birth_registration", "birth registration", True),
        ContactKind("visit", "home visit", True),
        ContactKind("review_new_birth", "new birth review", True),
        ContactKind("review_6_8_weeks", "6 to 8 week review", True),
        ContactKind("review_9_12_months", "9 to 12 month review", True),
        ContactKind("review_2_years", "2 to 2½ year review", True),
        ContactKind("clinic", "clinic", True),
        ContactKind("immunisation", "immunisation", True),
        ContactKind("appointment", "appointment", True),
        ContactKind("emergency", "emergency department or ambulance", True),
        ContactKind("assessment", "assessment by social care", True),
        ContactKind("contact_made", "contact made, how is not stated", True),
        ContactKind("phone", "phone call", True),
        ContactKind("attendance", "school or nursery attendance in a month", True),
        ContactKind("disclosure", "told a professional", True),
        ContactKind("not_collected", "not collected from school", True),
        ContactKind("welfare_visit", "police welfare visit", True),
        ContactKind("dv_notification", "domestic abuse notification", True),
        ContactKind("claim", "said to be elsewhere", True),
        ContactKind("area_check", "check with another area", False),
        ContactKind("contact_received", "contact received by social care", False),
        ContactKind("referral", "referral", False),
        ContactKind("referral_anonymous", "anonymous or public referral", False),
        ContactKind("missing_education_referral", "missing-education referral", False),
        ContactKind("meeting", "professionals' meeting", False),
        ContactKind("letter", "letter", False),
        ContactKind("return_interview", "return interview", True),
        ContactKind("offer", "offer of a place", False),
        ContactKind("no_application", "no school application", False),
        ContactKind("intelligence", "information received", False),
        ContactKind("incident", "crime or incident", False),
    )
}
OUTCOMES = (
    "no_access", "was_not_brought", "declined", "no_further_action", "negative", "positive", "no_reply", "closed",
    "completed", "accepted", "referred",
)
AGENCY_KINDS = {
    "gp": "GP practice", "health_visiting": "health visiting", "maternity": "maternity", "hospital": "hospital",
    "ambulance": "ambulance", "school": "school", "early_years": "nursery or early years", "admissions": "school admissions",
    "missing_education": "children missing education", "social_care": "children's social care", "police": "police",
    "marac": "MARAC", "housing": "housing", "refuge": "refuge", "registrar": "registrar", "other": "other",
}
ROLES = ("subject", "present", "listed", "speaker", "spoken_about")
BASES = ("registered", "observed", "claimed")
RESIDENCE_KINDS = ("home", "second_home", "placement", "boarding", "refuge", "temporary")
ADDRESS_KINDS = ("property", "area", "no_fixed_abode", "not_known")
REGISTERS = (
    "births", "gp", "health_visiting", "early_years", "admissions", "school", "home_education", "la_tuition",
    "private_fostering",
)
STATUSES = ("referral", "assessment", "early_help", "cin", "cp", "cla", "s47", "cme", "missing")
PARENT_KINDS = ("birth", "adoptive", "step", "foster", "unknown")
RELATIONS = ("carer", "sibling", "grandparent", "aunt_uncle", "family_group", "lives_with", "knows")
PRECISIONS = ("day", "month", "year", "estimated")

# --- nodes --------------------------------------------------------------------------------------------------------


def _text(doc: str, personal: bool = False) -> Prop:
    return Prop("text", doc, personal)


def _date(doc: str, personal: bool = False) -> Prop:
    return Prop("date", doc, personal)


NODES = {
    node.name: node
    for node in (
        NodeType("Person", "One human being as resolved.", {
            "born_on": _date("Birth date, of the most trusted source that gives one.", True),
            "born_precision": _text("day, month, year or estimated."),
            "born_known_on": _date("Day any source first knew a birth date."),
            "expected_on": _date("Due date, of an unborn child.", True),
            "expected_known_on": _date("Day a source first knew it."),
            "died_on": _date("Day of death, or of a pregnancy's loss.", True),
            "died_known_on": _date("Day a source first knew it."),
            "sex": _text("F, M or U as stated; null when silent."),
            "first_known_on": _date("Day any source first knew this person."),
            "restricted": Prop("bool", "A source restricts this person's record."),
            "age_known_on": _date("Day a source first gave a birth or due date, or said child or adult; null: age unknown."),
            "child_from": _date("First day this person counts as a known child; null for one never known as a child."),
            "child_until": _date("First day this person no longer does: 18th birthday, or death once known."),
            "early_years_from": _date("Universal early years place: start of the term after the 3rd birthday."),
            "school_from": _date("Start of the first term of compulsory school age."),
            "school_until": _date("16th birthday."),
            "one_on": _date("1st birthday."),
            "three_on": _date("3rd birthday."),
            "five_on": _date("5th birthday."),
            "adult_on": _date("18th birthday."),
        }),
        NodeType("Record", "One person as one source writes them; its id is 'source:own person id'.", {
            "source": _text("Source."),
            "given_name": _text("As written.", True),
            "family_name": _text("As written.", True),
            "name": _text("Given and family name as written.", True),
            "name_key": _text("Tidied name for search: lower case, letters only, single spaces.", True),
            "sound_key": _text("How the name sounds, word by word, for search.", True),
            "born_on": _date("As this source gives it.", True),
            "identifiers": _text("'scheme:value' list, separated by ' ', for search.", True),
            "known_on": _date("Day the source knew this person."),
            "withdrawn_on": _date("Day the source stopped saying so."),
            "row": Prop("row", "Its row, numbered as on edges."),
        }),
        NodeType("Address", "A place. A protected one carries no text at all: that stays in the archive.", {
            "kind": _text("property, area, no_fixed_abode or not_known."),
            "line": _text("First line; null for an area or a protected address.", True),
            "postcode": _text("Postcode, one space.", True),
            "uprn": _text("Unique property reference number.", True),
            "area": _text("Council or area as named."),
            "in_area": Prop("bool", "Inside this workspace's area; null when not known."),
            "protected": Prop("bool", "Refuge or other sensitive address: never shown, drawn or passed through."),
            "search_key": _text("Tidied line and postcode for search; null when protected.", True),
        }),
        NodeType("Agency", "An organisation or team.", {
            "kind": _text("One of the agency kinds."), "code": _text("Own code."), "name": _text("Name."),
            "area": _text("Area."),
        }),
        NodeType("Professional", "A named worker with a role.", {
            "name": _text("Name."), "role": _text("Role or rank."), "phone": _text("Phone at work."),
        }),
        NodeType("Contact", "One event between a service and a family.", {
            "kind": _text("One of the contact kinds."),
            "occurred_on": _date("Day it happened (a month's attendance: the last day present)."),
            "known_on": _date("Day the source knew it."),
            "withdrawn_on": _date("Day the source stopped saying it."),
            "outcome": _text("One of the outcomes; null when silent."),
            "reported_by": _text("Who reported it, as a role."),
            "source": _text("Source."),
            "row": Prop("row", "Its row, numbered as on edges."),
        }),
        NodeType("Load", "One extract as loaded.", {
            "source": _text("Source."), "scope": _text("Practice, school, team or council covered."),
            "shape": _text("snapshot or event."), "extract_date": _date("Extract date."),
            "covers_from": _date("First day covered."), "covers_to": _date("Last day covered."),
            "rows_read": Prop("int", "Rows read."), "rows_kept": Prop("int", "Rows kept."),
            "rows_rejected": Prop("int", "Rows rejected."),
            "files": _text("Names of its files, joined by '/', in the order of the numbers that rows give them."),
            "registers": _text("Space-separated registers that this source serves, as the questions' headers name them."),
            "lag": Prop("int", "Days between an event and its source knowing of it."),
            "expected_every": Prop("int", "Days between two extracts of this source."),
        }),
    )
}

# --- edges --------------------------------------------------------------------------------------------------------

EDGES = {
    edge.name: edge
    for edge in (
        EdgeType("IDENTIFIES", "Record", "Person", "This record is about this person.", {
            **_SOURCE,
            "how": _text("identifier, rule, model or person."),
            "why": _text("The rule or decision in words."),
            "probability": Prop("float", "1 for identifiers and people's decisions."),
        }, dating="none"),
        EdgeType("PARENT_OF", "Person", "Person", "Parent to child.", {
            "kind": _text("birth, adoptive, step, foster, unknown."),
        }),
        EdgeType("PARTNER_OF", "Person", "Person", "Partners, as stated."),
        EdgeType("RELATED_TO", "Person", "Person", "Another relation as stated.", {
            "relation": _text("carer, sibling, grandparent, aunt_uncle, family_group, lives_with, knows."),
        }),
        EdgeType("LIVES_AT", "Person", "Address", "The source says the person lives there.", {
            "basis": _text("registered; observed (at a visit, or stated on a form or held on a day); or claimed."),
            "kind": _text("home, second_home, placement, boarding, refuge, temporary."),
            "stated_by": _text("Record id of the speaker."),
            "stated_with": _text("The host's relation to the person."),
            "household_list": _text("Id of the form that names everyone there."),
        }),
        EdgeType("REGISTERED_WITH", "Person", "Agency", "On this agency's register.", {
            "register": _text("births, gp, health_visiting, …"), "end_reason": _text("Why it ended, as stated."),
        }),
        EdgeType("INVOLVED_WITH", "Person", "Agency", "This agency is working with the person.", {
            "status": _text("referral, assessment, early_help, cin, cp, cla, s47, cme, missing."),
            "hours": Prop("float", "Hours, where a length is stated."), "end_reason": _text("Why it ended, as stated."),
        }),
        EdgeType("FLAGGED_BY", "Person", "Agency", "An adult of concern, dated and sourced.", {
            "flag": _text("The concern, as a term."), "review_on": _date("Day the flag must be reviewed."),
        }),
        EdgeType("ALLOCATED_TO", "Person", "Professional", "This worker holds the case.", {"role": _text("Role.")}),
        EdgeType("WORKS_FOR", "Professional", "Agency", "Employed or placed there."),
        EdgeType("ABOUT", "Contact", "Person", "Whom a contact was about, and how much of them was seen.", {
            "role": _text("subject, present, listed, speaker, spoken_about."),
            "level": Prop("int", "0 to 5; null when the source is silent or the kind does not try."),
            "age_days": Prop("int", "Age at the contact in days; null when unknown."),
            "at_home": Prop("bool", "At the person's home; null when silent."),
            "bedroom": Prop("bool", "Where the child sleeps was seen; null when silent."),
            "kind": _text("Copy of the contact's kind."),
            "agency": _text("Copy of the id of the agency that made it; null where none is stated."),
            "agency_kind": _text("Copy of that agency's kind."),
        }, dating="event"),
        EdgeType("MADE_BY", "Contact", "Agency", "The agency that made or received it.", dating="none"),
        EdgeType("MADE_IN_PERSON_BY", "Contact", "Professional", "The worker who made it.", dating="none"),
        EdgeType("AT", "Contact", "Address", "Where it happened.", dating="none"),
    )
}

AGE_BANDS = ("0-4", "5-15", "16-17", "unknown")
"""Age bands of the `needs` headers; 'unknown' is a known child without a birth date (or not yet born)."""
