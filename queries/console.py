"""Typed Cypher, for reading only, on both engines.

Ladybug opened read-only still runs COPY … TO 'file', LOAD FROM 'file', INSTALL and ATTACH, and a procedure on Neo4j can
do anything. So the text is read token by token and everything in it must be on a list: clauses that read, functions
that only compute, names that the schema has or that the text itself makes. What the engine gets is written anew from
the tokens, so it sees no comment and no spelling that this reader did not see.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lastseen.graph.errors import Refused
from lastseen.graph.schema import EDGES, NODES
from lastseen.graph.statement import parameter_names
from lastseen.graph.store import Dialect, Store
from lastseen.queries.answer import Answer, Column
from lastseen.queries.checking import FUNCTIONS
from lastseen.queries.defences import silent_faults
from lastseen.queries.dialect import AS_AT, CALLS, Expander
from lastseen.queries.reading import KEYWORDS, Reading, read
from lastseen.queries.tokens import Token, tokenise

ROW = (
    "A row is a number here: the load's, four digits for its file's place in that Load's `files`, nine for the line. "
    "70001000000857 is load 7, its first file, line 857."
)
LIMIT = 10_000
TIMEOUT = 20.0

CLAUSES = "Use MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT, UNION, EXISTS { }, COUNT { }."
STARTS = ("MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN")
_MORE_FUNCTIONS = """
sum avg any all none single tolower toupper substring left right replace reverse tostring tointeger tofloat cast round floor
ceil sign date nodes relationships rels length labels label type id startnode endnode head last
"""
CONSOLE_FUNCTIONS = FUNCTIONS | frozenset(_MORE_FUNCTIONS.split())
_BANNED = """
ADD ALIAS ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT CONSTRAINT COPY CREATE CYPHER DATABASE DEALLOCATE DELETE
DENY DETACH DO DROP DUMP ENABLE EXECUTE EXPLAIN EXPORT EXTENSION FIELDTERMINATOR FILTER FINISH FOREACH FROM GLOB GRANT GRAPH
HEADERS IMPORT INDEX INSERT INSTALL LET LOAD MACRO MERGE NODETACH PERIODIC PREPARE PROCEDURE PROFILE PROJECT REMOVE RENAME
REVOKE ROLLBACK SEQUENCE SERVER SET SHORTEST SHOW START STOP TABLE TERMINATE TO TRANSACTION TRANSACTIONS UNINSTALL UPDATE USE
USING WRITE YIELD
"""
BANNED = frozenset(_BANNED.split())
"""Words of either language that do more than read, refused by name wherever they stand but as a property."""


def guarded(text: str, engine: Dialect) -> tuple[list[Token], Reading]:
    """The tokens of a text that only reads. Raises `Refused`, naming what may not be there."""
    tokens = tokenise(text)
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    if not tokens:
        raise Refused("The Cypher text is empty.", "Start with MATCH.")
    for at, token in enumerate(tokens):
        if token.text == ";":
            raise Refused(f"Line {token.line} of the Cypher text: there is a second statement.", "Run them one by one.")
        if token.name.upper() in BANNED and not _is_property(tokens, at):
            raise Refused(
                f"Line {token.line} of the Cypher text: {token.name.upper()} is not allowed: the graph is only read here.",
                CLAUSES,
            )
    if tokens[0].upper not in STARTS:
        raise Refused(f"The Cypher text starts with {tokens[0].text!r}.", f"Start with one of: {', '.join(STARTS)}.")
    reading = read(tokens)
    _functions(reading)
    _names(reading, engine)
    _neighbours(tokens)
    return tokens, reading


def typed_cypher(store: Store, text: str, parameters: Mapping[str, Any], as_at: date) -> Answer:
    """Run a guarded text; `$as_at` is always there. The fragments and date sums of the questions work here too."""
    tokens, reading = guarded(text, store.dialect)
    given = {AS_AT: as_at, **parameters}
    missing = sorted(name for name in reading.parameters if given.get(name) is None)
    idle = sorted(set(parameters) - reading.parameters)
    if missing or idle:
        raise Refused(
            f"The Cypher text needs a value for {', '.join('$' + name for name in missing)}."
            if missing
            else f"The Cypher text does not use {', '.join('$' + name for name in idle)}.",
            "Give each parameter of the text, and no other.",
        )
    integers = frozenset(name for name, value in given.items() if isinstance(value, int) and not isinstance(value, bool))
    cypher = Expander(reading, store.dialect, integers).text(tokens)
    if wrong := silent_faults(read(tokenise(cypher))):
        raise Refused(f"In the Cypher text, {wrong[0]}.", "Neo4j would answer, Ladybug wrongly: so neither is asked.")
    used = {name: given[name] for name in sorted(parameter_names(cypher))}
    found = store.run(cypher, used, limit=LIMIT, timeout=TIMEOUT)
    if len(set(found.columns)) < len(found.columns):
        raise Refused("Two columns of the Cypher text have one name.", "Name each with AS.")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    marker = store.marker()
    return Answer(
        question="cypher",
        title="Typed Cypher",
        as_at=as_at,
        parameters=dict(parameters),
        columns=tuple(Column(name, _kind([row[name] for row in rows]), "") for name in found.columns),
        rows=rows,
        engine=store.engine,
        cypher=cypher,
        text=text,
        truncated=found.truncated,
        fictional=marker.fictional,
        publishing_since=marker.since if marker.phase == "publishing" else None,
        caveats=(
            "The text is run as it is: what was known by a day is looked at only where it asks for it, by known(e) or open(e).",
            *((ROW,) if any(use.name == "row" for use in reading.properties) else ()),
            *((f"There are more than the {LIMIT:,} rows shown.",) if found.truncated else ()),
        ),
    )


def _is_property(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1].text if at else ""
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return before == "." and after != "("


def _functions(reading: Reading) -> None:
    for name, at in reading.functions:
        if name.lower() not in CONSOLE_FUNCTIONS and name not in CALLS:
            raise Refused(
                f"Line {reading.tokens[at].line} of the Cypher text: {name}() is on no list of functions that only compute.",
                f"There are: {', '.join(sorted(CONSOLE_FUNCTIONS))}; and {', '.join(CALLS)}.",
            )


def _columns(label: str) -> set[str]:
    """The properties of a label or type."""
    return set(NODES[label].columns if label in NODES else EDGES[label].columns)


def _names(reading: Reading, engine: Dialect) -> None:
    """Every label, type and property is the schema's, and every other word a name that the text makes."""
    nodes = {*NODES, *(("Child", "Adult") if engine == "neo4j" else ())}
    mend = "See `lastseen schema`."
    for bound in reading.bound:
        for label in bound.labels:
            if label not in (nodes if bound.kind == "node" else EDGES):
                raise Refused(f"Line {bound.line} of the Cypher text: there is no {bound.kind} {label}.", mend)
    every = {column for label in (*NODES, *EDGES) for column in _columns(label)} | {"*"}
    for use in reading.properties:
        labels = [label for label in reading.labels(use.owner) if label in NODES or label in EDGES]
        known = {column for label in labels for column in _columns(label)} if labels else every
        if use.name not in known:
            raise Refused(f"Line {use.line} of the Cypher text: there is no property {use.name} there.", mend)
    made = reading.names()
    for name in made:
        if name.upper() in KEYWORDS | BANNED:
            raise Refused(
                f"The Cypher text calls something {name}, which is a word of the language.", "Call it something else."
            )
    for use in reading.values:
        if use.name not in made:
            raise Refused(
                f"Line {use.line} of the Cypher text: {use.name} is no clause that reads and no name that the text makes.",
                CLAUSES,
            )


_ENDS_VALUE = (")", "]", "}")


def _neighbours(tokens: Sequence[Token]) -> None:
    """Two values side by side, without an operator or clause between them, would be a clause that this reader doesn't know."""
    for first, second in itertools.pairwise(tokens):
        ends = (
            first.text in _ENDS_VALUE
            or first.kind in ("string", "number", "parameter", "quoted")
            or (first.kind == "word" and first.upper not in KEYWORDS)
        )
        starts = second.kind in ("string", "number", "parameter", "quoted") or (
            second.kind == "word" and second.upper not in KEYWORDS
        )
        if ends and starts:
            raise Refused(
                f"Line {second.line} of the Cypher text: {second.name or 'a value'} is not expected here.",
                "There should be an operator, a comma or a clause before it.",
            )


def _kind(values: Sequence[Any]) -> str:
    for value in values:
        if value is not None:
            return {bool: "bool", int: "int", date: "date", list: "list"}.get(type(value), "text")
    return "text"
