"""Drafts of a reader to a Document: links in order, with their positions in the file. Shared by all readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING

from linkcheck.model import Document, Entry, Link, Malformed, Notice, Repair, replace
from linkcheck.read.entries import Draft, collapse
from linkcheck.read.text import Places, Text

if TYPE_CHECKING:
    from linkcheck.read.directives import Directives

Span = tuple[int, int]


def may_have_directives(data: bytes) -> bool:
    """Whether the comments of a document need to be looked at (read/directives.py)."""
    return any(word in data for word in (b"linkcheck:", b"link-check-disable", b"mlc-disable"))


def assemble(
    path: str,
    text: Text,
    drafts: list[Draft],
    *,
    places: Places | None = None,
    entries: Iterable[Entry] = (),
    title: str = "",
    notices: Iterable[Notice] = (),
    directives: Directives | None = None,
) -> Document:
    """The Document of `text`. The drafts' spans are offsets in its UTF-8 form; they are sorted here. `directives` are
    those of its comments."""
    drafts.sort(key=attrgetter("anchor"))
    trouble = [Notice(path, 1, text.trouble)] if text.trouble else []
    links = tuple(_links(path, text, drafts, places or Places(text.data), directives))
    notices = (*trouble, *notices, *(directives.notices if directives else ()))
    ignores = tuple(directives.ignores) if directives else ()
    return Document(path, links, tuple(entries), title, notices, text.encoding, ignores)


def _links(path: str, text: Text, drafts: list[Draft], places: Places, directives: Directives | None) -> Iterator[Link]:
    at = {start: places.at(start) for start in sorted({draft.span[0] for draft in drafts})}
    in_file = text.in_file(_offsets(drafts))
    data, is_utf8 = text.data, not text.trouble
    for d in drafts:
        start, end = d.span
        line, column = at[start]
        shown = collapse(d.text)
        title = shown if d.title == d.text or not d.title else collapse(d.title)
        span = (in_file[start], in_file[end]) if in_file else d.span
        malformed = _malformed(text, d.malformed, in_file) if d.malformed else None
        is_as_written = is_utf8 and data[start:end] == d.url.encode()
        yield Link(
            path, line, column, span, d.url, d.kind, shown, title, d.section,
            d.entry, d.is_main, d.is_image, malformed, d.unused, "" if is_as_written else _written(text, d.url, span),
            directives.covering(line, places.line(d.anchor)) if directives else (),
        )  # fmt: skip


def _offsets(drafts: Iterable[Draft]) -> Iterator[int]:
    for draft in drafts:
        yield from draft.span
        if draft.malformed and draft.malformed.repair:
            yield from draft.malformed.repair.span


def _written(text: Text, url: str, span: Span) -> str:
    """The text in the file if it differs from the URL, with U+FFFD for bytes that cannot be decoded; else ''."""
    start, end = span
    written = text.original[start:end].decode(text.encoding, errors="replace")
    return "" if written == url else written


def _malformed(text: Text, malformed: Malformed, in_file: Mapping[int, int] | None) -> Malformed:
    """`malformed` with its repair's span in bytes of the file; without a repair if it would lose undecodable bytes."""
    if malformed.repair is None:
        return malformed
    start, end = malformed.repair.span
    if in_file:
        start, end = in_file[start], in_file[end]
    repair = Repair((start, end), malformed.repair.text) if text.is_readable(start, end) else None
    return replace(malformed, repair=repair)
