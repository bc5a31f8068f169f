"""The cable between linkcheck and the web: pulled out and put back while a run goes on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Outage:
    """It begins when `after` requests have been made and lasts `seconds`.

    Meanwhile names are looked up as `names` says (see NameServer), but for the hosts in `spared`; new
    connections get no answer, and those that are there are `frozen` or `reset`.
    """

    after: int
    seconds: float
    names: str = "silent"
    connections: str = "frozen"
    spared: tuple[str, ...] = ()


class Cable:
    """Passes connections on to a server, as long as it is not pulled out."""

    def __init__(self, outages: tuple[Outage, ...], say: Callable[[Outage | None], None]) -> None:
        self._outages = deque(outages)
        self._say = say
        self._is_in = asyncio.Event()
        self._is_in.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._servers: list[asyncio.Server] = []

    async def lay(self, to_port: int) -> int:
        """The port that leads to `to_port` from now on."""
        server = await asyncio.start_server(partial(self._pass, to_port), LOOPBACK, 0, limit=2**20)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    @property
    def is_out(self) -> bool:
        return not self._is_in.is_set()

    def cut(self) -> None:
        for server in self._servers:
            server.close()

    def count(self, requests: int) -> None:
        """So many requests have been made."""
        if self._outages and requests >= self._outages[0].after and self._is_in.is_set():
            outage = self._outages.popleft()
            self._is_in.clear()
            self._say(outage)
            asyncio.get_running_loop().call_later(min(outage.seconds, 1e6), self._put_back)
            if outage.connections == "reset":
                for writer in self._writers:
                    writer.transport.abort()

    def _put_back(self) -> None:
        self._is_in.set()
        self._say(None)

    async def _pass(self, to_port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._is_in.wait()
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, to_port, limit=2**20)
            try:
                there = asyncio.create_task(self._pump(reader, far_writer))
                await self._pump(far_reader, writer)
                there.cancel()
            finally:
                far_writer.close()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                await self._is_in.wait()
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()
