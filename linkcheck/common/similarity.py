"""A short fingerprint of a page's main text, to detect near-duplicates.

A bottom-k fingerprint, after Broder ("On the resemblance and containment of documents", 1997): of the
checksums of all runs of three words, the 16 smallest. What is not all letters (numbers, dates, tokens)
is left out first, so that nonces and clocks make no difference.
"""

from __future__ import annotations

from itertools import islice
from struct import pack
from zlib import crc32

_SIZE = 16
_WORDS = 120
_CHARS = 2_000


def fingerprint(text: str) -> str:
    """The fingerprint of `text` as hexadecimal digits, '' with fewer than three words."""
    words = list(map(str.encode, islice(filter(str.isalpha, text[:_CHARS].lower().split()), _WORDS)))
    runs = set(map(crc32, words[2:], map(crc32, words[1:], map(crc32, words))))
    smallest = sorted(runs)[:_SIZE]
    return pack(f">{len(smallest)}I", *smallest).hex()


def similarity(one: str, other: str) -> float:
    """The resemblance of two fingerprints, from 0 to 1; 0 if one of them is empty.

    If one has only the upper halves of its checksums, as in a history, those are compared.
    """
    mine, theirs = _values(one), _values(other)
    if not (mine and theirs):
        return 0.0
    if _is_halved(mine) or _is_halved(theirs):
        mine, theirs = _halves(mine), _halves(theirs)
    smallest = set(sorted(mine | theirs)[:_SIZE])
    return len(smallest & mine & theirs) / len(smallest)


def _values(text: str) -> set[int]:
    return {int(text[at : at + 8], 16) for at in range(0, len(text), 8)}


def _is_halved(values: set[int]) -> bool:
    return not any(value & 0xFFFF for value in values)


def _halves(values: set[int]) -> set[int]:
    return {value >> 16 for value in values}
