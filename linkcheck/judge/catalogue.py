"""What each rule does, why, an example and its source: for `linkcheck explain RULE` and docs/rules.md."""

from __future__ import annotations

from typing import NamedTuple

from linkcheck.judge.rules import FAULT_MESSAGES
from linkcheck.model import Fault


class Entry(NamedTuple):
    """One rule. `gives` names the states it leads to."""

    name: str
    gives: str
    what: str
    why: str
    example: str
    source: str


_DESIGN = "design/verdicts.md"
_RULES = (
    Entry(
        "site-denies",
        "gone",
        "The site's own API or its page's data say that the item is not there.",
        "A deleted video answers HTTP 200 on its page; only the site knows.",
        "A watch page whose oEmbed answers 404 and whose playabilityStatus is ERROR.",
        "YouTube oEmbed and watch page, recorded 2026-11; " + _DESIGN + " 10",
    ),
    Entry(
        "site-restricts",
        "restricted",
        "The site says that the item is there, but not for everybody.",
        "A private video is not a dead one.",
        "A video whose owner made it private.",
        "YouTube oEmbed 403 and playabilityStatus LOGIN_REQUIRED",
    ),
    Entry(
        "withdrawn",
        "gone",
        "The work was withdrawn and this form of it is no longer served, by two looks.",
        "arXiv keeps the entry of a withdrawn paper but answers 404 for its PDF.",
        "https://arxiv.org/pdf/… of a paper whose last version says it was withdrawn.",
        "arXiv help, Withdrawing",
    ),
    Entry(
        "site-confirms",
        "ok",
        "The site's API lists the item.",
        "Its word is better than its page's, which may be a screen, a consent page or too slow.",
        "A paper that the arXiv API lists.",
        _DESIGN + " 10",
    ),
    Entry(
        "bot-screen",
        "blocked",
        "A screen for bots answered in place of the page: a challenge, a captcha, a refusal by a firewall.",
        "It tells nothing of the page; tools that call it broken are wrong nine times in ten.",
        "HTTP 403 with `cf-mitigated: challenge`, or a page titled “Just a moment...”.",
        "public-api-lists#649; linkcheck/page/signatures.tsv has a source a row",
    ),
    Entry(
        "consent-page",
        "blocked",
        "A page that asks for consent stands before the content.",
        "It tells nothing of what lies behind.",
        "A redirect to consent.google.com.",
        "linkcheck/page/signatures.tsv",
    ),
    Entry(
        "parked-domain",
        "gone",
        "The domain is parked or for sale: a parking company's page answers.",
        "It answers 200 for every path, so other tools pass it.",
        "A page with Sedo's parking script and hardly any text.",
        "jivoi/awesome-osint#1126; Vissers et al., NDSS 2015; linkcheck/page/signatures.tsv",
    ),
    Entry(
        "suspended-site",
        "gone, dead",
        "The host shows the page of a suspended account.",
        "The content is not there, whatever the status says.",
        "“This Account has been suspended.” at /cgi-sys/suspendedpage.cgi.",
        "14 recorded pages; linkcheck/page/signatures.tsv",
    ),
    Entry(
        "placeholder-page",
        "gone, dead",
        "A server's or control panel's default page answers.",
        "Nobody's content is there.",
        "“Default Web Site Page” of cPanel, “Welcome to nginx!”.",
        "linkcheck/page/signatures.tsv",
    ),
    Entry(
        "platform-missing",
        "gone, dead",
        "The platform says in its own words that the site or the item does not exist.",
        "The words are made by the platform's program for this one case, so they are certain.",
        "“There isn't a GitHub Pages site here.”, `NoSuchBucket`.",
        "EdOverflow/can-i-take-over-xyz; baddns; linkcheck/page/signatures.tsv",
    ),
    Entry(
        "soft-404",
        "gone",
        "HTTP 200 for a page whose title or heading says not found, with little text and no mark of an article; "
        "certain where a path that cannot exist gives the same page, and overruled where that path answers 404.",
        "A quarter of dead pages answer 200. Words alone are likely at most: articles are written about 404 pages.",
        "A page titled “Page not found” with a search box.",
        "Bar-Yossef et al., WWW 2004; " + _DESIGN + " 7",
    ),
    Entry(
        "sent-to-error-page",
        "gone",
        "A redirect ends at an address that says that nothing was found.",
        "The site answers 200 there, but a reader gets no content.",
        "A redirect from /jobs/29682 to /404 or /closed.",
        "notes/verdicts.md, status_lies: secure.collage.co",
    ),
    Entry(
        "sent-home",
        "gone, ok (suspect)",
        "A deep link redirects to the home page or a section above it: gone where a path that cannot exist does too.",
        "Many sites send every dead path home; but one page may have been merged into the home page on purpose.",
        "/2014/some-post redirects to /.",
        "Google Search Central, soft 404; " + _DESIGN + " 8",
    ),
    Entry(
        "not-a-pdf",
        "gone, ok (suspect)",
        "A link to a PDF answers with an HTML page: gone where a path that cannot exist gives the same page, and "
        "nothing to say where that path answers 404 (GitHub shows PDFs in a page of its own).",
        "The document is no longer there, but the server does not say so.",
        "/paper.pdf answers with the department's start page.",
        _DESIGN + " 7",
    ),
    Entry(
        "hijacked",
        "gone",
        "Title and text have nothing in common with the page that was good, and it is in another language or sells "
        "gambling.",
        "Domains that run out are bought for their links; the new page answers 200.",
        "A blog on woodwork that is now a slot machine site.",
        "jivoi/awesome-osint#1126 (11 hijacked or parked entries, all 200)",
    ),
    Entry(
        "internal-error",
        "unreachable",
        "Our own program failed on what the page, its server or the list sent. The reason says how and where.",
        "It says nothing of the link. Nothing of it is remembered, so the link is looked at again in the next run. "
        "Please report it, with a recording (`--record FILE`).",
        "A page that no reader of ours was ready for.",
        "docs/security.md",
    ),
    Entry(
        "no-such-host",
        "dead",
        "The name does not exist, or has no address, by two queries, while other names resolve.",
        "A resolver that fails must not kill links: SERVFAIL and time-outs are `unreachable`.",
        "NXDOMAIN for the host of a site that was given up.",
        "RFC 8020; RFC 2308 §2.2",
    ),
    Entry(
        "rate-limited",
        "blocked",
        "The host asked us to wait longer than a run lasts, or went on limiting the rate.",
        "That is about our requests, not about the page.",
        "HTTP 429 with `Retry-After: 3600`.",
        "RFC 6585 §4; RFC 9110 §10.2.3",
    ),
    Entry(
        "address-not-public",
        "unreachable",
        "The name leads to an address of a private network, or the port is that of another protocol, so nothing was "
        "connected to; nor was a proxy asked.",
        "A list must not be able to make us ask the network we run in. `--allow-private` allows it.",
        "http://169.254.169.254/",
        "IANA special-purpose registries; WHATWG Fetch, port blocking",
    ),
    Entry(
        "http-gone",
        "dead",
        "HTTP 410: the server says that it is gone on purpose.",
        "No server says so by accident.",
        "410 for a removed article.",
        "RFC 9110 §15.5.11",
    ),
    Entry(
        "http-not-found",
        "dead",
        "HTTP 404 to two looks, seconds apart, over fresh connections and asked in two ways.",
        "Some servers answer 404 to what is no browser, and 200 to the second look.",
        "404 and 404.",
        "RFC 9110 §15.5.5; " + _DESIGN + " 1",
    ),
    Entry(
        "unconfirmed",
        "unreachable",
        "HTTP 404 once, and the second look could not be had or did not agree.",
        "Dead takes two looks.",
        "404, and then a time-out.",
        _DESIGN + " 1",
    ),
    Entry(
        "http-restricted",
        "restricted",
        "401, 402 or 451: it wants a login, money, or another country.",
        "It exists.",
        "HTTP 451 with a reason.",
        "RFC 9110 §15.5.2-3; RFC 7725",
    ),
    Entry(
        "http-refused",
        "blocked",
        "403, 418 or 999: the server refuses to answer us.",
        "A refusal says nothing of the page; it is never argued with.",
        "HTTP 999 of LinkedIn.",
        "RFC 9110 §15.5.4",
    ),
    Entry(
        "http-server-error",
        "unreachable",
        "5xx, 408, 421 or 425, asked several times.",
        "The server is in trouble; that is never dead in one run.",
        "HTTP 503.",
        "RFC 9110 §15.6",
    ),
    Entry(
        "http-unexplained",
        "unreachable",
        "Another status that says more of our request than of the page.",
        "400 or 406 are answers to how we asked.",
        "HTTP 406.",
        "RFC 9110 §15.5",
    ),
    Entry(
        "login-wall",
        "restricted",
        "A page that wants a login answers, at the link itself or at the end of a redirect.",
        "It exists, but not for everybody.",
        "A redirect to /login?next=…",
        _DESIGN + " 8",
    ),
    Entry(
        "moved-permanently",
        "moved",
        "Every redirect on the way is permanent (301, 308), and the page at the end is there.",
        "The list should follow before the old address dies. Links of doi.org and other resolvers are kept.",
        "301 from http:// to https://.",
        "RFC 9110 §15.4.2, §15.4.9",
    ),
    Entry(
        "http-ok",
        "ok",
        "2xx: a person who clicks gets something.",
        "",
        "HTTP 200.",
        "RFC 9110 §15.3",
    ),
    Entry(
        "failing-since",
        "unreachable",
        "It was good in an earlier run and fails now, on evidence that is not certain: it fails a run only when it is "
        "still so after `--confirm` (24 h).",
        "Of links that answer 404 once, some are back the next day.",
        "404 twice today, 200 last week.",
        "pywikibot weblinkchecker; Nyayachavadi et al., IMC 2022",
    ),
    Entry(
        "unreachable-for-long",
        "unreachable",
        "Unreachable in three runs or more, over a week or more.",
        "Still no proof from one place on the network, so it is said and fails nothing.",
        "Time-outs on three Mondays.",
        "felladrin/uo-is-not-dead#158; " + _DESIGN + " 3",
    ),
    Entry(
        "malformed-link",
        "invalid",
        "The link cannot work as it is written; with what was probably meant.",
        "It is never fetched.",
        "[t](http://https://example.com)",
        "CommonMark 0.31; WHATWG URL",
    ),
    Entry("excluded", "skipped", "Left out by --include or --exclude.", "", "", ""),
    Entry("unused-definition", "skipped", "A reference definition that no link uses.", "", "[a]: https://…", ""),
    Entry("empty-link", "skipped", "A link without a URL.", "Valid, and the place of a link to come.", "[paper]()", ""),
    Entry("in-page-link", "skipped", "A link within the page.", "", "#contents", ""),
    Entry("mail-address", "skipped", "A mail address.", "", "mailto:a@example.com", ""),
    Entry("other-scheme", "skipped", "Another scheme than http and https.", "", "ftp://…", ""),
    Entry("relative-link", "skipped", "A link to a file beside the list.", "", "docs/a.md", ""),
    Entry(
        "not-looked-at",
        "skipped",
        "The run ended before this link was looked at, or our own network was away.",
        "",
        "",
        "",
    ),
)
_FAULTS = tuple(
    Entry(
        fault.value,
        "unreachable",
        f"No HTTP answer: {FAULT_MESSAGES.get(fault, 'no secure connection could be made')}.",
        "Trouble on the way proves nothing in one run: 26 of 26 time-outs of one peer's run were alive.",
        "",
        "emmabostian/developer-portfolios#4099; " + _DESIGN + " 3",
    )
    for fault in Fault
    if fault not in (Fault.ADDRESS_NOT_PUBLIC, Fault.HELD_BACK, Fault.INTERNAL_ERROR)
)
CATALOGUE = {entry.name: entry for entry in (*_RULES, *_FAULTS)}


def text(entry: Entry) -> str:
    """One rule for a terminal."""
    lines = [f"{entry.name} → {entry.gives}", "", entry.what]
    lines += [entry.why] if entry.why else []
    lines += [f"Example: {entry.example}"] if entry.example else []
    lines += [f"Source:  {entry.source}"] if entry.source else []
    return "\n".join(lines) + "\n"


def page() -> str:
    """docs/rules.md."""
    lines = [
        "# Rules",
        "",
        "Every verdict names the rule that spoke. The rules are asked in a fixed order, the first that speaks decides.",
        "`linkcheck explain RULE` prints the same. (Made by `python -m tests.test_docs`; do not edit.)",
    ]
    for entry in CATALOGUE.values():
        lines += ["", f"## {entry.name}", "", f"→ **{entry.gives}**. {entry.what} {entry.why}".rstrip()]
        lines += ["", f"Example: {entry.example}"] if entry.example else []
        lines += ["", f"Source: {entry.source}"] if entry.source else []
    return "\n".join(lines) + "\n"
