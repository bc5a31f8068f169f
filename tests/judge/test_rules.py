"""The verdicts, must-not-fire rows first: what a failing verdict must never be given for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.judge import rules
from linkcheck.model import FAILING, Confidence, Evidence, Fault, Finding, Flag, Presence, Sighting, State, Url, Verdict
from tests.answers import NOW, hops, sighting

HERE = "https://a.example/deep/page"


def evidence(*looks: Sighting | int | Fault, **more: object) -> Evidence:
    seen = tuple(one if isinstance(one, Sighting) else sighting(one, HERE, look=at) for at, one in enumerate(looks, 1))
    return Evidence(Url(str(more.pop("url", HERE))), seen, **more)  # type: ignore[arg-type]


def judge(*looks: Sighting | int | Fault, **more: object) -> Verdict:
    return rules.judge(evidence(*looks, **more))


# -- what never fails ------------------------------------------------------------------------

NEVER_FAILING_STATUSES = [
    200, 201, 202, 203, 204, 205, 206, 226, 300, 301, 304, 400, 401, 402, 403, 405, 406, 407, 408, 409, 411, 412, 413, 414,
    415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 508, 511, 520, 521,
    522, 523, 524, 525, 526, 527, 530, 599, 999,
]  # fmt: skip


@pytest.mark.parametrize("status", NEVER_FAILING_STATUSES)
@pytest.mark.parametrize("looks", [1, 2])
def test_no_status_but_404_and_410_fails(status: int, looks: int) -> None:
    assert judge(*[status] * looks).state not in FAILING


@pytest.mark.parametrize("fault", list(Fault))
def test_no_fault_fails_while_the_resolver_is_not_known_to_work(fault: Fault) -> None:
    assert judge(fault, resolver_works=False).state not in FAILING


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.DNS_NXDOMAIN, Fault.DNS_NODATA}))
def test_no_fault_but_a_missing_name_fails(fault: Fault) -> None:
    assert judge(fault, resolver_works=True).state not in FAILING


@pytest.mark.parametrize("second", [200, 403, 429, 500, 301, Fault.READ_TIMEOUT, Fault.HELD_BACK])
def test_a_404_that_the_second_look_does_not_confirm_does_not_fail(second: int | Fault) -> None:
    assert judge(404, second).state not in FAILING


def test_one_404_alone_does_not_fail() -> None:
    verdict = judge(404)
    assert (verdict.state, verdict.rule) == (State.UNREACHABLE, "unconfirmed")


def test_a_page_of_404_for_an_item_that_the_site_confirms_does_not_fail() -> None:
    site = Finding(Presence.PRESENT, "listed", certain=True)
    assert judge(404, 404, site=site).state is State.OK


@pytest.mark.parametrize("looks", [(), (200,), (503,), (Fault.READ_TIMEOUT,), (403,), (404,)])
def test_a_site_that_does_not_list_an_item_proves_nothing_alone(looks: tuple[int | Fault, ...]) -> None:
    site = Finding(evidence="not listed", is_missing=True, ask_page=True)
    assert judge(*looks, site=site).state not in FAILING


def test_nothing_seen_is_skipped() -> None:
    assert judge().state is State.SKIPPED


# -- dead and gone ---------------------------------------------------------------------------


def test_two_404s_are_dead_and_likely() -> None:
    verdict = judge(404, 404)
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.DEAD, "http-not-found", Confidence.LIKELY)
    assert "twice" in verdict.reason
    assert verdict.advice


def test_410_is_dead_and_certain() -> None:
    verdict = judge(410)
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.DEAD, "http-gone", Confidence.CERTAIN)


def test_404_then_410_is_dead() -> None:
    assert judge(404, 410).state is State.DEAD


def test_a_404_that_the_sites_own_list_agrees_with_is_certain() -> None:
    site = Finding(
        evidence="the API does not list it", is_missing=True, ask_page=True, replacement="https://a.example/new"
    )
    verdict = judge(404, 404, site=site)
    assert (verdict.state, verdict.confidence) == (State.DEAD, Confidence.CERTAIN)
    assert "the API does not list it" in verdict.reason
    assert verdict.replacement == "https://a.example/new"


@pytest.mark.parametrize(
    ("fault", "words"), [(Fault.DNS_NXDOMAIN, "does not exist"), (Fault.DNS_NODATA, "has no address")]
)
def test_a_missing_name_is_dead_once_the_resolver_is_known_to_work(fault: Fault, words: str) -> None:
    verdict = judge(fault, resolver_works=True)
    assert (verdict.state, verdict.rule) == (State.DEAD, "no-such-host")
    assert f"a.example {words}" in verdict.reason


@pytest.mark.parametrize("is_certain", [True, False])
def test_a_denied_item_is_gone_whatever_its_page_answers(is_certain: bool) -> None:
    verdict = judge(200, site=Finding(Presence.ABSENT, "deleted", certain=is_certain))
    assert (verdict.state, verdict.confidence == Confidence.CERTAIN) == (State.GONE, is_certain)


def test_a_withdrawn_paper_whose_pdf_is_no_longer_served_is_gone() -> None:
    flags = {Flag.WITHDRAWN: "by the author"}
    site = Finding(
        Presence.PRESENT, "the API lists it", flags=flags, ask_page=True, replacement="https://arxiv.org/abs/1"
    )
    verdict = judge(404, 404, site=site)
    assert (verdict.state, verdict.rule, verdict.replacement) == (State.GONE, "withdrawn", "https://arxiv.org/abs/1")
    still_there = judge(200, site=site)
    assert (still_there.state, still_there.flags) == (State.OK, flags)


# -- the other states ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state", "rule"),
    [
        (401, State.RESTRICTED, "http-restricted"), (402, State.RESTRICTED, "http-restricted"),
        (451, State.RESTRICTED, "http-restricted"), (403, State.BLOCKED, "http-refused"), (418, State.BLOCKED, "http-refused"),
        (999, State.BLOCKED, "http-refused"), (429, State.BLOCKED, "rate-limited"),
        (Fault.HELD_BACK, State.BLOCKED, "rate-limited"), (503, State.UNREACHABLE, "http-server-error"),
        (408, State.UNREACHABLE, "http-server-error"), (400, State.UNREACHABLE, "http-unexplained"),
        (302, State.UNREACHABLE, "http-unexplained"), (Fault.READ_TIMEOUT, State.UNREACHABLE, "read-timeout"),
        (Fault.TLS_EXPIRED, State.UNREACHABLE, "tls-expired"), (Fault.TLS_CERTIFICATE, State.UNREACHABLE, "tls-certificate"),
        (Fault.ADDRESS_NOT_PUBLIC, State.UNREACHABLE, "address-not-public"),
        (Fault.OWN_LIMIT, State.UNREACHABLE, "own-limit"), (204, State.OK, "http-ok"),
    ],
)  # fmt: skip
def test_state(outcome: int | Fault, state: State, rule: str) -> None:
    verdict = judge(outcome)
    assert (verdict.state, verdict.rule) == (state, rule)


def test_a_restricted_item() -> None:
    assert judge(site=Finding(Presence.RESTRICTED, "members only")).state is State.RESTRICTED


@pytest.mark.parametrize(
    ("url", "final", "statuses", "state", "rule"),
    [
        (HERE, "https://a.example/new/place", (301, 308), State.MOVED, "moved-permanently"),
        ("http://a.example/x", "https://a.example/x", (301,), State.MOVED, "moved-permanently"),
        ("http://a.example/", "https://www.a.example/", (301,), State.MOVED, "moved-permanently"),
        (HERE, "https://a.example/new/place", (301, 302), State.OK, "http-ok"),
        (HERE, "https://a.example/new/place", (302,), State.OK, "http-ok"),
        (HERE, "https://a.example/new/place", (200,), State.OK, "http-ok"),
        ("https://doi.org/10.1/x", "https://publisher.example/x", (301,), State.OK, "http-ok"),
        ("https://bit.ly/x", "https://publisher.example/", (301,), State.OK, "http-ok"),
        (HERE, HERE, (301,), State.OK, "http-ok"),
        (HERE, "https://a.example/login?next=/deep/page", (302,), State.RESTRICTED, "login-wall"),
        (HERE, "https://accounts.google.com/x/signin", (302,), State.RESTRICTED, "login-wall"),
        ("https://a.example/login", "https://a.example/auth/login", (302,), State.OK, "http-ok"),
        (HERE, "https://a.example/blog/author/x", (302,), State.OK, "http-ok"),
        (HERE, "https://a.example/", (301,), State.OK, "sent-home"),
        (HERE, "https://a.example/index.html", (302,), State.OK, "sent-home"),
        (HERE, "https://a.example/?p=12", (302,), State.OK, "http-ok"),
    ],
)  # fmt: skip
def test_redirects(url: str, final: str, statuses: tuple[int, ...], state: State, rule: str) -> None:
    verdict = judge(sighting(200, final, hops=hops(*statuses, url=url)), url=url)
    assert (verdict.state, verdict.rule) == (state, rule)
    if state is State.MOVED:
        assert verdict.replacement == final


def test_a_deep_link_sent_home_is_suspect() -> None:
    verdict = judge(sighting(200, "https://a.example/", hops=hops(301)))
    assert Flag.SUSPECT in verdict.flags


def test_tls_trouble_is_never_plain_ok() -> None:
    verdict = judge(sighting(200, HERE, insecure=Fault.TLS_EXPIRED))
    assert (verdict.state, dict(verdict.flags)) == (State.OK, {Flag.INSECURE: "its certificate has expired"})


def test_flags_of_the_site_are_kept() -> None:
    site = Finding(Presence.PRESENT, "listed", flags={Flag.SUPERSEDED: "v1, v7 is the latest"})
    assert judge(site=site).flags == {Flag.SUPERSEDED: "v1, v7 is the latest"}


def test_reasons_stay_the_same_from_run_to_run() -> None:
    later = Sighting(NOW + timedelta(seconds=9), 404, Url(HERE), look=2)
    assert judge(404, later).reason == judge(404, 404).reason


def test_which_first_looks_are_taken_again() -> None:
    assert rules.wants_recheck(sighting(404))
    assert not any(rules.wants_recheck(sighting(outcome)) for outcome in (200, 403, 410, 500, Fault.DNS_NXDOMAIN))
    assert not rules.wants_recheck(sighting(404, look=2))


def test_every_rule_has_a_source_or_a_reason() -> None:
    assert all(rule.__doc__ and len(rule.__doc__) > 20 for rule in rules.RULES)


def test_a_fault_is_told_with_its_detail() -> None:
    reason = judge(sighting(Fault.RESET, HERE, attempts=3, detail="connection reset by peer")).reason
    assert reason == "the connection was reset, asked 3 times (connection reset by peer)"
