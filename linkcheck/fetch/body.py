"""A response's body, read only as far as needed and never larger than allowed when decoded.

Content codings by RFC 9110 §8.4.1: gzip (several members too) and deflate (zlib or raw, both are
sent). A coding we did not ask for makes the body unreadable, not the link dead.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

ACCEPT_ENCODING = "gzip, deflate"


@dataclass(frozen=True, slots=True)
class Body:
    """`is_complete` says that nothing is missing; `trouble` why it could not be decoded."""

    data: bytes
    is_complete: bool
    trouble: str = ""


@dataclass(slots=True)
class Decoder:
    """Undo one content coding, at most `limit` bytes of output in all."""

    coding: str
    limit: int
    out: bytearray = field(default_factory=bytearray)
    _zlib: zlib._Decompress | None = None
    _held: bytes = b""
    _is_over: bool = False

    def feed(self, data: bytes) -> None:
        """Decode `data`. Raises ValueError where it is not what `coding` says."""
        if self.coding in ("", "identity"):
            self.out += data[: self.limit - len(self.out)]
            return
        if self.coding not in ("gzip", "x-gzip", "deflate"):
            raise ValueError(f"content coding {self.coding!r} was not asked for")
        while data and not self.is_full and not self._is_over:
            data = self._inflate(data)

    @property
    def is_full(self) -> bool:
        return len(self.out) >= self.limit

    def _inflate(self, data: bytes) -> bytes:
        """Decode some of `data` and return the rest."""
        if self._zlib is None:
            data, self._held = self._held + data, b""
            if len(data) < 2:  # two bytes tell a gzip member from padding, and zlib from raw deflate
                self._held = data
                return b""
            self._is_over = bool(self.out) and data[:2] != _GZIP
            if self._is_over:
                return b""
            self._zlib = zlib.decompressobj(_window(self.coding, data))
        try:
            self.out += self._zlib.decompress(data, self.limit - len(self.out))
        except zlib.error as error:
            raise ValueError(str(error)) from error
        rest = self._zlib.unused_data or self._zlib.unconsumed_tail
        if self._zlib.eof:
            self._zlib = None
        return rest


_GZIP = b"\x1f\x8b"


def _window(coding: str, data: bytes) -> int:
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    is_zlib = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


async def read(chunks: AsyncIterator[bytes], coding: str, max_bytes: int) -> Body:
    """At most `max_bytes` decoded bytes of `chunks`; stops reading when it has them."""
    decoder = Decoder(coding.strip().lower(), max_bytes)
    async for chunk in chunks:
        try:
            decoder.feed(chunk)
        except ValueError as error:
            return Body(bytes(decoder.out), is_complete=False, trouble=str(error))
        if decoder.is_full:
            return Body(bytes(decoder.out), is_complete=False)
    return Body(bytes(decoder.out), is_complete=True)
