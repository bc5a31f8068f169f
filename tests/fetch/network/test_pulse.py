"""Signs of life on a simulated clock: when our own network is suspected, and what is in doubt then."""

from __future__ import annotations

import pytest

from linkcheck.fetch.network.pulse import Canary, Pulse, is_doubtful, is_failure
from linkcheck.model import Fault, Url

# (what happens, when) → whether there is a suspicion at the end: "ask a", "answer a", "fail a", "lost a", "private".
Event = tuple[float, str]


def pulse(*events: Event) -> Pulse:
    found = Pulse(quiet_s=3.0)
    for at, event in events:
        what, _, domain = event.partition(" ")
        match what:
            case "ask":
                found.ask(domain)
            case "end":
                found.end(domain)
            case "answer":
                found.note_answer(at)
            case "private":
                found.note_answer(at, is_public=False)
            case "wrong":
                found.settle(at, was_wrong=True)
            case _:
                found.note_failure(domain, is_lost_name=what == "lost")
    return found


def is_suspicious(found: Pulse, now: float, *, is_busy: bool = True) -> bool:
    at = found.wakes_at(is_busy=is_busy)
    return at is not None and now >= at


def failing(number: int, at: float = 1.0) -> list[Event]:
    return [(at, f"fail d{n}") for n in range(number)]


def asking(number: int) -> list[Event]:
    return [(0.0, f"ask d{n}") for n in range(number)]


@pytest.mark.parametrize(
    ("events", "now"),
    [
        ([], 100.0),
        (failing(2), 100.0),
        ([(1.0, "fail a")] * 3, 100.0),
        ([*failing(9), (1.1, "answer b")], 100.0),  # whoever answers after it ends it
        ([(1.0, "answer a"), *failing(9, 1.1)], 1.4),  # a busy run hears nothing for half a second
        ([(1.0, "answer a"), *asking(2)], 100.0),  # two hosts may be slow
        ([(1.0, "answer a"), *asking(9)], 3.9),
        (asking(9), 100.0),  # nothing has answered yet: the first answers may be slow
        ([(1.0, "answer a"), *asking(3), (1.1, "end d0")], 100.0),
        ([(1.0, "private a"), *failing(9, 1.1), (1.2, "private a")], 100.0),  # all that we know is private
        ([(1.0, "answer a"), *failing(9, 1.1), (2.0, "wrong")], 100.0),
        ([(1.0, "answer a"), (2.0, "wrong"), *failing(9, 2.1)], 2.9),
    ],
)
def test_our_network_is_not_suspected(events: list[Event], now: float) -> None:
    assert not is_suspicious(pulse(*events), now)


@pytest.mark.parametrize(
    ("events", "now"),
    [
        (failing(3), 1.5),
        ([(1.0, "fail a")] * 4, 1.5),  # the last host of a list, again and again
        ([(1.0, "answer a"), *failing(3, 1.1)], 1.5),
        ([(1.0, "answer a"), *asking(3)], 4.0),
        ([(1.0, "answer a"), *failing(3, 1.1), (1.3, "private b")], 1.5),  # a host on our side of the trouble
        ([(1.0, "answer a"), (2.0, "wrong"), *failing(3, 2.1)], 3.0),
    ],
)
def test_our_network_is_suspected(events: list[Event], now: float) -> None:
    assert is_suspicious(pulse(*events), now)


def test_at_the_end_of_a_run_silence_alone_is_no_reason() -> None:
    assert not is_suspicious(pulse((1.0, "answer a"), *asking(9)), 100.0, is_busy=False)


def test_wrong_suspicions_come_less_and_less_often_until_one_was_right() -> None:
    found, now, pauses = pulse((0.0, "answer a")), 1.0, list[float]()
    for _ in range(7):
        found.settle(now, was_wrong=True)
        for n in range(3):
            found.note_failure(f"d{n}")
        at = found.wakes_at(is_busy=True)
        assert at is not None
        pauses.append(at - now)
        now = at
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    found.settle(now, was_wrong=False)
    for name in "abc":
        found.note_failure(name)
    assert found.wakes_at(is_busy=True) == now + 1.0


def page(domain: str, took_s: float = 0.1, *, is_public: bool = True) -> Canary:
    return Canary(domain, Url(f"https://{domain}/x"), took_s, is_public)


def test_the_quickest_of_the_last_pages_are_asked_and_then_the_canary() -> None:
    found, last = Pulse(), page("canary")
    assert found.canaries(None) == []
    assert found.canaries(last) == [last]
    for name, took_s in (("a", 0.1), ("b", 0.2), ("a", 0.3)):
        found.keep(page(name, took_s))
    assert [(one.domain, one.took_s) for one in found.canaries(last)] == [("b", 0.2), ("a", 0.3), ("canary", 0.3)]
    for n in range(20):
        found.keep(page(f"d{n}", 1.0 - n % 8 / 10))
    assert [one.domain for one in found.canaries(last)] == ["d15", "d14", "d13", "canary"]
    found.drop("d14")
    assert [one.domain for one in found.canaries(None)] == ["d15", "d13", "d12"]
    found.keep(page("canary", 0.0))
    assert [one.domain for one in found.canaries(last)] == ["canary", "d15", "d13"]


def test_a_page_of_a_private_network_is_not_asked_where_public_ones_are_known() -> None:
    found = Pulse()
    found.note_answer(0.0, is_public=False)
    found.keep(page("wiki", is_public=False))
    assert [one.domain for one in found.canaries(None)] == ["wiki"]
    assert found.note_answer(1.0)
    found.keep(page("a"))
    assert not found.note_answer(2.0, is_public=False)
    found.keep(page("wiki", is_public=False))
    assert [one.domain for one in found.canaries(None)] == ["a"]
    assert found.answered_at == 1.0


@pytest.mark.parametrize(
    ("outcome", "insecure", "expected"),
    [
        (200, None, False), (404, None, False), (429, None, False), (503, None, False),
        (Fault.HELD_BACK, None, False), (Fault.BAD_REDIRECT, None, False), (Fault.TOO_MANY_REDIRECTS, None, False),
        (511, None, True), (200, Fault.TLS_WRONG_HOST, True), (Fault.DNS_NXDOMAIN, None, True),
        (Fault.ADDRESS_NOT_PUBLIC, None, True), (Fault.CONNECT_REFUSED, None, True), (Fault.READ_TIMEOUT, None, True),
    ],
)  # fmt: skip
def test_what_is_no_sign_of_life(outcome: int | Fault, insecure: Fault | None, expected: bool) -> None:
    assert is_doubtful(outcome, insecure) is expected


def test_an_address_that_is_not_public_is_no_reason_to_suspect_our_network() -> None:
    assert is_failure(Fault.NO_ROUTE)
    assert not is_failure(Fault.ADDRESS_NOT_PUBLIC)
    assert not is_failure(404)


def test_a_name_that_answered_before_is_in_doubt_at_once() -> None:
    found = pulse((1.0, "answer a"), (1.1, "lost a"))
    assert (found.has_lost_name, found.have_many_failed) == (True, False)
    found.note_answer(1.2)
    assert not found.has_lost_name
