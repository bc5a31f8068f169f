"""What was seen of addresses, in few words, for tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linkcheck.common.similarity import fingerprint
from linkcheck.mend import Looks
from linkcheck.mend.steps import Place
from linkcheck.model import Checked, Evidence, Finding, Hop, Metadata, Sighting, State, Url
from tests.answers import NOW, checked

TEXT = "The plane iron is set so that it takes a shaving as thin as paper along the grain of the board"
TITLE = "Plane irons and their care"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def evidence(
    url: str, final: str = "", *statuses: int, title: str = TITLE, text: str = TEXT, at: datetime = NOW, **more: Any
) -> Evidence:
    """One look at `url` that ended with success at `final`, after redirects of these statuses."""
    way = tuple(Hop(Url(url), status) for status in statuses)
    look = Sighting(at, 200, Url(final or url), way)
    return Evidence(
        Url(url), (look,), page=Finding(metadata=Metadata(title=title), fingerprint=fingerprint(text)), **more
    )


def result(url: str, final: str = "", *, state: State | None = None, **more: Any) -> Checked:
    """The result of such a look."""
    moved = bool(final) and final != url
    rule = "moved-permanently" if moved else "http-ok"
    return checked(
        state or (State.MOVED if moved else State.OK), url, **{"rule": rule, "final_url": final or url, **more}
    )


def moved(url: str, final: str, *statuses: int, times: int = 2, **more: Any) -> Looks:
    """An address that was seen to redirect so, a number of times."""
    looks = Looks()
    for n in range(times):
        looks.on_verdict(evidence(url, final, *(statuses or (301,)), at=NOW + n * SECOND, **more), None)
    looks.note([result(url, final)])
    return looks


def see(looks: Looks, url: str, *, state: State | None = None, **more: Any) -> Looks:
    """`looks`, and one at an address that works."""
    looks.on_verdict(evidence(url, **more), None)
    looks.note([result(url, state=state)])
    return looks


def place(url: str, one: Checked | None = None, **more: Any) -> Place:
    return Place(url, Url(url), one or result(url), **more)
