"""Decode HTML character references (`&amp;`, `&#233;`) in untrusted text."""

from __future__ import annotations

from linkcheck.common.lazy import lazy

_MOST_DIGITS = 1_000  # int() takes 4,300; U+10FFFF has seven, and leading zeros are allowed
_TOO_LARGE = lazy(rf"&#[0-9]{{{_MOST_DIGITS},}};?")


def unescaped(text: str) -> str:
    """`text` with its references decoded; never raises. One that is too large is U+FFFD (WHATWG HTML §13.2.5.80)."""
    if "&" not in text:
        return text
    from html import unescape  # loaded lazily, with its table of 2,231 names

    return unescape(_TOO_LARGE.sub("\ufffd", text) if len(text) >= _MOST_DIGITS else text)
