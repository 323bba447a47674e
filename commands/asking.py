"""Commands that ask the graph: questions, ask, cypher, find, history."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastseen.commands.notes import tell_answer
from lastseen.commands.options import (
    DEFAULT_HOME,
    MARK,
    AsAt,
    DocumentFormat,
    Engine,
    Format,
    OutputFormat,
    Settings,
    TextFormat,
    Workspace,
    home_or_default,
    parse_day,
    parse_settings,
)
from lastseen.commands.output import say, write, write_csv, write_json, write_table, write_text

if TYPE_CHECKING:
    from lastseen.queries.answer import Answer
    from lastseen.queries.session import Session

Person = Annotated[
    str,
    typer.Argument(
        metavar="PERSON", show_default=False, help="A record id ('gp_list:123'), an identifier, or a name that fits one person."
    ),
]


@contextmanager
def session(workspace: Path | None, engine: str | None) -> Iterator[Session]:
    """The graph to read: the workspace's own, or the server's (a workspace is then only needed for the rows' own text)."""
    from lastseen.queries.session import open_session

    home = reading_home(workspace, engine)
    with no_workspace_hint(home):
        if home and engine:  # the session makes do without a missing workspace; one that was named must be there
            from lastseen.graph.archive import Workspace as Archive

            Archive.open(home)
        opened = open_session(home, engine)
    try:
        yield opened
    finally:
        opened.close()


def reading_home(workspace: Path | None, engine: str | None) -> Path | None:
    """The workspace's folder; None where a server is named, no workspace is, and there is none in `./data`."""
    if workspace is None and engine and not (DEFAULT_HOME / MARK).exists():
        return None
    return home_or_default(workspace)


@contextmanager
def no_workspace_hint(home: Path | None) -> Iterator[None]:
    """Where `home` is no workspace but holds some (as after the demo), name them."""
    from lastseen.graph.errors import NotAvailable

    try:
        yield
    except NotAvailable as error:
        inside = sorted(home.glob(f"*/{MARK}")) if home and not (home / MARK).exists() else []
        if not inside:
            raise
        names = ", ".join(str(path.parent) for path in inside)
        raise NotAvailable(error.what, f"There are workspaces in it: give one of them with --workspace ({names}).") from error


def questions(output: DocumentFormat = TextFormat.table) -> None:
    """List the questions that can be asked.

    JSON gives name, title, question, parameters and columns of each; `lastseen ask NAME` asks one.
    """
    from lastseen.queries.catalogue import catalogue

    known = catalogue()
    listed = [question.summary() for question in known.values()]
    if output is TextFormat.json:
        write_json(listed)
    elif output is TextFormat.markdown:
        ids = {name: f" {question.header.signal}".rstrip() for name, question in known.items()}
        lines = [f"| {one['question']} | `{one['name']}`{ids[one['name']]} | {defaults(one, '`')} |" for one in listed]
        write_text("\n".join(["| question | name | parameters |", "|---|---|---|", *lines]))
    else:
        rows = [{**one, "parameters": defaults(one)} for one in listed]
        write(["name", "question", "parameters"], rows, Format(output))


def defaults(listed: dict[str, Any], quote: str = "") -> str:
    """'level=3, days=365'; a parameter without a fixed default by its name alone."""
    shown = []
    for name, one in listed["parameters"].items():
        value = repr("") if one["default"] == "" else one["default"]
        shown.append(f"{quote}{name}{'' if value is None else f'={value}'}{quote}")
    return ", ".join(shown)


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="A question's name; `lastseen questions` lists them.", show_default=False)
    ],
    settings: Settings = None,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Ask one question.

    The rows go to standard output. Beside a table or CSV, standard error says out of how many, as at which day, for whom
    the answer could not tell, and which registers are late or were never loaded; JSON carries all of that itself.
    """
    parameters: dict[str, Any] = dict(parse_settings(settings))
    if reserved := {"as_at", "name", "self"} & set(parameters):
        raise typer.BadParameter(f"No question has a parameter {', '.join(sorted(reserved))}. The day is given by --as-at.")
    with session(workspace, engine) as graph:
        show(graph.ask(question, as_at, **parameters), output)


def cypher(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="The Cypher, or - to read it from standard input.", show_default=False)
    ],
    settings: Settings = None,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Run one reading Cypher statement.

    Only reading clauses are taken; at most 10,000 rows and 20 seconds. The day is at hand as $as_at. Values given by --set
    are whole numbers, days, true or false where they look like it, else text ("12" in quotes is text).
    """
    parameters = {name: literal(value) for name, value in parse_settings(settings).items()}
    with session(workspace, engine) as graph:
        show(graph.cypher(sys.stdin.read() if text == "-" else text, parameters, as_at), output)


def literal(text: str) -> int | bool | date | str:
    """A value typed on the command line, as Cypher would take it."""
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return parse_day(text)
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text


def find(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="A name, birth date, identifier, postcode or street.", show_default=False)
    ],
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Find people by name, number, date or address.

    Each with when they were last seen.
    """
    with session(workspace, engine) as graph:
        show(graph.find(text, as_at), output)


def history(
    person: Person,
    gap: Annotated[
        int, typer.Option("--gap", min=1, metavar="DAYS", help="In a table, say so where nothing is recorded for this long.")
    ] = 90,
    as_at: AsAt = None,
    output: OutputFormat = Format.table,
    workspace: Workspace = None,
    engine: Engine = None,
) -> None:
    """Show when a person was last seen, and by whom.

    And every contact on record, with who was seen and who was not. In a table the first line says when the person was
    last seen, and a row marks each long gap; with csv and json standard output holds the contacts alone (json also
    `last_seen`), and with csv standard error says the sentence.
    """
    from dataclasses import asdict

    from lastseen.commands.histories import COLUMNS, told, with_gaps

    with session(workspace, engine) as graph:
        day = as_at or graph.default_as_at()
        who = graph.person(person, day)
        seen = graph.last_seen(who, day)
        answer = graph.ask("contact_history", day, child=who)
        if output is Format.json:
            write_json({**answer.to_dict(), "last_seen": {"sentence": seen.sentence, **asdict(seen)}})
            return
        if output is Format.csv:
            say(seen.sentence)
            show(answer, output)
            return
        write_text(f"{graph.label(who, day)}: {seen.sentence}\n")
        write_table(COLUMNS, with_gaps(told(answer.rows), answer.as_at, gap), fold=True)
        tell_answer(answer)
        say("The day each was known, ids and rows of the archive are in --format csv and json.")


def show(answer: Answer, output: Format) -> None:
    """An answer's rows on stdout in the format asked for, and what belongs beside them on stderr."""
    if output is Format.json:
        write_json(answer.to_dict())
        return
    writer: Any = write_csv if output is Format.csv else write_table
    writer(column_names(answer), answer.rows)
    tell_answer(answer)


def column_names(answer: Answer) -> list[str]:
    return [column.name for column in answer.columns]
