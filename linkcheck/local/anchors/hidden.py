"""Headings that other dialects of Markdown see, and CommonMark does not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from linkcheck.read.markdown.headings import Heading, Outline, outline

_TIGHT = re.compile(r"^[ \t>*+-]*#{1,6}([^#\s!\[][^\n]*)", re.MULTILINE)
_TERM = re.compile(r"^(?!:[ \t])[ \t>]*([^\s>][^\n]*)\n(?:[ \t>]*\n)?[ \t>]*:[ \t]", re.MULTILINE)
_DEEP = re.compile(r"^(?: {4}|\t)[ \t]*#{1,6}[ \t]*([^#\s][^\n]*)", re.MULTILINE)
_ANY = re.compile(r"^[ \t]*#{1,6}[ \t]*([^#\s][^\n]*)", re.MULTILINE)


def tight(page: Outline) -> list[Heading]:
    """`#Title`, without a blank."""
    return _read(_TIGHT.findall(page.lines))


def indented(page: Outline) -> list[Heading]:
    """Those in what is code by indentation, or goes on with a paragraph: in Python-Markdown it may be the content of
    an admonition, a tab or a list item."""
    return _read((*_ANY.findall(page.indented_code), *_DEEP.findall(page.lines)))


def terms(page: Outline) -> list[Heading]:
    """The terms of definition lists, which mdBook names as it does headings."""
    return _read(text.replace("\n", " ") for text in _TERM.findall(page.lines))


def _read(lines: Iterable[str]) -> list[Heading]:
    return outline("".join(f"# {line}\n" for line in lines).encode()).headings
