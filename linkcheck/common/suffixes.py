"""Public suffixes (https://publicsuffix.org/list/, *Format*), by the list that the distribution publicsuffixlist holds.

Its own parser encodes each of 10,000 rules by IDNA, which takes 50 ms. Here the lines of the file are the rules, and
names that have such labels are decoded instead.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from typing import Any

_DISTRIBUTION, _FILE = "publicsuffixlist", "public_suffix_list.dat"
_ENCODED = "xn--"  # RFC 5890 §2.3.2.1


class Suffixes:
    """The rules of a list in `text`, one a line; its comments are no names, so they need not be left out."""

    def __init__(self, text: str) -> None:
        self._rules = set(text.split("\n"))
        self._rules.discard("")

    def labels(self, name: str) -> int:
        """How many labels of `name` are a public suffix; 0 if no rule is about it. `name` is in lower case."""
        parts = [_decoded(part) for part in name.split(".")] if _ENCODED in name else name.split(".")
        number = len(parts)
        for start in range(number):
            tail, size = ".".join(parts[start:]), number - start
            if f"!{tail}" in self._rules:
                return size - 1
            if f"*.{tail}" in self._rules:
                return min(size + 1, number)
            if tail in self._rules:
                return size
        return 0

    def registrable(self, name: str) -> str:
        """The public suffix and one label more; '' if `name` has none. An unknown top-level name is a suffix."""
        parts = name.split(".")
        wanted = (self.labels(name) or 1) + 1
        return ".".join(parts[-wanted:]) if "" not in parts and len(parts) >= wanted else ""


def _decoded(label: str) -> str:
    """A label as the list writes it."""
    if not label.startswith(_ENCODED):
        return label
    try:
        return label[len(_ENCODED) :].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


@cache
def packaged() -> Suffixes:
    """The list of the distribution, which is read without loading it."""
    found: Any = PathFinder.find_spec(_DISTRIBUTION) or import_module(_DISTRIBUTION).__spec__
    data: bytes = found.loader.get_data(os.path.join(os.path.dirname(found.origin), _FILE))  # noqa: PTH118, PTH120
    return Suffixes(data.decode())
