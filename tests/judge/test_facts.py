from __future__ import annotations

import pytest

from linkcheck.contracts import Needs
from linkcheck.judge import facts, is_complete
from linkcheck.judge.facts import ProbeResult
from linkcheck.model import Evidence, Fault, Finding, Match, Presence, Probe, SignatureKind
from tests.answers import sighting
from tests.judge.values import (
    HERE,
    NOT_FOUND,
    NOWHERE,
    OTHER,
    TEXT,
    evidence,
    good,
    look,
    match,
    probe,
    redirected,
    shown,
)

BROKEN = sighting(Fault.INTERNAL_ERROR, HERE)


@pytest.mark.parametrize(
    ("e", "needs"),
    [
        (evidence(), Needs.NOTHING),
        (evidence(Fault.RESET), Needs.FAULT),
        (evidence(200, Fault.RESET), Needs.FAULT),
        (evidence(199), Needs.STATUS),
        (evidence(300), Needs.STATUS),
        (evidence(200), Needs.SUCCESS),
        (evidence(look(200, HERE, 301)), Needs.REDIRECT),
        (evidence(look(404, HERE, 301)), Needs.STATUS),
        (evidence(site=Finding()), Needs.SITE),
        (evidence(page=Finding()), Needs.NOTHING),
        (evidence(page=Finding(matches=(NOT_FOUND,))), Needs.SIGNATURE),
        (evidence(good=good()), Needs.GOOD),
        (evidence(204, site=Finding(), page=Finding(matches=(NOT_FOUND,)), good=good()),
         Needs.SITE | Needs.SUCCESS | Needs.SIGNATURE | Needs.GOOD),
    ],
)  # fmt: skip
def test_what_is_present(e: Evidence, needs: Needs) -> None:
    assert Needs(facts.present(e)) == needs


@pytest.mark.parametrize(
    ("statuses", "is_missing"),
    [((), False), ((404,), False), ((410,), True), ((404, 404), True), ((410, 404), True), ((404, 410), True),
     ((404, 200), False), ((200, 404), False), ((404, 404, 403), False)],
)  # fmt: skip
def test_what_is_missing(statuses: tuple[int, ...], is_missing: bool) -> None:
    assert facts.is_missing(evidence(*statuses)) is is_missing


@pytest.mark.parametrize(
    ("e", "complete"),
    [
        (evidence(), True), (evidence(200, site=Finding(), probe=Probe(look(404))), True), (evidence(BROKEN), False),
        (evidence(BROKEN, 200), False), (evidence(200, probe=Probe(BROKEN)), False),
        (evidence(200, site=Finding(trouble="x")), False), (evidence(Fault.RESET, page=Finding(trouble="x")), True),
    ],
)  # fmt: skip
def test_what_is_complete(e: Evidence, complete: bool) -> None:
    assert is_complete(e) is complete


def test_a_site_that_confirms() -> None:
    assert facts.is_confirmed(evidence(site=Finding(Presence.PRESENT)))
    assert not facts.is_confirmed(evidence(site=Finding(Presence.RESTRICTED)))
    assert not facts.is_confirmed(evidence())


def test_html_in_place_of_a_pdf() -> None:
    pdf = "https://a.example/x.pdf"
    for media, is_html in {
        "text/html": True,
        "application/xhtml+xml": True,
        "application/pdf": False,
        "": False,
    }.items():
        assert facts.is_html_for_pdf(evidence(200, url=pdf, page=Finding(media=media))) is is_html
    assert not facts.is_html_for_pdf(evidence(200, url=pdf))
    assert not facts.is_html_for_pdf(evidence(200, page=Finding(media="text/html")))


LONE = Finding(matches=(NOT_FOUND,))
FOREIGN = Match(SignatureKind.NOT_FOUND, "y", "another", NOT_FOUND.confidence)
HOME = "https://a.example/"


@pytest.mark.parametrize(
    ("e", "result"),
    [
        (shown(), ProbeResult.INCONCLUSIVE),
        (shown(probe=probe(Fault.RESET)), ProbeResult.INCONCLUSIVE),
        (shown(probe=probe(500)), ProbeResult.INCONCLUSIVE),
        (shown(probe=probe(404)), ProbeResult.NOT_FOUND),
        (shown(probe=probe(410)), ProbeResult.NOT_FOUND),
        (shown(probe=probe(404), url=f"{HERE}?id=3"), ProbeResult.INCONCLUSIVE),
        (shown(probe=probe(200, text=TEXT)), ProbeResult.SAME),
        (shown(probe=probe(200, text=OTHER)), ProbeResult.DIFFERS),
        (shown(probe=probe(200)), ProbeResult.DIFFERS),
        (redirected(HOME, probe=probe(200, HOME)), ProbeResult.SAME),
        (redirected(HOME, probe=probe(200, "https://a.example/b")), ProbeResult.DIFFERS),
        (redirected(NOWHERE, probe=probe(200)), ProbeResult.DIFFERS),  # the probe was not redirected
        (shown(seen=look(200, HOME), probe=probe(200, HOME)), ProbeResult.DIFFERS),  # nor was the page
        (shown(page=LONE, probe=probe(200, NOWHERE, "", NOT_FOUND)), ProbeResult.SAME),
        (shown(page=LONE, probe=probe(200, NOWHERE, "", FOREIGN)), ProbeResult.INCONCLUSIVE),
        (shown(page=LONE, probe=probe(200)), ProbeResult.INCONCLUSIVE),
        (shown(page=LONE, probe=probe(200, text=TEXT)), ProbeResult.DIFFERS),
        (evidence(200, probe=probe(200)), ProbeResult.INCONCLUSIVE),
    ],
)  # fmt: skip
def test_what_the_probe_says(e: Evidence, result: ProbeResult) -> None:
    assert facts.probe_result(e) is result


@pytest.mark.parametrize(("share", "result"), [(0.9, ProbeResult.SAME), (0.89, ProbeResult.DIFFERS)])
def test_nine_tenths_of_the_text_are_the_same_page(
    monkeypatch: pytest.MonkeyPatch, share: float, result: ProbeResult
) -> None:
    monkeypatch.setattr(facts, "similarity", lambda *_: share)
    assert facts.probe_result(shown(probe=probe(200, text=OTHER))) is result


def test_the_surest_match_of_a_kind() -> None:
    e = shown(NOT_FOUND, match(SignatureKind.PARKED), FOREIGN)
    assert facts.match(e, SignatureKind.NOT_FOUND) == NOT_FOUND
    assert facts.match(e, SignatureKind.LOGIN, SignatureKind.PARKED) == match(SignatureKind.PARKED)
    assert facts.match(e, SignatureKind.LOGIN) is None
    assert facts.match(Evidence(HERE), SignatureKind.LOGIN) is None
