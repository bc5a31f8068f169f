"""The order in which the rules are asked: the first that speaks decides.

The site's own word comes first (its API answers behind no challenge page), then pages that stand in place of what was
linked, the network, the status, the redirects and the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from linkcheck import plugins
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Needs, Rule
from linkcheck.judge import facts
from linkcheck.judge.rules import history, network, page, redirect, site, status, unchecked
from linkcheck.model import Evidence, Verdict, replace

Check = Callable[[Evidence], Verdict | None]

BUILT_IN: tuple[Rule, ...] = (
    *unchecked.PLANNED,
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
    unchecked.NOT_LOOKED_AT,
    # These weigh what the others have said.
    history.FAILING_SINCE,
    history.UNREACHABLE_FOR_LONG,
)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class _Loaded(NamedTuple):
    rules: tuple[Rule, ...]
    broken: tuple[str, ...]


def rules() -> tuple[Rule, ...]:
    """All rules in order, those of other distributions among them."""
    return _loaded().rules


def broken_plugins() -> tuple[str, ...]:
    """Which rules of other distributions are left out, and why, in a line each."""
    return _loaded().broken


def has_plugins() -> bool:
    return len(rules()) > len(BUILT_IN)


@cache
def by_name() -> dict[str, Rule]:
    return {rule.name: rule for rule in rules()}


@cache
def checks(present: int) -> tuple[Check, ...]:
    """The checks of the rules for which enough is `present` (as `facts.present` says), in order."""
    return tuple(rule.check for rule in rules() if rule.check and not int(rule.needs) & ~present)


@cache
def weighing() -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.weigh)


def is_asked(rule: Rule, evidence: Evidence) -> bool:
    """Whether the evidence has what the rule needs."""
    return rule.check is not None and not int(rule.needs) & ~facts.present(evidence)


@cache
def _loaded() -> _Loaded:
    """The built-in rules and, before the one that each names, those of plug-ins."""
    found, broken = list(BUILT_IN), list[str]()
    for plugin in plugins.installed("linkcheck.rules", "RULE"):
        try:
            rule = plugin.load()
            reason = _misfit(rule, found)
            if not reason:
                found.insert(_names(found).index(rule.before), _guarded(rule))
        except Exception as error:
            reason = trouble_of(error)
        if reason:
            broken.append(f"the rule {plugin.name!r} of a plug-in is left out: {reason}")
    return _Loaded(tuple(found), tuple(broken))


def _misfit(rule: object, found: Sequence[Rule]) -> str:
    """Why a plug-in's rule cannot be among those that are there, or ''."""
    if not isinstance(rule, Rule) or rule.check is None or rule.weigh is not None:
        return "it is no Rule with a check"
    if not _NAME.fullmatch(rule.name):
        return f"{rule.name!r} is no name of a rule"
    if rule.name in _names(found):
        return f"there is a rule {rule.name} already"
    return "" if rule.before in _names(BUILT_IN) else f"there is no built-in rule {rule.before!r} to be asked before"


def _names(found: Sequence[Rule]) -> list[str]:
    return [rule.name for rule in found]


def _guarded(rule: Rule) -> Rule:
    """`rule`, which raises where it speaks as another, or of a state that it does not name."""
    check: Check = rule.check or (lambda _: None)

    def guarded(evidence: Evidence) -> Verdict | None:
        verdict = check(evidence)
        if verdict and (verdict.rule != rule.name or verdict.state not in rule.states):
            raise ValueError(f"the rule {rule.name} said {verdict.state}[{verdict.rule}]")
        return verdict

    return replace(rule, check=guarded, needs=Needs(rule.needs))
