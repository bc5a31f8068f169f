from __future__ import annotations

from collections.abc import Collection, Iterator

from linkcheck.model.base import Url
from linkcheck.model.links import Link, LinkKind
from linkcheck.model.plans import Plan, Target, Unchecked
from linkcheck.model.requests import Request
from linkcheck.model.verdicts import State

URL = Url("https://a.example/")
LINK = Link("a.md", 1, 1, (0, 18), URL, LinkKind.BARE)


def test_targets_are_what_is_looked_at_in_order() -> None:
    one, other = Target(URL, (LINK,)), Target(Url("https://b.example/"), (LINK,))
    skipped = Unchecked(LINK, State.SKIPPED, "excluded", "so")
    assert Plan((one, skipped, other), lambda _: iter(()), {}).targets == (one, other)


def test_requests_are_made_anew_for_all() -> None:
    def ask(known: Collection[Url]) -> Iterator[Request]:
        assert not known
        yield Request(URL)

    plan = Plan((), ask, {})
    assert list(plan.requests) == [Request(URL)]
    assert list(plan.requests) == [Request(URL)]
