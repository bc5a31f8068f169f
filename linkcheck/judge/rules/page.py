"""Rules on the page: challenge pages, parked and suspended sites, and soft 404s, which a probe decides.

Precision first: a string of a platform's software is certain, prose is likely at most, and one request for a sibling
URL that cannot exist shows whether the host answers 404 at all. If it does, its 200 is reliable; if it answers with the
same page, the page is gone.
"""

from __future__ import annotations

from linkcheck.contracts import Needs, Rule
from linkcheck.judge import facts, wording
from linkcheck.judge.facts import ProbeResult
from linkcheck.model import Confidence, Evidence, Flag, SignatureKind, State, Verdict

_SIGNATURES = "linkcheck/page/signatures.tsv"
# A dead site may answer with any of these; 5xx never makes a link dead.
_JUDGED_STATUSES = frozenset({*range(200, 300), 402, 403, 404, 410})


def _hidden_content_rule(kind: SignatureKind, name: str, what: str, why: str, example: str, source: str) -> Rule:
    """A rule for pages that hide the content: `blocked`, since nothing is known of the content."""

    def check(e: Evidence) -> Verdict | None:
        found = facts.match(e, *facts.CHALLENGE_KINDS)  # of both, the match of higher confidence
        if found is None or found.kind is not kind or found.confidence is Confidence.WEAK:
            return None
        return Verdict(State.BLOCKED, name, found.evidence, facts.confidence(found))

    return Rule(name, (State.BLOCKED,), what, why, example, source, check, needs=Needs.SIGNATURE)


BOT_SCREEN = _hidden_content_rule(
    SignatureKind.CHALLENGE,
    "bot-screen",
    "A challenge page answered in place of the page: a captcha, a test for bots, a refusal by a firewall.",
    "It says nothing about the page; tools that call it broken are wrong nine times in ten.",
    "HTTP 403 with `cf-mitigated: challenge`, or a page titled “Just a moment...”.",
    f"public-api-lists#649; {_SIGNATURES} has a source a row",
)
CONSENT_PAGE = _hidden_content_rule(
    SignatureKind.CONSENT,
    "consent-page",
    "A page that asks for consent hides the content.",
    "It says nothing about the content.",
    "A redirect to consent.google.com.",
    _SIGNATURES,
)


def _replaced_content_rule(
    kind: SignatureKind, name: str, advice: str, *, states: tuple[State, ...], what: str, why: str, example: str,
    source: str,
) -> Rule:  # fmt: skip
    """A rule for pages that replaced the content: `gone`, or `dead` if the status says so too."""

    def check(e: Evidence) -> Verdict | None:
        found = facts.match(e, *facts.GONE_KINDS)  # of all kinds, the match of highest confidence
        if found is None or found.kind is not kind or found.confidence is Confidence.WEAK:
            return None
        last = e.looks[-1]
        if last.status not in _JUDGED_STATUSES:
            return None
        if last.status not in facts.MISSING:
            return Verdict(State.GONE, name, found.evidence, facts.confidence(found), advice)
        if last.status == 404 and len(e.looks) < 2:
            return None  # dead takes two looks, whatever the page says
        return Verdict(State.DEAD, name, f"{wording.status(last)}; {found.evidence}", facts.confidence(found), advice)

    needs = Needs.STATUS | Needs.SIGNATURE
    return Rule(name, states, what, why, example, source, check, needs=needs)


PARKED_DOMAIN = _replaced_content_rule(
    SignatureKind.PARKED,
    "parked-domain",
    f"the domain is parked or for sale: {wording.FIND_NEW_HOME}, or take the link out",
    states=(State.GONE, State.DEAD),
    what="The domain is parked or for sale: a parking company's page answers.",
    why="It answers 200 for every path, so other tools pass it.",
    example="A page with Sedo's parking script and hardly any text.",
    source=f"jivoi/awesome-osint#1126; Vissers et al., NDSS 2015; {_SIGNATURES}",
)
SUSPENDED_SITE = _replaced_content_rule(
    SignatureKind.SUSPENDED,
    "suspended-site",
    "the site is suspended: look again later, or find another copy",
    states=(State.GONE, State.DEAD),
    what="The host shows the page of a suspended account.",
    why="The content is not there, whatever the status says.",
    example="“This Account has been suspended.” at /cgi-sys/suspendedpage.cgi.",
    source=f"14 recorded pages; {_SIGNATURES}",
)
PLACEHOLDER_PAGE = _replaced_content_rule(
    SignatureKind.PLACEHOLDER,
    "placeholder-page",
    f"the host shows a default page: {wording.FIND_NEW_HOME}",
    states=(State.GONE, State.DEAD),
    what="A server's or control panel's default page answers.",
    why="There is no content.",
    example="“Default Web Site Page” of cPanel, “Welcome to nginx!”.",
    source=_SIGNATURES,
)
PLATFORM_MISSING = _replaced_content_rule(
    SignatureKind.MISSING,
    "platform-missing",
    wording.FIND_NEW_ADDRESS,
    states=(State.GONE, State.DEAD),
    what="The platform's own message says that the site or the item does not exist.",
    why="The platform's software sends this message in this case only, so it is certain.",
    example="“There isn't a GitHub Pages site here.”, `NoSuchBucket`.",
    source=f"EdOverflow/can-i-take-over-xyz; baddns; {_SIGNATURES}",
)


def _soft_404(e: Evidence) -> Verdict | None:
    found = facts.match(e, SignatureKind.NOT_FOUND)
    if found is None:
        return None
    match facts.probe_result(e):
        case ProbeResult.SAME:
            reason = f"{found.evidence}; a path that cannot exist gives the same page"
            return Verdict(State.GONE, "soft-404", reason, Confidence.CERTAIN, wording.FIND_NEW_ADDRESS)
        case ProbeResult.NOT_FOUND:  # its 200 is reliable, so the verdict has the name of the rule for 200
            why = f"{found.evidence}, but the host answers 404 for a path that cannot exist"
            reason = wording.status(e.looks[-1])
            return Verdict(State.OK, "http-ok", reason, Confidence.LIKELY, flags={Flag.SUSPECT: why})
        case _:
            return Verdict(State.GONE, "soft-404", found.evidence, Confidence.LIKELY, wording.FIND_NEW_ADDRESS)


SOFT_404 = Rule(
    "soft-404",
    (State.GONE,),
    "HTTP 200 for a page whose title or heading says not found, with little text and no article metadata; "
    "certain where a path that cannot exist gives the same page, and overruled where that path answers 404 (then the "
    "page is `ok`, by rule http-ok, and suspect).",
    "A quarter of dead pages answer 200. Prose alone is likely at most: articles are written about 404 pages.",
    "A page titled “Page not found” with a search box.",
    "Bar-Yossef et al., WWW 2004; docs/verdicts.md, Soft 404",
    _soft_404,
    needs=Needs.SUCCESS | Needs.SIGNATURE,
)


def _not_a_pdf(e: Evidence) -> Verdict | None:
    if not facts.is_html_for_pdf(e):
        return None
    match facts.probe_result(e):
        case ProbeResult.SAME:
            reason = "answers HTML where a PDF was, as a path that cannot exist does"
            return Verdict(State.GONE, "not-a-pdf", reason, Confidence.CERTAIN, "find the document's new address")
        case ProbeResult.NOT_FOUND:
            return None  # GitHub, archives and wikis show a PDF inside an HTML page
        case _:
            flags = {Flag.SUSPECT: "answers HTML where a PDF is linked"}
            return Verdict(State.OK, "not-a-pdf", wording.status(e.looks[-1]), Confidence.LIKELY, flags=flags)


NOT_A_PDF = Rule(
    "not-a-pdf",
    (State.GONE, State.OK),
    "A link to a PDF answers with an HTML page: gone where a path that cannot exist gives the same page, and "
    "nothing to say where that path answers 404 (GitHub shows PDFs in a page of its own).",
    "The document is no longer there, but the server does not say so.",
    "/paper.pdf answers with the department's start page.",
    "docs/verdicts.md, Redirects",
    _not_a_pdf,
    needs=Needs.SUCCESS,
    flag=Flag.SUSPECT,
)
