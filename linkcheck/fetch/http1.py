"""One HTTP/1.1 connection: requests out, and each response in (response.py), read only as far as needed.

An asyncio Protocol with TLS inside it (`ssl.MemoryBIO`: asyncio's own TLS keeps 256 KB a
connection). Reading pauses (flow control) while the body is not consumed. Empty TLS records are bounded.
Every failure is an httpx exception whose cause identifies the fault (faults.py).
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Callable
from typing import cast

import httpx

from linkcheck.fetch.faults import ConnectionFailed, caused
from linkcheck.fetch.response import ResponseStream
from linkcheck.model import Fault

_EMPTY_TLS_BYTES = 262_144  # a handshake has 100 KB at most (OpenSSL's SSL_MAX_CERT_LIST_DEFAULT)
_PAUSE_BYTES = 131_072
# OpenSSL's buffer keeps its largest size for the lifetime of the connection.
_TLS_STEP_BYTES = 4_096
_TLS_READ_BYTES = 16_384  # the largest record (RFC 8446 §5.1)


class Connection(asyncio.Protocol):
    """`ready` is done when the connection is open (TLS included); then one exchange at a time. `peer` is the remote
    address."""

    def __init__(self, tls: ssl.SSLContext | None, host: str, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.ready: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._incoming = self._outgoing = None
        self._tls: ssl.SSLObject | None = None
        if tls is not None:
            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = tls.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._answer: ResponseStream | None = None
        self._release: Callable[[Connection], None] | None = None
        self._lost: Exception | None = None
        self._empty_bytes = 0
        self._is_paused = False
        self._is_over = False
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
            reason = "TLS records without end and without content"
            self._fail(caused(httpx.ConnectError(reason), ConnectionFailed(Fault.TLS_HANDSHAKE, reason)))

    def eof_received(self) -> bool:
        """EOF received."""
        self._end(None)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error)

    # -- TLS ---------------------------------------------------------------------------------

    def _shake_hands(self) -> bool:
        """Continue the handshake; True when it is done."""
        assert self._tls is not None
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
            return False
        except (ssl.SSLError, OSError, ValueError) as error:
            self._flush()
            self._fail(caused(httpx.ConnectError("the TLS handshake failed"), error))
            return False
        self._is_ready()  # pending TLS output is sent with the request, which follows at once
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
        """Whether no data is pending: unsolicited data would be taken for the next answer (RFC 9112 §9.2). The end
        of the connection counts as data."""
        socket = self._transport.get_extra_info("socket") if self._transport else None
        if socket is None or socket.fileno() < 0:
            return False
        if not hasattr(select, "poll"):
            return not select.select([socket], [], [], 0)[0]
        waiting = select.poll()
        waiting.register(socket, select.POLLIN)
        return not waiting.poll(0)

    async def exchange(self, request: httpx.Request, release: Callable[[Connection], None]) -> httpx.Response:
        """Send `request` (without a body) and wait for the head of the response.

        `release` is called with the connection when the body has been read and it can be reused.
        """
        answer = self._answer = ResponseStream(self, self._loop)
        self._release = release
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
        if answer is None:  # unsolicited bytes: the connection cannot be trusted any more
            self.abort()
            return
        try:
            answer.feed(data)
        except httpx.RemoteProtocolError as error:
            self._fail(error)
            return
        if answer.waiting_bytes > _PAUSE_BYTES and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._is_paused and self._transport is not None and not self._is_over:
            self._is_paused = False
            self._transport.resume_reading()

    def finish(self) -> None:
        """The response has been read completely: the connection can be reused."""
        self._answer = None
        release, self._release = self._release, None
        if release:
            release(self)

    def _end(self, error: Exception | None) -> None:
        """The connection has ended: a response without a length is complete, any other is truncated."""
        if self._is_over:
            return
        self._is_over = True
        if not self.ready.done():
            cause = error or ConnectionFailed(Fault.CLOSED, "the connection was closed during the handshake")
            self.ready.set_exception(caused(httpx.ConnectError(str(cause)), cause))
        if self._answer is not None:
            self._answer.end(error)
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, error: httpx.RequestError) -> None:
        """Close the connection with a known error."""
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


def _head(request: httpx.Request) -> bytes:
    """The request line and headers (RFC 9112 §3); httpx has checked them."""
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % pair for pair in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n"
