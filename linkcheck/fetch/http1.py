"""One HTTP/1.1 connection: bytes to an httpx.Response whose body is read only as far as wanted.

An asyncio Protocol with TLS inside it (`ssl.MemoryBIO`: asyncio's own TLS keeps 256 KB a
connection) and llhttp, Node.js's parser, through httptools. Reading stops (flow control) while
nobody takes the body. Framing by RFC 9112 §6; a body without a length ends with the connection.
What is not body is bounded in bytes, in a row and in proportion to the body: heads, interim answers, chunk
extensions, trailers, and TLS records that hold nothing.
Every failure is an httpx exception whose cause tells the fault apart (faults.py).
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import NoReturn, cast

import httptools
import httpx

from linkcheck.fetch.faults import Failed
from linkcheck.model import Fault

MAX_HEADER_BYTES = 65_536
MAX_HEADERS = 256
_REST_PER_BODY = 8  # bytes beside each byte of the body: a chunk of one byte has five (RFC 9112 §7.1)
_EMPTY_TLS_BYTES = 262_144  # a handshake has 100 KB at most (OpenSSL's SSL_MAX_CERT_LIST_DEFAULT)
_PAUSE_BYTES = 131_072
# OpenSSL's buffer keeps the size of the largest piece it ever held, as long as the connection lives.
_TLS_STEP_BYTES = 4_096
_TLS_READ_BYTES = 16_384  # the largest record (RFC 8446 §5.1)
_DRAIN_BYTES = 65_536


class Connection(asyncio.Protocol):
    """`ready` ends the connecting (TLS included); one exchange at a time after that. `peer` is the address at
    the other end."""

    def __init__(self, tls: ssl.SSLContext | None, host: str, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.ready: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._incoming = self._outgoing = None
        self._tls: ssl.SSLObject | None = None
        if tls is not None:
            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = tls.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._answer: _ResponseStream | None = None
        self._lost: Exception | None = None
        self._empty_bytes = 0
        self._is_paused = False
        self._is_over = False
        self.is_used = False
        self.peer = ""

    # -- asyncio.Protocol --------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        name = transport.get_extra_info("peername")
        self.peer = str(name[0]) if name else ""
        if self._tls is None:
            self._is_ready()
        else:
            self._shake_hands()

    def data_received(self, data: bytes) -> None:
        if self._tls is None or self._incoming is None:
            self._parse(data)
            return
        self._empty_bytes += len(data)
        whole = memoryview(data)
        for at in range(0, len(whole), _TLS_STEP_BYTES):
            self._incoming.write(whole[at : at + _TLS_STEP_BYTES])
            if self.ready.done() or self._shake_hands():
                self._decrypt()
        if self._empty_bytes > _EMPTY_TLS_BYTES and not self._is_over:
            reason = "TLS goes on without end, and says nothing"
            self._fail(_raised(httpx.ConnectError(reason), Failed(Fault.TLS_HANDSHAKE, reason)))

    def eof_received(self) -> bool:
        """The other side has said all it will; we have nothing to add."""
        self._end(None)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error)

    # -- TLS ---------------------------------------------------------------------------------

    def _shake_hands(self) -> bool:
        """Go on with the handshake; True when it is done."""
        assert self._tls is not None
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
            return False
        except (ssl.SSLError, OSError, ValueError) as error:
            self._flush()
            self._fail(_raised(httpx.ConnectError("the TLS handshake failed"), error))
            return False
        self._is_ready()  # what TLS has still to say goes out with the request, which follows at once
        return True

    def _decrypt(self) -> None:
        assert self._tls is not None
        while not self._is_over:
            try:
                data = self._tls.read(_TLS_READ_BYTES)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLZeroReturnError:
                self._end(None)
                break
            except ssl.SSLError as error:
                self._end(error)
                break
            if not data:
                self._end(None)
                break
            self._empty_bytes = 0
            self._parse(data)
        self._flush()

    def _flush(self) -> None:
        if self._outgoing is not None and self._outgoing.pending and self._transport is not None:
            self._transport.write(self._outgoing.read())

    def _is_ready(self) -> None:
        if not self.ready.done():
            self.ready.set_result(None)

    # -- the exchange ------------------------------------------------------------------------

    @property
    def is_reusable(self) -> bool:
        return not self._is_over and self._answer is None and self._transport is not None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come in that waits to be read. What comes unasked would be taken for the next answer
        (RFC 9112 §9.2); the end of the connection counts too."""
        socket = self._transport.get_extra_info("socket") if self._transport else None
        if socket is None or socket.fileno() < 0:
            return False
        if not hasattr(select, "poll"):
            return not select.select([socket], [], [], 0)[0]
        waiting = select.poll()
        waiting.register(socket, select.POLLIN)
        return not waiting.poll(0)

    async def exchange(self, request: httpx.Request, release: Callable[[Connection], None]) -> httpx.Response:
        """Send `request` (no body) and wait for the head of the answer.

        `release` gets the connection back when the body has been read and it can be used again.
        """
        answer = self._answer = _ResponseStream(self, release, self._loop)
        self._write(_head(request))
        try:
            await answer.head
        except BaseException:
            self.abort()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=answer)

    def _write(self, data: bytes) -> None:
        if self._transport is None or self._is_over:
            self._fail(httpx.WriteError("the connection is closed"))
            return
        if self._tls is None:
            self._transport.write(data)
            return
        try:
            self._tls.write(data)
        except ssl.SSLError as error:
            self._end(error)
        self._flush()

    def _parse(self, data: bytes) -> None:
        answer = self._answer
        if answer is None:  # bytes nobody asked for: the connection cannot be trusted any more
            self.abort()
            return
        try:
            answer.feed(data)
        except httptools.HttpParserError as error:
            reason = answer.trouble or str(error)
            self._fail(_raised(httpx.RemoteProtocolError(reason), Failed(Fault.PROTOCOL, reason)))
            return
        if answer.waiting_bytes > _PAUSE_BYTES and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._is_paused and self._transport is not None and not self._is_over:
            self._is_paused = False
            self._transport.resume_reading()

    def finish(self) -> None:
        """The answer has been read to its end."""
        self._answer = None
        self.is_used = True

    def _end(self, error: Exception | None) -> None:
        """The connection is over: an answer without a length is complete, any other is cut."""
        if self._is_over:
            return
        self._is_over = True
        if not self.ready.done():
            cause = error or Failed(Fault.CLOSED, "the connection was closed during the handshake")
            self.ready.set_exception(_raised(httpx.ConnectError(str(cause)), cause))
        if self._answer is not None:
            self._answer.end(error)
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, error: httpx.RequestError) -> None:
        """Give up with a known error."""
        self._is_over = True
        if not self.ready.done():
            self.ready.set_exception(error)
        elif self._answer is not None:
            self._answer.fail(error)
        if self._transport is not None:
            self._transport.abort()

    def abort(self) -> None:
        self._is_over = True
        if self._transport is not None:
            self._transport.abort()


class _ResponseStream(httpx.AsyncByteStream):
    """One response as it comes in; iterating gives its body."""

    def __init__(
        self, connection: Connection, release: Callable[[Connection], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._connection = connection
        self._release = release
        self._loop = loop
        self.parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self.head: asyncio.Future[None] = loop.create_future()
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.waiting_bytes = 0
        self.trouble = ""
        self._body_bytes = 0
        self._rest_bytes = 0
        self._chunks: deque[bytes] = deque()
        self._wanted: asyncio.Future[None] | None = None
        self._error: httpx.RequestError | None = None
        self._is_complete = False
        self._is_framed = False
        self._keeps_alive = False
        self._left: int | None = None

    # -- what the parser says ----------------------------------------------------------------

    def feed(self, data: bytes) -> None:
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
        body_bytes = self._body_bytes - before
        self._rest_bytes = max(0, self._rest_bytes + len(data) - body_bytes * (1 + _REST_PER_BODY))
        if self._rest_bytes > MAX_HEADER_BYTES and not self._is_complete:
            self._give_up("there is too much beside the body" if self.head.done() else "the header section is too long")

    def _give_up(self, trouble: str) -> NoReturn:
        """Raise HttpParserError; httptools has messages of its own for what is raised within it."""
        self.trouble = trouble
        raise httptools.HttpParserError(trouble)

    def on_message_begin(self) -> None:
        if self._is_complete:  # more than was asked for: not to be trusted with another request
            self._keeps_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.head.done():
            return  # trailers (RFC 9110 §6.5) are not ours to merge
        if len(self.headers) >= MAX_HEADERS:
            self._give_up("there are too many headers")
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._is_complete:
            return
        assert self.parser is not None
        status = self.parser.get_status_code()
        if status < 100:
            self._give_up("the status is none")  # RFC 9110 §15
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
        if self._is_complete:  # of an answer that nobody asked for
            return
        self._body_bytes += len(data)
        self._chunks.append(data)
        self.waiting_bytes += len(data)
        if self._left is not None:
            self._left -= len(data)
        self._wake()

    def on_message_complete(self) -> None:
        if not self.status or self._is_complete:  # the end of a 1xx, or of what nobody asked for
            return
        self._is_complete = True
        self._keeps_alive = self._is_framed and self.parser is not None and self.parser.should_keep_alive()
        self._wake()

    # -- how it can end ----------------------------------------------------------------------

    def end(self, error: Exception | None) -> None:
        if self._is_complete:
            return
        if self.head.done() and not self._is_framed and error is None:
            self._is_complete = True
            self._wake()
            return
        reason = "the connection was closed " + ("within the body" if self.head.done() else "without an answer")
        kind = httpx.ReadError if error is not None else httpx.RemoteProtocolError
        self.fail(_raised(kind(str(error) if error else reason), error or Failed(Fault.CLOSED, reason)))

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
        """Done with it: the connection is kept where the rest is here already or small, else cut."""
        if not self._is_complete and self._error is None and self._left is not None and self._left <= _DRAIN_BYTES:
            await self._drain()
        self._chunks.clear()
        self.parser = None  # it points back at us: without the loop, nothing waits for the collector
        if self._is_complete and self._keeps_alive:
            self._connection.resume()
            self._connection.finish()
            self._release(self._connection)
        else:
            self._connection.abort()

    async def _drain(self) -> None:
        """A few more bytes cost less than a new connection (three round trips and a handshake)."""
        try:
            async with asyncio.timeout(1.0):
                async for _ in self:
                    pass
        except (TimeoutError, httpx.RequestError):
            pass

    def _wake(self) -> None:
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(None)


def _head(request: httpx.Request) -> bytes:
    """The request line and headers (RFC 9112 §3); httpx has checked them."""
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % pair for pair in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _raised(error: httpx.RequestError, cause: BaseException) -> httpx.RequestError:
    error.__cause__ = cause
    return error
