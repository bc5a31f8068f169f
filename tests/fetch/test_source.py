"""The network as a source of replies: probes of hosts that have not answered, TLS at fault, and our own outages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from linkcheck.fetch.exchange import Reply, Session, Timeouts
from linkcheck.fetch.host import GivenUp, Host, Hosts, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.local import AWAY
from linkcheck.fetch.source import NetworkSource, _take_exception, seen_leniently, wants_lenient
from linkcheck.model import Fault, Pace, Purpose, Request, Url

URL = Url("https://a.test/")
TIMEOUTS = Timeouts(exchange_s=0.4, connect_s=0.2)
Ask = Callable[[Session, dict[str, Any]], Awaitable[Reply]]


class Ways:
    """Transports, and a resolver, of which only what a source asks for itself is there."""

    longest_s = 5.0
    answered = 0

    def __init__(self) -> None:
        self.done = list[str]()

    async def prepare(self, _: object) -> None:
        self.done.append("prepare")

    def drop_idle(self) -> None:
        self.done.append("drop_idle")

    def forget_failures(self) -> None:
        self.done.append("forget_failures")

    def start_afresh(self) -> None:
        self.done.append("start_afresh")

    async def close(self) -> None:
        self.done.append("close")


class World:
    """A source whose exchanges are `ask`'s."""

    def __init__(self, ask: Ask) -> None:
        self.ways = Ways()
        self.source = NetworkSource(self.ways, self.ways, TIMEOUTS, None, away_s=0.0, canary="")  # type: ignore[arg-type]
        self.asked = list[dict[str, Any]]()
        self.hosts = Hosts(Pace(8))
        self.lanes: Lanes[str] = Lanes(total=9, hosts=self.hosts)
        self.session = Session(Request(URL), attempts=1)
        self._ask = ask
        self.source._exchanger.ask = self.ask  # type: ignore[method-assign]

    async def ask(self, session: Session, url: Url, host: Host, **how: Any) -> Reply:
        self.asked.append(how)
        return await self._ask(session, how)

    @property
    def host(self) -> Host:
        return self.hosts["a.test"]

    async def exchange(self) -> Reply:
        return await self.source.exchange(self.session, URL, self.host, self.lanes)


def always(outcome: int | Fault) -> Ask:
    async def ask(_: Session, __: dict[str, Any]) -> Reply:
        return Reply(outcome)

    return ask


async def silence(_: Session, how: dict[str, Any]) -> Reply:
    """Until its time is over."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep((how["by"].connect if "by" in how else loop.time() + TIMEOUTS.connect_s) - loop.time())
    return Reply(Fault.CONNECT_TIMEOUT)


# -- probes ------------------------------------------------------------------------------------


def test_a_host_that_has_answered_is_just_asked() -> None:
    world = World(always(200))
    world.host.is_open = True
    assert asyncio.run(world.exchange()).outcome == 200
    assert world.asked == [{}]
    assert world.ways.done == []


def test_the_name_of_a_new_host_is_looked_up_first() -> None:
    world = World(always(200))
    assert asyncio.run(world.exchange()).outcome == 200
    assert world.ways.done == ["prepare"]
    assert (world.session.attempts, len(world.asked)) == (1, 1)


def test_a_silent_host_is_asked_twice_within_one_time_out() -> None:
    world = World(silence)

    async def work() -> float:
        started = asyncio.get_running_loop().time()
        assert (await world.exchange()).outcome is Fault.CONNECT_TIMEOUT
        return asyncio.get_running_loop().time() - started

    assert asyncio.run(work()) < 1.5 * TIMEOUTS.connect_s
    assert [how.get("is_fresh", False) for how in world.asked] == [False, True]
    assert world.session.attempts == 2
    assert world.session.asked_s >= 0.9 * TIMEOUTS.connect_s


def test_once_connected_it_has_half_the_longer_time() -> None:
    async def ask(session: Session, how: dict[str, Any]) -> Reply:
        session.note_peer("192.0.2.1")
        await asyncio.sleep(0.75 * TIMEOUTS.exchange_s / 2)
        return Reply(200)

    world = World(ask)
    assert asyncio.run(world.exchange()).outcome == 200
    assert len(world.asked) == 1


def test_the_second_attempts_answer_counts_where_the_first_says_nothing() -> None:
    async def ask(session: Session, how: dict[str, Any]) -> Reply:
        return Reply(200) if how.get("is_fresh") else await silence(session, how)

    assert asyncio.run(World(ask).exchange()).outcome == 200


def test_where_another_link_waits_that_one_is_the_second_attempt() -> None:
    world = World(silence)
    world.lanes.put("another", "a.test")
    asyncio.run(world.exchange())
    assert (len(world.asked), world.session.attempts) == (1, 1)


def test_a_second_link_is_asked_for_the_rest_of_the_firsts_time() -> None:
    world = World(silence)

    async def work() -> list[Reply]:
        async def second() -> Reply:
            await asyncio.sleep(0.25 * TIMEOUTS.connect_s)
            return await world.exchange()

        return list(await asyncio.gather(world.exchange(), second()))

    asyncio.run(work())
    first, second = world.asked
    assert first["by"] is second["by"]
    assert first["by"].is_shared


def test_a_link_that_is_about_to_be_asked_for_is_the_second_attempt() -> None:
    world = World(silence)

    async def work() -> None:
        probe = asyncio.create_task(world.exchange())
        await asyncio.sleep(0.25 * TIMEOUTS.connect_s)
        world.source.note_start("a.test")
        await probe
        world.source.note_start("a.test")  # no probe is in flight any more

    asyncio.run(work())
    assert len(world.asked) == 1


def test_a_host_that_was_silent_once_has_half_the_time() -> None:
    world = World(silence)
    world.host.note_silence(Fault.CONNECT_TIMEOUT)

    async def work() -> float:
        started = asyncio.get_running_loop().time()
        await world.exchange()
        return float(world.asked[0]["by"].answer - started)

    assert asyncio.run(work()) == pytest.approx(TIMEOUTS.exchange_s / 2, abs=0.05)
    assert len(world.asked) == 1


@pytest.mark.parametrize("how", ["result", "error", "cancelled"])
def test_what_nobody_waits_for_any_more_is_no_complaint(how: str) -> None:
    complaints = list[str]()

    async def end() -> Reply:
        if how == "error":
            raise ValueError
        if how == "cancelled":
            raise asyncio.CancelledError
        return Reply(200)

    async def work() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
        task = asyncio.create_task(end())
        task.add_done_callback(_take_exception)
        await asyncio.wait([task])
        await asyncio.sleep(0)

    asyncio.run(work())
    assert complaints == []


# -- TLS ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "purpose", "expected"),
    [
        (Fault.TLS_EXPIRED, Purpose.PAGE, True), (Fault.TLS_HANDSHAKE, Purpose.PAGE, True),
        (Fault.TLS_EXPIRED, Purpose.LOOKUP, False), (Fault.RESET, Purpose.PAGE, False), (404, Purpose.PAGE, False),
    ],
)  # fmt: skip
def test_what_is_asked_for_without_verification(outcome: int | Fault, purpose: Purpose, expected: bool) -> None:
    assert wants_lenient(Session(Request(URL, purpose)), Reply(outcome)) is expected


def test_what_is_there_without_verification_is_known_with_the_fault() -> None:
    fault = Reply(Fault.TLS_EXPIRED, detail="expired")
    found = seen_leniently(fault, Reply(200))
    assert (found.outcome, found.insecure, found.detail) == (200, Fault.TLS_EXPIRED, "expired")
    assert seen_leniently(fault, Reply(Fault.RESET)) is fault


def test_a_host_whose_certificate_is_bad_is_asked_without_verification() -> None:
    async def ask(_: Session, how: dict[str, Any]) -> Reply:
        return Reply(200 if how.get("is_lenient") else Fault.TLS_SELF_SIGNED)

    world = World(ask)
    reply = asyncio.run(world.exchange())
    assert (reply.outcome, reply.insecure) == (200, Fault.TLS_SELF_SIGNED)
    assert [how.get("is_lenient", False) for how in world.asked] == [False, True]


# -- our own network ---------------------------------------------------------------------------


def test_what_failed_while_our_network_was_away_is_asked_again_a_few_times() -> None:
    replies = [Reply(Fault.RESET), Reply(200)]

    async def ask(_: Session, __: dict[str, Any]) -> Reply:
        return replies.pop(0)

    async def was_away(_: float) -> bool:
        return True

    world = World(ask)
    world.host.is_open = True
    world.source.network.was_away = was_away  # type: ignore[method-assign, assignment]
    assert asyncio.run(world.exchange()).outcome == 200
    assert len(world.asked) == 2
    replies += [Reply(Fault.RESET)] * 9
    with pytest.raises(GivenUp, match=AWAY) as caught:
        asyncio.run(world.exchange())
    assert caught.value.fault is Fault.OUT_OF_TIME


# -- the rest ----------------------------------------------------------------------------------


def test_a_live_run_waits_as_it_is_told_and_leaves_nothing_out() -> None:
    source = World(always(200)).source
    assert source.wait_s(7.0) == 7.0
    assert not source.leaves_out(URL)
    assert (source.requests, source.is_resolver_working) == (0, False)


def test_a_refusal_is_for_the_host_of_the_url() -> None:
    world = World(always(429))
    refusal = world.source.note_refusal(
        world.lanes, Url("https://a.test/x"), Refusal(429, 0.0, 1.0, 5.0), RefusalCount()
    )
    assert refusal is not None
    assert refusal.until == 6.0
    assert world.host.throttle.refusals == 1


def test_what_is_forgotten_and_closed() -> None:
    world = World(always(200))
    world.source.forget_failed_names()
    world.source.start_afresh()
    asyncio.run(world.source.close())
    assert world.ways.done == ["forget_failures", "drop_idle", "start_afresh", "close", "close"]
