"""Regular expressions: which of them a text can keep busy without end, and what a text must hold to match one.

Python's `re` goes back and tries again where a match fails. A repeat inside a repeat, or two that follow each other and
take the same characters, can be tried in very many ways; `re` cannot be interrupted, so such patterns are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")  # what `re` itself compiles from; its names are those of 3.11 to 3.14
_constants: Any = import_module("re._constants")
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


def needed(pattern: str) -> tuple[str, ...]:
    """Texts of which every match of `pattern` holds one; () where nothing can be said."""
    return _needed(_parser.parse(pattern))


def _needed(parts: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    best, run = (), ""
    for kind, value in (*parts, (None, None)):
        if kind is _constants.LITERAL:
            run += chr(value)
            continue
        found = (run,) if run else ()
        best, run = max(best, found, key=_shortest), ""
        if kind is _constants.SUBPATTERN:
            best = max(best, _needed(value[3]), key=_shortest)
        elif kind is _constants.BRANCH:
            each = [_needed(branch) for branch in value[1]]
            best = max(best, tuple(text for texts in each for text in texts) if all(each) else (), key=_shortest)
        elif kind in _REPEATS and value[0]:
            best = max(best, _needed(value[2]), key=_shortest)
    return best


def _shortest(texts: tuple[str, ...]) -> int:
    return min(map(len, texts), default=0)
