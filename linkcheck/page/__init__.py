"""Any page to a Finding: what it says of itself, and signs that it is no page at all."""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern

from linkcheck.model import Finding, Observation
from linkcheck.page import charset, fragments, metadata, signs
from linkcheck.page.budget import Budget
from linkcheck.resemblance import sketch

_TITLE_CHARS = 1_000
_HTML = ("text/html", "application/xhtml+xml")


def read(seen: Observation, wanted: Iterable[str] = (), budget: Budget | None = None) -> Finding:
    """What the page in `seen` says of itself. An error page says nothing but that it is one.

    `wanted` are the fragments that links ask for. When the `budget` is spent, what was read by then is all.
    """
    budget = budget or Budget()
    status = seen.sighting.status
    if status is None:
        return Finding()
    text, is_html = _text(seen)
    where = seen.sighting.final_url
    if not is_html:
        return Finding(
            marks=signs.find(signs.Source(text, None, where, seen.headers), status=status), media=media(seen)
        )
    page = metadata.parse(text, where, seen.sighting.at)
    is_success = seen.sighting.is_success
    found = metadata.extract(page) if is_success and not budget.is_spent else None
    source = signs.Source(
        text, page.tree, where, seen.headers,
        title=page.text("title")[:_TITLE_CHARS], heads=page.heads, shares_title=bool(page.meta("og:title")),
        is_article=metadata.is_article(page, found),
    )  # fmt: skip
    marks = () if budget.is_spent else signs.find(source, status=status)
    if any(mark.kind in signs.NO_PAGE for mark in marks):
        found = None  # what a screen or a parked page says of itself is not the link's
    return Finding(
        metadata=found,
        refresh=metadata.refresh(page),
        marks=marks,
        sketch=sketch(f"{source.title} {source.text}") if is_success and not budget.is_spent else "",
        media=media(seen),
        lost=_lost(text, wanted, complete=seen.complete) if is_success and not budget.is_spent else (),
    )


def _lost(text: str, wanted: Iterable[str], *, complete: bool) -> tuple[str, ...]:
    return fragments.missing(text, wanted, complete=complete) if wanted else ()


def media(seen: Observation) -> str:
    """The media type that the answer names, in lower case."""
    return intern(seen.headers.get("content-type", "").partition(";")[0].strip().lower())


def _text(seen: Observation) -> tuple[str, bool]:
    """The body as text, and whether it is HTML."""
    label = seen.headers.get("content-type", "")
    kind = media(seen)
    is_html = kind in _HTML or (not kind and seen.body.lstrip()[:1] == b"<")
    if not seen.body:
        return "", False
    return charset.decode(seen.body, label)[0], is_html
