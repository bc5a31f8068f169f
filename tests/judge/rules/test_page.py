"""What pages show, as tables: what must not fire first."""

from __future__ import annotations

import pytest

from linkcheck.judge import judge
from linkcheck.model import Confidence, Evidence, Finding, Flag, Presence, SignatureKind, State, replace
from tests.judge.values import HERE, NOT_FOUND, OTHER, TEXT, look, match, probe, shown

PDF = "https://a.example/p.pdf"
IN_ITS_PLACE = [SignatureKind.PARKED, SignatureKind.SUSPENDED, SignatureKind.PLACEHOLDER, SignatureKind.MISSING]


@pytest.mark.parametrize(
    "e",
    [
        shown(),
        shown(match(SignatureKind.SHELL)),
        shown(match(SignatureKind.PLACEHOLDER, Confidence.WEAK)),
        shown(match(SignatureKind.PARKED, Confidence.WEAK)),
        shown(match(SignatureKind.PARKED, Confidence.WEAK), match(SignatureKind.MISSING)),  # the surest comes first
        shown(match(SignatureKind.PARKED), seen=look(503)),
        shown(match(SignatureKind.SUSPENDED), seen=look(500)),
        shown(match(SignatureKind.MISSING), seen=look(401)),
        shown(match(SignatureKind.CHALLENGE, Confidence.WEAK)),
        shown(match(SignatureKind.PARKED), site=Finding(Presence.PRESENT, "listed")),
        shown(NOT_FOUND, probe=probe(404)),
        shown(NOT_FOUND, probe=probe(410)),
        shown(NOT_FOUND, seen=look(403)),
        shown(url=PDF),
        shown(url=PDF, probe=probe(404)),
        shown(url=PDF, probe=probe(200, text=OTHER)),
    ],
)
def test_what_does_not_fail(e: Evidence) -> None:
    verdict = judge(e).first
    assert verdict.state not in (State.DEAD, State.GONE), verdict


@pytest.mark.parametrize("kind", IN_ITS_PLACE)
def test_dead_takes_two_looks_whatever_the_page_says(kind: SignatureKind) -> None:
    e = shown(match(kind), seen=look(404))
    assert judge(e).first.rule == "unconfirmed"
    verdict = judge(replace(e, looks=e.looks * 2)).first
    assert (verdict.state, verdict.reason) == (State.DEAD, f"HTTP 404; it is a {kind}")
    verdict = judge(shown(match(kind), seen=look(410))).first
    assert (verdict.state, verdict.reason) == (State.DEAD, f"HTTP 410; it is a {kind}")


@pytest.mark.parametrize(
    ("e", "state", "rule", "confidence"),
    [
        (shown(match(SignatureKind.CHALLENGE)), State.BLOCKED, "bot-screen", "certain"),
        (shown(match(SignatureKind.CHALLENGE, Confidence.LIKELY), seen=look(404)), State.BLOCKED, "bot-screen", "likely"),
        (shown(match(SignatureKind.CONSENT)), State.BLOCKED, "consent-page", "certain"),
        (shown(match(SignatureKind.CONSENT), match(SignatureKind.CHALLENGE)), State.BLOCKED, "consent-page", "certain"),
        (shown(match(SignatureKind.CHALLENGE), match(SignatureKind.PARKED)), State.BLOCKED, "bot-screen", "certain"),
        (shown(match(SignatureKind.PARKED), match(SignatureKind.CHALLENGE)), State.BLOCKED, "bot-screen", "certain"),
        (shown(match(SignatureKind.PARKED)), State.GONE, "parked-domain", "certain"),
        (shown(match(SignatureKind.PARKED), match(SignatureKind.MISSING)), State.GONE, "parked-domain", "certain"),
        (shown(match(SignatureKind.PARKED, Confidence.LIKELY)), State.GONE, "parked-domain", "likely"),
        (shown(match(SignatureKind.SUSPENDED), seen=look(403)), State.GONE, "suspended-site", "certain"),
        (shown(match(SignatureKind.SUSPENDED), seen=look(402)), State.GONE, "suspended-site", "certain"),
        (shown(match(SignatureKind.PLACEHOLDER)), State.GONE, "placeholder-page", "certain"),
        (shown(match(SignatureKind.PLACEHOLDER), seen=look(299)), State.GONE, "placeholder-page", "certain"),
        (shown(match(SignatureKind.MISSING)), State.GONE, "platform-missing", "certain"),
        (shown(match(SignatureKind.MISSING), seen=look(410)), State.DEAD, "platform-missing", "certain"),
        (shown(NOT_FOUND), State.GONE, "soft-404", "likely"),
        (shown(NOT_FOUND, probe=probe(500)), State.GONE, "soft-404", "likely"),
        (shown(NOT_FOUND, probe=probe(200, text=OTHER)), State.GONE, "soft-404", "likely"),
        (shown(NOT_FOUND, probe=probe(200, text=TEXT)), State.GONE, "soft-404", "certain"),
        (shown(NOT_FOUND, url=f"{HERE}?id=3", probe=probe(404)), State.GONE, "soft-404", "likely"),
        (shown(url=PDF, probe=probe(200, text=TEXT)), State.GONE, "not-a-pdf", "certain"),
    ],
)  # fmt: skip
def test_what_the_page_shows(e: Evidence, state: State, rule: str, confidence: str) -> None:
    verdict = judge(e).first
    assert (verdict.state, verdict.rule, verdict.confidence) == (state, rule, confidence)
    assert bool(verdict.advice) is (state is not State.BLOCKED)


def test_a_page_that_says_not_found_at_an_honest_host_is_believed() -> None:
    verdict = judge(shown(NOT_FOUND, probe=probe(404))).first
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.OK, "http-ok", Confidence.LIKELY)
    assert verdict.flags == {
        Flag.SUSPECT: "it is a not-found, but the host answers 404 for a path that cannot exist",
    }  # fmt: skip


def test_a_pdf_in_a_page_of_the_hosts_own_is_no_news() -> None:
    verdict = judge(shown(url="https://a.example/blob/main/p.pdf", probe=probe(404))).first
    assert (verdict.rule, verdict.flags) == ("http-ok", {})


@pytest.mark.parametrize("found", [None, probe(500), probe(200, text=OTHER)])
def test_a_page_where_a_pdf_is_linked_is_suspect(found: object) -> None:
    verdict = judge(shown(url=PDF, probe=found)).first
    assert (verdict.state, verdict.rule) == (State.OK, "not-a-pdf")
    assert verdict.flags == {Flag.SUSPECT: "answers HTML where a PDF is linked"}


def test_a_match_without_a_look_is_no_page_in_its_place() -> None:
    e = Evidence(HERE, page=Finding(matches=(match(SignatureKind.PARKED),)))
    assert judge(e).first.rule == "not-looked-at"
