"""Select, count and group the links of a report, for all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from linkcheck import urls
from linkcheck.model import FAILING, Checked, Document, Flag, IgnoreNote, Link, Report, State, replace

STATES = (
    State.DEAD, State.GONE, State.INVALID, State.UNKNOWN, State.MOVED, State.BLOCKED, State.RESTRICTED,
    State.UNREACHABLE, State.PENDING, State.SKIPPED, State.OK,
)  # fmt: skip
UNJUDGED = (State.BLOCKED, State.UNREACHABLE)
_HOST_LINKS = 5


def in_state(report: Report, *states: State) -> list[Checked]:
    return [one for one in report.checked if one.verdict.state in states]


def failing(report: Report) -> list[Checked]:
    """The links that fail the run, each with the places at which it is not ignored."""
    return [_part(one, is_ignored=False) for one in report.checked if one.is_failing]


def ignored(report: Report) -> list[Checked]:
    """The links that fail and may, each with the places at which it is ignored."""
    failed = (one for one in report.checked if one.verdict.state in FAILING)
    return [_part(one, is_ignored=True) for one in failed if any(link.ignored for link in one.links)]


def _part(one: Checked, *, is_ignored: bool) -> Checked:
    links = tuple(link for link in one.links if bool(link.ignored) is is_ignored)
    return one if len(links) == len(one.links) else replace(one, links=links)


def internal_errors(report: Report) -> list[Checked]:
    """The links with an internal error."""
    return [one for one in report.checked if one.verdict.rule == "internal-error"]


def not_looked_at(report: Report) -> int:
    """Number of links that were not checked because the run ended before."""
    return sum(one.verdict.rule == "not-looked-at" for one in report.checked)


def not_added(report: Report) -> int:
    """Number of links that were not judged because the change in question did not add them."""
    return sum(one.verdict.rule == "not-added" for one in report.checked)


def counts(report: Report) -> dict[str, int]:
    """Number of URLs in each state, including states without any."""
    found = Counter(one.verdict.state for one in report.checked)
    return {state.value: found[state] for state in STATES}


def host_of(one: Checked) -> str:
    normal = urls.normalise(one.url)
    return urls.host(normal) if normal else one.url


def by_host(found: Iterable[Checked]) -> list[tuple[str, list[Checked]]]:
    """Groups of the same host and verdict (see `alike`), most links first."""
    groups: dict[tuple[str, str], list[Checked]] = {}
    for one in found:
        groups.setdefault((host_of(one), one.verdict.rule), []).append(one)
    by_size = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [(host, group) for (host, _), group in by_size]


def alike(found: list[Checked]) -> list[list[Checked]]:
    """Groups that are shown as one line: five or more links of one host with the same reason concern the host.

    Malformed links are not grouped, since each has its own repair.
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
    """The flags that are shown to people: all but the one for script shells, which is frequent and for programs."""
    return {flag: why for flag, why in one.verdict.flags.items() if flag is not Flag.OPAQUE}


def by_document(report: Report) -> Iterator[tuple[Document, Report]]:
    """Each document with the part of `report` on it, with its own links only."""
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
    notes = _notes_by_path(report)
    for document in report.documents:
        said = tuple(notes.get(document.path, ()))
        yield document, replace(report, documents=(document,), checked=tuple(own[document.path]), ignore_notes=said)


def _notes_by_path(report: Report) -> dict[str, list[IgnoreNote]]:
    """The notes on ignores for each document: on its comments, and on ignores that its links use."""
    notes: dict[str, list[IgnoreNote]] = {}
    for note in report.ignore_notes:
        links: dict[str, list[Link]] = {}
        for link in note.links:
            links.setdefault(link.path, []).append(link)
        for path in links or (note.ignore.place.rpartition(":")[0],):
            notes.setdefault(path, []).append(replace(note, links=tuple(links.get(path, ()))))
    return notes
