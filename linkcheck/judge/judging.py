"""Evidence to verdict: the first rule that speaks decides, and what earlier runs know is weighed against it."""

from __future__ import annotations

from datetime import datetime
from itertools import repeat
from operator import call

from linkcheck.common.boundary import trouble_of
from linkcheck.judge import facts, order, past
from linkcheck.judge.flags import flags
from linkcheck.judge.rules.network import INTERNAL_ERROR
from linkcheck.model import ALIVE, Evidence, Judgement, Policy, Record, Verdict, replace

_AT_ONCE = Policy()


def judge(evidence: Evidence, at: datetime | None = None, policy: Policy = _AT_ONCE) -> Judgement:
    """What is said of one link. `at` is when its page or site answered last, None where nothing was seen: then earlier
    runs have nothing to be weighed against. Raises whatever a rule does."""
    first = _first(evidence)
    is_complete = facts.is_complete(evidence)
    if at is None:
        return Judgement(first, first, is_complete=is_complete)
    verdict = first if first.rule == INTERNAL_ERROR.name else _weighed(first, evidence, at, policy)
    change = past.change(verdict.state, evidence.past)
    return Judgement(verdict, first, change, past.since(first.state, evidence.past, at), is_complete)


def is_sound(known: Record) -> bool:
    """Whether a record does not say that a link was good while its facts do not: a newer rule, or somebody who made
    it up. Nobody is believed over facts; where a rule fails on them, they have to be seen anew."""
    if not known.past or known.past[-1].state not in ALIVE or _is_plainly_good(known):
        return True
    try:
        return _first(replace(known.evidence, past=known.past[:-1], good=known.good)).state in ALIVE
    except Exception as error:
        trouble_of(error)
        return False


def _first(e: Evidence) -> Verdict:
    """What today's facts alone say; the last rule always speaks."""
    verdict = next(filter(None, map(call, order.checks(facts.present(e)), repeat(e))))
    found = flags(e, verdict)
    return replace(verdict, flags=found) if found else verdict


def _weighed(first: Verdict, e: Evidence, at: datetime, policy: Policy) -> Verdict:
    """What is said in the light of earlier runs."""
    for rule in order.weighing():
        weighed = rule.weigh(first, e, at, policy) if rule.weigh else None
        if weighed:
            return weighed
    return first


def _is_plainly_good(known: Record) -> bool:
    """What no built-in rule holds for anything but good, told in a tenth of the time that all of them take."""
    e = known.evidence
    if order.has_plugins():
        return False
    if e.site:
        return facts.is_confirmed(e) and (not e.looks or e.looks[-1].status not in facts.MISSING)
    last, page = e.last, e.page
    if not last or not last.is_success or last.hops or e.probe or (page and page.matches):
        return False
    return not known.good or not page or known.good.fingerprint == page.fingerprint
