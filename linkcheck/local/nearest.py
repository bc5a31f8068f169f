"""The file that was probably meant by a path that names none."""

from __future__ import annotations

from linkcheck.common.spelling import edits
from linkcheck.local.tree import Parts, Tree, composed
from linkcheck.model.base import Value

MOST_FILES = 20_000
_MOST_CHARS, _MOST_EDITS = 100, 2
MOST_EFFORT = 2_000_000  # names that are compared in a run; a comparison letter by letter counts for more
_LETTERS_EFFORT = 50


class Near(Value, frozen=True):
    """`is_certain`: nothing else was found that could have been meant."""

    parts: Parts
    is_certain: bool


class Nearest:
    """Looks for files of `tree`; at most 20,000 of them are known to it."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._by_name: dict[str, list[Parts]] | None = None
        self._is_whole = True
        self._effort = 0

    def file(self, parts: Parts) -> Near | None:
        """The file nearest to a path that names none: in other case, with another ending, in another folder, or with
        a slip in its name. None if there is none, and when too many were looked for."""
        if not parts or self._effort > MOST_EFFORT:
            return None
        near = self._in_other_case(parts) or self._beside(parts) or self._elsewhere(parts) or self._misspelt(parts)
        return near if near and self._tree.find(near.parts).is_there else None

    def is_suffix(self, parts: Parts) -> bool:
        """Whether the path of some file ends with `parts`."""
        is_known = any(one[-len(parts) :] == parts for one in self._named(parts[-1]))
        return is_known or not self._is_whole

    def _in_other_case(self, parts: Parts) -> Near | None:
        here = Parts()
        for name in parts:
            same = [one for one in self._names(here) if _folded(one) == _folded(name)]
            exact = name in same
            if not same or (len(same) > 1 and not exact):
                return None
            here = (*here, name if exact else same[0])
        return Near(here, is_certain=True)

    def _beside(self, parts: Parts) -> Near | None:
        *folder, name = parts
        stem = _stem(name)
        same = [one for one in self._names(tuple(folder)) if _stem(one) == stem]
        return Near((*folder, same[0]), len(same) == 1) if same and stem else None

    def _elsewhere(self, parts: Parts) -> Near | None:
        same = self._named(parts[-1])
        if not same or _stem(parts[-1]) in ("readme", "index", "license"):
            return None
        self._effort += len(same)
        best = max(same, key=lambda one: _shared(one, parts))
        return Near(best, len(same) == 1 and self._is_whole)

    def _misspelt(self, parts: Parts) -> Near | None:
        *folder, name = parts
        if len(name) > _MOST_CHARS:
            return None
        digits, meant = _numbers(name), _folded(name)
        found = list[tuple[int, str]]()
        for one in self._names(tuple(folder)):
            if abs(len(one) - len(name)) <= _MOST_EDITS and _numbers(one) == digits:  # `part-2` is no slip for `part-3`
                self._effort += _LETTERS_EFFORT
                found.append((edits(_folded(one), meant, _MOST_EDITS), one))
                if self._effort > MOST_EFFORT:
                    return None
        most = min(_MOST_EDITS, (len(_stem(name)) - 1) // 2)
        near = sorted(one for one in found if one[0] <= most)
        return Near((*folder, near[0][1]), len(near) == 1) if near else None

    def _names(self, folder: Parts) -> list[str]:
        found = [one.name for one in self._tree.names(folder).values() if not self._tree.is_hidden(one.name)]
        self._effort += len(found)
        return found

    def _named(self, name: str) -> list[Parts]:
        if self._by_name is None:
            self._by_name = {}
            found = list(self._tree.files(MOST_FILES))
            for parts in found:
                self._by_name.setdefault(_folded(parts[-1]), []).append(parts)
            self._is_whole = len(found) < MOST_FILES
        return self._by_name.get(_folded(name), [])


def _folded(name: str) -> str:
    return composed(name).casefold()


def _stem(name: str) -> str:
    return _folded(name.partition(".")[0] if name[:1] != "." else name)


def _numbers(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _shared(one: Parts, other: Parts) -> int:
    """How many folders two paths have in common, from the end and from the beginning."""
    return sum(a == b for a, b in zip(one, other, strict=False)) + sum(
        a == b for a, b in zip(reversed(one), reversed(other), strict=False)
    )
