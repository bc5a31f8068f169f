"""Cases to results: judge each link on its evidence, and store what was learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from linkcheck.case import Case, metadata, record_of
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import listener
from linkcheck.crawl import Crawl, Fetched, Job
from linkcheck.health import NETWORK_AWAY
from linkcheck.judge import internal_error, judge
from linkcheck.judge.overrides import overridden
from linkcheck.judge.rules.unchecked import unknown
from linkcheck.model import Checked, Policy, Sighting, State, Target, Unchecked, Url, Verdict, replace
from linkcheck.model.packed import pack

OnVerdict = Callable[..., None] | None
_NO_NETWORK = Verdict(State.SKIPPED, "not-looked-at", "there was no usable network")


def checked(crawl: Crawl, fetched: Fetched) -> Iterator[Checked]:
    """The results of all targets and unchecked links, in the order of the lists."""
    on_verdict = listener(crawl.job.observers, "on_verdict")
    job = replace(crawl.job, memory=None) if fetched.outage else crawl.job
    for one in crawl.plan.in_order:
        if isinstance(one, Unchecked):
            yield _unchecked(one, job.policy)
        elif fetched.outage and not _needs_no_request(case := crawl.cases[one.url]):
            yield Checked(one.links[0].url, one.links, _NO_NETWORK, case.url)
        else:
            case = crawl.cases[one.url]
            result = _judged_or_failed(one, case, job, on_verdict, resolver_works=fetched.resolver_works)
            yield _not_reached(result) if fetched.is_cut_off else result


def _needs_no_request(case: Case) -> bool:
    """Whether a link is told from an earlier run, or left out."""
    return not case.looks if case.is_fresh else case.is_left_out and not case.is_answered


def _unchecked(one: Unchecked, policy: Policy) -> Checked:
    meant = one.repair.text if one.repair else ""
    advice = f"did you mean {meant} ?" if meant else one.advice
    verdict = Verdict(one.state, one.rule, one.reason, advice=advice, replacement=meant)
    return Checked(one.link.url, (one.link,), overridden(verdict, one.link.url, policy), repair=one.repair)


def _not_reached(one: Checked) -> Checked:
    """Replace the reason of a link that was not requested because the local network failed."""
    if one.verdict.rule != "not-looked-at":
        return one
    return replace(one, verdict=replace(one.verdict, reason=NETWORK_AWAY))


def _judged_or_failed(target: Target, case: Case, job: Job, on_verdict: OnVerdict, *, resolver_works: bool) -> Checked:
    """The result of one link; an internal error in judging or storing it is its result."""
    try:
        return _judged(target, case, job, on_verdict, resolver_works=resolver_works)
    except Exception as error:
        return Checked(target.links[0].url, target.links, internal_error(trouble_of(error)), target.url)


def _judged(target: Target, case: Case, job: Job, on_verdict: OnVerdict, *, resolver_works: bool) -> Checked:
    evidence, record, at = case.evidence(resolver_works=resolver_works), case.record, case.answered_at
    found = metadata(evidence)
    is_unknown = case.is_left_out and not case.is_answered
    judged = unknown(is_strict=job.is_strict) if is_unknown else judge(evidence, at, job.policy)
    if on_verdict:
        on_verdict(evidence, record)
    status, final_url = _answer(evidence.last, case.url)
    result = Checked(
        url=target.links[0].url,
        links=target.links,
        verdict=judged.verdict,
        normal=case.url,
        item=f"{case.item.site} {case.item.name}" if case.item else "",
        packed=found and pack(found),
        status=status,
        final_url=final_url,
        at=at,
        trouble=evidence.site.trouble if evidence.site else "",
        change=None if case.is_fresh else judged.change,
        since=judged.since,
    )
    if at and job.memory and judged.is_complete:
        is_old = record is not None and record.past and record.past[-1].at >= at
        job.memory.remember(record if record and is_old else record_of(evidence, judged.first, at, found, record))
    case.close()  # frees memory: a long list's cases and results are not held at the same time
    return result


def _answer(last: Sighting | None, url: Url) -> tuple[int | None, str]:
    """The status of an answer and where it came from."""
    if last is None or last.status is None:
        return None, ""
    return last.status, url if last.final_url == url else last.final_url  # one string for both
