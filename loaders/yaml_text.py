"""Reading a mapping's YAML so that what its author wrote is what we get: codes such as NO, 01 and 2012-06-11 stay text."""

from __future__ import annotations

import re
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Only true, false, null, plain integers and decimals are not text; a key written twice is a fault."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: ARG002 - PyYAML's signature
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                problem = f"{key.value!r} stands twice (lines {seen[key.value]} and {line})"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen[key.value] = line
        said = {key.value: self.construct_object(value, deep=True) for key, value in node.value}
        shared = said.pop("<<", {})
        if not isinstance(shared, dict):
            raise yaml.constructor.ConstructorError(None, None, "'<<' needs one mapping", node.start_mark)
        return {**shared, **said}


_Loader.yaml_implicit_resolvers = {}
_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_mapping)
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def read_yaml(text: str) -> Any:
    """The text as plain Python values, keys always text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with fewer types


def compose(text: str) -> yaml.Node | None:
    """The text as nodes that know where they stand; None for an empty one. Raises yaml.YAMLError."""
    return yaml.compose(text, Loader=_Loader)
