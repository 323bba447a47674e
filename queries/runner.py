"""Asking: parameters checked, the text run, the rows named and sorted, and beside them what the reader must know.

Whatever could empty an answer wrongly is refused aloud: an unknown question, parameter or name, a value outside its range,
and, for a question about sight, rows that do not add up to the population.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lastseen.graph.errors import LastseenError, NotAvailable, Refused
from lastseen.graph.rows import RowNames
from lastseen.graph.schema import AGE_BANDS
from lastseen.graph.store import Rows, Store
from lastseen.queries import catalogue, deriving
from lastseen.queries.answer import Answer, Column
from lastseen.queries.catalogue import Parameter, Question
from lastseen.queries.dialect import AS_AT
from lastseen.queries.freshness import loads, not_loaded, reach, stale_registers
from lastseen.queries.labelling import agency_names, names, places, record_names, shown_place
from lastseen.queries.narrowing import CHILD, narrowed
from lastseen.queries.nearness import anybody_near
from lastseen.queries.texts import prepared, run, run_branches

POPULATION = """
MATCH (p:Person)
WHERE p.first_known_on <= $as_at
RETURN count(*) AS people, count(CASE WHEN child(p) AND NOT unborn(p) THEN 1 END) AS children,
       count(CASE WHEN child(p) AND unborn(p) THEN 1 END) AS not_yet_born,
       count(CASE WHEN age_unknown(p) THEN 1 END) AS age_unknown
"""
BANDS = """
MATCH (p:Person)
WHERE child(p) AND NOT unborn(p)
RETURN age_band(p) AS band, count(*) AS children
"""
FIRST_CHILD = "MATCH (p:Person) WHERE child(p) AND NOT unborn(p) RETURN min(p.id) AS child"

Resolve = Callable[[str, date], str]

TRIES = 3
"""How often an answer that does not add up is asked again while the graph is being published."""

NAMED = ("person", "people", "record", "place")
"""Kinds of column that get one with their names after it."""


def ask(
    store: Store, name: str, as_at: date, given: Mapping[str, Any], resolve: Resolve, only: str | None = None
) -> Answer:
    """Answer the question `name` as at one day; `resolve` turns what names a person into a person's id. `only` (a person's id)
    asks a question about all children of that child alone: the same rows as among all, and a population of one at most."""
    question = catalogue.find(name)
    header = question.header
    loaded = loads(store)
    parameters, notes = parameters_of(question, given, as_at, store, resolve)
    derived = deriving.derive(question.name, parameters, loaded, as_at) if header.derived else {}
    text = question.text
    if only is not None:
        if header.population != "children":
            raise Refused(f"The question {name} is not one about all children.", "Name the child by its parameter.")
        text, parameters = narrowed(text), parameters | {CHILD: only}
    cypher, used = prepared(text, store.dialect, {AS_AT: as_at, **parameters, **derived})
    found = _found(store, question, as_at, parameters, cypher, used)
    stale = stale_registers(loaded, as_at)
    hits, cannot_tell = _split(question, found.rows, stale)
    for part in (hits, cannot_tell):
        _label(store, question, part, as_at)
    columns = _columns(question)
    wanted = dict.fromkeys([*header.registers_needed, *header.helps])
    marker = store.marker()
    return Answer(
        question=name, title=header.title, as_at=as_at, parameters=parameters, columns=columns, rows=_shown(hits, columns),
        engine=store.engine, cypher=cypher, text=text, population=found.population, population_of=header.population,
        not_yet_born=found.counts["not_yet_born"], age_unknown=found.counts["age_unknown"], seen=found.seen,
        cannot_tell=len(cannot_tell), cannot_tell_rows=_shown(cannot_tell, columns),
        freshness=reach(loaded, as_at, list(wanted)), not_loaded=not_loaded(loaded), caveats=header.caveats + tuple(notes),
        publishing_since=marker.since if marker.phase == "publishing" else None, fictional=marker.fictional,
        truncated=0 < header.most <= len(hits), touched=_touched(store, question, stale, as_at, only),
    )  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """What the engine said: counts of the population, rows, and for a question about sight how many were seen."""

    counts: dict[str, int]
    rows: list[dict[str, Any]]
    population: int
    seen: int | None


def _found(
    store: Store, question: Question, as_at: date, parameters: Mapping[str, Any], cypher: str, used: Mapping[str, Any]
) -> _Found:
    """Run the question and its counts. On a server that is being published to, the three may see different moments: then they
    are asked again. Raises `NotAvailable` where seen and listed do not add up to the population."""
    header = question.header
    one = {CHILD: parameters[CHILD]} if CHILD in parameters else {}
    counted, seen_text = (narrowed(text) if one and text else text for text in (POPULATION, question.seen_text))
    for _ in range(TRIES):
        counts = run(store, counted, as_at, **one)[0]
        rows = asked_rows(store, question, cypher, used)
        population = {"children": counts["children"], "people": counts["people"], "person": 1}[header.population]
        if not header.sight:
            return _Found(counts, rows, population, None)
        seen = int(run(store, seen_text, as_at, **parameters)[0]["seen"])
        if seen + len(rows) == population:
            return _Found(counts, rows, population, seen)
        if store.marker().phase == "ready":
            break
    raise NotAvailable(
        f"The answer does not add up: {seen:,} seen and {len(rows):,} not, of {population:,}.",
        "If the graph is being published, ask again when it is done; else publish it again.",
    )


def _shown(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [{column.name: row[column.name] for column in columns} for row in rows]


# --- parameters ---------------------------------------------------------------------------------------------------


def parameters_of(
    question: Question, given: Mapping[str, Any], as_at: date, store: Store, resolve: Resolve
) -> tuple[dict[str, Any], list[str]]:
    declared = question.header.parameters
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise Refused(
            f"The question {question.name} has no parameter {', '.join(unknown)}.",
            f"It has: {', '.join(declared) or 'none'}. The day is asked for by as-at.",
        )
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, parameter in declared.items():
        value = given.get(name)
        if parameter.kind == "person":
            values[name] = resolve(str(value), as_at) if value is not None else _first_child(store, as_at)
            if value is None:
                notes.append("No person was named: this is the first child of the population, by id.")
        elif value is None and parameter.kind == "date" and parameter.default is None:
            values[name] = as_at
        else:
            values[name] = typed(name, parameter, parameter.default if value is None else value)
    return values, notes


def _first_child(store: Store, as_at: date) -> str:
    found = run(store, FIRST_CHILD, as_at)[0]["child"]
    if found is None:
        raise Refused(f"No child is known as at {as_at.isoformat()}.", "Ask as at a later day, or name a person.")
    return str(found)


def typed(name: str, parameter: Parameter, value: Any) -> Any:
    """The value as its kind, or `Refused` saying what would fit; a text's value is never repeated."""
    if parameter.kind == "int":
        try:
            number = int(str(value).strip())
        except ValueError:
            raise Refused(
                f"The parameter {name} is a whole number.", f"Give one from {parameter.least} to {parameter.most}."
            ) from None
        if not parameter.least <= number <= parameter.most:
            raise Refused(f"The parameter {name} is {number}.", f"It goes from {parameter.least} to {parameter.most}.")
        return number
    if parameter.kind == "date":
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            raise Refused(f"The parameter {name} is a date.", "Write it as YYYY-MM-DD.") from None
    if parameter.kind == "choice" and value not in parameter.choices:
        raise Refused(f"The parameter {name} is none of its choices.", f"They are: {', '.join(parameter.choices)}.")
    return str(value)


# --- rows ---------------------------------------------------------------------------------------------------------


def asked_rows(store: Store, question: Question, cypher: str, used: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a question's prepared text; none, without running it, where nobody is near whom it is about."""
    near = question.header.near
    if near and not anybody_near(store, used.get(CHILD), near):
        return []
    return rows_of(store, question, run_branches(store, cypher, used))


def rows_of(store: Store, question: Question, answer: Rows) -> list[dict[str, Any]]:
    """Rows as dicts, 'load:file:line' told, lists in order, sorted by the header's columns and then by all others."""
    columns = question.header.columns
    if answer.columns != list(columns):
        raise LastseenError(
            f"The engine gave other columns than the header of {question.name} names.", "This is a fault of the program."
        )
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    told = [name for name, column in columns.items() if column.kind in ("row", "rows")]
    row_names = RowNames.of(store) if told and rows else RowNames({})
    for row in rows:
        for name in told:
            row[name] = row_names.told(row[name])
        for name, column in columns.items():
            if column.kind in ("people", "list", "words", "rows"):
                items = sorted({item for item in row[name] or [] if item is not None})
                row[name] = " and ".join(items) if column.kind == "words" else items
    rows = _sorted(rows, question.header.sort, list(columns))
    if question.header.signal:
        return merged(rows)
    once = question.header.once
    if once:
        first: dict[Any, dict[str, Any]] = {}
        for row in rows:
            first.setdefault(row[once], row)
        return list(first.values())
    return rows


def _sorted(rows: list[dict[str, Any]], first: Sequence[str], then: Sequence[str]) -> list[dict[str, Any]]:
    """Rows by the columns `first` (a '-' before one: downwards) and `then`; nulls come last either way."""
    upward = [*first, *then] if not any(name.startswith("-") for name in first) else list(then)
    rows = sorted(rows, key=lambda row: [(row[name] is None, row[name]) for name in upward])
    for key in reversed(first) if len(upward) == len(then) else ():
        name, down = key.lstrip("-"), key.startswith("-")
        filled = sorted((row for row in rows if row[name] is not None), key=lambda row: row[name], reverse=down)
        rows = filled + [row for row in rows if row[name] is None]
    return rows


def merged(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A signal's rows, one a child: a text whose branches find a child twice tells the earliest, with every row of evidence."""
    children: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = children.setdefault(row["child"], row)
        if known is not row:
            first, other = sorted((known, row), key=lambda one: one["since"])
            children[row["child"]] = (
                first
                | {
                    "known_on": max(known["known_on"], row["known_on"]),
                    "rows": sorted({*known["rows"], *row["rows"]}),
                }
                | {name: value for name, value in other.items() if first.get(name) is None}
            )
    return list(children.values())


def _split(
    question: Question, rows: list[dict[str, Any]], stale: frozenset[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Hits, and those that would be hits were it not for a stale or missing register that their age band needs."""
    needs = question.header.needs
    if not needs:
        return rows, []
    blind = blind_bands(question, stale)
    return [row for row in rows if row["band"] not in blind], [row for row in rows if row["band"] in blind]


def blind_bands(question: Question, stale: frozenset[str]) -> frozenset[str]:
    """The age bands whose silence proves nothing: a register they need is stale, and so is every one that could stand in."""
    needs = question.header.needs
    return frozenset(
        band for band in AGE_BANDS if any(stale.issuperset(either.split("|")) for either in _needed(needs, band))
    )


def _touched(store: Store, question: Question, stale: frozenset[str], as_at: date, only: str | None) -> dict[str, int]:
    """The stale and missing registers that the question needs, each with the number of children of an age that needs it."""
    needs = question.header.needs
    if not stale.intersection(question.header.registers_needed):
        return {}
    counts = run(store, narrowed(BANDS), as_at, **{CHILD: only}) if only else run(store, BANDS, as_at)
    touched: dict[str, int] = {}
    for row in counts:
        for either in dict.fromkeys(_needed(needs, row["band"])):
            names = either.split("|")
            if stale.issuperset(names):
                touched |= {name: touched.get(name, 0) + row["children"] for name in names}
    return touched


def _needed(needs: Mapping[str, Sequence[str]], band: str) -> Sequence[str]:
    """What an age band needs: one of unknown age whatever any age does."""
    return [either for needed in needs.values() for either in needed] if band == "unknown" else needs.get(band, ())


def _columns(question: Question) -> tuple[Column, ...]:
    """The shown columns; after each person, people or place column one with its name."""
    shown: list[Column] = []
    for name, column in question.header.columns.items():
        if column.hidden:
            continue
        shown.append(Column(name, "text" if column.kind == "agency" else column.kind, column.doc))
        if column.kind in NAMED:
            shown.append(
                Column(f"{name}_name", "list" if column.kind == "people" else "text", f"What {name} is called, as known then.")
            )
    return tuple(shown)


def _label(store: Store, question: Question, rows: Sequence[dict[str, Any]], as_at: date) -> None:
    """Add `<column>_name` to every row, looked up once an answer; a protected place loses its id too, and an agency's name
    stands for its id."""
    kinds = {name: column.kind for name, column in question.header.columns.items()}

    def ids(*wanted: str) -> set[str]:
        cells = [row[name] for row in rows for name, kind in kinds.items() if kind in wanted]
        return {one for cell in cells if cell for one in (cell if isinstance(cell, list) else [cell])}

    people, records, spots, teams = ids("person", "people"), ids("record"), ids("place"), ids("agency")
    called = names(store, people, as_at) if people else {}
    called_there = record_names(store, records, as_at) if records else {}
    labels = places(store, spots, as_at) if spots else {}
    agencies = agency_names(store, teams, as_at) if teams else {}
    for row in rows:
        for name, kind in kinds.items():
            if kind == "person":
                row[f"{name}_name"] = called.get(row[name])
            elif kind == "people":
                row[f"{name}_name"] = [called.get(one) for one in row[name]]
            elif kind == "record":
                row[f"{name}_name"] = called_there.get(row[name])
            elif kind == "place":
                row[name], row[f"{name}_name"] = shown_place(row[name], labels)
            elif kind == "agency":
                row[name] = agencies.get(row[name], row[name])
