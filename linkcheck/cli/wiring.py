"""Build the other parts from the settings: sites, memory, reports folder, fetcher; and run with them."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.cli import limits, local
from linkcheck.cli.output import say
from linkcheck.cli.stopwatch import stopwatch
from linkcheck.errors import SettingsError
from linkcheck.model import Document, Link, Pace, Policy, Report, Request, replace
from linkcheck.plan import Choice
from linkcheck.settings import Settings

if TYPE_CHECKING:
    import asyncio

    from linkcheck.cli.files import ReportsFolder
    from linkcheck.cli.ignoring import Ignoring
    from linkcheck.cli.routes import HostRouting
    from linkcheck.contracts import Observer, Sink
    from linkcheck.crawl import Crawl, Fetched, Job
    from linkcheck.fetch.fetcher import Options
    from linkcheck.fetch.replay import Replay
    from linkcheck.fetch.warc import Recorder, Run
    from linkcheck.git.stored import Stored
    from linkcheck.memory import Store

_AWAY_TIMEOUTS = 3
_MOST_CONNECT_S = 10.0


def choice(settings: Settings) -> Choice:
    """Which links the user wants checked."""
    origins = {one.pattern: way for way, patterns in settings.parts.get("exclude", ()) for one in patterns}
    return Choice(settings.include, settings.exclude, stopwatch, local=local.judge(settings), origins=origins)


def policy(settings: Settings) -> Policy:
    """What the user decides of verdicts."""
    return Policy(settings.confirm, settings.accept, settings.rule, stopwatch)


# -- memory and reports ----------------------------------------------------------------------


def uses_memory(settings: Settings) -> bool:
    """Whether the memory is used: not to record, which needs every answer, nor to replay, which has no others."""
    return not (settings.no_memory or settings.record or settings.replay)


def store(settings: Settings, folder: Path | None, max_age_days: float, *, recent_s: float = 0) -> Store:
    """The store of earlier runs: the user's memory, and the history in the reports `folder`. Raises SettingsError.

    Good links are not requested again for `max_age_days`, and what this machine looked at itself not for `recent_s`.
    """
    from linkcheck.cli import folders
    from linkcheck.judge import is_consistent
    from linkcheck.memory import HISTORY_FILE, Freshness, Store

    _refuse_contradictions(settings)
    if not uses_memory(settings):
        return Store(None)
    return Store(
        Path(settings.memory) if settings.memory else folders.cache(),
        freshness=Freshness(
            timedelta(days=max_age_days), timedelta(seconds=recent_s), settings.frozen, settings.refresh_oldest
        ),
        name=_store_name(settings),
        history_file=folder / HISTORY_FILE if folder else None,
        is_consistent=is_consistent,
    )


def _refuse_contradictions(settings: Settings) -> None:
    """Raises SettingsError if links are to be told from a memory that is not used."""
    chosen = "frozen" if settings.frozen else "refresh_oldest" if settings.refresh_oldest else ""
    if chosen and not uses_memory(settings):
        others = next(one for one in ("no_memory", "record", "replay") if settings.values[one])
        raise _contradiction(chosen, others)
    if settings.frozen and settings.refresh_oldest:
        raise _contradiction("frozen", "refresh_oldest")


def _contradiction(one: str, other: str) -> SettingsError:
    flags = [f"--{name.replace('_', '-')}" for name in (one, other)]
    return SettingsError(
        f"{flags[0]} and {flags[1]} contradict each other", where=flags[0], help="leave out one of them"
    )


def history_keep(settings: Settings) -> timedelta:
    """How long a line of the history stays that states the same facts: half the time for which a good link is fresh; a
    day where the oldest looks are what is asked for."""
    from linkcheck.memory import history

    if settings.refresh_oldest:
        return timedelta(0)
    return timedelta(days=settings.max_age_days / 2) or history.KEEP


def _store_name(settings: Settings) -> str:
    """The file name of the memory: a separate one if hosts are replaced (--connect-to)."""
    from linkcheck.memory import FILE

    world = "\n".join([*settings.connect_to, settings.dns]).strip()
    if not world:
        return FILE
    from hashlib import sha256

    return f"{sha256(world.encode()).hexdigest()[:8]}-{FILE}"


def reports_folder(settings: Settings) -> ReportsFolder:
    """The folder of the reports: in the repository, unless the user set another one."""
    from linkcheck.cli.files import ReportsFolder

    name = Settings.reports.name
    origin = settings.origins[name]
    place = "" if settings.is_users(name) or origin == "default" else f"{origin}, {name}"
    return ReportsFolder(Path(settings.reports), _bound_of_reports(settings), place)


def _bound_of_reports(settings: Settings) -> Path | None:
    """The repository, which the folder of the reports has to lie in; None if the user set it."""
    from linkcheck.common import checkout

    here = Path.cwd()
    return None if settings.is_users(Settings.reports.name) else checkout.root(here) or here


def history_folder(settings: Settings) -> Path | None:
    """The folder of the committed history, to read it; None if it is not in the repository, where it has to be."""
    from linkcheck.common import checkout

    folder, bound = Path(settings.reports), _bound_of_reports(settings)
    return folder if bound is None or checkout.holds(bound, folder) else None


# -- a run -----------------------------------------------------------------------------------


def crawl(
    documents: Sequence[Document],
    settings: Settings,
    store: Store,
    *,
    waits: bool = False,
    observers: Sequence[Observer] = (),
    is_added: Callable[[Link], bool] | None = None,
    ignoring: Ignoring | None = None,
    stored: Stored | None = None,
) -> Report:
    """Check the links of `documents`, of which only those that are added, if `is_added` tells. `waits`: wait for the
    local network if it is down. `stored` has the files of the commit that is judged."""
    from linkcheck.cli.progress import bar
    from linkcheck.cli.routes import route
    from linkcheck.run import run

    recorder, replay = _recorder(settings), _replay(settings)
    places = route(settings)
    ended: list[Fetched] = []

    def fetch(crawl: Crawl) -> Fetched:
        ended.append(_fetched(crawl, _fetch_options(settings, places, crawl.left, waits=waits), replay))
        return ended[0]

    with bar() as progress:
        listening = [one for one in (progress, recorder, *observers) if one]
        job = _job(settings, store, listening, ignoring)
        if is_added:
            job = replace(job, choice=replace(job.choice, is_added=is_added))
        if stored:
            job = replace(job, choice=replace(job.choice, local=local.judge(settings, stored)))
        report = run(documents, fetch, job, lambda: datetime.now(UTC))
    if recorder:
        recorder.close(_recorded_run(report, resolver_works=bool(ended) and ended[0].resolver_works))
    if replay:
        was = replay.run
        report = replace(report, started=was.started, finished=was.finished, requests=was.requests)
    return ignoring.applied(report) if ignoring else report


def _recorder(settings: Settings) -> Recorder | None:
    if not settings.record:
        return None
    from linkcheck.fetch.warc import Recorder

    return Recorder(Path(settings.record))


def _recorded_run(report: Report, *, resolver_works: bool) -> Run:
    from linkcheck.fetch.warc import Run

    return Run(report.started, report.finished, report.requests, resolver_works, report.outages, report.asked_again)


def _replay(settings: Settings) -> Replay | None:
    if not settings.replay:
        return None
    from linkcheck.fetch import replay

    return replay.load(Path(settings.replay))


def _job(settings: Settings, store: Store, observers: Sequence[Observer], ignoring: Ignoring | None) -> Job:
    from linkcheck import sites
    from linkcheck.crawl import Job

    return Job(
        sites.discover(),
        ignoring.choice(choice(settings)) if ignoring else choice(settings),
        recheck_after_s=settings.recheck_after_s,
        budget_s=settings.budget_s,
        canary=settings.canary,
        memory=store if uses_memory(settings) else None,
        policy=policy(settings),
        looks_for_fragments=settings.fragments and not settings.frozen,
        is_strict=settings.strict and settings.frozen,
        observers=observers,
    )


def _fetched(crawl: Crawl, options: Options, replay: Replay | None) -> Fetched:
    """Fetch all requests of `crawl`, in a new event loop."""
    limits.save_address_space()  # before the network libraries are loaded
    gc.enable()
    from linkcheck.cli import event_loop
    from linkcheck.contracts import listener
    from linkcheck.crawl import fetch
    from linkcheck.fetch.fetcher import HttpFetcher

    on_exchange = listener(crawl.job.observers, "on_exchange")

    async def work(interrupt: asyncio.Event) -> Fetched:
        async with HttpFetcher(options, on_exchange=on_exchange, replay=replay) as fetcher:
            return await fetch(crawl, fetcher, interrupt)

    return event_loop.run(work)


def ask(requests: Sequence[Request], settings: Settings, sink: Sink, paces: Mapping[str, Pace]) -> bool:
    """Give `sink` an observation for each request, at the hosts' `paces`. Returns whether it was interrupted."""
    limits.save_address_space()  # before the network libraries are loaded
    from dataclasses import replace as changed

    from linkcheck.cli import event_loop
    from linkcheck.cli.routes import route
    from linkcheck.crawl import within
    from linkcheck.fetch.fetcher import HttpFetcher

    options = changed(_fetch_options(settings, route(settings), len(requests), waits=False), paces=paces)

    async def work(interrupt: asyncio.Event) -> bool:
        async with HttpFetcher(options) as fetcher:
            return await within(fetcher.fetch(requests, sink), interrupt, settings.budget_s)

    return event_loop.run(work)


def _fetch_options(settings: Settings, route: HostRouting, number: int, *, waits: bool) -> Options:
    """The options to fetch a `number` of URLs."""
    from linkcheck import sites
    from linkcheck.cli import headers
    from linkcheck.fetch.fetcher import Options
    from linkcheck.fetch.retry import Limits
    from linkcheck.fetch.transport import ConnectTo

    files = _open_files(settings.concurrency, number)
    return Options(
        concurrency=files.concurrency,
        keep=files.keep,
        pace=Pace(slots=settings.per_host),
        paces={host: pace for site in sites.discover() for host, pace in site.paces.items()},
        timeout_s=settings.timeout_s,
        connect_timeout_s=min(_MOST_CONNECT_S, settings.timeout_s),
        limits=Limits(attempts=settings.attempts, retry_after_s=settings.max_wait_s),
        allow_private=settings.allow_private,
        connect_to=tuple(ConnectTo(*parts) for parts in route.connect_to),
        dns=route.dns,
        second_dns=route.second_dns,
        away_s=_AWAY_TIMEOUTS * settings.timeout_s if waits else 0.0,
        canary=settings.canary,
        headers=headers.of(settings, os.environ),
    )


def _open_files(wanted: int, number: int) -> limits.OpenFiles:
    """The open files allowed; prints a note if a `number` of URLs gets fewer at a time than `wanted`."""
    files = limits.open_files(wanted)
    if files.concurrency < min(number, wanted):
        few, limit = files.concurrency, files.limit
        say(f"linkcheck: requests at a time: {few}, not {wanted}, since {limit} files may be open (ulimit -n)")
    return files
