"""`linkcheck explain`: how the verdict on one link comes about, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from linkcheck.boundary import trouble_of
from linkcheck.judge.rules import RULES
from linkcheck.model import Checked, Document, Evidence, Exchange, Fault, Link, LinkKind, Mark, Record
from linkcheck.report import words

_TELLING = (
    "location", "retry-after", "content-type", "content-encoding", "server", "cf-mitigated", "x-amzn-waf-action",
    "x-vercel-error", "x-vercel-mitigated", "www-authenticate", "etag", "last-modified", "via",
)  # fmt: skip


def document(url: str) -> Document:
    """A list of one link."""
    link = Link("<explain>", 1, 1, (0, len(url.encode())), url, LinkKind.BARE)
    return Document(link.path, (link,))


def lines(one: Checked, evidence: Evidence | None, heard: Sequence[Exchange], known: Record | None) -> Iterator[str]:
    """What is printed, line by line."""
    yield f"{words.url(one.url)}"
    if one.item:
        yield f"  known to {words.clean(one.item)}"
    yield "\nRequests"
    start = heard[0].at if heard else None
    for exchange in heard:
        yield from _exchange(exchange, start)
    if not heard:
        yield "  none"
    if evidence:
        yield "\nSigns on the page"
        yield from _marks(evidence.page.marks if evidence.page else ())
        yield "\nRules, in order"
        yield from _rules(evidence)
    yield "\nHistory"
    yield from _history(known)
    verdict = one.verdict
    yield f"\nVerdict: {verdict.state} ({verdict.confidence}), by rule {verdict.rule}"
    yield f"  {words.clean(verdict.reason, 600)}"
    for flag, why in verdict.flags.items():
        yield f"  {flag}: {words.clean(why)}"
    if verdict.advice:
        yield f"  help: {words.clean(verdict.advice, 2_100)}"
    if one.metadata and one.metadata.title:
        yield f"  title: {words.clean(one.metadata.title)}"


def _exchange(one: Exchange, start: datetime | None) -> Iterator[str]:
    after = (one.at - start).total_seconds() if start else 0.0
    outcome = one.outcome.value if isinstance(one.outcome, Fault) else f"HTTP {one.outcome}"
    how = ", certificate not verified" if one.is_lenient else ""
    how += ", to see whether our network works" if one.is_canary else ""
    size = f", {len(one.body):,} bytes{'' if one.complete else ' of more'}" if one.body else ""
    yield f"  {after:6.2f} s  GET {words.url(one.url)}"
    yield f"            {outcome} in {one.elapsed_s:.2f} s{size}{how}"
    if one.detail:
        yield f"            {words.clean(one.detail)}"
    for name, value in one.headers:
        if name.lower() in _TELLING:
            yield f"            {words.clean(name)}: {words.clean(value, 120)}"


def _marks(marks: Sequence[Mark]) -> Iterator[str]:
    for mark in marks:
        yield f"  {mark.surety} {mark.kind}: {words.clean(mark.evidence)}"
    if not marks:
        yield "  none"


def _rules(evidence: Evidence) -> Iterator[str]:
    has_spoken = False
    for rule in RULES:
        name = rule.__name__.replace("_", "-")
        try:
            verdict = rule(evidence) if not has_spoken else None
        except Exception as error:
            yield f"  {name}: failed, {words.clean(trouble_of(error))}"
            return
        if verdict:
            has_spoken = True
            yield f"  {name}: {verdict.state} ({verdict.confidence}), {words.clean(verdict.reason, 600)}"
        elif has_spoken:
            yield f"  {name}: not asked any more"
        else:
            yield f"  {name}: silent"


def _history(known: Record | None) -> Iterator[str]:
    if known is None or not known.past:
        yield "  none"
        return
    for look in known.past:
        yield f"  {look.at:%Y-%m-%d %H:%M}  {look.outcome or 'site'}  {look.state}"
    if known.good:
        yield f"  good on {known.good.at:%Y-%m-%d} as {words.clean(known.good.title)!r}"
