"""A site: its API knows which books there are."""

import json
from collections.abc import Sequence

from linkcheck.contracts import Site
from linkcheck.model import Answer, Csl, Finding, Metadata, Observation, Presence, Purpose, Request, Url

_PAGE = "https://shelf.test/"


def _item(url: Url) -> str | None:
    return url.removeprefix(_PAGE) if url.startswith(_PAGE) and url != _PAGE else None


def _ask(items: Sequence[str]) -> Sequence[Request]:
    return [Request(Url("https://api.shelf.test/books"), Purpose.LOOKUP, "shelf", tuple(items))]


def _read(seen: Observation) -> Answer:
    if seen.sighting.status != 200:
        return Answer()
    books = json.loads(seen.body)
    return Answer({number: _finding(books[number]) for number in seen.request.items if number in books})


def _finding(title: str | None) -> Finding:
    if title is None:
        return Finding(Presence.ABSENT, "the shelf has lost it", certain=True)
    return Finding(Presence.PRESENT, "on the shelf", metadata=Metadata("shelf", title))


SITE = Site("shelf", _item, _ask, _read, {f"{_PAGE}7": "7"}, csl={"shelf": Csl("book")})
