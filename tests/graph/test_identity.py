"""Who is who: each rule of identity as a small story."""

from __future__ import annotations


def person(own, given, family, born="2012-06-11", **more):
    return {"person": own, "given_name": given, "family_name": family, "born_on": born, **more}


def home(*people, place="h1"):
    """Residences of these people at one property, and the property."""
    return {
        "places": [{"place": place, "kind": "property", "first_line": f"{place} Larch Court", "postcode": "AQ1 4LR"}],
        "residences": [{"person": one, "place": place, "basis": "registered", "kind": "home"} for one in people],
    }


def people_of(world):
    """Who is who: the sets of record ids."""
    found: dict[str, set[str]] = {}
    for row in world.project().read("IDENTIFIES").to_pylist():
        found.setdefault(row["to"], set()).add(row["from"])
    return sorted(found.values(), key=sorted)


def test_one_nhs_number_is_one_person_whatever_the_names(world):
    world.load(
        "gp",
        "2013-01-01",
        people=[person("1", "Tam", "Marlowe")],
        identifiers=[{"person": "1", "scheme": "nhs", "value": "999 000 4234"}],
    )
    world.load(
        "hv",
        "2013-01-01",
        people=[person("x", "Tam", "Tennant")],
        identifiers=[{"person": "x", "scheme": "nhs", "value": "9990004234"}],
    )
    assert people_of(world) == [{"gp:1", "hv:x"}]


def test_a_different_first_name_is_never_joined_but_offered(world):
    world.load("gp", "2013-01-01", people=[person("1", "Tam", "Marlowe")], **home("1"))
    world.load("police", "2013-01-01", people=[person("n", "Tom", "Marlow")], **home("n"))
    world.load("cme", "2013-01-01", people=[person("c", "T", "Marlowe-Tennant")], **home("c"))
    world.load("hv", "2013-01-01", people=[person("h", "Tam", "Tennant")], **home("h"))
    assert people_of(world) == [{"cme:c", "gp:1", "hv:h"}, {"police:n"}]


def test_twins_stay_two_and_an_initial_fits_neither(world):
    twins = [person("1", "Tam", "Marlowe"), person("2", "Tom", "Marlowe")]
    world.load("gp", "2013-01-01", people=twins, **home("1", "2"))
    world.load("hv", "2013-01-01", people=[person("a", "Tam", "Marlowe"), person("b", "Tom", "Marlowe")], **home("a", "b"))
    world.load("cme", "2013-01-01", people=[person("c", "T", "Marlowe")], **home("c"))
    assert people_of(world) == [{"cme:c"}, {"gp:1", "hv:a"}, {"gp:2", "hv:b"}]


def number(own, value, scheme="nhs"):
    return {"person": own, "scheme": scheme, "value": value}


def mother_of(*children, own="m", name=("Joanne", "Tennant"), born="1983-02-18"):
    """A mother, her children as relations."""
    return person(own, *name, born), [
        {"person": own, "other": child, "relation": "parent", "parent_kind": "birth"} for child in children
    ]


def possible_of(world):
    import pyarrow.parquet as pq

    table = pq.read_table(world.project().directory / "possible.parquet").to_pylist()
    return [(row["record_a"], row["record_b"]) for row in table]


def test_placeholder_numbers_and_names_link_nobody(world):
    for source, value, given in (
        ("a", "-1", "BABY"),
        ("b", "0", "Baby"),
        ("c", "UNKNOWN", "UNKNOWN"),
        ("d", "#N/A", "Infant of"),
    ):
        world.load(source, "2013-01-01", people=[person("1", given, "Marlowe")], identifiers=[number("1", value)], **home("1"))
    world.load("e", "2013-01-01", people=[person("1", "Baby", "Marlowe")], identifiers=[number("1", "-1")], **home("1"))
    assert [len(records) for records in people_of(world)] == [1, 1, 1, 1, 1]


def test_an_exact_name_and_birth_date_need_a_home_or_parent(world):
    world.load("a", "2013-01-01", people=[person("1", "Tam", "O’Neil-Marlowe")], **home("1"))
    world.load("b", "2013-01-01", people=[person("1", "TAM", "ONeil Marlowe ")], **home("1"))
    world.load("c", "2013-01-01", people=[person("1", "Tam", "ONeil Marlowe")], **home("1", place="h2"))
    assert people_of(world) == [{"a:1", "b:1"}, {"c:1"}]
    assert possible_of(world) == [("a:1", "c:1")]


def test_a_mother_agreed_joins_her_children_in_the_next_round(world):
    for source, own_id in (("a", "1"), ("b", "x")):
        mother, relations = mother_of(own_id)
        world.load(source, "2013-01-01", people=[mother, person(own_id, "Tam", "Marlowe" if source == "a" else "Tennant")],
                   relations=relations, identifiers=[number("m", "9990004110")])  # fmt: skip
    assert people_of(world) == [{"a:1", "b:x"}, {"a:m", "b:m"}]


def test_children_agreed_join_a_parent_written_without_a_birth_date(world):
    for source, born in (("a", "1983-02-18"), ("b", None)):
        mother, relations = mother_of("1", born=born)
        world.load(source, "2013-01-01", people=[mother, person("1", "Tam", "Marlowe")], relations=relations,
                   identifiers=[number("1", "9990004234")])  # fmt: skip
    assert people_of(world) == [{"a:1", "b:1"}, {"a:m", "b:m"}]


def test_two_nhs_numbers_are_never_joined_by_name(world):
    world.load("a", "2013-01-01", people=[person("1", "Tam", "Marlowe")], identifiers=[number("1", "9990004234")], **home("1"))
    world.load("b", "2013-01-01", people=[person("1", "Tam", "Marlowe")], identifiers=[number("1", "9990004242")], **home("1"))
    world.load("c", "2013-01-01", people=[person("1", "Tam", "Marlowe")], **home("1"))
    assert people_of(world) == [{"a:1"}, {"b:1"}, {"c:1"}]
    assert possible_of(world) == [("a:1", "b:1"), ("a:1", "c:1"), ("b:1", "c:1")]


def test_a_mistyped_nhs_number_does_not_make_two_children_one(world):
    for source in ("a", "b"):
        world.load(source, "2013-01-01", people=[person("1", "Tam", "Marlowe")], identifiers=[number("1", "9990004234")])
    world.load("c", "2013-01-01", people=[person("1", "Zoe", "Hale", "2010-03-04")], identifiers=[number("1", "9990004234")])
    world.load("d", "2013-01-01", people=[person("1", None, None, None)], identifiers=[number("1", "9990004234")])
    world.load("e", "2013-01-01", people=[person("1", "Tam", "Marlowe", "2012-11-06")], identifiers=[number("1", "9990004234")])
    assert people_of(world) == [{"a:1", "b:1", "d:1", "e:1"}, {"c:1"}]


def test_a_la_child_id_counts_among_social_care_sources_only(world):
    for source in ("cin_census", "ssda903", "housing"):
        world.load(source, "2013-01-01", people=[person("1", None, None, None)], identifiers=[number("1", "77", "la_child_id")])
    assert people_of(world) == [{"cin_census:1", "ssda903:1"}, {"housing:1"}]


def test_a_restricted_record_is_linked_by_no_rule(world):
    world.load("a", "2013-01-01", people=[person("1", "Tam", "Marlowe")], identifiers=[number("1", "9990004234")], **home("1"))
    world.load("b", "2013-01-01", people=[person("1", "Tam", "Marlowe", restricted=True)],
        identifiers=[number("1", "9990004234")],
               **home("1"))  # fmt: skip
    assert people_of(world) == [{"a:1"}, {"b:1"}]
    assert possible_of(world) == []


def booking(due="2012-06-20", lost=None):
    mother, relations = mother_of("preg")
    return {"people": [mother, {"person": "preg", "expected_on": due, "died_on": lost}], "relations": relations}


def birth(*babies, born="2012-06-11"):
    mother, relations = mother_of(*babies)
    return {"people": [mother, *(person(one, f"Baby{one}", "Marlowe", born) for one in babies)], "relations": relations}


def test_an_unborn_child_joins_the_birth_to_the_same_mother(world):
    world.load("maternity", "2013-01-01", **booking(), identifiers=[number("m", "9990004110")])
    world.load("births", "2013-01-01", **birth("1"), identifiers=[number("m", "9990004110")])
    assert people_of(world) == [{"births:1", "maternity:preg"}, {"births:m", "maternity:m"}]


def test_an_unborn_child_does_not_join_a_birth_nine_weeks_away(world):
    world.load("maternity", "2013-01-01", **booking(due="2012-08-13"), identifiers=[number("m", "9990004110")])
    world.load("births", "2013-01-01", **birth("1"), identifiers=[number("m", "9990004110")])
    assert {"maternity:preg"} in people_of(world)


def test_a_lost_pregnancy_joins_no_birth(world):
    world.load("maternity", "2013-01-01", **booking(lost="2012-03-01"), identifiers=[number("m", "9990004110")])
    world.load("births", "2013-01-01", **birth("1"), identifiers=[number("m", "9990004110")])
    assert {"maternity:preg"} in people_of(world)


def test_one_booking_and_twins_are_two_people(world):
    world.load("maternity", "2013-01-01", **booking(), identifiers=[number("m", "9990004110")])
    world.load("births", "2013-01-01", **birth("1", "2"), identifiers=[number("m", "9990004110")])
    assert people_of(world) == [{"births:1", "maternity:preg"}, {"births:2"}, {"births:m", "maternity:m"}]


def test_a_twin_register_anywhere_keeps_an_initial_apart(world):
    world.load("births", "2013-01-01", **birth("1", "2"), identifiers=[number("m", "9990004110")])
    mother, relations = mother_of("t")
    world.load("school", "2018-01-01", people=[mother, person("t", "B", "Tennant")], relations=relations,
               identifiers=[number("m", "9990004110")])  # fmt: skip
    assert {"school:t"} in people_of(world)
    assert ("births:1", "school:t") in possible_of(world)


def test_twins_are_not_offered_as_one(world):
    world.load("births", "2013-01-01", **birth("1", "2"))
    assert possible_of(world) == []


def test_a_parent_is_never_joined_with_its_child(world):
    father, relations = person("f", "Adam", "Hale", "1980-01-01"), [{"person": "f", "other": "s", "relation": "parent"}]
    world.load(
        "a", "2013-01-01", people=[father, person("s", "Adam", "Hale", "1980-01-01")], relations=relations, **home("f", "s")
    )
    assert people_of(world) == [{"a:f"}, {"a:s"}]


def test_the_same_sex_is_not_needed_but_another_one_stops_a_name_rule(world):
    world.load("a", "2013-01-01", people=[person("1", "Tam", "Marlowe", sex="M")], **home("1"))
    world.load("b", "2013-01-01", people=[person("1", "Tam", "Tennant", sex="F")], **home("1"))
    assert people_of(world) == [{"a:1"}, {"b:1"}]


def test_a_decision_joins_what_no_rule_would_and_undoing_it_parts_them(world):
    world.load("gp", "2013-01-01", people=[person("1", "Tam", "Marlowe")], **home("1"))
    world.load("police", "2013-01-01", people=[person("n", "Tom", "Marlow")], **home("n"))
    decision = world.journal.same("police:n", "gp:1", by="Officer Example", reason="same mother at the door")
    assert people_of(world) == [{"gp:1", "police:n"}]
    (link,) = world.read("IDENTIFIES", "how", "why", **{"from": "police:n"})
    assert link["how"] == "person"
    assert "Officer Example" in link["why"]
    world.journal.undo(decision, by="Officer Example", reason="the wrong Tom")
    assert people_of(world) == [{"gp:1"}, {"police:n"}]


def test_not_the_same_outranks_an_identifier(world):
    for source, given in (("a", "Tam"), ("b", "Tom"), ("c", "Tom"), ("d", None)):
        world.load(source, "2013-01-01", people=[person("1", given, "Marlowe")], identifiers=[number("1", "9990004234")])
    world.journal.not_same("a:1", "b:1", by="Officer Example", reason="twins under one number")
    assert people_of(world) == [{"a:1"}, {"b:1", "c:1"}, {"d:1"}]
    assert possible_of(world) == [("a:1", "d:1"), ("b:1", "d:1")]


def test_decisions_without_effect_are_counted(world):
    import json

    three = (("1", "Tam"), ("2", "Tom"), ("3", "Tim"))
    world.load("gp", "2013-01-01", people=[person(own, given, "Marlowe") for own, given in three])
    world.journal.same("gp:1", "gp:2", by="A", reason="x")
    world.journal.same("gp:2", "gp:3", by="A", reason="x")
    world.journal.not_same("gp:1", "gp:3", by="B", reason="y")
    world.journal.same("gp:1", "gone:9", by="B", reason="y")
    report = json.loads((world.project().directory / "report.json").read_text())
    assert report["decisions overruled by newer ones"] == 1
    assert report["decisions about records that are not loaded"] == 1
    assert people_of(world) == [{"gp:1"}, {"gp:2", "gp:3"}]


def test_a_baby_without_a_name_is_offered(world):
    world.load("births", "2013-01-01", people=[person("1", "BABY", "Marlowe")], **home("1"))
    world.load("gp", "2013-01-01", people=[person("1", "Tam", "Marlowe")], **home("1"))
    assert people_of(world) == [{"births:1"}, {"gp:1"}]
    assert possible_of(world) == [("births:1", "gp:1")]


def test_the_newest_decision_of_a_pair_counts(world):
    world.load("gp", "2013-01-01", people=[person("1", "Tam", "Marlowe")])
    world.load("police", "2013-01-01", people=[person("n", "Tom", "Marlow")])
    world.journal.same("gp:1", "police:n", by="A", reason="x")
    world.journal.not_same("police:n", "gp:1", by="B", reason="y")
    assert people_of(world) == [{"gp:1"}, {"police:n"}]


def test_a_persons_id_is_the_first_record_in_a_fixed_order(world):
    for source in ("ssda", "gp_list", "gp"):
        world.load(source, "2013-01-01", people=[person("9", "Tam", "Marlowe")], identifiers=[number("9", "9990004234")])
    assert {row["to"] for row in world.read("IDENTIFIES", "to")} == {"gp:9"}


def test_every_link_says_how_and_why(world):
    world.load("a", "2013-01-01", people=[person("1", "Tam", "Marlowe")], **home("1"))
    world.load("b", "2013-01-01", people=[person("1", "Tam", "Marlowe")], **home("1"))
    assert world.read("IDENTIFIES", "from", "how", "why", "probability") == [
        {"from": "a:1", "how": "identifier", "why": "the source's own id", "probability": 1.0},
        {"from": "b:1", "how": "rule", "why": "same name and birth date, home agreed", "probability": 1.0},
    ]
