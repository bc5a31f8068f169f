from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.contracts import Observer
from linkcheck.crawl import Fetched, Job
from linkcheck.model import (
    Change,
    Document,
    Evidence,
    Malformed,
    Past,
    Presence,
    Record,
    Repair,
    State,
    Url,
    replace,
)
from linkcheck.results import checked
from linkcheck.sites import discover
from tests.answers import NOW, crawling, link, observation, results, sighting
from tests.sites.test_arxiv import feed

PAGE = Url("https://a.example/x")
EARLIER = NOW - timedelta(days=2)


class Seen(Observer):
    def __init__(self) -> None:
        self.verdicts = list[tuple[Evidence, Record | None]]()

    def on_verdict(self, evidence: Evidence, record: Record | None) -> None:
        self.verdicts.append((evidence, record))


def test_a_result_says_all_that_is_known_and_lets_go_of_it() -> None:
    seen = Seen()
    crawl = crawling([Document("l.md", (link(f"{PAGE}#y"), link(PAGE)))], Job((), observers=[seen]))
    crawl.sink(observation(PAGE, 200, "<title>A title</title>"))
    (found,) = results(crawl)
    assert (found.url, found.normal, len(found.links), found.item) == (f"{PAGE}#y", PAGE, 2, "")
    assert (found.status, found.final_url, found.at, found.change, found.since) == (200, PAGE, NOW, None, None)
    assert found.metadata
    assert found.metadata.title == "A title"
    assert [(evidence.url, record) for evidence, record in seen.verdicts] == [(PAGE, None)]
    assert (crawl.cases[PAGE].looks, crawl.cases[PAGE].page) == ((), None)


def test_a_link_that_nobody_answered_for_has_no_status() -> None:
    (found,) = results(crawling([Document("l.md", (link(PAGE),))]))
    assert (found.status, found.final_url, found.at, found.verdict.rule) == (None, "", None, "not-looked-at")


def test_an_item_of_a_site_is_named() -> None:
    crawl = crawling([Document("l.md", (link("https://arxiv.org/abs/1706.03762"),))], Job(discover()))
    (request,) = crawl.requests()
    crawl.sink(observation(request, body=feed(("1706.03762v7", ""))))
    (found,) = results(crawl)
    assert (found.item, found.status, found.at, found.trouble) == ("arxiv 1706.03762", None, NOW, "")
    (evidence,) = [case.evidence() for case in crawl.cases]
    assert evidence.site
    assert evidence.site.presence is Presence.PRESENT


@pytest.mark.parametrize("is_fresh", [False, True])
def test_what_is_new_against_earlier_runs_is_said_of_what_was_looked_at(is_fresh: bool) -> None:
    crawl = crawling([Document("l.md", (link(PAGE),))])
    case, before = crawl.cases[PAGE], Past(EARLIER - timedelta(days=1), 404, State.DEAD)
    then = Evidence(PAGE, (replace(sighting(200, PAGE), at=EARLIER),))
    case.records[PAGE] = Record(PAGE, EARLIER, then, (before, Past(EARLIER, 200, State.OK)))
    if is_fresh:
        crawl.cases.take_fresh([PAGE])
    else:
        for look in (1, 2):
            crawl.sink(observation(PAGE, 404, look=look))
    (found,) = results(crawl)
    assert (found.change, found.since) == ((None, None) if is_fresh else (Change.NEW, NOW))


def test_a_malformed_link_says_what_was_meant() -> None:
    broken = replace(link("htps://a.example"), malformed=Malformed("no scheme", Repair((0, 16), "https://a.example")))
    (found,) = results(crawling([Document("l.md", (broken,))]))
    assert (found.verdict.state, found.verdict.replacement) == (State.INVALID, "https://a.example")
    assert found.verdict.advice == "did you mean https://a.example ?"


@pytest.mark.parametrize(("is_strict", "state"), [(False, State.SKIPPED), (True, State.UNKNOWN)])
def test_what_is_left_out_is_unknown(is_strict: bool, state: State) -> None:
    crawl = crawling([Document("l.md", (link(PAGE),))], Job((), is_strict=is_strict))
    crawl.cases.leave_out([PAGE])
    (found,) = results(crawl)
    assert (found.verdict.state, found.verdict.rule, found.is_failing) == (state, "unknown-link", is_strict)
    assert bool(found.verdict.advice) is is_strict


def test_what_is_left_out_and_told_by_its_site_is_known() -> None:
    papers = [f"https://arxiv.org/{part}/1706.03762" for part in ("abs", "pdf")]
    crawl = crawling([Document("l.md", tuple(map(link, papers)))], Job(discover(), is_strict=True))
    crawl.cases.leave_out([Url(papers[1])])
    (request,) = crawl.requests()
    crawl.sink(observation(request, body=feed(("1706.03762v7", ""))))
    assert [one.verdict.rule for one in results(crawl)] == ["site-confirms"] * 2


@pytest.mark.parametrize(
    ("is_fresh", "is_asked", "rule"),
    [(True, False, "http-ok"), (True, True, "not-looked-at"), (False, True, "not-looked-at")],
)
def test_without_a_network_only_what_was_known_before_counts(is_fresh: bool, is_asked: bool, rule: str) -> None:
    crawl = crawling([Document("l.md", (link(PAGE),))])
    then = Evidence(PAGE, (replace(sighting(200, PAGE), at=EARLIER),))
    crawl.cases[PAGE].records[PAGE] = Record(PAGE, EARLIER, then, (Past(EARLIER, 200, State.OK),))
    if is_fresh:
        crawl.cases.take_fresh([PAGE])
    if is_asked:
        crawl.sink(observation(PAGE, 404))
    (found,) = checked(crawl, Fetched(outage="nothing answers"))
    assert found.verdict.rule == rule


def test_without_a_network_what_is_left_out_is_unknown() -> None:
    crawl = crawling([Document("l.md", (link(PAGE),))])
    crawl.cases.leave_out([PAGE])
    (found,) = checked(crawl, Fetched(outage="nothing answers"))
    assert found.verdict.rule == "unknown-link"
