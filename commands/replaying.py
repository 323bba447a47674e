"""`lastseen replay`: a story lived through again, day by day, beside what it should say."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.asking import session
from lastseen.commands.options import Engine, Format, OutputFormat, Workspace
from lastseen.commands.output import say, write, write_json
from lastseen.commands.progress import progress

if TYPE_CHECKING:
    from lastseen.queries.replay import Replayed
    from lastseen.queries.session import Session

Many = list[str] | None
CHILDREN = ("C3", "C4")
"""The children that the story follows; the days of the others' school attendance are not stepped on."""
START, END = -90, 2294
HIDDEN_DAY = 1275
"""The day of the row that was never shared."""


def replay(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The story: larch-court.", show_default=False)],
    signal: Annotated[Many, typer.Option("--signal", metavar="ID", help="Only this signal; repeat for more.")] = None,
    unshared: Annotated[
        bool, typer.Option("--unshared", help="Also with the row that no agency shared: what would it have changed?")
    ] = False,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Live a fictional story through again.

    For each child the day on which each signal first stood, and the spans on which it did, had somebody asked every day;
    beside what the story was written to give. Days count from the index child's birth. It reads the workspace of
    `lastseen demo` where there is one (or the server of --engine), else it makes one for itself.
    """
    from lastseen.graph.errors import Refused

    if name != "larch-court":
        raise Refused(f"There is no story called {name!r}.", "There is: larch-court.")
    with ExitStack() as stack:
        graph = stack.enter_context(_story(workspace, engine, stack))
        found = lived(graph, signal or (), engine is not None)
        other = None
        if unshared:
            hidden = stack.enter_context(_fresh(stack, unshared=True))
            say("Again, with the row that no agency shared.")
            other = lived(hidden, signal or (), False)
        _show(found, other, output, graph.store.engine, bool(signal))


@contextmanager
def _story(workspace: Path | None, engine: str | None, stack: ExitStack) -> Iterator[Session]:
    """The demonstration's graph: in the workspace named or below it, or on a server; else a new one."""
    from lastseen.commands.options import MARK, home_or_default
    from lastseen.loaders.demo import LARCH_COURT

    home = home_or_default(workspace)
    place = next((path for path in (home, home / LARCH_COURT) if (path / MARK).exists()), None)
    if engine is None and (place is None or place.name != LARCH_COURT):
        with _fresh(stack) as graph:
            yield graph
        return
    with session(place, engine) as graph:
        yield graph


@contextmanager
def _fresh(stack: ExitStack, unshared: bool = False) -> Iterator[Session]:
    """A new workspace of the story in a folder that is removed afterwards."""
    from lastseen.loaders.demo import larch_court
    from lastseen.queries.session import open_session

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lastseen-replay-")))
    with progress() as step:
        made = larch_court(folder, step, unshared=unshared)
    graph = open_session(made.home)
    try:
        yield graph
    finally:
        graph.close()


def lived(graph: Session, only: tuple[str, ...] | list[str], server: bool) -> Replayed:
    """Replay the story; on a server only the first days that the story gives, and their eves (each takes longer there)."""
    from lastseen.loaders.made_up.expected import expected
    from lastseen.loaders.made_up.people import PEOPLE
    from lastseen.loaders.made_up.script import T0
    from lastseen.queries.replay import replay as live

    last = T0 + timedelta(days=END)
    children = {graph.person(f"nhs:{PEOPLE[code].nhs}", last): code for code in CHILDREN}
    days = None
    if server:
        firsts = {day for said in expected()["first"].values() for day in said.values()}
        days = sorted({T0 + timedelta(days=day + more) for day in firsts for more in (-1, 0)})
    with progress() as step:
        return live(
            graph.store, children, T0 + timedelta(days=START), last, only=only, days=days,
            steps=lambda signal, done, of: step(f"{signal}: asking each day", done, of),
        )  # fmt: skip


def _show(found: Replayed, other: Replayed | None, output: Format, engine: str, part: bool) -> None:
    if output is Format.json:
        write_json({**as_days(found), **({"unshared": as_days(other)} if other else {})})
        return
    from lastseen.loaders.made_up.expected import expected

    said = expected()
    rows = []
    for child in CHILDREN:
        firsts, wanted = _days(found.first(child)), said["first"][child]
        for signal in sorted({*firsts, *(() if part else wanted)}, key=lambda one: (firsts.get(one, 9999), one)):
            day, should = firsts.get(signal), wanted.get(signal)
            if should is None and day is not None and day >= said["until"]:
                continue
            rows.append({
                "child": child, "signal": signal, "first day": day, "expected": should,
                "agrees": "yes" if day == should else "NO",
                "stood on days": ", ".join(f"{first} to {last}" for first, last in _spans(found, child, signal)),
            })  # fmt: skip
    write(["child", "signal", "first day", "expected", "agrees", "stood on days"], rows, output)
    say("")
    wrong = sum(row["agrees"] == "NO" for row in rows)
    say(f"{len(rows) - wrong} of {len(rows)} first days are those expected. {found.asked:,} days asked. Engine: {engine}.")
    if not part:
        on = found.days_on("C3", "G01", _day(0), _day(said["until"]))
        say(f"G01 stood on {on:,} of days 0 to {said['until']:,} for C3 (expected {said['days_of_g01'][3]:,}).")
    if other:
        _tell_unshared(found, other)
    if wrong:
        raise typer.Exit(1)


def _tell_unshared(found: Replayed, other: Replayed) -> None:
    say(f"Day {HIDDEN_DAY}: information received that C3 is underweight; read by nobody until the review.")
    differ = sorted(
        f"{child} {signal}"
        for child in CHILDREN
        for signal in {*found.spans[child], *other.spans[child]}
        if found.spans[child].get(signal) != other.spans[child].get(signal)
    )
    say(f"Had it been shared, these findings would differ: {', '.join(differ) or 'none'}.")


def as_days(found: Replayed) -> dict[str, Any]:
    """{"C3": {"G15": -61, …}, …, "on": {"C3": {"G01": [[137, 1400], …]}}}, in days after T0."""
    firsts: dict[str, Any] = {child: _days(found.first(child)) for child in CHILDREN}
    return {
        **firsts,
        "on": {child: {signal: _spans(found, child, signal) for signal in firsts[child]} for child in CHILDREN},
    }


def _spans(found: Replayed, child: str, signal: str) -> list[list[int]]:
    return [[_number(first), _number(last)] for first, last in found.spans[child].get(signal, [])]


def _days(firsts: dict[str, date]) -> dict[str, int]:
    return {signal: _number(day) for signal, day in firsts.items()}


def _number(day: date) -> int:
    return (day - _day(0)).days


def _day(number: int) -> date:
    from lastseen.loaders.made_up.script import T0

    return T0 + timedelta(days=number)
