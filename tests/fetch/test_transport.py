"""Which connection a request takes: a kept one, or a new one."""

from __future__ import annotations

import asyncio
import ssl

import pytest
import trustme

from linkcheck.fetch import transport as transports
from linkcheck.fetch.transport import ConnectTo
from tests.fetch.origin import OK, Origin, fetched, get, saying, transport


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
