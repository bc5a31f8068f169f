"""Our own network goes away in the middle of a run: real sockets, a real name server, the installed program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.cli.test_run import verdicts, write
from tests.conftest import LINKCHECK, Program
from tests.web import Outage, Web, environment
from tests.web import behaviours as b

HURRY = ("--timeout", "1.2", "--concurrency", "12", "--attempts", "2")
FOR_EVER = 1e6


def links(web: Web, hosts: int, *, slow_s: float = 0.05) -> list[str]:
    """One link to each of so many hosts that are fine."""
    return [
        web.on(f"h{n}.test", "/x", b.slow(slow_s, b.page(f"<title>Page {n}</title><p>Words {n}"))) for n in range(hosts)
    ]


def run(linkcheck: Program, *flags: str, **more: str) -> subprocess.CompletedProcess[str]:
    return linkcheck("run", "l.md", "--no-files", "--format", "json", *HURRY, *flags, **more)


@pytest.mark.parametrize(("names", "connections"), [("silent", "frozen"), ("nxdomain", "reset")])
def test_what_failed_while_our_network_was_away_is_asked_again(
    web: Web, linkcheck: Program, tmp_path: Path, names: str, connections: str
) -> None:
    urls = links(web, 60)
    write(tmp_path, *urls)
    web.outages(Outage(25, 2.5, names, connections))
    done = run(linkcheck)
    assert verdicts(done) == dict.fromkeys(urls, ("ok", "http-ok"))
    summary = json.loads(done.stdout)["summary"]
    assert (done.returncode, done.stderr, len(summary["outages"])) == (0, "", 1)
    assert 1 < summary["asked_again"] <= 60
    assert len(web.log) < 120


def test_a_network_that_comes_and_goes(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = links(web, 60)
    write(tmp_path, *urls)
    web.outages(Outage(15, 2.0), Outage(40, 2.0, "servfail", "reset"))
    done = run(linkcheck)
    states = [state for state, _ in verdicts(done).values()]
    assert done.returncode == 0
    assert set(states) <= {
        "ok",
        "unreachable",
    }  # on a busy machine a third silence may hit a link: it is asked twice more
    assert states.count("ok") >= 57
    assert len(json.loads(done.stdout)["summary"]["outages"]) == 2


def test_an_outage_at_the_very_end(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Nothing is left to be asked that could show it."""
    fine = web.on("fine.test", "/", b.page())
    write(tmp_path, fine, *links(web, 10, slow_s=0.6))
    web.outages(Outage(11, 2.5, "nxdomain", "reset"))
    done = run(linkcheck)
    assert (done.returncode, set(verdicts(done).values())) == (0, {("ok", "http-ok")})


def test_the_reports_say_when_our_network_was_away(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *links(web, 40))
    web.outages(Outage(20, 2.5))
    done = linkcheck("run", "l.md", *HURRY)
    line = next(line for line in done.stdout.splitlines() if line.startswith("the local network was down from "))
    assert line.endswith("asked again")
    assert f"O{line[1:]}." in (tmp_path / "reports" / "l.md").read_text(encoding="utf-8")


def test_a_network_that_stays_away_ends_the_run_and_what_was_judged_stands(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    gone = web.on("gone.test", "/x", b.answer(410))
    urls = [gone, *links(web, 60)]
    write(tmp_path, *urls)
    web.outages(Outage(25, 7.0, "nxdomain", "reset"))
    remember = ("--memory", str(tmp_path / "memory"))
    first = linkcheck("run", "l.md", "--format", "json", *HURRY, *remember, LINKCHECK_NO_MEMORY="false")
    found, told = verdicts(first), json.loads(first.stdout)
    assert first.returncode == 3
    assert "error: the local network was down from" in first.stderr
    assert found[gone] == ("dead", "http-gone")
    judged = [url for url, verdict in found.items() if verdict == ("ok", "http-ok")]
    left = [url for url, verdict in found.items() if verdict == ("skipped", "not-looked-at")]
    assert len(judged) > 5
    assert len(judged) + len(left) + 1 == len(urls)
    assert {link["reason"] for link in told["links"] if link["url"] in left} == {"the local network was down"}
    assert f"{len(left)} links were not judged" in first.stderr
    assert told["summary"]["outages"][-1]["to"] is None
    assert "not judged" in (tmp_path / "reports" / "l.partial.md").read_text(encoding="utf-8")
    while web.is_away:
        time.sleep(0.1)
    asked = len(web.log)
    second = linkcheck("run", "l.md", "--format", "json", *HURRY, *remember, LINKCHECK_NO_MEMORY="false")
    assert set(verdicts(second).values()) == {("ok", "http-ok"), ("dead", "http-gone")}
    assert {f"https://{r.host}/x" for r in web.log[asked:]} == set(left)  # the rest was taken up


def test_the_hook_does_not_wait_for_a_network(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *links(web, 40))
    web.outages(Outage(20, FOR_EVER, "nxdomain", "reset"))
    started = time.monotonic()
    done = linkcheck("hook", "l.md", "--all", *HURRY)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("linkcheck: the local network was down from")
    assert time.monotonic() - started < 8


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_ends_the_waiting(web: Web, tmp_path: Path) -> None:
    write(tmp_path, *links(web, 40))
    web.outages(Outage(20, FOR_EVER, "nxdomain", "reset"))
    command = [LINKCHECK, "run", "l.md", "--no-files", "--format", "json", *web.flags, "--concurrency", "12"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(web), stdout=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 20
        while not web.is_away and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(2.5)
        assert process.poll() is None  # it would wait for a minute
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=10)
    found = [link["state"] for link in json.loads(stdout)["links"]]
    assert process.returncode == 130
    assert "dead" not in found
    assert "ok" in found


def test_a_budget_ends_the_waiting_and_calls_nothing_dead(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *links(web, 40))
    web.outages(Outage(20, FOR_EVER, "nxdomain", "reset"))
    started = time.monotonic()
    done = run(linkcheck, "--timeout", "20", "--budget", "3")
    assert {state for state, _ in verdicts(done).values()} == {"ok", "skipped"}
    assert time.monotonic() - started < 8


def test_many_dead_links_are_no_outage(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Of all kinds, in a row at the end, when nothing else is left to be asked; nor is one provider's trouble."""
    web.names["example.com"] = "servfail"
    names = [f"https://no{n}.test/" for n in range(12)]
    silent = [web.on(f"silent{n}.test", "/", b.slow(60, b.page())) for n in range(6)]
    silent += [web.on(f"s{n}.provider.test", "/", b.slow(60, b.page())) for n in range(12)]
    resets = [web.on(f"reset{n}.test", "/", b.reset) for n in range(6)]
    write(tmp_path, *links(web, 12), *names, *silent, *resets)
    done = run(linkcheck)
    found, summary = verdicts(done), json.loads(done.stdout)["summary"]
    assert (done.returncode, summary["outages"], summary["asked_again"]) == (1, [], 0)
    assert {found[url] for url in names} == {("dead", "no-such-host")}
    assert {found[url][0] for url in silent + resets} == {"unreachable"}
    assert summary["states"]["ok"] == 12


def test_hosts_that_say_nothing_any_more_are_no_outage(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Whoever writes a list can own all its hosts; the canary is not one of them."""
    once = [
        web.on(f"once{n}.test", "/", b.in_turn(b.page(f"<title>{n}</title>"), b.slow(60, b.page()))) for n in range(9)
    ]
    silent = [web.on(f"silent{n}.test", "/", b.slow(60, b.page())) for n in range(9)]
    write(tmp_path, *once, *silent)
    done = run(linkcheck)
    assert (done.returncode, json.loads(done.stdout)["summary"]["outages"]) == (0, [])
    assert {verdicts(done)[url] for url in silent} == {("unreachable", "read-timeout")}


def test_one_site_that_asks_for_a_network_login_is_no_network_login(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    write(tmp_path, web.on("login.test", "/", b.answer(511)), *(urls := links(web, 3)))
    found = verdicts(run(linkcheck))
    assert (found["https://login.test/"], {found[url] for url in urls}) == (
        ("unreachable", "http-server-error"), {("ok", "http-ok")})  # fmt: skip


def test_a_slow_network_is_no_outage(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = links(web, 24, slow_s=2.0)
    write(tmp_path, *urls, *(f"https://no{n}.test/" for n in range(6)))
    done = run(linkcheck, "--timeout", "8")
    assert json.loads(done.stdout)["summary"]["outages"] == []
    assert {verdicts(done)[url] for url in urls} == {("ok", "http-ok")}


def test_a_replay_knows_of_the_outage(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *links(web, 40), "https://no-such.test/")
    web.outages(Outage(20, 2.5, "nxdomain", "reset"))
    recorded = linkcheck("run", "l.md", "--format", "json", "--record", "run.warc.gz", *HURRY)
    command = [LINKCHECK, "run", "l.md", "--format", "json", "--replay", "run.warc.gz"]
    replayed = subprocess.run(command, cwd=tmp_path, env=environment(web), capture_output=True, text=True, check=False)
    assert json.loads(recorded.stdout)["summary"]["outages"]
    assert replayed.stdout == recorded.stdout


def test_a_replay_knows_what_an_outage_left_unseen(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *links(web, 40))
    web.outages(Outage(20, FOR_EVER))
    recorded = linkcheck("run", "l.md", "--format", "json", "--record", "run.warc.gz", *HURRY)
    command = [LINKCHECK, "run", "l.md", "--format", "json", "--replay", "run.warc.gz"]
    replayed = subprocess.run(command, cwd=tmp_path, env=environment(web), capture_output=True, text=True, check=False)
    assert recorded.returncode == replayed.returncode == 3
    assert replayed.stdout == recorded.stdout
    assert set(verdicts(replayed).values()) == {("ok", "http-ok"), ("skipped", "not-looked-at")}
    schema = json.loads((files("linkcheck.report") / "linkcheck-report-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(recorded.stdout), schema)
