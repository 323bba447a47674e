"""How a column's dates are written, told from its values; and whether the day or the month comes first, where they tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

HALF = 0.5
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WHOLE = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIMES = (
    ("", ""), (r"[ T]00:00(?::00(?:\.0+)?)?", ""), (r" \d\d?:\d\d", " %H:%M"), (r" \d\d?:\d\d:\d\d", " %H:%M:%S"),
    (r"T\d\d:\d\d", "T%H:%M"), (r"T\d\d:\d\d:\d\d", "T%H:%M:%S"), (r"T\d\d:\d\d:\d\dZ", "T%H:%M:%SZ"),
)
_DAYS = (
    (r"\d{4}-\d\d?-\d\d?", "%Y-%m-%d"), (r"\d{4}/\d\d?/\d\d?", "%Y/%m/%d"), (r"(?:19|20)\d{6}", "%Y%m%d"),
    (rf"\d{{4}}-(?:{_MONTHS})-\d\d?", "%Y-%b-%d"), (rf"\d\d?-(?:{_MONTHS})-\d{{4}}", "%d-%b-%Y"),
    (rf"\d\d? (?:{_MONTHS}) \d{{4}}", "%d %b %Y"), (rf"\d\d? (?:{_WHOLE}) \d{{4}}", "%d %B %Y"),
    (rf"\d\d?-(?:{_MONTHS})-\d\d", "%d-%b-%y"),
    *((rf"(\d\d?){re.escape(mark)}(\d\d?){re.escape(mark)}{digits}", f"%d{mark}%m{mark}{year}")
      for mark in "/-." for digits, year in ((r"\d{4}", "%Y"), (r"\d\d", "%y"))),
)  # fmt: skip
_STYLES = [
    (re.compile(rf"^{day}{time}$", re.IGNORECASE), style + suffix) for time, suffix in _TIMES for day, style in _DAYS
]
_PARTLY = re.compile(r"^(?:(?:zz|\?\?|--|00)/)*(?:\d{4}|\d{4}-\d\d|\d\d/\d{4})$", re.IGNORECASE)
"""A day known to its month or year, which every source may write so: it tells no style."""


@dataclass(frozen=True)
class DateStyles:
    """The styles of a column's dates, the most frequent first, written day first; and what its values tell of the order:
    'day' or 'month' comes first, 'either' fits all of them, 'both' are needed, None where the styles leave no doubt. `share`
    of the different values are dates."""

    styles: list[str]
    first: str | None
    share: float

    def written(self, first: str) -> list[str]:
        """The styles with the day or the month first."""
        return [month_first(style) if first == "month" else style for style in self.styles]


def month_first(style: str) -> str:
    """'%m/%d/%Y' for '%d/%m/%Y'; a style that leaves no doubt as it is."""
    return re.sub(r"^%d([/.-])%m", r"%m\1%d", style)


def date_styles(values: Sequence[str]) -> DateStyles | None:
    """How dates are written; None where fewer than half of the values are any."""
    counted: dict[str, int] = {}
    firsts = seconds = 0
    partly = 0
    for value in values:
        for pattern, style in _STYLES:
            if found := pattern.match(value):
                counted[style] = counted.get(style, 0) + 1
                if found.groups():
                    firsts, seconds = max(firsts, int(found[1])), max(seconds, int(found[2]))
                break
        else:
            partly += bool(_PARTLY.match(value))
    share = (sum(counted.values()) + partly) / max(1, len(values))
    if not counted or share < HALF:
        return None
    styles = sorted(counted, key=lambda style: -counted[style])
    doubtful = any(month_first(style) != style for style in styles)
    return DateStyles(styles, _order(firsts, seconds) if doubtful else None, share)


def _order(firsts: int, seconds: int) -> str:
    if firsts > 12:
        return "both" if seconds > 12 else "day"
    return "month" if seconds > 12 else "either"
