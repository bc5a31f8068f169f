"""read → plan → fetch → extract → judge → report: the whole program."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from linkcheck import urls
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Site
from linkcheck.extract import Extraction, metadata
from linkcheck.judge import content, network, past, rules
from linkcheck.model import (
    ALIVE,
    Checked,
    Document,
    Evidence,
    Flag,
    Identity,
    Metadata,
    Observation,
    Outage,
    Past,
    Purpose,
    Record,
    Report,
    Request,
    Sighting,
    Target,
    Unchecked,
    Url,
    Verdict,
    replace,
)
from linkcheck.model.packed import pack
from linkcheck.plan import Choice, fragments, plan

if TYPE_CHECKING:
    import asyncio

    from linkcheck.fetch.client import Fetcher

Progress = Callable[[int, int], None]
MOST_PAST = 20
_COMMIT_AFTER_S = 0.03


class Remembers(Protocol):
    """What a run asks of a memory; `memory.Memory` is one."""

    def recall(self, wanted: Sequence[Url], now: datetime) -> MutableMapping[Url, Record]:
        """What is known of the wanted URLs; theirs who asked, to let go of what is no longer needed."""

    def is_fresh(self, url: Url, now: datetime) -> bool:
        """Whether a URL need not be looked at again."""

    def is_own(self, url: Url) -> bool:
        """Whether what is known of a URL was seen by us."""

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        """Keep what was just learned."""

    def commit(self) -> None:
        """What was kept so far must outlive whatever happens next."""

    def remember(self, record: Record) -> None:
        """Keep what the run ends with for one URL."""

    def finish(self, *, is_interrupted: bool) -> None:
        """The run has come to its end."""

    def forget_run(self) -> None:
        """Nothing of this run may be believed."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run needs beside its documents.

    `recheck_after_s` lies between the two looks at a 404; `budget_s` ends the looking early (None:
    never); `canary` is asked when nothing else answers; `progress` hears (done, all) URLs. What was
    good in an earlier run fails only after `confirm`, where that is not certain. `judged` hears the
    evidence on each URL, and what was known of it. `fragments` looks whether pages have the places
    that links name.
    """

    sites: Sequence[Site]
    choice: Choice = field(default_factory=Choice)
    recheck_after_s: float = 3.0
    budget_s: float | None = None
    canary: str = "https://example.com/"
    progress: Progress | None = None
    memory: Remembers | None = None
    confirm: timedelta = timedelta(0)
    fragments: bool = False
    judged: Callable[[Evidence, Record | None], None] | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How the looking ended; `sick`: why nothing may be judged. `outages` and `asked_again` as in Report."""

    requests: int = 0
    resolver_works: bool = False
    is_interrupted: bool = False
    sick: str = ""
    outages: tuple[Outage, ...] = ()
    asked_again: int = 0

    @property
    def is_cut_off(self) -> bool:
        return bool(self.outages) and self.outages[-1].end is None


async def run(crawl: Crawl, fetcher: Fetcher, interrupt: asyncio.Event) -> Report:
    """Look at all there is, and report. An `interrupt` ends the looking, not the reporting."""
    looked = fetcher.fetch(crawl.requests(), crawl.sink, crawl.unlearn)
    is_interrupted = await _within(looked, interrupt, crawl.job.budget_s)
    sick = None if is_interrupted else await _sickness(crawl, fetcher, interrupt)
    ended = Ended(
        fetcher.requests, fetcher.is_resolver_working, sick is None, sick or "", fetcher.outages, fetcher.asked_again
    )
    return report(crawl, ended)


def report(crawl: Crawl, ended: Ended | None = None) -> Report:
    """The Report on every link, by what has been learned; on none where the network was sick."""
    ended = ended or Ended()
    memory = crawl.job.memory
    checked = () if ended.sick else tuple(_judged(crawl, ended))
    if memory and ended.sick:
        memory.forget_run()
    elif memory:
        memory.finish(is_interrupted=ended.is_interrupted or ended.is_cut_off)
    return Report(
        crawl.documents, checked, crawl.started, datetime.now(UTC), ended.requests, ended.is_interrupted,
        ended.sick, ended.outages, ended.asked_again,
    )  # fmt: skip


class Crawl:
    """A run over `documents`: planned, with what earlier runs know; the sink of all that is seen.

    It keeps what is learned, asks what follows from it, tells how far we are.
    """

    def __init__(self, documents: Sequence[Document], job: Job) -> None:
        self.started = datetime.now(UTC)
        self.documents, self.job = tuple(documents), job
        planned = plan(documents, job.sites, job.choice)
        self.learned = Extraction(planned, job.sites, fragments=fragments(planned) if job.fragments else {})
        self.health = network.Health()
        self.fresh: set[Url] = set()
        self._all = len(planned.targets)
        self._is_committing = False
        if job.memory:
            self._recall(job.memory)

    def _recall(self, memory: Remembers) -> None:
        """What earlier runs know; what is fresh is not asked again."""
        learned = self.learned
        learned.known = memory.recall([target.url for target in learned.plan.targets], self.started)
        found = (url for url in learned.known if url not in learned.fragments and memory.is_fresh(url, self.started))
        self.fresh.update(found)
        learned.recall(self.fresh)

    @property
    def left(self) -> int:
        """How many URLs there are to ask for at the beginning."""
        return self._all - len(self.fresh)

    def requests(self) -> Iterator[Request]:
        """What is to be asked, with the validators of what was seen before (RFC 9110 §13), where they can be read."""
        return (self._conditional(request) for request in self.learned.plan.ask(self.fresh))

    def _conditional(self, request: Request) -> Request:
        try:
            return self._with_validators(request)
        except Exception as error:
            trouble_of(error)
            return request

    def _with_validators(self, request: Request) -> Request:
        memory, is_page = self.job.memory, request.purpose is Purpose.PAGE
        # A 304 would make others' word for what is there as new as a look of our own.
        is_own = memory is not None and is_page and memory.is_own(request.url)
        known = self.learned.known.get(request.url) if is_own else None
        last = known.evidence.last if known else None
        if last is None or last.status != 200 or last.hops or last.insecure or request.url in self.learned.fragments:
            return request
        fields = (("if-none-match", last.etag), ("if-modified-since", last.modified))
        # A history may come from anywhere: a line break in it would be a header of its own.
        return replace(request, headers=tuple((name, value) for name, value in fields if value and value.isprintable()))

    def sink(self, seen: Observation) -> list[Request]:
        """Learn from `seen`; what follows. What our own program fails on costs nothing but itself."""
        try:
            return self._take(seen)
        except Exception as error:
            return self.learned.spoil(seen, trouble_of(error))

    def unlearn(self, seen: Observation) -> None:
        """Let nothing be known that `seen` has told."""
        try:
            self.learned.unlearn(seen)
        except Exception as error:
            self.learned.spoil(seen, trouble_of(error))

    def _take(self, seen: Observation) -> list[Request]:
        self._note_health(seen)
        more = self.learned.take(seen)
        if seen.request.purpose is Purpose.PAGE and not more and rules.wants_recheck(seen.sighting):
            more = [_second(seen.request, self.job.recheck_after_s)]
        elif seen.request.purpose is Purpose.PAGE and not more:
            more = self._probe(seen.request.about)
        if self.job.memory and not more:
            for url in self.learned.settled(seen):
                evidence = self.learned.evidence(url)
                if not rules.is_spoilt(evidence):
                    self.job.memory.keep(url, evidence, seen.sighting.at)
            self._commit_soon(self.job.memory)
        if self.job.progress:
            self.job.progress(self.learned.done, self._all)
        return more

    def _note_health(self, seen: Observation) -> None:
        """A host that redirects to many that are not there speaks for itself only."""
        asked = urls.host(seen.request.about)
        host = asked if seen.sighting.fault else urls.host(seen.sighting.final_url)
        self.health.meet(host, seen.sighting, domain=urls.registrable_domain(host), peer=seen.peer)
        if seen.request.purpose is Purpose.PAGE and seen.sighting.status == 200:
            self.health.hear(urls.registrable_domain(asked), seen.body, peer=seen.peer)

    def _commit_soon(self, memory: Remembers) -> None:
        """Together with what is read in the next moment."""
        from asyncio import get_running_loop

        if not self._is_committing:
            self._is_committing = True
            get_running_loop().call_later(_COMMIT_AFTER_S, self._commit, memory)

    def _commit(self, memory: Remembers) -> None:
        self._is_committing = False
        memory.commit()

    def _probe(self, url: Url) -> list[Request]:
        """One request that tells whether a 200 of this host can be believed, where that is in doubt."""
        if not content.wants_probe(self.learned.evidence(url)):
            return []
        probe = self.learned.probe_for(url)
        return [probe] if probe else []


def _second(first: Request, after_s: float) -> Request:
    """The same page again, over a fresh connection and in another form."""
    return Request(first.about, max_bytes=first.max_bytes, look=2, delay_s=after_s)


async def _within(crawl: Coroutine[None, None, None], interrupt: asyncio.Event, budget_s: float | None = None) -> bool:
    """Await `crawl`, at most until the `interrupt`, and at most `budget_s`; whether it was interrupted."""
    import asyncio  # not loaded where nothing is to be asked

    work, end = asyncio.create_task(crawl), asyncio.create_task(interrupt.wait())
    await asyncio.wait({work, end}, timeout=budget_s, return_when=asyncio.FIRST_COMPLETED)
    is_interrupted = interrupt.is_set() and not work.done()
    for task in (end, work):
        task.cancel()
    await asyncio.wait({work, end})
    if not work.cancelled():
        work.result()
    return is_interrupted


async def _sickness(crawl: Crawl, fetcher: Fetcher, interrupt: asyncio.Event) -> str | None:
    """What is wrong with our own network, or ''; where it looks bad, pages that were fine are asked again, and the
    canary at last. None: interrupted."""
    health, canary = crawl.health, urls.normalise(crawl.job.canary)
    if fetcher.is_cut_off:
        return "" if any(health.answered.values()) else network.describe_outage(health, crawl.job.canary)
    is_shown_well = fetcher.is_network_well
    if not health.is_suspicious(is_shown_well=is_shown_well):
        return ""
    heard: list[network.Heard] = []

    def sink(seen: Observation) -> list[Request]:
        heard.append(network.Heard(seen.sighting, seen.body, seen.peer))
        return []

    for pages in (health.witnesses(), [canary] if canary else []):
        heard.clear()
        if pages and await _within(fetcher.fetch(map(Request, pages), sink), interrupt):
            return None
        if any(map(health.is_well_by, heard)):
            return ""
    name = canary or "anything else"
    return health.sickness(heard[0] if heard else None, name, is_shown_well=is_shown_well)


def _judged(crawl: Crawl, ended: Ended) -> Iterator[Checked]:
    """Every target and every unchecked link, in the order of the lists."""
    for one in crawl.learned.plan.in_order:
        if isinstance(one, Unchecked):
            meant = one.repair.text if one.repair else ""
            advice = f"did you mean {meant} ?" if meant else ""
            verdict = Verdict(one.state, one.rule, one.reason, advice=advice, replacement=meant)
            yield Checked(one.link.url, (one.link,), verdict)
        else:
            found = _judged_or_failed(one, crawl, resolver_works=ended.resolver_works)
            yield _not_reached(found) if ended.is_cut_off else found


def _not_reached(one: Checked) -> Checked:
    """Says why a link was not looked at in a run that our own network ended."""
    if one.verdict.rule != "not-looked-at":
        return one
    return replace(one, verdict=replace(one.verdict, reason=network.AWAY))


def _judged_or_failed(target: Target, crawl: Crawl, *, resolver_works: bool) -> Checked:
    """The verdict on one link; where our own program fails in judging or remembering it, that."""
    try:
        return _judged_one(target, crawl, resolver_works=resolver_works)
    except Exception as error:
        return Checked(target.links[0].url, target.links, rules.mistake(trouble_of(error)), target.url)


def _judged_one(target: Target, crawl: Crawl, *, resolver_works: bool) -> Checked:
    url, learned, job = target.url, crawl.learned, crawl.job
    evidence, known = learned.evidence(url, resolver_works=resolver_works), learned.known.get(url)
    at, found = learned.answered_at(url), metadata(evidence)
    first = rules.judge(evidence)
    verdict = past.weigh(first, evidence, at, job.confirm) if at and first.rule != "internal-error" else first
    if job.judged:
        job.judged(evidence, known)
    one = Checked(
        target.links[0].url,
        target.links,
        verdict,
        url,
        " ".join(learned.plan.owner.get(url, ())),
        found and pack(found),
        *_answer(evidence.last, url),
        at,
        evidence.site.trouble if evidence.site else "",
        None if url in crawl.fresh else past.change(verdict.state, evidence.past),
        past.since(first, evidence.past, at) if at else None,
    )
    if at and job.memory and not rules.is_spoilt(evidence):
        is_old = known is not None and known.past and known.past[-1].at >= at
        job.memory.remember(known if known and is_old else _record(evidence, first, at, found, known))
    learned.forget(url)  # a long list is held once, not twice
    return one


def _answer(last: Sighting | None, url: Url) -> tuple[int | None, str]:
    """The status of an answer and where it came from."""
    if last is None or last.status is None:
        return None, ""
    return last.status, url if last.final_url == url else last.final_url  # one string for both


def _record(e: Evidence, verdict: Verdict, at: datetime, found: Metadata | None, known: Record | None) -> Record:
    """What to remember: the facts, this look among the earlier ones, and what the page is when it is good."""
    outcome = e.last.outcome if e.last else None
    looks = (*(known.past if known else ()), Past(at, outcome, verdict.state))
    good = known.good if known else None
    if verdict.state in ALIVE and e.page and e.page.fingerprint and Flag.DRIFTED not in verdict.flags:
        domain = urls.registrable_domain(urls.host(e.last.final_url)) if e.last else ""
        language = found.language if found else ""
        good = Identity(at, found.title if found else "", language, domain, e.page.fingerprint)
    kept = replace(e, past=(), good=None)
    return Record(e.url, at, kept, looks[-MOST_PAST:], good)
