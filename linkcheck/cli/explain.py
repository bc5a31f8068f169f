"""`linkcheck explain`: how the verdict on one link is reached, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from linkcheck.cli import exit_codes, output
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Observer
from linkcheck.errors import SettingsError
from linkcheck.judge import documentation, order
from linkcheck.model import Checked, Document, Evidence, Exchange, Fault, Link, LinkKind, Match, Record, Verdict
from linkcheck.report import sanitise
from linkcheck.settings import Settings

_SHOWN_HEADERS = (
    "location", "retry-after", "content-type", "content-encoding", "server", "cf-mitigated", "x-amzn-waf-action",
    "x-vercel-error", "x-vercel-mitigated", "www-authenticate", "etag", "last-modified", "via",
)  # fmt: skip


class Trace(Observer):
    """Keeps the exchanges and the evidence of a run of one link."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.evidence: Evidence | None = None
        self.record: Record | None = None

    def on_exchange(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    def on_verdict(self, evidence: Evidence, record: Record | None) -> None:
        self.evidence, self.record = evidence, record


def document(url: str) -> Document:
    """A document with one link."""
    link = Link("<explain>", 1, 1, (0, len(url.encode())), url, LinkKind.BARE)
    return Document(link.path, (link,))


def lines(
    one: Checked, evidence: Evidence | None, exchanges: Sequence[Exchange], known: Record | None
) -> Iterator[str]:
    """The lines of the output."""
    yield f"{sanitise.url(one.url)}"
    if one.item:
        yield f"  known to {sanitise.clean(one.item)}"
    yield "\nRequests"
    start = exchanges[0].at if exchanges else None
    for exchange in exchanges:
        yield from _exchange(exchange, start)
    if not exchanges:
        yield "  none"
    if evidence:
        yield "\nSignatures on the page"
        yield from _matches(evidence.page.matches if evidence.page else ())
        yield "\nRules, in order"
        yield from _rules(evidence, one.verdict)
    yield "\nHistory"
    yield from _history(known)
    verdict = one.verdict
    by = f", decided by {sanitise.clean(verdict.decided_by)}" if verdict.decided_by else ""
    yield f"\nVerdict: {verdict.state} ({verdict.confidence}), by rule {verdict.rule}{by}"
    yield f"  {sanitise.clean(verdict.reason, 600)}"
    for flag, why in verdict.flags.items():
        yield f"  {flag}: {sanitise.clean(why)}"
    if verdict.advice:
        yield f"  help: {sanitise.clean(verdict.advice, 2_100)}"
    if one.metadata and one.metadata.title:
        yield f"  title: {sanitise.clean(one.metadata.title)}"


def _exchange(one: Exchange, start: datetime | None) -> Iterator[str]:
    after = (one.at - start).total_seconds() if start else 0.0
    outcome = one.outcome.value if isinstance(one.outcome, Fault) else f"HTTP {one.outcome}"
    how = ", certificate not verified" if one.is_lenient else ""
    how += ", to test the local network" if one.is_canary else ""
    size = f", {len(one.body):,} bytes{'' if one.complete else ' of more'}" if one.body else ""
    yield f"  {after:6.2f} s  GET {sanitise.url(one.url)}"
    yield f"            {outcome} in {one.elapsed_s:.2f} s{size}{how}"
    if one.detail:
        yield f"            {sanitise.clean(one.detail)}"
    for name, value in one.headers:
        if name.lower() in _SHOWN_HEADERS:
            yield f"            {sanitise.clean(name)}: {sanitise.clean(value, 120)}"


def _matches(matches: Sequence[Match]) -> Iterator[str]:
    for match in matches:
        yield f"  {match.confidence} {match.kind}: {sanitise.clean(match.evidence)}"
    if not matches:
        yield "  none"


def _rules(evidence: Evidence, final: Verdict) -> Iterator[str]:
    """A line for each rule. Rules on history come last: one of them has decided if the `final` verdict has its name."""
    has_decided = False
    for rule in order.rules():
        verdict = final if rule.weigh and rule.name == final.rule else None
        try:
            if rule.check and not has_decided and order.is_asked(rule, evidence):
                verdict = rule.check(evidence)
        except Exception as error:
            yield f"  {rule.name}: failed, {sanitise.clean(trouble_of(error))}"
            return
        if verdict:
            has_decided = True
            state = verdict.instead_of or verdict.state
            yield f"  {rule.name}: {state} ({verdict.confidence}), {sanitise.clean(verdict.reason, 600)}"
        elif has_decided and rule.check:
            yield f"  {rule.name}: not tried any more"
        else:
            yield f"  {rule.name}: silent"


def _history(known: Record | None) -> Iterator[str]:
    if known is None or not known.past:
        yield "  none"
        return
    for look in known.past:
        yield f"  {look.at:%Y-%m-%d %H:%M}  {look.outcome or 'site'}  {look.state}"
    if known.good:
        yield f"  good on {known.good.at:%Y-%m-%d} as {sanitise.clean(known.good.title)!r}"


def command(names: Sequence[str], settings: Settings) -> int:
    """Show how the verdict on one URL is reached, or what a rule does."""
    (name,) = names
    rules = order.by_name()
    if name in rules:
        output.show([documentation.text(rules[name])])
        return exit_codes.OK
    if "/" not in name and "." not in name:
        raise _no_rule(name, list(rules))
    return _explain_url(name, settings)


def _no_rule(name: str, known: Sequence[str]) -> SettingsError:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return SettingsError(
        f"'{name}' is neither a URL nor a rule", where="explain",
        help=f"did you mean {near[0]}?" if near else "docs/rules.md has them all",
    )  # fmt: skip


def _explain_url(name: str, settings: Settings) -> int:
    from linkcheck import urls  # a rule is explained without what a run needs
    from linkcheck.cli import ignoring, wiring
    from linkcheck.cli.interrupts import interrupts

    has_scheme = urls.scheme(name) and not name.partition(":")[2][:1].isdigit()  # localhost:8080 has none
    url = name if has_scheme else f"https://{name}"
    trace = Trace()
    listed = document(url)
    with interrupts, wiring.store(settings, None, 0) as store:
        result = wiring.crawl([listed], settings, store, observers=[trace])
    if result.network_outage:
        return exit_codes.no_network(result)
    output.show(f"{line}\n" for line in lines(result.checked[0], trace.evidence, trace.exchanges, trace.record))
    output.show(f"  {sanitise.clean(why, 600)}\n" for why in ignoring.why(settings, listed.links[0]))
    return exit_codes.of(result)
