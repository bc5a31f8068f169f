"""The real fetcher against hosts that limit the rate, on a virtual clock: no seconds pass, nothing is sent.

Each limiter answers a list of links of one host; beside it a host without a limit has twenty. *ideal* is the time of a
client that knows the limiter and its numbers from the start, but for one wait that nobody can foresee: the first
`Retry-After` where the list is longer than what is given at once. `make bench` prints the table; names of limiters as
arguments of `python -m bench.limiters` print those alone.
"""

from __future__ import annotations

import asyncio
import math
import random
import selectors
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import httpx

from linkcheck import urls
from linkcheck.fetch.fetcher import HttpFetcher, Options
from linkcheck.fetch.retry import Limits
from linkcheck.fetch.transport import Transports
from linkcheck.model import Observation, Request, Url

LATENCY_S = 0.1
SIZES = (30, 300, 3_000)
OTHERS = 20


# -- limiters: asked(url, now) gives None for an answer, else (status, seconds to wait or None) ------------------


Refusal = tuple[int, float | None]


class Limiter:
    """A host that answers everything. `ideal_s(n)` is for n links."""

    def asked(self, url: str, now: float) -> Refusal | None:
        return None

    def ended(self, now: float) -> None:
        """A request has been answered."""

    def ideal_s(self, n: int) -> float:
        return unlimited_s(n)


@cache
def unlimited_s(n: int) -> float:
    """What n links of a host without a limit take."""
    return drive(Limiter(), n).seconds


def windows_s(n: int, most: int, length_s: float) -> float:
    windows, rest = divmod(n - 1, most)
    return windows * length_s + unlimited_s(rest + 1)


@dataclass
class TokenBucket(Limiter):
    """`rate` tokens a second, `burst` at most; `wait_s` says what `Retry-After` holds."""

    rate: float
    burst: float = 5
    status: int = 429
    wait_s: Callable[[float], float | None] = math.ceil
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def asked(self, url: str, now: float) -> Refusal | None:
        self.tokens, self.at = min(self.burst, self.tokens + (now - self.at) * self.rate), now
        if self.tokens >= 1 - 1e-9:
            self.tokens -= 1
            return None
        return self.status, self.wait_s((1 - self.tokens) / self.rate)

    def ideal_s(self, n: int) -> float:
        first = self.wait_s(1 / self.rate) or 0.0
        return max(unlimited_s(n), (n - self.burst) / self.rate) + (first if n > self.burst else 0)


@dataclass
class FixedWindow(Limiter):
    """So many answers in each window of `length_s`; `exact` tells when the next begins."""

    most: int = 60
    length_s: float = 60.0
    exact: bool = True
    status: int = 429
    window: int = -1
    used: int = 0

    def asked(self, url: str, now: float) -> Refusal | None:
        if int(now // self.length_s) != self.window:
            self.window, self.used = int(now // self.length_s), 0
        if self.used < self.most:
            self.used += 1
            return None
        return self.status, math.ceil((self.window + 1) * self.length_s - now) if self.exact else None

    def ideal_s(self, n: int) -> float:
        return windows_s(n, self.most, self.length_s)


@dataclass
class SlidingWindow(Limiter):
    """So many answers in any `length_s` seconds."""

    most: int = 60
    length_s: float = 60.0
    times: list[float] = field(default_factory=list)

    def asked(self, url: str, now: float) -> Refusal | None:
        self.times = [at for at in self.times if now - at < self.length_s]
        if len(self.times) < self.most:
            self.times.append(now)
            return None
        return 429, math.ceil(self.times[0] + self.length_s - now)

    def ideal_s(self, n: int) -> float:
        return windows_s(n, self.most, self.length_s)


@dataclass
class LeakyBucket(Limiter):
    """nginx's limit_req: `rate` a second leak out, `burst` more are let in; what does not fit gets `status`."""

    rate: float
    burst: float = 0
    status: int = 503
    wait: float | None = None
    level: float = 0.0
    at: float = 0.0

    def asked(self, url: str, now: float) -> Refusal | None:
        level = max(0.0, self.level - (now - self.at) * self.rate)
        if level > self.burst + 1e-9:
            return self.status, self.wait
        self.level, self.at = level + 1, now
        return None

    def ideal_s(self, n: int) -> float:
        return max(unlimited_s(n), (n - 1 - self.burst) / self.rate)


@dataclass
class EachOnce(Limiter):
    """Each URL is refused `times` times, whatever the pace."""

    wait_s: float | None = 1.0
    times: int = 1
    status: int = 429
    seen: dict[str, int] = field(default_factory=dict)

    def asked(self, url: str, now: float) -> Refusal | None:
        self.seen[url] = self.seen.get(url, 0) + 1
        return None if self.seen[url] > self.times else (self.status, self.wait_s)

    def ideal_s(self, n: int) -> float:
        return unlimited_s(n * (1 + self.times)) + self.times * (self.wait_s or 0)


@dataclass
class AtRandom(Limiter):
    """A share of all answers."""

    share: float
    wait_s: float | None = 1.0
    status: int = 429
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    def asked(self, url: str, now: float) -> Refusal | None:
        return (self.status, self.wait_s) if self.chance.random() < self.share else None

    def ideal_s(self, n: int) -> float:
        return unlimited_s(math.ceil(n / (1 - self.share))) + (self.wait_s or 0)


@dataclass
class InFlight(Limiter):
    """At most so many at once."""

    most: int = 2
    wait_s: float | None = None
    status: int = 429
    now_in_flight: int = 0

    def asked(self, url: str, now: float) -> Refusal | None:
        if self.now_in_flight >= self.most:
            return self.status, self.wait_s
        self.now_in_flight += 1
        return None

    def ended(self, now: float) -> None:
        self.now_in_flight -= 1

    def ideal_s(self, n: int) -> float:
        return max(unlimited_s(n), LATENCY_S * math.ceil(n / self.most)) + (self.wait_s or 0)


@dataclass
class DoublingBan(Limiter):
    """A token bucket whose every refusal begins a ban, each twice as long as the last."""

    rate: float = 5
    burst: float = 5
    says: bool = True
    ban_s: float = 1.0
    until: float = 0.0
    bucket: TokenBucket = field(init=False)

    def __post_init__(self) -> None:
        self.bucket = TokenBucket(self.rate, self.burst)

    def asked(self, url: str, now: float) -> Refusal | None:
        if now >= self.until and self.bucket.asked(url, now) is None:
            return None
        self.until, self.ban_s = now + self.ban_s, self.ban_s * 2
        return 429, math.ceil(self.until - now) if self.says else None

    def ideal_s(self, n: int) -> float:
        return self.bucket.ideal_s(n)


@dataclass
class OnePoisoned(Limiter):
    """One URL is always refused, the others never."""

    wait_s: float | None = 1.0
    status: int = 429
    path: str = "/7"

    def asked(self, url: str, now: float) -> Refusal | None:
        return (self.status, self.wait_s) if url.endswith(self.path) else None


@dataclass
class Always(Limiter):
    """Everything is refused."""

    wait_s: float | None = None
    status: int = 429

    def asked(self, url: str, now: float) -> Refusal | None:
        return self.status, self.wait_s


def none(_: float) -> None:
    return None


LIMITERS: dict[str, Callable[[], Limiter]] = {
    "no limit": Limiter,
    "token bucket 1/s": lambda: TokenBucket(1),
    "token bucket 2/s": lambda: TokenBucket(2),
    "token bucket 5/s": lambda: TokenBucket(5),
    "token bucket 20/s": lambda: TokenBucket(20, 20),
    "token bucket 5/s, no burst": lambda: TokenBucket(5, 1),
    "token bucket 20/s, no burst": lambda: TokenBucket(20, 1),
    "token bucket 1/s, burst 60": lambda: TokenBucket(1, 60),
    "fixed window 60/min": FixedWindow,
    "fixed window 10/s": lambda: FixedWindow(10, 1.0),
    "fixed window 60/min, no Retry-After": lambda: FixedWindow(exact=False),
    "sliding window 60/min": SlidingWindow,
    "leaky bucket 1/s, 503": lambda: LeakyBucket(1),
    "leaky bucket 5/s, 503": lambda: LeakyBucket(5),
    "leaky bucket 5/s, burst 20, 503": lambda: LeakyBucket(5, 20),
    "leaky bucket 5/s, 429": lambda: LeakyBucket(5, status=429, wait=1),
    "token bucket 5/s, no Retry-After": lambda: TokenBucket(5, wait_s=none),
    "token bucket 5/s, 503, no Retry-After": lambda: TokenBucket(5, status=503, wait_s=none),
    "token bucket 5/s, Retry-After 10": lambda: TokenBucket(5, wait_s=lambda _: 10),
    "token bucket 5/s, Retry-After 60": lambda: TokenBucket(5, wait_s=lambda _: 60),
    "token bucket 20/s, Retry-After 30": lambda: TokenBucket(20, 20, wait_s=lambda _: 30),
    "2 in flight": InFlight,
    "2 in flight, Retry-After 1": lambda: InFlight(wait_s=1),
    "4 in flight, 503": lambda: InFlight(4, status=503),
    "each URL once, Retry-After 1": EachOnce,
    "each URL once, Retry-After 2": lambda: EachOnce(2.0),
    "each URL once, no Retry-After": lambda: EachOnce(None),
    "each URL once, 503": lambda: EachOnce(None, status=503),
    "each URL twice, Retry-After 1": lambda: EachOnce(1.0, 2),
    "random 10 %": lambda: AtRandom(0.1),
    "random 30 %": lambda: AtRandom(0.3),
    "random 10 %, no Retry-After": lambda: AtRandom(0.1, None),
    "random 30 %, 503": lambda: AtRandom(0.3, None, 503),
    "random 10 %, Retry-After 10": lambda: AtRandom(0.1, 10),
    "doubling ban": DoublingBan,
    "doubling ban, unsaid": lambda: DoublingBan(says=False),
    "one URL always": OnePoisoned,
    "one URL always 503": lambda: OnePoisoned(None, 503),
    "always": Always,
    "always, Retry-After 30": lambda: Always(30.0),
}


# -- the virtual clock and wire ----------------------------------------------------------------------------------


class _NoWaiting(selectors.SelectSelector):
    """Instead of waiting, it lets the loop's clock go on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout:
            self.now += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._instant = _NoWaiting()
        super().__init__(self._instant)

    def time(self) -> float:
        return self._instant.now


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """Every host answers after a latency; `limited.test` by its limiter."""

    limiter: Limiter
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    limits: int = 0
    asked: int = 0

    def pick(self, *_: object, **__: object) -> httpx.AsyncBaseTransport:
        return self

    async def prepare(self, _: object) -> None:
        """No name has to be looked up."""

    async def close(self) -> None:
        pass

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = asyncio.get_running_loop().time
        await asyncio.sleep(LATENCY_S * self.chance.uniform(0.47, 0.5))
        refused, is_limited = None, request.url.host == "limited.test"
        if is_limited:
            self.asked += 1
            refused = self.limiter.asked(str(request.url), now())
        await asyncio.sleep(LATENCY_S * self.chance.uniform(0.45, 0.55))
        if refused is None:
            if is_limited:
                self.limiter.ended(now())
            return httpx.Response(200, headers={"content-type": "text/html"}, content=b"<title>A page</title>")
        self.limits += 1
        status, wait_s = refused
        return httpx.Response(status, headers={"retry-after": f"{wait_s:g}"} if wait_s is not None else {})


@dataclass
class Result:
    seconds: float
    others_s: float
    limits: int
    asked: int
    unanswered: int


def drive(limiter: Limiter, links: int, **limits: Any) -> Result:
    """Ask `links` of the limited host, and some of another; what came of it, in virtual seconds."""
    wire = Wire(limiter)
    ends: dict[str, float] = {}
    answered = 0

    async def work() -> None:
        nonlocal answered
        options = Options(limits=Limits(**limits))
        fetcher = HttpFetcher(options, cast("Transports", wire))

        def sink(seen: Observation) -> Iterable[Request]:
            nonlocal answered
            host = urls.host(seen.request.url)
            ends[host] = asyncio.get_running_loop().time()
            answered += host == "limited.test" and seen.sighting.status == 200
            return ()

        wanted = [f"https://limited.test/{n}" for n in range(links)]
        wanted += [f"https://other.test/{n}" for n in range(OTHERS)]
        await fetcher.fetch([Request(Url(url)) for url in wanted], sink)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work())
    return Result(ends["limited.test"], ends["other.test"], wire.limits, wire.asked, links - answered)


def main(wanted: Iterable[str] = ()) -> None:
    print(
        "| limiter | s (of ideal) for " + " | ".join(f"{size:,}" for size in SIZES) + " links | refusals | unanswered |"
    )
    print("|---|" + "---:|" * (len(SIZES) + 2))
    others: list[float] = []
    for name in wanted or LIMITERS:
        limiters = [LIMITERS[name]() for _ in SIZES]
        runs = [drive(limiter, size) for limiter, size in zip(limiters, SIZES, strict=True)]
        others += (run.others_s for run in runs)
        times = [
            f"{run.seconds:,.1f} (×{run.seconds / limiter.ideal_s(size):.2f})"
            for run, limiter, size in zip(runs, limiters, SIZES, strict=True)
        ]
        refusals = ", ".join(f"{run.limits:,}" for run in runs)
        unanswered = ", ".join(f"{run.unanswered / size:.1%}" for run, size in zip(runs, SIZES, strict=True))
        print(f"| {name} | {' | '.join(times)} | {refusals} | {unanswered} |", flush=True)
    print(f"\nThe other host, without a limit, was done after {min(others):.2f} to {max(others):.2f} s.")


if __name__ == "__main__":
    main(sys.argv[1:])
