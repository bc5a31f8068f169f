"""Characters: what the slug rules of several generators have in common."""

from __future__ import annotations

from unicodedata import category

_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})
# Symbols that are alphabetic (Unicode, PropList.txt, Other_Alphabetic).
_ALPHABETIC = (range(0x24B6, 0x24EA), range(0x1F130, 0x1F14A), range(0x1F150, 0x1F16A), range(0x1F170, 0x1F18A))


class _Words(dict[int, int | None]):
    """A table for `str.translate` that deletes all but characters of some categories, hyphens and blanks."""

    def __init__(self, categories: frozenset[str]) -> None:
        super().__init__({0x20: 0x20, 0x2D: 0x2D})
        self._categories = categories

    def __missing__(self, code: int) -> int | None:
        kept = category(chr(code)) in self._categories or any(code in one for one in _ALPHABETIC)
        self[code] = value = code if kept else None
        return value


_WORDS = _Words(_KEPT)
_WORDS_AND_JOINERS = _Words(_KEPT)
_WORDS_AND_JOINERS.update({0x200C: 0x200C, 0x200D: 0x200D})
_WORDS_AND_NUMBERS = _Words(_KEPT | {"No"})


def words(text: str) -> str:
    r"""`text` without what is not `[\p{Word}\- ]` (UTS #18, Annex C, as in Ruby)."""
    return text.translate(_WORDS)


def github(text: str) -> str:
    """The slug of a heading on GitHub: lower case, no punctuation, hyphens for blanks."""
    return words(text.lower()).replace(" ", "-")


def comrak(text: str) -> str:
    """The slug of comrak 0.5x, which keeps other numbers (`½`) too."""
    return text.lower().translate(_WORDS_AND_NUMBERS).replace(" ", "-")


def github_with_joiners(text: str) -> str:
    """The same with U+200C and U+200D, which Persian and Indic words hold: UTS #18 counts them to the words."""
    return text.lower().translate(_WORDS_AND_JOINERS).replace(" ", "-")
