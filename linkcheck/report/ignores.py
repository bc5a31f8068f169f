"""What reports say of ignored links, and of ignores that can go or have expired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from linkcheck.model import Checked, Ignore, IgnoreNote, IgnoreState, Report
from linkcheck.report import groups, sanitise

_MOST_LINKS = 100  # of a note in JSON
_MOST_UNUSED = 5  # ignores without a link that are named; a run over one list of many has more


class Line(NamedTuple):
    """One thing to say: where it stands, `expired`, `alive`, `unused` or `baseline`, about what, and the sentence."""

    place: str
    kind: str
    subject: str
    sentence: str


def counted(report: Report) -> str:
    """`3 links fail and are ignored, 2 of them by the baseline`; '' if there are none."""
    found = groups.ignored(report)
    if not found:
        return ""
    accepted = sum(one.ignored is not None and one.ignored.is_baseline for one in found)
    shown = "1 link fails and is ignored" if len(found) == 1 else f"{len(found)} links fail and are ignored"
    if accepted == len(found):
        return f"{shown} by the baseline"
    return f"{shown}, {accepted} of them by the baseline" if accepted else shown


def lines(report: Report) -> Iterator[Line]:
    """What there is to say of the ignores, those of comments and config files first."""
    own = [note for note in report.ignore_notes if not note.ignore.is_baseline]
    yield from (_line(note) for note in own if note.state is not IgnoreState.UNUSED)
    unused = [note for note in own if note.state is IgnoreState.UNUSED]
    yield from map(_line, unused[:_MOST_UNUSED])
    if more := unused[_MOST_UNUSED:]:
        number = "1 more" if len(more) == 1 else f"{len(more)} more, the last"
        yield Line(
            more[-1].ignore.place, "unused", more[-1].ignore.subject, f"no link of these lists uses it ({number})"
        )
    yield from _of_baseline(report)


def _line(note: IgnoreNote) -> Line:
    ignore = note.ignore
    subject = ignore.subject
    if note.links:
        first = note.links[0]
        place = f"{first.path}:{first.line}"
        subject = sanitise.url(first.url) + (f" ({place})" if place != ignore.place else "")
        subject += f" and {len(note.links) - 1} more" if len(note.links) > 1 else ""
    return Line(ignore.place, note.state.value, subject, _sentence(note))


def _sentence(note: IgnoreNote) -> str:
    match note.state:
        case IgnoreState.EXPIRED:
            reason = f" ({note.ignore.reason})" if note.ignore.reason else ""
            use = "take it out, or give it a new day" if note.links else "no link of these lists uses it: it can go"
            return f"this ignore expired on {note.ignore.until}{reason}; {use}"
        case IgnoreState.ALIVE:
            works = "works" if len(note.links) == 1 else "all work"
            return f"{works} again: this ignore can go"
        case IgnoreState.UNUSED:
            is_comment = note.ignore.place.rpartition(":")[2].isdecimal()  # an entry may be of other lists
            return f"no link of these lists uses it: {'' if is_comment else 'if no other does, '}this ignore can go"


def _of_baseline(report: Report) -> Iterator[Line]:
    found = [note for note in report.ignore_notes if note.ignore.is_baseline]
    if not found:
        return
    alive = sum(note.state is IgnoreState.ALIVE for note in found)
    parts = [f"{alive} of its links work{'s' if alive == 1 else ''} again"] if alive else []
    if gone := len(found) - alive:
        parts.append(f"{gone} {'is' if gone == 1 else 'are'} in these lists no more")
    first = found[0].ignore
    yield Line(
        first.place, "baseline", first.subject, f"{' and '.join(parts)}: run linkcheck baseline again to take them out"
    )


def as_text(line: Line) -> str:
    """In the form of compiler messages."""
    place = sanitise.safe(sanitise.path(line.place))
    return (
        f"{place}: note[ignore-{line.kind}] {sanitise.clean(line.subject, 600)}: {sanitise.clean(line.sentence, 600)}"
    )


def as_markdown(report: Report, placed: Callable[[Checked], str]) -> Iterator[str]:
    """The two sections of the Markdown report; `placed` names a link and its places."""
    if found := groups.ignored(report):
        yield from ("", "## Ignored", "", f"{counted(report)}.", "")
        yield from (_ignored(one, placed) for one in found)
    if said := [*lines(report)]:
        yield from ("", "## Ignores to look at", "")
        for line in said:
            what = f"{sanitise.code(line.place)}, {sanitise.prose(line.subject)}"
            yield f"- **{line.kind}** {what}: {sanitise.prose(line.sentence)}"


def _ignored(one: Checked, placed: Callable[[Checked], str]) -> str:
    ignore = one.ignored or one.links[0].ignored
    if not ignore:
        return f"- **{one.verdict.state}** {placed(one)}"
    until = f", until {ignore.until}" if ignore.until else ""
    reason = sanitise.prose(ignore.reason) if ignore.reason else "no reason is given"
    return f"- **{one.verdict.state}** {placed(one)}: {reason} ({sanitise.code(ignore.place)}{until})"


def as_value(ignore: Ignore | None) -> dict[str, Any] | None:
    """An ignore for JSON."""
    if not ignore:
        return None
    return {
        "reason": ignore.reason,
        "until": ignore.until.isoformat() if ignore.until else None,
        "where": ignore.place,
        "baseline": ignore.is_baseline,
    }


def notes_as_values(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "state": note.state,
            "subject": note.ignore.subject,
            **(as_value(note.ignore) or {}),
            "links": list(dict.fromkeys(link.url for link in note.links[:_MOST_LINKS])),
            "places": len(note.links),
        }
        for note in report.ignore_notes
    ]
