"""`linkcheck explain`: the chain from the requests to the verdict, and the rules in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linkcheck.judge import catalogue
from tests.conftest import Program
from tests.shared import ROOT
from tests.web import Web
from tests.web import behaviours as b


def test_a_url_is_explained_from_its_requests_to_its_verdict(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "*", b.page("<title>Page not found</title><p>Sorry."))
    web.on("a.test", "/old/page", b.redirect(302, "/new/page", ("Server", "nginx")))
    done = linkcheck("explain", "https://a.test/old/page")
    assert done.returncode == 1, done.stderr
    out = done.stdout
    assert "GET https://a.test/old/page" in out
    assert "HTTP 302 in " in out
    assert "location: /new/page" in out
    assert "server: nginx" in out
    assert re.search(r"GET https://a\.test/old/[a-z]{16}\n", out)  # the sibling that cannot exist
    assert "likely not-found: the page says 'Page not found' and little else" in out
    assert "http-not-found: silent" in out
    assert "soft-not-found: gone (certain)" in out
    assert "moved: not asked any more" in out
    assert "Verdict: gone (certain), by rule soft-404" in out
    assert "History\n  none" in out


def test_what_is_known_from_earlier_is_told(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "/x", b.page())
    memory = ("--memory", str(tmp_path / "m"))
    for _ in range(2):
        done = linkcheck("explain", "a.test/x", *memory, LINKCHECK_NO_MEMORY="false")
        assert done.returncode == 0, done.stderr
    assert re.search(r"History\n  \d{4}-\d\d-\d\d \d\d:\d\d  200  ok\n  good on ", done.stdout)
    assert len(web.asked("a.test", "/x")) == 2


def test_a_fault_is_explained_too(web: Web, linkcheck: Program) -> None:
    web.names["gone.test"] = "nxdomain"
    web.on("a.test", "/", b.page())
    out = linkcheck("explain", "https://gone.test/").stdout
    assert "dns-nxdomain in " in out


def test_an_item_that_its_site_knows(web: Web, linkcheck: Program) -> None:
    from tests.web.reading_list import stand_in

    stand_in(web)
    out = linkcheck("explain", "https://arxiv.org/abs/1706.03762").stdout
    assert "known to arxiv 1706.03762" in out
    assert "site-confirms: ok (certain)" in out


@pytest.mark.parametrize("url", ["http://https://a.test", "mailto:a@b.test/x"])
def test_what_is_not_looked_at(linkcheck: Program, url: str) -> None:
    out = linkcheck("explain", url).stdout
    assert "Requests\n  none" in out
    assert "Verdict: " in out


def test_a_rule_is_explained(linkcheck: Program) -> None:
    done = linkcheck("explain", "http-gone")
    assert done.stdout.startswith("http-gone → dead\n")
    assert "RFC 9110 §15.5.11" in done.stdout


def test_a_name_that_is_nothing(linkcheck: Program) -> None:
    done = linkcheck("explain", "http-gon")
    assert done.returncode == 2
    assert "did you mean http-gone?" in done.stderr
    assert "docs/rules.md" in linkcheck("explain", "xyzzy").stderr


def test_no_network_is_said(web: Web, linkcheck: Program) -> None:
    web.names.update({"a.test": "servfail", "example.com": "servfail"})
    assert linkcheck("explain", "https://a.test/").returncode == 3


def test_every_rule_that_a_verdict_can_name_is_in_the_catalogue() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "linkcheck").rglob("*.py"))
    named = set(re.findall(r'(?:Verdict|Unchecked)\(\s*(?:link, )?State\.[A-Z]+,\s*"([a-z0-9-]+)"', source))
    named |= set(re.findall(r'rule="([a-z0-9-]+)"', source))
    named |= set(re.findall(r'SignKind\.[A-Z]+: \("([a-z-]+)"', source)) | {"bot-screen", "consent-page"}
    assert len(named) > 35
    assert named <= set(catalogue.CATALOGUE)
    assert all(entry.what and entry.gives for entry in catalogue.CATALOGUE.values())


def test_the_page_of_rules_is_current() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == catalogue.page()
