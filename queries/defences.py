"""Cypher that an engine was measured to answer wrongly, in silence: refused in questions, and in typed text too.

Each rule here has a case in tests/queries/test_defences.py that shows the harm, or that it is gone, on the installed engines.
"""

from __future__ import annotations

from collections.abc import Sequence

from lastseen.queries.reading import Reading
from lastseen.queries.tokens import Token

AGGREGATES = frozenset({"count", "collect", "min", "max", "sum", "avg"})
_CLAUSES = frozenset({"MATCH", "OPTIONAL", "UNWIND", "RETURN", "UNION"})


def silent_faults(reading: Reading) -> list[str]:
    """Every place of a text (its fragments expanded) where Ladybug 0.20.4 would give wrong rows."""
    return [
        *_outside_values(reading), *_late_aggregates(reading.tokens), *_outside_conditions(reading),
        *_lists_of_nothing(reading.tokens),
    ]  # fmt: skip


def _outside_values(reading: Reading) -> list[str]:
    """A subquery's value from outside it: where it is null for one row, another row is given twice in its place."""
    return [
        f"line {use.line}: {use.owner or use.name} comes from outside the subquery; Ladybug gives wrong rows where such a value"
        " is null: use OPTIONAL MATCH and count()"
        for use in [*reading.properties, *reading.values]
        if use.depth > 0 and not use.owner.startswith("#") and reading.depth_of(use.owner or use.name) < use.depth
    ]


def _late_aggregates(tokens: Sequence[Token]) -> list[str]:
    """A plain aggregate after a DISTINCT one in the same clause: it comes out null, or the process dies."""
    wrong, distinct = [], False
    for at, token in enumerate(tokens[:-2]):
        if token.upper == "RETURN" or is_with(tokens, at):
            distinct = False
        elif token.name.lower() in AGGREGATES and tokens[at + 1].text == "(" and tokens[at - 1].text != ".":
            if tokens[at + 2].upper == "DISTINCT":
                distinct = True
            elif distinct:
                wrong.append(
                    f"line {token.line}: {token.name}() stands after a DISTINCT one; Ladybug would give null:"
                    " put those with DISTINCT last"
                )
    return wrong


def _outside_conditions(reading: Reading) -> list[str]:
    """In the WHERE of an OPTIONAL MATCH, a value from before it: some rows are taken as unmatched that are not."""
    tokens = reading.tokens
    wrong = []
    for at, token in enumerate(tokens):
        if token.upper != "OPTIONAL":
            continue
        branch = max((one for one in range(at) if tokens[one].upper == "UNION"), default=0)
        before = {bound.name for bound in reading.bound if branch <= bound.at < at and bound.name} | {
            tokens[one + 1].name for one in range(branch, at) if tokens[one].upper == "AS"
        }
        start, end = condition(tokens, at + 2)
        wrong += [
            f"line {tokens[one].line}: {tokens[one].name} comes from before the OPTIONAL MATCH; in its WHERE Ladybug"
            " takes some rows as unmatched that are not: use count(CASE WHEN … THEN 1 END) or min(CASE …) after it"
            for one in range(start, end)
            if tokens[one].name in before and tokens[one - 1].text != "." and not _looked_up(tokens, at + 2, one)
        ]
    return wrong


def _lists_of_nothing(tokens: Sequence[Token]) -> list[str]:
    """A collect() added to a list: Ladybug collects nothing into null, and a list with null added to it is null."""
    collected = set()
    for at, token in enumerate(tokens):
        if token.name.lower() == "collect" and tokens[at + 1].text == "(":
            end = _closed(tokens, at + 1)
            if end + 2 < len(tokens) and tokens[end + 1].upper == "AS":
                collected.add(tokens[end + 2].name)
    return [
        f"line {token.line}: {token.name} may have collected nothing, which is null on Ladybug and swallows the list it is"
        " added to: write a + coalesce(b, a)"
        for at, token in enumerate(tokens)
        if at and token.name in collected and tokens[at - 1].text == "+"
    ]


def _closed(tokens: Sequence[Token], at: int) -> int:
    """The place of the bracket that closes the one at `at`."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += (tokens[place].text == "(") - (tokens[place].text == ")")
        if depth == 0:
            return place
    return len(tokens)


def _looked_up(tokens: Sequence[Token], pattern: int, at: int) -> bool:
    """Whether `c.id = $one` stands at `at`, c being a node of this very pattern: no value from before, but where it begins.
    Ladybug then looks the node up and needs not scan every edge of the type."""
    start, _ = condition(tokens, pattern)
    after = tokens[at + 1 : at + 5]
    return (
        [token.text for token in after[:3]] == [".", "id", "="]
        and after[3].kind == "parameter"
        and tokens[at - 1].upper in ("WHERE", "AND")
        and any(tokens[one].name == tokens[at].name and tokens[one - 1].text == "(" for one in range(pattern, start - 1))
    )


def condition(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Where the WHERE of the MATCH whose pattern starts at `at` begins and ends; an empty range without one."""
    depth, start = 0, len(tokens)
    for place in range(at, len(tokens)):
        token = tokens[place]
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth < 0 or (depth == 0 and (token.upper in _CLAUSES or is_with(tokens, place))):
            return min(start, place), place
        if depth == 0 and token.upper == "WHERE":
            start = place + 1
    return start, len(tokens)


def is_with(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token is the clause WITH, not that of STARTS WITH."""
    return tokens[at].upper == "WITH" and (at == 0 or tokens[at - 1].upper not in ("STARTS", "ENDS"))
