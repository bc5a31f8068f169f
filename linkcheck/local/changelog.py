"""The version that a changelog names first: the one that is about to be released."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES = ("changelog", "changes", "history", "news", "releases", "release-notes", "release_notes")
_SUFFIXES = ("", ".md", ".markdown", ".rst", ".txt", ".adoc")
_MOST_LINES = 2_000
MOST_BYTES = 2**16
_VERSION = re.compile(r"(?<![\w.])v?(\d{1,9}(?:\.\d{1,9}){1,3}(?:[-+.]?[A-Za-z][0-9A-Za-z.+-]{0,40})?)(?![\w])")
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}|={1,6})\s")
_UNDERLINE = re.compile(r"(?:=+|-+|~+|\^+)\s*\Z")


def is_changelog(name: str) -> bool:
    """Whether a file of this name is a changelog."""
    lower = name.lower()
    return any(lower == f"{stem}{suffix}" for stem in _NAMES for suffix in _SUFFIXES)


def newest(text: str) -> str:
    """The version in the first heading that has one, without its `v`; '' if there is none.

    Headings without a version, such as "Unreleased" (https://keepachangelog.com/en/1.1.0/), are passed over.
    """
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    return next((found[1] for line in _headings(lines) if (found := _VERSION.search(line[:500]))), "")


def _headings(lines: list[str]) -> Iterable[str]:
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if _HEADING.match(line) or (line.strip() and _UNDERLINE.match(after) and len(after.strip()) > 1):
            yield line


def is_tag_of(ref: str, version: str) -> bool:
    """Whether the tag `ref` would be that of `version`: `v1.2.0`, `1.2.0`, `package@1.2.0`, `package-v1.2.0`."""
    prefix = ref.removesuffix(version)
    if prefix == ref:
        return False
    before = prefix.removesuffix("v").removesuffix("V")
    return not before or not before[-1].isalnum()
