"""Anchors of Markdown that is shown on GitHub, and of whatever has no known generator.

The slug is that of html-pipeline's TableOfContentsFilter and of github-slugger 2.0, whose characters are the same
(both asked for every code point). GitHub's script finds an anchor in any case (rsc/markdown#19, 2024-06-03), and puts
`user-content-` before each. An id that is written in the heading, `{#id}`, means that some generator reads it: it is
taken for an anchor beside GitHub's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.local.anchors import braces, slugs
from linkcheck.local.anchors.shape import Flavour, HeadingRule, lowest_free, rendered
from linkcheck.read.markdown.headings import Heading, Outline

PREFIX = "user-content-"
PLACES = ("readme", "readme-ov-file", "files", "start-of-content")  # of the page around a file
_SELECTORS = {0xFE0E: None, 0xFE0F: None}


def _visible(heading: Heading) -> str:
    """Its text without what nobody sees and writers leave out: blanks at its ends, and variation selectors of emoji.

    Whether GitHub keeps the latter is told both ways (Flet/github-slugger#53, DavidAnson/markdownlint#2171).
    """
    return heading.text().strip().translate(_SELECTORS)


def footnotes(page: Outline) -> Iterator[str]:
    """`fn-1`, and `fnref-1`, `fnref-1-2` for the references (cmark-gfm 0.29.0.gfm.6)."""
    for note in page.footnotes:
        yield f"fn-{note.label}"
        yield from (
            f"fnref-{note.label}-{number}" if number > 1 else f"fnref-{note.label}"
            for number in range(1, note.references + 1)
        )


def braced_ids(page: Outline) -> Iterator[str]:
    """The ids at the end of headings: `{#id}`, `{: #id }`, `{/* #id */}`."""
    for heading in page.headings:
        inside = braces.at_end(heading.source)[1]
        yield from (word[1:] for word in inside.split() if word[:1] == "#")


def _extras(page: Outline) -> Iterator[str]:
    yield from PLACES
    yield from footnotes(page)
    yield from braced_ids(page)


FLAVOURS = (
    Flavour(
        "github",
        (
            HeadingRule(rendered, slugs.github, lowest_free),
            HeadingRule(_visible, slugs.github, lowest_free),
            HeadingRule(_visible, slugs.github_with_joiners, lowest_free),
        ),
        names_html=True,
        extras=_extras,
        ignores_case=True,
        prefix=PREFIX,
    ),
)
