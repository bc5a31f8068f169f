"""Find the span of the URL in a link or a reference definition (CommonMark §4.7, §6.3)."""

from __future__ import annotations

from linkcheck.common.lazy import lazy
from linkcheck.read.entries import Draft
from linkcheck.read.markdown.escapes import unescaped

_BLANK = lazy(rb"[\x00-\x20]")
_SIMPLE = lazy(rb"[^\x00-\x20()\\<]*(?=[\x00-\x20)])")
_GAP = lazy(rb"(?:[ \t\f\v]|[\r\n](?:[ \t]*+>)*)*+")  # a line in a quote begins with `>`
_MOST_TRIES = 20
_PUNCTUATION = frozenset(b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def of_link(data: bytes, draft: Draft, inner: int, stop: int) -> tuple[int, int]:
    """The span of the URL in `[text](url "title")`, which ends at `stop`: after the first `](` from `inner` on whose
    URL matches, in a bounded number of tries; else the span of the link."""
    at = data.find(b"](", inner, stop)
    if plainly := _simple(data, at + 2, stop, draft.url):
        return plainly
    tries = 0
    while at != -1 and tries < _MOST_TRIES:
        start, end = _inline(data, at + 2, stop)
        if unescaped(data[start:end].decode(errors="replace")) == draft.url:
            return start, end
        at, tries = data.find(b"](", at + 2, stop), tries + 1
    return draft.anchor, stop


def _simple(data: bytes, at: int, stop: int, url: str) -> tuple[int, int] | None:
    """The span at `at` if the URL is there unescaped, the usual case."""
    found = _SIMPLE.match(data, at, stop)
    return found.span() if found and found[0] == url.encode() else None


def _inline(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """The span of the destination after `](` at `at`: `<…>` or balanced brackets."""
    gap = _GAP.match(data, at, stop)
    return _span(data, gap.end() if gap else at, stop)


def definition(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """The span of the destination after `]:` at `at`."""
    gap = _GAP.match(data, at, stop)
    at = gap.end() if gap else at
    if data[at : at + 1] == b"<":
        return _span(data, at, stop)
    end = _BLANK.search(data, at, stop)
    return at, end.start() if end else stop


def label(text: str) -> str:
    """A normalised reference label (CommonMark §4.7), for comparison."""
    return " ".join(text.split()).casefold()


def _span(data: bytes, begin: int, stop: int) -> tuple[int, int]:
    if data[begin : begin + 1] == b"<":
        at = begin + 1
        while at < stop and data[at] != 0x3E:
            at += 2 if data[at] == 0x5C else 1
        return begin + 1, min(at, stop)
    depth, at = 0, begin
    while at < stop and data[at] > 0x20:
        byte = data[at]
        if byte == 0x5C and at + 1 < stop and data[at + 1] in _PUNCTUATION:
            at += 1
        elif byte == 0x28:
            depth += 1
        elif byte == 0x29:
            if depth == 0:
                break
            depth -= 1
        at += 1
    return begin, min(at, stop)
