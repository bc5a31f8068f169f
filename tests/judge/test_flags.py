from __future__ import annotations

import pytest

from linkcheck.common.similarity import fingerprint
from linkcheck.judge import judge
from linkcheck.model import Confidence, Evidence, Fault, Finding, Flag, Metadata, Presence, SignatureKind, State
from tests.judge.values import HERE, TEXT, earlier, evidence, first, good, look, match, shown


def test_weak_signatures_and_pages_drawn_by_a_script() -> None:
    e = shown(match(SignatureKind.SHELL), match(SignatureKind.PLACEHOLDER, Confidence.WEAK))
    assert judge(e).first.flags == {Flag.SUSPECT: "it is a placeholder", Flag.OPAQUE: "it is a shell"}
    assert judge(shown(match(SignatureKind.SHELL), seen=look(403))).first.flags == {}
    assert judge(shown()).first.flags == {}


def test_a_page_that_became_another() -> None:
    page = Finding(fingerprint=fingerprint(TEXT), metadata=Metadata(title="Gratis"))
    e = evidence(200, page=page, good=good("How it works", language=""))
    assert judge(e).first.flags == {Flag.DRIFTED: "on 2026-11-23 it was 'How it works'"}
    e = evidence(403, page=page, good=good("How it works", language=""))
    assert judge(e).first.flags == {}


def test_titles_in_a_flag_are_cut() -> None:
    page = Finding(fingerprint=fingerprint(TEXT), metadata=Metadata(title="Gratis"))
    e = evidence(200, page=page, good=good("y" * 200, language=""))
    assert judge(e).first.flags == {Flag.DRIFTED: f"on 2026-11-23 it was '{'y' * 80}'"}


def test_places_that_the_page_does_not_have() -> None:
    page = Finding(lost=("a", "b", "c", "d", "e", "f"))
    assert first(200, page=page).flags == {Flag.NO_FRAGMENT: "the page has no place named #a, #b, #c, #d, #e"}


@pytest.mark.parametrize(
    ("states", "now", "reason"),
    [
        ("ok dead", 200, ""),
        ("ok dead ok", 200, ""),
        ("ok dead ok", 404, "it came and went 3 times"),
        ("ok dead unreachable ok", 404, "it came and went 3 times"),
        ("ok dead unreachable ok dead", 200, "it came and went 4 times"),
        ("ok dead ok dead", 403, "it came and went 3 times"),
    ],
)
def test_a_link_that_comes_and_goes(states: str, now: int, reason: str) -> None:
    before = earlier(*((1.0, State(state)) for state in states.split()))
    found = first(*[now] * 2, past=before).flags
    assert found == ({Flag.FLAKY: reason} if reason else {})


@pytest.mark.parametrize(
    ("outcome", "fault", "reason"),
    [
        (200, Fault.TLS_EXPIRED, "its certificate has expired"),
        (200, Fault.TLS_CERTIFICATE, "its certificate is not valid"),
        (200, Fault.TLS_HANDSHAKE, "it speaks only an old form of TLS"),
        (401, Fault.TLS_WRONG_HOST, "its certificate is for another host"),
        (403, Fault.TLS_EXPIRED, ""),
        (410, Fault.TLS_EXPIRED, ""),
    ],
)
def test_tls_trouble_is_never_plain_ok(outcome: int, fault: Fault, reason: str) -> None:
    assert first(look(outcome, insecure=fault)).flags == ({Flag.INSECURE: reason} if reason else {})


def test_flags_of_the_site_are_kept_whatever_the_page_says() -> None:
    flags = {Flag.SUPERSEDED: "v1, v7 is the latest"}
    assert first(site=Finding(Presence.PRESENT, "listed", flags=flags)).flags == flags
    assert first(403, site=Finding(flags=flags)).flags == flags


def test_the_verdicts_own_flag_counts_before_others() -> None:
    weak = match(SignatureKind.PARKED, Confidence.WEAK)
    e = shown(weak, url="https://a.example/p.pdf")
    assert judge(e).first.flags == {Flag.SUSPECT: "answers HTML where a PDF is linked"}
    assert judge(Evidence(HERE)).first.flags == {}
