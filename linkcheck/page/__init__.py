"""Any page to a Finding: what it says of itself, and signs that it is no page at all."""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern

from linkcheck.model import Finding, Observation
from linkcheck.page import charset, fragments, metadata, signs, titles
from linkcheck.resemblance import sketch

_HTML = ("text/html", "application/xhtml+xml")


def read(seen: Observation, wanted: Iterable[str] = ()) -> Finding:
    """What the page in `seen` says of itself. An error page says nothing but that it is one.

    `wanted` are the fragments that links ask for.
    """
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
    found = metadata.extract(page) if seen.sighting.is_success else None
    source = signs.Source(
        text, page.tree, where, seen.headers,
        title=titles.tidy(page.text("title")), heads=page.heads, shares_title=bool(page.meta("og:title")),
        is_article=metadata.is_article(page, found),
    )  # fmt: skip
    marks = signs.find(source, status=status)
    if any(mark.kind in signs.NO_PAGE for mark in marks):
        found = None  # what a screen or a parked page says of itself is not the link's
    is_success = seen.sighting.is_success
    return Finding(
        metadata=found,
        refresh=metadata.refresh(page),
        marks=marks,
        sketch=sketch(f"{source.title} {source.text}") if is_success else "",
        media=media(seen),
        lost=fragments.missing(text, wanted, complete=seen.complete) if wanted and is_success else (),
    )


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
