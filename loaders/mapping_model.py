"""The shape of a mapping file: what one source's extract is, its columns, its code lists, and the records each row gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

Value = bool | int | float | str | None
Kind = Literal["text", "id", "date", "int", "float", "bool", "nhs", "upn", "postcode", "uprn", "code"]
Text = Annotated[str, BeforeValidator(lambda given: given if isinstance(given, bool) or given is None else str(given))]
"""A raw cell's text; numbers that YAML read as numbers are text again."""
MARK = "TO DECIDE"
"""Stands in a proposed mapping wherever a person has to say something (loaders/undecided.py)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class CodeList(_Strict):
    """Raw cell (case and outer spaces do not count; "" is an empty cell) to value."""

    otherwise: Value = Field(default=None, alias="else")

    @property
    def rejects(self) -> bool:
        """Whether a code that is not listed rejects its row: so it does unless `else` is given."""
        return "otherwise" not in self.model_fields_set


class Column(CodeList):
    """One column of the extract. `required`: it must be there; `filled`: an empty cell rejects the row.

    `also`: other spellings of its header. `path`: where its cell is, seen from the row's element (XML) or object (JSON);
    by default its name. A column `inside` another is not in the header: it is the value under `path` of the JSON objects in
    that one's cells; a column `broken` is that one's text where it is not JSON.
    """

    kind: Kind = "text"
    also: list[Text] = Field(default_factory=list)
    path: str | None = Field(default=None, min_length=1)
    required: bool = False
    filled: bool = False
    codes: dict[str, Value] = Field(default_factory=dict)
    inside: str | None = None
    broken: str | None = None

    @property
    def parent(self) -> str | None:
        """The column in whose cells this one is, where it has none of its own."""
        return self.inside or self.broken


class Is(_Strict):
    """A constant."""

    value: bool | int | float | str = Field(alias="is")


class First(_Strict):
    """The first that is not empty."""

    first: list[Expr] = Field(min_length=1)


class Hash(_Strict):
    """A stable id made of tidied values, case and spacing aside; empty when all its columns are."""

    hash: list[Expr] = Field(min_length=1)


class Join(_Strict):
    """Values that are not empty, joined."""

    join: list[Expr] = Field(min_length=1)
    between: str = Field(default=" ", alias="with")


class PlusDays(_Strict):
    """A date moved by whole days, e.g. where a source's end date is the last day."""

    plus_days: Expr
    days: int = 1


class Same(_Strict):
    """Of relations' `other`: each of the people whose rows hold the same in this column; more than a family are none."""

    same: str


class Code(CodeList):
    """A column read by a code list of this place alone."""

    code: str
    map: dict[str, Value] = Field(min_length=1)


def _which(given: Any) -> str | None:
    if isinstance(given, str):
        return "column"
    if isinstance(given, BaseModel):
        return type(given).__name__.lower()
    if isinstance(given, dict):
        keys = ("is", "first", "hash", "join", "plus_days", "code", "same")
        return next((key.replace("_", "") for key in keys if key in given), None)
    return None


Expr = Annotated[
    Annotated[str, Tag("column")]
    | Annotated[Is, Tag("is")]
    | Annotated[First, Tag("first")]
    | Annotated[Hash, Tag("hash")]
    | Annotated[Join, Tag("join")]
    | Annotated[PlusDays, Tag("plusdays")]
    | Annotated[Code, Tag("code")]
    | Annotated[Same, Tag("same")],
    Discriminator(
        _which,
        custom_error_type="expression",
        custom_error_message="write a column's name, or one of {is:}, {first:}, {hash:}, {join:}, {plus_days:}, {code:}, "
                             "{same:}",
    ),
]


class When(_Strict):
    """A condition on a column's cell; with nothing else said, the cell must not be empty. `past`: whether its date is not
    after the extract's (false: after it; an empty cell is neither)."""

    column: str
    among: list[Text] | None = Field(default=None, alias="in")
    not_among: list[Text] | None = Field(default=None, alias="not_in")
    past: bool | None = None


def _as_conditions(given: Any) -> Any:
    given = given if isinstance(given, list) else [given]
    return [{"column": one} if isinstance(one, str) else one for one in given]


class Template(_Strict):
    """One record that a row gives: the record table's columns and the conditions that must all hold.

    `monthly`: one contact a month of several; `continued`: rows that begin where another of the same claim ends are one.
    """

    columns: dict[str, Expr]
    when: Annotated[list[When], BeforeValidator(_as_conditions)] = Field(default_factory=list)
    monthly: bool = False
    continued: bool = False


def _as_template(given: Any) -> Any:
    """A column that is null says nothing, as if it were not there."""
    if not isinstance(given, dict) or "columns" in given:
        return given
    own = {key: given[key] for key in ("when", "monthly", "continued") if key in given}
    return {**own, "columns": {key: value for key, value in given.items() if key not in own and value is not None}}


def _as_list(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


class Latest(_Strict):
    """Of rows with the same value in column `of` only the one with the greatest in `by` counts (of equals, the last)."""

    of: str
    by: str


class FileKind(_Strict):
    """One kind of table of the source. The named columns hold dates of the extract, its scope, and the row's recorded date.

    A table of text (CSV) unless one of three says otherwise: `sheet`, a pattern on the name of a workbook's sheet; `xml`, the
    path of the row's element from the root; `json`, JMESPath giving the rows, or a list of such steps going inwards.
    """

    match: str = "*"
    sheet: str | None = Field(default=None, min_length=1)
    xml: str | None = Field(default=None, min_length=1)
    json_steps: Annotated[list[str], BeforeValidator(_as_list)] | None = Field(default=None, alias="json", min_length=1)
    may_be_empty: bool = False
    title_rows: int = Field(default=0, ge=0, le=1000)
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    extract_date: str | None = None
    covers_from: str | None = None
    covers_to: str | None = None
    scope: str | None = None
    recorded_on: str | None = None
    latest: Latest | None = None
    columns: dict[str, Annotated[Column, BeforeValidator(lambda given: {} if given is None else given)]]
    rows: dict[str, list[Annotated[Template, BeforeValidator(_as_template)]]]

    def paths(self, name: str) -> list[str]:
        """Where a column's cell may be in XML or JSON: the first path that gives something counts."""
        column = self.columns[name]
        return [column.path or name, *column.also]

    @property
    def label(self) -> str:
        """What the kind is called in a sentence: the file's, sheet's or element's pattern."""
        return self.sheet or self.xml or (self.json_steps[-1] if self.json_steps else self.match)

    @property
    def is_table(self) -> bool:
        """Whether its rows come as rows already: CSV or a sheet."""
        return self.xml is None and self.json_steps is None

    def templates(self) -> Iterator[tuple[str, int, Template]]:
        """(record table, its number there, template)."""
        for table, templates in self.rows.items():
            for number, template in enumerate(templates, 1):
                yield table, number, template

    @property
    def required(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.required]


class Mapping(_Strict):
    """A source. `lag` and `expected_every` are days; `version` is a hash of the file's text.

    A snapshot that does not say when it was taken is refused, or is of the `newest` day inside. `ignores` are names of files
    that belong to the source's extracts and are left out on purpose.
    """

    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    doc: str = Field(min_length=1)
    shape: Literal["snapshot", "event"]
    registers: list[str] = Field(default_factory=list)
    trust: int = Field(default=50, ge=0, le=100)
    lag: int = Field(default=0, ge=0)
    expected_every: int = Field(gt=0)
    unknown: list[Text] = Field(default_factory=lambda: [""])
    dates: Annotated[list[str], BeforeValidator(_as_list)] = Field(default_factory=lambda: ["%Y-%m-%d"], min_length=1)
    households: bool = False
    undated: Literal["refused", "newest"] = "refused"
    ignores: list[str] = Field(default_factory=list)
    files: list[FileKind] = Field(min_length=1)
    version: str = ""
