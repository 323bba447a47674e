"""What a header says, by the vocabulary in `words.yaml`: whom its cells are about, and what they tell."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from lastseen.loaders.yaml_text import read_yaml


class Meaning(NamedTuple):
    """`who` is a word of the vocabulary's first list ('child' where the header names nobody), `what` of its second."""

    who: str
    what: str


@cache
def vocabulary() -> dict[str, Any]:
    """The words as data."""
    read: dict[str, Any] = read_yaml((resources.files("lastseen.loaders.proposing") / "words.yaml").read_text(encoding="utf-8"))
    return read


@cache
def _phrases() -> dict[str, str]:
    """Squeezed phrase → what it says; of a phrase listed twice the first."""
    found: dict[str, str] = {}
    for what, phrases in vocabulary()["what"].items():
        for phrase in phrases:
            found.setdefault(squeezed(phrase), what)
    return found


@cache
def _people() -> list[tuple[str, str]]:
    """(squeezed word, who), the longest first."""
    words = [(squeezed(word), who) for who, listed in vocabulary()["who"].items() for word in listed]
    return sorted(words, key=lambda one: -len(one[0]))


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def tokens(header: str) -> list[str]:
    """A header's words: parted by spaces, punctuation and humps."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header.replace("'s", ""))
    return re.findall(r"[a-z0-9]+", parted.casefold())


def meaning(header: str) -> Meaning | None:
    """What a header says; None where the vocabulary does not hold it."""
    words = tokens(header)
    whole = "".join(words)
    if whole in _phrases():
        return Meaning("child", _phrases()[whole])
    for word, who in _people():
        if whole == word and who in ("mother", "father", "parent"):
            return Meaning(who, "full_name")
        rest = whole.removeprefix(word) if whole.startswith(word) else whole.removesuffix(word).removesuffix("of")
        if rest and rest != whole and rest in _phrases():
            return Meaning(who, _phrases()[rest])
    return _inside(words)


def _inside(words: list[str]) -> Meaning | None:
    """The longest phrase of two words or more that stands in the header, or its last word where that has five letters."""
    runs = [words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    likely = [run for run in runs if "".join(run) in _phrases() and (len(run) > 1 or (run == words[-1:] and len(run[0]) >= 5))]
    if likely:
        run = max(likely, key=lambda run: len("".join(run)))
        rest = "".join(words).replace("".join(run), "", 1)
        who = next((who for word, who in _people() if len(word) > 3 and word in rest), "child")
        return Meaning(who, _phrases()["".join(run)])
    whole = "".join(words)
    if whole.endswith("id") and any(whole.startswith(word) for word, who in _people() if who == "child"):
        return Meaning("child", "id")
    return None


@cache
def codes(what: str) -> dict[str, str]:
    """Code in lower case → its value, where nobody disputes it."""
    return {
        str(code).casefold(): value for value, listed in vocabulary()["codes"].get(what, {}).items() for code in listed
    }


def known_code(what: str, code: str) -> str | None:
    """The value of a code that nobody disputes; 'a) Male' and '2. Male' are 'Male'."""
    plain = re.sub(r"^[a-z0-9]{1,2}[).] +", "", code.casefold())
    return codes(what).get(code.casefold()) or codes(what).get(plain)
