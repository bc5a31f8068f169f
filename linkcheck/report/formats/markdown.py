"""The broken-link report for maintainers: what fails, what moved, what is unknown, counts."""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.contracts import Format
from linkcheck.model import Change, Checked, Confidence, Report, State
from linkcheck.report import groups, ignores, messages, sanitise


def pieces(report: Report) -> Iterator[str]:
    return (f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    names = ", ".join(sanitise.code(d.path) for d in report.documents)
    yield f"# Links in {names or 'nothing'}"
    if missing := messages.missing(report):
        yield from ("", f"**This report is partial:** {sanitise.prose(missing)}.")
    failing = groups.failing(report)
    yield from ("", f"{_result(report)}, {len(report.checked)} in all, checked {report.started:%Y-%m-%d} by linkcheck.")
    if report.outages and not report.is_cut_off:
        yield from ("", f"O{messages.outages(report)[1:]}.")
    if text := messages.mending(report, "`"):
        yield from ("", f"{text}.")
    yield from _failing(failing)
    yield from ignores.as_markdown(report, lambda one: messages.entry(_placed, one))
    yield from _recovered([one for one in report.checked if one.change is Change.RECOVERED])
    yield from _moved(groups.in_state(report, State.MOVED))
    yield from _noted([one for one in report.checked if groups.shown_flags(one) and not one.is_failing])
    yield from _unjudged(groups.in_state(report, *groups.UNJUDGED))
    yield from _restricted(groups.in_state(report, State.RESTRICTED))
    yield from _warnings(report)
    yield from _counts(report)


def _result(report: Report) -> str:
    if failing := len(groups.failing(report)):
        return f"**{messages.amount(failing)} to fix**"
    return "None of the other links fails" if groups.not_looked_at(report) else "No link fails"


def _failing(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## To fix", "")
    for group in groups.alike(found):
        one = group[0]
        if len(group) > 1:
            host = sanitise.code(groups.host_of(one))
            yield f"- **{one.verdict.state}** {len(group)} links to {host}, which all fail alike"
        else:
            yield messages.entry(_failed, one)
        yield from messages.entry_lines(_why, one)
        if len(group) > 1:
            yield from (f"  - {messages.entry(_changed, other)}" for other in group)


def _failed(one: Checked) -> str:
    return f"- **{one.verdict.state}** {_changed(one)}"


def _changed(one: Checked) -> str:
    return f"{_placed(one)}{messages.changed(one)}"


def _why(one: Checked) -> Iterator[str]:
    verdict = one.verdict
    yield f"  - Why: {sanitise.prose(verdict.reason)} (`{verdict.rule}`, {_confidence(one)})"
    if verdict.replacement:
        yield f"  - Do: write {sanitise.code(verdict.replacement)}"
    elif verdict.advice:
        yield f"  - Do: {sanitise.prose(verdict.advice)}"


def _recovered(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Recovered", "", "Failing in the last run, fine in this one.", "")
    for one in found:
        yield f"- {messages.entry(_placed, one)}"


def _moved(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Moved", "", "Alive, at a new permanent address.", "")
    for one in found:
        yield from messages.entry_lines(_where_now, one)


def _where_now(one: Checked) -> Iterator[str]:
    new = one.verdict.replacement
    yield f"- {_placed(one)}"
    yield f"  - now {sanitise.markdown_link(new, new)}"


def _noted(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## To know", "")
    for one in found:
        yield from messages.entry_lines(_notes, one)


def _notes(one: Checked) -> Iterator[str]:
    for flag, why in groups.shown_flags(one).items():
        yield f"- **{flag}** {_placed(one)}: {sanitise.prose(why)}"


def _unjudged(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from (
        "",
        "## Could not be judged",
        "",
        "Nothing is known about these links, so none of them counts as broken.",
        "",
    )
    for host, group in groups.by_host(found):
        number = f" ({len(group)} links)" if len(group) > 1 else ""
        yield f"- **{sanitise.markdown(host)}**{number}"
        for one in group:
            yield f"  - {messages.entry(_judged, one)}"


def _judged(one: Checked) -> str:
    return f"{one.verdict.state}: {_reasoned(one)}"


def _reasoned(one: Checked) -> str:
    return f"{_placed(one)}: {sanitise.prose(one.verdict.reason)} (`{one.verdict.rule}`)"


def _restricted(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Not for everybody", "")
    for one in found:
        yield f"- {messages.entry(_reasoned, one)}"


def _warnings(report: Report) -> Iterator[str]:
    notices = [f"{n.path}:{n.line}: {n.text}" for d in report.documents for n in d.notices]
    troubles = [one.trouble for one in report.checked if one.trouble]
    if text := messages.bug_report(report):
        troubles.append(text)
    if not notices and not troubles:
        return
    yield from ("", "## Warnings", "")
    for text in [*notices, *dict.fromkeys(troubles)]:
        yield f"- {sanitise.markdown(text)}"


def _counts(report: Report) -> Iterator[str]:
    yield from ("", "## Counts", "", "| state | links |", "|---|---:|")
    for state, number in groups.counts(report).items():
        if number:
            yield f"| {state} | {number} |"


def _placed(one: Checked) -> str:
    return f"{_named(one)}, {_places(one)}"


def _named(one: Checked) -> str:
    if one.verdict.state is State.INVALID:
        return sanitise.code(messages.target(one))
    return sanitise.markdown_link(messages.title(one), one.url)


def _places(one: Checked) -> str:
    shown = [sanitise.code(f"{link.path}:{link.line}") for link in one.links[:5]]
    more = f" and {len(one.links) - 5} more" if len(one.links) > 5 else ""
    return ", ".join(dict.fromkeys(shown)) + more


def _confidence(one: Checked) -> str:
    return "certain" if one.verdict.confidence is Confidence.CERTAIN else "likely"


FORMAT = Format("markdown", ".md", pieces)
