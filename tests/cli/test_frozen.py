"""Runs that look at few links or none: what the history and the memory know is told, and what they do not know is said."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_memory import OTHER, PAGE, REMEMBER, age, forget
from tests.cli.test_memory import run as run_json
from tests.cli.test_run import write
from tests.conftest import LINKCHECK, Program
from tests.web import Web, environment
from tests.web import behaviours as b

RICH = (
    "<html lang=en><head><title>Planes | The site</title><meta property=og:site_name content='The site'>"
    "<meta name=author content='Ann Lee'><meta property=article:published_time content=2020-05-17>"
    f"<meta property=og:description content='Of wood, 語 and stones.'></head><body><p>{'Iron, stone and a flat sole. ' * 12}"
)


def history(folder: Path) -> bytes:
    return (folder / "reports" / "history.jsonl").read_bytes()


def several(web: Web) -> list[str]:
    """A link in each state, and the odd ones."""
    web.names["silent.test"] = "servfail"
    return [
        web.on("a.test", "/rich", b.page(RICH, ("ETag", '"1"'))), web.on("a.test", "/moved", b.redirect(301, "/rich")),
        web.on("a.test", "/404", b.answer(404)), web.on("a.test", "/410", b.answer(410)), web.on("a.test", "/500", b.answer(500)),
        web.on("a.test", "/403", b.page(status=403)), web.on("a.test", "/pdf.pdf", b.page(PAGE)), "https://no-such.test/",
        web.on("b.test", "/soft", b.page("<title>Page not found</title><p>Sorry.")), "https://silent.test/", "http:/a.test/x",
    ]  # fmt: skip


def told(links: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {
        url: (one["state"], one["rule"], one["flags"], one["title"], one["metadata"], one["final_url"])
        for url, one in links.items()
    }


# -- a lock file ---------------------------------------------------------------------------------


def test_two_runs_of_the_same_web_write_the_same_bytes(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *several(web))
    flags = ("--max-age", "0", "--attempts", "1")
    run_json(linkcheck, tmp_path, *flags)
    before = history(tmp_path)
    asked = len(web.log)
    run_json(linkcheck, tmp_path, *flags)
    assert len(web.log) > asked
    assert history(tmp_path) == before
    forget(tmp_path)  # another machine, with the history alone
    run_json(linkcheck, tmp_path, *flags)
    assert history(tmp_path) == before
    (tmp_path / "reports" / "history.jsonl").unlink()  # and one without it
    forget(tmp_path)
    run_json(linkcheck, tmp_path, *flags)
    assert [line.partition(b',"at"')[0] for line in history(tmp_path).splitlines()] == [
        line.partition(b',"at"')[0] for line in before.splitlines()
    ]


def test_a_changed_title_changes_one_line(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *several(web))
    run_json(linkcheck, tmp_path, "--max-age", "0", "--attempts", "1")
    before = history(tmp_path).splitlines()
    web.on("a.test", "/pdf.pdf", b.page(PAGE.replace("sharpen", "set")))
    run_json(linkcheck, tmp_path, "--max-age", "0", "--attempts", "1")
    changed = [line for line in history(tmp_path).splitlines() if line not in before]
    assert len(changed) == 1
    assert b'"title":"How to set a plane"' in changed[0]


def test_a_new_runner_says_the_same(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Verdicts, flags, metadata and the enriched list."""
    write(tmp_path, *several(web))
    flags = ("--attempts", "1", "--confirm", "now")
    _, first = run_json(linkcheck, tmp_path, *flags)
    reports = yaml.safe_load((tmp_path / "reports" / "l.yaml").read_text())
    forget(tmp_path)
    asked = len(web.log)
    _, frozen = run_json(linkcheck, tmp_path, *flags, "--frozen")
    assert len(web.log) == asked
    assert told(frozen) == told(first)
    again = yaml.safe_load((tmp_path / "reports" / "l.yaml").read_text())
    for one in (*reports["references"], *again["references"]):
        one["custom"].pop("reason")  # how often it was asked is not kept
    assert again == reports


# -- frozen --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "hook"])
def test_frozen_asks_nobody(web: Web, linkcheck: Program, tmp_path: Path, command: str) -> None:
    write(tmp_path, web.on("a.test", "/ok", b.page(PAGE)), web.on("a.test", "/dead", b.answer(410)))
    run_json(linkcheck, tmp_path)
    age(tmp_path, 400)
    before, asked = history(tmp_path), len(web.log)
    write(tmp_path, "https://a.test/ok", "https://a.test/dead", "https://new.test/")
    memory = ("--frozen", "--memory", str(tmp_path / "memory"))
    done = linkcheck(command, "l.md", *memory, "--second-look", "5", **REMEMBER, PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not {"httpx", "asyncio", "aiodns", "ssl"} & loaded
    assert done.returncode == 1
    assert "dead[http-gone] https://a.test/dead" in done.stdout
    assert "new.test" not in done.stdout
    assert len(web.log) == asked
    assert history(tmp_path) == before
    if command == "hook":
        assert "linkcheck: https://a.test/dead was looked at on " in done.stderr
        assert "linkcheck: 1 link was not looked at: neither the memory nor the history knows it" in done.stderr
    strict = linkcheck(command, "l.md", *memory, "--strict", **REMEMBER)
    assert strict.returncode == 1
    assert "l.md:5:8: unknown[unknown-link] https://new.test/: nothing is known of it" in strict.stdout


def test_frozen_is_green_where_nothing_is_known_to_be_dead(linkcheck: Program, web: Web, tmp_path: Path) -> None:
    write(tmp_path, "https://new.test/", "https://new.test/b")
    memory = ("--frozen", "--memory", str(tmp_path / "memory"))
    for command in ("run", "hook"):
        assert linkcheck(command, "l.md", *memory, **REMEMBER).returncode == 0
        assert linkcheck(command, "l.md", *memory, "--strict", **REMEMBER).returncode == 1
    done = linkcheck("run", "l.md", *memory, "--format", "json", **REMEMBER)
    assert [(one["state"], one["rule"]) for one in json.loads(done.stdout)["links"]] == [
        ("skipped", "unknown-link")
    ] * 2
    assert done.stderr == "linkcheck: 2 links were not looked at: neither the memory nor the history knows them\n"
    assert web.log == []


@pytest.mark.parametrize(
    ("flags", "both"),
    [
        (("--no-memory",), "--frozen and --no-memory"),
        (("--record", "x.warc.gz"), "--frozen and --record"),
        (("--refresh-oldest", "3"), "--frozen and --refresh-oldest"),
    ],
)
def test_what_contradicts_it_is_an_error(linkcheck: Program, tmp_path: Path, flags: tuple[str, ...], both: str) -> None:
    write(tmp_path, "https://a.test/")
    done = linkcheck("run", "l.md", "--frozen", *flags, LINKCHECK_NO_MEMORY="false")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error: {both} contradict each other" in done.stderr
    assert not (tmp_path / "x.warc.gz").exists()


# -- the oldest ----------------------------------------------------------------------------------


def test_daily_runs_share_the_load(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Each run looks at two links more, with nothing but the history; what failed is looked at in every run."""
    good = [web.on(f"h{n}.test", "/", b.page(PAGE)) for n in range(3)]
    write(tmp_path, *good, web.on("a.test", "/dead", b.answer(410)))
    asked = list[int]()
    for _ in range(4):
        before = {url: len(web.asked(url[8:-1])) for url in good}, len(web.asked("a.test"))
        code, links = run_json(linkcheck, tmp_path, "--refresh-oldest", "2")
        asked.append(sum(len(web.asked(url[8:-1])) - number for url, number in before[0].items()))
        states = sorted(one["rule"] for one in links.values())
        age(tmp_path, 1)
    assert asked == [2, 1, 2, 2]
    assert code == 1
    assert states == ["http-gone", *["http-ok"] * 3]
    assert [len(web.asked(url[8:-1])) for url in good] == [3, 2, 2]
    assert len(web.asked("a.test")) == 3  # it was the last of those that were not known


# -- the hook ------------------------------------------------------------------------------------


def hook(linkcheck: Program, folder: Path, *flags: str) -> Any:
    return linkcheck("hook", "l.md", "--memory", str(folder / "memory"), *flags, **REMEMBER)


def test_the_hook_reads_the_committed_history_and_never_writes_it(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/ok", b.page(PAGE)))
    run_json(linkcheck, tmp_path)
    forget(tmp_path)
    before = history(tmp_path)
    write(tmp_path, "https://a.test/ok", web.on("b.test", "/", b.page(PAGE)))
    assert hook(linkcheck, tmp_path).returncode == 0
    assert (len(web.asked("a.test")), len(web.asked("b.test"))) == (1, 1)
    assert history(tmp_path) == before
    (tmp_path / "reports").rename(tmp_path / "other")
    forget(tmp_path)
    assert hook(linkcheck, tmp_path, "--reports", "other").returncode == 0
    assert (len(web.asked("a.test")), len(web.asked("b.test"))) == (1, 2)


def test_a_history_out_of_the_repository_is_not_read(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    write(tmp_path, web.on("a.test", "/ok", b.page(PAGE)))
    run_json(linkcheck, tmp_path)
    forget(tmp_path)
    (folder / ".git").mkdir(parents=True)
    write(folder, "https://a.test/ok")
    (folder / "linkcheck.toml").write_text('reports = "../reports"\n')
    done = subprocess.run(
        [LINKCHECK, "hook", *web.flags, "--memory", str(tmp_path / "memory"), "l.md"], cwd=folder,
        env=environment(web, **REMEMBER), check=False, capture_output=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b"")
    assert len(web.asked("a.test")) == 2


@pytest.mark.parametrize(("timeout", "number"), [("3", 1), ("1", 5)])
def test_a_silent_host_costs_the_budget_once(
    web: Web, linkcheck: Program, tmp_path: Path, timeout: str, number: int
) -> None:
    """Whether the budget (2 s) or the time-out comes first, and for links that waited for the others of their host."""
    urls = [web.on("slow.test", f"/{n}", b.slow(60, b.page())) for n in range(number)]
    write(tmp_path, *urls, web.on("a.test", "/ok", b.page(PAGE)))
    flags = ("--budget", "2", "--timeout", timeout, "--attempts", "1")
    assert hook(linkcheck, tmp_path, *flags).returncode == 0
    asked = len(web.asked("slow.test"))
    done = hook(linkcheck, tmp_path, *flags)
    assert (done.returncode, done.stdout) == (0, "")
    assert len(web.asked("slow.test")) == asked
    assert "unreachable or blocked when last looked at" in done.stderr
    for url in urls:
        web.on("slow.test", url[len("https://slow.test") :], b.page(PAGE))
    _, links = run_json(linkcheck, tmp_path)  # asks each time
    assert {one["state"] for one in links.values()} == {"ok"}


def test_what_was_dead_a_moment_ago_is_asked_for_again(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/dead", b.answer(404)))
    assert hook(linkcheck, tmp_path).returncode == 1
    done = hook(linkcheck, tmp_path)
    assert done.returncode == 1
    assert "dead[http-not-found] https://a.test/dead" in done.stdout
    assert len(web.asked("a.test")) == 4
    web.on("a.test", "/dead", b.page(OTHER))
    done = hook(linkcheck, tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
