"""Running one text of the shared dialect on whichever engine is open."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from typing import Any

from lastseen.graph.statement import parameter_names
from lastseen.graph.store import Dialect, Store
from lastseen.queries.dialect import AS_AT, expand


@functools.lru_cache(maxsize=256)
def _expanded(text: str, engine: Dialect, integers: frozenset[str]) -> str:
    return expand(text, engine, integers)


def prepared(text: str, engine: Dialect, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text as `engine` runs it, and those of the parameters that it uses (Ladybug refuses any other)."""
    integers = frozenset(name for name, value in parameters.items() if isinstance(value, int) and not isinstance(value, bool))
    cypher = _expanded(text, engine, integers)
    used = parameter_names(cypher)
    return cypher, {name: value for name, value in parameters.items() if name in used}


def run(store: Store, cypher_text: str, as_at: date, /, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a text as dicts by column."""
    cypher, used = prepared(cypher_text, store.dialect, {AS_AT: as_at, **parameters})
    answer = store.run(cypher, used)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
