"""The links of a report, picked out, counted and put together as several formats show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from linkcheck import urls
from linkcheck.model import Checked, Document, Flag, Link, Report, State, replace

STATES = (
    State.DEAD, State.GONE, State.INVALID, State.MOVED, State.BLOCKED, State.RESTRICTED, State.UNREACHABLE,
    State.SKIPPED, State.OK,
)  # fmt: skip
UNJUDGED = (State.BLOCKED, State.UNREACHABLE)
_HOST_LINKS = 5


def in_state(report: Report, *states: State) -> list[Checked]:
    return [one for one in report.checked if one.verdict.state in states]


def failing(report: Report) -> list[Checked]:
    return [one for one in report.checked if one.is_failing]


def internal_errors(report: Report) -> list[Checked]:
    """The links that our own program failed on."""
    return [one for one in report.checked if one.verdict.rule == "internal-error"]


def not_looked_at(report: Report) -> int:
    """How many links nobody has looked at, since the run ended before."""
    return sum(one.verdict.rule == "not-looked-at" for one in report.checked)


def counts(report: Report) -> dict[str, int]:
    """How many URLs are in each state, every state named."""
    found = Counter(one.verdict.state for one in report.checked)
    return {state.value: found[state] for state in STATES}


def host_of(one: Checked) -> str:
    normal = urls.normalise(one.url)
    return urls.host(normal) if normal else one.url


def by_host(found: Iterable[Checked]) -> list[tuple[str, list[Checked]]]:
    """Grouped by host where they fare alike, most links first."""
    groups: dict[tuple[str, str], list[Checked]] = {}
    for one in found:
        groups.setdefault((host_of(one), one.verdict.rule), []).append(one)
    by_size = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [(host, group) for (host, _), group in by_size]


def alike(found: list[Checked]) -> list[list[Checked]]:
    """Groups for one line each: five or more of one host that have the same reason are about the host.

    Each malformed link has a repair of its own, so they stay apart.
    """
    groups: dict[tuple[str, ...], list[Checked]] = {}
    for one in found:
        verdict = one.verdict
        groups.setdefault((host_of(one), verdict.rule, verdict.reason, verdict.advice), []).append(one)
    shown: list[list[Checked]] = []
    for one in found:
        group = groups[host_of(one), one.verdict.rule, one.verdict.reason, one.verdict.advice]
        if len(group) < _HOST_LINKS or one.verdict.state is State.INVALID:
            shown.append([one])
        elif group[0] is one:
            shown.append(group)
    return shown


def shown_flags(one: Checked) -> dict[Flag, str]:
    """The flags a person should read. That a script draws the page is for programs: there are many."""
    return {flag: why for flag, why in one.verdict.flags.items() if flag is not Flag.OPAQUE}


def by_document(report: Report) -> Iterator[tuple[Document, Report]]:
    """Each document with the part of `report` that it is about, with its own places only."""
    if len(report.documents) == 1:
        yield report.documents[0], report
        return
    own: dict[str, list[Checked]] = {document.path: [] for document in report.documents}
    for one in report.checked:
        places: dict[str, list[Link]] = {}
        for link in one.links:
            places.setdefault(link.path, []).append(link)
        for path, links in places.items():
            own[path].append(replace(one, links=tuple(links)))
    for document in report.documents:
        yield document, replace(report, documents=(document,), checked=tuple(own[document.path]))
