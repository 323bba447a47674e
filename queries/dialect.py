"""One Cypher text for two engines: fragments, date sums and typed integers, expanded in one pass.

| written | meaning as at `$as_at` (D) |
|---|---|
| `known(e)` | the fact stands: its source knew it by D, had not withdrawn it, and it was not after D |
| `known(e, day)` | the same as at another day, never later than D: how an event is judged; `open`, `ended` likewise |
| `open(e)` | `known(e)`, and no end that was known by D and has come |
| `ended(e)` | `known(e)`, and such an end |
| `child(p)` | in the population of children, born or expected |
| `unborn(p)` | expected, and no birth known by D |
| `age_unknown(p)` | known by D and not known to have died, but no source had said by D how old, or child or adult |
| `age_band(p)` | one of `schema.AGE_BANDS` |
| `born(p)` | the birth date, where it was known by D; else null |
| `apart(h, k)` | two Addresses that are not one place: other ids, neither an area containing the other, not both nowhere |
| `days_between(a, b)`, `plus_days(d, n)` | whole days from a to b; the day n days after d |

`known(e)` reads the dates that e's type has: an event and a Contact `occurred_on`, a claim `valid_from`, a Record only
what its source knew. Each fragment is true or false, never null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lastseen.graph.errors import Refused
from lastseen.graph.schema import EDGES
from lastseen.graph.store import Dialect
from lastseen.queries.reading import Reading, read
from lastseen.queries.tokens import Token, render, tokenise

AS_AT = "as_at"

_SAID = "{e}.known_on <= $as_at AND ({e}.withdrawn_on IS NULL OR {e}.withdrawn_on > $as_at)"
KNOWN = {
    "claim": f"({_SAID} AND ({{e}}.valid_from IS NULL OR {{e}}.valid_from <= $as_at))",
    "event": f"({_SAID} AND {{e}}.occurred_on <= $as_at)",
    "record": f"({_SAID})",
}
_END = "({e}.valid_to IS NOT NULL AND {e}.end_known_on IS NOT NULL AND {e}.valid_to <= $as_at AND {e}.end_known_on <= $as_at)"
_BORN = "({e}.born_on IS NOT NULL AND {e}.born_known_on IS NOT NULL AND {e}.born_on <= $as_at AND {e}.born_known_on <= $as_at)"
_UNBORN = (
    "({e}.expected_on IS NOT NULL AND {e}.expected_known_on IS NOT NULL AND {e}.expected_known_on <= $as_at"
    f" AND NOT {_BORN})"
)
_DEAD = "({e}.died_on IS NOT NULL AND {e}.died_known_on IS NOT NULL AND {e}.died_on <= $as_at AND {e}.died_known_on <= $as_at)"
PERSON = {
    "child": "({e}.child_from IS NOT NULL AND {e}.child_from <= $as_at"
    " AND ({e}.child_until IS NULL OR {e}.child_until > $as_at))",
    "unborn": _UNBORN,
    "born": "CASE WHEN {e}.born_known_on <= $as_at THEN {e}.born_on END",
    "age_unknown": "({e}.first_known_on IS NOT NULL AND {e}.first_known_on <= $as_at"
    f" AND ({{e}}.age_known_on IS NULL OR {{e}}.age_known_on > $as_at) AND NOT {_DEAD})",
    "age_band": f"CASE WHEN NOT {_BORN} THEN 'unknown' WHEN {{e}}.five_on > $as_at THEN '0-4'"
    " WHEN {e}.school_until > $as_at THEN '5-15' ELSE '16-17' END",
}
DATED = ("known", "open", "ended")
FRAGMENTS = (*DATED, *PERSON)
_APART = (
    "({h}.id <> {k}.id AND NOT ({h}.kind = 'area' AND coalesce({h}.area, '?') = coalesce({k}.area, ''))"
    " AND NOT ({k}.kind = 'area' AND coalesce({k}.area, '?') = coalesce({h}.area, ''))"
    " AND NOT ({h}.kind = 'no_fixed_abode' AND {k}.kind = 'no_fixed_abode'))"
)
PAIRS = ("days_between", "plus_days", "apart")
CALLS = (*FRAGMENTS, *PAIRS)


def dating(labels: Iterable[str]) -> str | None:
    """Which dates a variable with these labels or types has: 'claim', 'event', 'record', or None where it has none of them,
    or its types don't agree."""
    kinds = {
        "event" if label == "Contact" else "record" if label == "Record" else EDGES[label].dating if label in EDGES else "none"
        for label in labels
    }
    return kinds.pop() if len(kinds) == 1 and kinds != {"none"} else None


def expand(text: str, engine: Dialect, integers: Iterable[str] = ()) -> str:
    """The text as `engine` runs it. `integers` are the parameters to be typed as 64-bit integers."""
    tokens = tokenise(text)
    return Expander(read(tokens), engine, frozenset(integers)).text(tokens)


class Expander:
    """The one pass. Raises `Refused`, naming the line, for a fragment on something that has no such dates."""

    def __init__(self, reading: Reading, engine: Dialect, integers: frozenset[str]) -> None:
        self.reading = reading
        self.engine = engine
        self.integers = integers

    def text(self, tokens: Sequence[Token]) -> str:
        return render(self._expanded(tokens))

    def _expanded(self, tokens: Sequence[Token]) -> list[Token]:
        done: list[Token] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            call = token.kind == "word" and at + 1 < len(tokens) and tokens[at + 1].text == "("
            if call and token.text in CALLS:
                arguments, at = _arguments(tokens, at + 1)
                make: Callable[[Token, list[list[Token]]], str] = self._fragment if token.text in FRAGMENTS else self._pair
                done.append(Token("word", make(token, arguments), token.space, token.line))
            elif token.kind == "parameter" and token.text[1:] in self.integers and self.engine == "ladybug":
                done.append(Token("word", f"CAST({token.text} AS INT64)", token.space, token.line))
            else:
                done.append(token)
            at += 1
        return done

    def _fragment(self, token: Token, arguments: list[list[Token]]) -> str:
        most = 2 if token.text in DATED else 1
        if not 1 <= len(arguments) <= most or len(arguments[0]) != 1 or not arguments[0][0].name or not arguments[-1]:
            raise Refused(
                f"Line {token.line} of the Cypher text: {token.text}() takes one variable"
                f"{', and a day after it at most' if most == 2 else ''}.",
                "Name a node or an edge of a pattern.",
            )
        name = arguments[0][0].name
        labels = self.reading.labels(name)
        if token.text in PERSON:
            if labels != {"Person"}:
                raise Refused(
                    f"Line {token.line} of the Cypher text: {token.text}({name}) needs a Person.",
                    f"Give {name} the label Person in its pattern.",
                )
            return PERSON[token.text].replace("{e}", name)
        kind = dating(labels)
        if kind is None or (token.text != "known" and kind != "claim"):
            raise Refused(
                f"Line {token.line} of the Cypher text: {token.text}({name}) needs"
                f" {'an edge or node' if token.text == 'known' else 'an edge'}"
                f" with {'dates' if token.text == 'known' else 'a start and an end'}.",
                f"Give {name} one type in its pattern, or types whose dates mean the same.",
            )
        day = f"({self.text(arguments[1])})" if len(arguments) == 2 else f"${AS_AT}"
        known, end = (part.replace("{e}", name).replace(f"${AS_AT}", day) for part in (KNOWN[kind], _END))
        return {"known": known, "open": f"({known} AND NOT {end})", "ended": f"({known} AND {end})"}[token.text]

    def _pair(self, token: Token, arguments: list[list[Token]]) -> str:
        if len(arguments) != 2 or not all(arguments):
            raise Refused(
                f"Line {token.line} of the Cypher text: {token.text}() takes two values.", "Separate them by a comma."
            )
        first, second = (self.text(argument) for argument in arguments)
        if token.text == "apart":
            if any(self.reading.labels(name) != {"Address"} for name in (first, second)):
                raise Refused(f"Line {token.line} of the Cypher text: apart() needs two Addresses.", "Name two of its nodes.")
            return _APART.replace("{h}", first).replace("{k}", second)
        if token.text == "days_between":
            return f"(({second}) - ({first}))" if self.engine == "ladybug" else f"duration.inDays({first}, {second}).days"
        return f"(({first}) + ({second}))" if self.engine == "ladybug" else f"(({first}) + duration({{days: {second}}}))"


def _arguments(tokens: Sequence[Token], start: int) -> tuple[list[list[Token]], int]:
    """The arguments of the call whose '(' is at `start`, and the index of its ')'."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for at in range(start, len(tokens)):
        token = tokens[at]
        if token.text in "([{":
            depth += 1
            if depth == 1:
                continue
        elif token.text in ")]}":
            depth -= 1
            if depth == 0:
                return arguments, at
        if token.text == "," and depth == 1:
            arguments.append([])
        else:
            arguments[-1].append(token)
    raise Refused(f"Line {tokens[start].line} of the Cypher text: '(' is never closed.", "Check the brackets.")
