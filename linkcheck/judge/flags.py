"""Flags: added to the verdict of any rule."""

from __future__ import annotations

from itertools import pairwise

from linkcheck.judge import past, wording
from linkcheck.model import ALIVE, Confidence, Evidence, Finding, Flag, SignatureKind, State, Verdict

_TURNS = 3
_MOST_FRAGMENTS = 5
_MOST_TITLE = 80
_VERIFIABLE = ALIVE | {State.RESTRICTED}


def flags(e: Evidence, verdict: Verdict) -> dict[Flag, str]:
    """Flags with their reasons; those of the verdict take precedence."""
    found = dict(e.site.flags) if e.site else {}
    if verdict.state in ALIVE:
        if e.page is not None:
            found |= _of_page(e.page)
        if e.good is not None and past.is_another_page(e):
            found[Flag.DRIFTED] = f"on {e.good.at:%Y-%m-%d} it was {e.good.title[:_MOST_TITLE]!r}"
    if len(e.past) >= _TURNS and (why := _flaky(e, verdict)):
        found[Flag.FLAKY] = why
    if e.looks and (fault := e.looks[-1].insecure) and verdict.state in _VERIFIABLE:
        found[Flag.INSECURE] = wording.insecure(fault)
    return found | dict(verdict.flags) if found else found


def _of_page(page: Finding) -> dict[Flag, str]:
    """Flags from weak matches, missing fragments and script shells."""
    found = dict[Flag, str]()
    if page.matches:
        weak = next((one for one in page.matches if one.confidence is Confidence.WEAK), None)
        found |= {Flag.SUSPECT: weak.evidence} if weak else {}
    if page.lost:
        names = ", ".join(f"#{name}" for name in page.lost[:_MOST_FRAGMENTS])
        found[Flag.NO_FRAGMENT] = f"the page has no place named {names}"
    if page.matches:
        shell = next((one for one in page.matches if one.kind is SignatureKind.SHELL), None)
        found |= {Flag.OPAQUE: shell.evidence} if shell else {}
    return found


def _flaky(e: Evidence, verdict: Verdict) -> str:
    """The reason if the state changed at least `_TURNS` times, this look included, else ''."""
    states = [*(one.state for one in e.past), verdict.state]
    was_alive = [state in ALIVE for state in states if state in past.CONCLUSIVE]
    turns = sum(one != other for one, other in pairwise(was_alive))
    return f"it came and went {turns} times" if turns >= _TURNS else ""
