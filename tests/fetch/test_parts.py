"""guard, retry, body, faults: the small parts of fetching."""

from __future__ import annotations

import asyncio
import errno
import gzip
import ssl
import sys
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable

import brotli
import httpx
import pytest

from linkcheck.fetch import body, faults
from linkcheck.fetch.faults import Failed, fault_of
from linkcheck.fetch.guard import is_address, is_public
from linkcheck.fetch.retry import Limits, is_transient, retrying
from linkcheck.model import Fault

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# -- guard -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "not an address", "",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808", "2002:808:808::"]
)
def test_public(address: str) -> None:
    assert is_public(address)


def test_addresses_are_told_from_names() -> None:
    assert is_address("127.0.0.1")
    assert is_address("::1")
    assert not is_address("localhost")


# -- retry -----------------------------------------------------------------------------------


def attempts(results: list[tuple[int | Fault, float | None]], **limits: float) -> tuple[int, list[float], int | Fault]:
    """(requests, waits, last outcome) for a server that answers so in turn."""
    left, waits, asked = list(results), list[float](), 0

    async def once() -> tuple[int | Fault, float | None]:
        nonlocal asked
        asked += 1
        return left.pop(0) if len(left) > 1 else left[0]

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    again = retrying(Limits(**limits), lambda result: result, pause)  # type: ignore[arg-type]

    async def all_of_them() -> int | Fault:
        return (await again(once))[0]

    outcome = asyncio.run(all_of_them())
    return asked, waits, outcome


@pytest.mark.parametrize(
    "outcome",
    [200, 404, 403, 301, 501, Fault.DNS_NXDOMAIN, Fault.DNS_SERVFAIL, Fault.TLS_EXPIRED, Fault.ADDRESS_NOT_PUBLIC],
)
def test_an_answer_is_not_asked_for_again(outcome: int | Fault) -> None:
    assert attempts([(outcome, None)]) == (1, [], outcome)


@pytest.mark.parametrize("outcome", [500, 503, Fault.RESET, Fault.CLOSED, Fault.OWN_LIMIT])
def test_a_transient_answer_is_asked_for_three_times(outcome: int | Fault) -> None:
    asked, waits, last = attempts([(outcome, None)])
    assert (asked, len(waits), last) == (3, 2, outcome)
    assert all(0 <= wait <= 2 for wait in waits)


def test_a_silent_host_is_asked_twice() -> None:
    assert attempts([(Fault.READ_TIMEOUT, None)])[0] == 2


def test_a_recovery_ends_the_asking() -> None:
    assert attempts([(503, None), (200, None)])[::2] == (2, 200)


def test_the_servers_own_wait_is_taken() -> None:
    (wait,) = attempts([(502, 7.0), (200, None)])[1]
    assert wait == 7.0


def test_the_total_wait_is_capped() -> None:
    assert attempts([(502, 40.0)], wait_s=60.0)[0] == 2
    assert attempts([(502, 400.0)], wait_s=60.0)[0] == 1


def test_what_is_transient() -> None:
    assert is_transient(503)
    assert not is_transient(Fault.BAD_REDIRECT)


# -- body ------------------------------------------------------------------------------------


async def chunked(data: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=3),
    "zstd": zstd.compress,
}  # fmt: skip


def read(data: bytes, coding: str = "", limit: int = 1000, size: int = 7) -> body.Body:
    return asyncio.run(body.read(chunked(data, size), coding, limit))


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", b"hello world"),
        ("identity", b"hello world"),
        ("gzip", gzip.compress(b"hello world")),
        ("x-gzip", gzip.compress(b"hello ") + gzip.compress(b"world")),
        ("GZIP ", gzip.compress(b"hello world") + b"\0\0padding"),
        ("deflate", zlib.compress(b"hello world")),
        ("deflate", zlib.compress(b"hello world")[2:-4]),
        ("br", brotli.compress(b"hello world")),
        ("zstd", zstd.compress(b"hello world")),
        ("zstd", zstd.compress(b"hello ") + zstd.compress(b"world")),
        ("gzip, br", brotli.compress(gzip.compress(b"hello world"))),
    ],
)
def test_a_coding_is_undone(coding: str, data: bytes, size: int) -> None:
    assert read(data, coding, size=size) == body.Body(b"hello world", is_complete=True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("size", [1, 65_536])
def test_a_long_body_comes_whole(coding: str, size: int) -> None:
    words = b"".join(b"%d words " % n for n in range(40_000)) + b"\0" * 400_000
    assert read(ENCODE[coding](words), coding, limit=1_000_000, size=size) == body.Body(words, is_complete=True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_cut_at_the_limit(coding: str) -> None:
    bomb = ENCODE[coding](b"\0" * 50_000_000)
    tracemalloc.start()
    found = read(bomb, coding, limit=5000, size=65_536)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found.data), found.is_complete) == (5000, False)
    assert peak < 1_000_000


EMPTY_BLOCK = b"\0\0\0\xff\xff"  # of deflate, stored (RFC 1951 §3.2.4)


def emptiness(coding: str, pieces: int) -> bytes:
    """A body that is long and holds nothing."""
    match coding:
        case "deflate":
            return zlib.compress(b"")[:2] + EMPTY_BLOCK * pieces
        case "zstd, skipped":
            return b"\x50\x2a\x4d\x18\0\0\0\0" * pieces
        case _:
            return ENCODE[coding](b"") * pieces


def test_a_bomb_in_a_bomb_is_cut_though_nothing_comes_out() -> None:
    found = read(gzip.compress(emptiness("deflate", 4_000_000)), "deflate, gzip", size=1_000)
    assert "grows without end" in found.trouble


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "zstd, skipped"])
def test_a_coding_that_comes_to_nothing_is_not_read_on(coding: str) -> None:
    packets = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal packets
        for _ in range(10_000):
            packets += 1
            yield emptiness(coding, 3_000)[2 * (coding == "deflate" and packets > 1) :]

    found = asyncio.run(body.read(counted(), coding.partition(",")[0], 100_000))
    assert "comes to nothing" in found.trouble or "too many members" in found.trouble
    assert packets < 100


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_hundred_members_are_one_body(coding: str) -> None:
    data = b"".join(ENCODE[coding](b"%d words " % n) for n in range(100))
    assert read(data, coding, limit=100_000).data == b"".join(b"%d words " % n for n in range(100))


def test_a_window_that_no_browser_takes_is_refused() -> None:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    compressor = zstd.ZstdCompressor(options=options)  # streaming: the frame does not tell its size
    found = read(compressor.compress(b"x" * 100_000) + compressor.flush(), "zstd", size=65_536)
    assert found.trouble


@pytest.mark.parametrize(
    ("coding", "words"),
    [
        ("lzma", "not asked for"), ("gzip, gzip, gzip", "not asked for"), (", ".join(["gzip"] * 100), "not asked for"), ("gzip", "incorrect header"),
        ("br", "fail"), ("zstd", "Unable"),
    ],
)  # fmt: skip
def test_what_cannot_be_decoded_is_trouble_of_the_body_only(coding: str, words: str) -> None:
    found = read(b"hello world, and more", coding, size=100)
    assert (found.data, found.is_complete) == (b"", False)
    assert words in found.trouble


def test_a_long_body_is_read_no_further() -> None:
    assert read(b"x" * 100, limit=10) == body.Body(b"x" * 10, is_complete=False)


# -- faults ----------------------------------------------------------------------------------


def every(kind: type[httpx.RequestError]) -> list[type[httpx.RequestError]]:
    return [kind, *(deeper for sub in kind.__subclasses__() for deeper in every(sub))]


@pytest.mark.parametrize("kind", every(httpx.RequestError), ids=lambda k: k.__name__)
def test_the_table_is_complete(kind: type[httpx.RequestError]) -> None:
    """Each error httpx can raise has its own fault, by its own row or by a parent's before the last."""
    fault, words = fault_of(kind("why"))
    assert isinstance(fault, Fault)
    assert words == "why"
    specific = [row for row in faults._HTTPX[:-1] if issubclass(kind, row[0])]
    assert specific or kind in (
        httpx.RequestError, httpx.TransportError, httpx.ProtocolError, httpx.LocalProtocolError,
        httpx.UnsupportedProtocol, httpx.DecodingError,
    )  # fmt: skip


def caused(cause: BaseException, error: httpx.RequestError | None = None) -> httpx.RequestError:
    error = error or httpx.ConnectError("All connection attempts failed")
    error.__cause__ = cause
    return error


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "why"
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (caused(Failed(Fault.DNS_NXDOMAIN, "no such name")), Fault.DNS_NXDOMAIN),
        (caused(certificate(10)), Fault.TLS_EXPIRED),
        (caused(certificate(62)), Fault.TLS_WRONG_HOST),
        (caused(certificate(18)), Fault.TLS_SELF_SIGNED),
        (caused(certificate(20)), Fault.TLS_UNKNOWN_ISSUER),
        (caused(certificate(99)), Fault.TLS_CERTIFICATE),
        (caused(ssl.SSLError(1, "[SSL: TLSV1_ALERT] x")), Fault.TLS_HANDSHAKE),
        (caused(ssl.SSLEOFError(8, "EOF")), Fault.CLOSED),
        (caused(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")), Fault.CONNECT_REFUSED),
        (caused(OSError(errno.ENETUNREACH, "Network is unreachable")), Fault.NO_ROUTE),
        (caused(ExceptionGroup("many", [OSError(errno.ECONNREFUSED, "refused")])), Fault.CONNECT_REFUSED),
        (caused(TimeoutError("late"), httpx.ConnectTimeout("")), Fault.CONNECT_TIMEOUT),
        (caused(OSError(9999, "odd")), Fault.CONNECT_FAILED),
        (caused(OSError(errno.EMFILE, "Too many open files")), Fault.OWN_LIMIT),
        (caused(OSError(errno.ENFILE, "Too many open files in system")), Fault.OWN_LIMIT),
        (caused(OSError(errno.ENOBUFS, "No buffer space available")), Fault.OWN_LIMIT),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Fault.CLOSED),
        (httpx.RemoteProtocolError("illegal status line"), Fault.PROTOCOL),
        (httpx.ReadError("reset"), Fault.RESET),
        (httpx.ReadTimeout(""), Fault.READ_TIMEOUT),
    ],
)
def test_fault(error: httpx.RequestError, fault: Fault) -> None:
    assert fault_of(error)[0] is fault


def test_a_loop_of_causes_ends() -> None:
    one, other = httpx.ConnectError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert fault_of(one)[0] is Fault.CONNECT_FAILED
