"""Any HTML page to Metadata: one ordered list of rules a field, the first good answer wins.

The order is that of the sources' measured reliability (102 pages with a known title: og:title
right in 87 %, `<title>` as it stands in 39 %); `provenance` keeps which rule spoke. A page that
is no answer (status of 400 and more) gives nothing, and no title is taken from a block screen, a
consent page or an error page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from sys import intern
from types import MappingProxyType

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from linkcheck import urls
from linkcheck.model import Author, Metadata, Url
from linkcheck.page import bounded, dates, json_ld, titles
from linkcheck.page.json_ld import Node

_ARTICLES = frozenset(
    """Article BlogPosting NewsArticle TechArticle ScholarlyArticle Report ReportageNewsArticle OpinionNewsArticle
    AnalysisNewsArticle Review SocialMediaPosting LiveBlogPosting Recipe Course Book Chapter Dataset""".split()
)
_NAMED = frozenset(
    "VideoObject SoftwareSourceCode SoftwareApplication WebPage Product Dataset Book Course Movie Event".split()
)
_ORGANISATIONS = frozenset("Organization NewsMediaOrganization WebSite Corporation".split())
_BY = re.compile(
    r"^(?:(?:written|posted|published)\s+by|by|von|par|por|di|da|af|av|автор:?)\s+(?!\S+\s*$)|^by:?\s+", re.IGNORECASE
)
_NO_AUTHOR = re.compile(
    r"(?:https?:|www\.|//).*|.*@\S+\.\S.*|(?:admin(?:istrator)?|author|user|guest|editor|staff|root|webmaster|anonymous|"
    r"unknown|none|null|undefined|contributors?)|.*\d{4}.*|by|\W*",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"\s*+(?P<after>\d{0,4})(?:\.\d*+)?+\s*+(?:[;,]\s*+)?+url\s*+=\s*+(?P<url>\S.*)", re.IGNORECASE)
_REFRESH_S = 10
_BYLINES = (
    "[rel~=author]", "[itemprop=author] [itemprop=name]", "[itemprop=author]", ".byline-name", ".byline",
)  # fmt: skip
# All that is looked for, in one walk: every further one through a page of 50 KB takes 35 µs.
_WANTED = ", ".join(
    (
        "title", "h1", "h2", "meta[content]", "base[href]", 'link[rel~="canonical" i]', 'script[type*="ld+json" i]',
        "time[datetime]", "[itemprop=datePublished]", "[itemprop=name]",
        *(one for one in _BYLINES if " " not in one),  # to look up for ancestors takes the depth of each
    )
)  # fmt: skip
# Without events no `<selectedcontent>` gets a copy of each option in turn, and the parser takes less time.
_AS_WRITTEN = LexborDocumentOptions.WO_EVENTS.value
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_UNMARKED = frozenset(("title", "base", "script"))
_WEAK_DATES = ("time", "url")  # may be any date on the page
_AUTHOR_CHARS = 120
_DESCRIPTION_CHARS = 2_000
_TITLE_CHARS = 1_000
_SITE_CHARS = 300
_URL_CHARS = 8_000
_DOI_CHARS = 300
_LANGUAGE_CHARS = 35  # RFC 5646 §4.4.1
_MOST_NAMES = 20  # of a meta
_MOST_VALUES = 5_000  # of a name; papers have 3,000 authors
_MOST_ANCESTORS = 30
_MOST_SITES = 50


@dataclass(slots=True)
class Page:
    """A parsed page, with what every rule asks for looked up once.

    `found` are the elements that a rule may want, by tag, `heads` the headings of the first two ranks,
    `marked` what may be marked as an author or a date; all in the page's order. `is_whole` says that the parser
    got the page as it is.
    """

    tree: LexborHTMLParser
    url: Url
    now: datetime
    is_whole: bool = True
    metas: dict[str, list[str]] = field(default_factory=dict)
    found: dict[str, list[LexborNode]] = field(default_factory=dict)
    heads: list[LexborNode] = field(default_factory=list)
    marked: list[LexborNode] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def meta(self, name: str) -> str:
        """The first non-empty `content` of a meta with this name."""
        return next(filter(None, self.metas.get(name, ())), "")

    def text(self, tag: str) -> str:
        """The first text in one of the first three elements `tag`."""
        return next((t for n in self.found.get(tag, ())[:3] if (t := titles.tidy(n.text()))), "")

    def linked_data(self, key: str, wanted: frozenset[str]) -> str:
        """The first text under `key` in JSON-LD nodes of the wanted types."""
        if not self.nodes:
            return ""
        found = (json_ld.text(n.get(key)) for n in self.nodes if json_ld.types(n) & wanted)
        return next((titles.tidy(text) for text in found if text), "")


Rule = tuple[str, Callable[[Page], str] | None]
"""Where a value may stand, and how to get it from there; None for a meta of that name."""


def parse(html: bytes, url: Url, now: datetime) -> Page:
    """`html` is in UTF-8. `now` bounds dates: nothing was published after the page was seen."""
    markup = bounded.markup(html)
    page = Page(LexborHTMLParser(markup, options=_AS_WRITTEN), url, now, is_whole=markup is html)
    last = 0
    for node in page.tree.css(_WANTED):
        if node.mem_id == last:  # once for every selector that it matches
            continue
        last, tag = node.mem_id, node.tag or ""
        page.found.setdefault(tag, []).append(node)
        if tag == "meta":
            _keep_meta(page, node)
        elif tag not in _UNMARKED:
            page.marked.append(node)
        if tag in ("h1", "h2"):
            page.heads.append(node)
    if scripts := page.found.get("script"):
        page.nodes = json_ld.nodes([n.text() for n in scripts[:20]])
    return page


def _keep_meta(page: Page, node: LexborNode) -> None:
    attributes = node.attributes
    value = " ".join((attributes.get("content") or "")[: titles.MOST_CHARS].split())
    for key in ("name", "property", "itemprop"):
        if named := attributes.get(key):
            for name in named.lower().split(maxsplit=_MOST_NAMES)[:_MOST_NAMES]:
                _keep(page, name, value)
    if equiv := attributes.get("http-equiv"):
        _keep(page, f"http-equiv:{equiv.lower()}", value)


def _keep(page: Page, name: str, value: str) -> None:
    values = page.metas.setdefault(name, [])
    if len(values) < _MOST_VALUES:
        values.append(value)


def extract(page: Page) -> Metadata | None:
    """The Metadata of a page, or None where it gives nothing."""
    provenance: dict[str, str] = {}

    def pick(name: str, rules: Sequence[Rule], accept: Callable[[str], str]) -> str:
        for source, text in _answers(page, rules):
            if text and (value := accept(text)):
                provenance[name] = source
                return value
        return ""

    site = pick("site_name", SITE_NAME, lambda t: titles.tidy(t)[:_SITE_CHARS])
    names = _site_names(page, site)
    raw = ""

    def as_title(text: str) -> str:
        nonlocal raw
        raw = titles.tidy(text)[:_TITLE_CHARS]
        cleaned = titles.without_site(raw, names)
        is_site = any(titles.is_same(cleaned, name) for name in names) and not _is_root(page.url)
        return "" if is_site or not all(map(titles.is_title, {raw, cleaned})) else cleaned

    title = pick("title", TITLE, as_title)
    title_raw = raw if title and raw != title else ""
    if not title and not titles.is_title(titles.tidy(page.text("title")) or "x"):
        return None  # a screen, a consent or an error page: what else it says is its own
    published = pick("published", PUBLISHED, lambda t: dates.parse(t, page.now))
    modified = pick("modified", MODIFIED, lambda t: dates.parse(t, page.now))
    description = pick("description", DESCRIPTION, lambda t: titles.tidy(t)[:_DESCRIPTION_CHARS])
    language = pick("language", LANGUAGE, _language)
    canonical = pick("canonical", CANONICAL, lambda t: _canonical(page, t))
    doi = pick("doi", DOI, _doi)
    authors = _authors(page, names, provenance)
    if not any((title, description, authors)):
        return None
    return Metadata(
        kind=_kind(page),
        title=title,
        title_raw=title_raw,
        authors=authors,
        published=published,
        modified=modified,
        description=description,
        language=language,
        site_name=site,
        canonical=canonical if canonical != page.url else "",
        doi=doi,
        provenance=_shared(
            tuple((key, value) for key, value in provenance.items() if key != "canonical" or canonical != page.url)
        ),
    )


def _answers(page: Page, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """(source, what stands there) for every rule that has something to look at."""
    for source, rule in rules:
        if rule:
            yield source, rule(page)
        elif source in page.metas:
            yield source, page.meta(source)


@lru_cache(maxsize=1024)
def _shared(provenance: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """One mapping for all pages of the same make."""
    return MappingProxyType(dict(provenance))


def is_article(page: Page, found: Metadata | None) -> bool:
    """Whether the page's own head says that somebody wrote and published it."""
    if page.meta("citation_title") or (page.nodes and page.linked_data("headline", _ARTICLES)):
        return True
    if found:
        return found.provenance.get("published", "time") not in _WEAK_DATES
    said = (text for source, text in _answers(page, PUBLISHED) if source not in _WEAK_DATES)
    return any(text and dates.parse(text, page.now) for text in said)


def refresh(page: Page) -> str:
    """Where a meta refresh sends the reader within ten seconds, or ''."""
    found = _REFRESH.match(page.meta("http-equiv:refresh"))
    return found["url"].strip("\"' ") if found and float(found["after"] or 0) <= _REFRESH_S else ""


# -- the rules -------------------------------------------------------------------------------


def _meta_rules(*names: str) -> list[Rule]:
    return [(name, None) for name in names]


def _h1(page: Page) -> str:
    return page.text("h1")


def _citation_date(page: Page) -> str:
    """The first date with a day in it: journals give the month of the issue and the day online."""
    names = ("citation_publication_date", "citation_date", "citation_online_date")
    found = [date for name in names if (text := page.meta(name)) and (date := dates.parse(text, page.now))]
    return next((date for date in found if len(date) >= len("2021-07-15")), found[0] if found else "")


def _time_element(page: Page) -> str:
    """The first `<time>` that says it is the publication's, else the first of all."""
    nodes = page.found.get("time", ())[:20]
    found = [attributes for node in nodes if "datetime" in (attributes := node.attributes)]
    marked = (
        a for a in found if "pubdate" in a or a.get("itemprop") == "datePublished" or _is_published(a.get("class"))
    )
    return str((next(marked, None) or (found[0] if found else {})).get("datetime") or "")


def _is_published(classes: str | None) -> bool:
    return bool({"published", "entry-date"} & set((classes or "").split()))


def _itemprop_date(page: Page) -> str:
    node = next((node for node in page.marked if node.attributes.get("itemprop") == "datePublished"), None)
    return (node.attributes.get("content") or node.attributes.get("datetime") or node.text()) if node else ""


def _html_lang(page: Page) -> str:
    node = page.tree.root
    return (node.attributes.get("lang") or node.attributes.get("xml:lang") or "") if node else ""


def _canonical_link(page: Page) -> str:
    links = (node.attributes for node in page.found.get("link", ()))
    return next((a.get("href") or "" for a in links if "canonical" in (a.get("rel") or "").lower().split()), "")


def _attribute(page: Page, tag: str, name: str) -> str:
    """Attribute `name` of the first element `tag`, or ''."""
    node = next(iter(page.found.get(tag, ())), None)
    return (node.attributes.get(name) or "") if node else ""


def _headline(page: Page) -> str:
    if urls.registrable_domain(urls.host(page.url)) == "wikipedia.org":
        return ""  # its JSON-LD headline is the description (trafilatura#23)
    return page.linked_data("headline", _ARTICLES)


TITLE: Sequence[Rule] = (
    *_meta_rules("citation_title", "og:title", "twitter:title"),
    ("ld.headline", _headline),
    ("ld.name", lambda page: page.linked_data("name", _NAMED)),
    *_meta_rules("dc.title", "dcterms.title"),
    ("title", lambda page: page.text("title")),
    ("h1", _h1),
)
PUBLISHED: Sequence[Rule] = (
    ("citation_date", _citation_date),
    ("ld.datePublished", lambda page: page.linked_data("datePublished", _ARTICLES | _NAMED)),
    *_meta_rules("article:published_time", "og:article:published_time", "datepublished"),
    ("itemprop.datePublished", _itemprop_date),
    *_meta_rules(
        "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "date", "pubdate",
        "publish_date", "publication_date", "parsely-pub-date", "sailthru.date", "article.published",
    ),
    ("time", _time_element),
    ("url", lambda page: dates.from_url(page.url, page.now)),
)  # fmt: skip
MODIFIED: Sequence[Rule] = (
    ("ld.dateModified", lambda page: page.linked_data("dateModified", _ARTICLES | _NAMED)),
    *_meta_rules("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"),
)
DESCRIPTION: Sequence[Rule] = (
    *_meta_rules("citation_abstract", "og:description", "description", "twitter:description"),
    ("ld.description", lambda page: page.linked_data("description", _ARTICLES | _NAMED)),
    *_meta_rules("dc.description", "dcterms.abstract"),
)
LANGUAGE: Sequence[Rule] = (
    ("html.lang", _html_lang),
    *_meta_rules("http-equiv:content-language", "og:locale"),
    ("ld.inLanguage", lambda page: page.linked_data("inLanguage", _ARTICLES | _NAMED)),
)
SITE_NAME: Sequence[Rule] = (
    *_meta_rules("og:site_name"),
    ("ld.publisher", lambda page: page.linked_data("publisher", _ARTICLES)),
    ("ld.name", lambda page: page.linked_data("name", frozenset({"WebSite"}))),
    *_meta_rules("application-name", "citation_publisher"),
)
CANONICAL: Sequence[Rule] = (("link.canonical", _canonical_link), *_meta_rules("og:url"))
DOI: Sequence[Rule] = (
    *_meta_rules("citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "bepress_citation_doi"),
)


# -- what a rule's answer has to be -----------------------------------------------------------


def _language(text: str) -> str:
    tag = text.split(",")[0].strip().replace("_", "-")
    return intern(tag) if len(tag) <= _LANGUAGE_CHARS and _LANGUAGE.fullmatch(tag) else ""


def _doi(text: str) -> str:
    found = re.search(r"10\.\d{4,9}/[^\s\"<>]+", text)
    return found[0] if found and len(found[0]) <= _DOI_CHARS else ""


def _canonical(page: Page, text: str) -> str:
    """Absolute, on the same registrable domain, and not the root that a deep page claims."""
    base = _attribute(page, "base", "href")
    if len(base) + len(text) > _URL_CHARS:
        return ""
    root = (urls.normalise(base, base=page.url) if base else None) or page.url
    found = urls.normalise(text, base=root)
    if found is None:
        return ""
    same = urls.registrable_domain(urls.host(found)) == urls.registrable_domain(urls.host(page.url))
    return found if same and (urls.path_of(found) != "/" or _is_root(page.url)) else ""


def _is_root(url: Url) -> bool:
    return urls.path_of(url) == "/" and "?" not in url


def _site_names(page: Page, site: str) -> list[str]:
    host = urls.host(page.url)
    domain = urls.registrable_domain(host)
    label = domain.partition(".")[0]
    organisations = islice((n for n in page.nodes if json_ld.types(n) & _ORGANISATIONS), _MOST_SITES)
    publishers = [json_ld.text(n.get("name"))[:_SITE_CHARS] for n in organisations]
    return [n for n in (site, *publishers, page.meta("application-name"), host, domain, label) if n]


def _kind(page: Page) -> str:
    found = set().union(*(json_ld.types(node) for node in page.nodes)) if page.nodes else set()
    if page.meta("citation_title"):
        return "paper"
    if found & _ARTICLES or page.meta("og:type").lower() == "article" or page.meta("article:published_time"):
        return "article"
    return "page"


# -- authors ---------------------------------------------------------------------------------


def _authors(page: Page, sites: Sequence[str], provenance: dict[str, str]) -> tuple[Author, ...]:
    known = set(map(titles.key, sites))
    for source, candidates in _author_sources(page):
        kept = [a for text in candidates[:_MOST_VALUES] if (a := _author(text, known))]
        if kept:
            provenance["authors"] = source
            return tuple({a.name.casefold(): a for a in kept}.values())
    return ()


def _author_sources(page: Page) -> Iterator[tuple[str, list[str]]]:
    """Where authors stand, best first."""
    for name in ("citation_author", "citation_authors", "bepress_citation_author"):
        if name in page.metas:
            yield name, [part for value in page.metas[name] for part in value.split(";")]
    if page.nodes:
        yield "ld.author", _linked_authors(page)
    for name in (
        "author",
        "dc.creator",
        "dcterms.creator",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "byl",
    ):
        if name in page.metas:
            yield name, [part for value in page.metas[name] for part in _people(value)]
    found = {selector: list[str]() for selector in _BYLINES}
    for node in page.marked:
        for selector in _bylines(node):
            if len(found[selector]) < 3:
                found[selector].append(titles.tidy(node.text()))
    for selector, texts in found.items():
        yield selector, [part for text in texts if len(text) < _AUTHOR_CHARS for part in _people(text)]


def _linked_authors(page: Page) -> list[str]:
    by_id = {n["@id"]: n for n in page.nodes if isinstance(n.get("@id"), str)}
    return [
        name
        for node in page.nodes
        if json_ld.types(node) & (_ARTICLES | _NAMED)
        for name in json_ld.names(node.get("author"), by_id)
    ]


def _bylines(node: LexborNode) -> Iterator[str]:
    """The selectors of _BYLINES that `node` matches."""
    attributes = node.attributes
    if "author" in (attributes.get("rel") or "").split():
        yield "[rel~=author]"
    if attributes.get("itemprop") == "name" and _is_in_author(node):
        yield "[itemprop=author] [itemprop=name]"
    if attributes.get("itemprop") == "author":
        yield "[itemprop=author]"
    classes = (attributes.get("class") or "").split()
    yield from (f".{name}" for name in ("byline-name", "byline") if name in classes)


def _is_in_author(node: LexborNode) -> bool:
    """Whether an element around `node` is marked as the author; css_matches() would walk all that is in `node`."""
    outer = node.parent
    for _ in range(_MOST_ANCESTORS):
        if outer is None or outer.attributes.get("itemprop") == "author":
            return outer is not None
        outer = outer.parent
    return False


def _people(text: str) -> list[str]:
    """`Ann Lee, Bo Chen and Cy Dow` as three; `Lee, Ann` stays one."""
    text = _BY.sub("", titles.tidy(text))
    parts = re.split(r"[;|•&]|\band\b|\bund\b", text)
    if all(" " in part.strip() for part in text.split(",")):
        parts = [piece for part in parts for piece in part.split(",")]
    return [part.strip() for part in parts if part.strip()]


def _author(text: str, sites: Collection[str]) -> Author | None:
    """The author that `text` names, None where it names nobody or one of the `sites`, given by their keys."""
    name = _BY.sub("", titles.tidy(text)).strip(" ,;:")
    if not name or len(name) > _AUTHOR_CHARS or _NO_AUTHOR.fullmatch(name) or titles.key(name) in sites:
        return None
    family, comma, given = name.partition(", ")
    if comma and given and "," not in given and " and " not in given:
        return Author(f"{given} {family}", family=family, given=given)
    return Author(name)
