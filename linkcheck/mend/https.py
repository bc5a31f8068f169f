"""`http` to `https`, where the same page answers there."""

from __future__ import annotations

from linkcheck import urls
from linkcheck.mend.looks import Looks
from linkcheck.mend.steps import Kind, Place, Step
from linkcheck.model import State

_PREFIX = "http://"


def step(place: Place, looks: Looks) -> Step | None:
    if not place.text.lower().startswith(_PREFIX) or ":" in urls.origin_host(place.url):
        return None
    secure = f"https://{place.text[len(_PREFIX) :]}"
    target, last = urls.normalise(secure), looks.last(place.url)
    if target is None or last is None or looks.state(place.url) is not State.OK:
        return None
    if last.final_url not in (place.url, target):
        return None
    if looks.is_known(target):
        return Step(secure, "the same page answers with https") if looks.is_same_page(place.url, target) else None
    return Step(ask=(target,))


KIND = Kind("https", step)
