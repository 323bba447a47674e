"""What a mapping can say of rows that belong together: families, spells, latest words, cells of JSON, dates to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Load, Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.loading import load
from lastseen.loaders.mapping import parse_mapping

Write = Callable[..., Path]
RowsOf = Callable[[Load, str], list[dict[str, object]]]

CARE = """
source: care
title: Care
doc: Children in care.
shape: snapshot
undated: newest
expected_every: 31
unknown: ["", NK]
ignores: ["*finance*"]
files:
  - match: "care*"
    latest: {of: Row, by: Sent}
    columns:
      Row: {kind: id, required: true}
      Sent: {kind: date}
      Child: {kind: id, required: true, filled: true}
      Family: {kind: id, required: true}
      Born: {kind: date, required: true}
      From: {kind: date, required: true}
      To: {kind: date, required: true}
      Why: {}
      Home: {}
      STREET: {inside: Home}
      Post: {kind: postcode, inside: Home, path: POST CODE}
      as written: {broken: Home}
    rows:
      people:
        - {person: Child, born_on: Born, when: {column: Born, past: true}}
        - {person: Child, expected_on: Born, when: {column: Born, past: false}}
      relations: [{person: Child, other: {same: Family}, relation: {is: family_group}}]
      involvements:
        - {person: Child, agency: {is: CSC}, status: {is: cla}, valid_from: From, valid_to: To, end_reason: Why,
           continued: true}
      agencies: [{agency: {is: CSC}, kind: {is: social_care}}]
      places:
        - {place: {hash: [STREET, as written]}, kind: {is: property}, first_line: {first: [STREET, as written]}, postcode: Post}
  - match: "names*"
    columns:
      Child: {kind: id, required: true}
      Name: {required: true}
    rows: {people: [{person: Child, given_name: Name}]}
"""
HEADER = "Row,Sent,Child,Family,Born,From,To,Why,Home\n"


@pytest.fixture
def loaded(workspace: Workspace, write: Write) -> Callable[[str], Load]:
    def given(rows: str) -> Load:
        load(workspace, parse_mapping(CARE, "care.yaml"), [write(HEADER + rows, "care.csv")], publish=False)
        return workspace.load(1)

    return given


def test_spells_that_follow_on_are_one_and_a_day_between_makes_two(loaded: Callable[[str], Load], rows_of: RowsOf) -> None:
    one = loaded(
        "1,,7,,,2020-03-01,2020-06-01,moved,\n2,,7,,,2020-01-01,2020-03-01,law,\n3,,7,,,2020-06-02,,,\n"
        "4,,8,,,2020-01-01,2020-02-01,a,\n5,,8,,,2020-01-15,2020-01-20,b,\n"
    )
    told = [(row["person"], row["valid_from"], row.get("valid_to"), row.get("end_reason"), row["line"])
            for row in rows_of(one, "involvements")]  # fmt: skip
    assert sorted(told, key=str) == [
        ("7", date(2020, 1, 1), date(2020, 6, 1), "moved", 3), ("7", date(2020, 6, 2), None, None, 4),
        ("8", date(2020, 1, 1), date(2020, 2, 1), "a", 5),
    ]  # fmt: skip
    assert one.extract_date == date(2020, 6, 2)  # no day is stated: the newest inside


def test_a_family_is_paired_once_and_a_placeholder_or_a_crowd_is_none(loaded: Callable[[str], Load], rows_of: RowsOf) -> None:
    crowd = "".join(f"{100 + n},,c{n},F2,,2020-01-01,,,\n" for n in range(31))
    one = loaded("1,,7,F1,,2020-01-01,,,\n2,,8,F1,,2020-01-01,,,\n3,,8,F1,,2020-01-02,,,\n"
                 "4,,9,-1,,2020-01-01,,,\n5,,10,-1,,2020-01-01,,,\n" + crowd)  # fmt: skip
    assert [(row["person"], row["other"]) for row in rows_of(one, "relations")] == [("7", "8")]


def test_the_latest_word_on_a_row_counts_and_a_date_to_come_is_no_birth(loaded: Callable[[str], Load], rows_of: RowsOf) -> None:
    one = loaded("1,2020-02-01,7,,2015-01-01,2020-01-01,,,\n1,2020-01-01,7,,2014-01-01,2020-01-01,,,\n"
                 "2,,8,,2020-09-01,2020-01-01,,,\n")  # fmt: skip
    people = {str(row["person"]): (row.get("born_on"), row.get("expected_on")) for row in rows_of(one, "people")}
    assert people == {"7": (date(2015, 1, 1), None), "8": (None, date(2020, 9, 1))}
    assert (one.read, one.rejected) == (3, 0)


def test_json_cells_give_their_values_and_broken_ones_their_text(loaded: Callable[[str], Load], rows_of: RowsOf) -> None:
    one = loaded('1,,7,,,2020-01-01,,,"{""STREET"": ""Mill Lane"", ""POST CODE"": ""bd1 1aa""}"\n'
                 '2,,8,,,2020-01-01,,,"{""STREET"": ""The ""Old"" Mill""}"\n3,,9,,,2020-01-01,,,NK\n')  # fmt: skip
    places = {(row["first_line"], row.get("postcode")) for row in rows_of(one, "places")}
    assert places == {("Mill Lane", "BD1 1AA"), ('{"STREET": "The "Old" Mill"}', None)}


def test_what_is_left_out_on_purpose_is_passed_over_unless_it_is_all(workspace: Workspace, write: Write) -> None:
    mapping = parse_mapping(CARE, "care.yaml")
    finance = write("A,B\n1,2\n", "finance.csv")
    with pytest.raises(Refused, match="holds no file of care"):
        load(workspace, mapping, [finance], publish=False)
    report = load(workspace, mapping, [write(HEADER + "1,,7,,,2020-01-01,,,\n", "care.csv"), finance], publish=False)
    assert report.read == 1


def test_faults_of_these_are_named() -> None:
    for good, bad, part in (
        ("{of: Row, by: Sent}", "{of: Row, by: Send}", "latest: 'Send' is not among the columns"),
        ("{inside: Home}", "{inside: House}", "STREET: 'House' is not among the columns of the header"),
        ("STREET: {inside: Home}", "STREET: {inside: Home, required: true}", "only a column of the header can be required"),
        ("column: Born, past: true", "column: Why, past: true", "Why needs kind date to be past"),
        ("valid_from: From, valid_to: To, end", "end", "continued: needs valid_from and valid_to"),
        ("other: {same: Family}", "other: Child, valid_from: {same: From}", "{same:} is for relations' other"),
    ):
        assert good in CARE
        with pytest.raises(Refused) as refused:
            parse_mapping(CARE.replace(good, bad), "care.yaml")
        assert part in refused.value.what
