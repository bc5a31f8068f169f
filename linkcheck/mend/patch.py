"""Edits to the bytes of a document: only their spans change, and the document is read again to see that.

Of edits that overlap the first counts. One after which the document does not hold the links that it should is left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from linkcheck import urls
from linkcheck.model import Document, Edit, Link

Read = Callable[[bytes, str], Document]
_READINGS = range(40, 200)  # at least, and at most
_MOST_READ = 8_000_000  # bytes in all, if they are enough for the fewest readings
_SEPARATE = "it cannot be written there so that nothing else changes"


class Patched(NamedTuple):
    """The new bytes of a document, the edits in them in order, and those left out, with why."""

    data: bytes
    edits: tuple[Edit, ...]
    left_out: tuple[tuple[Edit, str], ...] = ()


def patched(data: bytes, document: Document, wanted: Iterable[Edit], read: Read) -> Patched:
    """`data`, the bytes of `document`, after as many of the wanted edits as can be made."""
    edits, left_out = _apart(data, document.encoding, wanted)
    check = _Check(data, document, read)
    good, bad = check.sift(edits)
    left_out += [(edit, _SEPARATE) for edit in bad]
    return Patched(applied(data, good, document.encoding), tuple(good), tuple(left_out))


def applied(data: bytes, edits: Sequence[Edit], encoding: str) -> bytes:
    """`data` after edits that are in order and do not overlap."""
    parts, done = list[bytes](), 0
    for edit in edits:
        start, end = edit.span
        parts += [data[done:start], edit.new.encode(encoding)]
        done = end
    return b"".join([*parts, data[done:]])


def _apart(data: bytes, encoding: str, wanted: Iterable[Edit]) -> tuple[list[Edit], list[tuple[Edit, str]]]:
    """The edits in order, each place once; and those that overlap another, or whose text is not there."""
    kept, left_out = list[Edit](), list[tuple[Edit, str]]()
    for edit in sorted(wanted, key=lambda one: (one.span, one.new)):
        start, end = edit.span
        if kept and (edit.span, edit.new) == (kept[-1].span, kept[-1].new):
            continue
        if not 0 <= start <= end <= len(data) or data[start:end] != _encoded(edit.old, encoding):
            left_out.append((edit, "the text in its place is another"))
        elif (kept and start < kept[-1].span[1]) or (kept and edit.span == kept[-1].span and start != end):
            left_out.append((edit, "it overlaps another change"))
        else:
            kept.append(edit)
    return kept, left_out


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


class _Check:
    """Reads a document again after edits; a bounded number of times."""

    def __init__(self, data: bytes, document: Document, read: Read) -> None:
        self._data, self._document, self._read = data, document, read
        self._left = max(_READINGS.start, min(_READINGS.stop, _MOST_READ // (len(data) + 1)))

    def sift(self, edits: Sequence[Edit]) -> tuple[list[Edit], list[Edit]]:
        """The edits that can be made together, and the others."""
        good, bad = list[Edit](), list[Edit]()
        waiting = [list(edits)] if edits else []
        while waiting:
            group = waiting.pop()
            if self._is_right(sorted([*good, *group], key=lambda one: one.span)):
                good += group
            elif len(group) == 1 or self._left <= 0:
                bad += group
            else:
                waiting += [group[len(group) // 2 :], group[: len(group) // 2]]
        return sorted(good, key=lambda one: one.span), bad

    def _is_right(self, edits: Sequence[Edit]) -> bool:
        if self._left <= 0:
            return False
        self._left -= 1
        document = self._document
        again = self._read(applied(self._data, edits, document.encoding), document.path)
        if again.encoding != document.encoding or _texts(again) != _texts(document):
            return False
        spans = _Spans(edits, document.encoding)
        found = [link for link in again.links if not spans.is_new(link)]
        made = [link for link in again.links if spans.is_new(link)]
        wanted = [spans.moved(link) for link in document.links if not spans.is_replaced(link)]
        return [_shown(link) for link in found] == wanted and spans.are_made(made)


def _texts(document: Document) -> list[str]:
    return [notice.text for notice in document.notices]


Shown = tuple[tuple[int, int], str, bool]


def _shown(link: Link) -> Shown:
    return link.span, link.url, link.unused


class _Spans:
    """Where the spans of a document are after edits in order."""

    def __init__(self, edits: Sequence[Edit], encoding: str) -> None:
        self._edits = edits
        self._starts = [edit.span[0] for edit in edits]
        sizes = [len(edit.new.encode(encoding)) for edit in edits]
        grown = [size - (edit.span[1] - edit.span[0]) for size, edit in zip(sizes, edits, strict=True)]
        self._shifts = [0, *accumulate(grown)]
        self._own = {edit.span: at for at, edit in enumerate(edits) if edit.url and edit.span[0] < edit.span[1]}
        self._new = [
            (edit, edit.span[0] + shift, edit.span[0] + shift + size)
            for edit, shift, size in zip(edits, self._shifts, sizes, strict=False)
            if edit.span not in self._own
        ]
        self._new_starts = [start for _, start, _ in self._new]

    def is_replaced(self, link: Link) -> bool:
        """Whether a link lies in a text that is replaced as a whole."""
        at = bisect_right(self._starts, link.span[0]) - 1
        if at < 0 or link.span in self._own:
            return False
        start, end = self._edits[at].span
        return start <= link.span[0] and link.span[1] <= end and start < end

    def is_new(self, link: Link) -> bool:
        """Whether a link that was read again lies in a text that was put in as a whole."""
        return self._where(link) is not None

    def _where(self, link: Link) -> int | None:
        at = bisect_right(self._new_starts, link.span[0]) - 1
        return at if at >= 0 and link.span[1] <= self._new[at][2] else None

    def moved(self, link: Link) -> Shown:
        """How a link should be found again."""
        start, end = link.span
        at = self._own.get(link.span)
        if at is None:
            shift = self._shifts[bisect_right(self._starts, start)]
            return (start + shift, end + shift), link.url, link.unused
        before, after = self._shifts[at : at + 2]
        return (start + before, end + after), self._edits[at].url, link.unused

    def are_made(self, made: Sequence[Link]) -> bool:
        """Whether each text that was put in as a whole holds a link that works, and no other."""
        by_place = dict[int | None, list[Link]]()
        for link in made:
            by_place.setdefault(self._where(link), []).append(link)
        return all(_is_made(edit, by_place.get(at, [])) for at, (edit, _, _) in enumerate(self._new))


def _is_made(edit: Edit, links: Sequence[Link]) -> bool:
    if edit.url:  # an insertion
        return [link.url for link in links] == [edit.url]
    return bool(links) and all(link.malformed is None and not urls.malformed_url(link.url) for link in links)


def changed_lines(data: bytes, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """The groups of edits in lines without another between them: [first, end) of their lines from 0, and the edits."""
    starts = line_starts(data)
    group, first, last = list[Edit](), 0, -1
    for edit in edits:
        begin = bisect_right(starts, edit.span[0]) - 1
        finish = max(begin, bisect_right(starts, max(edit.span[0], edit.span[1] - 1)) - 1)
        if group and begin > last + 1:
            yield first, last + 1, group
            group = []
        if not group:
            first = begin
        group.append(edit)
        last = max(last, finish) if len(group) > 1 else finish
    if group:
        yield first, last + 1, group


def line_starts(data: bytes) -> list[int]:
    """The offset of each line, which a line feed ends."""
    starts, at = [0], data.find(b"\n")
    while at != -1:
        starts.append(at + 1)
        at = data.find(b"\n", at + 1)
    return starts
