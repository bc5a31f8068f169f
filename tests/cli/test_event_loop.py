"""The event loop of a run: what comes out of it, and how a signal reaches it."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Iterator

import pytest

from linkcheck.cli import event_loop
from linkcheck.cli.interrupts import Action, interrupts


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()
    logging.disable(logging.NOTSET)


def test_the_first_signal_sets_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    actions = list[Action | None]()
    monkeypatch.setattr(interrupts, "call", actions.append)

    async def work(interrupt: asyncio.Event) -> str:
        (act,) = actions
        assert act
        assert not interrupt.is_set()
        act()
        await asyncio.wait_for(interrupt.wait(), 5)
        return "done"

    assert event_loop.run(work) == "done"
    assert actions[1:] == [None]  # a later signal has nothing to end here


def test_what_work_raises_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    actions = list[Action | None]()
    monkeypatch.setattr(interrupts, "call", actions.append)

    async def work(_: asyncio.Event) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        event_loop.run(work)
    assert actions[-1] is None


def test_asyncios_own_loop_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert event_loop.loop_factory() is None
