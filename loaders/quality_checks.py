"""What is wrong or suspect in loads that were kept, as SQL over what `quality_ground` lays out.

Each check gives rows of `finding`: load, check, column, what, mend, file, line, id (the source's own id), against (rows of
other sources that say otherwise). Neither `what` nor `mend` holds what a cell held, and only `against` tells of another source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from lastseen.graph.records import SNAPSHOT_TABLES
from lastseen.loaders.tidying import SUSPECT

REJECTED = "rejected"
LONGEST_TERM = 300
"""Days before a birth in which a service may write of the child."""

_SUSPECT = {
    "nhs_is_valid": "the NHS number fails its check; kept as written",
    "upn_is_shaped": "the UPN has an unusual shape; kept as written",
    "upn_letter_fits": "the UPN has a wrong check letter, so that a digit of it is wrong; kept as written",
}  # fmt: skip
_NAMES_PEOPLE = {
    "participants": ("person",), "residences": ("person", "stated_by"), "registrations": ("person",),
    "involvements": ("person",), "relations": ("person", "other"), "flags": ("person",),
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """`sql` gives load, file, line, id and, where `against` is true, against."""

    name: str
    what: str
    mend: str
    sql: str
    column: str = ""
    against: bool = False


def _unmatched(table: str, column: str, own: str) -> str:
    """Rows of the chosen loads whose `column` names what no row of `told` (source, own) has."""
    return f"""SELECT load, source, file, line, t.{column} AS id FROM raw_{table} t SEMI JOIN chosen USING (load)
        JOIN source_of s USING (load) ANTI JOIN told ON told.source = s.source AND told.{own} = t.{column}
        WHERE t.{column} IS NOT NULL"""


def _where_told(told: str, named: Sequence[str]) -> str:
    """The first row of each load about each unmatched id; a source that describes nothing of the kind is not asked to."""
    return f"""WITH told AS ({told}), named AS ({" UNION ALL ".join(named)})
        SELECT load, min_by(file, (file, line)) AS file, min_by(line, (file, line)) AS line, id FROM named
        WHERE source IN (SELECT source FROM told) GROUP BY load, id"""


def _references() -> Iterator[Check]:
    described = " OR ".join(f"{name} IS NOT NULL" for name in ("given_name", "family_name", "born_on", "expected_on"))
    people = f"SELECT DISTINCT source, person FROM raw_people JOIN source_of USING (load) WHERE {described}"
    named = [_unmatched(table, column, "person") for table, columns in _NAMES_PEOPLE.items() for column in columns]
    yield Check(
        "unmatched person", "a person is named whom no row of this source describes",
        "Send the person's row, or correct the id.", _where_told(people, named),
    )  # fmt: skip
    for table, own, users, more in (
        ("workers", "worker", ("contacts", "involvements"), "WHERE name IS NOT NULL"),
        ("places", "place", ("contacts", "residences"), ""),
    ):
        listed = f"SELECT DISTINCT source, {own} FROM raw_{table} JOIN source_of USING (load) {more}"
        yield Check(
            f"unmatched {own}", f"a {own} is named that no row of this source describes",
            f"Send the {own}'s row, or correct the id.", _where_told(listed, [_unmatched(user, own, own) for user in users]),
        )  # fmt: skip
    yield Check(
        "unmatched contact", "somebody took part in a contact that no row of the extract tells, so it is in no history",
        "Send the contact's row with its day, or correct the id.",
        """SELECT load, min_by(file, (file, line)) AS file, min_by(line, (file, line)) AS line, contact AS id
        FROM raw_participants t SEMI JOIN chosen USING (load)
        ANTI JOIN raw_contacts c ON c.load = t.load AND c.contact = t.contact GROUP BY load, contact""",
    )  # fmt: skip


def _intervals() -> Iterator[Check]:
    backwards = " UNION ALL ".join(
        f"SELECT load, file, line, person AS id FROM raw_{table} SEMI JOIN chosen USING (load) WHERE valid_to < valid_from"
        for table in SNAPSHOT_TABLES
    )
    yield Check(
        "ends before it begins", "ends before it begins, so it is not used", "Correct one of the two dates.", backwards, "dates"
    )
    whose = """source_of s ON s.load = t.load JOIN is_person i ON i.record = s.source || ':' || t.person
        JOIN known k ON k.person = i.person"""
    met = f"""SELECT t.load, t.file, t.line, t.person AS id FROM raw_participants t SEMI JOIN chosen USING (load)
        JOIN raw_contacts c ON c.load = t.load AND c.contact = t.contact JOIN {whose}"""
    yield Check(
        "contact before birth", "a sighting before the birth date taken, or a contact long before it",
        "Check the day and whom the row is about; then the birth date.",
        f"{met} WHERE whole AND (c.occurred_on < born_on AND t.level >= 2 OR c.occurred_on < born_on - {LONGEST_TERM})", "day",
    )  # fmt: skip
    yield Check(
        "sighting after death", "a sighting after the day of death", "Check the day and whom the row is about; then the death.",
        f"{met} WHERE c.occurred_on > died_on AND t.level >= 2", "day",
    )  # fmt: skip
    yield Check(
        "registered before birth", "on the register before the birth date taken", "Correct the date from which it holds.",
        f"""SELECT t.load, t.file, t.line, t.person AS id FROM raw_registrations t SEMI JOIN chosen USING (load) JOIN {whose}
        WHERE whole AND t.valid_from < born_on""", "from",
    )  # fmt: skip
    yield Check(
        "registered after death", "newly on the register after the day of death", "Check the date and whom the row is about.",
        f"""SELECT t.load, t.file, t.line, t.person AS id FROM raw_registrations t SEMI JOIN chosen USING (load) JOIN {whose}
        WHERE t.valid_from > died_on""", "from",
    )  # fmt: skip


def _disagreements() -> Iterator[Check]:
    yield Check(
        "birth date differs", "a more trusted source, or more sources, give another birth date", "Check the birth date.",
        """WITH said AS (
            SELECT t.load, t.file, t.line, t.person AS id, i.person, k.born_on
            FROM raw_people t SEMI JOIN chosen USING (load) JOIN source_of s USING (load)
            JOIN is_person i ON i.record = s.source || ':' || t.person JOIN known k ON k.person = i.person
            WHERE whole AND t.withdrawn_on IS NULL AND coalesce(t.born_precision, 'day') = 'day' AND t.born_on <> k.born_on
        )
        SELECT load, file, line, id, string_agg(w.said, '; ' ORDER BY w.said) AS against
        FROM said JOIN written w ON w.person = said.person AND w.born_on = said.born_on GROUP BY ALL""",
        "birth date", True,
    )  # fmt: skip
    for kind, told in (("given", "first name"), ("family", "family name")):
        yield Check(
            f"{told} differs", f"no other source writes a {told} that sounds like this one", f"Check the {told}.",
            f"""WITH mine AS (
                SELECT t.load, min_by(t.file, (t.file, t.line)) AS file, min_by(t.line, (t.file, t.line)) AS line,
                    t.person AS id, w.record,
                    any_value(w.person) AS person, any_value(w.{kind}) AS heard
                FROM raw_people t SEMI JOIN chosen USING (load) JOIN source_of s USING (load)
                JOIN written w ON w.record = s.source || ':' || t.person
                WHERE len(w.{kind}) > 0 AND t.{kind}_name IS NOT NULL GROUP BY t.load, t.person, w.record
            ), alone AS (
                SELECT mine.load, mine.record FROM mine
                JOIN written w ON w.person = mine.person AND w.record <> mine.record AND len(w.{kind}) > 0
                GROUP BY ALL HAVING NOT bool_or(list_has_any(w.every, heard))
            )
            SELECT load, file, line, id, string_agg(w.said, '; ' ORDER BY w.said) AS against
            FROM mine SEMI JOIN alone USING (load, record)
            JOIN written w ON w.person = mine.person AND w.record <> mine.record AND len(w.{kind}) > 0 GROUP BY ALL""",
            told, True,
        )  # fmt: skip
    yield Check(
        "parents differ", "the sources together name more than two parents, or two mothers or fathers, for the child",
        "Check who the parents are, and what kind of parent each is.",
        """WITH many AS (
            SELECT child FROM parents GROUP BY child HAVING count(DISTINCT parent) > 2
                OR count(DISTINCT parent) FILTER (sex = 'F') > 1 OR count(DISTINCT parent) FILTER (sex = 'M') > 1
        ), mine AS (
            SELECT DISTINCT t.load, t.file, t.line, t.other AS id, s.source, c.person AS child
            FROM raw_relations t SEMI JOIN chosen USING (load) JOIN source_of s USING (load)
            JOIN is_person c ON c.record = s.source || ':' || t.other SEMI JOIN many ON many.child = c.person
            WHERE t.relation = 'parent' AND coalesce(t.parent_kind, 'unknown') IN ('birth', 'unknown')
        )
        SELECT load, file, line, id,
            string_agg(DISTINCT p.said, '; ' ORDER BY p.said) FILTER (p.source <> mine.source) AS against
        FROM mine JOIN parents p USING (child) GROUP BY load, file, line, id""",
        "parent", True,
    )  # fmt: skip


def _suspects() -> Iterator[Check]:
    listed = """SELECT load, file, line, person AS id FROM raw_identifiers SEMI JOIN chosen USING (load)
        WHERE (scheme, value) IN (SELECT scheme, value FROM number WHERE"""
    for scheme, macro, _ in SUSPECT:
        if macro in _SUSPECT:
            yield Check(
                f"suspect {scheme}", _SUSPECT[macro], "Check the number.",
                f"{listed} scheme = '{scheme}' AND tidied IS NOT NULL AND NOT {macro}(squeezed(value)))", scheme,
            )  # fmt: skip
    yield Check(
        "placeholder identifier", "stands where no number is known; it links nobody",
        "Leave the cell empty, or fill in the number.",
        f"{listed} tidied IS NULL)", "identifier",
    )  # fmt: skip
    yield Check(
        "shared identifier", "two people of this extract have the same number",
        "Correct one of them, or send one row a person.",
        """WITH owned AS (
            SELECT load, scheme, tidied, file, line, person FROM raw_identifiers SEMI JOIN chosen USING (load)
            JOIN number USING (scheme, value) WHERE tidied IS NOT NULL AND scheme IN ('nhs', 'upn', 'la_child_id')
        ), shared AS (
            SELECT load, scheme, tidied FROM owned GROUP BY ALL HAVING min(person) <> max(person)
        )
        SELECT load, file, line, person AS id FROM owned SEMI JOIN shared USING (load, scheme, tidied)""", "identifier",
    )  # fmt: skip
    yield Check(
        "suspect postcode", "has no known shape; kept as written", "Correct it, or leave the cell empty.",
        """SELECT load, file, line, NULL AS id FROM raw_places SEMI JOIN chosen USING (load)
        WHERE postcode IS NOT NULL AND NOT postcode_is_shaped(postcode)""", "postcode",
    )  # fmt: skip
    yield Check(
        "placeholder name", "stands in the place of a name; it finds and links nobody", "Fill in the name once it is known.",
        """WITH given AS (
            SELECT DISTINCT given_name AS name FROM raw_people SEMI JOIN chosen USING (load)
        ), family AS (
            SELECT DISTINCT family_name AS name FROM raw_people SEMI JOIN chosen USING (load)
        )
        SELECT load, file, line, person AS id FROM raw_people SEMI JOIN chosen USING (load)
        WHERE (expected_on IS NULL OR born_on IS NOT NULL) AND (
            given_name IN (SELECT name FROM given WHERE tidy_name(name) IS NOT NULL AND real_given(tidy_name(name)) IS NULL)
            OR family_name IN (
                SELECT name FROM family WHERE tidy_name(name) IS NOT NULL AND real_family(tidy_name(name)) IS NULL))""",
        "name",
    )  # fmt: skip


CHECKS = (*_references(), *_intervals(), *_disagreements(), *_suspects())


def run(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `finding`."""
    for check in CHECKS:
        connection.execute(
            f"""INSERT INTO finding SELECT load, ?, ?, ?, ?, file, line, id, {"against" if check.against else "NULL"}
            FROM ({check.sql})""",
            [check.name, check.column, check.what, check.mend],
        )
