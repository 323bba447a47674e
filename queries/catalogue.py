"""The questions: one `<theme>/<name>.cypher` each, with a YAML header behind `//`, checked before anything runs.

A header gives title, question, population, parameters, columns, sort, caveats, the registers the question `needs` (by
age band) and those that only `help`. A question about sight (`sight: true`) has a second text after the line
`// seen:` that counts whom its rows leave out because they were seen, so that the sum can be checked on every answer.
"""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lastseen.graph.errors import Refused
from lastseen.graph.schema import AGE_BANDS, EDGES
from lastseen.queries.checking import BUILT_IN, faults

HERE = Path(__file__).parent
SEEN_LINE = "// seen:"
FINDING = ("child", "since", "known_on", "rows", "band")
"""The first columns of every signal: one row a child."""

ParameterKind = Literal["int", "date", "text", "person", "choice"]
ColumnKind = Literal[
    "person", "people", "record", "place", "agency", "date", "int", "text", "bool", "list", "words", "row", "rows"
]  # an agency is told by its name alone


class Parameter(BaseModel):
    """One parameter: `least` and `most` bound an int; `choices` are a choice's; a person's default is the first child."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: ParameterKind
    help: str
    default: int | date | str | None = None
    least: int = 0
    most: int = 40_000
    choices: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Parameter:
        if self.kind == "person" and self.default is not None:
            raise ValueError("a person has no default: the runner takes the first child of the population")
        if self.kind not in ("person", "date") and self.default is None:
            raise ValueError("every question runs with defaults alone: give one")
        if self.kind == "choice" and self.default not in self.choices:
            raise ValueError("the default is not among the choices")
        return self


class ColumnSpec(BaseModel):
    """One column; a hidden one is for the runner (sorting, age bands) and not shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: ColumnKind
    doc: str
    hidden: bool = False


class Header(BaseModel):
    """What a file says of its question."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    question: str
    population: Literal["children", "people", "person"]
    columns: dict[str, ColumnSpec]
    caveats: tuple[str, ...] = Field(min_length=1)
    parameters: dict[str, Parameter] = {}
    derived: tuple[str, ...] = ()  # parameters that the runner works out of the others (queries/deriving.py)
    sort: tuple[str, ...] = ()  # column names; '-name' is descending; nulls come last
    once: str = ""  # a column of which each value is shown once, in its first row
    most: int = 0  # rows that the text stops at; 0 where it does not
    sight: bool = False
    near: str = ""  # an edge type: of one child it is asked only where somebody near has such an edge (queries/nearness.py)
    needs: dict[str, tuple[str, ...]] = {}
    helps: tuple[str, ...] = ()
    signal: str = ""  # its id in the catalogue of signals: rows become findings
    event: bool = False  # an event stays open until a person closes it; a state is judged anew every day
    duty: Literal["", "hard", "offer"] = ""
    window: str | int = 0  # days that a signal looks back, or the parameter that says so
    sentence: tuple[str, ...] = ()  # templates over the columns: the first whose every column has a value is used
    rule_out: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    clears: str = ""  # what would end the finding

    @model_validator(mode="after")
    def _agrees(self) -> Header:
        wrong = [name for name in (*self.sort, *filter(None, [self.once])) if name.lstrip("-") not in self.columns]
        wrong += [band for band in self.needs if band not in AGE_BANDS]
        wrong += [
            name
            for names in (*self.needs.values(), self.helps)
            for either in names
            for name in either.split("|")
            if name not in registers()
        ]
        wrong += [self.near] if self.near and self.near not in EDGES else []
        if wrong:
            raise ValueError(f"no such column, age band, register or edge: {', '.join(wrong)}")
        if self.needs and ("band" not in self.columns or "child" not in self.columns):
            raise ValueError("a question with needs returns the hidden column `band`, age_band(c), beside `child`")
        return self

    @model_validator(mode="after")
    def _rows_are_told(self) -> Header:
        for name in ("row", "rows"):
            if name in self.columns and self.columns[name].kind != name:
                raise ValueError(f"the column {name} is of kind {name}: the graph holds a number, which the runner tells")
        return self

    @model_validator(mode="after")
    def _signals(self) -> Header:
        if not self.signal:
            return self
        if tuple(self.columns)[: len(FINDING)] != FINDING or not self.columns["band"].hidden:
            raise ValueError(f"a signal's first columns are {', '.join(FINDING)}, the last of them hidden")
        missing = [name for name in ("duty", "window", "sentence", "rule_out", "check", "clears") if not getattr(self, name)]
        if missing:
            raise ValueError(f"a signal says its {', '.join(missing)}")
        if isinstance(self.window, str) and self.window not in self.parameters:
            raise ValueError("the window is no parameter")
        filled = {field for text in self.sentence for _, field, _, _ in Formatter().parse(text) if field}
        if wrong := sorted(filled - set(self.columns)):
            raise ValueError(f"the sentence names no column: {', '.join(wrong)}")
        return self

    @property
    def registers_needed(self) -> tuple[str, ...]:
        """Every register that some age band needs."""
        return tuple(dict.fromkeys(name for needed in self.needs.values() for either in needed for name in either.split("|")))


class Question(BaseModel):
    """A header with its file's texts; `theme` is the folder."""

    model_config = ConfigDict(frozen=True)
    name: str
    theme: str
    header: Header
    text: str
    seen_text: str = ""

    def summary(self) -> dict[str, Any]:
        """`lastseen questions --format json`: one entry of the list."""
        return {
            "name": self.name,
            "title": self.header.title,
            "question": self.header.question,
            "parameters": {
                name: parameter.model_dump(exclude_defaults=True) | {"default": parameter.default}
                for name, parameter in self.header.parameters.items()
            },
            "columns": {
                name: {"kind": column.kind, "doc": column.doc}
                for name, column in self.header.columns.items()
                if not column.hidden
            },
        }


class Register(BaseModel):
    """A register that questions name; `fills` is its value of REGISTERED_WITH.register, '' where it registers nobody."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    fills: str = ""


@functools.cache
def registers() -> dict[str, Register]:
    """Every register of `registers.yaml`, by name."""
    said = yaml.safe_load((HERE / "registers.yaml").read_text(encoding="utf-8"))
    return {name: Register(**entry) for name, entry in said.items()}


@functools.cache
def catalogue(folder: Path = HERE) -> dict[str, Question]:
    """Every question by name, in order of theme and name. Raises `Refused` listing all faults of all files at once."""
    questions: dict[str, Question] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*/*.cypher")):
        try:
            question = parse(path.stem, path.parent.name, path.read_text(encoding="utf-8"))
            if question.name in questions:
                raise Refused("another theme has a question of this name")
            questions[question.name] = question
        except Refused as error:
            wrong.append(f"{path.parent.name}/{path.name}: {error}")
    if wrong:
        raise Refused("The catalogue of questions has faults. " + " ".join(wrong), "Mend the files; nothing was asked.")
    return questions


@functools.cache
def signals() -> dict[str, Question]:
    """Every signal by its id (G01, G01h, … P06), in that order."""
    return {question.header.signal: question for question in sorted(catalogue().values(), key=_place) if question.header.signal}


def _place(question: Question) -> str:
    return question.header.signal


def find(name: str) -> Question:
    """The question called `name`, or the signal with that id. Raises `Refused` naming what there is."""
    questions = catalogue()
    if name.upper() in {signal.upper() for signal in signals()}:
        return next(question for signal, question in signals().items() if signal.upper() == name.upper())
    if name not in questions:
        raise Refused(f"There is no question called {name!r}.", f"There are: {', '.join(questions)}.")
    return questions[name]


def parse(name: str, theme: str, text: str) -> Question:
    """A question from its file's text. Raises `Refused` with every fault of header and Cypher."""
    lines = text.splitlines()
    head = next((at for at, line in enumerate(lines) if not line.startswith("//")), len(lines))
    header = _header("\n".join(line[2:].removeprefix(" ") for line in lines[:head]))
    body = lines[head:]
    cut = body.index(SEEN_LINE) if SEEN_LINE in body else len(body)
    main, seen = "\n".join(body[:cut]).strip(), "\n".join(body[cut + 1 :]).strip()
    wrong = [] if bool(seen) == header.sight else [f"a question about sight, and no other, has a text after {SEEN_LINE!r}"]
    allowed = {*header.parameters, *header.derived, *BUILT_IN}
    used: set[str] = set()
    for part, returned in ((main, tuple(header.columns)), (seen, ("seen",))):
        if part:
            found, parameters = faults(part, returned, allowed)
            wrong += found
            used |= parameters
    inputs = set(header.derived) | (set() if header.derived else set(header.parameters))
    wrong += [f"${unused} is in the header and in no text" for unused in sorted(inputs - used)]
    if wrong:
        raise Refused("; ".join(wrong) + ".")
    return Question(name=name, theme=theme, header=header, text=main, seen_text=seen)


def _header(text: str) -> Header:
    try:
        said = yaml.safe_load(text)
        if not isinstance(said, dict):
            raise Refused("the file has no YAML header behind //.")
        return Header(**said)
    except yaml.YAMLError as error:
        raise Refused(f"the header is not YAML: {str(error).splitlines()[0]}.") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(str(part) for part in one['loc']) or 'header'}: {one['msg']}" for one in error.errors())
        raise Refused(f"the header has faults: {told}.") from error
