from __future__ import annotations

from datetime import date
from typing import Any

from lastseen.views.timeline import Entry, Gap, as_list, chart, entries, sign, signs, with_gaps

DAY = date(2018, 7, 20)


def row(on: date, kind: str = "visit", level: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "occurred_on": on, "known_on": on, "kind": kind, "agency": "Health visiting", "worker": None,
        "source": "health_visiting", "role": "subject", "level": level, "outcome": None, "place_name": None,
        "seen_too_name": [], "not_seen_name": [],
        "reported_by": None, "row": "1:a.csv:2", **more,
    }  # fmt: skip


def test_a_sighting_is_told_from_a_contact_without_sight_and_from_what_never_tried() -> None:
    found = [sign(row(DAY, kind, level)) for kind, level in (
        ("visit", 4), ("welfare_visit", 3), ("visit", 2), ("visit", 0), ("visit", None), ("letter", None), ("claim", 1)
    )]  # fmt: skip
    assert found == ["purpose", "seen", "unseen", "unseen", "unseen", "none", "claim"]


def test_a_gap_is_a_row_of_its_own_and_the_last_runs_to_the_day_asked() -> None:
    shown = entries([row(date(2018, 1, 1)), row(date(2017, 12, 1)), row(date(2016, 1, 1))])
    rows = with_gaps(shown, DAY)
    assert [(r.start, r.end) if isinstance(r, Gap) else r.on for r in rows] == [
        (date(2018, 1, 1), DAY), date(2018, 1, 1), date(2017, 12, 1), (date(2016, 1, 1), date(2017, 12, 1)), date(2016, 1, 1),
    ]  # fmt: skip
    assert "23 months: nothing recorded, 1 January 2016 to 1 December 2017" in as_list(rows, "nothing recorded")


def test_no_gap_where_rows_stand_close() -> None:
    shown = entries([row(date(2018, 7, 1)), row(date(2018, 5, 1))])
    assert not [r for r in with_gaps(shown, DAY) if isinstance(r, Gap)]


def test_the_list_is_a_list_with_names_as_text_and_signs_with_words() -> None:
    told = as_list([Entry(DAY, "seen", "Visit", "<img src=x onerror=alert(1)>", ["a & b"])], "nothing")
    assert told.startswith('<ol class="ls-history"><li>')
    assert "<img" not in told
    assert "a &amp; b" in told
    assert 'role="img" aria-label="seen in person (level 3)"' in told


def test_an_entry_says_who_else_was_and_was_not_seen_and_when_it_was_known() -> None:
    (entry,) = entries([row(
        date(2016, 4, 11), "welfare_visit", 3, seen_too_name=["Freya", "Wren"], not_seen_name=["Ellis"],
        place_name="27 Quarry Rise", known_on=date(2016, 9, 1), outcome="no_further_action", worker="PC Holroyd",
    )])  # fmt: skip
    assert entry.what == "Police welfare visit"
    assert entry.who == "PC Holroyd, Health visiting"
    assert entry.notes == [
        "seen in person (level 3)", "no further action", "seen then: Freya and Wren", "not seen then: Ellis",
        "at 27 Quarry Rise", "known only on 1 September 2016",
    ]  # fmt: skip


def test_the_time_line_has_a_lane_an_agency_and_a_shape_a_sign() -> None:
    rows = [row(date(2018, 1, 1), level=4), row(date(2016, 4, 11), "welfare_visit", 3, agency="Police")]
    marks = chart(rows, DAY).to_dict()["layer"][0]
    assert {point["agency"] for point in marks["data"]["values"]} == {"Health visiting", "Police"}
    assert marks["encoding"]["shape"]["scale"]["range"] == ["circle", "circle"]
    assert marks["encoding"]["fill"]["scale"]["range"] == ["#00703c", "#ffffff"]
    assert signs(rows) == ["purpose", "seen"]
