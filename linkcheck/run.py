"""The whole program: read → plan → fetch → extract → judge → report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from linkcheck.contracts import Clock, csl_of
from linkcheck.crawl import Crawl, Fetched, Job
from linkcheck.model import Document, Report
from linkcheck.plan import plan
from linkcheck.results import checked

Fetch = Callable[[Crawl], Fetched]
"""Gives `Crawl.sink` an observation for each of `Crawl.requests` and for each request that `sink` returns."""


def run(documents: Sequence[Document], fetch: Fetch, job: Job, clock: Clock) -> Report:
    """The report on all links of `documents`; if the local network did not work, only those that need no request are
    judged."""
    started = clock()
    planned = plan(documents, job.sites, job.choice)
    crawl = Crawl(planned, job, started)
    fetched = fetch(crawl) if crawl.left else Fetched()  # observations are parsed as they arrive
    judged = tuple(checked(crawl, fetched))
    if job.memory and fetched.outage:
        job.memory.forget_run()
    elif job.memory:
        job.memory.finish(is_interrupted=fetched.is_interrupted or fetched.is_cut_off)
    return Report(
        tuple(documents),
        judged,
        started,
        clock(),
        requests=fetched.requests,
        is_interrupted=fetched.is_interrupted,
        network_outage=fetched.outage,
        outages=fetched.outages,
        asked_again=fetched.asked_again,
        csl=csl_of(job.sites),
    )
