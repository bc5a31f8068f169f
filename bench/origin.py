"""A loopback web of many TLS hosts for benchmarks: `python -m bench.origin HOSTS`.

Every host is an address of 127.0.0.0/8 with a certificate of its own, on one port. It prints a line
of JSON (port, CA file) when it listens, and ends when its standard input closes. Paths:

- `/p/<ms>/<n>`: 20 KB of HTML after <ms> milliseconds
- `/hang/<n>`: never answers
- `/limit/<ms>/<s>/<n>`: 429 with `Retry-After: <s>` the first time a User-Agent asks, then as /p/
- `/to/<ms>/<address>/<n>`: 301 to /p/ of another host
- `/log` (of the first host): what was asked so far, as JSON; `/forget`: start anew
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import tempfile
import time
from pathlib import Path

import trustme

FILLER = "<p>" + "Words of a page that somebody wrote, as long as pages are. " * 330
HEAD = "<!doctype html><html lang=en><head><title>A page</title><meta property=og:title content='A page'></head><body>"
PAGE = HEAD + FILLER
BODY = PAGE.encode()[:20_400]


def answer_of(path: str) -> bytes:
    """The page of `path`: no two are the same."""
    body = BODY + b"<p>" + path.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def address(number: int) -> str:
    return f"127.{10 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


class State:
    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.log: list[tuple[float, str, str, int]] = []
        self.limited: set[tuple[str, str, str]] = set()


class Served(asyncio.Protocol):
    def __init__(self, host: str, state: State) -> None:
        self._host, self._state = host, state
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, self._data = self._data.partition(b"\r\n\r\n")
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        agent = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"user-agent")), b"").decode()
        kind, *parts = path.strip("/").split("/")
        if kind == "log":
            return self._now(_json(json.dumps(self._state.log).encode()))
        if kind == "forget":
            self._state.log.clear()
            self._state.limited.clear()
            return self._now(_json(b"{}"))
        status = 200
        if kind == "limit" and (key := (agent, self._host, path)) not in self._state.limited:
            self._state.limited.add(key)
            status = 429
        self._state.log.append((time.monotonic(), self._host, path, status))
        if kind == "hang":
            return None
        answer = answer_of(path)
        if status == 429:
            answer = (
                b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n" % parts[1].encode()
            )
        elif kind == "to":
            place = f"https://{parts[1]}:{self._state.port}/p/{parts[0]}/{parts[2]}"
            answer = f"HTTP/1.1 301 Moved\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
        asyncio.get_running_loop().call_later(float(parts[0]) / 1000, self._now, answer)
        return None

    def _now(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


def _json(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def serve(hosts: int, folder: Path) -> None:
    authority, state, loop = trustme.CA(), State(), asyncio.get_running_loop()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    for number in range(hosts):
        host = address(number)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        server = await loop.create_server(
            lambda host=host: Served(host, state),  # type: ignore[misc]
            host, state.port, ssl=context, backlog=1024,
        )  # fmt: skip
        state.port = state.port or server.sockets[0].getsockname()[1]
    print(json.dumps({"port": state.port, "ca": str(folder / "ca.pem")}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    import uvloop

    with tempfile.TemporaryDirectory() as place, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1]), Path(place)))
