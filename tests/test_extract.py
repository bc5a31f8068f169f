from __future__ import annotations

from linkcheck.extract import Extraction, merged
from linkcheck.model import Author, Document, Hop, Metadata, Purpose, Url
from linkcheck.plan import plan
from linkcheck.sites import discover
from tests.answers import NOW, link, observation
from tests.sites.test_arxiv import feed

PAPER = Url("https://arxiv.org/pdf/1706.03762")
PAGE = Url("https://a.example/x")


def learning(*urls: str) -> Extraction:
    return Extraction(plan([Document("l.md", tuple(map(link, urls)))], discover()), discover())


def test_a_page_gives_its_sighting_and_its_metadata() -> None:
    found = learning(PAGE)
    assert found.take(observation(PAGE, 200, "<title>A title</title>")) == []
    assert (found.done, found.answered_at(PAGE)) == (1, NOW)
    metadata = found.metadata(PAGE)
    assert metadata
    assert metadata.title == "A title"
    assert [seen.status for seen in found.evidence(PAGE, resolver_works=True).looks] == [200]


def test_a_second_look_that_is_empty_keeps_the_first_ones_words() -> None:
    found = learning(PAGE)
    found.take(observation(PAGE, 200, "<title>A title</title>"))
    found.take(observation(PAGE, 404, ""))
    assert found.metadata(PAGE)
    assert len(found.looks[PAGE]) == 2


def test_nothing_learned_is_nothing_claimed() -> None:
    found = learning(PAGE)
    assert (found.metadata(PAGE), found.sighting(PAGE), found.answered_at(PAGE), found.trouble(PAGE)) == (
        None,
        None,
        None,
        "",
    )


def test_what_the_api_lists_needs_no_page() -> None:
    found = learning(PAPER)
    (request,) = found.plan.requests
    assert found.take(observation(request, body=feed(("1706.03762v7", "")))) == []
    assert (found.sighting(PAPER), found.answered_at(PAPER), found.done) == (None, NOW, 1)


def test_what_the_api_lacks_is_asked_as_a_page_once() -> None:
    found = learning(PAPER, "https://arxiv.org/abs/1301.3781")
    (request,) = found.plan.requests
    (page,) = found.take(observation(request, body=feed(("1301.3781v3", ""))))
    assert (page.url, page.purpose) == (PAPER, Purpose.PAGE)
    assert found.take(observation(request, body=feed(("1301.3781v3", "")))) == []


def test_a_meta_refresh_is_followed_and_counted_as_a_hop() -> None:
    found = learning(PAGE)
    html = '<meta http-equiv=refresh content="0;url=/new">'
    (onward,) = found.take(observation(PAGE, 200, html))
    assert (onward.url, onward.about, onward.trail) == ("https://a.example/new", PAGE, (Hop(PAGE, 200),))
    assert found.take(observation(onward, 200, '<meta http-equiv=refresh content="0;url=/x">', hops=onward.trail)) == []
    assert [seen.status for seen in found.looks[PAGE]] == [200]


def test_a_page_that_refreshes_itself_is_no_redirect() -> None:
    found = learning(PAGE)
    assert found.take(observation(PAGE, 200, '<meta http-equiv=refresh content="5;url=/x"><title>News</title>')) == []


def test_the_sites_words_go_before_the_pages() -> None:
    site = Metadata(title="S", provenance={"title": "api"})
    page = Metadata(
        title="P", title_raw="P | Site", authors=(Author("A"),), published="2020", provenance={"authors": "meta"}
    )
    both = merged(site, page)
    assert (both.title, both.title_raw, both.authors, both.published) == ("S", "", (Author("A"),), "2020")
    assert both.provenance == {"title": "api", "authors": "meta"}
