from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lastseen.graph.archive import Workspace
from lastseen.loaders.loading import unload
from lastseen.loaders.made_up.people import PEOPLE

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
TAM = f"gp_list:{PEOPLE['C3'].nhs}"


@pytest.fixture
def tam(open_app: Open) -> AppTest:
    test = open_app("child", person=TAM)
    assert not test.exception
    assert not test.error
    return test


def test_the_first_thing_said_is_when_the_child_was_last_seen(tam: AppTest, words: Words) -> None:
    panel = next(e.proto.body for e in tam.get("html") if "ls-last" in e.proto.body)
    assert "Last seen 830 days ago, on 11 April 2016, by Dean Holroyd, Police" in panel
    assert "No sighting by a loaded agency since 11 April 2016." in panel
    assert "Examined, taught or assessed (level 4 or more): 2,214 days ago, on 27 June 2012" in panel
    assert "contacts without sight of this child since then" in panel
    assert tam.title[0].value == "Tam Marlowe"
    assert "Child, born 11 June 2012, 6 years old." in words(tam)


def test_places_that_do_not_fit_together_are_told_with_who_says_so(tam: AppTest, words: Words) -> None:
    said = words(tam)
    assert "Sources disagree about where this child is" in said
    assert "Port Carrow (claimed by missing education, since 13 October 2017)" in said
    assert "<td>Joanne Tennant</td>" in said, "on whose word"


def test_a_refuge_is_never_named(open_app: Open, words: Words) -> None:
    test = open_app("child", person=TAM, as_at="2014-08-01")
    said = words(test)
    assert "protected address, ask the named lead" in said
    assert "R1" not in said
    assert "1 protected place is not shown" in next(e.proto.srcdoc for e in test.get("iframe"))


def test_siblings_come_with_their_own_last_sighting(tam: AppTest, words: Words) -> None:
    labels = [link.proto.label for link in tam.get("page_link")]
    assert {"Ellis Tennant", "Freya Marlowe", "Wren Marlowe"} <= set(labels)
    assert "Last seen 28 June 2018 by Larch Valley School, 22 days before." in words(tam)
    assert "Last seen 11 April 2016 by Police, 830 days before." in words(tam)


def test_who_is_involved_says_when_nobody_is(tam: AppTest, words: Words) -> None:
    said = words(tam)
    assert "No loaded agency has an open involvement with this child." in said
    assert "Loaded registers that do not name this child: GP practice lists, school admissions and school rolls." in said
    assert "Ended (4)" in said


def test_the_history_tells_gaps_and_can_be_narrowed_to_sightings(tam: AppTest) -> None:
    def history() -> str:
        return str(next(e.proto.body for e in tam.get("html") if "ls-history" in e.proto.body))

    assert history().count("<li>") == 36
    assert "7 months: nothing recorded by a loaded agency, 20 October 2012 to 27 May 2013" in history()
    tam.segmented_control(key="history_show").set_value("Sightings only").run()
    assert history().count("<li>") == 4
    assert "2 years 3 months: no sighting by a loaded agency, 11 April 2016 to 20 July 2018" in history()


def test_the_network_has_its_twin_and_follows_steps_and_kinds(tam: AppTest) -> None:
    def pictures() -> tuple[str, str]:
        return next((e.proto.srcdoc, e.proto.alt) for e in tam.get("iframe"))

    html, title = pictures()
    assert "4 Larch Court" in html
    assert title.startswith("Network round Tam Marlowe, 2 steps, as at 20 July 2018.")
    assert any(e.proto.body.count("<caption>Links (") for e in tam.get("html"))
    tam.segmented_control(key="network_hops").set_value(1).run()
    tam.pills(key="network_kinds").set_value([]).run()
    html, title = pictures()
    assert "1 step," in title
    assert "4 Larch Court" not in html
    assert "Joanne Tennant" in html


def test_a_name_that_fits_several_is_a_choice(open_app: Open, words: Words) -> None:
    test = open_app("child", person="Marlowe")
    assert not test.exception
    assert "That fits 4 people" in words(test)
    assert "Tam Marlowe, born 11 June 2012" in words(test)


def test_nobody_open_says_what_to_do(open_app: Open, words: Words) -> None:
    assert "Find a child first" in words(open_app("child"))


def test_an_unknown_person_is_told_and_not_a_traceback(open_app: Open, words: Words) -> None:
    test = open_app("child", person="no such id")
    assert not test.exception
    assert "Nobody known by 20 July 2018 has that record id, identifier or name." in words(test)


def test_somebody_not_yet_known_on_the_day_is_told(open_app: Open, words: Words) -> None:
    assert "was not known to any source on 1 January 2011" in words(open_app("child", person=TAM, as_at="2011-01-01"))


def test_an_adult_is_not_said_to_be_unseen(open_app: Open, words: Words) -> None:
    said = words(open_app("child", person="Craig Marlowe"))
    assert "An adult: sightings are kept of children." in said
    assert "No sighting" not in said.split("Siblings")[0]


def test_a_load_taken_back_meanwhile_is_gone_from_the_open_page(
    open_app: Open, words: Words, larch_court: Path, tmp_path: Path
) -> None:
    home = tmp_path / "own"
    shutil.copytree(larch_court, home)
    test = open_app("child", home=home, person=TAM)
    assert "No sighting by a loaded agency since 11 April 2016." in words(test)
    workspace = Workspace.open(home)
    unload(workspace, next(load.n for load in workspace.loads() if load.source == "police_notices"))
    said = words(test.run())
    assert "No sighting by a loaded agency since 27 June 2012." in said
    assert "Not loaded: police notices." in said


def test_hostile_names_are_shown_as_text(open_app: Open, hostile: Path) -> None:
    test = open_app("child", home=hostile, person=TAM)
    assert not test.exception
    assert test.title[0].value.replace("\\", "").startswith("<img src=x")
    for element in test.get("html"):
        assert "<img" not in element.proto.body
    for element in test.get("iframe"):
        assert "<img" not in element.proto.srcdoc
    for element in (*test.get("markdown"), *test.get("title"), *test.get("caption"), *test.get("warning")):
        assert "<img" not in str(element.value).replace(r"\<", "")
        assert "![" not in str(element.value)
    for link in test.get("page_link"):
        assert "<img" not in link.proto.label.replace(r"\<", "")


def test_links_that_went_and_who_could_see_the_child_are_told(tam: AppTest, words: Words) -> None:
    said = words(tam)
    assert "Links that stood at each month's end" in said
    assert "Who could see this child soonest" in said
    went = (
        "1 link on 31 July 2017, 0 on 20 July 2018. Went with nobody taking over in time: Children's social care (22 March"
        " 2018, no further action), Health visiting (1 April 2018, moved out of area) and Children missing education team"
        " (6 April 2018, moved out of area)."
    )
    assert went in said
    assert "Larch Valley School saw Ellis Tennant (brother or sister) on 29 June 2018" in said
