"""Our own program made to fail on one link of several, wherever it handles one: the others have their verdicts."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, cast

import httpx
import pytest
import yaml

from linkcheck import report, sites
from linkcheck.case import Cases
from linkcheck.common import boundary
from linkcheck.common.boundary import trouble_of
from linkcheck.crawl import Crawl, Fetched, Job, fetch
from linkcheck.errors import SettingsError
from linkcheck.fetch.fetcher import HttpFetcher, Options
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.transport import Transports
from linkcheck.health import Health
from linkcheck.judge import is_complete, judge
from linkcheck.model import (
    Change,
    Checked,
    Document,
    Evidence,
    Exchange,
    Fault,
    Finding,
    Flag,
    Probe,
    Purpose,
    Record,
    Report,
    Request,
    State,
    Url,
    Verdict,
    replace,
)
from linkcheck.report import links as listing
from linkcheck.report import messages
from linkcheck.run import run
from tests.answers import checked, crawling, link, observation, results, sighting
from tests.answers import report as report_of

EVIL = Url("https://evil.example/deep/page")
LINKS = (
    "https://a.example/", f"{EVIL}#place", "https://gone.example/", "https://b.example/x#y", "https://arxiv.org/abs/1706.03762",
)  # fmt: skip
HONEST = {
    "https://a.example/": ("ok", "http-ok"),
    "https://gone.example/": ("dead", "http-not-found"),
    "https://b.example/x#y": ("ok", "http-ok"),
    "https://arxiv.org/abs/1706.03762": ("ok", "http-ok"),  # its API answers nothing, so its page is asked
}
ERRORS: tuple[Exception, ...] = (
    ValueError("Exceeds the limit (4300 digits)"), RecursionError("too deep"), MemoryError(), KeyError("evil"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), OverflowError("too large"), AssertionError(),
)  # fmt: skip


# -- a web of its own --------------------------------------------------------------------------


async def answer(request: httpx.Request) -> httpx.Response:
    host, path = request.url.host, request.url.path
    kind = {"content-type": "text/html"}
    if host == "evil.example" and path == "/deep/page":
        more = {"set-cookie": "evil=1", "retry-after": "evil", "location": "/there?evil"}
        return httpx.Response(301, headers=more)
    if host == "evil.example" and path == "/there":
        body = b"<title>Page not found</title><h1>Page not found</h1><p>We could not find evil."  # so it wants a probe
        return httpx.Response(200, headers=kind | {"content-encoding": ""}, content=body)
    if host in ("evil.example", "gone.example", "export.arxiv.org"):
        return httpx.Response(404, headers=kind, content=b"<title>404</title>")
    return httpx.Response(200, headers=kind, content=f"<title>All of {host}</title><p id=y>Words.".encode())


class Web:
    """Transports that lead nowhere."""

    def __init__(self) -> None:
        self.transport = httpx.MockTransport(answer)

    def pick(self, url: httpx.URL, *, is_lenient: bool = False, is_fresh: bool = False) -> httpx.AsyncBaseTransport:
        return self.transport

    async def prepare(self, url: httpx.URL) -> None:
        pass

    async def close(self) -> None:
        pass

    def drop_idle(self) -> None:
        pass


@dataclass
class Remembering:
    """A memory that knows nothing and notes what it is to keep."""

    kept: list[str] = field(default_factory=list)
    remembered: list[str] = field(default_factory=list)

    def recall(self, wanted: Sequence[Url], now: datetime) -> dict[Url, Record]:
        return {}

    def is_fresh(self, url: Url, now: datetime) -> bool:
        return False

    def is_left_out(self, url: Url) -> bool:
        return False

    def note_silence(self, url: Url) -> None:
        raise AssertionError

    def is_own(self, url: Url) -> bool:
        return False

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        self.kept.append(url)

    def remember(self, record: Record) -> None:
        self.remembered.append(record.url)

    def commit(self) -> None: ...

    def finish(self, *, is_interrupted: bool) -> None: ...

    def forget_run(self) -> None: ...


def look(memory: Remembering | None = None, on_exchange: Callable[[Exchange], None] | None = None) -> Report:
    """A run over LINKS."""
    job = Job(sites.discover(), recheck_after_s=0.0, looks_for_fragments=True, memory=memory)

    document = Document("l.md", tuple(link(url, line=n) for n, url in enumerate(LINKS, 1)))

    async def work(crawl: Crawl) -> Fetched:
        async with HttpFetcher(Options(), cast("Transports", Web()), on_exchange=on_exchange) as fetcher:
            return await fetch(crawl, fetcher, asyncio.Event())

    return run([document], lambda crawl: asyncio.run(work(crawl)), job, lambda: datetime.now(UTC))


def verdicts(found: Report) -> dict[str, tuple[str, str]]:
    return {one.url: (str(one.verdict.state), one.verdict.rule) for one in found.checked}


def is_evil(value: object) -> bool:
    """Whether a value is about the evil link; what holds all links is about none."""
    if isinstance(value, Crawl | Cases | HttpFetcher | Health | Lanes):
        return False
    about = value.headers if isinstance(value, httpx.Response) else getattr(value, "url", "")
    return "evil" in f"{value} {about}"


def fail_on_evil(monkeypatch: pytest.MonkeyPatch, place: str, error: Exception) -> None:
    """Let the function at `place` (module:name, or module:class.name) raise where it has to do with the evil link."""
    module, _, path = place.partition(":")
    *outer, name = path.split(".")
    owner = import_module(module)
    for one in outer:
        owner = getattr(owner, one)
    original = getattr(owner, name)

    def failing(*arguments: Any, **more: Any) -> Any:
        if any(map(is_evil, (*arguments, *more.values()))):
            raise error
        return original(*arguments, **more)

    monkeypatch.setattr(owner, name, failing)


PLACES = [
    # planning
    "linkcheck.plan:_sort", "linkcheck.plan:_owner",
    # asking
    "linkcheck.fetch.lanes:Lanes.put", "linkcheck.fetch.exchange:build_request", "linkcheck.fetch.exchange:Exchanger.ask",
    "linkcheck.fetch.exchange:Exchanger._send_watched", "linkcheck.fetch.exchange:Exchanger._send",
    "linkcheck.fetch.source:NetworkSource.exchange", "linkcheck.fetch.chain:Chain._hop",
    "linkcheck.fetch.exchange:Exchanger._note", "linkcheck.fetch.lanes:Lanes.note_answer",
    "linkcheck.fetch.chain:Chain._observation", "linkcheck.fetch.exchange:Exchanger._read",
    "linkcheck.fetch.exchange:retry_after_s", "linkcheck.fetch.exchange:httpx.Cookies.extract_cookies",
    # reading
    "linkcheck.page:read", "linkcheck.page.html:parse", "linkcheck.page.metadata:refresh", "linkcheck.page.signatures:find",
    "linkcheck.page.fragments:missing", "linkcheck.follow:refresh", "linkcheck.crawl:Crawl._learn", "linkcheck.case:Cases.note_page",
    # learning
    "linkcheck.health:Health.note_sighting", "linkcheck.health:Health.note_body",
    "linkcheck.follow:wants_recheck", "linkcheck.follow:wants_probe",
    "linkcheck.case:Cases.sibling_of", "linkcheck.case:Cases.settled", "linkcheck.follow:after_page",
    "linkcheck.case:Case.evidence",
]  # fmt: skip
JUDGING = [
    "linkcheck.results:judge", "linkcheck.judge.judging:_revised", "linkcheck.results:metadata", "linkcheck.results:record_of",
    "linkcheck.results:_answer",
]  # fmt: skip


def test_without_a_failure_there_is_none() -> None:
    memory = Remembering()
    found = look(memory)
    assert verdicts(found) == HONEST | {LINKS[1]: ("ok", "http-ok")}  # its probe says 404
    assert EVIL in memory.kept
    assert EVIL in memory.remembered
    assert not words_of_mistakes(found)


def words_of_mistakes(found: Report) -> list[str]:
    text = "".join(report.named("text").pieces(found))
    return [line for line in text.splitlines() if "--record" in line]


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("place", PLACES + JUDGING)
def test_a_failure_costs_one_link_its_verdict(
    monkeypatch: pytest.MonkeyPatch, place: str, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_on_evil(monkeypatch, place, error)
    memory = Remembering()
    found = look(memory)
    got = verdicts(found)
    evil = got.pop(LINKS[1])
    assert got == HONEST
    assert evil[0] == "unreachable", evil
    assert evil[1] == "internal-error" or (evil[1] == "protocol" and isinstance(error, ValueError)), evil
    assert "Traceback" not in capsys.readouterr().err
    if evil[1] == "internal-error":
        assert EVIL not in memory.remembered
        assert EVIL not in memory.kept or place in JUDGING  # what is kept then is true, and forgotten when the run ends
        assert len(words_of_mistakes(found)) == 1


@pytest.mark.parametrize("error", [ValueError("evil"), RecursionError(), MemoryError(), KeyError()], ids=repr)
def test_a_failure_in_hearing_an_exchange(error: Exception) -> None:
    def on_exchange(one: Exchange) -> None:
        if "evil" in one.url:
            raise error

    assert verdicts(look(on_exchange=on_exchange)) == HONEST | {LINKS[1]: ("unreachable", "internal-error")}


@pytest.mark.parametrize("name", ["keep", "remember"])
def test_a_failure_in_remembering(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def failing(memory: Remembering, *arguments: object) -> None:
        if "evil" in str(arguments):
            raise OverflowError

    monkeypatch.setattr(Remembering, name, failing)
    assert verdicts(look(Remembering())) == HONEST | {LINKS[1]: ("unreachable", "internal-error")}


def test_a_request_whose_memory_cannot_be_read_is_sent_without(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_on_evil(monkeypatch, "linkcheck.follow:with_validators", RecursionError())
    assert verdicts(look()) == HONEST | {LINKS[1]: ("ok", "http-ok")}


@pytest.mark.parametrize("error", [SettingsError("a proxy"), OSError(errno.EMFILE, "x"), OSError(errno.ENOSPC, "x")])
def test_what_the_user_or_the_machine_has_to_mend_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fail_on_evil(monkeypatch, "linkcheck.fetch.exchange:build_request", error)
    with pytest.raises((SettingsError, BaseExceptionGroup)):
        look()
    with pytest.raises(type(error)):
        trouble_of(error)


def test_no_memory_for_one_value_is_a_links_trouble_and_none_for_any_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trouble_of(MemoryError()) == "MemoryError (nowhere)"
    monkeypatch.setattr(boundary, "_ROOM", sys.maxsize)
    with pytest.raises(MemoryError):
        trouble_of(MemoryError())
    trouble_of(ValueError())


def test_an_error_is_told_in_one_short_line_with_its_place() -> None:
    told = ""
    try:
        report.by_document(None).__next__()  # type: ignore[arg-type]
    except AttributeError as error:
        told = trouble_of(error)
    assert re.fullmatch(
        r"AttributeError: 'NoneType' object has no attribute 'documents' \(report/groups\.py:\d+\)", told
    )
    assert len(trouble_of(ValueError("a\n" * 100_000))) < 300
    assert "\n" not in trouble_of(ValueError("a\nb"))


# -- sites -------------------------------------------------------------------------------------


def test_a_site_that_cannot_be_asked_for_one_item_is_asked_for_the_others() -> None:
    (site,) = [one for one in sites.discover() if one.name == "arxiv"]

    def ask(items: Sequence[str]) -> Sequence[Request]:
        if "1706.03762" in items:
            raise KeyError("evil")
        return site.ask(items)

    urls = [f"https://arxiv.org/abs/{item}" for item in ("1706.03762", "1706.03763", "1706.03764")]
    crawl = crawling([Document("l.md", tuple(map(link, urls)))], Job([replace(site, ask=ask)]))
    asked = list(crawl.requests())
    assert sorted(one for request in asked for one in request.items) == ["1706.03763", "1706.03764"]
    (page,) = [request for request in asked if request.purpose is Purpose.PAGE]
    assert page.url == urls[0]
    assert crawl.sink(observation(page, body="<title>A paper</title>")) == []
    (found,) = [one for one in results(crawl) if one.url == urls[0]]
    assert found.verdict.rule == "http-ok"
    assert found.trouble.startswith("arxiv cannot be asked for 1706.03762: KeyError: 'evil'")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_nothing_is_kept_of_what_could_not_be_learned(monkeypatch: pytest.MonkeyPatch, purpose: Purpose) -> None:
    memory, url = Remembering(), Url("https://arxiv.org/abs/1706.03762")
    crawl = crawling([Document("l.md", (link(url),))], Job(sites.discover(), memory=memory))
    (look_up,) = crawl.requests()

    def failing(*_: object) -> list[Request]:
        raise RecursionError

    monkeypatch.setattr(Crawl, "_take", failing)
    more = crawl.sink(observation(look_up if purpose is Purpose.LOOKUP else Request(url, purpose)))
    assert [one.url for one in more] == ([url] if purpose is Purpose.LOOKUP else [])
    (found,) = results(crawl)
    assert memory.kept == memory.remembered == []
    assert found.verdict.rule == ("internal-error" if purpose is Purpose.PAGE else "not-looked-at")


def test_a_failure_in_taking_back_what_was_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = crawling([Document("l.md", tuple(map(link, LINKS)))])
    fail_on_evil(monkeypatch, "linkcheck.case:Cases.retract", KeyError())
    for url in (EVIL, Url(LINKS[0])):
        crawl.sink(seen := observation(url, body="<title>A page</title>"))
        crawl.retract(seen)
    found = {one.normal: one.verdict.rule for one in results(crawl)}
    assert (found[EVIL], found[Url(LINKS[0])]) == ("internal-error", "not-looked-at")


# -- verdicts ----------------------------------------------------------------------------------


def test_a_probe_that_could_not_be_read_condemns_no_link() -> None:
    probe = Probe(sighting(Fault.INTERNAL_ERROR, detail="ValueError (page/x.py:1)"))
    evidence = Evidence(EVIL, (sighting(200),), page=Finding(), probe=probe)
    verdict = judge(evidence).verdict
    assert (verdict.state, verdict.rule) == (State.UNREACHABLE, "internal-error")
    assert verdict.reason == "internal error in linkcheck: ValueError (page/x.py:1)"
    assert not is_complete(evidence)


def test_what_a_site_said_and_could_not_be_read_is_looked_at_again() -> None:
    fine = Evidence(EVIL, (sighting(200),), site=Finding())
    assert is_complete(fine)
    assert not is_complete(replace(fine, site=Finding(trouble="x")))


# -- reports -----------------------------------------------------------------------------------


def failing_on_evil(render: Callable[..., Any]) -> Callable[..., Any]:
    """`render`, which cannot do with all that is known of the evil link."""

    def failing(one: Any, *more: Any) -> Any:
        if "evil" in one.url and one.verdict.rule == "some-rule":
            raise KeyError("evil")
        return render(one, *more)

    return failing


RENDERERS = {
    "yaml": ["_record"], "json": ["_link"], "text": ["finding", "_first_of", "_notes", "_recovered"],
    "markdown": ["_placed", "_why", "_notes"],
}  # fmt: skip
WRITTEN: dict[str, tuple[State, dict[str, Any]]] = {
    "dead": (State.DEAD, {}), "moved": (State.MOVED, {"replacement": "https://new.example/"}),
    "blocked": (State.BLOCKED, {}), "restricted": (State.RESTRICTED, {}), "flagged": (State.OK, {"flags": {Flag.FLAKY: "x"}}),
    "recovered": (State.OK, {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("name", RENDERERS)
def test_an_entry_that_cannot_be_written_costs_only_itself(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    module, (state, more) = import_module(f"linkcheck.report.formats.{name}"), WRITTEN[kind]
    for one in RENDERERS[name]:
        monkeypatch.setattr(module, one, failing_on_evil(getattr(module, one)))
    urls = [f"https://{host}.example/" for host in ("a", "evil", "b")]
    change = Change.RECOVERED if kind == "recovered" else None
    verdict = Verdict(state, "some-rule", "because", **more)
    found = [checked(url=url, verdict=verdict, change=change, links=(link(url, title=url),)) for url in urls]
    text = "".join(report.named(name).pieces(report_of(*found)))
    if name == "json":
        assert [one["rule"] for one in json.loads(text)["links"]] == ["some-rule", "internal-error", "some-rule"]
    elif name == "yaml":
        written = yaml.safe_load(text)["references"]
        assert [one["custom"]["rule"] for one in written] == ["some-rule", "internal-error", "some-rule"]
    elif (name, state) != ("text", State.RESTRICTED):  # which are only counted there
        assert all(url in text.replace("\u2060", "") for url in (urls[0], urls[2]))


def test_an_entry_that_cannot_be_written_says_so() -> None:
    def render(one: Checked) -> str:
        if one.links[0].title:
            raise KeyError(one.url)
        return f"{one.verdict.state} {one.verdict.rule}: {one.verdict.reason}"

    told = messages.entry(render, checked(State.DEAD))
    assert told.startswith(
        "unreachable internal-error: internal error in writing its entry (dead[some-rule]): KeyError"
    )


@pytest.mark.parametrize("state", [State.OK, State.DEAD])
def test_a_report_asks_once_for_a_bug_report(state: State) -> None:
    mistakes = [checked(State.UNREACHABLE, f"https://{n}.example/", rule="internal-error") for n in range(3)]
    found = report_of(checked(state), *mistakes)
    for name in ("text", "markdown", "json"):
        assert "".join(report.named(name).pieces(found)).count("-record FILE") == 1
    (warning,) = json.loads("".join(report.named("json").pieces(found)))["summary"]["warnings"]
    assert (warning["path"], warning["line"]) == ("l.md", 1)
    assert warning["text"].startswith("internal error in linkcheck for 3 links: please run it again with --record ")
    assert found.is_failing == (state is State.DEAD)


@pytest.mark.parametrize("name", ["_as_line", "_as_json"])
def test_a_link_that_cannot_be_listed_costs_only_itself(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    render = getattr(listing, name)

    def failing(*arguments: Any) -> Any:
        if "evil" in arguments[-2].text:
            raise ValueError("evil")
        return render(*arguments)

    monkeypatch.setattr(listing, name, failing)
    found = [link("https://a.example/"), link("https://evil.example/", text="evil"), link("https://b.example/")]
    sorted_out = [(one, Url(one.url)) for one in found]
    lines = list(listing.as_lines(sorted_out))
    links = json.loads("".join(listing.as_json([Document("l.md", tuple(found))], sorted_out)))["links"]
    assert (len(lines), len(links)) == (3, 3)
    if name == "_as_line":
        assert "unreachable[internal-error]: ValueError: evil" in lines[1]
    else:
        assert [one.get("rule") for one in links] == [None, "internal-error", None]
