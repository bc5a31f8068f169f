"""Which requests follow from an observation: the one place that decides it.

A look-up is followed by what the site asks for (the rest of its items, a second witness) and by the pages of the items
that it cannot speak of; a page by the one that it sends every reader to, by a recheck, or by a probe.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck import urls
from linkcheck.case import Case, Cases
from linkcheck.contracts import Memory
from linkcheck.judge import addresses, facts
from linkcheck.model import (
    Answer,
    Evidence,
    Finding,
    Hop,
    Observation,
    Purpose,
    Request,
    Sighting,
    SignatureKind,
    replace,
)

_MOST_HOPS = 20
_MOST_PROBE_BYTES = 131_072
_VALIDATORS = ("if-none-match", "if-modified-since")
_NOT_MODIFIED = 304


def with_validators(request: Request, case: Case, memory: Memory | None) -> Request:
    """The first request for a page, with the validators of its record (RFC 9110 §13) if that comes from this machine: a
    304 would otherwise renew what somebody else committed."""
    if memory is None or request.purpose is not Purpose.PAGE or case.fragments or not memory.is_own(case.url):
        return request
    record = case.record
    last = record.evidence.last if record else None
    if last is None or last.status != 200 or last.hops or last.insecure:
        return request
    fields = (("if-none-match", last.etag), ("if-modified-since", last.modified))
    # A history is untrusted: a line break in a validator would inject a header.
    return replace(request, headers=tuple((name, value) for name, value in fields if value and value.isprintable()))


def is_unchanged(case: Case, seen: Observation) -> bool:
    """Whether a conditional request was answered 304 (RFC 9110 §15.4.5)."""
    if seen.sighting.status != _NOT_MODIFIED or seen.sighting.final_url != case.url:
        return False
    is_conditional = any(name in _VALIDATORS for name, _ in seen.request.headers)
    return is_conditional and case.record is not None and bool(case.record.evidence.looks)


def after_lookup(cases: Cases, seen: Observation, answer: Answer) -> list[Request]:
    """The site's own further requests, and the pages of items that neither this answer nor those decide."""
    asked_again = {name for request in answer.more for name in request.items}
    requests = list(answer.more)
    for item in cases.items(seen):
        finding = answer.findings.get(item.name)
        is_open = finding is None or finding.ask_page or finding.presence is None
        if is_open and item.name not in asked_again:
            requests += pages_of(item.cases)
    return requests


def pages_of(cases: list[Case]) -> Iterator[Request]:
    """Requests for the pages of an item's cases, each once in a run."""
    for case in cases:
        if not case.is_page_asked:
            case.is_page_asked = True
            yield Request(case.url)


def refresh(seen: Observation, page: Finding) -> Request | None:
    """The target of a meta refresh, as a redirect (WHATWG HTML §4.2.5.3); None if it has none, or loops."""
    here = seen.sighting.final_url
    target = urls.normalise(page.refresh, base=here) if page.refresh else None
    trail = (*seen.sighting.hops, Hop(here, seen.sighting.status or 200))
    if target is None or target == here or any(hop.url == target for hop in trail) or len(trail) > _MOST_HOPS:
        return None
    return replace(seen.request, url=target, trail=trail, target=seen.request.about, delay_s=0.0, asked_s=seen.asked_s)


def after_page(cases: Cases, case: Case, seen: Observation, recheck_after_s: float) -> list[Request]:
    """A recheck if the link could be dead, or a probe if its 200 is in doubt."""
    if wants_recheck(seen.sighting):
        return [_recheck(seen.request, recheck_after_s)]
    if wants_probe(case.evidence()):
        return _probe(cases, case)
    return []


def _recheck(first: Request, after_s: float) -> Request:
    """The same page over a fresh connection with other headers."""
    return Request(first.about, max_bytes=first.max_bytes, look=2, delay_s=after_s)


def _probe(cases: Cases, case: Case) -> list[Request]:
    """A request for a sibling URL that cannot exist; none if another page has requested it."""
    if case.sibling is not None:
        return []
    sibling = cases.sibling_of(case)
    is_first = len(sibling.cases) == 1
    return [Request(sibling.url, Purpose.PROBE, max_bytes=_MOST_PROBE_BYTES)] if is_first else []


def wants_recheck(seen: Sighting) -> bool:
    """Whether a first look needs a recheck before it can be `dead`."""
    return seen.status == 404 and seen.look == 1


def wants_probe(e: Evidence) -> bool:
    """Whether a probe would decide what this page is."""
    last = e.last
    if last is None or not last.is_success or not _is_doubtful(e, last):
        return False
    if addresses.is_root(e.url) or facts.is_confirmed(e):
        return False
    return facts.match(e, *facts.CHALLENGE_KINDS, *facts.GONE_KINDS) is None


def _is_doubtful(e: Evidence, last: Sighting) -> bool:
    """Whether a page with status 2xx may not be what the link promises."""
    if facts.match(e, SignatureKind.NOT_FOUND) is not None or facts.is_html_for_pdf(e):
        return True
    return bool(last.hops) and addresses.is_sent_up(e.url, last.final_url)
