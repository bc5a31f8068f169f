"""Reduce the markup of a page to what the parser can read in bounded time.

lexbor builds the tree as the standard says (WHATWG HTML §13.2.6), and some of its steps walk over all open elements: a
tag over the stack of open elements, an attribute over the others of its element, a text over the list of active
formatting elements, which are created again for it. So time and memory grow with the square of the open elements:
100,000 `<div>` take 20 s, `<p>` with 1,000 `<b x=…>` and then 1,000 `<p>x` make a million elements. Which are open is
unknown without building the tree; so the number of tags that may be is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST_TAGS = 6_000
"""Of 536 recorded pages four have more (up to 13,879); what is read of a page is near its beginning."""
_SMALL = 5_000  # bytes: too few for the tags to matter
_MOST_MADE = 200_000  # elements, counting those that each tag may create again
_MOST_SAME = 3
_MOST_ATTRIBUTES = 500  # of one element; 455 on a recorded page
_MANY_ATTRIBUTES = 250
_MOST_WITH_MANY = 20  # tags with many attributes: 512 KB of them took 146 ms
_MOST_ROOTS = 8  # tags `<html>` and `<body>`: each adds its attributes to the existing element
_SMALL_TAGS = 16_000  # bytes: too few for the attributes to matter, 5,000 take 37 ms
_LONG = 500  # bytes of a tag in a page of _LARGE bytes; in a page half as large a tag may be twice as long
_LARGE = 524_288
_WORK = 4  # bytes examined for attributes, for each byte of the page

# The formatting elements of §13.2.4.2, without `a`, which ends the one before it.
_FORMATTING = (
    rb"[iIuUbBsS]|[bB][iI][gG]|[sS](?:[mM][aA][lL][lL]|[tT][rR](?:[oO][nN][gG]|[iI][kK][eE]))"
    rb"|[eE][mM]|[tT][tT]|[cC][oO][dD][eE]|[fF][oO][nN][tT]|[nN][oO][bB][rR]"
)
_FORMATTED = re.compile(rb"(</?)(?:%b)(?=[\s/>])" % _FORMATTING)
_ROOTS = rb"[hH][tT][mM][lL]|[bB][oO][dD][yY]"
_ROOT = re.compile(rb"<(?:%b)(?=[\s/>])" % _ROOTS)
_IS_ROOT = frozenset((b"<html", b"<body"))
_SUSPECT = re.compile(  # the look-ahead is a fast path
    rb"<(?=[bBcCeEfFhHiInNsStTuU][\s/>iIoOmMtT])(?:%b|%b)[\s/>]" % (_FORMATTING, _ROOTS)
)
# All tags but those that end with their first `>` and have few attributes.
_TAG = re.compile(rb"""<[a-zA-Z](?!(?:[^>"'=]{0,30}+="[^">]*+"){0,20}+[^>"'=]{0,30}+>)""")
_BEFORE_VALUE = b"= \t\n\v\f\r"
# The tokenizer's states, §13.2.5.32 to 39.
_ATTRIBUTE = (
    rb"""[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"""
    rb"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+"?|'[^']*+'?|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)?+)?+"""
)
_ATTRIBUTES = re.compile(
    rb"[^ \t\n\f\r/>]*+(?:%b){0,%d}+(?P<many>(?:%b){1,%d}+)?+(?P<more>%b)?+"
    % (_ATTRIBUTE, _MANY_ATTRIBUTES, _ATTRIBUTE, _MOST_ATTRIBUTES - _MANY_ATTRIBUTES, _ATTRIBUTE)
)


def markup(html: bytes) -> bytes:
    """`html`, in UTF-8, unchanged if it is ordinary; else its beginning, without the markup that slows the parser."""
    if len(html) <= _SMALL:
        return html
    tags = html.count(b"<")
    if tags > MOST_TAGS:
        html = b"<".join(html.split(b"<", MOST_TAGS + 1)[:-1])
    suspects = _SUSPECT.findall(html)
    if len(html) > _SMALL_TAGS and (long := _may_be_long(html, suspects)):
        html = _without(html, list(_too_long(html, long)))
    # No signature or selector distinguishes formatting elements from spans, and the parser does not reopen spans.
    return _FORMATTED.sub(rb"\1span", html) if _formatting(suspects, tags) * tags > _MOST_MADE else html


def _formatting(suspects: list[bytes], tags: int) -> int:
    """How many formatting elements may be active at once: at most three equal ones (§13.2.4.3)."""
    if len(suspects) * tags <= _MOST_MADE:
        return len(suspects)
    plain = [one.lower() for one in suspects if one.endswith(b">")]
    return len(suspects) - len(plain) + min(_MOST_SAME * len(set(plain)), len(plain))


def _may_be_long(html: bytes, suspects: list[bytes]) -> list[int]:
    """Offsets of the tags that may have too many attributes, or add them to an element that has."""
    found = [tag.start() for first, end in _unended(html) for tag in _TAG.finditer(html, first, end)]
    if sum(one[:-1].lower() in _IS_ROOT for one in suspects) > _MOST_ROOTS:
        found = sorted({*found, *(tag.start() for tag in _ROOT.finditer(html))})
    return found


def _unended(html: bytes) -> Iterator[tuple[int, int]]:
    """Ranges (start at a `<`, end) in which long tags may begin: all tags twice as long as a step begin in one.

    At each step the next `>` is examined. It ends any tag unless it is inside the value of an attribute, and then the
    last quote before it opens that value.
    """
    step = _LONG * _LARGE // len(html)
    start = looked = 0
    last = -1  # the last step at which no tag is known to end
    is_double = is_single = False
    for at in range(0, len(html), step):
        if (end := html.find(b">", at, at + step)) != -1:
            if (quote := html.rfind(b'"', looked, end)) != -1:
                is_double = html[quote - 1] in _BEFORE_VALUE and _opens_value(html, quote)
            if (quote := html.rfind(b"'", looked, end)) != -1:
                is_single = html[quote - 1] in _BEFORE_VALUE and _opens_value(html, quote)
            looked = end
            if not is_double and not is_single:
                if last >= start and (first := html.find(b"<", start, last + 1)) != -1:
                    yield first, last + 2
                start = end
                continue
        last = at
    if last >= start:
        yield start, last + 2


def _opens_value(html: bytes, quote: int) -> bool:
    """Whether a `=` is before the quote; true as well if there are too many blanks to see it."""
    before = html[max(quote - 20, 0) : quote].rstrip()
    return not before or before.endswith(b"=")


def _too_long(html: bytes, tags: Iterable[int]) -> Iterator[int]:
    """Tags with too many attributes, and all tags that could not be examined."""
    left, roots, many = _WORK * len(html), 0, 0
    for tag in tags:
        run = _ATTRIBUTES.match(html, tag + 1) if left > 0 else None
        left -= run.end() - tag if run else 0
        roots += _ROOT.match(html, tag) is not None
        many += run is not None and run["many"] is not None
        if run is None or run["more"] or (run["many"] and many > _MOST_WITH_MANY) or roots > _MOST_ROOTS:
            yield tag


def _without(html: bytes, tags: list[int]) -> bytes:
    """`html` with a blank for the `<` at the offsets `tags`, so that those tags become text."""
    if not tags:
        return html
    text = bytearray(html)
    for tag in tags:
        text[tag] = 0x20  # not removed, since a `<` before it would then begin the tag
    return bytes(text)
