"""Observations to findings: parse a page or a site's answer.

If a site's parser fails, only its findings are lost, and the page is requested. A page that the parser fails on counts
as not read (`Fault.INTERNAL_ERROR`). Neither ends the run.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Site
from linkcheck.model import Answer, Fault, Finding, Observation, Sighting, replace


class PageRead(NamedTuple):
    """A page's finding and its sighting, which states an internal error if the page could not be read."""

    sighting: Sighting
    finding: Finding


def page(seen: Observation, fragments: Collection[str] = ()) -> PageRead:
    """Parse a page, and look for the `fragments` that links name."""
    from linkcheck.page import read  # not loaded where no page is read

    try:
        return PageRead(seen.sighting, read(seen, fragments))
    except Exception as error:
        return PageRead(internal_error(seen.sighting, trouble_of(error)), Finding())


def answer(site: Site, seen: Observation) -> Answer:
    """Parse a site's API response or page to findings on its items."""
    try:
        return site.read(seen)
    except Exception as error:
        reason = f"the reader of {site.name} failed on {seen.request.url[:200]}: {trouble_of(error)}"
        return Answer(dict.fromkeys(seen.request.items, Finding(trouble=reason, ask_page=True)))


def internal_error(seen: Sighting, error: str) -> Sighting:
    """`seen` with an internal error as its outcome, without validators: they would say that the body was read."""
    status = f"HTTP {seen.status}, " if seen.status else ""
    return replace(seen, outcome=Fault.INTERNAL_ERROR, detail=f"{status}{error}", etag="", modified="")
