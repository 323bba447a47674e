"""Mapping files: the shipped ones (`loaders/sources/*.yaml`) or any other, with all faults of one reported at once."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path

import yaml
from pydantic import ValidationError

from lastseen.graph.errors import Refused
from lastseen.loaders.mapping_faults import mapping_faults
from lastseen.loaders.mapping_model import FileKind, Mapping
from lastseen.loaders.yaml_text import read_yaml

__all__ = ["FileKind", "Mapping", "all_mappings", "load_mapping", "parse_mapping", "read_mapping", "source_names"]


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
    return parse_mapping(path.read_text(encoding="utf-8"), path.name)


def parse_mapping(text: str, name: str) -> Mapping:
    """The mapping that a YAML text says; raises Refused, naming every fault, where it isn't one."""
    try:
        said = read_yaml(text)
    except yaml.YAMLError as error:
        raise Refused(f"The mapping {name} is not YAML: {' '.join(str(error).split())}.", "Correct it.") from error
    if isinstance(said, dict):
        said = {**said, "version": hashlib.sha256(text.encode()).hexdigest()[:12]}
        said.setdefault("registers", [said.get("source")])
    try:
        mapping = Mapping.model_validate(said)
    except ValidationError as error:
        raise _refused(name, [f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]) from error
    faults = mapping_faults(mapping)
    if faults:
        raise _refused(name, faults)
    return mapping


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _refused(name: str, faults: list[str]) -> Refused:
    listed = "\n".join(f"  - {fault}" for fault in faults)
    return Refused(f"The mapping {name} has {len(faults)} fault{'s' * (len(faults) > 1)}:\n{listed}\n", "Correct them all.")
