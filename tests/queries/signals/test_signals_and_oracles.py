"""The hardest signals over the generated graph: the same children as oracles that never saw the Cypher."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.store import GraphTables, Store
from lastseen.queries.session import Session

sys.path.insert(0, str(Path(__file__).parents[1]))
import signal_oracles

DAYS = (date(2012, 3, 1), date(2016, 2, 29), date(2018, 7, 20), date(2020, 12, 31))
SIGNALS = (
    "two_addresses", "claim_unproved", "lists_differ", "run_of_misses", "referral_not_followed", "everyone_left",
    "sibling_seen_not_child",
)  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_finds_the_children_that_the_oracle_finds(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, name: str, day: date
) -> None:
    answer = Session(publish_tables(generated)).ask(name, day)
    listed = {row["child"] for row in answer.rows + answer.cannot_tell_rows}
    expected = getattr(signal_oracles, name)(generated, day)
    assert (sorted(listed - expected), sorted(expected - listed)) == ([], [])
    assert expected or day == DAYS[0], "nothing was compared"
