"""A crawl against a fetcher of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from linkcheck.contracts import Observer, Sink, Site
from linkcheck.crawl import Crawl, Fetched, Job, fetch
from linkcheck.model import (
    Answer,
    Document,
    Fault,
    Finding,
    Observation,
    Outage,
    Presence,
    Purpose,
    Request,
    Url,
)
from tests.answers import crawling, link, observation, results
from tests.test_run import Kept

A, B, GONE = Url("https://a.example/"), Url("https://b.example/"), Url("https://c.example/gone")
CANARY = Url("https://canary.example/")
START = datetime(2026, 11, 24, tzinfo=UTC)


class Web:
    """Answers each URL as it is told; what it is not told of is asked for without end."""

    def __init__(self, answers: dict[Url, Callable[[Request], Observation]]) -> None:
        self._answers, self.asked = answers, list[Url]()
        self.is_resolver_working, self.is_network_confirmed, self.is_cut_off, self.asked_again = True, False, False, 2
        self.outages: tuple[Outage, ...] = ()
        self.unanswered: tuple[Url, ...] = ()

    @property
    def requests(self) -> int:
        return len(self.asked)

    async def fetch(
        self, requests: Iterable[Request], sink: Sink, retract: Callable[[Observation], None] | None = None
    ) -> None:
        waiting = list(requests)
        while waiting:
            request = waiting.pop(0)
            self.asked.append(request.url)
            if request.url not in self._answers:
                await asyncio.Event().wait()
            waiting += sink(self._answers[request.url](request))


def says(outcome: int | Fault, body: str = "") -> Callable[[Request], Observation]:
    return lambda request: observation(request, outcome, body, look=request.look)


class Progress(Observer):
    def __init__(self) -> None:
        self.seen = list[tuple[int, int]]()

    def on_progress(self, done: int, total: int) -> None:
        self.seen.append((done, total))


def crawl_of(*urls: Url, budget_s: float | None = None, observers: Iterable[Observer] = ()) -> Crawl:
    job = Job((), recheck_after_s=0.0, budget_s=budget_s, canary=CANARY, observers=tuple(observers))
    return crawling([Document("l.md", tuple(map(link, urls)))], job)


def fetched(crawl: Crawl, web: Web, interrupt_after_s: float | None = None) -> Fetched:
    async def work() -> Fetched:
        interrupt = asyncio.Event()
        if interrupt_after_s is not None:
            asyncio.get_running_loop().call_later(interrupt_after_s, interrupt.set)
        return await fetch(crawl, web, interrupt)

    return asyncio.run(work())


def rules_of(crawl: Crawl) -> dict[str, str]:
    return {one.url: one.verdict.rule for one in results(crawl)}


def test_each_url_is_asked_once_and_what_follows_too() -> None:
    web, progress = Web({A: says(200), GONE: says(404)}), Progress()
    crawl = crawl_of(A, GONE, A, observers=[progress])
    assert crawl.left == 2
    assert fetched(crawl, web) == Fetched(3, resolver_works=True, asked_again=2)
    assert web.asked == [A, GONE, GONE]
    assert progress.seen == [(1, 2), (2, 2), (2, 2)]
    assert rules_of(crawl) == {A: "http-ok", GONE: "http-not-found"}


def test_a_budget_ends_the_fetching_and_is_no_interrupt() -> None:
    crawl = crawl_of(A, B, budget_s=0.1)
    found = fetched(crawl, Web({A: says(200)}))
    assert (found.is_interrupted, found.outage) == (False, "")
    assert rules_of(crawl) == {A: "http-ok", B: "not-looked-at"}


def test_an_interrupt_ends_the_fetching() -> None:
    crawl = crawl_of(A, B)
    assert fetched(crawl, Web({A: says(200)}), interrupt_after_s=0.05).is_interrupted
    assert rules_of(crawl) == {A: "http-ok", B: "not-looked-at"}


def test_where_nothing_answers_the_canary_is_asked() -> None:
    silent = says(Fault.CONNECT_TIMEOUT)
    web = Web({A: silent, CANARY: says(200)})
    assert fetched(crawl_of(A), web).outage == ""
    assert web.asked == [A, CANARY]
    assert "could not be reached" in fetched(crawl_of(A), Web({A: silent, CANARY: silent})).outage


def test_an_interrupt_while_the_canary_is_asked() -> None:
    found = fetched(crawl_of(A), Web({A: says(Fault.CONNECT_TIMEOUT)}), interrupt_after_s=0.05)
    assert (found.is_interrupted, found.outage) == (True, "")


def test_a_network_that_was_shown_to_be_well_needs_no_canary() -> None:
    web = Web({A: says(Fault.CONNECT_TIMEOUT)})
    web.is_network_confirmed = True
    assert fetched(crawl_of(A), web).outage == ""
    assert web.asked == [A]


@pytest.mark.parametrize(("outcome", "is_away_all_the_time"), [(200, False), (Fault.CONNECT_TIMEOUT, True)])
def test_a_network_that_went_away_spoils_only_what_came_then(outcome: int, is_away_all_the_time: bool) -> None:
    web = Web({A: says(outcome)})
    web.is_cut_off, web.outages = True, (Outage(START),)
    found = fetched(crawl_of(A), web)
    assert (bool(found.outage), found.is_cut_off, found.outages) == (is_away_all_the_time, True, (Outage(START),))


def test_an_outage_that_is_over_cuts_nothing_off() -> None:
    assert not Fetched(outages=(Outage(START, START),)).is_cut_off


def test_what_was_retracted_is_not_known() -> None:
    crawl = crawl_of(A, GONE)
    for url in (A, GONE):
        seen = observation(url, 200)
        crawl.sink(seen)
        crawl.retract(seen)
        crawl.retract(seen)  # of what is not known nothing is taken
    assert crawl.cases.answered == 0
    probe = observation(Request(Url("https://c.example/gone-1"), Purpose.PROBE), 404)
    assert crawl.sink(probe) == []
    crawl.retract(probe)
    assert rules_of(crawl) == {A: "not-looked-at", GONE: "not-looked-at"}


def test_of_two_looks_one_can_be_retracted() -> None:
    crawl = crawl_of(GONE)
    first, second = observation(GONE, 404), observation(GONE, 404, look=2)
    crawl.sink(first)
    crawl.sink(second)
    crawl.retract(first)
    assert crawl.cases.answered == 1
    assert crawl.cases[GONE].looks == (second.sighting,)


def test_probes_are_evidence_on_their_pages() -> None:
    deep = Url("https://a.example/deep/page")
    crawl = crawl_of(deep)
    from linkcheck.model import Hop

    (probe,) = crawl.sink(observation(deep, 200, hops=(Hop(deep, 302),), final_url=A))
    assert crawl.sink(observation(probe, 200, hops=(Hop(probe.url, 302),), final_url=A)) == []
    assert rules_of(crawl) == {deep: "sent-home"}


def test_what_a_site_asks_for_beyond_the_list_costs_nothing_else() -> None:
    """A plug-in's site may ask for more of its items, for a page, or in another's name."""
    more = (
        Request(Url("https://api.example/other"), Purpose.LOOKUP, site="shop", items=("other",)),
        Request(Url("https://api.example/stranger"), Purpose.LOOKUP, site="stranger", items=("a",)),
        Request(Url("https://a.example/not-on-the-list")),
    )
    found = {"a": Finding(Presence.PRESENT, "it lists a"), "other": Finding(Presence.ABSENT, "it lacks the other")}
    site = Site(
        "shop", item=lambda url: "a" if url == A else None, examples={},
        ask=lambda items: [Request(Url("https://api.example/"), Purpose.LOOKUP, site="shop", items=tuple(items))],
        read=lambda seen: Answer(found, more if seen.request.items == ("a",) else ()),
    )  # fmt: skip
    web = Web({B: says(200), Url("https://api.example/"): says(200), **{one.url: says(200) for one in more}})
    crawl = crawling([Document("l.md", (link(A), link(B)))], Job((site,), canary=CANARY))
    assert fetched(crawl, web).requests == 5
    assert rules_of(crawl) == {A: "site-confirms", B: "http-ok"}
    for request in more:
        crawl.retract(observation(request, 200))
    assert crawl.cases.answered == 2


class Listening(Kept):
    """Notes of which URLs it was told that they were silent."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = list[Url]()

    def note_silence(self, url: Url) -> None:
        self.silent.append(url)


@pytest.mark.parametrize("budget_s", [0.1, None])
def test_what_gave_no_answer_in_the_time_of_the_run_is_remembered(
    monkeypatch: pytest.MonkeyPatch, budget_s: float | None
) -> None:
    """And what waits for its host, or for one that was silent; not what waits for a host that answers."""
    monkeypatch.setattr(Crawl, "_commit_soon", lambda crawl, memory: None)
    c, d, e = (Url(f"https://{name}.example/2") for name in "abc")
    memory = Listening()
    job = Job((), budget_s=budget_s, canary=CANARY, memory=memory)
    crawl = crawling([Document("l.md", tuple(map(link, (A, GONE, c, e, B, d))))], job)
    web = Web({A: says(200), GONE: says(Fault.READ_TIMEOUT)})
    web.unanswered = (B,)
    fetched(crawl, web, interrupt_after_s=None if budget_s else 0.1)
    assert memory.silent == ([e, B, d] if budget_s else [])
