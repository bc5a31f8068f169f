"""Of two looks the last decides: a first 404 says nothing once the recheck has its answer."""

from __future__ import annotations

import pytest

from linkcheck.judge import judge
from linkcheck.model import Evidence, Fault, Sighting, SignatureKind, replace
from tests.answers import sighting
from tests.judge.values import HERE, NOT_FOUND, evidence, look, match, probe, redirected, shown


def after_a_404(e: Evidence) -> Evidence:
    """`e`, whose look was a recheck."""
    return replace(e, looks=(sighting(404, HERE), *(replace(one, look=2) for one in e.looks)))


@pytest.mark.parametrize(
    ("outcome", "rule", "reason"),
    [
        (200, "http-ok", "HTTP 200"), (401, "http-restricted", "HTTP 401"), (403, "http-refused", "HTTP 403"),
        (405, "http-unexplained", "HTTP 405"), (429, "rate-limited", "HTTP 429"), (500, "http-server-error", "HTTP 500"),
        (410, "http-gone", "HTTP 410"), (Fault.RESET, "reset", "reset"), (Fault.READ_TIMEOUT, "read-timeout", "no answer"),
        (Fault.DNS_NXDOMAIN, "no-such-host", "does not exist"), (Fault.ADDRESS_NOT_PUBLIC, "address-not-public", "an address"),
    ],
)  # fmt: skip
def test_its_status_or_fault(outcome: int | Fault, rule: str, reason: str) -> None:
    detail = "an address" if outcome is Fault.ADDRESS_NOT_PUBLIC else ""
    last: Sighting = sighting(outcome, HERE, look=2, detail=detail)
    found = judge(evidence(404, last, resolver_works=True)).first
    assert found.rule == rule
    assert reason in found.reason


@pytest.mark.parametrize(
    ("e", "rule"),
    [
        (shown(match(SignatureKind.CHALLENGE)), "bot-screen"),
        (shown(match(SignatureKind.PARKED)), "parked-domain"),
        (shown(NOT_FOUND), "soft-404"),
        (redirected("https://a.example/login"), "login-wall"),
        (redirected("https://a.example/404"), "sent-to-error-page"),
        (redirected("https://a.example/"), "sent-home"),
        (redirected("https://a.example/new", 301), "moved-permanently"),
        (shown(url="https://a.example/x.pdf", seen=look(final="https://a.example/x.pdf")), "not-a-pdf"),
    ],
)
def test_its_page_and_redirects(e: Evidence, rule: str) -> None:
    found = judge(after_a_404(e)).first
    assert found.rule == rule
    assert "404" not in found.reason.replace("a.example/404", "")


def test_a_host_that_says_not_found_overrules_the_words_of_the_last_page() -> None:
    found = judge(after_a_404(shown(NOT_FOUND, probe=probe(404)))).first
    assert (found.rule, found.reason) == ("http-ok", "HTTP 200")
