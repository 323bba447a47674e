"""One child instead of the whole population: the same text, with the child's id in every MATCH that starts from the child.

Both engines look an id up. Written into the first MATCH only, Ladybug would scan a whole edge table at each later one
(0.4 s instead of 7 ms at 145,000 children). The rows are those of the whole population for that child: a test compares.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from lastseen.graph.store import Store
from lastseen.queries.defences import condition
from lastseen.queries.reading import read
from lastseen.queries.texts import table
from lastseen.queries.tokens import Token, render, tokenise

CHILD = "child"
"""The parameter with the child's id."""
FEW = 60
"""Up to so many children are looked up one by one; for more, everybody is read."""


def table_about(
    store: Store, text: str, as_at: date, children: Collection[str], schema: pa.Schema, **given: Any
) -> pa.Table:
    """The rows of a text about these children as an Arrow table; where they are many, of all: whoever asks picks its own."""
    if len(children) > FEW:
        return table(store, text, as_at, schema, **given)
    one = narrowed(text)
    parts = [table(store, one, as_at, schema, **given, **{CHILD: child}) for child in sorted(children)]
    return pa.concat_tables([schema.empty_table(), *parts])


@functools.lru_cache(maxsize=128)
def narrowed(text: str) -> str:
    """The text for the one child `$child`: `child(c)` names the variables that stand for it."""
    tokens = tokenise(text)
    reading = read(tokens)
    done: list[Token] = []
    start = 0
    for end in [*(at for at, token in enumerate(tokens) if token.upper == "UNION"), len(tokens)]:
        children = {tokens[at + 2].name for name, at in reading.functions if name == "child" and start <= at < end}
        done += _branch(tokens[start:end], children)
        start = end
    return render(done)


def _branch(tokens: Sequence[Token], children: set[str]) -> list[Token]:
    """One branch of a UNION with a condition more in each MATCH whose pattern has one of the children."""
    opens: dict[int, str] = {}
    closes: set[int] = set()
    for at, token in enumerate(tokens):
        if token.upper != "MATCH" or not token.name:
            continue
        start, end = condition(tokens, at + 1)
        pattern = range(at + 1, start - 1 if start < end else end)
        # With a dozen conditions on an edge beside the child's id, Ladybug scans all edges and joins the child to them (2.5 s
        # instead of 0.4 ms): the id stands alone, and the rest after a WITH. An optional match has nowhere else to put it.
        if named := sorted({tokens[one].name for one in pattern} & children):
            ids = " AND ".join(f"{name}.id = ${CHILD}" for name in named)
            first = f" {ids} AND (" if tokens[at - 1].upper == "OPTIONAL" else f" {ids} WITH * WHERE ("
            opens[start] = first if start < end else f" WHERE {ids} "
            if start < end:
                closes.add(end)
    done: list[Token] = []
    for at in range(len(tokens) + 1):
        line = tokens[min(at, len(tokens) - 1)].line
        if at in closes:
            done.append(Token("symbol", ")", False, line))
        if at in opens:
            done.append(Token("word", opens[at], True, line))
        if at < len(tokens):
            done.append(tokens[at])
    return done
