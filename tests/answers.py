"""Short hands for tests: observations, sightings, links, reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from linkcheck.crawl import Crawl, Fetched, Job
from linkcheck.model import (
    Checked,
    Document,
    Fault,
    Hop,
    Link,
    LinkKind,
    Observation,
    Report,
    Request,
    Sighting,
    State,
    Url,
    Verdict,
)
from linkcheck.model.packed import pack
from linkcheck.plan import plan
from linkcheck.results import checked as judged

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def sighting(outcome: int | Fault = 200, url: str = "https://a.example/x", **more: Any) -> Sighting:
    return Sighting(NOW, outcome, Url(url), **more)


def hops(*statuses: int, url: str = "https://a.example/x") -> tuple[Hop, ...]:
    return tuple(Hop(Url(url), status) for status in statuses)


def observation(
    request: Request | str, outcome: int | Fault = 200, body: bytes | str = b"", **more: Any
) -> Observation:
    asked = request if isinstance(request, Request) else Request(Url(request))
    data = body.encode() if isinstance(body, str) else body
    headers = more.pop("headers", {"content-type": "text/html"})
    final = more.pop("final_url", asked.url)
    complete = more.pop("complete", True)
    return Observation(asked, sighting(outcome, final, **more), headers, data, complete)


def link(url: str = "https://a.example/x", **more: Any) -> Link:
    values: dict[str, Any] = {
        "path": "l.md",
        "line": 1,
        "column": 5,
        "span": (4, 4 + len(url)),
        "kind": LinkKind.INLINE,
    }
    return Link(url=url, **{**values, "text": "A", "title": "A", **more})


def checked(state: State = State.OK, url: str = "https://a.example/x", **more: Any) -> Checked:
    verdict = more.pop("verdict", None) or Verdict(state, more.pop("rule", "some-rule"), more.pop("reason", "because"))
    if metadata := more.pop("metadata", None):
        more["packed"] = pack(metadata)
    return Checked(url, more.pop("links", (link(url),)), verdict, normal=url, at=NOW, **more)


def report(*found: Checked, documents: tuple[Document, ...] | None = None, **more: Any) -> Report:
    own = (
        documents
        if documents is not None
        else (Document("l.md", tuple(place for one in found for place in one.links)),)
    )
    return Report(own, found, NOW, NOW, **more)


def crawling(documents: Sequence[Document], job: Job | None = None) -> Crawl:
    """A crawl of the links of `documents`, of which nothing was seen yet."""
    job = job or Job(())
    return Crawl(plan(documents, job.sites, job.choice), job, datetime.now(UTC))


def results(crawl: Crawl) -> list[Checked]:
    """What is said of each link by what was seen so far."""
    return list(judged(crawl, Fetched()))
