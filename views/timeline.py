"""One child's contacts as a list with its gaps told, and as a time line with a lane for each agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import altair as alt

from lastseen.graph.schema import CONTACT_KINDS, SEEN
from lastseen.views.look import MARKS, mark
from lastseen.views.words import contact_kind, html, in_words, level, listed, plain_name, span

SIGHTINGS = ("purpose", "seen")
"""Signs of a contact at which the child was seen."""

GAP = 90
"""Days without a row after which the list says so."""


@dataclass(frozen=True)
class Entry:
    """One contact as it is shown; `sign` is a key of `look.MARKS`."""

    on: date
    sign: str
    what: str
    who: str
    notes: list[str] = field(default_factory=list)
    source: str = ""


@dataclass(frozen=True)
class Gap:
    """A stretch without any entry, from one day to another."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def entries(rows: Sequence[dict[str, Any]]) -> list[Entry]:
    """Rows of `contact_history` as entries, in their order."""
    return [_entry(row) for row in rows]


def sign(row: dict[str, Any]) -> str:
    """Seen (for a purpose or at all), contact without sight, a claim, or a kind that does not try to reach the child."""
    if (row["level"] or 0) >= SEEN:
        return "purpose" if row["level"] > SEEN else "seen"
    if row["kind"] == "claim":
        return "claim"
    kind = CONTACT_KINDS.get(row["kind"])
    return "none" if kind is not None and not kind.tries else "unseen"


def signs(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The signs that these rows use, in the order of the legend."""
    used = {sign(row) for row in rows}
    return [kind for kind in MARKS if kind in used]


def _entry(row: dict[str, Any]) -> Entry:
    notes = [words for words in (level(row["level"]), plain_name(row["outcome"] or "")) if words]
    if row["role"] not in (None, "subject"):
        notes.append({"spoken_about": "spoken about", "listed": "only listed"}.get(row["role"], plain_name(row["role"])))
    if row["seen_too_name"]:
        notes.append(f"seen then: {listed(row['seen_too_name'])}")
    if row["not_seen_name"]:
        notes.append(f"not seen then: {listed(row['not_seen_name'])}")
    if row["place_name"]:
        notes.append(f"at {row['place_name']}")
    if row["reported_by"]:
        notes.append(f"reported by {row['reported_by']}")
    if row["known_on"] and (row["known_on"] - row["occurred_on"]).days > 60:
        notes.append(f"known only on {in_words(row['known_on'])}")
    who = ", ".join(name for name in (row["worker"], row["agency"]) if name) or plain_name(row["source"])
    kind = contact_kind(row["kind"])
    return Entry(row["occurred_on"], sign(row), kind[:1].upper() + kind[1:], who, notes, f"{row['source']}, row {row['row']}")


def with_gaps(shown: Sequence[Entry], as_at: date, least: int = GAP) -> list[Entry | Gap]:
    """Entries, newest first, with every stretch of at least `least` days without one, the last up to `as_at` included."""
    rows: list[Entry | Gap] = []
    later = as_at
    for entry in sorted(shown, key=lambda one: one.on, reverse=True):
        if (later - entry.on).days >= least:
            rows.append(Gap(entry.on, later))
        rows.append(entry)
        later = entry.on
    return rows


def as_list(rows: Sequence[Entry | Gap], nothing: str) -> str:
    """The list as HTML. `nothing` says of what a gap is empty: 'nothing recorded by a loaded agency'."""
    return f'<ol class="ls-history">{"".join(_gap(row, nothing) if isinstance(row, Gap) else _item(row) for row in rows)}</ol>'


def _gap(gap: Gap, nothing: str) -> str:
    return f'<li class="ls-gap">{span(gap.days)}: {html(nothing)}, {in_words(gap.start)} to {in_words(gap.end)}</li>'


def _item(entry: Entry) -> str:
    notes = f"<p>{html('; '.join(entry.notes))}</p>" if entry.notes else ""
    return (
        f'<li><span class="ls-day">{in_words(entry.on)}</span>{mark(entry.sign)}'
        f"<div><p><b>{html(entry.what)}</b>, {html(entry.who)}</p>{notes}"
        f'<p class="ls-quiet">{html(entry.source)}</p></div></li>'
    )


def chart(rows: Sequence[dict[str, Any]], as_at: date) -> alt.LayerChart | alt.FacetChart:
    """A lane an agency, a mark a contact (shape and colour by `sign`), and a line at the day asked."""
    points = [
        {
            "day": row["occurred_on"].isoformat(),
            "agency": row["agency"] or plain_name(row["source"]),
            "sign": MARKS[sign(row)][2],
            "what": contact_kind(row["kind"]),
            "level": level(row["level"]) or "no level",
            "told": in_words(row["occurred_on"]),
        }
        for row in rows
    ]
    order = list(dict.fromkeys(point["agency"] for point in sorted(points, key=lambda point: point["day"])))
    used = signs(rows)
    words = [MARKS[kind][2] for kind in used]
    first = min((row["occurred_on"] for row in rows), default=as_at)
    room = timedelta(days=max(20, (as_at - first).days // 40))
    across = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=[(first - room).isoformat(), (as_at + room).isoformat()]),
        axis=alt.Axis(labelColor="#0b0c0c", tickCount="year", format="%Y", gridColor="#dfe1e3"),
    )
    lanes = alt.Axis(labelLimit=300, labelFontSize=13, labelColor="#0b0c0c", grid=True)
    marks = (
        alt.Chart(_values(points))
        .mark_point(size=120, strokeWidth=2.2, opacity=1)
        .encode(
            x=across,
            y=alt.Y("agency:N", title=None, sort=order, axis=lanes),
            shape=alt.Shape("sign:N", scale=alt.Scale(domain=words, range=[MARKS[kind][0] for kind in used]), legend=None),
            stroke=alt.Stroke("sign:N", scale=alt.Scale(domain=words, range=[MARKS[kind][1] for kind in used]), legend=None),
            fill=alt.Fill(
                "sign:N",
                scale=alt.Scale(domain=words, range=[MARKS[kind][1] if kind == "purpose" else "#ffffff" for kind in used]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("told:N", title="Day"),
                alt.Tooltip("what:N", title="Contact"),
                alt.Tooltip("agency:N", title="Agency"),
                alt.Tooltip("level:N", title="Child"),
            ],
        )
    )
    today = (
        alt.Chart(_values([{"day": as_at.isoformat()}]))
        .mark_rule(color="#0b0c0c", strokeDash=[5, 4], strokeWidth=1.5)
        .encode(x="day:T")
    )
    return alt.layer(marks, today).properties(height=max(110, 38 * len(order) + 30))


def _values(rows: list[dict[str, str]]) -> alt.Data:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]
