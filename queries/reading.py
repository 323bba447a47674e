"""What a Cypher text binds and touches: its variables, labels, types, properties, functions and subqueries.

Shared by the dialect pass (which dates has `e`?), the catalogue's check of names and the console's guard. It knows the
reading half of the language only, as both engines have it; whoever asks decides what is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lastseen.graph.errors import Refused
from lastseen.queries.tokens import Token

_KEYWORDS = """
MATCH OPTIONAL WHERE WITH UNWIND RETURN DISTINCT AS AND OR XOR NOT IN IS NULL TRUE FALSE STARTS ENDS CONTAINS
CASE WHEN THEN ELSE END EXISTS COUNT UNION ALL ANY ORDER BY ASC ASCENDING DESC DESCENDING SKIP LIMIT
"""
KEYWORDS = frozenset(_KEYWORDS.split())
_ENDS_PATTERN = frozenset({"WHERE", "WITH", "RETURN", "UNWIND", "MATCH", "OPTIONAL", "UNION", "ORDER"})
_OPENS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Bound:
    """A node or edge in a pattern: its variable ('' without one), labels or types as written, and where it stands."""

    kind: str  # 'node' or 'edge'
    name: str
    labels: tuple[str, ...]
    at: int
    line: int
    depth: int  # the subquery it stands in: 0 outside every EXISTS { } and COUNT { }


@dataclass(frozen=True)
class Use:
    """A property read (`name` of variable `owner`, '' in a chain such as `nodes(p)[0].id`) or a word used as a value."""

    owner: str
    name: str
    line: int
    depth: int


@dataclass
class Reading:
    tokens: Sequence[Token]
    bound: list[Bound] = field(default_factory=list)
    hops: list[tuple[Bound, Bound, Bound]] = field(default_factory=list)  # node, edge, node as written
    properties: list[Use] = field(default_factory=list)
    values: list[Use] = field(default_factory=list)
    functions: list[tuple[str, int]] = field(default_factory=list)  # (name, index of its token)
    aliases: dict[str, int] = field(default_factory=dict)  # name -> depth of subquery
    parameters: set[str] = field(default_factory=set)

    def labels(self, name: str) -> frozenset[str]:
        """Every label or type that a pattern gives the variable."""
        return frozenset(label for bound in self.bound if bound.name == name for label in bound.labels)

    def depth_of(self, name: str) -> int:
        """The outermost subquery that binds the variable."""
        return min([b.depth for b in self.bound if b.name == name] + [self.aliases.get(name, 99)])

    def names(self) -> set[str]:
        return {bound.name for bound in self.bound if bound.name} | set(self.aliases)


def read(tokens: Sequence[Token]) -> Reading:
    """Walk the tokens once. Raises `Refused` where brackets don't match or a pattern can't be understood."""
    _brackets(tokens)
    reading = Reading(tokens)
    subqueries: list[bool] = []  # one entry per open brace: does it open a subquery?
    inside: set[int] = set()  # tokens that a pattern already explained
    for at, token in enumerate(tokens):
        depth = sum(subqueries)
        before, after = _text(tokens, at - 1), _text(tokens, at + 1)
        if token.text == "{":
            subqueries.append(before.upper() in ("EXISTS", "COUNT"))
        elif token.text == "}":
            subqueries.pop()
        elif token.kind == "parameter":
            reading.parameters.add(token.text[1:])
        elif token.upper == "MATCH" and before != ".":
            _patterns(reading, at + 1, depth, inside)
        elif token.name and at not in inside:
            _word(reading, at, token, before, after, depth)
    return reading


def _word(reading: Reading, at: int, token: Token, before: str, after: str, depth: int) -> None:
    tokens = reading.tokens
    if before == ".":
        owner = tokens[at - 2] if at >= 2 else token
        known = owner.name if owner.upper not in KEYWORDS and _text(tokens, at - 3) != "." else ""
        if after == "(":
            dotted = at
            while _text(tokens, dotted - 1) == ".":
                dotted -= 2
            reading.functions.append(("".join(item.name or item.text for item in tokens[dotted : at + 1]), at))
        else:
            reading.properties.append(Use(known, token.name, token.line, depth))
    elif after == "(" and (token.upper not in KEYWORDS or token.upper == "COUNT"):
        reading.functions.append((token.name, at))
    elif token.upper in KEYWORDS:
        return
    elif before.upper() == "AS" or (
        after.upper() == "IN" and before == "(" and _text(tokens, at - 2).upper() in ("ANY", "ALL", "NONE", "SINGLE")
    ):
        reading.aliases.setdefault(token.name, depth)
    elif after == "." and _text(tokens, at + 3) == "(":
        return  # the first part of a dotted function's name
    else:
        reading.values.append(Use("", token.name, token.line, depth))


def _patterns(reading: Reading, at: int, depth: int, inside: set[int]) -> None:
    """The patterns of one MATCH, from the token after it to the clause that ends it."""
    tokens = reading.tokens
    last: Bound | None = None
    edge: Bound | None = None
    while at < len(tokens):
        token = tokens[at]
        if token.upper in _ENDS_PATTERN or token.text in ("}", ";"):
            return
        if token.text in ("(", "["):
            end = _closing(tokens, at)
            one = _element(reading, at, end, depth, inside)
            if token.text == "[":
                edge = one
            else:
                if edge is not None and last is not None:
                    reading.hops.append((last, edge, one))
                last, edge = one, None
            at = end
        elif token.text == ",":
            last = edge = None
        elif token.name and _text(tokens, at + 1) == "=":
            reading.aliases.setdefault(token.name, depth)
            inside.add(at)
        elif token.text == "-" and edge is None and _text(tokens, at + 1) in ("-", ">"):
            edge = Bound("edge", "", (), at, token.line, depth)
            reading.bound.append(edge)
        at += 1


def _element(reading: Reading, start: int, end: int, depth: int, inside: set[int]) -> Bound:
    """One node `(name:Label|Other {property: …})` or edge `[name:TYPE*1..3 {…}]` between its brackets."""
    tokens = reading.tokens
    kind = "node" if tokens[start].text == "(" else "edge"
    name, labels, at = "", [], start + 1
    if at < end and tokens[at].name:
        name = tokens[at].name
        inside.add(at)
        at += 1
    while at < end and tokens[at].text in (":", "|", "&"):
        at += 1 + (_text(tokens, at + 1) == ":")
        if at >= end or not tokens[at].name:
            raise Refused(
                f"Line {tokens[start].line} of the Cypher text: a label is missing after ':' or '|'.",
                "Name it, as `lastseen schema` does.",
            )
        labels.append(tokens[at].name)
        inside.add(at)
        at += 1
    if kind == "edge" and at < end and tokens[at].text == "*":
        while at < end and (tokens[at].text in ("*", "..") or tokens[at].kind == "number"):
            at += 1
    bound = Bound(kind, name, tuple(labels), start, tokens[start].line, depth)
    reading.bound.append(bound)
    if at < end:
        _map(reading, at, end, depth, bound, inside)
    return bound


def _map(reading: Reading, at: int, end: int, depth: int, owner: Bound, inside: set[int]) -> None:
    """The `{property: value}` of a pattern; its values are read like any other expression."""
    tokens = reading.tokens
    if tokens[at].text != "{" or _closing(tokens, at) != end - 1:
        raise Refused(
            f"Line {tokens[at].line} of the Cypher text: {tokens[at].text!r} is not understood in a pattern.",
            "Put conditions after WHERE.",
        )
    for index in range(at + 1, end - 1):
        if tokens[index].name and tokens[index + 1].text == ":" and tokens[index - 1].text in ("{", ","):
            reading.properties.append(Use(owner.name or f"#{owner.at}", tokens[index].name, tokens[index].line, depth))
            inside.add(index)


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _closing(tokens: Sequence[Token], start: int) -> int:
    """The index of the bracket that closes the one at `start` (brackets are known to match)."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += (tokens[at].text in _OPENS) - (tokens[at].text in _OPENS.values())
        if depth == 0:
            return at
    raise AssertionError("brackets were checked")


def _brackets(tokens: Sequence[Token]) -> None:
    waiting: list[Token] = []
    for token in tokens:
        if token.text in _OPENS:
            waiting.append(token)
        elif token.text in _OPENS.values() and (not waiting or _OPENS[waiting.pop().text] != token.text):
            raise Refused(f"Line {token.line} of the Cypher text: {token.text!r} closes nothing.", "Check the brackets.")
    if waiting:
        raise Refused(
            f"Line {waiting[-1].line} of the Cypher text: {waiting[-1].text!r} is never closed.", "Check the brackets."
        )
