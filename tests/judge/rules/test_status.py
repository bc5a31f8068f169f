from __future__ import annotations

import pytest

from linkcheck.model import FAILING, Confidence, Fault, Finding, State
from tests.answers import sighting
from tests.judge.values import HERE, first, look

NEVER_FAILING_STATUSES = [
    200, 201, 202, 203, 204, 205, 206, 226, 300, 301, 304, 400, 401, 402, 403, 405, 406, 407, 408, 409, 411, 412, 413, 414,
    415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 508, 511, 520, 521,
    522, 523, 524, 525, 526, 527, 530, 599, 999,
]  # fmt: skip


@pytest.mark.parametrize("status", NEVER_FAILING_STATUSES)
@pytest.mark.parametrize("looks", [1, 2])
def test_no_status_but_404_and_410_fails(status: int, looks: int) -> None:
    assert first(*[status] * looks).state not in FAILING


@pytest.mark.parametrize("second", [200, 403, 429, 500, 301, Fault.READ_TIMEOUT, Fault.HELD_BACK])
def test_a_404_that_the_recheck_does_not_confirm_does_not_fail(second: int | Fault) -> None:
    assert first(404, second).state not in FAILING
    assert first(second, 404).rule == "unconfirmed"


def test_one_404_alone_does_not_fail() -> None:
    verdict = first(404)
    assert (verdict.state, verdict.rule) == (State.UNREACHABLE, "unconfirmed")
    assert verdict.reason == "HTTP 404 once, and not asked again"


def test_two_404s_are_dead_and_likely() -> None:
    verdict = first(404, 404)
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.DEAD, "http-not-found", Confidence.LIKELY)
    assert verdict.reason == "HTTP 404 twice, seconds apart and asked in two ways"
    assert verdict.advice == "find its new address or an archived copy, or take the link out"


def test_410_is_dead_and_certain() -> None:
    verdict = first(410)
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.DEAD, "http-gone", Confidence.CERTAIN)
    assert verdict.advice == "find another copy, or take the link out"


@pytest.mark.parametrize(("looks", "rule"), [((404, 410), "http-gone"), ((410, 404), "http-not-found")])
def test_404_and_410_agree(looks: tuple[int, ...], rule: str) -> None:
    assert (first(*looks).state, first(*looks).rule) == (State.DEAD, rule)


def test_a_404_that_the_sites_own_list_agrees_with_is_certain() -> None:
    site = Finding(evidence="the API does not list it", is_missing=True, replacement="https://a.example/new")
    verdict = first(404, 404, site=site)
    assert (verdict.state, verdict.confidence) == (State.DEAD, Confidence.CERTAIN)
    assert verdict.reason.endswith("in two ways; the API does not list it")
    assert (verdict.replacement, verdict.advice) == ("https://a.example/new", "use https://a.example/new")


@pytest.mark.parametrize(
    ("status", "state", "rule"),
    [
        (401, State.RESTRICTED, "http-restricted"), (402, State.RESTRICTED, "http-restricted"),
        (451, State.RESTRICTED, "http-restricted"), (403, State.BLOCKED, "http-refused"), (418, State.BLOCKED, "http-refused"),
        (999, State.BLOCKED, "http-refused"), (500, State.UNREACHABLE, "http-server-error"),
        (503, State.UNREACHABLE, "http-server-error"), (998, State.UNREACHABLE, "http-server-error"),
        (408, State.UNREACHABLE, "http-server-error"), (421, State.UNREACHABLE, "http-server-error"),
        (425, State.UNREACHABLE, "http-server-error"), (499, State.UNREACHABLE, "http-unexplained"),
        (400, State.UNREACHABLE, "http-unexplained"), (302, State.UNREACHABLE, "http-unexplained"),
        (300, State.UNREACHABLE, "http-unexplained"), (199, State.UNREACHABLE, "http-unexplained"),
        (200, State.OK, "http-ok"), (204, State.OK, "http-ok"), (299, State.OK, "http-ok"),
    ],
)  # fmt: skip
def test_state(status: int, state: State, rule: str) -> None:
    verdict = first(status)
    assert (verdict.state, verdict.rule, verdict.reason) == (state, rule, f"HTTP {status}")


@pytest.mark.parametrize(("attempts", "reason"), [(1, "HTTP 503"), (2, "HTTP 503, 2 times")])
def test_how_often_a_server_in_trouble_was_asked(attempts: int, reason: str) -> None:
    assert first(sighting(503, HERE, attempts=attempts)).reason == reason


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [((), "HTTP 200"), ((302,), "HTTP 200 after 1 redirect"), ((302, 301), "HTTP 200 after 2 redirects")],
)
def test_how_a_page_was_reached(statuses: tuple[int, ...], reason: str) -> None:
    verdict = first(look(200, "https://a.example/other/place", *statuses))
    assert (verdict.rule, verdict.reason) == ("http-ok", reason)


def test_one_value_for_all_that_are_well() -> None:
    assert first(200) is first(200)
