"""Which `#fragments` a file has, by the rules of what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from linkcheck.local.anchors import lines
from linkcheck.local.anchors.similar import Similar

if TYPE_CHECKING:
    from linkcheck.local.anchors.shape import Flavour
    from linkcheck.read.markdown.headings import Outline

# The modules with flavours, and the names of these.
_MODULES = {
    "github": ("github",),
    "gitlab": ("gitlab",),
    "mkdocs": ("mkdocs", "mkdocs-unicode", "mkdocs-pymdownx"),
    "docusaurus": ("docusaurus",),
    "kramdown": ("kramdown", "kramdown-plain"),
    "myst": ("myst",),
    "hugo": ("hugo",),
    "vitepress": ("vitepress",),
    "mdbook": ("mdbook",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}
UNKNOWN = "unknown"
NAMES = (*_MODULE_OF, UNKNOWN)
"""All flavours; `unknown` is that of a generator whose rules are not known, where any fragment may exist."""

MOST_BYTES = 2**22  # of a file whose anchors are looked for
_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx"})
_HTML = frozenset({".html", ".htm", ".xhtml"})


class Anchors:
    """The anchors of a file.

    `is_open`: what it has cannot be known, so that every fragment but the number of a line is taken for right.
    `is_project_wide`: a link of a fragment alone may lead to another file.
    """

    def __init__(
        self,
        names: Iterable[str] = (),
        *,
        folded: Iterable[str] = (),
        prefix: str = "",
        lines: int | None = None,
        is_open: bool = False,
        is_project_wide: bool = False,
    ) -> None:
        self.is_open = is_open
        self.is_project_wide = is_project_wide
        self._prefix = prefix  # may stand before any of them, in the file or in a fragment
        self._names = dict.fromkeys(name.removeprefix(prefix) for name in names if name)
        self._folded = {name.lower(): name for name in (one.removeprefix(prefix) for one in folded if one)}
        self._lines = lines
        self._similar: Similar | None = None

    def has(self, fragment: str, *, is_own: bool = True) -> bool:
        """Whether a link with this fragment, as in the URL after `#`, finds its place.

        `is_own`: it is a link of a fragment alone.
        """
        fragment = fragment.partition(":~:")[0]  # a text fragment (WICG) is looked for in the text
        if not fragment or fragment.lower() == "top" or fragment[0] in "!/" or "=" in fragment:
            return True  # the top of the page (WHATWG HTML §7.4.6.4), or a message to its script
        if self.is_found(fragment):
            return True
        if self._lines is not None and (line := lines.last_line(fragment)):
            return line <= self._lines
        return self.is_open or (is_own and self.is_project_wide)

    def is_found(self, fragment: str) -> bool:
        """Whether the anchor was found in the file, whatever else may be in it."""
        return any(self._has_name(name.removeprefix(self._prefix)) for name in (fragment, unquote(fragment)))

    def _has_name(self, name: str) -> bool:
        return name in self._names or name.lower() in self._folded

    @property
    def names(self) -> tuple[str, ...]:
        """The anchors that are known, not percent-encoded."""
        return (*self._names, *self._folded.values())

    def nearest(self, fragment: str) -> str:
        """The anchor that `fragment` was most likely meant to be, not percent-encoded; '' if none is near."""
        self._similar = self._similar or Similar(self.names)
        return self._similar.to(unquote(fragment).removeprefix(self._prefix))


def anchors(data: bytes, path: str, flavour: str) -> Anchors:
    """The anchors of the file `data` at `path`; the suffix of the path tells its format. Raises KeyError for a flavour
    that is none of NAMES."""
    return in_any(data, path, (flavour,))


def in_any(data: bytes, path: str, flavours: Sequence[str]) -> Anchors:
    """The same where several flavours are plausible: what has one of them has its place."""
    count = lines.count(data)
    suffix = PurePath(path).suffix.lower()
    shapes = [shape for name in flavours for shape in _shapes(name)]
    if suffix in _HTML and len(data) <= MOST_BYTES:
        from linkcheck.local.anchors.html import of_page

        return of_page(data, count)
    if suffix not in _MARKDOWN or len(data) > MOST_BYTES or UNKNOWN in flavours:
        return Anchors(lines=count, is_open=True)
    return _of_markdown(data, shapes, count, is_mdx=suffix == ".mdx")


def _of_markdown(data: bytes, shapes: Sequence[Flavour], count: int | None, *, is_mdx: bool) -> Anchors:
    from linkcheck.local.anchors import components

    page = _outline(data)
    if page.is_cut:
        return Anchors(lines=count, is_open=True)
    is_open = (is_mdx and components.are_used(page)) or any(shape.is_open(page) for shape in shapes)
    return Anchors(
        (name for shape in shapes if not shape.ignores_case for name in shape.anchors(page)),
        folded=(name for shape in shapes if shape.ignores_case for name in shape.anchors(page)),
        prefix=next((shape.prefix for shape in shapes if shape.prefix), ""),
        lines=count,
        is_open=is_open,
        is_project_wide=any(shape.is_project_wide for shape in shapes),
    )


@lru_cache(maxsize=1)
def _outline(data: bytes) -> Outline:
    """The last file's is kept: a caller may ask by one flavour after another."""
    from linkcheck.read.markdown.headings import outline  # loads the parser

    return outline(data)


@cache
def _shapes(name: str) -> tuple[Flavour, ...]:
    if name == UNKNOWN:
        return ()
    found: tuple[Flavour, ...] = import_module(f"linkcheck.local.anchors.{_MODULE_OF[name]}").FLAVOURS
    return tuple(one for one in found if one.name == name)
