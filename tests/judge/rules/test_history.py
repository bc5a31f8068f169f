from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.common.similarity import fingerprint
from linkcheck.judge import Policy, judge
from linkcheck.model import Confidence, Evidence, Finding, Metadata, Past, State, replace
from tests.answers import NOW
from tests.judge.values import DAY, NOT_FOUND, OTHER, TEXT, earlier, evidence, good, shown, swapped

POLICY = Policy(DAY)

# -- hijacked ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "e",
    [
        shown(good=good("Planes", OTHER)),
        shown(good=good("Something else", TEXT)),
        shown(good=good("Something else", OTHER)),  # another page, and nothing that sells
        swapped("Casinos of the world", was="The best casinos"),
        swapped("Gratis", language="en-GB"),
        replace(swapped("Gratis", language="en-GB"), good=good("How it works", language="en-US")),
        swapped("Gratis"),
        replace(swapped("Slot gacor"), good=None),
        replace(swapped("Slot gacor"), page=None),
        replace(swapped("Slot gacor"), page=Finding(fingerprint=fingerprint(TEXT))),
    ],
)
def test_what_is_not_hijacked(e: Evidence) -> None:
    assert judge(e).first.rule == "http-ok"


@pytest.mark.parametrize(
    ("e", "why"),
    [
        (swapped("Slot gacor", language="en"), "now about 'Slot'"),
        (swapped("Gratis", language="id-ID"), "now in 'id-ID', was in 'en'"),
        (swapped("Casino", was="Casino night", language="de"), None),
    ],
)
def test_another_page_that_sells_or_speaks_otherwise_is_hijacked(e: Evidence, why: str | None) -> None:
    verdict = judge(e).first
    if why is None:
        assert verdict.rule == "http-ok"  # the titles have a word in common
        return
    assert (verdict.state, verdict.rule, verdict.confidence) == (State.GONE, "hijacked", Confidence.LIKELY)
    assert verdict.reason.startswith("another page than on 2026-11-23: ")
    assert verdict.reason.endswith(f" in place of 'How it works', {why}")
    assert verdict.advice == "find the page's new home, or take the link out"


def test_what_a_page_says_of_itself_may_sell_too() -> None:
    e = swapped("Gratis")
    page = Finding(metadata=Metadata(title="Gratis", description="a casino"), fingerprint=fingerprint(TEXT))
    assert judge(replace(e, page=page)).first.rule == "hijacked"


def test_titles_in_a_reason_are_cut() -> None:
    reason = judge(swapped(f"Casino {'x' * 200}", was="y" * 200)).first.reason
    assert f"'Casino {'x' * 73}' in place of '{'y' * 80}'" in reason


# -- what was good -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [
        earlier((8, State.OK)),
        earlier((8, State.OK), (0.5, State.DEAD)),
        earlier((8, State.MOVED), (0.9, State.DEAD), (0.4, State.UNREACHABLE)),
        earlier((8, State.OK), (0.9999, State.DEAD)),
    ],
)
@pytest.mark.parametrize("e", [evidence(404, 404), shown(NOT_FOUND)])
def test_what_was_good_does_not_fail_on_the_first_day(e: Evidence, before: tuple[Past, ...]) -> None:
    judged = judge(replace(e, past=before), NOW, POLICY)
    assert (judged.verdict.state, judged.verdict.rule) == (State.UNREACHABLE, "failing-since")
    assert judged.first == judge(e).first
    assert judged.verdict.advice == "wait: it fails a run when it is still so later"


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (earlier((8, State.OK)), "failing since today: HTTP 410x; it was fine on 2026-11-15"),
        (earlier((8, State.OK), (0.5, State.DEAD)), "failing since 2026-11-22: HTTP 410x; it was fine on 2026-11-15"),
        (earlier((8, State.OK), (6, State.OK)), "failing since today: HTTP 410x; it was fine on 2026-11-17"),
    ],
)
def test_since_when_it_fails_is_said(before: tuple[Past, ...], reason: str) -> None:
    e = evidence(404, 404, past=before)
    said = judge(e).first.reason
    assert judge(e, NOW, POLICY).verdict.reason == reason.replace("HTTP 410x", said)


@pytest.mark.parametrize(
    ("looks", "before", "confirm"),
    [
        ((404, 404), (), DAY),
        ((404, 404), earlier((8, State.DEAD)), DAY),
        ((404, 404), earlier((8, State.UNREACHABLE)), DAY),
        ((404, 404), earlier((8, State.OK), (1, State.DEAD)), DAY),
        ((404, 404), earlier((8, State.OK)), timedelta(0)),
        ((410,), earlier((1, State.OK)), DAY),
        ((200,), earlier((1, State.OK)), DAY),
        ((403,), earlier((1, State.OK)), DAY),
    ],
)
def test_what_is_said_at_once(looks: tuple[int, ...], before: tuple[Past, ...], confirm: timedelta) -> None:
    judged = judge(evidence(*looks, past=before), NOW, Policy(confirm))
    assert judged.verdict == judged.first == judge(evidence(*looks)).first


# -- what nobody can reach ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "rule"),
    [
        ((), "http-server-error"),
        (earlier((8, State.UNREACHABLE)), "http-server-error"),
        (earlier((6, State.UNREACHABLE), (3, State.UNREACHABLE)), "http-server-error"),
        (earlier((6.9999, State.UNREACHABLE), (3, State.UNREACHABLE)), "http-server-error"),
        (earlier((9, State.UNREACHABLE), (8.99, State.UNREACHABLE)), "http-server-error"),  # of one day
        (earlier((9, State.UNREACHABLE), (4, State.OK), (3, State.UNREACHABLE)), "http-server-error"),
        (earlier((7, State.UNREACHABLE), (4, State.UNREACHABLE)), "unreachable-for-long"),
        (earlier((12, State.OK), (9, State.UNREACHABLE), (4, State.UNREACHABLE)), "unreachable-for-long"),
    ],
)
def test_unreachable_for_long(before: tuple[Past, ...], rule: str) -> None:
    verdict = judge(evidence(500, past=before), NOW, POLICY).verdict
    assert (verdict.state, verdict.rule) == (State.UNREACHABLE, rule)


def test_since_when_it_is_unreachable_is_said() -> None:
    before = earlier((9, State.UNREACHABLE), (4, State.UNREACHABLE))
    verdict = judge(evidence(500, past=before), NOW, POLICY).verdict
    assert verdict.reason == "unreachable since 2026-11-14: HTTP 500"
    assert verdict.advice == "look at it yourself: it may be gone"


def test_what_is_alive_is_not_weighed() -> None:
    before = earlier((9, State.UNREACHABLE), (4, State.UNREACHABLE))
    assert judge(evidence(200, past=before), NOW, POLICY).verdict.rule == "http-ok"
