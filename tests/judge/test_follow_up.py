from __future__ import annotations

import pytest

from linkcheck.judge import wants_probe, wants_recheck
from linkcheck.model import Evidence, Fault, Finding, Presence, SignatureKind
from tests.answers import sighting
from tests.judge.values import HERE, NOT_FOUND, look, match, redirected, shown


def test_which_first_looks_are_taken_again() -> None:
    assert wants_recheck(sighting(404))
    assert not any(wants_recheck(sighting(outcome)) for outcome in (200, 403, 410, 500, Fault.DNS_NXDOMAIN))
    assert not wants_recheck(sighting(404, look=2))


@pytest.mark.parametrize(
    ("e", "wanted"),
    [
        (shown(), False),
        (shown(NOT_FOUND), True),
        (shown(NOT_FOUND, url="https://a.example/"), False),
        (shown(NOT_FOUND, seen=look(404)), False),
        (shown(NOT_FOUND, match(SignatureKind.CHALLENGE)), False),
        (shown(NOT_FOUND, match(SignatureKind.PARKED)), False),
        (shown(NOT_FOUND, match(SignatureKind.SHELL)), True),
        (shown(NOT_FOUND, site=Finding(Presence.PRESENT)), False),
        (shown(NOT_FOUND, site=Finding()), True),
        (redirected("https://a.example/"), True),
        (redirected("https://a.example/index.html"), True),
        (redirected("https://a.example/?p=12"), False),
        (redirected("https://a.example/deep/page"), False),
        (redirected("https://b.example/help"), False),
        (redirected("https://b.example/", url="https://bit.ly/x"), False),
        (shown(seen=look(200, "https://a.example/")), False),  # no redirect
        (shown(url="https://a.example/x.PDF"), True),
        (shown(url="https://a.example/x.PDF", seen=look(500)), False),
        (Evidence(HERE), False),
    ],
)
def test_when_a_probe_is_wanted(e: Evidence, wanted: bool) -> None:
    assert wants_probe(e) is wanted
