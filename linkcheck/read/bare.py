"""Bare URLs and mail addresses in running text, by the rules of GFM's extended autolinks.

Source: GitHub Flavored Markdown Spec 0.29-gfm §6.9 (https://github.github.com/gfm/), checked
against cmark-gfm 0.29.0.gfm.13. Works on bytes, so that offsets are byte offsets. One extension of GFM: unbalanced
`]` and `}` at the end are excluded as `)` is, since in real lists they close a malformed link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkcheck.common.lazy import lazy

CANDIDATE = lazy(rb"(?i:https?://|ftp://|www\.)|@")
_WORD = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_LETTER = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_BEFORE_WWW = frozenset(b" \t\r\n*_~(")
_DOMAIN = lazy(rb"(?:[A-Za-z0-9_-]|[\x80-\xff])+(?:\.(?:[A-Za-z0-9_-]|[\x80-\xff])+)*")
# Unicode blanks end a URL too: no URL can contain them (WHATWG URL, percent-encode sets).
_DOMAIN_BYTES = 1_024  # a name has 253 characters (RFC 1035 §2.3.4), each of four bytes at most
_END = lazy(rb"[\s<\x00-\x1f]|\xc2\xa0|\xe3\x80\x80|\xe2\x80[\x80-\x8b\xa8\xa9\xaf]")
_ENTITY_TAIL = lazy(rb"&[A-Za-z0-9]+;\Z")
_TRAILING = frozenset(b"?!.,:*_~'\"")
_OPENING = {ord(")"): b"(", ord("]"): b"[", ord("}"): b"{"}
_LOCAL = _WORD | frozenset(b"._+-")
_MAIL_DOMAIN = lazy(rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def scan(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """The bare links of `data[start:stop]` as (start, end, prefix).

    `prefix` is what GFM puts before the text to make it a URL: '', 'http://' or 'mailto:'.
    """
    done = start
    for candidate in CANDIDATE.finditer(data, start, stop):
        at = candidate.start()
        if at < done:
            continue
        found = _mail(data, done, at, stop) if candidate[0] == b"@" else _url(data, start, candidate, stop)
        if found:
            yield found
            done = found[1]


def _url(data: bytes, start: int, candidate: re.Match[bytes], stop: int) -> tuple[int, int, str] | None:
    at = candidate.start()
    before = data[at - 1] if at > start else 0x20
    is_www = candidate[0][-1:] == b"."
    if is_www and before not in _BEFORE_WWW and not (before >= 0x80 or before in b"[{|>\"'"):
        return None
    if not is_www and before in _LETTER:
        return None
    name = at if is_www else candidate.end()
    domain = _DOMAIN.match(data, name, min(stop, name + _DOMAIN_BYTES))
    if not domain or not _is_domain(domain[0], needs_period=is_www):
        return None
    ending = _END.search(data, domain.end(), stop)
    end = trimmed(data, at, ending.start() if ending else stop)
    return (at, end, "http://" if is_www else "") if end > candidate.end() else None


def _is_domain(name: bytes, *, needs_period: bool) -> bool:
    if len(name) >= _DOMAIN_BYTES - 1:  # truncated, perhaps before a period
        return False
    labels = name.split(b".")
    if any(b"_" in label for label in labels[-2:]):
        return False
    return not needs_period or (len(labels) > 1 and bool(labels[1]))


def trimmed(data: bytes, start: int, end: int) -> int:
    """The end of the URL without trailing punctuation and unbalanced brackets."""
    opened = {closing: data.count(opening, start, end) for closing, opening in _OPENING.items()}
    closed = {closing: data.count(bytes([closing]), start, end) for closing in _OPENING}
    while end > start:
        last = data[end - 1]
        if last in _TRAILING:
            end -= 1
        elif last in _OPENING and closed[last] > opened[last]:
            closed[last] -= 1
            end -= 1
        elif last == 0x3B:
            entity = _ENTITY_TAIL.search(data, max(start, end - 34), end)
            end = entity.start() if entity else end - 1
        else:
            return end
    return end


def _mail(data: bytes, start: int, at: int, stop: int) -> tuple[int, int, str] | None:
    begin = at
    while begin > start and data[begin - 1] in _LOCAL:
        begin -= 1
    domain = _MAIL_DOMAIN.match(data, at + 1, stop)
    if begin == at or not domain:
        return None
    end = domain.end()
    if data[end - 1] in b"-_" or data[end : end + 1] == b"@":
        return None
    for scheme in (b"mailto:", b"xmpp:"):
        if data[max(start, begin - len(scheme)) : begin].lower() == scheme:
            return begin - len(scheme), end, ""
    return begin, end, "mailto:"
