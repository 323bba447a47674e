"""Placeholders in the place of a number, a day or a place: two agencies write one for two children, and no answer joins them.

Each case is a child of the clinic, whom it saw, and another child, of the council, whom nobody saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.publish import open_store
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import parse_mapping
from lastseen.queries.session import Session

MAPPING = """
source: SOURCE
title: SOURCE
doc: Visits, with all that may name a child or a place.
shape: event
expected_every: 31
unknown: ["", "NK"]
files:
  - columns:
      Id: {required: true, filled: true}
      Nhs: {kind: nhs}
      Upn: {kind: upn}
      LaId: {kind: id}
      Given: {}
      Family: {}
      Born: {kind: date}
      Mother: {kind: id}
      Line: {}
      Postcode: {kind: postcode}
      Uprn: {kind: uprn}
      Day: {kind: date}
      Level: {kind: int}
    rows:
      people:
        - {person: Id, given_name: Given, family_name: Family, born_on: Born}
        - {person: Mother}
      identifiers:
        - {person: Id, scheme: {is: nhs}, value: Nhs}
        - {person: Id, scheme: {is: upn}, value: Upn}
        - {person: Id, scheme: {is: la_child_id}, value: LaId}
      relations:
        - {person: Mother, other: Id, relation: {is: parent}, parent_kind: {is: birth}}
      places:
        - {place: {hash: [Uprn, Line, Postcode, Id]}, kind: {is: property}, first_line: Line, postcode: Postcode, uprn: Uprn}
      residences:
        - {person: Id, place: {hash: [Uprn, Line, Postcode, Id]}, basis: {is: registered}, kind: {is: home}, valid_from: Day}
      contacts:
        - {contact: {hash: [Id, Day]}, kind: {is: visit}, occurred_on: Day}
      participants:
        - {contact: {hash: [Id, Day]}, person: Id, role: {is: subject}, level: Level}
"""
CLINIC, COUNCIL = "annex_a", "ssd"
"""Two names among which a council's own child id links as well."""
HEADER = "Id,Nhs,Upn,LaId,Given,Family,Born,Mother,Line,Postcode,Uprn,Day,Level\n"
REAL = {"Nhs": "", "Upn": "", "LaId": "", "Given": "{given}", "Family": "{family}", "Born": "{born}", "Mother": "",
        "Line": "{line}", "Postcode": "{postcode}", "Uprn": ""}  # fmt: skip
CASES: dict[str, dict[str, str]] = {
    # the same number for two children of one first name, who differ in all else
    **{f"nhs {value}": {"Given": "Ada", "Nhs": value}
       for value in ("9999999999", "0000000000", "-1", "0", "999 999 9999", "NK", "TBC")},
    **{f"upn {value}": {"Given": "Ada", "Upn": value} for value in ("0", "-1", "UN1", "UN5", "unknown", "1")},
    **{f"la id {value}": {"Given": "Ada", "LaId": value} for value in ("-1", "0", "SSD_PH", "unknown", "#N/A")},
    # the same name and birth date, at one place that is none
    **{f"at {postcode} {line}": {"Given": "Sam", "Family": "Moor", "Born": "2015-05-01", "Postcode": postcode, "Line": line}
       for postcode, line in (("ZZ99 3VZ", ""), ("ZZ993WZ", "Not known"), ("ZZ99 3VZ", "No fixed abode"), ("XXXX XXX", ""),
                              ("nopostcode", ""))},
    **{f"uprn {value}": {"Given": "Kit", "Family": "Lane", "Born": "2014-04-01", "Line": "", "Postcode": "", "Uprn": value}
       for value in ("-1", "0", "1", "-0.0", "1.0")},
    # the same birth date that is none, of one name; at the same real home
    **{f"born {day}": {"Given": "Jo", "Family": "Dale", "Born": day} for day in ("1900-01-01", "9999-12-31", "")},
    **{f"{given} born {day} at one home": {"Given": given, "Family": "Field", "Born": day, "Line": f"{n} Shared Row",
                                           "Postcode": "BD1 5ZZ"}
       for n, (given, day) in enumerate((("BABY", "1900-01-01"), ("", "1900-01-01"), ("BABY", "")), 1)},
    # the same mother, who is nobody
    **{f"mother {value}": {"Given": "BABY", "Family": "UNKNOWN", "Born": "2016-06-01", "Mother": value}
       for value in ("-1", "0", "unknown", "SSD_PH")},
    "all at once": {"Nhs": "9999999999", "Upn": "UN1", "LaId": "-1", "Given": "BABY", "Family": "UNKNOWN", "Born": "1900-01-01",
                    "Mother": "-1", "Postcode": "ZZ99 3WZ", "Line": "Not known", "Uprn": "1"},
}  # fmt: skip
REALLY_ONE: dict[str, dict[str, str]] = {
    # the same cases with something real in the placeholder's place: these are one child, so that the cases above do test it
    "nhs": {"Given": "Ada", "Nhs": "9434765919"}, "upn": {"Given": "Ada", "Upn": "A123456789012"},
    "la id": {"Given": "Ada", "LaId": "L77"},
    "home": {"Given": "Sam", "Family": "Moor", "Born": "2015-05-01", "Postcode": "BD7 7AA", "Line": "7 Real Row"},
    "uprn": {"Given": "Kit", "Family": "Lane", "Born": "2014-04-01", "Line": "", "Postcode": "", "Uprn": "100012345678"},
    "born": {"Given": "Una", "Family": "Field", "Born": "2013-01-01", "Line": "1 Shared Row", "Postcode": "BD1 5ZZ"},
}  # fmt: skip
DAY = date(2024, 6, 1)
WHO = "MATCH (r:Record)-[:IDENTIFIES]->(p:Person) RETURN r.id, p.id"
SHARED = "MATCH (p:Person)-[:LIVES_AT]->(a:Address)<-[:LIVES_AT]-(o:Person) WHERE p.id < o.id RETURN p.id, o.id, a.line"


def text(source: str, level: int) -> str:
    """A child a case, of whom nothing but the placeholder is as in another source."""
    rows = []
    for number, said in enumerate([*CASES.values(), *REALLY_ONE.values()]):
        odd = source == COUNCIL
        own = {
            "given": ("Ada", "Ben")[odd], "family": f"{source}{'abcdefghijklmnopqrstuvwxyz'[number % 26]}",
            "born": f"{2010 + odd * 5}-03-{number % 28 + 1:02}", "line": f"{number + 1} {source} Row",
            "postcode": f"BD{1 + odd} 1AA",
        }  # fmt: skip
        cells = {name: said.get(name, value.format(**own)) for name, value in REAL.items()}
        rows.append(",".join([f"{number}", *cells.values(), "2024-05-01" if level else "2024-05-02", str(level)]))
    return HEADER + "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    home = tmp_path_factory.mktemp("placeholders")
    workspace = Workspace.open(home / "workspace", create=True)
    for source, level in ((CLINIC, 4), (COUNCIL, 0)):
        path = home / f"{source}.csv"
        path.write_text(text(source, level))
        report = load(workspace, parse_mapping(MAPPING.replace("SOURCE", source), source), [path], publish=source == COUNCIL)
        assert (report.kept, report.rejected) == (len(CASES) + len(REALLY_ONE), 0)
    session = Session(open_store(workspace), workspace)
    yield session
    session.close()


@pytest.fixture(scope="module")
def person(session: Session) -> dict[str, Any]:
    return dict(session.store.run(WHO).rows)


@pytest.mark.parametrize("number", range(len(CASES)), ids=list(CASES))
def test_two_children_with_one_placeholder_stay_two_in_every_answer(
    session: Session, person: dict[str, Any], number: int
) -> None:
    seen, unseen = person[f"{CLINIC}:{number}"], person[f"{COUNCIL}:{number}"]
    assert seen != unseen
    assert session.last_seen(seen, DAY).on == date(2024, 5, 1)
    assert session.last_seen(unseen, DAY).on is None, "a sight of somebody else"
    history = session.ask("contact_history", DAY, child=unseen).rows
    assert [(row["occurred_on"], row["source"]) for row in history] == [(date(2024, 5, 2), COUNCIL)]
    home = {row["person"] for row in session.ask("household_on", DAY, child=unseen).rows}
    assert home <= {unseen} or "at one home" in list(CASES)[number]


def test_nobody_is_joined_at_all_and_only_real_homes_are_shared(session: Session, person: dict[str, Any]) -> None:
    children = [one for record, one in person.items() if int(record.split(":")[1]) < len(CASES)]
    assert len(children) == len(set(children)) == 2 * len(CASES)
    homes = {line for *_, line in session.store.run(SHARED).rows}
    assert homes == {"1 Shared Row", "2 Shared Row", "3 Shared Row"}


@pytest.mark.parametrize("number", range(len(REALLY_ONE)), ids=list(REALLY_ONE))
def test_what_is_real_in_a_placeholder_s_place_does_join_them(person: dict[str, Any], number: int) -> None:
    row = len(CASES) + number
    assert person[f"{CLINIC}:{row}"] == person[f"{COUNCIL}:{row}"]
