"""One open graph and what is asked of it: the one thing the command line and the app hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lastseen.graph.archive import Workspace
from lastseen.graph.casebook import Casebook
from lastseen.graph.errors import NotAvailable
from lastseen.graph.schema import SEEN
from lastseen.graph.store import Marker, Progress, Store
from lastseen.queries import finding, runner
from lastseen.queries.answer import Answer, LastSeen
from lastseen.queries.board import MONTHS, Board, board
from lastseen.queries.catalogue import find
from lastseen.queries.console import typed_cypher
from lastseen.queries.expecting import Expected, expected
from lastseen.queries.fading import MONTHS as A_YEAR
from lastseen.queries.fading import Fading, fading
from lastseen.queries.labelling import NO_NAME, people_labels
from lastseen.queries.worklist import Worklist, worklist


class Session:
    """`workspace` is None where only a server is given; then the row's own text is not at hand. Every method answers as at
    one day: the one given, else the workspace's own default, else today."""

    def __init__(self, store: Store, workspace: Workspace | None = None) -> None:
        self.store = store
        self.workspace = workspace

    @property
    def marker(self) -> Marker:
        return self.store.marker()

    def default_as_at(self) -> date:
        return self.marker.default_as_at or date.today()

    def ask(self, name: str, as_at: date | None = None, **parameters: Any) -> Answer:
        """Answer the question called `name`. A parameter of None takes its default. A question about all children takes a
        `child` too, and is then asked of that one alone."""
        header = find(name).header
        own = {**self.overrides.get(name, {}), **self.overrides.get(header.signal or name, {})}
        given = own | {parameter: value for parameter, value in parameters.items() if value is not None}
        day, only = as_at or self.default_as_at(), None
        if "child" in given and header.population == "children":
            only = self.person(given.pop("child"), day)
        return runner.ask(self.store, name, day, given, self.person, only)

    def find(self, text: str, as_at: date | None = None) -> Answer:
        """Who fits this name, birth date, identifier or address (the question `find_person`)."""
        return self.ask("find_person", as_at, text=text)

    def person(self, text: str, as_at: date | None = None) -> str:
        """The id of the person that `text` names. Raises `Refused` (nobody) or `ManyPeople`."""
        return finding.resolve(self.store, text, as_at or self.default_as_at())

    def last_seen(self, person: str, as_at: date | None = None, level: int = SEEN) -> LastSeen:
        """When the person (an id, as `person` gives it) was last seen at `level` or more."""
        return finding.last_seen(self.store, person, as_at or self.default_as_at(), level)

    def label(self, person: str, as_at: date | None = None) -> str:
        """'Tam Marlowe, born 11 June 2012', as known then."""
        return people_labels(self.store, [person], as_at or self.default_as_at()).get(person, NO_NAME)

    def expected(self, person: str, as_at: date | None = None) -> Expected:
        """What should have happened by this age for the child (an id, as `person` gives it), and whether it did."""
        return expected(self.store, person, as_at or self.default_as_at(), self.overrides, self.marker.fictional)

    def fading(self, person: str, as_at: date | None = None, months: int = A_YEAR) -> Fading:
        """The live professional links of the child (an id) at the end of each of the last months, and which were lost."""
        return fading(self.store, person, as_at or self.default_as_at(), months, self.overrides.get("fading_net"))

    def worklist(self, as_at: date | None = None, *, child: str | None = None, only: Collection[str] = ()) -> Worklist:
        """Every finding (of one child, an id; of some signals) with what was decided about it; what is not sent is all.

        Without a workspace at hand nothing is known of what people decided.
        """
        return worklist(
            self.store, as_at or self.default_as_at(), self.casebook.entries() if self.casebook else (), child=child, only=only,
            overrides=self.overrides, folder=self._folder(),
        )  # fmt: skip

    def board(self, as_at: date | None = None, *, months: int = MONTHS, progress: Progress | None = None) -> Board:
        """The board's figures; kept beside the workspace's build, so that they are worked out once."""
        day = as_at or self.default_as_at()
        return board(self.store, day, self._folder(), months=months, overrides=self.overrides, progress=progress)

    def _folder(self) -> Path | None:
        """The folder of the workspace's build, where what was worked out is kept; None where the engine has another."""
        build = self.workspace.current_build() if self.workspace else None
        return build.directory if build and build.id == self.marker.build else None

    @property
    def casebook(self) -> Casebook | None:
        """Where people's decisions about findings are kept; None without a workspace."""
        return Casebook(self.workspace.journal) if self.workspace else None

    @property
    def overrides(self) -> Mapping[str, Mapping[str, Any]]:
        """The workspace's own defaults of questions' parameters."""
        return self.workspace.settings.parameters if self.workspace else {}

    def cypher(self, text: str, parameters: Mapping[str, Any] | None = None, as_at: date | None = None) -> Answer:
        """Run typed Cypher: reading only, 10,000 rows and 20 seconds at most."""
        return typed_cypher(self.store, text, dict(parameters or {}), as_at or self.default_as_at())

    def close(self) -> None:
        self.store.close()


def open_session(home: Path | str | None, engine: str | None = None) -> Session:
    """A session on the workspace's embedded graph, or on the server at `engine` (then the workspace may be missing)."""
    from lastseen.graph.publish import open_store  # here, so that a command on the embedded graph loads no Neo4j driver

    workspace: Workspace | None = None
    if home is not None:
        try:
            workspace = Workspace.open(Path(home))
        except NotAvailable:
            if engine is None:
                raise
    return Session(open_store(workspace, engine), workspace)
