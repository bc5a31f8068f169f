"""Tracking parameters off, where the page without them is the same, or they are known to do nothing else."""

from __future__ import annotations

from linkcheck import urls
from linkcheck.mend.looks import Looks
from linkcheck.mend.parameters import stripped
from linkcheck.mend.steps import Kind, Place, Step
from linkcheck.model import State, Url


def step(place: Place, looks: Looks) -> Step | None:
    found = stripped(place.text, urls.host(place.url))
    if found is None or looks.state(place.url) is not State.OK:
        return None
    target = urls.normalise(found.url)
    if target is None:
        return None
    answer = Step(found.url, f"without {', '.join(dict.fromkeys(found.names))}, which only track")
    if looks.is_known(target):
        is_fine = looks.is_same_page(place.url, target) or (found.is_certain and _answers(target, looks))
        return answer if is_fine else None
    if looks.can_ask:
        return Step(ask=(target,))
    return answer if found.is_certain else None


def _answers(url: Url, looks: Looks) -> bool:
    """Whether an address works without a redirect."""
    last = looks.last(url)
    return looks.state(url) is State.OK and (last is None or last.final_url == url)


KIND = Kind("tracking", step)
