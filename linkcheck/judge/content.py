"""What the page itself shows: screens, parked and suspended sites, and soft 404s settled by a probe.

Precision first (design/verdicts.md 7): a platform's own string is certain, words are likely at most,
and one request for a sibling that cannot exist tells whether the host says 404 at all. If it does,
its 200 is honest; if it answers with the same page, the page is gone.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from linkcheck.common.similarity import similarity
from linkcheck.model import Confidence, Evidence, Flag, Match, Presence, Sighting, SignatureKind, State, Verdict

FIND_IT = "find its new address or an archived copy, or take the link out"
_SAME = 0.9
# Addresses made to outlive what they lead to: their redirects are their purpose.
_RESOLVERS = re.compile(
    r"(?:dx\.)?doi\.org|hdl\.handle\.net|purl\.(?:org|oclc\.org)|w3id\.org|n2t\.net|arxiv\.org|bit\.ly|t\.co|goo\.gl"
    r"|git\.io|tinyurl\.com|amzn\.to|youtu\.be|aka\.ms|fb\.me|is\.gd|ow\.ly|lnkd\.in|g\.co|goo\.gle|forms\.gle|a\.co"
)
_ABSENT = frozenset({404, 410})
# A dead site may answer with any of these; 5xx never makes a link dead.
_SPEAKING = frozenset({*range(200, 300), 402, 403, 404, 410})
_ERROR_PATH = re.compile(
    r"/(?:(?:error|errors|status|http)[/_-]?)?(?:404|not[-_]?found|page[-_]?not[-_]?found|error[-_]?404|404[-_]?error|"
    r"closed|expired|system/error|errors?/notfound|no[-_]longer[-_]available|removed)(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default|home)\.\w{2,5}$")
_GONE = {
    SignatureKind.PARKED: (
        "parked-domain",
        "the domain is parked or for sale: find the page's new home, or take the link out",
    ),
    SignatureKind.SUSPENDED: ("suspended-site", "the site is suspended: look again later, or find another copy"),
    SignatureKind.PLACEHOLDER: ("placeholder-page", "the host shows a default page: find the page's new home"),
    SignatureKind.MISSING: ("platform-missing", FIND_IT),
}


def screen(e: Evidence) -> Verdict | None:
    """A bot screen or a consent page answered: that is no knowledge of what lies behind it."""
    found = _match(e, SignatureKind.CHALLENGE, SignatureKind.CONSENT)
    if not found or found.confidence is Confidence.WEAK:
        return None
    rule = "bot-screen" if found.kind is SignatureKind.CHALLENGE else "consent-page"
    return Verdict(State.BLOCKED, rule, found.evidence, _confidence(found))


def gone_by_sign(e: Evidence) -> Verdict | None:
    """Parked, suspended, a server's default page, or a platform's own words for an item it lacks."""
    last, found = e.last, _match(e, *_GONE)
    if not last or not found or found.confidence is Confidence.WEAK or last.status not in _SPEAKING:
        return None
    rule, advice = _GONE[found.kind]
    if last.status in _ABSENT:
        if len(e.looks) < 2 and last.status == 404:
            return None  # dead takes two looks, whatever the page says
        return Verdict(State.DEAD, rule, f"HTTP {last.status}; {found.evidence}", _confidence(found), advice)
    return Verdict(State.GONE, rule, found.evidence, _confidence(found), advice)


def soft_not_found(e: Evidence) -> Verdict | None:
    """HTTP 200 for a page that says it is not there (Bar-Yossef et al., WWW 2004)."""
    last, found = e.last, _match(e, SignatureKind.NOT_FOUND)
    if not last or not found or not last.is_success:
        return None
    match _settled(e):
        case "same":
            words = f"{found.evidence}; a path that cannot exist gives the same page"
            return Verdict(State.GONE, "soft-404", words, Confidence.CERTAIN, FIND_IT)
        case "honest":
            return _suspect(last, f"{found.evidence}, but the host answers 404 for a path that cannot exist")
        case _:
            return Verdict(State.GONE, "soft-404", found.evidence, Confidence.LIKELY, FIND_IT)


def sent_to_error_page(e: Evidence) -> Verdict | None:
    """Redirected to a page whose address says that nothing was found."""
    last = e.last
    if not last or not last.hops or not last.is_success:
        return None
    at, here = urlsplit(last.final_url).path, urlsplit(e.url).path
    if not _ERROR_PATH.search(at) or _ERROR_PATH.search(here):
        return None
    words = f"redirects to {last.final_url}"
    return Verdict(State.GONE, "sent-to-error-page", words, Confidence.LIKELY, FIND_IT)


def sent_home(e: Evidence) -> Verdict | None:
    """A deep link that ends on a home page or a shorter section: gone where every path does."""
    last = e.last
    if not last or not is_sent_up(e.url, last):
        return None
    where = "the home page" if is_root(last.final_url) else "a more general page"
    words = f"redirects to {where} {last.final_url}"
    if _settled(e) == "same":
        told = f"{words}, as a path that cannot exist does"
        return Verdict(State.GONE, "sent-home", told, Confidence.CERTAIN, FIND_IT)
    if is_root(last.final_url):
        return _suspect(last, words, rule="sent-home")
    return None


def not_a_pdf(e: Evidence) -> Verdict | None:
    """A link to a PDF that answers with a page: gone where every path does, else for a person to see."""
    last = e.last
    if not last or not is_pdf_lost(e):
        return None
    settled = _settled(e)
    if settled == "same":
        words = "answers HTML where a PDF was, as a path that cannot exist does"
        return Verdict(State.GONE, "not-a-pdf", words, Confidence.CERTAIN, "find the document's new address")
    if settled == "honest":
        return None  # GitHub, archives and wikis show a PDF in a page of their own, on purpose
    return _suspect(last, "answers HTML where a PDF is linked", rule="not-a-pdf")


def login(e: Evidence) -> str:
    """The evidence of a login page in place of the content, or ''."""
    found = _match(e, SignatureKind.LOGIN)
    return found.evidence if found else ""


def wants_probe(e: Evidence) -> bool:
    """Whether a request for a sibling that cannot exist would settle what this page is."""
    last = e.last
    if not last or not (last.hops or (e.page and (e.page.matches or is_pdf_lost(e)))):
        return False
    if not last.is_success or is_root(e.url) or (e.site and e.site.presence is Presence.PRESENT):
        return False
    if _match(e, SignatureKind.CHALLENGE, SignatureKind.CONSENT, *_GONE):
        return False
    return _match(e, SignatureKind.NOT_FOUND) is not None or is_sent_up(e.url, last) or is_pdf_lost(e)


def flags(e: Evidence) -> dict[Flag, str]:
    """What the page's weak signs have to say."""
    found = e.page.matches if e.page else ()
    weak = next((match for match in found if match.confidence is Confidence.WEAK), None)
    shell = next((match for match in found if match.kind is SignatureKind.SHELL), None)
    told = {Flag.SUSPECT: weak.evidence} if weak else {}
    lost = e.page.lost if e.page else ()
    if lost:
        told[Flag.NO_FRAGMENT] = f"the page has no place named {', '.join(f'#{name}' for name in lost[:5])}"
    return told | ({Flag.OPAQUE: shell.evidence} if shell else {})


def is_sent_up(url: str, last: Sighting) -> bool:
    """Whether a deep link was redirected to the root of a site, or to a shorter path without its name."""
    if not last.hops or not last.is_success or depth(url) == 0 or urlsplit(last.final_url).query:
        return False
    if is_resolver(url):
        return False
    if is_root(last.final_url):
        return True
    here, there = urlsplit(url), urlsplit(last.final_url)
    name = here.path.rstrip("/").rpartition("/")[2].partition(".")[0].casefold()
    is_shorter = depth(last.final_url) < depth(url) and name not in there.path.casefold()
    return is_shorter and here.hostname == there.hostname


def is_resolver(url: str) -> bool:
    return _RESOLVERS.fullmatch(urlsplit(url).hostname or "") is not None


def is_pdf_lost(e: Evidence) -> bool:
    last = e.last
    if not last or not e.page or ".pdf" not in e.url.lower() or not last.is_success:
        return False
    is_html = e.page.media in ("text/html", "application/xhtml+xml")
    return is_html and urlsplit(e.url).path.lower().endswith(".pdf")


def is_root(url: str) -> bool:
    return depth(url) == 0 and not urlsplit(url).query


def depth(url: str) -> int:
    """0 for a home page in any of its spellings, else the number of path segments."""
    path = _INDEX.sub("/", urlsplit(url).path)
    return len([part for part in path.split("/") if part])


def _settled(e: Evidence) -> str:
    """What the probe says: 'same', 'honest', 'differs', or '' where it says nothing."""
    last, probe = e.last, e.probe
    if not last or not probe or probe.sighting.status is None:
        return ""
    if probe.sighting.status in _ABSENT:
        return "" if urlsplit(e.url).query else "honest"  # it was the path that was made up, not the query
    if not probe.sighting.is_success:
        return ""
    if last.hops and probe.sighting.hops and probe.sighting.final_url == last.final_url:
        return "same"
    own = e.page.fingerprint if e.page else ""
    if not own and not probe.fingerprint:  # too few words for a sketch
        mine = _match(e, SignatureKind.NOT_FOUND)
        return "same" if mine and mine in probe.matches else ""
    return "same" if similarity(own, probe.fingerprint) >= _SAME else "differs"


def _suspect(last: Sighting, why: str, *, rule: str = "http-ok") -> Verdict:
    return Verdict(State.OK, rule, f"HTTP {last.status}", Confidence.LIKELY, flags={Flag.SUSPECT: why})


def _match(e: Evidence, *kinds: SignatureKind) -> Match | None:
    if not e.page or not e.page.matches:  # as most pages are
        return None
    return next((match for match in e.page.matches if match.kind in kinds), None)


def _confidence(match: Match) -> Confidence:
    return Confidence.CERTAIN if match.confidence is Confidence.CERTAIN else Confidence.LIKELY
