"""Find the fragments of links that a page does not have (WHATWG HTML §7.4.6.4).

No opinion if a script may create the anchors, if the page was truncated, or if the fragment is a message to the page
(`#!`, `#/`, `#:~:text=`) or a line of a source file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from linkcheck.common.char_references import unescaped
from linkcheck.page.html import ParsedPage

_LINES = re.compile(r"(?:L|l|line-?|n)\d++(?:(?:[-,][LC]?|[LC])\d++)*+")
_PLACE = re.compile(r"\b(?:id|name)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"']++))", re.IGNORECASE)
_APP = re.compile(
    r'(?:id|class)="(?:root|app|__next|__nuxt|react-app|svelte)"|data-reactroot|ng-app|<react-app', re.IGNORECASE
)
_SCRIPTED_WORDS = 20


def missing(source: str, page: ParsedPage, wanted: Iterable[str]) -> tuple[str, ...]:
    """The `wanted` fragments (as written, without `#`) without an anchor on a page that was read completely.

    `source` is what `page` was parsed from.
    """
    asked = [one for one in wanted if not _is_any_pages(one)]
    if not asked:
        return ()
    names = page.anchors()
    if not page.is_whole:  # they may be in the part that was not parsed
        names |= {unescaped("".join(found.groups(""))) for found in _PLACE.finditer(source)}
    lost = tuple(one for one in asked if not {one, unquote(one), f"user-content-{unquote(one).lower()}"} & names)
    return lost if lost and not _is_scripted(source, page) else ()


def _is_any_pages(fragment: str) -> bool:
    return (
        not fragment
        or fragment.lower() == "top"
        or fragment.startswith(("!", "/", ":~:"))
        or ":~:" in fragment
        or "=" in fragment
        or _LINES.fullmatch(fragment) is not None
    )


def _is_scripted(source: str, page: ParsedPage) -> bool:
    """Whether a script may create the anchor: then its absence is unknown."""
    if "<script" not in source:
        return False
    return _APP.search(source) is not None or len(page.body_text().split()) < _SCRIPTED_WORDS
