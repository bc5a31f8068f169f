"""Anchors of mdBook: `id_from_content` of 0.4 (mdbook/src/utils/mod.rs) and of 0.5.4 (mdbook-html/src/utils.rs).

0.4 lowers only ASCII letters and counts equal headings; 0.5 lowers all, looks for a number that is free, and names the
terms of definition lists too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkcheck.local.anchors import braces, hidden
from linkcheck.local.anchors.shape import Flavour, HeadingRule, counted, lowest_free
from linkcheck.read.markdown.headings import Heading, Outline

_UPPER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_INSERTS = re.compile(r"\{\{#(?:include|rustdoc_include|template)\b")


def _text(heading: Heading) -> str:
    return braces.explicit(heading.text())[0].strip()


def _slug(text: str) -> str:
    """Of letters, digits and other numbers (Rust's `char::is_alphanumeric`), `_` and `-`."""
    kept = ("-" if char.isspace() else char for char in text if char.isalnum() or char in "_-" or char.isspace())
    return "".join(kept)


def _slug_of_0_4(text: str) -> str:
    return _slug(text).translate(_UPPER)


def _slug_of_0_5(text: str) -> str:
    return _slug(text.lower()) or "section"


def _extras(page: Outline) -> Iterator[str]:
    for note in page.footnotes:
        yield from (note.label, f"footnote-{note.label}")
        yield from (f"fr-{note.label}-{number}" for number in range(1, note.references + 1))


def _is_open(page: Outline) -> bool:
    return _INSERTS.search(page.prose) is not None


FLAVOURS = (
    Flavour(
        "mdbook",
        (HeadingRule(_text, _slug_of_0_4, counted), HeadingRule(_text, _slug_of_0_5, lowest_free)),
        braces.explicit,
        hidden=hidden.terms,
        extras=_extras,
        is_open=_is_open,
    ),
)
