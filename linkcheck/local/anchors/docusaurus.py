"""Anchors of Docusaurus: github-slugger, and ids that are written in the heading.

`{#id}`, `{/* #id */}` and `<!-- #id -->` (remark/headings of @docusaurus/mdx-loader 3.10). An id so written is not
kept from later headings. Images give their alternative text.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.local.anchors import braces, components, slugs
from linkcheck.local.anchors.github import footnotes
from linkcheck.local.anchors.shape import Flavour, HeadingRule, lowest_free
from linkcheck.read.markdown.headings import Heading, Outline

_MARKS = "/* \t"


def _explicit(source: str) -> tuple[str, str]:
    before, inside = braces.at_end(source)
    name = inside if inside[:1] == "#" else inside.strip(_MARKS).partition(" ")[0]
    if name[:1] == "#" and len(name) > 1:
        return before, name[1:].strip()
    before, _, comment = source.rpartition("<!--")
    name = comment.removesuffix("-->").strip().partition(" ")[0] if comment.endswith("-->") else ""
    return (before, name[1:]) if name[:1] == "#" else (source, "")


def _text(heading: Heading) -> str:
    return heading.text(alt=True)


def _extras(page: Outline) -> Iterator[str]:
    for name in footnotes(page):
        yield f"user-content-{name}"


FLAVOURS = (
    Flavour(
        "docusaurus",
        (HeadingRule(_text, slugs.github, lowest_free),),
        _explicit,
        extras=_extras,
        is_open=components.are_used,
    ),
)
