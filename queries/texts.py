"""Running one text of the shared dialect on whichever engine is open."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from lastseen.graph.statement import parameter_names
from lastseen.graph.store import Dialect, Rows, Store
from lastseen.queries.dialect import AS_AT, expand
from lastseen.queries.tokens import render, tokenise


@functools.lru_cache(maxsize=256)
def _expanded(text: str, engine: Dialect, integers: frozenset[str]) -> str:
    return expand(text, engine, integers)


def prepared(text: str, engine: Dialect, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text as `engine` runs it, and those of the parameters that it uses (Ladybug refuses any other)."""
    integers = frozenset(name for name, value in parameters.items() if isinstance(value, int) and not isinstance(value, bool))
    cypher = _expanded(text, engine, integers)
    used = parameter_names(cypher)
    return cypher, {name: value for name, value in parameters.items() if name in used}


@functools.lru_cache(maxsize=256)
def branches(cypher: str) -> tuple[str, ...]:
    """The parts of a text that UNION ALL joins."""
    tokens = tokenise(cypher)
    parts, start = [], 0
    for at, token in enumerate(tokens[:-1]):
        if token.upper == "UNION" and tokens[at + 1].upper == "ALL":
            parts.append(render(tokens[start:at]))
            start = at + 2
    return (*parts, render(tokens[start:]))


def run_branches(store: Store, cypher: str, used: Mapping[str, Any]) -> Rows:
    """A prepared text's rows. The embedded engine is asked for one branch after the other: it holds the joins of all branches
    of a statement in memory at once, which six of them over a city's addresses did not fit."""
    parts = branches(cypher) if store.dialect == "ladybug" else ()
    if len(parts) < 2:
        return store.run(cypher, used)
    answers = [store.run(part, {name: used[name] for name in parameter_names(part)}) for part in parts]
    return Rows(answers[0].columns, [row for answer in answers for row in answer.rows])


def table(store: Store, cypher_text: str, as_at: date, schema: pa.Schema, /, **parameters: Any) -> pa.Table:
    """The rows of a text without UNION as an Arrow table."""
    return store.table(*prepared(cypher_text, store.dialect, {AS_AT: as_at, **parameters}), schema)


def run(store: Store, cypher_text: str, as_at: date, /, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a text as dicts by column."""
    answer = run_branches(store, *prepared(cypher_text, store.dialect, {AS_AT: as_at, **parameters}))
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
