"""What was observed and may be our own network's fault: kept, taken, asked again."""

from __future__ import annotations

import pytest

from linkcheck.fetch.network.doubts import LATE_S, MOST_AGAIN, Doubts, is_name_fault
from linkcheck.model import Fault, Request, Url
from tests.answers import observation


def test_what_something_answered_after_is_in_doubt_no_more() -> None:
    found = Doubts()
    first, late, fine = (observation(f"https://{name}.test/", outcome) for name, outcome in
                         (("a", Fault.DNS_NXDOMAIN), ("b", Fault.DNS_NXDOMAIN), ("c", 200)))  # fmt: skip
    found.add(first, now=1.0, answered_at=0.5)
    found.add(fine, now=1.1, answered_at=0.5)
    found.add(late, now=1.1 + LATE_S, answered_at=1.1 + LATE_S)
    assert found.take(0.0) == [late]
    assert found.take(0.0) == []


def test_what_is_wanted_is_taken_once_and_the_rest_stays() -> None:
    found = Doubts()
    name, silent = observation("https://a.test/", Fault.DNS_NODATA), observation("https://b.test/", Fault.READ_TIMEOUT)
    found.add(name, 1.0, 0.0)
    found.add(silent, 2.0, 0.0)
    assert found.take(1.5, is_name_fault) == []
    assert found.take(1.0, is_name_fault) == [name]
    assert found.take(1.0) == [silent]


def test_a_request_is_asked_again_a_few_times_only() -> None:
    found, request = Doubts(), Request(Url("https://a.test/"))
    assert [found.may_ask(request) for _ in range(MOST_AGAIN + 1)] == [True] * MOST_AGAIN + [False]
    assert found.asked_again == 1


def test_a_second_look_is_for_names_or_for_all_and_once_in_a_run() -> None:
    found = Doubts()
    name, silent = (
        observation("https://a.test/", Fault.DNS_SERVFAIL),
        observation("https://b.test/", Fault.READ_TIMEOUT),
    )
    for _ in range(2):
        found.add(name, 1.0, 0.0)
    found.add(silent, 2.0, 0.0)
    assert found.take_for_recheck(0.0, is_all=False) == [name, name]
    found.add(name, 3.0, 0.0)
    assert found.has_recheck(name)
    assert found.take_for_recheck(0.0, is_all=True) == [silent]
    assert found.take_for_recheck(0.0, is_all=True) == []
    assert found.asked_again == 0


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], False),
        ([("a.test", Fault.READ_TIMEOUT), ("b.test", Fault.READ_TIMEOUT)], False),
        ([(f"s{n}.a.test", Fault.READ_TIMEOUT) for n in range(4)], True),  # one provider, again and again
        ([(f"{name}.test", Fault.READ_TIMEOUT) for name in "abc"], True),
        ([("a.test", Fault.DNS_NXDOMAIN)], True),  # it would be called dead
        ([("a.test", Fault.DNS_SERVFAIL)], True),
        ([("a.test", Fault.DNS_TIMEOUT)], False),
        ([(f"{name}.test", Fault.ADDRESS_NOT_PUBLIC) for name in "abcde"], False),
        ([("s0.a.test", Fault.DNS_TIMEOUT), ("s1.a.test", Fault.RESET), ("s2.a.test", Fault.CLOSED)], False),
    ],
)
def test_the_end_of_a_run_leaves_a_doubt(outcomes: list[tuple[str, Fault]], expected: bool) -> None:
    found = Doubts()
    for host, outcome in outcomes:
        found.add(observation(f"https://{host}/", outcome), 2.0, 1.0)
    assert found.is_unsure(1.0) is expected
    assert not found.is_unsure(2.0)
