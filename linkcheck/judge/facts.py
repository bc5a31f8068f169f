"""Facts derived from the evidence that several rules need."""

from __future__ import annotations

from enum import Enum, auto
from urllib.parse import urlsplit

from linkcheck.common.similarity import similarity
from linkcheck.contracts import Needs
from linkcheck.judge import addresses
from linkcheck.model import Confidence, Evidence, Fault, Finding, Match, Presence, Sighting, SignatureKind

MISSING = frozenset({404, 410})
"""The statuses *not found* and *gone* (RFC 9110 §15.5.5, §15.5.11)."""

GONE_KINDS = (SignatureKind.PARKED, SignatureKind.SUSPENDED, SignatureKind.PLACEHOLDER, SignatureKind.MISSING)
"""Signatures of pages that replaced the content."""

CHALLENGE_KINDS = (SignatureKind.CHALLENGE, SignatureKind.CONSENT)
"""Signatures of pages that hide the content."""

_SAME = 0.9
_NO_OPINION = Finding()
# Plain ints: combining IntFlag members is slower than running all rules.
_SITE, _FAULT, _STATUS, _SUCCESS = int(Needs.SITE), int(Needs.FAULT), int(Needs.STATUS), int(Needs.SUCCESS)
_REDIRECT, _SIGNATURE, _GOOD = int(Needs.REDIRECT), int(Needs.SIGNATURE), int(Needs.GOOD)


def present(e: Evidence) -> int:
    """The `Needs` that the evidence meets, as a bit mask."""
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
    """The site's finding; one without an opinion if it was not asked."""
    return e.site or _NO_OPINION


def page(e: Evidence) -> Finding:
    """The page's finding; one without an opinion if it was not read."""
    return e.page or _NO_OPINION


def is_internal_error(seen: Sighting) -> bool:
    """Whether linkcheck had an internal error with this answer."""
    return seen.outcome is Fault.INTERNAL_ERROR


def is_complete(e: Evidence) -> bool:
    """Whether the evidence has no internal error, so that it may be stored."""
    if e.site is not None and e.site.trouble:
        return False
    return not any(map(is_internal_error, e.looks)) and (e.probe is None or not is_internal_error(e.probe.sighting))


def is_confirmed(e: Evidence) -> bool:
    return e.site is not None and e.site.presence is Presence.PRESENT


def is_missing(e: Evidence) -> bool:
    """Whether all looks answered 404 or 410, and there were two of them, or one with 410."""
    if any(look.status not in MISSING for look in e.looks):
        return False
    return len(e.looks) > 1 or (len(e.looks) == 1 and e.looks[0].status == 410)


def is_html_for_pdf(e: Evidence) -> bool:
    """Whether a link to a PDF answers with HTML."""
    return e.page is not None and addresses.is_pdf(e.url) and e.page.media in ("text/html", "application/xhtml+xml")


def match(e: Evidence, *kinds: SignatureKind) -> Match | None:
    """The match of highest confidence among those of `kinds`."""
    if e.page is None or not e.page.matches:  # as most pages are
        return None
    return next((one for one in e.page.matches if one.kind in kinds), None)


def confidence(found: Match) -> Confidence:
    return Confidence.CERTAIN if found.confidence is Confidence.CERTAIN else Confidence.LIKELY


class ProbeResult(Enum):
    """What a sibling URL that cannot exist shows about the page's 200."""

    INCONCLUSIVE = auto()
    NOT_FOUND = auto()
    """The host answers 404 or 410 for pages that do not exist, so the page's 200 is reliable."""
    SAME = auto()
    """The sibling is answered with the same page."""
    DIFFERS = auto()


def probe_result(e: Evidence) -> ProbeResult:
    """Compare the probe with the last look, which was a success."""
    probe = e.probe
    if probe is None or probe.sighting.status is None:
        return ProbeResult.INCONCLUSIVE
    if probe.sighting.status in MISSING:
        # Only the path was invented: with a query, it is the query that the page depends on.
        return ProbeResult.INCONCLUSIVE if urlsplit(e.url).query else ProbeResult.NOT_FOUND
    if not probe.sighting.is_success:
        return ProbeResult.INCONCLUSIVE
    last, own = e.looks[-1], page(e).fingerprint
    if last.hops and probe.sighting.hops and probe.sighting.final_url == last.final_url:
        return ProbeResult.SAME
    if not own and not probe.fingerprint:  # too few words for a fingerprint
        is_same = (mine := match(e, SignatureKind.NOT_FOUND)) is not None and mine in probe.matches
        return ProbeResult.SAME if is_same else ProbeResult.INCONCLUSIVE
    return ProbeResult.SAME if similarity(own, probe.fingerprint) >= _SAME else ProbeResult.DIFFERS
