"""The form of links to arXiv papers: `abs` or `pdf`, as the user wants it.

Source: arXiv help, "Understanding the arXiv identifier" (https://info.arxiv.org/help/arxiv_identifier.html, read
2026-12). Links with a fragment, to parts of a paper, and those of a withdrawn one stay as they are.
"""

from __future__ import annotations

import re

from linkcheck.mend.looks import Looks
from linkcheck.mend.steps import Kind, Place, Step
from linkcheck.model import Flag, State

_SITE = "arxiv "
_VIEW = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(?P<id>[^?#]+)", re.IGNORECASE)


def step(place: Place, looks: Looks) -> Step | None:
    one = place.one
    if place.arxiv == "keep" or not one.item.startswith(_SITE) or not place.is_first:
        return None
    if looks.state(place.url) is not State.OK or Flag.WITHDRAWN in one.verdict.flags:
        return None
    if any("#" in link.url for link in one.links):
        return None
    name, found = one.item.removeprefix(_SITE), _VIEW.fullmatch(place.text)
    if not found or re.sub(r"\.pdf\Z", "", found["id"], flags=re.IGNORECASE) != name:
        return None
    return Step(f"https://arxiv.org/{place.arxiv}/{name}", f"links to papers lead to /{place.arxiv}/")


KIND = Kind("arxiv", step)
