"""read → plan → fetch → extract → judge → report: the whole program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from linkcheck import urls
from linkcheck.contracts import Site
from linkcheck.extract import Extraction
from linkcheck.fetch.client import Fetcher
from linkcheck.judge import network, rules
from linkcheck.model import (
    Checked,
    Document,
    Observation,
    Plan,
    Purpose,
    Report,
    Request,
    Sighting,
    Unchecked,
    Url,
    Verdict,
)
from linkcheck.plan import Choice, plan

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What a run needs beside its documents.

    `second_look_s` lies between the two looks at a 404; `budget_s` ends the looking early (None:
    never); `canary` is asked when nothing else answers; `progress` hears (done, all) URLs.
    """

    sites: Sequence[Site]
    choice: Choice = field(default_factory=Choice)
    second_look_s: float = 3.0
    budget_s: float | None = None
    canary: str = "https://example.com/"
    progress: Progress | None = None


async def run(documents: Sequence[Document], job: Job, fetcher: Fetcher) -> Report:
    """The Report on every link of `documents`. An interrupt ends the looking, not the reporting."""
    started = datetime.now(UTC)
    planned = plan(documents, job.sites, job.choice)
    looking = _Looking(planned, job)
    is_interrupted = await _within(fetcher.fetch(planned.requests, looking.sink), job.budget_s)
    sick = "" if is_interrupted else await _sickness(looking.health, job, fetcher)
    checked = () if sick else tuple(_judged(planned, looking.learned, resolver_works=fetcher.is_resolver_working))
    return Report(tuple(documents), checked, started, datetime.now(UTC), fetcher.requests, is_interrupted, sick)


class _Looking:
    """The sink: keeps what is learned, asks what follows from it, tells how far we are."""

    def __init__(self, planned: Plan, job: Job) -> None:
        self.learned = Extraction(planned, job.sites)
        self.health = network.Health()
        self._job = job

    def sink(self, seen: Observation) -> list[Request]:
        self.health.meet(urls.host(seen.sighting.final_url), seen.sighting)
        more = self.learned.take(seen)
        if seen.request.purpose is Purpose.PAGE and not more and rules.wants_second_look(seen.sighting):
            more = [_second(seen.request, self._job.second_look_s)]
        elif seen.request.purpose is Purpose.PAGE and not more:
            more = self._probe(seen.request.about)
        if self._job.progress:
            self._job.progress(self.learned.done, len(self.learned.plan.targets))
        return more

    def _probe(self, url: Url) -> list[Request]:
        """One request that tells whether a 200 of this host can be believed, where that is in doubt."""
        if not rules.wants_probe(self.learned.evidence(url)):
            return []
        probe = self.learned.probe_for(url)
        return [probe] if probe else []


def _second(first: Request, after_s: float) -> Request:
    """The same page again, over a fresh connection and in another form."""
    return Request(first.about, max_bytes=first.max_bytes, look=2, delay_s=after_s)


async def _within(looking: Coroutine[None, None, None], budget_s: float | None) -> bool:
    """Await `looking`, at most `budget_s`; True when the user interrupted it."""
    try:
        async with asyncio.timeout(budget_s):
            await looking
    except TimeoutError:
        return False
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task:
            task.uncancel()
        return True
    return False


async def _sickness(health: network.Health, job: Job, fetcher: Fetcher) -> str:
    """What is wrong with our own network, or ''; a canary is asked only when it looks bad."""
    if not health.is_suspicious:
        return ""
    answered = next(filter(None, health.answered.values()), None)
    canary = answered or urls.normalise(job.canary)
    heard: list[Sighting] = []

    def sink(seen: Observation) -> list[Request]:
        heard.append(seen.sighting)
        return []

    if canary:
        await fetcher.fetch([Request(canary, max_bytes=4096)], sink)
    is_well = network.is_alive(heard[0] if heard else None)
    return "" if is_well else network.sick_words(health, canary or "anything else")


def _judged(planned: Plan, learned: Extraction, *, resolver_works: bool) -> Iterator[Checked]:
    """Every target and every unchecked link, in the order of the lists."""
    for one in planned.in_order:
        if isinstance(one, Unchecked):
            verdict = Verdict(one.state, one.rule, one.reason, advice=_repair(one), replacement=one.repair)
            yield Checked(one.link.url, (one.link,), verdict)
        else:
            verdict = rules.judge(learned.evidence(one.url, resolver_works=resolver_works))
            found, seen = learned.metadata(one.url), learned.sighting(one.url)
            item = " ".join(planned.owner.get(one.url, ()))
            at, trouble = learned.answered_at(one.url), learned.trouble(one.url)
            yield Checked(one.links[0].url, one.links, verdict, one.url, item, found, seen, at, trouble)


def _repair(one: Unchecked) -> str:
    return f"did you mean {one.repair} ?" if one.repair else ""
