"""Mapping files: the shipped ones (`loaders/sources/*.yaml`) or any other, with all faults of one reported at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from lastseen.graph.errors import Refused
from lastseen.loaders.mapping_faults import mapping_faults
from lastseen.loaders.mapping_model import MARK, FileKind, Mapping
from lastseen.loaders.undecided import Undecided, choices_told, settled, undecided
from lastseen.loaders.yaml_text import read_yaml

__all__ = [
    "Draft", "FileKind", "Mapping", "all_mappings", "draft", "load_mapping", "mapping_text", "parse_mapping", "read_mapping",
    "source_names",
]


def source_names() -> list[str]:
    """The sources that are shipped, in order."""
    folder = resources.files("lastseen.loaders.sources")
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


@cache
def load_mapping(source: str) -> Mapping:
    """A shipped source's mapping; raises Refused for a name that is none, or with every fault of the file."""
    if source not in source_names():
        raise Refused(f"There is no source called {source}.", f"The sources are: {', '.join(source_names())}.")
    text = (resources.files("lastseen.loaders.sources") / f"{source}.yaml").read_text(encoding="utf-8")
    return parse_mapping(text, f"{source}.yaml")


def all_mappings() -> list[Mapping]:
    """Every shipped mapping, by source."""
    return [load_mapping(source) for source in source_names()]


def read_mapping(path: Path) -> Mapping:
    """A mapping from any file."""
    return parse_mapping(mapping_text(path), path.name)


def mapping_text(path: Path) -> str:
    """What a mapping file holds; raises Refused where that is not text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{path.name} is no mapping: it is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.", "Check the name and the rights.") from error


def parse_mapping(text: str, name: str) -> Mapping:
    """The mapping that a YAML text says; raises Refused, naming every fault and all that is still to decide, where it isn't
    one that can be loaded with."""
    found = draft(text, name)
    faults = [one.words for one in found.undecided] + found.faults
    if found.mapping is None or faults:
        raise _refused(name, faults, choices_told(found.undecided))
    return found.mapping


@dataclass(frozen=True)
class Draft:
    """A mapping that may not be finished: `mapping` as far as it is decided (None where it has faults of shape), what is left
    to decide, and its other faults."""

    mapping: Mapping | None
    undecided: list[Undecided]
    faults: list[str]

    @property
    def is_finished(self) -> bool:
        return self.mapping is not None and not self.undecided and not self.faults


def draft(text: str, name: str) -> Draft:
    """A mapping as far as it goes; raises Refused only where the text is not YAML at all."""
    try:
        said, open_points = read_yaml(text), undecided(text)
    except yaml.YAMLError as error:
        raise Refused(f"The mapping {name} is not YAML: {' '.join(str(error).split())}.", "Correct it.") from error
    said = settled(said)
    if isinstance(said, dict):
        said = {**said, "version": hashlib.sha256(text.encode()).hexdigest()[:12]}
        said.setdefault("registers", [said.get("source")])
    try:
        mapping = Mapping.model_validate(said)
    except ValidationError as error:
        shape = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        return Draft(None, open_points, [*shape, *_faults_inside(said, error)])
    return Draft(mapping, open_points, mapping_faults(mapping))


_HEAD = {"source": "x", "title": "x", "doc": "x", "shape": "event", "expected_every": 1}


def _faults_inside(said: Any, error: ValidationError) -> list[str]:
    """The faults of the files of a mapping whose head alone is not in shape, so that one round tells them too."""
    if not isinstance(said, dict) or any(fault["loc"][:1] in ((), ("files",)) for fault in error.errors()):
        return []
    spoilt = {fault["loc"][0] for fault in error.errors()}
    whole = _HEAD | {key: value for key, value in said.items() if key not in spoilt}
    return mapping_faults(Mapping.model_validate(whole))


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _refused(name: str, faults: list[str], choices: list[str]) -> Refused:
    listed = "\n".join(f"  - {fault}" for fault in faults)
    may_be = "".join(f"\n  {one}" for one in choices)
    return Refused(
        f"The mapping {name} has {len(faults)} fault{'s' * (len(faults) > 1)}:\n{listed}\n",
        "Correct them all." + (f" Put in the place of each {MARK} what it means:{may_be}" if choices else ""),
    )
