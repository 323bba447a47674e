"""A history as a reader follows it: one line a contact, and the silence between them said aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]

COLUMNS = ["on", "contact", "by", "this person", "where", "others"]


def told(rows: Sequence[Row]) -> list[Row]:
    """Rows of `contact_history` in six columns of words."""
    return [
        {
            "on": row["occurred_on"],
            "contact": _joined(_kind(row["kind"]), "" if row["role"] in (None, "subject") else _words(row["role"])),
            "by": _joined(row["agency"], row["worker"]),
            "this person": _joined(_level(row["level"]), _words(row["outcome"])),
            "where": row["place_name"],
            "others": "; ".join(
                f"{said}: {', '.join(row[names])}"
                for said, names in (("seen", "seen_too_name"), ("not seen", "not_seen_name"))
                if row[names]
            ),
        }
        for row in rows
    ]


def with_gaps(rows: Sequence[Row], as_at: date, days: int) -> list[Row]:
    """The told rows in their order, with a gap row wherever `days` or more pass between two, and up to `as_at`.

    Rows may run forwards or backwards in time; those without a day are left where they are and end no gap.
    """
    dated = [row["on"] for row in rows if row["on"] is not None]
    if not dated:
        return list(rows)
    newest_first = dated[0] > dated[-1]
    shown: list[Row] = []
    before: date | None = as_at if newest_first else None
    for row in rows:
        if before is not None and row["on"] is not None:
            shown += _gap(before, row["on"], days)
        shown.append(row)
        before = row["on"] or before
    if not newest_first and before is not None:
        shown += _gap(before, as_at, days)
    return shown


def _gap(one: date, other: date, days: int) -> list[Row]:
    length = abs((other - one).days)
    return [{"contact": f"({length:,} days: nothing on record)"}] if length >= days else []


def _kind(kind: str | None) -> str:
    from lastseen.graph.schema import CONTACT_KINDS

    return CONTACT_KINDS[kind].label if kind in CONTACT_KINDS else _words(kind)


def _level(level: int | None) -> str:
    from lastseen.graph.schema import LEVELS

    return "" if level is None else f"{level} {LEVELS.get(level, '').split(':')[0]}".strip()


def _words(term: str | None) -> str:
    return (term or "").replace("_", " ")


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
