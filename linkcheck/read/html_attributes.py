"""Links in raw HTML: `href`, `src` and `srcset` of every tag, comments left out.

A small tokeniser by the WHATWG HTML Standard §13.2.5 as far as tags and attributes go: it has to
give byte spans in the list's own text, which no HTML parser does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(?P<raw>script|style)\b(?P<rawattrs>[^<>]*)>.*?(?:</(?P=raw)\s*>|\Z)"
    rb"|<(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?P<attrs>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"(?:^|[\s/\"'])(?P<key>href|src|srcset)\s*=\s*(?:\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<u>[^\s\"'=<>`]+))",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(rb"[^\s,](?:\S*[^\s,])?")
_DESCRIPTOR = re.compile(rb"\d+(?:\.\d+)?[wxh]\Z")
_REFERENCE = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_MARKUP = re.compile(rb"<[^>]*>")
_ALT = re.compile(rb"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_TEXT_BYTES = 2_000


def links(data: bytes, start: int, stop: int, reach: int) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, text, is_image) of each URL in the tags of `data[start:stop]`, in order.

    The text of a link is looked for up to `reach`.
    """
    for tag in _TAG.finditer(data, start, stop):
        group = "attrs" if tag["attrs"] is not None else "rawattrs"
        if tag[group] is None:
            continue
        for attribute in _ATTRIBUTE.finditer(data, tag.start(group), tag.end(group)):
            yield from _values(data, tag, attribute, reach)


def _values(
    data: bytes, tag: re.Match[bytes], attribute: re.Match[bytes], reach: int
) -> Iterator[tuple[int, int, str, bool]]:
    group = next(g for g in "dsu" if attribute[g] is not None)
    at, end = attribute.span(group)
    is_image = attribute["key"].lower() != b"href"
    text = _alt(tag) if is_image else _text(data, tag, min(reach, tag.end() + _TEXT_BYTES))
    if attribute["key"].lower() == b"srcset":
        for candidate in _CANDIDATE.finditer(data, at, end):
            if not _DESCRIPTOR.match(candidate[0]):
                yield candidate.start(), candidate.end(), text, True
        return
    while at < end and data[at] in b" \t\r\n":
        at += 1
    while end > at and data[end - 1] in b" \t\r\n":
        end -= 1
    if end > at:
        yield at, end, text, is_image


def _alt(tag: re.Match[bytes]) -> str:
    found = _ALT.search(tag[0])
    return clean(next(g for g in found.groups() if g is not None)) if found else ""


def _text(data: bytes, tag: re.Match[bytes], reach: int) -> str:
    if (tag["name"] or b"").lower() != b"a":
        return ""
    end = data.find(b"</", tag.end(), reach)
    while end != -1 and data[end + 2 : end + 3].lower() != b"a":
        end = data.find(b"</", end + 2, reach)
    return clean(_MARKUP.sub(b" ", data[tag.end() : end])) if end != -1 else ""


def clean(text: bytes) -> str:
    return " ".join(unescape(text.decode(errors="replace")).split())


def attribute_value(text: str) -> str:
    """An attribute's value with its character references undone.

    A reference without `;` stays: in attributes HTML keeps `&copy=` as it is.
    """
    return _REFERENCE.sub(lambda m: unescape(m[0]), text) if "&" in text else text
