"""A response's body, read only as far as needed and never larger than allowed when decoded.

Content codings by RFC 9110 §8.4.1: gzip (several members too) and deflate (zlib or raw, both are
sent), br (RFC 7932) and zstd (RFC 8878, a window of 8 MB at most by RFC 9659), also several of them in sequence. A
coding that was not requested makes the body unreadable, not the link dead.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_MOST_CODINGS = 2
_GZIP = b"\x1f\x8b"
_ZSTD_WINDOW_LOG_MAX = 23
_STEP = 65_536  # decoded bytes at a time
_MOST_INNER = 4_194_304  # bytes that the output of an inner coding may grow to
_MOST_MEMBERS = 256  # each needs a new decoder; a blocked gzip file (BGZF) has one for 64 KB
_SPARE_BYTES = 65_536


class Coding(Protocol):
    """Decodes one content coding incrementally."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded `data`, in pieces of bounded size. Raises ValueError if it is damaged."""


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body; `trouble` says why it could not be decoded, else ''."""

    data: bytes
    is_complete: bool
    trouble: str = ""


class _Zlib:
    """gzip in one or more members, padding after them ignored; deflate with or without zlib's header."""

    def __init__(self, coding: str) -> None:
        self._is_deflate = coding == "deflate"
        self._zlib: zlib._Decompress | None = None
        self._held = b""
        self._members = 0
        self._is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._is_over:
            if self._zlib is None:
                data, self._held = self._held + data, b""
                if len(data) < 2:  # two bytes distinguish a gzip member from padding, and zlib from raw deflate
                    self._held = data
                    return
                self._is_over = self._members > 0 and data[:2] != _GZIP
                if self._is_over:
                    return
                self._members = _one_more(self._members)
                self._zlib = zlib.decompressobj(self._window(data))
            try:
                while piece := self._zlib.decompress(data, _STEP):
                    yield piece
                    data = self._zlib.unconsumed_tail
            except zlib.error as error:
                raise ValueError(str(error)) from error
            data = self._zlib.unused_data
            if self._zlib.eof:
                self._zlib = None

    def _window(self, data: bytes) -> int:
        if not self._is_deflate:
            return 16 + zlib.MAX_WBITS
        is_zlib = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
        return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


class _Brotli:
    def __init__(self, _: str) -> None:
        import brotli

        self._brotli = brotli.Decompressor()
        self._error = brotli.error

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while piece := self._brotli.process(data, output_buffer_limit=_STEP):
                yield piece
                data = b""
        except self._error as error:
            raise ValueError(str(error)) from error


class _Zstd:
    def __init__(self, _: str) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG_MAX}
        self._new = partial(zstd.ZstdDecompressor, options=options)
        self._zstd = self._new()
        self._members = 0
        self._error = zstd.ZstdError

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while data or not self._zstd.needs_input:
                yield self._zstd.decompress(data, _STEP)
                data = b""
                if self._zstd.eof:  # several frames are allowed
                    self._members = _one_more(self._members)
                    data, self._zstd = self._zstd.unused_data, self._new()
        except self._error as error:
            raise ValueError(str(error)) from error


_CODINGS: dict[str, Callable[[str], Coding]] = {
    "gzip": _Zlib,
    "x-gzip": _Zlib,
    "deflate": _Zlib,
    "br": _Brotli,
    "zstd": _Zstd,
}


def _decoders(field: str) -> list[Coding]:
    """A decoder for each coding of a Content-Encoding field, in decoding order. Raises ValueError."""
    names = [name for part in field.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    strange = [name for name in names if name not in _CODINGS]
    if strange or len(names) > _MOST_CODINGS:
        raise ValueError(f"content coding {(strange or [field])[0][:40]!r} was not requested")
    return [_CODINGS[name](name) for name in reversed(names)]


def _one_more(members: int) -> int:
    """Count one more member. Raises ValueError if there are more than a page can need."""
    if members >= _MOST_MEMBERS:
        raise ValueError("the content coding has too many members")
    return members + 1


@dataclass(slots=True)
class _Decoding:
    """Decodes all codings of one body, and bounds its input and intermediate output."""

    decoders: list[Coding]
    max_bytes: int
    taken: int = 0
    inner: int = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded `data`. Raises ValueError if it is damaged, or if much input gives no output."""
        if not self.decoders:
            yield data
            return
        yield from self._undone(data, 0)
        self.taken += len(data)
        if self.taken > 2 * self.max_bytes + _SPARE_BYTES:
            raise ValueError("the content coding gives no output")

    def _undone(self, data: bytes, at: int) -> Iterator[bytes]:
        is_last = at == len(self.decoders) - 1
        for piece in self.decoders[at].feed(data):
            if is_last:
                yield piece
                continue
            self.inner += len(piece)
            if self.inner > _MOST_INNER:  # a nested decompression bomb may have no output at all
                raise ValueError("one content coding inside another grows without end")
            yield from self._undone(piece, at + 1)


async def read(chunks: AsyncIterator[bytes], coding: str, max_bytes: int) -> Body:
    """Decode at most `max_bytes` of `chunks`, and stop reading then."""
    out = bytearray()
    try:
        decoding = _Decoding(_decoders(coding), max_bytes)
        async for chunk in chunks:
            for piece in decoding.feed(chunk):
                out += piece[: max_bytes - len(out)]
                if len(out) >= max_bytes:
                    return Body(bytes(out), is_complete=False)
    except ValueError as error:
        return Body(bytes(out), is_complete=False, trouble=str(error))
    return Body(bytes(out), is_complete=True)
