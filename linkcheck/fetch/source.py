"""Sources of replies: the network (here), or a recording (replay.py). No other part depends on which it is.

A host that has not answered yet is *probed*: it gets two requests within one time-out, not one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from linkcheck import urls
from linkcheck.fetch.exchange import Deadlines, Exchanger, OnExchange, Reply, Session, Timeouts
from linkcheck.fetch.faults import CERTIFICATE_FAULTS
from linkcheck.fetch.headers import OwnHeaders
from linkcheck.fetch.host import GivenUp, Host, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.local import AWAY, LocalNetwork
from linkcheck.fetch.network.pulse import Canary, is_doubtful
from linkcheck.fetch.resolve import Resolver
from linkcheck.fetch.throttle import Requeue
from linkcheck.fetch.transport import Transports
from linkcheck.model import Fault, Purpose, Url


class ExchangeSource(Protocol):
    """`started` is when the run began, `requests` counts what was sent."""

    started: datetime
    network: LocalNetwork

    @property
    def requests(self) -> int: ...

    @property
    def is_resolver_working(self) -> bool:
        """Whether any name had an address in this run."""

    def leaves_out(self, url: Url) -> bool:
        """Whether `url` is neither requested nor observed."""

    def wait_s(self, seconds: float) -> float:
        """How long to wait, for `seconds` of waiting on the network."""

    def note_start(self, host: str) -> None:
        """Note that a link of `host` (as of urls.origin_host) is about to be requested."""

    async def exchange(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:
        """Request one URL of `host`; returns the reply. Raises GivenUp."""

    def note_refusal(self, lanes: Lanes[Any], url: Url, one: Refusal, before: RefusalCount) -> Requeue | None:
        """When to request a refused URL again; None if it was refused too often. Raises GivenUp."""

    def forget_failed_names(self) -> None:
        """Remove failed look-ups from the cache."""

    def start_afresh(self) -> None:
        """Clear the name cache and close idle connections: the network may be another one now."""

    async def close(self) -> None: ...


def wants_lenient(session: Session, reply: Reply) -> bool:
    """Whether TLS failed in a way that a request without verification may still get an answer."""
    is_tls = reply.outcome in CERTIFICATE_FAULTS or reply.outcome is Fault.TLS_HANDSHAKE
    return is_tls and session.request.purpose is not Purpose.LOOKUP


def seen_leniently(reply: Reply, again: Reply) -> Reply:
    """Combine `reply`, in which TLS failed, with `again`, the reply without verification."""
    if isinstance(again.outcome, int) and isinstance(reply.outcome, Fault):
        return replace(again, insecure=reply.outcome, detail=reply.detail)
    return reply


class NetworkSource:
    """Replies from the network."""

    def __init__(
        self,
        transports: Transports,
        resolver: Resolver,
        timeouts: Timeouts,
        on_exchange: OnExchange | None,
        *,
        away_s: float,
        canary: str,
        headers: OwnHeaders | None = None,
    ) -> None:
        self.started = datetime.now(UTC)
        page = urls.normalise(canary)
        last = Canary(urls.registrable_domain(urls.host(page)), page) if page else None
        self.network = LocalNetwork(self._poll, timeout_s=timeouts.exchange_s, away_s=away_s, canary=last)
        self._exchanger = Exchanger(transports, timeouts, self.network, on_exchange, headers)
        self._transports = transports
        self._resolver = resolver
        self._timeouts = timeouts
        self._probes: dict[str, Deadlines] = {}

    @property
    def requests(self) -> int:
        return self._exchanger.requests

    @property
    def is_resolver_working(self) -> bool:
        return self._resolver.answered > 0

    def leaves_out(self, _: Url) -> bool:
        return False

    def wait_s(self, seconds: float) -> float:
        return seconds

    def note_start(self, host: str) -> None:
        self._share_probe(host)

    def note_refusal(self, lanes: Lanes[Any], url: Url, one: Refusal, before: RefusalCount) -> Requeue | None:
        return lanes.note_refusal(urls.origin_host(url), one, before)

    def forget_failed_names(self) -> None:
        self._resolver.forget_failures()

    def start_afresh(self) -> None:
        self._transports.drop_idle()
        self._resolver.start_afresh()

    async def close(self) -> None:
        await self._transports.close()
        await self._resolver.close()

    async def _poll(self, page: Canary) -> bool:
        return await self._exchanger.poll(page)

    # -- one URL -----------------------------------------------------------------------------

    async def exchange(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:
        """Request one URL, and repeat it once if the local network was down meanwhile."""
        is_probe, time = not host.is_open, asyncio.get_running_loop().time
        while True:
            started = time()
            if is_probe:
                session.asked_s += await self._look_up(url)
            asked = time()
            reply = await self._exchange_once(session, url, host, lanes if is_probe else None)
            session.asked_s += time() - asked
            if not is_doubtful(reply.outcome, reply.insecure) or not await self.network.was_away(started):
                return reply
            if not self.network.may_ask_again(session.request):
                raise GivenUp(Fault.OUT_OF_TIME, AWAY)

    async def _look_up(self, url: Url) -> float:
        """Look up the name of a host before its time-out starts; returns the seconds that it took, without the wait
        for other look-ups."""
        started = asyncio.get_running_loop().time()
        with suppress(httpx.InvalidURL, ValueError):  # reported by `Exchanger.ask`
            await self._transports.prepare(httpx.URL(url))
        return min(asyncio.get_running_loop().time() - started, self._resolver.longest_s)

    async def _exchange_once(self, session: Session, url: Url, host: Host, lanes: Lanes[Any] | None) -> Reply:
        """Request one URL, and again without verification if TLS fails; with `lanes`, as a probe."""
        reply = await (
            self._probe(session, url, host, lanes) if lanes is not None else self._exchanger.ask(session, url, host)
        )
        if not wants_lenient(session, reply):
            return reply
        return seen_leniently(reply, await self._exchanger.ask(session, url, host, is_lenient=True))

    # -- hosts that have not answered yet ----------------------------------------------------

    async def _probe(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:
        """A request to a host that has not answered yet.

        After half of its time without an answer, a second link of the host is tried (by its lane) for the
        rest of the time; if there is no other link, the same one again over a fresh connection. So a silent
        host has had two requests within one time-out, and its other links are given up. Without a
        connection, the shorter time-out for connecting applies.
        """
        name = urls.origin_host(url)
        ask, now = self._exchanger.ask, asyncio.get_running_loop().time()
        if first := self._share_probe(name):
            return await ask(session, url, host, by=first)
        if host.is_silent:
            return await ask(session, url, host, by=self._timeouts.deadlines(now, 0.5))
        by = self._probes[name] = self._timeouts.deadlines(now)
        running = {asyncio.create_task(ask(session, url, host, by=by))}
        try:
            await self._until_silent(session, running)
            if not (any(task.done() for task in running) or by.is_shared or lanes.waits(name)):
                session.attempts += 1
                running.add(asyncio.create_task(ask(session, url, host, by=by, is_fresh=True)))
            return await _first_status(running)
        finally:
            del self._probes[name]
            for task in running:
                task.add_done_callback(_take_exception)
                task.cancel()

    def _share_probe(self, host: str) -> Deadlines | None:
        """The deadlines of the probe of `host` that is in flight, shared with it so that it sends no second one."""
        by = self._probes.get(host)
        if by:
            by.is_shared = True
        return by

    async def _until_silent(self, session: Session, running: set[asyncio.Task[Reply]]) -> None:
        """Wait for the first of `running`, for at most half of its time."""
        connecting_s, answering_s = self._timeouts.connect_s / 2, self._timeouts.exchange_s / 2
        await asyncio.wait(running, timeout=connecting_s)
        if session.peer and answering_s > connecting_s:
            await asyncio.wait(running, timeout=answering_s - connecting_s)


async def _first_status(running: Iterable[asyncio.Task[Reply]]) -> Reply:
    """The first status that arrives; without any, the first fault."""
    faults: list[Reply] = []
    for task in asyncio.as_completed(running):
        reply = await task
        if isinstance(reply.outcome, int):
            return reply
        faults.append(reply)
    return faults[0]


def _take_exception(task: asyncio.Task[Reply]) -> None:
    """Retrieve the result of an abandoned task, so that asyncio logs nothing."""
    if not task.cancelled():
        task.exception()
