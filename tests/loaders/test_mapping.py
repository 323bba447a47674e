"""Mapping files: what their author wrote is what we get, and all that is wrong is said at once."""

from __future__ import annotations

import pytest
import yaml

from lastseen.graph.errors import Refused
from lastseen.loaders.mapping import all_mappings, draft, load_mapping, parse_mapping, source_names
from lastseen.loaders.mapping_model import Code, First, Is
from lastseen.loaders.undecided import decide
from lastseen.loaders.yaml_text import read_yaml

GOOD = """
source: list
title: A list
doc: A list of people.
shape: snapshot
expected_every: 31
unknown: ["", NO, -1]
files:
  - columns:
      Id: {required: true}
      Born: {kind: date}
      Code: {kind: code, codes: {NO: child, 01: adult, 2012-06-11: child}, else: null}
    rows:
      people:
        - {person: Id, born_on: Born, age_group: Code, when: {column: Code, in: [01, NO]}}
"""


def faults(text: str) -> str:
    with pytest.raises(Refused) as refused:
        parse_mapping(text, "list.yaml")
    return refused.value.what


def test_codes_that_yaml_would_turn_into_something_else_stay_text() -> None:
    mapping = parse_mapping(GOOD, "list.yaml")
    file = mapping.files[0]
    assert file.columns["Code"].codes == {"NO": "child", "01": "adult", "2012-06-11": "child"}
    assert mapping.unknown == ["", "NO", "-1"]
    assert file.rows["people"][0].when[0].among == ["01", "NO"]


def test_a_source_serves_the_register_of_its_own_name_unless_it_says_others() -> None:
    assert parse_mapping(GOOD, "list.yaml").registers == ["list"]
    assert parse_mapping(GOOD + "registers: [a, b]\n", "list.yaml").registers == ["a", "b"]


def test_a_changed_mapping_has_another_version() -> None:
    assert parse_mapping(GOOD, "x").version != parse_mapping(GOOD.replace("A list of", "Some"), "x").version


def test_all_faults_of_shape_are_reported_at_once() -> None:
    said = faults(GOOD.replace("snapshot", "film").replace("kind: date", "kind: day").replace("expected_every: 31", "lag: -1"))
    assert "4 faults" in said
    for part in ("shape", "expected_every", "lag", "Born.kind"):
        assert part in said


def test_a_fault_of_the_head_hides_none_of_the_files() -> None:
    spoilt = GOOD.replace("snapshot", "film").replace("doc: A list of people.\n", "")
    said = faults(spoilt.replace("person: Id", "person: Nobody"))
    assert "3 faults" in said
    assert "rows.people[1].person: 'Nobody' not among the columns" in said


def test_all_faults_of_meaning_are_reported_at_once() -> None:
    bad = GOOD.replace("person: Id, born_on: Born", "person: Nobody, born_on: Id, shoe: Id") + (
        "      contacts:\n        - {contact: Id, kind: {is: chat}, occurred_on: Born}\n"
        "      registrations:\n        - {person: Id, agency: Id, register: Code}\n"
    )
    said = faults(bad)
    for part in (
        "rows.people[1].person: 'Nobody' not among the columns",
        "rows.people[1].born_on: needs date, but the expression gives text",
        "rows.people[1].shoe: people has no such column",
        "rows.contacts[1].kind: chat not among",
        "rows.registrations[1].register: adult, child not among births",
        "`agency` is named, so some template has to give agencies",
    ):
        assert part in said, part


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("person: Id", "person: {hsh: [Id]}"), "write a column's name, or one of"),
        (("Id: {required: true}", "Id: {required: true}\n      Id: {}"), "'Id' stands twice"),
        (("kind: code, codes:", "codes:"), "kind code and codes go together"),
        (("2012-06-11: child}", "2012-06-11: 3}"), "values are of several kinds"),
        (("person: Id, born_on: Born", "born_on: Born"), "person: is missing"),
        (("  - columns:", "  - extract_date: Id\n    columns:"), "Id needs kind date"),
        (("  - columns:", "  - scope: Place\n    columns:"), "'Place' is not among the columns"),
        (("expected_every: 31", "expected_every: 31\ndates: 'day month'"), "'day month' gives no year"),
        (("expected_every: 31", "expected_every: 31\ndates: '%Y-%m-%l'"), "'%Y-%m-%l' has a mark that stands for nothing"),
        (("when: {column: Code", "when: {column: Kode"), "'Kode' is not among the columns"),
        (("people:", "poeple:"), "there is no record table 'poeple'"),
        (("age_group: Code", "age_group: Id"), "Id needs a code list"),
        (("age_group: Code", "monthly: true"), "only contacts can be monthly"),
    ],
)
def test_a_fault_is_named_where_it_stands(change: tuple[str, str], part: str) -> None:
    assert change[0] in GOOD
    assert part in faults(GOOD.replace(*change))


def test_what_is_not_yaml_is_refused() -> None:
    assert "is not YAML" in faults("a: [")
    assert "fault" in faults("just text")


def test_every_shipped_source_reads() -> None:
    assert [mapping.source for mapping in all_mappings()] == source_names()
    assert "gp_list" in source_names()


def test_an_unknown_source_is_told_the_others() -> None:
    with pytest.raises(Refused, match=r"no source called gplist.*gp_list"):
        load_mapping("gplist")


def test_columns_that_several_files_share_are_written_once() -> None:
    text = """
    a: &both {x: 1, y: 2}
    b: {z: 3, <<: *both, y: 4}
    """
    assert read_yaml(text)["b"] == {"x": 1, "y": 4, "z": 3}
    with pytest.raises(yaml.YAMLError, match="needs one mapping"):
        read_yaml("b: {<<: [1]}")


OPEN = GOOD.replace("shape: snapshot", "shape: TO DECIDE").replace("NO: child", "NO: TO DECIDE") + (
    "      contacts:\n        - {contact: Id, kind: TO DECIDE, occurred_on: Born}\n"
    "      participants:\n        - {contact: Id, person: Id, role: {is: subject}, level: {first: [TO DECIDE, {code: Code,"
    " map: {NO: TO DECIDE, 01: 4}, else: null}]}, at_home: null}\n"
)


def test_all_that_is_to_decide_is_listed_with_lines_choices_and_the_other_faults() -> None:
    said = faults(OPEN.replace("expected_every: 31", "expected_every: 31\nbreed: dog"))
    assert "6 faults" in said
    for part in ("line 5, shape", "column Code, code 'NO' (for people.age_group)", "contacts.kind", "participants.level",
                 "participants.level, Code = 'NO'", "breed: Extra inputs"):  # fmt: skip
        assert part in said, part
    with pytest.raises(Refused) as refused:
        parse_mapping(OPEN, "x")
    assert "people.age_group: child, adult, null (not said)" in refused.value.mend
    assert "3 (seen in person)" in refused.value.mend


def test_a_mapping_is_shown_as_far_as_it_is_decided() -> None:
    said = draft(OPEN, "x")
    assert (said.faults, said.is_finished) == ([], False)
    assert said.mapping is not None
    assert said.mapping.shape == "event"
    rows = said.mapping.files[0].rows
    assert rows["contacts"][0].columns["kind"] == Is(value="TO DECIDE")
    level = rows["participants"][0].columns["level"]
    assert isinstance(level, First)
    assert [one.map for one in level.first if isinstance(one, Code)] == [{"NO": None, "01": 4}]
    assert "at_home" not in rows["participants"][0].columns, "null says nothing"


def test_a_decision_takes_the_place_of_its_mark_alone() -> None:
    text = OPEN
    for value in ("event", "child", "visit", "4", "null"):
        one = draft(text, "x").undecided[0]
        text = decide(text, one, value)
    assert "kind: {is: visit}" in text
    assert "level: {first: [{is: 4}, {code: Code, map: {NO: null, 01: 4}" in text
    assert draft(text, "x").is_finished


def test_a_text_that_refers_to_itself_is_refused() -> None:
    assert "is not YAML" in faults("a: &a [*a]")
