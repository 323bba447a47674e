"""A workspace's own mappings, in its folder `mappings`: kept under their source's name, and used beside the shipped ones."""

from __future__ import annotations

from pathlib import Path

from lastseen.graph.durable import private, write_atomically
from lastseen.graph.errors import Refused
from lastseen.loaders.mapping import Mapping, all_mappings, draft, load_mapping, read_mapping, source_names


def folder(home: Path) -> Path:
    """Where a workspace keeps its own mappings; it is there from the first one on."""
    return home / "mappings"


def local_path(home: Path, source: str) -> Path:
    return folder(home) / f"{source}.yaml"


def local_names(home: Path) -> list[str]:
    """The sources that have a mapping of the workspace's own, finished or not."""
    return sorted(path.stem for path in folder(home).glob("*.yaml") if not path.name.startswith("."))


def mapping_of(source: str, home: Path) -> Mapping:
    """The mapping of a source, the workspace's own or a shipped one; raises Refused for a name that is none, or with every
    fault of the file and all that is still to decide in it."""
    own = local_names(home)
    if source in source_names() or not own:
        return load_mapping(source)
    if source in own:
        return _named(read_mapping(local_path(home, source)), source)
    raise Refused(
        f"There is no source called {source}.",
        f"The sources are: {', '.join(source_names())}; and of this workspace: {', '.join(own)}.",
    )


def known_mappings(home: Path) -> tuple[list[Mapping], dict[str, str]]:
    """Every mapping that can be loaded with; and the workspace's own that can't be yet, by source, with why in a few words."""
    found, unfinished = all_mappings(), {}
    for source in local_names(home):
        path = local_path(home, source)
        if source in source_names():
            unfinished[source] = "a shipped source has that name"
            continue
        try:
            found.append(mapping_of(source, home))
        except Refused:
            unfinished[source] = _why(path)
    return found, unfinished


def _why(path: Path) -> str:
    try:
        said = draft(path.read_text(encoding="utf-8"), path.name)
    except (Refused, OSError, ValueError):
        return "it can't be read"
    faults = f"{len(said.faults)} fault{'s' * (len(said.faults) != 1)}"
    parts = [f"{len(said.undecided)} to decide"] * bool(said.undecided) + [faults] * bool(said.faults)
    return ", ".join(parts) or "it names another source than its file does"


def keep(home: Path, source: str, text: str, replace: bool = False) -> Path:
    """Keep a mapping under its source's name; raises Refused as `may_keep` does."""
    may_keep(home, source, text, replace)
    path = local_path(home, source)
    with private():
        path.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomically(path, text)
    return path


def may_keep(home: Path, source: str, text: str, replace: bool = False) -> None:
    """Raise Refused where a shipped source has the name, or another mapping stands there and is not to be replaced."""
    if source in source_names():
        raise Refused(
            f"{source} is a source that Lastseen ships.",
            f"Give yours a name of its own; `registers: [{source}]` says that it serves the same register.",
        )
    path = local_path(home, source)
    if not replace and path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        raise Refused(
            f"This workspace has another mapping for {source} ({path}).",
            "Begin with that one, give this source another name, or say --replace to put this in its place.",
        )


def _named(mapping: Mapping, source: str) -> Mapping:
    if mapping.source != source:
        raise Refused(f"{source}.yaml says that its source is {mapping.source}.", "Give the file its source's name.")
    return mapping
