"""What a look leaves open that one more request would settle."""

from __future__ import annotations

from linkcheck.judge import addresses, facts
from linkcheck.model import Evidence, Sighting, SignatureKind


def wants_recheck(seen: Sighting) -> bool:
    """Whether a first look could end in `dead` on its own: then it is taken again, another way."""
    return seen.status == 404 and seen.look == 1


def wants_probe(e: Evidence) -> bool:
    """Whether a request for a sibling that cannot exist would settle what this page is."""
    last = e.last
    if last is None or not last.is_success or not _is_doubtful(e, last):
        return False
    if addresses.is_root(e.url) or facts.is_confirmed(e):
        return False
    return facts.match(e, *facts.CHALLENGE_KINDS, *facts.GONE_KINDS) is None


def _is_doubtful(e: Evidence, last: Sighting) -> bool:
    """Whether a page that answered may still not be what the link promises."""
    if facts.match(e, SignatureKind.NOT_FOUND) is not None or facts.is_html_for_pdf(e):
        return True
    return bool(last.hops) and addresses.is_sent_up(e.url, last.final_url)
