"""Ways a page can behave, each a few lines: `Behaviour` values to put under a host's path."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Received:
    """A request as a server saw it; header names in lower case."""

    at: float
    host: str
    method: str
    target: str
    headers: dict[str, str]
    connection: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(slots=True)
class Wire:
    """The connection to answer on; `is_done` ends it."""

    writer: asyncio.StreamWriter
    is_done: bool = False

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def respond(self, status: int, body: bytes = b"", *headers: tuple[str, str]) -> None:
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Odd"
        lines = [f"HTTP/1.1 {status} {phrase}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        await self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def reset(self) -> None:
        self.writer.transport.abort()
        self.is_done = True


Behaviour = Callable[[Received, Wire], Awaitable[None]]
HTML = ("Content-Type", "text/html; charset=utf-8")
ARTICLE = (
    "<!doctype html><html lang=en><head><title>A page</title></head><body><h1>A page</h1><p>Words.</p></body></html>"
)


def page(html: str = ARTICLE, *headers: tuple[str, str], status: int = 200) -> Behaviour:
    return answer(status, html.encode(), HTML, *headers)


def answer(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Behaviour:
    async def behave(_: Received, wire: Wire) -> None:
        await wire.respond(status, body, *headers)

    return behave


def redirect(status: int, location: str, *headers: tuple[str, str]) -> Behaviour:
    return answer(status, b"", ("Location", location), *headers)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Each in turn, the last for ever."""
    left = list(behaviours)

    async def behave(request: Received, wire: Wire) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, wire)

    return behave


def by_header(name: str, text: str, then: Behaviour, otherwise: Behaviour) -> Behaviour:
    """`then` where the request's header holds `text`."""

    async def behave(request: Received, wire: Wire) -> None:
        await (then if text in request.headers.get(name, "") else otherwise)(request, wire)

    return behave


def head_lies(status: int, get: Behaviour) -> Behaviour:
    """HEAD answers `status`, GET is fine."""

    async def behave(request: Received, wire: Wire) -> None:
        await (answer(status) if request.method == "HEAD" else get)(request, wire)

    return behave


def slow(seconds: float, then: Behaviour) -> Behaviour:
    async def behave(request: Received, wire: Wire) -> None:
        await asyncio.sleep(seconds)
        await then(request, wire)

    return behave


def drip(seconds: float, html: str = ARTICLE) -> Behaviour:
    """The head at once, then a byte every 50 ms for `seconds`."""

    async def behave(_: Received, wire: Wire) -> None:
        await wire.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n" + html.encode()
        )
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await wire.send(b" ")
            await asyncio.sleep(0.05)
        wire.reset()

    return behave


async def reset(_: Received, wire: Wire) -> None:
    wire.reset()


async def close(_: Received, wire: Wire) -> None:
    wire.is_done = True


async def garbage(_: Received, wire: Wire) -> None:
    await wire.send(b"220 mail.example ESMTP ready\r\n")
    wire.is_done = True


def cut(html: str = ARTICLE, *, missing: int = 1000) -> Behaviour:
    """A body that ends before its Content-Length."""

    async def behave(_: Received, wire: Wire) -> None:
        length = len(html.encode()) + missing
        await wire.send(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n".encode())
        await wire.send(html.encode())
        wire.is_done = True

    return behave


def endless(chunk: bytes = b"x" * 65_536) -> Behaviour:
    """A body without end, as long as somebody reads it (64 MB at most)."""

    async def behave(_: Received, wire: Wire) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Endless</title>")
        for _round in range(1024):
            await wire.send(chunk)
        wire.is_done = True

    return behave


def gzipped(html: str = ARTICLE) -> Behaviour:
    return answer(200, gzip.compress(html.encode()), HTML, ("Content-Encoding", "gzip"))


def rate_limited(times: int, retry_after: str | None, then: Behaviour) -> Behaviour:
    """429 for the first `times` requests."""
    headers = (("Retry-After", retry_after),) if retry_after is not None else ()
    return in_turn(*([answer(429, b"slow down", *headers)] * times), then)


@dataclass(slots=True)
class Host:
    """Paths to behaviours; `otherwise` for every other path."""

    paths: dict[str, Behaviour] = field(default_factory=dict)
    otherwise: Behaviour = field(default_factory=lambda: page("<title>404 Not Found</title>not found", status=404))

    def find(self, request: Received) -> Behaviour:
        return self.paths.get(request.target) or self.paths.get(request.path) or self.otherwise


def leaky(a_second: float, then: Behaviour, status: int = 503) -> Behaviour:
    """nginx's `limit_req` without a burst: what comes sooner than that gets `status`, and no word on when to come again."""
    last = [0.0]

    async def behave(request: Received, wire: Wire) -> None:
        now = time.monotonic()
        if now - last[0] < 1 / a_second:
            return await wire.respond(status)
        last[0] = now
        return await then(request, wire)

    return behave
