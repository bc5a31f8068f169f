"""The event loop of a run: its implementation, interruption, and handling of memory shortage."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from linkcheck.cli import limits
from linkcheck.cli.interrupts import interrupts

T = TypeVar("T")


def run(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run `work` in a new event loop; returns its result. `work` gets an event that the first signal sets."""

    async def watched() -> T:
        loop, interrupt = asyncio.get_running_loop(), asyncio.Event()
        limits.watch_memory(loop)
        interrupts.call(lambda: loop.call_soon_threadsafe(interrupt.set))
        try:
            return await work(interrupt)
        finally:
            interrupts.call(None)

    logging.disable(logging.WARNING)  # libraries log problems that they have handled
    # Loaded objects stay for the run; a crawl creates few cycles, so the garbage collector may run less often.
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(watched())


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop if it is installed (a third less CPU a connection), else asyncio's."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
