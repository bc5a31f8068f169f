"""Permanent redirects to their end.

Only where every redirect was permanent, twice, to an address that `addresses` has nothing against, and where the page
has the title that it had before or that the list gives it. An address that is only spelled otherwise (https, `www.`, a
slash) needs no title.
"""

from __future__ import annotations

from linkcheck.mend import addresses
from linkcheck.mend.looks import Look, Looks, have_one_title, titles_of
from linkcheck.mend.steps import Kind, Place, Step
from linkcheck.model import State


def step(place: Place, looks: Looks) -> Step | None:
    last = looks.last(place.url)
    if last is None or not last.is_permanent or looks.state(place.url) is not State.MOVED:
        return None
    if last.final_url == place.url or addresses.objection(place.url, last.final_url):
        return None
    if not addresses.is_respelled(place.url, last.final_url):
        titles = [*looks.titles_before(place.url), *titles_of(place.one)]
        if not have_one_title(last.title, titles, last.final_url):
            return None
    return confirmed(place, last, looks, "redirects there for good")


def confirmed(place: Place, last: Look, looks: Looks, reason: str) -> Step | None:
    """The step to the end of the redirects, once two looks agree."""
    if looks.has_moved_twice(place.url):
        return Step(last.final_url, reason, fragment=looks.fragments.get(place.url))
    return None if place.url in looks.asked else Step(ask=(place.url,))


KIND = Kind("redirect", step)
