"""One request on its way, over a source that answers from a table: redirects, attempts, waits, and how it can end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from linkcheck.fetch.chain import MAX_HOPS, Chain, Context, Ticket, unseen
from linkcheck.fetch.exchange import Reply, Session
from linkcheck.fetch.host import GivenUp, Host, Hosts, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.retry import Limits
from linkcheck.fetch.throttle import Requeue
from linkcheck.model import Exchange, Fault, Hop, Observation, Pace, Request, Url

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = Url("https://a.test/0")


@dataclass
class Table:
    """Answers each exchange with the next reply, which takes `seconds`. Waits take `wait`, and what is refused comes
    again after it, up to three times; `is_own`: for a reason of its own."""

    replies: list[Reply]
    started: datetime = NOW
    asked: list[Url] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    wait: float = 0.0
    is_own: bool = True
    refuse: Callable[[], None] | None = None
    network: Any = None

    async def exchange(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:
        self.asked.append(url)
        assert lanes.in_flight == 1, "no slot is held"
        session.asked_s += self.seconds
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def wait_s(self, seconds: float) -> float:
        self.waits.append(seconds)
        return self.wait

    def note_refusal(self, lanes: Lanes[Any], url: Url, one: Refusal, before: RefusalCount) -> Requeue | None:
        before.count += 1
        if self.refuse:
            self.refuse()
        return Requeue(one.now + self.wait, is_own=self.is_own) if before.count < 3 else None


class World:
    def __init__(self, *replies: Reply, seconds: float = 0.0) -> None:
        self.source = Table(list(replies), seconds=seconds)
        self.hosts = Hosts(Pace(8))
        self.lanes: Lanes[Ticket] = Lanes(total=9, hosts=self.hosts)
        self.timeout_s = 1.0
        self.told = list[Exchange]()
        self.put = list[Request]()
        self.chain: Chain

    async def _serve(self, context: Context) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self.lanes.wakes_at()):
                    await context.wake.wait()
            context.wake.clear()
            while (ticket := self.lanes.take(asyncio.get_running_loop().time())) is not None:
                assert not isinstance(ticket, Request)
                ticket.set_result(None)

    def context(self) -> Context:
        def put(requests: Iterable[Request]) -> None:
            self.put += requests

        return Context(
            self.source, self.hosts, self.lanes, Limits(attempts=3), self.timeout_s, asyncio.Event(), put, self.told.append  # type: ignore[arg-type]
        )  # fmt: skip

    def follow(self, request: Request | None = None, before: Callable[[], None] | None = None) -> Observation:
        request = request or Request(URL)

        async def work() -> Observation:
            context = self.context()
            self.lanes.put(request, "a.test")
            assert self.lanes.take(0.0) is request
            self.chain = Chain.begin(request, context, asyncio.get_running_loop().time() - 2.0)
            server = asyncio.create_task(self._serve(context))
            if before:
                before()
            try:
                return await asyncio.wait_for(self.chain.follow(), 10)
            finally:
                self.chain.leave()
                server.cancel()

        return asyncio.run(work())


def moved(location: str, status: int = 301) -> Reply:
    return Reply(status, {"location": location}, at=NOW)


FINE = Reply(200, {"etag": '"1"'}, at=NOW)


# -- redirects ---------------------------------------------------------------------------------


def test_a_redirect_is_followed_to_another_host_and_back() -> None:
    world = World(moved("https://b.test/x"), moved("//a.test/y", 307), FINE)
    seen = world.follow()
    assert world.source.asked == [URL, "https://b.test/x", "https://a.test/y"]
    assert seen.sighting.hops == (Hop(URL, 301), Hop(Url("https://b.test/x"), 307))
    assert (seen.sighting.outcome, seen.sighting.final_url, seen.sighting.etag) == (200, "https://a.test/y", '"1"')
    assert world.lanes.in_flight == 0
    assert world.hosts["b.test"].is_open
    assert 2.0 <= seen.sighting.elapsed_s == round(seen.sighting.elapsed_s, 3) < 10.0


def test_a_validator_is_kept_up_to_a_length() -> None:
    seen = World(Reply(200, {"etag": "e" * 300, "last-modified": "m"}, at=NOW)).follow()
    assert (seen.sighting.etag, seen.sighting.modified) == ("e" * 200, "m")
    assert World(Reply(404, {"etag": "e"}, at=NOW)).follow().sighting.etag == ""


@pytest.mark.parametrize(("length", "outcome"), [(65_536, 200), (65_537, Fault.BAD_REDIRECT)])
def test_a_redirect_is_as_long_as_a_url_may_be(length: int, outcome: int | Fault) -> None:
    location = "https://a.test/".ljust(length, "x")
    assert World(moved(location), FINE).follow().sighting.outcome == outcome


def test_of_a_bad_redirect_so_much_is_shown() -> None:
    location = "ftp://a.test/".ljust(300, "x")
    assert World(moved(location)).follow().sighting.detail == f"redirects to {location[:200]!r}"


@pytest.mark.parametrize("location", ["http://[", "ftp://a.test/", f"https://a.test/{'x' * 70_000}"])
def test_a_redirect_to_nowhere_is_a_bad_one(location: str) -> None:
    seen = World(moved(location)).follow()
    assert seen.sighting.outcome is Fault.BAD_REDIRECT
    assert seen.sighting.detail.startswith("redirects to '")
    assert seen.sighting.final_url == URL


def test_so_many_redirects_as_browsers_follow() -> None:
    assert MAX_HOPS == 20  # WHATWG Fetch, HTTP-redirect fetch, step 8


@pytest.mark.parametrize(("hops", "outcome"), [(MAX_HOPS, 200), (MAX_HOPS + 1, Fault.TOO_MANY_REDIRECTS)])
def test_twenty_redirects_are_followed_and_no_more(hops: int, outcome: int | Fault) -> None:
    seen = World(*(moved(f"/{n + 1}") for n in range(hops)), FINE).follow()
    assert (seen.sighting.outcome, len(seen.sighting.hops)) == (outcome, hops)


def test_hops_that_led_here_count() -> None:
    trail = tuple(Hop(Url(f"https://a.test/t{n}"), 200) for n in range(MAX_HOPS))
    seen = World(moved("/1"), FINE).follow(Request(URL, trail=trail))
    assert seen.sighting.outcome is Fault.TOO_MANY_REDIRECTS


def test_a_chain_has_three_time_outs_of_asking_in_all() -> None:
    world = World(moved("/on"), seconds=0.8)
    seen = world.follow()
    assert seen.sighting.outcome is Fault.TOO_MANY_REDIRECTS
    assert len(seen.sighting.hops) == 4
    assert "4 redirects took 3 s, the last of them https://a.test/on" in seen.sighting.detail
    assert seen.sighting.attempts == 1
    assert [one.outcome for one in world.told] == [Fault.TOO_MANY_REDIRECTS]  # so that a replay knows


def test_the_time_outs_of_a_chain_are_counted_to_the_end() -> None:
    world = World(*(moved(f"/{n}".ljust(300, "x")) for n in range(9)), seconds=1.5)
    world.timeout_s = 2.0
    seen = world.follow()
    assert len(seen.sighting.hops) == 5  # 6 s are not over when they are reached
    last = seen.sighting.hops[-1].url
    assert seen.sighting.detail == f"5 redirects took 8 s, the last of them {last[:200]}"


def test_a_redirect_without_a_target_is_an_answer() -> None:
    assert World(Reply(304, at=NOW)).follow().sighting.outcome == 304
    assert World(Reply(301, at=NOW)).follow().sighting.outcome == 301


# -- attempts ----------------------------------------------------------------------------------


def test_what_is_transient_is_asked_again_and_the_last_answer_counts() -> None:
    world = World(Reply(502, at=NOW), Reply(Fault.RESET, at=NOW), FINE)
    seen = world.follow()
    assert (seen.sighting.outcome, seen.sighting.attempts) == (200, 3)
    assert len(world.source.waits) == 2


def test_attempts_are_counted_for_each_url() -> None:
    seen = World(Reply(502, at=NOW), moved("/1"), FINE).follow()
    assert seen.sighting.attempts == 1


def test_attempts_end() -> None:
    world = World(Reply(502, retry_after_s=2.0, at=NOW))
    assert world.follow().sighting.attempts == 3
    assert world.source.waits == [2.0, 2.0]


@pytest.mark.parametrize(("wait_s", "waits"), [(60.0, [40.0]), (50.5, [40.0]), (50.0, [40.0, 50.0])])
def test_the_waits_of_a_chain_are_bounded_together(wait_s: float, waits: list[float]) -> None:
    world = World(Reply(502, retry_after_s=40.0, at=NOW), moved("/1"), Reply(502, retry_after_s=wait_s, at=NOW))
    assert world.follow().sighting.outcome == 502
    assert world.source.waits == waits


def test_a_refused_url_comes_again_until_its_source_says_no_more() -> None:
    world = World(Reply(429, at=NOW))
    seen = world.follow()
    assert (seen.sighting.outcome, seen.sighting.attempts) == (429, 3)
    assert not world.hosts["a.test"].is_open


def entries(world: World) -> list[tuple[bool, int]]:
    """(whether it was by the clock, how many went before) of each time that the chain waited for a slot."""
    found, put = list[tuple[bool, int]](), world.lanes.put

    def noting(ticket: Ticket, host: str, *, not_before: float = 0.0, first: bool = False, behind: int = 0) -> None:
        if first:
            found.append((not_before > asyncio.get_running_loop().time(), behind))
        put(ticket, host, not_before=not_before, first=first, behind=behind)

    world.lanes.put = noting  # type: ignore[method-assign]
    return found


@pytest.mark.parametrize(("is_own", "then"), [(False, (False, 1)), (True, (True, 0))])
def test_a_url_that_is_refused_again_lets_the_next_one_open_the_host(is_own: bool, then: tuple[bool, int]) -> None:
    world = World(Reply(429, at=NOW))
    world.source.wait, world.source.is_own = 0.02, is_own
    found = entries(world)
    world.follow()
    assert found == [(True, 0), then]


def test_a_refusal_that_is_over_is_not_waited_for() -> None:
    world = World(Reply(429, at=NOW))
    world.source.wait = -1.0
    found = entries(world)
    world.follow()
    assert found == [(False, 0), (False, 0)]


def test_a_host_that_is_given_up_for_a_refusal_is_asked_nothing_more() -> None:
    world, waiting = World(Reply(429, at=NOW)), Request(Url("https://a.test/waits"))

    def refuse() -> None:
        world.hosts["a.test"].give_up(Fault.HELD_BACK, "too long")
        raise GivenUp(Fault.HELD_BACK, "too long")

    world.source.refuse = refuse
    with pytest.raises(GivenUp):
        world.follow(before=lambda: world.lanes.put(waiting, "a.test"))
    assert world.put == [waiting]


def test_a_silent_host_gets_fewer_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    world, narrowed = World(Reply(Fault.CONNECT_TIMEOUT, at=NOW)), list[str]()
    monkeypatch.setattr(world.lanes, "narrow", narrowed.append)
    world.follow()
    assert narrowed == ["a.test"]


def test_no_slot_is_held_while_a_chain_waits() -> None:
    world = World(Reply(502, at=NOW), FINE)
    world.source.wait = 0.02
    found = entries(world)
    assert world.follow().sighting.outcome == 200
    assert found == [(True, 0)]


@pytest.mark.parametrize(("fault", "attempts"), [(Fault.CONNECT_TIMEOUT, 1), (Fault.RESET, 3)])
def test_a_host_that_has_not_answered_is_not_asked_again_after_a_silence(fault: Fault, attempts: int) -> None:
    world = World(Reply(fault, at=NOW))
    assert world.follow().sighting.attempts == attempts
    assert world.hosts["a.test"].is_silent == (fault is Fault.CONNECT_TIMEOUT)


def test_an_open_host_is_asked_twice() -> None:
    world = World(Reply(Fault.READ_TIMEOUT, at=NOW))
    world.hosts["a.test"].is_open = True
    assert world.follow().sighting.attempts == 2
    assert not world.hosts["a.test"].is_silent


# -- hosts that are given up -------------------------------------------------------------------


def test_what_waits_for_a_host_that_is_given_up_gets_the_reason() -> None:
    world, waiting = World(Reply(Fault.CONNECT_TIMEOUT, at=NOW)), Request(Url("https://a.test/waits"))
    world.hosts["a.test"].note_silence(Fault.CONNECT_TIMEOUT)
    turns = list[asyncio.Future[None]]()

    def before() -> None:
        turns.append(asyncio.get_running_loop().create_future())
        world.lanes.put(waiting, "a.test")
        world.lanes.put(turns[0], "a.test")

    world.follow(before=before)
    assert world.put == [waiting]
    assert isinstance(turns[0].exception(), GivenUp)
    assert world.lanes.waiting == 0


def test_a_redirect_to_a_host_that_was_given_up_ends_there() -> None:
    world, on = World(moved("/on"), moved("https://b.test/")), Url("https://a.test/on")
    world.hosts["b.test"].give_up(Fault.READ_TIMEOUT, "silent")
    with pytest.raises(GivenUp) as caught:
        world.follow()
    seen = unseen(world.chain.request, caught.value, world.chain.context, world.chain)
    assert (seen.sighting.outcome, seen.sighting.final_url, seen.sighting.at) == (Fault.READ_TIMEOUT, on, NOW)
    assert (seen.sighting.hops, seen.sighting.attempts) == ((Hop(URL, 301), Hop(on, 301)), 0)
    assert world.told == []


def test_a_host_that_was_held_back_is_told_to_who_listens() -> None:
    world = World(FINE)

    async def work() -> Observation:
        return unseen(Request(URL), GivenUp(Fault.HELD_BACK, "the host asked to wait 99 s"), world.context())

    seen = asyncio.run(work())
    assert (seen.sighting.outcome, seen.sighting.attempts, seen.sighting.final_url) == (Fault.HELD_BACK, 0, URL)
    assert [(one.url, one.outcome, one.detail) for one in world.told] == [(URL, Fault.HELD_BACK, seen.sighting.detail)]
