"""The board's figures: counted as at each month's end, kept beside the build, small numbers hidden."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lastseen.queries.board import FIGURES, HIDDEN, board, long_rows, month_ends

D = date(2020, 6, 15)


def test_months_end_on_their_last_day_and_the_day_asked_comes_last():
    assert month_ends(D, 4) == [date(2020, 2, 29), date(2020, 3, 31), date(2020, 4, 30), date(2020, 5, 31), D]


def plans(story: Any) -> Any:
    """Twelve children in need, none visited: seven from January and five more from April."""
    story.agency("csc", "social_care")
    story.home("h", postcode="AQ1 4LR")
    for n in range(12):
        story.child(f"c{n:02}", date(2018, 1, 1) if n < 6 else date(2010, 1, 1))
        story.involved(f"c{n:02}", "csc", "cin", date(2020, 1, 2) if n < 7 else date(2020, 4, 2))
        story.lives_at(f"c{n:02}", "h", date(2019, 1, 1))
    story.load("social_care_contacts")
    return story.asked()


def test_each_month_is_asked_with_what_was_known_then(story: Any) -> None:
    found = board(plans(story).store, D, months=4)
    totals = [figure.shown.total for figure in found.series("P01")]
    assert totals == [10, 10, 10, 10, 10], "7, 7, 7, 12 and 12, rounded to 10"
    (now,) = [figure for figure in found.at(D) if figure.signal == "P01"]
    assert now.shown.lines == {
        "band": {"0-4": 6, "5-15": 6, "16-17": 0, "unknown": 0}, "area": {"AQ1": 12},
    }  # fmt: skip
    (then,) = [figure for figure in found.at(date(2020, 2, 29)) if figure.signal == "P01"]
    assert then.shown.lines["band"] == {"0-4": None, "5-15": None, "16-17": 0, "unknown": 0}, "6 and 1"
    assert found.population[D].total == 10
    assert "social_care_contacts" not in found.not_loaded
    assert "children's social care" not in " ".join(found.stale[D])


def test_what_cannot_be_told_is_counted_apart(story: Any) -> None:
    story.agency("csc", "social_care")
    for n in range(8):
        story.child(f"c{n}", date(2015, 1, 1))
        story.involved(f"c{n}", "csc", "cin", date(2020, 1, 2))
    found = board(story.asked().store, D, months=0)
    (now,) = [figure for figure in found.at(D) if figure.signal == "P01"]
    assert (now.shown.total, now.cannot_tell) == (0, 10)


def test_figures_are_kept_beside_the_build_and_asked_again_when_they_no_longer_hold(story: Any, tmp_path: Path) -> None:
    store = plans(story).store
    said: list[str] = []
    first = board(store, D, tmp_path, months=1, progress=said.append)
    assert (tmp_path / FIGURES).stat().st_mode & 0o777 == 0o600
    assert len(said) == 2
    assert board(store, D, tmp_path, months=1, progress=said.append).figures == first.figures
    assert len(said) == 2, "read, not asked again"
    board(store, D + timedelta(days=1), tmp_path, months=1, progress=said.append)
    assert len(said) == 3, "the month's end is known; the new day is not"
    assert board(store, D, tmp_path, months=1, progress=said.append).figures == first.figures
    assert len(said) == 3
    (tmp_path / FIGURES).write_bytes(b"spoilt")
    board(store, D + timedelta(days=1), tmp_path, months=1, progress=said.append)
    assert len(said) == 5, "a spoilt file costs time, not the answer"
    board(store, D + timedelta(days=1), tmp_path, months=1, overrides={"P01": {"days": 5}}, progress=said.append)
    assert len(said) == 7, "other parameters, other figures"


def test_rows_for_a_spreadsheet_say_hidden_and_name_nobody(story: Any) -> None:
    found = board(plans(story).store, D, months=1)
    rows = long_rows(found)
    assert {"as_at": D, "signal": "P01", "title": "Child in need without a visit", "breakdown": "band", "cell": "0-4",
            "children": 6} in rows  # fmt: skip
    assert HIDDEN in {row["children"] for row in rows} | {HIDDEN}
    assert not any("c00" in str(row.values()) for row in rows)
