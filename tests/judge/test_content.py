"""What pages show and what the past says, as tables: what must not fire first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linkcheck.common import similarity
from linkcheck.judge import content, past, rules
from linkcheck.model import (
    Change,
    Confidence,
    Evidence,
    Fault,
    Finding,
    Flag,
    Hop,
    Identity,
    Match,
    Metadata,
    Past,
    Presence,
    Probe,
    Sighting,
    SignatureKind,
    State,
    Url,
    Verdict,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
HERE = Url("https://a.example/some/deep/page")
TEXT = "The plane iron is set so that it takes a shaving as thin as paper along the grain of the board"
OTHER = "Every match of the league with odds that are better than those of any other house in the world"


def look(status: int | Fault = 200, final: str = HERE, url: str = HERE) -> Sighting:
    hops = (Hop(Url(url), 301),) if final != url else ()
    return Sighting(NOW, status, Url(final), hops=hops)


def mark(kind: SignatureKind, confidence: Confidence = Confidence.CERTAIN) -> Match:
    return Match(kind, "x", f"it is a {kind}", confidence)


def evidence(*matches: Match, seen: Sighting | None = None, url: str = HERE, **more: object) -> Evidence:
    page = Finding(
        matches=matches, fingerprint=similarity.fingerprint(TEXT), media="text/html", metadata=Metadata(title="Planes")
    )
    found = more.pop("page", page)
    return Evidence(Url(url), looks=(seen or look(final=url, url=url),), page=found, **more)  # type: ignore[arg-type]


def probe(status: int | Fault, final: str = "https://a.example/x", text: str = "", *matches: Match) -> Probe:
    hops = (Hop(HERE, 302),) if final != "https://a.example/x" else ()
    return Probe(Sighting(NOW, status, Url(final), hops=hops), similarity.fingerprint(text), matches)


NOT_FOUND = mark(SignatureKind.NOT_FOUND, Confidence.LIKELY)


@pytest.mark.parametrize(
    "e",
    [
        evidence(),
        evidence(mark(SignatureKind.SHELL)),
        evidence(mark(SignatureKind.PLACEHOLDER, Confidence.WEAK)),
        evidence(mark(SignatureKind.PARKED, Confidence.WEAK)),
        evidence(mark(SignatureKind.PARKED), seen=look(503)),
        evidence(mark(SignatureKind.SUSPENDED), seen=look(500)),
        evidence(mark(SignatureKind.MISSING), seen=look(404)),  # one look
        evidence(mark(SignatureKind.CHALLENGE, Confidence.WEAK)),
        evidence(mark(SignatureKind.PARKED), site=Finding(Presence.PRESENT, "listed")),
        evidence(NOT_FOUND, probe=probe(404)),
        evidence(NOT_FOUND, probe=probe(410)),
        evidence(seen=look(final="https://a.example/"), probe=probe(404)),
        evidence(seen=look(final="https://a.example/")),
        evidence(seen=look(final="https://a.example/"), probe=probe(200, text=OTHER)),
        evidence(seen=look(final="https://a.example/"), probe=probe(500)),
        evidence(seen=look(final="https://a.example/"), probe=probe(Fault.RESET)),
        evidence(seen=look(final="https://a.example/some/"), probe=probe(404)),
        evidence(url="https://a.example/404", seen=look(final="https://b.example/404", url="https://a.example/404")),
        evidence(seen=look(final="https://a.example/blog/removed-tree-stumps")),
        evidence(url="https://a.example/p.pdf"),
        evidence(url="https://a.example/p.pdf", probe=probe(404)),
        evidence(good=Identity(NOW, "Planes", "en", "a.example", similarity.fingerprint(OTHER))),
        evidence(good=Identity(NOW, "Something else", "en", "a.example", similarity.fingerprint(TEXT))),
        evidence(good=Identity(NOW, "Something else", "en", "a.example", similarity.fingerprint(OTHER))),
    ],
)
def test_what_does_not_fail(e: Evidence) -> None:
    verdict = rules.judge(e)
    assert verdict.state not in (State.DEAD, State.GONE), verdict


@pytest.mark.parametrize(
    ("e", "state", "rule", "confidence"),
    [
        (evidence(mark(SignatureKind.CHALLENGE)), State.BLOCKED, "bot-screen", "certain"),
        (evidence(mark(SignatureKind.CHALLENGE, Confidence.LIKELY), seen=look(404)), State.BLOCKED, "bot-screen", "likely"),
        (evidence(mark(SignatureKind.LOGIN, Confidence.LIKELY)), State.RESTRICTED, "login-wall", "likely"),
        (evidence(mark(SignatureKind.LOGIN), url="https://a.example/login"), State.OK, "http-ok", "certain"),
        (evidence(mark(SignatureKind.CONSENT)), State.BLOCKED, "consent-page", "certain"),
        (evidence(mark(SignatureKind.CHALLENGE), mark(SignatureKind.PARKED)), State.BLOCKED, "bot-screen", "certain"),
        (evidence(mark(SignatureKind.PARKED)), State.GONE, "parked-domain", "certain"),
        (evidence(mark(SignatureKind.PARKED, Confidence.LIKELY)), State.GONE, "parked-domain", "likely"),
        (evidence(mark(SignatureKind.SUSPENDED), seen=look(403)), State.GONE, "suspended-site", "certain"),
        (evidence(mark(SignatureKind.PLACEHOLDER)), State.GONE, "placeholder-page", "certain"),
        (evidence(mark(SignatureKind.MISSING)), State.GONE, "platform-missing", "certain"),
        (evidence(mark(SignatureKind.MISSING), seen=look(410)), State.DEAD, "platform-missing", "certain"),
        (evidence(NOT_FOUND), State.GONE, "soft-404", "likely"),
        (evidence(NOT_FOUND, probe=probe(200, text=OTHER)), State.GONE, "soft-404", "likely"),
        (evidence(NOT_FOUND, probe=probe(200, text=TEXT)), State.GONE, "soft-404", "certain"),
        (evidence(NOT_FOUND, url=f"{HERE}?id=3", probe=probe(404)), State.GONE, "soft-404", "likely"),
        (evidence(seen=look(final="https://a.example/404.html")), State.GONE, "sent-to-error-page", "likely"),
        (evidence(seen=look(final="https://a.example/closed")), State.GONE, "sent-to-error-page", "likely"),
        (
            evidence(seen=look(final="https://a.example/"), probe=probe(200, "https://a.example/")),
            State.GONE, "sent-home", "certain",
        ),
        (
            evidence(seen=look(final="https://a.example/help"), probe=probe(200, "https://a.example/help")),
            State.GONE, "sent-home", "certain",
        ),
        (evidence(url="https://a.example/p.pdf", probe=probe(200, text=TEXT)), State.GONE, "not-a-pdf", "certain"),
        (
            evidence(
                page=Finding(fingerprint=similarity.fingerprint(TEXT), metadata=Metadata(title="Slot gacor", language="en")),
                good=Identity(NOW, "How it works", "en", "a.example", similarity.fingerprint(OTHER)),
            ),
            State.GONE, "hijacked", "likely",
        ),
        (
            evidence(
                page=Finding(fingerprint=similarity.fingerprint(TEXT), metadata=Metadata(title="Gratis", language="id-ID")),
                good=Identity(NOW, "How it works", "en", "a.example", similarity.fingerprint(OTHER)),
            ),
            State.GONE, "hijacked", "likely",
        ),
    ],
)  # fmt: skip
def test_what_the_page_shows(e: Evidence, state: State, rule: str, confidence: str) -> None:
    verdict = rules.judge(e)
    assert (verdict.state, verdict.rule, verdict.confidence) == (state, rule, confidence)


def test_a_pdf_in_a_page_of_the_hosts_own_is_no_news() -> None:
    verdict = rules.judge(evidence(url="https://a.example/blob/main/p.pdf", probe=probe(404)))
    assert (verdict.rule, verdict.flags) == ("http-ok", {})
    assert Flag.SUSPECT in rules.judge(evidence(url="https://a.example/p.pdf")).flags


def test_too_few_words_for_a_sketch_are_compared_as_they_are() -> None:
    page = Finding(matches=(NOT_FOUND,))
    assert (
        rules.judge(evidence(page=page, probe=probe(200, "https://a.example/x", "", NOT_FOUND))).confidence == "certain"
    )
    assert rules.judge(evidence(page=page, probe=probe(200))).confidence == "likely"


@pytest.mark.parametrize(
    ("e", "wanted"),
    [
        (evidence(), False),
        (evidence(NOT_FOUND), True),
        (evidence(NOT_FOUND, url="https://a.example/"), False),
        (evidence(NOT_FOUND, seen=look(404)), False),
        (evidence(NOT_FOUND, mark(SignatureKind.CHALLENGE)), False),
        (evidence(NOT_FOUND, site=Finding(Presence.PRESENT)), False),
        (evidence(seen=look(final="https://a.example/")), True),
        (evidence(seen=look(final="https://a.example/index.html")), True),
        (evidence(seen=look(final="https://a.example/?p=12")), False),
        (evidence(seen=look(final="https://a.example/deep/page")), False),
        (evidence(seen=look(final="https://b.example/help")), False),
        (evidence(url="https://bit.ly/x", seen=look(final="https://b.example/", url="https://bit.ly/x")), False),
        (evidence(url="https://a.example/x.PDF"), True),
        (Evidence(HERE), False),
    ],
)
def test_when_a_probe_is_wanted(e: Evidence, wanted: bool) -> None:
    assert content.wants_probe(e) is wanted


def test_flags_of_the_page_and_of_the_past() -> None:
    found = rules.judge(evidence(mark(SignatureKind.SHELL), mark(SignatureKind.PLACEHOLDER, Confidence.WEAK))).flags
    assert set(found) == {Flag.OPAQUE, Flag.SUSPECT}
    page = Finding(fingerprint=similarity.fingerprint(TEXT), metadata=Metadata(title="Gratis"), lost=("a", "b"))
    e = evidence(page=page, good=Identity(NOW, "How it works", "", "a.example", similarity.fingerprint(OTHER)))
    assert rules.judge(e).flags == {
        Flag.DRIFTED: "on 2026-11-23 it was 'How it works'",
        Flag.NO_FRAGMENT: "the page has no place named #a, #b",
    }
    turns = tuple(Past(NOW, 200, state) for state in (State.OK, State.DEAD, State.UNREACHABLE, State.OK, State.DEAD))
    assert rules.judge(evidence(past=turns)).flags[Flag.FLAKY] == "it came and went 4 times in 5 looks"


# -- the past --------------------------------------------------------------------------------

DEAD = Verdict(State.DEAD, "http-not-found", "HTTP 404 twice", Confidence.LIKELY)
DAY = timedelta(days=1)


def looks(*found: tuple[float, State]) -> tuple[Past, ...]:
    return tuple(Past(NOW - days * DAY, 200, state) for days, state in found)


@pytest.mark.parametrize(
    ("verdict", "before"),
    [
        (DEAD, looks((8, State.OK))),
        (DEAD, looks((8, State.OK), (0.5, State.DEAD))),
        (DEAD, looks((8, State.MOVED), (0.9, State.DEAD), (0.4, State.UNREACHABLE))),
        (Verdict(State.GONE, "soft-404", "x", Confidence.LIKELY), looks((1, State.OK))),
    ],
)
def test_what_was_good_does_not_fail_on_the_first_day(verdict: Verdict, before: tuple[Past, ...]) -> None:
    weighed = past.weigh(verdict, evidence(past=before), NOW, DAY)
    assert (weighed.state, weighed.rule) == (State.UNREACHABLE, "failing-since")


@pytest.mark.parametrize(
    ("verdict", "before", "confirm"),
    [
        (DEAD, (), DAY),
        (DEAD, looks((8, State.DEAD)), DAY),
        (DEAD, looks((8, State.UNREACHABLE)), DAY),
        (DEAD, looks((8, State.OK), (1, State.DEAD)), DAY),
        (DEAD, looks((8, State.OK)), timedelta(0)),
        (Verdict(State.DEAD, "http-gone", "HTTP 410"), looks((1, State.OK)), DAY),
    ],
)
def test_what_fails_at_once(verdict: Verdict, before: tuple[Past, ...], confirm: timedelta) -> None:
    assert past.weigh(verdict, evidence(past=before), NOW, confirm) == verdict


@pytest.mark.parametrize(
    ("before", "rule"),
    [
        ((), "http-server-error"),
        (looks((8, State.UNREACHABLE)), "http-server-error"),
        (looks((6, State.UNREACHABLE), (3, State.UNREACHABLE)), "http-server-error"),
        (looks((9, State.UNREACHABLE), (4, State.OK), (3, State.UNREACHABLE)), "http-server-error"),
        (looks((9, State.UNREACHABLE), (4, State.UNREACHABLE)), "unreachable-for-long"),
    ],
)
def test_unreachable_for_long(before: tuple[Past, ...], rule: str) -> None:
    verdict = Verdict(State.UNREACHABLE, "http-server-error", "HTTP 500", Confidence.LIKELY)
    weighed = past.weigh(verdict, evidence(past=before), NOW, DAY)
    assert (weighed.state, weighed.rule) == (State.UNREACHABLE, rule)


@pytest.mark.parametrize(
    ("state", "before", "change"),
    [
        (State.OK, (), None), (State.DEAD, (), None), (State.OK, (State.OK,), None),
        (State.UNREACHABLE, (State.DEAD,), None), (State.DEAD, (State.UNREACHABLE,), None),
        (State.DEAD, (State.OK, State.UNREACHABLE), Change.NEW), (State.GONE, (State.DEAD,), Change.STILL),
        (State.MOVED, (State.DEAD, State.BLOCKED), Change.RECOVERED),
    ],
)  # fmt: skip
def test_what_changed(state: State, before: tuple[State, ...], change: Change | None) -> None:
    assert past.change(state, looks(*((1.0, one) for one in before))) == change


def test_since_when_it_fails() -> None:
    assert (
        past.since(DEAD, looks((9, State.DEAD), (8, State.OK), (3, State.GONE), (1, State.BLOCKED)), NOW)
        == NOW - 3 * DAY
    )
    assert past.since(DEAD, (), NOW) == NOW
    assert past.since(Verdict(State.OK, "http-ok", ""), looks((3, State.DEAD)), NOW) is None


# -- resemblance -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (TEXT, TEXT, 1, 1),
        (TEXT, OTHER, 0, 0),
        (TEXT, "", 0, 0),
        (f"{TEXT} 12:45:03 a8f3e2", f"{TEXT} 12:45:09 77bc01", 1, 1),
        (TEXT * 9, f"{TEXT * 9} and a word more", 0.8, 1),
    ],
)
def test_resemblance(one: str, other: str, least: float, most: float) -> None:
    assert least <= similarity.similarity(similarity.fingerprint(one), similarity.fingerprint(other)) <= most
