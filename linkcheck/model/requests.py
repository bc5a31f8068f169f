"""What is asked, how fast, and what a site wants asked next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from linkcheck.model.base import NOTHING, Status, Url, Value
from linkcheck.model.findings import Finding


class Purpose(StrEnum):
    PAGE = "page"
    LOOKUP = "lookup"
    PROBE = "probe"


class Hop(Value, frozen=True):
    """One redirect: `url` answered `status` and sent us on. A meta refresh has status 200."""

    url: Url
    status: Status


class Request(Value, frozen=True):
    """A page to look at, or a look-up of `items` at the API of `site`.

    `target` is the URL whose page this is, where it is not `url` itself; `trail` holds the hops
    that led here, and `asked_s` is how long they took, waits apart. `look` counts the looks at one
    page: the second is sent over a fresh connection with another header set, `delay_s` after it was
    asked for. `known` is what a site has learned of the items so far, when it asks a second witness.
    """

    url: Url
    purpose: Purpose = Purpose.PAGE
    site: str = ""
    items: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    max_bytes: int = 524_288
    look: int = 1
    delay_s: float = 0.0
    trail: tuple[Hop, ...] = ()
    target: Url | None = None
    known: Finding | None = None
    asked_s: float = 0.0

    @property
    def about(self) -> Url:
        """The URL in the list that this page stands for."""
        return self.target or self.url


class Pace(Value, frozen=True):
    """How a host may be asked: requests in flight, and seconds between two starts."""

    slots: int
    interval_s: float = 0.0


class Answer(Value, frozen=True):
    """What a site reads out of one observation: findings by item, and what to ask next."""

    findings: Mapping[str, Finding] = NOTHING
    more: tuple[Request, ...] = ()
