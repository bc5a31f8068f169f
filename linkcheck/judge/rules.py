"""Evidence to verdict: small rules in a fixed order, the first that speaks decides.

The order is the site's own word (its API answers behind no screen), screens and platforms'
signatures, the network, the status, the way there, the body. Each rule names its source;
`design/verdicts.md` holds the reasons. A rule never sees a body.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import repeat
from operator import call
from sys import intern
from urllib.parse import urlsplit

from linkcheck.judge import content, past
from linkcheck.model import (
    ALIVE,
    Confidence,
    Evidence,
    Fault,
    Flag,
    Presence,
    Record,
    Sighting,
    State,
    Verdict,
    replace,
)

Rule = Callable[[Evidence], Verdict | None]

_MISSING = frozenset({404, 410})
_REFUSED = frozenset({403, 418, 999})
_PERMANENT = frozenset({301, 308})
_LATER = frozenset({408, 421, 425})
_CERTIFICATE_MESSAGES = {
    Fault.TLS_EXPIRED: "its certificate has expired",
    Fault.TLS_WRONG_HOST: "its certificate is for another host",
    Fault.TLS_SELF_SIGNED: "its certificate is self-signed",
    Fault.TLS_UNKNOWN_ISSUER: "its certificate's issuer is unknown",
    Fault.TLS_HANDSHAKE: "it speaks only an old form of TLS",
}
FAULT_MESSAGES = {
    Fault.DNS_NXDOMAIN: "the name is not known",
    Fault.DNS_NODATA: "the name has no address",
    Fault.DNS_SERVFAIL: "the name servers failed",
    Fault.DNS_TIMEOUT: "the name servers did not answer",
    Fault.DNS_FAILED: "the name could not be looked up",
    Fault.ADDRESS_NOT_PUBLIC: "its address is not a public one, so it was not connected to",
    Fault.CONNECT_REFUSED: "the host refused the connection",
    Fault.CONNECT_TIMEOUT: "the host did not answer",
    Fault.NO_ROUTE: "there is no route to the host",
    Fault.CONNECT_FAILED: "no connection could be made",
    Fault.TLS_HANDSHAKE: "no secure connection could be made",
    Fault.PROXY: "the proxy failed",
    Fault.RESET: "the connection was reset",
    Fault.CLOSED: "the connection was closed without an answer",
    Fault.READ_TIMEOUT: "no answer came in time",
    Fault.PROTOCOL: "the answer was not HTTP",
    Fault.TOO_MANY_REDIRECTS: "it redirects without end",
    Fault.BAD_REDIRECT: "it redirects to what is no web address",
    Fault.OUT_OF_TIME: "there was no time left to look",
    Fault.OWN_LIMIT: "this machine could not open another connection",
    Fault.INTERNAL_ERROR: "linkcheck failed on it",
}
_LOGIN = re.compile(
    r"/(?:log-?in|sign-?in|signon|sso|oauth2?|auth|authwall|session/new|users/sign_in|accounts?/login|wp-login\.php)"
    r"(?:[/.?]|$)",
    re.IGNORECASE,
)
_LOGIN_HOST = re.compile(r"(?:accounts?|login|signin|sso|auth|idp)\.")


# -- the site's own word ---------------------------------------------------------------------


def site_denies(e: Evidence) -> Verdict | None:
    """The site says that the item is not there: a deleted video answers 200 on its page."""
    if not e.site or e.site.presence is not Presence.ABSENT:
        return None
    confidence = Confidence.CERTAIN if e.site.certain else Confidence.LIKELY
    advice = "find another copy, or take the link out"
    return Verdict(State.GONE, "site-denies", e.site.evidence, confidence, advice, e.site.replacement)


def site_restricts(e: Evidence) -> Verdict | None:
    """The site says that the item is there, but not for everybody."""
    if e.site and e.site.presence is Presence.RESTRICTED:
        return Verdict(State.RESTRICTED, "site-restricts", e.site.evidence)
    return None


def withdrawn(e: Evidence) -> Verdict | None:
    """The work was withdrawn and this form of it is no longer served (arXiv: /pdf of a withdrawn version is 404)."""
    if not e.site or Flag.WITHDRAWN not in e.site.flags or not _is_agreed_missing(e):
        return None
    words = f"{_asked_twice(e)}; {e.site.evidence}, withdrawn"
    return Verdict(State.GONE, "withdrawn", words, advice=_use(e.site.replacement), replacement=e.site.replacement)


def site_confirms(e: Evidence) -> Verdict | None:
    """The site says that the item is there: its word is better than its page's."""
    if not e.site or e.site.presence is not Presence.PRESENT:
        return None
    if e.site.ask_page and e.looks and e.looks[-1].status in _MISSING:
        return None
    return Verdict(State.OK, "site-confirms", e.site.evidence, flags=e.site.flags)


# -- the network -----------------------------------------------------------------------------


def no_such_host(e: Evidence) -> Verdict | None:
    """NXDOMAIN, agreed by a second query, from a resolver that works (RFC 8020; RFC 2308 §2.2 for no data)."""
    fault = e.looks[-1].fault if e.looks else None
    if fault not in (Fault.DNS_NXDOMAIN, Fault.DNS_NODATA) or not e.resolver_works:
        return None
    host = urlsplit(e.looks[-1].final_url).hostname or ""
    what = "does not exist" if fault is Fault.DNS_NXDOMAIN else "has no address"
    about = f"; {e.looks[-1].detail}" if fault is Fault.DNS_NXDOMAIN and e.looks[-1].detail else ""
    words = f"the name {host} {what}, by two queries{about}"
    advice = "look for the page's new home, or use an archived copy"
    return Verdict(State.DEAD, "no-such-host", words, Confidence.LIKELY, advice)


def rate_limited(e: Evidence) -> Verdict | None:
    """The host asked us to wait longer than a run lasts (RFC 6585 §4): no knowledge."""
    last = e.last
    if last and (last.status == 429 or last.fault is Fault.HELD_BACK):
        words = last.detail or _status_text(last)
        return Verdict(State.BLOCKED, "rate-limited", words)
    return None


def private_address(e: Evidence) -> Verdict | None:
    """An address of a private network says nothing about the link (RFC 6890)."""
    last = e.last
    if not last or last.fault is not Fault.ADDRESS_NOT_PUBLIC:
        return None
    advice = "allow it with --allow-private, or leave it out with --exclude"
    return Verdict(State.UNREACHABLE, "address-not-public", last.detail, advice=advice)


def internal_error(e: Evidence) -> Verdict | None:
    """Our own program failed on what was sent: that says nothing of the link (issue 10)."""
    seen = next((one for one in (e.last, e.probe and e.probe.sighting) if one and _is_internal(one)), None)
    return mistake(seen.detail) if seen else None


def network_fault(e: Evidence) -> Verdict | None:
    """Trouble on the way proves nothing in one run: 26 of 26 time-outs of one peer's run were alive."""
    last = e.last
    if not last or last.fault is None:
        return None
    words = FAULT_MESSAGES.get(last.fault) or _CERTIFICATE_MESSAGES.get(
        last.fault, "no secure connection could be made"
    )
    times = f", asked {last.attempts} times" if last.attempts > 1 else ""
    detail = f" ({last.detail})" if last.detail and last.detail not in words else ""
    return Verdict(State.UNREACHABLE, last.fault.value, f"{words}{times}{detail}", Confidence.LIKELY)


# -- the status ------------------------------------------------------------------------------


def http_gone(e: Evidence) -> Verdict | None:
    """410 is meant (RFC 9110 §15.5.11)."""
    last = e.last
    if last and last.status == 410:
        return Verdict(State.DEAD, "http-gone", _status_text(last), advice="find another copy, or take the link out")
    return None


def http_not_found(e: Evidence) -> Verdict | None:
    """404 to two different looks (RFC 9110 §15.5.5); certain where the site's own list lacks it too."""
    if not _is_agreed_missing(e):
        return None
    is_certain = e.site is not None and e.site.is_missing
    words = _asked_twice(e) + (f"; {e.site.evidence}" if is_certain and e.site else "")
    replacement = e.site.replacement if e.site else ""
    advice = _use(replacement) if replacement else content.FIND_IT
    confidence = Confidence.CERTAIN if is_certain else Confidence.LIKELY
    return Verdict(State.DEAD, "http-not-found", words, confidence, advice, replacement)


def unconfirmed(e: Evidence) -> Verdict | None:
    """One look that says 404 is no proof: the second look could not be had, or did not agree."""
    if e.looks and e.looks[-1].status == 404:
        return Verdict(State.UNREACHABLE, "unconfirmed", f"{_status_text(e.looks[-1])} once, and not asked again")
    return None


def http_restricted(e: Evidence) -> Verdict | None:
    """401 wants a login, 402 money, 451 another country (RFC 9110 §15.5.2-3; RFC 7725)."""
    last = e.last
    if last and last.status in (401, 402, 451):
        return Verdict(State.RESTRICTED, "http-restricted", _status_text(last), Confidence.LIKELY)
    return None


def http_refused(e: Evidence) -> Verdict | None:
    """A refusal says nothing of the page: 403, and the 418 and 999 of bot screens."""
    last = e.last
    if last and last.status in _REFUSED:
        return Verdict(State.BLOCKED, "http-refused", _status_text(last), Confidence.LIKELY)
    return None


def http_server_error(e: Evidence) -> Verdict | None:
    """5xx and "not now" are never dead in one run (RFC 9110 §15.6)."""
    last = e.last
    if not last or last.status is None or not (last.status >= 500 or last.status in _LATER):
        return None
    times = f", {last.attempts} times" if last.attempts > 1 else ""
    return Verdict(State.UNREACHABLE, "http-server-error", _status_text(last) + times, Confidence.LIKELY)


def http_unexplained(e: Evidence) -> Verdict | None:
    """Other 4xx, a 3xx without a place to go, 1xx: about our request more than about the page."""
    last = e.last
    if last and last.status is not None and not last.is_success:
        return Verdict(State.UNREACHABLE, "http-unexplained", _status_text(last), Confidence.LIKELY)
    return None


# -- the way there ---------------------------------------------------------------------------


def login(e: Evidence) -> Verdict | None:
    """A login answers, there or by a redirect: it exists, but not for everybody."""
    last = e.last
    if last and last.is_success and (wall := content.login(e)) and not _is_login(e.url):
        return Verdict(State.RESTRICTED, "login-wall", wall, Confidence.LIKELY)
    if not last or not last.hops or not _is_login(last.final_url) or _is_login(e.url):
        return None
    return Verdict(State.RESTRICTED, "login-wall", f"redirects to a login at {last.final_url}", Confidence.LIKELY)


def moved(e: Evidence) -> Verdict | None:
    """301 or 308 all the way: the list should follow (RFC 9110 §15.4.2, §15.4.9)."""
    last = e.last
    if not last or not last.hops or any(hop.status not in _PERMANENT for hop in last.hops):
        return None
    if content.is_resolver(e.url) or last.final_url == e.url:
        return None
    way = ", ".join(str(hop.status) for hop in last.hops)
    words = f"redirects for good ({way}) to {last.final_url}"
    return Verdict(State.MOVED, "moved-permanently", words, advice=_use(last.final_url), replacement=last.final_url)


def http_ok(e: Evidence) -> Verdict | None:
    """2xx: a person who clicks gets something (RFC 9110 §15.3)."""
    last = e.last
    if last and last.is_success:
        way = f" after {len(last.hops)} redirect{'s' if len(last.hops) > 1 else ''}" if last.hops else ""
        return _ok(_status_text(last) + way)
    return None


@lru_cache(maxsize=64)
def _ok(words: str) -> Verdict:
    """One value for all that it is said of: 100,000 of their own are 13 MB."""
    return Verdict(State.OK, "http-ok", words)


def not_looked_at(_: Evidence) -> Verdict | None:
    """Nothing was seen: the run was interrupted, or its time was up."""
    return Verdict(State.SKIPPED, "not-looked-at", "the run ended before this link was looked at")


RULES: tuple[Rule, ...] = (
    site_denies,
    site_restricts,
    withdrawn,
    site_confirms,
    internal_error,
    content.screen,
    content.gone_by_sign,
    no_such_host,
    rate_limited,
    private_address,
    network_fault,
    http_gone,
    http_not_found,
    unconfirmed,
    http_restricted,
    http_refused,
    http_server_error,
    http_unexplained,
    login,
    content.soft_not_found,
    past.hijacked,
    content.sent_to_error_page,
    content.sent_home,
    content.not_a_pdf,
    moved,
    http_ok,
    not_looked_at,
)


def judge(e: Evidence) -> Verdict:
    """The verdict of the first rule that speaks; the last always does."""
    verdict = next(filter(None, map(call, RULES, repeat(e))))
    flags = dict(e.site.flags) if e.site else {}
    if verdict.state in ALIVE:
        flags |= content.flags(e)
    flags |= past.flags(e, verdict)
    last = e.last
    if last and last.insecure and verdict.state in ALIVE | {State.RESTRICTED}:
        flags[Flag.INSECURE] = _CERTIFICATE_MESSAGES.get(last.insecure, "its certificate is not valid")
    return replace(verdict, flags={**flags, **verdict.flags}) if flags else verdict


def mistake(trouble: str) -> Verdict:
    """The verdict on a link that our own program failed on; `trouble` says how."""
    words = f"{FAULT_MESSAGES[Fault.INTERNAL_ERROR]}: {trouble}"
    return Verdict(State.UNREACHABLE, "internal-error", words, Confidence.LIKELY)


def is_spoilt(e: Evidence) -> bool:
    """Whether our own program failed on a part of the evidence: nothing of it may be remembered."""
    has_failed = any(map(_is_internal, e.looks)) or (e.probe is not None and _is_internal(e.probe.sighting))
    return has_failed or (e.site is not None and bool(e.site.trouble))


def is_sound(known: Record) -> bool:
    """Whether a record does not say that a link was good while its facts do not: a newer rule, or somebody who made
    it up. Nobody is believed over facts."""
    if not known.past or known.past[-1].state not in ALIVE or _is_plainly_good(known):
        return True
    return judge(replace(known.evidence, past=known.past[:-1], good=known.good)).state in ALIVE


def _is_plainly_good(known: Record) -> bool:
    """What no rule holds for anything but good, told in a tenth of the time that all of them take."""
    e = known.evidence
    if e.site:
        return e.site.presence is Presence.PRESENT and (not e.looks or e.looks[-1].status not in _MISSING)
    last, page = e.last, e.page
    if not last or not last.is_success or last.hops or e.probe or (page and page.matches):
        return False
    return not known.good or not page or known.good.fingerprint == page.fingerprint


def wants_recheck(seen: Sighting) -> bool:
    """Whether a first look could end in `dead` on its own: then it is taken again, another way."""
    return seen.status == 404 and seen.look == 1


# -- words -----------------------------------------------------------------------------------


def _is_internal(seen: Sighting) -> bool:
    return seen.fault is Fault.INTERNAL_ERROR


def _is_agreed_missing(e: Evidence) -> bool:
    """Whether every look found nothing, and there were two, or the site's own list agrees."""
    if not e.looks or any(look.status not in _MISSING for look in e.looks):
        return False
    return len(e.looks) > 1 or e.looks[-1].status == 410


def _asked_twice(e: Evidence) -> str:
    """The words are the same in every run, so that reports stay as they are."""
    said = _status_text(e.looks[-1])
    return said if len(e.looks) < 2 else f"{said} twice, seconds apart and asked in two ways"


def _status_text(seen: Sighting) -> str:
    return intern(f"HTTP {seen.status}")


def _use(url: str) -> str:
    return f"use {url}" if url else ""


def _is_login(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOGIN.search(parts.path) or _LOGIN_HOST.match(parts.hostname or ""))
