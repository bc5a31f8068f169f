"""What a site and a report format have to be: values, so that a new one is one file and one test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linkcheck.model import Answer, Csl, Observation, Pace, Report, Request, Url


@dataclass(frozen=True, slots=True)
class Site:
    """A site that knows better than its pages.

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


@dataclass(frozen=True, slots=True)
class Format:
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
