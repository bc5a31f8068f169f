"""What a site, a reader and a report format have to be: values, so that a new one is one file and one test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linkcheck.model import Answer, Document, Observation, Pace, Report, Request, Url


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


@dataclass(frozen=True, slots=True)
class Reader:
    """A format of documents that links are found in.

    `suffixes` are those of its files, in lower case with their dot; no two readers share one. `read(data, path)`
    gives the Document in the bytes of a file; what is wrong with them is told by notices. `claims(head)` says by the
    first 4 KB whether a document whose suffix no reader has (standard input, say) is of this format. A reader's module
    is loaded to learn its suffixes, so it imports a parser only in `read`.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], Document]
    claims: Callable[[bytes], bool] = lambda head: False  # noqa: ARG005


@dataclass(frozen=True, slots=True)
class Format:
    """A report format. `pieces` is pure and gives the text in parts, so that a long report is never
    held in memory as a whole; `suffix` is '' for what is only printed."""

    name: str
    suffix: str
    pieces: Callable[[Report], Iterable[str]]

    def render(self, report: Report) -> str:
        return "".join(self.pieces(report))
