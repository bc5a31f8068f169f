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


def _stripped(heading: Heading) -> str:
    return heading.text().strip()


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
    yield from footnotes(page)
    yield from braced_ids(page)


# A heading in HTML has the blanks of its lines: some of GitHub's renderers strip them.
FLAVOURS = (
    Flavour(
        "github",
        (HeadingRule(rendered, slugs.github, lowest_free), HeadingRule(_stripped, slugs.github, lowest_free)),
        names_html=True,
        extras=_extras,
        ignores_case=True,
        prefix=PREFIX,
    ),
)
