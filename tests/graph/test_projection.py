"""The graph tables: what each node and edge holds, and what a build refuses."""

from __future__ import annotations

from datetime import date


def test_a_visit_becomes_a_contact_about_the_child_at_an_address(world):
    world.source("visits", lag=3)
    world.load(
        "visits", "2013-01-31", covers=("2012-01-01", "2013-01-31"),
        people=[{"person": "1", "given_name": "Tam", "family_name": "Marlowe", "born_on": "2012-06-11"}],
        identifiers=[{"person": "1", "scheme": "nhs", "value": "9990004234"}],
        places=[{"place": "h1", "kind": "property", "first_line": "4 Larch Court", "postcode": "AQ1 4LR", "uprn": "999900000041"}],
        contacts=[{"contact": "k1", "kind": "visit", "occurred_on": "2012-06-27", "agency": "HVT2", "worker": "W1", "place": "h1"}],
        participants=[{"contact": "k1", "person": "1", "role": "subject", "level": 4, "at_home": True}],
        agencies=[{"agency": "HVT2", "kind": "health_visiting", "name": "Team 2"}],
        workers=[{"worker": "W1", "name": "Ruth Ansah", "role": "health visitor", "agency": "HVT2"}],
    )  # fmt: skip
    tables = world.project()
    assert {name: tables.read(name).num_rows for name in ("Person", "Record", "Address", "Agency", "Professional", "Contact", "Load")} == {
        "Person": 1, "Record": 1, "Address": 1, "Agency": 1, "Professional": 1, "Contact": 1, "Load": 1,
    }  # fmt: skip
    (about,) = tables.read("ABOUT").to_pylist()
    assert (about["from"], about["to"], about["level"], about["age_days"], about["known_on"]) == ("visits:k1", "visits:1", 4, 16, date(2012, 6, 30))
    (home,) = tables.read("LIVES_AT").to_pylist()
    assert (home["from"], home["to"], home["basis"], home["valid_from"]) == ("visits:1", "uprn:999900000041", "observed", date(2012, 6, 27))
    assert tables.read("MADE_BY").to_pylist()[0]["to"] == "health_visiting:HVT2"
    assert tables.read("WORKS_FOR").to_pylist()[0]["known_on"] == date(2012, 6, 30)
