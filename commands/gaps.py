"""Rows that say aloud where a history holds nothing: silence is what this product looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def with_gaps(rows: Sequence[Mapping[str, Any]], on: str, as_at: date, days: int) -> list[Mapping[str, Any]]:
    """The rows in their order, with a gap row wherever `days` or more pass between two, and up to `as_at`.

    `on` names the date column; a gap row holds its sentence in the column after it, `kind`. Rows may run forwards or
    backwards in time; those without a date are left where they are and end no gap.
    """
    dated = [row[on] for row in rows if row[on] is not None]
    if not dated:
        return list(rows)
    newest_first = dated[0] > dated[-1]
    shown: list[Mapping[str, Any]] = []
    before: date | None = as_at if newest_first else None
    for row in rows:
        if before is not None and row[on] is not None:
            shown += _gap(before, row[on], on, days)
        shown.append(row)
        before = row[on] or before
    if not newest_first and before is not None:
        shown += _gap(before, as_at, on, days)
    return shown


def _gap(one: date, other: date, on: str, days: int) -> list[Mapping[str, Any]]:
    length = abs((other - one).days)
    return [{on: None, "kind": f"({length:,} days: nothing on record)"}] if length >= days else []
