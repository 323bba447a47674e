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
    world.load("gp", "2013-01-01", people=[person("1", "Tam", "Marlowe")], identifiers=[{"person": "1", "scheme": "nhs", "value": "999 000 4234"}])
    world.load("hv", "2013-01-01", people=[person("x", "Tam", "Tennant")], identifiers=[{"person": "x", "scheme": "nhs", "value": "9990004234"}])
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
