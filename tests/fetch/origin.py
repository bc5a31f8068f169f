"""A server on a real socket that says what it is told, byte by byte, and requests to it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import httpx
import pytest

from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.resolve import Resolver
from linkcheck.fetch.transport import DirectTransport, Route
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
