"""Who may be asked now: one lane a host, one bound over all. Hosts, slots and times; no HTTP.

Pure: every call gets `now` (seconds of any monotonic clock). A ticket is whatever the caller
wants back when its turn has come. What holds at any time:

- never more than `total` tickets out, nor more than a lane's slots of one host;
- a lane has one slot until its host has answered (one probe, not a herd, finds out about a host),
  and more only as it is long;
- nothing of a host starts before its not-before time, nor within its interval of the last start;
- no ticket holds a slot while it waits;
- hosts without an answer yet go first, so that silent ones are found out early; but when as many
  hosts wait as connections can be kept for, those are served;
- long lanes go before short ones: the longest decides when a run ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

from linkcheck.model import Pace

T = TypeVar("T")
_TICKETS_A_SLOT = 4


@dataclass(slots=True)
class _Lane(Generic[T]):
    pace: Pace
    ready: deque[T] = field(default_factory=deque)
    later: list[tuple[float, int, T]] = field(default_factory=list)
    in_flight: int = 0
    not_before: float = 0.0
    next_start: float = 0.0
    has_answered: bool = False
    has_been_probed: bool = False
    probes: int = 1
    second_probe_at: float = float("inf")
    is_queued: bool = False
    alarm: float = float("inf")

    @property
    def slots(self) -> int:
        """One until the host has answered; then one more for every few that wait, up to its pace:
        a short lane stays on its one connection, which costs less than a second handshake. A host
        that limits the rate gets all at once when its time has come."""
        if not self.has_answered:
            return self.probes
        return self.pace.slots if self.not_before else min(self.pace.slots, 1 + len(self.ready) // _TICKETS_A_SLOT)


class Lanes(Generic[T]):
    def __init__(
        self,
        *,
        total: int,
        pace: Pace,
        paces: Mapping[str, Pace] | None = None,
        warm: int = 1_000,
        patience_s: float = float("inf"),
    ) -> None:
        """`pace` for every host that `paces` does not name; `warm` hosts are kept waiting at most.

        A host that has not answered its probe within `patience_s` gets a second one, by another
        ticket, so that one slow page does not speak for its host.
        """
        self._patience_s = patience_s
        self._total = total
        self._most_warm = warm
        self._pace = pace
        self._paces = dict(paces or {})
        self._lanes: dict[str, _Lane[T]] = {}
        self._cold: list[tuple[int, int, str]] = []
        self._warm: list[tuple[int, int, str]] = []
        self._alarms: list[tuple[float, str]] = []
        self._serial = 0
        self.in_flight = 0
        self.waiting = 0

    def put(self, ticket: T, host: str, *, not_before: float = 0.0, first: bool = False) -> None:
        """Let `ticket` wait for a slot of `host`; `first` lets it overtake what waits there."""
        lane = self._lane(host)
        self._serial += 1
        self.waiting += 1
        if not_before > 0:
            heappush(lane.later, (not_before, self._serial, ticket))
            self._set_alarm(host, lane, not_before)
        else:
            (lane.ready.appendleft if first else lane.ready.append)(ticket)
            self._offer(host, lane)

    def take(self, now: float) -> T | None:
        """The next ticket that may start now, or None; the caller owes a `free` for it."""
        self._ring(now)
        while (self._cold or self._warm) and self.in_flight < self._total:
            is_warm_next = not self._cold or len(self._warm) >= self._most_warm
            host = heappop(self._warm if is_warm_next else self._cold)[2]
            lane = self._lanes[host]
            lane.is_queued = False
            if not lane.ready or lane.in_flight >= lane.slots:
                continue
            opens = max(lane.not_before, lane.next_start)
            if opens > now:
                self._set_alarm(host, lane, opens)
                continue
            ticket = lane.ready.popleft()
            lane.in_flight += 1
            lane.next_start = now + lane.pace.interval_s
            if not lane.has_answered and not lane.has_been_probed and self._patience_s < float("inf"):
                lane.has_been_probed = True
                lane.second_probe_at = now + self._patience_s
                self._set_alarm(host, lane, lane.second_probe_at)
            self.in_flight += 1
            self.waiting -= 1
            self._offer(host, lane)
            return ticket
        return None

    def free(self, host: str) -> None:
        """Give back a slot."""
        lane = self._lanes[host]
        lane.in_flight -= 1
        self.in_flight -= 1
        self._offer(host, lane)

    def open(self, host: str) -> None:
        """Say that `host` has answered: from now on it has all its slots."""
        lane = self._lane(host)
        lane.has_answered = True
        self._offer(host, lane)

    def is_open(self, host: str) -> bool:
        return self._lane(host).has_answered

    def narrow(self, host: str) -> None:
        """Back to one probe at a time: a probe of `host` came to nothing."""
        lane = self._lane(host)
        lane.probes, lane.second_probe_at = 1, float("inf")

    def waits(self, host: str) -> bool:
        """Whether a ticket waits for `host`."""
        lane = self._lane(host)
        return bool(lane.ready or lane.later)

    def hold(self, host: str, until: float) -> None:
        """Start nothing of `host` before `until`; never shortens a wait already set."""
        lane = self._lane(host)
        lane.not_before = max(lane.not_before, until)

    def drop(self, host: str) -> list[T]:
        """Take every waiting ticket of `host` out, in order."""
        lane = self._lane(host)
        dropped = [*lane.ready, *(ticket for _, _, ticket in sorted(lane.later, key=lambda entry: entry[:2]))]
        lane.ready.clear()
        lane.later.clear()
        self.waiting -= len(dropped)
        return dropped

    def wakes_at(self) -> float | None:
        """When the next waiting ticket may start by the clock; None when only a `free` can help."""
        return self._alarms[0][0] if self._alarms else None

    def _lane(self, host: str) -> _Lane[T]:
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = _Lane(self._paces.get(host, self._pace))
        return lane

    def _offer(self, host: str, lane: _Lane[T]) -> None:
        if lane.ready and not lane.is_queued and lane.in_flight < lane.slots:
            lane.is_queued = True
            self._serial += 1
            heappush(self._warm if lane.has_answered else self._cold, (-len(lane.ready), self._serial, host))

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
            lane.ready.extendleft(reversed(due))  # they have waited longest
            if lane.second_probe_at <= now:
                lane.probes = 2
                lane.second_probe_at = float("inf")
            next_at = min(lane.second_probe_at, lane.later[0][0] if lane.later else float("inf"))
            if next_at < float("inf"):
                self._set_alarm(host, lane, next_at)
            self._offer(host, lane)
