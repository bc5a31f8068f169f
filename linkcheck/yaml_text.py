"""The one home of PyYAML: text to plain values and back.

Reading is `safe_load` (no Python objects); writing keeps order, quotes what YAML 1.1 or 1.2 would
read as something else than a string (`1706.10000`, `no`, `2019-04-25`), and wraps nothing.
"""

from __future__ import annotations

from typing import Any

import yaml


class YamlError(ValueError):
    """The text is not YAML; `line` counts from 1 and is 0 where unknown."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


def load(text: str) -> Any:
    """The value of one YAML document. Raises YamlError."""
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError(error.problem or "not YAML", mark.line + 1 if mark else 0) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(str(error).splitlines()[0] or "not YAML", 0) from error


class Flow(list[Any]):
    """A list that is written on one line: `[[2017, 6, 12]]`."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True  # an alias is no help to a reader


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _flow(dumper: yaml.SafeDumper, value: Flow) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _string)
_Dumper.add_representer(Flow, _flow)


def dump(value: Any) -> str:
    """`value` as block-style YAML; the same value always gives the same text."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=2**20,
        default_flow_style=False,
    )
