"""The interfaces of the replaceable parts: each new part is one file and one test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from enum import IntFlag
from typing import Protocol

from linkcheck.model import (
    Answer,
    Csl,
    Document,
    Evidence,
    Exchange,
    Flag,
    Observation,
    Outage,
    Pace,
    Policy,
    Record,
    Report,
    Request,
    State,
    Url,
    Value,
    Verdict,
    field,
)

Clock = Callable[[], datetime]
Sink = Callable[[Observation], Iterable[Request]]
"""Takes an observation; returns the requests that follow from it."""


class Site(Value, frozen=True):
    """A site whose API or page data is more reliable than its HTTP status.

    `item(url)` is the site's own name for what `url` leads to, or None where it is not the site's.
    `ask(items)` are the fewest look-ups for them. `read(observation)` gives a Finding for each
    item it can say something of, and what to ask next; items without either are looked at as
    pages. `paces` are the hosts' own limits. `examples` are URLs with their items, for the contract
    test: each has this site as its only owner. `csl` says what each kind of metadata that `read` makes
    is in CSL; a kind is the site's name, or begins with it and a `-`.
    """

    name: str
    item: Callable[[Url], str | None]
    ask: Callable[[Sequence[str]], Sequence[Request]]
    read: Callable[[Observation], Answer]
    examples: Mapping[str, str]
    csl: Mapping[str, Csl] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)


class Needs(IntFlag):
    """The evidence that a rule requires. Its check runs only if all of it is present, and need not test for it."""

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


def csl_of(sites: Iterable[Site]) -> dict[str, Csl]:
    """The CSL form of each kind of metadata; if two sites share a kind, that of the first."""
    found: dict[str, Csl] = {}
    for site in sites:
        found = {**site.csl, **found}
    return found


class Reader(Value, frozen=True):
    """A document format that links are extracted from.

    `suffixes` are those of its files, in lower case with their dot; no two readers share one. `read(data, path)`
    gives the Document in the bytes of a file; what is wrong with them is told by notices. `claims(head)` says by the
    first 4 KB whether a document whose suffix no reader has (standard input, say) is of this format. A reader's module
    is loaded to learn its suffixes, so it imports a parser only in `read`.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], Document]
    claims: Callable[[bytes], bool] = lambda head: False  # noqa: ARG005


class Format(Value, frozen=True):
    """A report format. `pieces` is pure and gives the text in parts, so that a long report is never
    held in memory as a whole. Any format can be printed; one with a `suffix` is written to the reports folder
    too, to a file with that ending."""

    name: str
    suffix: str
    pieces: Callable[[Report], Iterable[str]]

    @property
    def is_written(self) -> bool:
        return bool(self.suffix)

    def render(self, report: Report) -> str:
        return "".join(self.pieces(report))


class Fetcher(Protocol):
    """Answers requests with observations."""

    async def fetch(
        self, requests: Iterable[Request], sink: Sink, retract: Callable[[Observation], None] | None = None
    ) -> None:
        """Give `sink` one observation for each request, and for each that it returns.

        With `retract` the local network is monitored: observations in doubt are passed to it, and requested again.
        """

    @property
    def requests(self) -> int:
        """How many requests were sent."""

    @property
    def is_resolver_working(self) -> bool:
        """Whether any name had an address."""

    @property
    def unanswered(self) -> Sequence[Url]:
        """The URLs that had been requested for some time when the fetching was ended."""

    @property
    def is_cut_off(self) -> bool:
        """Whether the local network went down and did not come back."""

    @property
    def is_network_confirmed(self) -> bool:
        """Whether a suspected outage of the local network was disproved."""

    @property
    def outages(self) -> tuple[Outage, ...]:
        """The outages of the local network."""

    @property
    def asked_again(self) -> int:
        """How many links were requested again because of them."""


class Memory(Protocol):
    """What is known of URLs from earlier runs, and kept for later ones."""

    def recall(self, wanted: Sequence[Url], now: datetime) -> MutableMapping[Url, Record]:
        """The records of the wanted URLs; the caller removes those that it no longer needs."""

    def is_fresh(self, url: Url, now: datetime) -> bool:
        """Whether a URL need not be requested again."""

    def is_left_out(self, url: Url) -> bool:
        """Whether a URL is not requested although nothing is known of it."""

    def is_own(self, url: Url) -> bool:
        """Whether the record of a URL comes from this machine, not from a committed history."""

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        """Put evidence into the journal of this run."""

    def commit(self) -> None:
        """Make durable what was put into the journal."""

    def note_silence(self, url: Url) -> None:
        """A URL was requested, and gave no answer in the time of the run."""

    def remember(self, record: Record) -> None:
        """Store the final record of one URL."""

    def finish(self, *, is_interrupted: bool) -> None:
        """End the run."""

    def forget_run(self) -> None:
        """Discard everything learned in this run."""


class Observer:
    """Listens to a run, as progress bars and recordings do. Every method does nothing unless it is overridden."""

    def on_exchange(self, exchange: Exchange) -> None:
        """A request ended with this outcome."""

    def on_progress(self, done: int, total: int) -> None:
        """`done` of `total` URLs have a result so far."""

    def on_verdict(self, evidence: Evidence, record: Record | None) -> None:
        """A link was judged on `evidence`; `record` is that of earlier runs."""


def listener(observers: Iterable[Observer], method: str) -> Callable[..., None] | None:
    """Dispatches to the observers that override `method`; None if there are none, so that callers can skip the call."""
    base = getattr(Observer, method)
    found = [getattr(one, method) for one in observers if getattr(type(one), method) is not base]
    if len(found) < 2:
        return found[0] if found else None

    def call_all(*values: object) -> None:
        for call in found:
            call(*values)

    return call_all
