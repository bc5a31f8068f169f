"""What a site and a report format have to be: values, so that a new one is one file and one test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag

from linkcheck.model import (
    Answer,
    Evidence,
    Flag,
    Observation,
    Pace,
    Policy,
    Report,
    Request,
    State,
    Url,
    Value,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Site:
    """A site that knows better than its pages.

    `item(url)` is the site's own name for what `url` leads to, or None where it is not the site's.
    `ask(items)` are the fewest look-ups for them. `read(observation)` gives a Finding for each
    item it can say something of, and what to ask next; items without either are looked at as
    pages. `paces` are the hosts' own limits. `examples` are URLs with their items, for the contract
    test: each has this site as its only owner.
    """

    name: str
    item: Callable[[Url], str | None]
    ask: Callable[[Sequence[str]], Sequence[Request]]
    read: Callable[[Observation], Answer]
    examples: Mapping[str, str]
    paces: Mapping[str, Pace] = field(default_factory=dict)


class Needs(IntFlag):
    """Evidence without which a rule has nothing to say. It is asked only where all of it is there, and may take it
    for granted."""

    NOTHING = 0
    SITE = 1
    """The site has answered: `evidence.site`."""
    LOOK = 2
    """The page was looked at: `evidence.looks[-1]`."""
    FAULT = 4 | LOOK
    """The last look ended in a Fault."""
    STATUS = 8 | LOOK
    """The last look got an HTTP status."""
    SUCCESS = 16 | STATUS
    """That is 2xx (RFC 9110 §15.3)."""
    REDIRECT = 32 | SUCCESS
    """And there were redirects before it."""
    SIGNATURE = 64
    """The page, `evidence.page`, has matches of signatures."""
    GOOD = 128
    """What the page was when it was good in an earlier run: `evidence.good`."""


class Rule(Value, frozen=True):
    """One reason for a verdict: what is asked, shown by `linkcheck explain`, and documented in docs/rules.md.

    `name` is the `rule` of its verdicts, in lower case with hyphens; `states` are those that it leads to, `flag` is
    what comes with the last of them. `what` it finds, `why` it is so, an `example` and a `source` (RFC section, manual
    with date, issue) are prose, the last three '' where there is nothing to say. `check(evidence)` gives its Verdict
    or None. None in place of `check`: the rule speaks elsewhere, on links that are not looked at. `weigh(first,
    evidence, at, policy)` may replace what today's facts alone say, `first`, by what earlier runs know; only built-in
    rules do that. `before` names the built-in rule that a plug-in's is asked before.
    """

    name: str
    states: tuple[State, ...]
    what: str
    why: str = ""
    example: str = ""
    source: str = ""
    check: Callable[[Evidence], Verdict | None] | None = None
    weigh: Callable[[Verdict, Evidence, datetime, Policy], Verdict | None] | None = None
    needs: Needs = Needs.NOTHING
    flag: Flag | None = None
    before: str = "http-ok"


@dataclass(frozen=True, slots=True)
class Format:
    """A report format. `pieces` is pure and gives the text in parts, so that a long report is never
    held in memory as a whole; `suffix` is '' for what is only printed."""

    name: str
    suffix: str
    pieces: Callable[[Report], Iterable[str]]

    def render(self, report: Report) -> str:
        return "".join(self.pieces(report))
