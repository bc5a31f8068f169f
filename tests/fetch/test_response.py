"""Responses: framing split at every byte, hostile lengths, garbage; all over real sockets."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.response import MAX_HEADER_BYTES, MAX_HEADERS
from linkcheck.model import Fault
from tests.fetch.origin import OK, Origin, fault, fetched, get, saying, transport

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
