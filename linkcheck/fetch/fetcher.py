"""Requests in, observations out: exactly one for each request, whatever the network does.

The sink gets each Observation as it arrives and may return further Requests; nothing is yielded
from inside a task group (PEP 789). One request's way is chain.py, whose turn it is lanes.py.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from linkcheck import urls
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Sink
from linkcheck.errors import LinkcheckError
from linkcheck.fetch.chain import Chain, Context, Ticket, unseen
from linkcheck.fetch.exchange import OnExchange, Timeouts
from linkcheck.fetch.headers import OwnHeaders
from linkcheck.fetch.host import GivenUp, Hosts
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.local import Aftermath, CutOff
from linkcheck.fetch.replay import Replay, ReplaySource
from linkcheck.fetch.resolve import Resolver
from linkcheck.fetch.retry import Limits
from linkcheck.fetch.source import ExchangeSource, NetworkSource
from linkcheck.fetch.transport import ConnectTo, Route, Transports
from linkcheck.model import Fault, Observation, Outage, Pace, Request, Url

Retract = Callable[[Observation], None]

_HOSTS_A_DOMAIN = 4
_UNREAD_BYTES = 6_291_456  # memory that is not returned to the system
_UNREAD_S = 0.2  # what has not been read yet is lost when the process is killed
_READ_AT_ONCE = 16
_READING_S = 0.05


@dataclass(frozen=True, slots=True)
class Options:
    """How to fetch.

    `keep` idle connections are kept at most (50 KB each); `timeout_s` bounds one exchange as a
    whole, `connect_timeout_s` the connecting. When our own network is away we wait for it, at most
    `away_s` in all; `canary` is asked when no page that has answered does so any more. `headers`
    are sent to single hosts.
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
    headers: OwnHeaders | None = None


def _network_source(options: Options, transports: Transports | None, on_exchange: OnExchange | None) -> NetworkSource:
    resolver = Resolver(options.dns, options.second_dns, timeout_s=min(2.0, options.timeout_s / 6))
    route = Route(resolver, options.connect_to, options.allow_private)
    return NetworkSource(
        transports or Transports(route, keep=options.keep),
        resolver,
        Timeouts(options.timeout_s, options.connect_timeout_s),
        on_exchange,
        away_s=options.away_s,
        canary=options.canary,
        headers=options.headers,
    )


class _Unread:
    """Observations that wait for the sink, with when they came (of the loop's clock)."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, Observation]] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        return self._bytes >= _UNREAD_BYTES

    @property
    def due_at(self) -> float:
        """When the first has waited long enough; there has to be one."""
        return self._waiting[0][0] + _UNREAD_S

    def add(self, observation: Observation, now: float) -> None:
        self._waiting.append((now, observation))
        self._bytes += len(observation.body)

    def pop(self) -> Observation:
        _, observation = self._waiting.popleft()
        self._bytes -= len(observation.body)
        return observation

    def take_out(self, ids: Iterable[int]) -> set[int]:
        """Take out the observations with these ids (of `id()`); those that were not among them."""
        wanted, there = set(ids), {id(one) for _, one in self._waiting}
        self._waiting = deque(entry for entry in self._waiting if id(entry[1]) not in wanted)
        self._bytes = sum(len(one.body) for _, one in self._waiting)
        return wanted - there


class HttpFetcher:
    """`async with HttpFetcher(options) as fetcher: await fetcher.fetch(requests, sink)`.

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
        self._options = options
        self._on_exchange = on_exchange
        source = ReplaySource(replay) if replay else _network_source(options, transports, on_exchange)
        self._source: ExchangeSource = source
        self._network = source.network
        self._hosts = Hosts(options.pace, options.paces, longest_wait_s=options.limits.retry_after_s)
        self._lanes: Lanes[Ticket]
        self._context: Context
        self._sink: Sink
        self._retract: Retract | None = None
        self._wake = asyncio.Event()
        self._active = 0
        self._unread = _Unread()
        self._unanswered: list[Url] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._source.close()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._source.requests

    @property
    def is_resolver_working(self) -> bool:
        """Whether any name had an address in this run."""
        return self._source.is_resolver_working

    @property
    def unanswered(self) -> tuple[Url, ...]:
        """The URLs of the list that had been requested for some time when the fetching was cancelled."""
        return tuple(self._unanswered)

    @property
    def outages(self) -> tuple[Outage, ...]:
        """The outages of the local network."""
        return self._network.outages

    @property
    def is_cut_off(self) -> bool:
        """Whether the local network went down and did not come back."""
        return self._network.is_cut_off

    @property
    def is_network_confirmed(self) -> bool:
        """Whether a suspected outage of the local network was disproved."""
        return self._network.is_well

    @property
    def asked_again(self) -> int:
        """How many links were requested again because of them."""
        return self._network.asked_again

    async def fetch(self, requests: Iterable[Request], sink: Sink, retract: Retract | None = None) -> None:
        """Give `sink` one observation for each request, and for each that it returns.

        With `retract` our own network is watched. What failed while it was away is asked again; if it had
        been given to `sink` before, `retract` takes it back first. Where the network stays away this ends.
        """
        self._begin(sink, retract)
        try:
            async with asyncio.TaskGroup() as group:
                self._put(requests)
                while self._has_work() or self._network.is_unsure():
                    self._look_after_network(group)
                    self._start(group)
                    if self._has_to_read():
                        self._hand_over(_READ_AT_ONCE)
                        await asyncio.sleep(0)
                    elif self._has_work():
                        await self._until(self._wakes_at())
        except asyncio.CancelledError:
            self._take_back(self._network.unbelieved())
            raise
        except BaseExceptionGroup as errors:
            # A proxy that cannot be used is found by the first request, and is the user's to mend.
            raised = next((one for one in errors.exceptions if isinstance(one, LinkcheckError | CutOff)), errors)
            if not isinstance(raised, CutOff):
                raise raised from None
            self._take_back(self._network.unbelieved())
        finally:
            while self._unread:  # interrupted: what has been seen is known
                self._sink(self._unread.pop())

    def _begin(self, sink: Sink, retract: Retract | None) -> None:
        options = self._options
        self._sink, self._retract = sink, retract
        self._network.start(asyncio.get_running_loop().time(), is_watched=retract is not None)
        for host in self._hosts:
            host.start_cold()
        self._lanes = Lanes(
            total=options.concurrency, hosts=self._hosts, warm=options.keep,
            patience_s=options.connect_timeout_s / 2,
            domain_of=urls.registrable_domain, domain_slots=_HOSTS_A_DOMAIN * options.pace.slots,
        )  # fmt: skip
        self._context = Context(
            self._source, self._hosts, self._lanes, options.limits, options.timeout_s, self._wake, self._put,
            self._on_exchange,
        )  # fmt: skip

    # -- the loop ----------------------------------------------------------------------------

    def _start(self, group: asyncio.TaskGroup) -> None:
        """Start all requests that are due, unless too many bodies wait to be parsed."""
        now = asyncio.get_running_loop().time()
        while self._may_start() and (ticket := self._lanes.take(now)) is not None:
            if isinstance(ticket, Request):
                self._active += 1
                self._source.note_start(urls.origin_host(ticket.url))
                group.create_task(self._run_chain(ticket))
            else:
                ticket.set_result(None)

    def _may_start(self) -> bool:
        return not (self._unread.is_full or self._network.is_examining)

    def _has_work(self) -> bool:
        waits = self._active or self._lanes.waiting or self._unread or self._network.is_examining
        return bool(waits or self._network.has_silences)

    def _hand_over(self, least: int) -> None:
        """Let the next observations be read: some, and all that have waited too long; but for a moment only, since
        no answer is taken meanwhile whose time is running."""
        clock = asyncio.get_running_loop().time
        began = clock()
        while self._unread and (least > 0 or self._unread.due_at <= began):
            self._put(self._sink(self._unread.pop()))
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
        can_wait = self._lanes.has_cold and self._active and not self._unread.is_full
        return not can_wait or asyncio.get_running_loop().time() >= self._unread.due_at

    def _wakes_at(self) -> float | None:
        """When the loop has to wake up, by its clock; None for no time."""
        times = [self._unread.due_at if self._unread else None]
        if not self._network.is_examining:
            times += [self._lanes.wakes_at(), self._network.suspicious_at(is_busy=self._lanes.waiting > 0)]
        return min((at for at in times if at is not None), default=None)

    async def _until(self, at: float | None) -> None:
        """Sleep until something changed, or until the loop's clock says `at`."""
        alarm = asyncio.get_running_loop().call_at(at, self._wake.set) if at is not None else None
        await self._wake.wait()
        self._wake.clear()
        if alarm:
            alarm.cancel()

    # -- one request -------------------------------------------------------------------------

    def _put(self, requests: Iterable[Request]) -> None:
        for request in requests:
            if given_up := self._hosts[urls.origin_host(request.url)].given_up:
                self._refuse(request, given_up)
            elif not self._source.leaves_out(request.url):
                self._put_one(request)

    def _put_one(self, request: Request) -> None:
        delay_s = self._source.wait_s(request.delay_s)
        not_before = asyncio.get_running_loop().time() + delay_s if delay_s else 0.0
        try:
            self._lanes.put(request, urls.origin_host(request.url), not_before=not_before)
        except Exception as error:
            self._refuse(request, GivenUp(Fault.INTERNAL_ERROR, trouble_of(error)))

    def _refuse(self, request: Request, why: GivenUp) -> None:
        """Emit an observation for a request that is not sent."""
        observation = unseen(request, why, self._context)
        self._network.note_observation(observation, asyncio.get_running_loop().time())
        self._put(self._sink(observation))

    async def _run_chain(self, request: Request) -> None:
        chain = Chain.begin(request, self._context, asyncio.get_running_loop().time())
        try:
            observation = await chain.follow()
        except asyncio.CancelledError:
            if asyncio.get_running_loop().time() - chain.started >= self._options.connect_timeout_s / 2:
                self._unanswered.append(request.about)
            raise
        except GivenUp as error:
            observation = unseen(request, error, self._context, chain)
        except Exception as error:
            why = GivenUp(Fault.INTERNAL_ERROR, trouble_of(error))
            observation = unseen(request, why, self._context, chain)
        finally:
            chain.leave()
            self._active -= 1
            self._wake.set()  # the main loop runs after this task has handed its observation over
        now = asyncio.get_running_loop().time()
        self._network.note_observation(observation, now)
        self._unread.add(observation, now)

    # -- the local network ---------------------------------------------------------------------

    def _look_after_network(self, group: asyncio.TaskGroup) -> None:
        """Detect an outage of the local network; repeat the requests that it may have affected."""
        network = self._network
        if not network.is_watched or network.is_examining:
            return
        for aftermath in network.ended_silences():
            self._act_on(aftermath)
        now = asyncio.get_running_loop().time()
        is_suspicious = network.is_suspicious(now, is_busy=self._lanes.waiting > 0)
        if is_suspicious or (not self._has_work() and network.is_unsure()):
            network.begin()
            group.create_task(self._examine())

    async def _examine(self) -> None:
        """Examine the local network, and wait for it to come back. Raises CutOff if it does not."""
        self._act_on(await self._network.examine())
        self._wake.set()

    def _act_on(self, aftermath: Aftermath) -> None:
        if aftermath.is_back:  # silent hosts were not at fault
            for host in self._hosts:
                host.forget_silence()
            self._source.start_afresh()
        elif aftermath.again:
            self._source.forget_failed_names()
        self._put(self._take_back(aftermath.again))
        for request in self._take_back(aftermath.unknown):
            self._refuse(request, GivenUp(Fault.OUT_OF_TIME, aftermath.reason))

    def _take_back(self, seen: Sequence[Observation]) -> list[Request]:
        """Retract the observations `seen`; returns their requests."""
        if not seen:
            return []
        back = {id(one): one for one in seen}
        for known in self._unread.take_out(back):
            if self._retract:
                self._retract(back[known])
        return [one.request for one in back.values()]
