"""Chain: one request with its redirects, cookies, attempts and waits, up to its one observation.

Redirects are followed here, hop by hop, each in its host's lane and through the guard (RFC 9110 §15.4; at most 20, as
in browsers, and for three time-outs of requests in all), with cookies that live for one chain.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from linkcheck import urls
from linkcheck.common.secret import masked
from linkcheck.fetch.exchange import REDIRECTS, OnExchange, Reply, Session
from linkcheck.fetch.host import GivenUp, Host, Hosts, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.retry import SLOW_FAULTS, Limits, is_transient, retrying
from linkcheck.fetch.source import ExchangeSource
from linkcheck.model import Exchange, Fault, Hop, Observation, Request, Sighting, Url

Ticket = Request | asyncio.Future[None]

MAX_HOPS = 20
_CHAIN_TIMEOUTS = 3
_MOST_CHARS = 65_536  # of a URL, the limit of httpx


@dataclass(slots=True, repr=False)
class Context:
    """What all chains of a run share. `put` queues requests, `wake` is called when the lanes have changed."""

    source: ExchangeSource
    hosts: Hosts
    lanes: Lanes[Ticket]
    limits: Limits
    timeout_s: float
    wake: asyncio.Event
    put: Callable[[Iterable[Request]], None]
    on_exchange: OnExchange | None


@dataclass(slots=True)
class Chain:
    """One request and its redirects.

    `slot` is the host whose slot it holds, '' for none; `url` is the current URL, of `host`, and `hops` are the
    redirects so far. `first_at` is when the first reply came, `waited_s` the seconds waited between attempts.
    """

    request: Request
    started: float
    context: Context = field(repr=False)
    session: Session
    slot: str
    url: Url
    hops: list[Hop]
    first_at: datetime | None = None
    waited_s: float = 0.0
    host_name: str = ""
    host: Host = field(init=False, repr=False)
    refusals: RefusalCount = field(default_factory=RefusalCount)

    @classmethod
    def begin(cls, request: Request, context: Context, started: float) -> Chain:
        """The chain of a request that may start: it holds a slot of its host."""
        session = Session(request, asked_s=request.asked_s)
        slot = urls.origin_host(request.url)
        return cls(request, started, context, session, slot, request.url, list(request.trail))

    # -- redirects ---------------------------------------------------------------------------

    async def follow(self) -> Observation:
        """Follow all redirects; returns the final observation. Raises GivenUp."""
        while True:
            reply = self._out_of_time() or await self._hop()
            self.first_at = self.first_at or reply.at or self.context.source.started
            location = reply.headers.get("location", "") if reply.outcome in REDIRECTS else ""
            if not location:
                return self._observation(reply)
            target = urls.normalise(location, base=self.url)
            self.hops.append(Hop(self.url, int(reply.outcome)))
            if target is None or len(target) > _MOST_CHARS:
                reason = f"redirects to {masked(location)[:200]!r}"
                return self._observation(replace(reply, outcome=Fault.BAD_REDIRECT, detail=reason))
            if len(self.hops) > MAX_HOPS:
                reason = f"more than {MAX_HOPS} redirects"
                return self._observation(replace(reply, outcome=Fault.TOO_MANY_REDIRECTS, detail=reason))
            self.url = target

    def _out_of_time(self) -> Reply | None:
        """The reply that ends a chain whose time is used up, else None."""
        asked_s = self.session.asked_s
        if not self.hops or asked_s <= _CHAIN_TIMEOUTS * self.context.timeout_s:
            return None
        last = masked(self.hops[-1].url)[:200]
        reason = f"{len(self.hops)} redirects took {asked_s:.0f} s, the last of them {last}"
        self.session.attempts, now = 1, datetime.now(UTC)
        if self.context.on_exchange:  # recorded, since a replay has no clock
            self.context.on_exchange(Exchange(now, self.url, Fault.TOO_MANY_REDIRECTS, detail=reason))
        return Reply(Fault.TOO_MANY_REDIRECTS, detail=reason, at=now)

    def _observation(self, reply: Reply) -> Observation:
        assert self.first_at is not None
        elapsed_s = asyncio.get_running_loop().time() - self.started
        sighting = Sighting(
            self.first_at,
            reply.outcome,
            self.url,
            hops=tuple(self.hops),
            attempts=self.session.attempts,
            elapsed_s=round(elapsed_s, 3),
            insecure=reply.insecure,
            retry_after_s=reply.retry_after_s,
            detail=reply.detail or reply.body.trouble,
            look=self.request.look,
            etag=_validator(reply, "etag"),
            modified=_validator(reply, "last-modified"),
        )
        return Observation(
            self.request,
            sighting,
            reply.headers,
            reply.body.data,
            reply.body.is_complete,
            self.session.peer,
            self.session.asked_s,
        )

    # -- attempts ----------------------------------------------------------------------------

    async def _hop(self) -> Reply:
        """The reply of one URL, retried while it is transient. Raises GivenUp."""
        self.host_name = urls.origin_host(self.url)
        self.host = self.context.hosts[self.host_name]
        self.session.attempts, self.refusals = 0, RefusalCount()
        first = await self._attempt()
        is_silent = first.outcome in SLOW_FAULTS and not self.host.is_open
        return first if is_silent or not is_transient(first.outcome) else await self._retried(first)

    async def _retried(self, first: Reply) -> Reply:
        """The last reply of some more attempts after a transient `first` one."""
        limits = self.context.limits
        limits = replace(limits, wait_s=max(0.0, limits.wait_s - self.waited_s))
        reply = first
        async for attempt in retrying(limits, _outcome_and_wait, self._pause):
            if attempt.retry_state.attempt_number > 1:
                reply = await self._attempt()
            attempt.retry_state.set_result(reply)
        return reply

    async def _pause(self, seconds: float) -> None:
        self.waited_s += seconds
        await self._enter(self.context.source.wait_s(seconds))

    async def _attempt(self) -> Reply:
        """The next reply that is no rate limit, or the last refusal of a URL that was refused too often."""
        context, host, loop = self.context, self.host, asyncio.get_running_loop()
        while True:
            await self._enter()
            self.session.attempts += 1
            started = loop.time()
            reply = await context.source.exchange(self.session, self.url, host, context.lanes)
            if isinstance(reply.outcome, Fault):
                self._note_fault(reply.outcome)
                return reply
            now = loop.time()
            if not host.limits_rate(reply.outcome, reply.retry_after_s):
                context.lanes.note_answer(self.host_name, started, now, refused_before=self.refusals.count)
                self._empty_if_given_up()
                return reply
            refused = Refusal(reply.outcome, started, now, reply.retry_after_s)
            try:
                refusal = context.source.note_refusal(context.lanes, self.url, refused, self.refusals)
            finally:
                self._empty_if_given_up()
            if refusal is None:
                return reply
            self.leave()
            if not refusal.is_own and self.refusals.count > 1:  # let another waiting URL open the host
                await self._enter(behind=1)
            else:
                await self._enter(max(0.0, refusal.until - loop.time()))

    def _note_fault(self, fault: Fault) -> None:
        """Note a time-out of a host that has not answered yet: it may be silent."""
        if fault in SLOW_FAULTS and not self.host.is_open:
            self.context.lanes.narrow(self.host_name)
            self.host.note_silence(fault)
            self._empty_if_given_up()

    # -- lanes -------------------------------------------------------------------------------

    async def _enter(self, wait_s: float = 0.0, *, behind: int = 0) -> None:
        """Release the current slot and wait for one of the host, `wait_s` from now. Raises GivenUp.

        `behind` is the number of waiting tickets that go first.
        """
        if self.slot == self.host_name and not wait_s:
            return
        self.leave()
        if given_up := self.host.given_up:
            raise given_up
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        not_before = loop.time() + wait_s if wait_s else 0.0
        self.context.lanes.put(turn, self.host_name, not_before=not_before, first=True, behind=behind)
        self.context.wake.set()
        await turn
        self.slot = self.host_name

    def leave(self) -> None:
        """Release the slot."""
        if self.slot:
            self.context.lanes.free(self.slot, asyncio.get_running_loop().time())
            self.slot = ""

    def _empty_if_given_up(self) -> None:
        """If the host has been given up, answer all its waiting requests with the reason."""
        given_up = self.host.given_up
        if given_up is None:
            return
        dropped = self.context.lanes.drop(self.host_name)
        for ticket in dropped:
            if not isinstance(ticket, Request):
                ticket.set_exception(given_up)
        self.context.put([ticket for ticket in dropped if isinstance(ticket, Request)])


def unseen(request: Request, why: GivenUp, context: Context, chain: Chain | None = None) -> Observation:
    """The observation for a request that is not sent, or not retried."""
    asked, at = chain.url if chain else request.url, why.at or context.source.started
    if context.on_exchange and why.fault is Fault.HELD_BACK:  # recorded, since a replay has no clock
        context.on_exchange(Exchange(at, asked, why.fault, detail=str(why)))
    hops, attempts = (tuple(chain.hops), chain.session.attempts) if chain else ((), 0)
    url = hops[-1].url if hops else request.url
    sighting = Sighting(at, why.fault, url, hops=hops, attempts=attempts, detail=str(why), look=request.look)
    return Observation(request, sighting)


def _outcome_and_wait(reply: Reply) -> tuple[int | Fault, float | None]:
    return reply.outcome, reply.retry_after_s


def _validator(reply: Reply, name: str) -> str:
    """A validator for conditional requests (RFC 9110 §8.8), '' if the reply has none that can be sent."""
    return reply.headers.get(name, "")[:200] if reply.outcome == 200 else ""
