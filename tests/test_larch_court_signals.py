"""Larch Court lived through again: every first day that the story was written to give, and nothing else before day 2293."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lastseen.commands.replaying import CHILDREN, END, START
from lastseen.graph.archive import Workspace
from lastseen.graph.store import GraphTables, Store
from lastseen.loaders.demo import demo
from lastseen.loaders.made_up.expected import expected
from lastseen.loaders.made_up.people import PEOPLE
from lastseen.loaders.made_up.script import T0
from lastseen.queries.findings import evaluate
from lastseen.queries.replay import Replayed, replay
from lastseen.queries.session import Session, open_session

SAID = expected()
pytestmark = pytest.mark.timeout(900)  # thousands of days are asked once, by a fixture


def day(number: int) -> date:
    return T0 + timedelta(days=number)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo(tmp_path_factory.mktemp("signals"))[0].home


@pytest.fixture(scope="module")
def session(home: Path) -> Session:
    return open_session(home)


@pytest.fixture(scope="module")
def children(session: Session) -> dict[str, str]:
    return {session.person(f"nhs:{PEOPLE[code].nhs}", day(END)): code for code in CHILDREN}


@pytest.fixture(scope="module")
def lived(session: Session, children: dict[str, str]) -> Replayed:
    return replay(session.store, children, day(START), day(END))


@pytest.mark.parametrize("child", ["C3", "C4"])
def test_every_signal_first_stands_on_the_day_it_should(lived: Replayed, child: str) -> None:
    before_the_end = {signal: (first - T0).days for signal, first in lived.first(child).items() if first < day(SAID["until"])}
    assert before_the_end == SAID["first"][child]


def test_the_sighting_by_the_police_ends_what_it_should_and_the_clock_runs_again(lived: Replayed) -> None:
    spans = {
        signal: [((first - T0).days, (last - T0).days) for first, last in lived.spans["C3"][signal]]
        for signal in ("G01", "G02", "G17")
    }
    assert spans["G01"] == [(137, 1400), (SAID["again"]["C3"]["G01"], 2293)]
    assert spans["G02"] == [(120, 1400)]
    assert spans["G17"][0] == (611, 1400)


def test_fourteen_signals_stand_before_day_1400_and_places_only_after_1900(lived: Replayed) -> None:
    firsts = {signal: (first - T0).days for signal, first in lived.first("C3").items()}
    assert sum(number < 1400 for number in firsts.values()) == SAID["before_1400"]
    assert all(firsts[signal] > 1900 for signal in ("G06", "G11", "G12", "G13"))


def test_on_day_1642_nobody_would_have_been_told_by_g01(lived: Replayed) -> None:
    standing = lived.standing("C3", day(1642))
    assert set(SAID["day_1642"]["standing"]) <= set(standing)
    assert not set(SAID["day_1642"]["silent"]) & set(standing)


def test_how_long_g01_stood_depends_on_what_counts_as_seen(session: Session, children: dict[str, str], lived: Replayed) -> None:
    assert lived.days_on("C3", "G01", T0, day(2293)) == SAID["days_of_g01"][3]
    for level in (1, 4):
        told = replay(session.store, children, day(START), day(END), only=["G01"], overrides={"G01": {"level": level}})
        assert told.days_on("C3", "G01", T0, day(2293)) == SAID["days_of_g01"][level]


@pytest.mark.parametrize("signal", ["G01", "G08", "G10", "G14", "G20"])
def test_no_day_between_the_days_asked_is_any_different(
    session: Session, children: dict[str, str], lived: Replayed, signal: str
) -> None:
    """The replay steps over days on which nothing can change: every seventh day of them all, asked outright."""
    for number in range(START, END, 7):
        found = evaluate(session.store, day(number), only=[signal])
        outright = {children[one.child] for one in found if one.child in children and not one.cannot_tell}
        assert outright == {code for code in CHILDREN if signal in lived.standing(code, day(number))}, number


@pytest.fixture(scope="module")
def on_neo4j(home: Path, store_factory: Callable[[str, GraphTables], Store]) -> Store:
    build = Workspace.open(home).current_build()
    assert build is not None
    return store_factory("neo4j", build.tables)


def test_both_engines_find_the_same_with_the_same_evidence(session: Session, on_neo4j: Store) -> None:
    """Every sixtieth day; all days on which an answer can change were compared once, by hand."""
    for number in range(START, END, 60):
        embedded, served = (
            sorted((one.signal, one.child, one.since, one.known_on, one.rows, one.cannot_tell, str(one.values)) for one in some)
            for some in (evaluate(session.store, day(number)), evaluate(on_neo4j, day(number)))
        )
        assert embedded == served, number


def test_neo4j_stands_by_every_first_day_and_its_eve(children: dict[str, str], lived: Replayed, on_neo4j: Store) -> None:
    store = on_neo4j
    for code in CHILDREN:
        for signal, first in lived.first(code).items():
            for asked, stands in ((first, True), (first - timedelta(days=1), False)):
                found: list[Any] = evaluate(store, asked, only=[signal])
                on = {children.get(one.child) for one in found if not one.cannot_tell}
                assert (code in on) is stands, (code, signal, asked)


def test_had_the_hidden_row_been_shared_no_finding_would_differ(tmp_path: Path, lived: Replayed) -> None:
    from lastseen.loaders.demo import larch_court

    made = larch_court(tmp_path, lambda _: None, unshared=True)
    other = open_session(made.home)
    people = {other.person(f"nhs:{PEOPLE[code].nhs}", day(END)): code for code in CHILDREN}
    signals = ["G01", "G02", "G08", "G17", "G19", "G20"]
    told = replay(other.store, people, day(START), day(END), only=signals)
    for code in CHILDREN:
        for signal in signals:
            assert told.spans[code].get(signal) == lived.spans[code].get(signal), (code, signal)
    other.close()
