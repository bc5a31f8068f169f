"""A short fingerprint of a page's main text, that tells whether two pages say nearly the same.

The bottom-k sketch of Broder ("On the resemblance and containment of documents", 1997): of the
hashes of all runs of three words, the 16 smallest. What is not all letters (numbers, dates, tokens)
is left out first, so that nonces and clocks make no difference.
"""

from __future__ import annotations

from heapq import nsmallest
from zlib import crc32

_SIZE = 16
_WORDS = 200
_CHARS = 4_000


def sketch(text: str) -> str:
    """The sketch of `text` as hexadecimal digits, '' where it has no three words."""
    words = [word.encode() for word in text[:_CHARS].lower().split() if word.isalpha()][:_WORDS]
    runs = {crc32(c, crc32(b, crc32(a))) for a, b, c in zip(words, words[1:], words[2:], strict=False)}
    return "".join(f"{value:08x}" for value in nsmallest(_SIZE, runs))


def resemblance(one: str, other: str) -> float:
    """How much two sketches have in common, from 0 to 1; 0 where one of them is empty."""
    mine, theirs = _values(one), _values(other)
    smallest = set(nsmallest(_SIZE, mine | theirs))
    return len(smallest & mine & theirs) / len(smallest) if mine and theirs else 0.0


def _values(text: str) -> set[int]:
    return {int(text[at : at + 8], 16) for at in range(0, len(text), 8)}
