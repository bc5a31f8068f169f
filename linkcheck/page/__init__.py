"""Any page to a Finding: what it says of itself, and signs that it is no page at all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from sys import intern

from linkcheck import urls
from linkcheck.common.similarity import fingerprint
from linkcheck.model import Finding, Observation
from linkcheck.page import charset, fragments, metadata, signatures
from linkcheck.page.budget import Budget

_TITLE_CHARS = 1_000
_HTML = ("text/html", "application/xhtml+xml")


def read(seen: Observation, wanted: Iterable[str] = (), budget: Budget | None = None) -> Finding:
    """What the page in `seen` says of itself. An error page says nothing but that it is one.

    `wanted` are the fragments that links ask for. When the `budget` is spent, what was read by then is all.
    """
    _load_tables()
    budget = budget or Budget()
    status = seen.sighting.status
    if status is None:
        return Finding()
    text, encoding = charset.decode(seen.body, seen.headers.get("content-type", "")) if seen.body else ("", "")
    where = seen.sighting.final_url
    if not _is_html(seen):
        return Finding(
            matches=signatures.find(signatures.Source(text, None, where, seen.headers), status=status),
            media=media(seen),
        )
    page = metadata.parse(charset.in_utf8(text, encoding, seen.body), where, seen.sighting.at)
    is_success = seen.sighting.is_success
    is_asked = wanted and is_success and seen.complete and not budget.is_spent
    lost = fragments.missing(text, page.tree, wanted, is_whole=page.is_whole) if is_asked else ()
    found = metadata.extract(page) if is_success and not budget.is_spent else None
    source = signatures.Source(
        text, page.tree, where, seen.headers,
        title=page.text("title")[:_TITLE_CHARS], heads=page.heads, shares_title=bool(page.meta("og:title")),
        is_article=metadata.is_article(page, found),
    )  # fmt: skip
    matches = () if budget.is_spent else signatures.find(source, status=status)
    if any(match.kind in signatures.NO_PAGE for match in matches):
        found = None  # what a screen or a parked page says of itself is not the link's
    return Finding(
        metadata=found,
        refresh=metadata.refresh(page),
        matches=matches,
        fingerprint=fingerprint(f"{source.title} {source.text}") if is_success and not budget.is_spent else "",
        media=media(seen),
        lost=lost,
    )


@lru_cache(maxsize=1)
def _load_tables() -> None:
    """What takes 50 ms once is no page's time."""
    urls.load_suffixes()
    signatures.load_tables()


def media(seen: Observation) -> str:
    """The media type that the answer names, in lower case."""
    return intern(seen.headers.get("content-type", "").partition(";")[0].strip().lower())


def _is_html(seen: Observation) -> bool:
    kind = media(seen)
    return bool(seen.body) and (kind in _HTML or (not kind and seen.body.lstrip()[:1] == b"<"))
