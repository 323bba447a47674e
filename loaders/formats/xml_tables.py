"""XML as tables, streamed: only the element that a row and what it looks up to lie in is ever held.

No DTD and so no entities are taken, nothing is fetched, and depth and size are bounded. A document that stops short or is not
well formed is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from lastseen.graph.errors import Refused
from lastseen.loaders.formats.paths import Chain, Getter, RowPath, absolute, climbs, first_of, getter, row_path, text_of
from lastseen.loaders.formats.tables import Document, Table, documents, table_names
from lastseen.loaders.formats.xml_events import PIECE, events, forget
from lastseen.loaders.inputs import Text
from lastseen.loaders.mapping_model import FileKind

Names = tuple[str, ...]
"""Element names from the root; a last '@name' is an attribute."""

HEAD = 1 << 23
"""Characters of a document whose source is only to be told."""
MAX_SHAPES = 5_000
"""Kinds of elements in a document of no known source."""
MAX_DEPTH, MAX_HELD = 100, 500_000
"""Nested elements, and elements of one held part, that are believed."""


@dataclass
class _Plan:
    """How one kind's rows are found and read. `unit`: how deep the element lies that has to be whole before a row is read;
    `fixed`: for columns (by place) that do not belong to their row, names from the root."""

    kind: FileKind
    row: RowPath
    unit: int
    getters: list[Getter]
    fixed: dict[int, list[Names]]
    table: Table

    def begins_at(self, names: Sequence[str]) -> bool:
        """Whether an element with these names from the root is a unit."""
        return len(names) == self.unit and RowPath(self.row.steps[: self.unit]).matches(names)


@dataclass
class _Fixed:
    """Values that stand once in a document. `late`: one came after a row that asked for it."""

    wanted: set[Names]
    values: dict[Names, str]
    asked: set[Names] = field(default_factory=set)
    late: bool = False

    def first(self, paths: Sequence[Names]) -> str:
        """What stands at the first of the paths that is there so far."""
        for path in paths:
            if path in self.values:
                return self.values[path]
            self.asked.add(path)
        return ""

    def reads_around(self, names: Sequence[str]) -> bool:
        """Whether the text of an element around this one is asked for as a whole (a header's)."""
        return bool(self.wanted) and any(tuple(names[:depth]) in self.wanted for depth in range(1, len(names)))

    def note(self, names: Sequence[str], element: Element) -> None:
        """Keep what an element that has ended says, if it is asked for."""
        here = tuple(names)
        self._keep(here, text_of(element))
        for name, value in element.items():
            self._keep((*here, f"@{name}"), value.strip())

    def _keep(self, path: Names, value: str) -> None:
        if path in self.wanted and path not in self.values:
            self.values[path] = value
            self.late = self.late or path in self.asked


def xml_tables(text: Text, kinds: Sequence[FileKind], work: Path, limit: int | None = None) -> list[Document]:
    """The tables of a document, one for each kind that finds a row in it; with `limit`, of about so many first rows only.

    Raises Refused for a document that is not whole or not to be trusted, and for one whose required columns are nowhere filled.
    """
    rows = [row_path(kind.xml or "") for kind in kinds]
    names = table_names(text.name, [row.steps[-1] for row in rows])
    known: dict[Names, str] = {}
    while True:
        with ExitStack() as open_tables:
            plans = [
                _plan(kind, row, open_tables.enter_context(Table(name, work, [*kind.columns])))
                for kind, row, name in zip(kinds, rows, names, strict=True)
            ]
            fixed = _Fixed({path for plan in plans for paths in plan.fixed.values() for path in paths}, known)
            _read(text, plans, fixed, limit)
        if not fixed.late:  # else something said once came after rows that it belongs to: once more, knowing it
            return documents([(plan.table, plan.kind) for plan in plans], limit)


def _plan(kind: FileKind, row: RowPath, table: Table) -> _Plan:
    getters: list[Getter] = []
    fixed, up = {}, 0
    for place, name in enumerate(kind.columns):
        paths = kind.paths(name)
        roots = [names for path in paths if (names := absolute(path, row))]
        own = [path for path in paths if not absolute(path, row)]
        if roots:
            fixed[place] = roots
        getters.append(first_of([getter(path) for path in own]) if own else _nothing)
        up = max([up, *(climbs(path) for path in own)])
    return _Plan(kind, row, len(row.steps) - up, getters, fixed, table)


@dataclass
class Shape:
    """What a document is made of. `order`: paths of all elements; `repeated`: those that stand several times in one parent;
    `leaves`: elements without others inside that hold text, and attributes; `inner`: elements that hold others."""

    order: dict[Names, None] = field(default_factory=dict)
    repeated: set[Names] = field(default_factory=set)
    leaves: dict[Names, None] = field(default_factory=dict)
    inner: set[Names] = field(default_factory=set)

    def holds(self, names: Names) -> bool:
        """Whether an element has anything to be a column: other elements, or attributes."""
        return names in self.inner or any(len(leaf) == len(names) + 1 and leaf[:-1] == names for leaf in self.leaves)


def shape_of(text: Text) -> Shape:
    """The shape of a document of no known source, streamed. Raises Refused as `xml_tables` does."""
    shape, held, names = Shape(), [], []
    beside: list[set[str]] = [set()]
    for begins, element in events(_pieces(text, None), text.name):
        if begins:
            names.append(element.tag)
            here = tuple(names)
            if len(here) > MAX_DEPTH or len(shape.order) > MAX_SHAPES:
                raise Refused(f"{text.name} has parts that are nested too deep or too long.", "Have the extract made again.")
            if element.tag in beside[-1]:
                shape.repeated.add(here)
            beside[-1].add(element.tag)
            beside.append(set())
            held.append(element)
            shape.order.setdefault(here)
            if len(here) > 1:
                shape.inner.add(here[:-1])
            continue
        here = tuple(names)
        if here not in shape.inner and text_of(element):
            shape.leaves.setdefault(here)
        for name in element.keys():  # noqa: SIM118 - an element is no dict
            shape.leaves.setdefault((*here, f"@{name}"))
        beside.pop()
        forget(held)
        held.pop()
        names.pop()
    shape.leaves = {leaf: None for leaf in shape.leaves if leaf not in shape.inner}
    return shape


def _nothing(_: Chain) -> str:
    return ""


def _read(text: Text, plans: Sequence[_Plan], fixed: _Fixed, limit: int | None) -> None:
    depths = {plan.unit for plan in plans}
    held: list[Element] = []
    names: list[str] = []
    whole = inside = 0  # depth of the outermost unit that is open (0: none); elements since it began
    for begins, element in events(_pieces(text, HEAD if limit else None), text.name):
        if begins:
            held.append(element)
            names.append(element.tag)
            inside += 1
            if len(names) > MAX_DEPTH or inside > MAX_HELD:
                raise Refused(f"{text.name} has parts that are nested too deep or too long.", "Have the extract made again.")
            if len(names) == 1 and not any(RowPath(plan.row.steps[:1]).matches(names) for plan in plans):
                return  # another document: what is in it is nobody's here
            if not whole and len(names) in depths and any(plan.begins_at(names) for plan in plans):
                whole, inside = len(names), 0
            continue
        if len(names) in depths:
            for plan in plans:
                if plan.begins_at(names):
                    for chain in _rows_in(plan, held):
                        _add(plan, chain, fixed)
        if fixed.wanted:
            fixed.note(names, element)
        if whole in (0, len(names)):
            whole = 0
            if not fixed.reads_around(names):
                inside = 0
                forget(held)
        held.pop()
        names.pop()
        if limit and not whole and sum(plan.table.rows for plan in plans) >= limit:
            return


def _pieces(text: Text, most: int | None) -> Iterator[str]:
    """The text in pieces; with `most`, about so many first characters."""
    read = 0
    with text.path.open(encoding="utf-8", newline="") as file:
        file.seek(text.start)
        while (piece := file.read(PIECE)) and (not most or read < most):
            read += len(piece)
            yield piece


def _rows_in(plan: _Plan, held: Sequence[Element]) -> Iterator[list[Element]]:
    """The rows inside a whole unit, each after its ancestors."""
    def inwards(chain: list[Element], steps: Sequence[str]) -> Iterator[list[Element]]:
        if not steps:
            yield chain
            return
        for child in chain[-1]:
            if steps[0] in ("*", child.tag):
                yield from inwards([*chain, child], steps[1:])

    return inwards(list(held), plan.row.steps[plan.unit:])


def _add(plan: _Plan, chain: list[Element], fixed: _Fixed) -> None:
    cells = [get(chain) for get in plan.getters]
    for place, paths in plan.fixed.items():
        cells[place] = cells[place] or fixed.first(paths)
    plan.table.add(cells)
