"""A short fingerprint of a page's main text, that tells whether two pages say nearly the same.

The bottom-k sketch of Broder ("On the resemblance and containment of documents", 1997): of the
hashes of all runs of three words, the 16 smallest. What is not all letters (numbers, dates, tokens)
is left out first, so that nonces and clocks make no difference.
"""

from __future__ import annotations

from zlib import crc32

_SIZE = 16
_WORDS = 120
_CHARS = 2_000
_FACTOR, _PRIME = 1_000_003, 4_294_967_291  # the largest prime of 32 bits


def sketch(text: str) -> str:
    """The sketch of `text` as hexadecimal digits, '' where it has no three words."""
    words = [crc32(word.encode()) for word in text[:_CHARS].lower().split() if word.isalpha()][:_WORDS]
    runs = {((a * _FACTOR + b) * _FACTOR + c) % _PRIME for a, b, c in zip(words, words[1:], words[2:], strict=False)}
    return "".join(f"{value:08x}" for value in sorted(runs)[:_SIZE])


def resemblance(one: str, other: str) -> float:
    """How much two sketches have in common, from 0 to 1; 0 where one of them is empty."""
    mine, theirs = _values(one), _values(other)
    smallest = set(sorted(mine | theirs)[:_SIZE])
    return len(smallest & mine & theirs) / len(smallest) if mine and theirs else 0.0


def _values(text: str) -> set[int]:
    return {int(text[at : at + 8], 16) for at in range(0, len(text), 8)}
