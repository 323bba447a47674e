"""Words on screen: dates, spans and contacts in plain English, and the gates that all text typed by strangers passes."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from typing import Any

from lastseen.graph.exports import printable
from lastseen.graph.schema import CONTACT_KINDS, LEVELS
from lastseen.queries.answer import in_words

__all__ = ["age", "contact_kind", "count", "html", "in_words", "level", "listed", "md", "plain_name", "span", "value"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def md(text: object) -> str:
    """Text for Streamlit's Markdown: every mark is shown as it is, so no name can be a link, a picture or a colour."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(printable(str(text)).split()))


def html(text: object) -> str:
    """Text for `st.html`."""
    return escape(printable(str(text)))


def span(days: int) -> str:
    """A length of time as people say it: '12 days', '7 months', '2 years 3 months'."""
    if days < 60:
        return count(days, "day")
    months = round(days / 30.4375)
    if months < 24:
        return count(months, "month")
    years, rest = divmod(months, 12)
    return count(years, "year") + (f" {count(rest, 'month')}" if rest else "")


def count(number: int, thing: str, things: str = "") -> str:
    """'1 child', '1,200 children'."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed(items: list[str]) -> str:
    """'a, b and c'."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def age(born: date, on: date) -> str:
    """'6 years', '8 months', '12 days'; 'not yet born' before the day."""
    if born > on:
        return "not yet born"
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if years:
        return count(years, "year")
    return span((on - born).days)


def contact_kind(kind: str) -> str:
    return CONTACT_KINDS[kind].label if kind in CONTACT_KINDS else plain_name(kind)


def level(number: int | None) -> str:
    """'seen for that agency's purpose (level 4)'."""
    return "" if number is None else f"{LEVELS.get(number, 'not in the ladder')} (level {number})"


def plain_name(name: str) -> str:
    """A source's, register's or status's own name as words: 'police_notices' is 'police notices'."""
    return name.replace("_", " ")


def plain_basis(basis: str) -> str:
    """How a place is stated, as words: 'observed' also stands for an address on a form, so nobody need have visited."""
    return basis.replace("observed", "stated on a day")


def value(anything: Any) -> str:
    """One cell: dates in words, lists by commas, nothing for None."""
    if anything is None:
        return ""
    if isinstance(anything, bool):
        return "yes" if anything else "no"
    if isinstance(anything, date):
        return in_words(anything)
    if isinstance(anything, list | tuple):
        return ", ".join(value(item) for item in anything)
    return f"{anything:,}" if isinstance(anything, int) else str(anything)
