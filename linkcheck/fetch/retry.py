"""When to retry, and how long to wait. The only home of tenacity.

Retry-After: RFC 9110 §10.2.3 (seconds or HTTP-date), read leniently where the intent is plain.
Waits are exponential with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter",
2015), capped in number and in total.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_result
from tenacity.wait import wait_random_exponential

from linkcheck.model import Fault

T = TypeVar("T")

# Transient statuses (RFC 9110 §15.5.9, §15.6; RFC 8470 §5.2; Cloudflare 52x). 429 is for the throttle.
TRANSIENT_STATUSES = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524})
# Faults of look-ups are not included: the resolver retries and caches them itself.
TRANSIENT_FAULTS = frozenset(
    {
        Fault.CONNECT_REFUSED, Fault.CONNECT_TIMEOUT, Fault.CONNECT_FAILED, Fault.NO_ROUTE, Fault.RESET, Fault.CLOSED,
        Fault.READ_TIMEOUT, Fault.PROTOCOL, Fault.TLS_HANDSHAKE, Fault.OWN_LIMIT,
    }
)  # fmt: skip
# Each attempt at a silent host costs a whole time-out: it has two, not three.
SLOW_FAULTS = frozenset({Fault.CONNECT_TIMEOUT, Fault.READ_TIMEOUT, Fault.DNS_TIMEOUT})


@dataclass(frozen=True, slots=True)
class Limits:
    """`attempts` is the total number of requests; `wait_s` bounds the sum of one request's waits.

    `retry_after_s` is the longest Retry-After that is respected; a host that asks for more is given up.
    """

    attempts: int = 3
    wait_s: float = 90.0
    first_wait_s: float = 0.5
    retry_after_s: float = 60.0


def is_transient(outcome: int | Fault) -> bool:
    return outcome in TRANSIENT_STATUSES or outcome in TRANSIENT_FAULTS


def retrying(
    limits: Limits, says: Callable[[T], tuple[int | Fault, float | None]], pause: Callable[[float], Awaitable[None]]
) -> AsyncRetrying:
    """Attempts while their result is transient: `async for attempt in retrying(…)`, each of which has to
    `attempt.retry_state.set_result(…)`.

    `says` gives (outcome, the server's Retry-After in seconds or None) of a result. `pause` waits; it must
    not hold a slot meanwhile. A server's Retry-After replaces the backoff.
    """
    backoff = wait_random_exponential(multiplier=limits.first_wait_s, max=limits.wait_s)

    def result(state: RetryCallState) -> T:
        assert state.outcome is not None
        value: T = state.outcome.result()
        return value

    def wait(state: RetryCallState) -> float:
        asked_s = says(result(state))[1]
        return backoff(state) if asked_s is None else asked_s  # the lane's slots spread them

    def is_over(state: RetryCallState) -> bool:
        allowed = min(2, limits.attempts) if says(result(state))[0] in SLOW_FAULTS else limits.attempts
        return state.attempt_number >= allowed or state.idle_for + state.upcoming_sleep > limits.wait_s

    return AsyncRetrying(
        retry=retry_if_result(lambda value: is_transient(says(value)[0])),
        stop=is_over,
        wait=wait,
        sleep=pause,
        retry_error_callback=result,
    )


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """The seconds of a `Retry-After` field, or None if it is missing or invalid.

    Not capped: the caller does that. A date in the past is 0.
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        when = datetime.fromisoformat(text) if text[:4].isdigit() and "T" in text else _http_date(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())


def _http_date(text: str) -> datetime:
    """An HTTP-date in any of its three forms (RFC 9110 §5.6.7); weekday and case do not matter."""
    if "," not in text and "-" not in text:
        return datetime.strptime(" ".join(text.split()[1:]), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return parsedate_to_datetime(text)
