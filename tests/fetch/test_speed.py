"""How fast a host is asked after it has refused: down at once, up in steps."""

from __future__ import annotations

import pytest

from linkcheck.fetch.speed import OpenPeriod, Speed


def refused(
    found: Speed, *, answers: int = 10, span_s: float = 1.0, closed_s: float = 1.0, is_first: bool = True
) -> OpenPeriod:
    period = OpenPeriod(0.0, starts=answers + 1, answers=answers)
    for n in range(answers):
        found.ended(n * span_s / answers)
    found.measure(period, span_s, span_s, closed_s, is_first=is_first)
    return period


def test_a_pace_is_starts_a_second() -> None:
    assert OpenPeriod(10.0, starts=5).pace(12.0) == 2.5
    assert OpenPeriod(10.0, starts=1).pace(10.0) == 100.0


def test_a_refusal_halves_slots_and_pace() -> None:
    found = Speed(8)
    refused(found)
    found.slow_down(20.0, in_flight=8, answered_together=4, waiting=100)
    assert found.slots == 4.0
    assert found.rate == 10.0
    assert found.interval_s == 0.1


def test_it_goes_no_lower_than_what_was_answered_on_average() -> None:
    found = Speed(8)
    refused(found, answers=18, span_s=1.0)
    found.slow_down(20.0, in_flight=8, answered_together=4, waiting=100)
    assert found.rate == pytest.approx(18.0)


@pytest.mark.parametrize(("together", "slots"), [(2, 4.0), (6, 6.0), (8, 7.0)])
def test_as_many_at_once_as_were_answered_together_but_fewer_than_were_refused(together: int, slots: float) -> None:
    found = Speed(8)
    refused(found)
    found.slow_down(20.0, in_flight=8, answered_together=together, waiting=100)
    assert found.slots == slots


def test_answers_let_it_rise_again() -> None:
    found = Speed(8)
    refused(found)
    found.slow_down(20.0, in_flight=8, answered_together=4, waiting=1_000)
    rose = list[str]()
    for _ in range(23):
        found.step_up(1_000)
        rose.append(found.rose)
    assert (rose[2], rose[-1]) == ("", "rate")
    assert 10.0 < found.rate < 20.0


def test_a_step_that_was_refused_is_taken_back() -> None:
    found = Speed(8)
    refused(found)
    found.slow_down(20.0, in_flight=8, answered_together=4, waiting=1_000)
    calm = found.rate
    while not found.rose:
        found.step_up(1_000)
    refused(found, is_first=False)
    found.slow_down(found.rate, in_flight=4, answered_together=4, waiting=1_000)
    assert (found.rate, found.rose) == (calm, "")


def test_starts_that_had_to_wait_for_a_slot_ask_for_one_more() -> None:
    found = Speed(8)
    refused(found)
    found.slow_down(20.0, in_flight=8, answered_together=4, waiting=1_000)
    for _ in range(10):
        found.started(late_s=1.0)
    while not found.rose:
        found.step_up(1_000)
    assert (found.rose, found.slots) == ("slots", 5.0)


def test_without_a_pace_only_the_slots_bound_it() -> None:
    found = Speed(8)
    refused(found)
    found.slow_down(20.0, in_flight=8, answered_together=4, waiting=100)
    found.forget_pace()
    assert (found.rate, found.slots, found.interval_s) == (0.0, 8.0, 0.0)
    found.start_low()
    assert found.slots == 1.0
    assert found.rate == pytest.approx(10.0)
