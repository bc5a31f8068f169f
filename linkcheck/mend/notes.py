"""A link to an archived copy beside the link that it is a copy of, in the syntax of the document."""

from __future__ import annotations

import re

from linkcheck.mend.written import edit
from linkcheck.model import Document, Edit, Link, LinkKind, replace

_AFTER_URL = re.compile(rb">?(?:\s{1,20}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\([^()\n]{0,500}\)))?\s{0,20}\)")
_END_OF_LINK = re.compile(rb"</a\s{0,20}>", re.IGNORECASE)
_REACH = 2_000
# A note would change the anchor of a heading. In front of one may stand the marks of quotes and lists.
_HEADING = re.compile(rb"[ \t>*+-]{0,40}(?:\d{1,9}[.)][ \t]{1,4})?#{1,6}[ \t]")
_UNDERLINE = re.compile(rb"[ \t>]{0,40}(?:=+|-+)[ \t]*\r?\Z")
_HTML_HEADING = re.compile(rb"<h[1-6][\s>]", re.IGNORECASE)


def note(data: bytes, document: Document, link: Link, url: str, rule: str, reason: str) -> Edit | None:
    """The edit that puts a link to `url` behind `link`; None where its syntax has no place for one."""
    end = _end(data, link) if document.encoding == "utf-8" and not link.is_image else None
    if end is None or _is_in_heading(data, link, end):
        return None
    stand_in = replace(link, kind=LinkKind.HTML if link.kind is LinkKind.HTML else LinkKind.INLINE, written="")
    made = edit(stand_in, url, rule, reason)
    if made is None:
        return None
    text = f' (<a href="{made.new}">archived</a>)' if link.kind is LinkKind.HTML else f" ([archived]({made.new}))"
    return replace(made, span=(end, end), old="", new=text)


def _is_in_heading(data: bytes, link: Link, end: int) -> bool:
    start = data.rfind(b"\n", 0, link.span[0]) + 1
    line, _, after = data[start : end + _REACH].partition(b"\n")
    is_underlined = _UNDERLINE.match(after.partition(b"\n")[0]) is not None
    return is_underlined or bool(_HEADING.match(line) or _HTML_HEADING.search(line))


def _end(data: bytes, link: Link) -> int | None:
    """The offset behind a whole link; None if it is not known."""
    end = link.span[1]
    if link.kind is LinkKind.BARE:
        return end
    if link.kind is LinkKind.AUTOLINK:
        return end + 1 if data[end : end + 1] == b">" else None
    if link.kind is LinkKind.INLINE:
        found = _AFTER_URL.match(data, end)
        return found.end() if found else None
    if link.kind is LinkKind.HTML:
        closing = _END_OF_LINK.search(data, end, end + _REACH)
        return closing.end() if closing else None
    return None
