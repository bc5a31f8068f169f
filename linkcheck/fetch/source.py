"""Where replies come from: the network (here), or a recording (replay.py). Nothing else knows which of them it is.

A host that has not answered yet is *probed*: a silent one is asked twice within one time-out, not one after the other.
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
from linkcheck.fetch.host import GivenUp, Host, Refusals, Refused
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.own import AWAY, OwnNetwork
from linkcheck.fetch.network.pulse import Canary, is_doubtful
from linkcheck.fetch.resolve import Resolver
from linkcheck.fetch.throttle import Refusal
from linkcheck.fetch.transport import Transports
from linkcheck.model import Fault, Purpose, Url


class ExchangeSource(Protocol):
    """`started` is when the run began, `requests` counts what was sent."""

    started: datetime
    network: OwnNetwork

    @property
    def requests(self) -> int: ...

    @property
    def is_resolver_working(self) -> bool:
        """Whether any name had an address in this run."""

    def leaves_out(self, url: Url) -> bool:
        """Whether `url` is not asked at all, and nothing said of it."""

    def wait_s(self, seconds: float) -> float:
        """How long to wait where the network would be given so many `seconds`."""

    def note_start(self, host: str) -> None:
        """One more link of `host` (as of urls.origin_host) is about to be asked for."""

    async def exchange(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:
        """One request to one URL of `host`, and what is known of it then. Raises GivenUp."""

    def note_refusal(self, lanes: Lanes[Any], url: Url, one: Refused, before: Refusals) -> Refusal | None:
        """When a refused URL may come again; None where it has come often enough. Raises GivenUp."""

    def forget_failed_names(self) -> None:
        """Look up again what could not be found."""

    def start_afresh(self) -> None:
        """Our network may be another one now: know nothing of names, and keep no connection."""

    async def close(self) -> None: ...


def wants_lenient(session: Session, reply: Reply) -> bool:
    """Whether TLS is at fault, and a page may be there all the same."""
    is_tls = reply.outcome in CERTIFICATE_FAULTS or reply.outcome is Fault.TLS_HANDSHAKE
    return is_tls and session.request.purpose is not Purpose.LOOKUP


def seen_leniently(reply: Reply, again: Reply) -> Reply:
    """What is known when TLS was at fault in `reply`, and `again` was asked for without verification."""
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
    ) -> None:
        self.started = datetime.now(UTC)
        page = urls.normalise(canary)
        last = Canary(urls.registrable_domain(urls.host(page)), page) if page else None
        self.network = OwnNetwork(self._poll, timeout_s=timeouts.exchange_s, away_s=away_s, canary=last)
        self._exchanger = Exchanger(transports, timeouts, self.network, on_exchange)
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

    def note_refusal(self, lanes: Lanes[Any], url: Url, one: Refused, before: Refusals) -> Refusal | None:
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
        """One request to one URL, and once more where the local network was down meanwhile."""
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
        """Look up the name of a host before its time begins; the seconds that it took, without those of waiting for
        the names of others."""
        started = asyncio.get_running_loop().time()
        with suppress(httpx.InvalidURL, ValueError):  # `Exchanger.ask` says so
            await self._transports.prepare(httpx.URL(url))
        return min(asyncio.get_running_loop().time() - started, self._resolver.longest_s)

    async def _exchange_once(self, session: Session, url: Url, host: Host, lanes: Lanes[Any] | None) -> Reply:
        """One request to one URL, asked for again without verification where TLS is at fault; a probe, with `lanes`."""
        reply = await (
            self._probe(session, url, host, lanes) if lanes is not None else self._exchanger.ask(session, url, host)
        )
        if not wants_lenient(session, reply):
            return reply
        return seen_leniently(reply, await self._exchanger.ask(session, url, host, is_lenient=True))

    # -- hosts that have not answered yet ----------------------------------------------------

    async def _probe(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:
        """A request to a host that has not answered yet.

        Half its time gone in silence, a second link of the host is tried (by its lane), for the
        rest of the time; where there is no other link, this one again over a fresh connection. So
        a silent host has been asked twice when one time-out is over, and is given up for the rest.
        The time is the shorter one for connecting as long as there is no connection.
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
        """The deadlines of the probe that `host` has in flight, which need no second one of its own then."""
        by = self._probes.get(host)
        if by:
            by.is_shared = True
        return by

    async def _until_silent(self, session: Session, running: set[asyncio.Task[Reply]]) -> None:
        """Wait for the first of `running`, until half the time is over that it has."""
        connecting_s, answering_s = self._timeouts.connect_s / 2, self._timeouts.exchange_s / 2
        await asyncio.wait(running, timeout=connecting_s)
        if session.peer and answering_s > connecting_s:
            await asyncio.wait(running, timeout=answering_s - connecting_s)


async def _first_status(running: Iterable[asyncio.Task[Reply]]) -> Reply:
    """The first status that comes; where none does, the first fault."""
    faults: list[Reply] = []
    for task in asyncio.as_completed(running):
        reply = await task
        if isinstance(reply.outcome, int):
            return reply
        faults.append(reply)
    return faults[0]


def _take_exception(task: asyncio.Task[Reply]) -> None:
    """Whatever comes of it, nobody asks any more: asyncio would print a traceback."""
    if not task.cancelled():
        task.exception()
