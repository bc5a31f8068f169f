from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from linkcheck.judge import Policy, is_consistent, judge, overrides
from linkcheck.judge.overrides import overridden
from linkcheck.model import (
    Change,
    Confidence,
    Evidence,
    Fault,
    Finding,
    Override,
    Past,
    Presence,
    Record,
    SignatureKind,
    State,
    StatusRange,
    Verdict,
)
from tests.answers import NOW, sighting
from tests.judge.values import DAY, HERE, earlier, evidence, match, shown

ALL = (StatusRange(100, 999, "--accept"),)
R = "linkcheck.toml, rule 1"


def ruled(e: Evidence, *entries: Override, **more: Any) -> Verdict:
    return judge(e, NOW, Policy(overrides=entries, **more)).verdict


def rule(to: State = State.OK, **conditions: Any) -> Override:
    return Override(to, R, **conditions)


def statuses(*found: int) -> tuple[StatusRange, ...]:
    return tuple(StatusRange(one, one) for one in found)


# -- what is not touched -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "conditions",
    [
        {"host": "b.example"}, {"host": "eve-a.example"}, {"host": "sub.a.example"}, {"match": re.compile("^x")},
        {"statuses": statuses(404)}, {"states": frozenset({State.DEAD})}, {"rules": frozenset({"http-gone"})},
        {"host": "a.example", "statuses": statuses(404)},
        {"statuses": statuses(403), "states": frozenset({State.OK}), "rules": frozenset({"http-refused"})},
    ],
)  # fmt: skip
def test_a_rule_about_other_links_changes_nothing(conditions: dict[str, Any]) -> None:
    e = evidence(403)
    assert ruled(e, rule(**conditions)) == judge(e, NOW).verdict


@pytest.mark.parametrize("name", sorted(overrides.FIXED))
@pytest.mark.parametrize("entry", [rule(State.DEAD), rule(State.DEAD, states=frozenset(State))], ids=("any", "named"))
def test_of_what_nothing_is_known_nothing_is_decided(name: str, entry: Override) -> None:
    verdict = Verdict(State.SKIPPED, name, "so")
    assert overridden(verdict, HERE, Policy(overrides=(entry,))) is verdict


def test_an_internal_error_stays_one() -> None:
    assert ruled(evidence(Fault.INTERNAL_ERROR), rule(State.OK), accept=ALL).rule == "internal-error"


def test_what_was_not_judged_is_only_decided_by_name() -> None:
    verdict = Verdict(State.SKIPPED, "other-scheme", "ftp: links are not checked")
    url = "ftp://a.example/x"
    assert overridden(verdict, url, Policy(overrides=(rule(State.INVALID),))) is verdict
    for conditions in ({"states": frozenset({State.SKIPPED})}, {"rules": frozenset({"other-scheme"})}):
        entry = rule(State.INVALID, host="a.example", **conditions)
        assert overridden(verdict, url, Policy(overrides=(entry,))).state is State.INVALID


def test_a_state_that_it_has_already_is_not_decided() -> None:
    e = evidence(200)
    assert ruled(e, rule(State.OK), rule(State.DEAD)) == judge(e, NOW).verdict  # and the first wins


def test_a_link_without_a_status_has_none_of_a_rule() -> None:
    e = evidence(Fault.RESET)
    assert ruled(e, rule(statuses=ALL)) == judge(e, NOW).verdict


def test_a_malformed_url_has_no_host() -> None:
    verdict = Verdict(State.INVALID, "malformed-link", "so")
    assert overridden(verdict, "http://[", Policy(overrides=(rule(host="a.example"),))) is verdict
    assert overridden(verdict, "http://[", Policy(overrides=(rule(),))).state is State.OK


# -- what is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "conditions",
    [
        {}, {"host": "a.example"}, {"host": "example"}, {"match": re.compile("deep")}, {"statuses": statuses(1, 403)},
        {"statuses": (StatusRange(400, 499),)}, {"states": frozenset({State.BLOCKED, State.OK})},
        {"rules": frozenset({"http-refused"})},
        {"host": "a.example", "statuses": statuses(403), "states": frozenset({State.BLOCKED})},
    ],
)  # fmt: skip
def test_a_rule_decides_and_keeps_what_it_replaced(conditions: dict[str, Any]) -> None:
    found = ruled(evidence(403), rule(reason="intranet", **conditions))
    assert (found.state, found.rule, found.confidence) == (State.OK, "http-refused", Confidence.CERTAIN)
    assert found.reason == f"HTTP 403; ok by {R}: 'intranet'"
    assert (found.decided_by, found.instead_of) == (R, State.BLOCKED)


def test_the_first_entry_that_matches_wins() -> None:
    other = Override(State.GONE, "linkcheck.toml, rule 9")
    assert ruled(evidence(403), rule(host="b.example"), other, rule()).decided_by == "linkcheck.toml, rule 9"


def test_a_decision_that_fails_keeps_its_advice_and_others_have_none() -> None:
    assert ruled(evidence(410), rule(State.GONE)).advice
    found = ruled(evidence(410), rule(State.BLOCKED))
    assert (found.advice, found.replacement) == ("", "")


def test_a_link_is_dead_because_the_user_says_so() -> None:
    judged = judge(evidence(200), NOW, Policy(overrides=(rule(State.DEAD),)))
    assert (judged.verdict.state, judged.first.state) == (State.DEAD, State.OK)
    assert (judged.change, judged.since) == (None, None)


def test_a_rule_on_a_rule_is_about_todays_facts_and_about_history() -> None:
    e = evidence(404, 404, past=earlier((8, State.OK)))
    for name in ("http-not-found", "failing-since"):
        found = ruled(e, rule(rules=frozenset({name})), confirm=DAY)
        assert (found.state, found.rule, found.instead_of) == (State.OK, "failing-since", State.UNREACHABLE)


def test_without_an_answer_a_rule_decides_too() -> None:
    assert judge(evidence(404, 404), None, Policy(overrides=(rule(),))).verdict.state is State.OK


def test_earlier_runs_know_nothing_of_rules() -> None:
    """What is stored is the verdict before them: taking a rule out brings it back, and no news comes of putting it in."""
    e = evidence(404, 404, past=earlier((2, State.DEAD)))
    judged = judge(e, NOW, Policy(overrides=(rule(),)))
    assert (judged.verdict.state, judged.first.state) == (State.OK, State.DEAD)
    assert (judged.change, judged.since) == (None, None)
    assert judge(e, NOW).change is Change.STILL
    still = judge(e, NOW, Policy(overrides=(rule(State.GONE),)))
    assert (still.verdict.state, still.change, still.since) == (State.GONE, None, NOW - 2 * DAY)
    assert is_consistent(Record(HERE, NOW, evidence(200), (Past(NOW, 200, State.OK),)))


def test_only_the_beginning_of_a_url_is_searched_and_in_time() -> None:
    searched = list[str]()

    @contextmanager
    def stopwatch() -> Iterator[None]:
        searched.append("once")
        yield

    policy = Policy(overrides=(rule(match=re.compile("end$")),), in_time=stopwatch)
    verdict = Verdict(State.DEAD, "http-gone", "so")
    assert overridden(verdict, f"{HERE}{'x' * 4_000}end", policy) is verdict
    assert overridden(verdict, f"{HERE}end", policy) is not verdict
    assert searched == ["once", "once"]
    overridden(verdict, HERE, Policy(overrides=(rule(host="a.example"),), in_time=stopwatch))
    assert searched == ["once", "once"]  # a host needs no search


# -- accept ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 429, 451, 500, 503, 999])
def test_an_accepted_status_is_ok_whatever_the_rules_say_of_it(status: int) -> None:
    before = judge(evidence(status, status), NOW).verdict
    found = ruled(evidence(status, status), accept=(StatusRange(status, status, "--accept"),))
    assert (found.state, found.rule, found.decided_by) == (State.OK, before.rule, "--accept")
    assert (found.instead_of, found.advice) == (before.state, "")
    assert found.reason == f"{before.reason}; ok by --accept"


def test_an_accepted_404_that_was_good_is_no_failure_either() -> None:
    found = ruled(evidence(404, 404, past=earlier((8, State.OK))), accept=ALL, confirm=DAY)
    assert (found.state, found.rule) == (State.OK, "failing-since")


@pytest.mark.parametrize(
    "e",
    [
        shown(match(SignatureKind.PARKED)),  # what a page says stands
        shown(match(SignatureKind.CHALLENGE), seen=sighting(403, HERE)),
        evidence(404, 404, site=Finding(Presence.ABSENT)),  # and what a site says
        evidence(404, 404, site=Finding(is_missing=True)),
        evidence(Fault.RESET),
        evidence(Fault.HELD_BACK),  # it was not asked
    ],
)
def test_what_does_not_rest_on_the_status_stands(e: Evidence) -> None:
    assert ruled(e, accept=ALL) == judge(e, NOW).verdict


def test_another_status_stands() -> None:
    assert ruled(evidence(403), accept=statuses(404)) == judge(evidence(403), NOW).verdict
    assert ruled(evidence(200), accept=ALL) == judge(evidence(200), NOW).verdict


def test_a_rule_has_the_last_word_over_an_accepted_status() -> None:
    found = ruled(evidence(403), rule(State.DEAD, statuses=statuses(403)), accept=ALL)
    assert (found.state, found.decided_by, found.instead_of) == (State.DEAD, R, State.BLOCKED)
    assert found.reason == f"HTTP 403; ok by --accept; dead by {R}"
