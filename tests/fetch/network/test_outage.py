"""Waiting for our own network: pages that answer, or not, and how each suspicion ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest

from linkcheck.fetch.network.outage import Diagnosis, Watch
from linkcheck.fetch.network.pulse import Canary, Pulse
from linkcheck.model import Url

CANARY = Canary("canary.test", Url("https://canary.test/"))
TIMEOUT_S = 2.0


class World:
    """Pages that answer from `back_s` on; until then they fail at once, or say nothing."""

    has_way = True

    def __init__(self, back_s: float, *, is_silent: bool = False, patience_s: float = 5.0, known: str = "abc") -> None:
        self.pulse = Pulse()
        self.watch = Watch(self.pulse, self.ask, TIMEOUT_S, patience_s)
        self.back_s, self.is_silent = back_s, is_silent
        self.asked: list[str] = []
        for name in known:
            self.pulse.note_answer(0.0)
            self.pulse.keep(Canary(name, Url(f"https://{name}/"), 0.01))

    async def ask(self, page: Canary) -> bool:
        self.asked.append(page.domain)
        loop = asyncio.get_running_loop()
        while self.is_silent and loop.time() < self.began + self.back_s:
            await asyncio.sleep(0.02)
        if loop.time() >= self.began + self.back_s:
            self.pulse.note_answer(loop.time())
            self.watch.note_answer()
        return self.has_way

    def examine(
        self, *failed: str, last: Canary | None = CANARY, meanwhile: Coroutine[None, None, None] | None = None
    ) -> Diagnosis:
        async def work() -> Diagnosis:
            self.began = asyncio.get_running_loop().time()
            self.pulse.answered_at = self.began
            for name in failed:
                self.pulse.note_failure(name)
            self.watch.begin()
            other = asyncio.create_task(meanwhile) if meanwhile else None
            waiter = asyncio.create_task(self.watch.settled())
            found = await self.watch.examine(last)
            await waiter
            if other:
                await other
            return found

        return asyncio.run(work())


def test_one_page_that_answers_is_enough() -> None:
    world = World(0.0)
    assert world.examine("x", "y", "z") is Diagnosis.FINE
    assert world.asked == ["a"]
    assert (world.watch.outages, world.watch.is_examining, world.pulse.failed) == ([], False, set())


def test_another_is_asked_when_the_first_is_slow_and_both_may_be() -> None:
    world = World(0.3, is_silent=True)
    assert world.examine("x", "y", "z") is Diagnosis.FINE
    assert world.asked[:2] == ["a", "b"]


def test_an_answer_that_takes_longer_than_before_is_a_late_one() -> None:
    world = World(1.15, is_silent=True)
    assert world.examine("x", "y", "z") is Diagnosis.LATE
    assert world.watch.outages == []


def test_any_answer_ends_a_suspicion() -> None:
    world = World(60.0, is_silent=True)

    async def answer() -> None:
        await asyncio.sleep(0.3)
        world.watch.note_answer()

    assert world.examine("x", "y", "z", meanwhile=answer()) is Diagnosis.FINE


@pytest.mark.parametrize("is_silent", [False, True])
def test_a_network_that_comes_back(is_silent: bool) -> None:
    world = World(2.2, is_silent=is_silent)
    assert world.examine("x") is Diagnosis.BACK
    (outage,) = world.watch.outages
    assert outage.end is not None
    assert 2.0 < (outage.end - outage.start).total_seconds() < 6.0
    assert world.watch.back_at > world.began
    assert 0 < world.watch.patience_s < 5.0


def test_a_network_that_does_not_come_back_is_waited_for_in_all_outages_together() -> None:
    world = World(60.0, patience_s=0.5)
    assert world.examine("x", "y", "z") is Diagnosis.LOST
    assert world.watch.outages[0].end is None
    assert world.watch.patience_s <= 0
    assert World(60.0, patience_s=world.watch.patience_s).examine("x", "y", "z") is Diagnosis.LOST


@pytest.mark.parametrize(
    ("known", "failed", "last"),
    [
        ("", (), None),  # nobody can be asked
        ("", ("x", "y", "z"), None),
        ("a", (), None),
        ("", ("a.test", "canary.test"), CANARY),
        ("a", ("a",), CANARY),  # one provider, and a canary that no one has ever seen answer
    ],
)
def test_a_few_who_do_not_answer_are_no_proof(known: str, failed: tuple[str, ...], last: Canary | None) -> None:
    world = World(60.0, known=known)
    assert world.examine(*failed, last=last) is Diagnosis.UNCLEAR
    assert world.watch.outages == []


def test_two_are_enough_where_there_is_no_way_at_all() -> None:
    world = World(2.0, known="a")
    world.has_way = False
    assert world.examine() is Diagnosis.BACK
    alone = World(60.0, known="a")
    alone.has_way = False
    assert alone.examine(last=None) is Diagnosis.UNCLEAR


def test_where_nothing_has_ever_answered_the_wait_is_short() -> None:
    world = World(60.0, known="", patience_s=60.0)
    assert world.examine("x", "y", "z") is Diagnosis.LOST
    assert 1 < len(world.asked) < 20


def test_what_is_under_way_is_waited_for_though_nothing_has_answered() -> None:
    world = World(60.0, known="", patience_s=60.0)
    world.pulse.ask("w")

    async def answer() -> None:
        await asyncio.sleep(1.5 * TIMEOUT_S)
        world.watch.note_answer()

    assert world.examine("x", "y", "z", meanwhile=answer()) is Diagnosis.BACK
