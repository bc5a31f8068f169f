"""What a process may take: files and memory, without a process."""

from __future__ import annotations

import asyncio
import errno
import os
import sys

import pytest

from linkcheck import extract
from linkcheck.cli import limits
from linkcheck.cli.interrupts import interrupts
from linkcheck.common import boundary
from linkcheck.contracts import Site
from linkcheck.errors import LimitError
from linkcheck.fetch import room
from linkcheck.model import Answer, Observation
from tests.answers import observation

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A process with this limit of open files, and so many open."""
    import resource

    given = {"soft": 20_000, "hard": 20_000, "open": 7}

    def set_limit(_: int, values: tuple[int, int]) -> None:
        if values[0] > given.get("system", 10**9):
            raise ValueError("not allowed to raise maximum limit")
        given["soft"], given["hard"] = values

    monkeypatch.setattr(resource, "getrlimit", lambda _: (given["soft"], given["hard"]))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    monkeypatch.setattr(limits, "_open_now", lambda: given["open"])
    return given


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "found"),
    [
        (20_000, 20_000, 256, (256, 1_500, 20_000)),
        (1_024, 524_288, 256, (256, 1_500, 2_752)),
        (256, -1, 256, (256, 1_500, 2_752)),  # macOS
        (1_024, 524_288, 100_000, (100_000, 1_500, 301_984)),
        (256, 256, 8, (8, 162, 256)),
        (256, 256, 256, (57, 58, 256)),
        (64, 64, 256, (9, 10, 64)),
    ],
)
def test_the_limit_is_raised_where_it_can_be_and_kept_where_it_cannot(
    given: dict[str, int], soft: int, hard: int, wanted: int, found: tuple[int, int, int]
) -> None:
    given.update(soft=soft, hard=hard)
    assert limits.open_files(wanted) == found


@pytest.mark.parametrize("limit", [31, 32, 40, 64, 100, 128, 256, 500, 1_024, 2_048, 4_096])
@pytest.mark.parametrize("wanted", [1, 8, 256, 5_000])
def test_everything_fits_within_the_limit(given: dict[str, int], limit: int, wanted: int) -> None:
    given.update(soft=limit, hard=limit)
    found = limits.open_files(wanted)
    assert 1 <= found.concurrency <= wanted
    assert found.keep >= 1
    assert found.limit == limit
    assert given["open"] + room.SPARE + found.concurrency + found.keep <= limit


def test_a_system_that_keeps_its_own_limit_is_believed(given: dict[str, int]) -> None:
    given.update(soft=256, hard=-1, system=1_000)
    assert limits.open_files(256) == (57, 58, 256)


def test_too_few_are_told_with_what_is_needed(given: dict[str, int]) -> None:
    given.update(soft=20, hard=20)
    with pytest.raises(LimitError) as caught:
        limits.open_files(256)
    assert (caught.value.what, caught.value.help) == ("too few open files: the limit is 20", "raise it to 31")
    given.update(soft=31, hard=31)
    assert limits.open_files(256).concurrency == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "not enough memory"),
        (OSError(errno.EMFILE, "Too many open files"), "too many open files"),
        (ExceptionGroup("one", [KeyError("x"), ExceptionGroup("two", [MemoryError()])]), "not enough memory"),
        (ExceptionGroup("one", [KeyError("x")]), ""),
        (OSError(errno.EPERM, "Operation not permitted"), ""),
    ],
)
def test_what_a_machine_lacks_is_no_mistake_of_ours(error: Exception, words: str) -> None:
    told = limits.describe_lack(error)
    assert told.startswith(f"error: {words}\nhelp: ") if words else not told


def test_a_callback_without_memory_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, others = list[int](), list[object]()
    monkeypatch.setattr(interrupts, "end", ended.append)

    async def work() -> None:
        loop = asyncio.get_running_loop()
        limits.watch_memory(loop)
        monkeypatch.setattr(loop, "default_exception_handler", others.append)
        for error in (MemoryError(), KeyError("x")):
            loop.call_exception_handler({"message": "a callback failed", "exception": error})

    asyncio.run(work())
    assert ended == [2]
    assert len(others) == 2  # the first would have ended us


def test_a_reader_without_memory_is_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "_ROOM", sys.maxsize)  # more than there is

    def read(_: Observation) -> Answer:
        raise MemoryError

    site = Site("site", lambda _: "x", lambda _: (), read, {})
    with pytest.raises(MemoryError):
        extract.answer(site, observation("https://a.example/"))
