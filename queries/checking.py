"""What a question's Cypher may say: names that the schema has, the half of the language that both engines share, and the
defences against what an engine was measured to get wrong (design section 5).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lastseen.graph.errors import Refused
from lastseen.graph.schema import EDGES, NODES
from lastseen.queries.defences import is_with, silent_faults
from lastseen.queries.dialect import AS_AT, CALLS, DATED, dating, expand
from lastseen.queries.reading import KEYWORDS, Bound, Reading, read
from lastseen.queries.tokens import Token, tokenise

BUILT_IN = (AS_AT,)
FUNCTIONS = frozenset({"count", "collect", "min", "max", "coalesce", "size", "lower", "upper", "trim", "abs"})
"""Plain functions that both engines have and answer alike (tests/queries/test_dialect.py asks both)."""


def faults(text: str, columns: Collection[str], allowed: Collection[str]) -> tuple[list[str], set[str]]:
    """Everything wrong with a text that should return `columns` and use no parameter beyond `allowed`; and those it uses."""
    try:
        tokens = tokenise(text)
        reading = read(tokens)
    except Refused as error:
        return [str(error)], set()
    wrong = [
        *_names(reading),
        *_words(reading),
        *_functions(reading),
        *_dates(reading),
        *_order(tokens),
        *_clauses(tokens),
        *(f"${name} is not in the header" for name in sorted(reading.parameters - set(allowed))),
    ]
    try:
        wrong += silent_faults(read(tokenise(expand(text, "neo4j"))))
    except Refused as error:
        wrong.append(str(error))
    returned = _returned(tokens)
    if returned != list(columns):
        wrong.append(f"it returns {', '.join(returned) or 'nothing'} where the header has {', '.join(columns)}")
    return wrong, reading.parameters


def _names(reading: Reading) -> list[str]:
    """Labels, types and properties that the schema does not have, and hops that no edge of the schema makes."""
    wrong = []
    ends = [end for start, _, other in reading.hops for end in (start, other)]
    for bound in reading.bound:
        known = NODES if bound.kind == "node" else EDGES
        wrong += [f"line {bound.line}: there is no {bound.kind} {label}" for label in bound.labels if label not in known]
        if bound.kind == "edge" and not bound.labels:
            wrong.append(f"line {bound.line}: an edge without a type")
        if bound.kind == "node" and not _all_labels(reading, bound) and (bound.name or bound not in ends):
            wrong.append(f"line {bound.line}: a node without a label")
    for use in reading.properties:
        labels = next((set(b.labels) for b in reading.bound if use.owner == f"#{b.at}"), None) or reading.labels(use.owner)
        if not labels:
            wrong.append(f"line {use.line}: .{use.name} is read from something that no pattern names")
        for label in sorted(labels):
            if label in NODES or label in EDGES:
                columns = NODES[label].columns if label in NODES else EDGES[label].columns
                if use.name not in columns:
                    wrong.append(f"line {use.line}: {label} has no property {use.name}")
    return wrong


def _words(reading: Reading) -> list[str]:
    known = reading.names()
    return [
        f"line {use.line}: {use.name} is neither a clause both engines have nor a name that the text makes"
        for use in reading.values
        if use.name not in known
    ]


def _functions(reading: Reading) -> list[str]:
    wrong = []
    for name, at in reading.functions:
        token = reading.tokens[at]
        if name.lower() not in FUNCTIONS and name not in CALLS:
            wrong.append(f"line {token.line}: {name}() is not a function that both engines share")
        elif name in DATED and reading.tokens[at - 1].upper == "NOT":
            wrong.append(f"line {token.line}: NOT {name}() would also take what nobody knew yet")
    return wrong


def _fragment_arguments(reading: Reading) -> set[str]:
    return {reading.tokens[at + 2].name for name, at in reading.functions if name in DATED}


def _dates(reading: Reading) -> list[str]:
    """Edges, Records and Contacts whose dates no fragment looks at."""
    asked = _fragment_arguments(reading)
    wrong = [
        f"line {bound.line}: {_said(bound)} has dates, and neither known(), open() nor ended() looks at them"
        for bound in reading.bound
        if (bound.kind == "edge" or "Record" in bound.labels)
        and dating(_all_labels(reading, bound))
        and bound.name not in asked
    ]
    safe = asked | {
        end.name
        for start, edge, other in reading.hops
        if edge.name in asked and "ABOUT" in _all_labels(reading, edge)
        for end in (start, other)
    }
    wrong += [
        f"line {bound.line}: {_said(bound)} has dates, and neither known() nor that of an ABOUT edge looks at them"
        for bound in reading.bound
        if bound.kind == "node" and "Contact" in bound.labels and bound.name not in safe
    ]
    return wrong


def _all_labels(reading: Reading, bound: Bound) -> frozenset[str]:
    return reading.labels(bound.name) if bound.name else frozenset(bound.labels)


def _said(bound: Bound) -> str:
    return f"{'(' if bound.kind == 'node' else '['}{bound.name}:{'|'.join(bound.labels)}{')' if bound.kind == 'node' else ']'}"


def _order(tokens: Sequence[Token]) -> list[str]:
    """A MATCH straight after a MATCH, and an ORDER BY that one engine would drop."""
    wrong = []
    matched, depth = False, 0
    for at, token in enumerate(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth:
            continue
        if token.upper in ("UNION", "UNWIND") or is_with(tokens, at):
            matched = False
        elif token.upper == "MATCH":
            if matched:
                wrong.append(
                    f"line {token.line}: write a WITH between one MATCH and the next; Ladybug was seen to lose rows without it"
                )
            matched = True
        if (
            token.upper == "ORDER"
            and _clause_of(tokens, at) == "WITH"
            and not any(t.upper == "LIMIT" for t in tokens[at : at + 12])
        ):
            wrong.append(f"line {token.line}: ORDER BY inside WITH needs a LIMIT")
    return wrong


def _clause_of(tokens: Sequence[Token], at: int) -> str:
    """The clause that the token at `at` belongs to."""
    for before in range(at - 1, -1, -1):
        if tokens[before].upper in ("MATCH", "UNWIND", "RETURN") or is_with(tokens, before):
            return tokens[before].upper
    return ""


def _clauses(tokens: list[Token]) -> list[str]:
    """Words and symbols of the language that are not shared."""
    wrong = []
    for at, token in enumerate(tokens):
        if token.text == ";" or token.kind == "quoted":
            wrong.append(f"line {token.line}: {token.text!r} has no place in a question")
        elif token.text == "=~":
            wrong.append(f"line {token.line}: the engines' regular expressions differ")
        elif token.text == "{" and tokens[at - 1].text == ",":
            wrong.append(f"line {token.line}: a map inside an expression is not shared")
        elif (
            token.text == "["
            and at
            and ((tokens[at - 1].kind == "word" and tokens[at - 1].upper not in KEYWORDS) or tokens[at - 1].text in ")]")
        ):
            wrong.append(f"line {token.line}: lists count from 1 on one engine and from 0 on the other")
    return wrong


def _returned(tokens: list[Token]) -> list[str]:
    """The names of the columns of the (first) RETURN at the outermost level."""
    depth, start = 0, None
    for at, token in enumerate(tokens):
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth == 0 and token.upper == "RETURN":
            start = at + 1
            break
    if start is None:
        return []
    names: list[str] = []
    item: list[Token] = []
    for token in [*tokens[start:], Token("symbol", ";", False, 0)]:
        depth += (token.text in "([{") - (token.text in ")]}")
        ends = depth == 0 and (token.text in (",", ";") or token.upper in ("UNION", "ORDER", "LIMIT", "SKIP"))
        if not ends:
            item.append(token)
            continue
        names.append(item[-1].name if item else "")
        item = []
        if token.text != ",":
            break
    return names
