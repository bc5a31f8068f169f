"""A short fingerprint of a page's main text, that tells whether two pages say nearly the same.

The bottom-k sketch of Broder ("On the resemblance and containment of documents", 1997): of the
hashes of all runs of three words, the 16 smallest. What changes from one look to the next (numbers,
long tokens, dates) is left out first, so that nonces and clocks make no difference.
"""

from __future__ import annotations

import re
from heapq import nsmallest
from zlib import crc32

_SIZE = 16
_WORDS = 400
_WORD = re.compile(r"[^\W\d_]{1,24}(?![\w-]*\d)")


def sketch(text: str) -> str:
    """The sketch of `text` as hexadecimal digits, '' where it has no three words."""
    words = [word.lower() for word in _WORD.findall(text[: _WORDS * 12])][:_WORDS]
    runs = {crc32(" ".join(words[at : at + 3]).encode()) for at in range(max(0, len(words) - 2))}
    return "".join(f"{value:08x}" for value in nsmallest(_SIZE, runs))


def resemblance(one: str, other: str) -> float:
    """How much two sketches have in common, from 0 to 1; 0 where one of them is empty."""
    mine, theirs = _values(one), _values(other)
    smallest = set(nsmallest(_SIZE, mine | theirs))
    return len(smallest & mine & theirs) / len(smallest) if mine and theirs else 0.0


def _values(text: str) -> set[int]:
    return {int(text[at : at + 8], 16) for at in range(0, len(text), 8)}
