"""Anchors of VitePress 1.x and VuePress 2: `slugify` of @mdit-vue/shared, markdown-it-anchor and markdown-it-attrs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from linkcheck.local.anchors import braces
from linkcheck.local.anchors.shape import Flavour, HeadingRule, lowest_free
from linkcheck.read.markdown.headings import Heading, Outline

_DROPPED = re.compile("[\u0300-\u036f\0-\x1f]")
_GAPS = re.compile("[\\s~`!@#$%^&*()\\-_+=[\\]{}|\\\\;:\"'“”‘’<>,.?/]+")
_EMOJI = re.compile(r":[a-z0-9_+-]++:")
_INCLUDE = re.compile(r"<!--\s*+@include")


def _slug(text: str) -> str:
    slug = _GAPS.sub("-", _DROPPED.sub("", normalize("NFKD", text))).strip("-")
    return (f"_{slug}" if slug[:1].isdecimal() and slug[0].isascii() else slug).lower()


def _text(heading: Heading) -> str:
    return braces.explicit(heading.text(line_break=""))[0]


def _without_emoji(heading: Heading) -> str:
    return _EMOJI.sub("", _text(heading))


def _with_entities(heading: Heading) -> str:
    """VitePress gives entities back as they were written before it names a heading."""
    return _text(heading).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _extras(page: Outline) -> Iterator[str]:
    return braces.ids(page.prose)


def _is_open(page: Outline) -> bool:
    """Parts of other files, Vue components, and headings of values."""
    is_component = any("-" in name or (name[0].isupper() and not name.isupper()) for name in page.tags)
    return (
        is_component
        or _INCLUDE.search(page.prose) is not None
        or any("{{" in heading.source for heading in page.headings)
    )


FLAVOURS = (
    Flavour(
        "vitepress",
        tuple(HeadingRule(text, _slug, lowest_free) for text in (_text, _without_emoji, _with_entities)),
        braces.explicit,
        is_reserved=True,
        extras=_extras,
        is_open=_is_open,
    ),
)
