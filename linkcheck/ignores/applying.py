"""Apply ignores to a report: which links may fail, and what there is to say of each ignore."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from linkcheck.ignores.matching import Ignores, counting
from linkcheck.model import ALIVE, Checked, Ignore, IgnoreNote, IgnoreState, Link, Mutable, Report, field, replace

_OF_A_PART = "not-added"  # the rule of links that a run over a change leaves out


class _Use(Mutable):
    """The links of one ignore, and whether all of them work."""

    ignore: Ignore
    links: list[Link] = field(default_factory=list)
    is_alive: bool = True


def applied(report: Report, ignores: Ignores, *, is_whole: bool = True) -> Report:
    """`report` with `Link.ignored` and `Report.ignore_notes`. Links count by place: a comment covers one of them.

    `is_whole`: the lists were read whole and every link was to be checked, so that it may be said that no link needs an
    ignore. A report that ended early says it of none, and links that a change does not add count for nothing.
    """
    today = report.started.date()
    uses: dict[int, _Use] = {}
    checked = tuple(_marked(one, ignores, uses, today) for one in report.checked)
    is_whole = is_whole and not report.is_partial and not any(one.verdict.rule == _OF_A_PART for one in checked)
    notes = tuple(_notes(report, ignores, uses, today, is_whole=is_whole))
    return replace(report, checked=checked, ignore_notes=notes)


def _marked(one: Checked, ignores: Ignores, uses: dict[int, _Use], today: date) -> Checked:
    if one.verdict.rule == _OF_A_PART:
        return one
    links, has_changed = list[Link](), False
    for link in one.links:
        found = ignores.of(link)
        for ignore in found:
            use = uses.setdefault(id(ignore), _Use(ignore))
            use.links.append(link)
            use.is_alive = use.is_alive and one.verdict.state in ALIVE
        if ignored := counting(found, today):
            links.append(replace(link, ignored=ignored))
            has_changed = True
        else:
            links.append(link)
    return replace(one, links=tuple(links)) if has_changed else one


def _notes(
    report: Report, ignores: Ignores, uses: dict[int, _Use], today: date, *, is_whole: bool
) -> Iterator[IgnoreNote]:
    paths = {document.path for document in report.documents}
    of_comments = (ignore for document in report.documents for ignore in document.ignores)
    for ignore in (*of_comments, *ignores.all):
        use = uses.get(id(ignore)) or _Use(ignore)
        if ignore.has_expired(today):
            if use.links or is_whole:
                yield IgnoreNote(ignore, IgnoreState.EXPIRED, tuple(use.links))
        elif not use.links:
            accepted = ignores.accepted.get(id(ignore))
            if is_whole and (accepted is None or accepted.is_of(paths)):
                yield IgnoreNote(ignore, IgnoreState.UNUSED)
        elif use.is_alive:
            yield IgnoreNote(ignore, IgnoreState.ALIVE, tuple(use.links))
