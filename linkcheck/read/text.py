"""Bytes of a document to text, and offsets in it to lines, columns and offsets in the file.

Readers work on the text's UTF-8 form, `Text.data`, whose offsets `Text.in_file` turns into those of the file.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from linkcheck.common.lazy import lazy
from linkcheck.model import Value

_LINE_END = lazy(rb"\r\n|\n|\r")
_INVALID = lazy("[\udc80-\udcff]")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CONTINUATIONS = bytes(range(0x80, 0xC0))  # continuation bytes of UTF-8
_FIRST_OF_FOUR = bytes(range(0xF0, 0xF8))  # first bytes of characters with two units in UTF-16


class Text(Value, frozen=True):
    """A document's text, its UTF-8 form, and the trouble in decoding it.

    `original` are the bytes of the file, the first `bom_bytes` of which are a byte order mark and not part of the
    text. `encoding` is the Python codec of the others: `utf-8`, `utf-16-le` or `utf-16-be`.
    """

    text: str
    data: bytes
    original: bytes
    bom_bytes: int = 0
    encoding: str = "utf-8"
    trouble: str = ""

    def in_file(self, offsets: Iterable[int]) -> Mapping[int, int] | None:
        """The offset in the file for each offset in `data`; None if they are the same."""
        if self.encoding == "utf-8":
            return {offset: offset + self.bom_bytes for offset in offsets} if self.bom_bytes else None
        places = dict[int, int]()
        done, place = 0, self.bom_bytes
        for offset in sorted(set(offsets)):
            place += _utf16_bytes(self.data[done:offset])
            places[offset] = min(place, len(self.original))  # the last character may be truncated
            done = offset
        return places

    def is_readable(self, start: int, end: int) -> bool:
        """Whether all bytes [start, end) of the file can be decoded."""
        try:
            self.original[start:end].decode(self.encoding)
        except UnicodeDecodeError:
            return False
        return True


def decode(data: bytes) -> Text:
    """Decode `data` as UTF-8; each invalid byte becomes one `?`, so that offsets do not change.

    UTF-16 is decoded if it has a byte order mark (PowerShell writes it). Other encodings are not guessed:
    windows-1252 and GB18030 cannot be distinguished by their bytes.
    """
    mark = next((mark for mark in _BYTE_ORDER_MARKS if data.startswith(mark)), b"")
    encoding = _BYTE_ORDER_MARKS.get(mark, "utf-8")
    content, size = data[len(mark) :] if mark else data, len(mark)
    if encoding != "utf-8":
        text = content.decode(encoding, errors="replace")
        return Text(text, text.encode(), data, size, encoding, "the file is UTF-16; most programs expect UTF-8")
    try:
        return Text(content.decode(), content, data, size)
    except UnicodeDecodeError as error:
        text = _INVALID.sub("?", content.decode(errors="surrogateescape"))
        first = content.count(b"\n", 0, error.start) + 1
        trouble = f"not UTF-8 (first in line {first}); unreadable bytes are read as '?'"
        return Text(text, text.encode(), data, size, encoding, trouble)


def _utf16_bytes(piece: bytes) -> int:
    """Number of bytes in UTF-16 of the characters that begin in a piece of UTF-8."""
    units = len(piece.translate(None, _CONTINUATIONS))
    return 2 * (units + len(piece) - len(piece.translate(None, _FIRST_OF_FOUR)))


class Places:
    """Offsets in a text's UTF-8 form to (line, column), both from 1, columns in characters.

    Offsets are cheapest in ascending order: a line of 5 MB with 50,000 links is decoded once.
    """

    __slots__ = ("_data", "_known", "_starts")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known = (0, 0, 1)
        self._starts = array("I", [0])
        self._starts.extend(m.end() for m in _LINE_END.finditer(data))

    def line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        known_line, known_offset, known_column = self._known
        if known_line != line or known_offset > offset:
            known_offset, known_column = start, 1
        between = self._data[known_offset:offset]
        column = known_column + (len(between) if between.isascii() else len(between.decode(errors="replace")))
        self._known = (line, offset, column)
        return line, column
