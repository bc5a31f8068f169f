"""Anchors of Hugo: goldmark with Hugo's `github` ids (markup/goldmark/autoid.go).

The slug is made of the heading as written, link targets and tags included, of its last line only; that of its text is
taken for right too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

from linkcheck.local.anchors import braces
from linkcheck.local.anchors.shape import Flavour, HeadingRule, lowest_free
from linkcheck.read.markdown.headings import Heading, Outline

_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})
# Shortcodes of Hugo, and common ones of themes, that show no headings but those between them; all others may.
_PLAIN = frozenset(
    """alert badge br button callout card cardpane cards caution column columns comment danger details expand figure
    gist highlight hint icon iframe imgproc info instagram katex latex math mermaid note notice pageinfo param qr ref
    relref step steps tab tabpane tabs tip tweet twitter vimeo warning x youtube""".split()
)
_SHORTCODE = re.compile(r"\{\{[<%]\s*+/?\s*+([\w./-]+)")


def _source(heading: Heading) -> str:
    return braces.explicit(heading.source)[0].rpartition("\n")[2]


def _text(heading: Heading) -> str:
    return braces.explicit(heading.text())[0].rpartition("\n")[2]


def _slug(text: str) -> str:
    kept = ("-" if char == " " else char.lower() for char in text.strip() if char in "_- " or category(char) in _KEPT)
    return "".join(kept) or "heading"


def _extras(page: Outline) -> Iterator[str]:
    """Footnotes are numbered by their first reference (goldmark, extension/footnote.go)."""
    yield from braces.ids(page.prose)
    for number, note in enumerate(page.footnotes, 1):
        yield f"fn:{number}"
        yield f"fnref:{number}"
        yield from (f"fnref{count}:{number}" for count in range(1, note.references))


def _is_open(page: Outline) -> bool:
    is_insert = any(name not in _PLAIN for name in _SHORTCODE.findall(page.prose))
    return is_insert or any("{{" in heading.source for heading in page.headings)


FLAVOURS = (
    Flavour(
        "hugo",
        (HeadingRule(_source, _slug, lowest_free), HeadingRule(_text, _slug, lowest_free)),
        braces.explicit,
        is_reserved=True,
        extras=_extras,
        is_open=_is_open,
    ),
)
