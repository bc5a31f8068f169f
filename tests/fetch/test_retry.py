"""When to ask again, and how long to wait."""

from __future__ import annotations

import asyncio

import pytest

from linkcheck.fetch.retry import Limits, is_transient, retrying
from linkcheck.model import Fault


def attempts(results: list[tuple[int | Fault, float | None]], **limits: float) -> tuple[int, list[float], int | Fault]:
    """(requests, waits, last outcome) for a server that answers so in turn."""
    left, waits, asked = list(results), list[float](), 0

    async def once() -> tuple[int | Fault, float | None]:
        nonlocal asked
        asked += 1
        return left.pop(0) if len(left) > 1 else left[0]

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async def all_of_them() -> int | Fault:
        result: tuple[int | Fault, float | None] = (0, None)
        async for attempt in retrying(Limits(**limits), lambda result: result, pause):  # type: ignore[arg-type]
            result = await once()
            attempt.retry_state.set_result(result)
        return result[0]

    outcome = asyncio.run(all_of_them())
    return asked, waits, outcome


@pytest.mark.parametrize(
    "outcome",
    [200, 404, 403, 301, 501, Fault.DNS_NXDOMAIN, Fault.DNS_SERVFAIL, Fault.TLS_EXPIRED, Fault.ADDRESS_NOT_PUBLIC],
)
def test_an_answer_is_not_asked_for_again(outcome: int | Fault) -> None:
    assert attempts([(outcome, None)]) == (1, [], outcome)


@pytest.mark.parametrize("outcome", [500, 503, Fault.RESET, Fault.CLOSED, Fault.OWN_LIMIT])
def test_a_transient_answer_is_asked_for_three_times(outcome: int | Fault) -> None:
    asked, waits, last = attempts([(outcome, None)])
    assert (asked, len(waits), last) == (3, 2, outcome)
    assert all(0 <= wait <= 2 for wait in waits)


def test_a_silent_host_is_asked_twice() -> None:
    assert attempts([(Fault.READ_TIMEOUT, None)])[0] == 2


def test_a_recovery_ends_the_asking() -> None:
    assert attempts([(503, None), (200, None)])[::2] == (2, 200)


def test_the_servers_own_wait_is_taken() -> None:
    (wait,) = attempts([(502, 7.0), (200, None)])[1]
    assert wait == 7.0


def test_the_total_wait_is_capped() -> None:
    assert attempts([(502, 40.0)], wait_s=60.0)[0] == 2
    assert attempts([(502, 400.0)], wait_s=60.0)[0] == 1


def test_what_is_transient() -> None:
    assert is_transient(503)
    assert not is_transient(Fault.BAD_REDIRECT)
