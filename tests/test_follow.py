"""What is asked next: each way on, and what must not lead there."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from linkcheck import follow
from linkcheck.case import Case, Cases
from linkcheck.crawl import Crawl, Job
from linkcheck.follow import wants_probe, wants_recheck
from linkcheck.model import (
    Answer,
    Document,
    Evidence,
    Fault,
    Finding,
    Hop,
    Presence,
    Purpose,
    Record,
    Request,
    Sighting,
    SignatureKind,
    Url,
)
from linkcheck.plan import plan
from linkcheck.sites import discover
from tests.answers import NOW, crawling, link, observation, sighting
from tests.judge.values import HERE, NOT_FOUND, look, match, redirected, shown

PAGE = Url("https://a.example/deep/page")
ABS, PDF = Url("https://arxiv.org/abs/1706.03762"), Url("https://arxiv.org/pdf/1706.03762")
NEXT = Url("https://a.example/next")


class Ours:
    """A memory that says of every URL that we saw it ourselves, or of none."""

    def __init__(self, *, is_own: bool = True) -> None:
        self._is_own = is_own

    def is_own(self, _: Url) -> bool:
        return self._is_own

    def is_fresh(self, _: Url, now: datetime) -> bool:
        raise AssertionError

    def is_left_out(self, _: Url) -> bool:
        return False

    def note_silence(self, _: Url) -> None:
        raise AssertionError

    def recall(self, wanted: Sequence[Url], now: datetime) -> MutableMapping[Url, Record]:
        raise AssertionError

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        raise AssertionError

    def remember(self, record: Record) -> None:
        raise AssertionError

    def commit(self) -> None:
        raise AssertionError

    def finish(self, *, is_interrupted: bool) -> None:
        raise AssertionError

    def forget_run(self) -> None:
        raise AssertionError


def known(*looks: Sighting, fragments: Iterable[str] = ()) -> Case:
    """A page of which an earlier run has seen `looks`."""
    record = Record(PAGE, NOW, Evidence(PAGE, looks, page=Finding()))
    return Case(PAGE, {PAGE: record}, fragments=tuple(fragments))


def good(**more: Any) -> Sighting:
    return sighting(200, PAGE, **({"etag": '"1"', "modified": "Mon, 23 Nov 2026 06:00:00 GMT"} | more))


# -- validators ------------------------------------------------------------------------------------


def test_a_page_that_we_have_seen_is_asked_for_with_its_validators() -> None:
    asked = follow.with_validators(Request(PAGE), known(sighting(404, PAGE), good()), Ours())
    assert asked.headers == (("if-none-match", '"1"'), ("if-modified-since", "Mon, 23 Nov 2026 06:00:00 GMT"))


@pytest.mark.parametrize("look", [good(etag=""), good(modified="")])
def test_a_validator_that_is_not_there_is_not_sent(look: Sighting) -> None:
    assert len(follow.with_validators(Request(PAGE), known(look), Ours()).headers) == 1


@pytest.mark.parametrize(
    "case",
    [
        known(),
        known(sighting(404, PAGE, etag='"1"')),
        known(sighting(Fault.RESET, PAGE, etag='"1"')),
        known(good(hops=(Hop(PAGE, 301),))),
        known(good(insecure=Fault.TLS_EXPIRED)),
        known(good(), sighting(500, PAGE)),
        known(good(), fragments=["place"]),
        Case(PAGE, {}),
    ],
)
def test_what_may_have_changed_or_has_to_be_read_is_asked_for_as_a_whole(case: Case) -> None:
    assert follow.with_validators(Request(PAGE), case, Ours()).headers == ()


@pytest.mark.parametrize("memory", [None, Ours(is_own=False)])
def test_what_others_have_seen_is_asked_for_as_a_whole(memory: Ours | None) -> None:
    assert follow.with_validators(Request(PAGE), known(good()), memory).headers == ()


def test_only_a_page_has_validators() -> None:
    assert follow.with_validators(Request(PAGE, Purpose.PROBE), known(good()), Ours()).headers == ()


def test_a_validator_with_a_line_break_is_no_header() -> None:
    asked = follow.with_validators(Request(PAGE), known(good(etag='"1"\r\nX: y')), Ours())
    assert [name for name, _ in asked.headers] == ["if-modified-since"]


@pytest.mark.parametrize(
    ("is_expected", "status", "headers", "final", "case"),
    [
        (True, 304, ("if-none-match", "x"), PAGE, known(good())),
        (True, 304, ("if-modified-since", "x"), PAGE, known(good())),
        (False, 200, ("if-none-match", "x"), PAGE, known(good())),
        (False, 304, ("accept", "x"), PAGE, known(good())),
        (False, 304, ("if-none-match", "x"), NEXT, known(good())),
        (False, 304, ("if-none-match", "x"), PAGE, known()),
        (False, 304, ("if-none-match", "x"), PAGE, Case(PAGE, {})),
    ],
)
def test_a_page_is_unchanged_only_where_that_was_asked(
    is_expected: bool, status: int, headers: tuple[str, str], final: Url, case: Case
) -> None:
    seen = observation(Request(PAGE, headers=(headers,)), status, final_url=final)
    assert follow.is_unchanged(case, seen) is is_expected


# -- after a look-up -------------------------------------------------------------------------------


def looked_up() -> tuple[Crawl, Request]:
    crawl = papers()
    (request,) = crawl.requests()
    return crawl, request


def papers() -> Crawl:
    return crawling([Document("l.md", (link(ABS), link(PDF)))], Job(discover()))


ITEM = "1706.03762"


@pytest.mark.parametrize(
    ("finding", "pages"),
    [
        (Finding(Presence.PRESENT), []),
        (Finding(Presence.ABSENT), []),
        (Finding(Presence.RESTRICTED), []),
        (Finding(Presence.PRESENT, ask_page=True), [ABS, PDF]),
        (Finding(), [ABS, PDF]),
        (None, [ABS, PDF]),
    ],
)
def test_the_pages_of_an_item_are_asked_where_the_site_does_not_speak(
    finding: Finding | None, pages: list[Url]
) -> None:
    crawl, request = looked_up()
    answer = Answer({ITEM: finding} if finding else {})
    following = follow.after_lookup(crawl.cases, observation(request), answer)
    assert [one.url for one in following] == pages
    assert follow.after_lookup(crawl.cases, observation(request), answer) == []  # each once


def test_the_pages_wait_for_what_the_site_asks_next() -> None:
    crawl, request = looked_up()
    witness = Request(NEXT, Purpose.LOOKUP, "arxiv", (ITEM,))
    assert follow.after_lookup(crawl.cases, observation(request), Answer(more=(witness,))) == [witness]


# -- after a page ----------------------------------------------------------------------------------


def test_a_refresh_is_a_redirect() -> None:
    seen = observation(PAGE, 200, hops=(Hop(Url("https://a.example/"), 301),))
    onward = follow.refresh(seen, Finding(refresh="../next"))
    assert onward
    assert (onward.url, onward.about) == (NEXT, PAGE)
    assert onward.trail == (Hop(Url("https://a.example/"), 301), Hop(PAGE, 200))


@pytest.mark.parametrize(
    ("target", "hops"),
    [
        ("", ()),
        ("javascript:alert(1)", ()),
        (PAGE, ()),
        (NEXT, (Hop(NEXT, 200),)),
        (NEXT, tuple(Hop(Url(f"https://a.example/{n}"), 200) for n in range(20))),
    ],
)
def test_a_refresh_that_leads_nowhere_or_round_is_none(target: str, hops: tuple[Hop, ...]) -> None:
    assert follow.refresh(observation(PAGE, 200, hops=hops), Finding(refresh=target)) is None


def test_as_many_hops_as_a_browser_follows() -> None:
    hops = tuple(Hop(Url(f"https://a.example/{n}"), 200) for n in range(19))
    assert follow.refresh(observation(PAGE, 200, hops=hops), Finding(refresh=NEXT))


def seen_page(cases: Cases, url: Url, status: int, **more: Any) -> list[Request]:
    seen = observation(url, status, **more)
    cases.note_page(seen, seen.sighting, Finding())
    return follow.after_page(cases, cases[url], seen, 3.0)


def cases_of(*urls: Url) -> Cases:
    return Cases(plan([Document("l.md", tuple(map(link, urls)))], ()))


def test_a_first_404_is_rechecked_and_a_second_is_not() -> None:
    cases = cases_of(PAGE)
    (again,) = seen_page(cases, PAGE, 404)
    assert (again.url, again.look, again.delay_s, again.purpose) == (PAGE, 2, 3.0, Purpose.PAGE)
    assert seen_page(cases, PAGE, 404, look=2) == []


@pytest.mark.parametrize("outcome", [410, 403, 500, 200, Fault.RESET])
def test_what_is_not_404_needs_no_recheck(outcome: int) -> None:
    assert seen_page(cases_of(PAGE), PAGE, outcome) == []


def test_pages_of_one_folder_that_are_sent_home_share_one_probe() -> None:
    other = Url("https://a.example/deep/other")
    cases, home = cases_of(PAGE, other), Url("https://a.example/")
    (probe,) = seen_page(cases, PAGE, 200, hops=(Hop(PAGE, 302),), final_url=home)
    assert (probe.purpose, probe.max_bytes) == (Purpose.PROBE, 131_072)
    assert probe.url.startswith("https://a.example/deep/")
    assert seen_page(cases, other, 200, hops=(Hop(other, 302),), final_url=home) == []
    assert [case.url for case in cases.settled(observation(probe))] == [PAGE, other]
    assert seen_page(cases, PAGE, 200, hops=(Hop(PAGE, 302),), final_url=home) == []  # asked once


# -- what a look leaves open ----------------------------------------------------------------------


def test_which_first_looks_are_taken_again() -> None:
    assert wants_recheck(sighting(404))
    assert not any(wants_recheck(sighting(outcome)) for outcome in (200, 403, 410, 500, Fault.DNS_NXDOMAIN))
    assert not wants_recheck(sighting(404, look=2))


@pytest.mark.parametrize(
    ("e", "wanted"),
    [
        (shown(), False),
        (shown(NOT_FOUND), True),
        (shown(NOT_FOUND, url="https://a.example/"), False),
        (shown(NOT_FOUND, seen=look(404)), False),
        (shown(NOT_FOUND, match(SignatureKind.CHALLENGE)), False),
        (shown(NOT_FOUND, match(SignatureKind.PARKED)), False),
        (shown(NOT_FOUND, match(SignatureKind.SHELL)), True),
        (shown(NOT_FOUND, site=Finding(Presence.PRESENT)), False),
        (shown(NOT_FOUND, site=Finding()), True),
        (redirected("https://a.example/"), True),
        (redirected("https://a.example/index.html"), True),
        (redirected("https://a.example/?p=12"), False),
        (redirected("https://a.example/deep/page"), False),
        (redirected("https://b.example/help"), False),
        (redirected("https://b.example/", url="https://bit.ly/x"), False),
        (shown(seen=look(200, "https://a.example/")), False),  # no redirect
        (shown(url="https://a.example/x.PDF"), True),
        (shown(url="https://a.example/x.PDF", seen=look(500)), False),
        (Evidence(HERE), False),
    ],
)
def test_when_a_probe_is_wanted(e: Evidence, wanted: bool) -> None:
    assert wants_probe(e) is wanted
