"""Rules on history: replaced pages, and when a failure counts.

One bad answer never condemns a link that was good (pywikibot asks for two, a week apart; of links tagged "permanently
dead" on Wikipedia many work today: Nyayachavadi et al., IMC 2022).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import takewhile

from linkcheck.common.lazy import lazy
from linkcheck.contracts import Needs, Rule
from linkcheck.judge import past, wording
from linkcheck.model import ALIVE, FAILING, Confidence, Evidence, Policy, State, Verdict, replace

_LONG_DAYS = 3
_LONG = timedelta(days=7)
_MOST_TITLE = 80
# Topics of hijacked domains (jivoi/awesome-osint#1126, dev-resources#1248).
_SPAM_WORDS = lazy(
    r"\b(?:slots?|togel|casinos?|kasino|judi|gacor|betting|sportsbook|poker|jackpot|bandar|kèo|xoilac|cakhia|"
    r"nhà cái|bet365|1xbet|baccarat|sbobet|viagra|cialis|escorts?|porno?|ставки|казино|博彩|赌场|娱乐城|카지노|토토)\b",
    re.IGNORECASE,
)


def _hijacked(e: Evidence) -> Verdict | None:
    if not past.is_another_page(e) or not e.good or not e.page or not e.page.metadata:
        return None
    was, now = e.good, e.page.metadata
    spam = _SPAM_WORDS.search(f"{now.title} {now.description}")
    language_was, language = was.language.lower()[:2], now.language.lower()[:2]
    if spam and not _SPAM_WORDS.search(was.title):
        why = f"now about {spam[0]!r}"
    elif language_was and language and language_was != language:
        why = f"now in {now.language!r}, was in {was.language!r}"
    else:
        return None
    titles = f"{now.title[:_MOST_TITLE]!r} in place of {was.title[:_MOST_TITLE]!r}"
    reason = f"another page than on {was.at:%Y-%m-%d}: {titles}, {why}"
    advice = f"{wording.FIND_NEW_HOME}, or take the link out"
    return Verdict(State.GONE, "hijacked", reason, Confidence.LIKELY, advice)


HIJACKED = Rule(
    "hijacked",
    (State.GONE,),
    "Title and text have nothing in common with the page that was good, and it is in another language or sells "
    "gambling.",
    "Expired domains are bought for their links; the new page answers 200.",
    "A blog on woodwork that is now a slot machine site.",
    "jivoi/awesome-osint#1126 (11 hijacked or parked entries, all 200)",
    _hijacked,
    needs=Needs.GOOD,
)


def _failing_since(first: Verdict, e: Evidence, at: datetime, policy: Policy) -> Verdict | None:
    if first.state not in FAILING or first.confidence is Confidence.CERTAIN:
        return None
    was_good = next((one for one in reversed(e.past) if one.state in ALIVE), None)
    began = past.since(first.state, e.past, at) or at
    if was_good is None or at - began >= policy.confirm:
        return None
    day = "today" if began.date() == at.date() else f"{began:%Y-%m-%d}"
    reason = f"failing since {day}: {first.reason}; it was fine on {was_good.at:%Y-%m-%d}"
    advice = "wait: it fails a run when it is still so later"
    return replace(first, state=State.UNREACHABLE, rule="failing-since", reason=reason, advice=advice)


FAILING_SINCE = Rule(
    "failing-since",
    (State.UNREACHABLE,),
    "It was good in an earlier run and fails now, on evidence that is not certain: it fails a run only when it is "
    "still so after `--confirm` (24 h).",
    "Of links that answer 404 once, some are back the next day.",
    "404 twice today, 200 last week.",
    "pywikibot weblinkchecker; Nyayachavadi et al., IMC 2022",
    weigh=_failing_since,
)


def _unreachable_for_long(first: Verdict, e: Evidence, at: datetime, _: Policy) -> Verdict | None:
    if first.state is not State.UNREACHABLE:
        return None
    streak = [one.at for one in takewhile(lambda one: one.state is State.UNREACHABLE, reversed(e.past))]
    days = {one.date() for one in (at, *streak)}
    if len(days) < _LONG_DAYS or at - streak[-1] < _LONG:
        return None
    reason = f"unreachable since {streak[-1]:%Y-%m-%d}: {first.reason}"
    return replace(first, rule="unreachable-for-long", reason=reason, advice="look at it yourself: it may be gone")


UNREACHABLE_FOR_LONG = Rule(
    "unreachable-for-long",
    (State.UNREACHABLE,),
    "Unreachable on three days or more, over a week or more.",
    "Still no proof from one place on the network, so it is reported and fails nothing.",
    "Time-outs on three Mondays.",
    "felladrin/uo-is-not-dead#158; docs/verdicts.md, Unreachable",
    weigh=_unreachable_for_long,
)
