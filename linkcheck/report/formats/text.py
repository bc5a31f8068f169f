"""The terminal format: one line for each link that needs attention, like a compiler message, then the counts."""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.contracts import Format
from linkcheck.model import Change, Checked, Report, State
from linkcheck.report import groups, ignores, messages, sanitise

_MOST_PLACES = 100


def pieces(report: Report) -> Iterator[str]:
    return (f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for group in groups.alike(groups.failing(report)):
        yield from messages.entry_lines(finding, group[0]) if len(group) == 1 else _host(group)
    for one in groups.in_state(report, State.MOVED):
        yield from messages.entry_lines(finding, one)
    for one in report.checked:
        if not one.is_failing:
            yield from messages.entry_lines(_notes, one)
    unjudged = groups.in_state(report, *groups.UNJUDGED)
    for one in report.checked:
        if one.change is Change.RECOVERED:
            yield messages.entry(_recovered, one)
    for host, group in groups.by_host(unjudged):
        yield _group(host, group)
    for one in report.checked:
        if one.trouble:
            yield f"warning: {sanitise.clean(one.trouble)}"
    yield from map(ignores.as_text, ignores.lines(report))
    if text := messages.bug_report(report):
        yield f"warning: {text}"
    if missing := messages.missing(report):
        yield f"partial: {missing}"
    if report.outages and not report.is_cut_off:
        yield messages.outages(report)
    if text := ignores.counted(report):
        yield text
    if text := messages.mending(report):
        yield f"help: {text}"
    yield messages.counted(report)


def _notes(one: Checked) -> Iterator[str]:
    for flag, why in groups.shown_flags(one).items():
        yield f"{messages.place(one.links[0])}: note[{flag}] {sanitise.url(one.url)}: {sanitise.clean(why)}"


def _recovered(one: Checked) -> str:
    what = f"note[recovered] {sanitise.url(one.url)}: {sanitise.clean(one.verdict.reason)}"
    return f"{messages.place(one.links[0])}: {what}"


def finding(one: Checked) -> Iterator[str]:
    verdict = one.verdict
    for link in one.links[:_MOST_PLACES]:
        what = f"{verdict.state}[{verdict.rule}] {sanitise.url(link.url)}: {sanitise.clean(verdict.reason, 600)}"
        yield f"{messages.place(link)}: {what}{messages.changed(one)}"
    if len(one.links) > _MOST_PLACES:
        yield f"  and in {len(one.links) - _MOST_PLACES} more places"
    yield from _help(one)


def _host(group: list[Checked]) -> Iterator[str]:
    """Five or more links of one host that fail alike, shown as the host's failure."""
    yield _group(groups.host_of(group[0]), group, 600)
    lines = ", ".join(dict.fromkeys(str(link.line) for one in group for link in one.links))
    yield f"  lines: {sanitise.clean(lines, 600)}"
    yield from _help(group[0])


def _help(one: Checked) -> Iterator[str]:
    if one.verdict.advice:
        yield f"  help: {sanitise.clean(one.verdict.advice, 2_100)}"


def _group(host: str, group: list[Checked], limit: int = sanitise.MAX_TEXT) -> str:
    return messages.entry(lambda first: _first_of(first, host, group, limit), group[0])


def _first_of(first: Checked, host: str, group: list[Checked], limit: int) -> str:
    number = "" if len(group) == 1 else f" ({len(group)} links)"
    verdict = first.verdict
    target = messages.target(first) if len(group) == 1 else sanitise.clean(host)
    what = f"{verdict.state}[{verdict.rule}] {target}{number}: {sanitise.clean(verdict.reason, limit)}"
    return f"{messages.place(first.links[0])}: {what}"


FORMAT = Format("text", "", pieces)
