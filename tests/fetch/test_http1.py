"""The transport against raw bytes on real sockets: split at every byte, hostile lengths, garbage."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import cast

import aiodns
import httpx
import pycares
import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcheck.fetch import connect as connecting
from linkcheck.fetch import room
from linkcheck.fetch import transport as transports
from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.http1 import Connection
from linkcheck.fetch.resolve import LookupFailed, Resolver
from linkcheck.fetch.response import MAX_HEADER_BYTES, MAX_HEADERS
from linkcheck.fetch.transport import ConnectTo, DirectTransport, Route
from linkcheck.model import Fault

Say = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def saying(*parts: bytes, pause_s: float = 0.0, then_close: bool = True) -> Say:
    """Answer every request on a connection with `parts`, each in its own packet."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause_s)
            if then_close:
                return

    return say


class Origin:
    """A server that says what it is told, and counts its connections."""

    def __init__(self, say: Say, tls: ssl.SSLContext | None = None, *, hang_up_with_reset: bool = False) -> None:
        self._say, self._tls, self._reset = say, tls, hang_up_with_reset
        self.connections = 0
        self.port = 0

    async def __aenter__(self) -> Origin:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._say(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            if self._reset:
                writer.transport.abort()
            writer.close()


def transport(context: ssl.SSLContext | None = None, **more: int) -> DirectTransport:
    return DirectTransport(context or ssl.create_default_context(), Route(Resolver(), allow_private=True), **more)


async def get(
    used: httpx.AsyncBaseTransport, port: int, scheme: str = "http", *, read: bool = True
) -> tuple[int, bytes, httpx.Headers]:
    request = httpx.Request("GET", f"{scheme}://127.0.0.1:{port}/x", extensions={"timeout": {"connect": 5.0}})
    response = await used.handle_async_request(request)
    body = bytearray()
    try:
        if read:
            async for chunk in response.stream:  # type: ignore[union-attr]
                body += chunk
    finally:
        await response.aclose()
    return response.status_code, bytes(body), response.headers


def fetched(*parts: bytes, requests: int = 1, **more: bool) -> tuple[int, bytes, httpx.Headers, int]:
    """(status, body, headers, connections used) of the last of `requests` to such a server."""

    async def work() -> tuple[int, bytes, httpx.Headers, int]:
        async with Origin(saying(*parts, **more)) as origin:
            used = transport()
            for _ in range(requests):
                found = await asyncio.wait_for(get(used, origin.port), 10)
            await used.aclose()
            return *found, origin.connections

    return asyncio.run(work())


def fault(*parts: bytes, **more: bool) -> Fault:
    with pytest.raises(httpx.RequestError) as caught:
        fetched(*parts, **more)
    return fault_of(caught.value)[0]


# -- framing ---------------------------------------------------------------------------------

ANSWERS = {
    "length": OK,
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\n\r\n",
    "trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\nSet-Cookie: a=1\r\n\r\n",
    "until close": b"HTTP/1.1 200 OK\r\n\r\nhello",
    "http/1.0": b"HTTP/1.0 200 OK\r\n\r\nhello",
    "1xx": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
    "no reason": b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",
    "spaces": b"HTTP/1.1 200 OK\r\nContent-Length:   5  \r\nX-Empty:\r\n\r\nhello",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_framing_in_one_piece(name: str) -> None:
    assert fetched(ANSWERS[name])[:2] == (200, b"hello")


@pytest.mark.parametrize("name", ANSWERS)
def test_framing_split_at_every_byte(name: str) -> None:
    answer = ANSWERS[name]

    async def work() -> None:
        used = transport()
        for at in range(1, len(answer)):
            async with Origin(saying(answer[:at], answer[at:])) as origin:
                assert (await asyncio.wait_for(get(used, origin.port), 10))[:2] == (200, b"hello"), at
        await used.aclose()

    asyncio.run(work())


def test_every_byte_in_a_packet_of_its_own() -> None:
    answer = ANSWERS["trailers"]
    assert fetched(*[answer[at : at + 1] for at in range(len(answer))])[:2] == (200, b"hello")


def test_trailers_are_no_headers_and_headers_of_a_1xx_are_not_the_answers() -> None:
    assert "x-t" not in fetched(ANSWERS["trailers"])[2]
    assert "set-cookie" not in fetched(ANSWERS["trailers"])[2]
    assert "link" not in fetched(ANSWERS["1xx"])[2]


@pytest.mark.parametrize("name", ["length", "chunked", "trailers"])
def test_the_body_of_an_answer_that_nobody_asked_for_is_not_added(name: str) -> None:
    assert fetched(ANSWERS[name] + b"HTTP/1.1 200 OK\r\n\r\nmore")[:2] == (200, b"hello")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_does_not_wait_for_one(status: int) -> None:
    found = fetched(b"HTTP/1.1 %d X\r\nConnection: keep-alive\r\n\r\n" % status, requests=2, then_close=False)
    assert (found[0], found[1], found[3]) == (status, b"", 1)


# -- keeping connections ---------------------------------------------------------------------


def test_a_connection_is_used_again() -> None:
    assert fetched(OK, requests=5, then_close=False)[3] == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        OK + b"HTTP/1.1 200 OK\r\n",
    ],
)
def test_a_connection_is_not_used_again(answer: bytes) -> None:
    assert fetched(answer, requests=2, then_close=False)[3] == 2


SECOND = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanother"


@pytest.mark.parametrize("rest", [SECOND, SECOND[:30], b"HTTP/1.1 100 Continue\r\n\r\n", b"\0", b"hello"])
def test_what_follows_an_answer_is_neither_its_body_nor_another_answer(rest: bytes) -> None:
    status, body, headers, connections = fetched(OK + rest, requests=2, then_close=False)
    assert (status, body, headers["content-length"], connections) == (200, b"hello", "5", 2)


def test_an_answer_that_comes_while_nothing_is_asked_is_no_answer() -> None:
    """It waits in the kernel when the connection is used again: the event loop has not seen it."""
    pushed = asyncio.Event()

    async def push(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(OK)
            if not pushed.is_set():
                await asyncio.sleep(0.05)
                pushed.set()
                writer.write(SECOND)

    async def work() -> tuple[bytes, int]:
        async with Origin(push) as origin:
            used = transport()
            await get(used, origin.port)
            await pushed.wait()  # this goes on before anything is read
            found = await get(used, origin.port)
            await used.aclose()
            return found[1], origin.connections

    assert asyncio.run(work()) == (b"hello", 2)


def test_a_connection_is_looked_at_where_there_is_no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("select.poll", raising=False)
    assert fetched(OK, requests=3, then_close=False)[3] == 1


def test_a_connection_that_never_was_is_not_quiet() -> None:
    loop = asyncio.new_event_loop()
    assert not Connection(None, "a.test", loop).is_quiet
    loop.close()


def test_a_stale_connection_is_replaced_silently() -> None:
    assert fetched(OK, requests=3)[3] == 3


def test_without_keeping_every_request_has_its_own_connection() -> None:
    async def work() -> int:
        async with Origin(saying(OK, then_close=False)) as origin:
            used = transport(keep=0)
            await get(used, origin.port)
            await get(used, origin.port)
            return origin.connections

    assert asyncio.run(work()) == 2


def test_the_oldest_idle_connection_goes_first() -> None:
    async def work() -> tuple[int, int]:
        async with Origin(saying(OK, then_close=False)) as one, Origin(saying(OK, then_close=False)) as other:
            used = transport(keep=1)
            for origin in (one, other, one):
                await get(used, origin.port)
            await used.aclose()
            return one.connections, other.connections

    assert asyncio.run(work()) == (2, 1)


@pytest.mark.parametrize(("length", "connections"), [(1_000, 1), (10_000_000, 2)])
def test_a_small_rest_is_drained_and_a_large_one_cut(length: int, connections: int) -> None:
    async def work() -> int:
        async with Origin(
            saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length, b"x" * length, then_close=False)
        ) as origin:
            used = transport()
            for _ in range(2):
                await get(used, origin.port, read=False)
            await used.aclose()
            return origin.connections

    assert asyncio.run(work()) == connections


# -- flow ------------------------------------------------------------------------------------


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
            with pytest.raises(httpx.RemoteProtocolError, match=r"too much beside the body|header section is too long"):
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


# -- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", Fault.CLOSED),
        (b"HTTP/1.1 200 OK\r\n", Fault.CLOSED),
        (b"220 mail ESMTP\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 abc OK\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 000 OK\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/9.9 200 OK\r\n\r\n", Fault.PROTOCOL),
        (b"\x00\x01\x02\x03\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (MAX_HEADER_BYTES + 70_000), Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * (MAX_HEADERS + 2) + b"\r\n", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Fault.CLOSED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", Fault.CLOSED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello", Fault.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello", Fault.PROTOCOL),
    ],
    ids=lambda value: repr(value)[:60],
)  # fmt: skip
def test_broken_answer(answer: bytes, expected: Fault) -> None:
    assert fault(answer) is expected


def test_a_reset_is_told_from_a_close() -> None:
    async def work() -> Fault:
        async with Origin(saying(b"HTTP/1.1 200"), hang_up_with_reset=True) as origin:
            with pytest.raises(httpx.RequestError) as caught:
                await get(transport(), origin.port)
            return fault_of(caught.value)[0]

    assert asyncio.run(work()) in (Fault.RESET, Fault.CLOSED)


def test_a_refused_connection() -> None:
    async def work() -> Fault:
        async with Origin(saying(OK)) as origin:
            port = origin.port
        with pytest.raises(httpx.RequestError) as caught:
            await get(transport(), port)
        return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.CONNECT_REFUSED


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_at_all_break_it(noise: bytes, is_after_head: bool) -> None:
    """Whatever a server sends, there is an answer or a fault, and nothing hangs."""
    head = b"HTTP/1.1 200 OK\r\n" if is_after_head else b""
    try:
        outcome: int | Fault = fetched(head + noise)[0]
    except httpx.RequestError as error:
        outcome = fault_of(error)[0]
    assert isinstance(outcome, Fault) or 100 <= outcome <= 999


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(1, 30))
def test_any_chunks_in_any_packets_are_one_body(chunks: list[bytes], size: int) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    packets = [answer[at : at + size] for at in range(0, len(answer), size)]
    assert fetched(*packets)[1] == b"".join(chunks)


# -- TLS -------------------------------------------------------------------------------------


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


# -- connecting --------------------------------------------------------------------------------


def test_the_first_address_that_answers_wins() -> None:
    async def work() -> int:
        async with Origin(saying(OK)) as origin:
            # nobody listens on 127.0.0.2 at that port; it is refused at once
            connection = await connecting.connect(["127.0.0.2", "127.0.0.1"], origin.port, None, "a.test")
            connection.abort()
            return origin.connections

    assert asyncio.run(work()) == 1


def test_all_addresses_failing_is_the_first_ones_fault() -> None:
    async def work() -> Fault:
        async with Origin(saying(OK)) as origin:
            port = origin.port
        with pytest.raises(httpx.ConnectError) as caught:
            await connecting.connect(["127.0.0.2", "127.0.0.3"], port, None, "a.test")
        return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.CONNECT_REFUSED


def test_an_address_that_hangs_delays_the_next_by_a_quarter_second(monkeypatch: pytest.MonkeyPatch) -> None:
    real = connecting._connect_one

    async def slow(address: str, *rest: object) -> object:
        if address == "192.0.2.1":
            await asyncio.sleep(30)
        return await real(address, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(connecting, "_connect_one", slow)

    async def work() -> float:
        async with Origin(saying(OK)) as origin:
            started = asyncio.get_running_loop().time()
            connection = await connecting.connect(["192.0.2.1", "127.0.0.1"], origin.port, None, "a.test")
            connection.abort()
            return asyncio.get_running_loop().time() - started

    assert 0.2 < asyncio.run(work()) < 5


class Attempt:
    """Stands in for a connection."""

    is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


@pytest.mark.parametrize("results", ["good bad", "bad good", "good good", "bad bad"])
def test_attempts_that_end_together_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch, results: str) -> None:
    """No connection without an owner, and no complaint of the event loop on standard error."""
    made, complaints = list[Attempt](), list[str]()

    async def work() -> None:
        gate, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))

        async def connect_one(address: str, *_: object) -> Attempt:
            await gate.wait()
            if address == "bad":
                raise httpx.ConnectError("refused")
            made.append(Attempt())
            return made[-1]

        monkeypatch.setattr(connecting, "_NEXT_AFTER_S", 0.01)
        monkeypatch.setattr(connecting, "_connect_one", connect_one)
        loop.call_later(0.2, gate.set)
        with suppress(httpx.ConnectError):
            winner = await connecting.connect(results.split(), 1, None, "a.test")
            assert isinstance(winner, Attempt)
            made.remove(winner)
        await asyncio.sleep(0.05)
        gc.collect()

    asyncio.run(work())
    assert complaints == []
    assert all(attempt.is_aborted for attempt in made)
    assert len(made) == results.count("good") - ("good" in results)


def test_a_host_that_never_shakes_hands_is_a_connect_timeout() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async def work() -> Fault:
        async with Origin(silent) as origin:
            request = httpx.Request(
                "GET", f"https://127.0.0.1:{origin.port}/", extensions={"timeout": {"connect": 0.3}}
            )
            with pytest.raises(httpx.ConnectTimeout) as caught:
                await transport().handle_async_request(request)
            return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.CONNECT_TIMEOUT


# -- a machine without descriptors -----------------------------------------------------------


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A process with so many open files that there is room for no more, until the list is emptied."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(room, "_PATIENCE_S", 0.3)
    held = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (held[0] + 40, hard))
    while room.has_room():
        held.append(os.open(os.devnull, os.O_RDONLY))
    yield held
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    let_go(held)


def let_go(held: list[int]) -> None:
    while held:
        os.close(held.pop())


def test_some_descriptors_are_always_left(full: list[int]) -> None:
    more = [os.open(os.devnull, os.O_RDONLY) for _ in range(room.SPARE - 1)]
    assert not room.has_room()
    let_go(more)


def test_a_host_does_not_pay_for_our_own_limit(full: list[int]) -> None:
    async def work() -> tuple[Fault, str]:
        with pytest.raises(httpx.ConnectError) as caught:
            await get(transport(), 1)
        return fault_of(caught.value)

    assert asyncio.run(work()) == (Fault.OWN_LIMIT, "too many open files")


def test_a_connection_waits_for_room(monkeypatch: pytest.MonkeyPatch, full: list[int]) -> None:
    monkeypatch.setattr(room, "_PATIENCE_S", 5)
    let_go(more := [full.pop() for _ in range(10)])
    assert not more

    async def work() -> int:
        async with Origin(saying(OK)) as origin:
            while room.has_room():
                full.append(os.open(os.devnull, os.O_RDONLY))
            asyncio.get_running_loop().call_later(0.3, let_go, full)
            return (await get(transport(), origin.port))[0]

    assert asyncio.run(work()) == 200


def test_an_idle_connection_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> int:
        async with Origin(saying(OK, then_close=False)) as one, Origin(saying(OK, then_close=False)) as other:
            used = transport(keep=5)
            await get(used, one.port)
            answers = iter([False, True])
            monkeypatch.setattr(room, "has_room", lambda: next(answers, True))
            await get(used, other.port)
            monkeypatch.undo()
            await get(used, one.port)
            await used.aclose()
            return one.connections

    assert asyncio.run(work()) == 2


def test_a_name_is_looked_up_when_there_is_room(full: list[int]) -> None:
    async def work() -> list[Fault]:
        resolver, found = Resolver("127.0.0.1:9", timeout_s=0.1), []
        for _ in range(2):
            with pytest.raises(LookupFailed) as caught:
                await resolver.lookup("a.test")
            found.append(caught.value.fault)
            let_go(full)
        await resolver.close()
        return found

    first, second = asyncio.run(work())
    assert first is Fault.OWN_LIMIT
    assert second in (Fault.DNS_FAILED, Fault.DNS_TIMEOUT)


def test_a_descriptor_that_cannot_be_closed_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def close(handle: int, real: Callable[[int], None] = os.close) -> None:
        real(handle)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "close", close)
    assert room.has_room()


@pytest.mark.parametrize("anew", [False, True])
def test_a_name_does_not_pay_for_a_channel_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch, anew: bool) -> None:
    def no_channel(*_: object, **__: object) -> None:
        raise pycares.AresError(pycares.errno.ARES_ENOMEM, "Out of memory")

    async def work() -> Fault:
        resolver = Resolver("127.0.0.1:9")
        with pytest.raises(LookupFailed, match="Out of memory") as caught:
            await resolver.lookup("a.test", anew=anew)
        await resolver.close()
        return caught.value.fault

    monkeypatch.setattr(aiodns.DNSResolver, "__init__", no_channel)
    assert asyncio.run(work()) is Fault.OWN_LIMIT


# -- ways ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "host", "port", "fits"),
    [
        (ConnectTo("", 0, "x", 1), "a.test", 443, True),
        (ConnectTo("a.test", 443, "x", 1), "a.test", 443, True),
        (ConnectTo("a.test", 443, "x", 1), "a.test", 80, False),
        (ConnectTo("b.test", 0, "x", 1), "a.test", 443, False),
    ],
)
def test_connect_to(rule: ConnectTo, host: str, port: int, fits: bool) -> None:
    assert rule.fits(host, port) is fits


def test_the_trust_store_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert transports.verifying_context().cert_store_stats()["x509_ca"] == 1
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert transports.verifying_context().verify_mode is ssl.CERT_REQUIRED
    monkeypatch.setattr("sys.platform", "darwin")
    assert type(transports.verifying_context()).__module__.startswith("truststore")
