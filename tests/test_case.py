from __future__ import annotations

from datetime import timedelta

from linkcheck.case import in_short, merged, metadata
from linkcheck.crawl import Crawl, Job
from linkcheck.model import (
    Author,
    Document,
    Evidence,
    Fault,
    Finding,
    Hop,
    Identity,
    Metadata,
    Past,
    Presence,
    Probe,
    Purpose,
    Record,
    Request,
    State,
    Url,
    replace,
)
from linkcheck.sites import discover
from tests.answers import NOW, crawling, link, observation, sighting
from tests.sites.test_arxiv import feed

PAPER = Url("https://arxiv.org/pdf/1706.03762")
PAGE = Url("https://a.example/x")


def learning(*urls: str) -> Crawl:
    return crawling([Document("l.md", tuple(map(link, urls)))], Job(discover()))


def test_a_page_gives_its_sighting_and_its_metadata() -> None:
    found = learning(PAGE)
    assert found.sink(observation(PAGE, 200, "<title>A title</title>")) == []
    assert (found.cases.answered, found.cases[PAGE].answered_at) == (1, NOW)
    page = metadata(found.cases[PAGE].evidence())
    assert page
    assert page.title == "A title"
    assert [seen.status for seen in found.cases[PAGE].evidence().looks] == [200]


def test_a_second_look_that_is_empty_keeps_the_first_ones_words() -> None:
    found = learning(PAGE)
    found.sink(observation(PAGE, 200, "<title>A title</title>"))
    found.sink(observation(PAGE, 404, ""))
    assert metadata(found.cases[PAGE].evidence())
    assert len(found.cases[PAGE].looks) == 2


def test_nothing_learned_is_nothing_claimed() -> None:
    found = learning(PAGE)
    evidence = found.cases[PAGE].evidence()
    assert (evidence.last, evidence.site, metadata(evidence), found.cases[PAGE].answered_at) == (None, None, None, None)


def test_what_the_api_lists_needs_no_page() -> None:
    found = learning(PAPER)
    (request,) = found.requests()
    assert found.sink(observation(request, body=feed(("1706.03762v7", "")))) == []
    assert (found.cases[PAPER].evidence().last, found.cases[PAPER].answered_at, found.cases.answered) == (None, NOW, 1)


def test_what_the_api_lacks_is_asked_as_a_page_once() -> None:
    found = learning(PAPER, "https://arxiv.org/abs/1301.3781")
    (request,) = found.requests()
    (page,) = found.sink(observation(request, body=feed(("1301.3781v3", ""))))
    assert (page.url, page.purpose) == (PAPER, Purpose.PAGE)
    assert found.sink(observation(request, body=feed(("1301.3781v3", "")))) == []


def test_a_meta_refresh_is_followed_and_counted_as_a_hop() -> None:
    found = learning(PAGE)
    html = '<meta http-equiv=refresh content="0;url=/new">'
    (onward,) = found.sink(observation(PAGE, 200, html))
    assert (onward.url, onward.about, onward.trail) == ("https://a.example/new", PAGE, (Hop(PAGE, 200),))
    assert found.sink(observation(onward, 200, '<meta http-equiv=refresh content="0;url=/x">', hops=onward.trail)) == []
    assert [seen.status for seen in found.cases[PAGE].looks] == [200]


def test_a_page_that_refreshes_itself_is_no_redirect() -> None:
    found = learning(PAGE)
    assert found.sink(observation(PAGE, 200, '<meta http-equiv=refresh content="5;url=/x"><title>News</title>')) == []


def test_the_sites_words_go_before_the_pages() -> None:
    site = Metadata(title="S", provenance={"title": "api"})
    page = Metadata(
        title="P", title_raw="P | Site", authors=(Author("A"),), published="2020", provenance={"authors": "meta"}
    )
    both = merged(site, page)
    assert (both.title, both.title_raw, both.authors, both.published) == ("S", "", (Author("A"),), "2020")
    assert both.provenance == {"title": "api", "authors": "meta"}


# -- what earlier runs know ------------------------------------------------------------------

ABS = Url("https://arxiv.org/abs/1706.03762")
EARLIER = NOW - timedelta(days=1)


def of_the_site(url: Url, title: str) -> Record:
    finding = Finding(Presence.PRESENT, "listed", metadata=Metadata("arxiv", title))
    return Record(url, EARLIER, Evidence(url, site=finding), (Past(EARLIER, None, State.OK),))


def recalling(*records: Record, more: tuple[str, ...] = ()) -> Crawl:
    """What is learned where all of `records` are fresh, and `more` links are not known."""
    found = learning(*(record.url for record in records), *more)
    for record in records:
        found.cases[record.url].records[record.url] = record
    found.cases.take_fresh([record.url for record in records])
    return found


def test_what_is_recalled_counts_as_learned() -> None:
    seen = replace(sighting(200, PAGE), at=EARLIER)
    page = Finding(metadata=Metadata(title="A title"), fingerprint="00000001")
    past = (Past(EARLIER - timedelta(days=9), 200, State.OK), Past(EARLIER, 200, State.OK))
    probe = Probe(sighting(404, "https://a.example/y"))
    record = Record(PAGE, EARLIER, Evidence(PAGE, (seen,), page=page, probe=probe), past, Identity(EARLIER, "A title"))
    found = recalling(record)
    assert (found.cases.answered, found.cases[PAGE].answered_at) == (1, EARLIER)
    assert found.cases[PAGE].evidence() == Evidence(PAGE, (seen,), None, page, probe, True, past[:1], record.good)
    found.cases[PAGE].close()
    assert found.cases[PAGE].record is None


def test_a_paper_that_is_recalled_is_known_by_its_other_links_too() -> None:
    found = recalling(of_the_site(ABS, "Attention"), more=(PAPER,))
    for url in (ABS, PAPER):
        paper = metadata(found.cases[url].evidence())
        assert paper
        assert (paper.title, found.cases[url].answered_at) == ("Attention", EARLIER)


def test_what_the_site_says_now_goes_before_what_is_recalled() -> None:
    found = recalling(of_the_site(ABS, "Attention"), more=(PAPER,))
    (request,) = found.requests()
    found.sink(observation(request, body=feed(("1706.03762v9", ""))))
    assert [found.cases[url].answered_at for url in (ABS, PAPER)] == [NOW, NOW]
    assert [found.cases[url].evidence().site for url in (ABS, PAPER)] == [found.cases[ABS].item.finding] * 2  # type: ignore[union-attr]


def test_a_page_that_is_taken_now_goes_before_the_one_that_is_recalled() -> None:
    seen = replace(sighting(200, PAPER), at=EARLIER)
    recalled = Evidence(PAPER, (seen,), page=Finding(metadata=Metadata(title="Then")))
    found = recalling(Record(PAPER, EARLIER, recalled, (Past(EARLIER, 200, State.OK),)), more=(ABS,))
    (request,) = found.requests()
    pages = found.sink(observation(request, body=feed()))
    for page in pages:
        found.sink(observation(page, 200, "<title>Now it is another</title>"))
    evidence = found.cases[PAPER].evidence()
    assert [look.at for look in evidence.looks] == [NOW]
    assert evidence.page
    assert evidence.page.metadata
    assert evidence.page.metadata.title == "Now it is another"
    assert found.cases.answered == 2


def test_a_finding_of_what_could_not_be_asked_counts_for_all_urls_of_its_item() -> None:
    found = learning(ABS, PAPER)
    for answered, url in enumerate((ABS, PAPER)):
        assert found.cases.answered == 2 * bool(answered)
        found.sink(observation(Request(url, known=Finding(trouble="cannot be asked")), 200))
    assert found.cases.answered == 2


DAY = timedelta(days=1)


def looks(*seen: tuple[float, State]) -> list[Past]:
    return [Past(NOW + days * DAY, None, state) for days, state in seen]


def test_of_looks_of_one_state_three_are_kept() -> None:
    ok, dead = State.OK, State.DEAD
    assert in_short(looks()) == ()
    assert in_short(looks((0, ok))) == tuple(looks((0, ok)))
    assert in_short(looks((0, ok), (1, dead), (2, ok))) == tuple(looks((0, ok), (1, dead), (2, ok)))
    run = looks((0, dead), (0.1, dead), (1, dead), (2, dead), (3, dead), (3.1, dead))
    assert in_short(run) == (run[0], run[2], run[5])  # the first on another day than the first and the last
    assert in_short(looks((0, dead), (0.1, dead), (0.2, dead))) == tuple(looks((0, dead), (0.2, dead)))
    assert in_short(in_short(run)) == in_short(run)


def test_what_is_kept_of_looks_is_the_same_look_by_look() -> None:
    run = looks(*((n / 3, State.UNREACHABLE) for n in range(30)))
    kept: tuple[Past, ...] = ()
    for look in run:
        kept = in_short((*kept, look))
    assert (kept[0], kept[-1], len(kept)) == (run[0], run[-1], 3)
    assert len({one.at.date() for one in kept}) == 3


def test_what_a_name_server_said_is_recalled_with_its_word() -> None:
    url = Url("https://a.example/x")
    seen = Evidence(url, (sighting(Fault.DNS_NXDOMAIN),), resolver_works=True)
    crawl = recalling(Record(url, NOW, seen))
    crawl.cases.take_fresh([url])
    assert crawl.cases[url].evidence(resolver_works=False).resolver_works


def test_what_is_left_out_is_not_answered() -> None:
    crawl = learning("https://a.example/x")
    crawl.cases.leave_out([Url("https://a.example/x")])
    case = crawl.cases[Url("https://a.example/x")]
    assert (case.is_left_out, case.is_answered, crawl.left, list(crawl.requests())) == (True, False, 0, [])
