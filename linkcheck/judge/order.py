"""The order of the rules: the first that applies decides.

Rules on the site's answer come first (its API is behind no challenge page), then those on pages that replace the
content, the network, the status, the redirects and the body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from linkcheck import plugins
from linkcheck.common.lazy import lazy
from linkcheck.contracts import Needs, Rule
from linkcheck.judge import facts
from linkcheck.judge.rules import history, local, network, page, redirect, site, status, unchecked
from linkcheck.model import Evidence, Verdict, replace

Check = Callable[[Evidence], Verdict | None]

BUILT_IN: tuple[Rule, ...] = (
    *unchecked.PLANNED,
    *local.PLANNED,
    site.SITE_DENIES,
    site.SITE_RESTRICTS,
    site.WITHDRAWN,
    site.SITE_CONFIRMS,
    network.INTERNAL_ERROR,
    page.BOT_SCREEN,
    page.CONSENT_PAGE,
    page.PARKED_DOMAIN,
    page.SUSPENDED_SITE,
    page.PLACEHOLDER_PAGE,
    page.PLATFORM_MISSING,
    network.NO_SUCH_HOST,
    network.RATE_LIMITED,
    network.ADDRESS_NOT_PUBLIC,
    *network.FAULTS,
    status.HTTP_GONE,
    status.HTTP_NOT_FOUND,
    status.UNCONFIRMED,
    status.HTTP_RESTRICTED,
    status.HTTP_REFUSED,
    status.HTTP_SERVER_ERROR,
    status.HTTP_UNEXPLAINED,
    redirect.LOGIN_WALL,
    page.SOFT_404,
    history.HIJACKED,
    redirect.SENT_TO_ERROR_PAGE,
    redirect.SENT_HOME,
    page.NOT_A_PDF,
    redirect.MOVED_PERMANENTLY,
    status.HTTP_OK,
    unchecked.UNKNOWN_LINK,
    unchecked.NOT_LOOKED_AT,
    # Rules on history: they revise the verdict of the others.
    history.FAILING_SINCE,
    history.UNREACHABLE_FOR_LONG,
)
_NAME = lazy(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in order; a plug-in's rule is inserted before the one that it names."""
    found = list(BUILT_IN)
    for rule in _others().values:
        found.insert(_names(found).index(rule.before), _guarded(rule))
    return tuple(found)


def broken_plugins() -> tuple[str, ...]:
    """A message for each rule of a plug-in that was left out."""
    return _others().broken


def has_plugins() -> bool:
    return len(rules()) > len(BUILT_IN)


@cache
def by_name() -> dict[str, Rule]:
    return {rule.name: rule for rule in rules()}


@cache
def checks(present: int) -> tuple[Check, ...]:
    """The checks of the rules whose needs are met by `present` (a bit mask, as of `facts.present`), in order."""
    return tuple(rule.check for rule in rules() if rule.check and _is_met(rule, present))


@cache
def weighing() -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.weigh)


def is_asked(rule: Rule, evidence: Evidence) -> bool:
    """Whether the evidence has what the rule needs."""
    return rule.check is not None and _is_met(rule, facts.present(evidence))


def _is_met(rule: Rule, present: int) -> bool:
    return not int(rule.needs) & ~present


@cache
def _others() -> plugins.Loaded[Rule]:
    return plugins.loaded("linkcheck.rules", "RULE", Rule, _names(BUILT_IN), _objection)


def _objection(rule: Rule, _: Sequence[Rule]) -> str:
    """Why a plug-in's rule is not accepted, or ''."""
    if rule.check is None or rule.weigh is not None:
        return "it has no check, or has a weigh"
    if not _NAME.fullmatch(rule.name):
        return f"{rule.name!r} is no valid rule name"
    needs: object = rule.needs
    if not isinstance(needs, Needs):
        return f"{needs!r} is no linkcheck.contracts.Needs"
    return "" if rule.before in _names(BUILT_IN) else f"there is no built-in rule {rule.before!r} to be asked before"


def _names(found: Sequence[Rule]) -> list[str]:
    return [rule.name for rule in found]


def _guarded(rule: Rule) -> Rule:
    """`rule`, made to raise if its verdict has another rule's name or a state that it does not declare."""
    check: Check = rule.check or (lambda _: None)

    def guarded(evidence: Evidence) -> Verdict | None:
        verdict = check(evidence)
        if verdict and (verdict.rule != rule.name or verdict.state not in rule.states):
            raise ValueError(f"the rule {rule.name} returned {verdict.state}[{verdict.rule}]")
        return verdict

    return replace(rule, check=guarded)
