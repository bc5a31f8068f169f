from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.contracts import Rule
from linkcheck.judge import Judgement, Policy, is_consistent, judge, judging, order
from linkcheck.model import (
    Change,
    Evidence,
    Fault,
    Finding,
    Past,
    Presence,
    Probe,
    Record,
    SignatureKind,
    State,
    Verdict,
    replace,
)
from tests.answers import NOW, sighting
from tests.judge.values import DAY, HERE, earlier, evidence, good, look, match, redirected

GOOD_BEFORE = earlier((8, State.OK))


def test_a_judgement_holds_what_is_reported_and_what_is_remembered() -> None:
    judged = judge(evidence(404, 404, past=earlier((8, State.OK), (0.5, State.DEAD))), NOW, Policy(DAY))
    assert (judged.verdict.state, judged.verdict.rule) == (State.UNREACHABLE, "failing-since")
    assert (judged.first.state, judged.first.rule) == (State.DEAD, "http-not-found")
    assert judged.since == NOW - DAY / 2
    assert judged.change is None  # what is not yet believed is no news
    assert judged.is_complete


def test_without_a_policy_a_failure_counts_at_once() -> None:
    judged = judge(evidence(404, 404, past=GOOD_BEFORE), NOW)
    assert judged.verdict == judged.first
    assert (judged.change, judged.since) == (Change.NEW, NOW)


def test_what_was_not_seen_is_not_weighed() -> None:
    judged = judge(evidence(404, 404, past=GOOD_BEFORE), None, Policy(DAY))
    assert judged == Judgement(judged.first, judged.first)
    assert judged.first.state is State.DEAD


def test_what_recovered_is_said() -> None:
    judged = judge(evidence(200, past=earlier((1, State.DEAD))), NOW)
    assert (judged.change, judged.since) == (Change.RECOVERED, None)


def test_our_own_failure_is_not_weighed_or_remembered() -> None:
    before = earlier((9, State.UNREACHABLE), (4, State.UNREACHABLE))
    judged = judge(evidence(Fault.INTERNAL_ERROR, past=before), NOW, Policy(DAY))
    assert judged.verdict.rule == judged.first.rule == "internal-error"
    assert not judged.is_complete
    assert not judge(evidence(Fault.INTERNAL_ERROR)).is_complete
    assert not judge(evidence(200, site=Finding(trouble="x")), NOW).is_complete


def test_reasons_stay_the_same_from_run_to_run() -> None:
    later = replace(sighting(404, HERE, look=2), at=NOW + timedelta(seconds=9))
    assert judge(evidence(404, later)).first.reason == judge(evidence(404, 404)).first.reason


# -- what others say was good ------------------------------------------------------------------


def claimed(e: Evidence, state: State = State.OK, **more: object) -> Record:
    return Record(e.url, NOW, e, (Past(NOW, 200, state),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "sound"),
    [
        (claimed(evidence(200)), True),
        (claimed(evidence(404, 404)), False),
        (claimed(evidence(404, 404), State.DEAD), True),  # it claims nothing good
        (Record(HERE, NOW, evidence(404, 404)), True),
        (claimed(evidence(299)), True),
        (claimed(evidence(Fault.RESET)), False),
        (claimed(Evidence(HERE)), False),
        (claimed(evidence(200, page=Finding(matches=(match(SignatureKind.PARKED),)))), False),
        (claimed(redirected("https://a.example/404")), False),
        (claimed(redirected("https://a.example/other/place", 301)), True),
        (claimed(evidence(200, probe=Probe(sighting(Fault.INTERNAL_ERROR)))), False),
        (claimed(evidence(site=Finding(Presence.PRESENT))), True),
        (claimed(evidence(403, site=Finding(Presence.PRESENT))), True),
        (claimed(evidence(404, 404, site=Finding(Presence.PRESENT))), True),
        (claimed(evidence(404, 404, site=Finding(Presence.PRESENT, ask_page=True))), False),
        (claimed(evidence(410, site=Finding(Presence.PRESENT, ask_page=True))), False),
        (claimed(evidence(200, site=Finding(Presence.ABSENT))), False),
        (claimed(evidence(200, site=Finding())), True),
        (claimed(evidence(200, page=Finding(fingerprint="00" * 8)), good=good()), True),
        (claimed(evidence(200), good=good()), True),
    ],
)
def test_nobody_is_believed_over_facts(known: Record, sound: bool) -> None:
    assert is_consistent(known) is sound


def note_asked(monkeypatch: pytest.MonkeyPatch) -> list[Evidence]:
    """The evidence that the rules are asked about from now on."""
    asked = list[Evidence]()
    ask = judging._judge_facts

    def noting(e: Evidence) -> Verdict:
        asked.append(e)
        return ask(e)

    monkeypatch.setattr(judging, "_judge_facts", noting)
    return asked


@pytest.mark.parametrize(
    ("e", "is_plain"),
    [
        (evidence(200), True), (evidence(404), False), (evidence(look(200, HERE, 301)), False), (evidence(), False),
        (evidence(200, probe=Probe(look(404))), False), (evidence(200, page=Finding()), True),
        (evidence(200, page=Finding(matches=(match(SignatureKind.SHELL),))), False),
        (evidence(site=Finding(Presence.PRESENT)), True), (evidence(200, site=Finding()), False),
        (evidence(404, site=Finding(Presence.PRESENT)), False), (evidence(403, site=Finding(Presence.PRESENT)), True),
    ],
)  # fmt: skip
def test_what_is_plainly_good_is_told_without_the_rules(
    monkeypatch: pytest.MonkeyPatch, e: Evidence, is_plain: bool
) -> None:
    asked = note_asked(monkeypatch)
    is_consistent(claimed(e))
    assert bool(asked) is not is_plain


def test_the_looks_before_it_and_what_it_was_are_weighed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = note_asked(monkeypatch)
    known = Record(HERE, NOW, evidence(404), (*GOOD_BEFORE, Past(NOW, 200, State.OK)), good())
    is_consistent(known)
    assert [(e.past, e.good) for e in asked] == [(GOOD_BEFORE, known.good)]


def test_where_a_rule_fails_the_facts_are_seen_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Evidence) -> None:
        raise KeyError("evil")

    monkeypatch.setattr(order, "checks", lambda _: (failing,))
    assert not is_consistent(claimed(evidence(404, 404)))


def test_a_rule_of_another_distribution_has_its_say(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = Rule("extra", (State.BLOCKED,), "x", check=lambda _: judge(evidence(403)).first)
    monkeypatch.setattr(order, "rules", lambda: (extra, *order.BUILT_IN))
    monkeypatch.setattr(order, "checks", lambda _: (extra.check,))
    assert not is_consistent(claimed(evidence(200)))
