"""One function a command, taking plain values and giving an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from linkcheck import urls
from linkcheck.cli import inputs
from linkcheck.errors import SettingsError
from linkcheck.model import Document, Evidence, Exchange, Link, Notice, Record, Report, State, Unchecked, replace
from linkcheck.plan import Choice, sort
from linkcheck.report import words
from linkcheck.settings import Settings

if TYPE_CHECKING:
    import asyncio

    from linkcheck.fetch.client import Options
    from linkcheck.fetch.record import Replay
    from linkcheck.memory import Memory
    from linkcheck.run import Looking

OK, FAILING, MISTAKE, NO_NETWORK, INTERRUPTED = 0, 1, 2, 3, 130
_FILES = ("yaml", "markdown")
_CONFIRM = {"now": timedelta(0), "24h": timedelta(hours=24), "7d": timedelta(days=7)}


def run(paths: Sequence[str], settings: Settings) -> int:
    """Look at every link, print the result, write the reports."""
    from linkcheck import report as reports
    from linkcheck.cli import files

    documents = _read(paths)
    folder = None if settings["no_files"] else Path(settings["reports"])
    if folder:
        files.prepare(folder)
    if not any(document.links for document in documents):
        _say(f"no links in {', '.join(words.clean(d.path) for d in documents)}")
    with _memory(settings, folder, settings["max_age"]) as memory:
        result = _look(documents, settings, memory)
    _tell(memory.notices)
    if result.sick_network:
        if settings["format"] == "json":
            sys.stdout.writelines(reports.named("json").pieces(result))
        return _sick(result)
    if folder:
        stems = files.stems(documents)
        for document in documents:
            part = reports.of_document(result, document)
            for name in _FILES:
                form = reports.named(name)
                files.write(folder / (stems[document.path] + form.suffix), form.pieces(part))
        if _remembers(settings):
            _write_history(folder, memory)
    sys.stdout.writelines(reports.named(settings["format"]).pieces(result))
    return INTERRUPTED if result.is_interrupted else FAILING if result.is_failing else OK


def hook(paths: Sequence[str], settings: Settings) -> int:
    """Fail on what is dead; no network, no knowledge and no time never block a commit."""
    from linkcheck.report import text

    documents = _read(paths)
    with _memory(settings, None, settings["max_age"]) as memory:
        result = _look(documents, settings, memory)
    _tell(memory.notices)
    if result.sick_network:
        _say(f"linkcheck: {result.sick_network}; links were not checked")
        return OK
    if result.is_failing:
        for one in words.failing(result):
            sys.stdout.write("".join(f"{line}\n" for line in text.finding(one)))
        return FAILING
    return INTERRUPTED if result.is_interrupted else OK


def links(paths: Sequence[str], settings: Settings) -> int:
    """Print what would be looked at, without any request."""
    choice = _choice(settings)
    found = [(link, sort(link, choice)) for document in _read(paths) for link in document.links]
    if settings["format"] == "json":
        lines = (words.json_text(_as_json(*one)) for one in found)
        sys.stdout.writelines(("[\n", *(f",\n{line}" if at else line for at, line in enumerate(lines)), "\n]\n"))
    else:
        sys.stdout.write("".join(_as_line(*one) for one in found))
    return OK


def explain(names: Sequence[str], settings: Settings) -> int:
    """Show how the verdict on one URL comes about, or what a rule does."""
    from difflib import get_close_matches

    from linkcheck.cli import explain as explaining
    from linkcheck.judge import catalogue

    (name,) = names
    if name in catalogue.CATALOGUE:
        sys.stdout.write(catalogue.text(catalogue.CATALOGUE[name]))
        return OK
    if "/" not in name and "." not in name:
        near = get_close_matches(name, catalogue.CATALOGUE, 1)
        raise SettingsError(
            f"'{name}' is neither a URL nor a rule", where="explain",
            help=f"did you mean {near[0]}?" if near else "docs/rules.md has them all",
        )  # fmt: skip
    has_scheme = urls.scheme(name) and not name.partition(":")[2][:1].isdigit()  # localhost:8080 has none
    url = name if has_scheme else f"https://{name}"
    heard, seen = list[Exchange](), list[tuple[Evidence, Record | None]]()
    with _memory(settings, None, 0) as memory:
        result = _look(
            [explaining.document(url)], settings, memory, hears=heard.append,
            judged=lambda evidence, known: seen.append((evidence, known)),
        )  # fmt: skip
    if result.sick_network:
        return _sick(result)
    evidence, known = seen[0] if seen else (None, None)
    sys.stdout.writelines(f"{line}\n" for line in explaining.lines(result.checked[0], evidence, heard, known))
    return FAILING if result.is_failing else OK


# -- steps -----------------------------------------------------------------------------------


def _read(paths: Sequence[str]) -> list[Document]:
    documents = inputs.documents(paths)
    for document in documents:
        _tell(document.notices)
    return documents


def _tell(notices: Sequence[Notice]) -> None:
    for notice in notices:
        _say(f"warning: {words.clean(notice.path)}:{notice.line}: {words.clean(notice.text)}")


def _remembers(settings: Settings) -> bool:
    """A recording has to hold every answer, and a replay no other."""
    return not (settings["no_memory"] or settings["record"] or settings["replay"])


def _memory(settings: Settings, folder: Path | None, max_age: float) -> Memory:
    """What earlier runs saw: the user's own memory, and the history that lies in the reports `folder`.

    Good links are not looked at again for `max_age` days.
    """
    from linkcheck.memory import Memory, history

    if not _remembers(settings):
        return Memory(None)
    return Memory(
        Path(settings["memory"]) if settings["memory"] else _cache_folder(),
        max_age=timedelta(days=max_age),
        name=_memory_name(settings),
        history_file=folder / history.FILE if folder else None,
    )


def _cache_folder() -> Path:
    """Where this system wants caches to be (XDG Base Directory Specification 0.8 on Linux)."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "linkcheck" / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "linkcheck"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "linkcheck"


def _memory_name(settings: Settings) -> str:
    """Hosts that stand in for others are remembered apart."""
    from hashlib import sha256

    from linkcheck.memory import FILE

    world = "\n".join([*settings["connect_to"], settings["dns"]]).strip()
    return f"{sha256(world.encode()).hexdigest()[:8]}-{FILE}" if world else FILE


def _write_history(folder: Path, memory: Memory) -> None:
    from datetime import UTC, datetime

    from linkcheck.cli import files
    from linkcheck.memory import history

    path = folder / history.FILE
    if memory.records or not path.exists():
        _tell(history.update(path, memory.records, files.write, datetime.now(UTC)))


def _look(
    documents: Sequence[Document],
    settings: Settings,
    memory: Memory,
    *,
    hears: Callable[[Exchange], None] | None = None,
    judged: Callable[[Evidence, Record | None], None] | None = None,
) -> Report:
    from linkcheck import run as running
    from linkcheck import sites
    from linkcheck.cli.progress import bar
    from linkcheck.fetch import record

    recorder = record.Recorder(Path(settings["record"])) if settings["record"] else None
    replay = record.load(Path(settings["replay"])) if settings["replay"] else None
    with bar() as progress:
        job = running.Job(
            sites.discover(),
            _choice(settings),
            second_look_s=settings["second_look"],
            budget_s=settings["budget"],
            canary=settings["canary"],
            progress=progress,
            memory=memory if _remembers(settings) else None,
            confirm=_CONFIRM[settings["confirm"]],
            fragments=settings["fragments"],
            judged=judged,
        )
        route = _route(settings)
        looking = running.Looking(documents, job)
        if looking.is_done:  # a hook whose links are all known is over before a network library is loaded
            report, resolver_works = running.report(looking), False
        else:
            options = _options(settings, route)
            report, resolver_works = _asked(looking, options, recorder.hear if recorder else hears, replay)
    if recorder:
        run = record.Run(report.started, report.finished, report.requests, resolver_works)
        recorder.close(run)
    if replay:
        was = replay.run
        report = replace(report, started=was.started, finished=was.finished, requests=was.requests)
    return report


def _asked(
    looking: Looking, options: Options, hears: Callable[[Exchange], None] | None, replay: Replay | None
) -> tuple[Report, bool]:
    """The report on all that is looked at now, and whether the resolver worked."""
    import asyncio
    import gc

    from linkcheck.fetch.client import Fetcher
    from linkcheck.run import run as look

    found = list[tuple[Report, bool]]()

    async def work() -> None:
        async with Fetcher(options, hears=hears, replay=replay) as fetcher:
            # Not returned: asyncio's signal handling writes out a task's result, 100,000 links long.
            found.append((await look(looking, fetcher), fetcher.is_resolver_working))

    # What is loaded by now stays; a crawl makes few cycles, so the collector need not look as often.
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work())
    return found[0]


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


def _options(settings: Settings, route: _Route) -> Options:
    from linkcheck import sites
    from linkcheck.fetch.client import Options
    from linkcheck.fetch.retry import Limits
    from linkcheck.fetch.transport import ConnectTo
    from linkcheck.model import Pace

    paces = {host: pace for site in sites.discover() for host, pace in site.paces.items()}
    return Options(
        concurrency=settings["concurrency"],
        keep=_kept_connections(settings["concurrency"]),
        pace=Pace(slots=settings["per_host"]),
        paces=paces,
        timeout_s=settings["timeout"],
        connect_timeout_s=min(10.0, settings["timeout"]),
        limits=Limits(attempts=settings["attempts"], retry_after_s=settings["max_wait"]),
        allow_private=settings["allow_private"],
        connect_to=tuple(ConnectTo(*parts) for parts in route.connect_to),
        dns=route.dns,
        second_dns=route.second_dns,
    )


def _kept_connections(concurrency: int) -> int:
    """How many idle connections the process may hold, its limit of open files raised where it can be."""
    try:
        import resource
    except ImportError:  # Windows has no such limit for sockets
        return 1_500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = concurrency + 2_000
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(0, min(1_500, soft - concurrency - 200))


def _choice(settings: Settings) -> Choice:
    return Choice(include=settings["include"], exclude=settings["exclude"])


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
    _say(f"error: no usable network: {words.clean(result.sick_network, 600)}; nothing was judged")
    _say("help: check the connection, the proxy (HTTPS_PROXY) and the name servers, then run again")
    return NO_NETWORK


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _as_json(link: Link, found: object) -> dict[str, Any]:
    entry = {"title": link.entry.title, "description": link.entry.description} if link.entry else None
    shown: dict[str, Any] = {
        "url": link.url,
        "normal": found if isinstance(found, str) else None,
        "path": link.path,
        "line": link.line,
        "column": link.column,
        "span": list(link.span),
        "kind": link.kind,
        "text": link.text,
        "title": link.title,
        "section": list(link.section),
        "entry": entry,
        "main": link.is_main,
        "image": link.is_image,
    }
    if isinstance(found, Unchecked):
        shown |= {"state": found.state, "rule": found.rule, "reason": found.reason}
        if found.repair:
            shown["repair"] = found.repair
    return shown


def _as_line(link: Link, found: object) -> str:
    shown = f"{words.place(link)}: {words.url(link.url)}"
    if isinstance(found, Unchecked):
        shown += f" {found.state}[{found.rule}]: {words.clean(found.reason)}"
        if found.state is State.INVALID and found.repair:
            shown += f"\n  help: did you mean {words.clean(found.repair, words.MAX_URL)} ?"
    return shown + "\n"
