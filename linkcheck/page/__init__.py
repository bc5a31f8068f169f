"""Any page to a Finding: its metadata and the signatures that it matches."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from sys import intern

from linkcheck import urls
from linkcheck.common.similarity import fingerprint
from linkcheck.model import Finding, Observation
from linkcheck.page import charset, fragments, html, metadata, signatures
from linkcheck.page.budget import Budget

_HTML = ("text/html", "application/xhtml+xml")


def read(seen: Observation, wanted: Iterable[str] = (), budget: Budget | None = None) -> Finding:
    """Parse the page in `seen`. An error page gives signatures only, no metadata.

    `wanted` are the fragments that links name. When the `budget` is spent, the finding is what was parsed by then.
    """
    _load_tables()
    budget = budget or Budget()
    if seen.sighting.status is None:
        return Finding()
    text, encoding = charset.decode(seen.body, seen.headers.get("content-type", "")) if seen.body else ("", "")
    if _is_html(seen):
        parsed = html.parse(charset.in_utf8(text, encoding, seen.body), seen.sighting.final_url, seen.sighting.at)
        return _read_html(seen, text, parsed, wanted, budget)
    where = seen.sighting.final_url
    looked_at = signatures.SignatureInput(text, None, where, seen.headers)
    return Finding(matches=signatures.find(looked_at, status=seen.sighting.status), media=media(seen))


def _read_html(seen: Observation, text: str, parsed: html.ParsedPage, wanted: Iterable[str], budget: Budget) -> Finding:
    """The finding of an HTML page; `parsed` is the parse of `text`."""
    is_success = seen.sighting.is_success
    is_asked = wanted and is_success and seen.complete and not budget.is_spent
    lost = fragments.missing(text, parsed, wanted) if is_asked else ()
    found = metadata.extract(parsed) if is_success and not budget.is_spent else None
    is_article = metadata.is_article(parsed, found)
    looked_at = signatures.SignatureInput(text, parsed, parsed.url, seen.headers, is_article=is_article)
    matches = () if budget.is_spent else signatures.find(looked_at, status=seen.sighting.status or 0)
    if any(match.kind in signatures.NO_PAGE for match in matches):
        found = None  # the metadata of a challenge page or a parked page is not the link's
    is_complete = is_success and not budget.is_spent
    return Finding(
        metadata=found,
        refresh=metadata.refresh(parsed),
        matches=matches,
        fingerprint=fingerprint(f"{looked_at.title} {looked_at.text}") if is_complete else "",
        media=media(seen),
        lost=lost,
    )


@lru_cache(maxsize=1)
def _load_tables() -> None:
    """Load the tables now (10 ms), so that it does not count as a page's time."""
    urls.load_suffixes()
    signatures.load_tables()


def media(seen: Observation) -> str:
    """The media type of the answer, in lower case."""
    return intern(seen.headers.get("content-type", "").partition(";")[0].strip().lower())


def _is_html(seen: Observation) -> bool:
    kind = media(seen)
    return bool(seen.body) and (kind in _HTML or (not kind and seen.body.lstrip()[:1] == b"<"))
