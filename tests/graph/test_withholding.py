"""A person whose addresses the NHS withholds: no source's copy of them shows, and neither does that of whoever lives there."""

from __future__ import annotations


def person(own, **more):
    return {"person": own, "given_name": "Tam", "family_name": "Marlowe", "born_on": "2012-06-11", **more}


def number(own, value="9990004234", scheme="nhs"):
    return {"person": own, "scheme": scheme, "value": value}


def home(own, line, **more):
    return {"places": [{"place": line, "kind": "property", "first_line": line, "postcode": "AQ1 4LR"}],
            "residences": [{"person": own, "place": line, "basis": "registered", **more}]}  # fmt: skip


def withheld(world):
    world.load("pds", "2013-01-01", people=[person("1")], identifiers=[number("1"), number("1", scheme="withheld_nhs")])


def shown(world):
    return {(row["line"], row["protected"]) for row in world.read("Address", "line", "protected")}


def test_every_register_s_address_of_the_same_number_is_protected_and_of_nobody_else(world):
    withheld(world)
    world.load("gp_list", "2013-01-01", people=[person("g")], identifiers=[number("g")], **home("g", "4 Larch Court"))
    world.load("housing", "2013-01-01", people=[person("h", given_name="Joanne", born_on="1985-01-01")],
        places=home("h", "4 Larch Court")["places"] + home("h", "9 Quarry Rise")["places"],
        residences=[{"person": "h", "place": place, "basis": "registered"} for place in ("4 Larch Court", "9 Quarry Rise")],
    )  # fmt: skip
    assert shown(world) == {(None, True), ("9 Quarry Rise", False)}
    told = world.read("Person", "id", "restricted")
    assert told == [{"id": "gp_list:g", "restricted": True}, {"id": "housing:h", "restricted": False}]


def test_also_of_a_record_that_was_joined_without_the_number_and_of_a_home_that_was_visited(world):
    withheld(world)
    world.load("roll", "2013-01-01", people=[person("r")], **home("r", "4 Larch Court"))
    world.load("gp_list", "2013-01-01", people=[person("g")], identifiers=[number("g")], **home("g", "4 Larch Court"))
    world.load("visits", "2013-01-01", people=[person("v")], identifiers=[number("v")],
        places=home("v", "1 Moor Row")["places"],
        contacts=[{"contact": "1", "kind": "visit", "occurred_on": "2012-12-01", "place": "1 Moor Row"}],
        participants=[{"contact": "1", "person": "v", "role": "subject", "at_home": True, "level": 4}],
    )  # fmt: skip
    world.load("club", "2013-01-01", people=[person("c")], **home("c", "2 Moor Row"))
    world.journal.same("club:c", "roll:r", by="E Officer", reason="told so")
    assert shown(world) == {(None, True)}
    assert len(world.read("Person")) == 1


def test_a_claimed_area_stays_and_an_unknown_address_is_protected_too(world):
    withheld(world)
    world.load("cme", "2013-01-01", people=[person("m")], identifiers=[number("m")],
        places=[{"place": "p", "kind": "area", "area": "Port Carrow"}, {"place": "u", "kind": "not_known"}],
        residences=[{"person": "m", "place": "p", "basis": "claimed"}, {"person": "m", "place": "u", "basis": "registered"}],
    )  # fmt: skip
    assert world.read("Address", "kind", "area", "protected") == [
        {"kind": "area", "area": "Port Carrow", "protected": False}, {"kind": "not_known", "area": None, "protected": True},
    ]  # fmt: skip


def test_a_restricted_record_withholds_without_being_joined(world):
    world.load("pds", "2013-01-01", people=[person("1", restricted=True)], identifiers=[number("1")])
    world.load("gp_list", "2013-01-01", people=[person("g")], identifiers=[number("g")], **home("g", "4 Larch Court"))
    assert shown(world) == {(None, True)}
    assert {row["restricted"] for row in world.read("Person")} == {True}
    assert len(world.read("Person")) == 2
