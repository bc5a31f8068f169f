"""Regular expressions: which have catastrophic backtracking, and which literals a text must hold to match one.

Python's `re` backtracks where a match fails. A repeat inside a repeat, or two adjacent ones that take the same
characters, can be tried in exponentially many ways; `re` cannot be interrupted, so such patterns are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from linkcheck.errors import SettingsError

MOST_CHARS = 4_000
"""Characters of a URL that a user's pattern is searched in: bounds patterns that are merely slow."""
_parser: Any = import_module("re._parser")  # the parser of `re` itself; the names used exist in 3.11 to 3.14
_constants: Any = import_module("re._constants")
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


def needed(pattern: str) -> tuple[str, ...]:
    """Literals of which every match of `pattern` holds at least one; () if none are known."""
    return _needed(_parser.parse(pattern))


def _needed(parts: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    run = ""
    for kind, value in (*parts, (None, None)):
        if kind is _constants.LITERAL:
            run += chr(value)
            continue
        found: tuple[str, ...] = (run,) if run else ()
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


def is_explosive(pattern: str) -> bool:
    """Whether `pattern` has an unbounded repeat of something ambiguous: `(a+)+`, `(\\w|a)*`, `(.*,?)*`.

    Its time may double with each character. Polynomial patterns, as `.*a.*b`, are not counted.
    """
    return _explodes(_parser.parse(pattern))


def refuse_explosive(pattern: str, place: str) -> None:
    """Raises SettingsError, with the `place`, if `pattern` is explosive."""
    if not any(sign in pattern for sign in "*+{") or not is_explosive(pattern):
        return
    raise SettingsError(
        f"'{pattern}' may take for ever: it repeats a repeat",
        where=place,
        help="let something that is always there, such as a '/', end each round of the inner repeat",
    )


def _explodes(parts: Iterable[tuple[Any, Any]]) -> bool:
    return any(
        (_is_endless(kind, value) and _is_ambiguous(_flat(value[2]))) or any(map(_explodes, _inner(kind, value)))
        for kind, value in parts
    )


def _is_endless(kind: Any, value: Any) -> bool:
    return kind in _REPEATS and value[1] is _constants.MAXREPEAT


def _inner(kind: Any, value: Any) -> list[Any]:
    """The sub-patterns of a part."""
    if kind is _constants.SUBPATTERN:
        return [value[3]]
    if kind is _constants.BRANCH:
        return list(value[1])
    if kind in (*_REPEATS, _constants.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is _constants.ATOMIC_GROUP else []


def _flat(parts: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The parts in a flat sequence, groups expanded."""
    return [
        one for kind, value in parts for one in (_flat(value[3]) if kind is _constants.SUBPATTERN else [(kind, value)])
    ]


def _is_ambiguous(body: list[tuple[Any, Any]]) -> bool:
    """Whether a sequence of `body` can be divided in several ways: it has a repeat that nothing separates from the next
    one, or two one-character branches that take the same character."""
    for at, (kind, value) in enumerate(body):
        if kind is _constants.BRANCH:
            taken = [_characters(branch) for branch in map(_flat, value[1]) if len(branch) == 1]
            if any(one & other for index, one in enumerate(taken) for other in taken[:index]):
                return True
            if any(_is_ambiguous(branch) for branch in map(_flat, value[1])):
                return True
        elif _is_endless(kind, value):
            own = _characters(_flat(value[2]))
            others = [part for part in body[:at] + body[at + 1 :] if part[0] in _SINGLE]
            if not any(own.isdisjoint(_characters([part])) for part in others):
                return True
    return False


_SINGLE = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY)
_ALPHABET = "".join(map(chr, (*range(1, 127), 0xE9, 0x4E2D)))


def _characters(parts: list[tuple[Any, Any]]) -> frozenset[str]:
    """Which of a sample of characters a one-character part takes; all of them for a longer part."""
    if len(parts) != 1 or parts[0][0] not in _SINGLE:
        return frozenset(_ALPHABET)
    state = _parser.State()
    state.str = ""
    compiled = import_module("re._compiler").compile(_parser.SubPattern(state, parts))
    return frozenset(compiled.findall(_ALPHABET))
