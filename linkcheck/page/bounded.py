"""The markup of a page to as much of it as the parser reads in bounded time.

lexbor builds the tree as the standard says (WHATWG HTML §13.2.6), and some of its steps walk over all that is open: a
tag over the stack of open elements, an attribute over those that its element has, a text over the list of active
formatting elements, which are made anew for it. So time and memory grow with the square of what a page leaves open:
100,000 `<div>` take 20 s, `<p>` with 1,000 `<b x=…>` and then 1,000 `<p>x` make a million elements. What is open nobody
can tell without building the tree; so what there is to be opened is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST_TAGS = 6_000
"""Of 536 recorded pages four have more (up to 13,879); what is asked of a page stands in its beginning."""
_SMALL = 5_000  # characters in which too little fits
_MOST_MADE = 250_000  # elements: those that each tag may make anew
_MOST_ATTRIBUTES = 500  # of one element; 455 on a recorded page
_MOST_ROOTS = 8  # tags `<html>` and `<body>`: each adds its attributes to those that are there
_ROOTS = ("html", "body")
_LONG = 1_000  # characters without a `>` in which too many attributes may be
_STEP, _WINDOW = 8_192, 2_048
_WORK = 4  # characters that are looked at for attributes, for each that there is

# The formatting elements of §13.2.4.2, without `a`, which ends the one before it.
_SUSPECT = re.compile(
    r"<(?:(?=[bBcCeEfFhHiInNsStTuU][\s/>iIoOmMtT])(?P<named>[iIuU][\s/>]|[eE][mM][\s/>]|[tT][tT][\s/>]"
    r"|[bB](?:[\s/>]|[iI][gG][\s/>]|[oO][dD][yY][\s/])|[sS](?:[\s/>]|[mM][aA][lL][lL]|[tT][rR](?:[oO][nN][gG]|[iI][kK][eE]))"
    rf"|[cC][oO][dD][eE]|[fF][oO][nN][tT]|[nN][oO][bB][rR]|[hH][tT][mM][lL][\s/])|[a-zA-Z][^>]{{{_LONG}}})"
)
_FORMATTED = re.compile(
    r"(</?)(?:[iIuUbBsS]|[bB][iI][gG]|[sS](?:[mM][aA][lL][lL]|[tT][rR](?:[oO][nN][gG]|[iI][kK][eE]))"
    r"|[eE][mM]|[tT][tT]|[cC][oO][dD][eE]|[fF][oO][nN][tT]|[nN][oO][bB][rR])(?=[\s/>])"
)
_TAG = re.compile(r"<[a-zA-Z]")
_HIDDEN_END = re.compile(r"=\s*+[\"'](?=[^\"'>]*+>)")
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?+)?+"""
_ATTRIBUTES = re.compile(rf"[^\s/>]*+(?:{_ATTRIBUTE}){{0,{_MOST_ATTRIBUTES}}}+(?P<more>{_ATTRIBUTE})?+")


def markup(html: str) -> str:
    """`html` as it is, if it is like any page; else its beginning, without what makes the parser slow."""
    if len(html) <= _SMALL:
        return html
    tags = html.count("<")
    if tags > MOST_TAGS:
        html = "<".join(html.split("<", MOST_TAGS + 1)[:-1])
    formatting, long = 0, list[int]()
    for found in _SUSPECT.finditer(html):
        at, is_named = found.start(), found["named"] is not None
        if not is_named or found[0][1:5].lower() in _ROOTS or html.find(">", at, at + _LONG) == -1:
            long.append(at)
        formatting += is_named
    if _may_hide_ends(html):
        long = [tag.start() for tag in _TAG.finditer(html)]
    if long:
        html = _without(html, _too_long(html, long))
    # Nothing that is looked for tells formatting elements from spans, and no span is opened again by itself.
    return _FORMATTED.sub(r"\1span", html) if formatting * tags > _MOST_MADE else html


def _too_long(html: str, tags: Iterable[int]) -> Iterator[int]:
    """Those of the tags that have too many attributes; all that cannot be looked at."""
    left, roots = _WORK * len(html), 0
    for tag in tags:
        run = _ATTRIBUTES.match(html, tag + 1) if left > 0 else None
        left -= run.end() - tag if run else 0
        roots += html[tag + 1 : tag + 5].lower() in _ROOTS
        if run is None or run["more"] or roots > _MOST_ROOTS:
            yield tag


def _without(html: str, tags: Iterable[int]) -> str:
    """`html` without the `<` at the places `tags`: what begins a tag there is text."""
    pieces, done = list[str](), 0
    for tag in tags:
        pieces.append(html[done:tag])
        done = tag + 1
    return "".join((*pieces, html[done:]))


def _may_hide_ends(html: str) -> bool:
    """Whether many attributes hold a `>`, so that a tag may not end with the first of them."""
    return any(len(_HIDDEN_END.findall(html, at, at + _WINDOW)) > 1 for at in range(0, len(html), _STEP))
