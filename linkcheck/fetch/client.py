"""Requests in, observations into a sink: every request answered once, whatever the network does.

The sink gets each Observation as it arrives and may return further Requests; nothing is yielded
from inside a task group (PEP 789). Redirects are followed here, hop by hop, each in its own
host's lane and through the guard (RFC 9110 §15.4; at most 20, as browsers do, and for three time-outs
of asking in all), with a cookie jar that lives for one chain.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import NoReturn, Self

import httpx

from linkcheck import HOME_PAGE, __version__, urls
from linkcheck.common.boundary import trouble_of
from linkcheck.common.secret import masked
from linkcheck.errors import LinkcheckError
from linkcheck.fetch import body as bodies
from linkcheck.fetch import cookies
from linkcheck.fetch.faults import CERTIFICATE_FAULTS, fault_of
from linkcheck.fetch.guard import is_public
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.doubts import LATE_S, Doubts, is_name_fault
from linkcheck.fetch.network.outage import Diagnosis, Watch
from linkcheck.fetch.network.pulse import NAME_FAULTS, NO_WAY, Canary, Pulse, is_doubtful, is_failure
from linkcheck.fetch.resolve import Resolver
from linkcheck.fetch.retry import SLOW_FAULTS, Limits, is_transient, retry_after_s, retrying
from linkcheck.fetch.throttle import Refusal
from linkcheck.fetch.transport import ConnectTo, DirectTransport, Route, Transports
from linkcheck.fetch.warc import Replay
from linkcheck.model import Exchange, Fault, Hop, Observation, Outage, Pace, Purpose, Request, Sighting, Url
from linkcheck.model import replace as changed

Sink = Callable[[Observation], Iterable[Request]]
Unlearn = Callable[[Observation], None]
OnExchange = Callable[[Exchange], None]

MAX_HOPS = 20
_CHAIN_TIMEOUTS = 3
USER_AGENT = f"linkcheck/{__version__} (+{HOME_PAGE})"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "user-agent": USER_AGENT,
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8",
    "accept-language": "en,*;q=0.5",
    "accept-encoding": bodies.ACCEPT_ENCODING,
}
# The second look: as honest, in the form that servers made for browsers expect.
_SECOND_HEADERS = _HEADERS | {
    "user-agent": f"Mozilla/5.0 (compatible; linkcheck/{__version__}; +{HOME_PAGE})",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9",
    "upgrade-insecure-requests": "1",
    "connection": "close",
}
_FIELDS, _SECOND_FIELDS = (tuple(httpx.Headers(fields).raw) for fields in (_HEADERS, _SECOND_HEADERS))
# Nobody was asked, or nobody knows what was answered.
_NO_EXCHANGE = frozenset({Fault.OWN_LIMIT, Fault.INTERNAL_ERROR})
_NO_BODY = httpx.ByteStream(b"")
_MOST_CHARS = 65_536  # of a URL, that httpx takes
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/json", "application/atom")
_MOST_OWN_REFUSALS = 4
_STILL_LIMITED = "the host went on limiting the rate until we stopped asking"
_HOSTS_A_DOMAIN = 4
_UNREAD_BYTES = 6_291_456  # what they take is never given back to the system
_UNREAD_S = 0.2  # what has not been read yet is lost when the process is killed
_READ_AT_ONCE = 16
_READING_S = 0.05
_PROXY = "a proxy"
_AWAY = "our own network was away"
_ALONE = "nothing else answered any more"
_LATE_BODY = "the body did not arrive in time"


@dataclass(frozen=True, slots=True)
class Options:
    """How to fetch.

    `keep` idle connections are kept at most (50 KB each); `timeout_s` bounds one exchange as a
    whole, `connect_timeout_s` the connecting. When our own network is away we wait for it, at most
    `away_s` in all; `canary` is asked when no page that has answered does so any more.
    """

    concurrency: int = 256
    keep: int = 1_500
    pace: Pace = Pace(slots=8)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    timeout_s: float = 20.0
    connect_timeout_s: float = 10.0
    limits: Limits = Limits()
    allow_private: bool = False
    connect_to: tuple[ConnectTo, ...] = ()
    dns: str = ""
    second_dns: str = ""
    away_s: float = 0.0
    canary: str = ""


@dataclass(slots=True)
class _Answer:
    """What one exchange gave: a status with headers and body, or a fault.

    `headers` have lower-case names, repeated fields joined (RFC 9110 §5.3); `fields` are the same as they
    came, for who listens.
    """

    outcome: int | Fault
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[tuple[str, str], ...] = ()
    body: bodies.Body = bodies.Body(b"", is_complete=True)
    detail: str = ""
    insecure: Fault | None = None
    retry_after_s: float | None = None
    at: datetime | None = None


@dataclass(slots=True)
class _Chain:
    """One request on its way through its redirects; `slot` is the host whose slot it holds.

    `peer` is the address that its last exchange is connected to, '' as long as it is not.
    """

    request: Request
    started: float
    slot: str | None
    url: Url
    hops: list[Hop] = field(default_factory=list)
    jar: httpx.Cookies | None = None
    attempts: int = 0
    waited_s: float = 0.0
    refusals: int = 0
    own_refusals: int = 0  # that were not about the host
    answers_then: int = 0  # of the host, at the last refusal
    peer: str = ""
    asked_s: float = 0.0  # of waiting for answers

    def meet(self, peer: str) -> None:
        self.peer = peer


@dataclass(slots=True)
class _Deadlines:
    """When a connection has to be there, and when the answer (times of the loop's clock).

    `is_shared` says that a second link of the host is asked by them.
    """

    connect: float
    answer: float
    is_shared: bool = False


class _CutOff(Exception):
    """Our own network is away, and we wait no longer."""


class _GivenUp(Exception):
    def __init__(self, fault: Fault, detail: str, at: datetime | None = None) -> None:
        super().__init__(detail)
        self.fault, self.at = fault, at


class Fetcher:
    """`async with Fetcher(options) as fetcher: await fetcher.fetch(requests, sink)`.

    `on_exchange` gets every exchange as it ends; `replay` answers in place of the network, without waits.
    """

    def __init__(
        self,
        options: Options,
        transports: Transports | None = None,
        *,
        on_exchange: OnExchange | None = None,
        replay: Replay | None = None,
    ) -> None:
        self._on_exchange = on_exchange
        self._replay = replay
        self._started = replay.run.started if replay else datetime.now(UTC)
        self.options = options
        self.resolver = Resolver(options.dns, options.second_dns, timeout_s=min(2.0, options.timeout_s / 6))
        route = Route(self.resolver, options.connect_to, options.allow_private)
        self._transports = transports or Transports(route, keep=options.keep)
        self._lanes: Lanes[Request | asyncio.Future[None]]
        self._sink: Sink
        self._unlearn: Unlearn | None = None
        self._wake = asyncio.Event()
        self._active = 0
        self._pulse = Pulse(quiet_s=max(1.0, 0.15 * options.timeout_s))
        self._watch = Watch(self._pulse, self._poll, options.timeout_s, options.away_s)
        self._doubts = Doubts()
        self._silences: list[tuple[float, bool]] = []  # when each began; whether more than names is in doubt
        self._unread: deque[tuple[float, Observation]] = deque()
        self._unread_bytes = 0
        self._given_up: dict[str, _GivenUp] = {}
        self._asked_too_long: dict[str, int] = {}  # host to its answers then
        self._silent: dict[str, int] = {}
        self._probing: dict[str, _Deadlines] = {}
        self.requests = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transports.close()
        await self.resolver.close()

    @property
    def is_resolver_working(self) -> bool:
        """Whether any name had an address in this run."""
        return self._replay.run.resolver_works if self._replay else self.resolver.answered > 0

    @property
    def outages(self) -> tuple[Outage, ...]:
        """When our own network was away."""
        return self._replay.run.outages if self._replay else tuple(self._watch.outages)

    @property
    def is_cut_off(self) -> bool:
        """Whether our own network went away and did not come back."""
        return bool(self.outages) and self.outages[-1].end is None and not self._watch.is_examining

    @property
    def is_network_well(self) -> bool:
        """Whether it was in doubt that our own network works, and then shown."""
        return self._watch.is_well

    @property
    def asked_again(self) -> int:
        """How many links were asked again for that."""
        return self._replay.run.asked_again if self._replay else self._doubts.asked_again if self._watch.outages else 0

    async def fetch(self, requests: Iterable[Request], sink: Sink, unlearn: Unlearn | None = None) -> None:
        """Give `sink` one observation for each request, and for each that it returns.

        With `unlearn` our own network is watched. What failed while it was away is asked again; if it had
        been given to `sink` before, `unlearn` takes it back first. Where the network stays away this ends.
        """
        self._sink, self._unlearn = sink, None if self._replay else unlearn
        self._pulse.answered_at = asyncio.get_running_loop().time()
        self._lanes = Lanes(
            total=self.options.concurrency, pace=self.options.pace, paces=self.options.paces, warm=self.options.keep,
            patience_s=self.options.connect_timeout_s / 2,
            domain_of=urls.registrable_domain, domain_slots=_HOSTS_A_DOMAIN * self.options.pace.slots,
            longest_wait_s=self.options.limits.retry_after_s,
        )  # fmt: skip
        try:
            async with asyncio.TaskGroup() as group:
                self._put(requests)
                while self._has_work() or self._is_unsure():
                    self._look_after_network(group)
                    self._start(group)
                    if self._has_to_read():
                        self._hand_over(_READ_AT_ONCE)
                        await asyncio.sleep(0)
                    elif self._has_work():
                        await self._until(self._wakes_at())
        except asyncio.CancelledError:
            self._let_go()
            raise
        except BaseExceptionGroup as errors:
            # A proxy that cannot be used is found by the first request, and is the user's to mend.
            raised = next((one for one in errors.exceptions if isinstance(one, LinkcheckError | _CutOff)), errors)
            if not isinstance(raised, _CutOff):
                raise raised from None
            self._let_go()
        finally:
            while self._unread:  # interrupted: what has been seen is known
                self._sink(self._next_unread())

    def _start(self, group: asyncio.TaskGroup) -> None:
        """Let everything begin whose turn has come, unless too much waits to be read."""
        now = asyncio.get_running_loop().time()
        while self._may_start() and (ticket := self._lanes.take(now)) is not None:
            if isinstance(ticket, Request):
                self._active += 1
                self._share_probe(urls.origin_host(ticket.url))
                group.create_task(self._look(ticket))
            else:
                ticket.set_result(None)

    def _may_start(self) -> bool:
        return self._unread_bytes < _UNREAD_BYTES and not self._watch.is_examining

    def _has_work(self) -> bool:
        waits = self._active or self._lanes.waiting or self._unread or self._watch.is_examining
        return bool(waits or self._silences)

    def _hand_over(self, least: int) -> None:
        """Let the next observations be read: some, and all that have waited too long; but for a moment only, since
        nobody is heard meanwhile whose time is running."""
        clock = asyncio.get_running_loop().time
        began = clock()
        while self._unread and (least > 0 or self._unread[0][0] <= began - _UNREAD_S):
            self._put(self._sink(self._next_unread()))
            least -= 1
            if clock() - began > _READING_S:
                break

    def _has_to_read(self) -> bool:
        """Whether the next observation is read now.

        Reading a page takes longer than asking for it. As long as there are hosts that have not been
        asked, the asking goes first: what a silent one costs is a time-out from its first request on.
        But nothing waits for long.
        """
        if not self._unread:
            return False
        can_wait = self._lanes.has_cold and self._active and self._unread_bytes < _UNREAD_BYTES
        return not can_wait or asyncio.get_running_loop().time() >= self._unread[0][0] + _UNREAD_S

    def _wakes_at(self) -> float | None:
        """When something is to be done by the clock."""
        times = [self._unread[0][0] + _UNREAD_S if self._unread else None]
        if not self._watch.is_examining:
            times += [self._lanes.wakes_at(), self._suspicious_at()]
        return min((at for at in times if at is not None), default=None)

    def _next_unread(self) -> Observation:
        _, observation = self._unread.popleft()
        self._unread_bytes -= len(observation.body)
        return observation

    async def _until(self, at: float | None) -> None:
        """Sleep until something changed, or until the loop's clock says `at`."""
        alarm = asyncio.get_running_loop().call_at(at, self._wake.set) if at is not None else None
        await self._wake.wait()
        self._wake.clear()
        if alarm:
            alarm.cancel()

    def _put(self, requests: Iterable[Request]) -> None:
        for request in requests:
            if given_up := self._given_up.get(urls.origin_host(request.url)):
                self._refuse(request, given_up)
            elif not (self._replay and self._replay.is_cut_off(request.url)):
                self._put_one(request)

    def _put_one(self, request: Request) -> None:
        delay_s = 0.0 if self._replay else request.delay_s
        not_before = asyncio.get_running_loop().time() + delay_s if delay_s else 0.0
        try:
            self._lanes.put(request, urls.origin_host(request.url), not_before=not_before)
        except Exception as error:
            self._refuse(request, _GivenUp(Fault.INTERNAL_ERROR, trouble_of(error)))

    def _refuse(self, request: Request, why: _GivenUp) -> None:
        """Say of a request why it is not asked."""
        unseen = self._unseen(request, why)
        self._doubt(unseen)
        self._put(self._sink(unseen))

    # -- one request -------------------------------------------------------------------------

    async def _look(self, request: Request) -> None:
        started = asyncio.get_running_loop().time()
        chain = _Chain(request, started, slot=urls.origin_host(request.url), url=request.url, hops=list(request.trail))
        chain.asked_s = request.asked_s
        try:
            observation = await self._follow(chain)
        except _GivenUp as error:
            observation = self._unseen(request, error, chain)
        except Exception as error:
            observation = self._unseen(request, _GivenUp(Fault.INTERNAL_ERROR, trouble_of(error)), chain)
        finally:
            self._leave(chain)
            self._active -= 1
            self._wake.set()  # the main loop runs after this task has handed its observation over
        self._doubt(observation)
        self._unread.append((asyncio.get_running_loop().time(), observation))
        self._unread_bytes += len(observation.body)

    async def _follow(self, chain: _Chain) -> Observation:
        """The chain's last answer, redirects followed."""
        at, url = None, chain.request.url
        while True:
            answer = self._too_late(chain, url) or await self._persist(chain, url)
            at = at or answer.at or self._started
            location = answer.headers.get("location", "") if answer.outcome in _REDIRECTS else ""
            if not location:
                return self._observed(chain, at, url, answer)
            target = urls.normalise(location, base=url)
            chain.hops.append(Hop(url, int(answer.outcome)))
            if target is None or len(target) > _MOST_CHARS:
                words = f"redirects to {masked(location)[:200]!r}"
                return self._observed(chain, at, url, replace(answer, outcome=Fault.BAD_REDIRECT, detail=words))
            if len(chain.hops) > MAX_HOPS:
                words = f"more than {MAX_HOPS} redirects"
                return self._observed(chain, at, url, replace(answer, outcome=Fault.TOO_MANY_REDIRECTS, detail=words))
            url = target

    def _too_late(self, chain: _Chain, url: Url) -> _Answer | None:
        """The answer in place of one more hop of a chain that has had its time. (A replay has no clock: it is told.)"""
        if self._replay or not chain.hops or chain.asked_s <= _CHAIN_TIMEOUTS * self.options.timeout_s:
            return None
        last = masked(chain.hops[-1].url)[:200]
        words = f"{len(chain.hops)} redirects took {chain.asked_s:.0f} s, the last of them {last}"
        chain.attempts, now = 1, datetime.now(UTC)
        if self._on_exchange:
            self._on_exchange(Exchange(now, url, Fault.TOO_MANY_REDIRECTS, detail=words))
        return _Answer(Fault.TOO_MANY_REDIRECTS, detail=words, at=now)

    def _observed(self, chain: _Chain, at: datetime, url: Url, answer: _Answer) -> Observation:
        elapsed = asyncio.get_running_loop().time() - chain.started
        sighting = Sighting(
            at,
            answer.outcome,
            url,
            hops=tuple(chain.hops),
            attempts=chain.attempts,
            elapsed_s=round(elapsed, 3),
            insecure=answer.insecure,
            retry_after_s=answer.retry_after_s,
            detail=answer.detail or answer.body.trouble,
            look=chain.request.look,
            etag=_validator(answer, "etag"),
            modified=_validator(answer, "last-modified"),
        )
        return Observation(
            chain.request,
            sighting,
            answer.headers,
            answer.body.data,
            answer.body.is_complete,
            chain.peer,
            chain.asked_s,
        )

    async def _persist(self, chain: _Chain, url: Url) -> _Answer:
        """One hop, asked again while that may help."""
        host = urls.origin_host(url)
        chain.url, chain.attempts, chain.refusals, chain.own_refusals = url, 0, 0, 0
        loop = asyncio.get_running_loop()

        async def once() -> _Answer:
            while True:
                await self._enter(chain, host, 0.0)
                chain.attempts += 1
                started = loop.time()
                answer = await self._exchange(chain, url, is_probe=not self._lanes.is_open(host))
                if not self._is_refusal(host, answer):
                    self._learn(chain, host, answer, started)
                    return answer
                refusal = self._refused(chain, host, url, answer, started)
                if refusal is None:
                    return answer
                self._leave(chain)
                if not refusal.is_own and chain.refusals > 1:  # the next one in turn opens the host
                    await self._enter(chain, host, 0.0, behind=1)
                else:
                    await self._enter(chain, host, max(0.0, refusal.until - loop.time()))

        async def pause(seconds: float) -> None:
            chain.waited_s += seconds
            await self._enter(chain, host, 0.0 if self._replay else seconds)

        first = await once()
        is_silent = first.outcome in SLOW_FAULTS and not self._lanes.is_open(host)
        if is_silent or not is_transient(first.outcome):
            return first
        limits = replace(self.options.limits, wait_s=max(0.0, self.options.limits.wait_s - chain.waited_s))
        return await retrying(limits, _says, pause)(_after(first, once))

    # -- lanes -------------------------------------------------------------------------------

    async def _enter(self, chain: _Chain, host: str, wait_s: float, *, behind: int = 0) -> None:
        """Hold a slot of `host`, `wait_s` from now; the slot held so far is given back.

        `behind` so many that wait for it.
        """
        if chain.slot == host and not wait_s:
            return
        self._leave(chain)
        if given_up := self._given_up.get(host):
            raise given_up
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._lanes.put(turn, host, not_before=loop.time() + wait_s if wait_s else 0.0, first=True, behind=behind)
        self._wake.set()
        await turn
        chain.slot = host

    def _leave(self, chain: _Chain) -> None:
        if chain.slot is not None:
            self._lanes.free(chain.slot, asyncio.get_running_loop().time())
            chain.slot = None

    def _learn(self, chain: _Chain, host: str, answer: _Answer, started: float) -> None:
        """What an answer that is no refusal says of its host: it is there, or it is silent."""
        if isinstance(answer.outcome, int):
            now = asyncio.get_running_loop().time()
            self._lanes.answered(host, started, now, before=chain.refusals)
            self._give_up_slow(host, now)
        elif answer.outcome in SLOW_FAULTS and not self._lanes.is_open(host):
            self._silent[host] = self._silent.get(host, 0) + 1
            self._lanes.narrow(host)
            if self._silent[host] > 1:
                self._give_up(host, answer.outcome, "the host was silent for two other links")

    def _is_refusal(self, host: str, answer: _Answer) -> bool:
        """Whether a host limits the rate: 429 (RFC 6585 §4); 503 that says when to come again (RFC 9110 §15.6.4), or
        of a host that answers other requests (nginx's limit_req sends it by default)."""
        if answer.outcome == 503:
            return answer.retry_after_s is not None or self._lanes.is_open(host)
        return answer.outcome == 429

    def _refused(self, chain: _Chain, host: str, url: Url, answer: _Answer, started: float) -> Refusal | None:
        """When the URL may come again; None where it has come often enough. Raises _GivenUp."""
        now, asked_s = asyncio.get_running_loop().time(), answer.retry_after_s
        if self._replay:
            return Refusal(now) if self._replay.has(url) else None
        if asked_s is not None and asked_s > self.options.limits.retry_after_s:
            self._asked_to_wait_too_long(host, asked_s)
        refusal = self._lanes.refused(
            host, started, now, asked_s, before=chain.refusals, answers_then=chain.answers_then
        )
        chain.answers_then = self._lanes.answers(host)
        chain.refusals += 1
        chain.own_refusals += refusal.counts
        self._give_up_slow(host, now)
        is_server_error = answer.outcome == 503 and asked_s is None
        return refusal if chain.own_refusals <= (1 if is_server_error else _MOST_OWN_REFUSALS) else None

    def _asked_to_wait_too_long(self, host: str, asked_s: float) -> NoReturn:
        """One URL is over; its whole host with the second in a row. Raises _GivenUp."""
        words = f"the host asked to wait {asked_s:.0f} s"
        answers = self._lanes.answers(host)
        if self._asked_too_long.get(host) == answers:
            self._give_up(host, Fault.HELD_BACK, words)
        self._asked_too_long[host] = answers
        raise _GivenUp(Fault.HELD_BACK, words)

    def _give_up_slow(self, host: str, now: float) -> None:
        if host not in self._given_up and self._lanes.is_over(host, now):
            self._give_up(host, Fault.HELD_BACK, _STILL_LIMITED)

    def _give_up(self, host: str, fault: Fault, detail: str) -> None:
        """Ask `host` nothing more in this run; what waits for it gets the reason instead."""
        self._given_up[host] = given_up = _GivenUp(fault, detail)
        dropped = self._lanes.drop(host)
        for turn in dropped:
            if not isinstance(turn, Request):
                turn.set_exception(given_up)
        self._put(ticket for ticket in dropped if isinstance(ticket, Request))

    def _unseen(self, request: Request, error: _GivenUp, chain: _Chain | None = None) -> Observation:
        """The observation of a request that was not sent, or not again, since its host had been given up."""
        asked, at = chain.url if chain else request.url, error.at or self._started
        if self._on_exchange and error.fault is Fault.HELD_BACK:  # a replay has no clock to find that out
            self._on_exchange(Exchange(at, asked, error.fault, detail=str(error)))
        hops, attempts = (tuple(chain.hops), chain.attempts) if chain else ((), 0)
        url = hops[-1].url if hops else request.url
        sighting = Sighting(at, error.fault, url, hops=hops, attempts=attempts, detail=str(error), look=request.look)
        return Observation(request, sighting)

    # -- our own network ---------------------------------------------------------------------

    def _look_after_network(self, group: asyncio.TaskGroup) -> None:
        """Suspect our own network where there is reason to; look up again what its trouble may have spoilt."""
        if not self._unlearn or self._watch.is_examining:
            return
        while self._silences:
            since, is_all = self._silences.pop()
            self._look_again(since, is_all=is_all)
        if self._is_suspicious() or (not self._has_work() and self._is_unsure()):
            self._watch.begin()
            group.create_task(self._examine())

    def _suspicious_at(self) -> float | None:
        return self._pulse.wakes_at(is_busy=self._lanes.waiting > 0) if self._unlearn else None

    def _is_suspicious(self) -> bool:
        at = self._suspicious_at()
        return at is not None and asyncio.get_running_loop().time() >= at

    def _is_unsure(self) -> bool:
        """Whether nobody vouches for what came last."""
        since = max(self._pulse.answered_at, self._watch.examined_at)
        return bool(self._unlearn) and self._doubts.is_unsure(since)

    async def _examine(self) -> None:
        """Find out whether our network is away, and wait for it. Raises _CutOff where that is in vain."""
        since = self._pulse.answered_at
        found = await self._watch.examine(self._canary())
        if found is Diagnosis.LOST:
            raise _CutOff
        if found is Diagnosis.BACK:
            self._come_back(since - LATE_S)
        elif found is Diagnosis.UNCLEAR:
            self._refuse_all(self._doubts.take(since, is_name_fault), _ALONE)
        else:
            self._look_again(since, is_all=found is Diagnosis.LATE)
        self._wake.set()

    def _come_back(self, since: float) -> None:
        """Our network was away: forget what was learned of hosts meanwhile, and ask again what failed."""
        self._silent.clear()
        self._given_up = {host: why for host, why in self._given_up.items() if why.fault not in SLOW_FAULTS}
        self._transports.drop_idle()
        self.resolver.start_afresh()
        again, enough = list[Observation](), list[Observation]()
        for one in self._doubts.take(since):
            (again if self._doubts.may_ask(one.request) else enough).append(one)
        self._put(self._take_back(again))
        self._refuse_all(enough, _AWAY)

    def _look_again(self, since: float, *, is_all: bool) -> None:
        """A second look at the names, or at all, that failed when nothing answered, whosever fault that was."""
        again = self._doubts.take_for_recheck(since, is_all=is_all)
        if again:
            self.resolver.forget_failures()
        self._put(self._take_back(again))

    def _refuse_all(self, seen: Iterable[Observation], why: str) -> None:
        """Believe nothing of what was seen, and do not ask again."""
        for request in self._take_back(seen):
            self._refuse(request, _GivenUp(Fault.OUT_OF_TIME, why))

    def _let_go(self) -> None:
        """The run ends in between: nothing is known of what failed when nothing answered any more."""
        if self.is_cut_off:
            self._take_back(self._doubts.take(self._pulse.answered_at - LATE_S))
        elif self._is_unsure():
            self._take_back(self._doubts.take(self._pulse.answered_at, lambda one: not self._doubts.has_recheck(one)))

    def _take_back(self, seen: Iterable[Observation]) -> list[Request]:
        """Let nothing be known of what was `seen`; the requests for it."""
        back = {id(one): one for one in seen}
        unread = {id(one) for _, one in self._unread}
        self._unread = deque(entry for entry in self._unread if id(entry[1]) not in back)
        self._unread_bytes = sum(len(one.body) for _, one in self._unread)
        for one in back.values():
            if id(one) not in unread and self._unlearn:
                self._unlearn(one)
        return [one.request for one in back.values()]

    def _doubt(self, seen: Observation) -> None:
        if self._unlearn:
            self._doubts.add(seen, asyncio.get_running_loop().time(), self._pulse.answered_at)

    def _canary(self) -> Canary | None:
        url = urls.normalise(self.options.canary)
        return Canary(urls.registrable_domain(urls.host(url)), url) if url else None

    async def _poll(self, page: Canary) -> bool:
        """Ask a page whether the network works, past all that is known of its host; False where we could not
        even try: its name could not be looked up, or there is no way to it."""
        chain = _Chain(Request(page.url, max_bytes=1), asyncio.get_running_loop().time(), slot=None, url=page.url)
        try:
            request = self._request(chain, page.url, self.options.connect_timeout_s, is_lenient=False)
            transport = self._transports.pick(request.url, is_fresh=True)
        except (httpx.InvalidURL, ValueError):
            return True
        request.extensions["anew"] = True
        at = datetime.now(UTC)
        answer = await self._ask_live(chain, transport, request, self._deadlines())
        if self._on_exchange:
            elapsed = asyncio.get_running_loop().time() - chain.started
            told = _exchange(at, page.url, request, answer, elapsed, is_lenient=False)
            self._on_exchange(changed(told, is_canary=True))
        if not is_doubtful(answer.outcome) and answer.outcome not in _NO_EXCHANGE:
            self._live(chain)
        return answer.outcome not in NO_WAY

    def _hear(self, chain: _Chain, url: Url, answer: _Answer, took_s: float) -> None:
        """What an exchange says of our network."""
        domain = urls.registrable_domain(urls.host(url))
        if answer.outcome in _NO_EXCHANGE:
            return
        if is_failure(answer.outcome):
            is_lost_name = answer.outcome in NAME_FAULTS and self._lanes.is_open(urls.origin_host(url))
            self._pulse.note_failure(domain, is_lost_name=is_lost_name)
        elif not is_doubtful(answer.outcome):
            self._live(chain)
            if answer.outcome == 200 and chain.request.purpose is Purpose.PAGE:
                self._pulse.keep(Canary(domain, url, took_s, is_public=_is_public(chain.peer)))
            elif answer.outcome in (429, 503):
                self._pulse.drop(domain)

    def _live(self, chain: _Chain) -> None:
        """Something answered: our network works, unless that is on our side of its trouble."""
        pulse, now = self._pulse, asyncio.get_running_loop().time()
        silence, is_in_doubt = (
            (pulse.answered_at, not pulse.has_answered),
            pulse.have_many_failed or pulse.has_lost_name,
        )
        if not pulse.note_answer(now, is_public=_is_public(chain.peer)):
            return
        if is_in_doubt and self._unlearn:
            self._silences.append(silence)
        self._watch.note_answer()

    async def _was_away(self, chain: _Chain, started: float) -> bool:
        """Whether our network was away during an exchange that began then, and has come back since."""
        await self._watch.settled()
        if self._watch.back_at < started:
            return False
        if not self._doubts.may_ask(chain.request):
            raise _GivenUp(Fault.OUT_OF_TIME, _AWAY)
        return True

    # -- the wire ----------------------------------------------------------------------------

    async def _exchange(self, chain: _Chain, url: Url, *, is_probe: bool) -> _Answer:
        """One request to one URL, and once more where our own network was away meanwhile."""
        while True:
            started = asyncio.get_running_loop().time()
            if is_probe and not self._replay:
                chain.asked_s += await self._look_up(url)
            asked = asyncio.get_running_loop().time()
            answer = await self._exchange_once(chain, url, is_probe=is_probe)
            chain.asked_s += asyncio.get_running_loop().time() - asked
            if not is_doubtful(answer.outcome, answer.insecure) or not await self._was_away(chain, started):
                return answer

    async def _look_up(self, url: Url) -> float:
        """Look up the name of a host before its time begins; the seconds that it took, without those of waiting for
        the names of others."""
        started = asyncio.get_running_loop().time()
        with suppress(httpx.InvalidURL, ValueError):  # `_ask` says so
            await self._transports.prepare(httpx.URL(url))
        return min(asyncio.get_running_loop().time() - started, self.resolver.longest_s)

    async def _exchange_once(self, chain: _Chain, url: Url, *, is_probe: bool) -> _Answer:
        """One request to one URL, looked at again without verification where TLS is at fault."""
        answer = await (self._probe(chain, url) if is_probe else self._ask(chain, url))
        is_tls = answer.outcome in CERTIFICATE_FAULTS or answer.outcome is Fault.TLS_HANDSHAKE
        if not is_tls or chain.request.purpose is Purpose.LOOKUP:
            return answer
        assert isinstance(answer.outcome, Fault)
        again = await self._ask(chain, url, is_lenient=True)
        if isinstance(again.outcome, int):
            return replace(again, insecure=answer.outcome, detail=answer.detail)
        return answer

    async def _probe(self, chain: _Chain, url: Url) -> _Answer:
        """A request to a host that has not answered yet.

        Half its time gone in silence, a second link of the host is tried (by its lane), for the
        rest of the time; where there is no other link, this one again over a fresh connection. So
        a silent host has been asked twice when one time-out is over, and is given up for the rest.
        The time is the shorter one for connecting as long as there is no connection.
        """
        host = urls.origin_host(url)
        if self._replay:
            return await self._replayed_probe(chain, url)
        if first := self._share_probe(host):
            return await self._ask(chain, url, by=first)
        if host in self._silent:
            return await self._ask(chain, url, by=self._deadlines(0.5))
        by = self._probing[host] = self._deadlines()
        running = {asyncio.create_task(self._ask(chain, url, by=by))}
        try:
            await self._until_silent(chain, running)
            if not (any(task.done() for task in running) or by.is_shared or self._lanes.waits(host)):
                chain.attempts += 1
                running.add(asyncio.create_task(self._ask(chain, url, by=by, is_fresh=True)))
            return await _first_answer(running)
        finally:
            del self._probing[host]
            for task in running:
                task.add_done_callback(_drop)
                task.cancel()

    def _share_probe(self, host: str) -> _Deadlines | None:
        """The deadlines of the probe that `host` has in flight, which need no second one of its own then."""
        by = self._probing.get(host)
        if by:
            by.is_shared = True
        return by

    async def _until_silent(self, chain: _Chain, running: set[asyncio.Task[_Answer]]) -> None:
        """Wait for the first of `running`, until half the time is over that it has."""
        connecting_s, answering_s = self.options.connect_timeout_s / 2, self.options.timeout_s / 2
        await asyncio.wait(running, timeout=connecting_s)
        if chain.peer and answering_s > connecting_s:
            await asyncio.wait(running, timeout=answering_s - connecting_s)

    def _deadlines(self, share: float = 1.0) -> _Deadlines:
        """The times that an exchange may take which starts now, or a share of them."""
        now = asyncio.get_running_loop().time()
        return _Deadlines(now + share * self.options.connect_timeout_s, now + share * self.options.timeout_s)

    async def _replayed_probe(self, chain: _Chain, url: Url) -> _Answer:
        """As `_probe`, which asks a silent host twice."""
        answer = await self._ask(chain, url)
        if answer.outcome in SLOW_FAULTS and self._replay and self._replay.has(url):
            chain.attempts += 1
            answer = await self._ask(chain, url)
        return answer

    async def _ask(
        self,
        chain: _Chain,
        url: Url,
        *,
        by: _Deadlines | None = None,
        is_lenient: bool = False,
        is_fresh: bool = False,
    ) -> _Answer:
        """One exchange, live or from the recording, and told to who listens."""
        if self._replay:
            recorded = self._replay.next(url, is_lenient=is_lenient)
            if recorded.outcome is Fault.HELD_BACK:
                chain.attempts -= 1
                raise _GivenUp(Fault.HELD_BACK, recorded.detail, recorded.at)
            self.requests += 1
            return _recorded(recorded, chain.request)
        by = by or self._deadlines()
        chain.peer = ""
        at, started = datetime.now(UTC), asyncio.get_running_loop().time()
        connect_s = max(by.connect - started, self.options.connect_timeout_s / 2)
        is_fresh = is_fresh or chain.request.look > 1
        request: httpx.Request | None = None
        try:
            request = self._request(chain, url, connect_s, is_lenient=is_lenient)
            transport = self._transports.pick(request.url, is_lenient=is_lenient, is_fresh=is_fresh)
        except (httpx.InvalidURL, ValueError) as error:
            answer = _Answer(Fault.PROTOCOL, detail=f"the request cannot be made: {error}")
        except Exception as error:
            answer = _Answer(Fault.INTERNAL_ERROR, detail=trouble_of(error))
        else:
            answer = await self._ask_watched(chain, transport, request, by)
            if not is_lenient:
                self._hear(chain, url, answer, asyncio.get_running_loop().time() - started)
        if self._on_exchange:
            elapsed = asyncio.get_running_loop().time() - started
            self._on_exchange(_exchange(at, url, request, answer, elapsed, is_lenient=is_lenient))
        answer.at = at
        return answer

    async def _ask_watched(
        self, chain: _Chain, transport: httpx.AsyncBaseTransport, request: httpx.Request, by: _Deadlines
    ) -> _Answer:
        domain = urls.registrable_domain(request.url.raw_host.decode("ascii"))
        self._pulse.ask(domain)
        try:
            return await self._ask_live(chain, transport, request, by)
        finally:
            self._pulse.end(domain)

    async def _ask_live(
        self, chain: _Chain, transport: httpx.AsyncBaseTransport, request: httpx.Request, by: _Deadlines
    ) -> _Answer:
        self.requests += 1
        if not isinstance(transport, DirectTransport):
            chain.peer = _PROXY
        response: httpx.Response | None = None
        try:
            async with asyncio.timeout_at(by.answer):
                response = await transport.handle_async_request(request)
                return await self._read(chain, request, response)
        except httpx.RequestError as error:
            fault, detail = fault_of(error)
            return _Answer(fault, detail=detail)
        except TimeoutError:
            if response is not None:
                return self._answer(response, bodies.Body(b"", is_complete=False, trouble=_LATE_BODY))
            return _Answer(Fault.READ_TIMEOUT, detail=f"no answer within {self.options.timeout_s:g} s")
        except (httpx.InvalidURL, ValueError) as error:
            return _Answer(Fault.PROTOCOL, detail=str(error))
        except Exception as error:
            return _Answer(Fault.INTERNAL_ERROR, detail=trouble_of(error))
        finally:
            if response is not None:
                await response.aclose()

    async def _read(self, chain: _Chain, request: httpx.Request, response: httpx.Response) -> _Answer:
        """The answer in `response`. What the body does wrong does not undo the status."""
        answer = self._answer(response, bodies.Body(b"", is_complete=False))
        if "set-cookie" in answer.headers:
            chain.jar = cookies.taken(chain.jar, request, response)
        if response.status_code in _REDIRECTS or not _is_wanted(chain.request, answer.headers):
            return answer
        coding = answer.headers.get("content-encoding", "")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        try:
            answer.body = await bodies.read(response.stream.__aiter__(), coding, chain.request.max_bytes)
        except httpx.RequestError as error:
            answer.body = bodies.Body(b"", is_complete=False, trouble=f"the body broke off: {fault_of(error)[1]}")
        return answer

    def _answer(self, response: httpx.Response, body: bodies.Body) -> _Answer:
        """What is known of an answer when its head is there."""
        headers = dict(response.headers.items())
        fields = tuple(response.headers.multi_items()) if self._on_exchange else ()
        asked = retry_after_s(headers.get("retry-after"), datetime.now(UTC))
        return _Answer(response.status_code, headers, fields, body, retry_after_s=asked)

    def _request(self, chain: _Chain, url: Url, connect_s: float, *, is_lenient: bool) -> httpx.Request:
        fields = _SECOND_FIELDS if chain.request.look > 1 else _FIELDS
        if chain.request.headers:
            own = {name.encode(): value.encode() for name, value in chain.request.headers}
            fields = (*(field for field in fields if field[0] not in own), *own.items())
        target = httpx.URL(url)
        seconds = dict.fromkeys(("read", "write", "pool"), self.options.timeout_s)
        request = httpx.Request(
            "GET", target, headers=[(b"Host", target.netloc), *fields], stream=_NO_BODY,
            extensions={"timeout": {"connect": connect_s, **seconds}, "connected": chain.meet},
        )  # fmt: skip
        if chain.jar is not None and not is_lenient:
            chain.jar.set_cookie_header(request)
        return request


def _after(first: _Answer, once: Callable[[], Awaitable[_Answer]]) -> Callable[[], Awaitable[_Answer]]:
    """`once`, whose first result is known already (most answers need no retrying at all)."""
    known = [first]

    async def next_one() -> _Answer:
        return known.pop() if known else await once()

    return next_one


async def _first_answer(running: Iterable[asyncio.Task[_Answer]]) -> _Answer:
    """The first status that comes; where none does, the first fault."""
    faults: list[_Answer] = []
    for task in asyncio.as_completed(running):
        answer = await task
        if isinstance(answer.outcome, int):
            return answer
        faults.append(answer)
    return faults[0]


def _drop(task: asyncio.Task[_Answer]) -> None:
    """Whatever comes of it, nobody asks any more: asyncio would print a traceback."""
    if not task.cancelled():
        task.exception()


def _is_public(peer: str) -> bool:
    return peer == _PROXY or is_public(peer)


def _says(answer: _Answer) -> tuple[int | Fault, float | None]:
    return answer.outcome, answer.retry_after_s


def _validator(answer: _Answer, name: str) -> str:
    """What a later request may ask with, so that an unchanged page need not be sent again."""
    return answer.headers.get(name, "")[:200] if answer.outcome == 200 else ""


def _is_wanted(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the body can tell us anything: text can, a PDF or a disk image cannot (yet)."""
    if request.purpose is Purpose.LOOKUP:
        return True
    kind = headers.get("content-type", "").strip().lower()
    return not kind or kind.startswith(_TEXT_TYPES)


def _exchange(
    at: datetime, url: Url, request: httpx.Request | None, answer: _Answer, elapsed: float, *, is_lenient: bool
) -> Exchange:
    return Exchange(
        at,
        url,
        answer.outcome,
        tuple(request.headers.multi_items()) if request else (),
        answer.fields,
        answer.body.data,
        answer.body.is_complete,
        answer.detail or answer.body.trouble,
        elapsed,
        is_lenient,
    )


def _recorded(one: Exchange, request: Request) -> _Answer:
    """The answer that an exchange of a recording tells of: no more than `request` would have read of a live one."""
    if isinstance(one.outcome, Fault):
        return _Answer(one.outcome, detail=one.detail, at=one.at)
    headers = dict(httpx.Headers([(name.encode(), value.encode()) for name, value in one.headers]).items())
    is_read = one.outcome not in _REDIRECTS and _is_wanted(request, headers)
    data = one.body[: request.max_bytes] if is_read else b""
    body = bodies.Body(data, one.complete and len(data) == len(one.body), one.detail)
    return _Answer(
        one.outcome, headers, body=body, retry_after_s=retry_after_s(headers.get("retry-after"), one.at), at=one.at
    )
