"""Connections: the flow of bytes, TLS, and what nobody asked for; over real sockets."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

import httpx
import pytest
import trustme

from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.http1 import Connection
from linkcheck.model import Fault
from tests.fetch.origin import OK, Origin, fetched, get, saying, transport


def test_a_connection_is_looked_at_where_there_is_no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("select.poll", raising=False)
    assert fetched(OK, requests=3, then_close=False)[3] == 1


def test_a_connection_that_never_was_is_not_quiet() -> None:
    loop = asyncio.new_event_loop()
    assert not Connection(None, "a.test", loop).is_quiet
    loop.close()


def test_nothing_is_read_that_nobody_takes() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while sent < 200_000_000:
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent += 65_536

    async def work() -> None:
        async with Origin(flood) as origin:
            used = transport()
            response = await used.handle_async_request(httpx.Request("GET", f"http://127.0.0.1:{origin.port}/"))
            await asyncio.sleep(0.5)
            assert sent < 20_000_000  # the kernel's buffers, no more
            first = await anext(response.stream.__aiter__())  # type: ignore[union-attr]
            assert first.startswith(b"x")
            await response.aclose()

    asyncio.run(work())


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "one trailer": (CHUNKED + b"5\r\nhello\r\n0\r\nX-T: ", b"y" * 65_536),
    "trailers": (CHUNKED + b"5\r\nhello\r\n0\r\n", b"X-T: y\r\n" * 8_192),
    "a chunk's extension": (CHUNKED + b"5;x=", b"y" * 65_536),
    "chunks that are mostly extension": (CHUNKED, (b"1;x=" + b"y" * 30 + b"\r\nx\r\n") * 2_000),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1_000),
    "empty lines": (b"", b"\r\n" * 32_768),
    "a header": (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65_536),
}


@pytest.mark.parametrize("name", FLOODS)
def test_what_is_no_body_is_bounded(name: str) -> None:
    """Some megabytes are in the kernel's buffers when we hang up; it was as much as a time-out let through."""
    head, more = FLOODS[name]
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        while sent < 400_000_000:
            writer.write(more)
            await writer.drain()
            sent += len(more)

    async def work() -> None:
        async with Origin(flood) as origin:
            with pytest.raises(
                httpx.RemoteProtocolError, match=r"too many bytes outside the body|header section is too long"
            ):
                await get(transport(), origin.port)

    asyncio.run(work())
    assert sent < 40_000_000


def test_a_body_in_chunks_of_one_byte_is_a_body() -> None:
    assert fetched(CHUNKED + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")[1] == b"x" * 100_000


class Mute:
    """TLS that takes records, and finds nothing in them."""

    def read(self, _: int) -> bytes:
        raise ssl.SSLWantReadError

    def write(self, _: bytes) -> None: ...

    def do_handshake(self) -> None:
        raise ssl.SSLWantReadError


@pytest.mark.parametrize("is_ready", [False, True])
def test_tls_that_says_nothing_ends(is_ready: bool) -> None:
    async def work() -> Fault:
        connection = Connection(ssl.create_default_context(), "a.test", asyncio.get_running_loop())
        connection._tls = cast("ssl.SSLObject", Mute())
        asked: asyncio.Task[httpx.Response] | None = None
        if is_ready:
            connection.ready.set_result(None)
            connection._transport = cast("asyncio.Transport", Unheard())
            asked = asyncio.create_task(connection.exchange(httpx.Request("GET", "https://a.test/"), lambda _: None))
            await asyncio.sleep(0)
        for _ in range(4):
            connection.data_received(b"x" * 65_536)
            assert not connection._is_over
        connection.data_received(b"x")
        with pytest.raises(httpx.ConnectError) as caught:
            await (asked or connection.ready)
        return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.TLS_HANDSHAKE


class Unheard:
    def write(self, _: bytes) -> None: ...
    def abort(self) -> None: ...


def secure(answer: bytes, *, trusted: bool = True, requests: int = 1) -> tuple[int, bytes, int]:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    if trusted:
        authority.configure_trust(client)

    async def work() -> tuple[int, bytes, int]:
        async with Origin(saying(answer, then_close=False), server) as origin:
            used = transport(client)
            for _ in range(requests):
                status, body, _headers = await asyncio.wait_for(get(used, origin.port, "https"), 10)
            await used.aclose()
            return status, body, origin.connections

    return asyncio.run(work())


def test_tls_connections_are_verified_and_kept() -> None:
    assert secure(OK, requests=3) == (200, b"hello", 1)


def test_a_large_body_comes_through_tls() -> None:
    body = b"x" * 3_000_000
    assert secure(b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + body)[1] == body


def test_an_unknown_issuer_is_told() -> None:
    with pytest.raises(httpx.ConnectError) as caught:
        secure(OK, trusted=False)
    assert fault_of(caught.value)[0] in (Fault.TLS_UNKNOWN_ISSUER, Fault.TLS_SELF_SIGNED)


def test_plain_http_on_a_tls_port_is_a_handshake_fault() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async def work() -> Fault:
        async with Origin(greet) as origin:
            with pytest.raises(httpx.ConnectError) as caught:
                await get(transport(), origin.port, "https")
            return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.TLS_HANDSHAKE
