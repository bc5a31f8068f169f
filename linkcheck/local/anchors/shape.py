"""What a flavour of Markdown is here: how its generator names the anchors of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from linkcheck.model import Value
from linkcheck.read.markdown.headings import Heading, Outline

Unique = Callable[[str], str]
"""Takes the slugs of a page in order; returns each as its anchor."""


class HeadingRule(Value, frozen=True):
    """One way to name a heading: `slug` of its `text`, made unique on the page by a new `unique`."""

    text: Callable[[Heading], str]
    slug: Callable[[str], str]
    unique: Callable[[], Unique]


class Flavour(Value, frozen=True):
    """How one generator, or one forge, names anchors.

    `rules`: more than one where versions of it differ, or where its settings are not read; a fragment that any of
    them makes is taken for right. `explicit(source)` gives the text of a heading without the id that is written in
    it, and that id, '' if there is none. `is_reserved`: such ids, and those of the page's HTML, are taken before
    headings are named. `names_html`: it names headings that are written as HTML too. `hidden` are headings that only
    its own parser sees; they are named last. `extras` are its other anchors. `is_open` says that a page gets anchors
    that its file does not show. `prefix` may stand before any anchor. `is_project_wide`: a link of a fragment alone
    may lead to an anchor of another file.
    """

    name: str
    rules: tuple[HeadingRule, ...]
    explicit: Callable[[str], tuple[str, str]] = lambda text: (text, "")
    is_reserved: bool = False
    names_html: bool = False
    hidden: Callable[[Outline], Iterable[Heading]] = lambda page: ()  # noqa: ARG005
    extras: Callable[[Outline], Iterable[str]] = lambda page: ()  # noqa: ARG005
    is_open: Callable[[Outline], bool] = lambda page: False  # noqa: ARG005
    ignores_case: bool = False
    prefix: str = ""
    is_project_wide: bool = False

    def anchors(self, page: Outline) -> Iterator[str]:
        """All anchors of a page, without `#`; some of them twice."""
        headings = [one for one in page.headings if self.names_html or not one.is_html]
        headings += self.hidden(page)
        ids = [self.explicit(one.source)[1] for one in headings]
        written = [*page.names, *filter(None, ids)]
        yield from written
        yield from self.extras(page)
        for rule in self.rules:
            unique = rule.unique()
            for name in written if self.is_reserved else ():
                unique(name)
            for heading, own in zip(headings, ids, strict=True):
                text = rule.text(heading)
                if not own:
                    yield unique(rule.slug(text))


# -- the text of a heading ---------------------------------------------------------------------


def rendered(heading: Heading) -> str:
    """Its text as rendered, without images."""
    return heading.text()


def with_alt(heading: Heading) -> str:
    """Its text as rendered, with the alternative text of images."""
    return heading.text(alt=True)


# -- duplicates --------------------------------------------------------------------------------


def counted() -> Unique:
    """`a`, `a-1`, `a-2`: by how often the slug came before, even if such an anchor is taken."""
    seen: dict[str, int] = {}

    def unique(slug: str) -> str:
        number = seen[slug] = seen.get(slug, -1) + 1
        return f"{slug}-{number}" if number else slug

    return unique


def lowest_free() -> Unique:
    """`a`, `a-1`, `a-2`: the lowest number that makes an anchor that is not taken yet."""
    taken: dict[str, int] = {}  # and up to which number those with this slug are taken

    def unique(slug: str) -> str:
        anchor = slug
        while anchor in taken:
            taken[slug] += 1
            anchor = f"{slug}-{taken[slug]}"
        taken[anchor] = 0
        return anchor

    return unique
