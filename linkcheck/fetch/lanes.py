"""Which request may start now: one queue (lane) a host, one global limit. Hosts, slots and times; no HTTP.

Pure: every call gets `now` (seconds of any monotonic clock). A ticket is any object of the caller, returned when its
request may start. Invariants:

- never more than `total` tickets out, nor more than a lane's slots of one host, nor more than
  `domain_slots` of one registrable domain (`www.` and 300 subdomains are still one provider);
- a lane has one slot until its host has answered (one probe, no thundering herd), and more only if many tickets wait;
- nothing of a host starts before its not-before time, nor within its interval of the last start;
- no ticket holds a slot while it waits;
- a host that refuses is paced by its throttle (throttle.py), and delays no other host;
- hosts without an answer yet go first, so that silent ones are detected early; but when as many hosts wait as
  connections can be kept open for, those are served;
- long lanes go before short ones: the longest decides when a run ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

from linkcheck.fetch.host import Host, Hosts, Refusal, RefusalCount
from linkcheck.fetch.throttle import Requeue

T = TypeVar("T")
_TICKETS_A_SLOT = 6


@dataclass(slots=True)
class _Domain:
    in_flight: int = 0
    parked: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Lane(Generic[T]):
    host: Host
    domain: _Domain
    ready: deque[T] = field(default_factory=deque)
    later: list[tuple[float, int, T]] = field(default_factory=list)
    in_flight: int = 0
    urgent: int = 0  # number of tickets at the front of `ready` that have waited before
    next_start: float = 0.0
    widest: int = 1  # number of open connections
    has_been_probed: bool = False
    probes: int = 1
    second_probe_at: float = float("inf")
    is_queued: bool = False
    alarm: float = float("inf")

    @property
    def interval_s(self) -> float:
        return max(self.host.pace.interval_s, self.host.throttle.interval_s)

    @property
    def slots(self) -> int:
        """One until the host has answered; then one more for every few waiting tickets, up to its pace:
        a short lane keeps its one connection, which costs less than a second handshake, and open
        connections are used to the end."""
        if not self.host.is_open:
            return self.probes
        if self.host.throttle.refusals:
            held = len(self.later) if not self.urgent else 0
            return self.host.throttle.at_once(held)
        return min(self.host.pace.slots, max(self.widest, 1 + len(self.ready) // _TICKETS_A_SLOT))

    def opens_at(self) -> float:
        """The earliest time of the next start."""
        return max(self.host.throttle.closed_until, self.next_start)

    @property
    def waiting(self) -> int:
        return len(self.ready) + len(self.later)


class Lanes(Generic[T]):
    def __init__(
        self,
        *,
        total: int,
        hosts: Hosts,
        warm: int = 1_000,
        patience_s: float = float("inf"),
        domain_of: Callable[[str], str] = str,
        domain_slots: int = 0,
    ) -> None:
        """At most `total` tickets are out at once; at most `warm` hosts are kept waiting.

        A host that has not answered its probe within `patience_s` gets a second one, with another
        ticket, so that one slow page does not decide for its host. `domain_of` gives the registrable
        domain of a host, of which at most `domain_slots` (0: any number) are in flight.
        """
        self._domain_of = domain_of
        self._domain_slots = domain_slots or total
        self._domains: dict[str, _Domain] = {}
        self._patience_s = patience_s
        self._total = total
        self._most_warm = warm
        self._hosts = hosts
        self._lanes: dict[str, _Lane[T]] = {}
        self._cold: list[tuple[int, int, str]] = []
        self._warm: list[tuple[int, int, str]] = []
        self._alarms: list[tuple[float, str]] = []
        self._serial = 0
        self.in_flight = 0
        self.waiting = 0

    def put(self, ticket: T, host: str, *, not_before: float = 0.0, first: bool = False, behind: int = 0) -> None:
        """Queue `ticket` for a slot of `host`; with `first` it goes before all but `behind` waiting ones."""
        lane = self._lane(host)
        self._serial += 1
        self.waiting += 1
        if not_before > 0:
            heappush(lane.later, (not_before, self._serial, ticket))
            self._set_alarm(host, lane, not_before)
        else:
            lane.ready.insert(behind if first else len(lane.ready), ticket)
            lane.urgent += first
            self._offer(host, lane)

    def take(self, now: float) -> T | None:
        """The next ticket that may start now, or None; the caller has to call `free` for it."""
        self._ring(now)
        while (self._cold or self._warm) and self.in_flight < self._total:
            is_warm_next = not self._cold or len(self._warm) >= max(self._most_warm, 1)
            host = heappop(self._warm if is_warm_next else self._cold)[2]
            lane = self._lanes[host]
            lane.is_queued = False
            if not lane.ready or lane.in_flight >= lane.slots:
                continue
            opens = lane.opens_at()
            if opens > now:
                self._set_alarm(host, lane, opens)
                continue
            domain = lane.domain
            if domain.in_flight >= self._domain_slots:
                lane.is_queued = True
                domain.parked.append(host)
                continue
            domain.in_flight += 1
            ticket = lane.ready.popleft()
            lane.urgent = max(lane.urgent - 1, 0)
            lane.in_flight += 1
            lane.widest = max(lane.widest, lane.in_flight)
            throttle = lane.host.throttle
            throttle.started(now, late_s=now - max(lane.next_start, throttle.closed_until))
            lane.next_start = now + lane.interval_s
            if not lane.host.is_open and not lane.has_been_probed and self._patience_s < float("inf"):
                lane.has_been_probed = True
                lane.second_probe_at = now + self._patience_s
                self._set_alarm(host, lane, lane.second_probe_at)
            self.in_flight += 1
            self.waiting -= 1
            self._offer(host, lane)
            return ticket
        return None

    def free(self, host: str, now: float = 0.0) -> None:
        """Release a slot; the interval of a host counts from here, since its server may have received the
        request long after it started."""
        lane = self._lanes[host]
        if interval_s := lane.host.pace.interval_s:
            lane.next_start = max(lane.next_start, now + interval_s)
        lane.in_flight -= 1
        self.in_flight -= 1
        lane.domain.in_flight -= 1
        self._offer(host, lane)
        parked, lane.domain.parked = lane.domain.parked, []
        for other in parked:  # all of them: the first may be limited, or empty
            self._lanes[other].is_queued = False
            self._offer(other, self._lanes[other])

    def note_answer(self, host: str, started: float, now: float, *, refused_before: int = 0) -> None:
        """Note an answer of `host` (see `Host.note_answer`): it gets all its slots."""
        lane = self._lane(host)
        lane.host.note_answer(started, now, lane.waiting, refused_before=refused_before)
        self._offer(host, lane)

    def note_refusal(self, host: str, one: Refusal, before: RefusalCount) -> Requeue | None:
        """Note a refusal of `host` (see `Host.note_refusal`). Raises GivenUp."""
        lane = self._lane(host)
        return lane.host.note_refusal(one, before, waiting=lane.waiting, in_flight=lane.in_flight)

    def narrow(self, host: str) -> None:
        """Return to one probe at a time: a probe of `host` failed."""
        lane = self._lane(host)
        lane.probes, lane.second_probe_at = 1, float("inf")

    @property
    def has_cold(self) -> bool:
        """Whether hosts wait that have had no request yet."""
        return bool(self._cold)

    def waits(self, host: str) -> bool:
        """Whether a ticket waits for `host`."""
        lane = self._lane(host)
        return bool(lane.ready or lane.later)

    def drop(self, host: str) -> list[T]:
        """Remove and return all waiting tickets of `host`, in order."""
        lane = self._lane(host)
        dropped = [*lane.ready, *(ticket for _, _, ticket in sorted(lane.later, key=lambda entry: entry[:2]))]
        lane.ready.clear()
        lane.later.clear()
        lane.urgent = 0
        self.waiting -= len(dropped)
        return dropped

    def wakes_at(self) -> float | None:
        """When the next waiting ticket may start; None if that depends on a `free`."""
        return self._alarms[0][0] if self._alarms else None

    def _lane(self, host: str) -> _Lane[T]:
        lane = self._lanes.get(host)
        if lane is None:
            domain = self._domains.setdefault(self._domain_of(host), _Domain())
            lane = self._lanes[host] = _Lane(self._hosts[host], domain)
        return lane

    def _offer(self, host: str, lane: _Lane[T]) -> None:
        if lane.ready and not lane.is_queued and lane.in_flight < lane.slots:
            lane.is_queued = True
            self._serial += 1
            heappush(self._warm if lane.host.is_open else self._cold, (-len(lane.ready), self._serial, host))

    def _set_alarm(self, host: str, lane: _Lane[T], at: float) -> None:
        if at < lane.alarm:
            lane.alarm = at
            heappush(self._alarms, (at, host))

    def _ring(self, now: float) -> None:
        while self._alarms and self._alarms[0][0] <= now:
            at, host = heappop(self._alarms)
            lane = self._lanes[host]
            if at != lane.alarm:
                continue
            lane.alarm = float("inf")
            due = []
            while lane.later and lane.later[0][0] <= now:
                due.append(heappop(lane.later)[2])
            lane.ready.extendleft(reversed(due))  # first, since they have waited longest
            lane.urgent += len(due)
            if lane.second_probe_at <= now:
                lane.probes = 2
                lane.second_probe_at = float("inf")
            next_at = min(lane.second_probe_at, lane.later[0][0] if lane.later else float("inf"))
            if next_at < float("inf"):
                self._set_alarm(host, lane, next_at)
            self._offer(host, lane)
