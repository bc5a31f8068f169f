"""The user's word on verdicts: the statuses of `accept` are ok, and the first `[[rule]]` that is about a link decides.

What was judged before stays what is stored, and stays in the reason: without the setting the old verdict is back.
"""

from __future__ import annotations

from linkcheck.common.hosts import is_within
from linkcheck.common.patterns import MOST_CHARS
from linkcheck.judge import addresses, facts
from linkcheck.judge.rules import network, status, unchecked
from linkcheck.model import FAILING, Confidence, Evidence, Override, Policy, State, StatusRange, Verdict, replace

FIXED = frozenset({
    unchecked.EXCLUDED.name, unchecked.UNUSED_DEFINITION.name, unchecked.NOT_ADDED.name, unchecked.NOT_LOOKED_AT.name,
    network.INTERNAL_ERROR.name,
})  # fmt: skip
"""The rules whose verdicts no setting changes: nothing is known of these links."""

_OF_STATUS = frozenset({
    network.RATE_LIMITED.name, status.HTTP_GONE.name, status.HTTP_NOT_FOUND.name, status.UNCONFIRMED.name,
    status.HTTP_RESTRICTED.name, status.HTTP_REFUSED.name, status.HTTP_SERVER_ERROR.name, status.HTTP_UNEXPLAINED.name,
})  # fmt: skip


def applied(verdict: Verdict, first: Verdict, e: Evidence, policy: Policy) -> Verdict:
    """`verdict` by the user's settings; `first` is the one on today's facts alone. Raises whatever `in_time` raises."""
    if not (policy.accept or policy.overrides):
        return verdict
    last = e.last.status if e.last else None
    rests_on_status = first.rule in _OF_STATUS and not facts.site(e).is_missing
    found = _accepting(last, policy) if rests_on_status and last is not None else None
    if found and verdict.state is not State.OK:
        verdict = _changed(verdict, State.OK, found.origin)
    return overridden(verdict, e.url, policy, last, first.rule)


def overridden(
    verdict: Verdict, url: str, policy: Policy, last_status: int | None = None, first_rule: str = ""
) -> Verdict:
    """`verdict` on `url` by the first of the user's rules that is about it. Raises whatever `in_time` raises.

    `last_status` is that of the last answer; a rule may also name the `first_rule`, which history revised.
    """
    if not policy.overrides or verdict.rule in FIXED:
        return verdict
    names = {verdict.rule, first_rule}
    found = [one for one in policy.overrides if _is_about_verdict(one, verdict, last_status, names)]
    for one in found:
        if _is_about_link(one, url, policy):
            return verdict if one.to is verdict.state else _changed(verdict, one.to, one.origin, one.reason)
    return verdict


def _accepting(last: int, policy: Policy) -> StatusRange | None:
    return next((one for one in policy.accept if one.holds(last)), None)


def _is_about_verdict(one: Override, verdict: Verdict, last_status: int | None, names: set[str]) -> bool:
    if verdict.state is State.SKIPPED and not (one.states or one.rules):
        return False  # it was not judged, so a rule has to mean it
    if one.states and verdict.state not in one.states:
        return False
    if one.rules and one.rules.isdisjoint(names):
        return False
    return not one.statuses or (last_status is not None and any(each.holds(last_status) for each in one.statuses))


def _is_about_link(one: Override, url: str, policy: Policy) -> bool:
    if one.match is not None:
        with policy.in_time():
            return one.match.search(url[:MOST_CHARS]) is not None
    return not one.host or is_within(_host(url), one.host)


def _host(url: str) -> str:
    """The host of `url`, or '' of a malformed one."""
    try:
        return addresses.host(url)
    except ValueError:
        return ""


def _changed(verdict: Verdict, to: State, origin: str, why: str = "") -> Verdict:
    reason = f"{verdict.reason}; {to} by {origin}" + (f": {why!r}" if why else "")
    advice = verdict.advice if to in FAILING else ""
    return replace(
        verdict, state=to, reason=reason, confidence=Confidence.CERTAIN, advice=advice, replacement="",
        decided_by=origin, instead_of=verdict.instead_of or verdict.state,
    )  # fmt: skip
