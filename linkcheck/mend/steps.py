"""The kinds of mending that give a link another address, each a step, and the course of steps from a link's address.

A step says which address to use in place of one, or which addresses have to be looked at before it can say so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from linkcheck import urls
from linkcheck.mend.looks import Looks
from linkcheck.model import Checked, Url

MOST_STEPS = 5


class Step(NamedTuple):
    """The address to use in place of one, and why; or the addresses to `ask` for first.

    `fragment` replaces the link's; None keeps that.
    """

    url: str = ""
    reason: str = ""
    ask: tuple[Url, ...] = ()
    fragment: str | None = None


class Place(NamedTuple):
    """Where a link leads so far: the address as it would be written, without a fragment, and in normal form."""

    text: str
    url: Url
    one: Checked
    arxiv: str = "keep"

    @property
    def is_first(self) -> bool:
        """Whether it is the link's own address."""
        return self.url == self.one.normal


class Kind(NamedTuple):
    """A kind of mending: its name, and its step from a place, None where it has nothing to say."""

    name: str
    step: Callable[[Place, Looks], Step | None]


class Course(NamedTuple):
    """Where a link should lead: `url` with its fragment, '' if nowhere else; `rule` is the first step's kind.

    `ask` are the addresses to look at before more can be said, for the kind `asking`.
    """

    url: str = ""
    rule: str = ""
    reason: str = ""
    ask: tuple[Url, ...] = ()
    asking: str = ""


def course(url: str, one: Checked, looks: Looks, kinds: Sequence[Kind], arxiv: str = "keep") -> Course:
    """The course of a link to `url`, which `one` is the result of."""
    text, _, fragment = url.partition("#")
    steps, been = list[tuple[str, Step]](), set[Url]()
    place = _place(text, one, arxiv)
    while place and place.url not in been and len(steps) < MOST_STEPS:
        been.add(place.url)
        name, step = _first(place, looks, kinds, been)
        if step is None:
            break
        if step.ask:
            return Course(ask=step.ask, asking=name)
        steps.append((name, step))
        fragment = fragment if step.fragment is None else step.fragment
        text, place = step.url, _place(step.url, one, arxiv)
    if not steps:
        return Course()
    reason = "; ".join(dict.fromkeys(step.reason for _, step in steps))
    return Course(f"{text}#{fragment}" if fragment else text, steps[0][0], reason)


def _place(text: str, one: Checked, arxiv: str) -> Place | None:
    normal = urls.normalise(text)
    return Place(text, normal, one, arxiv) if normal else None


def _first(place: Place, looks: Looks, kinds: Sequence[Kind], been: Collection[Url]) -> tuple[str, Step | None]:
    """The step of the first kind that has something to say, and leads to no place where the course has been."""
    for kind in kinds:
        step = kind.step(place, looks)
        if step and (step.ask or urls.normalise(step.url) not in been):
            return kind.name, step
    return "", None
