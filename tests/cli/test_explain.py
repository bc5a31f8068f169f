"""`linkcheck explain`: the chain from the requests to the verdict, and the rules in words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from linkcheck.cli import explain
from linkcheck.contracts import Rule
from linkcheck.judge import Policy, documentation, judge, order
from linkcheck.model import State
from tests.answers import NOW, checked
from tests.conftest import Program
from tests.judge.rows import ROWS
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
    assert "soft-404: gone (certain)" in out
    assert "moved-permanently: not tried any more" in out
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


def names_listed(out: str) -> list[str]:
    """The names of the rules, in the order in which a URL's explanation lists them."""
    _, _, rest = out.partition("\nRules, in order\n")
    return re.findall(r"^  ([a-z0-9-]+): ", rest.partition("\n\n")[0], re.MULTILINE)


def test_the_rules_that_a_url_is_asked_are_those_that_can_be_explained(web: Web, linkcheck: Program) -> None:
    web.on("a.test", "/", b.page())
    names = names_listed(linkcheck("explain", "https://a.test/").stdout)
    assert names == [rule.name for rule in order.rules()]
    assert linkcheck("explain", names[-1]).stdout == documentation.text(order.by_name()[names[-1]])


def test_what_earlier_runs_have_changed_is_explained() -> None:
    e = ROWS["failing-since"]
    verdict = judge(e, NOW, Policy(timedelta(days=1))).verdict
    told = list(explain.lines(checked(verdict=verdict), e, [], None))
    assert "  http-gone: silent" in told
    assert "  http-not-found: dead (likely), HTTP 404 twice, seconds apart and asked in two ways" in told
    assert "  http-ok: not tried any more" in told
    assert any(line.startswith("  failing-since: unreachable (likely), failing since today: ") for line in told)
    assert "  unreachable-for-long: silent" in told


def test_a_rule_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: object) -> None:
        raise KeyError("evil")

    rules = (*order.BUILT_IN[:3], Rule("extra", (State.OK,), "x", check=failing), *order.BUILT_IN[3:])
    monkeypatch.setattr(order, "rules", lambda: rules)
    told = list(explain.lines(checked(rule="internal-error"), ROWS["http-ok"], [], None))
    (line,) = [one for one in told if "extra" in one]
    assert line.startswith("  extra: failed, KeyError: 'evil' (")


def test_the_entry_that_lets_a_link_fail_is_named(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/404", b.page(status=404))
    (tmp_path / "linkcheck.toml").write_text('[[ignore]]\nhost = "a.test"\nreason = "old"\n', encoding="utf-8")
    assert "\n  ignored by linkcheck.toml, ignore 1: old\n" in linkcheck("explain", url).stdout
    other = web.on("b.test", "/404", b.page(status=404))
    assert "ignored by" not in linkcheck("explain", other).stdout
