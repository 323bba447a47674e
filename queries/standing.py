"""What stands about each child as at a day: the findings, each with the child's agencies and area, before anybody's decision.

It is what the worklist and the board are made of. It follows from the graph alone, so `kept.py` keeps it beside the build.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lastseen.graph.store import Store
from lastseen.queries.areas import areas
from lastseen.queries.findings import Finding, Overrides, evaluate
from lastseen.queries.silence import ties


@dataclass(frozen=True)
class Standing:
    """A finding; the ids of the agencies that should know the child, and of those among them that have not seen the child in
    the signal's window (`silent`); and the child's area (`areas.areas`)."""

    finding: Finding
    agencies: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True)
class Stood:
    """All that stands, in the order of the signals, and what its agencies are called, by id."""

    standings: list[Standing]
    agency_names: dict[str, str]


def stood(
    store: Store, as_at: date, *, child: str | None = None, only: Collection[str] = (), overrides: Overrides | None = None
) -> Stood:
    """What stands as at the day: about one child (a person's id) or all, of the signals `only` (ids) or all."""
    found = evaluate(store, as_at, child=child, only=only, overrides=overrides)
    concerned = {finding.child for finding in found}
    known = ties(store, as_at, concerned, max((finding.window for finding in found), default=1))
    where = areas(store, as_at, concerned)
    return Stood(
        [
            Standing(
                finding, tuple(known.agencies.get(finding.child, ())),
                tuple(known.silent(finding.child, as_at, finding.window)), where[finding.child],
            )
            for finding in found
        ],
        {agency: name for child in concerned for agency, name in known.agencies.get(child, {}).items()},
    )  # fmt: skip
