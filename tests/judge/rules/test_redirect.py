from __future__ import annotations

import pytest

from linkcheck.judge import judge
from linkcheck.model import Confidence, Evidence, Fault, Flag, SignatureKind, State
from tests.answers import hops, sighting
from tests.judge.values import HERE, first, match, probe, redirected, shown

HOME = "https://a.example/"


@pytest.mark.parametrize(
    ("url", "final", "statuses", "state", "rule"),
    [
        (HERE, "https://a.example/new/place", (301, 308), State.MOVED, "moved-permanently"),
        ("http://a.example/x", "https://a.example/x", (301,), State.MOVED, "moved-permanently"),
        ("http://a.example/", "https://www.a.example/", (301,), State.MOVED, "moved-permanently"),
        (HERE, "https://a.example/new/place", (301, 302), State.OK, "http-ok"),
        (HERE, "https://a.example/new/place", (302, 301), State.OK, "http-ok"),
        (HERE, "https://a.example/new/place", (302,), State.OK, "http-ok"),
        (HERE, "https://a.example/new/place", (200,), State.OK, "http-ok"),
        ("https://doi.org/10.1/x", "https://publisher.example/x", (301,), State.OK, "http-ok"),
        ("https://bit.ly/x", "https://publisher.example/", (301,), State.OK, "http-ok"),
        (HERE, HERE, (301,), State.OK, "http-ok"),
        (HERE, "https://a.example/login?next=/deep/page", (302,), State.RESTRICTED, "login-wall"),
        (HERE, "https://accounts.google.com/x/signin", (302,), State.RESTRICTED, "login-wall"),
        ("https://a.example/login", "https://a.example/auth/login", (302,), State.OK, "http-ok"),
        (HERE, "https://a.example/blog/author/x", (302,), State.OK, "http-ok"),
        (HERE, HOME, (301,), State.OK, "sent-home"),
        (HERE, "https://a.example/index.html", (302,), State.OK, "sent-home"),
        (HERE, "https://a.example/?p=12", (302,), State.OK, "http-ok"),
    ],
)  # fmt: skip
def test_redirects(url: str, final: str, statuses: tuple[int, ...], state: State, rule: str) -> None:
    verdict = first(sighting(200, final, hops=hops(*statuses, url=url)), url=url)
    assert (verdict.state, verdict.rule) == (state, rule)
    if state is State.MOVED:
        assert verdict.replacement == final
        assert verdict.advice == f"use {final}"
        assert verdict.reason == f"redirects for good ({', '.join(map(str, statuses))}) to {final}"


@pytest.mark.parametrize(
    ("e", "rule"),
    [
        (shown(match(SignatureKind.LOGIN)), "login-wall"),
        (shown(match(SignatureKind.LOGIN, Confidence.LIKELY)), "login-wall"),
        (shown(match(SignatureKind.LOGIN), url="https://a.example/login"), "http-ok"),
        (shown(match(SignatureKind.SHELL)), "http-ok"),
        (shown(url="https://a.example/login"), "http-ok"),
        (shown(seen=sighting(200, "https://a.example/login")), "http-ok"),  # without a redirect
    ],
)
def test_a_login_in_place_of_the_page(e: Evidence, rule: str) -> None:
    assert judge(e).first.rule == rule


@pytest.mark.parametrize(
    "e",
    [
        redirected(HOME, probe=probe(404)),
        redirected(HOME),
        redirected(HOME, probe=probe(200, text="other words than those of the page, and enough of them to tell")),
        redirected(HOME, probe=probe(500)),
        redirected(HOME, probe=probe(Fault.RESET)),
        redirected("https://a.example/some/", probe=probe(404)),
        redirected("https://b.example/404", url="https://a.example/404"),
        redirected("https://a.example/blog/removed-tree-stumps"),
    ],
)
def test_what_does_not_fail(e: Evidence) -> None:
    assert judge(e).first.state is State.OK


@pytest.mark.parametrize(
    ("e", "rule", "confidence", "reason"),
    [
        (redirected("https://a.example/404.html"), "sent-to-error-page", "likely", "redirects to https://a.example/404.html"),
        (redirected("https://a.example/closed"), "sent-to-error-page", "likely", "redirects to https://a.example/closed"),
        (
            redirected(HOME, probe=probe(200, HOME)), "sent-home", "certain",
            "redirects to the home page https://a.example/, as a path that cannot exist does",
        ),
        (
            redirected("https://a.example/help", probe=probe(200, "https://a.example/help")), "sent-home", "certain",
            "redirects to a more general page https://a.example/help, as a path that cannot exist does",
        ),
    ],
)  # fmt: skip
def test_what_is_gone(e: Evidence, rule: str, confidence: str, reason: str) -> None:
    verdict = judge(e).first
    assert (verdict.state, verdict.rule, verdict.confidence, verdict.reason) == (State.GONE, rule, confidence, reason)
    assert verdict.advice


def test_a_deep_link_sent_home_is_suspect() -> None:
    verdict = judge(redirected(HOME, 301)).first
    assert (verdict.rule, verdict.reason, verdict.confidence) == ("sent-home", "HTTP 200", Confidence.LIKELY)
    assert verdict.flags == {Flag.SUSPECT: "redirects to the home page https://a.example/"}


def test_an_error_page_without_a_redirect_is_what_was_linked() -> None:
    assert first(sighting(200, "https://a.example/404")).rule == "http-ok"
