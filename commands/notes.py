"""What is said beside every answer, on standard error: out of how many, as at which day, and what it could not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastseen.commands.guard import printable
from lastseen.commands.output import full_date, say

if TYPE_CHECKING:
    from lastseen.queries.answer import Answer

SHOWN = 12
"""Registers named one by one before the rest is counted."""


def tell_answer(answer: Answer, brief: bool = False) -> None:
    """The denominator, the day, "cannot tell", late and missing registers; unless `brief`, caveats and what is today's."""
    say("")
    say(denominator(answer))
    say(f"As at {full_date(answer.as_at)}{' (fictional data)' if answer.fictional else ''}. Engine: {answer.engine}.")
    if answer.cannot_tell:
        say(
            f"Cannot tell: {people(answer.cannot_tell, answer)}, because a register that the question needs is late or was "
            "never loaded. They are not among the rows above."
        )
    if answer.touched:
        say(f"Needed, and late or never loaded: {', '.join(f'{name} (for {n:,})' for name, n in answer.touched.items())}.")
    for line in late_registers(answer):
        say(line)
    if answer.not_loaded:
        say(f"Not loaded: {', '.join(answer.not_loaded)}. What these registers know is missing from the answer.")
    if answer.publishing_since:
        say(f"The graph is being published since {answer.publishing_since:%H:%M}; some rows may still be those of before.")
    if answer.truncated:
        say(f"Only the first {len(answer.rows):,} rows are shown; there are more.")
    if brief:
        return
    for caveat in answer.caveats:
        say(f"Note: {printable(caveat)}")
    say(f"Always today's, whatever the day asked: {'; '.join(answer.always_today)}.")


def denominator(answer: Answer) -> str:
    """'2 rows. Of 4 children: 1 seen, 2 listed, 1 cannot tell. Counted apart: 1 not yet born.'"""
    rows = f"{len(answer.rows):,} row{'' if len(answer.rows) == 1 else 's'}."
    if answer.population is None or answer.population_of == "person":
        return rows
    asked = f"{rows} Asked of {people(answer.population, answer)}."
    if answer.seen is not None:
        parts = f"{answer.seen:,} seen, {len(answer.rows):,} listed, {answer.cannot_tell:,} cannot tell"
        asked = f"{rows} Of {people(answer.population, answer)}: {parts}."
    apart = [f"{answer.not_yet_born:,} not yet born"] * bool(answer.not_yet_born and answer.population_of == "children")
    apart += [f"{answer.age_unknown:,} of unknown age"] * bool(answer.age_unknown and answer.population_of == "children")
    return f"{asked} Counted apart: {', '.join(apart)}." if apart else asked


def people(count: int, answer: Answer) -> str:
    noun = answer.population_of or "people"
    singular = {"children": "child", "people": "person"}
    return f"{count:,} {singular.get(noun, noun) if count == 1 else noun}"


def late_registers(answer: Answer) -> list[str]:
    """One line a stale register: which, how late, and until when it is known."""
    stale = [entry for entry in answer.freshness if entry.stale]
    lines = []
    for entry in stale[:SHOWN]:
        until = entry.covers_to or entry.extract_date
        reach = f"known to {full_date(until)}" if until else "nothing known by then"
        late = f", {entry.late_by_days:,} days short of what it promises" if entry.late_by_days else ""
        lines.append(f"Late: {entry.register} ({entry.source}), {reach}{late}.")
    if len(stale) > SHOWN:
        lines.append(f"Late: {len(stale) - SHOWN} more registers; --format json lists them all.")
    return lines
