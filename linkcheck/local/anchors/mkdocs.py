"""Anchors of MkDocs: Python-Markdown 3.x with its toc extension, which MkDocs always loads.

`slugify` of mkdocs.yml: the default, `toc.slugify_unicode`, or one of pymdown-extensions (13.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from unicodedata import normalize

from linkcheck.local.anchors import braces, hidden
from linkcheck.local.anchors.shape import Flavour, HeadingRule, Unique
from linkcheck.read.markdown.headings import Heading, Outline

_SEPARATOR = "-"
_NOT_WORDS = re.compile(r"[^\w\s-]")
_NOT_WORDS_OR_BLANKS = re.compile(r"[^\w\- ]")
_GAPS = re.compile(r"[-\s]+")
_TAB = re.compile(r"^[ \t]*===[!+]? ?\"([^\"\n]*)\"[ \t]*$", re.MULTILINE)
_MOST_TABS, _MOST_COMBINED = 50, 5_000
_NUMBERED = re.compile(r"(.*)_([0-9]{1,9})", re.DOTALL)
# Snippets, Jinja (macros), markdown-include, mkdocstrings, and the comments that the hooks of Material for MkDocs' own
# site read: what they put in has anchors of its own.
_INSERTS = re.compile(r"--8<--|\{%|\{\{|\{!|<!-- md:|^[ \t]*::: ", re.MULTILINE)


def _name(heading: Heading) -> str:
    return " ".join(heading.text(line_break=" ").split())


def _ascii(text: str) -> str:
    return _unicode(normalize("NFKD", text).encode("ascii", "ignore").decode())


def _unicode(text: str) -> str:
    return _GAPS.sub(_SEPARATOR, _NOT_WORDS.sub("", text).strip().lower())


def _pymdown(text: str) -> str:
    """What looks like a tag goes too, even where it was written with entities."""
    return _NOT_WORDS_OR_BLANKS.sub("", normalize("NFC", _without_tags(text)).strip()).replace(" ", _SEPARATOR)


def _without_tags(text: str) -> str:
    parts, done = list[str](), 0
    while (start := text.find("<", done)) >= 0 and (end := text.find(">", start)) >= 0:
        parts.append(text[done:start])
        done = end + 1
    return "".join(parts) + text[done:]


def _pymdown_lower(text: str) -> str:
    return _pymdown(text.lower())


def unique_by_underscore() -> Unique:
    """`a`, `a_1`, `a_2`: the next number that is free; a slug that ends in `_5` goes on from there; `_1` for ''."""
    taken = set[str]()
    last: dict[tuple[str, int], int] = {}  # the number that was free after this one

    def unique(slug: str) -> str:
        if slug and slug not in taken:
            taken.add(slug)
            return slug
        numbered = _NUMBERED.fullmatch(slug)
        base, first = (numbered[1], int(numbered[2])) if numbered else (slug, 0)
        number = last.get((base, first), first) + 1
        while f"{base}_{number}" in taken:
            number = last.get((base, number), number) + 1
        last[base, first] = number
        taken.add(f"{base}_{number}")
        return f"{base}_{number}"

    return unique


def _text(heading: Heading) -> str:
    return braces.explicit(_name(heading))[0]


def _extras(page: Outline) -> Iterator[str]:
    """Ids of attribute lists, and footnotes."""
    yield from braces.ids(page.prose)
    yield from braces.ids(page.indented_code)
    yield from _tabs(page)
    for note in page.footnotes:
        yield f"fn:{note.label}"
        yield from (f"fnref{number if number > 1 else ''}:{note.label}" for number in range(1, note.references + 1))


def _tabs(page: Outline) -> Iterator[str]:
    """Tabs of pymdownx.tabbed: numbered, or by their labels, with `combine_header_slug` behind that of a heading."""
    labels = [_ascii(label) for label in _TAB.findall(page.lines)[:_MOST_TABS]]
    for number in range(1, len(labels) + 1):
        yield from (f"__tabbed_{number}_{place}" for place in range(1, len(labels) + 1))
    yield from labels
    for heading in page.headings[: _MOST_COMBINED // max(1, len(labels))]:
        yield from (f"{_ascii(_text(heading))}-{label}" for label in labels)


def _hidden(page: Outline) -> list[Heading]:
    return [*hidden.tight(page), *hidden.indented(page)]


def _is_open(page: Outline) -> bool:
    return _INSERTS.search(page.prose) is not None


def _flavour(name: str, *slugs_of: Callable[[str], str]) -> Flavour:
    rules = tuple(HeadingRule(_text, slug, unique_by_underscore) for slug in slugs_of)
    return Flavour(name, rules, braces.explicit, is_reserved=True, hidden=_hidden, extras=_extras, is_open=_is_open)


FLAVOURS = (
    _flavour("mkdocs", _ascii),
    _flavour("mkdocs-unicode", _unicode),
    _flavour("mkdocs-pymdownx", _pymdown, _pymdown_lower),
)
