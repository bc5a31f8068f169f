"""Rules on redirects (RFC 9110 §15.4)."""

from __future__ import annotations

from linkcheck.contracts import Needs, Rule
from linkcheck.judge import addresses, facts, wording
from linkcheck.model import Confidence, Evidence, Flag, SignatureKind, State, Verdict

_PERMANENT = frozenset({301, 308})


def _login_wall(e: Evidence) -> Verdict | None:
    last, found = e.looks[-1], facts.match(e, SignatureKind.LOGIN)
    if found:
        reason = found.evidence
    elif last.hops and addresses.is_login(last.final_url):
        reason = f"redirects to a login at {last.final_url}"
    else:
        return None
    return None if addresses.is_login(e.url) else Verdict(State.RESTRICTED, "login-wall", reason, Confidence.LIKELY)


LOGIN_WALL = Rule(
    "login-wall",
    (State.RESTRICTED,),
    "A login page answers, at the link itself or at the end of a redirect.",
    "It exists, but not for everybody.",
    "A redirect to /login?next=…",
    "docs/verdicts.md, Redirects",
    _login_wall,
    needs=Needs.SUCCESS,
)


def _sent_to_error_page(e: Evidence) -> Verdict | None:
    final_url = e.looks[-1].final_url
    if not addresses.is_error_page(final_url) or addresses.is_error_page(e.url):
        return None
    reason = f"redirects to {final_url}"
    return Verdict(State.GONE, "sent-to-error-page", reason, Confidence.LIKELY, wording.FIND_NEW_ADDRESS)


SENT_TO_ERROR_PAGE = Rule(
    "sent-to-error-page",
    (State.GONE,),
    "A redirect ends at the address of an error page.",
    "The site answers 200 there, but a reader gets no content.",
    "A redirect from /jobs/29682 to /404 or /closed.",
    "sendwithus/vic-startup-jobs#284; docs/verdicts.md, Redirects",
    _sent_to_error_page,
    needs=Needs.REDIRECT,
)


def _sent_home(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if not addresses.is_sent_up(e.url, last.final_url):
        return None
    is_home = addresses.is_root(last.final_url)
    reason = f"redirects to {'the home page' if is_home else 'a more general page'} {last.final_url}"
    if facts.probe_result(e) is facts.ProbeResult.SAME:
        reason += ", as a path that cannot exist does"
        return Verdict(State.GONE, "sent-home", reason, Confidence.CERTAIN, wording.FIND_NEW_ADDRESS)
    if not is_home:
        return None
    flags = {Flag.SUSPECT: reason}
    return Verdict(State.OK, "sent-home", wording.status(last), Confidence.LIKELY, flags=flags)


SENT_HOME = Rule(
    "sent-home",
    (State.GONE, State.OK),
    "A deep link redirects to the home page or a section above it: gone where a path that cannot exist does too.",
    "Many sites send every dead path home; but one page may have been merged into the home page on purpose.",
    "/2014/some-post redirects to /.",
    "Google Search Central, soft 404; docs/verdicts.md, Redirects",
    _sent_home,
    needs=Needs.REDIRECT,
    flag=Flag.SUSPECT,
)


def _moved_permanently(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if any(hop.status not in _PERMANENT for hop in last.hops):
        return None
    if last.final_url == e.url or addresses.is_resolver(e.url):
        return None
    way = ", ".join(str(hop.status) for hop in last.hops)
    reason, advice = f"redirects for good ({way}) to {last.final_url}", wording.use(last.final_url)
    return Verdict(State.MOVED, "moved-permanently", reason, advice=advice, replacement=last.final_url)


MOVED_PERMANENTLY = Rule(
    "moved-permanently",
    (State.MOVED,),
    "Every redirect on the way is permanent (301, 308), and the page at the end is there.",
    "The list should follow before the old address dies. Links of doi.org and other resolvers are kept.",
    "301 from http:// to https://.",
    "RFC 9110 §15.4.2, §15.4.9",
    _moved_permanently,
    needs=Needs.REDIRECT,
)
