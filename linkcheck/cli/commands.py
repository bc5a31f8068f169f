"""One function a command, taking plain values and giving an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linkcheck import urls
from linkcheck.cli import inputs, limits
from linkcheck.cli.interrupts import interrupts
from linkcheck.cli.output import say, show, tell
from linkcheck.cli.stopwatch import stopwatch
from linkcheck.common import checkout, plain_files
from linkcheck.errors import ReportError, SettingsError
from linkcheck.model import Document, Notice, Report, replace
from linkcheck.plan import Choice, sort
from linkcheck.report import messages
from linkcheck.settings import Settings

if TYPE_CHECKING:
    import asyncio

    from linkcheck.cli.files import Reports
    from linkcheck.contracts import Observer
    from linkcheck.crawl import Crawl, Fetched
    from linkcheck.fetch.client import Options
    from linkcheck.fetch.warc import Replay
    from linkcheck.memory import Store

OK, FAILING, ERROR, NO_NETWORK = range(4)
_AWAY_TIMEOUTS = 3
_CONFIRM = {"now": timedelta(0), "24h": timedelta(hours=24), "7d": timedelta(days=7)}


def run(paths: Sequence[str], settings: Settings) -> int:
    """Look at every link, print the result, write the reports."""
    from linkcheck import report as reports

    documents = _read(paths)
    folder = None if settings["no_files"] else _reports(settings)
    if folder:
        folder.prepare(documents, [form.suffix for form in reports.written()])
    if not any(document.links for document in documents):
        say(f"no links in {', '.join(messages.clean(d.path) for d in documents)}")
    with interrupts:
        with _memory(settings, folder.path if folder else None, settings["max_age"]) as memory:
            result = _look(documents, settings, memory, waits=True)
        _tell(memory.notices)
        is_judged = not result.sick_network
        unwritten = _write(folder, result, memory if _remembers(settings) else None) if folder and is_judged else None
    if is_judged or settings["format"] == "json":
        show(reports.named(settings["format"]).pieces(result))
    if unwritten:
        raise unwritten
    if not is_judged:
        return _sick(result)
    return _cut_off(result) if result.is_cut_off else _verdict(result)


def hook(paths: Sequence[str], settings: Settings) -> int:
    """Fail on what is dead; no network, no knowledge and no time never block a commit."""
    from linkcheck.report.formats import text

    found = inputs.documents(paths, reads_the_rest=True)
    _tell_found(found)
    with interrupts, _memory(settings, None, settings["max_age"]) as memory:
        result = _look(found.documents, settings, memory)
    _tell(memory.notices)
    if result.sick_network:
        say(f"linkcheck: {result.sick_network}; links were not checked")
    else:
        show(f"{line}\n" for one in messages.failing(result) for line in text.finding(one))
        for told in filter(None, (messages.missing(result), messages.bug_report(result))):
            say(f"linkcheck: {told}")
    for error in found.refused:
        tell(error)
    if not result.sick_network and result.is_failing:
        return FAILING
    return ERROR if found.refused else OK


def links(paths: Sequence[str], settings: Settings) -> int:
    """Print what would be looked at, without any request."""
    from linkcheck.report import links as listing

    choice, documents = _choice(settings), _read(paths)
    found = ((link, sort(link, choice)) for document in documents for link in document.links)
    show(listing.as_json(documents, found) if settings["format"] == "json" else listing.as_lines(found))
    return OK


def explain(names: Sequence[str], settings: Settings) -> int:
    """Show how the verdict on one URL comes about, or what a rule does."""
    from difflib import get_close_matches

    from linkcheck.cli import explain as explaining
    from linkcheck.judge import documentation, order

    (name,) = names
    if name in order.by_name():
        show([documentation.text(order.by_name()[name])])
        return OK
    if "/" not in name and "." not in name:
        near = get_close_matches(name, order.by_name(), 1)
        raise SettingsError(
            f"'{name}' is neither a URL nor a rule", where="explain",
            help=f"did you mean {near[0]}?" if near else "docs/rules.md has them all",
        )  # fmt: skip
    has_scheme = urls.scheme(name) and not name.partition(":")[2][:1].isdigit()  # localhost:8080 has none
    url = name if has_scheme else f"https://{name}"
    trace = explaining.Trace()
    with interrupts, _memory(settings, None, 0) as memory:
        result = _look(
            [explaining.document(url)], settings, memory, observers=[trace],
        )  # fmt: skip
    if result.sick_network:
        return _sick(result)
    show(f"{line}\n" for line in explaining.lines(result.checked[0], trace.evidence, trace.exchanges, trace.record))
    return _verdict(result)


# -- steps -----------------------------------------------------------------------------------


def _read(paths: Sequence[str]) -> list[Document]:
    found = inputs.documents(paths)
    _tell_found(found)
    return found.documents


def _tell_found(found: inputs.Inputs) -> None:
    _tell(found.notices)
    for document in found.documents:
        _tell(document.notices)


def _verdict(result: Report) -> int:
    return FAILING if result.is_failing else OK


def _tell(notices: Sequence[Notice]) -> None:
    for notice in notices:
        say(f"warning: {messages.clean(notice.path)}:{notice.line}: {messages.clean(notice.text)}")


def _remembers(settings: Settings) -> bool:
    """A recording has to hold every answer, and a replay no other."""
    return not (settings["no_memory"] or settings["record"] or settings["replay"])


def _memory(settings: Settings, folder: Path | None, max_age: float) -> Store:
    """What earlier runs saw: the user's own memory, and the history that lies in the reports `folder`.

    Good links are not looked at again for `max_age` days.
    """
    from linkcheck.judge import is_sound
    from linkcheck.memory import Store, history

    if not _remembers(settings):
        return Store(None)
    return Store(
        Path(settings["memory"]) if settings["memory"] else _cache_folder(),
        max_age=timedelta(days=max_age),
        name=_memory_name(settings),
        history_file=folder / history.FILE if folder else None,
        is_sound=is_sound,
    )


def _cache_folder() -> Path | None:
    """Where this system wants caches to be (XDG Base Directory Specification 0.8 on Linux), private to the user."""
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "linkcheck" / "Cache"
        if sys.platform == "darwin":
            folder = Path.home() / "Library" / "Caches" / "linkcheck"
        else:
            named = Path(os.environ.get("XDG_CACHE_HOME", ""))
            folder = (named if named.is_absolute() else Path.home() / ".cache") / "linkcheck"
    except RuntimeError:  # an account without a home has no memory
        return None
    if not folder.is_absolute():  # HOME is the folder that we are in, which others may have filled
        return None
    plain_files.make_private(folder)
    return folder


def _memory_name(settings: Settings) -> str:
    """Hosts that stand in for others are remembered apart."""
    from hashlib import sha256

    from linkcheck.memory import FILE

    world = "\n".join([*settings["connect_to"], settings["dns"]]).strip()
    return f"{sha256(world.encode()).hexdigest()[:8]}-{FILE}" if world else FILE


def _reports(settings: Settings) -> Reports:
    """Where the reports go: into the repository, unless the user said otherwise."""
    from linkcheck.cli.files import Reports

    folder, here = Path(settings["reports"]), Path.cwd()
    if settings.is_users("reports"):
        return Reports(folder)
    origin = settings.origins["reports"]
    return Reports(folder, checkout.root(here) or here, "" if origin == "default" else f"{origin}, reports")


def _write(folder: Reports, result: Report, memory: Store | None) -> ReportError | None:
    """Write what is to be kept; the error that came, which must not keep the result from being printed."""
    errors = [_error_of(_write_history, folder, memory) if memory else None, *_write_reports(folder, result)]
    return next(filter(None, errors), None)


def _error_of(step: Callable[..., None], *values: object) -> ReportError | None:
    """What keeps `step` from writing; what comes after it may be written still."""
    try:
        step(*values)
    except ReportError as error:
        return error
    return None


def _write_reports(folder: Reports, result: Report) -> list[ReportError]:
    """The reports of each list: in their place, or beside it where the run came to no end. Gives what went wrong."""
    from linkcheck import report as reports
    from linkcheck.cli import files

    stems = folder.stems(result.documents)
    beside = files.beside(stems.values())
    written, errors = list[Path](), list[ReportError]()
    for form in reports.written():
        for document, part in reports.by_document(result):
            whole, partial = (folder.path / f"{stems[document.path]}{way}{form.suffix}" for way in ("", beside))
            if error := _error_of(folder.write, partial if result.is_partial else whole, form.pieces(part)):
                errors.append(error)
            elif result.is_partial:
                written.append(partial)
            else:
                folder.remove(partial)
    if written:
        why = "interrupted" if result.is_interrupted else "partial"
        say(f"{why}: what is known is in {messages.clean(', '.join(map(str, written)))}")
    return errors


def _write_history(folder: Reports, memory: Store) -> None:
    from datetime import UTC, datetime

    from linkcheck.memory import history

    path = folder.path / history.FILE
    if memory.records or not path.exists():
        _tell(history.update(path, memory.records, folder.write, datetime.now(UTC)))


def _look(
    documents: Sequence[Document],
    settings: Settings,
    memory: Store,
    *,
    waits: bool = False,
    observers: Sequence[Observer] = (),
) -> Report:
    from datetime import UTC, datetime

    from linkcheck import sites
    from linkcheck.cli.progress import bar
    from linkcheck.crawl import Job
    from linkcheck.fetch import warc
    from linkcheck.run import run

    recorder = warc.Recorder(Path(settings["record"])) if settings["record"] else None
    replay = warc.load(Path(settings["replay"])) if settings["replay"] else None
    route = _route(settings)
    ended: list[Fetched] = []
    with bar() as progress:
        job = Job(
            sites.discover(),
            _choice(settings),
            recheck_after_s=settings["second_look"],
            budget_s=settings["budget"],
            canary=settings["canary"],
            memory=memory if _remembers(settings) else None,
            confirm=_CONFIRM[settings["confirm"]],
            looks_for_fragments=settings["fragments"],
            observers=[one for one in (progress, recorder, *observers) if one],
        )

        def fetch(crawl: Crawl) -> Fetched:
            ended.append(_fetched(crawl, _options(settings, route, crawl.left, waits=waits), replay))
            return ended[0]

        report = run(documents, fetch, job, lambda: datetime.now(UTC))
    if recorder:
        works = bool(ended) and ended[0].resolver_works
        recorder.close(
            warc.Run(report.started, report.finished, report.requests, works, report.outages, report.asked_again)
        )
    if replay:
        was = replay.run
        report = replace(report, started=was.started, finished=was.finished, requests=was.requests)
    return report


def _fetched(crawl: Crawl, options: Options, replay: Replay | None) -> Fetched:
    """Fetch all that is looked at now, in an event loop of its own."""
    import asyncio
    import gc
    import logging

    limits.save_address_space()
    from linkcheck.contracts import listener
    from linkcheck.crawl import fetch
    from linkcheck.fetch.client import Fetcher

    on_exchange = listener(crawl.job.observers, "on_exchange")

    async def work() -> Fetched:
        loop, interrupt = asyncio.get_running_loop(), asyncio.Event()
        limits.watch_memory(loop)
        interrupts.call(lambda: loop.call_soon_threadsafe(interrupt.set))
        try:
            async with Fetcher(options, on_exchange=on_exchange, replay=replay) as fetcher:
                return await fetch(crawl, fetcher, interrupt)
        finally:
            interrupts.call(None)

    logging.disable(logging.WARNING)  # libraries tell of ways round what failed
    # What is loaded by now stays; a crawl makes few cycles, so the collector need not look as often.
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it is installed (a third less CPU a connection), else asyncio's own."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


class _Route(NamedTuple):
    """Where hosts are looked up, and which stand in for others: checked before anything is done."""

    connect_to: tuple[tuple[str, int, str, int], ...]
    dns: str
    second_dns: str


def _route(settings: Settings) -> _Route:
    """Raises SettingsError."""
    return _Route(
        tuple(_connect_to(text) for text in settings["connect_to"]),
        _dns(settings["dns"], "--dns"),
        _dns(settings["second_dns"], "--second-dns"),
    )


def _options(settings: Settings, route: _Route, number: int, *, waits: bool) -> Options:
    """How to ask for a `number` of URLs; `waits`: for our own network, when it is away."""
    from linkcheck import sites
    from linkcheck.fetch.client import Options
    from linkcheck.fetch.retry import Limits
    from linkcheck.fetch.transport import ConnectTo
    from linkcheck.model import Pace

    files = limits.open_files(settings["concurrency"])
    if files.concurrency < min(number, settings["concurrency"]):
        number, wanted, limit = files.concurrency, settings["concurrency"], files.limit
        say(f"linkcheck: requests at a time: {number}, not {wanted}, since {limit} files may be open (ulimit -n)")
    paces = {host: pace for site in sites.discover() for host, pace in site.paces.items()}
    return Options(
        concurrency=files.concurrency,
        keep=files.keep,
        pace=Pace(slots=settings["per_host"]),
        paces=paces,
        timeout_s=settings["timeout"],
        connect_timeout_s=min(10.0, settings["timeout"]),
        limits=Limits(attempts=settings["attempts"], retry_after_s=settings["max_wait"]),
        allow_private=settings["allow_private"],
        connect_to=tuple(ConnectTo(*parts) for parts in route.connect_to),
        dns=route.dns,
        second_dns=route.second_dns,
        away_s=_AWAY_TIMEOUTS * settings["timeout"] if waits else 0.0,
        canary=settings["canary"],
    )


def _choice(settings: Settings) -> Choice:
    return Choice(settings["include"], settings["exclude"], stopwatch)


def _connect_to(text: str) -> tuple[str, int, str, int]:
    parts = _split_places(text)
    if len(parts) != 4 or not all(p == "" or p.isdigit() for p in (parts[1], parts[3])):
        raise SettingsError(
            f"'{text}' is no HOST1:PORT1:HOST2:PORT2", where="--connect-to", help="as in curl; any part may be empty"
        )
    return parts[0].lower(), int(parts[1] or 0), parts[2], int(parts[3] or 0)


def _split_places(text: str) -> list[str]:
    """Split at colons, but not within `[::1]`."""
    parts, inside = [""], False
    for char in text:
        if char in "[]":
            inside = char == "["
        elif char == ":" and not inside:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _dns(text: str, where: str) -> str:
    from linkcheck.fetch.guard import is_address

    address, _, port = text.rpartition(":") if text.count(":") == 1 or text.startswith("[") else (text, "", "")
    address = address.strip("[]") if address else text
    if text and (not is_address(address) or (port and not port.isdigit())):
        raise SettingsError(f"'{text}' is no address", where=where, help="an IP address, with :PORT if it is not 53")
    return text


def _sick(result: Report) -> int:
    say(f"error: no usable network: {messages.clean(result.sick_network, 600)}; nothing was judged")
    say("help: check the connection, the proxy (HTTPS_PROXY) and the name servers, then run again")
    return NO_NETWORK


def _cut_off(result: Report) -> int:
    """What was judged stands, and is reported; but a run that saw a part cannot say that nothing fails."""
    say(f"error: {messages.outages(result)}")
    say("help: check the connection, then run again: what has answered is not asked again for some minutes")
    return NO_NETWORK
