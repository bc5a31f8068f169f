"""Observations to findings: what a page or a site's answer says.

A site's reader that fails spoils its own findings, and the page is asked; a page that our own program fails on
counts as not read (`Fault.INTERNAL_ERROR`). Neither ends the run.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Site
from linkcheck.model import Answer, Fault, Finding, Observation, Sighting, replace


class PageRead(NamedTuple):
    """What a page says, and the sighting of it: one of an internal error where it could not be read."""

    sighting: Sighting
    finding: Finding


def page(seen: Observation, fragments: Collection[str] = ()) -> PageRead:
    """Read a page, and look for the `fragments` that links ask for."""
    from linkcheck.page import read  # not loaded where no page is read

    try:
        return PageRead(seen.sighting, read(seen, fragments))
    except Exception as error:
        return PageRead(internal_error(seen.sighting, trouble_of(error)), Finding())


def answer(site: Site, seen: Observation) -> Answer:
    """Read what a site's API or page says of its items."""
    try:
        return site.read(seen)
    except Exception as error:
        reason = f"the reader of {site.name} failed on {seen.request.url[:200]}: {trouble_of(error)}"
        return Answer(dict.fromkeys(seen.request.items, Finding(trouble=reason, ask_page=True)))


def internal_error(seen: Sighting, error: str) -> Sighting:
    """`seen` as what our own program failed on; its validators would say that we have read it."""
    status = f"HTTP {seen.status}, " if seen.status else ""
    return replace(seen, outcome=Fault.INTERNAL_ERROR, detail=f"{status}{error}", etag="", modified="")
