"""Anchors of Markdown that is shown on GitLab.

Two rules, by its version: `Gitlab::Utils::Markdown.string_to_anchor` squeezes hyphens and shows emoji first, as
docs.gitlab.com still says (Markdown, *Heading IDs and links*); since 17.x comrak names the headings
(`header_ids` in banzai/filter/markdown_engines/glfm_markdown.rb, read 2026-12), which does neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkcheck.local.anchors import slugs
from linkcheck.local.anchors.github import PREFIX, braced_ids
from linkcheck.local.anchors.github import footnotes as github_footnotes
from linkcheck.local.anchors.shape import Flavour, HeadingRule, counted, lowest_free
from linkcheck.read.markdown.headings import Heading, Outline

_EMOJI = re.compile(r":[a-z0-9_+-]++:")
_HYPHENS = re.compile(r"--++")
_INCLUDE = "::include"


def _without_emoji(heading: Heading) -> str:
    return _EMOJI.sub("", heading.text())


def _squeezed(text: str) -> str:
    slug = _HYPHENS.sub("-", slugs.github(text.strip()))
    return f"anchor-{slug}" if slug.isdecimal() else slug


def _parsed(heading: Heading) -> str:
    return heading.text(alt=True, line_break=" ")


def _extras(page: Outline) -> Iterator[str]:
    yield "readme"
    yield from github_footnotes(page)
    yield from braced_ids(page)


def _is_open(page: Outline) -> bool:
    return _INCLUDE in page.prose


FLAVOURS = (
    Flavour(
        "gitlab",
        (
            HeadingRule(_parsed, slugs.comrak, lowest_free),
            HeadingRule(_without_emoji, _squeezed, counted),
            HeadingRule(Heading.text, _squeezed, counted),
        ),
        names_html=True,
        extras=_extras,
        is_open=_is_open,
        prefix=PREFIX,
    ),
)
