"""The verdict on one link into the repository, and the words for it."""

from __future__ import annotations

from linkcheck.common.spelling import letters
from linkcheck.local.destination import written
from linkcheck.model import Link, Repair, State, Unchecked
from linkcheck.model.base import Value

_MOST_SHOWN = 200


class Answer(Value, frozen=True):
    """`url` is what the link should say, or `fragment` what it should say behind its `#`; '' if that is not certain.
    Without both `advice` says what to do.
    """

    state: State
    rule: str
    reason: str
    url: str = ""
    advice: str = ""
    fragment: str = ""

    def of(self, link: Link) -> Unchecked:
        now = link.written or link.url
        meant = f"{now.partition('#')[0]}#{self.fragment}" if self.fragment else self.url
        repair = Repair(link.span, meant) if meant and "\ufffd" not in now else None
        return Unchecked(link, self.state, self.rule, self.reason, repair, "" if repair else self.advice)


FILE_THERE = Answer(State.OK, "file-there", "it is in the repository")
NOT_TOLD = "git does not tell whether the commit has it"
PLACE_THERE = Answer(State.OK, "file-there", "the file has this place")


def skipped(reason: str) -> Answer:
    return Answer(State.SKIPPED, "relative-link", reason)


def skipped_in_page(reason: str) -> Answer:
    return Answer(State.SKIPPED, "in-page-link", reason)


def missing_file(path: str, nearest: str = "", url: str = "") -> Answer:
    """`path` from the top of the repository; `nearest` is the path of the file that was probably meant."""
    reason = f"there is no {_shown(path)}" + (f"; the nearest is {_shown(nearest)}" if nearest else "")
    return Answer(State.DEAD, "missing-file", reason, url, "add the file, or mend or take out the link")


def missing_place(path: str, fragment: str, nearest: str = "") -> Answer:
    """`nearest` is the place that was probably meant; it is certain if both have the same letters and digits."""
    shown = written(nearest)
    reason = f"{_shown(path)} has no #{_shown(fragment)}" + (f"; the nearest is #{_shown(shown)}" if nearest else "")
    is_certain = nearest != "" and letters(nearest) == letters(fragment)
    advice = "name a heading or an anchor of the file"
    return Answer(State.DEAD, "missing-fragment", reason, advice=advice, fragment=shown if is_certain else "")


def unreleased(ref: str) -> Answer:
    return Answer(State.PENDING, "unreleased", f"{_shown(ref)} is the changelog's newest version, and has no tag yet")


def _shown(text: str) -> str:
    readable = text if text.isascii() else text.encode(errors="replace").decode()
    return readable if len(readable) <= _MOST_SHOWN else f"{readable[:_MOST_SHOWN]}…"
