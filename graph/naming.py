"""Which of the names that sources write for one person is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

PLACEHOLDERS = frozenset(["baby", "infant", "unknown", "nk", "unborn", "newborn", "twin"])
"""Words that a source writes where it has no given name: shown only where no source has better."""


def commonest(records: Iterable[Mapping[str, Any]]) -> str | None:
    """The name that most sources write, of equals the first record's; None without any. Records as `record`, `source`,
    `name`, `key` (the tidied name)."""
    written = [row for row in records if row["name"]]
    named = [row for row in written if PLACEHOLDERS.isdisjoint((row["key"] or "").split())] or written
    if not named:
        return None
    if len({row["key"] for row in named}) == 1:
        return str(min(named, key=lambda row: row["record"])["name"])
    sources: dict[str, set[str]] = defaultdict(set)
    for row in named:
        sources[row["key"]].add(row["source"])
    return str(min(named, key=lambda row: (-len(sources[row["key"]]), row["record"]))["name"])
