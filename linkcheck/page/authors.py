"""The authors of a page: sources of names, most reliable first, and the form of a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from linkcheck.model import Author
from linkcheck.page import json_ld, titles
from linkcheck.page.html import BYLINES, MOST_VALUES, Element, ParsedPage

_BY = re.compile(
    r"^(?:(?:written|posted|published)\s+by|by|von|par|por|di|da|af|av|автор:?)\s+(?!\S+\s*$)|^by:?\s+", re.IGNORECASE
)
_NO_AUTHOR = re.compile(
    r"(?:https?:|www\.|//).*|.*@\S+\.\S.*|(?:admin(?:istrator)?|author|user|guest|editor|staff|root|webmaster|anonymous|"
    r"unknown|none|null|undefined|contributors?)|.*\d{4}.*|by|\W*",
    re.IGNORECASE,
)
_AUTHOR_CHARS = 120
_MOST_ANCESTORS = 30
_MOST_BYLINES = 3  # for each selector
_METAS_OF_ONE = ("citation_author", "citation_authors", "bepress_citation_author")
_METAS = (
    "author", "dc.creator", "dcterms.creator", "article:author", "parsely-author", "sailthru.author", "byl",
)  # fmt: skip


def find(page: ParsedPage, sites: Sequence[str], types: frozenset[str]) -> tuple[tuple[Author, ...], str]:
    """The authors and their source; none, and '', if only the `sites` themselves are named.

    `types` are the types of JSON-LD objects whose author is the page's.
    """
    known = set(map(titles.key, sites))
    for source, candidates in _sources(page, types):
        kept = [author for text in candidates[:MOST_VALUES] if (author := _author(text, known))]
        if kept:
            return tuple({author.name.casefold(): author for author in kept}.values()), source
    return (), ""


def _sources(page: ParsedPage, types: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """(source, texts that name authors), most reliable first."""
    for name in _METAS_OF_ONE:
        if name in page.metas:
            yield name, [part for value in page.metas[name] for part in value.split(";")]
    if page.nodes:
        yield "ld.author", _linked(page, types)
    for name in _METAS:
        if name in page.metas:
            yield name, [part for value in page.metas[name] for part in _people(value)]
    found = {selector: list[str]() for selector in BYLINES}
    for element in page.marked:
        for selector in _bylines(element):
            if len(found[selector]) < _MOST_BYLINES:
                found[selector].append(titles.tidy(element.text()))
    for selector, texts in found.items():
        yield selector, [part for text in texts if len(text) < _AUTHOR_CHARS for part in _people(text)]


def _linked(page: ParsedPage, types: frozenset[str]) -> list[str]:
    by_id = {node["@id"]: node for node in page.nodes if isinstance(node.get("@id"), str)}
    return [
        name for node in page.nodes if json_ld.types(node) & types for name in json_ld.names(node.get("author"), by_id)
    ]


def _bylines(element: Element) -> Iterator[str]:
    """The selectors of BYLINES that `element` matches."""
    attributes = element.attributes
    if "author" in (attributes.get("rel") or "").split():
        yield "[rel~=author]"
    if attributes.get("itemprop") == "name" and _is_in_author(element):
        yield "[itemprop=author] [itemprop=name]"
    if attributes.get("itemprop") == "author":
        yield "[itemprop=author]"
    classes = (attributes.get("class") or "").split()
    yield from (f".{name}" for name in ("byline-name", "byline") if name in classes)


def _is_in_author(element: Element) -> bool:
    """Whether an ancestor of `element` is marked as the author; css_matches() would walk all descendants."""
    outer = element.parent
    for _ in range(_MOST_ANCESTORS):
        if outer is None or outer.attributes.get("itemprop") == "author":
            return outer is not None
        outer = outer.parent
    return False


def _people(text: str) -> list[str]:
    """`Ann Lee, Bo Chen and Cy Dow` as three; `Lee, Ann` stays one."""
    text = _BY.sub("", titles.tidy(text))
    parts = re.split(r"[;|•&]|\band\b|\bund\b", text)
    if all(" " in part.strip() for part in text.split(",")):
        parts = [piece for part in parts for piece in part.split(",")]
    return [part.strip() for part in parts if part.strip()]


def _author(text: str, sites: Collection[str]) -> Author | None:
    """The author in `text`, None if it names nobody or one of the `sites`, given by their keys."""
    name = _BY.sub("", titles.tidy(text)).strip(" ,;:")
    if not name or len(name) > _AUTHOR_CHARS or _NO_AUTHOR.fullmatch(name) or titles.key(name) in sites:
        return None
    family, comma, given = name.partition(", ")
    if comma and given and "," not in given and " and " not in given:
        return Author(f"{given} {family}", family=family, given=given)
    return Author(name)
