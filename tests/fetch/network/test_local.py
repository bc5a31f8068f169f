"""Our own network in one run: what is suspected, and what follows."""

from __future__ import annotations

import asyncio

import pytest

from linkcheck.fetch.network.doubts import LATE_S
from linkcheck.fetch.network.local import AWAY, Aftermath, CutOff, LocalNetwork
from linkcheck.fetch.network.pulse import Canary
from linkcheck.model import Fault, Observation, Url
from tests.answers import observation

PAGE = Canary("a.test", Url("https://a.test/"), 0.01)


class World:
    """A network whose pages answer as `polls` says, in turn; the last for ever."""

    def __init__(self, *polls: bool, away_s: float = 1.0, timeout_s: float = 2.0) -> None:
        self.polls = list(polls)
        self.network = LocalNetwork(self._poll, timeout_s=timeout_s, away_s=away_s, canary=PAGE)
        self.network.start(0.0, is_watched=True)

    async def _poll(self, page: Canary) -> bool:
        answers = self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]
        if answers:
            self.network.note_poll(200, asyncio.get_running_loop().time(), is_public=True)
        return answers

    def fail(self, *names: str, fault: Fault = Fault.CONNECT_TIMEOUT, at: float = 1.0) -> list[Observation]:
        seen = [observation(f"https://{name}/", fault) for name in names]
        for name, one in zip(names, seen, strict=True):
            page = Canary(name, Url(f"https://{name}/"), 0.01)
            self.network.note_outcome(page, fault, at, is_page=True, is_host_open=False)
            self.network.note_observation(one, at)
        return seen

    def examine(self) -> Aftermath:
        self.network.begin()
        return asyncio.run(self.network.examine())


def answer(network: LocalNetwork, now: float, outcome: int = 200, page: Canary = PAGE) -> None:
    network.note_outcome(page, outcome, now, is_page=True, is_host_open=True)


def test_it_is_suspected_when_unrelated_hosts_fail_and_nobody_answers() -> None:
    network = (world := World(True)).network
    assert network.suspicious_at(is_busy=False) is None
    world.fail("b.test", "c.test", "d.test", at=1.0)
    at = network.suspicious_at(is_busy=False)
    assert at is not None
    assert (network.is_suspicious(at - 0.01, is_busy=False), network.is_suspicious(at, is_busy=False)) == (False, True)
    answer(network, 2.0)
    assert network.suspicious_at(is_busy=False) is None


def test_nothing_is_suspected_that_is_not_watched() -> None:
    network = (world := World(True)).network
    network.start(0.0, is_watched=False)
    world.fail("b.test", "c.test", "d.test")
    answer(network, 2.0)
    assert network.suspicious_at(is_busy=True) is None
    assert not network.is_unsure()
    assert not network.has_silences


@pytest.mark.parametrize("outcome", [Fault.OWN_LIMIT, Fault.INTERNAL_ERROR])
def test_what_is_about_ourselves_says_nothing(outcome: Fault) -> None:
    network = World(True).network
    network.note_outcome(PAGE, outcome, 1.0, is_page=True, is_host_open=True)
    network.note_poll(outcome, 1.0, is_public=True)
    assert not network.pulse.has_answered
    assert network.pulse.failures == 0


@pytest.mark.parametrize(("outcome", "kept"), [(200, True), (404, True), (429, False), (503, False)])
def test_pages_that_answered_are_canaries_and_hosts_that_refuse_are_left_alone(outcome: int, kept: bool) -> None:
    network = World(True).network
    answer(network, 1.0, 200, Canary("b.test", Url("https://b.test/"), 0.1))
    answer(network, 1.5)
    answer(network, 2.0, outcome)
    assert (PAGE in network.pulse.canaries(None)) is kept
    assert len(network.pulse.canaries(None)) == 1 + kept
    answer(network, 3.0, 429, Canary("b.test", Url("https://b.test/x"), 0.1))
    assert len(network.pulse.canaries(None)) == kept


def test_a_silence_that_ends_has_its_names_asked_again_once() -> None:
    network = (world := World(True)).network
    answer(network, 0.5)
    names = world.fail("b.test", "c.test", "d.test", fault=Fault.DNS_NXDOMAIN, at=1.0)
    world.fail("e.test", at=1.0)
    answer(network, 2.0)
    assert network.has_silences
    (aftermath,) = network.ended_silences()
    assert aftermath == Aftermath(again=names)
    assert not network.has_silences


def test_where_something_answers_soon_nothing_was_wrong() -> None:
    world = World(True)
    answer(world.network, 0.5)
    names = world.fail("b.test", "c.test", "d.test", fault=Fault.DNS_NXDOMAIN)
    aftermath = world.examine()
    assert (aftermath.again, aftermath.is_back) == (names, False)
    assert world.network.is_well
    assert world.network.outages == ()


def test_what_failed_while_it_was_away_is_asked_again_but_not_for_ever() -> None:
    world = World(False, away_s=10.0)
    network = world.network

    async def away() -> tuple[list[Observation], Aftermath]:
        network.pulse.has_answered = True
        seen = world.fail("b.test", "c.test", "d.test", at=10**9)
        world.polls = [False] * 4 + [True]
        network.begin()
        return seen, await network.examine()

    async def work() -> list[tuple[list[Observation], Aftermath]]:
        return [await away() for _ in range(3)]

    *first, (last, enough) = asyncio.run(work())
    assert all(aftermath == Aftermath(seen, [], AWAY, is_back=True) for seen, aftermath in first)
    assert enough == Aftermath([], last, AWAY, is_back=True)
    assert (len(network.outages), network.asked_again, network.is_cut_off) == (3, 3, False)


def test_what_failed_a_moment_before_the_silence_may_belong_to_it() -> None:
    world = World(False, False, False, False, True, away_s=10.0)

    async def work() -> tuple[list[Observation], Aftermath]:
        network, now = world.network, asyncio.get_running_loop().time()
        network.pulse.has_answered, network.pulse.answered_at = True, now
        seen = world.fail("b.test", "c.test", "d.test", at=now - LATE_S / 2)
        network.begin()
        return seen, await network.examine()

    seen, aftermath = asyncio.run(work())
    assert (aftermath.again, aftermath.is_back) == (seen, True)


def test_where_it_stays_away_nothing_is_believed() -> None:
    world = World(False, away_s=0.3)
    seen = world.fail("b.test", "c.test", "d.test", at=10**9)
    with pytest.raises(CutOff):
        world.examine()
    assert world.network.is_cut_off
    assert world.network.unbelieved() == seen
    assert world.network.unbelieved() == []


def test_a_few_that_failed_at_the_end_are_not_believed_where_the_run_is_interrupted() -> None:
    world = World(True)
    assert world.network.unbelieved() == []
    (name,) = world.fail("b.test", fault=Fault.DNS_NXDOMAIN, at=10.0)
    assert world.network.is_unsure()
    assert world.network.unbelieved() == [name]


def test_an_exchange_during_an_outage_is_known_to_be_one() -> None:
    world = World(False, False, False, False, True, away_s=10.0)

    async def work() -> tuple[bool, bool]:
        network, loop = world.network, asyncio.get_running_loop()
        network.pulse.has_answered = True
        world.fail("b.test", "c.test", "d.test")
        before = await network.was_away(loop.time())
        started = loop.time()
        network.begin()
        _, away = await asyncio.gather(network.examine(), network.was_away(started))
        return before, away

    assert asyncio.run(work()) == (False, True)
