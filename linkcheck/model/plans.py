"""The plan of a run: which URLs are checked, and which links are not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from linkcheck.model.base import Url, Value
from linkcheck.model.links import Link, Repair
from linkcheck.model.requests import Request
from linkcheck.model.verdicts import State


class Target(Value, frozen=True):
    """One URL to check, and every link to it."""

    url: Url
    links: tuple[Link, ...]


class Unchecked(Value, frozen=True):
    """A link that is not requested: malformed (`state` invalid), excluded (skipped), or judged in the repository.

    `repair` mends it; without one, `advice` says what to do.
    """

    link: Link
    state: State
    rule: str
    reason: str
    repair: Repair | None = None
    advice: str = ""


class Plan(Value, frozen=True):
    """The URLs to check and the first requests.

    `ask` creates the first requests for all URLs but those it is given, on each call, so that none
    is held longer than it waits. `in_order` holds every target and every unchecked link in the
    order of the lists; `owner` maps a URL to (site name, item).
    """

    in_order: tuple[Target | Unchecked, ...]
    ask: Callable[[Collection[Url]], Iterator[Request]]
    owner: Mapping[Url, tuple[str, str]]

    @property
    def requests(self) -> Iterator[Request]:
        return self.ask(())

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(one for one in self.in_order if isinstance(one, Target))
