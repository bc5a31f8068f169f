"""Parse a page once into a value that all readers share and none changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from linkcheck.model import Url
from linkcheck.page import bounded, json_ld, titles

Element = LexborNode

BYLINES = (
    "[rel~=author]", "[itemprop=author] [itemprop=name]", "[itemprop=author]", ".byline-name", ".byline",
)  # fmt: skip
"""Selectors of the authors of a page, most reliable first."""
# All elements needed, in one walk: each further one through a page of 50 KB takes 35 µs.
_WANTED = ", ".join(
    (
        "title", "h1", "h2", "meta[content]", "base[href]", 'link[rel~="canonical" i]', 'script[type*="ld+json" i]',
        "time[datetime]", "[itemprop=datePublished]", "[itemprop=name]",
        *(one for one in BYLINES if " " not in one),  # a selector with ancestors takes the depth of each element
    )
)  # fmt: skip
# Without events no `<selectedcontent>` gets a copy of each option in turn, and parsing is faster.
_AS_WRITTEN = LexborDocumentOptions.WO_EVENTS.value
_NEVER_MARKED = frozenset(("title", "base", "script"))
NOT_MAIN = frozenset("nav header footer aside script style noscript template select svg iframe button a".split())
"""Elements whose text is not the main text."""
MAIN_TEXT_WORDS = 300
"""More than any signature examines."""
MAIN_TEXT_CHARS = 6_000
_HEADING_CHARS = 200
_MOST_HEADINGS = 4
_MOST_SCRIPTS = 20  # of JSON-LD
_MOST_NAMES = 20  # of a meta
MOST_VALUES = 5_000
"""Values of one name that are kept; papers have 3,000 authors."""


@dataclass(slots=True)
class ParsedPage:
    """A parsed page, with the elements that readers need.

    `metas` are the values of each meta, by its name in lower case; `elements` those that readers need, by tag;
    `marked` those that may be marked as an author or a date; `nodes` the objects of its JSON-LD that have a type; all
    in document order. `now` bounds dates. `is_whole`: the parser got the whole, unchanged page.
    """

    tree: LexborHTMLParser
    url: Url
    now: datetime
    is_whole: bool = True
    metas: dict[str, list[str]] = field(default_factory=dict)
    elements: dict[str, list[Element]] = field(default_factory=dict)
    marked: list[Element] = field(default_factory=list)
    nodes: list[json_ld.Node] = field(default_factory=list)
    _headings: list[Element] = field(default_factory=list)

    def meta(self, name: str) -> str:
        """The first non-empty `content` of a meta with this name."""
        return next(filter(None, self.metas.get(name, ())), "")

    def text(self, tag: str) -> str:
        """The first text in one of the first three elements `tag`."""
        return next((t for n in self.elements.get(tag, ())[:3] if (t := titles.tidy(n.text()))), "")

    def attribute(self, tag: str, name: str) -> str:
        """Attribute `name` of the first element `tag`, or ''."""
        element = next(iter(self.elements.get(tag, ())), None)
        return (element.attributes.get(name) or "") if element else ""

    def linked_data(self, key: str, types: frozenset[str]) -> str:
        """The first text under `key` in JSON-LD objects of these types."""
        if not self.nodes:
            return ""
        found = (json_ld.text(n.get(key)) for n in self.nodes if json_ld.types(n) & types)
        return next((titles.tidy(text) for text in found if text), "")

    def headings(self) -> list[str]:
        """The first headings of the ranks 1 and 2."""
        shown = (
            " ".join(node.text(separator=" ").split())[:_HEADING_CHARS] for node in self._headings[:_MOST_HEADINGS]
        )
        return [text for text in shown if text]

    def main_text(self) -> str:
        """The beginning of the text outside NOT_MAIN elements, with blanks collapsed."""
        words = list[str]()
        for text in _texts(self.tree.body):
            words += text.split(maxsplit=MAIN_TEXT_WORDS)[:MAIN_TEXT_WORDS]
            if len(words) >= MAIN_TEXT_WORDS:
                break
        return " ".join(words[:MAIN_TEXT_WORDS])[:MAIN_TEXT_CHARS]

    def body_text(self) -> str:
        """All text between `<body>` and `</body>`, that of scripts too."""
        return self.tree.body.text() if self.tree.body else ""

    def anchors(self) -> set[str | None]:
        """The names of the anchors that a fragment can refer to (WHATWG HTML §7.4.6.4)."""
        ids = {element.attributes.get("id") for element in self.tree.css("[id]")}
        return ids | {element.attributes.get("name") for element in self.tree.css("a[name], map[name]")}


def parse(html: bytes, url: Url, now: datetime) -> ParsedPage:
    """Parse `html`, in UTF-8. `now` bounds dates: nothing is published after the page was requested."""
    markup = bounded.markup(html)
    page = ParsedPage(LexborHTMLParser(markup, options=_AS_WRITTEN), url, now, is_whole=markup is html)
    last = 0
    for element in page.tree.css(_WANTED):
        if element.mem_id == last:  # repeated for every selector that it matches
            continue
        last, tag = element.mem_id, element.tag or ""
        page.elements.setdefault(tag, []).append(element)
        if tag == "meta":
            _keep_meta(page, element)
        elif tag not in _NEVER_MARKED:
            page.marked.append(element)
        if tag in ("h1", "h2"):
            page._headings.append(element)
    if scripts := page.elements.get("script"):
        page.nodes = json_ld.nodes([script.text() for script in scripts[:_MOST_SCRIPTS]])
    return page


def _keep_meta(page: ParsedPage, element: Element) -> None:
    attributes = element.attributes
    value = " ".join((attributes.get("content") or "")[: titles.MOST_CHARS].split())
    for key in ("name", "property", "itemprop"):
        if named := attributes.get(key):
            for name in named.lower().split(maxsplit=_MOST_NAMES)[:_MOST_NAMES]:
                _keep(page, name, value)
    if equiv := attributes.get("http-equiv"):
        _keep(page, f"http-equiv:{equiv.lower()}", value)


def _keep(page: ParsedPage, name: str, value: str) -> None:
    values = page.metas.setdefault(name, [])
    if len(values) < MOST_VALUES:
        values.append(value)


def _texts(root: Element | None) -> Iterator[str]:
    """The texts in `root` that may be main text, in document order; lazily, in the time of the part walked."""
    element = root.child if root is not None else None
    around = list[Element]()
    while element is not None:
        tag = element.tag
        if tag == "-text":
            yield element.text_content or ""
        elif tag not in NOT_MAIN and (child := element.child) is not None:
            around.append(element)
            element = child
            continue
        while (following := element.next) is None and around:
            element = around.pop()
        element = following
