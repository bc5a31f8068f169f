"""What every site has to keep: one owner a URL, and no answer in trouble denies existence."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from string import Formatter
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkcheck import urls
from linkcheck.contracts import Site
from linkcheck.crawl import Crawl, Job
from linkcheck.model import Document, Fault, Link, Observation, Presence, Purpose, Request, replace
from linkcheck.sites import discover
from tests.answers import crawling, link, observation

SITES = discover()
EXAMPLES = [(site.name, url, item) for site in SITES for url, item in site.examples.items()]
TROUBLED = [
    (200, b""), (200, b"{}"), (200, b"{"), (200, b"<html><title>Login to the Wi-Fi</title>"), (200, b"\xff\xfe\x00"),
    (200, b"<feed xmlns='http://www.w3.org/2005/Atom'/>"), (200, b"[]"), (200, b"null"), (204, b""),
    (403, b"<html>Access Denied</html>"), (404, b""), (404, b"<html>proxy: no such page</html>"), (429, b"Rate exceeded."),
    (500, b"Forbidden"), (503, b"Not Found"), (302, b""), (Fault.READ_TIMEOUT, b""), (Fault.DNS_NXDOMAIN, b""),
    (Fault.HELD_BACK, b""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url", "item"), EXAMPLES, ids=[e[1] for e in EXAMPLES])
def test_each_example_has_exactly_one_owner(name: str, url: str, item: str) -> None:
    normal = urls.normalise(url)
    assert normal
    assert [(s.name, s.item(normal)) for s in SITES if s.item(normal) is not None] == [(name, item)]


# Of CSL 1.0.2 (csl-data.json); what comes from the link itself or from Metadata is the report's.
CSL_TYPES = set(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage""".split()
)
CSL_FIELDS = set(
    """archive archive_collection archive_location archive-place authority call-number categories chapter-number
    citation-number collection-number collection-title container-title container-title-short dimensions division edition
    event-place event-title genre ISBN ISSN issue jurisdiction keyword locator medium note number number-of-pages
    number-of-volumes original-publisher original-publisher-place original-title page page-first part-number part-title
    PMCID PMID printing-number publisher publisher-place references reviewed-genre reviewed-title scale section source
    status supplement-number title-short version volume volume-title volume-title-short year-suffix""".split()
)


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.name)
def test_what_a_site_says_in_csl_is_csl(site: Site) -> None:
    assert site.csl
    for kind, csl in site.csl.items():
        assert kind.partition("-")[0] == site.name
        assert csl.type in CSL_TYPES
        assert set(csl.fields) <= CSL_FIELDS
        for template in csl.fields.values():
            assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(template))


def test_no_two_sites_have_one_kind() -> None:
    kinds = [kind for site in SITES for kind in site.csl]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.name)
def test_every_kind_that_a_site_makes_is_in_its_csl(site: Site) -> None:
    """Those that stand in its source, as `kind=` of Metadata."""
    package = Path(inspect.getfile(site.read))
    files = package.parent.glob("*.py") if package.name == "__init__.py" else [package]
    made = set[str]()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Metadata":
            kind = next((one.value for one in node.keywords if one.arg == "kind"), None)
            if isinstance(kind, ast.Constant):
                made.add(str(kind.value))
            elif isinstance(kind, ast.JoinedStr):
                start = ast.literal_eval(kind.values[0])
                made |= {f"{start}{item.split(' ')[0]}" for item in site.examples.values()}
    assert made <= set(site.csl)


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.name)
def test_look_ups_carry_the_site_and_every_item_once(site: Site) -> None:
    items = list(dict.fromkeys(site.examples.values()))
    asked = site.ask(items)
    assert sorted(one for request in asked for one in request.items) == sorted(items)
    assert {(request.site, request.purpose) for request in asked} == {(site.name, Purpose.LOOKUP)}
    assert all(urls.normalise(request.url) for request in asked)


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.name)
@pytest.mark.parametrize(("outcome", "body"), TROUBLED, ids=str)
def test_a_troubled_answer_denies_nothing_and_the_page_is_asked(site: Site, outcome: int | Fault, body: bytes) -> None:
    for url in site.examples:
        crawl = crawling([document(link(url))], Job(SITES))
        pages = answer_all(crawl, outcome, body)
        normal = urls.normalise(url)
        assert normal
        finding = crawl.cases[normal].evidence().site
        assert finding is None or finding.presence is not Presence.ABSENT
        assert [page.url for page in pages] == [normal]


def answer_all(crawl: Crawl, outcome: int | Fault, body: bytes) -> list[Request]:
    """Give every look-up the same answer until only pages are asked for."""
    waiting, pages = list(crawl.requests()), list[Request]()
    for _ in range(50):
        if not waiting:
            return pages
        request = waiting.pop()
        if request.purpose is Purpose.PAGE:
            pages.append(request)
        else:
            waiting += crawl.sink(observation(request, outcome, body))
    raise AssertionError("the site asks without end")


def document(*links: Link) -> Document:
    return Document("l.md", links)


HOSTS = sorted({host for site in SITES for url in site.examples if (host := (urls.normalise(url) or "").split("/")[2])})
PARTS = sorted({part for site in SITES for url in site.examples for part in url.split("/", 3)[-1].split("/")})
WORDS = st.one_of(
    st.sampled_from(PARTS),
    st.text(max_size=20),
    st.sampled_from(
        ["[", "http://[", "//[::1", "%", "%00", "%ED%A0%80", "?u=", "&v=", "&list=", "²³", "v٣", "x" * 5_000]
    ),
)


@st.composite
def near_urls(draw: st.DrawFn) -> str:
    """URLs of the sites' hosts that hold what theirs hold, and what nobody expects."""
    path = "/".join(draw(st.lists(WORDS, max_size=4)))
    query = "&".join(f"{name}={draw(WORDS)}" for name in draw(st.lists(st.sampled_from("uvti"), max_size=3)))
    inner = f"{draw(st.sampled_from(HOSTS))}/{path}?{query}"
    for _ in range(draw(st.integers(0, 3))):
        inner = f"www.youtube.com/attribution_link?u={quote(inner, errors='replace')}"
    return f"https://{inner}"


@given(near_urls())
@example("https://www.youtube.com/attribution_link?u=http://[")
@example("https://www.youtube.com/attribution_link?u=" * 3 + "http://[")
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_url_is_an_item_or_none_and_an_item_can_be_asked_for(text: str) -> None:
    url = urls.normalise(text)
    if url is None:
        return
    for site in SITES:
        item = site.item(url)
        if item is not None:
            (request,) = site.ask([item])
            assert request.items == (item,)
            assert urls.normalise(request.url)


@pytest.mark.parametrize("depth", [2, 3, 1_000])
def test_an_attribution_link_to_another_is_no_item(depth: int) -> None:
    inner = "/watch?v=kCc8FmEb1nY"
    for _ in range(depth):
        inner = f"/attribution_link?u={quote(inner, safe='') if depth < 9 else inner}"
    url = urls.normalise(f"https://www.youtube.com{inner}")
    assert url
    assert [site.item(url) for site in SITES] == [None] * len(SITES)


def test_a_reader_that_fails_is_trouble_not_a_verdict() -> None:
    def broken(seen: Observation) -> object:
        raise KeyError("changed")

    site = replace(SITES[0], read=broken)
    url = next(iter(site.examples))
    crawl = crawling([document(link(url))], Job([site]))
    (request,) = crawl.requests()
    assert [r.purpose for r in crawl.sink(observation(request))] == [Purpose.PAGE]
    (case,) = crawl.cases
    assert "KeyError: 'changed'" in case.evidence().site.trouble  # type: ignore[union-attr]
