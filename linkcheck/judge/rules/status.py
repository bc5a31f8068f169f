"""Rules on the HTTP status (RFC 9110 §15)."""

from __future__ import annotations

from functools import lru_cache

from linkcheck.contracts import Needs, Rule
from linkcheck.judge import facts, wording
from linkcheck.model import Confidence, Evidence, State, Verdict

_RESTRICTED = frozenset({401, 402, 451})
_REFUSED = frozenset({403, 418, 999})
_NOT_NOW = frozenset({408, 421, 425, *range(500, 1_000)})


def _http_gone(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.status != 410:
        return None
    return Verdict(State.DEAD, "http-gone", wording.status(last), advice=wording.FIND_COPY)


HTTP_GONE = Rule(
    "http-gone",
    (State.DEAD,),
    "HTTP 410: the server says that it is gone on purpose.",
    "No server says so by accident.",
    "410 for a removed article.",
    "RFC 9110 §15.5.11",
    _http_gone,
    needs=Needs.STATUS,
)


def _http_not_found(e: Evidence) -> Verdict | None:
    if not facts.is_missing(e):
        return None
    site, reason, confidence = facts.site(e), wording.missing(e), Confidence.LIKELY
    if site.is_missing:  # the site's API lacks it too
        reason, confidence = f"{reason}; {site.evidence}", Confidence.CERTAIN
    advice = wording.use(site.replacement) or wording.FIND_NEW_ADDRESS
    return Verdict(State.DEAD, "http-not-found", reason, confidence, advice, site.replacement)


HTTP_NOT_FOUND = Rule(
    "http-not-found",
    (State.DEAD,),
    "HTTP 404 to two looks, seconds apart, over fresh connections and asked in two ways.",
    "Some servers answer 404 to what is no browser, and 200 to the recheck.",
    "404 and 404.",
    "RFC 9110 §15.5.5; docs/verdicts.md, Dead",
    _http_not_found,
    needs=Needs.STATUS,
)


def _unconfirmed(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.status != 404:
        return None
    return Verdict(State.UNREACHABLE, "unconfirmed", f"{wording.status(last)} once, and not asked again")


UNCONFIRMED = Rule(
    "unconfirmed",
    (State.UNREACHABLE,),
    "HTTP 404 once, and the recheck did not happen.",
    "Dead takes two looks.",
    "A 404 in a run that was interrupted before the recheck.",
    "docs/verdicts.md, Dead",
    _unconfirmed,
    needs=Needs.STATUS,
)


def _http_restricted(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.status not in _RESTRICTED:
        return None
    return Verdict(State.RESTRICTED, "http-restricted", wording.status(last), Confidence.LIKELY)


HTTP_RESTRICTED = Rule(
    "http-restricted",
    (State.RESTRICTED,),
    "401, 402 or 451: it wants a login, money, or another country.",
    "It exists.",
    "HTTP 451 with a reason.",
    "RFC 9110 §15.5.2-3; RFC 7725",
    _http_restricted,
    needs=Needs.STATUS,
)


def _http_refused(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.status not in _REFUSED:
        return None
    return Verdict(State.BLOCKED, "http-refused", wording.status(last), Confidence.LIKELY)


HTTP_REFUSED = Rule(
    "http-refused",
    (State.BLOCKED,),
    "403, 418 or 999: the server refuses to answer us.",
    "A refusal says nothing about the page; it is not retried in disguise.",
    "HTTP 999 of LinkedIn.",
    "RFC 9110 §15.5.4",
    _http_refused,
    needs=Needs.STATUS,
)


def _http_server_error(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.status not in _NOT_NOW:
        return None
    times = f", {last.attempts} times" if last.attempts > 1 else ""
    return Verdict(State.UNREACHABLE, "http-server-error", wording.status(last) + times, Confidence.LIKELY)


HTTP_SERVER_ERROR = Rule(
    "http-server-error",
    (State.UNREACHABLE,),
    "5xx, 408, 421 or 425, asked several times.",
    "The server is in trouble; that is never dead in one run.",
    "HTTP 503.",
    "RFC 9110 §15.6",
    _http_server_error,
    needs=Needs.STATUS,
)


def _http_unexplained(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.is_success:
        return None
    return Verdict(State.UNREACHABLE, "http-unexplained", wording.status(last), Confidence.LIKELY)


HTTP_UNEXPLAINED = Rule(
    "http-unexplained",
    (State.UNREACHABLE,),
    "Another status, which says more about the request than about the page.",
    "400 and 406 are about the form of the request.",
    "HTTP 406.",
    "RFC 9110 §15.5",
    _http_unexplained,
    needs=Needs.STATUS,
)


def _http_ok(e: Evidence) -> Verdict:
    last = e.looks[-1]
    way = f" after {len(last.hops)} redirect{'s' if len(last.hops) > 1 else ''}" if last.hops else ""
    return _ok(wording.status(last) + way)


@lru_cache(maxsize=64)
def _ok(reason: str) -> Verdict:
    """One shared value: 100,000 separate ones take 13 MB."""
    return Verdict(State.OK, "http-ok", reason)


HTTP_OK = Rule(
    "http-ok",
    (State.OK,),
    "2xx: a person who clicks gets something.",
    example="HTTP 200.",
    source="RFC 9110 §15.3",
    check=_http_ok,
    needs=Needs.SUCCESS,
)
