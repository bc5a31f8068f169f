"""Evidence to verdict: the first rule that applies decides; the rules on history, then the user, may revise it."""

from __future__ import annotations

from datetime import datetime
from itertools import repeat
from operator import call

from linkcheck.common.boundary import trouble_of
from linkcheck.judge import facts, order, overrides, past
from linkcheck.judge.flags import flags
from linkcheck.judge.rules.network import INTERNAL_ERROR
from linkcheck.model import ALIVE, FAILING, Evidence, Judgement, Policy, Record, Verdict, replace

_AT_ONCE = Policy()


def judge(evidence: Evidence, at: datetime | None = None, policy: Policy = _AT_ONCE) -> Judgement:
    """Judge one link. `at` is the time of the last answer of its page or site; None, without any, skips the rules on
    history. Raises whatever a rule raises."""
    first = _judge_facts(evidence)
    is_complete = facts.is_complete(evidence)
    if at is None:
        return Judgement(overrides.applied(first, first, evidence, policy), first, is_complete=is_complete)
    revised = first if first.rule == INTERNAL_ERROR.name else _revised(first, evidence, at, policy)
    verdict = overrides.applied(revised, first, evidence, policy)
    since = past.since(first.state, evidence.past, at)
    if verdict.decided_by:  # earlier runs know what the rules said, not what the user made of it
        return Judgement(verdict, first, None, since if verdict.state in FAILING else None, is_complete)
    return Judgement(verdict, first, past.change(verdict.state, evidence.past), since, is_complete)


def is_consistent(known: Record) -> bool:
    """Whether the record's last state agrees with its facts: not if it claims a good link and its facts show another
    state, because it is forged or the rules are newer, or if a rule fails on them. Then it is requested again."""
    if not known.past or known.past[-1].state not in ALIVE or _is_clearly_good(known):
        return True
    try:
        return _judge_facts(replace(known.evidence, past=known.past[:-1], good=known.good)).state in ALIVE
    except Exception as error:
        trouble_of(error)
        return False


def _judge_facts(e: Evidence) -> Verdict:
    """The verdict without history; the last rule always applies."""
    verdict = next(filter(None, map(call, order.checks(facts.present(e)), repeat(e))))
    found = flags(e, verdict)
    return replace(verdict, flags=found) if found else verdict


def _revised(first: Verdict, e: Evidence, at: datetime, policy: Policy) -> Verdict:
    """The verdict, revised by the rules on history."""
    for rule in order.weighing():
        weighed = rule.weigh(first, e, at, policy) if rule.weigh else None
        if weighed:
            return weighed
    return first


def _is_clearly_good(known: Record) -> bool:
    """Fast path: evidence that every built-in rule judges good, found in a tenth of the time of all rules."""
    e = known.evidence
    if order.has_plugins():
        return False
    if e.site:
        return facts.is_confirmed(e) and (not e.looks or e.looks[-1].status not in facts.MISSING)
    last, page = e.last, e.page
    if not last or not last.is_success or last.hops or e.probe or (page and page.matches):
        return False
    return not known.good or not page or known.good.fingerprint == page.fingerprint
