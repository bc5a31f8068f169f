from __future__ import annotations

import pytest

from linkcheck.judge import internal_error
from linkcheck.model import FAILING, Confidence, Fault, Finding, Probe, State
from tests.answers import sighting
from tests.judge.values import HERE, first, shown


@pytest.mark.parametrize("fault", list(Fault))
def test_no_fault_fails_while_the_resolver_is_not_known_to_work(fault: Fault) -> None:
    assert first(fault, resolver_works=False).state not in FAILING


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.DNS_NXDOMAIN, Fault.DNS_NODATA}))
def test_no_fault_but_a_missing_name_fails(fault: Fault) -> None:
    assert first(fault, resolver_works=True).state not in FAILING


@pytest.mark.parametrize(
    ("fault", "detail", "reason"),
    [
        (Fault.DNS_NXDOMAIN, "", "the name a.example does not exist, by two queries"),
        (Fault.DNS_NXDOMAIN, "as does b.", "the name a.example does not exist, by two queries; as does b."),
        (Fault.DNS_NODATA, "", "the name a.example has no address, by two queries"),
        (Fault.DNS_NODATA, "as does b.", "the name a.example has no address, by two queries"),
    ],
)
def test_a_missing_name_is_dead_once_the_resolver_is_known_to_work(fault: Fault, detail: str, reason: str) -> None:
    verdict = first(sighting(fault, HERE, detail=detail), resolver_works=True)
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.DEAD, "no-such-host", Confidence.LIKELY)
    assert verdict.reason == reason
    assert verdict.advice
    assert first(fault).rule == fault.value


@pytest.mark.parametrize(
    ("outcome", "detail", "reason"),
    [
        (429, "", "HTTP 429"), (429, "wait an hour", "wait an hour"), (Fault.HELD_BACK, "four rounds", "four rounds"),
        (Fault.HELD_BACK, "", "the host limits the rate of requests"),
    ],
)  # fmt: skip
def test_a_host_that_limits_the_rate(outcome: int | Fault, detail: str, reason: str) -> None:
    verdict = first(sighting(outcome, HERE, detail=detail))
    assert (verdict.state, verdict.rule, verdict.reason) == (State.BLOCKED, "rate-limited", reason)


def test_an_address_that_is_not_public() -> None:
    verdict = first(sighting(Fault.ADDRESS_NOT_PUBLIC, HERE, detail="10.0.0.1 is private"))
    assert (verdict.state, verdict.rule, verdict.reason) == (
        State.UNREACHABLE, "address-not-public", "10.0.0.1 is private",
    )  # fmt: skip
    assert "--allow-private" in verdict.advice


@pytest.mark.parametrize(
    ("attempts", "detail", "reason"),
    [
        (1, "", "the connection was reset"),
        (2, "", "the connection was reset, asked 2 times"),
        (1, "the connection", "the connection was reset"),
        (3, "reset by peer", "the connection was reset, asked 3 times (reset by peer)"),
    ],
)
def test_a_fault_is_told_with_its_detail(attempts: int, detail: str, reason: str) -> None:
    verdict = first(sighting(Fault.RESET, HERE, attempts=attempts, detail=detail))
    assert (verdict.state, verdict.rule, verdict.reason) == (State.UNREACHABLE, "reset", reason)
    assert verdict.confidence is Confidence.LIKELY


BROKEN = sighting(Fault.INTERNAL_ERROR, HERE, detail="KeyError (page/x.py:1)")


@pytest.mark.parametrize(
    "looks_and_more",
    [((BROKEN,), {}), ((404, BROKEN), {}), ((200,), {"probe": Probe(BROKEN)}), ((200,), {"page": Finding(), "probe": Probe(BROKEN)})],
)  # fmt: skip
def test_our_own_failure_says_nothing_of_the_link(looks_and_more: tuple[tuple[int, ...], dict[str, object]]) -> None:
    looks, more = looks_and_more
    assert first(*looks, **more) == internal_error("KeyError (page/x.py:1)")
    assert internal_error("x").reason == "internal error in linkcheck: x"
    assert internal_error("x").state is State.UNREACHABLE


def test_a_probe_that_worked_is_no_failure_of_ours() -> None:
    assert first(200, probe=Probe(sighting(404))).rule == "http-ok"
    assert shown().probe is None
