"""Reported false verdicts of other tools (data/verdict/status_lies.tsv), rebuilt in the small internet.

Each scenario is what the report says the server did. Where a page was good before somebody took the
domain, a first run sees it good, as a list's history would have.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import LINKCHECK
from tests.web import Web, environment
from tests.web import behaviours as b
from tests.web.behaviours import Behaviour
from tests.web.reading_list import oembed, watch

WORDS = "A tool that tells you when a page has changed, with mail and a feed, free for a few pages a day. " * 4
GOOD = f"<html lang=en><title>ChangeDetect, page monitoring</title><h1>ChangeDetect</h1><p>{WORDS}"
CHALLENGE = b.page("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", status=403)
NOT_BY_HEAD = b.head_lies(404, b.page(GOOD))


@dataclass(frozen=True)
class Lie:
    """`then` is what the page was in an earlier run, `now` what it is."""

    name: str
    is_alive: bool
    now: Behaviour
    then: Behaviour | None = None
    path: str = "/some/page"
    url: str = ""
    others: Behaviour | None = None
    tls: str = ""
    dns: str = ""


@dataclass(frozen=True)
class Outcome:
    name: str
    is_alive: bool
    state: str

    @property
    def is_failing(self) -> bool:
        return self.state in ("dead", "gone", "invalid")


def other(title: str, words: str, language: str) -> Behaviour:
    return b.page(f"<html lang={language}><title>{title}</title><h1>{title}</h1><p>{words * 12}")


SHELL = b.page('<title>X</title><div id="root"></div><script src="/app.js"></script>')
SOFT = b.page("<title>Page not found</title><h1>Page not found</h1><p>We could not find what you were looking for.")
FOR_SALE = b.page("<title>argos-osint.com</title><p>This domain is for sale! Buy it now.<script src=sedoParkingUrl>")
PARKED = b.page('<script>window.location.href="/lander"</script>')
CASINO = other("Situs Slot Gacor dan Togel", "Main slot setiap hari dan menang. ", "id")
STREAMS = other("Xoilac TV trực tiếp bóng đá", "Xem bóng đá trực tiếp hôm nay miễn phí. ", "vi")
BETTING = other("Betting odds and casino bonus", "Compare the odds of every match of the league. ", "en")
ACADEMIC = other("Department of Soil Physics", "We measure how water moves through the ground. ", "en")
PRODUCT = other("Bluegrass, data analysis", "Ask your data a question in plain words. ", "en")

LIES = (
    # -- really alive --------------------------------------------------------------------------
    Lie("HEAD refused with 405", True, b.head_lies(405, b.page(GOOD))),
    Lie("403 by Cloudflare's challenge", True, CHALLENGE),
    Lie("hang-up, then fine", True, b.in_turn(b.reset, b.page(GOOD))),
    Lie("silently dropped for bots", True, b.slow(60, b.page(GOOD))),
    Lie("404 without Accept: text/html", True, b.by_header("accept", "text/html", b.page(GOOD), b.answer(404))),
    Lie("403 of a publisher", True, b.page("<title>Access Denied</title>", status=403)),
    Lie("503 while under attack", True, b.page("<title>Just a moment...</title>", status=503)),
    Lie("403 for data centres", True, b.answer(403)),
    Lie("a login that loops without cookies", True,
        b.by_header("cookie", "a=1", b.page(GOOD), b.redirect(302, "/some/page", ("Set-Cookie", "a=1")))),
    Lie("999", True, b.answer(999)),
    Lie("400 without a known User-Agent", True, b.answer(400)),
    Lie("anti-scraping 403", True, b.page("<title>JavaScript is not available.</title>", status=403)),
    Lie("the words 'Video unavailable' in a live page", True,
        b.page(f"<title>A talk</title><script>'Video unavailable'</script><p>{WORDS}")),
    Lie("a home page that every path leads to", True, b.page(GOOD), path="/", others=b.page(GOOD)),
    Lie("401", True, b.answer(401)),
    Lie("202 and a script", True, b.page("<script src=x.awswaf.com/challenge.js></script>", status=202)),
    Lie("429", True, b.rate_limited(1, "0", b.page(GOOD))),
    Lie("403 by country", True, b.page("<title>403 Forbidden</title>", status=403)),
    Lie("an incomplete chain", True, b.page(GOOD), tls="unknown-issuer"),
    Lie("500 and a bad certificate", True, b.answer(500), tls="unknown-issuer"),
    Lie("HEAD 404, GET 200", True, NOT_BY_HEAD),
    Lie("426 to a strange header", True, b.answer(426)),
    Lie("the first look 404, the second 200", True, b.in_turn(b.answer(404), b.page(GOOD))),
    Lie("name servers in trouble", True, b.page(GOOD), dns="servfail"),
    Lie("a wall that comes and goes", True, b.answer(403), then=b.page(GOOD)),
    Lie("502, then fine", True, b.in_turn(b.answer(502), b.page(GOOD))),
    Lie("an anchor that a script makes", True, b.page(GOOD)),
    Lie("a parenthesis in the path", True, b.page(GOOD), path="/wiki/Cohesion_(computer_science)"),
    Lie("a colon in the path", True, b.page(GOOD), path="/index.php/Something:Here"),
    Lie("404 today, good last week", True, b.answer(404), then=b.page(GOOD)),
    # -- really dead ---------------------------------------------------------------------------
    Lie("404 in a browser too", False, b.answer(404)),
    Lie("a DOI behind arXiv's prefix", False, b.answer(404), path="/abs/https://doi.org/10.1038/x"),
    Lie("any handle answers 200", False, SHELL, others=SHELL),
    Lie("a removed video", False, b.page(), url="https://www.youtube.com/watch?v=zzzzzzzzzzz"),
    Lie("a removed video by short link", False, b.page(), url="https://youtu.be/zzzzzzzzzz1"),
    Lie("a visual 404 with HTTP 200", False, SOFT, others=SOFT),
    Lie("redirect to /closed", False, b.redirect(302, "/closed"), others=b.page(GOOD)),
    Lie("for sale at Sedo", False, FOR_SALE),
    Lie("redirect to gambling", False, b.redirect(301, "https://casino.test/"), then=b.page(GOOD)),
    Lie("redirect to pirate streams", False, b.redirect(301, "https://streams.test/"), then=b.page(GOOD)),
    Lie("for sale, without a mark of a company", False,
        b.page("<title>newspapers.test</title><h1>newspapers.test</h1><p>This domain is for sale.")),
    Lie("sold, an unrelated product", False, PRODUCT, then=b.page(GOOD)),
    Lie("hijacked by a betting site", False, BETTING, then=b.page(GOOD)),
    Lie("hijacked by an academic site", False, ACADEMIC, then=b.page(GOOD)),
    Lie("GoDaddy parking", False, PARKED),
    Lie("301 to a general page", False, b.redirect(301, "/help"), path="/saphelp/x/y/page.html",
        others=b.redirect(301, "/help")),
    Lie("redirect to an error page", False, b.redirect(302, "/System/Error"), others=b.page(GOOD)),
)  # fmt: skip


def lies(folder: Path) -> list[Outcome]:
    """Every scenario and what the installed program says of it; those with a past are run twice."""
    with Web() as web:
        links = {lie: _build(web, lie, at) for at, lie in enumerate(LIES)}
        web.on("www.youtube.com", "/oembed", oembed((), ("", "", "")))
        web.on("www.youtube.com", "/watch", watch(()))
        web.on("casino.test", "/", CASINO)
        web.on("streams.test", "/", STREAMS)
        for at, lie in enumerate(LIES):
            if lie.then:
                web.on(f"h{at}.test", lie.path, lie.then)
        _run(web, folder, [link for lie, link in links.items() if lie.then])
        for at, lie in enumerate(LIES):
            web.on(f"h{at}.test", lie.path, lie.now)
        found = _run(web, folder, list(links.values()))
    return [Outcome(lie.name, lie.is_alive, found[link]) for lie, link in links.items()]


def _build(web: Web, lie: Lie, at: int) -> str:
    host = f"h{at}.test"
    if lie.others:
        web.on(host, "*", lie.others)
    if lie.others and lie.now is not lie.others:
        web.on(host, "/help", b.page(GOOD))
    if lie.tls:
        web.tls[host] = lie.tls
    link = web.on(host, lie.path, lie.now)
    if lie.dns:
        web.names[host] = lie.dns
    return lie.url or link


def _run(web: Web, folder: Path, links: list[str]) -> dict[str, str]:
    (folder / "l.md").write_text("".join(f"- [link](<{link}>)\n" for link in links))
    command = [
        LINKCHECK, "run", "l.md", "--format", "json", *web.flags, "--memory", str(folder), "--max-age", "0",
        "--timeout", "4", "--attempts", "2", "--second-look", "0.5",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, env=environment(web, LINKCHECK_NO_MEMORY="false"), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return {link["url"]: link["state"] for link in json.loads(done.stdout)["links"]}
