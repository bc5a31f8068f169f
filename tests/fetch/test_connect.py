"""Connecting: the first address that answers wins, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress

import httpx
import pytest

from linkcheck.fetch import connect as connecting
from linkcheck.fetch.faults import fault_of
from linkcheck.model import Fault
from tests.fetch.origin import OK, Origin, saying, transport


def test_the_first_address_that_answers_wins() -> None:
    async def work() -> int:
        async with Origin(saying(OK)) as origin:
            # nobody listens on 127.0.0.2 at that port; it is refused at once
            connection = await connecting.connect(["127.0.0.2", "127.0.0.1"], origin.port, None, "a.test")
            connection.abort()
            return origin.connections

    assert asyncio.run(work()) == 1


def test_all_addresses_failing_is_the_first_ones_fault() -> None:
    async def work() -> Fault:
        async with Origin(saying(OK)) as origin:
            port = origin.port
        with pytest.raises(httpx.ConnectError) as caught:
            await connecting.connect(["127.0.0.2", "127.0.0.3"], port, None, "a.test")
        return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.CONNECT_REFUSED


def test_an_address_that_hangs_delays_the_next_by_a_quarter_second(monkeypatch: pytest.MonkeyPatch) -> None:
    real = connecting._connect_one

    async def slow(address: str, *rest: object) -> object:
        if address == "192.0.2.1":
            await asyncio.sleep(30)
        return await real(address, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(connecting, "_connect_one", slow)

    async def work() -> float:
        async with Origin(saying(OK)) as origin:
            started = asyncio.get_running_loop().time()
            connection = await connecting.connect(["192.0.2.1", "127.0.0.1"], origin.port, None, "a.test")
            connection.abort()
            return asyncio.get_running_loop().time() - started

    assert 0.2 < asyncio.run(work()) < 5


class Attempt:
    """Stands in for a connection."""

    is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


@pytest.mark.parametrize("results", ["good bad", "bad good", "good good", "bad bad"])
def test_attempts_that_end_together_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch, results: str) -> None:
    """No connection without an owner, and no complaint of the event loop on standard error."""
    made, complaints = list[Attempt](), list[str]()

    async def work() -> None:
        gate, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))

        async def connect_one(address: str, *_: object) -> Attempt:
            await gate.wait()
            if address == "bad":
                raise httpx.ConnectError("refused")
            made.append(Attempt())
            return made[-1]

        monkeypatch.setattr(connecting, "_NEXT_AFTER_S", 0.01)
        monkeypatch.setattr(connecting, "_connect_one", connect_one)
        loop.call_later(0.2, gate.set)
        with suppress(httpx.ConnectError):
            winner = await connecting.connect(results.split(), 1, None, "a.test")
            assert isinstance(winner, Attempt)
            made.remove(winner)
        await asyncio.sleep(0.05)
        gc.collect()

    asyncio.run(work())
    assert complaints == []
    assert all(attempt.is_aborted for attempt in made)
    assert len(made) == results.count("good") - ("good" in results)


def test_a_host_that_never_shakes_hands_is_a_connect_timeout() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async def work() -> Fault:
        async with Origin(silent) as origin:
            request = httpx.Request(
                "GET", f"https://127.0.0.1:{origin.port}/", extensions={"timeout": {"connect": 0.3}}
            )
            with pytest.raises(httpx.ConnectTimeout) as caught:
                await transport().handle_async_request(request)
            return fault_of(caught.value)[0]

    assert asyncio.run(work()) is Fault.CONNECT_TIMEOUT


@pytest.mark.parametrize("late", ["connection", "error", "cancelled"])
def test_an_attempt_that_ends_after_another_has_won_leaves_nothing_behind(late: str) -> None:
    """What comes too late is closed; what failed or was cancelled is no complaint of the event loop."""
    attempt, complaints = Attempt(), list[str]()

    async def end() -> Attempt:
        if late == "error":
            raise httpx.ConnectError("refused")
        if late == "cancelled":
            raise asyncio.CancelledError
        return attempt

    async def work() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
        task = asyncio.create_task(end())
        task.add_done_callback(connecting._close_late_winner)  # type: ignore[arg-type]
        await asyncio.wait([task])
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(work())
    assert complaints == []
    assert attempt.is_aborted == (late == "connection")


def test_attempts_that_still_run_are_cancelled_when_one_has_won(monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled = []

    async def connect_one(address: str, *_: object) -> Attempt:
        if address == "slow":
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.append(address)
                raise
        return Attempt()

    async def work() -> None:
        await connecting.connect(["slow", "quick"], 1, None, "a.test")
        await asyncio.sleep(0)

    monkeypatch.setattr(connecting, "_NEXT_AFTER_S", 0.01)
    monkeypatch.setattr(connecting, "_connect_one", connect_one)
    asyncio.run(work())
    assert cancelled == ["slow"]
