"""What several rules read from the evidence."""

from __future__ import annotations

from enum import Enum, auto
from urllib.parse import urlsplit

from linkcheck.common.similarity import similarity
from linkcheck.contracts import Needs
from linkcheck.judge import addresses
from linkcheck.model import Confidence, Evidence, Fault, Finding, Match, Presence, Sighting, SignatureKind

MISSING = frozenset({404, 410})
"""The statuses that say that nothing is there (RFC 9110 §15.5.5, §15.5.11)."""

GONE_KINDS = (SignatureKind.PARKED, SignatureKind.SUSPENDED, SignatureKind.PLACEHOLDER, SignatureKind.MISSING)
"""The signatures of pages that stand where the content was."""

CHALLENGE_KINDS = (SignatureKind.CHALLENGE, SignatureKind.CONSENT)
"""The signatures of pages that stand before the content."""

_SAME = 0.9
_NO_OPINION = Finding()
# Plain numbers: to combine members of an IntFlag takes longer than to ask all rules.
_SITE, _FAULT, _STATUS, _SUCCESS = int(Needs.SITE), int(Needs.FAULT), int(Needs.STATUS), int(Needs.SUCCESS)
_REDIRECT, _SIGNATURE, _GOOD = int(Needs.REDIRECT), int(Needs.SIGNATURE), int(Needs.GOOD)


def present(e: Evidence) -> int:
    """Which `Needs` are met."""
    found = 0 if e.site is None else _SITE
    if e.looks:
        last = e.looks[-1]
        if not isinstance(last.outcome, int):
            found |= _FAULT
        elif not last.is_success:
            found |= _STATUS
        else:
            found |= _REDIRECT if last.hops else _SUCCESS
    if e.page is not None and e.page.matches:
        found |= _SIGNATURE
    return found if e.good is None else found | _GOOD


def site(e: Evidence) -> Finding:
    """What the site says, without an opinion where it was not asked."""
    return e.site or _NO_OPINION


def page(e: Evidence) -> Finding:
    """What the page shows, nothing where it was not read."""
    return e.page or _NO_OPINION


def is_internal(seen: Sighting) -> bool:
    """Whether our own program failed on what was sent."""
    return seen.outcome is Fault.INTERNAL_ERROR


def is_complete(e: Evidence) -> bool:
    """Whether our own program failed on no part of the evidence, so that it may be remembered."""
    if e.site is not None and e.site.trouble:
        return False
    return not any(map(is_internal, e.looks)) and (e.probe is None or not is_internal(e.probe.sighting))


def is_confirmed(e: Evidence) -> bool:
    return e.site is not None and e.site.presence is Presence.PRESENT


def is_missing(e: Evidence) -> bool:
    """Whether every look found nothing, and there were two, or the one says that it is gone on purpose."""
    if any(look.status not in MISSING for look in e.looks):
        return False
    return len(e.looks) > 1 or (len(e.looks) == 1 and e.looks[0].status == 410)


def is_html_for_pdf(e: Evidence) -> bool:
    """Whether a link to a PDF answers with a page."""
    return e.page is not None and addresses.is_pdf(e.url) and e.page.media in ("text/html", "application/xhtml+xml")


def match(e: Evidence, *kinds: SignatureKind) -> Match | None:
    """The surest match of one of `kinds` on the page."""
    if e.page is None or not e.page.matches:  # as most pages are
        return None
    return next((one for one in e.page.matches if one.kind in kinds), None)


def confidence(found: Match) -> Confidence:
    return Confidence.CERTAIN if found.confidence is Confidence.CERTAIN else Confidence.LIKELY


class ProbeResult(Enum):
    """What an address beside the page that cannot exist says of the page's 200."""

    NOTHING = auto()
    HONEST = auto()
    """The host says so when it lacks a page."""
    SAME = auto()
    """It gives the same page."""
    DIFFERS = auto()


def probe_result(e: Evidence) -> ProbeResult:
    """What the probe says of the last look, which was a success."""
    probe = e.probe
    if probe is None or probe.sighting.status is None:
        return ProbeResult.NOTHING
    if probe.sighting.status in MISSING:
        # It was the path that was made up, not the query.
        return ProbeResult.NOTHING if urlsplit(e.url).query else ProbeResult.HONEST
    if not probe.sighting.is_success:
        return ProbeResult.NOTHING
    last, own = e.looks[-1], page(e).fingerprint
    if last.hops and probe.sighting.hops and probe.sighting.final_url == last.final_url:
        return ProbeResult.SAME
    if not own and not probe.fingerprint:  # too few words for a fingerprint
        is_same = (mine := match(e, SignatureKind.NOT_FOUND)) is not None and mine in probe.matches
        return ProbeResult.SAME if is_same else ProbeResult.NOTHING
    return ProbeResult.SAME if similarity(own, probe.fingerprint) >= _SAME else ProbeResult.DIFFERS
