"""Texts that keep a regular expression busy: found from its structure, judged by how its time grows.

For every repeat of a pattern, a text that leads to it, then what it repeats again and again, then something that does
not match. What a class or a branch may take is sampled, and the samples of neighbouring repeats are mixed, since two
repeats that take the same characters share them out in all ways.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice, product
from typing import Any

parser: Any = import_module("re._parser")
constants: Any = import_module("re._constants")
REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)
CATEGORIES = {
    constants.CATEGORY_DIGIT: "1", constants.CATEGORY_NOT_DIGIT: "a", constants.CATEGORY_SPACE: " \n",
    constants.CATEGORY_NOT_SPACE: "a", constants.CATEGORY_WORD: "a1", constants.CATEGORY_NOT_WORD: " !",
}  # fmt: skip
USUAL = "a 1!\n<\"'=/-.,&;:|x>@#[]()é"
FAILING = ("", "\x00", "!\x00")
MOST_SAMPLES, MOST_PUMPS = 6, 40
LEAST_S = 0.002
ENOUGH = 12.0
GOOD, MOST_MEASURED = 7.0, 4


def _of_class(items: Sequence[tuple[Any, Any]]) -> list[str]:
    found = list[str]()
    for kind, value in items:
        if kind is constants.LITERAL:
            found.append(chr(value))
        elif kind is constants.RANGE:
            found.append(chr(value[0]))
        elif kind is constants.CATEGORY:
            found += CATEGORIES.get(value, "a")
    is_negated = bool(items) and items[0][0] is constants.NEGATE
    return [char for char in USUAL if char not in found] if is_negated else found


def samples(parts: Any) -> list[str]:
    """A few texts that `parts` of a parsed pattern match, or nearly: what is looked at ahead is left out."""
    found = [""]
    for kind, value in parts:
        found = [before + after for before, after in islice(product(found, _of(kind, value)), MOST_SAMPLES)]
    return found


def _of(kind: Any, value: Any) -> list[str]:
    if kind is constants.LITERAL:
        return [chr(value)]
    if kind is constants.NOT_LITERAL:
        return [char for char in USUAL if ord(char) != value]
    if kind is constants.ANY:
        return list(USUAL)
    if kind is constants.IN:
        return _of_class(value) or ["a"]
    if kind is constants.SUBPATTERN:
        return samples(value[3])
    if kind is constants.ATOMIC_GROUP:
        return samples(value)
    if kind is constants.BRANCH:
        return [text for branch in value[1] for text in samples(branch)[:2]]
    if kind in REPEATS:
        once = samples(value[2])
        return [text * max(value[0], 1) for text in once] + ([""] if value[0] == 0 else [])
    return [""]


def repeats(parts: Any, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """(a text that leads there, texts to pump) of every repeat without a small bound, with those of its neighbours."""
    items = list(parts)
    for at, (kind, value) in enumerate(items):
        if kind is constants.SUBPATTERN:
            yield from repeats(value[3], before)
        elif kind is constants.ATOMIC_GROUP:
            yield from repeats(value, before)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from repeats(branch, before)
        elif kind in (constants.ASSERT, constants.ASSERT_NOT):
            yield from repeats(value[1], before)
        elif kind in REPEATS:
            if value[1] > 50:
                own = _wide(value[2])
                after = _wide(items[at + 1 : at + 3])
                yield before, [*own, *(a + b for a in own[:4] for b in after[:4]), *after[:4]]
            yield from repeats(value[2], before)
        before += next(iter(_of(kind, value)), "")


def _wide(parts: Any) -> list[str]:
    """Samples of the whole and of each of its branches."""
    found = dict.fromkeys(samples(parts))
    for kind, value in parts:
        found |= dict.fromkeys(text for text in _of(kind, value))
    return [text for text in found if text]


def attacks(pattern: str, flags: int) -> list[tuple[str, str, str]]:
    """(before, pump, after): the pump is what is repeated."""
    tree = parser.parse(pattern, flags)
    found = dict[tuple[str, str], None]()
    for before, pumps in repeats(tree):
        for pump in pumps[:MOST_PUMPS]:
            found[before, pump] = found["", before + pump] = None
    for text in filter(None, samples(tree)):
        for end in {1, 2, 3, len(text) // 2, len(text) - 1, len(text)} - {0}:
            found["", text[:end]] = None
    for char in " \n":
        found["", char] = None
    return [(before, pump, after) for before, pump in found if pump for after in FAILING]


class TookTooLongError(Exception):
    """A search went on for half a second of the processor's time."""


def _stop(_number: int, _frame: object) -> None:
    raise TookTooLongError


def worst(
    search: Callable[[str], object], pattern: str, flags: int = 0, most: int = 20_000, least_s: float = LEAST_S
) -> tuple[float, str]:
    """How many times as long the worst text takes as a quarter of it, and which text it is. Linear is 4, quadratic 16.

    No text is longer than `most`; what takes less than `least_s` does not matter. `re` minds signals while it works.
    """
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        found = list[tuple[float, str]]()
        for attack in attacks(pattern, flags):
            found.append((_growth(search, attack, most, least_s), repr(attack)))
            if found[-1][0] > ENOUGH:
                break
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return max(found, default=(0.0, ""))


def _growth(search: Callable[[str], object], attack: tuple[str, str, str], most: int, least_s: float) -> float:
    """Of the first size that takes long enough to be measured; 0 where none does."""
    size = 64
    while size <= most:
        took = _took_s(search, attack, size)
        if took > least_s:
            whole, quarter = took, took
            for _ in range(MOST_MEASURED):  # again where it looks bad: the machine may be busy
                quarter = min(quarter, *(_took_s(search, attack, size // 4) for _ in range(3)))
                whole = min(whole, _took_s(search, attack, size))
                if whole < GOOD * quarter:
                    break
            return whole / max(quarter, 1e-6)
        size *= 2
    return 0.0


def _took_s(search: Callable[[str], object], attack: tuple[str, str, str], size: int) -> float:
    before, pump, after = attack
    text = before + pump * max(1, size // len(pump)) + after
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.5)
    started = time.thread_time()
    try:
        search(text)
        return time.thread_time() - started
    except TookTooLongError:
        return 1_000.0
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
