"""Hosts that speak for the network: what one of them says is about itself, what all say is about us."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Outcome, Victim
from tests.web import Web
from tests.web import behaviours as b
from tests.web.behaviours import Behaviour

CANARY = "<title>Example Domain</title>"  # as the web of the tests has it
PORTAL = b.page("<title>Welcome to the network</title><h1>Log in</h1>")


def evil(web: Web, number: int, behave: Behaviour, host: str = "evil.test") -> list[str]:
    """`number` links to one host."""
    return [web.on(host, f"/{n}", behave) for n in range(number)]


def domains(web: Web, number: int, behave: Behaviour) -> list[str]:
    """One link to each of `number` hosts that have nothing to do with each other, by their names."""
    return [web.on(f"site-{n}.test", "/page", behave) for n in range(number)]


def alone(victim: Victim, *urls: str) -> Outcome:
    """A run over a list of these `urls` only."""
    (victim.folder / "l.md").write_text("".join(f"- <{url}>\n" for url in urls), encoding="utf-8")
    flags = (*victim.web.flags, "--no-files", "--attempts", "1", "--timeout", "3", "--second-look", "0.2")
    return victim.call("run", "l.md", *flags)


@pytest.fixture(params=["a canary that answers", "no canary"])
def canary(request: pytest.FixtureRequest, victim: Victim) -> None:
    if request.param == "no canary":
        victim.web.names["example.com"] = "servfail"


def slow_honest(victim: Victim) -> None:
    """Let the honest links be the last to answer: the first sign of life is another's."""
    for host in ("first.honest.test", "second.honest.test"):
        victim.web.on(host, "/", b.slow(0.7, b.page(f"<title>{host}</title>")))


FAST = ("--attempts", "1", "--timeout", "5")


@pytest.mark.usefixtures("canary")
@pytest.mark.parametrize("hosts", ["one host", "many sub-domains", "many domains"])
def test_hosts_that_ask_for_a_network_login_speak_for_themselves(victim: Victim, hosts: str) -> None:
    slow_honest(victim)
    login = b.answer(511)
    urls = {
        "one host": lambda: evil(victim.web, 50, login),
        "many sub-domains": lambda: [victim.web.on(f"s{n}.evil.test", "/", login) for n in range(30)],
        "many domains": lambda: domains(victim.web, 12, login),
    }[hosts]()
    urls.append(victim.web.on("evil.test", "/first", b.in_turn(b.page(), login)))  # its own canary, in former days
    found = victim.run(*urls, flags=FAST)
    assert {found.links[url] for url in urls[:-1]} == {("unreachable", "http-server-error")}


@pytest.mark.usefixtures("canary")
def test_a_list_of_one_host_that_asks_for_a_network_login_is_judged(victim: Victim) -> None:
    first = victim.web.on("evil.test", "/first", b.in_turn(b.page(), b.answer(511)))
    done = alone(victim, first, *evil(victim.web, 5, b.answer(511)))
    assert (done.code, done.stdout.splitlines()[-1]) == (0, "6 links: 5 unreachable, 1 ok")


@pytest.mark.usefixtures("canary")
def test_sites_that_all_send_the_canarys_page_are_no_network_login(victim: Victim) -> None:
    slow_honest(victim)
    urls = domains(victim.web, 20, b.page(CANARY))
    found = victim.run(*urls, flags=FAST)
    assert {found.links[url] for url in urls} == {("ok", "http-ok")}


@pytest.mark.usefixtures("canary")
@pytest.mark.parametrize("way", ["names", "redirects"])
def test_dead_names_and_a_host_that_falls_silent_are_no_outage(victim: Victim, way: str) -> None:
    slow_honest(victim)
    first = victim.web.on("evil.test", "/first", b.in_turn(b.page(), b.slow(60, b.page())))
    names = [f"https://no-such-{n}.test/" for n in range(15)]
    if way == "redirects":
        names = [victim.web.on("evil.test", f"/{n}", b.redirect(302, url)) for n, url in enumerate(names)]
    found = victim.run(first, *names, flags=FAST)
    assert {found.links[url] for url in names} == {("dead", "no-such-host")}


@pytest.mark.parametrize("number", [6, 20])
@pytest.mark.parametrize("kind", ["511", "one page", "redirects to one page"])
def test_what_every_host_says_is_about_our_network(victim: Victim, kind: str, number: int) -> None:
    victim.web.on("portal.test", "/login", PORTAL)
    behave = {
        "511": b.answer(511), "one page": PORTAL, "redirects to one page": b.redirect(302, "https://portal.test/login"),
    }[kind]  # fmt: skip
    victim.web.on("example.com", "/", behave)
    done = alone(victim, *domains(victim.web, number, behave))
    assert (done.code, done.stdout) == (3, "")
    assert "network login" in done.stderr
