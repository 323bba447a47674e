"""The workspace: loads that are appended and never edited, builds made from them, and one switch from old to new.

A change is staged in hidden directories, then decided by the appearance of `pending.json`: killed before it, nothing has
changed and the staging is swept by the next writer; killed after it, whoever opens the workspace next finishes it.
Readers look through a pending change, so they see all of it or none.
"""

from __future__ import annotations

import json
import os
import re
import threading
import uuid
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from lastseen.graph.builds import Build, StagedBuild, read_build, write_build
from lastseen.graph.durable import hold_exclusively, is_held, private, remove_tree, sync_directory, sync_tree, write_atomically
from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.loads import FileSeen, Load, StagedLoad, read_load
from lastseen.graph.workspace_settings import Settings, read_settings, write_settings

__all__ = ["Build", "FileSeen", "Load", "Settings", "StagedBuild", "StagedLoad", "Workspace"]

STAGING = ".staging-"
REMOVED = ".removed-"


@dataclass(frozen=True)
class _Pending:
    """A decided change: staged and final names of loads, names of loads that go, staged and final name of the build."""

    loads: list[tuple[str, str]]
    remove: list[str]
    build: tuple[str, str] | None
    last: int


_PENDING = TypeAdapter(_Pending)


class Workspace:
    """One area's records and builds, in one private directory."""

    def __init__(self, home: Path, name: str) -> None:
        self.home = home
        self.name = name
        self.settings = read_settings(home / "settings.json")
        self._writer: int | None = None

    @classmethod
    def open(cls, home: Path | str, create: bool = False) -> Workspace:
        """Open a workspace, finishing a change that a kill left pending. Raises NotAvailable where there is none."""
        home = Path(home).expanduser().absolute()
        about = home / "workspace.json"
        if not about.exists():
            if not create:
                raise NotAvailable(
                    f"There is no workspace in {home}.",
                    "Give its folder with --workspace or LASTSEEN_HOME, or make one with `lastseen load` or `lastseen demo`.",
                )
            _make(home)
        try:
            name = str(json.loads(about.read_text(encoding="utf-8"))["id"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotAvailable(f"{about} can't be read.", "Restore it from a backup, or ask for read rights.") from error
        workspace = cls(home, name)
        # A live writer holds the lock and finishes its own; one without write rights looks through it.
        if workspace._pending() is not None:
            with suppress(NotAvailable, PermissionError), workspace.writing():
                pass
        return workspace

    # --- places ---

    @property
    def journal(self) -> Path:
        return self.home / "journal.sqlite"

    @property
    def folded(self) -> Path:
        """The caches of folded claims; deleting them changes nothing but time."""
        return self.home / "graph" / "folded"

    @property
    def _loads(self) -> Path:
        return self.home / "loads"

    @property
    def _builds(self) -> Path:
        return self.home / "graph" / "builds"

    # --- reading ---

    def loads(self, without: Container[int] = ()) -> list[Load]:
        """The committed loads by number; those numbered in `without` are not even read (one of them may be damaged)."""
        paths = [path for path in self._load_directories() if _number(path) not in without]
        return sorted((read_load(path) for path in paths), key=lambda load: load.n)

    def load(self, n: int) -> Load:
        return read_load(self._directory(n))

    def check_load(self, n: int) -> None:
        """Raise Refused where there is no load `n`; it may be damaged."""
        self._directory(n)

    def current_build(self) -> Build | None:
        """The build that answers are read from; None before the first."""
        pending = self._pending()
        if pending and pending.build:
            staged, final = pending.build
            return self.build(final) or read_build(self._builds / staged)
        try:
            current = (self.home / "graph" / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            what = "The note of which build is current can't be read."
            raise NotAvailable(what, "Make it again with `lastseen publish`.") from error
        build = self.build(current)
        if build is None:
            raise NotAvailable(f"The current build {current} is missing.", "Make it again with `lastseen publish`.")
        return build

    def build(self, build_id: str) -> Build | None:
        """A kept build by its id."""
        return read_build(self._builds / build_id)

    def builds(self) -> list[Build]:
        """The kept builds, newest first."""
        kept = [read_build(path) for path in self._builds.iterdir() if not path.name.startswith(".")]
        return sorted((build for build in kept if build), key=lambda build: (build.made_at, build.id), reverse=True)

    def published(self) -> dict[str, str]:
        """Server (its URL without credentials) → id of the build last published there."""
        try:
            said = json.loads((self.home / "graph" / "published.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {str(server): str(build) for server, build in said.items()}

    # --- writing ---

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer; raises NotAvailable naming the other. May be nested in one thread.

        What a kill left behind is finished or swept first, so a writer always starts from a clean state.
        """
        if self._writer == threading.get_ident():
            yield
            return
        with hold_exclusively(self.home / ".lock", f"The workspace {self.home}"), private():
            self._writer = threading.get_ident()
            try:
                self._recover()
                yield
            finally:
                self._writer = None

    def save_settings(self, settings: Settings) -> None:
        """Replace the settings."""
        with self.writing():
            write_settings(self.home / "settings.json", settings)
        self.settings = settings

    def stage(self) -> StagedLoad:
        """Begin a load in a hidden directory, with the next number (numbers are never used again)."""
        self._must_write()
        staged = [int(path.name.removeprefix(STAGING).split("-")[0]) for path in self._loads.glob(f"{STAGING}*")]
        n = max([self._last(), *staged]) + 1
        directory = self._loads / f"{STAGING}{n}-{uuid.uuid4().hex}"
        directory.mkdir(mode=0o700)
        return StagedLoad(n, directory)

    def discard(self, staged: Iterable[StagedLoad]) -> None:
        """Drop loads that were begun and will not be committed."""
        for load in staged:
            remove_tree(load.directory)

    def stage_build_directory(self) -> Path:
        """A new hidden directory for a build (its tables in `tables/`, the engine's file `ladybug.db`)."""
        self._must_write()
        directory = self._builds / f"{STAGING}{uuid.uuid4().hex}"
        directory.mkdir(mode=0o700)
        return directory

    def commit(self, staged: Sequence[StagedLoad], build: StagedBuild | None, remove: Sequence[int] = ()) -> None:
        """Make finished loads and a build current at once, and take away the loads numbered in `remove`."""
        self._must_write()
        loads = [(load.directory.name, _final_name(read_load(load.directory))) for load in staged]
        gone = [self._directory(n).name for n in remove]
        if build:
            write_build(build)
            sync_tree(build.directory)
        for load in staged:
            sync_tree(load.directory)
        last = max([self._last(), *(load.n for load in staged)])
        pending = _Pending(loads, gone, (build.directory.name, build.id) if build else None, last)
        write_atomically(self.home / "pending.json", json.dumps(asdict(pending)))
        self._finish(pending)
        self.prune()

    def note_published(self, server: str, build_id: str) -> None:
        """Remember which build a server holds; it is never pruned."""
        with self.writing():
            write_atomically(self.home / "graph" / "published.json", json.dumps({**self.published(), server: build_id}))

    def prune(self, keep: int = 3) -> list[str]:
        """Delete all but the newest `keep` builds; never the current one, one in use, or one a server holds."""
        self._must_write()
        current = self.current_build()
        needed = {*self.published().values(), *([current.id] if current else [])}
        older = [build for build in self.builds()[keep:] if build.id not in needed]
        gone = [build for build in older if not is_held(build.directory / "held")]
        for build in gone:
            remove_tree(build.directory)
        return [build.id for build in gone]

    # --- inside ---

    def _must_write(self) -> None:
        if self._writer != threading.get_ident():
            raise RuntimeError("only inside Workspace.writing()")

    def _pending(self) -> _Pending | None:
        try:
            return _PENDING.validate_json((self.home / "pending.json").read_bytes())
        except FileNotFoundError:
            return None

    def _last(self) -> int:
        numbers = [_number(path) for path in self._load_directories()]
        with suppress(FileNotFoundError):
            numbers.append(int((self._loads / "LAST").read_text(encoding="utf-8")))
        return max(numbers, default=0)

    def _directory(self, n: int) -> Path:
        for path in self._load_directories():
            if _number(path) == n:
                return path
        raise Refused(f"There is no load {n}.", "`lastseen loads` lists them.")

    def _load_directories(self) -> list[Path]:
        """Directories of the committed loads, seen through a pending change; looked at again where one began meanwhile."""
        for _ in range(100):
            pending = self._pending()
            paths = {path.name: path for path in self._loads.iterdir() if re.match(r"\d+-", path.name)}
            if pending:
                for staged, final in pending.loads:
                    paths.setdefault(final, self._loads / staged)
                for name in pending.remove:
                    paths.pop(name, None)
            if pending == self._pending() and all(path.exists() for path in paths.values()):
                return list(paths.values())
        raise NotAvailable(f"The archive in {self.home} lacks a load that was committed.", "Restore it from a backup.")

    def _recover(self) -> None:
        pending = self._pending()
        if pending:
            self._finish(pending)
        for folder in (self.home, self.home / "graph", self._loads):
            for path in folder.iterdir():
                if re.fullmatch(r"\..+\.[0-9a-f]{32}", path.name):  # written but not renamed yet (graph/durable.py)
                    path.unlink()
        for folder in (self._loads, self._builds):
            for left in [*folder.glob(f"{STAGING}*"), *folder.glob(f"{REMOVED}*")]:
                remove_tree(left)

    def _set_aside_damaged(self, staged: str, final: str) -> None:
        """A build that was made anew though one of its id is kept takes its place: the kept one was not whole."""
        if (self._builds / staged).exists() and (self._builds / final).exists():
            os.rename(self._builds / final, self._builds / f"{REMOVED}{uuid.uuid4().hex}")

    def _finish(self, pending: _Pending) -> None:
        """Carry out a decided change; safe to repeat from any point."""
        for staged, final in pending.loads:
            _move(self._loads / staged, self._loads / final)
        for name in pending.remove:
            _move(self._loads / name, self._loads / f"{REMOVED}{name}")
        write_atomically(self._loads / "LAST", str(pending.last))
        if pending.build:
            staged, final = pending.build
            if staged != final:
                self._set_aside_damaged(staged, final)
                _move(self._builds / staged, self._builds / final)
                sync_directory(self._builds)
            write_atomically(self.home / "graph" / "CURRENT", final + "\n")
        (self.home / "pending.json").unlink()
        sync_directory(self.home)
        for left in [*(self._loads / f"{REMOVED}{name}" for name in pending.remove), *self._builds.glob(f"{REMOVED}*")]:
            remove_tree(left)


def _make(home: Path) -> None:
    """Lay out a new workspace; the same by two processes at once gives one."""
    others = [path.name for path in home.iterdir() if not path.name.startswith(".")] if home.exists() else []
    if not set(others) <= {"settings.json", "mappings", "loads", "graph", "lost+found"}:
        raise Refused(f"{home} holds other files.", "Give an empty or new folder for the workspace.")
    with private():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        (home / "loads").mkdir(exist_ok=True)
        (home / "graph" / "builds").mkdir(parents=True, exist_ok=True)
        beside = home / f".workspace-{uuid.uuid4().hex}"
        write_atomically(beside, json.dumps({"id": str(uuid.uuid4()), "made_at": datetime.now(UTC).isoformat()}))
        with suppress(FileExistsError):
            os.link(beside, home / "workspace.json")
        beside.unlink()


def _final_name(load: Load) -> str:
    return f"{load.n}-{load.source}-{load.extract_date.isoformat()}"


def _number(path: Path) -> int:
    return int(path.name.removeprefix(STAGING).split("-")[0])


def _move(old: Path, new: Path) -> None:
    if old.exists():
        if new.exists():
            remove_tree(old)
        else:
            os.rename(old, new)
        sync_directory(new.parent)
