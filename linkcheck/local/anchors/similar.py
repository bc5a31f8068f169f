"""The anchor that a wrong fragment was most likely meant to be."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from linkcheck.common.spelling import edits, letters

_MOST_COMPARED = 1_000  # anchors that a fragment is compared with
_MOST_WORK = 20_000  # comparisons for all fragments of a file
_MOST_CHARS = 80
_LEAST_PART = 4  # characters of a name that is the beginning of another


class Similar:
    """Looks among `names`; the work for all fragments together is bounded."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._bare: dict[str, str] | None = None
        self._left = _MOST_WORK

    def to(self, fragment: str) -> str:
        """The name that is `fragment` but for punctuation and case, else that with the fewest edits, else ''."""
        if self._bare is None:
            self._bare = {}
            for name in self._names:
                self._bare.setdefault(letters(name), name)
        bare = letters(fragment)
        if not bare or len(bare) > _MOST_CHARS:
            return ""
        return self._bare.get(bare) or self._by_edits(bare, self._bare)

    def _by_edits(self, wanted: str, names: dict[str, str]) -> str:
        best, fewest = "", _edits_allowed(wanted) + 1
        for bare, name in self._compared(names):
            number = edits(wanted, bare, fewest - 1)
            if number < fewest:
                best, fewest = name, number
        return best or next((name for bare, name in self._compared(names) if _begins(wanted, bare)), "")

    def _compared(self, names: dict[str, str]) -> Iterable[tuple[str, str]]:
        for number, (bare, name) in enumerate(names.items()):
            if self._left <= 0 or number == _MOST_COMPARED:
                return
            self._left -= 1
            yield bare, name


def _edits_allowed(wanted: str) -> int:
    return min(3, len(wanted) // 4 + (len(wanted) > 2))


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LEAST_PART and (one.startswith(other) or other.startswith(one))
