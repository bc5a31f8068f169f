"""The Fetcher on real sockets, with short time-outs: hosts that say nothing, and what they cost."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from linkcheck.fetch import replay as replaying
from linkcheck.fetch import warc
from linkcheck.fetch.fetcher import HttpFetcher, Options
from linkcheck.model import Exchange, Fault, Observation, Request, Url

OPTIONS = Options(timeout_s=3.0, connect_timeout_s=0.7, allow_private=True)


async def looked_at(urls: Iterable[str], options: Options = OPTIONS) -> tuple[list[Observation], float, int]:
    """(what was seen, seconds, requests)."""
    seen: list[Observation] = []

    def sink(one: Observation) -> list[Request]:
        seen.append(one)
        return []

    started = time.monotonic()
    async with HttpFetcher(options) as fetcher:
        await fetcher.fetch([Request(Url(url)) for url in urls], sink)
        return seen, time.monotonic() - started, fetcher.requests


# -- hosts that say nothing ------------------------------------------------------------------

Place = Callable[[], "AsyncIterator[int]"]


async def _accepts() -> AsyncIterator[int]:
    """A port that takes connections and never says a word."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.sleep(0.05)  # the other side of what was just given up


async def _swallows() -> AsyncIterator[int]:
    """A port whose queue is full: what wants to connect gets no answer at all (Linux)."""
    with socket.socket() as full, socket.socket() as one, socket.socket() as two:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (one, two):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]


@pytest.mark.parametrize("links", [1, 6])
@pytest.mark.parametrize(("place", "scheme"), [(_accepts, "https"), (_swallows, "https"), (_swallows, "http")])
def test_a_host_that_cannot_be_connected_to_costs_one_connect_time_out(place: Place, scheme: str, links: int) -> None:
    if place is _swallows and sys.platform != "linux":
        pytest.skip("a full queue answers in other ways elsewhere")

    async def work() -> tuple[list[Observation], float, int]:
        async with asynccontextmanager(place)() as port:
            return await looked_at(f"{scheme}://127.0.0.1:{port}/{n}" for n in range(links))

    seen, took_s, requests = asyncio.run(work())
    assert {one.sighting.outcome for one in seen} == {Fault.CONNECT_TIMEOUT}
    assert (len(seen), requests) == (links, 2)
    assert took_s < 1.7 * OPTIONS.connect_timeout_s  # it was 2 times where it had two links


def test_a_host_that_connects_and_says_nothing_costs_one_time_out() -> None:
    async def work() -> tuple[list[Observation], float, int]:
        async with asynccontextmanager(_accepts)() as port:
            urls = [f"http://127.0.0.1:{port}/{n}" for n in range(3)]
            return await looked_at(urls, replace(OPTIONS, timeout_s=1.0, connect_timeout_s=0.3))

    seen, took_s, requests = asyncio.run(work())
    assert {one.sighting.outcome for one in seen} == {Fault.READ_TIMEOUT}
    assert (len(seen), requests) == (3, 2)
    assert took_s < 1.7


@pytest.mark.parametrize(("after_s", "is_named"), [(0.5, True), (0.02, False)])
def test_what_was_requested_for_long_when_the_fetching_ended_is_named(after_s: float, is_named: bool) -> None:
    async def work() -> tuple[str, tuple[Url, ...]]:
        async with asynccontextmanager(_accepts)() as port, HttpFetcher(OPTIONS) as fetcher:
            url = f"http://127.0.0.1:{port}/"
            with suppress(TimeoutError):
                await asyncio.wait_for(fetcher.fetch([Request(Url(url))], lambda _: []), after_s)
            return url, fetcher.unanswered

    url, unanswered = asyncio.run(work())
    assert unanswered == ((url,) if is_named else ())


# -- what waits to be read -------------------------------------------------------------------


def test_an_answer_is_read_soon_though_other_hosts_wait_to_be_asked() -> None:
    """What is not read is not journaled either: it would be lost with the process."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    read_at: dict[str, float] = {}

    def sink(one: Observation) -> list[Request]:
        read_at[one.request.url] = time.monotonic()
        return []

    async def work() -> tuple[str, float]:
        async with (
            asynccontextmanager(_accepts)() as silent,
            await asyncio.start_server(answer, "127.0.0.1", 0) as server,
        ):
            fast = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            slow = [f"http://{host}:{silent}/" for host in ("127.0.0.1", "localhost")]
            started = time.monotonic()
            async with HttpFetcher(replace(OPTIONS, concurrency=1, timeout_s=2.0)) as fetcher:
                await fetcher.fetch([Request(Url(url)) for url in (fast, *slow)], sink)
            return fast, started

    fast, started = asyncio.run(work())
    assert read_at[fast] - started < 1.0
    assert min(at for url, at in read_at.items() if url != fast) - started > 1.0


def test_pages_that_take_long_to_read_make_no_answer_late() -> None:
    """They wait, all of them older than a moment; who reads them all at once hears nothing for 4 s."""
    seen: dict[str, int | Fault] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.5 if b"slow" in head else 0)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    def sink(one: Observation) -> list[Request]:
        seen[one.request.url] = one.sighting.outcome
        time.sleep(0.05)
        return []

    async def work() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            names = [*(f"n{number}" for number in range(80)), "slow"]
            async with HttpFetcher(OPTIONS) as fetcher:
                await fetcher.fetch([Request(Url(f"http://{name}.localhost:{port}/")) for name in names], sink)

    asyncio.run(work())
    assert set(seen.values()) == {200}


# -- chains of redirects ---------------------------------------------------------------------


def test_a_chain_of_redirects_has_an_end_in_time(tmp_path: Path) -> None:
    """Each hop is within its time-out; the twenty that are allowed would take ten."""

    async def onward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.5)
        number = int(head.split()[1].strip(b"/")) + 1
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % number)
        await writer.drain()
        writer.close()

    heard: list[Exchange] = []

    async def look(url: str, replay: replaying.Replay | None = None) -> Observation:
        seen: list[Observation] = []
        options = replace(OPTIONS, timeout_s=1.0)
        async with HttpFetcher(options, on_exchange=None if replay else heard.append, replay=replay) as fetcher:
            await fetcher.fetch([Request(Url(url))], lambda one: seen.append(one) or [])  # type: ignore[func-returns-value]
        return seen[0]

    async def work() -> tuple[Observation, Observation]:
        async with await asyncio.start_server(onward, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
            live = await look(url)
        recorder = warc.Recorder(tmp_path / "run.warc.gz")
        for one in heard:
            recorder.on_exchange(one)
        recorder.close(warc.Run(heard[0].at, heard[-1].at))
        return live, await look(url, replaying.load(tmp_path / "run.warc.gz"))

    live, replayed = asyncio.run(work())
    assert live.sighting.outcome is Fault.TOO_MANY_REDIRECTS
    assert 1 <= len(live.sighting.hops) < 12
    assert "the last of them http://127.0.0.1" in live.sighting.detail
    assert live.asked_s > 3.0
    for name in ("outcome", "hops", "final_url", "detail", "attempts"):
        assert getattr(live.sighting, name) == getattr(replayed.sighting, name)
