"""What is known of one host, on a clock of our own."""

from __future__ import annotations

import pytest

from linkcheck.fetch.host import SILENT_TWICE, STILL_LIMITED, GivenUp, Host, Hosts, Refusal, RefusalCount
from linkcheck.fetch.throttle import Requeue
from linkcheck.model import Fault, Pace


def host(longest_wait_s: float = 60.0) -> Host:
    return Host(Pace(8), longest_wait_s)


def refuse(
    found: Host, before: RefusalCount | None = None, *, status: int = 429, at: float = 0.0, asked_s: float | None = 1.0,
    waiting: int = 5,
) -> Requeue | None:  # fmt: skip
    refused = Refusal(status, at, at, asked_s)
    return found.note_refusal(refused, before if before is not None else RefusalCount(), waiting=waiting, in_flight=1)


def test_a_host_is_cold_until_it_has_answered() -> None:
    found = host()
    states = [found.is_open]
    found.note_answer(0.0, 0.1, waiting=0)
    states.append(found.is_open)
    found.start_cold()
    assert [*states, found.is_open] == [False, True, False]


@pytest.mark.parametrize(
    ("status", "asked_s", "is_open", "expected"),
    [
        (429, None, False, True), (429, 1.0, True, True), (503, 1.0, False, True), (503, None, True, True),
        (503, None, False, False), (200, 1.0, True, False), (500, 1.0, True, False), (403, None, True, False),
    ],
)  # fmt: skip
def test_what_limits_the_rate(status: int, asked_s: float | None, is_open: bool, expected: bool) -> None:
    found = host()
    found.is_open = is_open
    assert found.limits_rate(status, asked_s) is expected


# -- silence -----------------------------------------------------------------------------------


def test_a_host_is_given_up_when_a_second_link_met_with_silence() -> None:
    found = host()
    found.note_silence(Fault.CONNECT_TIMEOUT)
    assert (found.is_silent, found.given_up) == (True, None)
    found.note_silence(Fault.READ_TIMEOUT)
    assert found.given_up is not None
    assert (found.given_up.fault, str(found.given_up)) == (Fault.READ_TIMEOUT, SILENT_TWICE)


def test_silence_while_our_network_was_away_is_forgotten() -> None:
    found = host()
    for _ in range(2):
        found.note_silence(Fault.CONNECT_TIMEOUT)
    found.forget_silence()
    assert (found.given_up, found.is_silent) == (None, False)
    found.note_silence(Fault.CONNECT_TIMEOUT)
    assert found.given_up is None
    found.note_silence(Fault.CONNECT_TIMEOUT)
    assert found.given_up is not None


def test_nothing_is_refused_at_first() -> None:
    assert RefusalCount() == RefusalCount(0, 0, 0)


def test_a_wait_of_a_minute_is_the_longest_where_nobody_says_else() -> None:
    assert Hosts(Pace(8))["a.test"].longest_wait_s == 60.0


def test_what_a_host_said_itself_is_not_forgotten() -> None:
    found = host()
    found.give_up(Fault.HELD_BACK, "the host asked to wait 3600 s")
    found.forget_silence()
    found.start_cold()
    assert found.given_up is not None


# -- refusals ----------------------------------------------------------------------------------


def test_a_refused_url_comes_again_when_the_host_said() -> None:
    found, before = host(), RefusalCount()
    refusal = refuse(found, before, at=2.0, asked_s=7.0)
    assert refusal is not None
    assert refusal.until == 9.0
    assert (before.count, before.own) == (1, 0)


@pytest.mark.parametrize(
    ("status", "asked_s", "refusals"), [(429, 0.1, 4), (429, None, 4), (503, 0.1, 4), (503, None, 1)]
)
def test_a_url_that_is_refused_for_itself_comes_so_often_and_no_more(
    status: int, asked_s: float | None, refusals: int
) -> None:
    """The host answers every other URL meanwhile: it is not the pace."""
    found, before, now, counted = host(), RefusalCount(), 0.0, list[bool]()
    while True:
        found.note_answer(now, now, waiting=0)
        refusal = refuse(found, before, status=status, at=now, asked_s=asked_s, waiting=0)
        if refusal is None:
            break
        counted.append(refusal.counts)
        now = refusal.until + 1.0
    assert counted.count(True) == refusals
    assert before.own == refusals + 1
    assert found.given_up is None


def test_a_wait_longer_than_we_wait_ends_its_url_and_the_second_in_a_row_the_host() -> None:
    found = host(longest_wait_s=60.0)
    assert refuse(found, asked_s=60.0)
    for is_given_up in (False, True):
        with pytest.raises(GivenUp, match="asked to wait 61 s") as caught:
            refuse(found, asked_s=61.0)
        assert caught.value.fault is Fault.HELD_BACK
        assert (found.given_up is not None) == is_given_up


def test_an_answer_between_two_long_waits_speaks_for_the_host() -> None:
    found = host()
    for _ in range(3):
        with pytest.raises(GivenUp):
            refuse(found, asked_s=100.0)
        found.note_answer(0.0, 0.0, waiting=0)
    assert found.given_up is None


@pytest.mark.parametrize("asked_s", [None, 1.0])
def test_a_host_that_answers_nothing_is_given_up_after_five_rounds_of_refusals(asked_s: float | None) -> None:
    found, now, rounds = host(), 0.0, 0
    while found.given_up is None:
        refusal = refuse(found, at=now, asked_s=asked_s)
        assert refusal is not None
        now, rounds = refusal.until, rounds + 1
        found.throttle.started(now, 0.0)
    assert rounds == 5
    assert (found.given_up.fault, str(found.given_up)) == (Fault.HELD_BACK, STILL_LIMITED)


def test_a_host_that_adds_more_than_an_hour_is_given_up_though_it_answers() -> None:
    found, now = host(), 0.0
    while found.given_up is None and now < 10_000:
        found.throttle.started(now, 0.0)
        found.note_answer(now, now, waiting=100)
        now += 50
        if refuse(found, at=now, asked_s=50.0):
            now += 50
    assert 3_600 < now <= 3_800


# -- all of them -------------------------------------------------------------------------------


def test_hosts_are_made_when_they_are_asked_for_each_with_its_pace() -> None:
    hosts = Hosts(Pace(8), {"slow.test": Pace(1, 3.0)}, longest_wait_s=5.0)
    assert list(hosts) == []
    assert hosts["slow.test"].pace == Pace(1, 3.0)
    assert hosts["a.test"].pace == Pace(8)
    assert hosts["a.test"] is hosts["a.test"]
    assert hosts["a.test"].longest_wait_s == 5.0
    assert len(list(hosts)) == 2
