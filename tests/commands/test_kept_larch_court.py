"""What stands about Larch Court's children, read again from beside the build, is what the graph answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.errors import Refused
from lastseen.queries import kept
from lastseen.queries.kept import FILE, standings
from lastseen.queries.session import Session, open_session
from lastseen.queries.standing import stood


@pytest.fixture
def session(larch_court: Path) -> Iterator[Session]:
    opened = open_session(larch_court)
    yield opened
    opened.close()


@pytest.mark.parametrize("day", [date(2012, 9, 1), date(2013, 6, 15), date(2016, 3, 1), date(2018, 3, 1)])
def test_what_is_read_again_is_what_was_answered(session: Session, tmp_path: Path, day: date) -> None:
    store = session.store
    asked = stood(store, day)
    assert standings(store, day, tmp_path) == asked
    assert (tmp_path / FILE.format(day=day.isoformat())).stat().st_mode & 0o777 == 0o600
    assert standings(store, day, tmp_path) == asked, "signals' own columns, dates and order alike"
    assert {type(value) for one in asked.standings for value in one.finding.values.values()} >= {date, int}


def test_one_childs_and_some_signals_are_read_from_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, day = session.store, date(2016, 3, 1)
    whole = standings(store, day, tmp_path).standings
    children = sorted({one.finding.child for one in whole})
    alone = {child: stood(store, day, child=child) for child in children[:4]}
    monkeypatch.setattr(kept, "stood", None)  # from here on whatever asks the graph fails
    assert len(children) > 3
    for child, asked in alone.items():
        assert standings(store, day, tmp_path, child=child) == asked
    assert standings(store, day, tmp_path, child="nobody").standings == []
    some = standings(store, day, tmp_path, only=["G01", "G11"]).standings
    assert some == [one for one in whole if one.finding.signal in ("G01", "G11")]
    with pytest.raises(Refused, match="There is no signal X1"):
        standings(store, day, tmp_path, only=["X1"])


def test_the_session_keeps_the_worklist_and_reads_a_childs_findings_from_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2016, 3, 1)
    items = session.worklist(day).items
    monkeypatch.setattr(kept, "stood", None)
    child = items[0].finding.child
    own = [item for item in items if item.finding.child == child]
    assert session.worklist(day, child=child).items == own
