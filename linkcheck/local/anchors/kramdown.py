"""Anchors of kramdown 2.x: Jekyll and GitHub Pages (input GFM, kramdown-parser-gfm 1.1), and kramdown's own input."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkcheck.local.anchors import braces, hidden, slugs
from linkcheck.local.anchors.shape import Flavour, HeadingRule, counted
from linkcheck.read.markdown.headings import Heading, Outline, Part

_DASHES = re.compile(r"---|--")
_START = re.compile(r"^[^a-zA-Z]+", re.MULTILINE)
_DROPPED = re.compile(r"[^a-zA-Z0-9 -]+")
_NESTED = " markdown="
# Liquid: what is included, and what a loop repeats, may have headings.
_INSERTS = re.compile(r"\{%-?\s*+(?:include|render|for)|\{\{-?\s*+(?:content|include)\b")


def _typeset(heading: Heading) -> str:
    """Its text with the dashes that kramdown makes of hyphens, which are no part of a slug."""
    return "".join(_DASHES.sub("", text) if part is Part.TEXT else text for part, text in _parts(heading))


def _parts(heading: Heading) -> Iterator[tuple[Part, str]]:
    return ((part, text) for part, text in heading.pieces if part is not Part.ALT)


def _gfm(text: str) -> str:
    return slugs.github(braces.explicit(text)[0].replace("\t", " "))


def _source(heading: Heading) -> str:
    return braces.explicit(heading.source)[0]


def _plain(text: str) -> str:
    slug = _DROPPED.sub("", _START.sub("", braces.explicit(text)[0])).replace(" ", "-").lower()
    return slug or "section"


def _footnotes(page: Outline) -> Iterator[str]:
    for note in page.footnotes:
        yield f"fn:{note.label}"
        yield f"fnref:{note.label}"
        yield from (f"fnref:{note.label}:{number}" for number in range(1, note.references))


def _extras(page: Outline) -> Iterator[str]:
    yield from braces.ids(page.prose)
    yield from _footnotes(page)
    if _NESTED in page.prose:  # headings in such an element are named by kramdown's own rule
        unique = counted()
        yield from (unique(_plain(_typeset(heading))) for heading in page.headings)


def _is_open(page: Outline) -> bool:
    return _INSERTS.search(page.prose) is not None or any("{{" in heading.source for heading in page.headings)


FLAVOURS = (
    Flavour(
        "kramdown",
        (HeadingRule(_typeset, _gfm, counted), HeadingRule(Heading.text, _gfm, counted)),
        braces.explicit,
        extras=_extras,
        is_open=_is_open,
    ),
    Flavour(
        "kramdown-plain",
        (HeadingRule(_source, _plain, counted),),
        braces.explicit,
        hidden=hidden.tight,
        extras=_extras,
        is_open=_is_open,
    ),
)
