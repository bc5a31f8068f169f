"""Peers that answer without end, or more than they were asked."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import brotli

from tests.hostile.conftest import Victim
from tests.web import behaviours as b
from tests.web.behaviours import Behaviour, Received, Wire

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HTML + b"Transfer-Encoding: chunked\r\n\r\n"
MOST = 200_000_000
EMPTY_BLOCK = b"\0\0\0\xff\xff"


class Flood:
    """`head`, then `more` until nobody takes it any more; `sent` counts."""

    def __init__(self, head: bytes, more: bytes) -> None:
        self.head, self.more, self.sent = head, more * (1 + 65_536 // len(more)), 0

    async def __call__(self, _: Received, wire: Wire) -> None:
        wire.is_done = True
        await wire.send(self.head)
        while self.sent < MOST:
            await wire.send(self.more)
            await asyncio.sleep(0)  # to hear that nobody is there any more
            self.sent += len(self.more)


def coded(coding: str, head: bytes, more: bytes) -> Flood:
    return Flood(HTML + f"Content-Encoding: {coding}\r\n\r\n".encode() + head, more)


def raw(answer: bytes) -> Behaviour:
    async def behave(_: Received, wire: Wire) -> None:
        await wire.send(answer)
        wire.is_done = True

    return behave


def test_no_answer_goes_on_for_ever(victim: Victim) -> None:
    floods = {
        "trailer": Flood(CHUNKED + b"5\r\nhello\r\n0\r\nX-T: ", b"y"),
        "trailers": Flood(CHUNKED + b"5\r\nhello\r\n0\r\n", b"X-T: y\r\n"),
        "extension": Flood(CHUNKED + b"5;x=", b"y"),
        "extensions": Flood(CHUNKED, b"1;x=" + b"y" * 40 + b"\r\nx\r\n"),
        "continue": Flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "hints": Flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
        "blanks": Flood(b"", b"\r\n"),
        "status": Flood(b"HTTP/1.1 200 ", b"O"),
        "header": Flood(HTML + b"X: ", b"y"),
        "headers": Flood(HTML, b"X: y\r\n"),
        "members": coded("gzip", b"", gzip.compress(b"")),
        "blocks": coded("deflate", zlib.compress(b"")[:2], EMPTY_BLOCK),
        "bomb": coded("gzip", b"", gzip.compress(b"y" * 50_000_000)),
        "inner-bomb": coded("gzip, gzip", b"", gzip.compress(gzip.compress(b"y" * 50_000_000))),
        "br-bomb": coded("br", brotli.compress(b"y" * 50_000_000, quality=3), b"y"),
        "body": Flood(HTML + b"\r\n", b"y"),
    }
    ways = {victim.web.on(f"{name}.test", "/", flood): flood for name, flood in floods.items()}
    found = victim.run(*ways, flags=("--timeout", "5"))
    assert {found.links[url][0] for url in ways} <= {"ok", "unreachable"}
    # What the buffers of two kernels hold, for each time that it was asked; it was all that 5 seconds let through.
    assert {url: flood.sent for url, flood in ways.items() if flood.sent > 40_000_000} == {}


def test_odd_answers_lose_their_own_verdict_only(victim: Victim) -> None:
    article = b.ARTICLE.encode()
    length = b"Content-Length: %d\r\n" % len(article)
    odd = {
        "http09": article,
        "nul": HTML + b"X: a\0b\r\n" + length + b"\r\n" + article,
        "bare-lf": b"HTTP/1.1 200 OK\nContent-Type: text/html\n" + length.replace(b"\r", b"") + b"\n" + article,
        "huge-length": HTML + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n" + article,
        "two-lengths": HTML + length + b"Content-Length: 1\r\n\r\n" + article,
        "smuggled": HTML + length + b"Transfer-Encoding: chunked\r\n\r\n" + article,
        "codings": HTML + b"Content-Encoding: " + b", ".join([b"gzip"] * 100) + b"\r\n" + length + b"\r\n" + article,
        "huge-chunk": CHUNKED + b"f" * 40 + b"\r\n" + article,
        "status-0": b"HTTP/1.1 000 \r\n" + length + b"\r\n" + article,
        "status-999": b"HTTP/1.1 999 \r\n" + length + b"\r\n" + article,
        "switching": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + article,
        "retry-after": b"HTTP/1.1 429 \r\nRetry-After: " + b"9" * 5_000 + b"\r\nContent-Length: 0\r\n\r\n",
    }
    ways = {name: victim.web.on(f"{name}.test", "/", raw(answer)) for name, answer in odd.items()}
    found = victim.run(*ways.values())
    states = {name: found.links[url][0] for name, url in ways.items()}
    assert states.pop("status-999") == states.pop("retry-after") == "blocked"
    assert states.pop("codings") == "ok"
    assert set(states.values()) <= {"ok", "unreachable"}, states


def test_a_second_answer_is_no_other_links(victim: Victim) -> None:
    """A dead page is dead, whatever else came with the answer before."""
    lie = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"
    for number in range(4):
        victim.web.on("evil.test", f"/{number}", raw(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" + lie))
    found = victim.run(*(f"https://evil.test/{number}" for number in range(4)), flags=("--per-host", "1"))
    assert {found.links[f"https://evil.test/{number}"] for number in range(4)} == {("dead", "http-not-found")}


def test_no_chain_takes_for_ever(victim: Victim) -> None:
    """Each hop is within its time-out, and there are twenty of each kind."""
    web = victim.web
    for number in range(25):
        web.on("slow.test", f"/{number}", b.slow(0.7, b.redirect(302, f"/{number + 1}")))
        refresh = f'<meta http-equiv="refresh" content="0; url=/{number + 1}">'
        web.on("refreshing.test", f"/{number}", b.slow(0.7, b.page(refresh)))
    ways = ("https://slow.test/0", "https://refreshing.test/0")
    found = victim.run(*ways, flags=("--timeout", "1"))
    ends = {("unreachable", "too-many-redirects"), ("unreachable", "read-timeout")}  # the latter on a busy machine
    assert {found.links[url] for url in ways} <= ends
    for host in ("slow.test", "refreshing.test"):
        assert 1 <= len(web.asked(host)) < 12, host


def test_cookies_that_cannot_be_read_are_not_told_of(victim: Victim) -> None:
    """Python's own cookie jar prints a traceback where it fails on one."""
    dates = [b"expires=1 Jan " + b"1" * 5_000, b"max-age=" + b"9" * 400, b"expires=1 Jan 2020" + b" " * 60_000 + b"!"]
    ways = []
    for number, date in enumerate(dates):
        head = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n"
        cookies = b"Set-Cookie: good=1\r\nSet-Cookie: evil=1; " + date + b"\r\n\r\n"
        ways.append(victim.web.on(f"jar{number}.test", "/", raw(head + cookies)))
        victim.web.on(f"jar{number}.test", "/there", b.page())
    found = victim.run(*ways)
    assert {found.links[url][0] for url in ways} == {"ok"}


def test_names_that_nobody_answers_for_make_no_other_name_late(victim: Victim) -> None:
    """So many are looked up at a time; waiting for that took the time of who waited."""
    names = [f"silent{number}.test" for number in range(200)]
    victim.web.names.update(dict.fromkeys(names, "silent"))
    found = victim.run(*(f"https://{name}/" for name in names), flags=("--timeout", "1"))
    assert {found.links[f"https://{name}/"] for name in names} == {("unreachable", "dns-timeout")}
