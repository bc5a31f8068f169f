"""Messages shared by all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from linkcheck import HOME_PAGE
from linkcheck.common import secret
from linkcheck.common.boundary import trouble_of
from linkcheck.model import Change, Checked, Link, Report, State, Verdict
from linkcheck.report import groups, sanitise

T = TypeVar("T")


def place(link: Link) -> str:
    return sanitise.safe(f"{sanitise.path(link.path)}:{link.line}:{link.column}")  # `section_start:12` is a command


def target(one: Checked) -> str:
    """The URL of a link; that of a malformed one as written."""
    return sanitise.written_url(one.url) if one.verdict.state is State.INVALID else sanitise.url(one.url)


def title(one: Checked) -> str:
    """The title of a link: that in the list, else the page's, else the URL."""
    own = next((link.title for link in one.links if link.title and not link.is_image), "")
    return sanitise.clean(own or (one.metadata.title if one.metadata else "") or secret.masked_url(one.url))


def entry(render: Callable[[Checked], T], one: Checked) -> T:
    """The result of `render` for one link; for an internal error, that for its URL and position only."""
    try:
        return render(one)
    except Exception as error:
        return render(_bare(one, trouble_of(error)))


def entry_lines(render: Callable[[Checked], Iterable[str]], one: Checked) -> list[str]:
    """`entry` for a `render` that gives lines."""
    return entry(lambda one: list(render(one)), one)


def _bare(one: Checked, trouble: str) -> Checked:
    """The link without data of its page, its list and its verdict."""
    place, verdict = one.links[0], one.verdict
    reason = f"internal error in writing its entry ({verdict.state}[{verdict.rule}]): {trouble}"
    link = Link(place.path, place.line, place.column, place.span, sanitise.url(one.url), place.kind)
    return Checked(link.url, (link,), Verdict(State.UNREACHABLE, "internal-error", reason))


def changed(one: Checked) -> str:
    """The change of a failing link against earlier runs, as a suffix of its line; or ''."""
    if one.change is Change.NEW:
        return " (newly failing)"
    return f" (failing since {one.since:%Y-%m-%d})" if one.change is Change.STILL and one.since else ""


def outages(report: Report) -> str:
    """When the local network was down, and the consequences; '' if it was not."""
    if not report.outages:
        return ""
    times = " and ".join(
        f"from {one.start:%H:%M:%S} {f'to {one.end:%H:%M:%S}' if one.end else 'on'}" for one in report.outages
    )
    text = f"the local network was down {times} (UTC)"
    if report.asked_again:
        text += f"; {_links(report.asked_again)} asked again"
    if report.is_cut_off:
        text += f"; {_links(groups.not_looked_at(report))} not judged"
    return text


def amount(number: int, noun: str = "link") -> str:
    """`1 link`, `2 links`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _links(number: int) -> str:
    return f"{amount(number)} {'was' if number == 1 else 'were'}"


def bug_report(report: Report) -> str:
    """How to report internal errors; '' if there are none."""
    number = len(groups.internal_errors(report))
    how = f"please run it again with --record FILE, and report it with that file at {HOME_PAGE}/issues"
    return f"internal error in linkcheck for {amount(number)}: {how}" if number else ""


def missing(report: Report) -> str:
    """What is missing in a partial report, and why; '' if it is complete."""
    if report.is_cut_off:
        return outages(report)
    why = "the run was interrupted" if report.is_interrupted else "the time was up (--budget)"
    if report.network_outage:
        why = f"no usable network: {sanitise.clean(report.network_outage, 600)}"
    if number := groups.not_looked_at(report):
        total = len(report.checked) - groups.not_added(report)
        return f"{number} of {amount(total)} {'was' if number == 1 else 'were'} not checked: {why}"
    return why if report.is_interrupted else ""


def mending(report: Report, quote: str = "") -> str:
    """What `linkcheck fix` can do for the links of a report, with `quote` around the command; '' if nothing."""
    number = sum(bool(one.mending) for one in report.checked)
    dead = sum(one.verdict.state in (State.DEAD, State.GONE) and bool(one.normal) for one in groups.failing(report))
    parts = []
    if number:
        parts.append(f"{quote}linkcheck fix{quote} can mend {amount(number)}")
    if dead:
        option = "--dead note" if number else "linkcheck fix --dead note"
        parts.append(f"{quote}{option}{quote} looks for archived copies of {amount(dead, 'dead link')}")
    return "; ".join(parts)


def from_memory(report: Report) -> Iterator[str]:
    """What a run that does not look at every link says of those: when what fails was looked at, what gave no answer,
    what is not known."""
    earlier = [one for one in report.checked if one.at and one.at < report.started]
    for one in earlier:
        if one.is_failing and one.at:
            yield f"{sanitise.url(one.url)} was looked at on {one.at:%Y-%m-%d at %H:%M} (UTC), and not again now"
    if silent := sum(one.verdict.state in groups.UNJUDGED for one in earlier):
        yield f"{_links(silent)} unreachable or blocked when last looked at, and not asked again now"
    if text := unknown(report):
        yield text


def unknown(report: Report) -> str:
    """How many links a run left out of which nothing is known; '' if there are none."""
    number = sum(one.verdict.rule == "unknown-link" for one in report.checked)
    them = "it" if number == 1 else "them"
    return f"{_links(number)} not looked at: neither the memory nor the history knows {them}" if number else ""


def counted(report: Report) -> str:
    """`19 links: 1 dead, 2 moved, 16 ok`; links that were there before a change are counted apart."""
    before = groups.not_added(report)
    total = len(report.checked) - before
    counts = groups.counts(report)
    counts[State.SKIPPED.value] -= before
    parts = [f"{number} {state}" for state, number in counts.items() if number]
    text = amount(total) + (f": {', '.join(parts)}" if parts else "")
    return (
        f"{text}; {before} not judged, since the change does not add {'it' if before == 1 else 'them'}"
        if before
        else text
    )
