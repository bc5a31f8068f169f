"""What earlier runs have to say: swapped pages, links that come and go, and when a failure counts.

One bad answer never condemns a link that was good (pywikibot asks for two, a week apart; of links
tagged "permanently dead" on Wikipedia many work today: Nyayachavadi et al., IMC 2022).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from linkcheck.common.similarity import similarity
from linkcheck.model import ALIVE, FAILING, Change, Confidence, Evidence, Flag, Past, State, Verdict, replace

_KNOWN = ALIVE | FAILING
_LONG_RUNS = 3
_LONG = timedelta(days=7)
_TURNS = 3
_OTHER_TEXT = 0.1
# What hijacked domains sell (jivoi/awesome-osint#1126, dev-resources#1248; notes/verdicts.md b).
_LURES = re.compile(
    r"\b(?:slots?|togel|casinos?|kasino|judi|gacor|betting|sportsbook|poker|jackpot|bandar|kèo|xoilac|cakhia|"
    r"nhà cái|bet365|1xbet|baccarat|sbobet|viagra|cialis|escorts?|porno?|ставки|казино|博彩|赌场|娱乐城|카지노|토토)\b",
    re.IGNORECASE,
)


def hijacked(e: Evidence) -> Verdict | None:
    """Another text, another title, and another language or a gambler's words: the domain changed hands."""
    if not is_other(e) or not e.good or not e.page or not e.page.metadata:
        return None
    now = e.page.metadata
    lure = _LURES.search(f"{now.title} {now.description}")
    was, here = e.good.language.lower()[:2], now.language.lower()[:2]
    if lure and not _LURES.search(e.good.title):
        why = f"now about {lure[0]!r}"
    elif was and here and was != here:
        why = f"now in {now.language!r}, was in {e.good.language!r}"
    else:
        return None
    words = f"another page than on {e.good.at:%Y-%m-%d}: {now.title[:80]!r} in place of {e.good.title[:80]!r}, {why}"
    return Verdict(State.GONE, "hijacked", words, Confidence.LIKELY, "find the page's new home, or take the link out")


def is_other(e: Evidence) -> bool:
    """Whether title and text have nothing in common with the page that was good."""
    if not e.good or not e.page or not e.page.metadata or not e.good.fingerprint or not e.page.fingerprint:
        return False
    if e.good.fingerprint == e.page.fingerprint:  # as nearly always
        return False
    is_other_title = not (_words(e.good.title) & _words(e.page.metadata.title))
    return is_other_title and similarity(e.good.fingerprint, e.page.fingerprint) < _OTHER_TEXT


def flags(e: Evidence, verdict: Verdict) -> dict[Flag, str]:
    """What earlier looks add to a link in any state."""
    found: dict[Flag, str] = {}
    if verdict.state in ALIVE and is_other(e) and e.good:
        found[Flag.DRIFTED] = f"on {e.good.at:%Y-%m-%d} it was {e.good.title[:80]!r}"
    if len(e.past) < _TURNS:
        return found
    states = [one.state in ALIVE for one in (*e.past, Past(datetime.max, None, verdict.state)) if one.state in _KNOWN]
    turns = sum(one != other for one, other in pairwise(states))
    if turns >= _TURNS:
        found[Flag.FLAKY] = f"it came and went {turns} times in {len(states)} looks"
    return found


def weigh(verdict: Verdict, e: Evidence, at: datetime, confirm: timedelta) -> Verdict:
    """`verdict` in the light of earlier runs; `at` is when this look was."""
    if verdict.state is State.UNREACHABLE:
        return _for_long(verdict, e.past, at)
    if verdict.state not in FAILING or verdict.confidence is Confidence.CERTAIN:
        return verdict
    good = [one for one in e.past if one.state in ALIVE]
    began = since(verdict, e.past, at)
    if not good or began is None or at - began >= confirm:
        return verdict
    day = "today" if began.date() == at.date() else f"{began:%Y-%m-%d}"
    words = f"failing since {day}: {verdict.reason}; it was fine on {good[-1].at:%Y-%m-%d}"
    advice = "wait: it fails a run when it is still so later"
    return replace(verdict, state=State.UNREACHABLE, rule="failing-since", reason=words, advice=advice)


def since(verdict: Verdict, past: Sequence[Past], at: datetime) -> datetime | None:
    """When a failing link began to fail; None for one that does not."""
    if verdict.state not in FAILING:
        return None
    began = at
    for one in reversed(past):
        if one.state in FAILING:
            began = one.at
        elif one.state in ALIVE:
            break
    return began


def change(state: State, past: Sequence[Past]) -> Change | None:
    """What is new against the last run that knew anything."""
    known = [one.state in FAILING for one in past if one.state in _KNOWN]
    if not known or state not in _KNOWN:
        return None
    if state in FAILING:
        return Change.STILL if known[-1] else Change.NEW
    return Change.RECOVERED if known[-1] else None


def _for_long(verdict: Verdict, past: Sequence[Past], at: datetime) -> Verdict:
    """Unreachable in three runs or more over a week or more: said, and still not failing."""
    streak = []
    for one in reversed(past):
        if one.state is not State.UNREACHABLE:
            break
        streak.append(one.at)
    if len(streak) + 1 < _LONG_RUNS or at - streak[-1] < _LONG:
        return verdict
    words = f"unreachable since {streak[-1]:%Y-%m-%d}, in {len(streak) + 1} looks: {verdict.reason}"
    return replace(verdict, rule="unreachable-for-long", reason=words, advice="look at it yourself: it may be gone")


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}
