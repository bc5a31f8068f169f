"""`linkcheck run` from the outside: the installed command against the small internet."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.conftest import LINKCHECK, Program
from tests.web import Web, environment
from tests.web import behaviours as b


def write(folder: Path, *urls: str, name: str = "l.md") -> Path:
    path = folder / name
    path.write_text(
        "# Links\n\n" + "".join(f"- [T{n}]({url}) - words\n" for n, url in enumerate(urls)), encoding="utf-8"
    )
    return path


def verdicts(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, str]]:
    """URL → (state, rule) of what --format json printed."""
    return {link["url"]: (link["state"], link["rule"]) for link in json.loads(done.stdout)["links"]}


def run_json(linkcheck: Program, folder: Path, *urls: str, flags: tuple[str, ...] = ()) -> dict[str, tuple[str, str]]:
    write(folder, *urls)
    done = linkcheck("run", "l.md", "--no-files", "--format", "json", *flags)
    assert done.returncode in (0, 1), done.stderr
    return verdicts(done)


# -- every behaviour and its verdict ---------------------------------------------------------


def test_what_is_alive_is_never_called_dead(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    gone = b.page("<title>gone</title>", status=404)
    alive = {
        "plain": b.page(), "head": b.head_lies(404, b.page()), "flaky": b.in_turn(b.answer(503), b.page()),
        "second": b.in_turn(gone, b.page()), "browser": b.by_header("user-agent", "Mozilla", b.page(), gone),
        "cut": b.cut(), "endless": b.endless(), "gzip": b.gzipped(), "limited": b.rate_limited(1, "0", b.page()),
        "cookie": b.by_header("cookie", "a=1", b.page(), b.redirect(302, "/cookie", ("Set-Cookie", "a=1"))),
        "once-reset": b.in_turn(b.reset, b.page()), "temporary": b.redirect(302, "/plain"), "empty": b.answer(204),
    }  # fmt: skip
    urls = [web.on("a.test", f"/{name}", behaviour) for name, behaviour in alive.items()]
    assert run_json(linkcheck, tmp_path, *urls) == dict.fromkeys(urls, ("ok", "http-ok"))


def test_what_is_not_there_is_dead_or_gone(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "/", b.page())
    web.names["nodata.test"] = "nodata"
    missing, gone = web.on("a.test", "/404", b.page("no", status=404)), web.on("a.test", "/410", b.answer(410))
    found = run_json(
        linkcheck, tmp_path, "https://a.test/", missing, gone, "https://no-such.test/", "https://nodata.test/"
    )
    assert found == {
        "https://a.test/": ("ok", "http-ok"),
        missing: ("dead", "http-not-found"),
        gone: ("dead", "http-gone"),
        "https://no-such.test/": ("dead", "no-such-host"),
        "https://nodata.test/": ("dead", "no-such-host"),
    }
    first, second = web.asked("a.test", "/404")
    assert first.connection != second.connection
    assert first.headers["user-agent"] != second.headers["user-agent"]
    assert all("linkcheck" in r.headers["user-agent"] and r.method == "GET" for r in web.log)
    assert len(web.asked("a.test", "/410")) == 1


def test_what_nobody_can_know_is_not_judged(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("fine.test", "/", b.page())
    for kind in ("servfail", "refused", "silent"):
        web.names[f"{kind}.test"] = kind
    web.tls["tls.test"] = "refuses"
    web.on("tls.test", "/", b.page())
    expected = {
        "https://fine.test/": ("ok", "http-ok"),
        web.on("x.test", "/403", b.page(status=403)): ("blocked", "http-refused"),
        web.on("x.test", "/401", b.page(status=401)): ("restricted", "http-restricted"),
        web.on("x.test", "/451", b.page(status=451)): ("restricted", "http-restricted"),
        web.on("x.test", "/999", b.page(status=999)): ("blocked", "http-refused"),
        web.on("x.test", "/500", b.page(status=500)): ("unreachable", "http-server-error"),
        web.on("x.test", "/400", b.page(status=400)): ("unreachable", "http-unexplained"),
        web.on("reset.test", "/", b.reset): ("unreachable", "reset"),
        web.on("close.test", "/", b.close): ("unreachable", "closed"),
        web.on("loop.test", "/", b.redirect(302, "/")): ("unreachable", "too-many-redirects"),
        web.on("odd.test", "/", b.redirect(302, "ftp://x/y")): ("unreachable", "bad-redirect"),
        web.on("slow.test", "/", b.slow(30, b.page())): ("unreachable", "read-timeout"),
        "https://servfail.test/": ("unreachable", "dns-servfail"),
        "https://refused.test/": ("unreachable", "dns-servfail"),
        "https://silent.test/": ("unreachable", "dns-timeout"),
    }
    found = run_json(linkcheck, tmp_path, *expected, "https://tls.test/", flags=("--timeout", "2.4", "--attempts", "2"))
    assert found.pop("https://tls.test/")[0] == "unreachable"
    found["https://reset.test/"] = (found["https://reset.test/"][0], "reset")
    assert found == expected


def test_moved_suspect_and_login(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("new.test", "/deep/page", b.page())
    web.on("a.test", "/login", b.page())
    web.on("a.test", "/", b.page())
    expected = {
        web.on("a.test", "/old", b.redirect(301, "https://new.test/deep/page")): ("moved", "moved-permanently"),
        web.on("a.test", "/mixed", b.in_turn(b.redirect(301, "/old2"))): ("ok", "http-ok"),
        web.on("a.test", "/private/x", b.redirect(302, "/login?next=/private/x")): ("restricted", "login-wall"),
        web.on("a.test", "/deep/gone", b.redirect(302, "/")): ("ok", "sent-home"),
        web.on("a.test", "/refresh", b.page('<meta http-equiv=refresh content="0;url=https://new.test/deep/page">')): (
            "ok", "http-ok"),
    }  # fmt: skip
    web.on("a.test", "/old2", b.redirect(307, "https://new.test/deep/page"))
    assert run_json(linkcheck, tmp_path, *expected) == expected


@pytest.mark.parametrize("kind", ["expired", "wrong-host", "self-signed", "unknown-issuer"])
def test_tls_trouble_is_alive_and_flagged(web: Web, linkcheck: Program, tmp_path: Path, kind: str) -> None:
    web.tls["a.test"] = kind
    write(tmp_path, web.on("a.test", "/", b.page()))
    (link,) = json.loads(linkcheck("run", "l.md", "--no-files", "--format", "json").stdout)["links"]
    assert (link["state"], list(link["flags"])) == ("ok", ["insecure"])


def test_a_drip_is_an_answer(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/", b.drip(20, "<title>Slow but there</title>"))
    assert run_json(linkcheck, tmp_path, url, flags=("--timeout", "1")) == {url: ("ok", "http-ok")}


def test_plain_http_and_fragments(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "/x", b.page())
    found = run_json(linkcheck, tmp_path, "http://a.test/x", "http://a.test/x#part", "HTTP://A.TEST/x")
    assert found == {"http://a.test/x": ("ok", "http-ok")}
    assert len(web.asked("a.test")) == 1


def test_urls_are_told_as_the_list_writes_them(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "/", b.page(status=404))
    write(tmp_path, "https://A.test", "https://a.test/#x")
    done = linkcheck("run", "l.md", "--format", "json")
    (found,) = json.loads(done.stdout)["links"]
    assert (found["url"], found["normal"], len(found["locations"])) == ("https://A.test", "https://a.test/", 2)
    lines = linkcheck("run", "l.md").stdout.splitlines()
    assert lines[0].startswith("l.md:3:8: dead[http-not-found] https://A.test: ")
    assert lines[1].startswith("l.md:4:8: dead[http-not-found] https://a.test/#x: ")


# -- politeness ------------------------------------------------------------------------------


def test_a_host_is_asked_by_eight_at_most_and_each_url_once(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on("a.test", f"/{n}", b.slow(0.02, b.page())) for n in range(40)]
    run_json(linkcheck, tmp_path, *urls)
    assert web.most_in_flight["a.test"] <= 8
    assert len(web.asked("a.test")) == 40


def test_a_redirects_target_is_protected_as_any_host(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on(f"from{n}.test", "/x", b.redirect(302, f"https://to.test/{n}")) for n in range(40)]
    for n in range(40):
        web.on("to.test", f"/{n}", b.slow(0.05, b.page()))
    assert set(run_json(linkcheck, tmp_path, *urls).values()) == {("ok", "http-ok")}
    assert web.most_in_flight["to.test"] <= 8
    assert len(web.asked("to.test")) == 40


def test_arxivs_api_is_asked_three_seconds_apart_for_two_hundred_papers_each(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    from tests.web.reading_list import Paper, arxiv_api

    papers = tuple(
        Paper(f"1706.{n:05d}", 1, "2017-06-12", "2017-06-12", f"Paper {n}", ("Ann Lee",), "cs.CL") for n in range(250)
    )
    web.on("export.arxiv.org", "/api/query", arxiv_api(papers))
    found = run_json(linkcheck, tmp_path, *(f"https://arxiv.org/abs/{paper.id}" for paper in papers))
    assert set(found.values()) == {("ok", "site-confirms")}
    first, second = web.asked("export.arxiv.org")
    assert second.at - first.at >= 3.0
    assert web.asked("arxiv.org") == []


def test_an_api_that_fails_leaves_the_page_to_speak(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("export.arxiv.org", "/api/query", b.answer(500))
    there = web.on("arxiv.org", "/abs/1706.03762", b.page("<meta name=citation_title content='Attention'>"))
    missing = web.on("arxiv.org", "/abs/1706.99999", b.page(status=404))
    found = run_json(linkcheck, tmp_path, there, missing, flags=("--attempts", "1"))
    assert found == {there: ("ok", "http-ok"), missing: ("dead", "http-not-found")}


def test_retry_after_holds_the_whole_host(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    first = web.on("a.test", "/0", b.rate_limited(1, "1", b.page()))
    urls = [first, *(web.on("a.test", f"/{n}", b.page()) for n in range(1, 6))]
    assert set(run_json(linkcheck, tmp_path, *urls).values()) == {("ok", "http-ok")}
    times = [r.at for r in web.asked("a.test")]
    assert times[1] - times[0] >= 1.0


def test_a_server_that_always_says_429_ends(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on("a.test", f"/{n}", b.rate_limited(999, "0", b.page())) for n in range(50)]
    assert set(run_json(linkcheck, tmp_path, *urls).values()) == {("blocked", "rate-limited")}
    assert len(web.asked("a.test")) < 30


def test_a_host_that_wants_an_hour_is_left_alone(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on("a.test", f"/{n}", b.rate_limited(999, "3600", b.page())) for n in range(20)]
    assert set(run_json(linkcheck, tmp_path, *urls).values()) == {("blocked", "rate-limited")}
    assert len(web.asked("a.test")) == 2  # the second says that it is the host, not the page


def test_links_that_are_each_limited_once_do_not_make_the_host_crawl(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    """34 took 271 s: each refusal halved the pace."""
    urls = [web.on("a.test", f"/{n}", b.rate_limited(1, "1", b.page())) for n in range(34)]
    started = time.monotonic()
    assert set(run_json(linkcheck, tmp_path, *urls).values()) == {("ok", "http-ok")}
    assert time.monotonic() - started < 40


def test_a_503_among_other_answers_is_a_limit(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    shared = b.leaky(20, b.page())
    urls = [web.on("a.test", f"/{n}", shared) for n in range(60)]
    assert set(run_json(linkcheck, tmp_path, *urls).values()) == {("ok", "http-ok")}


def test_a_page_that_is_always_503_is_a_server_error(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on("a.test", f"/{n}", b.page()) for n in range(10)]
    broken = web.on("a.test", "/broken", b.answer(503))
    found = run_json(linkcheck, tmp_path, *urls[:5], broken, *urls[5:])
    assert found.pop(broken) == ("unreachable", "http-server-error")
    assert set(found.values()) == {("ok", "http-ok")}


def test_a_silent_host_is_given_up(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on("a.test", f"/{n}", b.slow(30, b.page())) for n in range(50)]
    started = time.monotonic()
    found = run_json(linkcheck, tmp_path, *urls, flags=("--timeout", "0.5"))
    assert set(found.values()) == {("unreachable", "read-timeout")}
    assert time.monotonic() - started < 15
    assert len(web.asked("a.test")) <= 8


# -- safety ----------------------------------------------------------------------------------


def test_private_addresses_are_refused_before_connecting(web: Web, tmp_path: Path) -> None:
    web.names["inside.test"] = "10.0.0.1"
    write(tmp_path, f"http://127.0.0.1:{web.http_port}/", f"http://localhost:{web.http_port}/", "https://inside.test/",
          f"http://[::ffff:127.0.0.1]:{web.http_port}/", f"http://2130706433:{web.http_port}/")  # fmt: skip
    command = [LINKCHECK, "run", "l.md", "--no-files", "--format", "json", "--dns", f"127.0.0.1:{web.dns_port}"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(web), capture_output=True, text=True, check=False)
    assert {found[1] for found in verdicts(done).values()} == {"address-not-public"}
    assert done.returncode == 0
    assert web.log == []


def test_a_redirect_into_the_private_network_is_refused(web: Web, tmp_path: Path) -> None:
    web.on("a.test", "/", b.redirect(302, f"http://127.0.0.1:{web.https_port}/secret"))
    write(tmp_path, "https://a.test/")
    command = [
        LINKCHECK,
        "run",
        "l.md",
        "--no-files",
        "--format",
        "json",
        "--connect-to",
        f"a.test:443:127.0.0.1:{web.https_port}",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment(web), capture_output=True, text=True, check=False)
    assert verdicts(done) == {"https://a.test/": ("unreachable", "address-not-public")}
    assert [request.path for request in web.log] == ["/"]


def test_cookies_stay_in_their_chain(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    setting = web.on("a.test", "/set", b.page(b.ARTICLE, ("Set-Cookie", "secret=1; Path=/")))
    other = web.on("a.test", "/other", b.page())
    run_json(linkcheck, tmp_path, setting, other, flags=("--per-host", "1"))
    assert not any("secret" in request.headers.get("cookie", "") for request in web.log)


# -- outputs ---------------------------------------------------------------------------------


@pytest.fixture
def some_links(web: Web, tmp_path: Path) -> Path:
    web.on("a.test", "/404", b.page("no", status=404))
    web.on("a.test", "/new/place", b.page("<title>New</title>"))
    web.on("a.test", "/old/place", b.redirect(301, "/new/place"))
    return write(
        tmp_path, web.on("a.test", "/", b.page("<title>Fine</title>")), "https://a.test/404", "https://a.test/old/place"
    )


def test_the_reports_are_written(linkcheck: Program, some_links: Path, tmp_path: Path) -> None:
    done = linkcheck("run", "l.md")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith("l.md:4:8: dead[http-not-found] https://a.test/404: HTTP 404 twice")
    assert done.stdout.splitlines()[-1] == "3 links: 1 dead, 1 moved, 1 ok"
    assert done.stderr == ""
    enriched = yaml.safe_load((tmp_path / "reports/l.yaml").read_text(encoding="utf-8"))
    assert [r["custom"]["state"] for r in enriched["references"]] == ["ok", "dead", "moved"]
    assert [r["title"] for r in enriched["references"]] == ["Fine", "T1", "New"]
    assert "1 link to fix" in (tmp_path / "reports/l.md").read_text(encoding="utf-8")
    assert sorted(p.name for p in (tmp_path / "reports").iterdir()) == ["l.md", "l.yaml"]


def test_a_second_run_changes_no_byte(linkcheck: Program, some_links: Path, tmp_path: Path) -> None:
    linkcheck("run", "l.md")
    before = {p.name: p.read_bytes() for p in (tmp_path / "reports").iterdir()}
    linkcheck("run", "l.md", "--second-look", "0.9")
    assert {p.name: p.read_bytes() for p in (tmp_path / "reports").iterdir()} == before


def test_json_keeps_the_packaged_schema(linkcheck: Program, some_links: Path) -> None:
    from importlib.resources import files

    schema = json.loads((files("linkcheck.report") / "linkcheck-report-1.schema.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(linkcheck("run", "l.md", "--no-files", "--format", "json").stdout)
    jsonschema.validate(found, schema)
    assert found["summary"]["states"]["dead"] == 1


def test_markdown_can_be_printed(linkcheck: Program, some_links: Path, tmp_path: Path) -> None:
    assert linkcheck("run", "l.md", "--no-files", "--format", "markdown").stdout.startswith("# Links in `l.md`")
    assert not (tmp_path / "reports").exists()


def test_inputs_are_files_folders_globs_and_standard_input(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/", b.page())
    for name in ("one/l.md", "two/l.md", "two/.hidden/x.md", "two/code.py", "three.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        write(tmp_path, url, name=name)
    done = linkcheck("run", "one", "two", "thr*.md", "-", "--format", "json", stdin=f"[x]({url})")
    assert json.loads(done.stdout)["summary"]["inputs"] == ["one/l.md", "two/l.md", "three.md", "<stdin>"]
    assert sorted(p.name for p in (tmp_path / "reports").glob("*.yaml")) == [
        "one-l.yaml",
        "stdin.yaml",
        "three.yaml",
        "two-l.yaml",
    ]
    assert len(web.asked("a.test")) == 1


def test_include_and_exclude(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    urls = [web.on(host, "/", b.page()) for host in ("a.test", "b.test", "c.test")]
    found = run_json(linkcheck, tmp_path, *urls, flags=("--include", r"[ab]\.test", "--exclude", r"^https://b"))
    assert [found[url][0] for url in urls] == ["ok", "skipped", "skipped"]
    assert {r.host for r in web.log} == {"a.test"}


def test_settings_come_from_the_project(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.linkcheck]\nno_files = true\nexclude = ['b']\n")
    urls = [web.on(host, "/", b.page()) for host in ("a.test", "b.test")]
    write(tmp_path, *urls)
    assert linkcheck("run", "l.md").stdout == "2 links: 1 skipped, 1 ok\n"
    assert not (tmp_path / "reports").exists()


# -- no network ------------------------------------------------------------------------------


def test_a_network_outage_judges_nothing(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    write(tmp_path, "https://no-such.test/", "https://neither.test/")
    done = linkcheck("run", "l.md", "--attempts", "1", "--timeout", "3")
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        "no usable network: 2 hosts could not be reached, nor could https://example.com/; nothing was judged"
        in done.stderr
    )
    assert list((tmp_path / "reports").iterdir()) == []
    told = json.loads(linkcheck("run", "l.md", "--attempts", "1", "--timeout", "3", "--format", "json").stdout)
    assert [(one["state"], one["rule"]) for one in told["links"]] == [("skipped", "not-looked-at")] * 2
    assert "could not be reached" in told["summary"]["network"]


def test_what_needs_no_request_is_judged_in_an_outage(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    write(tmp_path, "https://no-such.test/", "missing.md")
    done = linkcheck("run", "l.md", "--attempts", "1", "--timeout", "3")
    assert done.returncode == 3
    assert "l.md:4:8: dead[missing-file] missing.md" in done.stdout
    assert "partial: 1 of 2 links was not checked: no usable network: " in done.stdout
    assert "; only links that need no request were judged\n" in done.stderr
    assert list((tmp_path / "reports").iterdir()) == []


def test_one_dead_name_alone_is_judged_by_the_canary(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    assert run_json(linkcheck, tmp_path, "https://no-such.test/") == {"https://no-such.test/": ("dead", "no-such-host")}


# -- bad input -------------------------------------------------------------------------------


def test_a_missing_file(linkcheck: Program) -> None:
    done = linkcheck("run", "nothing.md")
    assert (done.returncode, done.stderr) == (
        2, "error: no such file\n  --> nothing.md\nhelp: check the path, or quote the glob\n")  # fmt: skip


@pytest.mark.parametrize("given", ["x*.md", "empty"])
def test_nothing_to_read(linkcheck: Program, tmp_path: Path, given: str) -> None:
    (tmp_path / "empty").mkdir()
    assert linkcheck("run", given).returncode == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file(linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path).chmod(0)
    assert "permission denied" in linkcheck("run", "l.md").stderr


def test_a_link_that_cannot_be_asked_for_ends_no_run(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    fine, long = web.on("a.test", "/", b.page()), f"https://a.test/{'x' * 70_000}"
    found = run_json(linkcheck, tmp_path, fine, long)
    assert (found[fine][0], found[long]) == ("ok", ("unreachable", "protocol"))


def test_a_name_that_is_none_ends_no_run_behind_a_proxy(linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, "https://xn--zzzzzzz999999.test/")
    done = linkcheck("run", "l.md", "--attempts", "1", HTTPS_PROXY="http://127.0.0.1:1", NO_PROXY="")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 link: 1 unreachable"), done.stderr


def test_a_proxy_that_cannot_be_used_is_said(linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, "https://a.test/")
    done = linkcheck("run", "l.md", HTTPS_PROXY="gopher://127.0.0.1:1", NO_PROXY="")
    assert (done.returncode, done.stderr.splitlines()[0][:50]) == (
        2,
        "error: the proxy 'gopher://127.0.0.1:1' cannot be ",
    )


def test_an_empty_list_is_fine(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text("# Nothing\n")
    done = linkcheck("run", "l.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 links\n", "no links in l.md\n")


def test_broken_text_is_a_warning(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/", b.page())
    (tmp_path / "l.md").write_bytes(b"---\ntitle: 'x\n---\ncaf\xe9\n\n- [a](" + url.encode() + b")\n")
    done = linkcheck("run", "l.md")
    assert done.returncode == 0
    assert "warning: l.md:1: not UTF-8 (first in line 4)" in done.stderr
    assert "front matter cannot be read" in done.stderr
    assert "front matter" in (tmp_path / "reports/l.md").read_text()


def test_a_reports_folder_that_cannot_be_written_is_said_before_any_request(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    write(tmp_path, web.on("a.test", "/", b.page()))
    (tmp_path / "reports").write_text("a file, no folder")
    done = linkcheck("run", "l.md")
    assert done.returncode == 2
    assert "cannot write reports" in done.stderr
    assert web.log == []


def test_an_unknown_setting(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.linkcheck]\nconcurency = 3\n")
    done = linkcheck("run", "x.md")
    assert done.returncode == 2
    assert "unknown setting 'concurency'" in done.stderr
    assert "help: did you mean 'concurrency'?" in done.stderr


@pytest.mark.parametrize(
    "flags", [("--connect-to", "a:b"), ("--dns", "nowhere"), ("--concurrency", "0"), ("--exclude", "(")]
)
def test_a_wrong_flag(linkcheck: Program, tmp_path: Path, flags: tuple[str, ...]) -> None:
    write(tmp_path, "https://a.test/")
    done = linkcheck("run", "l.md", *flags)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_ten_thousand_links_to_one_host(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "*", b.page())
    write(tmp_path, *(f"https://a.test/{n}" for n in range(10_000)))
    done = linkcheck("run", "l.md", "--no-files", "--per-host", "16", timeout=240)
    assert done.stdout.splitlines()[-1] == "10000 links: 10000 ok"
    assert len(web.asked("a.test")) == 10_000
    assert web.most_in_flight["a.test"] <= 16


# -- a run that ends early -------------------------------------------------------------------


def test_a_budget_ends_the_run(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("fast.test", "/", b.page())
    slow = web.on("slow.test", "/", b.slow(60, b.page()))
    found = run_json(linkcheck, tmp_path, "https://fast.test/", slow, flags=("--budget", "1.5"))
    assert found == {"https://fast.test/": ("ok", "http-ok"), slow: ("skipped", "not-looked-at")}


# -- hosts -----------------------------------------------------------------------------------


def test_a_network_login_in_place_of_the_web(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    login = b.page("<title>Hotel Wi-Fi</title><p>Please accept our terms to use the network.")
    urls = [web.on(f"h{n}.test", f"/{n}", login) for n in range(6)]
    write(tmp_path, *urls)
    assert linkcheck("run", "l.md", "--no-files").returncode == 0  # six sites of one maker; the canary is well
    web.names["example.com"] = "nxdomain"
    assert linkcheck("run", "l.md", "--no-files").returncode == 0  # nobody else to ask, and they did answer
    web.names["example.com"] = "127.0.0.1"
    web.on("example.com", "/", login)
    done = linkcheck("run", "l.md", "--no-files")
    assert done.returncode == 3
    assert "as a network login does" in done.stderr


def test_many_links_of_one_host_that_fail_alike_are_one_line(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(
        tmp_path, *(web.on("a.test", f"/{n}", b.answer(410)) for n in range(6)), web.on("b.test", "/x", b.answer(410))
    )
    done = linkcheck("run", "l.md")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["l.md:3:8: dead[http-gone] a.test (6 links): HTTP 410", "  lines: 3, 4, 5, 6, 7, 8"]
    assert lines[-1] == "7 links: 7 dead"
    report = (tmp_path / "reports" / "l.md").read_text()
    assert "- **dead** 6 links to `a.test`, which all fail alike" in report
    assert report.count("`l.md:") == 7 or report.count("line ") >= 7


def test_fragments_are_looked_for_when_asked(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/x", b.page("<title>Docs</title><h2 id=here>Here</h2><p>" + "Words of a manual. " * 30))
    (tmp_path / "l.md").write_text(f"[a]({url}#here) [b]({url}#gone)\n")
    done = linkcheck("run", "l.md", "--no-files", "--fragments")
    assert done.returncode == 0
    assert "note[no-fragment]" in done.stdout
    assert "the page has no place named #gone" in done.stdout
    assert "no-fragment" not in linkcheck("run", "l.md", "--no-files").stdout


def test_a_soft_404_is_settled_by_one_probe(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    soft = b.page("<title>Page not found</title><h1>Page not found</h1><p>Try the search, or go back to the start.")
    web.on("soft.test", "*", soft)
    web.on("honest.test", "*", b.answer(404))
    urls = [f"https://soft.test/a/{n}" for n in range(4)] + [web.on("honest.test", "/a/404-songs", soft)]
    found = run_json(linkcheck, tmp_path, *urls)
    assert found == dict.fromkeys(urls[:4], ("gone", "soft-404")) | {urls[4]: ("ok", "http-ok")}
    assert len(web.asked("soft.test")) == 5  # four links of one folder, one probe


def test_a_redirect_of_everything_to_the_home_page_is_gone(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("all.test", "*", b.redirect(302, "/"))
    web.on("all.test", "/", b.page())
    web.on("one.test", "*", b.answer(404))
    web.on("one.test", "/", b.page())
    urls = ["https://all.test/old/post", web.on("one.test", "/old/post", b.redirect(302, "/"))]
    found = run_json(linkcheck, tmp_path, *urls)
    assert found == {urls[0]: ("gone", "sent-home"), urls[1]: ("ok", "sent-home")}


def test_a_dead_name_says_whether_its_domain_is_still_there(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(
        tmp_path, web.on("b.test", "/", b.page()), "https://old.b.test/", "https://old.gone.test/", "https://gone.test/"
    )
    out = linkcheck("run", "l.md", "--no-files").stdout
    assert "the name old.b.test does not exist, by two queries; the domain b.test is still there" in out
    assert "the name old.gone.test does not exist, by two queries; the whole domain gone.test is gone" in out
    assert "the name gone.test does not exist, by two queries; the whole domain is gone" in out


def test_a_second_name_server_has_the_last_word_on_a_dead_name(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    with Web() as other:
        other.names.update({"a.test": "127.0.0.1", "b.test": "127.0.0.1"})
        web.on("a.test", "/", b.page())
        web.on("b.test", "/", b.page())
        web.names["a.test"] = "nxdomain"
        write(tmp_path, "https://a.test/", "https://b.test/")
        second = f"127.0.0.1:{other.dns_port}"
        assert linkcheck("run", "l.md", "--no-files", "--second-dns", second).returncode == 0
        assert linkcheck("run", "l.md", "--no-files").returncode == 1
        assert linkcheck("run", "l.md", "--no-files", "--second-dns", "nonsense").returncode == 2


def test_many_malformed_links_of_one_host_keep_their_repairs(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *(f"http://https://a.test/{n}" for n in range(6)))
    done = linkcheck("run", "l.md")
    assert done.returncode == 1
    assert all(f"https://a.test/{n} ?" in done.stdout for n in range(6))
    assert all(f"https://a.test/{n}`" in (tmp_path / "reports" / "l.md").read_text() for n in range(6))
