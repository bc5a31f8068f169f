"""Read the records of a WARC file one at a time (ISO 28500:2017 §4; annex D: each is a gzip member).

The file is untrusted: only one record is in memory, its size is bounded, and so is the ratio of the size of all records
to that of the file, since 1.2 MB of gzip can hold 1.2 GB.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from linkcheck.common import plain_files

MOST_RECORD_BYTES = 16_777_216
MOST_HEAD_BYTES = 524_288  # a server's head of 64 KB, each byte escaped to six characters at most
MOST_RECORDS = 2_000_000
# Pages grow five to ten times when decompressed; short files may grow more.
_GROWTH = 50
_SPARE_BYTES = 268_435_456
_STEP = 65_536


def records(path: Path) -> Iterator[tuple[int, bytes]]:
    """(offset in bytes, record) for each record; too large ones, and a truncated last one (its run was killed), are
    left out. Raises OSError, and ValueError if the file is damaged or grows too much."""
    with plain_files.open_to_read(path) as file:
        left, at = _SPARE_BYTES + _GROWTH * os.fstat(file.fileno()).st_size, 0
        for number, (place, record, size) in enumerate(_each(file)):
            left, at = left - size, place
            if left < 0:
                raise ValueError(f"it grows to more than {_GROWTH} times its size")
            if number >= MOST_RECORDS:
                raise ValueError(f"it has more than {MOST_RECORDS} records, up to byte {at}")
            if record:
                yield place, record


def record_at(path: Path, place: int) -> bytes:
    """The record at offset `place`, b"" if it no longer exists. Raises OSError, ValueError."""
    with plain_files.open_to_read(path) as file:
        return next(_each(file, place), (0, b"", 0))[1]


def _each(file: BinaryIO, place: int = 0) -> Iterator[tuple[int, bytes, int]]:
    """(offset, record, its size) from offset `place` on."""
    file.seek(place)
    is_gzip = file.read(2) == b"\x1f\x8b"
    file.seek(place)
    yield from _members(file, place) if is_gzip else _plain(file)


def _members(file: BinaryIO, place: int) -> Iterator[tuple[int, bytes, int]]:
    held = b""
    while held := held or file.read(_STEP):
        member = _Member()
        while not member.is_over:
            held = held or file.read(_STEP)
            if not held:
                return
            held = member.feed(held)
        yield place, member.record, member.size
        place += member.taken


class _Member:
    """One gzip member, decompressed incrementally; only the size of a too large one is kept."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._out = bytearray()
        self.size = self.taken = 0

    @property
    def is_over(self) -> bool:
        return self._zlib.eof

    @property
    def record(self) -> bytes:
        return bytes(self._out)

    def feed(self, data: bytes) -> bytes:
        """Decompress the part of `data` that belongs to the member, and return the rest. Raises ValueError."""
        left, piece = data, b""
        # Output may be pending after the last input byte; `unconsumed_tail` is not cleared at the end.
        while (left or len(piece) == _STEP) and not self._zlib.eof:
            try:
                piece = self._zlib.decompress(left, _STEP)
            except zlib.error as error:
                raise ValueError(f"a part of it is damaged: {error}") from error
            self._keep(piece)
            left = self._zlib.unconsumed_tail
        self.taken += len(data) - len(self._zlib.unused_data)
        return self._zlib.unused_data

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > MOST_RECORD_BYTES:
            self._out.clear()
        else:
            self._out += piece


def _plain(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    while True:
        place = file.tell()
        head = _head(file)
        if not head:
            return
        size = _length(head)
        if size > MOST_RECORD_BYTES:
            file.seek(size + 4, os.SEEK_CUR)
            yield place, b"", 0
            continue
        rest = file.read(size + 4)  # two line ends follow
        if len(rest) < size:
            return
        yield place, head + rest, 0


def _head(file: BinaryIO) -> bytes:
    """The lines up to the first empty one, b"" at the end of the file. Raises ValueError if they are too long."""
    head, read = bytearray(), 0
    while line := file.readline(MOST_HEAD_BYTES):
        read += len(line)
        if read > MOST_HEAD_BYTES:
            raise ValueError("the head of a record does not end")
        if line.strip(b"\r\n"):
            head += line
        elif head:
            return bytes(head.lstrip(b"\r\n") + line)
    return b""


def _length(head: bytes) -> int:
    """The record's Content-Length (ISO 28500:2017 §5.6). Raises ValueError."""
    for line in head.split(b"\n"):
        name, _, value = line.partition(b":")
        digits = value.strip()
        if name.strip().lower() == b"content-length" and digits.isdigit() and len(digits) < 16:
            return int(digits)
    raise ValueError("a record has no length")
