"""Requests, the pace that a host allows, and a site's answer."""

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
    """One redirect: `url` answered `status` with a target. A meta refresh has status 200."""

    url: Url
    status: Status


class Request(Value, frozen=True):
    """A request of a page, or a look-up of `items` at the API of `site`.

    `target` is the URL of the list whose page this is, if it is not `url` itself; `trail` holds the
    redirects that led here, and `asked_s` is how long they took without waits. `look` counts the requests
    of one page: the second, a recheck, is sent over a fresh connection with another header set, `delay_s`
    after it was planned. `known` is what a site has learned of the items so far, if it asks a second source.
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
        """The URL of the list that this request is for."""
        return self.target or self.url


class Pace(Value, frozen=True):
    """The limits of a host: requests in flight, and seconds between two starts."""

    slots: int
    interval_s: float = 0.0


class Answer(Value, frozen=True):
    """What a site parses from one observation: findings by item, and the next requests."""

    findings: Mapping[str, Finding] = NOTHING
    more: tuple[Request, ...] = ()
