"""The broken-link report as a maintainer reads it: what fails, what moved, what nobody knows, counts."""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.contracts import Format
from linkcheck.model import Change, Checked, Confidence, Report, State
from linkcheck.report import words


def pieces(report: Report) -> Iterator[str]:
    return (f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    names = ", ".join(words.code(d.path) for d in report.documents)
    yield f"# Links in {names or 'nothing'}"
    if missing := words.missing(report):
        yield from ("", f"**This report is partial:** {words.prose(missing)}.")
    failing = words.failing(report)
    yield from ("", f"{_result(report)}, {len(report.checked)} in all, checked {report.started:%Y-%m-%d} by linkcheck.")
    if report.outages and not report.is_cut_off:
        yield from ("", f"O{words.outages(report)[1:]}.")
    yield from _failing(failing)
    yield from _recovered([one for one in report.checked if one.change is Change.RECOVERED])
    yield from _moved(words.in_state(report, State.MOVED))
    yield from _noted([one for one in report.checked if words.told_flags(one) and not one.is_failing])
    yield from _unjudged(words.in_state(report, *words.UNJUDGED))
    yield from _restricted(words.in_state(report, State.RESTRICTED))
    yield from _warnings(report)
    yield from _counts(report)


def _result(report: Report) -> str:
    if failing := len(words.failing(report)):
        return f"**{failing} link{'' if failing == 1 else 's'} to fix**"
    return "None of the other links fails" if words.unseen(report) else "No link fails"


def _failing(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## To fix", "")
    for group in words.alike(found):
        one = group[0]
        if len(group) > 1:
            host = words.code(words.host_of(one))
            yield f"- **{one.verdict.state}** {len(group)} links to {host}, which all fail alike"
        else:
            yield words.entry(_failed, one)
        yield from words.entry_lines(_why, one)
        if len(group) > 1:
            yield from (f"  - {words.entry(_changed, other)}" for other in group)


def _failed(one: Checked) -> str:
    return f"- **{one.verdict.state}** {_changed(one)}"


def _changed(one: Checked) -> str:
    return f"{_placed(one)}{words.changed(one)}"


def _why(one: Checked) -> Iterator[str]:
    verdict = one.verdict
    yield f"  - Why: {words.prose(verdict.reason)} (`{verdict.rule}`, {_sureness(one)})"
    if verdict.replacement:
        yield f"  - Do: write {words.code(verdict.replacement)}"
    elif verdict.advice:
        yield f"  - Do: {words.prose(verdict.advice)}"


def _recovered(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Recovered", "", "Failing in the last run, fine in this one.", "")
    for one in found:
        yield f"- {words.entry(_placed, one)}"


def _moved(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Moved", "", "Alive, at a new permanent address.", "")
    for one in found:
        yield from words.entry_lines(_where_now, one)


def _where_now(one: Checked) -> Iterator[str]:
    new = one.verdict.replacement
    yield f"- {_placed(one)}"
    yield f"  - now {words.markdown_link(new, new)}"


def _noted(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## To know", "")
    for one in found:
        yield from words.entry_lines(_notes, one)


def _notes(one: Checked) -> Iterator[str]:
    for flag, why in words.told_flags(one).items():
        yield f"- **{flag}** {_placed(one)}: {words.prose(why)}"


def _unjudged(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from (
        "",
        "## Could not be judged",
        "",
        "Nothing is known of these links, so none of them counts as broken.",
        "",
    )
    for host, group in words.by_host(found):
        number = f" ({len(group)} links)" if len(group) > 1 else ""
        yield f"- **{words.markdown(host)}**{number}"
        for one in group:
            yield f"  - {words.entry(_judged, one)}"


def _judged(one: Checked) -> str:
    return f"{one.verdict.state}: {_reasoned(one)}"


def _reasoned(one: Checked) -> str:
    return f"{_placed(one)}: {words.prose(one.verdict.reason)} (`{one.verdict.rule}`)"


def _restricted(found: list[Checked]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Not for everybody", "")
    for one in found:
        yield f"- {words.entry(_reasoned, one)}"


def _warnings(report: Report) -> Iterator[str]:
    notices = [f"{n.path}:{n.line}: {n.text}" for d in report.documents for n in d.notices]
    troubles = [one.trouble for one in report.checked if one.trouble]
    if mistake := words.bug_report(report):
        troubles.append(mistake)
    if not notices and not troubles:
        return
    yield from ("", "## Warnings", "")
    for text in [*notices, *dict.fromkeys(troubles)]:
        yield f"- {words.markdown(text)}"


def _counts(report: Report) -> Iterator[str]:
    yield from ("", "## Counts", "", "| state | links |", "|---|---:|")
    for state, number in words.counts(report).items():
        if number:
            yield f"| {state} | {number} |"


def _placed(one: Checked) -> str:
    return f"{_named(one)}, {_places(one)}"


def _named(one: Checked) -> str:
    if one.verdict.state is State.INVALID:
        return words.code(words.url(one.url))
    return words.markdown_link(words.title(one), one.url)


def _places(one: Checked) -> str:
    shown = [words.code(f"{link.path}:{link.line}") for link in one.links[:5]]
    more = f" and {len(one.links) - 5} more" if len(one.links) > 5 else ""
    return ", ".join(dict.fromkeys(shown)) + more


def _sureness(one: Checked) -> str:
    return "certain" if one.verdict.confidence is Confidence.CERTAIN else "likely"


FORMAT = Format("markdown", ".md", pieces)
