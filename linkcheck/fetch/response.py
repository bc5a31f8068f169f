"""One HTTP/1.1 response, parsed incrementally by llhttp (httptools); its body is read on demand.

Framing by RFC 9112 §6; a body without a length ends with the connection. Other bytes (heads, interim answers, chunk
extensions, trailers) are bounded, in sequence and in proportion to the body. The only home of httptools.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import NoReturn, Protocol

import httptools
import httpx

from linkcheck.fetch.faults import ConnectionFailed, caused
from linkcheck.model import Fault

MAX_HEADER_BYTES = 65_536
MAX_HEADERS = 256
_REST_PER_BODY = 8  # other bytes for each byte of the body: a chunk of one byte has five (RFC 9112 §7.1)
_DRAIN_BYTES = 65_536


class Owner(Protocol):
    """The connection of a response."""

    def resume(self) -> None:
        """Resume reading."""

    def finish(self) -> None:
        """The response has been read completely: another may follow."""

    def abort(self) -> None:
        """Close the connection."""


class ResponseStream(httpx.AsyncByteStream):
    """One response; iterating gives its body."""

    def __init__(self, connection: Owner, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self.parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self.head: asyncio.Future[None] = loop.create_future()
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.waiting_bytes = 0
        self._trouble = ""
        self._body_bytes = 0
        self._rest_bytes = 0
        self._chunks: deque[bytes] = deque()
        self._wanted: asyncio.Future[None] | None = None
        self._error: httpx.RequestError | None = None
        self._is_complete = False
        self._is_framed = False
        self._keeps_alive = False
        self._left: int | None = None

    # -- callbacks of the parser -------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Parse received bytes. Raises httpx.RemoteProtocolError if they are no HTTP, or exceed a limit."""
        if self._is_complete:
            self._keeps_alive = False
            self._connection.abort()
            return
        if self.parser is None:
            return
        before = self._body_bytes
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.on_message_complete()
        except httptools.HttpParserError as error:
            reason = self._trouble or str(error)
            raise httpx.RemoteProtocolError(reason) from ConnectionFailed(Fault.PROTOCOL, reason)
        body_bytes = self._body_bytes - before
        self._rest_bytes = max(0, self._rest_bytes + len(data) - body_bytes * (1 + _REST_PER_BODY))
        if self._rest_bytes > MAX_HEADER_BYTES and not self._is_complete:
            reason = "too many bytes outside the body" if self.head.done() else "the header section is too long"
            raise httpx.RemoteProtocolError(reason) from ConnectionFailed(Fault.PROTOCOL, reason)

    def _give_up(self, trouble: str) -> NoReturn:
        """Raise HttpParserError; httptools replaces exceptions raised in callbacks."""
        self._trouble = trouble
        raise httptools.HttpParserError(trouble)

    def on_message_begin(self) -> None:
        if self._is_complete:  # an unsolicited response: the connection must not be reused
            self._keeps_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.head.done():
            return  # trailers (RFC 9110 §6.5) are not merged
        if len(self.headers) >= MAX_HEADERS:
            self._give_up("there are too many headers")
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._is_complete:
            return
        assert self.parser is not None
        status = self.parser.get_status_code()
        if status < 100:
            self._give_up("the status is invalid")  # RFC 9110 §15
        if status < 200 and status != 101:  # RFC 9110 §15.2: the final answer follows
            self.headers.clear()
            return
        self.status = status
        names = {name.lower(): value for name, value in self.headers}
        length = names.get(b"content-length")
        self._is_framed = length is not None or b"chunked" in names.get(b"transfer-encoding", b"").lower()
        self._is_framed = self._is_framed or status in (204, 304)
        self._left = int(length) if length is not None and length.isdigit() else None
        if not self.head.done():
            self.head.set_result(None)

    def on_body(self, data: bytes) -> None:
        if self._is_complete:  # of an unsolicited response
            return
        self._body_bytes += len(data)
        self._chunks.append(data)
        self.waiting_bytes += len(data)
        if self._left is not None:
            self._left -= len(data)
        self._wake()

    def on_message_complete(self) -> None:
        if not self.status or self._is_complete:  # the end of a 1xx, or of an unsolicited response
            return
        self._is_complete = True
        self._keeps_alive = self._is_framed and self.parser is not None and self.parser.should_keep_alive()
        self._wake()

    # -- the end -----------------------------------------------------------------------------

    def end(self, error: Exception | None) -> None:
        if self._is_complete:
            return
        if self.head.done() and not self._is_framed and error is None:
            self._is_complete = True
            self._wake()
            return
        reason = "the connection was closed " + ("within the body" if self.head.done() else "without an answer")
        kind = httpx.ReadError if error is not None else httpx.RemoteProtocolError
        self.fail(caused(kind(str(error) if error else reason), error or ConnectionFailed(Fault.CLOSED, reason)))

    def fail(self, error: httpx.RequestError) -> None:
        self._error = error
        if not self.head.done():
            self.head.set_exception(error)
        self._wake()

    # -- the body ----------------------------------------------------------------------------

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self._chunks:
                chunk = self._chunks.popleft()
                self.waiting_bytes -= len(chunk)
                if self.waiting_bytes == 0:
                    self._connection.resume()
                yield chunk
            if self._is_complete:
                return
            if self._error is not None:
                raise self._error
            self._wanted = self._loop.create_future()
            try:
                await self._wanted
            finally:
                self._wanted = None

    async def aclose(self) -> None:
        """Keep the connection if the rest has arrived or is small, else close it."""
        if not self._is_complete and self._error is None and self._left is not None and self._left <= _DRAIN_BYTES:
            await self._drain()
        self._chunks.clear()
        self.parser = None  # break the reference cycle, so that no garbage collection is needed
        if self._is_complete and self._keeps_alive:
            self._connection.resume()
            self._connection.finish()
        else:
            self._connection.abort()

    async def _drain(self) -> None:
        """Read the rest: a few more bytes cost less than a new connection (three round trips and a handshake)."""
        try:
            async with asyncio.timeout(1.0):
                async for _ in self:
                    pass
        except (TimeoutError, httpx.RequestError):
            pass

    def _wake(self) -> None:
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(None)
