"""What a second run knows of the first: with real files, processes and signals."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_run import write
from tests.conftest import LINKCHECK, Program
from tests.web import Web, environment
from tests.web import behaviours as b

REMEMBER = {"LINKCHECK_NO_MEMORY": "false"}
PAGE = "<html lang=en><title>How to sharpen a plane</title><p>" + "Iron, stone, water and a flat sole. " * 12
OTHER = (
    "<html lang=id><title>Situs slot gacor</title><p>" + "Daftar sekarang dan menang setiap hari bersama kami. " * 12
)


def run(linkcheck: Program, folder: Path, *flags: str) -> tuple[int, dict[str, Any]]:
    """One run that uses_memory: its exit code and the links by URL."""
    memory = ("--memory", str(folder / "memory"))
    done = linkcheck("run", "l.md", "--format", "json", *memory, *flags, **REMEMBER)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, {link["url"]: link for link in json.loads(done.stdout)["links"]}


def age(folder: Path, days: float) -> None:
    """Let `days` go by since everything that the history says; the working memory is gone."""
    forget(folder)
    path = folder / "reports" / "history.jsonl"

    def earlier(found: re.Match[str]) -> str:
        at = datetime.fromisoformat(found[1]) - timedelta(days=days)
        return f'"{at.date()}"' if len(found[1]) == 10 else f'"{at:%Y-%m-%dT%H:%M:%SZ}"'

    path.write_text(re.sub(r'"(\d{4}-\d\d-\d\d(?:T[^"]+Z)?)"', earlier, path.read_text()))


def forget(folder: Path) -> None:
    """Only the history is left, as on a new runner."""
    for file in (folder / "memory").glob("*"):
        file.unlink()


def test_a_good_link_is_not_asked_again_and_the_reports_stay_as_they_are(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    write(tmp_path, web.on("a.test", "/good", b.page(PAGE)), web.on("a.test", "/bad", b.answer(404)))
    assert run(linkcheck, tmp_path)[0] == 1
    first = {path.name: path.read_text() for path in (tmp_path / "reports").iterdir()}
    code, links = run(linkcheck, tmp_path)
    second = {path.name: path.read_text() for path in (tmp_path / "reports").iterdir()}
    assert code == 1
    assert len(web.asked("a.test", "/good")) == 1
    assert len(web.asked("a.test", "/bad")) == 4
    assert links["https://a.test/good"]["title"] == "How to sharpen a plane"
    assert links["https://a.test/bad"]["change"] == "still-failing"
    assert second["l.yaml"] == first["l.yaml"]
    assert set(second) == {"l.yaml", "l.md", "history.jsonl"}
    urls = [json.loads(line)["url"] for line in second["history.jsonl"].splitlines()[1:]]
    assert urls == sorted(urls)


def test_a_forged_history_adds_no_header_to_a_request(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE, ("ETag", '"1"'))))
    run(linkcheck, tmp_path)
    age(tmp_path, 30)
    path = tmp_path / "reports" / "history.jsonl"
    at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    look = {"at": at, "outcome": 200, "final_url": "https://a.test/x", "etag": '"1"\r\nX-Forged: yes'}
    forged = {"url": "https://a.test/x", "at": at, "evidence": {"url": "https://a.test/x", "looks": [look]}}
    path.write_text(json.dumps(forged))  # the form of the version before: this one keeps no validators
    run(linkcheck, tmp_path)
    _, second = web.asked("a.test", "/x")
    assert "x-forged" not in second.headers
    assert "if-none-match" not in second.headers


@pytest.mark.parametrize("command", ["hook", "run"])
def test_where_all_is_known_no_network_library_is_loaded(
    web: Web, linkcheck: Program, tmp_path: Path, command: str
) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    no_coverage = {"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""}  # it loads some of them itself
    told = {**REMEMBER, **no_coverage, "PYTHONPROFILEIMPORTTIME": "1"}
    first, second = (linkcheck(command, "l.md", "--memory", str(tmp_path / "m"), **told) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    heavy = {"httpx", "asyncio", "uvloop", "tenacity", "aiodns", "selectolax"}
    slow = {"yaml", "publicsuffixlist", "dataclasses", "inspect"}  # 5 to 20 ms each
    loaded = [{line.rpartition("|")[2].strip() for line in done.stderr.splitlines()} for done in (first, second)]
    assert heavy <= loaded[0]
    assert not (heavy | slow) & loaded[1]
    assert len(web.asked("a.test")) == 1


def test_what_is_asked_again_is_asked_whether_it_changed(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    first = b.page(PAGE, ("ETag", '"1"'))
    write(tmp_path, web.on("a.test", "/x", b.by_header("if-none-match", '"1"', b.answer(304), first)))
    for _ in range(3):
        _, links = run(linkcheck, tmp_path, "--max-age", "0")
        found = links["https://a.test/x"]
        assert (found["state"], found["status"], found["title"]) == ("ok", 200, "How to sharpen a plane")
    assert [r.headers.get("if-none-match") for r in web.asked("a.test", "/x")] == [None, '"1"', '"1"']


def test_one_bad_answer_does_not_condemn_what_was_good(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/x", b.page(PAGE))
    write(tmp_path, url)
    assert run(linkcheck, tmp_path)[0] == 0
    age(tmp_path, 9)
    web.on("a.test", "/x", b.answer(404))
    code, links = run(linkcheck, tmp_path)
    assert (code, links[url]["state"], links[url]["rule"]) == (0, "unreachable", "failing-since")
    assert "failing since today" in links[url]["reason"]
    assert run(linkcheck, tmp_path)[0] == 0
    assert run(linkcheck, tmp_path, "--confirm", "now")[0] == 1
    age(tmp_path, 1.1)
    code, links = run(linkcheck, tmp_path)
    assert (code, links[url]["state"], links[url]["change"]) == (1, "dead", "still-failing")
    assert "failing since" in (tmp_path / "reports" / "l.md").read_text()
    web.on("a.test", "/x", b.page(PAGE))
    code, links = run(linkcheck, tmp_path)
    assert (code, links[url]["state"], links[url]["change"]) == (0, "ok", "recovered")
    assert "## Recovered" in (tmp_path / "reports" / "l.md").read_text()


def test_what_is_certain_fails_at_once(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/x", b.page(PAGE))
    write(tmp_path, url)
    run(linkcheck, tmp_path)
    age(tmp_path, 9)
    web.on("a.test", "/x", b.answer(410))
    code, links = run(linkcheck, tmp_path)
    assert (code, links[url]["state"], links[url]["change"]) == (1, "dead", "newly-failing")


def test_a_page_that_was_swapped_is_gone(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url, moved_on = web.on("a.test", "/x", b.page(PAGE)), web.on("b.test", "/x", b.page(PAGE))
    write(tmp_path, url, moved_on)
    run(linkcheck, tmp_path)
    age(tmp_path, 9)
    web.on("a.test", "/x", b.page(OTHER))
    web.on("b.test", "/x", b.page(OTHER.replace("lang=id", "lang=en").replace("slot gacor", "kami")))
    _, links = run(linkcheck, tmp_path, "--confirm", "now")
    assert (links[url]["state"], links[url]["rule"]) == ("gone", "hijacked")
    assert "How to sharpen a plane" in links[url]["reason"]
    assert links[moved_on]["state"] == "ok"
    assert "drifted" in links[moved_on]["flags"]


def test_unreachable_for_long_is_said(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/x", b.answer(500))
    write(tmp_path, url)
    for days in (4, 4):
        code, links = run(linkcheck, tmp_path, "--attempts", "1")
        assert (code, links[url]["rule"]) == (0, "http-server-error")
        age(tmp_path, days)
    code, links = run(linkcheck, tmp_path, "--attempts", "1")
    assert (code, links[url]["state"], links[url]["rule"]) == (0, "unreachable", "unreachable-for-long")


def test_a_killed_run_is_taken_up(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """kill -9 loses nothing that was seen; what was seen is not asked again."""
    seen = [web.on(f"h{n}.test", "/bad" if n % 2 else "/", b.answer(410) if n % 2 else b.page(PAGE)) for n in range(20)]
    write(tmp_path, *seen, web.on("slow.test", "/", b.slow(30, b.page(PAGE))))
    command = [LINKCHECK, "run", "l.md", "--memory", str(tmp_path / "memory"), *web.flags]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(web, **REMEMBER), stdout=subprocess.DEVNULL
    ) as process:
        until = time.monotonic() + 20
        while remembered(tmp_path) < 20 and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert remembered(tmp_path) == 20
    web.on("slow.test", "/", b.page(PAGE))
    _, links = run(linkcheck, tmp_path)
    assert sorted({link["state"] for link in links.values()}) == ["dead", "ok"]
    assert len(links) == 21
    assert all(len(web.asked(f"h{n}.test")) == 1 for n in range(20))
    run(linkcheck, tmp_path)
    assert len(web.asked("h1.test")) == 2  # the run came to its end: what fails is asked every time


def remembered(folder: Path) -> int:
    found = list((folder / "memory").glob("*.sqlite3"))
    try:
        with sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True, timeout=5) as base:
            number = int(
                base.execute(
                    "select count(distinct url) from (select url from facts union select url from journal)"
                ).fetchone()[0]
            )
    except (sqlite3.Error, IndexError):
        return 0
    base.close()
    return number


def test_four_runs_at_once_lose_nothing(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Of four lists, with one folder for reports and one for what is remembered."""
    for part in range(4):
        links = [web.on(f"h{part}-{n}.test", f"/{n}", b.slow(0.05, b.page(PAGE))) for n in range(25)]
        (tmp_path / f"l{part}.md").write_text("".join(f"- [x]({link})\n" for link in links))
    flags = ("--memory", str(tmp_path / "memory"), *web.flags)
    all_four = [
        subprocess.Popen([LINKCHECK, "run", f"l{part}.md", *flags], cwd=tmp_path, env=environment(web, **REMEMBER))
        for part in range(4)
    ]
    assert [process.wait(timeout=60) for process in all_four] == [0] * 4
    assert remembered(tmp_path) == 100
    assert len((tmp_path / "reports" / "history.jsonl").read_text().splitlines()) == 101
    assert {path.suffix for path in (tmp_path / "reports").iterdir()} == {".md", ".yaml", ".jsonl"}


@pytest.mark.parametrize("content", [b"not a database at all, but text" * 50, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_corrupt_memory_is_named_and_put_aside(web: Web, linkcheck: Program, tmp_path: Path, content: bytes) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    run(linkcheck, tmp_path)
    (file,) = (tmp_path / "memory").glob("*.sqlite3")
    file.write_bytes(content)
    done = linkcheck("run", "l.md", "--memory", str(tmp_path / "memory"), **REMEMBER)
    assert done.returncode == 0
    assert "warning: " in done.stderr
    assert "put aside as" in done.stderr
    (aside,) = (tmp_path / "memory").glob("*.corrupt-*")
    assert aside.read_bytes()[:16] == content[:16]
    assert "warning" not in linkcheck("run", "l.md", "--memory", str(tmp_path / "memory"), **REMEMBER).stderr


def test_a_corrupt_line_of_history_is_named_and_put_aside(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)), web.on("a.test", "/y", b.page(PAGE)))
    run(linkcheck, tmp_path)
    for file in (tmp_path / "memory").glob("*"):
        file.unlink()
    path = tmp_path / "reports" / "history.jsonl"
    head, first, second = path.read_text().splitlines()
    path.write_text("\n".join([head, first[:40], second, '{"url": 7}', ""]))
    done = linkcheck("run", "l.md", "--memory", str(tmp_path / "memory"), **REMEMBER)
    assert done.returncode == 0
    assert "history.jsonl:2: " in done.stderr
    assert "history.jsonl:4: " in done.stderr
    assert path.with_name("history.jsonl.corrupt").read_text() == f'{first[:40]}\n{{"url": 7}}\n'
    assert len(path.read_text().splitlines()) == 3
    assert [len(web.asked("a.test", name)) for name in ("/x", "/y")] == [2, 1]


def test_a_corrupt_line_of_history_is_put_aside_once(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    """Runs that do not write the history leave it where it is."""
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    run(linkcheck, tmp_path)
    path = tmp_path / "reports" / "history.jsonl"
    path.write_text(path.read_text() + "[" * 100_000 + "\n")
    memory = ("--memory", str(tmp_path / "memory"))
    web.names.update({"a.test": "servfail", "example.com": "servfail"})
    sick = linkcheck("run", "l.md", *memory, "--max-age", "0", **REMEMBER)
    web.names.clear()
    web.on("a.test", "/x", b.page(PAGE))
    known = linkcheck("run", "l.md", *memory, **REMEMBER)  # all is known: there is nothing to write
    assert [sick.returncode, known.returncode] == [3, 0]
    for done in (sick, known):
        assert done.stderr.count("history.jsonl:3: no history record") == 1
    assert linkcheck("run", "l.md", "--no-files", *memory, **REMEMBER).stderr == ""
    assert not (tmp_path / "reports" / "history.jsonl.corrupt").exists()
    for _ in range(2):
        linkcheck("run", "l.md", *memory, "--max-age", "0", **REMEMBER)
    assert (tmp_path / "reports" / "history.jsonl.corrupt").read_text() == "[" * 100_000 + "\n"
    assert linkcheck("run", "l.md", *memory, **REMEMBER).stderr == ""


def test_a_history_of_a_newer_version_is_left_as_it_is(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    (tmp_path / "reports").mkdir()
    path = tmp_path / "reports" / "history.jsonl"
    path.write_text('{"schema": "linkcheck-history/3"}\n{"u": "https://a.test/x"}\n')
    before = path.read_text()
    done = linkcheck("run", "l.md", "--memory", str(tmp_path / "memory"), **REMEMBER)
    assert done.returncode == 0
    assert "history.jsonl:1: not read: unsupported schema version 'linkcheck-history/3'" in done.stderr
    assert "history.jsonl:1: not written: " in done.stderr
    assert path.read_text() == before
    assert {one.name for one in (tmp_path / "reports").iterdir()} == {"history.jsonl", "l.md", "l.yaml"}


def test_an_answer_that_nothing_changed_to_a_question_that_was_not_asked(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    """A page of which only its site's word is known has no look that could have stayed the same."""
    url = web.on("a.test", "/x", b.answer(304))
    write(tmp_path, url)
    (tmp_path / "reports").mkdir()
    at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    forged = {"url": url, "at": at, "evidence": {"url": url, "site": {"presence": "present"}}}
    (tmp_path / "reports" / "history.jsonl").write_text(json.dumps(forged) + "\n")
    code, links = run(linkcheck, tmp_path)
    assert (code, links[url]["status"]) == (0, 304)


def test_a_corrupt_fact_is_named_and_asked_again(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    linkcheck("run", "l.md", "--no-files", "--memory", str(tmp_path / "memory"), **REMEMBER)
    (file,) = (tmp_path / "memory").glob("*.sqlite3")
    with sqlite3.connect(file) as base:
        base.execute("update facts set fact = '{}'")
    base.close()
    done = linkcheck("run", "l.md", "--no-files", "--memory", str(tmp_path / "memory"), **REMEMBER)
    assert "no valid fact about https://a.test/x" in done.stderr
    assert len(web.asked("a.test", "/x")) == 2


def test_a_network_outage_leaves_the_memory_as_it_is(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    url = web.on("a.test", "/x", b.page(PAGE))
    write(tmp_path, url)
    run(linkcheck, tmp_path)
    before = (tmp_path / "reports" / "history.jsonl").read_text()
    web.names.update({"a.test": "servfail", "example.com": "servfail"})
    memory = ("--memory", str(tmp_path / "memory"))
    write(tmp_path, url, "https://b.test/")
    assert linkcheck("run", "l.md", *memory, "--max-age", "0", "--timeout", "3", **REMEMBER).returncode == 3
    assert (tmp_path / "reports" / "history.jsonl").read_text() == before
    web.names.clear()
    web.on("b.test", "/", b.page(PAGE))
    web.on("a.test", "/y", b.page(PAGE))
    _, links = run(linkcheck, tmp_path)
    assert {link["state"] for link in links.values()} == {"ok"}  # nothing of the sick run was believed


def test_the_hook_decides_at_once(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    memory = ("--memory", str(tmp_path / "memory"))
    assert linkcheck("hook", "l.md", *memory, **REMEMBER).returncode == 0
    web.on("a.test", "/x", b.answer(404))
    assert linkcheck("hook", "l.md", *memory, **REMEMBER).returncode == 0  # fresh: not asked
    assert linkcheck("hook", "l.md", *memory, "--max-age", "0", **REMEMBER).returncode == 1


def test_a_folder_that_cannot_be_made_costs_only_the_memory(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page(PAGE)))
    (tmp_path / "file").write_text("")
    done = linkcheck("run", "l.md", "--memory", str(tmp_path / "file" / "x"), **REMEMBER)
    assert done.returncode == 0
    assert "no memory of earlier runs" in done.stderr


def test_half_a_character_in_a_title_ends_no_run(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    headline = r'{"@type": "Article", "headline": "a \ud800 tale", "author": "Ann\u2028Lee"}'
    page = b.page(f'<script type="application/ld+json">{headline}</script><p>Words.', ("ETag", '"a\x85b"'))
    write(tmp_path, web.on("a.test", "/x", page), web.on("b.test", "/x", page))
    for _ in range(2):
        code, links = run(linkcheck, tmp_path)
        assert (code, len(links)) == (0, 2)
    for file in (tmp_path / "memory").glob("*"):
        file.unlink()
    done = linkcheck("run", "l.md", "--memory", str(tmp_path / "memory"), **REMEMBER)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(web.asked("a.test")) == 1
