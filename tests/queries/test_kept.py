"""What stands as at a day is kept beside the build: read again it is the same, and asked again when it no longer holds."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.casebook import Entry
from lastseen.graph.store import Store
from lastseen.queries import kept
from lastseen.queries.board import board
from lastseen.queries.kept import FILE, MOST, standings
from lastseen.queries.standing import Stood, stood
from lastseen.queries.worklist import Filters, worklist

D = date(2020, 6, 1)
CHILDREN = ("heard", "plan", "plan_and_gp")
NOT_ASKED = pytest.raises(AssertionError, match="asked the graph")


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing may be asked of the graph."""

    def refuse(*_: Any, **__: Any) -> Stood:
        raise AssertionError("asked the graph")

    monkeypatch.setattr(kept, "stood", refuse)


def before(days: int) -> date:
    return D - timedelta(days=days)


def plans(story: Any) -> Store:
    """Two children in need without a visit, one of them on a GP's list, and one of whom only the adult was heard."""
    story.agency("csc", "social_care", "Social care")
    story.agency("gp", "gp", "Park Surgery")
    for child in CHILDREN:
        story.child(child)
    story.involved("plan", "csc", "cin", before(100))
    story.involved("plan_and_gp", "csc", "cin", before(90))
    story.registered("plan_and_gp", "gp", "gp", before(500))
    for n in range(3):
        story.contact(f"heard{n}", before(30 - n), seen={"heard": 1}, kind="phone")
    story.load("social_care_contacts")
    store: Store = story.asked().store
    return store


def file(folder: Path, day: date = D) -> Path:
    return folder / FILE.format(day=day.isoformat())


def test_a_childs_row_group_is_found_among_many(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(kept, "GROUP", 1)
    store = plans(story)
    whole = standings(store, D, tmp_path).standings
    alone = {child: stood(store, D, child=child).standings for child in CHILDREN}
    request.getfixturevalue("deaf")
    for child in CHILDREN:
        own = standings(store, D, tmp_path, child=child).standings
        assert own == [one for one in whole if one.finding.child == child] == alone[child] != []


def test_another_day_build_text_or_parameter_is_asked_again(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    store = plans(story)
    standings(store, D, tmp_path)
    request.getfixturevalue("deaf")
    standings(store, D, tmp_path)
    with NOT_ASKED:
        standings(store, D + timedelta(days=1), tmp_path)
    with NOT_ASKED:
        standings(store, D, tmp_path, overrides={"P01": {"days": 5}})
    with NOT_ASKED:
        standings(store, D, None)
    monkeypatch.setattr(kept, "_texts", lambda: {"G01": ["another text"]})
    with NOT_ASKED:
        standings(store, D, tmp_path)


@pytest.mark.parametrize("change", [{"phase": "publishing"}, {"build": "another"}])
def test_what_a_server_says_while_it_is_published_to_is_not_kept(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    store = plans(story)
    ready = store.marker()
    marker = {"now": ready}
    monkeypatch.setattr(store, "marker", lambda: marker["now"])

    def half_published(*given: Any, **more: Any) -> Stood:
        marker["now"] = replace(ready, **change)
        return stood(*given, **more)

    monkeypatch.setattr(kept, "stood", half_published)
    assert standings(store, D, tmp_path).standings
    assert not file(tmp_path).exists()
    marker["now"] = ready
    board(store, D, tmp_path, months=0)
    assert not list(tmp_path.glob("*.parquet")), "nor the board's figures"


def test_one_child_or_some_signals_alone_are_not_kept_as_if_they_were_all(story: Any, tmp_path: Path) -> None:
    store = plans(story)
    standings(store, D, tmp_path, child="plan")
    standings(store, D, tmp_path, only=["P01"])
    assert not file(tmp_path).exists()


@pytest.mark.parametrize("spoilt", [b"", b"spoilt", b"PAR1 half of it"])
def test_a_spoilt_file_costs_time_not_the_answer(story: Any, tmp_path: Path, spoilt: bytes) -> None:
    store = plans(story)
    whole = standings(store, D, tmp_path)
    file(tmp_path).write_bytes(spoilt)
    assert standings(store, D, tmp_path) == whole
    assert file(tmp_path).stat().st_size > 1_000, "written again"


def test_a_folder_that_cannot_be_written_costs_time_not_the_answer(story: Any, tmp_path: Path) -> None:
    store = plans(story)
    gone = tmp_path / "gone"
    assert standings(store, D, gone) == stood(store, D)
    assert not gone.exists()


def test_the_days_last_worked_out_are_kept_and_older_ones_go(story: Any, tmp_path: Path) -> None:
    for n in range(MOST + 2):
        old = file(tmp_path, D - timedelta(days=n + 1))
        old.write_bytes(b"")
        os.utime(old, (n, n))
    standings(plans(story), D, tmp_path)
    days = sorted(one.name for one in tmp_path.glob(FILE.format(day="*")))
    assert len(days) == MOST
    assert file(tmp_path).name in days
    assert file(tmp_path, D - timedelta(days=1)).name not in days, "written first"


def test_decisions_are_put_beside_what_is_kept_each_time(story: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    store = plans(story)
    worklist(store, D, folder=tmp_path)
    request.getfixturevalue("deaf")
    closing = Entry(1, datetime(2020, 1, 1, tzinfo=UTC), "close", "plan", "P01", D, "Fay Example", "why")
    whole = worklist(store, D, [closing], only=["P01"], folder=tmp_path)
    assert [(item.finding.child, item.status) for item in whole.items] == [("plan_and_gp", "open"), ("plan", "closed")]
    assert [item.finding.child for item in whole.page(store, Filters(agencies=("gp",))).items] == ["plan_and_gp"]
    assert whole.agency_names == {"csc": "Social care", "gp": "Park Surgery"}
