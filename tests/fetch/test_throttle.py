"""Every kind of limiter, on a virtual clock: the real fetcher keeps its pace, gives none up, and never crawls.

What going slower does not help comes first. `python -m bench.limiters` prints the same as a table.
"""

from __future__ import annotations

import pytest

from bench.limiters import LIMITERS, Limiter, OnePoisoned, Refusal, drive
from linkcheck.fetch.throttle import Mode, Throttle

ANSWERED = [name for name in LIMITERS if not name.startswith(("doubling", "one URL", "always"))]
WITHOUT_RATE = ("each", "random")
# Where the best pace cannot be known in time: one refusal costs as much as the rest of the list, or every request
# that comes a moment too early is refused.
HARD = (
    "Retry-After 10",
    "Retry-After 30",
    "Retry-After 60",
    "no burst",
    "in flight",
    "sliding",
    "leaky bucket 5/s",
    "no Retry-After",
)


@pytest.mark.parametrize("name", ANSWERED)
def test_300_links_are_answered_in_little_more_than_the_best_time(name: str) -> None:
    limiter = LIMITERS[name]()
    run = drive(limiter, 300)
    most = 5.0 if name.startswith(WITHOUT_RATE) else 1.6 if any(h in name for h in HARD) else 1.26
    assert run.unanswered <= 300 * 0.02
    assert run.seconds <= most * limiter.ideal_s(300), run


@pytest.mark.parametrize("name", ANSWERED)
def test_30_links_are_answered_within_seconds_of_the_best_time(name: str) -> None:
    limiter = LIMITERS[name]()
    run = drive(limiter, 30)
    assert run.unanswered == 0
    slack = 20.0 if "Retry-After 60" in name or "Retry-After 10" in name else 15.0
    assert run.seconds <= limiter.ideal_s(30) + slack, run


@pytest.mark.parametrize("name", ["token bucket 20/s", "each URL once, Retry-After 1", "random 30 %", "2 in flight"])
def test_3000_links_take_as_much_longer_as_they_have_to(name: str) -> None:
    limiter = LIMITERS[name]()
    run = drive(limiter, 3_000)
    assert run.unanswered <= 3_000 * 0.02
    assert run.seconds <= 1.4 * limiter.ideal_s(3_000), run


@pytest.mark.parametrize("name", LIMITERS)
def test_no_limit_of_one_host_costs_another_a_second(name: str) -> None:
    assert drive(LIMITERS[name](), 100).others_s <= drive(Limiter(), 100).others_s + 0.1


@pytest.mark.parametrize("name", [name for name in LIMITERS if name.startswith(("doubling", "always"))])
def test_a_host_that_cannot_be_asked_ends_within_two_minutes(name: str) -> None:
    run = drive(LIMITERS[name](), 300)
    assert run.seconds <= 125
    assert run.asked <= 60


@pytest.mark.parametrize("links", [8, 9, 11, 20, 300])
@pytest.mark.parametrize("path", ["/0", "/7"])
@pytest.mark.parametrize(("wait_s", "status"), [(1.0, 429), (None, 429), (None, 503)])
def test_one_url_that_is_always_refused_does_not_hold_up_the_others(
    wait_s: float | None, status: int, path: str, links: int
) -> None:
    """A closed host is opened by one request: not by the same again and again."""
    run = drive(OnePoisoned(wait_s, status, path), links)
    assert run.unanswered == 1
    assert run.seconds <= 30


def test_no_host_adds_hours() -> None:
    """One answer in ten minutes would take two days."""

    class Slow(Limiter):
        next_at = 0.0

        def asked(self, url: str, now: float) -> Refusal | None:
            if now < self.next_at:
                return 429, 50.0
            self.next_at = now + 50
            return None

    run = drive(Slow(), 300)
    assert 3_500 < run.seconds < 3_800
    assert run.unanswered > 200


def test_a_wait_longer_than_we_wait_ends_its_url_and_the_second_in_a_row_the_host() -> None:
    class Long(Limiter):
        def __init__(self, *paths: str) -> None:
            self.paths = paths

        def asked(self, url: str, now: float) -> Refusal | None:
            return (429, 3_600.0) if not self.paths or url.endswith(self.paths) else None

    one = drive(Long("/7"), 100)
    assert (one.unanswered, one.asked) == (1, 100)
    assert one.seconds < 5
    every = drive(Long(), 100)
    assert (every.unanswered, every.asked) == (100, 2)


# -- the parts -----------------------------------------------------------------------------------


def test_a_closed_host_opens_for_one_request() -> None:
    throttle = Throttle(8)
    throttle.started(0.0, 0.0)
    throttle.answered(0.0, 0.1, 20)
    throttle.started(0.1, 0.0)
    assert throttle.refused(0.1, 0.2, 3.0, waiting=20, in_flight=8).until == 3.2
    assert throttle.at_once(0) == 1
    throttle.started(3.2, 0.0)
    throttle.answered(3.2, 3.3, 20, before=1)
    assert throttle.at_once(0) > 1


def test_a_wait_of_our_own_doubles_until_something_is_answered() -> None:
    throttle = Throttle(8)
    now, waits = 0.0, []
    throttle.started(now, 0.0)
    throttle.answered(now, now, 20)
    for _ in range(4):
        throttle.started(now, 0.0)
        until = throttle.refused(now, now, None, waiting=20, in_flight=1).until
        waits.append(until - now)
        now = until
    assert waits == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize(("refused_too", "is_paced"), [(0, False), (1, False), (4, True)])
def test_one_cheap_refusal_tells_of_the_pace_only_where_the_crowd_is_refused(refused_too: int, is_paced: bool) -> None:
    throttle = Throttle(8)
    for n in range(8):
        throttle.started(n / 100, 0.0)
    throttle.answered(0.0, 0.1, 20)
    throttle.refused(0.01, 0.11, 1.0, waiting=20, in_flight=7)
    for n in range(2, 2 + refused_too):
        throttle.refused(n / 100, 0.1 + n / 100, 1.0, waiting=20, in_flight=8 - n)
    throttle.started(2.0, 0.0)
    assert (throttle.mode is Mode.PACED) == is_paced


def test_a_slow_host_that_refuses_now_and_then_is_not_slowed_down() -> None:
    throttle = Throttle(8)
    now = 0.0
    for _ in range(3):
        for _ in range(12):  # every half second, one in flight
            throttle.started(now, 0.0)
            throttle.answered(now, now + 0.1, 20)
            now += 0.5
        throttle.started(now, 0.0)
        now = throttle.refused(now, now, 1.0, waiting=20, in_flight=1).until
    assert throttle.mode is Mode.OPEN


def test_what_is_in_flight_at_a_refusal_is_no_second_refusal() -> None:
    throttle = Throttle(8)
    for n in range(8):
        throttle.started(n / 100, 0.0)
    throttle.answered(0.0, 0.1, 20)
    for n in range(1, 8):
        throttle.refused(n / 100, 0.1 + n / 100, 3.0, waiting=20, in_flight=8 - n)
    assert throttle.refusals == 1
    assert throttle.mode is Mode.PACED


def test_a_wait_as_asked_for_is_believed_three_times_and_then_doubled() -> None:
    throttle = Throttle(8)
    now, waits = 0.0, []
    throttle.started(now, 0.0)
    throttle.answered(now, now, 20)
    for _ in range(6):
        throttle.started(now, 0.0)
        until = throttle.refused(now, now, 2.0, waiting=20, in_flight=1).until
        waits.append(until - now)
        now = until
    assert waits == [2.0, 2.0, 2.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(("has_answered", "rounds"), [(False, 5), (True, 9)])
def test_a_host_that_refuses_everything_is_over(has_answered: bool, rounds: int) -> None:
    """Sooner where it has never answered."""
    throttle, now, refused = Throttle(8, longest_wait_s=60.0), 0.0, 0
    throttle.started(now, 0.0)
    if has_answered:
        throttle.answered(now, now, 20)
    while not throttle.is_over(now):
        throttle.started(now, 0.0)
        now = throttle.refused(now, now, None, waiting=20, in_flight=1).until
        refused += 1
    assert refused == rounds
