"""Links in raw HTML: `href`, `src` and `srcset` of every tag outside comments.

A small tokeniser for tags and attributes by the WHATWG HTML Standard §13.2.5: it has to give byte spans in the
list's text, which no HTML parser does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from linkcheck.common.char_references import unescaped
from linkcheck.common.lazy import lazy

_TAG = lazy(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(?P<raw>script|style)\b(?P<rawattrs>[^<>]*)>.*?(?:</(?P=raw)\s*>|\Z)"
    rb"|<(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?P<attrs>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = lazy(rb"(?P<key>[^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"(?P<d>[^\"]*+)\"|'(?P<s>[^']*+)'|(?P<u>[^\s\"'=<>`]++)))?")
_WITH_URLS = frozenset({b"href", b"src", b"srcset"})
_CANDIDATE = lazy(rb"[^\s,](?:\S*[^\s,])?")
_DESCRIPTOR = lazy(rb"\d+(?:\.\d+)?[wxh]\Z")
_REFERENCE = lazy(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_MARKUP = lazy(rb"<[^>]*>")
_LINK_ENDS = lazy(rb"</?a\b", re.IGNORECASE)
_ALT = lazy(rb"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_TEXT_BYTES = 2_000
_MOST_IN_TAG = 200  # attributes with URLs, and URLs in one of them


def links(data: bytes, start: int, stop: int, reach: int) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, text, is_image) of each URL in the tags of `data[start:stop]`, in order.

    The text of a link is searched up to offset `reach`.
    """
    for tag in _TAG.finditer(data, start, stop):
        group = "attrs" if tag["attrs"] is not None else "rawattrs"
        if tag[group] is None:
            continue
        attributes = filter(_has_url, _ATTRIBUTE.finditer(data, tag.start(group), tag.end(group)))
        yield from _of_tag(data, tag, list(islice(attributes, _MOST_IN_TAG)), reach)


def comments(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """[start, end) of the text of each closed comment in `data[start:stop]`, in order."""
    for tag in _TAG.finditer(data, start, stop):
        if tag[0].startswith(b"<!--") and tag[0].endswith(b"-->", 4):
            yield tag.start() + 4, tag.end() - 3


def _has_url(attribute: re.Match[bytes]) -> bool:
    return attribute["key"].lower() in _WITH_URLS and attribute.end() > attribute.end("key")


def _of_tag(
    data: bytes, tag: re.Match[bytes], attributes: list[re.Match[bytes]], reach: int
) -> Iterator[tuple[int, int, str, bool]]:
    is_href = [attribute["key"].lower() == b"href" for attribute in attributes]
    text = _text(data, tag, min(reach, tag.end() + _TEXT_BYTES)) if any(is_href) else ""
    alt = "" if all(is_href) else _alt(tag)
    for attribute, leads_on in zip(attributes, is_href, strict=True):
        for start, end in _values(data, attribute):
            yield start, end, text if leads_on else alt, not leads_on


def _values(data: bytes, attribute: re.Match[bytes]) -> Iterator[tuple[int, int]]:
    group = next(g for g in "dsu" if attribute[g] is not None)
    at, end = attribute.span(group)
    if attribute["key"].lower() == b"srcset":
        for candidate in islice(_CANDIDATE.finditer(data, at, end), _MOST_IN_TAG):
            if not _DESCRIPTOR.match(candidate[0]):
                yield candidate.span()
        return
    while at < end and data[at] in b" \t\r\n":
        at += 1
    while end > at and data[end - 1] in b" \t\r\n":
        end -= 1
    if end > at:
        yield at, end


def _alt(tag: re.Match[bytes]) -> str:
    found = _ALT.search(tag[0])
    return clean(next(g for g in found.groups() if g is not None)) if found else ""


def _text(data: bytes, tag: re.Match[bytes], reach: int) -> str:
    if (tag["name"] or b"").lower() != b"a":
        return ""
    end = _LINK_ENDS.search(data, tag.end(), reach)
    return clean(_without_markup(data[tag.end() : end.start()])) if end else ""


def _without_markup(text: bytes) -> bytes:
    """Only the part up to the last `>` is searched for tags, so that the search is linear."""
    end = text.rfind(b">") + 1
    return _MARKUP.sub(b" ", text[:end]) + text[end:]


def clean(text: bytes) -> str:
    return " ".join(unescaped(text.decode(errors="replace")).split())


def attribute_value(text: str) -> str:
    """An attribute's value with its character references decoded.

    A reference without `;` stays: in attributes HTML keeps `&copy=` as it is. NUL is U+FFFD (WHATWG HTML §13.2.5.36).
    """
    text = text.replace("\0", "\ufffd")
    return _REFERENCE.sub(_unescape, text) if "&" in text else text


def _unescape(found: re.Match[str]) -> str:
    """A reference whose whole name is known: `&nothing;` is no `&not;` (WHATWG HTML §13.2.5.73)."""
    from html.entities import html5  # loaded lazily

    is_known = found[0][1] == "#" or found[0][1:] in html5
    return unescaped(found[0]) if is_known else found[0]
