"""A machine on which no more files may be opened."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable, Iterator

import httpx
import pytest

from linkcheck.fetch import room
from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.resolve import LookupFailed, Resolver
from linkcheck.model import Fault
from tests.fetch.origin import OK, Origin, get, saying, transport


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A process with so many open files that there is room for no more, until the list is emptied."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(room, "_PATIENCE_S", 0.3)
    held = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (held[0] + 40, hard))
    while room.has_room():
        held.append(os.open(os.devnull, os.O_RDONLY))
    yield held
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    let_go(held)


def let_go(held: list[int]) -> None:
    while held:
        os.close(held.pop())


def test_some_descriptors_are_always_left(full: list[int]) -> None:
    more = [os.open(os.devnull, os.O_RDONLY) for _ in range(room.SPARE - 1)]
    assert not room.has_room()
    let_go(more)


def test_a_host_does_not_pay_for_our_own_limit(full: list[int]) -> None:
    async def work() -> tuple[Fault, str]:
        with pytest.raises(httpx.ConnectError) as caught:
            await get(transport(), 1)
        return fault_of(caught.value)

    assert asyncio.run(work()) == (Fault.OWN_LIMIT, "too many open files")


def test_a_connection_waits_for_room(monkeypatch: pytest.MonkeyPatch, full: list[int]) -> None:
    monkeypatch.setattr(room, "_PATIENCE_S", 5)
    let_go(more := [full.pop() for _ in range(10)])
    assert not more

    async def work() -> int:
        async with Origin(saying(OK)) as origin:
            while room.has_room():
                full.append(os.open(os.devnull, os.O_RDONLY))
            asyncio.get_running_loop().call_later(0.3, let_go, full)
            return (await get(transport(), origin.port))[0]

    assert asyncio.run(work()) == 200


def test_an_idle_connection_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> int:
        async with Origin(saying(OK, then_close=False)) as one, Origin(saying(OK, then_close=False)) as other:
            used = transport(keep=5)
            await get(used, one.port)
            answers = iter([False, True])
            monkeypatch.setattr(room, "has_room", lambda: next(answers, True))
            await get(used, other.port)
            monkeypatch.undo()
            await get(used, one.port)
            await used.aclose()
            return one.connections

    assert asyncio.run(work()) == 2


def test_a_descriptor_that_cannot_be_closed_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def close(handle: int, real: Callable[[int], None] = os.close) -> None:
        real(handle)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "close", close)
    assert room.has_room()


def test_a_name_is_looked_up_when_there_is_room(full: list[int]) -> None:
    async def work() -> list[Fault]:
        resolver, found = Resolver("127.0.0.1:9", timeout_s=0.1), []
        for _ in range(2):
            with pytest.raises(LookupFailed) as caught:
                await resolver.lookup("a.test")
            found.append(caught.value.fault)
            let_go(full)
        await resolver.close()
        return found

    first, second = asyncio.run(work())
    assert first is Fault.OWN_LIMIT
    assert second in (Fault.DNS_FAILED, Fault.DNS_TIMEOUT)
