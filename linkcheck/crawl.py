"""The loop of a run: store what each observation shows, and return the requests that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from linkcheck import extract, follow, urls
from linkcheck.case import Cases
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Fetcher, Memory, Observer, Site, listener
from linkcheck.health import CanaryAnswer, Health, describe_outage
from linkcheck.judge import is_complete
from linkcheck.model import Fault, Observation, Outage, Plan, Policy, Probe, Purpose, Request, Url, Value, field
from linkcheck.plan import Choice, fragments

if TYPE_CHECKING:
    import asyncio

_COMMIT_AFTER_S = 0.03
_SLOW_FAULTS = frozenset({Fault.CONNECT_TIMEOUT, Fault.READ_TIMEOUT, Fault.DNS_TIMEOUT})


class Job(Value, frozen=True):
    """What a run needs beside its documents.

    `recheck_after_s` lies between the two looks at a 404; `budget_s` ends the fetching early (None: never); `canary`
    is asked when nothing else answers. `policy` is what the user decides of verdicts. `looks_for_fragments`: whether
    pages have the places that links name. `is_strict`: a link fails that is not requested, although nothing is known
    of it.
    """

    sites: Sequence[Site]
    choice: Choice = field(default_factory=Choice)
    recheck_after_s: float = 3.0
    budget_s: float | None = None
    canary: str = "https://example.com/"
    memory: Memory | None = None
    policy: Policy = field(default_factory=Policy)
    looks_for_fragments: bool = False
    is_strict: bool = False
    observers: Sequence[Observer] = ()


class Fetched(Value, frozen=True):
    """How fetching ended; `outage` is why no answer is believed, or ''. `outages` and `asked_again` as in Report."""

    requests: int = 0
    resolver_works: bool = False
    is_interrupted: bool = False
    outage: str = ""
    outages: tuple[Outage, ...] = ()
    asked_again: int = 0

    @property
    def is_cut_off(self) -> bool:
        return bool(self.outages) and self.outages[-1].end is None


class Crawl:
    """The cases of a plan, beginning with the records of earlier runs; `sink` takes the fetcher's observations."""

    def __init__(self, plan: Plan, job: Job, started: datetime) -> None:
        self.job, self.plan, self.health = job, plan, Health()
        wanted = [target.url for target in plan.targets]
        records = job.memory.recall(wanted, started) if job.memory else {}
        asked = fragments(plan) if job.looks_for_fragments else {}
        self.cases = Cases(plan, records, asked)
        if memory := job.memory:
            fresh = (url for url in records if url not in asked and memory.is_fresh(url, started))
            self.cases.take_fresh(list(fresh))
            self.cases.leave_out(filter(memory.is_left_out, wanted))
        self._sites = {site.name: site for site in job.sites}
        self._on_progress = listener(job.observers, "on_progress")
        self._is_committing = False

    @property
    def left(self) -> int:
        """How many URLs have to be requested."""
        return sum(not (case.is_fresh or case.is_left_out) for case in self.cases)

    def requests(self) -> Iterator[Request]:
        """The first requests: for all URLs that are neither fresh nor left out."""
        others = {case.url for case in self.cases if case.is_fresh or case.is_left_out}
        return (self._conditional(request) for request in self.plan.ask(others))

    def _conditional(self, request: Request) -> Request:
        try:
            is_page = request.purpose is Purpose.PAGE
            return follow.with_validators(request, self.cases[request.about], self.job.memory) if is_page else request
        except Exception as error:
            trouble_of(error)
            return request

    # -- observations ---------------------------------------------------------------------------

    def sink(self, seen: Observation) -> list[Request]:
        """Store what `seen` shows; returns the requests that follow. An internal error costs this observation only."""
        try:
            return self._take(seen)
        except Exception as error:
            return self._fail(seen, trouble_of(error))

    def retract(self, seen: Observation) -> None:
        """Discard what was learned from `seen`."""
        try:
            self.cases.retract(seen)
        except Exception as error:
            self._fail(seen, trouble_of(error))

    def _take(self, seen: Observation) -> list[Request]:
        self._note_health(seen)
        requests = self._learn(seen)
        if self.job.memory and not requests:
            self._keep(self.job.memory, seen)
        if self._on_progress:
            self._on_progress(self.cases.answered, len(self.cases))
        return requests

    def _learn(self, seen: Observation) -> list[Request]:
        match seen.request.purpose:
            case Purpose.LOOKUP:
                answer = extract.answer(self._sites[seen.request.site], seen)
                self.cases.note_answer(seen, answer)
                return follow.after_lookup(self.cases, seen, answer)
            case Purpose.PROBE:
                sighting, found = extract.page(seen)
                self.cases.note_probe(seen, Probe(sighting, found.fingerprint, found.matches))
                return []
            case Purpose.PAGE:
                return self._learn_page(seen)

    def _learn_page(self, seen: Observation) -> list[Request]:
        case = self.cases[seen.request.about]
        if follow.is_unchanged(case, seen):
            self.cases.note_unchanged(seen)
        else:
            sighting, found = extract.page(seen, case.fragments)
            if onward := follow.refresh(seen, found):
                return [onward]
            self.cases.note_page(seen, sighting, found)
        return follow.after_page(self.cases, case, seen, self.job.recheck_after_s)

    def _fail(self, seen: Observation, error: str) -> list[Request]:
        """Store an internal error in place of `seen`; returns requests for the pages of a look-up's items."""
        self.cases.note_internal_error(seen, extract.internal_error(seen.sighting, error), error)
        if seen.request.purpose is not Purpose.LOOKUP:
            return []
        return [request for item in self.cases.items(seen) for request in follow.pages_of(item.cases)]

    def note_silences(self, unanswered: Collection[Url]) -> None:
        """Remember which links gave no answer in the time of the run: those `unanswered`, and what waited for a host
        that was silent."""
        if not self.job.memory:
            return
        silent = {urls.host(url) for url in unanswered}
        silent |= {urls.host(case.url) for case in self.cases if case.looks and case.looks[-1].fault in _SLOW_FAULTS}
        silent -= {host for host, url in self.health.answered.items() if url}
        for case in self.cases:
            is_silent = case.url in unanswered or urls.host(case.url) in silent
            if is_silent and not (case.is_answered or case.is_left_out):
                self.job.memory.note_silence(case.url)

    def _note_health(self, seen: Observation) -> None:
        """Attribute a fault to the host that was requested, not to the targets of its redirects."""
        asked = urls.host(seen.request.about)
        host = asked if seen.sighting.fault else urls.host(seen.sighting.final_url)
        self.health.note_sighting(host, seen.sighting, domain=urls.registrable_domain(host), peer=seen.peer)
        if seen.request.purpose is Purpose.PAGE and seen.sighting.status == 200:
            self.health.note_body(urls.registrable_domain(asked), seen.body, peer=seen.peer)

    def _keep(self, memory: Memory, seen: Observation) -> None:
        for case in self.cases.settled(seen):
            evidence = case.evidence()
            if is_complete(evidence):
                memory.keep(case.url, evidence, seen.sighting.at)
        self._commit_soon(memory)

    def _commit_soon(self, memory: Memory) -> None:
        """Commit after a short delay, together with later observations."""
        from asyncio import get_running_loop

        if not self._is_committing:
            self._is_committing = True
            get_running_loop().call_later(_COMMIT_AFTER_S, self._commit, memory)

    def _commit(self, memory: Memory) -> None:
        self._is_committing = False
        memory.commit()


async def fetch(crawl: Crawl, fetcher: Fetcher, interrupt: asyncio.Event) -> Fetched:
    """Fetch all requests of `crawl`. An `interrupt` ends fetching, not the run: what is known is still reported."""
    work = fetcher.fetch(crawl.requests(), crawl.sink, crawl.retract)
    is_interrupted = await within(work, interrupt, crawl.job.budget_s)
    if crawl.job.budget_s is not None and not is_interrupted:
        crawl.note_silences(frozenset(fetcher.unanswered))
    outage = None if is_interrupted else await _outage(crawl, fetcher, interrupt)
    return Fetched(
        requests=fetcher.requests,
        resolver_works=fetcher.is_resolver_working,
        is_interrupted=outage is None,
        outage=outage or "",
        outages=fetcher.outages,
        asked_again=fetcher.asked_again,
    )


async def within(work: Coroutine[None, None, None], interrupt: asyncio.Event, budget_s: float | None = None) -> bool:
    """Await `work`, at most until the `interrupt`, and at most `budget_s`; whether it was interrupted."""
    import asyncio  # not loaded where nothing is to be asked

    task, end = asyncio.create_task(work), asyncio.create_task(interrupt.wait())
    await asyncio.wait({task, end}, timeout=budget_s, return_when=asyncio.FIRST_COMPLETED)
    is_interrupted = interrupt.is_set() and not task.done()
    for one in (end, task):
        one.cancel()
    await asyncio.wait({task, end})
    if not task.cancelled():
        task.result()
    return is_interrupted


async def _outage(crawl: Crawl, fetcher: Fetcher, interrupt: asyncio.Event) -> str | None:
    """What is wrong with the local network, or ''; None if interrupted. On suspicion the witnesses are requested, then
    the canary."""
    health, canary = crawl.health, urls.normalise(crawl.job.canary)
    if fetcher.is_cut_off:
        return "" if any(health.answered.values()) else describe_outage(health, crawl.job.canary)
    is_network_confirmed = fetcher.is_network_confirmed
    if not health.is_suspicious(is_network_confirmed=is_network_confirmed):
        return ""
    answers: list[CanaryAnswer] = []

    def sink(seen: Observation) -> list[Request]:
        answers.append(CanaryAnswer(seen.sighting, seen.body, seen.peer))
        return []

    for pages in (health.witnesses(), [canary] if canary else []):
        answers.clear()
        if pages and await within(fetcher.fetch(map(Request, pages), sink), interrupt):
            return None
        if any(map(health.is_well_by, answers)):
            return ""
    name = canary or "anything else"
    return health.diagnosis(answers[0] if answers else None, name, is_network_confirmed=is_network_confirmed)
