"""The pipeline from documents to a report, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from linkcheck.crawl import Crawl, Fetched, Job
from linkcheck.model import Document, Evidence, Outage, Record, State, Url
from linkcheck.run import run
from tests.answers import link, observation
from tests.test_follow import Ours

A, B = Url("https://a.example/"), Url("https://b.example/")
START = datetime(2026, 11, 24, tzinfo=UTC)
DOCUMENTS = [Document("l.md", (link(A), link("mailto:a@b.example"), link(B)))]


def clock() -> Iterator[datetime]:
    for second in range(10):
        yield START + timedelta(seconds=second)


class Kept(Ours):
    """A memory that knows nothing, and tells what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.said = list[str]()

    def recall(self, wanted: object, now: datetime) -> dict[Url, Record]:
        return {}

    def remember(self, record: Record) -> None:
        self.said.append(record.url)

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        pass

    def finish(self, *, is_interrupted: bool) -> None:
        self.said.append("interrupted" if is_interrupted else "finished")

    def forget_run(self) -> None:
        self.said.append("forgotten")


@pytest.fixture(autouse=True)
def _commit_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Crawl, "_commit_soon", lambda crawl, memory: None)


def answering(fetched: Fetched) -> object:
    def fetch(crawl: Crawl) -> Fetched:
        for request in list(crawl.requests()):
            if request.url == A:
                crawl.sink(observation(request, 200))
        return fetched

    return fetch


def test_a_report_says_each_link_in_order_and_when() -> None:
    memory, times = Kept(), clock()
    found = run(DOCUMENTS, answering(Fetched(requests=5)), Job((), memory=memory), lambda: next(times))  # type: ignore[arg-type]
    assert [(one.url, one.verdict.state, one.verdict.rule) for one in found.checked] == [
        (A, State.OK, "http-ok"),
        ("mailto:a@b.example", State.SKIPPED, "mail-address"),
        (B, State.SKIPPED, "not-looked-at"),
    ]
    assert (found.started, found.finished, found.requests) == (START, START + timedelta(seconds=1), 5)
    assert memory.said == [A, "finished"]


@pytest.mark.parametrize(
    "fetched", [Fetched(is_interrupted=True), Fetched(outages=(Outage(START),))], ids=["interrupted", "cut off"]
)
def test_a_run_that_came_to_no_end_is_remembered_as_such(fetched: Fetched) -> None:
    memory = Kept()
    found = run(DOCUMENTS, answering(fetched), Job((), memory=memory), lambda: START)  # type: ignore[arg-type]
    assert memory.said == [A, "interrupted"]
    assert found.is_partial
    reasons = [one.verdict.reason for one in found.checked if one.verdict.rule == "not-looked-at"]
    assert reasons == ["the local network was down" if fetched.is_cut_off else reasons[0]]


def test_of_a_network_that_did_not_work_no_answer_is_judged_or_remembered() -> None:
    memory = Kept()
    found = run(DOCUMENTS, answering(Fetched(outage="nothing answers")), Job((), memory=memory), lambda: START)  # type: ignore[arg-type]
    assert [(one.url, one.verdict.rule) for one in found.checked] == [
        (A, "not-looked-at"), ("mailto:a@b.example", "mail-address"), (B, "not-looked-at"),
    ]  # fmt: skip
    assert {one.verdict.reason for one in found.checked if one.normal} == {"there was no usable network"}
    assert (found.network_outage, memory.said) == ("nothing answers", ["forgotten"])


def test_where_nothing_is_to_be_asked_nothing_is_fetched() -> None:
    def fetch(crawl: Crawl) -> Fetched:
        raise AssertionError

    found = run([Document("l.md", (link("mailto:a@b.example"),))], fetch, Job(()), lambda: START)
    assert [one.verdict.rule for one in found.checked] == ["mail-address"]
    assert run([], fetch, Job(()), lambda: START).checked == ()
