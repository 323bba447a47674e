"""What both stores do to a Cypher text before and after the engine: missing parameters, and errors without values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lastseen.graph.errors import Refused

ASK_LESS = "Ask for less: name a person, a shorter period or fewer hops."

_QUIET = re.compile(r"""//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`""", re.DOTALL)
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_PARAMETER = re.compile(r"\$(\w+)")


def parameter_names(cypher: str) -> set[str]:
    """The `$names` a text uses, outside strings and comments."""
    return set(_PARAMETER.findall(_QUIET.sub(" ", cypher)))


def check_parameters(cypher: str, parameters: Mapping[str, Any]) -> None:
    """Raise `Refused` for a parameter that the text uses and nobody gave, or gave as null.

    Ladybug answers a missing parameter with no rows, which would read as "every child is fine".
    """
    missing = sorted(name for name in parameter_names(cypher) if parameters.get(name) is None)
    if missing:
        names = ", ".join(f"${name}" for name in missing)
        raise Refused(f"The statement needs a value for {names}.", "Give it as a parameter.")


def first_line(message: str, cypher: str, parameters: Mapping[str, Any]) -> str:
    """An engine's message about a text, short and without the values in it: they may be somebody's name or birth date."""
    line = message.strip().splitlines()[0] if message.strip() else "no reason given"
    values = [text[1:-1] for text in _QUOTED.findall(cypher)]
    values += [str(item) for value in parameters.values() for item in (value if isinstance(value, list) else [value])]
    for value in sorted(values, key=len, reverse=True):
        if len(value) > 1:
            line = line.replace(value, "…")
    return line[:300].rstrip(".") + "."
