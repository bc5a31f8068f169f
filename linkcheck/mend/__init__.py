"""From the results of a run to the edits that mend the links of its documents. Pure: what is asked, others ask.

Each kind of mending is a module. Those of KINDS give a link another address, by what was seen of it; `written` repairs
syntax, `archive` knows copies of dead pages. `patch` makes the edits, `diff` shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from linkcheck import urls
from linkcheck.mend import archive, arxiv, https, notes, redirect, rename, tracking, written
from linkcheck.mend.archive import Copy
from linkcheck.mend.looks import FullLooks as FullLooks
from linkcheck.mend.looks import Looks as Looks
from linkcheck.mend.steps import Course, course
from linkcheck.model import Checked, Document, Edit, Link, Report, State, Url, replace

KINDS = (rename.KIND, redirect.KIND, https.KIND, arxiv.KIND, tracking.KIND)
REPAIR, ARCHIVE = "repair", "archive"
NAMES = (REPAIR, *(kind.name for kind in KINDS), ARCHIVE)
"""The names of all kinds of mending: the rules of edits."""

_OF_HINTS = frozenset({"redirect", "rename"})
DEAD = frozenset({State.DEAD, State.GONE})


TextAt = Callable[[Link, tuple[int, int]], str | None]
"""The text at a place of a link's document; None if it cannot be decoded."""


class Wishes(NamedTuple):
    """What the user wants mended: the kinds `names`, links to arXiv in the form `arxiv`, dead links as `dead` says."""

    names: Collection[str] = NAMES
    arxiv: str = "keep"
    dead: str = "keep"


def courses(report: Report, looks: Looks, wishes: Wishes) -> Iterator[tuple[Checked, str, Course]]:
    """The course of each URL that is not as it should be, for each way in which its links write it."""
    kinds = [kind for kind in KINDS if kind.name in wishes.names]
    for one in report.checked:
        if may_be_mended(one, wishes):
            for url in dict.fromkeys(link.url for link in one.links):
                found = course(url, one, looks, kinds, wishes.arxiv)
                if found.url or found.ask:
                    yield one, url, found


def may_be_mended(one: Checked, wishes: Wishes) -> bool:
    """Whether another address is conceivable for a link, by its result alone: most links of a list are fine."""
    if not one.normal:
        return False
    is_form_wanted = wishes.arxiv != "keep" and bool(one.item)
    is_plain = one.verdict.state is State.OK and one.normal.startswith("https:") and "?" not in one.normal
    return not is_plain or is_form_wanted


def questions(report: Report, looks: Looks, wishes: Wishes) -> list[Url]:
    """The addresses to look at before more can be said."""
    return list(dict.fromkeys(ask for _, _, found in courses(report, looks, wishes) for ask in found.ask))


def edits(report: Report, looks: Looks, wishes: Wishes, text_at: TextAt) -> list[Edit]:
    """The edits that are certain by what was seen."""
    found = [edit for one, url, way in courses(report, looks, wishes) if way.url for edit in _edits(one, url, way)]
    if REPAIR in wishes.names:
        found += filter(None, (_repair(one, text_at) for one in report.checked if one.repair))
    return found


def _edits(one: Checked, url: str, way: Course) -> Iterator[Edit]:
    for link in one.links:
        if link.url == url and (edit := written.edit(link, way.url, way.rule, way.reason)):
            yield edit


def _repair(one: Checked, text_at: TextAt) -> Edit | None:
    old = text_at(one.links[0], one.repair.span) if one.repair else None
    if one.repair is None or old is None:
        return None
    return written.repair(one.links[0], one.repair, old, REPAIR, one.verdict.reason)


def with_edits(report: Report, found: Iterable[Edit]) -> Report:
    """`report` with each edit at its link."""
    at = dict[tuple[str, tuple[int, int]], list[Edit]]()
    for edit in found:
        at.setdefault((edit.path, edit.span), []).append(edit)
    return replace(report, checked=tuple(_with_own(one, at) for one in report.checked))


def _with_own(one: Checked, at: Mapping[tuple[str, tuple[int, int]], Sequence[Edit]]) -> Checked:
    places = [(link.path, link.span) for link in one.links]
    if one.repair:
        places = [(one.links[0].path, one.repair.span)]
    own = tuple(edit for place in dict.fromkeys(places) for edit in at.get(place, ()))
    return replace(one, edits=own) if own else one


def hinted(report: Report, looks: Looks, wishes: Wishes) -> Report:
    """`report` with the kind of mending by which `linkcheck fix` mends each link, or will if a second look agrees."""
    kinds = {one.normal: way.rule or way.asking for one, _, way in courses(report, looks, wishes) if _is_hint(way)}
    return replace(report, checked=tuple(_hinted(one, kinds) for one in report.checked))


def _is_hint(way: Course) -> bool:
    return bool(way.url) or way.asking in _OF_HINTS


def _hinted(one: Checked, kinds: Mapping[str, str]) -> Checked:
    mending = REPAIR if one.repair else kinds.get(one.normal, "") if one.normal else ""
    return replace(one, mending=mending) if mending else one


# -- dead links ------------------------------------------------------------------------------


def dead(report: Report, wishes: Wishes) -> list[Checked]:
    """The dead links for which an archived copy is wanted."""
    if wishes.dead == "keep" or ARCHIVE not in wishes.names:
        return []
    noted = _noted(report.documents) if wishes.dead == "note" else set()
    return [one for one in report.checked if one.verdict.state in DEAD and _is_archivable(one, noted)]


def _is_archivable(one: Checked, noted: Collection[str]) -> bool:
    return bool(one.normal) and not one.verdict.replacement and not archive.is_copy(one.url) and one.normal not in noted


def _noted(documents: Iterable[Document]) -> set[str]:
    """The pages that have a link to a copy already."""
    copies = (archive.original(link.url) for document in documents for link in document.links)
    return {normal for text in copies if text and (normal := urls.normalise(text))}


def archived(
    one: Checked, copy: Copy, wishes: Wishes, files: Mapping[str, tuple[bytes, Document]]
) -> tuple[list[Edit], list[Link]]:
    """The edits that put a copy in place of a dead link, or beside it, and the links where that is not possible."""
    reason = f"the copy of {copy.day}"
    made, left = list[Edit](), list[Link]()
    for link in one.links:
        if wishes.dead == "archive":
            edit = written.edit(link, _with_fragment(copy.url, link.url), ARCHIVE, reason)
        else:
            data, document = files[link.path]
            edit = notes.note(data, document, link, copy.url, ARCHIVE, reason)
        if edit:
            made.append(edit)
        else:
            left.append(link)
    return made, left


def _with_fragment(url: str, old: str) -> str:
    _, mark, fragment = old.partition("#")
    return f"{url}{mark}{fragment}"


def by_path(found: Sequence[Edit]) -> dict[str, list[Edit]]:
    """Edits by the path of their document."""
    sorted_out = dict[str, list[Edit]]()
    for edit in found:
        sorted_out.setdefault(edit.path, []).append(edit)
    return sorted_out
