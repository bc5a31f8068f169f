"""Rules on the site's answer. They come before those on its page: an API is behind no challenge page."""

from __future__ import annotations

from linkcheck.contracts import Needs, Rule
from linkcheck.judge import facts, wording
from linkcheck.model import Confidence, Evidence, Flag, Presence, State, Verdict


def _site_denies(e: Evidence) -> Verdict | None:
    site = facts.site(e)
    if site.presence is not Presence.ABSENT:
        return None
    confidence = Confidence.CERTAIN if site.certain else Confidence.LIKELY
    return Verdict(State.GONE, "site-denies", site.evidence, confidence, wording.FIND_COPY, site.replacement)


SITE_DENIES = Rule(
    "site-denies",
    (State.GONE,),
    "The site's own API or its page's data say that the item is not there.",
    "A deleted video answers HTTP 200 on its page; only the site knows.",
    "A watch page whose oEmbed answers 404 and whose playabilityStatus is ERROR.",
    "YouTube oEmbed and watch page, recorded 2026-11; docs/verdicts.md, Site",
    _site_denies,
    needs=Needs.SITE,
)


def _site_restricts(e: Evidence) -> Verdict | None:
    site = facts.site(e)
    if site.presence is not Presence.RESTRICTED:
        return None
    return Verdict(State.RESTRICTED, "site-restricts", site.evidence)


SITE_RESTRICTS = Rule(
    "site-restricts",
    (State.RESTRICTED,),
    "The site says that the item is there, but not for everybody.",
    "What only some may see is not dead. No built-in site says so yet.",
    "An item that its site's API calls private.",
    "docs/verdicts.md, Site",
    _site_restricts,
    needs=Needs.SITE,
)


def _withdrawn(e: Evidence) -> Verdict | None:
    site = facts.site(e)
    if Flag.WITHDRAWN not in site.flags or not facts.is_missing(e):
        return None
    reason = f"{wording.missing(e)}; {site.evidence}, withdrawn"
    return Verdict(State.GONE, "withdrawn", reason, advice=wording.use(site.replacement), replacement=site.replacement)


WITHDRAWN = Rule(
    "withdrawn",
    (State.GONE,),
    "The work was withdrawn and this form of it is no longer served, by two looks.",
    "arXiv keeps the entry of a withdrawn paper but answers 404 for its PDF.",
    "https://arxiv.org/pdf/… of a paper whose last version says it was withdrawn.",
    "arXiv help, Withdrawing",
    _withdrawn,
    needs=Needs.SITE | Needs.STATUS,
)


def _site_confirms(e: Evidence) -> Verdict | None:
    site = facts.site(e)
    if site.presence is not Presence.PRESENT:
        return None
    if site.ask_page and e.looks and e.looks[-1].status in facts.MISSING:
        return None
    return Verdict(State.OK, "site-confirms", site.evidence, flags=site.flags)


SITE_CONFIRMS = Rule(
    "site-confirms",
    (State.OK,),
    "The site's API lists the item.",
    "The API is more reliable than the page, which may be a challenge page, a consent page or too slow.",
    "A paper that the arXiv API lists.",
    "docs/verdicts.md, Site",
    _site_confirms,
    needs=Needs.SITE,
)
