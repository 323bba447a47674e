"""One child's live professional links month by month: the question `fading_net`'s ties, counted at each month's end.

What is counted is what was known by the day asked about those months, so a link whose end became known late is gone from
the day it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from lastseen.graph.store import Store
from lastseen.queries.catalogue import find
from lastseen.queries.days import month_ends
from lastseen.queries.labelling import agency_names
from lastseen.queries.texts import run

QUESTION = "fading_net"
MONTHS = 12
MANY = 3
"""So many agencies gone with nobody taking over are a fading net, as many as in the signal G20."""

REACHED = """
MATCH (c:Person)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a) AND a.level >= $level AND a.agency IS NOT NULL
RETURN DISTINCT a.agency AS agency, a.occurred_on AS day
"""


@dataclass(frozen=True)
class Month:
    """The links that stood on `day`, a month's last (the day asked, for the last one): ties, and agencies by name."""

    day: date
    links: int
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class Lost:
    """An agency whose last link ended in these months, and nobody of its kind took over in time."""

    agency: str
    until: date
    end_reason: str | None


@dataclass(frozen=True)
class Fading:
    """`months` run forwards. `faded`: `MANY` agencies or more were lost."""

    person: str
    as_at: date
    months: tuple[Month, ...]
    lost: tuple[Lost, ...]

    @property
    def faded(self) -> bool:
        return len(self.lost) >= MANY

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "faded": self.faded}


def fading(store: Store, person: str, as_at: date, months: int = MONTHS, given: Mapping[str, int] | None = None) -> Fading:
    """The months up to the day for the child (an id); `given` are parameters of the question that are not its defaults."""
    question = find(QUESTION)
    parameters = {name: one.default for name, one in question.header.parameters.items()} | dict(given or {})
    parameters |= {"child": person}
    ties = run(store, question.text, as_at, **parameters)
    reached: dict[str, list[date]] = {}
    for row in run(store, REACHED, as_at, child=person, level=parameters["level"]):
        reached.setdefault(row["agency"], []).append(row["day"])
    names = agency_names(store, {tie["agency"] for tie in ties if tie["agency"]}, as_at)
    days = month_ends(as_at, months)
    lasts = timedelta(days=int(str(parameters["days"])))
    standing = {day: [tie for tie in ties if _stands(tie, day, reached, lasts)] for day in days}

    def named(tie: Mapping[str, Any]) -> str:
        return str(names.get(tie["agency"]) or tie["worker"] or tie["agency"])

    told = tuple(Month(day, len(some), tuple(sorted({named(tie) for tie in some}))) for day, some in standing.items())
    now = {_who(tie) for tie in standing[as_at]}
    ended = [tie for tie in ties if tie["until"] is not None and tie["until"] > days[0]]
    kept = now | {_who(tie) for tie in ended if tie["taken_over"] is not False}  # taken over, or there is still time
    gone: dict[str, Mapping[str, Any]] = {}
    for tie in ended:
        if _who(tie) not in kept:
            gone[_who(tie)] = max(gone.get(_who(tie), tie), tie, key=lambda one: one["until"])
    lost = [Lost(named(tie), tie["until"], tie["end_reason"]) for tie in gone.values()]
    lost.sort(key=lambda one: (one.until, one.agency))
    return Fading(person, as_at, told, tuple(lost))


def _who(tie: Mapping[str, Any]) -> str:
    return str(tie["agency"] or tie["worker"])


def _stands(tie: Mapping[str, Any], day: date, reached: Mapping[str, list[date]], lasts: timedelta) -> bool:
    if tie["tie"] == "contact":
        return any(on <= day <= on + lasts for on in reached.get(tie["agency"], ()))
    return tie["since"] <= day and (tie["until"] is None or tie["until"] > day)
