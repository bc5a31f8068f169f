"""Detect an outage of the local network by pages that have answered before, and wait until one answers again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from linkcheck.fetch.network.pulse import UNRELATED, Canary, Pulse
from linkcheck.model import Outage, replace

_SLOWER = 4  # times as long as a page took before: then it counts as silent


class Diagnosis(Enum):
    """How a suspicion ended: something answered in time (`FINE`) or `LATE`; nothing did, but too few pages were
    requested to decide (`UNCLEAR`); the local network was down, and is `BACK` or `LOST`."""

    FINE = "fine"
    LATE = "late"
    UNCLEAR = "unclear"
    BACK = "back"
    LOST = "lost"


@dataclass(slots=True)
class _Poll:
    page: Canary
    started: float
    task: asyncio.Task[bool]
    may_take_s: float

    def is_late(self, now: float) -> bool:
        return now - self.started >= self.may_take_s


@dataclass(slots=True)
class Watch:
    """One suspicion at a time: `begin`, then `examine`; call `note_answer` for every answer.

    `ask` requests a page over a new connection to a newly resolved address, and returns whether it is
    reachable at all. Waiting for the network takes at most `patience_s` in all. `back_at` is when it came back
    last, `examined_at` when the last suspicion ended, by the loop's clock; `is_well`: the last suspicion was
    disproved.
    """

    pulse: Pulse
    ask: Callable[[Canary], Coroutine[None, None, bool]]
    timeout_s: float
    patience_s: float
    outages: list[Outage] = field(default_factory=list)
    back_at: float = float("-inf")
    examined_at: float = float("-inf")
    is_examining: bool = False
    is_well: bool = False
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self) -> None:
        self.is_examining = True
        for event in (self._answered, self._news, self._settled):
            event.clear()

    def note_answer(self) -> None:
        """Note that something answered."""
        self._answered.set()
        self._news.set()

    async def settled(self) -> None:
        """Wait until no suspicion is open."""
        while self.is_examining:
            await self._settled.wait()

    async def examine(self, last: Canary | None) -> Diagnosis:
        """Wait until something answers, or waiting is pointless; `last` is requested if no other page answers."""
        polls: list[_Poll] = []
        found = Diagnosis.LOST
        try:
            found = await self._found(self.pulse.canaries(last), polls)
            return found
        finally:
            for poll in polls:
                poll.task.cancel()
            self.examined_at = asyncio.get_running_loop().time()
            self.is_well = found in (Diagnosis.FINE, Diagnosis.LATE, Diagnosis.BACK)
            self.pulse.settle(self.examined_at, was_wrong=found is not Diagnosis.BACK)
            self.is_examining = False
            self._settled.set()

    async def _found(self, canaries: Sequence[Canary], polls: list[_Poll]) -> Diagnosis:
        if not await self._do_all_fail(canaries, polls):
            now = asyncio.get_running_loop().time()
            return Diagnosis.LATE if any(poll.is_late(now) for poll in polls) else Diagnosis.FINE
        unrelated = len(self.pulse.failed | {page.domain for page in canaries})
        if not canaries or (unrelated < UNRELATED and not await self._is_unreachable(polls)):
            return Diagnosis.LATE if self._answered.is_set() else Diagnosis.UNCLEAR
        return await self._wait_for_return(canaries, polls)

    async def _is_unreachable(self, polls: Sequence[_Poll]) -> bool:
        """Whether at least two pages were requested and all of them are unreachable."""
        while not self._answered.is_set() and not all(poll.task.done() for poll in polls):
            self._news.clear()
            await _wait(self._news, self._step_s)
        return len(polls) >= UNRELATED - 1 and all(poll.task.done() and not poll.task.result() for poll in polls)

    async def _do_all_fail(self, canaries: Sequence[Canary], polls: list[_Poll]) -> bool:
        """Request one page after the other; False as soon as anything answers."""
        loop, waiting = asyncio.get_running_loop(), deque(canaries)
        while not self._answered.is_set():
            if waiting:
                polls.append(self._poll(waiting.popleft()))
            elif all(poll.task.done() or poll.is_late(loop.time()) for poll in polls):
                return True
            self._news.clear()
            await _wait(self._news, self._step_s)
        return False

    async def _wait_for_return(self, canaries: Sequence[Canary], polls: list[_Poll]) -> Diagnosis:
        loop = asyncio.get_running_loop()
        since, may_s = loop.time(), self.patience_s
        self.outages.append(Outage(datetime.now(UTC) - timedelta(seconds=since - self.pulse.answered_at)))
        while not self._answered.is_set():
            self.patience_s = may_s - (loop.time() - since)
            if self.patience_s <= 0 or self._is_hopeless(loop.time() - since):
                return Diagnosis.LOST
            polls.append(self._poll(canaries[len(polls) % len(canaries)]))
            await _wait(self._answered, min(self.patience_s, self._step_s))
        self.back_at = loop.time()
        self.outages[-1] = replace(self.outages[-1], end=datetime.now(UTC))
        return Diagnosis.BACK

    def _is_hopeless(self, waited_s: float) -> bool:
        """Whether nothing has answered yet and waiting is pointless: fail fast."""
        return not (self.pulse.has_answered or self.pulse.in_flight) and waited_s >= self.timeout_s / 4

    @property
    def _step_s(self) -> float:
        return min(1.0, max(0.2, self.timeout_s / 20))

    def _poll(self, page: Canary) -> _Poll:
        task = asyncio.create_task(self.ask(page))
        task.add_done_callback(lambda _: self._news.set())
        return _Poll(page, asyncio.get_running_loop().time(), task, self._may_take_s(page))

    def _may_take_s(self, page: Canary) -> float:
        """How many seconds a page may take: some longer than it did before."""
        least_s = max(1.0, self.timeout_s / 10)
        return self.timeout_s if page.took_s is None else min(self.timeout_s, max(least_s, _SLOWER * page.took_s))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
